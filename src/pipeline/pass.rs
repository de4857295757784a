//! One pass: ask the feeds that are due, fetch the pages of their new entries, keep everything.
//! The base is open three times for a moment (which feeds are due, which entries are new, each
//! commit) and never while fetching. A feed is kept whole, with its entries and its state, or not
//! at all, so that a pass may be killed at any moment and the next one takes up what is missing.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use futures_util::stream::{self, StreamExt};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use url::Url;

use super::base::{self, Access, BaseError, Changes, LazyReader};
use super::correct;
use super::report::{FeedResult, RunReport};
use crate::dedup::url::canonical;
use crate::extract;
use crate::feed;
use crate::fetch::{Answer, Fetch, Request, What};
use crate::model::article::{Article, Page, TextSource};
use crate::model::feed::{CheckOutcome, Entry, FeedCheck, FeedSource, FeedState};
use crate::model::id::{ArticleId, FeedId};
use crate::store::archive::Archive;
use crate::store::{Appearance, Batch, StoreError};

/// So many articles are gathered before a commit: large enough for speed, small enough that a
/// killed pass has little to do again.
const COMMIT_ARTICLES: usize = 50;
/// A failing feed is asked ever less often, up to this.
const LONGEST_BACKOFF: SignedDuration = SignedDuration::from_hours(24);
/// So many feeds have their pages fetched in turn: enough to spread the requests over hosts, few enough
/// that feeds become whole, and are kept, all along a long pass.
const FEEDS_IN_TURN: usize = 8;
/// A feed that falls due within this time is asked now: cron's minutes are not exact, and waiting for
/// the next run would double the interval.
const DUE_SLACK: SignedDuration = SignedDuration::from_secs(60);
/// The feed's own text is preferred when it is this many times longer than the page's: the page
/// is a teaser.
const TEASER_RATIO: usize = 2;

/// What a pass works with.
pub struct Pass<'a, F> {
    /// All feeds of `feeds.toml`.
    pub feeds: &'a [FeedSource],
    /// The network.
    pub fetch: &'a F,
    /// The store.
    pub access: Access,
    /// The models.
    pub reader: Arc<LazyReader>,
    /// Requests under way at once.
    pub jobs: usize,
    /// Whether feeds are asked before their time.
    pub force: bool,
    /// Only these feeds; empty for all.
    pub only: BTreeSet<FeedId>,
    /// The time.
    pub now: Timestamp,
    /// Becomes true when the pass is to stop.
    pub stop: watch::Receiver<bool>,
    /// Told what is going on, for a progress bar.
    pub progress: &'a (dyn Fn(Progress) + Sync),
}

/// A step of a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many feeds will be asked.
    Feeds(usize),
    /// One more feed has been asked.
    FeedDone,
    /// So many pages will be fetched.
    Pages(usize),
    /// One more page has been fetched.
    PageDone,
}

