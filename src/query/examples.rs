//! A few incidents and questions for the tests of this folder.

use jiff::Timestamp;

use super::parse::{RawFilter, parse};
use super::place::tests::few_places;
use crate::model::analysis::{Analysis, EventDates, Place, Victim};
use crate::model::filter::Filter;
use crate::model::id::ArticleId;
use crate::model::incident::{ArticleRef, Incident, Standing};
use crate::model::label::{ArticleKind, AttackType, Level, Sector, Status};

/// The filter of a command line, at 14:30 in Paris on 25 November 2026. `_` stands for a space
/// inside a value.
pub fn question(line: &str) -> Filter {
    let now: Timestamp = "2026-11-25T13:30:00Z".parse().unwrap();
    let mut raw = RawFilter::default();
    let mut words = line.split_whitespace();
    while let Some(option) = words.next() {
        match option {
            "--active" => {
                raw.active = true;
                continue;
            }
            "--recalled" => {
                raw.recalled = true;
                continue;
            }
            _ => {}
        }
        let value = words.next().expect("every other option has a value").replace('_', " ");
        type_option(&mut raw, option, value);
    }
    parse(&raw, &few_places(), now).unwrap()
}

/// Six incidents: a département and its fire service hit in 2023 with articles up to this month;
/// a Breton town hall without event date; a hospital; a Belgian town; a company of unknown
/// country; and one that only a recap recalls.
pub fn few_incidents() -> Vec<Incident> {
    let mut loiret = incident(
        "loiret",
        vec![
            victim(
                "Département du Loiret",
                Sector::LocalGovernment,
                Some(Level::Departement),
                "Orléans 45234 45 24",
            ),
            victim(
                "SDIS 45",
                Sector::LocalGovernment,
                Some(Level::FireService),
                "- - 45 24",
            ),
        ],
        &[AttackType::Ransomware, AttackType::DataLeak],
        Status::Confirmed,
        &[
            ("a1", "ICI Orléans", "2023-11-06T07:12:00Z"),
            ("a2", "Ici Orléans", "2023-11-07T07:12:00Z"),
            ("a3", "Le Lanceur", "2023-11-15T09:00:00Z"),
            ("a4", "La Gazette", "2026-11-20T09:00:00Z"),
        ],
    );
    loiret.actor = Some("LockBit 3.0, Inconnu".to_owned());
    loiret.event = event("2023-11-04", "2023-11-05");
    let mairie = incident(
        "mairie",
        vec![victim(
            "Mairie de Dinard",
            Sector::LocalGovernment,
            Some(Level::Commune),
            "Dinard 35093 35 53",
        )],
        &[AttackType::Ddos],
        Status::Reported,
        &[("b1", "Le Télégramme", "2026-11-24T22:30:00Z")],
    );
    let mut chu = incident(
        "chu",
        vec![victim("CHU de Rennes", Sector::Health, None, "Rennes 35238 35 53")],
        &[AttackType::Ransomware],
        Status::Confirmed,
        &[("c1", "Ouest-France", "2026-06-22T08:00:00Z")],
    );
    chu.event = event("2026-06-21", "2026-06-21");
    let mut anvers = incident(
        "anvers",
        vec![victim(
            "Ville d'Anvers",
            Sector::LocalGovernment,
            Some(Level::Commune),
            "- - - -",
        )],
        &[AttackType::Undetermined],
        Status::Reported,
        &[("d1", "Le Soir", "2026-10-06T08:00:00Z")],
    );
    anvers.victims[0].country = Some("BE".to_owned());
    let mut societe = incident(
        "societe",
        vec![victim("Société Exemple", Sector::Industry, None, "- - - -")],
        &[AttackType::DataLeak],
        Status::Claimed,
        &[("e1", "Le Lanceur", "2026-05-03T08:00:00Z")],
    );
    societe.victims[0].country = None;
    let mut ancien = incident(
        "ancien",
        vec![victim("Chaîne Exemple", Sector::MediaCulture, None, "- - - -")],
        &[AttackType::Sabotage],
        Status::Confirmed,
        &[("f1", "La Gazette", "2026-10-09T08:00:00Z")],
    );
    ancien.event = event("2015-06-08", "2015-06-09");
    ancien.standing = Standing::Recalled;
    vec![loiret, mairie, chu, anvers, societe, ancien]
}

fn event(from: &str, to: &str) -> Option<EventDates> {
    Some(EventDates {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
    })
}

/// A French victim; its place is "commune code département région", `-` for unknown.
fn victim(name: &str, sector: Sector, level: Option<Level>, place: &str) -> Victim {
    let known: Vec<Option<String>> = place
        .split(' ')
        .map(|part| (part != "-").then(|| part.to_owned()))
        .collect();
    Victim {
        name: name.to_owned(),
        key: name.into(),
        sector: Some(sector),
        level,
        place: Place {
            commune_name: known[0].clone(),
            commune: known[1].clone(),
            departement: known[2].clone(),
            region: known[3].clone(),
        },
        country: Some("FR".to_owned()),
        siren: None,
        confidence: 0.9,
    }
}

fn incident(
    id: &str,
    victims: Vec<Victim>,
    attacks: &[AttackType],
    status: Status,
    articles: &[(&str, &str, &str)],
) -> Incident {
    let published = |at: &str| -> Timestamp { at.parse().unwrap() };
    Incident {
        id: id.into(),
        first_published: published(articles[0].2),
        last_published: published(articles[articles.len() - 1].2),
        articles: articles
            .iter()
            .map(|(article, outlet, at)| ArticleRef {
                id: ArticleId::from(*article),
                outlet: (*outlet).to_owned(),
                url: format!("https://presse.example/{article}"),
                title: format!("{} : les services à l'arrêt", victims[0].name),
                published: published(at),
                kind: ArticleKind::Incident,
                says: Analysis {
                    language: "fr".to_owned(),
                    kind: ArticleKind::Incident,
                    tells_incident: true,
                    incident_probability: 0.9,
                    attacks: attacks.to_vec(),
                    victims: victims.clone(),
                    country: None,
                    place: Default::default(),
                    status: Some(status),
                    actor: None,
                    event: None,
                    recurrence: false,
                    sector: None,
                    facts: Vec::new(),
                    recalled: Vec::new(),
                    provider: None,
                    evidence: Vec::new(),
                },
                joined: Vec::new(),
                part: None,
                imprint: Default::default(),
                founded: Vec::new(),
            })
            .collect(),
        victims,
        attacks: attacks.to_vec(),
        status,
        actor: None,
        event: None,
        standing: Standing::Reported,
        history: Vec::new(),
        former_ids: Vec::new(),
        decided: Default::default(),
    }
}

/// Types one option with its value.
pub fn type_option(raw: &mut RawFilter, option: &str, value: String) {
    match option {
        "--sector" => raw.sectors.push(value),
        "--level" => raw.levels.push(value),
        "--attack" => raw.attacks.push(value),
        "--departement" => raw.departements.push(value),
        "--region" => raw.regions.push(value),
        "--commune" => raw.communes.push(value),
        "--status" => raw.statuses.push(value),
        "--country" => raw.countries.push(value),
        "--actor" => raw.actor = Some(value),
        "--victim" => raw.victim = Some(value),
        "--text" => raw.text = Some(value),
        "--since" => raw.since = Some(value),
        "--until" => raw.until = Some(value),
        "--sort" => raw.sort = Some(value),
        "--count" => raw.count = Some(value),
        "--limit" => raw.limit = Some(value.parse().expect("a number")),
        other => panic!("no such option: {other}"),
    }
}
