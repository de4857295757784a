//! Learning the votes from labelled articles, and measuring what was learned on articles that had
//! no part in it.

pub mod links;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use super::analyse::{Prepared, Reader};
use crate::classify::features::{columns, is_anywhere, is_named, named_columns};
use crate::classify::verdict::{is_told, is_vetoed};
use crate::classify::vocabulary::Vocabulary;
use crate::classify::votes::{Cuts, Fitted, KindVote, Votes, Weights};
use crate::entities::gazetteer::Gazetteer;
use crate::entities::{LEAST_CHANCE, candidate_features};
use crate::evaluate::figures::same_name;
use crate::evaluate::labelled::Labelled;
use crate::learn::calibration::{Calibration, Threshold, lowest_threshold, threshold};
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
/// The same for attack types, told apart by named figures alone.
const TYPE_STRENGTH: f32 = 2.0;
/// The same for statuses, where only articles with an incident are compared: fewer examples.
const STATUS_STRENGTH: f32 = 5.0;
/// The same for the phrases that tell statuses, wherever they stand.
const STATUS_PHRASE_STRENGTH: f32 = 3.0;
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
    /// Whether it was read by all lists, as articles are.
    by_all_lists: bool,
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
    /// The few parts, by incident, that scores are calibrated on; cut otherwise than those of `Incident`, within
    /// which they lie.
    Calibration,
}

/// An article as it is read by votes that were fitted without it, and without any article on its incidents.
pub struct Judged<'a> {
    /// The article.
    pub trainee: &'a Trainee,
    /// The part that was kept out.
    pub part: usize,
    /// What was read.
    pub analysis: Analysis,
}

/// Why nothing could be learned.
#[derive(Debug, thiserror::Error)]
pub enum Unlearned {
    /// Outside one part there are too few articles.
    #[error("outside one part there are only {0}")]
    TooFew(String),
    /// The optimiser gave up.
    #[error(transparent)]
    NotFitted(#[from] NotFitted),
}

/// Reads each article by votes that were fitted without its part. The reader is left with the weights of the last part.
pub fn judge<'a>(
    reader: &mut Reader,
    trainees: &[&'a Trainee],
    folds: Folds,
    wishes: &Wishes,
) -> Result<Vec<Judged<'a>>, Unlearned> {
    let mut judged = Vec::with_capacity(trainees.len());
    for (part, (kept_out, rest)) in split(trainees, folds).into_iter().enumerate() {
        if kept_out.is_empty() {
            continue;
        }
        reader.set_victim_weights(&fit_victims(&rest)?);
        let rest: Vec<Trainee> = rest.into_iter().map(|trainee| trainee.read_again(reader)).collect();
        let rest: Vec<&Trainee> = rest.iter().collect();
        if let Some(what) = too_few(&rest) {
            return Err(Unlearned::TooFew(what));
        }
        let votes = fit(reader, &rest, wishes, "")?.votes;
        judged.extend(kept_out.into_iter().map(|trainee| Judged {
            trainee,
            part,
            analysis: trainee.analysis(reader, &votes),
        }));
    }
    Ok(judged)
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
    let rows = |gazetteer: &Gazetteer, by_all_lists: bool, weight: f32| -> Vec<Named> {
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
                    by_all_lists,
                    weight,
                })
            })
            .collect()
    };
    if victims.is_empty() {
        return rows(reader.gazetteer(), true, IDLE_WEIGHT);
    }
    let mut both = rows(reader.gazetteer(), true, LISTED_WEIGHT);
    both.extend(rows(unlisted, false, 1.0 - LISTED_WEIGHT));
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

    /// Whether the words allow this type: something states it, or none needs to.
    fn may_be(&self, attack: AttackType) -> bool {
        let mut statements = self.prepared.reading.statements.iter();
        attack == AttackType::Undetermined
            || statements.any(|statement| statement.attack == attack && is_told(statement))
    }

    fn is_of_type(&self, attack: AttackType) -> bool {
        let main = self.label.incidents.first();
        main.is_some_and(|incident| incident.attacks.contains(&attack))
    }
}

/// What was learned, and the wishes that could not be kept, in words.
pub struct Fit {
    /// The votes.
    pub votes: Votes,
    /// What fell short.
    pub shortfalls: Vec<String>,
}

