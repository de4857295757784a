//! Learning the votes from labelled articles, and measuring what was learned on articles that had
//! no part in it.

use std::collections::{BTreeMap, BTreeSet};

use super::analyse::{Prepared, Reader};
use crate::classify::features::{columns, is_anywhere, is_named, named_columns};
use crate::classify::verdict::{is_told, is_vetoed};
use crate::classify::votes::{Cuts, Fitted, KindVote, Votes, Weights};
use crate::entities::candidate_features;
use crate::entities::gazetteer::Gazetteer;
use crate::evaluate::figures::same_name;
use crate::evaluate::labelled::Labelled;
use crate::learn::calibration::{Calibration, threshold};
use crate::learn::logistic::{self, Example, NotFitted, Penalty};
use crate::model::analysis::Analysis;
use crate::model::article::Article;
use crate::model::label::{AttackType, Status};
use crate::model::paris;
use crate::text::document::Document;

/// How strongly the weights of named figures are kept small.
const NAMED_STRENGTH: f32 = 1.0;
/// The same for the weights of phrases in their positions, of which there are many more.
const PHRASE_STRENGTH: f32 = 2.0;
/// The same where only articles with an incident are compared: fewer examples.
const TYPE_STRENGTH: f32 = 10.0;
/// Articles on one incident count together as the root of their number: sixty articles on one attack
/// are not sixty lessons.
const CROWD_EXPONENT: f32 = 0.5;
/// A label needs this many examples before it gets a vote of its own.
const FEWEST_EXAMPLES: usize = 5;
/// The same for attack types, which stand by the weights of their phrases otherwise.
const FEWEST_TYPE_EXAMPLES: usize = 12;
/// How many parts the training articles are cut into to calibrate the scores.
const CALIBRATION_FOLDS: usize = 5;
/// What an article of a collection of incidents counts beside one of a press stream.
const COLLECTION_WEIGHT: f32 = 1.0;
/// How strongly the weights of figures about candidates for victims are kept small.
const CANDIDATE_STRENGTH: f32 = 1.0;
/// Phrases that weigh less than this in a position do not count there.
const LIGHTEST_PHRASE: f64 = 0.04;
/// Each article with an incident is learned from twice, by all lists and as if no list knew its companies: the next
/// victim is often on none.
const LISTED_WEIGHT: f32 = 0.5;
/// What a body named in an article without an incident counts.
const IDLE_WEIGHT: f32 = 0.05;
/// Files with a smaller share of incident articles than this are a press stream, on which thresholds
/// are chosen; others are collections of incidents.
const STREAM_SHARE: f32 = 1.0 / 3.0;

/// One labelled article, prepared.
pub struct Trainee {
    /// The article.
    pub article: Article,
    /// Its labels.
    pub label: Labelled,
    prepared: Prepared,
    /// Its features without the positions of phrases.
    anywhere: Vec<(u32, f32)>,
    /// The bodies it names.
    candidates: Vec<Named>,
    /// Whether it comes from a press stream.
    is_stream: bool,
}

/// A body that an article names.
#[derive(Clone)]
struct Named {
    row: Vec<(u32, f32)>,
    is_main: bool,
    weight: f32,
}

/// What is asked of the training.
#[derive(Debug, Clone, Copy)]
pub struct Wishes {
    /// The precision that calling an article an incident must keep on the press stream.
    pub precision: f64,
    /// The precision that naming a victim must keep.
    pub victim_precision: f64,
}

/// How articles are cut into parts for cross-validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folds {
    /// This many parts, by incident.
    Incident(usize),
    /// One part a month of publication; collections of incidents are spread over them by incident, unless there is
    /// nothing else.
    Month,
}

