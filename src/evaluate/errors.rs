//! The articles that were read wrongly, by cause, for a person to look at.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::{covers_day, same_name};
use super::labelled::{Labelled, LabelledIncident, Said};

/// Cause → lines that name the article, what was expected and what was said. All three lists are in
/// the same order. `compared` tells of two articles, by their places in these lists, whether they were compared at all:
/// whether they share a key.
pub fn errors(
    labelled: &[Labelled],
    said: &[Said],
    titles: &[&str],
    compared: &dyn Fn(usize, usize) -> bool,
) -> BTreeMap<&'static str, Vec<String>> {
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
    for (cause, line) in merging_errors(labelled, said, titles, compared) {
        errors.entry(cause).or_default().push(line);
    }
    errors
}

/// The articles that stand apart from most of their incident, and those that stand with most of another, each with its
/// cause.
fn merging_errors(
    labelled: &[Labelled],
    said: &[Said],
    titles: &[&str],
    compared: &dyn Fn(usize, usize) -> bool,
) -> Vec<(&'static str, String)> {
    let told: Vec<Told> = labelled
        .iter()
        .zip(said)
        .enumerate()
        .filter_map(|(place, (label, said))| {
            Some(Told {
                place,
                truth: label.incidents.first()?,
                group: said.incident.as_deref()?,
                victim: said.victim.as_deref(),
            })
        })
        .collect();
    let mut errors = Vec::new();
    for own in by(&told, |told| &told.truth.key).into_values() {
        let main = largest(by(&own, |told| told.group));
        for stray in own.iter().filter(|told| told.group != main[0].group) {
            let cause = match (stray.victim, usual_victim(&main)) {
                _ if !main.iter().any(|other| compared(stray.place, other.place)) => "split: no key in common",
                (None, _) | (_, None) => "split: victim not named",
                (Some(own), Some(usual)) if same_name(own, usual) => "split: same victim, told apart",
                _ => "split: another victim named",
            };
            let line = format!(
                "{} {}: of {}, whose main group {} has {} of {}",
                labelled[stray.place].id,
                titles[stray.place],
                stray.truth.key,
                main[0].group,
                main.len(),
                own.len()
            );
            errors.push((cause, line));
        }
    }
    for group in by(&told, |told| told.group).into_values() {
        let main = largest(by(&group, |told| &told.truth.key));
        for stray in group.iter().filter(|told| told.truth.key != main[0].truth.key) {
            let cause = match (stray.victim, usual_victim(&main)) {
                _ if same_name(&stray.truth.victim, &main[0].truth.victim) => "joined: two attacks on one victim",
                (None, _) | (_, None) => "joined: victim not named",
                (Some(own), Some(usual)) if same_name(own, usual) => "joined: one victim named for another",
                _ => "joined: different victims named",
            };
            let line = format!(
                "{} {}: of {}, in group {} of {}",
                labelled[stray.place].id, titles[stray.place], stray.truth.key, stray.group, main[0].truth.key
            );
            errors.push((cause, line));
        }
    }
    errors
}

/// An article with an incident, by its labels and as it was grouped.
#[derive(Debug, Clone, Copy)]
struct Told<'a> {
    place: usize,
    truth: &'a LabelledIncident,
    group: &'a str,
    victim: Option<&'a str>,
}

fn by<'a>(told: &[Told<'a>], of: impl Fn(&Told<'a>) -> &'a str) -> BTreeMap<&'a str, Vec<Told<'a>>> {
    let mut parts: BTreeMap<&str, Vec<Told>> = BTreeMap::new();
    for told in told {
        parts.entry(of(told)).or_default().push(*told);
    }
    parts
}

/// The part with most articles; of equals, the first.
fn largest<'a>(parts: BTreeMap<&'a str, Vec<Told<'a>>>) -> Vec<Told<'a>> {
    let largest = parts.into_values().rev().max_by_key(Vec::len);
    largest.unwrap_or_default()
}

