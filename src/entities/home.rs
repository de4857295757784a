//! Where an article's story takes place: what « la mairie », « le Département », « le lycée » then
//! mean.

use super::bodies::{Body, Source, body_of_town, departement_body, of, region_body};
use super::gazetteer::{Cue, Named};
use super::mention::{Area, Mention, What};
use super::reading::Reading;
use super::victims::position::heads_title;
use crate::model::analysis::{Place, Zone};
use crate::model::label::Sector;
use crate::text::fold::slug;

/// A place counts as the article's own from one mention in the lead, or two in the body.
const HOME_WEIGHT: f32 = 1.4;
/// Places among which the article's own is sought.
const MOST_PLACES: usize = 64;

/// Where the article's story takes place: what « la mairie », « le Département » then mean.
#[derive(Default)]
pub(super) struct Home {
    pub commune: Option<u32>,
    pub departement: Option<(u16, f32)>,
    pub region: Option<(u16, f32)>,
    /// Whether the headline names it.
    pub in_title: bool,
    /// The town at the headline's head.
    pub dateline: Option<u32>,
    /// The département at the headline's head: « Tarn : ... ».
    pub area_dateline: Option<u16>,
    /// The city abroad at the headline's head, with its country: « Rolle : la municipalité ... ».
    pub abroad: Option<(String, String)>,
    /// The first two schools or hospitals that the headline names: only one alone is its own.
    pub houses: Vec<Body>,
    /// The same below the headline, with their own names.
    pub houses_below: Vec<Body>,
}

impl Home {
    /// The town, département and région named first in the headline, else most named early on.
    pub fn of(reading: &Reading<'_>) -> Home {
        let mut towns = Vec::new();
        let mut departements = Vec::new();
        let mut regions = Vec::new();
        let mut in_title = false;
        let mut dateline = None;
        let mut area_dateline = None;
        let mut abroad = None;
        let mut houses: Vec<Body> = Vec::new();
        let mut houses_below: Vec<Body> = Vec::new();
        for mention in &reading.mentions {
            if reading.zone(mention) == Zone::Title
                && let What::Body(body) = &mention.what
            {
                if body.source == Source::Town && heads_title(reading, mention) && dateline.is_none() {
                    dateline = body
                        .place
                        .commune
                        .as_deref()
                        .and_then(|code| reading.gazetteer.commune_index(code));
                }
                let is_house = matches!(body.sector, Some(Sector::Health | Sector::Education));
                let has_room = houses.len() < 2;
                if has_room
                    && is_house
                    && body.source == Source::Cue
                    && houses.iter().all(|known| known.key != body.key)
                {
                    houses.push(body.clone());
                }
            }
            if let What::Body(body) = &mention.what
                && matches!(reading.zone(mention), Zone::Lead | Zone::Body)
                && matches!(body.sector, Some(Sector::Health | Sector::Education))
                && matches!(body.source, Source::Cue | Source::Listed)
                && houses_below.len() < 2
                && houses_below.iter().all(|known| known.key != body.key)
            {
                houses_below.push(body.clone());
            }
            if let What::Area(Area::Departement(index)) = mention.what
                && reading.zone(mention) == Zone::Title
                && heads_title(reading, mention)
                && reading
                    .tokens
                    .get(mention.tokens.end)
                    .is_some_and(|next| next.after_colon)
            {
                area_dateline = Some(index);
            }
            let previous = reading.word(mention.tokens.start.wrapping_sub(1));
            let is_headlined = heads_title(reading, mention) || matches!(previous, "a" | "de" | "d");
            if abroad.is_none() && reading.zone(mention) == Zone::Title && is_headlined {
                abroad = city_abroad(reading, mention);
            }
            let weight = match reading.zone(mention) {
                Zone::Title => 4.0,
                Zone::Lead => 2.0,
                Zone::Body => 1.0,
                Zone::Background | Zone::Teaser => continue,
            };
            let mut found = true;
            match &mention.what {
                What::Body(body) if body.key.starts_with("region:") => {
                    let code = body.key.trim_start_matches("region:");
                    match reading.gazetteer.regions.iter().position(|region| region.code == code) {
                        Some(index) => add(&mut regions, index as u16, weight),
                        None => found = false,
                    }
                }
                What::Body(body) if matches!(body.source, Source::Town | Source::Cue) => {
                    match body
                        .place
                        .commune
                        .as_ref()
                        .and_then(|code| reading.gazetteer.commune_index(code))
                    {
                        Some(index) => add(&mut towns, index, weight),
                        None => match body
                            .place
                            .departement
                            .as_ref()
                            .and_then(|code| reading.gazetteer.departement_index(code))
                        {
                            Some(index) if body.place.region.is_some() => add(&mut departements, index, weight),
                            _ => found = false,
                        },
                    }
                }
                What::Area(Area::Departement(index)) => add(&mut departements, *index, weight),
                What::Area(Area::Region(index)) => add(&mut regions, *index, weight),
                What::Area(Area::Town(index)) => add(&mut towns, *index, 0.7 * weight),
                _ => found = false,
            }
            in_title |= found && reading.zone(mention) == Zone::Title;
        }
        Home {
            commune: heaviest(towns).map(|(index, _)| index),
            departement: heaviest(departements),
            region: heaviest(regions),
            in_title,
            dateline,
            area_dateline,
            abroad,
            houses,
            houses_below,
        }
    }

