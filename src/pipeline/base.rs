//! The store as the pipeline uses it: the base always in step with the archive. Whoever opens it
//! takes in what the archive has and the base lacks (a pass killed between its two writes, a base
//! lost in a power cut or deleted), so that no answer comes from a base that is behind.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;

use super::analyse::{Reader, ReaderError};
use super::correct;
use super::difference::Difference;
use super::ledger::{self, Heritage, Refiling, Rules};
use crate::model::analysis::Analysis;
use crate::model::article::Article;
use crate::model::correction::Corrections;
use crate::model::id::{ArticleId, IncidentId};
use crate::store::archive::Archive;
use crate::store::lock::{LockError, LockFile};
use crate::store::sled::Rebuild;
use crate::store::{self, Batch, Commit, Store, StoreError};

/// Why the base cannot be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum BaseError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The archive holds less than the present base.
    #[error(
        "the archive gives {archive_articles} articles and the present base holds {base_articles}: part of the archive is \
         lost, nothing was changed (--force makes the smaller base all the same)"
    )]
    ArchiveShort {
        /// Articles that a base from the archive would hold.
        archive_articles: u64,
        /// Articles of the present base.
        base_articles: u64,
    },
    /// The base is empty and the archive is damaged: an empty answer would be a false zero.
    #[error("the base is empty and the archive is damaged ({what}): restore the archive from a copy")]
    NothingLeft {
        /// What was seen.
        what: String,
    },
    /// Another pass (or a replay or rebuild, which stand for one) has the store.
    #[error("another pass is running: {holder}; nothing was done")]
    AnotherPass {
        /// Who, since when.
        holder: String,
    },
    /// The models, needed to take in what is missing.
    #[error(transparent)]
    Reader(#[from] ReaderError),
}

/// The models and gazetteers, loaded when first needed, and what analysts decided.
pub struct LazyReader {
    data: Option<PathBuf>,
    loaded: Arc<OnceLock<Reader>>,
    corrections: Option<Corrections>,
}

/// What is obeyed where nobody said what to obey.
static NOTHING_DECIDED: Corrections = Corrections {
    entries: Vec::new(),
    names: Vec::new(),
};

impl LazyReader {
    /// From the binary, or from this folder where it has files.
    pub fn new(data: Option<PathBuf>) -> LazyReader {
        LazyReader {
            data,
            loaded: Arc::default(),
            corrections: None,
        }
    }

    /// The same models, loaded once for both, with these decisions of analysts.
    pub fn with_corrections(&self, corrections: Corrections) -> LazyReader {
        LazyReader {
            data: self.data.clone(),
            loaded: Arc::clone(&self.loaded),
            corrections: Some(corrections),
        }
    }

    /// What analysts decided; nothing when nobody said.
    pub fn corrections(&self) -> &Corrections {
        self.corrections.as_ref().unwrap_or(&NOTHING_DECIDED)
    }

    /// Whether it was said what analysts decided, be it nothing.
    pub fn has_corrections(&self) -> bool {
        self.corrections.is_some()
    }

    /// By what articles are grouped.
    pub fn rules(&self) -> Result<Rules<'_>, ReaderError> {
        let reader = self.get()?;
        Ok(Rules {
            links: reader.links(),
            frequencies: reader.frequencies(),
            corrections: self.corrections(),
            heritage: None,
        })
    }

    /// Loads at the first call.
    pub fn get(&self) -> Result<&Reader, ReaderError> {
        if let Some(reader) = self.loaded.get() {
            return Ok(reader);
        }
        let reader = Reader::load(self.data.as_deref())?;
        Ok(self.loaded.get_or_init(|| reader))
    }
}

/// Who opens the base, and how patiently.
#[derive(Debug, Clone)]
pub struct Access {
    /// The store's folder.
    pub dir: PathBuf,
    /// The command, for the lock file: `collect`, `query`...
    pub role: &'static str,
    /// How long to wait for another process.
    pub wait: Duration,
}

/// What taking in batches changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// Batches taken in.
    pub batches: u64,
    /// Articles added.
    pub articles: u64,
    /// Incidents opened.
    pub opened: BTreeSet<IncidentId>,
    /// Incidents changed.
    pub changed: BTreeSet<IncidentId>,
}

