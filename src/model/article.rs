//! An article: what an entry and its page together say, as plain text with its metadata.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::id::{ArticleId, EntryKey, FeedId};

/// One article as it was received. This is what the archive keeps for ever.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// From its canonical address.
    pub id: ArticleId,
    /// Canonical address, for people to follow.
    pub url: String,
    /// The publication: "ICI Orléans".
    pub outlet: String,
    /// The feed that brought it first; none for an import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed: Option<FeedId>,
    /// The entry's key in that feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryKey>,
    /// Headline.
    pub title: String,
    /// Standfirst (chapô), when the page sets it apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standfirst: Option<String>,
    /// Body: one paragraph a line.
    pub text: String,
    /// Publication, by the feed, else the page, else the time of reception.
    pub published: Timestamp,
    /// Whether the day of publication is known; an import may tell only the month or the year, and
    /// then « vendredi » is no day.
    #[serde(default = "is_known", skip_serializing_if = "is_true")]
    pub published_day_known: bool,
    /// When vigie received it.
    pub received: Timestamp,
    /// ISO 639-1 code that the feed or page declares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_language: Option<String>,
    /// Départements that the feed's title covers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outlet_departements: Vec<String>,
    /// Where the text comes from.
    pub source: TextSource,
}

const fn is_known() -> bool {
    true
}

const fn is_true(value: &bool) -> bool {
    *value
}

/// Where an article's text comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "from")]
pub enum TextSource {
    /// Extracted from its page.
    Page,
    /// The feed's own text, because the page could not be had.
    Feed {
        /// Why: "HTTP 403", "consent wall"...
        reason: String,
    },
    /// Given by the user (`classify`, `replay`).
    Import,
}

/// The article that an HTML page holds, before it is joined with its entry.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Headline, without the site's suffix.
    pub title: Option<String>,
    /// Standfirst (chapô).
    pub standfirst: Option<String>,
    /// Paragraphs, headings, quotes and list items in reading order.
    pub paragraphs: Vec<String>,
    /// Publication date.
    pub published: Option<Timestamp>,
    /// Canonical address that the page states.
    pub canonical_url: Option<String>,
    /// Declared language.
    pub language: Option<String>,
    /// Site name.
    pub outlet: Option<String>,
}