    /// The hospital of a town.
    pub fn health_body(&self, reading: &Reading<'_>, town: &Body) -> Option<Body> {
        let commune = reading.gazetteer.commune_index(town.place.commune.as_ref()?)?;
        let cue = reading
            .gazetteer
            .cues
            .iter()
            .find(|cue| cue.kind == "hopital" && cue.display == "Hôpital")?;
        Some(body_of_town(reading.gazetteer, cue, commune))
    }

    /// The body that a cue alone means here; none when the text names no fitting place.
    pub fn body(&self, reading: &Reading<'_>, cue: u16) -> Option<Body> {
        let cue = &reading.gazetteer.cues[usize::from(cue)];
        // « le lycée », « l'hôpital »: the one of the headline.
        if let [only] = self.houses.as_slice()
            && only.sector == cue.sector
        {
            return Some(only.clone());
        }
        // « l'hôpital » below a headline that names none: the one that the text names, where it names no town of its own.
        if let [only] = self.houses_below.as_slice()
            && self.houses.is_empty()
            && self.dateline.is_none()
            && only.sector == cue.sector
        {
            return Some(only.clone());
        }
        if cue.takes.contains('c')
            && let Some(commune) = self.commune
        {
            return Some(body_of_town(reading.gazetteer, cue, commune));
        }
        if cue.takes.contains('c')
            && self.commune.is_none()
            && let Some((city, country)) = &self.abroad
        {
            return Some(body_abroad(cue, city, country));
        }
        let departement = self.departement.filter(|_| cue.takes.contains('d'));
        let region = self.region.filter(|_| cue.takes.contains('r'));
        match (departement, region) {
            (Some((index, weight)), other) if other.is_none_or(|(_, of_region)| weight >= of_region) => {
                Some(departement_body(reading.gazetteer, cue, index))
            }
            (_, Some((index, _))) => Some(region_body(reading.gazetteer, cue, index)),
            _ => None,
        }
    }
}

/// A foreign city, with its country; none for a country itself.
pub(super) fn city_abroad(reading: &Reading<'_>, mention: &Mention) -> Option<(String, String)> {
    let What::Country(index) = mention.what else {
        return None;
    };
    let (count, _) = reading.names_at(mention.tokens.start, |entry| {
        matches!(entry.named, Named::ForeignCity(_))
    })?;
    let country = reading.gazetteer.countries[usize::from(index)].code.clone();
    (count == mention.tokens.len()).then(|| (reading.written(&mention.tokens).to_owned(), country))
}

/// « la municipalité » of a city abroad.
pub(super) fn body_abroad(cue: &Cue, city: &str, country: &str) -> Body {
    let name = format!("{} {}", cue.display, of(city));
    Body {
        key: format!("nom:{}", slug(&name)),
        name,
        sector: cue.sector,
        level: cue.level,
        place: Place::default(),
        country: Some(country.to_owned()),
        source: Source::Cue,
        helper: 0,
    }
}

fn add<T: PartialEq>(list: &mut Vec<(T, f32)>, item: T, weight: f32) {
    let has_room = list.len() < MOST_PLACES;
    match list.iter_mut().find(|(known, _)| *known == item) {
        Some((_, sum)) => *sum += weight,
        None if has_room => list.push((item, weight)),
        None => {}
    }
}

/// The item of most weight, the first of equals; none that is only named once far down.
fn heaviest<T>(list: Vec<(T, f32)>) -> Option<(T, f32)> {
    let mut best: Option<(T, f32)> = None;
    for (item, weight) in list {
        if best.as_ref().is_none_or(|(_, known)| weight > *known) {
            best = Some((item, weight));
        }
    }
    best.filter(|(_, weight)| *weight >= HOME_WEIGHT)
}
