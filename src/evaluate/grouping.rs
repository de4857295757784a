//! How well articles are grouped into incidents: B-cubed and pairwise precision and recall.

use std::collections::HashMap;

use super::score::Score;

/// B-cubed figures: for each article, how much of its group is right, and how much of its true
/// group it finds; averaged over articles. Each item is (true group, found group).
pub fn b_cubed(items: &[(String, String)]) -> Score {
    let counts = Counts::of(items);
    let n = items.len() as f64;
    let (mut precision, mut recall) = (0.0, 0.0);
    for (truth, found) in items {
        let both = counts.both[&(truth.as_str(), found.as_str())] as f64;
        precision += both / counts.found[found.as_str()] as f64;
        recall += both / counts.truth[truth.as_str()] as f64;
    }
    if items.is_empty() {
        Score::of(0.0, 0.0)
    } else {
        Score::of(precision / n, recall / n)
    }
}

/// Pairwise figures: of the pairs joined, how many belong together; of those that belong
/// together, how many are joined. Precision is 1 when nothing is joined.
pub fn pairwise(items: &[(String, String)]) -> Score {
    let counts = Counts::of(items);
    let pairs = |count: &usize| (count * (count - 1) / 2) as f64;
    let right: f64 = counts.both.values().map(pairs).sum();
    let found: f64 = counts.found.values().map(pairs).sum();
    let truth: f64 = counts.truth.values().map(pairs).sum();
    let ratio = |part: f64, whole: f64| if whole == 0.0 { 1.0 } else { part / whole };
    Score::of(ratio(right, found), ratio(right, truth))
}

struct Counts<'a> {
    truth: HashMap<&'a str, usize>,
    found: HashMap<&'a str, usize>,
    both: HashMap<(&'a str, &'a str), usize>,
}

impl<'a> Counts<'a> {
    fn of(items: &'a [(String, String)]) -> Counts<'a> {
        let mut counts = Counts {
            truth: HashMap::new(),
            found: HashMap::new(),
            both: HashMap::new(),
        };
        for (truth, found) in items {
            *counts.truth.entry(truth).or_default() += 1;
            *counts.found.entry(found).or_default() += 1;
            *counts.both.entry((truth, found)).or_default() += 1;
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(items: &[(&str, &str)], b_cubed_expected: (f64, f64), pairwise_expected: (f64, f64)) {
        let items: Vec<(String, String)> = items.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        let close = |score: Score, expected: (f64, f64)| {
            assert!(
                (score.precision - expected.0).abs() < 1e-9 && (score.recall - expected.1).abs() < 1e-9,
                "{score:?}"
            );
        };
        close(b_cubed(&items), b_cubed_expected);
        close(pairwise(&items), pairwise_expected);
    }

    #[test]
    fn figures() {
        check(&[("a", "1"), ("a", "1"), ("b", "2")], (1.0, 1.0), (1.0, 1.0));
        check(&[("a", "1"), ("a", "2")], (1.0, 0.5), (1.0, 0.0));
        check(&[("a", "1"), ("b", "1")], (0.5, 1.0), (0.0, 1.0));
        check(
            &[("a", "1"), ("a", "1"), ("a", "2"), ("b", "2")],
            (0.75, 2.0 / 3.0),
            (0.5, 1.0 / 3.0),
        );
    }
}
