//! Which of the bodies that a text names was hit. Each mention is scored by the words around it
//! (« X victime de », « cyberattaque contre X »), by where it stands, and by repetition; helpers,
//! investigators and towns cited for comparison are held back.

mod areas;
mod naming;
pub(super) mod position;
mod syntax;

use std::collections::{BTreeMap, BTreeSet};

use self::areas::{areas_hit, areas_of_title, speaks_of_hospitals, title_sectors};
use self::naming::is_surely_a_name;
use self::position::{
    completes_another, follows_another_case, heads_title, is_held_back, is_likened, is_likened_to, is_locative,
    is_outlet, is_said_also, sentences_of_other_years, stands_for_itself, title_suffix,
};
use self::syntax::{Attack, Role, announces, attack_spans, attacks_of, roles};
use super::bodies::{Body, Source};
use super::home::Home;
use super::mention::{Mention, What};
use super::reading::Reading;
use super::whereabouts;
use crate::model::analysis::{Assertion, Evidence, Place, Statement, Victim, Zone};
use crate::model::id::VictimKey;
use crate::model::label::Sector;

/// Below this score nobody is named as the victim. Tuned on labelled press.
const MAIN_THRESHOLD: f32 = 2.4;

/// A second victim needs its own syntax, and this share of the main one's score.
const SECOND_SHARE: f32 = 0.6;

/// The same for a public body of the main one's département: a town and its agglomération, a
/// département and its fire service.
const KIN_SHARE: f32 = 0.45;

/// What a town's name loses that is only the place of something.
const PLACE_ONLY: f32 = 2.5;

/// What a body loses that no attack statement governs and that announces nothing.
const UNGOVERNED: f32 = 0.6;

/// The score of an area that the headline says was hit, for the body that the text names too.
const AREA_HIT: f32 = 3.0;

/// What a département's or région's body gains when its area stands at the headline's head.
const AREA_IN_TITLE: f32 = 1.5;

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

/// A body with all its mentions.
struct Candidate {
    body: Body,
    /// Score of each mention, best first.
    scores: Vec<f32>,
    /// The sentences where a mention stands in a victim's place.
    governed: BTreeSet<usize>,
    /// Whether it is said to be hit besides another: « lui aussi touché ».
    also: bool,
    /// Whether it confirms, announces, files a complaint...
    announces: bool,
    /// Whether some mention is more than a town's name after « à ».
    is_named: bool,
    /// The best mention and its score.
    best: Mention,
    best_score: f32,
    first: usize,
}

