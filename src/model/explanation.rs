//! Why an article was concluded to be what it is: its text in passages, every word that counted, the
//! votes for each kind, and what was refused. For a person who asks `vigie classify --explain`; kept
//! nowhere.

use serde::Serialize;

use super::analysis::{Analysis, Assertion, Zone};

/// An analysis, and all that led to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explained {
    /// What was concluded.
    #[serde(flatten)]
    pub analysis: Analysis,
    /// Why.
    pub explanation: Explanation,
}

/// What led to a conclusion.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The whole text in order.
    pub passages: Vec<Passage>,
    /// The words that counted, or would have, in order.
    pub marks: Vec<Mark>,
    /// The kinds of article, likeliest first.
    pub kinds: Vec<KindVote>,
    /// Why it is, or is not, the story of an incident.
    pub decision: Decision,
    /// What was found and not kept.
    pub refused: Vec<Refused>,
}

/// Consecutive sentences of one paragraph in one zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Where it stands.
    pub zone: Zone,
    /// Byte offset in title + "\n" + standfirst + "\n" + text.
    pub start: usize,
    /// Its words.
    pub text: String,
}

/// Words that spoke for a label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mark {
    /// What they speak for: `attack:rancongiciel`, `context:denied-before`, `fact:cve`...
    pub label: String,
    /// The words.
    pub words: String,
    /// Where they stand.
    pub zone: Zone,
    /// How they are said.
    pub assertion: Assertion,
    /// How much they count for that, by their phrase and where they stand.
    pub weight: f32,
    /// What they add to the decision that the article tells an incident.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<f32>,
    /// Why they count for nothing; none when they count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Reason>,
    /// Byte offset of the words.
    pub start: usize,
}

impl Mark {
    /// The offset after the words.
    pub fn end(&self) -> usize {
        self.start + self.words.len()
    }
}

/// How the votes for one kind of article came out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KindVote {
    /// The kind: `incident`, `alerte`; `justice-general` and its like tell no incident in particular.
    pub kind: String,
    /// Whether an article of this kind tells a concrete incident.
    pub tells_incident: bool,
    /// Its share of the probability: of that of an incident, or of the rest.
    pub probability: f32,
    /// What weighed most for or against it, heaviest first.
    pub features: Vec<FeatureVote>,
}

/// What one feature of the article adds to a score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeatureVote {
    /// Its name in the model: a figure about the whole article, or a phrase.
    pub feature: String,
    /// For a phrase, what its words speak for: `attack:fuite`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// For a phrase, the part of the text it stands in, or how it is stated there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<&'static str>,
    /// What it adds: its value times the model's weight for it.
    pub adds: f32,
}

/// Why an article is, or is not, the story of an incident.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision {
    /// Whether it is.
    pub tells_incident: bool,
    /// How likely it is.
    pub probability: f32,
    /// From which probability on it would be.
    pub threshold: f32,
    /// Whether no victim is found, which has its own calibration.
    pub is_unnamed: bool,
    /// What excludes it whatever the votes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub veto: Option<Reason>,
    /// What weighed most for or against it, heaviest first.
    pub features: Vec<FeatureVote>,
}

/// Something that was found and not kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Refused {
    /// What: `attack:fuite`, `victim:Anssi`.
    pub what: String,
    /// The words, where some are its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Why not.
    pub reason: Reason,
    /// How far it came, where that is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// How far it should have come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f32>,
    /// What weighed most against it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<FeatureVote>,
}

impl Refused {
    /// Something refused for this reason, with nothing counted.
    pub fn new(what: String, reason: Reason) -> Refused {
        Refused {
            what,
            words: None,
            reason,
            score: None,
            threshold: None,
            features: Vec::new(),
        }
    }
}

/// Why something is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The text says that it did not happen.
    Denied,
    /// Feared, possible, simulated.
    Hypothetical,
    /// Only told of another case, as a reminder.
    Background,
    /// A link to another article, or the site's own words.
    Teaser,
    /// The same words about something else: a burglary, a leak of water.
    Elsewhere,
    /// A confirming word under « ne… pas ».
    Negated,
    /// What speaks for it does not add up to enough.
    BelowThreshold,
    /// The votes of the model are against it.
    Outvoted,
    /// A more precise type of attack stands.
    LessPrecise,
    /// The article tells no incident, so nobody was hit in it.
    NoIncident,
    /// The title is about something else.
    TitleElsewhere,
    /// Nothing in the text is clearly an attack, or even speaks of computers.
    NothingCyber,
    /// Perhaps hit, but not in the main victim's own words.
    NotTogether,
    /// Named, but not said to be hit: a helper, an authority, a comparison, a place.
    NotHit,
}
