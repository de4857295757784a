//! What vigie keeps, seen from above. `Store` is one of the two seams of the house; the embedded
//! base is in `sled`, the archive of what was received in `archive`, the locks in `lock`.

pub mod archive;
pub mod lock;
#[cfg(test)]
mod promises;
pub mod sled;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::analysis::Analysis;
use crate::model::article::Article;
use crate::model::coverage::Coverage;
use crate::model::feed::{FeedCheck, FeedState};
use crate::model::id::{ArticleId, EntryKey, FeedId, IncidentId};
use crate::model::incident::Incident;

/// What one step of a pass received: the unit that the archive keeps and the base takes whole.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Batch {
    /// Polls of feeds.
    pub checks: Vec<FeedCheck>,
    /// Articles received for the first time.
    pub articles: Vec<Article>,
    /// Entries that led to an article already known: the same page in another feed.
    pub appearances: Vec<Appearance>,
}

/// One entry of a feed that leads to an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appearance {
    /// The feed.
    pub feed: FeedId,
    /// The entry's key in it.
    pub entry: EntryKey,
    /// The article.
    pub article: ArticleId,
}

impl Batch {
    /// Whether there is nothing to keep.
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty() && self.articles.is_empty() && self.appearances.is_empty()
    }
}

/// An article with what was concluded from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredArticle {
    /// As received.
    pub article: Article,
    /// As read.
    pub analysis: Analysis,
    /// The incident it belongs to.
    pub incident: Option<IncidentId>,
    /// The further incidents that it only mentions, as a recap does. Bases of before have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentioned_in: Vec<IncidentId>,
    /// What it said before it was edited, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revisions: Vec<Revision>,
}

/// An earlier wording of an article that its outlet edited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// When vigie received that wording.
    pub received: Timestamp,
    /// Its headline.
    pub title: String,
    /// A digest of its standfirst and text.
    pub words: String,
}

impl Revision {
    /// The wording of this article.
    pub fn of(article: &Article) -> Revision {
        let words = format!(
            "{}\n{}",
            article.standfirst.as_deref().unwrap_or_default(),
            article.text
        );
        Revision {
            received: article.received,
            title: article.title.clone(),
            words: blake3::hash(words.as_bytes()).to_hex()[..16].to_owned(),
        }
    }

    /// Whether another wording says the same.
    pub fn says_the_same(&self, other: &Revision) -> bool {
        (&self.title, &self.words) == (&other.title, &other.words)
    }
}

/// What one commit writes, all or nothing.
#[derive(Debug, Clone, Default)]
pub struct Commit {
    /// The batch's number in the archive.
    pub seq: u64,
    /// New states of feeds.
    pub feeds: Vec<FeedState>,
    /// Articles, new or changed.
    pub articles: Vec<StoredArticle>,
    /// Entries to remember as seen.
    pub appearances: Vec<Appearance>,
    /// Incidents, new or changed, each with the keys under which it can be found again.
    pub incidents: Vec<(Incident, Vec<String>)>,
    /// Incidents that are no more: all their articles belong to others now. Their ids lead on where an incident has
    /// them among its former ids.
    pub removed: Vec<IncidentId>,
    /// Articles to erase. The entries that led to them stay known.
    pub forgotten: Vec<ArticleId>,
}

/// A stretch of time, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Its start.
    pub from: Timestamp,
    /// Its end.
    pub to: Timestamp,
}

impl Span {
    /// All of time.
    pub const EVER: Span = Span {
        from: Timestamp::MIN,
        to: Timestamp::MAX,
    };

