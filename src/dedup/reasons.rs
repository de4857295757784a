//! Why two articles tell one incident, or do not: what the figures on each topic add up to, in French.

use std::collections::BTreeMap;

use super::figures::{
    FIGURES, Figure, Relation, Row, Topic, days_between, event_gap, figures, names_in_text, names_in_title, relation,
};
use super::pair::{Reason, Telling};
use crate::model::fact::grouped;
use crate::model::label::{ArticleKind, AttackType};

/// How many reasons are told.
const MOST: usize = 6;
/// A reason that weighs less is none.
const LIGHTEST: f32 = 0.05;
/// How many figures in common are listed.
const MOST_NUMBERS: usize = 3;

/// The reasons by these weights, the heaviest first.
pub(super) fn reasons(weights: &Row, earlier: &Telling, later: &Telling) -> Vec<Reason> {
    let row = figures(earlier, later);
    let mut by_topic: BTreeMap<Topic, f32> = BTreeMap::new();
    for (((_, _, topic, ..), figure), weight) in FIGURES.iter().zip(row).zip(weights) {
        *by_topic.entry(*topic).or_default() += figure * weight;
    }
    let heavy = by_topic.into_iter().filter(|(_, weight)| weight.abs() >= LIGHTEST);
    let mut reasons: Vec<Reason> = heavy
        .filter_map(|(topic, weight)| {
            let words = words(topic, &row, earlier, later)?;
            Some(Reason { words, weight })
        })
        .collect();
    reasons.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    reasons.truncate(MOST);
    reasons
}

/// What is to be said on a topic.
fn words(topic: Topic, row: &Row, earlier: &Telling, later: &Telling) -> Option<String> {
    let of = |figure: Figure| row[figure as usize];
    let holds = |figure: Figure| of(figure) != 0.0;
    match topic {
        Topic::Base => None,
        Topic::Victims => Some(of_victims(earlier, later)),
        Topic::Words => {
            let (title, text) = (of(Figure::TitleLikeness), of(Figure::TextLikeness));
            let (what, likeness) = if title > text {
                ("titres", title)
            } else {
                ("textes", text)
            };
            Some(format!("{what} proches à {:.0} %", likeness * 100.0))
        }
        Topic::Names => Some("noms rares en commun".to_owned()),
        Topic::Numbers => Some(format!("chiffres en commun : {}", shared_numbers(earlier, later))),
        Topic::Days => Some(match days_between(earlier, later).round() {
            ..1.0 => "le même jour".to_owned(),
            ..2.0 => "un jour entre les articles".to_owned(),
            days => format!("{days} jours entre les articles"),
        }),
        Topic::Outlet => Some(format!("même publication {}", later.article.outlet)),
        Topic::Event => match (earlier.article.says.event, later.article.says.event) {
            (Some(one), Some(other)) => Some(match event_gap(one, other) {
                0 => "même jour d'attaque".to_owned(),
                1 => "attaques à un jour l'une de l'autre".to_owned(),
                gap => format!("attaques à {gap} jours l'une de l'autre"),
            }),
            _ => Some("attaque postérieure à l'autre article".to_owned()),
        },
        Topic::Actor => {
            let (one, other) = (earlier.article.says.actor.as_ref()?, later.article.says.actor.as_ref()?);
            Some(if holds(Figure::SameActor) {
                format!("même auteur {other}")
            } else {
                format!("auteurs différents : {one} et {other}")
            })
        }
        Topic::Types => Some(of_types(&earlier.attacks, &later.attacks, holds(Figure::OnlyOneDdos))),
        Topic::Telling if holds(Figure::Repeat) => Some("racontée comme une nouvelle attaque".to_owned()),
        Topic::Telling if later.article.kind == ArticleKind::Justice => Some("suites judiciaires".to_owned()),
        Topic::Telling => Some("récapitulatif".to_owned()),
        Topic::Place => {
            let (one, other) = (&earlier.article.says, &later.article.says);
            let departements = (one.place.departement.as_ref(), other.place.departement.as_ref());
            let countries = (one.country.as_ref(), other.country.as_ref());
            match (departements, countries) {
                ((Some(one), Some(other)), _) if one != other => {
                    Some(format!("départements différents : {one} et {other}"))
                }
                (_, (Some(one), Some(other))) if one != other => Some(format!("pays différents : {one} et {other}")),
                ((Some(one), Some(_)), _) => Some(format!("même département {one}")),
                _ => Some(format!("même pays {}", countries.0?)),
            }
        }
    }
}

fn of_victims(earlier: &Telling, later: &Telling) -> String {
    let (one, other) = match (earlier.main(), later.main()) {
        (Some(one), Some(other)) => (one, other),
        (None, None) => return "aucune victime nommée".to_owned(),
        (Some(named), None) | (None, Some(named)) => {
            let title = names_in_title(earlier, later) || names_in_title(later, earlier);
            let text = names_in_text(earlier, later) || names_in_text(later, earlier);
            return match (title, text) {
                (true, _) => format!("l'autre titre nomme {}", named.name),
                (_, true) => format!("l'autre texte nomme {}", named.name),
                _ => format!("{} nommée dans un seul des deux", named.name),
            };
        }
    };
    match relation(earlier, later) {
        Relation::Same => format!("même victime {}", other.name),
        Relation::Among => {
            let is_theirs = later.article.says.victims.iter().any(|victim| victim.key == one.key);
            format!("{} parmi les victimes", if is_theirs { &one.name } else { &other.name })
        }
        Relation::Kin => format!("{} et {} vont ensemble", one.name, other.name),
        Relation::NamesAgree => format!("les noms {} et {} concordent", one.name, other.name),
        Relation::Apart | Relation::Unknown => format!("victimes différentes : {} et {}", one.name, other.name),
    }
}

fn of_types(one: &[AttackType], other: &[AttackType], only_one_ddos: bool) -> String {
    let french = |attacks: &[AttackType]| {
        let names: Vec<String> = attacks.iter().map(|attack| attack.french().to_lowercase()).collect();
        names.join(", ")
    };
    match one.iter().find(|attack| other.contains(attack)) {
        Some(shared) => format!("même type d'attaque : {}", shared.french().to_lowercase()),
        None if only_one_ddos => format!("types incompatibles : {} et {}", french(one), french(other)),
        None => format!("types différents : {} et {}", french(one), french(other)),
    }
}

fn shared_numbers(earlier: &Telling, later: &Telling) -> String {
    let theirs = &later.article.imprint.numbers;
    let own = earlier.article.imprint.numbers.iter().rev();
    let shared = own.filter(|number| theirs.binary_search(number).is_ok());
    let listed: Vec<String> = shared
        .take(MOST_NUMBERS)
        .map(|number| grouped(*number as f64))
        .collect();
    listed.join(", ")
}
