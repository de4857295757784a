//! The articles that were read wrongly, by cause, for a person to look at.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::{covers_day, same_name};
use super::labelled::{Labelled, Said};

/// Cause → lines that name the article, what was expected and what was said. All three lists are in
/// the same order.
pub fn errors(labelled: &[Labelled], said: &[Said], titles: &[&str]) -> BTreeMap<&'static str, Vec<String>> {
    let mut errors: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for ((label, said), title) in labelled.iter().zip(said).zip(titles) {
        let mut note = |cause: &'static str, expected: String, found: String| {
            errors
                .entry(cause)
                .or_default()
                .push(format!("{} {title}: expected {expected}, said {found}", label.id));
        };
        match (label.incidents.first(), &said.incident) {
            (None, Some(incident)) => note("1 false incident", label.kind.to_string(), incident.clone()),
            (Some(truth), None) => note("2 missed incident", truth.key.clone(), said.kind.to_string()),
            (None, None) => {}
            (Some(truth), Some(_)) => {
                let victim = said.victim.as_deref().unwrap_or("nobody");
                if !same_name(&truth.victim, victim) {
                    note("3 victim", truth.victim.clone(), victim.to_owned());
                }
                let found: BTreeSet<_> = said.attacks.iter().collect();
                if truth.attacks.iter().collect::<BTreeSet<_>>() != found {
                    let ids = |attacks: &[crate::model::label::AttackType]| {
                        attacks.iter().map(|attack| attack.id()).collect::<Vec<_>>().join("+")
                    };
                    note("4 attack types", ids(&truth.attacks), ids(&said.attacks));
                }
                if said.sector != Some(truth.sector) {
                    let found = said.sector.map_or("none".to_owned(), |sector| sector.to_string());
                    note("5 sector", truth.sector.to_string(), format!("{found} for {victim}"));
                }
                if truth.dept.is_some() && truth.dept != said.departement {
                    let found = said.departement.clone().unwrap_or_else(|| "none".to_owned());
                    note(
                        "6 département",
                        truth.dept.clone().unwrap_or_default(),
                        format!("{found} for {victim}"),
                    );
                }
                if truth.country != "XX" && said.country.as_ref() != Some(&truth.country) {
                    let found = said.country.as_deref().unwrap_or("none");
                    note("7 country", truth.country.clone(), format!("{found} for {victim}"));
                }
                let found = said.event_date.as_deref();
                if let Some(day) = truth
                    .event
                    .as_deref()
                    .filter(|day| !found.is_some_and(|found| covers_day(found, day)))
                {
                    note(
                        "8 day of the attack",
                        day.to_owned(),
                        found.unwrap_or("none").to_owned(),
                    );
                }
                if said.status != Some(truth.status) {
                    let found = said.status.map_or("none".to_owned(), |status| status.to_string());
                    note("9 status", truth.status.to_string(), found);
                }
            }
        }
    }
    merging_errors(labelled, said, &mut errors);
    errors
}

/// Incidents that were split over several, and found incidents that hold several.
fn merging_errors(labelled: &[Labelled], said: &[Said], errors: &mut BTreeMap<&'static str, Vec<String>>) {
    let mut by_truth: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut by_found: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (label, said) in labelled.iter().zip(said) {
        if let (Some(truth), Some(found)) = (label.incidents.first(), said.incident.as_deref()) {
            *by_truth.entry(&truth.key).or_default().entry(found).or_default() += 1;
            *by_found.entry(found).or_default().entry(&truth.key).or_default() += 1;
        }
    }
    let list = |parts: &BTreeMap<&str, usize>| {
        parts
            .iter()
            .map(|(part, count)| format!("{part} x{count}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    for (cause, groups) in [("one incident split", by_truth), ("several incidents joined", by_found)] {
        for (name, parts) in groups.iter().filter(|(_, parts)| parts.len() > 1) {
            errors
                .entry(cause)
                .or_default()
                .push(format!("{name}: {}", list(parts)));
        }
    }
}
