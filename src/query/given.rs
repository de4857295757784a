//! Reads a label that an analyst gives to an incident: `sector=sante`, as typed or as it stands in `corrections.toml`.

use jiff::civil::Date;

use super::nearest::nearest;
use super::parse::{ATTACK_ALIASES, FilterError, LEVEL_ALIASES, SECTOR_ALIASES, is_insee_code, labels};
use super::place::Places;
use crate::model::analysis::{EventDates, Place};
use crate::model::correction::{Given, UNKNOWN};
use crate::model::label::{AttackType, Level, Sector, Status};
use crate::text::fold::fold_key;

/// The places that labels may name.
#[derive(Clone, Copy)]
pub struct Atlas<'a> {
    /// Départements and régions.
    pub places: &'a Places,
    /// Where the commune with this INSEE code is.
    pub commune: &'a dyn Fn(&str) -> Option<Place>,
    /// The codes of the communes of this name.
    pub named: &'a dyn Fn(&str) -> Vec<String>,
}

/// The label with this name and value. Errs with the nearest valid name or value.
pub fn parse(field: &str, value: &str, atlas: Atlas) -> Result<Given, FilterError> {
    let value = value.trim();
    let folded = fold_key(field);
    let Some(field) = Given::FIELDS.into_iter().find(|known| *known == folded) else {
        return Err(FilterError::Unknown {
            option: "label",
            what: "label",
            given: field.to_owned(),
            nearest: nearest(field, Given::FIELDS).map(str::to_owned),
            known: Given::FIELDS.join(", "),
        });
    };
    let unusable = |problem| FilterError::Unusable {
        option: field,
        given: value.to_owned(),
        problem,
    };
    if value.is_empty() {
        return Err(unusable(
            "give a value; `inconnu` where nobody knows actor, country or event",
        ));
    }
    let typed = [value.to_owned()];
    let is_unknown = fold_key(value) == UNKNOWN;
    Ok(match field {
        "victim" => Given::Victim(value.to_owned()),
        "actor" => Given::Actor((!is_unknown).then(|| value.to_owned())),
        "sector" => Given::Sector(one(
            labels(field, "sector", &typed, Sector::ALL, Sector::id, SECTOR_ALIASES)?,
            || unusable("give one sector"),
        )?),
        "level" => Given::Level(one(
            labels(field, "level", &typed, Level::ALL, Level::id, LEVEL_ALIASES)?,
            || unusable("give one level"),
        )?),
        "status" => Given::Status(one(
            labels(field, "status", &typed, Status::ALL, Status::id, &[])?,
            || unusable("give one status"),
        )?),
        "attacks" => Given::Attacks(labels(
            field,
            "attack type",
            &typed,
            AttackType::ALL,
            AttackType::id,
            ATTACK_ALIASES,
        )?),
        "country" if is_unknown => Given::Country(None),
        "country" => Given::Country(Some(
            country(value).ok_or_else(|| unusable("give a two-letter code (FR, BE, CH), or `inconnu`"))?,
        )),
        "departement" => Given::Place(departement(field, value, atlas.places)?),
        "commune" => Given::Place(commune(field, value, atlas)?),
        "event" if is_unknown => Given::Event(None),
        "event" => Given::Event(Some(event(value).ok_or_else(|| {
            unusable("write 2024-05-03, 2024-05-01/2024-05-03, 2024-05, 2024, or `inconnu`")
        })?)),
        _ => Given::Incident(match fold_key(value).as_str() {
            "no" | "non" => false,
            "yes" | "oui" => true,
            _ => {
                return Err(unusable(
                    "write `no` where it is no incident, `yes` where it is one after all",
                ));
            }
        }),
    })
}

fn one<T>(found: Vec<T>, otherwise: impl Fn() -> FilterError) -> Result<T, FilterError> {
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(otherwise()),
    }
}

fn country(value: &str) -> Option<String> {
    let code = match fold_key(value).as_str() {
        "france" => "fr".to_owned(),
        code => code.to_owned(),
    };
    (code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())).then(|| code.to_ascii_uppercase())
}

fn departement(field: &'static str, value: &str, places: &Places) -> Result<Place, FilterError> {
    let area = places.departement(value).ok_or_else(|| FilterError::Unknown {
        option: field,
        what: "département",
        given: value.to_owned(),
        nearest: nearest(value, places.departements.iter().map(|area| area.name.as_str())).map(str::to_owned),
        known: "01 to 95, 2A, 2B, 971 to 989, and their names".to_owned(),
    })?;
    Ok(Place {
        departement: Some(area.code.clone()),
        region: area.region.clone(),
        ..Place::default()
    })
}