/// Prepares the articles of one file. `unlisted` are the lists without companies.
pub fn prepare(reader: &Reader, unlisted: &Gazetteer, articles: Vec<(Article, Labelled)>) -> Vec<Trainee> {
    let columns: BTreeMap<&str, u32> = candidate_features().zip(0..).collect();
    let telling = articles.iter().filter(|(_, label)| !label.incidents.is_empty()).count();
    let is_stream = (telling as f32) < STREAM_SHARE * articles.len() as f32;
    articles
        .into_iter()
        .map(|(article, label)| {
            let prepared = reader.prepare(&article);
            Trainee {
                anywhere: anywhere(&prepared),
                candidates: candidates(reader, unlisted, &columns, &article, &label),
                prepared,
                article,
                label,
                is_stream,
            }
        })
        .collect()
}

/// The rows from which it is learned which of the bodies named was hit.
fn candidates(
    reader: &Reader,
    unlisted: &Gazetteer,
    columns: &BTreeMap<&str, u32>,
    article: &Article,
    label: &Labelled,
) -> Vec<Named> {
    let victims: Vec<&str> = label
        .incidents
        .iter()
        .map(|incident| incident.victim.as_str())
        .collect();
    let rows = |gazetteer: &Gazetteer, weight: f32| -> Vec<Named> {
        let named = reader.candidates(article, gazetteer).into_iter();
        named
            .filter_map(|candidate| {
                let is_main = victims.first().is_some_and(|main| same_name(main, &candidate.name));
                // Whether a further victim could be the main one is not for it to teach.
                let is_further = !is_main && victims.iter().any(|other| same_name(other, &candidate.name));
                let row = candidate.features.iter().map(|(name, value)| (columns[name], *value));
                (!is_further).then(|| Named {
                    row: std::iter::once((0, 1.0)).chain(row).collect(),
                    is_main,
                    weight,
                })
            })
            .collect()
    };
    if victims.is_empty() {
        return rows(reader.gazetteer(), IDLE_WEIGHT);
    }
    let mut both = rows(reader.gazetteer(), LISTED_WEIGHT);
    both.extend(rows(unlisted, 1.0 - LISTED_WEIGHT));
    both
}

fn anywhere(prepared: &Prepared) -> Vec<(u32, f32)> {
    let row = prepared.features.0.iter().copied();
    row.filter(|(column, _)| is_named(*column) || is_anywhere(*column))
        .collect()
}

impl Trainee {
    /// What is the same for all articles on one incident.
    pub fn group(&self) -> &str {
        let incident = self.label.incidents.first();
        incident.map_or(self.label.id.as_str(), |incident| incident.key.as_str())
    }

    /// Its text, cut into zones.
    pub fn document(&self) -> &Document {
        &self.prepared.document
    }

    /// The same article, read again after the reader has learned other weights.
    pub fn read_again(&self, reader: &Reader) -> Trainee {
        let prepared = reader.prepare(&self.article);
        Trainee {
            article: self.article.clone(),
            label: self.label.clone(),
            anywhere: anywhere(&prepared),
            prepared,
            candidates: self.candidates.clone(),
            is_stream: self.is_stream,
        }
    }

    /// What these votes make of it, read again.
    pub fn analysis(&self, reader: &Reader, votes: &Votes) -> Analysis {
        reader.conclude(&self.article, &reader.prepare(&self.article), votes)
    }

    fn tells(&self) -> bool {
        !self.label.incidents.is_empty()
    }

    fn row(&self) -> &[(u32, f32)] {
        &self.prepared.features.0
    }

    fn named_row(&self) -> &[(u32, f32)] {
        let row = self.row();
        let end = row.partition_point(|(column, _)| (*column as usize) < named_columns());
        &row[..end]
    }

    fn vote(&self) -> KindVote {
        KindVote {
            kind: self.label.kind,
            tells: self.tells(),
        }
    }

    fn is_of_type(&self, attack: AttackType) -> bool {
        let main = self.label.incidents.first();
        main.is_some_and(|incident| incident.attacks.contains(&attack))
    }
}

