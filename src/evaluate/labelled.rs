//! Labelled articles and what vigie said of them, one JSON object a line.

use serde::{Deserialize, Serialize};

use crate::model::label::{ArticleKind, AttackType, Level, Sector, Status};

/// An article with its labels, as in `data/gold/gold.jsonl`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Labelled {
    /// Its id in the file.
    pub id: String,
    /// What it is.
    pub kind: ArticleKind,
    /// The incidents it tells, main one first; empty when it tells none.
    pub incidents: Vec<LabelledIncident>,
}

/// One incident of a labelled article.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct LabelledIncident {
    /// The same for all articles that tell this incident.
    pub key: String,
    /// The victim's name.
    pub victim: String,
    /// Its sector.
    pub sector: Sector,
    /// Its level, for local bodies.
    pub level: Option<Level>,
    /// What happened.
    pub attacks: Vec<AttackType>,
    /// The victim's département.
    pub dept: Option<String>,
    /// ISO 3166-1 alpha-2, or XX.
    pub country: String,
    /// How far it is established.
    pub status: Status,
    /// Who did it.
    pub actor: Option<String>,
    /// Day of the attack, `AAAA-MM-JJ`.
    pub event: Option<String>,
}

/// What vigie says of one article: the line that `vigie replay` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// The article's id in the input.
    pub id: String,
    /// What it is.
    pub kind: ArticleKind,
    /// The incident it belongs to; null unless it tells a concrete one.
    pub incident: Option<String>,
    /// Sector of the main victim.
    pub sector: Option<Sector>,
    /// Its level.
    pub level: Option<Level>,
    /// What happened.
    pub attacks: Vec<AttackType>,
    /// The main victim's name.
    pub victim: Option<String>,
    /// Its département.
    pub departement: Option<String>,
    /// Its country.
    pub country: Option<String>,
    /// How far it is established.
    pub status: Option<Status>,
    /// Who did it.
    pub actor: Option<String>,
    /// Day of the attack, or `from/to`.
    pub event_date: Option<String>,
    /// Language of the article.
    pub language: String,
    /// The words that decided.
    pub evidence: Vec<SaidEvidence>,
}

/// One piece of evidence as printed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaidEvidence {
    /// What it speaks for.
    pub label: String,
    /// The words.
    pub words: String,
    /// Where they stand.
    pub zone: crate::model::analysis::Zone,
    /// How it is said.
    pub assertion: crate::model::analysis::Assertion,
}
