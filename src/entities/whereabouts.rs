//! Where a victim is that no list places, and its country: from the words beside its name, the
//! places that the text names, and the outlet.

use std::collections::BTreeMap;

use super::bodies::{Body, Source, place_of_commune, place_of_departement};
use super::home::Home;
use super::mention::{Area, Mention, What};
use super::reading::Reading;
use crate::model::analysis::{Place, Zone};
use crate::model::label::Sector;

/// Votes that a country needs to be the story's: one mention in the lead, or more further down.
const ENOUGH: f32 = 1.0;
/// Words that may stand between a body and the country that is said to be its own.
const BESIDE: usize = 2;
/// What the outlet's own country is worth.
const OUTLET: f32 = 1.0;
/// Namings of a body that are looked at for a country beside them.
const MOST_NAMINGS: usize = 8;
/// Countries whose attackers are named more often than their victims.
const ATTACKERS: &[&str] = &["RU", "KP", "CN", "IR", "BY"];
/// Words after which, or before which, a people's name tells who attacked.
const ATTACKING_PEOPLE: &[&str] = &[
    "pirate",
    "pirates",
    "hacker",
    "hackers",
    "hackeur",
    "hackeurs",
    "hacktivistes",
    "cybercriminel",
    "cybercriminels",
    "attaquant",
    "attaquants",
    "assaillants",
    "gang",
    "collectif",
    "espions",
    "pro",
    "origine",
    "renseignement",
];

/// The country of a body whose best mention is `mention`; none when nothing tells.
pub(super) fn country(reading: &Reading<'_>, body: &Body, mention: &Mention, url: &str) -> Option<String> {
    // « le ministère des Transports » is French only where nothing else is told.
    let is_unplaced = body.source == Source::Cue && body.place == Place::default();
    let is_assumed = body.country.as_deref() == Some("FR") && (is_unplaced || body.key.starts_with("etat:ministere"));
    let (assumed, stated) = match &body.country {
        Some(code) if is_assumed => (Some(code.clone()), None),
        other => (None, other.clone()),
    };
    let told = || adjacent_country(reading, body, mention).or_else(|| country_in_words(reading, url, &body.key));
    stated
        .or_else(told)
        .or(assumed)
        .or_else(|| country_of_outlet(reading, url))
        .filter(|code| code != "XX")
}

/// The country of a story whose victim is not named: as its words tell, else its outlet's.
pub(super) fn country_of_story(reading: &Reading<'_>, url: &str) -> Option<String> {
    country_in_words(reading, url, "").or_else(|| country_of_outlet(reading, url))
}

/// The words that tell a victim's country, closest to where it is named: for the evidence. None
/// where only the outlet tells it.
pub(super) fn words_of_country<'r>(reading: &'r Reading<'_>, code: &str, victim: Option<&str>) -> Option<&'r Mention> {
    let named: Vec<usize> = reading
        .mentions
        .iter()
        .filter(|mention| matches!(&mention.what, What::Body(body) if Some(body.key.as_str()) == victim))
        .map(|mention| mention.tokens.start)
        .take(MOST_NAMINGS)
        .collect();
    let distance = |mention: &Mention| {
        let from = |start: &usize| start.abs_diff(mention.tokens.start);
        named.iter().map(from).min().unwrap_or(mention.tokens.start)
    };
    reading
        .mentions
        .iter()
        .filter(|mention| reading.zone(mention) != Zone::Teaser && country_told(reading, mention) == Some(code))
        .min_by_key(|mention| distance(mention))
}

/// The country of a story where only the outlet tells. Crypto services have none that the news
/// would leave unsaid.
fn country_of_outlet(reading: &Reading<'_>, url: &str) -> Option<String> {
    if speaks_of_crypto(reading) {
        return None;
    }
    match reading.gazetteer.outlet_country(url) {
        Some("XX") => None,
        Some(code) => Some(code.to_owned()),
        None => is_set_in_france(reading).then(|| "FR".to_owned()),
    }
}