/// What the figures about candidates for victims weigh, by name.
pub fn fit_victims(trainees: &[&Trainee]) -> Result<Vec<(&'static str, f32)>, NotFitted> {
    let names: Vec<&str> = candidate_features().collect();
    let crowd = crowd(trainees);
    let examples: Vec<Example<'_>> = trainees
        .iter()
        .flat_map(|trainee| trainee.candidates.iter().map(|candidate| (*trainee, candidate)))
        .map(|(trainee, named)| Example {
            row: &named.row,
            yes: named.is_main,
            weight: named.weight * crowd[trainee.group()].powf(-CROWD_EXPONENT),
        })
        .collect();
    let strengths = (0..names.len()).map(|column| if column == 0 { 0.0 } else { CANDIDATE_STRENGTH });
    let penalty = Penalty {
        strengths: strengths.collect(),
    };
    let weights = logistic::fit(&examples, &penalty)?;
    Ok(names
        .into_iter()
        .zip(weights)
        .map(|(name, weight)| (name, rounded(weight)))
        .collect())
}

/// Fits all votes to these articles.
pub fn fit(reader: &Reader, trainees: &[&Trainee], wishes: &Wishes, digest: &str) -> Result<Votes, NotFitted> {
    let (cuts, incident) = fit_incident(reader, trainees, wishes)?;
    let telling: Vec<&Trainee> = trainees.iter().copied().filter(|trainee| trainee.tells()).collect();
    let mut kinds = Vec::new();
    for vote in trainees.iter().map(|trainee| trainee.vote()).collect::<BTreeSet<_>>() {
        if trainees.iter().filter(|trainee| trainee.vote() == vote).count() >= FEWEST_EXAMPLES {
            kinds.push((
                vote,
                fit_named(trainees, NAMED_STRENGTH, |trainee| trainee.vote() == vote)?,
            ));
        }
    }
    let mut types = BTreeMap::new();
    for attack in AttackType::ALL.iter().copied() {
        if telling.iter().filter(|trainee| trainee.is_of_type(attack)).count() >= FEWEST_TYPE_EXAMPLES {
            types.insert(attack, fit_type(&telling, attack)?);
        }
    }
    let mut statuses = BTreeMap::new();
    for status in Status::ALL.iter().copied() {
        let is = |trainee: &Trainee| {
            trainee
                .label
                .incidents
                .first()
                .is_some_and(|main| main.status == status)
        };
        if telling.iter().filter(|trainee| is(trainee)).count() >= FEWEST_EXAMPLES {
            statuses.insert(status, fit_anywhere(reader, &telling, TYPE_STRENGTH, is)?);
        }
    }
    Ok(Votes {
        fitted: Some(Fitted {
            corpus: digest.to_owned(),
            articles: trainees.len(),
            incident_articles: telling.len(),
        }),
        cuts,
        incident,
        kinds,
        types,
        statuses,
    })
}

