//! The sector of a victim that no list gives one: what its own name says, else the words beside it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::candidates::Candidate;
use super::features::Feature;
use crate::entities::mention::{Mention, What};
use crate::entities::reading::Reading;
use crate::entities::whereabouts::speaks_of_crypto;
use crate::model::analysis::Zone;
use crate::model::label::Sector;

/// Words beside the name must weigh this much together: one right beside it, or several near.
const ENOUGH: f32 = 0.9;
/// And this much more than those that tell another sector.
const LEAD: f32 = 1.2;

/// The sector that the name or the words beside it tell; none where they do not decide.
pub(super) fn sector_told(reading: &Reading<'_>, candidate: &Candidate) -> Option<Sector> {
    if candidate.features.get(Feature::Person) > 0.0 && speaks_of_accounts(reading) {
        return Some(Sector::Citizens);
    }
    named_sector(reading, &candidate.best.tokens)
        .or_else(|| sector_beside(reading, candidate))
        .or_else(|| speaks_of_crypto(reading).then_some(Sector::Finance))
}

/// « Trovaz Airlines », « Radio Krimovia »: the last of the name's words that tells a sector.
fn named_sector(reading: &Reading<'_>, name: &Range<usize>) -> Option<Sector> {
    if name.len() < 2 {
        return None;
    }
    name.clone()
        .rev()
        .find_map(|index| reading.gazetteer.sector_of_name_word(reading.tokens[index].hash))
}

/// What the words around the victim's names tell.
fn sector_beside(reading: &Reading<'_>, candidate: &Candidate) -> Option<Sector> {
    let mut votes: BTreeMap<Sector, f32> = BTreeMap::new();
    for mention in &reading.mentions {
        let Some(sector) = sector_of_mention(reading, mention) else {
            continue;
        };
        let zone = reading.zone(mention);
        if matches!(zone, Zone::Teaser | Zone::Background) {
            continue;
        }
        let mut weight: f32 = if matches!(zone, Zone::Title | Zone::Lead) {
            0.6
        } else {
            0.3
        };
        if let Some(distance) = candidate.distance(mention.sentence, &mention.tokens) {
            weight += match distance {
                0..=2 => 3.0,
                3..=5 => 1.0,
                _ => 0.3,
            };
        }
        *votes.entry(sector).or_default() += weight;
    }
    leading(votes, ENOUGH)
}

/// The words of a whole story must weigh this much together: one in the headline, or more below.
const ENOUGH_OF_STORY: f32 = 1.0;

/// The sector that most of a story's words tell, those of the headline above all; for stories whose victim
/// is not named. None where they do not decide.
pub(in crate::entities) fn sector_of_story(reading: &Reading<'_>) -> Option<Sector> {
    let mut votes: BTreeMap<Sector, f32> = BTreeMap::new();
    for mention in &reading.mentions {
        let weight = match reading.zone(mention) {
            Zone::Title => 2.0,
            Zone::Lead => 0.6,
            Zone::Body => 0.2,
            Zone::Background | Zone::Teaser => continue,
        };
        if let Some(sector) = sector_of_mention(reading, mention) {
            *votes.entry(sector).or_default() += weight;
        }
    }
    leading(votes, ENOUGH_OF_STORY)
}

/// The sector that a word tells: « le transporteur », « la mairie » of a town that no list has.
fn sector_of_mention(reading: &Reading<'_>, mention: &Mention) -> Option<Sector> {
    match mention.what {
        What::SectorWord(sector) => Some(sector),
        What::Head(cue) => reading.gazetteer.cues[usize::from(cue)].sector,
        _ => None,
    }
}

/// The sector that leads clearly.
fn leading(votes: BTreeMap<Sector, f32>, enough: f32) -> Option<Sector> {
    let mut ranked: Vec<(Sector, f32)> = votes.into_iter().collect();
    ranked.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let (sector, weight) = *ranked.first()?;
    let second = ranked.get(1).map_or(0.0, |(_, weight)| *weight);
    (weight >= enough && weight >= LEAD * second).then_some(sector)
}

/// Whether the headline or the lead speaks of somebody's account.
fn speaks_of_accounts(reading: &Reading<'_>) -> bool {
    (0..reading.tokens.len())
        .take_while(|&index| matches!(reading.zone_at(index), Zone::Title | Zone::Lead))
        .any(|index| matches!(reading.word(index), "compte" | "comptes" | "profil"))
}
