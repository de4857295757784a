//! A body for each kind of institution: its stable key, the name it is shown by, its sector and
//! where its seat is. Keys are the same however the text spells the body.

use super::gazetteer::{Commune, Cue, Gazetteer, Organisation};
use crate::model::analysis::Place;
use crate::model::label::{Level, Sector};
use crate::text::fold::fold_key;

/// A body that could be a victim.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Body {
    pub key: String,
    pub name: String,
    pub sector: Option<Sector>,
    pub level: Option<Level>,
    pub place: Place,
    pub country: Option<String>,
    pub source: Source,
    /// For helpers: 1 only when the syntax is explicit, 2 by syntax.
    pub helper: u8,
}

/// How a body was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// An institution's words with a place: « mairie de Bondy ».
    Cue,
    /// A name of a list.
    Listed,
    /// A name of a list that is also an ordinary word: Orange, Free.
    ListedCareful,
    /// A town's name alone.
    Town,
    /// Capitalised words that no list has.
    Open,
}

/// The body of a town that a cue points to.
pub(super) fn body_of_town(gazetteer: &Gazetteer, cue: &Cue, commune: u32) -> Body {
    let town = &gazetteer.communes[commune as usize];
    match cue.kind.as_str() {
        "commune" => commune_body(gazetteer, commune),
        "epci" => match gazetteer.intercommunality(town.intercommunality) {
            Some(index) => intercommunality_body(gazetteer, index),
            None => commune_body(gazetteer, commune),
        },
        "hopital" => hospital_of_town(gazetteer, cue, commune),
        kind => Body {
            key: format!("{kind}:{}", town.code),
            name: format!("{} {}", cue.display, of(&town.name)),
            sector: cue.sector,
            level: cue.level,
            place: place_of_commune(gazetteer, commune),
            country: Some("FR".to_owned()),
            source: Source::Cue,
            helper: 0,
        },
    }
}

/// A town's public hospital: the university hospital for « CHU », else the main public one.
pub(super) fn hospital_of_town(gazetteer: &Gazetteer, cue: &Cue, commune: u32) -> Body {
    let town = &gazetteer.communes[commune as usize];
    let kinds: &[&str] = if cue.display.starts_with("CH") {
        &["chu"]
    } else {
        &["ch", "chu", "psy"]
    };
    let mut name = format!("{} {}", cue.display, of(&town.name));
    let mut key = format!("hopital:{}", town.code);
    for kind in kinds {
        let mut of_kind: Vec<&str> = gazetteer
            .hospitals_of(&town.code)
            .filter(|hospital| hospital.kind == *kind)
            .map(|hospital| hospital.finess.as_str())
            .collect();
        of_kind.sort_unstable();
        if let Some(finess) = of_kind.first() {
            key = format!("hopital:{finess}");
            if *kind == "chu" {
                name = format!("CHU {}", of(&town.name));
            } else if *kind == "ch" {
                name = format!("Centre hospitalier {}", of(&town.name));
            }
            break;
        }
    }
    Body {
        key,
        name,
        sector: Some(Sector::Health),
        level: None,
        place: place_of_commune(gazetteer, commune),
        country: Some("FR".to_owned()),
        source: Source::Cue,
        helper: 0,
    }
}

/// The commune as a local authority.
pub(super) fn commune_body(gazetteer: &Gazetteer, commune: u32) -> Body {
    let town = &gazetteer.communes[commune as usize];
    Body {
        key: format!("commune:{}", town.code),
        name: format!("Ville {}", of(&town.name)),
        sector: Some(Sector::LocalGovernment),
        level: Some(Level::Commune),
        place: place_of_commune(gazetteer, commune),
        country: Some("FR".to_owned()),
        source: Source::Cue,
        helper: 0,
    }
}

pub(super) fn departement_body(gazetteer: &Gazetteer, cue: &Cue, index: u16) -> Body {
    let departement = &gazetteer.departements[usize::from(index)];
    let name = match cue.kind.as_str() {
        // Known by its number as much as by its département.
        "sdis" => format!("SDIS {} ({})", departement.code, departement.name),
        _ => format!("{} {}", cue.display, departement.of),
    };
    Body {
        key: format!("{}:{}", cue.kind, departement.code),
        name,
        sector: cue.sector,
        level: cue.level,
        place: place_of_departement(gazetteer, &departement.code),
        country: Some("FR".to_owned()),
        source: Source::Cue,
        helper: 0,
    }
}