/// The weights that tell incidents, calibrated on articles kept out of the fit, and the thresholds.
fn fit_incident(reader: &Reader, trainees: &[&Trainee], wishes: &Wishes) -> Result<(Cuts, Weights), NotFitted> {
    let wide = columns(reader.models().phrases.lexicon.phrases().len());
    let tells = |trainee: &Trainee| trainee.tells();
    let mut scored: Vec<(&Trainee, f64)> = Vec::with_capacity(trainees.len());
    for (kept_out, rest) in split(trainees, Folds::Incident(CALIBRATION_FOLDS)) {
        let weights = fit_rows(&rest, wide, |trainee| trainee.row(), tells, NAMED_STRENGTH)?;
        scored.extend(
            kept_out
                .into_iter()
                .map(|trainee| (trainee, logistic::score(&weights, trainee.row()))),
        );
    }
    if scored.iter().any(|(trainee, _)| trainee.is_stream) {
        scored.retain(|(trainee, _)| trainee.is_stream);
    }
    let victim = victim_cut(trainees, wishes.victim_precision);
    let is_named = |trainee: &Trainee| trainee.prepared.found.victim >= victim;
    let calibration = |named: bool| -> Result<Calibration, NotFitted> {
        let of_kind = scored.iter().filter(|(trainee, _)| is_named(trainee) == named);
        let scores: Vec<(f64, bool)> = of_kind.map(|(trainee, score)| (*score, trainee.tells())).collect();
        let mixed = scores.iter().any(|(_, yes)| *yes) && scores.iter().any(|(_, yes)| !*yes);
        if mixed {
            Calibration::fit(&scores)
        } else {
            Ok(Calibration::NONE)
        }
    };
    let (named, unnamed) = (calibration(true)?, calibration(false)?);
    let said: Vec<(f64, bool)> = scored
        .iter()
        .filter(|(trainee, _)| !is_vetoed(&trainee.prepared.reading, &trainee.prepared.found))
        .map(|(trainee, score)| {
            let calibration = if is_named(trainee) { named } else { unnamed };
            (calibration.probability(*score), trainee.tells())
        })
        .collect();
    let cuts = Cuts {
        slope: named.slope as f32,
        offset: named.offset as f32,
        unnamed_slope: unnamed.slope as f32,
        unnamed_offset: unnamed.offset as f32,
        incident: threshold(&said, wishes.precision).unwrap_or(0.5) as f32,
        victim,
    };
    let weights = fit_rows(trainees, wide, |trainee| trainee.row(), tells, NAMED_STRENGTH)?;
    Ok((cuts, narrowed(weights)))
}

/// The confidence from which on the main victim's name keeps the precision. It takes no part in
/// the fit, so that the training articles themselves can tell.
fn victim_cut(trainees: &[&Trainee], precision: f64) -> f32 {
    let named: Vec<(f64, bool)> = trainees
        .iter()
        .filter_map(|trainee| {
            let truth = trainee.label.incidents.first()?;
            let found = trainee.prepared.entities.victims.first()?;
            Some((f64::from(found.confidence), same_name(&truth.victim, &found.name)))
        })
        .collect();
    threshold(&named, precision).unwrap_or(0.5) as f32
}

fn fit_named(trainees: &[&Trainee], strength: f32, yes: impl Fn(&Trainee) -> bool) -> Result<Weights, NotFitted> {
    fit_rows(trainees, named_columns(), |trainee| trainee.named_row(), yes, strength).map(narrowed)
}

/// The same with the phrases, wherever they stand.
fn fit_anywhere(
    reader: &Reader,
    trainees: &[&Trainee],
    strength: f32,
    yes: impl Fn(&Trainee) -> bool,
) -> Result<Weights, NotFitted> {
    let wide = columns(reader.models().phrases.lexicon.phrases().len());
    fit_rows(trainees, wide, |trainee| &trainee.anywhere, yes, strength).map(narrowed)
}

/// The vote of an attack type among articles with an incident. Its bias is moved to where the most
/// articles kept out of the fit get it right (F1).
fn fit_type(telling: &[&Trainee], attack: AttackType) -> Result<Weights, NotFitted> {
    let yes = |trainee: &Trainee| trainee.is_of_type(attack);
    let fit = |some: &[&Trainee]| fit_rows(some, named_columns(), |trainee| trainee.named_row(), yes, TYPE_STRENGTH);
    let mut scored: Vec<(f64, bool)> = Vec::new();
    for (kept_out, rest) in split(telling, Folds::Incident(CALIBRATION_FOLDS)) {
        let weights = fit(&rest)?;
        for trainee in kept_out {
            let stated = trainee.prepared.reading.statements.iter();
            if { stated }.any(|statement| statement.attack == attack && is_told(statement)) {
                scored.push((logistic::score(&weights, trainee.named_row()), yes(trainee)));
            }
        }
    }
    let mut weights = fit(telling)?;
    weights[0] -= threshold(&scored, 0.0).unwrap_or(0.0);
    Ok(narrowed(weights))
}

