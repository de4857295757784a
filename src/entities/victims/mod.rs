//! Which of the bodies that a text names was hit. Each candidate is judged by the words around its
//! mentions (« X victime de », « cyberattaque contre X »), by where they stand, and by repetition;
//! helpers, investigators and towns cited for comparison are held back.

mod areas;
pub(super) mod candidates;
pub(super) mod features;
mod naming;
pub(super) mod position;
mod syntax;

use std::collections::{BTreeMap, BTreeSet};

use self::candidates::{Candidate, candidates};
use super::bodies::Source;
use super::home::Home;
use super::mention::What;
use super::reading::Reading;
use super::siren::siren;
use super::whereabouts;
use crate::model::analysis::{Assertion, Evidence, Place, Statement, Victim, Zone};
use crate::model::id::VictimKey;
use crate::model::label::Sector;

/// Below this chance nobody is named as the victim. Chosen for precision on labelled press.
const MAIN_CHANCE: f32 = 0.4;
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
    pub cited: Vec<Victim>,
    pub evidence: Vec<Evidence>,
}

/// Decides.
pub(super) fn victims(reading: &Reading<'_>, statements: &[Statement], published_year: i16, url: &str) -> Verdict {
    let home = Home::of(reading);
    let weights = &reading.gazetteer.victim_weights;
    let mut ranked: Vec<(f32, Candidate)> = candidates(reading, statements, &home, published_year, url)
        .into_iter()
        .map(|candidate| (candidate.features.chance(weights), candidate))
        .collect();
    ranked.sort_by(|(a, left), (b, right)| b.total_cmp(a).then(left.first.cmp(&right.first)));
    let mut verdict = Verdict {
        victims: Vec::new(),
        cited: Vec::new(),
        evidence: Vec::new(),
    };
    let main_sentences = ranked
        .first()
        .map_or_else(BTreeSet::new, |(_, main)| main.governed.clone());
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
            let victim = victim(reading, &candidate, &home, chance, url);
            verdict.evidence.push(evidence(reading, &candidate, &victim));
            verdict.victims.push(victim);
        } else if candidate.body.source != Source::Open && verdict.cited.len() < MOST_CITED {
            verdict.cited.push(cited(&candidate));
        }
    }
    verdict
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

/// A body that is named without being hit.
fn cited(candidate: &Candidate) -> Victim {
    let body = &candidate.body;
    Victim {
        name: body.name.clone(),
        key: VictimKey(body.key.clone()),
        sector: body.sector,
        level: body.level,
        place: body.place.clone(),
        country: body.country.clone().filter(|code| code != "XX"),
        siren: None,
        confidence: 0.0,
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

/// A victim with its sector, place and country.
fn victim(reading: &Reading<'_>, candidate: &Candidate, home: &Home, chance: f32, url: &str) -> Victim {
    let body = &candidate.body;
    let country = whereabouts::country(reading, body, &candidate.best, url);
    let sector = body.sector.or_else(|| sector_beside(reading, candidate));
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
        confidence: chance,
    }
}

/// The sector that the words beside the victim's names tell.
fn sector_beside(reading: &Reading<'_>, candidate: &Candidate) -> Option<Sector> {
    let mut votes: BTreeMap<Sector, f32> = BTreeMap::new();
    for mention in &reading.mentions {
        let What::SectorWord(sector) = mention.what else {
            continue;
        };
        let zone = reading.zone(mention);
        if matches!(zone, Zone::Teaser | Zone::Background) {
            continue;
        }
        let mut weight: f32 = match zone {
            Zone::Title | Zone::Lead => 0.6,
            _ => 0.3,
        };
        if mention.sentence == candidate.best.sentence {
            let distance = if mention.tokens.end <= candidate.best.tokens.start {
                candidate.best.tokens.start - mention.tokens.end
            } else {
                mention.tokens.start.saturating_sub(candidate.best.tokens.end)
            };
            weight += match distance {
                0..=2 => 3.0,
                3..=5 => 1.0,
                _ => 0.3,
            };
        }
        *votes.entry(sector).or_default() += weight;
    }
    let (sector, weight) = votes.into_iter().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (weight >= 0.9).then_some(sector)
}
