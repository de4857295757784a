//! How far figures might have come out otherwise: bootstrap over incidents. Articles on one incident
//! stand or fall together, so incidents are drawn, not articles.

use std::collections::BTreeMap;

use super::figures::{Outcome, Rates, rates};

/// How many times incidents are drawn anew.
const DRAWS: usize = 1000;
/// Of the drawn figures, the share left out at each end: the interval holds 95 of 100.
const TAIL: f64 = 0.025;
/// Where the draws start, so that the same file gives the same intervals.
const SEED: u64 = 0x76_69_67_69_65;

/// A figure of [`Rates`] by its name.
pub type Figure = (&'static str, fn(&Rates) -> f64);

/// The figures that intervals are given for.
pub const FIGURES: [Figure; 15] = [
    ("detection precision", |rates| rates.detection.precision),
    ("detection recall", |rates| rates.detection.recall),
    ("detection F1", |rates| rates.detection.f1),
    ("local-government F1", |rates| rates.local_government.f1),
    ("sector accuracy", |rates| rates.sector.accuracy),
    ("sector precision", |rates| rates.sector.precision),
    ("attack types micro-F1", |rates| rates.attacks_micro.f1),
    ("attack types macro-F1", |rates| rates.attacks_macro_f1),
    ("victim accuracy", |rates| rates.victim.accuracy),
    ("victim precision", |rates| rates.victim.precision),
    ("département accuracy", |rates| rates.departement.accuracy),
    ("département precision", |rates| rates.departement.precision),
    ("country accuracy", |rates| rates.country.accuracy),
    ("status accuracy", |rates| rates.status.accuracy),
    ("day accuracy", |rates| rates.event.accuracy),
];

/// One figure with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Which.
    pub name: &'static str,
    /// On all articles.
    pub value: f64,
    /// 2.5 % of the draws are lower.
    pub low: f64,
    /// 2.5 % are higher.
    pub high: f64,
}

/// The figures with 95 % intervals. `groups` names the incident (or the article, where it tells none)
/// of each outcome, in the same order.
pub fn intervals(outcomes: &[Outcome], groups: &[&str]) -> Vec<Interval> {
    let mut by_group: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for (outcome, group) in outcomes.iter().zip(groups) {
        by_group.entry(group).or_default().push(outcome);
    }
    let groups: Vec<Vec<&Outcome>> = by_group.into_values().collect();
    let mut random = SEED;
    let mut drawn: Vec<Vec<f64>> = vec![Vec::with_capacity(DRAWS); FIGURES.len()];
    for _ in 0..DRAWS {
        let chosen: Vec<&Outcome> = (0..groups.len())
            .flat_map(|_| {
                groups[(next(&mut random) % groups.len() as u64) as usize]
                    .iter()
                    .copied()
            })
            .collect();
        let rates = rates(chosen.into_iter());
        for (values, (_, figure)) in drawn.iter_mut().zip(FIGURES) {
            values.push(figure(&rates));
        }
    }
    let whole = rates(outcomes.iter());
    FIGURES
        .into_iter()
        .zip(drawn)
        .map(|((name, figure), mut values)| {
            values.retain(|value| !value.is_nan());
            values.sort_by(f64::total_cmp);
            let at = |share: f64| {
                let index = (share * values.len().saturating_sub(1) as f64).round() as usize;
                values.get(index).copied().unwrap_or(f64::NAN)
            };
            Interval {
                name,
                value: figure(&whole),
                low: at(TAIL),
                high: at(1.0 - TAIL),
            }
        })
        .collect()
}

/// SplitMix64: the draws need no better.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::figures::outcome;

    /// An article that tells an incident, found or missed.
    fn article(found: bool) -> Outcome {
        let label = r#"{"id":"a","kind":"incident","incidents":[{"key":"k","victim":"Ville de Lille","sector":"collectivite","level":"commune","attacks":["ddos"],"dept":"59","country":"FR","status":"confirme","actor":null,"event":null}]}"#;
        let incident = if found { "\"i\"" } else { "null" };
        let said = format!(
            r#"{{"id":"a","kind":"incident","incident":{incident},"sector":null,"level":null,"attacks":[],"victim":null,"departement":null,"country":null,"status":null,"actor":null,"event_date":null,"language":"fr","evidence":[]}}"#
        );
        outcome(
            &serde_json::from_str(label).unwrap(),
            &serde_json::from_str(&said).unwrap(),
        )
    }

    fn recall(outcomes: &[Outcome], groups: &[&str]) -> Interval {
        let all = intervals(outcomes, groups);
        *all.iter().find(|it| it.name == "detection recall").unwrap()
    }

    #[test]
    fn incidents_are_drawn_not_articles() {
        let outcomes: Vec<Outcome> = (0..20).map(|number| article(number < 10)).collect();
        let names: Vec<String> = (0..20).map(|number| number.to_string()).collect();
        let apart: Vec<&str> = names.iter().map(String::as_str).collect();
        let of_apart = recall(&outcomes, &apart);
        assert_eq!(of_apart.value, 0.5);
        assert!(
            of_apart.low > 0.2 && of_apart.low < 0.4 && of_apart.high > 0.6 && of_apart.high < 0.8,
            "{of_apart:?}"
        );
        // The same articles on two incidents: either all or none may be found.
        let two: Vec<&str> = (0..20).map(|number| if number < 10 { "a" } else { "b" }).collect();
        let of_two = recall(&outcomes, &two);
        assert_eq!((of_two.value, of_two.low, of_two.high), (0.5, 0.0, 1.0));
        assert_eq!(
            recall(&outcomes, &apart),
            of_apart,
            "the same file gives the same intervals"
        );
    }
}