/// Why there was no pass.
#[derive(Debug, thiserror::Error)]
pub enum PassError {
    /// The store or the models.
    #[error(transparent)]
    Base(#[from] BaseError),
    /// A worker thread failed.
    #[error("internal failure: {0}")]
    Worker(String),
}

impl From<StoreError> for PassError {
    fn from(error: StoreError) -> PassError {
        PassError::Base(BaseError::Store(error))
    }
}

/// A feed that answered in this pass, with what is to be done about its new entries.
struct Polled {
    source: usize,
    check: FeedCheck,
    entries: Vec<Entry>,
}

/// One new entry.
enum Plan {
    /// Its page is to be fetched, or its own text taken.
    Fetch(Box<Entry>, ArticleId, Option<Url>),
    /// Its article is kept already.
    Appears(Appearance),
    /// Another feed of this pass brings its article.
    Awaits(Appearance),
}

/// A feed on its way to the commit.
struct Pending {
    source: usize,
    check: FeedCheck,
    articles: Vec<Article>,
    appearances: Vec<Appearance>,
    /// Appearances of articles that other feeds of this pass bring.
    awaited: Vec<Appearance>,
    without_page: Vec<String>,
    missing: usize,
}

impl Pending {
    /// Whether all its articles are here, those that other feeds bring among what is kept. Without
    /// them it must not be kept: at the next pass it would be "not modified", and they be lost.
    fn is_whole(&self, kept: &BTreeSet<ArticleId>) -> bool {
        let own = |id: &ArticleId| self.articles.iter().any(|article| article.id == *id);
        let is_here = |awaited: &Appearance| kept.contains(&awaited.article) || own(&awaited.article);
        self.missing == 0 && self.awaited.iter().all(is_here)
    }
}

/// Runs one pass. Only one at a time has the store; a feed's failure is a line of the report.
pub async fn run<F: Fetch>(pass: Pass<'_, F>) -> Result<RunReport, PassError> {
    let _lock = base::enter_pass(&pass.access, pass.now)?;
    let mut report = RunReport::new(pass.now);
    let (archive, states) = open_store(&pass, &mut report).await?;
    let forgotten = correct::forgotten(&pass.reader, &archive);
    let due = due_feeds(&pass, &states);

    let polled = poll_feeds(&pass, &due, &states).await;
    report.next_due = next_of_all(&pass, &polled, &states);
    let plans = plan(&pass, &polled, forgotten).await?;
    let (results, changes) = gather(&pass, polled, plans, archive).await?;

    report.add_changes(&changes);
    report.interrupted = *pass.stop.borrow();
    let mut results: HashMap<usize, FeedResult> = results;
    for (index, source) in pass.feeds.iter().enumerate() {
        report.add_feed(
            source,
            results
                .remove(&index)
                .unwrap_or_else(|| idle_result(&pass, source, &due, index, &states)),
        );
    }
    Ok(report)
}

/// Mends the archive, brings the base in step with it, and reads what is known of the feeds.
async fn open_store<F>(
    pass: &Pass<'_, F>,
    report: &mut RunReport,
) -> Result<(Archive, BTreeMap<FeedId, FeedState>), PassError> {
    let (access, reader, now) = (pass.access.clone(), Arc::clone(&pass.reader), pass.now);
    let (archive, states, late, lost) = blocking(move || {
        let mut archive = Archive::open(&access.dir)?;
        let mut store = crate::store::open(&access.dir, access.role, now, access.wait)?;
        let lost = base::lost_end(&archive, store.as_ref());
        archive.reserve(store.seq());
        correct::erase(&mut archive, &reader, now)?;
        let late = base::catch_up(&archive, store.as_mut(), &reader)?;
        correct::apply(&access.dir, store.as_mut(), &reader)?;
        let states = store.feed_states()?;
        Ok::<_, BaseError>((archive, states, late, lost))
    })
    .await??;
    report.notes.extend(archive.notes().iter().cloned());
    report.notes.extend(lost);
    if late.batches > 0 {
        report.notes.push(format!(
            "the base was behind its archive: {} batches taken in ({} articles)",
            late.batches, late.articles
        ));
    }
    Ok((archive, states))
}

/// The indexes of the feeds to ask now.
fn due_feeds<F>(pass: &Pass<'_, F>, states: &BTreeMap<FeedId, FeedState>) -> Vec<usize> {
    let soon = pass.now.saturating_add(DUE_SLACK).unwrap_or(pass.now);
    let due = |source: &FeedSource| states.get(&source.id).is_none_or(|state| state.next_due <= soon);
    let chosen = |source: &FeedSource| is_wanted(pass, source) && (pass.force || due(source));
    pass.feeds
        .iter()
        .enumerate()
        .filter(|(_, source)| chosen(source))
        .map(|(index, _)| index)
        .collect()
}

/// Whether a feed is switched on and among those asked for.
fn is_wanted<F>(pass: &Pass<'_, F>, source: &FeedSource) -> bool {
    source.disabled.is_none() && (pass.only.is_empty() || pass.only.contains(&source.id))
}

/// The line of a feed that was not asked.
fn idle_result<F>(
    pass: &Pass<'_, F>,
    source: &FeedSource,
    due: &[usize],
    index: usize,
    states: &BTreeMap<FeedId, FeedState>,
) -> FeedResult {
    match (&source.disabled, states.get(&source.id)) {
        (Some(reason), _) => FeedResult::Disabled { reason: reason.clone() },
        (None, _) if due.contains(&index) => FeedResult::Interrupted,
        (None, state) => FeedResult::NotDue {
            next_due: state.map_or(pass.now, |state| state.next_due),
        },
    }
}

/// Asks the due feeds, several at once. Those that a stop cuts off are left out.
async fn poll_feeds<F: Fetch>(pass: &Pass<'_, F>, due: &[usize], states: &BTreeMap<FeedId, FeedState>) -> Vec<Polled> {
    (pass.progress)(Progress::Feeds(due.len()));
    let polls = stream::iter(due.iter().copied()).map(|index| async move {
        let polled = poll(pass, index, states.get(&pass.feeds[index].id)).await;
        (pass.progress)(Progress::FeedDone);
        polled
    });
    let mut polled = collect_until_stop(polls.buffer_unordered(pass.jobs.max(1)), pass.stop.clone()).await;
    polled.sort_by_key(|polled| polled.source);
    polled
}

async fn poll<F: Fetch>(pass: &Pass<'_, F>, index: usize, state: Option<&FeedState>) -> Polled {
    let source = &pass.feeds[index];
    let mut retry_after = None;
    let (outcome, entries, validators) = match ask_feed(pass, source, state, &mut retry_after).await {
        Ok(Asked::NotModified) => (CheckOutcome::NotModified, Vec::new(), (None, None)),
        Ok(Asked::Read(parsed, etag, last_modified)) => {
            let entries = parsed.entries.len() as u64;
            // How many are new is known once the base has been asked; see `plan`.
            let outcome = CheckOutcome::Ok {
                entries,
                new: 0,
                problems: parsed.problems,
            };
            (outcome, parsed.entries, (etag, last_modified))
        }
        Err((reason, detail)) => (CheckOutcome::Failed { reason, detail }, Vec::new(), (None, None)),
    };
    let failures = match outcome {
        CheckOutcome::Failed { .. } => state.map_or(0, |state| state.failures_in_a_row) + 1,
        _ => 0,
    };
    let check = FeedCheck {
        feed: source.id.clone(),
        at: pass.now,
        outcome,
        etag: validators.0,
        last_modified: validators.1,
        next_due: next_due(pass.now, source.every, failures, retry_after),
    };
    Polled {
        source: index,
        check,
        entries,
    }
}

enum Asked {
    NotModified,
    Read(crate::model::feed::ParsedFeed, Option<String>, Option<String>),
}

async fn ask_feed<F: Fetch>(
    pass: &Pass<'_, F>,
    source: &FeedSource,
    state: Option<&FeedState>,
    retry_after: &mut Option<u64>,
) -> Result<Asked, (String, String)> {
    let url = Url::parse(&source.url).map_err(|error| ("url".to_owned(), format!("{}: {error}", source.url)))?;
    let request = Request {
        url,
        what: What::Feed,
        etag: state.and_then(|state| state.etag.clone()),
        last_modified: state.and_then(|state| state.last_modified.clone()),
    };
    let answer = pass
        .fetch
        .fetch(request)
        .await
        .map_err(|error| (error.reason().to_owned(), error.to_string()))?;
    *retry_after = answer.retry_after_seconds;
    match answer.status {
        304 => return Ok(Asked::NotModified),
        200..=299 => {}
        status => return Err(("http".to_owned(), http_status(status))),
    }
    let (etag, last_modified) = (answer.etag.clone(), answer.last_modified.clone());
    let parsed =
        blocking(move || feed::parse_with_type(&answer.body, answer.content_type.as_deref(), &answer.final_url))
            .await
            .map_err(|error| ("parse".to_owned(), error.to_string()))?
            .map_err(|error| (error.reason().to_owned(), error.to_string()))?;
    Ok(Asked::Read(parsed, etag, last_modified))
}

/// When a feed is next asked: after its interval, later the more often it failed in a row, and
/// not before the server allows.
fn next_due(now: Timestamp, every: SignedDuration, failures: u32, retry_after_seconds: Option<u64>) -> Timestamp {
    let backoff = every.checked_mul(1 << failures.min(10)).unwrap_or(LONGEST_BACKOFF);
    let wait = if failures == 0 {
        every
    } else {
        backoff.min(LONGEST_BACKOFF.max(every))
    };
    let asked = SignedDuration::from_secs(retry_after_seconds.unwrap_or(0).min(86_400) as i64);
    now.checked_add(wait.max(asked)).unwrap_or(Timestamp::MAX)
}

/// When the next feed falls due after this pass.
fn next_of_all<F>(pass: &Pass<'_, F>, polled: &[Polled], states: &BTreeMap<FeedId, FeedState>) -> Option<Timestamp> {
    let asked: HashMap<usize, Timestamp> = polled
        .iter()
        .map(|polled| (polled.source, polled.check.next_due))
        .collect();
    let wanted = pass
        .feeds
        .iter()
        .enumerate()
        .filter(|(_, source)| is_wanted(pass, source));
    wanted
        .map(|(index, source)| {
            let before = states.get(&source.id).map_or(pass.now, |state| state.next_due);
            asked.get(&index).copied().unwrap_or(before)
        })
        .min()
}

/// Asks the base which entries are new, and which of these lead to articles that are known. Of two
/// feeds that bring one page, the first in the file fetches it. What is to be forgotten is passed over.
async fn plan<F>(
    pass: &Pass<'_, F>,
    polled: &[Polled],
    forgotten: BTreeSet<ArticleId>,
) -> Result<Vec<Vec<Plan>>, PassError> {
    if polled.iter().all(|polled| polled.entries.is_empty()) {
        return Ok(polled.iter().map(|_| Vec::new()).collect());
    }
    let (access, now) = (pass.access.clone(), pass.now);
    let feeds: Vec<(FeedId, Vec<Entry>)> = polled
        .iter()
        .map(|polled| (polled.check.feed.clone(), polled.entries.clone()))
        .collect();
    let plans = blocking(move || {
        let store = crate::store::open(&access.dir, access.role, now, access.wait)?;
        let mut coming: BTreeSet<ArticleId> = BTreeSet::new();
        let mut plans = Vec::with_capacity(feeds.len());
        for (feed, entries) in feeds {
            let mut seen = BTreeSet::new();
            let mut feed_plans = Vec::new();
            for entry in entries {
                if !seen.insert(entry.key.clone()) || store.article_of_entry(&feed, &entry.key)?.is_some() {
                    continue;
                }
                let url = entry.url.as_deref().and_then(|url| Url::parse(url).ok());
                let address = url.as_ref().map_or_else(
                    || format!("urn:vigie:{feed}:{}", entry.key),
                    |url| canonical(url).to_string(),
                );
                let id = ArticleId::of_url(&address);
                if forgotten.contains(&id) {
                    continue;
                }
                let appearance = Appearance {
                    feed: feed.clone(),
                    entry: entry.key.clone(),
                    article: id.clone(),
                };
                if coming.contains(&id) {
                    feed_plans.push(Plan::Awaits(appearance));
                } else if store.knows_article(&id)? {
                    feed_plans.push(Plan::Appears(appearance));
                } else {
                    coming.insert(id.clone());
                    feed_plans.push(Plan::Fetch(Box::new(entry), id, url));
                }
            }
            plans.push(feed_plans);
        }
        Ok::<_, StoreError>(plans)
    })
    .await??;
    Ok(plans)
}

/// Fetches the pages, and commits feeds as they become whole.
async fn gather<F: Fetch>(
    pass: &Pass<'_, F>,
    polled: Vec<Polled>,
    plans: Vec<Vec<Plan>>,
    archive: Archive,
) -> Result<(HashMap<usize, FeedResult>, Changes), PassError> {
    let mut pending: Vec<Option<Pending>> = Vec::with_capacity(polled.len());
    let mut to_fetch: Vec<Vec<PageJob>> = Vec::with_capacity(polled.len());
    for (slot, (mut polled, plans)) in polled.into_iter().zip(plans).enumerate() {
        if let CheckOutcome::Ok { new, .. } = &mut polled.check.outcome {
            *new = plans.len() as u64;
        }
        let mut waiting = Pending {
            source: polled.source,
            check: polled.check,
            articles: Vec::new(),
            appearances: Vec::new(),
            awaited: Vec::new(),
            without_page: Vec::new(),
            missing: 0,
        };
        let mut pages = Vec::new();
        for plan in plans {
            match plan {
                Plan::Appears(appearance) => waiting.appearances.push(appearance),
                Plan::Awaits(appearance) => waiting.awaited.push(appearance),
                Plan::Fetch(entry, id, url) => pages.push((slot, entry, id, url)),
            }
        }
        waiting.missing = pages.len();
        to_fetch.push(pages);
        pending.push(Some(waiting));
    }
    let order = alternate(to_fetch);
    (pass.progress)(Progress::Pages(order.len()));

    let mut committer = Committer {
        pass,
        archive: Some(archive),
        batch: Batch::default(),
        changes: Changes::default(),
        results: HashMap::new(),
        kept: BTreeSet::new(),
    };
    committer.add_whole(&mut pending).await?;
    // What failed, has nothing new, or leads to known articles need not wait for the pages.
    committer.commit().await?;
    let pages = stream::iter(order)
        .map(|(slot, entry, id, url)| async move { (slot, fetch_article(pass, *entry, id, url).await) });
    let mut pages = std::pin::pin!(pages.buffer_unordered(pass.jobs.max(1)));
    let mut stop = pass.stop.clone();
    loop {
        let next = tokio::select! {
            biased;
            () = stopped(&mut stop) => None,
            next = pages.next() => next,
        };
        let Some((slot, fetched)) = next else { break };
        (pass.progress)(Progress::PageDone);
        let Some(waiting) = pending[slot].as_mut() else {
            continue;
        };
        let source = &pass.feeds[waiting.source];
        let mut article = fetched;
        article.feed = Some(source.id.clone());
        article.outlet = source.outlet.clone();
        article.declared_language = Some(source.language.clone());
        article.outlet_departements = source.departements.clone();
        if let TextSource::Feed { reason } = &article.source {
            waiting.without_page.push(reason.clone());
        }
        waiting.articles.push(article);
        waiting.missing -= 1;
        if waiting.missing == 0 {
            committer.add_whole(&mut pending).await?;
        }
    }
    for cut_off in pending.into_iter().flatten() {
        committer.results.insert(cut_off.source, FeedResult::Interrupted);
    }
    committer.commit().await?;
    Ok((committer.results, committer.changes))
}

/// A page to fetch: the feed's slot, the entry, the article's id, the page's address.
type PageJob = (usize, Box<Entry>, ArticleId, Option<Url>);

/// The pages of a few feeds in turn, so that no host is asked for all its pages at a stretch; then
/// those of the next few.
fn alternate(queues: Vec<Vec<PageJob>>) -> Vec<PageJob> {
    let mut order = Vec::new();
    let mut queues = queues
        .into_iter()
        .filter(|pages| !pages.is_empty())
        .map(Vec::into_iter)
        .peekable();
    while queues.peek().is_some() {
        let mut few: Vec<_> = queues.by_ref().take(FEEDS_IN_TURN).collect();
        loop {
            let before = order.len();
            order.extend(few.iter_mut().filter_map(Iterator::next));
            if order.len() == before {
                break;
            }
        }
    }
    order
}

/// Gathers whole feeds into batches, and keeps them.
struct Committer<'a, 'p, F> {
    pass: &'a Pass<'p, F>,
    archive: Option<Archive>,
    batch: Batch,
    changes: Changes,
    results: HashMap<usize, FeedResult>,
    kept: BTreeSet<ArticleId>,
}

impl<F> Committer<'_, '_, F> {
    /// Adds the feeds that have become whole. A feed awaits articles only of feeds before it, so one
    /// walk in order is enough.
    async fn add_whole(&mut self, pending: &mut [Option<Pending>]) -> Result<(), PassError> {
        for slot in pending {
            if let Some(whole) = slot.take_if(|waiting| waiting.is_whole(&self.kept)) {
                self.add(whole).await?;
            }
        }
        Ok(())
    }

