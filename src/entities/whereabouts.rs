//! Where a victim is that no list places, and its country: from the words beside its name, the
//! places that the text names, and the outlet.

use super::bodies::{Body, Source, place_of_commune, place_of_departement};
use super::home::Home;
use super::mention::{Mention, What};
use super::mentions::foreign_outlet;
use super::reading::Reading;
use crate::model::analysis::{Place, Zone};
use crate::model::label::Sector;

/// The country of a body whose best mention is `mention`; none when nothing tells.
pub(super) fn country(reading: &Reading<'_>, body: &Body, mention: &Mention, url: &str) -> Option<String> {
    body.country
        .clone()
        .or_else(|| adjacent_country(reading, mention))
        .or_else(|| document_country(reading))
        .or_else(|| foreign_outlet(url).map(str::to_owned))
        .or_else(|| (!speaks_of_crypto(reading) && is_set_in_france(reading)).then(|| "FR".to_owned()))
        .filter(|code| code != "XX")
}

/// Where a body is that no list places: at the headline's dateline; a local one, in the one
/// département or the town of the text. None for bodies of the whole country.
pub(super) fn place_of_story(reading: &Reading<'_>, home: &Home, body: &Body) -> Option<Place> {
    let of_town = |commune| Some(place_of_commune(reading.gazetteer, commune));
    let is_local = body.source == Source::Cue
        && matches!(
            body.sector,
            Some(Sector::LocalGovernment | Sector::Health | Sector::Education | Sector::WaterWaste)
        );
    match body.source {
        Source::Open | Source::Cue if home.dateline.is_some() && !body.key.starts_with("etat:") => {
            home.dateline.and_then(of_town)
        }
        _ if !is_local => None,
        _ => match (home.commune, reading.departements.as_slice()) {
            (Some(commune), _) => of_town(commune),
            (None, [only]) => Some(place_of_departement(reading.gazetteer, only)),
            _ => None,
        },
    }
}

/// « le conglomérat sud-coréen X », « X (Suisse) », « X, en Espagne ».
fn adjacent_country(reading: &Reading<'_>, mention: &Mention) -> Option<String> {
    reading
        .mentions
        .iter()
        .filter(|other| other.sentence == mention.sentence)
        .filter_map(|other| match other.what {
            What::Country(index) => {
                let distance = if other.tokens.end <= mention.tokens.start {
                    mention.tokens.start - other.tokens.end
                } else {
                    other.tokens.start.saturating_sub(mention.tokens.end)
                };
                (distance <= 4).then_some((distance, index))
            }
            _ => None,
        })
        .min()
        .map(|(_, index)| reading.gazetteer.countries[usize::from(index)].code.clone())
        .filter(|code| code != "EU")
}

/// Whether the text itself is about France: a French place, body or people, or its authorities.
fn is_set_in_france(reading: &Reading<'_>) -> bool {
    reading.mentions.iter().any(|mention| {
        reading.zone(mention) != Zone::Teaser
            && match &mention.what {
                What::Area(_) => true,
                What::Country(index) => reading.gazetteer.countries[usize::from(*index)].code == "FR",
                What::Body(body) => body.country.as_deref() == Some("FR") || body.helper == 1,
                _ => false,
            }
    })
}

/// Crypto services have no country that French news would leave unsaid.
fn speaks_of_crypto(reading: &Reading<'_>) -> bool {
    (0..reading.tokens.len())
        .take_while(|&index| reading.document.sentences[reading.tokens[index].sentence].zone == Zone::Title)
        .any(|index| {
            let word = reading.word(index);
            word.starts_with("crypto")
                || matches!(
                    word,
                    "bitcoin" | "memecoin" | "ethereum" | "blockchain" | "defi" | "wallet"
                )
        })
}

/// The one foreign country of headline and lead, when France is not named there.
fn document_country(reading: &Reading<'_>) -> Option<String> {
    let mut codes: Vec<&str> = reading
        .mentions
        .iter()
        .filter(|mention| matches!(reading.zone(mention), Zone::Title | Zone::Lead))
        .filter_map(|mention| match mention.what {
            What::Country(index) => Some(reading.gazetteer.countries[usize::from(index)].code.as_str()),
            _ => None,
        })
        .collect();
    codes.sort_unstable();
    codes.dedup();
    // Attackers' countries tell nothing of the victim.
    codes.retain(|code| !matches!(*code, "RU" | "KP" | "CN" | "IR" | "EU"));
    match codes.as_slice() {
        [only] => Some((*only).to_owned()),
        _ => None,
    }
}
