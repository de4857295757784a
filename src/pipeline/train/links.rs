//! What tells two articles on one incident from two on different ones: the weights of `links.toml`, learned from pairs
//! of labelled articles, and how well articles are grouped by weights that were learned without them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{CROWD_EXPONENT, Judged, Trainee, rounded};
use crate::dedup::figures::{Sense, cosine, days_between};
use crate::dedup::group::{Thresholds, group};
use crate::dedup::imprint::Frequencies;
use crate::dedup::pair::{Fitted, LinkModel, Telling, columns, row, senses};
use crate::learn::logistic::{self, Example, NotFitted, Penalty};
use crate::model::analysis::Analysis;
use crate::model::incident::ArticleRef;
use crate::model::label::ArticleKind;
use crate::text::fold::slug;
use crate::text::headline::headline;

/// How strongly the weights are kept small, where each figure is measured by how far it spreads.
const STRENGTH: f32 = 1.0;
/// The mean probabilities at which groups become one.
const THRESHOLDS: Thresholds = Thresholds { join: 0.35, merge: 0.7 };
/// Baseline: articles with words so much alike are copies of one.
const NEAR_DUPLICATE: f32 = 0.8;
/// Baseline: likeness fades to a third in about so many days.
const DECAY_DAYS: f32 = 20.0;
/// Baseline: less likeness than this is none.
const LEAST_ALIKE: f32 = 0.02;
/// A weight that goes the wrong way by less than this is none.
const LIGHTEST: f64 = 1e-3;
/// Fewer pairs on one incident than this teach nothing.
const FEWEST_PAIRS: usize = 30;
/// Fewer articles of a press stream than this do not tell how often words are used.
const FEWEST_ARTICLES: usize = 1_000;

/// How often words stand in the press streams among these articles; none where they are too few to tell.
pub fn frequencies(trainees: &[&Trainee]) -> Option<Frequencies> {
    let stream = || trainees.iter().filter(|trainee| trainee.is_stream);
    (stream().count() >= FEWEST_ARTICLES).then(|| Frequencies::count(stream().map(|trainee| &trainee.article)))
}

/// Whether enough of these articles are on one incident with others.
pub fn can_be_learned(trainees: &[&Trainee]) -> bool {
    let mut articles: BTreeMap<&str, usize> = BTreeMap::new();
    for main in trainees.iter().filter_map(|trainee| trainee.label.incidents.first()) {
        *articles.entry(&main.key).or_default() += 1;
    }
    articles.values().map(|count| count * (count - 1) / 2).sum::<usize>() >= FEWEST_PAIRS
}

/// An article that is said to tell an incident, as it is compared.
pub struct Entry<'a> {
    /// The article with its labels.
    pub trainee: &'a Trainee,
    /// The part that it was kept out of.
    part: usize,
    /// What is compared.
    pub article: ArticleRef,
}

/// The articles that are said to tell an incident, in order of publication.
pub fn entries<'a>(judged: &[Judged<'a>], frequencies: &Frequencies) -> Vec<Entry<'a>> {
    let told = judged
        .iter()
        .filter(|it| it.analysis.tells_incident && !it.analysis.is_foreign());
    let mut entries: Vec<Entry> = told
        .map(|it| Entry {
            trainee: it.trainee,
            part: it.part,
            article: reference(it, frequencies),
        })
        .collect();
    entries.sort_by(|a, b| (a.article.published, &a.article.id).cmp(&(b.article.published, &b.article.id)));
    entries
}

fn reference(judged: &Judged<'_>, frequencies: &Frequencies) -> ArticleRef {
    let article = &judged.trainee.article;
    ArticleRef {
        id: article.id.clone(),
        outlet: article.outlet.clone(),
        url: article.url.clone(),
        title: article.title.clone(),
        published: article.published,
        kind: judged.analysis.kind,
        says: Analysis {
            facts: Vec::new(),
            evidence: Vec::new(),
            recalled: Vec::new(),
            ..judged.analysis.clone()
        },
        joined: Vec::new(),
        part: None,
        stories: 1,
        imprint: frequencies.imprint(article),
        founded: Vec::new(),
    }
}

impl Entry<'_> {
    /// The incident that it tells by its labels.
    fn incident(&self) -> Option<&str> {
        self.trainee.label.incidents.first().map(|main| main.key.as_str())
    }
}

/// Two entries that share a key, the earlier one first, with their figures.
struct Pair {
    places: (usize, usize),
    row: Vec<(u32, f32)>,
}