/// Where a body is that no list places: at the headline's dateline; a local one, in the town or the
/// one département of the text, else of the outlet. None for bodies of the whole country.
pub(super) fn place_of_story(reading: &Reading<'_>, home: &Home, body: &Body) -> Option<Place> {
    let is_local = body.source == Source::Cue
        && matches!(
            body.sector,
            Some(Sector::LocalGovernment | Sector::Health | Sector::Education | Sector::WaterWaste)
        );
    let is_at_dateline = matches!(body.source, Source::Open | Source::Cue) && !body.key.starts_with("etat:");
    let dateline = || place_of_dateline(reading, home).filter(|_| is_at_dateline);
    let local = || place_in_words(reading, home).or_else(|| place_of_outlet(reading));
    dateline().or_else(|| if is_local { local() } else { None })
}

/// Where the story takes place, when no victim is named: at the headline's dateline, else in the
/// town or the one département of the text.
pub(super) fn place_of_unnamed(reading: &Reading<'_>) -> Option<Place> {
    let home = Home::of(reading);
    place_of_dateline(reading, &home).or_else(|| place_in_words(reading, &home).filter(|_| home.in_title))
}

fn place_of_dateline(reading: &Reading<'_>, home: &Home) -> Option<Place> {
    let gazetteer = reading.gazetteer;
    let of_area = |index| place_of_departement(gazetteer, &gazetteer.departements[usize::from(index)].code);
    let town = home.dateline.map(|commune| place_of_commune(gazetteer, commune));
    town.or_else(|| home.area_dateline.map(of_area))
}

fn place_in_words(reading: &Reading<'_>, home: &Home) -> Option<Place> {
    match (home.commune, reading.departements.as_slice()) {
        (Some(commune), _) => Some(place_of_commune(reading.gazetteer, commune)),
        (None, [only]) => Some(place_of_departement(reading.gazetteer, only)),
        _ => None,
    }
}

fn place_of_outlet(reading: &Reading<'_>) -> Option<Place> {
    match reading.outlet_departements {
        [only] => Some(place_of_departement(reading.gazetteer, only)),
        _ => None,
    }
}

/// « le conglomérat sud-coréen X », « X (Suisse) », « X, en Espagne », at any place where the body
/// is named.
fn adjacent_country(reading: &Reading<'_>, body: &Body, best: &Mention) -> Option<String> {
    let beside = |mention: &Mention| {
        reading
            .mentions
            .iter()
            .filter(|other| other.sentence == mention.sentence && !is_of_attackers(reading, other))
            .filter_map(|other| match other.what {
                What::Country(index) => Some((distance(other, mention), index)),
                _ => None,
            })
            .filter_map(|(distance, index)| {
                let code = reading.gazetteer.countries[usize::from(index)].code.as_str();
                let reach = if ATTACKERS.contains(&code) { 1 } else { 4 };
                (code != "EU" && distance <= reach).then_some((distance, code))
            })
            .min()
    };
    let is_body = |mention: &&Mention| matches!(&mention.what, What::Body(other) if other.key == body.key);
    let nearest = || {
        reading
            .mentions
            .iter()
            .filter(is_body)
            .take(MOST_NAMINGS)
            .filter_map(beside)
            .min()
    };
    beside(best).or_else(nearest).map(|(_, code)| code.to_owned())
}

/// Whether this country stands right beside a naming of the body, or heads the title: « le ministère de la Défense
/// ukrainien », « Ukraine : ... ».
pub(super) fn is_said_of(reading: &Reading<'_>, body: &Body, code: &str) -> bool {
    let is_country = |mention: &&Mention| {
        matches!(mention.what, What::Country(index) if reading.gazetteer.countries[usize::from(index)].code == code)
            && !is_of_attackers(reading, mention)
    };
    let heads = |mention: &Mention| reading.zone(mention) == Zone::Title && mention.tokens.start <= 1;
    let is_body = |mention: &&Mention| matches!(&mention.what, What::Body(other) if other.key == body.key);
    let namings: Vec<&Mention> = reading.mentions.iter().filter(is_body).take(MOST_NAMINGS).collect();
    let is_beside = |country: &Mention| {
        namings
            .iter()
            .any(|naming| naming.sentence == country.sentence && distance(naming, country) <= BESIDE)
    };
    reading
        .mentions
        .iter()
        .filter(is_country)
        .any(|country| heads(country) || is_beside(country))
}

/// How many words stand between two mentions.
fn distance(one: &Mention, other: &Mention) -> usize {
    if one.tokens.end <= other.tokens.start {
        other.tokens.start - one.tokens.end
    } else {
        one.tokens.start.saturating_sub(other.tokens.end)
    }
}

