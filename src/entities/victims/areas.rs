//! What the headline speaks of: areas whose body is meant, sectors.

use std::collections::BTreeSet;

use super::position::heads_title;
use super::syntax::{Attack, attacks_of, is_subject};
use crate::entities::mention::{Area, What};
use crate::entities::reading::Reading;
use crate::model::analysis::Zone;
use crate::model::label::Sector;

/// « La Normandie, cinquième collectivité paralysée »: the keys of the bodies whose area is the
/// headline's subject, with the sentence.
pub(in crate::entities) fn areas_hit(reading: &Reading<'_>, attacks: &[Attack]) -> Vec<(String, usize)> {
    reading
        .mentions
        .iter()
        .filter(|mention| reading.zone(mention) == Zone::Title)
        .filter_map(|mention| {
            let key = match mention.what {
                What::Area(Area::Departement(index)) => {
                    format!(
                        "departement:{}",
                        reading.gazetteer.departements[usize::from(index)].code
                    )
                }
                What::Area(Area::Region(index)) => {
                    format!("region:{}", reading.gazetteer.regions[usize::from(index)].code)
                }
                _ => return None,
            };
            let is_dateline = reading
                .tokens
                .get(mention.tokens.end)
                .is_some_and(|next| next.after_colon);
            let is_subject = heads_title(reading, mention)
                && !is_dateline
                && is_subject(reading, mention, !attacks_of(attacks, mention.sentence).is_empty());
            is_subject.then_some((key, mention.sentence))
        })
        .collect()
}

/// « La Normandie, cinquième collectivité paralysée »: the keys of the bodies of the areas at the
/// headline's head.
pub(in crate::entities) fn areas_of_title(reading: &Reading<'_>) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for mention in &reading.mentions {
        let is_head = reading.zone(mention) == Zone::Title
            && heads_title(reading, mention)
            && !matches!(reading.word(mention.tokens.start.wrapping_sub(1)), "en" | "dans" | "au");
        if !is_head {
            continue;
        }
        match mention.what {
            What::Area(Area::Departement(index)) => {
                let code = &reading.gazetteer.departements[usize::from(index)].code;
                keys.insert(format!("departement:{code}"));
            }
            What::Area(Area::Region(index)) => {
                let code = &reading.gazetteer.regions[usize::from(index)].code;
                keys.insert(format!("region:{code}"));
                keys.insert(format!("lycee:{code}"));
            }
            _ => {}
        }
    }
    keys
}

/// Whether hospitals are spoken of anywhere: « patients » alone may be those of a surgery.
pub(in crate::entities) fn speaks_of_hospitals(reading: &Reading<'_>) -> bool {
    (0..reading.tokens.len()).any(|index| {
        let word = reading.word(index);
        word.starts_with("hopita") || word.starts_with("hospitali") || matches!(word, "chu" | "chru" | "urgences")
    })
}

/// The sectors that the headline's words tell, other than local government.
pub(in crate::entities) fn title_sectors(reading: &Reading<'_>) -> BTreeSet<Sector> {
    reading
        .mentions
        .iter()
        .filter(|mention| reading.zone(mention) == Zone::Title)
        .filter_map(|mention| match mention.what {
            What::SectorWord(sector) => Some(sector),
            What::Head(cue) => reading.gazetteer.cues[usize::from(cue)].sector,
            _ => None,
        })
        .filter(|sector| matches!(sector, Sector::Health | Sector::Education))
        .collect()
}
