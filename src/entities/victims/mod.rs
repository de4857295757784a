//! Which of the bodies that a text names was hit. Each candidate is judged by the words around its
//! mentions (« X victime de », « cyberattaque contre X »), by where they stand, and by repetition;
//! helpers, investigators and towns cited for comparison are held back.

mod areas;
pub(super) mod candidates;
#[cfg(test)]
mod cases;
pub(super) mod features;
pub(super) mod naming;
pub(super) mod position;
pub(super) mod sector;
pub(super) mod stories;
pub(super) mod syntax;

use std::collections::BTreeSet;

use self::candidates::{Candidate, candidates};
use self::features::Weights;
use self::sector::sector_told;
use self::syntax::attack_spans;
use super::bodies::{Body, Source};
use super::home::Home;
use super::reading::Reading;
use super::roles::WordRole;
use super::siren::siren;
use super::{Cited, provider, whereabouts};
use crate::model::analysis::{Assertion, Evidence, Place, Statement, Victim};
use crate::model::id::VictimKey;
use crate::model::label::Sector;
use crate::text::fold::slug;

/// See there; from which chance on a name is told is learned (`votes.toml`).
const MAIN_CHANCE: f32 = super::LEAST_CHANCE;
/// A second victim needs its own syntax, and this chance.
const SECOND_CHANCE: f32 = 0.25;
/// The same for a public body of the main one's département: a town and its agglomération, a
/// département and its fire service.
const KIN_CHANCE: f32 = 0.1;
/// Most victims that one article may have: a wave of attacks, not a list of customers.
const MOST_VICTIMS: usize = 12;
/// Bodies cited that are reported.
const MOST_CITED: usize = 50;

/// The victims, main first, then the other bodies named, with the words that decided.
pub(super) struct Verdict {
    pub victims: Vec<Victim>,
    pub cited: Vec<Cited>,
    /// The supplier through whom the main victim was hit.
    pub provider: Option<Victim>,
    pub evidence: Vec<Evidence>,
}

/// Decides.
pub(super) fn victims(reading: &Reading<'_>, statements: &[Statement], published_year: i16, url: &str) -> Verdict {
    let home = Home::of(reading);
    let weights = &reading.gazetteer.victim_weights;
    let mut ranked: Vec<(f32, Candidate)> = candidates(reading, statements, &home, published_year, url)
        .into_iter()
        .map(|candidate| (chance(&candidate, weights), candidate))
        .collect();
    ranked.sort_by(|(a, left), (b, right)| b.total_cmp(a).then(left.first.cmp(&right.first)));
    let suppliers = suppliers(reading, statements, &ranked, &home, url);
    let mut verdict = Verdict {
        victims: Vec::new(),
        cited: Vec::new(),
        provider: None,
        evidence: Vec::new(),
    };
    let main_sentences = ranked
        .first()
        .map_or_else(BTreeSet::new, |(_, main)| main.governed.clone());
    if let Some((_, further)) = ranked.split_first_mut() {
        further.sort_by_key(|(_, candidate)| candidate.first);
    }
    for (rank, (chance, candidate)) in ranked.into_iter().enumerate() {
        let is_hit = if rank == 0 {
            chance >= MAIN_CHANCE
        } else {
            verdict.victims.len() < MOST_VICTIMS
                && !verdict.victims.is_empty()
                && candidate.body.source != Source::Open
                && is_hit_with(&verdict.victims, &candidate, &main_sentences, chance)
        };
        if is_hit {
            // A further victim is as sure as the main one: one statement bears on both.
            let confidence = verdict.victims.first().map_or(chance, |main| main.confidence);
            let victim = victim(reading, &candidate, &home, confidence, url);
            verdict.evidence.push(evidence(reading, &candidate, &victim));
            verdict.victims.push(victim);
        } else if (candidate.body.source != Source::Open || rank == 0) && verdict.cited.len() < MOST_CITED {
            let needed = if rank == 0 { MAIN_CHANCE } else { SECOND_CHANCE };
            verdict.cited.push(Cited {
                name: candidate.body.name.clone(),
                chance,
                needed,
                against: candidate.features.against(weights),
            });
        }
    }
    if let Some(main) = verdict.victims.first()
        && let Some((provider, evidence)) = suppliers.into_iter().find(|(other, _)| !is_same_name(main, other))
    {
        verdict.provider = Some(provider);
        verdict.evidence.push(evidence);
    }
    verdict
}

/// The suppliers through whom an attack came, likeliest first; the main victim may be among them.
fn suppliers(
    reading: &Reading<'_>,
    statements: &[Statement],
    ranked: &[(f32, Candidate)],
    home: &Home,
    url: &str,
) -> Vec<(Victim, Evidence)> {
    let attacks = attack_spans(reading, statements);
    ranked
        .iter()
        .filter_map(|(chance, candidate)| {
            let mention = provider::hit_as_supplier(reading, candidate, &attacks)?;
            let supplier = victim(reading, candidate, home, *chance, url);
            let evidence = Evidence {
                label: format!("provider:{}", supplier.key),
                words: reading.written(&mention.tokens).to_owned(),
                zone: reading.zone(&mention),
                assertion: Assertion::Affirmed,
                weight: 1.0,
                start: reading.tokens[mention.tokens.start].original.start,
            };
            Some((supplier, evidence))
        })
        .collect()
}