/// Why nothing can be learned from these articles; none when they suffice.
pub fn too_few(trainees: &[&Trainee]) -> Option<String> {
    let telling = trainees.iter().filter(|trainee| trainee.tells()).count();
    let others = trainees.len() - telling;
    (telling < FEWEST_EXAMPLES || others < FEWEST_EXAMPLES).then(|| {
        format!(
            "{telling} articles with an incident and {others} without: at least {FEWEST_EXAMPLES} of each are needed to learn from"
        )
    })
}

/// What the figures about candidates for victims weigh, by name.
pub fn fit_victims(trainees: &[&Trainee]) -> Result<Vec<(&'static str, f32)>, NotFitted> {
    let weights = candidate_weights(trainees)?;
    Ok(candidate_features()
        .zip(weights)
        .map(|(name, weight)| (name, rounded(weight)))
        .collect())
}

fn candidate_weights(trainees: &[&Trainee]) -> Result<Vec<f64>, NotFitted> {
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
    let strengths = candidate_features()
        .enumerate()
        .map(|(column, _)| if column == 0 { 0.0 } else { CANDIDATE_STRENGTH });
    let penalty = Penalty {
        strengths: strengths.collect(),
    };
    logistic::fit(&examples, &penalty)
}

/// Fits all votes to these articles.
pub fn fit(reader: &Reader, trainees: &[&Trainee], wishes: &Wishes, digest: &str) -> Result<Fit, NotFitted> {
    let mut shortfalls = Vec::new();
    let (cuts, incident, vocabulary) = fit_incident(reader, trainees, wishes, &mut shortfalls)?;
    let telling: Vec<&Trainee> = trainees.iter().copied().filter(|trainee| trainee.tells()).collect();
    let mut kinds = Vec::new();
    for vote in trainees.iter().map(|trainee| trainee.vote()).collect::<BTreeSet<_>>() {
        if trainees.iter().filter(|trainee| trainee.vote() == vote).count() >= FEWEST_EXAMPLES {
            kinds.push((vote, narrowed(fit_named(trainees, |trainee| trainee.vote() == vote)?)));
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
            statuses.insert(status, fit_anywhere(reader, &telling, is)?);
        }
    }
    let votes = Votes {
        fitted: Some(Fitted {
            corpus: digest.to_owned(),
            articles: trainees.len(),
            incident_articles: telling.len(),
        }),
        cuts,
        incident,
        vocabulary,
        kinds,
        types,
        statuses,
    };
    Ok(Fit { votes, shortfalls })
}

/// The cut that keeps a precision, and a word where it cannot be kept; one half without any example.
fn cut(what: &str, said: &[(f64, bool)], precision: f64, shortfalls: &mut Vec<String>) -> f32 {
    kept_or_told(what, threshold(said, precision), precision, shortfalls)
}

/// Where a threshold cuts, and a word where it does not keep its precision; one half without any example.
fn kept_or_told(what: &str, found: Option<Threshold>, precision: f64, shortfalls: &mut Vec<String>) -> f32 {
    let Some(found) = found else {
        return 0.5;
    };
    if found.precision < precision {
        shortfalls.push(format!(
            "no threshold for {what} keeps a precision of {precision:.2}; the best by F1 has {:.2}",
            found.precision
        ));
    }
    found.cut as f32
}

/// The weights that tell incidents, calibrated on articles kept out of the fit, and the thresholds.
fn fit_incident(
    reader: &Reader,
    trainees: &[&Trainee],
    wishes: &Wishes,
    shortfalls: &mut Vec<String>,
) -> Result<(Cuts, Weights, Vocabulary), NotFitted> {
    let wide = columns(reader.models().phrases.lexicon.phrases().len());
    let tells = |trainee: &Trainee| trainee.tells();
    let strengths = (NAMED_STRENGTH, PHRASE_STRENGTH);
    let mut scored: Vec<(&Trainee, f64, f64)> = Vec::with_capacity(trainees.len());
    for (kept_out, rest) in split(trainees, Folds::Calibration) {
        let weights = fit_rows(&rest, wide, |trainee| trainee.row(), tells, strengths)?;
        let vocabulary = words::fit(&rest)?;
        scored.extend(kept_out.into_iter().map(|trainee| {
            let words = f64::from(vocabulary.score(trainee.document()));
            (trainee, logistic::score(&weights, trainee.row()), words)
        }));
    }
    if scored.iter().any(|(trainee, _, _)| trainee.is_stream) {
        scored.retain(|(trainee, _, _)| trainee.is_stream);
    }
    // Both scores count alike: each by how far it spreads.
    let spread_of_words = spread(scored.iter().map(|(_, _, words)| *words));
    let of_words = if spread_of_words > 0.0 {
        spread(scored.iter().map(|(_, phrases, _)| *phrases)) / spread_of_words
    } else {
        0.0
    };
    let scored: Vec<(&Trainee, f64)> = scored
        .into_iter()
        .map(|(trainee, phrases, words)| (trainee, phrases + of_words * words))
        .collect();
    let victims = victims_said(trainees)?;
    let victim = kept_or_told(
        "victims",
        lowest_threshold(&victims, wishes.victim_precision),
        wishes.victim_precision,
        shortfalls,
    );
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
        vocabulary: rounded(of_words),
        slope: named.slope as f32,
        offset: named.offset as f32,
        unnamed_slope: unnamed.slope as f32,
        unnamed_offset: unnamed.offset as f32,
        incident: cut("incidents", &said, wishes.precision, shortfalls),
        victim,
    };
    let weights = fit_rows(trainees, wide, |trainee| trainee.row(), tells, strengths)?;
    Ok((cuts, narrowed(weights), words::fit(trainees)?))
}

