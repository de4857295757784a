//! A feed as it is declared, as it was last seen, and the entries it gave.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::id::{EntryKey, FeedId};

/// One feed of `feeds.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeedSource {
    /// Its name in the file and in reports.
    pub id: FeedId,
    /// Its address.
    pub url: String,
    /// The publication, as people say it: "ICI Orléans".
    pub outlet: String,
    /// What it is about: `regional`, `security`, `tech`, `public`...
    pub topic: String,
    /// ISO 639-1 code of the language it declares.
    pub language: String,
    /// Départements that a regional title covers: a prior for homonyms.
    pub departements: Vec<String>,
    /// How often it is asked.
    pub every: SignedDuration,
    /// Why the address is not certain; `None` when it is.
    pub uncertain: Option<String>,
    /// Why it is switched off; `None` when it is on.
    pub disabled: Option<String>,
}

/// What one poll of one feed gave; stored, and kept in the archive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeedCheck {
    /// The feed.
    pub feed: FeedId,
    /// When it was asked.
    pub at: Timestamp,
    /// What came of it.
    pub outcome: CheckOutcome,
    /// HTTP `ETag`, verbatim, to ask again conditionally.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// HTTP `Last-Modified`, verbatim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// Earliest next poll.
    pub next_due: Timestamp,
}

/// The outcome of a poll.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum CheckOutcome {
    /// It answered and was read.
    Ok {
        /// Entries in the document.
        entries: u64,
        /// Entries never seen before.
        new: u64,
        /// What was odd in it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        problems: Vec<String>,
    },
    /// HTTP 304.
    NotModified,
    /// It could not be fetched or read.
    Failed {
        /// A word for programs: `http`, `timeout`, `dns`, `tls`, `connect`, `too-large`,
        /// `refused-address`, `not-a-feed`, `parse`.
        reason: String,
        /// A sentence for people.
        detail: String,
    },
}

/// What the store knows of a feed: the fold of its checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeedState {
    /// The feed.
    pub feed: FeedId,
    /// First poll ever.
    pub first_check: Timestamp,
    /// Last poll.
    pub last_check: Timestamp,
    /// Last poll that answered (read or not modified).
    pub last_success: Option<Timestamp>,
    /// Last failure, with its sentence.
    pub last_error: Option<(Timestamp, String)>,
    /// Failures since the last success.
    pub failures_in_a_row: u32,
    /// Earliest next poll.
    pub next_due: Timestamp,
    /// Entries ever seen.
    pub entries_seen: u64,
    /// HTTP `ETag` of the last full answer.
    pub etag: Option<String>,
    /// HTTP `Last-Modified` of the last full answer.
    pub last_modified: Option<String>,
}

impl FeedState {
    /// The state after one more check.
    pub fn after(previous: Option<&FeedState>, check: &FeedCheck) -> FeedState {
        let mut state = previous.cloned().unwrap_or_else(|| FeedState {
            feed: check.feed.clone(),
            first_check: check.at,
            last_check: check.at,
            last_success: None,
            last_error: None,
            failures_in_a_row: 0,
            next_due: check.next_due,
            entries_seen: 0,
            etag: None,
            last_modified: None,
        });
        state.last_check = check.at;
        state.next_due = check.next_due;
        match &check.outcome {
            CheckOutcome::Ok { new, .. } => {
                state.last_success = Some(check.at);
                state.failures_in_a_row = 0;
                state.entries_seen += new;
                state.etag = check.etag.clone();
                state.last_modified = check.last_modified.clone();
            }
            CheckOutcome::NotModified => {
                state.last_success = Some(check.at);
                state.failures_in_a_row = 0;
            }
            CheckOutcome::Failed { detail, .. } => {
                state.last_error = Some((check.at, detail.clone()));
                state.failures_in_a_row += 1;
            }
        }
        state
    }
}

/// A feed document, read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ParsedFeed {
    /// `rss2`, `rss1`, `rss0`, `atom`, `json`.
    pub format: String,
    /// Its own title.
    pub title: Option<String>,
    /// The language it declares.
    pub language: Option<String>,
    /// The minutes it asks to wait (`<ttl>`).
    pub ttl_minutes: Option<u32>,
    /// Its entries, in the document's order.
    pub entries: Vec<Entry>,
    /// What was odd in it, in words.
    pub problems: Vec<String>,
}

/// One entry of a feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Tells it from all others of the feed, the same at every poll.
    pub key: EntryKey,
    /// Its link, absolute, http or https; none when it has none.
    pub url: Option<String>,
    /// Its title as plain text, possibly empty.
    pub title: String,
    /// Its summary as plain text.
    pub summary: Option<String>,
    /// Its full content (RSS `content:encoded`, Atom `content`) as HTML.
    pub content_html: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// When it was last edited.
    pub updated: Option<Timestamp>,
}
