//! What a pass did: a line per feed, totals, incidents new and changed; for people and, with the
//! same fields, for programs.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde::Serialize;

use super::base::Changes;
use crate::model::feed::{CheckOutcome, FeedSource};
use crate::model::id::{FeedId, IncidentId};

/// The report of one pass.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunReport {
    /// Name and version of this shape.
    pub schema: &'static str,
    /// When the pass began.
    pub at: Timestamp,
    /// A line per feed, in the order of `feeds.toml`.
    pub feeds: Vec<FeedLine>,
    /// The sums.
    pub totals: Totals,
    /// Incidents that this pass opened.
    pub new_incidents: BTreeSet<IncidentId>,
    /// Incidents that this pass changed.
    pub changed_incidents: BTreeSet<IncidentId>,
    /// When the next feed falls due; none without feeds.
    pub next_due: Option<Timestamp>,
    /// What was noticed about the store: a torn archive mended, batches taken in late.
    pub notes: Vec<String>,
    /// Whether the pass was stopped before its end; what was done is kept.
    pub interrupted: bool,
}

/// One feed's line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeedLine {
    /// The feed.
    pub id: FeedId,
    /// Its publication.
    pub outlet: String,
    /// What came of it.
    #[serde(flatten)]
    pub result: FeedResult,
}

/// What came of one feed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "result")]
pub enum FeedResult {
    /// It answered and was read.
    Ok {
        /// Entries in the document.
        entries: u64,
        /// Entries never seen before.
        new: u64,
        /// Articles whose page could not be had; the feed's text stands in.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        without_page: Vec<String>,
        /// What was odd in the feed.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        problems: Vec<String>,
    },
    /// HTTP 304.
    NotModified,
    /// It could not be fetched or read.
    Failed {
        /// A word for programs.
        reason: String,
        /// A sentence for people.
        detail: String,
    },
    /// Its time has not come.
    NotDue {
        /// When it comes.
        next_due: Timestamp,
    },
    /// Switched off in `feeds.toml`.
    Disabled {
        /// Why.
        reason: String,
    },
    /// The pass was stopped before it was done; it will be asked again.
    Interrupted,
}

/// The sums of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// Feeds in the file.
    pub feeds: u64,
    /// Feeds asked in this pass.
    pub asked: u64,
    /// Of these, read.
    pub ok: u64,
    /// Of these, not modified.
    pub not_modified: u64,
    /// Of these, failed.
    pub failed: u64,
    /// Entries never seen before.
    pub new_entries: u64,
    /// Articles added.
    pub articles: u64,
    /// Articles that had to do with the feed's text.
    pub without_page: u64,
}

impl RunReport {
    /// An empty report.
    pub fn new(at: Timestamp) -> RunReport {
        RunReport {
            schema: "vigie.collect/1",
            at,
            feeds: Vec::new(),
            totals: Totals::default(),
            new_incidents: BTreeSet::new(),
            changed_incidents: BTreeSet::new(),
            next_due: None,
            notes: Vec::new(),
            interrupted: false,
        }
    }

    /// Adds a feed's line and its figures.
    pub fn add_feed(&mut self, source: &FeedSource, result: FeedResult) {
        let totals = &mut self.totals;
        totals.feeds += 1;
        totals.asked += u64::from(matches!(
            result,
            FeedResult::Ok { .. } | FeedResult::NotModified | FeedResult::Failed { .. }
        ));
        match &result {
            FeedResult::Ok { new, without_page, .. } => {
                totals.ok += 1;
                totals.new_entries += new;
                totals.without_page += without_page.len() as u64;
            }
            FeedResult::NotModified => totals.not_modified += 1,
            FeedResult::Failed { .. } => totals.failed += 1,
            FeedResult::NotDue { .. } | FeedResult::Disabled { .. } | FeedResult::Interrupted => {}
        }
        self.feeds.push(FeedLine {
            id: source.id.clone(),
            outlet: source.outlet.clone(),
            result,
        });
    }

    /// Adds what a commit changed.
    pub fn add_changes(&mut self, changes: &Changes) {
        self.totals.articles += changes.articles;
        self.new_incidents.extend(changes.opened.iter().cloned());
        let changed = changes
            .changed
            .iter()
            .filter(|id| !self.new_incidents.contains(*id))
            .cloned();
        self.changed_incidents.extend(changed.collect::<Vec<_>>());
    }

    /// Whether every feed that was asked answered.
    pub const fn all_well(&self) -> bool {
        self.totals.failed == 0
    }

    /// The report for people: a line per feed, then the sums.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.feeds {
            let said = match &line.result {
                FeedResult::Ok {
                    entries,
                    new,
                    without_page,
                    problems,
                } => {
                    let mut said = format!("ok            {new} new of {entries}");
                    if !without_page.is_empty() {
                        let _ = write!(
                            said,
                            ", {} without their page ({})",
                            without_page.len(),
                            without_page[0]
                        );
                    }
                    if let Some(problem) = problems.first() {
                        let _ = write!(said, "; {problem}");
                    }
                    said
                }
                FeedResult::NotModified => "not modified".to_owned(),
                FeedResult::Failed { reason, detail } => format!("FAILED        {reason}: {detail}"),
                FeedResult::NotDue { .. } | FeedResult::Disabled { .. } => continue,
                FeedResult::Interrupted => "interrupted   will be asked again".to_owned(),
            };
            let _ = writeln!(text, "{:<28} {said}", line.id);
        }
        let totals = self.totals;
        let _ = writeln!(
            text,
            "{} feeds asked of {}: {} ok, {} not modified, {} failed; {} new entries, {} new articles",
            totals.asked,
            totals.feeds,
            totals.ok,
            totals.not_modified,
            totals.failed,
            totals.new_entries,
            totals.articles
        );
        let _ = writeln!(
            text,
            "{} new incidents, {} changed{}",
            self.new_incidents.len(),
            self.changed_incidents.len(),
            if self.interrupted {
                "; stopped before the end, what was done is kept"
            } else {
                ""
            }
        );
        for (word, ids) in [("new", &self.new_incidents), ("changed", &self.changed_incidents)] {
            for id in ids {
                let _ = writeln!(text, "  {word} {id}");
            }
        }
        for note in &self.notes {
            let _ = writeln!(text, "note: {note}");
        }
        text
    }
}

impl From<&CheckOutcome> for FeedResult {
    fn from(outcome: &CheckOutcome) -> FeedResult {
        match outcome {
            CheckOutcome::Ok { entries, new, problems } => FeedResult::Ok {
                entries: *entries,
                new: *new,
                without_page: Vec::new(),
                problems: problems.clone(),
            },
            CheckOutcome::NotModified => FeedResult::NotModified,
            CheckOutcome::Failed { reason, detail } => FeedResult::Failed {
                reason: reason.clone(),
                detail: detail.clone(),
            },
        }
    }
}