pub(super) fn region_body(gazetteer: &Gazetteer, cue: &Cue, index: u16) -> Body {
    let region = &gazetteer.regions[usize::from(index)];
    let seat = gazetteer.commune(&region.seat);
    Body {
        key: format!("{}:{}", cue.kind, region.code),
        name: if cue.kind == "region" {
            format!("{} {}", cue.display, region.name)
        } else {
            format!("{} {}", cue.display, region.of)
        },
        sector: cue.sector,
        level: cue.level,
        place: Place {
            departement: seat.map(|seat| seat.departement().to_owned()),
            region: Some(region.code.clone()),
            ..Place::default()
        },
        country: Some("FR".to_owned()),
        source: Source::Cue,
        helper: 0,
    }
}

pub(super) fn intercommunality_body(gazetteer: &Gazetteer, index: u16) -> Body {
    let epci = &gazetteer.intercommunalities[usize::from(index)];
    let mut place = place_of_code(gazetteer, &epci.main_commune);
    if place.departement.is_none() {
        place = place_of_departement(gazetteer, &epci.departement);
    }
    Body {
        key: format!("epci:{}", epci.siren),
        name: if names_its_kind(&epci.short_name) {
            epci.short_name.clone()
        } else {
            epci.name.clone()
        },
        sector: Some(Sector::LocalGovernment),
        level: Some(Level::Intercommunality),
        place,
        country: Some("FR".to_owned()),
        source: Source::Cue,
        helper: 0,
    }
}

pub(super) fn names_its_kind(name: &str) -> bool {
    let lower = name.to_lowercase();
    ["agglo", "métropole", "communauté"]
        .iter()
        .any(|word| lower.contains(word))
}

pub(super) fn organisation_body(gazetteer: &Gazetteer, organisation: &Organisation, careful: bool) -> Body {
    let mut place = place_of_code(gazetteer, &organisation.commune);
    if place.departement.is_none() {
        place = place_of_departement(gazetteer, &organisation.departement);
    }
    Body {
        key: organisation.key.clone(),
        name: organisation.name.clone(),
        sector: organisation.sector,
        level: organisation.level,
        place,
        country: Some("FR".to_owned()),
        source: if careful { Source::ListedCareful } else { Source::Listed },
        helper: 0,
    }
}

pub(super) fn place_of_commune(gazetteer: &Gazetteer, commune: u32) -> Place {
    place_of_town(gazetteer, &gazetteer.communes[commune as usize])
}

pub(super) fn place_of_code(gazetteer: &Gazetteer, commune: &str) -> Place {
    gazetteer
        .commune(commune)
        .map_or_else(Place::default, |town| place_of_town(gazetteer, town))
}

fn place_of_town(gazetteer: &Gazetteer, town: &Commune) -> Place {
    Place {
        commune: Some(town.code.clone()),
        commune_name: Some(town.name.clone()),
        departement: Some(town.departement().to_owned()),
        region: gazetteer
            .departement(town.departement())
            .map(|departement| departement.region.clone()),
    }
}

pub(super) fn place_of_departement(gazetteer: &Gazetteer, code: &str) -> Place {
    gazetteer
        .departement(code)
        .map_or_else(Place::default, |departement| Place {
            departement: Some(departement.code.clone()),
            region: Some(departement.region.clone()),
            ..Place::default()
        })
}

/// « de Lille », « d'Angers », « du Havre », « des Mureaux », « de La Rochelle ».
pub(super) fn of(name: &str) -> String {
    if let Some(rest) = name.strip_prefix("Le ") {
        return format!("du {rest}");
    }
    if let Some(rest) = name.strip_prefix("Les ") {
        return format!("des {rest}");
    }
    let first = fold_key(name).chars().next().unwrap_or(' ');
    if matches!(first, 'a' | 'e' | 'i' | 'o' | 'u') || (first == 'y' && !name.starts_with("Y")) {
        format!("d'{name}")
    } else {
        format!("de {name}")
    }
}