impl Changes {
    fn add(&mut self, filed: &ledger::Filed) {
        self.batches += 1;
        self.articles += filed.commit.articles.len() as u64;
        self.opened.extend(filed.opened.iter().cloned());
        self.changed.extend(
            filed
                .changed
                .iter()
                .filter(|id| !self.opened.contains(*id))
                .cloned()
                .collect::<Vec<_>>(),
        );
    }
}

/// Opens the base to read it, in step with the archive and with what analysts decided.
pub fn open(access: &Access, reader: &LazyReader, now: Timestamp) -> Result<Box<dyn Store>, BaseError> {
    let mut store = store::open(&access.dir, access.role, now, access.wait)?;
    // Behind the base's lock: what is erased from the archive is erased by whoever has it.
    let mut archive = Archive::open_read(&access.dir)?;
    if !correct::to_erase(reader, &archive).is_empty() {
        archive = erase_if_nobody_writes(access, reader, now)?.unwrap_or(archive);
    }
    for note in archive.notes().iter().chain(&lost_end(&archive, store.as_ref())) {
        tracing::warn!("{note}");
    }
    if store.seq() == 0 && archive.seq() == 0 && !archive.notes().is_empty() {
        return Err(BaseError::NothingLeft {
            what: archive.notes().join("; "),
        });
    }
    catch_up(&archive, store.as_mut(), reader)?;
    correct::apply(&access.dir, store.as_mut(), reader)?;
    Ok(store)
}