/// Whether the text itself is about France: a French place, body or people, or its authorities.
fn is_set_in_france(reading: &Reading<'_>) -> bool {
    reading.mentions.iter().any(|mention| {
        reading.zone(mention) != Zone::Teaser
            && match &mention.what {
                What::Area(_) => true,
                What::Country(index) => reading.gazetteer.countries[usize::from(*index)].code == "FR",
                What::Body(body) => body.country.as_deref() == Some("FR"),
                _ => false,
            }
    })
}

/// Crypto services have no country that French news would leave unsaid.
pub(super) fn speaks_of_crypto(reading: &Reading<'_>) -> bool {
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

/// The country that most of the text's words tell, those of headline and lead above all; the names
/// of the body of this key tell nothing.
fn country_in_words(reading: &Reading<'_>, url: &str, key: &str) -> Option<String> {
    let mut votes: BTreeMap<&str, f32> = BTreeMap::new();
    for mention in &reading.mentions {
        let weight = match reading.zone(mention) {
            Zone::Title => 3.0,
            Zone::Lead => 1.5,
            Zone::Body => 0.5,
            Zone::Background | Zone::Teaser => continue,
        };
        let is_itself = matches!(&mention.what, What::Body(body) if body.key == key);
        if let Some(code) = country_told(reading, mention).filter(|_| !is_itself) {
            *votes.entry(code).or_default() += weight * told_by(reading, mention);
        }
    }
    if let Some(vote) = reading
        .gazetteer
        .outlet_country(url)
        .and_then(|outlet| votes.get_mut(outlet))
    {
        *vote += OUTLET;
    }
    let (code, weight) = votes.into_iter().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (weight >= ENOUGH).then(|| code.to_owned())
}

/// The country that a mention tells; none for attackers, for Europe, for bodies of any country.
fn country_told<'r>(reading: &'r Reading<'_>, mention: &'r Mention) -> Option<&'r str> {
    match &mention.what {
        What::Area(_) => Some("FR"),
        What::Country(index) => {
            let code = reading.gazetteer.countries[usize::from(*index)].code.as_str();
            let is_of_attackers =
                is_of_attackers(reading, mention) || (ATTACKERS.contains(&code) && !is_location(reading, mention));
            (code != "EU" && !is_of_attackers).then_some(code)
        }
        What::Body(body) => match body.source {
            Source::Town => Some("FR"),
            Source::Cue => (body.place != Place::default()).then_some("FR"),
            Source::Listed => {
                let is_state = body.sector == Some(Sector::State) || body.sector == Some(Sector::LocalGovernment);
                body.country.as_deref().filter(|code| *code == "FR" || is_state)
            }
            Source::ListedCareful | Source::Open => None,
        },
        _ => None,
    }
}

/// How much a mention tells of where the story is: « en Espagne » much, « l'éditeur américain
/// Untel » little, for it is Untel's.
fn told_by(reading: &Reading<'_>, mention: &Mention) -> f32 {
    let names_another = reading.starting_at(mention.tokens.end).is_some_and(|other| {
        matches!(&other.what, What::Body(body) if body.source != Source::Town) || matches!(other.what, What::Bystander)
    });
    let heads = reading.zone(mention) == Zone::Title
        && mention.tokens.start == 0
        && reading
            .tokens
            .get(mention.tokens.end)
            .is_some_and(|next| next.after_colon);
    match &mention.what {
        // « Belgique : ... ».
        What::Country(_) if heads => 3.0,
        What::Country(_) if is_location(reading, mention) => 1.5,
        What::Country(_) if names_another => 0.4,
        What::Area(Area::Other) => 0.4,
        What::Body(body) if body.source == Source::Listed && body.sector != Some(Sector::State) => 0.5,
        _ => 1.0,
    }
}

/// « en Espagne », « aux Etats-Unis », « à Londres ».
fn is_location(reading: &Reading<'_>, mention: &Mention) -> bool {
    let start = mention.tokens.start;
    start > 0 && matches!(reading.word(start - 1), "en" | "au" | "aux" | "a")
}

/// « des pirates russes », « le groupe pro-iranien », « les espions chinois ».
fn is_of_attackers(reading: &Reading<'_>, mention: &Mention) -> bool {
    let is_attacking = |index: usize| ATTACKING_PEOPLE.contains(&reading.word(index));
    reading.before(mention.tokens.start).take(2).any(is_attacking) || is_attacking(mention.tokens.end)
}