/// Decides.
pub(super) fn victims(reading: &Reading<'_>, statements: &[Statement], published_year: i16, url: &str) -> Verdict {
    let attacks = attack_spans(reading, statements);
    let home = Home::of(reading);
    let suffix = title_suffix(reading);
    let other_years = sentences_of_other_years(reading, published_year);
    let roles = roles(reading, &attacks);
    let mut candidates: BTreeMap<String, Candidate> = BTreeMap::new();
    for (mention, role) in reading.mentions.iter().zip(&roles) {
        let zone = reading.zone(mention);
        if zone == Zone::Teaser {
            continue;
        }
        let body = match &mention.what {
            What::Body(body) => body.clone(),
            What::Head(cue) => match home.body(reading, *cue) {
                Some(body) if zone != Zone::Background => body,
                _ => continue,
            },
            _ => continue,
        };
        if suffix.contains(&mention.tokens.start) {
            continue;
        }
        let (mut score, by_syntax) = score(reading, mention, &body, *role, &attacks, &other_years);
        if matches!(mention.what, What::Head(_)) && home.in_title {
            score += if zone == Zone::Title { 0.5 } else { 1.5 };
        }
        if body.source == Source::Open && !is_surely_a_name(reading, mention, by_syntax) {
            continue;
        }
        // An outlet speaks of itself in every article.
        if body.source != Source::Cue && is_outlet(&body.name, url) && !(by_syntax && zone == Zone::Title) {
            continue;
        }
        if body.sector == Some(Sector::MediaCulture) && body.source != Source::Cue && !by_syntax {
            score -= 2.0;
        }
        let candidate = candidates.entry(body.key.clone()).or_insert_with(|| Candidate {
            body: body.clone(),
            scores: Vec::new(),
            governed: BTreeSet::new(),
            also: false,
            announces: false,
            is_named: false,
            best: mention.clone(),
            best_score: score,
            first: mention.tokens.start,
        });
        if score > candidate.best_score {
            candidate.best = mention.clone();
            candidate.best_score = score;
        }
        candidate.scores.push(score);
        candidate.is_named |= body.source != Source::Town
            || (by_syntax && (role.object || role.subject))
            || stands_for_itself(reading, mention, *role);
        candidate.announces |= body.helper == 0 && announces(reading, mention);
        if by_syntax {
            candidate.governed.insert(mention.sentence);
            candidate.also |= role.subject && is_said_also(reading, mention);
        }
        if candidate.body.source == Source::Town && body.source == Source::Cue {
            candidate.body = body;
        }
    }
    let mut candidates = join_unplaced(candidates);
    for (key, sentence) in areas_hit(reading, &attacks) {
        if let Some(candidate) = candidates.get_mut(&key) {
            candidate.scores.push(AREA_HIT);
            candidate.governed.insert(sentence);
        }
    }
    let areas_of_title = areas_of_title(reading);
    for candidate in candidates.values_mut() {
        if !areas_of_title.contains(&candidate.body.key) {
            continue;
        }
        candidate.scores.iter_mut().for_each(|score| *score += AREA_IN_TITLE);
        // « La Normandie paralysée », « les lycées aussi »: the Région first.
        if candidate.body.key.starts_with("lycee:") {
            candidate
                .scores
                .iter_mut()
                .for_each(|score| *score -= 2.0 * AREA_IN_TITLE);
        }
    }
    let title_sectors = title_sectors(reading);
    let is_about_hospitals = title_sectors.contains(&Sector::Health) && speaks_of_hospitals(reading);
    let named_hospitals: BTreeMap<String, String> = candidates
        .values()
        .filter(|candidate| candidate.body.sector == Some(Sector::Health))
        .map(|candidate| (candidate.body.key.clone(), candidate.body.name.clone()))
        .collect();
    let mut ranked: Vec<(f32, Candidate)> = candidates
        .into_values()
        .map(|mut candidate| {
            candidate.scores.sort_by(|a, b| b.total_cmp(a));
            let rest: f32 = candidate
                .scores
                .iter()
                .skip(1)
                .take(4)
                .map(|score| score.clamp(0.0, 3.0))
                .sum();
            let mut score = candidate.scores[0] + 0.25 * rest;
            // A town that no « mairie » makes a body, under a headline about patients or pupils:
            // its hospital or school is meant.
            if candidate.body.source == Source::Town && !title_sectors.is_empty() {
                match home.health_body(reading, &candidate.body) {
                    Some(mut hospital) if is_about_hospitals => {
                        if let Some(name) = named_hospitals.get(&hospital.key) {
                            hospital.name.clone_from(name);
                        }
                        candidate.body = hospital;
                        candidate.is_named = true;
                    }
                    _ => score -= 2.0,
                }
            }
            if !candidate.is_named {
                score -= PLACE_ONLY;
            }
            let is_loose = !matches!(candidate.body.source, Source::Cue | Source::Listed);
            if is_loose && candidate.governed.is_empty() && !candidate.announces {
                score -= UNGOVERNED;
            }
            (score, candidate)
        })
        .collect();
    ranked.sort_by(|(a, left), (b, right)| b.total_cmp(a).then(left.first.cmp(&right.first)));
    let mut verdict = Verdict {
        victims: Vec::new(),
        cited: Vec::new(),
        evidence: Vec::new(),
    };
    let best = ranked.first().map_or(0.0, |(score, _)| *score);
    let main_sentences = ranked
        .first()
        .map_or_else(BTreeSet::new, |(_, main)| main.governed.clone());
    for (rank, (score, candidate)) in ranked.into_iter().enumerate() {
        let hit = if rank == 0 {
            score >= MAIN_THRESHOLD
        } else {
            score >= MAIN_THRESHOLD
                && is_hit_with(&verdict.victims, &candidate, &main_sentences, score / best)
                && verdict.victims.len() < MOST_VICTIMS
                && !verdict.victims.is_empty()
                && candidate.body.source != Source::Open
        };
        if hit {
            let victim = victim(reading, &candidate, &home, score, url);
            let token = &reading.tokens[candidate.best.tokens.start];
            verdict.evidence.push(Evidence {
                label: format!("victim:{}", victim.key),
                words: reading.written(&candidate.best.tokens).to_owned(),
                zone: reading.zone(&candidate.best),
                assertion: Assertion::Affirmed,
                weight: score,
                start: token.original.start,
            });
            verdict.victims.push(victim);
        } else if candidate.body.source != Source::Open && verdict.cited.len() < MOST_CITED {
            verdict.cited.push(Victim {
                name: candidate.body.name.clone(),
                key: VictimKey(candidate.body.key.clone()),
                sector: candidate.body.sector,
                level: candidate.body.level,
                place: candidate.body.place.clone(),
                country: candidate.body.country.clone().filter(|code| code != "XX"),
                confidence: 0.0,
            });
        }
    }
    verdict
}