/// Erases from the archive what is to be forgotten, unless a pass is writing to it: then that is left to the next command.
fn erase_if_nobody_writes(access: &Access, reader: &LazyReader, now: Timestamp) -> Result<Option<Archive>, BaseError> {
    match enter_pass(access, now) {
        Ok(_lock) => {
            let mut archive = Archive::open(&access.dir)?;
            correct::erase(&mut archive, reader, now)?;
            Ok(Some(archive))
        }
        Err(BaseError::AnotherPass { holder }) => {
            tracing::warn!(holder, "articles to forget stay in the archive until the pass is over");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// A sentence for people when the archive holds less than the base: its end was lost, and the base
/// has the only copy of what came after.
pub fn lost_end(archive: &Archive, store: &dyn Store) -> Option<String> {
    (archive.seq() < store.seq()).then(|| {
        format!(
            "the archive ends at batch {} and the base holds up to batch {}: part of the archive is lost; do not rebuild, \
             restore the archive from a copy",
            archive.seq(),
            store.seq()
        )
    })
}

/// Keeps a batch for ever: into the archive first, then, with whatever else is missing, into the
/// base, which is opened late and closed early.
pub fn keep(
    archive: &mut Archive,
    batch: &Batch,
    access: &Access,
    reader: &LazyReader,
    now: Timestamp,
) -> Result<Changes, BaseError> {
    let before = archive.seq();
    let seq = archive.append(batch, now)?;
    let mut store = store::open(&access.dir, access.role, now, access.wait)?;
    if store.seq() >= seq {
        // A query came between the two writes and took the batch in.
        return changes_of(store.as_ref(), batch);
    }
    if store.seq() < before {
        return catch_up(archive, store.as_mut(), reader);
    }
    // Nothing else is missing, so the month need not be read through to find this batch again.
    let mut changes = Changes::default();
    file(store.as_mut(), reader, None, seq, batch, &mut changes)?;
    Ok(changes)
}

/// What a batch that the base already holds changed in it: an incident all of whose articles came
/// with the batch was opened by it.
fn changes_of(store: &dyn Store, batch: &Batch) -> Result<Changes, BaseError> {
    let own: BTreeSet<&ArticleId> = batch.articles.iter().map(|article| &article.id).collect();
    let mut changes = Changes {
        batches: 1,
        ..Changes::default()
    };
    for id in &own {
        let Some(stored) = store.article(id)? else { continue };
        changes.articles += 1;
        for incident in stored.incident.into_iter().chain(stored.mentioned_in) {
            let opened = store
                .incident(&incident)?
                .is_some_and(|found| found.articles.iter().all(|article| own.contains(&article.id)));
            if opened {
                changes.opened.insert(incident)
            } else {
                changes.changed.insert(incident)
            };
        }
    }
    Ok(changes)
}

/// A base made anew.
#[derive(Debug, Default)]
pub struct Rebuilt {
    /// What was taken in.
    pub changes: Changes,
    /// Incidents that it holds.
    pub incidents: u64,
    /// Damaged places of the archive; their batches are left out.
    pub damages: Vec<StoreError>,
    /// What was odd in the archive, and mended.
    pub notes: Vec<String>,
}

/// Makes the base anew from the archive alone; incidents keep the ids that the present base gave. A damaged batch is left
/// out, and named; whoever opens the base afterwards does not ask for it again. A present base that can be read and
/// holds more articles is kept, unless `force`.
pub fn rebuild(access: &Access, reader: &LazyReader, now: Timestamp, force: bool) -> Result<Rebuilt, BaseError> {
    erase(access, reader, now)?;
    let (rebuilt, remade) = remake(access, reader, now, force)?;
    put_in_place(remade, access, reader, now)?;
    Ok(rebuilt)
}

/// Reads and groups all stored articles again with the present models, and says how the incidents would differ; the base
/// is replaced when `approve` says so.
pub fn reclassify(
    access: &Access,
    reader: &LazyReader,
    now: Timestamp,
    approve: impl FnOnce(&Rebuilt, &Difference) -> bool,
) -> Result<(), BaseError> {
    let (rebuilt, mut remade) = remake(access, reader, now, false)?;
    let difference = {
        let present = store::open(&access.dir, access.role, now, access.wait)?;
        Difference::between(present.as_ref(), remade.store())?
    };
    if approve(&rebuilt, &difference) {
        put_in_place(remade, access, reader, now)?;
        erase(access, reader, now)?;
    }
    Ok(())
}

/// Puts a new base in the place of the present one. It obeys all corrections.
fn put_in_place(remade: Rebuild, access: &Access, reader: &LazyReader, now: Timestamp) -> Result<(), BaseError> {
    remade.finish(access.role, now, access.wait)?;
    if reader.has_corrections() {
        correct::note_obeyed(&access.dir, reader.corrections())?;
    }
    Ok(())
}

/// Erases from the archive what is decided to be forgotten, when anything is left to erase.
fn erase(access: &Access, reader: &LazyReader, now: Timestamp) -> Result<(), BaseError> {
    if !correct::to_erase(reader, &Archive::open_read(&access.dir)?).is_empty() {
        correct::erase(&mut Archive::open(&access.dir)?, reader, now)?;
    }
    Ok(())
}

/// Makes a new base beside the present one. What is decided to be forgotten is left out of it.
fn remake(access: &Access, reader: &LazyReader, now: Timestamp, force: bool) -> Result<(Rebuilt, Rebuild), BaseError> {
    // Reading only: what is torn is left for a pass to move aside, so that a refused rebuild changes nothing.
    let archive = Archive::open_read(&access.dir)?;
    let mut rebuilt = Rebuilt {
        notes: archive.notes().to_vec(),
        ..Rebuilt::default()
    };
    let (base_articles, heritage) = match store::open(&access.dir, access.role, now, access.wait) {
        Ok(present) => {
            let articles = count_without(present.as_ref(), &correct::forgotten(reader, &archive));
            // A damaged base gives the ids that can be read.
            (articles, Heritage::of(present.as_ref()).unwrap_or_default())
        }
        // A damaged base is what rebuilding is for.
        Err(StoreError::Damaged { .. }) => (0, Heritage::default()),
        Err(error) => return Err(error.into()),
    };
    let mut rebuild = store::rebuild(&access.dir, access.role, now, access.wait)?;
    let at_fault = |error| match error {
        StoreError::Corrupt { .. } => {
            rebuilt.damages.push(error);
            Ok(())
        }
        error => Err(error),
    };
    rebuilt.changes = take_in(&archive, rebuild.store(), reader, Some(&heritage), at_fault)?;
    let archive_articles = rebuild.store().coverage()?.articles;
    if archive_articles < base_articles && !force {
        return Err(BaseError::ArchiveShort {
            archive_articles,
            base_articles,
        });
    }
    if rebuild.store().seq() < archive.seq() {
        rebuild.store().commit(Commit {
            seq: archive.seq(),
            ..Commit::default()
        })?;
    }
    let changes = Refiling {
        bequests: heritage.bequests(rebuild.store())?,
        ..Refiling::default()
    };
    if !changes.bequests.is_empty() {
        let filed = ledger::refile(rebuild.store(), reader.rules()?, &changes)?;
        rebuild.store().commit(filed.commit)?;
    }
    rebuilt.incidents = rebuild.store().coverage()?.incidents;
    Ok((rebuilt, rebuild))
}

/// How many articles a base holds that are not to be forgotten; 0 when it cannot be read.
fn count_without(store: &dyn Store, forgotten: &BTreeSet<ArticleId>) -> u64 {
    let known = forgotten
        .iter()
        .filter(|id| store.knows_article(id).unwrap_or(false))
        .count() as u64;
    store
        .coverage()
        .map_or(0, |coverage| coverage.articles.saturating_sub(known))
}

/// Takes in every batch that the archive has and the base lacks.
pub fn catch_up(archive: &Archive, store: &mut dyn Store, reader: &LazyReader) -> Result<Changes, BaseError> {
    take_in(archive, store, reader, None, Err)
}

fn take_in(
    archive: &Archive,
    store: &mut dyn Store,
    reader: &LazyReader,
    heritage: Option<&Heritage>,
    mut at_fault: impl FnMut(StoreError) -> Result<(), StoreError>,
) -> Result<Changes, BaseError> {
    let mut changes = Changes::default();
    if archive.seq() <= store.seq() {
        return Ok(changes);
    }
    for missing in archive.read_from(store.seq() + 1)? {
        let (seq, _, batch) = match missing {
            Ok(missing) => missing,
            Err(error) => {
                at_fault(error)?;
                continue;
            }
        };
        file(store, reader, heritage, seq, &batch, &mut changes)?;
    }
    Ok(changes)
}

/// Takes in one batch.
fn file(
    store: &mut dyn Store,
    reader: &LazyReader,
    heritage: Option<&Heritage>,
    seq: u64,
    batch: &Batch,
    changes: &mut Changes,
) -> Result<(), BaseError> {
    let batch = &without(batch, &reader.corrections().forgotten());
    let analyses = analyse_all(reader.get()?, batch);
    let rules = Rules {
        heritage,
        ..reader.rules()?
    };
    let filed = ledger::file(store, rules, seq, batch, &analyses)?;
    changes.add(&filed);
    Ok(store.commit(filed.commit)?)
}

/// The batch without these articles, and without the entries that led to them.
fn without<'a>(batch: &'a Batch, forgotten: &BTreeSet<ArticleId>) -> Cow<'a, Batch> {
    let is_in = batch.articles.iter().any(|article| forgotten.contains(&article.id));
    if !is_in
        && !batch
            .appearances
            .iter()
            .any(|appearance| forgotten.contains(&appearance.article))
    {
        return Cow::Borrowed(batch);
    }
    let mut batch = batch.clone();
    batch.articles.retain(|article| !forgotten.contains(&article.id));
    batch
        .appearances
        .retain(|appearance| !forgotten.contains(&appearance.article));
    Cow::Owned(batch)
}

/// Reads a batch's articles, on as many threads as the machine has.
fn analyse_all(reader: &Reader, batch: &Batch) -> Vec<Analysis> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = batch.articles.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = batch
            .articles
            .chunks(share)
            .map(|articles| {
                scope.spawn(move || {
                    articles
                        .iter()
                        .map(|article| analyse_one(reader, article))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// Reads one article. A panic in there (a fault of ours) must not stop every later pass at the same
/// article, which the archive already has: it is logged and the article kept as telling nothing.
fn analyse_one(reader: &Reader, article: &Article) -> Analysis {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| reader.read(article))).unwrap_or_else(|_| {
        tracing::error!(url = article.url, id = %article.id, "reading this article failed; it is kept, unread");
        Analysis::unread()
    })
}

/// Takes the lock that only one pass may have, with the folder when it is absent. A replay into a
/// store and a rebuild take it too: nothing else may be added meanwhile.
pub fn enter_pass(access: &Access, now: Timestamp) -> Result<LockFile, BaseError> {
    let dir = &access.dir;
    std::fs::create_dir_all(dir).map_err(|cause| StoreError::Io {
        doing: "creating",
        path: dir.clone(),
        cause,
    })?;
    LockFile::acquire(&dir.join("pass.lock"), access.role, now, Duration::ZERO).map_err(|error| match error {
        LockError::Held { who, .. } => BaseError::AnotherPass { holder: who },
        LockError::Io { doing, path, cause } => StoreError::Io { doing, path, cause }.into(),
    })
}