    async fn add(&mut self, whole: Pending) -> Result<(), PassError> {
        let mut result = FeedResult::from(&whole.check.outcome);
        if let FeedResult::Ok { without_page, .. } = &mut result {
            *without_page = whole.without_page;
        }
        self.results.insert(whole.source, result);
        self.kept
            .extend(whole.articles.iter().map(|article| article.id.clone()));
        self.batch.checks.push(whole.check);
        self.batch.articles.extend(whole.articles);
        self.batch.appearances.extend(whole.appearances);
        self.batch.appearances.extend(whole.awaited);
        if self.batch.articles.len() >= COMMIT_ARTICLES {
            self.commit().await
        } else {
            Ok(())
        }
    }

    async fn commit(&mut self) -> Result<(), PassError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.batch);
        let (access, reader, now) = (self.pass.access.clone(), Arc::clone(&self.pass.reader), self.pass.now);
        let mut archive = self.archive.take().expect("put back after each commit");
        let (archive, changes) = blocking(move || {
            let changes = base::keep(&mut archive, &batch, &access, &reader, now);
            (archive, changes)
        })
        .await?;
        self.archive = Some(archive);
        let changes = changes?;
        self.changes.articles += changes.articles;
        self.changes.batches += changes.batches;
        self.changes.opened.extend(changes.opened);
        self.changes.changed.extend(changes.changed);
        Ok(())
    }
}