/// The pairs that share a key, lie near enough in time and do not surely name different victims.
fn pairs(tellings: &[Telling]) -> Vec<Pair> {
    let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
    let mut found: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (later, telling) in tellings.iter().enumerate() {
        for key in telling.keys() {
            let known = by_key.entry(key).or_default();
            found.extend(known.iter().map(|earlier| (*earlier, later)));
            known.push(later);
        }
    }
    let near = found
        .into_iter()
        .filter(|(one, other)| are_near(&tellings[*one], &tellings[*other]));
    near.filter_map(|places| {
        let row = row(&tellings[places.0], &tellings[places.1])?;
        Some(Pair { places, row })
    })
    .collect()
}

fn are_near(one: &Telling, other: &Telling) -> bool {
    let seconds = one
        .article
        .published
        .as_second()
        .abs_diff(other.article.published.as_second());
    let days = (seconds / 86_400) as i64;
    days <= one.window_days().max(other.window_days())
}

/// Fits the weights to all pairs of labelled entries; none when too few of them tell one incident.
pub fn fit(entries: &[Entry<'_>], corpus: &str) -> Result<Option<LinkModel>, NotFitted> {
    let tellings: Vec<Telling> = entries.iter().map(|entry| Telling::of(&entry.article)).collect();
    let pairs = pairs(&tellings);
    fit_pairs(entries, &pairs, |entry| entry.incident().is_some(), corpus)
}

fn fit_pairs(
    entries: &[Entry<'_>],
    pairs: &[Pair],
    teaches: impl Fn(&Entry<'_>) -> bool,
    corpus: &str,
) -> Result<Option<LinkModel>, NotFitted> {
    let taught: Vec<bool> = entries
        .iter()
        .map(|entry| teaches(entry) && entry.incident().is_some())
        .collect();
    let mut crowd: BTreeMap<&str, f32> = BTreeMap::new();
    for entry in entries
        .iter()
        .zip(&taught)
        .filter(|(_, taught)| **taught)
        .map(|(entry, _)| entry)
    {
        *crowd.entry(entry.incident().unwrap_or_default()).or_default() += 1.0;
    }
    let teaching: Vec<&Pair> = pairs
        .iter()
        .filter(|pair| taught[pair.places.0] && taught[pair.places.1])
        .collect();
    let answers: Vec<(bool, f32)> = teaching
        .iter()
        .map(|pair| {
            let (one, other) = (entries[pair.places.0].incident(), entries[pair.places.1].incident());
            let articles = one.map_or(2.0, |key| crowd[key]);
            let yes = one == other;
            (
                yes,
                if yes {
                    (articles - 1.0).powf(-CROWD_EXPONENT)
                } else {
                    1.0
                },
            )
        })
        .collect();
    let same = answers.iter().filter(|(yes, _)| *yes).count();
    if same < FEWEST_PAIRS || same == answers.len() {
        return Ok(None);
    }
    let weights = weigh(&teaching, &answers)?;
    let fitted = Fitted {
        corpus: corpus.to_owned(),
        pairs: answers.len(),
        same,
    };
    Ok(Some(LinkModel::new(&weights, THRESHOLDS, Some(fitted))))
}

/// The weights that tell the pairs apart best among those that go the right way: figures whose weight does not are left
/// out, the heaviest first, until none is left.
fn weigh(pairs: &[&Pair], answers: &[(bool, f32)]) -> Result<Vec<f32>, NotFitted> {
    let spreads = spreads(pairs);
    let senses: Vec<Sense> = senses().collect();
    let mut strengths = vec![STRENGTH; columns()];
    strengths[0] = 0.0;
    let penalty = Penalty { strengths };
    let mut rows: Vec<Vec<(u32, f32)>> = pairs.iter().map(|pair| centred(pair, &spreads)).collect();
    loop {
        let examples: Vec<Example<'_>> = rows
            .iter()
            .zip(answers)
            .map(|(row, (yes, weight))| Example {
                row,
                yes: *yes,
                weight: *weight,
            })
            .collect();
        let mut weights = logistic::fit(&examples, &penalty)?;
        let wrong: Vec<bool> = senses
            .iter()
            .zip(&weights)
            .map(|(sense, weight)| !sense.allows(*weight))
            .collect();
        let wrong_weights = weights.iter().zip(&wrong).filter(|(_, wrong)| **wrong);
        let heaviest = wrong_weights.map(|(weight, _)| weight.abs()).fold(0.0, f64::max);
        if heaviest >= LIGHTEST {
            let is_left_out = |column: usize| wrong[column] && weights[column].abs() > heaviest / 2.0;
            rows.iter_mut()
                .for_each(|row| row.retain(|(column, _)| !is_left_out(*column as usize)));
            continue;
        }
        for ((weight, spread), wrong) in weights.iter_mut().zip(&spreads).zip(wrong).skip(1) {
            *weight = if wrong { 0.0 } else { *weight / spread.deviation };
        }
        let shift: f64 = weights
            .iter()
            .zip(&spreads)
            .skip(1)
            .map(|(weight, spread)| weight * spread.mean)
            .sum();
        weights[0] -= shift;
        return Ok(weights.into_iter().map(rounded).collect());
    }
}

/// How a figure spreads over the pairs.
struct Spread {
    mean: f64,
    /// The standard deviation; 1 where there is none.
    deviation: f64,
}

/// The spread of each figure.
fn spreads(pairs: &[&Pair]) -> Vec<Spread> {
    let count = pairs.len().max(1) as f64;
    let mut sums = vec![(0.0, 0.0); columns()];
    for (column, value) in pairs.iter().flat_map(|pair| &pair.row) {
        let value = f64::from(*value);
        let sum: &mut (f64, f64) = &mut sums[*column as usize];
        sum.0 += value;
        sum.1 += value * value;
    }
    let spread = |(sum, squares): (f64, f64)| {
        let mean = sum / count;
        let deviation = (squares / count - mean * mean).max(0.0).sqrt();
        Spread {
            mean,
            deviation: if deviation > 1e-6 { deviation } else { 1.0 },
        }
    };
    sums.into_iter().map(spread).collect()
}

/// The figures of a pair beside their means, in standard deviations; the first one, always 1, stays as it is.
fn centred(pair: &Pair, spreads: &[Spread]) -> Vec<(u32, f32)> {
    let mut values = vec![0.0; columns()];
    for (column, value) in &pair.row {
        values[*column as usize] = f64::from(*value);
    }
    let beside = values
        .iter()
        .zip(spreads)
        .map(|(value, spread)| (value - spread.mean) / spread.deviation);
    let rest = (0..).zip(beside.map(|value| value as f32)).skip(1);
    std::iter::once((0, 1.0)).chain(rest).collect()
}

/// How entries are grouped by weights that were fitted without their part.
pub struct Grouping {
    /// For each entry the first entry of its group.
    pub groups: Vec<usize>,
    /// The pairs that were compared: those that share a key, the earlier one first.
    pub compared: BTreeSet<(usize, usize)>,
}

/// Groups the entries, each pair by weights fitted without the part of its later one. `streams` tells for each entry the
/// file that it is of: entries of different files are never together. None when there is too little to learn from.
pub fn validate(entries: &[Entry<'_>], streams: &[usize]) -> Result<Option<Grouping>, NotFitted> {
    let tellings: Vec<Telling> = entries.iter().map(|entry| Telling::of(&entry.article)).collect();
    let pairs = pairs(&tellings);
    let parts: BTreeSet<usize> = entries.iter().map(|entry| entry.part).collect();
    let mut models: BTreeMap<usize, LinkModel> = BTreeMap::new();
    for part in parts {
        let of_part = entries.iter().filter(|entry| entry.part == part);
        let kept_out: BTreeSet<&str> = of_part.flat_map(|entry| super::keys(entry.trainee)).collect();
        let teaches =
            |entry: &Entry<'_>| entry.part != part && super::keys(entry.trainee).all(|key| !kept_out.contains(key));
        match fit_pairs(entries, &pairs, teaches, "")? {
            Some(model) => models.insert(part, model),
            None => return Ok(None),
        };
    }
    let probability = |one: usize, other: usize| {
        let is_one_stream = streams[one] == streams[other] && are_near(&tellings[one], &tellings[other]);
        let model = &models[&entries[one.max(other)].part];
        if is_one_stream {
            model.probability(&tellings[one], &tellings[other])
        } else {
            0.0
        }
    };
    let compared: BTreeSet<(usize, usize)> = pairs.iter().map(|pair| pair.places).collect();
    let linked = compared
        .iter()
        .copied()
        .filter(|(one, other)| probability(*one, *other) >= THRESHOLDS.join);
    Ok(Some(Grouping {
        groups: grouped(&recalls(entries), linked, &probability, THRESHOLDS),
        compared,
    }))
}

/// Which entries only recall incidents.
fn recalls(entries: &[Entry<'_>]) -> Vec<bool> {
    let kinds = entries.iter().map(|entry| entry.article.kind);
    kinds.map(|kind| kind == ArticleKind::Retrospective).collect()
}

/// For each of the entries the first one of its group, where only what hangs together by these links is grouped.
fn grouped(
    recalls: &[bool],
    linked: impl Iterator<Item = (usize, usize)>,
    probability: &impl Fn(usize, usize) -> f32,
    thresholds: Thresholds,
) -> Vec<usize> {
    let mut groups = vec![0; recalls.len()];
    for component in components(recalls.len(), linked) {
        let of_places = |one: usize, other: usize| probability(component[one], component[other]);
        let is_recap = |place: usize| recalls[component[place]];
        for members in group(component.len(), of_places, is_recap, &BTreeMap::new(), thresholds) {
            for member in &members {
                groups[component[*member]] = component[members[0]];
            }
        }
    }
    groups
}

/// Simpler ways to group the same entries, to be beaten: each with its name and, for each entry, the first entry of its
/// group. Where a way needs a threshold, there is one grouping for each.
pub fn baselines(entries: &[Entry<'_>], streams: &[usize]) -> Vec<(&'static str, Vec<Vec<usize>>)> {
    let count = entries.len();
    let tellings: Vec<Telling> = entries.iter().map(|entry| Telling::of(&entry.article)).collect();
    let titles: Vec<String> = entries
        .iter()
        .map(|entry| {
            slug(headline(
                &entry.article.title,
                &entry.article.url,
                &entry.article.outlet,
            ))
        })
        .collect();
    let near: Vec<(usize, usize)> = (0..count)
        .flat_map(|one| (one + 1..count).map(move |other| (one, other)))
        .filter(|(one, other)| streams[*one] == streams[*other])
        .collect();
    let likeness =
        |one: usize, other: usize| cosine(&entries[one].article.imprint.text, &entries[other].article.imprint.text);
    let alike: BTreeMap<(usize, usize), f32> = near
        .iter()
        .map(|&(one, other)| {
            (
                (one, other),
                likeness(one, other) * (-days_between(&tellings[one], &tellings[other]) / DECAY_DAYS).exp(),
            )
        })
        .filter(|(_, alike)| *alike >= LEAST_ALIKE)
        .collect();
    let fading = |one: usize, other: usize| alike.get(&(one.min(other), one.max(other))).copied().unwrap_or(0.0);
    let single = |linked: Vec<(usize, usize)>| {
        let mut groups = vec![0; count];
        for component in components(count, linked.into_iter()) {
            component.iter().for_each(|entry| groups[*entry] = component[0]);
        }
        vec![groups]
    };
    let linked_by = |holds: &dyn Fn(usize, usize) -> bool| {
        let linked = near.iter().copied().filter(|(one, other)| holds(*one, *other));
        single(linked.collect())
    };
    let by_words = (2..12).map(|step| {
        let threshold = step as f32 * 0.05;
        let linked = alike
            .iter()
            .filter(|(_, alike)| **alike >= threshold)
            .map(|(places, _)| *places);
        grouped(
            &recalls(entries),
            linked,
            &fading,
            Thresholds {
                join: threshold,
                merge: threshold,
            },
        )
    });
    vec![
        ("each alone", single(Vec::new())),
        ("same headline", linked_by(&|one, other| titles[one] == titles[other])),
        (
            "near-duplicate words",
            linked_by(&|one, other| likeness(one, other) >= NEAR_DUPLICATE),
        ),
        ("words and days, best cut", by_words.collect()),
    ]
}

/// The first of what hangs together with this.
fn root_of(roots: &[usize], mut at: usize) -> usize {
    while roots[at] != at {
        at = roots[at];
    }
    at
}

/// What hangs together by these links, each part in order.
fn components(count: usize, links: impl Iterator<Item = (usize, usize)>) -> Vec<Vec<usize>> {
    let mut root: Vec<usize> = (0..count).collect();
    for (one, other) in links {
        let (one, other) = (root_of(&root, one), root_of(&root, other));
        root[one.max(other)] = one.min(other);
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..count {
        let own = root_of(&root, at);
        parts.entry(own).or_default().push(at);
    }
    parts.into_values().collect()
}