fn commune(field: &'static str, value: &str, atlas: Atlas) -> Result<Place, FilterError> {
    let code = value.to_ascii_uppercase();
    if is_insee_code(&code)
        && let Some(place) = (atlas.commune)(&code)
    {
        return Ok(place);
    }
    let named = (atlas.named)(value);
    Err(FilterError::Unknown {
        option: field,
        what: "commune",
        given: value.to_owned(),
        nearest: None,
        known: if named.is_empty() {
            "the five-digit INSEE codes, such as 45234 for Orléans".to_owned()
        } else {
            format!("{} of that name", named.join(", "))
        },
    })
}

/// A day, a month or a year, or a range of two days.
fn event(value: &str) -> Option<EventDates> {
    let day = |text: &str| text.trim().parse::<Date>().ok();
    let (from, to) = match value.split_once('/') {
        Some((from, to)) => (day(from)?, day(to)?),
        None => match value.len() {
            4 => (day(&format!("{value}-01-01"))?, day(&format!("{value}-12-31"))?),
            7 => {
                let first = day(&format!("{value}-01"))?;
                (first, first.last_of_month())
            }
            _ => (day(value)?, day(value)?),
        },
    };
    (from <= to).then_some(EventDates { from, to })
}

#[cfg(test)]
mod tests {
    use super::super::place::tests::few_places;
    use super::*;

    fn read(field: &str, value: &str) -> Result<Given, String> {
        let places = few_places();
        let commune = |code: &str| {
            (code == "45234").then(|| Place {
                commune: Some(code.to_owned()),
                commune_name: Some("Orléans".to_owned()),
                departement: Some("45".to_owned()),
                region: Some("24".to_owned()),
            })
        };
        let named = |name: &str| {
            if name == "Orléans" {
                vec!["45234".to_owned()]
            } else {
                Vec::new()
            }
        };
        let atlas = Atlas {
            places: &places,
            commune: &commune,
            named: &named,
        };
        parse(field, value, atlas).map_err(|error| error.to_string())
    }

    #[test]
    fn labels_as_typed() {
        let check = |field: &str, value: &str, expected_field: &str, expected: &str| {
            let given = read(field, value).unwrap_or_else(|error| panic!("{field}={value}: {error}"));
            assert_eq!(
                (given.field(), given.value().as_str()),
                (expected_field, expected),
                "{field}={value}"
            );
            // What is written is read again as the same.
            assert_eq!(read(given.field(), &given.value()), Ok(given), "{field}={value}");
        };
        check("sector", "Santé", "sector", "sante");
        check("Sector", "hôpital", "sector", "sante");
        check("level", "agglo", "level", "epci");
        check("attacks", "ransomware, fuite", "attacks", "rancongiciel,fuite");
        check("status", "confirmé", "status", "confirme");
        check("victim", " Ville de Bondy ", "victim", "Ville de Bondy");
        check("actor", "LockBit", "actor", "LockBit");
        check("actor", "inconnu", "actor", "inconnu");
        check("country", "be", "country", "BE");
        check("country", "France", "country", "FR");
        check("country", "inconnu", "country", "inconnu");
        check("departement", "Loiret", "departement", "45");
        check("commune", "45234", "commune", "45234");
        check("event", "2024-05-03", "event", "2024-05-03");
        check("event", "2024-05-01/2024-05-03", "event", "2024-05-01/2024-05-03");
        check("event", "2024-02", "event", "2024-02-01/2024-02-29");
        check("event", "2023", "event", "2023-01-01/2023-12-31");
        check("event", "inconnu", "event", "inconnu");
        check("incident", "non", "incident", "no");
        check("incident", "oui", "incident", "yes");
    }

    #[test]
    fn what_means_nothing_says_what_is_near() {
        let check = |field: &str, value: &str, words: &str| {
            let said = read(field, value).expect_err(value);
            assert!(said.contains(words), "{field}={value}: {said}");
        };
        check("secteur", "sante", "did you mean `sector`?");
        check("sector", "colectivité", "did you mean `collectivite`?");
        check("sector", "sante,energie", "give one sector");
        check("attacks", "ddoss", "did you mean `ddos`?");
        check("status", "confirmer", "did you mean `confirme`?");
        check("departement", "Loirret", "did you mean `Loiret`?");
        check("commune", "Orléans", "45234 of that name");
        check("commune", "99999", "INSEE codes");
        check("country", "Francie", "two-letter code");
        check("event", "hier", "2024-05-01/2024-05-03");
        check("event", "2024-05-03/2024-05-01", "write 2024-05-03");
        check("incident", "peut-être", "`no`");
        check("victim", " ", "give a value");
    }
}