    /// So many days before and after a moment.
    pub fn around(moment: Timestamp, days: i64) -> Span {
        let length = jiff::SignedDuration::from_hours(days.saturating_mul(24));
        Span {
            from: moment.saturating_sub(length).unwrap_or(Timestamp::MIN),
            to: moment.saturating_add(length).unwrap_or(Timestamp::MAX),
        }
    }
}

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has it, and did not let go in time.
    #[error("the base in {path} is in use by {holder}; waited {waited_seconds} s: try again, or raise --wait")]
    Busy {
        /// The store's folder.
        path: PathBuf,
        /// "vigie collect, pid 4312, since 14:02:11".
        holder: String,
        /// How long we waited.
        waited_seconds: u64,
    },
    /// It cannot be read or written.
    #[error("{doing} {path}: {cause}")]
    Io {
        /// "opening", "writing"...
        doing: &'static str,
        /// What.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The base is damaged; the archive can make it anew.
    #[error("the base in {path} is damaged ({detail}); the archive is not: run `vigie rebuild`")]
    Damaged {
        /// The store's folder.
        path: PathBuf,
        /// What was seen.
        detail: String,
    },
    /// The archive is damaged in one place; what stands before and after can be read.
    #[error("{path} is damaged at byte {offset} ({detail}); `vigie rebuild` goes on without that batch")]
    Corrupt {
        /// The archive's file.
        path: PathBuf,
        /// Where the damaged batch begins in it.
        offset: u64,
        /// What was seen.
        detail: String,
    },
    /// A commit older than what the base already holds: the caller's mistake.
    #[error("batch {given} comes after batch {present}, which the base already holds")]
    OutOfOrder {
        /// The commit's number.
        given: u64,
        /// The base's.
        present: u64,
    },
    /// It was written by a newer vigie.
    #[error("{path} was written by a newer version of vigie (format {found}, this one knows {known}): upgrade vigie")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// Ours.
        known: u32,
    },
}

/// Anything that keeps feeds, articles and incidents.
pub trait Store {
    /// Number of the last batch taken in; 0 for an empty base.
    fn seq(&self) -> u64;
    /// All feeds ever polled.
    fn feed_states(&self) -> Result<BTreeMap<FeedId, FeedState>, StoreError>;
    /// The article to which this entry led, when it was seen before.
    fn article_of_entry(&self, feed: &FeedId, entry: &EntryKey) -> Result<Option<ArticleId>, StoreError>;
    /// Whether this article is kept; cheaper than reading it.
    fn knows_article(&self, id: &ArticleId) -> Result<bool, StoreError>;
    /// One article.
    fn article(&self, id: &ArticleId) -> Result<Option<StoredArticle>, StoreError>;
    /// All articles, in no stated order. Ends with an error when they are fewer than were written.
    fn articles(&self) -> Box<dyn Iterator<Item = Result<StoredArticle, StoreError>> + '_>;
    /// One incident, by its id or by one that it had formerly.
    fn incident(&self, id: &IncidentId) -> Result<Option<Incident>, StoreError>;
    /// The incidents filed under any of these keys whose first to last article reach into this span, each once,
    /// ordered by id.
    fn incidents_under(&self, keys: &[String], within: Span) -> Result<Vec<Incident>, StoreError>;
    /// The incidents whose last article was published at or after `since`, newest first (to the
    /// millisecond; then by id). Walked to the oldest, it ends with an error when some are missing.
    fn incidents_since(&self, since: Option<Timestamp>) -> Box<dyn Iterator<Item = Result<Incident, StoreError>> + '_>;
    /// What stands behind an answer.
    fn coverage(&self) -> Result<Coverage, StoreError>;
    /// Writes, all or nothing; durable when it returns. A new article's own entry is remembered as
    /// seen, beside the appearances; an incident's keys replace those it had. A number lower than
    /// `seq` is refused, the same number may be written again.
    fn commit(&mut self, commit: Commit) -> Result<(), StoreError>;
}

/// Opens the working base in `dir`, making it when absent. See `sled::SledStore::open`.
pub fn open(dir: &Path, role: &str, now: Timestamp, wait: Duration) -> Result<Box<dyn Store>, StoreError> {
    Ok(Box::new(sled::SledStore::open(dir, role, now, wait)?))
}

/// Starts a new, empty base beside the present one. See `sled::SledStore::rebuild`.
pub fn rebuild(dir: &Path, role: &str, now: Timestamp, wait: Duration) -> Result<sled::Rebuild, StoreError> {
    sled::SledStore::rebuild(dir, role, now, wait)
}

/// The error for a file that cannot be used, in plain words where we have some: sled keeps the kind
/// of a cause, but not always its words.
fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path = path.to_owned();
    move |cause| {
        let words = match cause.kind() {
            io::ErrorKind::StorageFull => "the disk is full",
            io::ErrorKind::QuotaExceeded => "the disk quota is used up",
            io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
            io::ErrorKind::PermissionDenied => "permission denied",
            _ => return StoreError::Io { doing, path, cause },
        };
        let cause = io::Error::new(cause.kind(), words);
        StoreError::Io { doing, path, cause }
    }
}