fn fit_rows<'a>(
    trainees: &[&'a Trainee],
    columns: usize,
    row: impl Fn(&'a Trainee) -> &'a [(u32, f32)],
    yes: impl Fn(&Trainee) -> bool,
    strength: f32,
) -> Result<Vec<f64>, NotFitted> {
    let crowd = crowd(trainees);
    let examples: Vec<Example<'_>> = trainees
        .iter()
        .map(|trainee| Example {
            row: row(trainee),
            yes: yes(trainee),
            weight: crowd[trainee.group()].powf(-CROWD_EXPONENT)
                * if trainee.is_stream { 1.0 } else { COLLECTION_WEIGHT },
        })
        .collect();
    let named = named_columns();
    let strengths = (0..columns)
        .map(|column| match column {
            0 => 0.0,
            column if column < named => strength,
            _ => PHRASE_STRENGTH,
        })
        .collect();
    logistic::fit(&examples, &Penalty { strengths })
}

/// How many articles each incident has.
fn crowd<'a>(trainees: &[&'a Trainee]) -> BTreeMap<&'a str, f32> {
    let mut crowd: BTreeMap<&str, f32> = BTreeMap::new();
    for trainee in trainees {
        *crowd.entry(trainee.group()).or_default() += 1.0;
    }
    crowd
}

/// To the decimals that are written, so that what is measured is what is kept.
fn rounded(weight: f64) -> f32 {
    ((weight * 1000.0).round() / 1000.0) as f32
}

/// The weights as they are kept: those of phrases that hardly weigh anything are dropped.
fn narrowed(weights: Vec<f64>) -> Weights {
    let named = named_columns();
    let kept = weights.into_iter().enumerate().map(|(column, weight)| {
        let is_light = column >= named && weight.abs() < LIGHTEST_PHRASE;
        if is_light { 0.0 } else { weight as f32 }
    });
    Weights(kept.collect())
}

/// The parts: articles kept out, and those that share no incident with them.
pub fn split<'a>(trainees: &[&'a Trainee], folds: Folds) -> Vec<(Vec<&'a Trainee>, Vec<&'a Trainee>)> {
    let has_stream = trainees.iter().any(|trainee| trainee.is_stream);
    let has_its_month = |trainee: &Trainee| trainee.is_stream || !has_stream;
    let months: Vec<String> = trainees
        .iter()
        .filter(|trainee| has_its_month(trainee))
        .map(|trainee| month(trainee))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let hashed = |trainee: &Trainee, parts: usize| {
        let hash = blake3::hash(trainee.group().as_bytes());
        usize::from(hash.as_bytes()[1]) % parts.max(1)
    };
    let part = |trainee: &Trainee| match folds {
        Folds::Incident(parts) => hashed(trainee, parts),
        Folds::Month if has_its_month(trainee) => months.binary_search(&month(trainee)).unwrap_or(0),
        Folds::Month => hashed(trainee, months.len()),
    };
    let parts = match folds {
        Folds::Incident(parts) => parts,
        Folds::Month => months.len().max(1),
    };
    (0..parts)
        .map(|wanted| {
            let (kept_out, mut rest): (Vec<&Trainee>, Vec<&Trainee>) =
                trainees.iter().copied().partition(|trainee| part(trainee) == wanted);
            let shared: BTreeSet<&str> = kept_out.iter().flat_map(|trainee| keys(trainee)).collect();
            rest.retain(|trainee| keys(trainee).all(|key| !shared.contains(key)));
            (kept_out, rest)
        })
        .collect()
}

fn month(trainee: &Trainee) -> String {
    paris::day(trainee.article.published).strftime("%Y-%m").to_string()
}

fn keys(trainee: &Trainee) -> impl Iterator<Item = &str> {
    trainee.label.incidents.iter().map(|incident| incident.key.as_str())
}
