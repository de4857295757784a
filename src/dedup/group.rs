//! Which articles make up one incident: groups grow from the likeliest pair on, and two groups become one only when
//! their articles agree on the whole, not for one weak link. The same articles give the same groups in whatever order
//! they came: they are taken in an order of their own.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

/// A group of so few articles joins another at a lower probability: little stands against it.
const FEW: usize = 2;

/// How sure grouping has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// A group of one or two joins another at this mean probability.
    pub join: f32,
    /// Larger groups become one at this mean probability.
    pub merge: f32,
}

/// What was decided beforehand about two articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// They belong to one incident.
    Together,
    /// They do not.
    Apart,
}

/// Groups `count` articles, numbered in a fixed order, by how likely each pair tells one incident. Those that only recall
/// incidents (recaps) never bring two groups together: they are given to the likeliest group of the others, and make up
/// groups among themselves where there is none. `ties` outrank probabilities: two that belong together bring their whole
/// groups together; where ties contradict each other, `Together` holds. Groups are ordered by their first article, and the
/// articles in each by number.
pub fn group(
    count: usize,
    probability: impl Fn(usize, usize) -> f32,
    recalls: impl Fn(usize) -> bool,
    ties: &Ties,
    thresholds: Thresholds,
) -> Vec<Vec<usize>> {
    let (recaps, news): (Vec<usize>, Vec<usize>) = (0..count).partition(|article| recalls(*article));
    let mut groups = grow(&news, &probability, ties, thresholds);
    let mut left = Vec::new();
    for recap in recaps {
        match likeliest(recap, &groups, &probability, &recalls, ties, thresholds) {
            Some(place) => groups[place].push(recap),
            None => left.push(recap),
        }
    }
    groups.extend(grow(&left, &probability, ties, thresholds));
    unite(groups, ties)
}

/// Makes one of the groups whose articles were decided to belong together.
fn unite(groups: Vec<Vec<usize>>, ties: &Ties) -> Vec<Vec<usize>> {
    let mut homes: BTreeMap<usize, usize> = BTreeMap::new();
    let mut united: Vec<Vec<usize>> = Vec::new();
    for (members, place) in groups.into_iter().zip(0..) {
        homes.extend(members.iter().map(|article| (*article, place)));
        united.push(members);
    }
    for (one, other) in ties
        .iter()
        .filter(|(_, tie)| **tie == Tie::Together)
        .map(|(pair, _)| pair)
    {
        if let (Some(&kept), Some(&gone)) = (homes.get(one), homes.get(other))
            && kept != gone
        {
            let moved = std::mem::take(&mut united[gone]);
            homes.extend(moved.iter().map(|article| (*article, kept)));
            united[kept].extend(moved);
        }
    }
    united.retain(|members| !members.is_empty());
    for members in &mut united {
        members.sort_unstable();
    }
    united.sort();
    united
}

/// Groups these articles from the likeliest pair on.
fn grow(
    articles: &[usize],
    probability: &impl Fn(usize, usize) -> f32,
    ties: &Ties,
    thresholds: Thresholds,
) -> Vec<Vec<usize>> {
    let places: BTreeMap<usize, usize> = articles.iter().copied().zip(0..).collect();
    let own: Ties = ties
        .iter()
        .filter_map(|((one, other), tie)| Some(((*places.get(one)?, *places.get(other)?), *tie)))
        .collect();
    let of_places = |one: usize, other: usize| probability(articles[one], articles[other]);
    let mut groups = Groups::new(articles.len(), of_places, &own, thresholds);
    groups.grow();
    let members = groups.into_members().into_iter();
    members
        .map(|members| members.into_iter().map(|place| articles[place]).collect())
        .collect()
}

/// The group to which a recap belongs, by the mean over those of its articles that are no recaps.
fn likeliest(
    recap: usize,
    groups: &[Vec<usize>],
    probability: &impl Fn(usize, usize) -> f32,
    recalls: &impl Fn(usize) -> bool,
    ties: &Ties,
    thresholds: Thresholds,
) -> Option<usize> {
    let tie = |other: usize| ties.get(&(recap.min(other), recap.max(other)));
    let mut best: Option<(f32, usize)> = None;
    for (members, place) in groups.iter().zip(0..) {
        if members.iter().any(|other| tie(*other) == Some(&Tie::Apart)) {
            continue;
        }
        let (mut sum, mut news) = (0.0, 0);
        for other in members.iter().filter(|other| !recalls(**other)) {
            sum += probability(recap.min(*other), recap.max(*other));
            news += 1;
        }
        let mean = sum / news.max(1) as f32;
        if mean >= thresholds.join && best.is_none_or(|(highest, _)| mean > highest) {
            best = Some((mean, place));
        }
    }
    best.map(|(_, place)| place)
}

