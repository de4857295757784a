//! Second pass: what the words add up to. The kind of article by linear votes, the attack types by
//! the statements that count, the status by who says so; each with its evidence.

use std::collections::BTreeMap;

use super::features::{Features, Found};
use super::phrasebook::{Context, Meaning};
use super::reading::Reading;
use super::votes::Votes;
use crate::model::analysis::{Assertion, Evidence, Statement, Zone};
use crate::model::explanation::Reason;
use crate::model::label::{ArticleKind, AttackType, Level, Sector, Status};
use crate::text::document::Document;

/// A type without a vote of its own is stated when its statements reach this score: one strong phrase in the
/// body, or a middling one in title or lead.
const TYPE_THRESHOLD: f32 = 3.0;
/// A type is given from this probability on: about half the F1 that all types together reach on tuned articles,
/// below which one more answer costs more F1 than it brings.
const TYPE_PROBABILITY: f32 = 0.4;
/// What a type that is stated but has no vote is likely to be.
const STATED_PROBABILITY: f32 = 0.5;
/// How much the second and later statements of a type add to the strongest.
const REPEAT_SHARE: f32 = 0.25;
/// At most this many types per article.
const MOST_TYPES: usize = 3;
/// From this sum of confirming words on, an article confirms.
pub(super) const CONFIRMED_THRESHOLD: f32 = 3.0;
/// At most this many pieces of evidence per label.
const MOST_EVIDENCE: usize = 6;

/// What the classifier concludes.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What the article is.
    pub kind: ArticleKind,
    /// Whether it tells a concrete incident.
    pub tells: bool,
    /// Probability that it tells a concrete incident.
    pub incident_probability: f32,
    /// What happened; empty unless it tells an incident.
    pub attacks: Vec<AttackType>,
    /// How far it is established; none unless it tells an incident.
    pub status: Option<Status>,
    /// The sector that the words around the story speak for, when one clearly leads.
    pub sector: Option<Sector>,
    /// The level of local body that they speak for.
    pub level: Option<Level>,
    /// Whether it is said to be a repeat.
    pub recurrence: bool,
    /// The words behind all this.
    pub evidence: Vec<Evidence>,
}

/// Concludes from the reading of a document, its features, and what the search for organisations found.
pub fn conclude(document: &Document, reading: &Reading, features: &Features, found: &Found, votes: &Votes) -> Verdict {
    let incident_probability = incident_probability(document, votes, features, found);
    let tells = incident_probability >= votes.cuts.incident && !is_vetoed(reading, found);
    let kind = match likeliest_kind(votes, features, tells) {
        _ if tells && denies_in_title(reading) => ArticleKind::Denial,
        kind => kind,
    };
    let attacks = if tells {
        attack_types(&reading.statements, votes, features)
    } else {
        Vec::new()
    };
    Verdict {
        kind,
        tells,
        incident_probability,
        status: tells.then(|| status(kind, reading, votes, features)),
        sector: leading(reading, |meaning| match meaning {
            Meaning::Sector(sector) => Some(sector),
            _ => None,
        }),
        level: leading(reading, |meaning| match meaning {
            Meaning::Level(level) => Some(level),
            _ => None,
        }),
        recurrence: reading.cues.iter().any(|cue| {
            cue.meaning == Meaning::Context(Context::Recurrence) && matches!(cue.zone, Zone::Title | Zone::Lead)
        }),
        evidence: evidence(document, reading, kind, &attacks),
        attacks,
    }
}

/// How likely the article tells a concrete incident.
fn incident_probability(document: &Document, votes: &Votes, features: &Features, found: &Found) -> f32 {
    let (slope, offset) = votes.cuts.line(found.victim);
    let words = votes.cuts.vocabulary * votes.vocabulary.score(document);
    logistic(slope * (votes.incident.score(features) + words) + offset)
}

