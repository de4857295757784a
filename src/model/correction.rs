//! What analysts decided about incidents, whatever the models say: two that are one, two that are not, articles that
//! belong elsewhere, labels, articles to forget. Kept in `corrections.toml`.

use serde::{Deserialize, Serialize};

use super::id::{ArticleId, VictimKey};

/// One article of one incident, by which a correction finds the incident again after ids, models or the base changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Anchor {
    /// The article.
    pub article: ArticleId,
    /// Of a recap: for which of the further victims that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<VictimKey>,
}

/// One decision.
#[derive(Debug, Clone, PartialEq)]
pub enum Correction {
    /// The incidents of these articles are one.
    Merge(Anchor, Anchor),
    /// The incidents of these articles are never one.
    Forbid(Anchor, Anchor),
    /// The first articles make up an incident of their own, apart from the second ones.
    Split(Vec<Anchor>, Vec<Anchor>),
    /// The incident of this article has this value for this label.
    Relabel(Anchor, Label),
    /// This article is to be erased, and not taken in again.
    Forget(ArticleId),
}

/// A label that an analyst gives to an incident.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// `sector`, `status`, ...
    pub field: String,
    /// The value, checked when it was read.
    pub value: String,
}

/// All decisions, in the order of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Corrections {
    /// The decisions.
    pub entries: Vec<Correction>,
}
