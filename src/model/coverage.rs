//! What stands behind an answer: without it, "no incident" would not tell a quiet month from an
//! empty base. The store counts it, every output shows it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What stands behind an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Feeds ever polled.
    pub feeds: u64,
    /// Feeds whose last poll answered.
    pub feeds_answering: u64,
    /// Articles kept.
    pub articles: u64,
    /// Of these, those in another language than French: they are in no incident.
    #[serde(default)]
    pub foreign_articles: u64,
    /// Incidents kept.
    pub incidents: u64,
    /// First poll of any feed, or reception of the first article.
    pub since: Option<Timestamp>,
    /// Last successful poll of any feed.
    pub last_success: Option<Timestamp>,
}
