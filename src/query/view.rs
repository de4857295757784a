//! Makes the view of an incident that all outputs share.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::place::{Area, Places};
use super::relations::Relations;
use crate::model::analysis::{Place, Victim};
use crate::model::answer::{DateOf, View, ViewArticle, ViewProvider, ViewVictim};
use crate::model::incident::Incident;
use crate::model::label::Level;
use crate::model::paris;
use crate::text::fold::fold_key;

/// The supplier that most of its articles name; of several, the first by key.
fn provider_of(incident: &Incident) -> Option<ViewProvider> {
    let own = incident.victims.first().map(|main| &main.key);
    let mut counts: BTreeMap<&str, (usize, &Victim)> = BTreeMap::new();
    for provider in incident
        .articles
        .iter()
        .filter_map(|article| article.says.provider.as_ref())
    {
        if own != Some(&provider.key) {
            counts.entry(provider.key.as_str()).or_insert((0, provider)).0 += 1;
        }
    }
    let most = counts.into_iter().rev().max_by_key(|(_, (count, _))| *count);
    most.map(|(key, (_, provider))| ViewProvider {
        name: provider.name.clone(),
        key: key.to_owned(),
    })
}

/// The view of this incident, with its place named after `places` and what it is part of by `relations`.
pub fn view(incident: &Incident, places: &Places, relations: &Relations) -> View {
    let main = incident.victims.first();
    let day = day_of(incident);
    View {
        id: incident.id.clone(),
        date: day.date,
        date_of: if day.event.is_some() {
            DateOf::Event
        } else {
            DateOf::FirstPublished
        },
        victims: incident.victims.iter().map(view_victim).collect(),
        sector: incident.sector(),
        level: main.and_then(|victim| victim.level),
        attacks: incident.attacks.clone(),
        status: incident.status,
        actor: incident.actor.clone(),
        event_from: incident.event.map(|event| event.from),
        event_to: incident.event.map(|event| event.to),
        country: incident.country().map(str::to_owned),
        departement: incident.place().and_then(|place| place.departement.clone()),
        region: incident.place().and_then(|place| place.region.clone()),
        place: place_label(
            main.and_then(|victim| victim.level),
            incident.place(),
            incident.country(),
            places,
        ),
        first_published: incident.first_published,
        last_published: incident.last_published,
        standing: incident.standing,
        sources: distinct_outlets(incident) as u64,
        articles: incident
            .articles
            .iter()
            .map(|article| ViewArticle {
                id: article.id.clone(),
                outlet: article.outlet.clone(),
                title: article.title.clone(),
                url: article.url.clone(),
                published: article.published,
                kind: article.kind,
            })
            .collect(),
        history: incident.history.clone(),
        provider: provider_of(incident),
        part_of: relations.part_of(&incident.id).cloned(),
        parts: relations.parts(&incident.id).to_vec(),
    }
}

/// The day of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IncidentDay {
    /// The one day to show and sort by: the last possible day of the event, else the day of the
    /// first article.
    pub date: Date,
    /// The first and last possible day of the event; none when no article tells.
    pub event: Option<(Date, Date)>,
}

/// The day of an incident. What was reported on one day did not happen later, so a range that
/// runs on ("in 2026", reported in March) ends with the first article; a range wholly after the
/// first article is a misreading and is left aside.
pub fn day_of(incident: &Incident) -> IncidentDay {
    let reported = paris::day(incident.first_published);
    let event = incident
        .event
        .map(|event| (event.from, event.to.min(reported)))
        .filter(|(from, to)| from <= to);
    IncidentDay {
        date: event.map_or(reported, |(_, to)| to),
        event,
    }
}

/// How many publications speak of an incident, whatever the spelling of their names.
pub fn distinct_outlets(incident: &Incident) -> usize {
    let outlets: BTreeSet<String> = incident
        .articles
        .iter()
        .map(|article| fold_key(&article.outlet))
        .collect();
    outlets.len()
}