/// The article of a new entry: its page, or else the feed's own text.
async fn fetch_article<F: Fetch>(pass: &Pass<'_, F>, entry: Entry, id: ArticleId, url: Option<Url>) -> Article {
    let page = match &url {
        Some(url) => fetch_page(pass, url).await,
        None => Err("the entry has no link".to_owned()),
    };
    let address = url.as_ref().map_or_else(
        || format!("urn:vigie:{}", id.as_str()),
        |url| canonical(url).to_string(),
    );
    let feed_text = feed_text(&entry);
    let (page, source) = match page {
        Ok(page) if page_bytes(&page) * TEASER_RATIO >= feed_text.len() => (Some(page), TextSource::Page),
        Ok(_) => (
            None,
            TextSource::Feed {
                reason: "the page holds less than the feed".to_owned(),
            },
        ),
        Err(reason) => (None, TextSource::Feed { reason }),
    };
    let published = entry
        .published
        .or_else(|| page.as_ref().and_then(|page| page.published))
        .or(entry.updated);
    let page_title = page.as_ref().and_then(|page| page.title.clone());
    Article {
        id,
        url: address,
        outlet: String::new(),
        feed: None,
        entry: Some(entry.key),
        title: if entry.title.is_empty() {
            page_title.unwrap_or_default()
        } else {
            entry.title
        },
        standfirst: page.as_ref().and_then(|page| page.standfirst.clone()),
        text: page.map_or(feed_text, |page| page.paragraphs.join("\n")),
        published_day_known: published.is_some(),
        // A date ahead of the clock is a slip of the publisher's.
        published: published.map_or(pass.now, |published| published.min(pass.now)),
        received: pass.now,
        declared_language: None,
        outlet_departements: Vec::new(),
        source,
    }
}