/// What was decided about pairs, the lower number first.
pub type Ties = BTreeMap<(usize, usize), Tie>;

/// Groups under way. A group goes by the number of its first article.
struct Groups {
    thresholds: Thresholds,
    /// Empty where the group went into another.
    members: Vec<Vec<usize>>,
    /// Of each group, to each group that it has anything to do with: the sum over pairs. Minus infinity keeps apart.
    sums: Vec<BTreeMap<usize, f64>>,
    heap: BinaryHeap<Candidate>,
}

/// Two groups that may become one.
#[derive(Debug, PartialEq)]
struct Candidate {
    mean: f64,
    one: usize,
    other: usize,
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        // The likeliest comes first; of equals, the one with the earliest articles.
        self.mean
            .total_cmp(&other.mean)
            .then_with(|| (other.one, other.other).cmp(&(self.one, self.other)))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Groups {
    fn new(count: usize, probability: impl Fn(usize, usize) -> f32, ties: &Ties, thresholds: Thresholds) -> Groups {
        let mut groups = Groups {
            thresholds,
            members: (0..count).map(|article| vec![article]).collect(),
            sums: vec![BTreeMap::new(); count],
            heap: BinaryHeap::new(),
        };
        for one in 0..count {
            for other in one + 1..count {
                let sum = match ties.get(&(one, other)) {
                    Some(Tie::Apart) => f64::NEG_INFINITY,
                    _ => f64::from(probability(one, other)),
                };
                if sum != 0.0 {
                    groups.sums[one].insert(other, sum);
                    groups.sums[other].insert(one, sum);
                    groups.consider(one, other);
                }
            }
        }
        groups
    }

    fn grow(&mut self) {
        while let Some(next) = self.heap.pop() {
            // What became of the two since may have changed their mean, or what is asked of it.
            if self.mean(next.one, next.other) == Some(next.mean) && next.mean >= self.needed(next.one, next.other) {
                self.join(next.one, next.other);
            }
        }
    }

    /// The mean over all pairs of two groups; none when they have nothing to do with each other, or one is gone.
    fn mean(&self, one: usize, other: usize) -> Option<f64> {
        let pairs = self.members[one].len() * self.members[other].len();
        let sum = self.sums[one].get(&other)?;
        (pairs > 0).then(|| sum / pairs as f64)
    }

    /// The mean probability at which two groups become one.
    fn needed(&self, one: usize, other: usize) -> f64 {
        let fewest = self.members[one].len().min(self.members[other].len());
        f64::from(if fewest <= FEW {
            self.thresholds.join
        } else {
            self.thresholds.merge
        })
    }

    fn consider(&mut self, one: usize, other: usize) {
        let needed = self.needed(one, other);
        if let Some(mean) = self.mean(one, other).filter(|mean| *mean >= needed) {
            self.heap.push(Candidate {
                mean,
                one: one.min(other),
                other: one.max(other),
            });
        }
    }

    /// Takes the second group, whose first article comes later, into the first.
    fn join(&mut self, kept: usize, gone: usize) {
        let members = std::mem::take(&mut self.members[gone]);
        self.members[kept].extend(members);
        self.sums[kept].remove(&gone);
        for (third, sum) in std::mem::take(&mut self.sums[gone]) {
            self.sums[third].remove(&gone);
            if third != kept {
                *self.sums[kept].entry(third).or_default() += sum;
                let sum = self.sums[kept][&third];
                self.sums[third].insert(kept, sum);
            }
        }
        let thirds: Vec<usize> = self.sums[kept].keys().copied().collect();
        for third in thirds {
            self.consider(kept, third);
        }
    }

    fn into_members(self) -> Vec<Vec<usize>> {
        let groups = self.members.into_iter().filter(|members| !members.is_empty());
        groups
            .map(|mut members| {
                members.sort_unstable();
                members
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const THRESHOLDS: Thresholds = Thresholds { join: 0.35, merge: 0.7 };

    #[track_caller]
    fn check(count: usize, pairs: &[(usize, usize, f32)], ties: &[(usize, usize, Tie)], expected: &[&[usize]]) {
        let table: BTreeMap<(usize, usize), f32> = pairs.iter().map(|(a, b, p)| ((*a, *b), *p)).collect();
        let ties = ties.iter().map(|(a, b, tie)| ((*a, *b), *tie)).collect();
        let probability = |a: usize, b: usize| table.get(&(a, b)).copied().unwrap_or(0.0);
        assert_eq!(group(count, probability, |_| false, &ties, THRESHOLDS), expected);
    }

    #[test]
    fn groups_need_support_on_the_whole() {
        check(0, &[], &[], &[]);
        check(2, &[], &[], &[&[0], &[1]]);
        check(2, &[(0, 1, 0.35)], &[], &[&[0, 1]]);
        check(2, &[(0, 1, 0.34)], &[], &[&[0], &[1]]);
        // A chain of one strong and one weak link does not hold together.
        check(3, &[(0, 1, 0.9), (1, 2, 0.6)], &[], &[&[0, 1], &[2]]);
        check(3, &[(0, 1, 0.9), (1, 2, 0.6), (0, 2, 0.2)], &[], &[&[0, 1, 2]]);
        // Two groups of three, all alike to one half, stay two.
        let within = [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5)].map(|(a, b)| (a, b, 0.9));
        let across = |p: f32| (0..3).flat_map(move |a| (3..6).map(move |b| (a, b, p)));
        let pairs: Vec<_> = within.into_iter().chain(across(0.5)).collect();
        check(6, &pairs, &[], &[&[0, 1, 2], &[3, 4, 5]]);
        let pairs: Vec<_> = within.into_iter().chain(across(0.7)).collect();
        check(6, &pairs, &[], &[&[0, 1, 2, 3, 4, 5]]);
    }

    #[test]
    fn what_was_decided_outranks_what_is_likely() {
        use Tie::{Apart, Together};
        check(2, &[], &[(0, 1, Together)], &[&[0, 1]]);
        check(2, &[(0, 1, 1.0)], &[(0, 1, Apart)], &[&[0], &[1]]);
        // Apart from one is apart from its whole group.
        let pairs = [(0, 1, 0.99), (0, 2, 0.9), (1, 2, 0.9)];
        check(3, &pairs, &[(0, 2, Apart)], &[&[0, 1], &[2]]);
        check(
            3,
            &pairs,
            &[(0, 2, Apart), (0, 1, Together), (1, 2, Together)],
            &[&[0, 1, 2]],
        );
        // Whole groups come together, not two articles of them.
        check(
            4,
            &[(1, 3, 0.9)],
            &[(0, 2, Together), (2, 3, Together)],
            &[&[0, 1, 2, 3]],
        );
        let eight = (0..8).flat_map(|a| (a + 1..8).map(move |b| (a, b, 0.9)));
        let pairs: Vec<_> = eight.chain([(8, 9, 0.9)]).collect();
        check(10, &pairs, &[(7, 9, Together)], &[&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    }

    #[test]
    fn recaps_bring_nothing_together() {
        let check =
            |pairs: &[(usize, usize, f32)], recaps: &[usize], ties: &[((usize, usize), Tie)], expected: &[&[usize]]| {
                let table: BTreeMap<(usize, usize), f32> = pairs.iter().map(|(a, b, p)| ((*a, *b), *p)).collect();
                let probability = |a: usize, b: usize| table.get(&(a, b)).copied().unwrap_or(0.0);
                let ties = ties.iter().copied().collect();
                let found = group(3, probability, |article| recaps.contains(&article), &ties, THRESHOLDS);
                assert_eq!(found, expected, "{pairs:?}");
            };
        let bridge = [(0, 1, 0.8), (1, 2, 0.9)];
        check(&bridge, &[], &[], &[&[0, 1, 2]]);
        check(&bridge, &[1], &[], &[&[0], &[1, 2]]);
        check(&[(0, 1, 0.9), (1, 2, 0.8)], &[1], &[], &[&[0, 1], &[2]]);
        check(&bridge, &[1], &[((1, 2), Tie::Apart)], &[&[0, 1], &[2]]);
        check(&bridge, &[1], &[((0, 1), Tie::Together)], &[&[0, 1, 2]]);
        check(&[(0, 1, 0.3), (1, 2, 0.3)], &[1], &[], &[&[0], &[1], &[2]]);
        // Among themselves they are like others.
        check(&bridge, &[1, 2], &[], &[&[0, 1], &[2]]);
        check(&[(1, 2, 0.9)], &[1, 2], &[], &[&[0], &[1, 2]]);
    }

    proptest! {
        /// Whatever the numbers, every article is in one group, and two that are alone in theirs are likely one.
        #[test]
        fn every_article_has_one_group(
            probabilities in proptest::collection::vec(0.0f32..1.0, 45),
        ) {
            let at = |a: usize, b: usize| probabilities[a.min(b) * (17 - a.min(b)) / 2 + a.max(b) - a.min(b) - 1];
            let groups = group(9, at, |_| false, &BTreeMap::new(), THRESHOLDS);
            let mut all: Vec<usize> = groups.concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..9).collect::<Vec<_>>());
            for members in &groups {
                if let [one, other] = members[..] {
                    prop_assert!(at(one, other) >= THRESHOLDS.join);
                }
            }
        }
    }
}