/// The victim that most of these articles name.
fn usual_victim<'a>(told: &[Told<'a>]) -> Option<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for victim in told.iter().filter_map(|told| told.victim) {
        *counts.entry(victim).or_default() += 1;
    }
    counts
        .into_iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map(|(victim, _)| victim)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Incident, its victim, the group and the victim that were said; none of both where it was missed.
    type Row = (&'static str, &'static str, Option<(&'static str, Option<&'static str>)>);

    #[track_caller]
    fn check(rows: &[Row], apart: &[(usize, usize)], expected: &[(&str, &[&str])]) {
        let label = |(number, (key, victim, _)): (usize, &Row)| -> Labelled {
            serde_json::from_str(&format!(
                r#"{{"id":"a{number}","kind":"incident","incidents":[{{"key":"{key}","victim":"{victim}","sector":"collectivite","level":"commune","attacks":["ddos"],"dept":null,"country":"FR","status":"signale","actor":null,"event":null}}]}}"#
            ))
            .unwrap()
        };
        let say = |(number, (_, _, said)): (usize, &Row)| -> Said {
            let quoted = |word: Option<&str>| word.map_or("null".to_owned(), |word| format!("\"{word}\""));
            let (group, victim) = said.map_or((None, None), |(group, victim)| (Some(group), victim));
            serde_json::from_str(&format!(
                r#"{{"id":"a{number}","kind":"incident","incident":{},"sector":null,"level":null,"attacks":[],"victim":{},"departement":null,"country":null,"status":null,"actor":null,"event_date":null,"language":"fr","evidence":[]}}"#,
                quoted(group),
                quoted(victim)
            ))
            .unwrap()
        };
        let labelled: Vec<Labelled> = rows.iter().enumerate().map(label).collect();
        let said: Vec<Said> = rows.iter().enumerate().map(say).collect();
        let titles = vec!["Titre"; rows.len()];
        let compared = |one: usize, other: usize| !apart.contains(&(one.min(other), one.max(other)));
        let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (cause, line) in merging_errors(&labelled, &said, &titles, &compared) {
            let (id, _) = line.split_once(' ').unwrap();
            found.entry(cause).or_default().push(id.to_owned());
        }
        let expected: BTreeMap<&str, Vec<String>> = expected
            .iter()
            .map(|(cause, ids)| (*cause, ids.iter().map(|id| (*id).to_owned()).collect()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn splits_and_joins_have_causes() {
        let own = |group: &'static str, victim: &'static str| ("lille", "Ville de Lille", Some((group, Some(victim))));
        let main = own("g", "Ville de Lille");
        check(&[main, main], &[], &[]);
        check(&[main, ("lille", "Ville de Lille", None)], &[], &[]);
        check(
            &[main, main, own("h", "Lille")],
            &[],
            &[("split: same victim, told apart", &["a2"])],
        );
        check(
            &[main, main, own("h", "Ville de Dole")],
            &[],
            &[("split: another victim named", &["a2"])],
        );
        check(
            &[main, main, own("h", "Ville de Dole")],
            &[(0, 2), (1, 2)],
            &[("split: no key in common", &["a2"])],
        );
        let unnamed = ("lille", "Ville de Lille", Some(("h", None)));
        check(&[main, main, unnamed], &[], &[("split: victim not named", &["a2"])]);
        let again = ("lille-b", "Mairie de Lille", Some(("g", Some("Ville de Lille"))));
        check(
            &[main, main, again],
            &[],
            &[("joined: two attacks on one victim", &["a2"])],
        );
        let other = |victim| ("dole", "Ville de Dole", Some(("g", victim)));
        check(
            &[main, main, other(None)],
            &[],
            &[("joined: victim not named", &["a2"])],
        );
        check(
            &[main, main, other(Some("Lille"))],
            &[],
            &[("joined: one victim named for another", &["a2"])],
        );
        check(
            &[main, main, other(Some("Dole"))],
            &[],
            &[("joined: different victims named", &["a2"])],
        );
    }
}