/// Whether two bodies are one, or one's name has the whole of the other's: « Docaposte » and « La Poste Docaposte ».
fn is_same_name(one: &Victim, other: &Victim) -> bool {
    let (left, right) = (format!("-{}-", slug(&one.name)), format!("-{}-", slug(&other.name)));
    one.key == other.key || left.contains(&right) || right.contains(&left)
}

/// The chance that a candidate was hit; none where a town is only where something takes place.
fn chance(candidate: &Candidate, weights: &Weights) -> f32 {
    if candidate.is_named {
        candidate.features.chance(weights)
    } else {
        0.0
    }
}

/// The words that speak most for a victim.
fn evidence(reading: &Reading<'_>, candidate: &Candidate, victim: &Victim) -> Evidence {
    Evidence {
        label: format!("victim:{}", victim.key),
        words: reading.written(&candidate.best.tokens).to_owned(),
        zone: reading.zone(&candidate.best),
        assertion: Assertion::Affirmed,
        weight: victim.confidence,
        start: reading.tokens[candidate.best.tokens.start].original.start,
    }
}

/// Whether a further body was hit in the same attack: one statement governs both (« la ville et
/// l'agglomération », a list of towns), or it is kin of the main victim and « elle aussi » hit.
fn is_hit_with(victims: &[Victim], candidate: &Candidate, main_sentences: &BTreeSet<usize>, chance: f32) -> bool {
    let body = &candidate.body;
    let is_kin = victims.first().is_some_and(|main| {
        main.sector == Some(Sector::LocalGovernment)
            && body.sector == Some(Sector::LocalGovernment)
            && main.place.departement.is_some()
            && main.place.departement == body.place.departement
    });
    // A département and its fire service share their machines.
    let is_fire_service = victims.first().is_some_and(|main| {
        let of = |key: &str, kind: &str| key.strip_prefix(kind).map(str::to_owned);
        let (main, other) = (main.key.as_str(), body.key.as_str());
        let departement = of(main, "departement:").or_else(|| of(main, "sdis:"));
        departement.is_some() && departement == of(other, "sdis:").or_else(|| of(other, "departement:"))
    });
    if is_kin && (candidate.also || (is_fire_service && !candidate.governed.is_empty())) {
        return true;
    }
    let is_governed = candidate
        .governed
        .iter()
        .any(|sentence| main_sentences.contains(sentence));
    is_governed && chance >= if is_kin { KIN_CHANCE } else { SECOND_CHANCE }
}

/// Whether a ministry of the lists is surely the French one here: by a name of its own (« Bercy », « le ministère des
/// Armées »), or « français » beside it.
fn is_french_ministry(reading: &Reading<'_>, candidate: &Candidate) -> bool {
    let tokens = &candidate.best.tokens;
    let written = slug(reading.written(tokens));
    let is_french = |index: usize| reading.word(index).starts_with("francais");
    !written.starts_with("ministere")
        || tokens.clone().any(|index| reading.is(index, WordRole::OnlyFrench))
        || is_french(tokens.end)
        || tokens.clone().any(is_french)
}

/// « le ministère de la Défense » of another country is not the French one of the lists; none where nothing beside it
/// says so.
fn ministry_abroad(reading: &Reading<'_>, candidate: &Candidate, code: &str) -> Option<Body> {
    let body = &candidate.body;
    if code == "FR" || !whereabouts::is_said_of(reading, body, code) {
        return None;
    }
    let written = reading.written(&candidate.best.tokens);
    let name = match written.split_once(' ') {
        Some((first, rest)) if slug(first) == "ministere" => format!("Ministère {rest}"),
        _ => written.to_owned(),
    };
    Some(Body {
        key: format!("nom:{}-{}", slug(&name), code.to_lowercase()),
        name,
        place: Place::default(),
        ..body.clone()
    })
}

/// A victim with its sector, place and country.
fn victim(reading: &Reading<'_>, candidate: &Candidate, home: &Home, confidence: f32, url: &str) -> Victim {
    let is_ministry = candidate.body.key.starts_with("etat:ministere");
    let is_french = is_ministry && is_french_ministry(reading, candidate);
    let country = match whereabouts::country(reading, &candidate.body, &candidate.best, url) {
        Some(_) if is_french => candidate.body.country.clone(),
        told => told,
    };
    let abroad = country
        .as_deref()
        .filter(|_| is_ministry && !is_french)
        .and_then(|code| ministry_abroad(reading, candidate, code));
    let body = abroad.as_ref().unwrap_or(&candidate.body);
    let sector = body.sector.or_else(|| sector_told(reading, candidate));
    let place = if body.place == Place::default() && country.as_deref() == Some("FR") && body.helper == 0 {
        whereabouts::place_of_story(reading, home, body).unwrap_or_default()
    } else {
        body.place.clone()
    };
    Victim {
        name: body.name.clone(),
        key: VictimKey(body.key.clone()),
        sector,
        level: body.level,
        place,
        country,
        siren: siren(reading.gazetteer, &body.key),
        confidence,
    }
}