/// The kind with the highest score among those that tell an incident, or among the others.
fn likeliest_kind(votes: &Votes, features: &Features, tells: bool) -> ArticleKind {
    let fitting = votes.kinds.iter().filter(|(vote, _)| vote.tells == tells);
    fitting
        .map(|(vote, weights)| (vote.kind, weights.score(features)))
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
        .map_or(ArticleKind::OffTopic, |(kind, _)| kind)
}

/// An off-topic phrase of this weight or more in the title outweighs everything but a clear attack
/// stated there too.
const OFF_TOPIC_WEIGHT: f32 = 4.0;
/// The weight from which a phrase is a clear attack.
pub(super) const CLEAR_WEIGHT: f32 = 3.0;

/// Whether the article cannot tell an incident, whatever the votes.
pub fn is_vetoed(reading: &Reading, found: &Found) -> bool {
    veto(reading, found).is_some()
}

/// What excludes an incident, whatever the votes: nothing in the article is clearly an attack or even speaks of
/// computers, or its title is about something else (a burglary, an attack ruled out, an exercise).
pub(super) fn veto(reading: &Reading, found: &Found) -> Option<Reason> {
    let off_topic = reading.cues.iter().any(|cue| {
        let elsewhere = matches!(
            cue.meaning,
            Meaning::Context(Context::OffTopic | Context::RuledOut | Context::Exercise)
        );
        cue.zone == Zone::Title && elsewhere && cue.weight >= OFF_TOPIC_WEIGHT
    });
    let clear = |statement: &&Statement| {
        statement.assertion.counts() && statement.attack != AttackType::Outage && statement.weight >= CLEAR_WEIGHT
    };
    let clear_in_title = reading
        .statements
        .iter()
        .filter(clear)
        .any(|statement| statement.zone == Zone::Title);
    let is_stated = reading
        .statements
        .iter()
        .any(|statement| statement.assertion.counts() && statement.zone != Zone::Background);
    let speaks_of_computers = reading
        .cues
        .iter()
        .any(|cue| cue.meaning == Meaning::Context(Context::Computers));
    if !is_stated && !speaks_of_computers && !found.actor {
        Some(Reason::NothingCyber)
    } else {
        (off_topic && !clear_in_title).then_some(Reason::TitleElsewhere)
    }
}

/// How much a statement counts by where it stands.
pub(super) const fn zone_factor(zone: Zone) -> f32 {
    match zone {
        Zone::Title => 1.6,
        Zone::Lead => 1.3,
        Zone::Body => 0.8,
        Zone::Background => 0.1,
        Zone::Teaser => 0.0,
    }
}

/// The types that the text affirms or reports as claimed, likeliest first: the set with the greatest gain over
/// [`TYPE_PROBABILITY`]. `indetermine` stands alone, and `panne` only when nothing more precise does; where no
/// type is likely enough, the likeliest one is given. A type that no counting statement names is never given,
/// whatever the votes.
fn attack_types(statements: &[Statement], votes: &Votes, features: &Features) -> Vec<AttackType> {
    let mut likely: Vec<(AttackType, f32)> = stated(statements, votes, features)
        .into_iter()
        .filter(|stated| stated.attack != AttackType::Undetermined)
        .map(|stated| (stated.attack, stated.probability()))
        .collect();
    likely.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let undetermined = undetermined_probability(votes, features);
    let is_likely = |probability: f32| probability >= TYPE_PROBABILITY;
    let mut given: Vec<(AttackType, f32)> = likely.iter().copied().filter(|(_, p)| is_likely(*p)).collect();
    if given.iter().any(|(attack, _)| *attack != AttackType::Outage) {
        given.retain(|(attack, _)| *attack != AttackType::Outage);
    }
    given.truncate(MOST_TYPES);
    if given.is_empty() {
        given.extend(likely.first());
    }
    let gain: f32 = given
        .iter()
        .map(|(_, probability)| probability - TYPE_PROBABILITY)
        .sum();
    if given.is_empty() || undetermined - TYPE_PROBABILITY > gain {
        return vec![AttackType::Undetermined];
    }
    given.into_iter().map(|(attack, _)| attack).collect()
}