/// The standard deviation.
fn spread(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let count = values.clone().count().max(1) as f64;
    let mean = values.clone().sum::<f64>() / count;
    (values.map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt()
}

/// The confidence of each article's likeliest victim, by weights fitted without its incident, and
/// whether it is the right one. Whoever is too unlikely to be named at all is none.
fn victims_said(trainees: &[&Trainee]) -> Result<Vec<(f64, bool)>, NotFitted> {
    let telling: Vec<&Trainee> = trainees.iter().copied().filter(|trainee| trainee.tells()).collect();
    let mut said = Vec::with_capacity(telling.len());
    for (kept_out, rest) in split(&telling, Folds::Calibration) {
        let weights = candidate_weights(&rest)?;
        said.extend(kept_out.into_iter().filter_map(|trainee| {
            let named = trainee.candidates.iter().filter(|named| named.by_all_lists);
            let scored = named.map(|named| (logistic::score(&weights, &named.row), named.is_main));
            let (score, is_main) = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
            let chance = logistic::probability(score);
            (chance >= f64::from(LEAST_CHANCE)).then_some((chance, is_main))
        }));
    }
    Ok(said)
}

fn fit_named(trainees: &[&Trainee], yes: impl Fn(&Trainee) -> bool) -> Result<Vec<f64>, NotFitted> {
    fit_rows(
        trainees,
        named_columns(),
        |trainee| trainee.named_row(),
        yes,
        (NAMED_STRENGTH, 0.0),
    )
}

/// The vote of a status: the named figures and the phrases, wherever they stand.
fn fit_anywhere(reader: &Reader, trainees: &[&Trainee], yes: impl Fn(&Trainee) -> bool) -> Result<Weights, NotFitted> {
    let wide = columns(reader.models().phrases.lexicon.phrases().len());
    let strengths = (STATUS_STRENGTH, STATUS_PHRASE_STRENGTH);
    fit_rows(trainees, wide, |trainee| &trainee.anywhere, yes, strengths).map(narrowed)
}

/// The vote of an attack type among articles with an incident, calibrated on articles kept out of the fit in
/// which something states the type; `indetermine` needs no statement.
fn fit_type(telling: &[&Trainee], attack: AttackType) -> Result<Weights, NotFitted> {
    let yes = |trainee: &Trainee| trainee.is_of_type(attack);
    let fit = |some: &[&Trainee]| {
        fit_rows(
            some,
            named_columns(),
            |trainee| trainee.named_row(),
            yes,
            (TYPE_STRENGTH, 0.0),
        )
    };
    let crowd = crowd(telling);
    let mut scored: Vec<(f64, bool, f32)> = Vec::new();
    for (kept_out, rest) in split(telling, Folds::Calibration) {
        let weights = fit(&rest)?;
        for trainee in kept_out.into_iter().filter(|trainee| trainee.may_be(attack)) {
            let weight = crowd[trainee.group()].powf(-CROWD_EXPONENT);
            scored.push((logistic::score(&weights, trainee.named_row()), yes(trainee), weight));
        }
    }
    let mixed = scored.iter().any(|(_, yes, _)| *yes) && scored.iter().any(|(_, yes, _)| !*yes);
    let calibration = if mixed {
        Calibration::fit_weighed(&scored)?
    } else {
        Calibration::NONE
    };
    let mut weights = fit(telling)?;
    for weight in &mut weights {
        *weight *= calibration.slope;
    }
    weights[0] += calibration.offset;
    Ok(narrowed(weights))
}

fn fit_rows<'a>(
    trainees: &[&'a Trainee],
    columns: usize,
    row: impl Fn(&'a Trainee) -> &'a [(u32, f32)],
    yes: impl Fn(&Trainee) -> bool,
    (named_strength, phrase_strength): (f32, f32),
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
            column if column < named => named_strength,
            _ => phrase_strength,
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
    let hashed = |trainee: &Trainee, byte: usize, parts: usize| {
        let hash = blake3::hash(trainee.group().as_bytes());
        usize::from(hash.as_bytes()[byte]) % parts.max(1)
    };
    let part = |trainee: &Trainee| match folds {
        Folds::Incident(parts) => hashed(trainee, 1, parts),
        Folds::Calibration => hashed(trainee, 2, CALIBRATION_FOLDS),
        Folds::Month if has_its_month(trainee) => months.binary_search(&month(trainee)).unwrap_or(0),
        Folds::Month => hashed(trainee, 1, months.len()),
    };
    let parts = match folds {
        Folds::Incident(parts) => parts,
        Folds::Calibration => CALIBRATION_FOLDS,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::replay::read_line;

    /// Articles of two months, in threes on the same incident, each third one recalling the first incident too.
    fn trainees(reader: &Reader, is_stream: bool) -> Vec<Trainee> {
        let unlisted = Gazetteer::without_companies().unwrap();
        let quiet = if is_stream { 150 } else { 0 };
        let articles = (0..30 + quiet).map(|number: usize| {
            let month = number % 2 + 1;
            let key = |number: usize| format!(r#"{{"key":"k{number}","victim":"Ville de Lille","sector":"collectivite","level":"commune","attacks":["ddos"],"dept":null,"country":"FR","status":"confirme","actor":null,"event":null}}"#);
            let incidents = match number {
                30.. => String::new(),
                _ if number % 3 == 2 => format!("{},{}", key(number / 3), key(0)),
                _ => key(number / 3),
            };
            let kind = if number < 30 { "incident" } else { "conseil" };
            let line = format!(r#"{{"id":"a{number}","published":"2026-0{month}-05","title":"Titre {number}","text":"","kind":"{kind}","incidents":[{incidents}]}}"#);
            let (_, article) = read_line(&line, "2026-05-01T00:00:00Z".parse().unwrap()).unwrap();
            (article, serde_json::from_str(&line).unwrap())
        });
        prepare(reader, &unlisted, articles.collect())
    }

    #[test]
    fn no_incident_is_on_both_sides_and_every_article_is_kept_out_once() {
        let reader = Reader::load(None).unwrap();
        for is_stream in [false, true] {
            let owned = trainees(&reader, is_stream);
            let all: Vec<&Trainee> = owned.iter().collect();
            for folds in [Folds::Incident(4), Folds::Month, Folds::Calibration] {
                let mut kept: Vec<&str> = Vec::new();
                for (kept_out, rest) in split(&all, folds) {
                    let here: BTreeSet<&str> = kept_out.iter().flat_map(|trainee| keys(trainee)).collect();
                    let there: BTreeSet<&str> = rest.iter().flat_map(|trainee| keys(trainee)).collect();
                    assert!(here.is_disjoint(&there), "{folds:?}: {here:?} {there:?}");
                    kept.extend(kept_out.iter().map(|trainee| trainee.label.id.as_str()));
                }
                kept.sort_unstable();
                let mut ids: Vec<&str> = all.iter().map(|trainee| trainee.label.id.as_str()).collect();
                ids.sort_unstable();
                assert_eq!(kept, ids, "{folds:?}");
            }
            let by_month = split(&all, Folds::Month);
            let months = |some: &[&Trainee]| some.iter().map(|trainee| month(trainee)).collect::<BTreeSet<_>>();
            if is_stream {
                assert_eq!(by_month.len(), 2);
                assert!(by_month.iter().all(|(kept_out, _)| months(kept_out).len() == 1));
            }
        }
    }

    #[test]
    fn one_sided_articles_teach_nothing() {
        let reader = Reader::load(None).unwrap();
        let owned = trainees(&reader, false);
        let all: Vec<&Trainee> = owned.iter().collect();
        let said = too_few(&all).unwrap();
        assert!(said.starts_with("30 articles with an incident and 0 without"), "{said}");
        assert!(too_few(&[]).is_some());
    }
}