/// The page of an article, or in words why it could not be had.
async fn fetch_page<F: Fetch>(pass: &Pass<'_, F>, url: &Url) -> Result<Page, String> {
    let request = Request {
        url: url.clone(),
        what: What::Page,
        etag: None,
        last_modified: None,
    };
    let answer: Answer = pass.fetch.fetch(request).await.map_err(|error| error.to_string())?;
    if !(200..=299).contains(&answer.status) {
        return Err(http_status(answer.status));
    }
    blocking(move || extract::extract(&answer.body, answer.content_type.as_deref(), &answer.final_url))
        .await
        .map_err(|error| error.to_string())?
        .map_err(|refused| refused.to_string())
}

fn feed_text(entry: &Entry) -> String {
    let content = entry
        .content_html
        .as_deref()
        .map(extract::paragraphs_of_fragment)
        .unwrap_or_default()
        .join("\n");
    let summary = entry.summary.clone().unwrap_or_default();
    if content.len() >= summary.len() {
        content
    } else {
        summary
    }
}

fn page_bytes(page: &Page) -> usize {
    page.paragraphs.iter().map(String::len).sum::<usize>() + page.standfirst.as_ref().map_or(0, String::len)
}

fn http_status(status: u16) -> String {
    let words = match status {
        401 | 403 => " (refused)",
        404 => " (not found)",
        410 => " (gone)",
        429 => " (too many requests)",
        500..=599 => " (server error)",
        _ => "",
    };
    format!("HTTP {status}{words}")
}

/// Resolves once the pass is to stop; never when nobody can stop it.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn collect_until_stop<T>(items: impl stream::Stream<Item = T>, mut stop: watch::Receiver<bool>) -> Vec<T> {
    let mut items = std::pin::pin!(items);
    let mut collected = Vec::new();
    loop {
        let next = tokio::select! {
            biased;
            () = stopped(&mut stop) => None,
            next = items.next() => next,
        };
        match next {
            Some(item) => collected.push(item),
            None => return collected,
        }
    }
}

/// Runs what blocks (disk, parsing) away from the network's threads. A panic in there becomes an
/// error of the caller's.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, PassError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| PassError::Worker(error.to_string()))
}