/// How likely the text leaves open what the attack was.
fn undetermined_probability(votes: &Votes, features: &Features) -> f32 {
    let vote = votes.types.get(&AttackType::Undetermined);
    vote.map_or(TYPE_PROBABILITY, |weights| logistic(weights.score(features)))
}

/// A type that the text states, and how far it comes.
pub(super) struct Stated {
    pub attack: AttackType,
    pub score: f32,
    pub threshold: f32,
    /// Whether the model's votes decide, and not the weights of the phrases alone.
    pub is_voted: bool,
}

impl Stated {
    /// How likely it is one of the article's types.
    fn probability(&self) -> f32 {
        match (self.is_voted, self.score >= self.threshold) {
            (true, _) => logistic(self.score),
            (false, true) => STATED_PROBABILITY,
            (false, false) => 0.0,
        }
    }
}

/// The score at which a type's vote says [`TYPE_PROBABILITY`].
fn vote_threshold() -> f32 {
    (TYPE_PROBABILITY / (1.0 - TYPE_PROBABILITY)).ln()
}

/// The probability that belongs to a score.
fn logistic(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

/// Every type that some statement that counts names.
pub(super) fn stated(statements: &[Statement], votes: &Votes, features: &Features) -> Vec<Stated> {
    stated_scores(statements)
        .into_iter()
        .map(|(attack, stated)| match votes.types.get(&attack) {
            Some(weights) => Stated {
                attack,
                score: weights.score(features),
                threshold: vote_threshold(),
                is_voted: true,
            },
            None => Stated {
                attack,
                score: stated,
                threshold: TYPE_THRESHOLD,
                is_voted: false,
            },
        })
        .collect()
}

/// Whether a statement can give its type to the article: told as a fact or a claim, and not in the background, which
/// is about other attacks.
pub fn is_told(statement: &Statement) -> bool {
    statement.assertion.counts() && statement.zone != Zone::Background
}

/// What the statements that count add up to for each type, by weight and place.
fn stated_scores(statements: &[Statement]) -> BTreeMap<AttackType, f32> {
    let mut scores: BTreeMap<AttackType, (f32, f32)> = BTreeMap::new();
    for statement in statements.iter().filter(|statement| is_told(statement)) {
        let score = statement.weight * zone_factor(statement.zone);
        let entry = scores.entry(statement.attack).or_default();
        if score > entry.0 {
            *entry = (score, entry.1 + entry.0);
        } else {
            entry.1 += score;
        }
    }
    scores
        .into_iter()
        .map(|(attack, (strongest, others))| (attack, strongest + REPEAT_SHARE * others))
        .collect()
}

/// Whether the title says that somebody denies the attack: « la Ville dément le vol de données ».
fn denies_in_title(reading: &Reading) -> bool {
    let denial = reading.cues.iter().any(|cue| {
        let says_so = matches!(
            cue.meaning,
            Meaning::Context(Context::Denial) | Meaning::Kind(ArticleKind::Denial)
        );
        cue.zone == Zone::Title && says_so
    });
    let in_title = || {
        reading
            .statements
            .iter()
            .filter(|statement| statement.zone == Zone::Title)
    };
    denial
        && in_title().any(|statement| statement.assertion == Assertion::Denied)
        && !in_title().any(|statement| statement.assertion == Assertion::Affirmed)
}

/// Whether the title reports the attack only as an attacker's word, and nothing in the
/// story confirms it.
fn claims_in_title(reading: &Reading) -> bool {
    let in_title = || {
        let title = reading
            .statements
            .iter()
            .filter(|statement| statement.zone == Zone::Title);
        title.filter(|statement| statement.assertion.counts())
    };
    let confirmed = reading.cues.iter().any(|cue| {
        cue.zone != Zone::Background
            && cue.meaning == Meaning::Context(Context::Confirmed)
            && cue.weight >= CONFIRMED_THRESHOLD
    });
    in_title().next().is_some() && in_title().all(|statement| statement.assertion == Assertion::Claimed) && !confirmed
}

/// How far the article establishes the incident. A denial is one, and so is a claim that nobody confirms; else
/// the votes decide, or without votes the confirming words.
fn status(kind: ArticleKind, reading: &Reading, votes: &Votes, features: &Features) -> Status {
    if kind == ArticleKind::Denial {
        return Status::Denied;
    }
    if claims_in_title(reading) {
        return Status::Claimed;
    }
    let voted = votes
        .statuses
        .iter()
        .map(|(status, weights)| (*status, weights.score(features)))
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    if let Some((status, _)) = voted {
        return status;
    }
    let confirmed: f32 = reading
        .cues
        .iter()
        .filter(|cue| cue.meaning == Meaning::Context(Context::Confirmed) && cue.zone != Zone::Background)
        .map(|cue| cue.weight)
        .sum();
    match kind {
        ArticleKind::Justice => Status::Confirmed,
        _ if confirmed >= CONFIRMED_THRESHOLD => Status::Confirmed,
        ArticleKind::Claim => Status::Claimed,
        _ => Status::Reported,
    }
}

/// The label with the most weight in title and lead, when it has at least twice the next one's.
fn leading<L: Copy + Ord>(reading: &Reading, label: impl Fn(Meaning) -> Option<L>) -> Option<L> {
    let mut scores: BTreeMap<L, f32> = BTreeMap::new();
    for cue in &reading.cues {
        if let Some(label) = label(cue.meaning) {
            *scores.entry(label).or_default() += cue.weight * zone_factor(cue.zone);
        }
    }
    let mut ranked: Vec<(L, f32)> = scores.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    match ranked.as_slice() {
        [] => None,
        [(label, score)] => (*score >= 3.0).then_some(*label),
        [(label, score), (_, next), ..] => (*score >= 3.0 && *score >= 2.0 * next).then_some(*label),
    }
}

fn evidence(document: &Document, reading: &Reading, kind: ArticleKind, attacks: &[AttackType]) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    for statement in &reading.statements {
        if statement.assertion.counts() && !attacks.contains(&statement.attack) {
            continue;
        }
        evidence.push(Evidence {
            label: format!("attack:{}", statement.attack),
            words: document.text[statement.start..statement.end].to_owned(),
            zone: statement.zone,
            assertion: statement.assertion,
            weight: statement.weight * zone_factor(statement.zone),
            start: statement.start,
        });
    }
    for cue in &reading.cues {
        let label = match cue.meaning {
            Meaning::Kind(cue_kind) if cue_kind == kind => format!("kind:{kind}"),
            Meaning::Context(Context::Confirmed) => "status:confirme".to_owned(),
            Meaning::Context(Context::Denial) => "status:dementi".to_owned(),
            Meaning::Context(Context::Exercise) => "context:exercise".to_owned(),
            Meaning::Context(Context::OffTopic) => "context:off-topic".to_owned(),
            Meaning::Context(Context::RuledOut) => "context:ruled-out".to_owned(),
            _ => continue,
        };
        evidence.push(Evidence {
            label,
            words: document.text[cue.range.clone()].to_owned(),
            zone: cue.zone,
            assertion: Assertion::Affirmed,
            weight: cue.weight * zone_factor(cue.zone),
            start: cue.range.start,
        });
    }
    keep_strongest(evidence)
}

/// The strongest pieces of each label, in the order of the text.
fn keep_strongest(mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.start.cmp(&b.start)));
    let mut kept: BTreeMap<String, usize> = BTreeMap::new();
    evidence.retain(|piece| {
        let count = kept.entry(piece.label.clone()).or_default();
        *count += 1;
        *count <= MOST_EVIDENCE
    });
    evidence.sort_by(|a, b| a.start.cmp(&b.start).then(a.label.cmp(&b.label)));
    evidence
}