/// « Centre hospitalier Simone-Veil » without a place is the one hospital that the text places.
fn join_unplaced(mut candidates: BTreeMap<String, Candidate>) -> BTreeMap<String, Candidate> {
    let is_house =
        |body: &Body| body.source != Source::Town && matches!(body.sector, Some(Sector::Health | Sector::Education));
    let placed: Vec<(String, Option<Sector>)> = candidates
        .values()
        .filter(|candidate| is_house(&candidate.body) && candidate.body.place.commune.is_some())
        .map(|candidate| (candidate.body.key.clone(), candidate.body.sector))
        .collect();
    let unplaced: Vec<String> = candidates
        .values()
        .filter(|candidate| {
            let body = &candidate.body;
            is_house(body)
                && matches!(body.source, Source::Cue | Source::Listed)
                && body.key.starts_with("nom:")
                && body.place.departement.is_none()
        })
        .map(|candidate| candidate.body.key.clone())
        .collect();
    if let ([(target, sector)], [only]) = (placed.as_slice(), unplaced.as_slice())
        && candidates[only].body.sector == *sector
        && let Some(from) = candidates.remove(only)
        && let Some(to) = candidates.get_mut(target)
    {
        to.scores.extend(from.scores);
        to.governed.extend(from.governed);
        to.announces |= from.announces;
        to.is_named |= from.is_named;
    }
    candidates
}

/// Whether a further body was hit in the same attack: one statement governs both (« la ville et
/// l'agglomération », a list of towns), or it is kin of the main victim and « elle aussi » hit.
fn is_hit_with(victims: &[Victim], candidate: &Candidate, main_sentences: &BTreeSet<usize>, share: f32) -> bool {
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
    is_governed && share >= if is_kin { KIN_SHARE } else { SECOND_SHARE }
}

/// The score of one mention, and whether it stands in a victim's place.
fn score(
    reading: &Reading<'_>,
    mention: &Mention,
    body: &Body,
    role: Role,
    attacks: &[Attack],
    other_years: &BTreeSet<usize>,
) -> (f32, bool) {
    let zone = reading.zone(mention);
    let in_sentence = attacks_of(attacks, mention.sentence);
    let mut score = 0.0;
    let mut by_syntax = false;
    if role.object {
        score += 3.0;
        by_syntax = true;
    }
    if role.subject {
        score += 3.0;
        by_syntax = true;
    }
    if !by_syntax && role.owner {
        score += 1.2;
        by_syntax |= !in_sentence.is_empty();
    }
    if body.helper == 0 && announces(reading, mention) && (!in_sentence.is_empty() || zone == Zone::Title) {
        score += 1.2;
    }
    if !in_sentence.is_empty() {
        score += 0.8;
    }
    let is_head = zone == Zone::Title && heads_title(reading, mention) && !is_locative(reading, mention);
    score += match zone {
        Zone::Title => 2.2,
        Zone::Lead => 1.0,
        Zone::Body => 0.3,
        Zone::Background => -2.0,
        Zone::Teaser => -9.0,
    };
    if is_head {
        score += 1.2;
    }
    score += match body.source {
        Source::Cue if zone == Zone::Title => 1.2,
        Source::Cue => 0.8,
        Source::Listed => 0.5,
        Source::ListedCareful => -0.3,
        Source::Town => 0.0,
        Source::Open => -0.4,
    };
    if body.helper > 0 {
        score -= if by_syntax || (is_head && body.helper == 2) {
            0.8
        } else {
            4.0
        };
        if body.helper == 1 {
            score -= 1.0;
        }
    }
    // « les lycées de la région »: the lycées are meant.
    if completes_another(reading, mention) {
        score -= 3.0;
        by_syntax = false;
    }
    let is_held_back = is_held_back(reading, mention)
        || is_likened_to(reading, mention)
        || (zone != Zone::Title && by_syntax && follows_another_case(reading, mention))
        || is_likened(reading, mention);
    if is_held_back {
        score -= 2.5;
    }
    if zone != Zone::Title && other_years.contains(&mention.sentence) {
        score -= 1.5;
    }
    (score, by_syntax && !is_held_back)
}

fn victim(reading: &Reading<'_>, candidate: &Candidate, home: &Home, score: f32, url: &str) -> Victim {
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
        confidence: (1.0 - (-score / 3.5).exp()).clamp(0.0, 1.0),
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