fn view_victim(victim: &Victim) -> ViewVictim {
    ViewVictim {
        name: victim.name.clone(),
        key: victim.key.as_str().to_owned(),
        sector: victim.sector,
        level: victim.level,
        commune: victim.place.commune.clone(),
        commune_name: victim.place.commune_name.clone(),
        departement: victim.place.departement.clone(),
        region: victim.place.region.clone(),
        country: victim.country.clone(),
        siren: victim.siren.clone(),
    }
}

/// Where a victim is, for people: "Orléans (45)"; a département or its fire service by its own
/// name, "Loiret (45)", and a région by its own; abroad, the country's code. `None` when unknown.
fn place_label(level: Option<Level>, place: Option<&Place>, country: Option<&str>, places: &Places) -> Option<String> {
    let nowhere = Place::default();
    let place = place.unwrap_or(&nowhere);
    let area = |areas: &[Area], code: &str| {
        areas
            .iter()
            .find(|area| area.code == code)
            .map(|area| area.name.clone())
    };
    let region = place
        .region
        .as_ref()
        .map(|code| area(&places.regions, code).unwrap_or_else(|| format!("région {code}")));
    let departement = place
        .departement
        .as_ref()
        .map(|code| match area(&places.departements, code) {
            Some(name) => format!("{name} ({code})"),
            None => format!("({code})"),
        });
    let commune = place.commune_name.as_ref().map(|name| match &place.departement {
        Some(code) => format!("{name} ({code})"),
        None => name.clone(),
    });
    let country = country.filter(|code| *code != "FR").map(str::to_owned);
    match level {
        Some(Level::Region) => region.or(commune).or(departement),
        Some(Level::Departement | Level::FireService) => departement.or(commune).or(region),
        _ => commune.or(departement).or(region),
    }
    .or(country)
}

#[cfg(test)]
mod tests {
    use super::super::examples::few_incidents;
    use super::super::place::tests::few_places;
    use super::*;
    use crate::model::analysis::EventDates;

    #[test]
    fn places_as_people_write_them() {
        let check =
            |level: Option<Level>, commune: &str, departement: &str, region: &str, country: &str, expected: &str| {
                let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
                let place = Place {
                    commune: None,
                    commune_name: given(commune),
                    departement: given(departement),
                    region: given(region),
                };
                let country = given(country);
                let label = place_label(level, Some(&place), country.as_deref(), &few_places());
                assert_eq!(label.unwrap_or_default(), expected);
            };
        check(None, "Orléans", "45", "24", "FR", "Orléans (45)");
        check(Some(Level::Departement), "Orléans", "45", "24", "FR", "Loiret (45)");
        check(Some(Level::FireService), "Semoy", "45", "24", "FR", "Loiret (45)");
        check(Some(Level::Region), "Rennes", "35", "53", "FR", "Bretagne");
        check(Some(Level::Commune), "", "45", "24", "FR", "Loiret (45)");
        check(None, "", "", "24", "FR", "Centre-Val de Loire");
        check(None, "", "99", "", "FR", "(99)");
        check(None, "", "", "77", "FR", "région 77");
        check(None, "", "", "", "FR", "");
        check(None, "", "", "", "BE", "BE");
        check(None, "Anvers", "", "", "BE", "Anvers");
    }

    #[test]
    fn the_day_of_an_incident() {
        let check = |from_to: Option<(&str, &str)>, date: &str, known: bool| {
            // First article on 6 November 2023.
            let mut incident = few_incidents()[0].clone();
            incident.event = from_to.map(|(from, to)| EventDates {
                from: from.parse().unwrap(),
                to: to.parse().unwrap(),
            });
            let day = day_of(&incident);
            assert_eq!((day.date.to_string().as_str(), day.event.is_some()), (date, known));
        };
        check(Some(("2023-11-04", "2023-11-05")), "2023-11-05", true);
        check(Some(("2023-11-01", "2023-11-30")), "2023-11-06", true);
        check(Some(("2023-12-01", "2023-12-02")), "2023-11-06", false);
        check(None, "2023-11-06", false);
    }
}
