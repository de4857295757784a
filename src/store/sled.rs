//! The working base: the fold of the archive, in sled 0.34. Few fixed trees, one transaction per
//! batch, and an fsync of our own after each: sled's flush alone does not survive a power cut. One
//! process at a time is inside, and holds `vigie.lock`. sled's name stays in this file.

use std::any::Any;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use ::sled::transaction::{ConflictableTransactionError, TransactionError, Transactional, TransactionalTree};
use ::sled::{Db, IVec, Tree};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::lock::{LockError, LockFile};
use super::{Appearance, Commit, Coverage, Span, Store, StoreError, StoredArticle, io_error};
use crate::model::feed::FeedState;
use crate::model::id::{ArticleId, EntryKey, FeedId, IncidentId};
use crate::model::incident::Incident;

/// First byte of every record, and of `meta/schema`: the shape of what is stored.
const SCHEMA: u8 = 1;

/// Second byte of a record: its payload is JSON.
const PLAIN: u8 = 0;
/// Second byte of a record: its payload is JSON packed with zstd.
const PACKED: u8 = 1;
/// Second byte of a record: its payload is the number of its parts in `chunk`, and their length
/// together (both u32, big-endian); the parts hold a record of another codec.
const PARTS: u8 = 2;

/// Shorter JSON is stored as it is: a zstd frame would not be shorter.
const PACK_FROM_BYTES: usize = 200;

/// zstd level of records: they are written more often than disk is short.
const LEVEL: i32 = 3;

/// The largest value that is stored in one piece. sled writes whole leaves of 16 records (up to 20
/// after a merge), and a leaf over a quarter of its 512 KiB segment goes to a blob file, which sled
/// never syncs: 20 records of this size stay well below, while a limit of 60,000 was seen to make
/// blob files.
const PART_BYTES: usize = 5_000;

/// The longest text that is a key as it is; a longer one is cut and ended by its hash. An index
/// node holds 256 keys and is under the same limit as a leaf.
const KEY_BYTES: usize = 160;

/// Stands between the parts of a key: no UTF-8 text holds it.
const SEPARATOR: u8 = 0xff;

/// sled's page cache. 10,000 short articles in 500 incidents were measured at 27 MB on the disk; a
/// pass touches a part of it.
const CACHE_BYTES: u64 = 32 << 20;

/// How long after our own lock is free sled's threads may still hold its file.
const SETTLE: Duration = Duration::from_millis(20);
/// How often that is waited for.
const SETTLE_TRIES: u32 = 150;

/// The trees. More than a handful makes sled waste space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shelf {
    /// `schema`, `seq`, `counts`, `last`.
    Meta,
    /// Article id → `StoredArticle`.
    Article,
    /// Parts of records that are too large for one value.
    Chunk,
    /// Incident id → `FiledIncident`.
    Incident,
    /// Key, separator, incident id → times of the first and last article (8 bytes each; in older bases nothing).
    Key,
    /// Newest first: time of the last article (8 bytes), incident id → nothing.
    Time,
    /// Feed, separator, hash of the entry's key → article id.
    Entry,
    /// Feed id → `FeedState`.
    Feed,
    /// Former incident id → the id that it leads to.
    Former,
}

impl Shelf {
    const ALL: [(Shelf, &'static str); 9] = [
        (Shelf::Meta, "meta"),
        (Shelf::Article, "article"),
        (Shelf::Chunk, "chunk"),
        (Shelf::Incident, "incident"),
        (Shelf::Key, "key"),
        (Shelf::Time, "time"),
        (Shelf::Entry, "entry"),
        (Shelf::Feed, "feed"),
        (Shelf::Former, "former"),
    ];

    fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}

/// The embedded base. Whoever has it has the lock; dropping it lets others in.
#[derive(Debug)]
pub struct SledStore {
    // The order matters: sled must have let go of its file before the lock is freed.
    sled: Sled,
    /// sled's own file, to be synced after each commit.
    file: File,
    dir: PathBuf,
    base: PathBuf,
    seq: u64,
    counts: Counts,
    /// A write failed: what is in memory may differ from what is on the disk.
    broken: bool,
    _lock: LockFile,
}

/// sled, opened.
#[derive(Debug)]
struct Sled {
    trees: Vec<Tree>,
    db: Option<Db>,
}

impl Sled {
    fn db(&self) -> &Db {
        self.db.as_ref().expect("taken only when dropped")
    }
}

impl Drop for Sled {
    fn drop(&mut self) {
        // sled flushes once more, and panics when it cannot. Everything that was committed is durable
        // already, so nothing is lost by it.
        let _ = quietly(|| {
            self.trees.clear();
            self.db = None;
        });
    }
}

/// `meta/counts`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Counts {
    articles: u64,
    /// Bases of before have not counted them.
    #[serde(default)]
    foreign_articles: u64,
    incidents: u64,
    /// Earliest reception of any article.
    first_received: Option<Timestamp>,
}

/// What a base is when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// Nothing was ever written.
    New,
    /// What it promises is there.
    Whole,
}

/// `meta/last`: what must be there, if the base is whole.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Last {
    seq: u64,
    articles: Vec<ArticleId>,
    incidents: Vec<IncidentId>,
}

/// An incident with the keys under which it is filed, so that they can be taken away again.
#[derive(Serialize, Deserialize)]
struct FiledIncident<'a> {
    keys: std::borrow::Cow<'a, [String]>,
    incident: std::borrow::Cow<'a, Incident>,
}

impl SledStore {
    /// Opens the base in `dir/base`, and makes it when absent (then `seq` is 0). Waits up to `wait`
    /// for another process to leave; blocks the thread. A swap that was cut short is finished.
    ///
    /// Errs with `Busy` when somebody stays inside, `Damaged` when sled cannot read its file or the
    /// base is short of what it says it holds, `Newer`, or `Io`. A base that is behind its archive
    /// is no error here: compare `seq`.
    pub fn open(dir: &Path, role: &str, now: Timestamp, wait: Duration) -> Result<SledStore, StoreError> {
        let lock = enter(dir, role, now, wait)?;
        finish_swap(dir, now)?;
        Self::open_base(dir, BASE, lock)
    }

    /// Opens a base that exists, for a command that only asks; none when there is none, and then
    /// nothing is made. sled has no reading mode: it takes the same lock, and needs a folder that
    /// can be written.
    pub fn open_read(dir: &Path, role: &str, now: Timestamp, wait: Duration) -> Result<Option<SledStore>, StoreError> {
        // A swap moves it from one name to the other: look at the first one again.
        if [BASE, OLD, BASE].iter().any(|name| dir.join(name).exists()) {
            Self::open(dir, role, now, wait).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Removes the base (the archive stays). The next `open` makes an empty one.
    pub fn destroy(dir: &Path, role: &str, now: Timestamp, wait: Duration) -> Result<(), StoreError> {
        let _lock = enter(dir, role, now, wait)?;
        finish_swap(dir, now)?;
        discard(dir, BASE)
    }

    /// Starts a new, empty base beside the present one, which may be damaged; that one stays in use
    /// until `Rebuild::finish`. The caller holds `pass.lock`, so that nothing is added meanwhile.
    pub fn rebuild(dir: &Path, role: &str, now: Timestamp, wait: Duration) -> Result<Rebuild, StoreError> {
        // An earlier swap must be over before a half-made base may stand under the new one's name.
        let inside = enter(dir, role, now, wait)?;
        finish_swap(dir, now)?;
        let lock = LockFile::acquire(&dir.join(REBUILD_LOCK), role, now, Duration::ZERO)
            .map_err(|error| store_error(dir, error))?;
        drop(inside);
        let store = Self::open_base(dir, NEW, lock)?;
        Ok(Rebuild { store })
    }

    /// Reads every article and incident, and errs with `Damaged` when one is missing or cannot be
    /// read. sled checks its pages when it reads them, but a page whose only copy is damaged may be
    /// dropped at opening without a word; opening looks for the last batch only.
    pub fn verify(&self) -> Result<(), StoreError> {
        self.articles().try_for_each(|article| article.map(drop))?;
        for row in self.counted(Shelf::Incident, self.counts.incidents) {
            let (id_key, record) = row?;
            let filed: FiledIncident = self.decode(Shelf::Incident, &id_key, &record)?;
            let time = time_key(filed.incident.last_published, &id_key);
            let keys = filed.keys.iter().map(|filed_under| joined(&key(filed_under), &id_key));
            let rows = keys.map(|key| (Shelf::Key, key)).chain([(Shelf::Time, time)]);
            for (shelf, row) in rows {
                if !self.has(shelf, &row)? {
                    return Err(self.short(format!("incident {} is not in {}", filed.incident.id, shelf.name())));
                }
            }
        }
        Ok(())
    }

    /// The size of the base on the disk, in bytes.
    pub fn size_on_disk(&self) -> Result<u64, StoreError> {
        guarded("measuring", &self.base, || self.sled.db().size_on_disk())
    }

    fn open_base(dir: &Path, name: &str, lock: LockFile) -> Result<SledStore, StoreError> {
        let base = dir.join(name);
        let mut sled = Sled {
            trees: Vec::new(),
            db: Some(open_sled(&base)?),
        };
        let open = || Shelf::ALL.iter().map(|(_, name)| sled.db().open_tree(name)).collect();
        sled.trees = guarded("opening", &base, open)?;
        let path = base.join("db");
        let file = File::open(&path).map_err(io_error("opening", &path))?;
        let mut store = SledStore {
            sled,
            file,
            dir: dir.to_owned(),
            base,
            seq: 0,
            counts: Counts::default(),
            broken: false,
            _lock: lock,
        };
        if store.check()? == Found::New {
            // Its names first: a base that says its format has durable names.
            store.settle()?;
            store.write(Plan::default())?;
        }
        Ok(store)
    }

    /// Reads `meta`, and looks whether what it promises is there.
    fn check(&mut self) -> Result<Found, StoreError> {
        let Some(schema) = self.get(Shelf::Meta, b"schema")? else {
            for (shelf, name) in Shelf::ALL {
                if self.rows(shelf, b"").next().transpose()?.is_some() {
                    return Err(self.damaged(format!("it has records in {name}, but does not say of which format")));
                }
            }
            return Ok(Found::New);
        };
        match schema.first() {
            Some(&found) if found > SCHEMA => return Err(self.newer(found)),
            Some(_) => {}
            None => return Err(self.damaged("it does not say of which format it is".to_owned())),
        }
        self.seq = self.load(Shelf::Meta, b"seq")?.unwrap_or_default();
        self.counts = self.load(Shelf::Meta, b"counts")?.unwrap_or_default();
        let last: Last = self.load(Shelf::Meta, b"last")?.unwrap_or_default();
        if last.seq != self.seq {
            return Err(self.short(format!("batch {} is the last, but it says {}", last.seq, self.seq)));
        }
        for id in &last.articles {
            if !self.has(Shelf::Article, &key(id.as_str()))? {
                return Err(self.short(format!("article {id} of batch {} is missing", self.seq)));
            }
        }
        for id in &last.incidents {
            if !self.has(Shelf::Incident, &key(id.as_str()))? {
                return Err(self.short(format!("incident {id} of batch {} is missing", self.seq)));
            }
        }
        Ok(Found::Whole)
    }

    /// Writes a plan, in one transaction, and makes it durable.
    fn write(&mut self, plan: Plan) -> Result<(), StoreError> {
        if self.broken {
            let cause = io::Error::other("an earlier write failed; open the base again");
            return Err(io_error("writing", &self.base)(cause));
        }
        let written = self.write_through(plan);
        self.broken = written.is_err();
        written
    }

    fn write_through(&self, mut plan: Plan) -> Result<(), StoreError> {
        plan.set(Shelf::Meta, b"schema".to_vec(), vec![SCHEMA]);
        guarded("writing", &self.base, || {
            let done = self.sled.trees[..].transaction(|trees: &Vec<TransactionalTree>| {
                for ((shelf, key), value) in &plan.writes {
                    let tree = &trees[*shelf];
                    match value {
                        Some(value) => tree.insert(key.as_slice(), value.as_slice())?,
                        None => tree.remove(key.as_slice())?,
                    };
                }
                Ok::<(), ConflictableTransactionError<()>>(())
            });
            match done {
                Ok(()) => self.sled.db().flush(),
                Err(TransactionError::Storage(cause)) => Err(cause),
                Err(TransactionError::Abort(())) => {
                    Err(::sled::Error::ReportableBug("a transaction was given up".to_owned()))
                }
            }
        })?;
        // sled's flush asks for sync_file_range, which keeps neither the length of the file nor what
        // the drive holds back.
        let path = self.base.join("db");
        self.file.sync_all().map_err(io_error("syncing", &path))?;
        self.sync_blobs()
    }

    /// Values are kept small so that sled makes no blob files, which it never syncs. Should it make
    /// one all the same, it is synced here.
    fn sync_blobs(&self) -> Result<(), StoreError> {
        let folder = self.base.join("blobs");
        let mut found = false;
        for entry in fs::read_dir(&folder).map_err(io_error("reading", &folder))? {
            let path = entry.map_err(io_error("reading", &folder))?.path();
            match File::open(&path).and_then(|file| file.sync_all()) {
                Ok(()) => found = true,
                // sled's threads remove those that are no longer needed.
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
                Err(cause) => return Err(io_error("syncing", &path)(cause)),
            }
        }
        if found { sync(&folder) } else { Ok(()) }
    }

    /// Makes the names of a new base durable.
    fn settle(&self) -> Result<(), StoreError> {
        sync_all_in(&self.base)?;
        sync(&self.dir)?;
        match self.dir.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => sync(parent),
            _ => Ok(()),
        }
    }

    fn get(&self, shelf: Shelf, key: &[u8]) -> Result<Option<IVec>, StoreError> {
        guarded("reading", &self.base, || self.sled.trees[shelf as usize].get(key))
    }

    fn has(&self, shelf: Shelf, key: &[u8]) -> Result<bool, StoreError> {
        guarded("reading", &self.base, || {
            self.sled.trees[shelf as usize].contains_key(key)
        })
    }

    fn load<T: DeserializeOwned>(&self, shelf: Shelf, key: &[u8]) -> Result<Option<T>, StoreError> {
        match self.get(shelf, key)? {
            Some(record) => self.decode(shelf, key, &record).map(Some),
            None => Ok(None),
        }
    }

    fn decode<T: DeserializeOwned>(&self, shelf: Shelf, key: &[u8], record: &[u8]) -> Result<T, StoreError> {
        let unreadable =
            |why: String| self.damaged(format!("{} {}: {why}", shelf.name(), String::from_utf8_lossy(key)));
        let (codec, payload) = match record {
            [schema, ..] if *schema > SCHEMA => return Err(self.newer(*schema)),
            [_, codec, payload @ ..] => (*codec, payload),
            _ => return Err(unreadable("no record".to_owned())),
        };
        let json = match codec {
            PLAIN => serde_json::from_slice(payload),
            PACKED => {
                let json = zstd::decode_all(payload).map_err(|cause| unreadable(cause.to_string()))?;
                serde_json::from_slice(&json)
            }
            PARTS => {
                let whole = self.gather(shelf, key, payload, &unreadable)?;
                // Only one level deep.
                if whole.get(1) == Some(&PARTS) {
                    return Err(unreadable("parts of parts".to_owned()));
                }
                return self.decode(shelf, key, &whole);
            }
            other => return Err(unreadable(format!("unknown codec {other}"))),
        };
        json.map_err(|cause| unreadable(cause.to_string()))
    }

    /// Puts the parts of a large record together.
    fn gather(
        &self,
        shelf: Shelf,
        key: &[u8],
        payload: &[u8],
        unreadable: &dyn Fn(String) -> StoreError,
    ) -> Result<Vec<u8>, StoreError> {
        let (parts, length) = parts_of(payload).ok_or_else(|| unreadable("no list of parts".to_owned()))?;
        let mut whole = Vec::new();
        for part in 0..parts {
            let found = self.get(Shelf::Chunk, &part_key(shelf, key, part))?;
            whole.extend_from_slice(&found.ok_or_else(|| unreadable(format!("part {part} of {parts} is missing")))?);
        }
        if whole.len() == length as usize {
            Ok(whole)
        } else {
            Err(unreadable(format!("{} bytes in parts, not {length}", whole.len())))
        }
    }

    /// Plans a record, and the removal of parts of the old one that it does not overwrite. Returns
    /// whether it is new.
    fn put(&self, plan: &mut Plan, shelf: Shelf, key: Vec<u8>, value: &impl Serialize) -> Result<bool, StoreError> {
        let record = encode(value).map_err(io_error("packing a record for", &self.base))?;
        let old = self.get(shelf, &key)?;
        let old_parts = match old.as_deref() {
            Some([_, PARTS, payload @ ..]) => parts_of(payload).map_or(0, |(parts, _)| parts),
            _ => 0,
        };
        let mut parts = 0;
        if record.len() <= PART_BYTES {
            plan.set(shelf, key.clone(), record);
        } else {
            let mut list = vec![SCHEMA, PARTS];
            for part in record.chunks(PART_BYTES) {
                plan.set(Shelf::Chunk, part_key(shelf, &key, parts), part.to_vec());
                parts += 1;
            }
            list.extend_from_slice(&parts.to_be_bytes());
            list.extend_from_slice(&(record.len() as u32).to_be_bytes());
            plan.set(shelf, key.clone(), list);
        }
        for part in parts..old_parts {
            plan.remove(Shelf::Chunk, part_key(shelf, &key, part));
        }
        Ok(old.is_none())
    }

    /// Plans the removal of a record with all its parts.
    fn discard(&self, plan: &mut Plan, shelf: Shelf, key: Vec<u8>) -> Result<(), StoreError> {
        if let Some([_, PARTS, payload @ ..]) = self.get(shelf, &key)?.as_deref() {
            for part in 0..parts_of(payload).map_or(0, |(parts, _)| parts) {
                plan.remove(Shelf::Chunk, part_key(shelf, &key, part));
            }
        }
        plan.remove(shelf, key);
        Ok(())
    }

    fn put_articles(&self, plan: &mut Plan, commit: &Commit, counts: &mut Counts) -> Result<(), StoreError> {
        for id in &commit.forgotten {
            let Some(old) = self.article(id)? else { continue };
            self.discard(plan, Shelf::Article, key(id.as_str()))?;
            counts.articles = counts.articles.saturating_sub(1);
            let was_foreign = u64::from(old.analysis.is_foreign());
            counts.foreign_articles = counts.foreign_articles.saturating_sub(was_foreign);
        }
        // Of two versions in one commit the last counts.
        let articles: BTreeMap<_, _> = commit
            .articles
            .iter()
            .map(|stored| (&stored.article.id, stored))
            .collect();
        for (id, stored) in articles {
            let before = self.article(id)?;
            self.put(plan, Shelf::Article, key(id.as_str()), stored)?;
            let was_foreign = before.as_ref().is_some_and(|before| before.analysis.is_foreign());
            counts.foreign_articles += u64::from(stored.analysis.is_foreign());
            counts.foreign_articles = counts.foreign_articles.saturating_sub(u64::from(was_foreign));
            if before.is_some() {
                continue;
            }
            let article = &stored.article;
            counts.articles += 1;
            counts.first_received = Some(match counts.first_received {
                Some(first) => first.min(article.received),
                None => article.received,
            });
            if let (Some(feed), Some(entry)) = (&article.feed, &article.entry) {
                let record = encode(id).map_err(io_error("packing a record for", &self.base))?;
                plan.set(Shelf::Entry, entry_key(feed, entry), record);
            }
        }
        // After the articles: where both speak of an entry, the appearance was said on purpose.
        for Appearance { feed, entry, article } in &commit.appearances {
            let record = encode(article).map_err(io_error("packing a record for", &self.base))?;
            plan.set(Shelf::Entry, entry_key(feed, entry), record);
        }
        Ok(())
    }

    fn put_incidents(&self, plan: &mut Plan, commit: &Commit, counts: &mut Counts) -> Result<(), StoreError> {
        let incidents = commit.incidents.iter();
        let incidents: BTreeMap<_, _> = incidents.map(|filed| (&filed.0.id, filed)).collect();
        // First all that goes, then all that comes: an id may pass from one incident to another.
        for id in incidents.keys().copied().chain(&commit.removed) {
            let id_key = key(id.as_str());
            let Some(old) = self.load::<FiledIncident>(Shelf::Incident, &id_key)? else {
                continue;
            };
            plan.remove(Shelf::Time, time_key(old.incident.last_published, &id_key));
            for filed_under in old.keys.iter() {
                plan.remove(Shelf::Key, joined(&key(filed_under), &id_key));
            }
            for former in &old.incident.former_ids {
                plan.remove(Shelf::Former, key(former.as_str()));
            }
            if !incidents.contains_key(id) {
                self.discard(plan, Shelf::Incident, id_key)?;
                counts.incidents = counts.incidents.saturating_sub(1);
            }
        }
        for (id, (incident, keys)) in incidents {
            let id_key = key(id.as_str());
            plan.set(Shelf::Time, time_key(incident.last_published, &id_key), Vec::new());
            let times = times(incident.first_published, incident.last_published);
            for filed_under in keys {
                plan.set(Shelf::Key, joined(&key(filed_under), &id_key), times.to_vec());
            }
            for former in &incident.former_ids {
                let record = encode(id).map_err(io_error("packing a record for", &self.base))?;
                plan.set(Shelf::Former, key(former.as_str()), record);
            }
            let filed = FiledIncident {
                keys: keys.into(),
                incident: std::borrow::Cow::Borrowed(incident),
            };
            if self.put(plan, Shelf::Incident, id_key, &filed)? {
                counts.incidents += 1;
            }
        }
        Ok(())
    }

    /// The incident in this row of `Incident`, which an index names.
    fn incident_in(&self, id_key: &[u8]) -> Result<Incident, StoreError> {
        match self.load::<FiledIncident>(Shelf::Incident, id_key)? {
            Some(filed) => Ok(filed.incident.into_owned()),
            None => Err(self.short(format!("incident {} is missing", String::from_utf8_lossy(id_key)))),
        }
    }

    /// The rows of a tree, each read under guard.
    fn rows(&self, shelf: Shelf, prefix: &[u8]) -> impl Iterator<Item = Result<(IVec, IVec), StoreError>> + use<'_> {
        let mut rows = self.sled.trees[shelf as usize].scan_prefix(prefix);
        let mut failed = false;
        std::iter::from_fn(move || {
            // After an error sled may give the same one for ever.
            if failed {
                return None;
            }
            let row = guarded("reading", &self.base, || rows.next().transpose()).transpose();
            failed = matches!(row, Some(Err(_)));
            row
        })
    }

    /// All rows of a tree, then an error if they are not as many as were written: no answer shall be
    /// silently short.
    fn counted(&self, shelf: Shelf, expected: u64) -> impl Iterator<Item = Result<(IVec, IVec), StoreError>> + use<'_> {
        let mut rows = self.rows(shelf, b"");
        let mut seen = Some(0);
        std::iter::from_fn(move || match rows.next() {
            Some(Ok(row)) => {
                seen = seen.map(|seen| seen + 1);
                Some(Ok(row))
            }
            Some(Err(error)) => {
                seen = None;
                Some(Err(error))
            }
            None => match seen.take() {
                Some(seen) if seen != expected => Some(Err(
                    self.short(format!("{seen} rows in {}, not {expected}", shelf.name()))
                )),
                _ => None,
            },
        })
    }

    fn damaged(&self, detail: String) -> StoreError {
        StoreError::Damaged {
            path: self.base.clone(),
            detail,
        }
    }

    fn short(&self, detail: String) -> StoreError {
        self.damaged(format!("short: {detail}"))
    }

    fn newer(&self, found: u8) -> StoreError {
        StoreError::Newer {
            path: self.base.clone(),
            found: found.into(),
            known: SCHEMA.into(),
        }
    }
}

impl Store for SledStore {
    fn seq(&self) -> u64 {
        self.seq
    }

    fn feed_states(&self) -> Result<BTreeMap<FeedId, FeedState>, StoreError> {
        let rows = self.rows(Shelf::Feed, b"");
        rows.map(|row| {
            let (key, record) = row?;
            let state: FeedState = self.decode(Shelf::Feed, &key, &record)?;
            Ok((state.feed.clone(), state))
        })
        .collect()
    }

    fn article_of_entry(&self, feed: &FeedId, entry: &EntryKey) -> Result<Option<ArticleId>, StoreError> {
        self.load(Shelf::Entry, &entry_key(feed, entry))
    }

    fn knows_article(&self, id: &ArticleId) -> Result<bool, StoreError> {
        self.has(Shelf::Article, &key(id.as_str()))
    }

    fn article(&self, id: &ArticleId) -> Result<Option<StoredArticle>, StoreError> {
        self.load(Shelf::Article, &key(id.as_str()))
    }

    fn articles(&self) -> Box<dyn Iterator<Item = Result<StoredArticle, StoreError>> + '_> {
        let rows = self.counted(Shelf::Article, self.counts.articles);
        Box::new(rows.map(|row| {
            let (key, record) = row?;
            self.decode(Shelf::Article, &key, &record)
        }))
    }

    fn incident(&self, id: &IncidentId) -> Result<Option<Incident>, StoreError> {
        let filed = |id: &IncidentId| self.load::<FiledIncident>(Shelf::Incident, &key(id.as_str()));
        let mut found = filed(id)?;
        if found.is_none()
            && let Some(present) = self.load::<IncidentId>(Shelf::Former, &key(id.as_str()))?
        {
            found = filed(&present)?;
        }
        Ok(found.map(|filed| filed.incident.into_owned()))
    }

    fn incidents_under(&self, keys: &[String], within: Span) -> Result<Vec<Incident>, StoreError> {
        let mut found = BTreeSet::new();
        for filed_under in keys {
            let prefix = joined(&key(filed_under), b"");
            for row in self.rows(Shelf::Key, &prefix) {
                let (row, times) = row?;
                if is_within(&times, within) {
                    found.insert(row[prefix.len()..].to_vec());
                }
            }
        }
        let incidents = found.iter().map(|id_key| self.incident_in(id_key));
        let mut incidents = incidents.collect::<Result<Vec<_>, _>>()?;
        // A long id is cut in its row.
        incidents.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(incidents)
    }

    fn incidents_since(&self, since: Option<Timestamp>) -> Box<dyn Iterator<Item = Result<Incident, StoreError>> + '_> {
        let oldest = since.map(|since| time_key(since, &[]));
        let rows = self.counted(Shelf::Time, self.counts.incidents);
        let rows = rows.take_while(move |row| match (row, &oldest) {
            (Ok((key, _)), Some(oldest)) => key.get(..8) <= oldest.get(..8),
            _ => true,
        });
        let incidents = rows.map(|row| {
            let (key, _) = row?;
            self.incident_in(key.get(8..).unwrap_or_default())
        });
        // The row knows the time to the millisecond only.
        Box::new(incidents.filter(move |incident| match (incident, since) {
            (Ok(incident), Some(since)) => incident.last_published >= since,
            _ => true,
        }))
    }

    fn coverage(&self) -> Result<Coverage, StoreError> {
        let states = self.feed_states()?;
        let answering = |state: &&FeedState| state.last_success == Some(state.last_check);
        let first_check = states.values().map(|state| state.first_check).min();
        Ok(Coverage {
            feeds: states.len() as u64,
            feeds_answering: states.values().filter(answering).count() as u64,
            articles: self.counts.articles,
            foreign_articles: self.counts.foreign_articles,
            incidents: self.counts.incidents,
            since: first_check.into_iter().chain(self.counts.first_received).min(),
            last_success: states.values().filter_map(|state| state.last_success).max(),
        })
    }

    fn commit(&mut self, commit: Commit) -> Result<(), StoreError> {
        if commit.seq < self.seq {
            return Err(StoreError::OutOfOrder {
                given: commit.seq,
                present: self.seq,
            });
        }
        let mut plan = Plan::default();
        let mut counts = self.counts.clone();
        let feeds: BTreeMap<_, _> = commit.feeds.iter().map(|state| (&state.feed, state)).collect();
        for (feed, state) in feeds {
            self.put(&mut plan, Shelf::Feed, key(feed.as_str()), state)?;
        }
        self.put_articles(&mut plan, &commit, &mut counts)?;
        self.put_incidents(&mut plan, &commit, &mut counts)?;
        let last = Last {
            seq: commit.seq,
            articles: commit.articles.iter().map(|stored| stored.article.id.clone()).collect(),
            incidents: commit
                .incidents
                .iter()
                .map(|(incident, _)| incident.id.clone())
                .collect(),
        };
        self.put(&mut plan, Shelf::Meta, b"last".to_vec(), &last)?;
        self.put(&mut plan, Shelf::Meta, b"counts".to_vec(), &counts)?;
        self.put(&mut plan, Shelf::Meta, b"seq".to_vec(), &commit.seq)?;
        self.write(plan)?;
        self.seq = commit.seq;
        self.counts = counts;
        Ok(())
    }
}

/// A base being made anew beside the present one. Dropped without `finish`, it changes nothing.
#[derive(Debug)]
pub struct Rebuild {
    store: SledStore,
}

impl Rebuild {
    /// The new base, empty at first.
    pub fn store(&mut self) -> &mut SledStore {
        &mut self.store
    }

    /// Puts the new base in the place of the present one, once nobody is inside that, and opens it.
    /// Cut short at any point, the next `open` finds one of the two, whole. `Busy` gives up the new
    /// base: the wait should be worth the work.
    pub fn finish(self, role: &str, now: Timestamp, wait: Duration) -> Result<SledStore, StoreError> {
        let SledStore {
            sled,
            dir,
            base,
            _lock: rebuilding,
            ..
        } = self.store;
        // sled writes a last time when it is dropped.
        drop(sled);
        sync_all_in(&base)?;
        let lock = enter(&dir, role, now, wait)?;
        if dir.join(BASE).exists() {
            discard(&dir, OLD)?;
            rename(&dir, BASE, OLD)?;
        }
        rename(&dir, NEW, BASE)?;
        drop(rebuilding);
        discard(&dir, OLD)?;
        SledStore::open_base(&dir, BASE, lock)
    }
}

/// What a commit writes: row → value, or none to remove it. Made before the transaction, so that
/// the transaction only writes.
#[derive(Debug, Default)]
struct Plan {
    writes: BTreeMap<(usize, Vec<u8>), Option<Vec<u8>>>,
}

impl Plan {
    fn set(&mut self, shelf: Shelf, key: Vec<u8>, value: Vec<u8>) {
        self.writes.insert((shelf as usize, key), Some(value));
    }

    fn remove(&mut self, shelf: Shelf, key: Vec<u8>) {
        self.writes.insert((shelf as usize, key), None);
    }
}

/// `[schema][codec][payload]`.
fn encode(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let json = serde_json::to_vec(value)?;
    let mut record = vec![SCHEMA];
    if json.len() < PACK_FROM_BYTES {
        record.push(PLAIN);
        record.extend_from_slice(&json);
    } else {
        record.push(PACKED);
        record.extend_from_slice(&zstd::bulk::compress(&json, LEVEL)?);
    }
    Ok(record)
}

/// The number of parts, and their length together.
fn parts_of(payload: &[u8]) -> Option<(u32, u32)> {
    let (parts, length) = payload.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*parts), u32::from_be_bytes(length.try_into().ok()?)))
}

/// A text as a key: as it is, or its beginning with its hash when it is long.
fn key(text: &str) -> Vec<u8> {
    if text.len() <= KEY_BYTES {
        return text.as_bytes().to_vec();
    }
    let hash = blake3::hash(text.as_bytes()).to_hex();
    let head = &text[..text.floor_char_boundary(KEY_BYTES - 33)];
    format!("{head}#{}", &hash[..32]).into_bytes()
}

fn joined(first: &[u8], second: &[u8]) -> Vec<u8> {
    [first, &[SEPARATOR], second].concat()
}

fn part_key(shelf: Shelf, key: &[u8], part: u32) -> Vec<u8> {
    [&[shelf as u8], key, &[SEPARATOR], &part.to_be_bytes()].concat()
}

/// Guids may be whole texts, so an entry's key is hashed.
fn entry_key(feed: &FeedId, entry: &EntryKey) -> Vec<u8> {
    let hash = blake3::hash(entry.as_str().as_bytes());
    joined(&key(feed.as_str()), &hash.as_bytes()[..16])
}

/// The times of an incident's first and last article, as its key rows have them.
fn times(first: Timestamp, last: Timestamp) -> [u8; 16] {
    let mut times = [0; 16];
    times[..8].copy_from_slice(&first.as_millisecond().to_be_bytes());
    times[8..].copy_from_slice(&last.as_millisecond().to_be_bytes());
    times
}

/// Whether a key row's incident reaches into the span; rows without times may.
fn is_within(times: &[u8], within: Span) -> bool {
    let (Some(first), Some(last)) = (times.first_chunk::<8>(), times.last_chunk::<8>()) else {
        return true;
    };
    i64::from_be_bytes(*first) <= within.to.as_millisecond()
        && i64::from_be_bytes(*last) >= within.from.as_millisecond()
}

/// In the order of bytes, later times come first; also before 1970.
fn time_key(last_published: Timestamp, id_key: &[u8]) -> Vec<u8> {
    let since_ever = (last_published.as_millisecond() as u64) ^ (1 << 63);
    [&(!since_ever).to_be_bytes(), id_key].concat()
}

/// The base in use.
const BASE: &str = "base";
/// A base being made, or made but not yet in its place.
const NEW: &str = "base.new";
/// The base that was, until its successor is in its place durably.
const OLD: &str = "base.old";
/// What is being removed.
const TRASH: &str = "base.trash";
/// Held while a new base is being made.
const REBUILD_LOCK: &str = "rebuild.lock";

/// Takes the base's lock.
fn enter(dir: &Path, role: &str, now: Timestamp, wait: Duration) -> Result<LockFile, StoreError> {
    LockFile::acquire(&dir.join("vigie.lock"), role, now, wait).map_err(|error| store_error(dir, error))
}

/// Finishes or undoes a swap that was cut short. The caller is alone inside.
///
/// | base | base.new | base.old | the swap stopped | then |
/// |---|---|---|---|---|
/// | yes | yes | no | before it began, or it is not yet due | remove the new one, unless it is being made |
/// | no | yes | yes | between its two renames; the new one is whole | put the new one in its place |
/// | yes | no | yes | before the old one was removed | remove the old one |
/// | no | no | yes | never: somebody removed the base | put the old one back |
fn finish_swap(dir: &Path, now: Timestamp) -> Result<(), StoreError> {
    let exists = |name: &str| dir.join(name).exists();
    if !exists(BASE) && exists(OLD) {
        rename(dir, if exists(NEW) { NEW } else { OLD }, BASE)?;
    }
    discard(dir, OLD)?;
    if exists(NEW) {
        match LockFile::acquire(&dir.join(REBUILD_LOCK), "open", now, Duration::ZERO) {
            Ok(_alone) => discard(dir, NEW)?,
            Err(LockError::Held { .. }) => {}
            Err(error) => return Err(store_error(dir, error)),
        }
    }
    discard(dir, TRASH)
}

/// Removes a folder, which may be absent, so that no half of it ever stands under its name.
fn discard(dir: &Path, name: &str) -> Result<(), StoreError> {
    let trash = dir.join(TRASH);
    let remove = || match fs::remove_dir_all(&trash) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(io_error("removing", &trash)(cause)),
        _ => Ok(()),
    };
    if !dir.join(name).exists() {
        return Ok(());
    }
    if name != TRASH {
        remove()?;
        rename(dir, name, TRASH)?;
    }
    remove()
}

fn rename(dir: &Path, from: &str, to: &str) -> Result<(), StoreError> {
    let path = dir.join(from);
    fs::rename(&path, dir.join(to)).map_err(io_error("renaming", &path))?;
    sync(dir)
}

/// Makes a file or folder durable.
fn sync(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(io_error("syncing", path))
}

/// Makes a folder durable with all that is in it.
fn sync_all_in(folder: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder).map_err(io_error("reading", folder))? {
        let path = entry.map_err(io_error("reading", folder))?.path();
        if path.is_dir() {
            sync_all_in(&path)?;
        } else {
            match sync(&path) {
                // sled's threads replace their snapshots.
                Err(StoreError::Io { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => {}
                done => done?,
            }
        }
    }
    sync(folder)
}

/// Opens sled's database. We are alone inside, but threads of the one who just left may hold its
/// file a little longer.
fn open_sled(base: &Path) -> Result<Db, StoreError> {
    let config = || {
        ::sled::Config::new()
            .path(base)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(None)
    };
    for _ in 0..SETTLE_TRIES {
        match guarded("opening", base, || config().open()) {
            Err(StoreError::Io { cause, .. }) if cause.to_string().contains("could not acquire lock") => {
                std::thread::sleep(SETTLE);
            }
            done => return done,
        }
    }
    guarded("opening", base, || config().open())
}

/// Calls sled. Its recovery was seen to panic on a damaged file: a panic is damage too.
fn guarded<T>(doing: &'static str, base: &Path, call: impl FnOnce() -> ::sled::Result<T>) -> Result<T, StoreError> {
    let cause = match quietly(call) {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(cause)) => cause,
        Err(panic) => {
            return Err(StoreError::Damaged {
                path: base.to_owned(),
                detail: panic_text(panic.as_ref()),
            });
        }
    };
    match cause {
        ::sled::Error::Io(cause) => Err(io_error(doing, base)(cause)),
        ::sled::Error::Unsupported(detail) | ::sled::Error::ReportableBug(detail) => Err(StoreError::Damaged {
            path: base.to_owned(),
            detail,
        }),
        ::sled::Error::Corruption { at, .. } => Err(StoreError::Damaged {
            path: base.to_owned(),
            detail: match at {
                Some(at) => format!("corrupt at {at:?}"),
                None => "corrupt".to_owned(),
            },
        }),
        ::sled::Error::CollectionNotFound(name) => Err(StoreError::Damaged {
            path: base.to_owned(),
            detail: format!("tree {} is missing", String::from_utf8_lossy(&name)),
        }),
    }
}

thread_local! {
    /// Whether a panic of this thread is caught and told as an error.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Catches a panic without its message on stderr. The hook is wrapped once for the whole process
/// and looks at its own thread only, so other threads' panics are reported as ever.
fn quietly<T>(call: impl FnOnce() -> T) -> std::thread::Result<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                usual(panic);
            }
        }));
    });
    let before = QUIET.replace(true);
    let done = catch_unwind(AssertUnwindSafe(call));
    QUIET.set(before);
    done
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    format!("sled panicked: {}", text.unwrap_or("no message"))
}

fn store_error(dir: &Path, error: LockError) -> StoreError {
    match error {
        LockError::Held { who, waited, .. } => StoreError::Busy {
            path: dir.to_owned(),
            holder: who,
            waited_seconds: waited.as_secs(),
        },
        LockError::Io { doing, path, cause } => io_error(doing, &path)(cause),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::archive::Archive;
    use super::super::promises::{self, article, batch, check, contents, hour, incident, stored};
    use super::super::{Batch, lock};
    use super::*;

    const NO_WAIT: Duration = Duration::ZERO;

    fn open(dir: &Path) -> SledStore {
        try_open(dir).expect("the base opens")
    }

    fn try_open(dir: &Path) -> Result<SledStore, StoreError> {
        SledStore::open(dir, "test", hour(0), NO_WAIT)
    }

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &target);
            } else {
                fs::copy(entry.path(), target).unwrap();
            }
        }
    }

    /// Commit number `seq`: ten articles, one new incident and one that all commits change.
    fn commit(seq: u64) -> Commit {
        let first = seq as u32 * 10;
        let own = format!("mairie-{seq}-2026-11");
        Commit {
            seq,
            feeds: vec![FeedState::after(None, &check("gazette", seq as i64))],
            articles: (first..first + 10).map(|number| stored(number, Some(&own))).collect(),
            appearances: vec![Appearance {
                feed: FeedId::from("courrier"),
                entry: EntryKey(format!("guid {seq}")),
                article: article(first).id,
            }],
            incidents: vec![
                (incident(&own, seq as i64), vec![format!("commune:{seq}")]),
                (incident("vague-2026-11", seq as i64), vec![format!("vague:{seq}")]),
            ],
            ..Commit::default()
        }
    }

    /// The state after commits 1 to `seq`, and no other.
    fn assert_whole(store: &SledStore, seq: u64, case: &str) {
        assert_eq!(store.seq(), seq, "{case}");
        let coverage = store.coverage().unwrap();
        let incidents = if seq == 0 { 0 } else { seq + 1 };
        assert_eq!((coverage.articles, coverage.incidents), (seq * 10, incidents), "{case}");
        assert_eq!(store.articles().map(Result::unwrap).count() as u64, seq * 10, "{case}");
        assert_eq!(
            store.incidents_since(None).map(Result::unwrap).count() as u64,
            incidents,
            "{case}"
        );
        for number in 1..=seq + 1 {
            let under = store.incidents_under(&[format!("vague:{number}")], Span::EVER).unwrap();
            assert_eq!(under.len(), usize::from(number == seq), "{case}, key of {number}");
            let entry = EntryKey(format!("guid {number}"));
            let seen = store.article_of_entry(&FeedId::from("courrier"), &entry).unwrap();
            assert_eq!(seen.is_some(), number <= seq, "{case}, entry of {number}");
        }
    }

    #[test]
    fn it_holds_the_promises_also_when_opened_anew() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path());
        promises::hold(&mut store);
        let before = (store.seq(), contents(&store));
        drop(store);
        let store = open(dir.path());
        assert!((store.seq(), contents(&store)) == before);
    }

    #[test]
    fn it_can_be_handed_to_another_thread() {
        fn sendable<T: Send + 'static>() {}
        sendable::<SledStore>();
        sendable::<Rebuild>();
    }

    #[test]
    fn large_values_leave_no_blob_files_and_no_parts_behind() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path());
        let text = |seed: u32, length: usize| {
            let mut state = seed;
            let letters = std::iter::repeat_with(move || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                char::from(b'!' + (state >> 24) as u8 % 90)
            });
            letters.take(length).collect::<String>()
        };
        // Values at and around the limit, many in one leaf, written again and again.
        for seq in 1..=12 {
            let articles = (0..80).map(|number| {
                let mut large = stored(number, None);
                large.article.text = text(number + seq as u32, [4_000, 5_600, 9_000, 30_000][number as usize % 4]);
                large
            });
            let commit = Commit {
                seq,
                articles: articles.collect(),
                ..Commit::default()
            };
            store.commit(commit).unwrap();
        }
        assert_eq!(fs::read_dir(dir.path().join("base/blobs")).unwrap().count(), 0);
        assert!(store.rows(Shelf::Chunk, b"").count() > 80);
        let small = Commit {
            seq: 13,
            articles: (0..80).map(|number| stored(number, None)).collect(),
            ..Commit::default()
        };
        store.commit(small).unwrap();
        assert_eq!(store.rows(Shelf::Chunk, b"").count(), 0);
        for row in store.rows(Shelf::Article, b"") {
            assert!(row.unwrap().1.len() <= PART_BYTES);
        }
    }

    #[test]
    fn a_second_opener_is_told_who_is_inside() {
        let dir = tempfile::tempdir().unwrap();
        let now = hour(8);
        let store = SledStore::open(dir.path(), "collect", now, NO_WAIT).unwrap();
        let error = SledStore::open(dir.path(), "query", now, Duration::from_millis(60)).unwrap_err();
        let text = error.to_string();
        let expected = format!("in use by vigie collect, pid {}, since 15:00:00; ", std::process::id());
        assert!(
            matches!(error, StoreError::Busy { .. }) && text.contains(&expected),
            "{text}"
        );
        drop(store);
        open(dir.path());
        assert_eq!(lock::holder(&dir.path().join("vigie.lock")).unwrap(), None);
    }

    #[test]
    fn asking_makes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let ask = |dir: &Path| SledStore::open_read(dir, "query", hour(0), NO_WAIT).unwrap();
        assert!(ask(&dir.path().join("nowhere")).is_none());
        assert!(ask(dir.path()).is_none());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        open(dir.path()).commit(commit(1)).unwrap();
        assert_whole(&ask(dir.path()).unwrap(), 1, "asked");
    }

    /// What was on the disk when the process was killed in the middle of its third commit: sled's
    /// log cut at many points. The base opens before or after the commit, never in the midst of it.
    #[test]
    fn a_commit_is_all_or_nothing_wherever_the_log_is_cut() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path());
        store.commit(commit(1)).unwrap();
        store.commit(commit(2)).unwrap();
        let log = |dir: &Path| fs::read(dir.join("base/db")).unwrap();
        let before = log(dir.path());
        store.commit(commit(3)).unwrap();
        let after = log(dir.path());
        // Copied while it is open, as a kill leaves it.
        let killed = tempfile::tempdir().unwrap();
        copy(&dir.path().join("base"), &killed.path().join("base"));
        drop(store);
        let begin = before.iter().zip(&after).position(|(one, other)| one != other);
        let begin = begin.unwrap_or(before.len());
        let end = after.iter().rposition(|byte| *byte != 0).unwrap() + 1;
        assert!(begin < end);
        let mut outcomes = BTreeMap::new();
        for step in 0..=40 {
            let cut = begin + (end - begin) * step / 40;
            let dir = tempfile::tempdir().unwrap();
            copy(&killed.path().join("base"), &dir.path().join("base"));
            let mut torn = after.clone();
            // A file that is not yet written to has its old bytes there, or zeroes.
            for (at, byte) in torn.iter_mut().enumerate().skip(cut) {
                *byte = before.get(at).copied().unwrap_or(0);
            }
            fs::write(dir.path().join("base/db"), torn).unwrap();
            let store = open(dir.path());
            let seq = store.seq();
            assert!(seq == 2 || seq == 3, "cut at {cut}: {seq}");
            assert_whole(&store, seq, &format!("cut at {cut} of {begin}..{end}"));
            *outcomes.entry(seq).or_insert(0) += 1;
        }
        assert_eq!(outcomes.len(), 2, "both outcomes were seen: {outcomes:?}");
    }

    /// The base behind its archive: killed after the append, deleted, never there.
    #[test]
    fn a_base_that_is_behind_takes_in_what_the_archive_has() {
        let dir = tempfile::tempdir().unwrap();
        let catch_up = |store: &mut SledStore| {
            let archive = Archive::open(dir.path()).unwrap();
            let mut taken = Vec::new();
            for missing in archive.read_from(store.seq() + 1).unwrap() {
                let (seq, _, batch) = missing.unwrap();
                taken.push(seq);
                store.commit(of_batch(seq, batch)).unwrap();
            }
            taken
        };
        let of_numbers = |numbers| batch(numbers);
        let mut archive = Archive::open(dir.path()).unwrap();
        for number in 0..3 {
            let seq = archive
                .append(&of_numbers(number * 3..number * 3 + 3), hour(number.into()))
                .unwrap();
            open(dir.path())
                .commit(of_batch(seq, of_numbers(number * 3..number * 3 + 3)))
                .unwrap();
        }
        archive.append(&of_numbers(9..12), hour(4)).unwrap();
        // Killed here.
        let mut store = open(dir.path());
        assert_eq!(store.seq(), 3);
        assert_eq!(catch_up(&mut store), [4]);
        assert_eq!(catch_up(&mut store), [0; 0]);
        let whole = contents(&store);
        drop(store);
        fs::remove_dir_all(dir.path().join("base")).unwrap();
        let mut store = open(dir.path());
        assert_eq!((store.seq(), store.coverage().unwrap()), (0, Coverage::default()));
        assert_eq!(catch_up(&mut store), [1, 2, 3, 4]);
        assert!(contents(&store) == whole);
    }

    fn of_batch(seq: u64, batch: Batch) -> Commit {
        Commit {
            seq,
            feeds: batch.checks.iter().map(|check| FeedState::after(None, check)).collect(),
            articles: batch
                .articles
                .into_iter()
                .map(|article| StoredArticle {
                    mentioned_in: Vec::new(),
                    revisions: Vec::new(),
                    article,
                    analysis: promises::analysis(0),
                    incident: None,
                })
                .collect(),
            appearances: batch.appearances,
            ..Commit::default()
        }
    }

    /// Damage of any kind is an error that says what to do, never a panic.
    #[test]
    fn a_damaged_file_is_an_error_or_unharmed() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path());
        // Large enough for several segments: damage in the last one only makes sled forget the end.
        for seq in 1..=30 {
            let mut commit = commit(seq);
            for stored in &mut commit.articles {
                // Hashes do not pack.
                let hashes =
                    (0..60).map(|at: u32| blake3::hash(format!("{seq} {at} {}", stored.article.url).as_bytes()));
                stored.article.text = hashes.map(|hash| hash.to_hex().to_string()).collect();
            }
            store.commit(commit).unwrap();
        }
        drop(store);
        let whole = tempfile::tempdir().unwrap();
        copy(&dir.path().join("base"), &whole.path().join("base"));
        let good = fs::read(dir.path().join("base/db")).unwrap();
        let mut seen = BTreeSet::new();
        let mut check = |case: &str, damage: &dyn Fn(&Path)| {
            let dir = tempfile::tempdir().unwrap();
            copy(&whole.path().join("base"), &dir.path().join("base"));
            damage(&dir.path().join("base"));
            let text = match try_open(dir.path()) {
                Ok(store) => match store.verify() {
                    Ok(()) => {
                        // sled may fall back to an earlier batch, but a whole one.
                        assert_whole(&store, store.seq(), case);
                        "read".to_owned()
                    }
                    Err(error) => error.to_string(),
                },
                Err(error) => error.to_string(),
            };
            let known = text == "read" || text.contains("is damaged (") || text.contains("newer version");
            assert!(
                known || text.contains("reading") || text.contains("opening"),
                "{case}: {text}"
            );
            seen.insert(text.contains("is damaged ("));
            // A rebuild needs nothing of the damaged one.
            let mut rebuild = SledStore::rebuild(dir.path(), "rebuild", hour(0), NO_WAIT).unwrap();
            rebuild.store().commit(commit(1)).unwrap();
            assert_whole(&rebuild.finish("rebuild", hour(0), NO_WAIT).unwrap(), 1, case);
        };
        for part in 0..24 {
            let at = good.len() * part / 24 + 7;
            check(&format!("byte {at}"), &|base| {
                let mut bad = good.clone();
                for byte in bad.iter_mut().skip(at).take(16) {
                    *byte ^= 0x55;
                }
                fs::write(base.join("db"), bad).unwrap();
            });
        }
        for length in [0, 1, 19, 4_096, good.len() / 2, good.len() - 1] {
            check(&format!("cut to {length}"), &|base| {
                fs::write(base.join("db"), &good[..length]).unwrap();
            });
        }
        check("noise", &|base| {
            fs::write(base.join("db"), vec![0xa5; good.len()]).unwrap()
        });
        check("no conf", &|base| fs::remove_file(base.join("conf")).unwrap());
        check("noise in conf", &|base| {
            fs::write(base.join("conf"), b"segment_size: lots\n").unwrap()
        });
        assert!(seen.contains(&true), "some damage was seen");
    }

    #[test]
    fn a_base_that_is_short_of_its_last_batch_is_damaged() {
        for (shelf, lost) in [
            (Shelf::Article, article(25).id.0),
            (Shelf::Incident, "vague-2026-11".to_owned()),
            (Shelf::Meta, "last".to_owned()),
            (Shelf::Meta, "seq".to_owned()),
            (Shelf::Meta, "schema".to_owned()),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let mut store = open(dir.path());
            store.commit(commit(1)).unwrap();
            store.commit(commit(2)).unwrap();
            store.sled.trees[shelf as usize]
                .remove(&lost)
                .unwrap()
                .expect("it was there");
            drop(store);
            let text = try_open(dir.path()).unwrap_err().to_string();
            assert!(
                text.contains("is damaged (") && text.contains("run `vigie rebuild`"),
                "{lost}: {text}"
            );
        }
    }

    #[test]
    fn a_row_lost_in_silence_is_told_at_the_end_of_a_full_read() {
        let vague = incident("vague-2026-11", 2);
        for (shelf, lost) in [
            (Shelf::Article, key(article(15).id.as_str())),
            (Shelf::Incident, key("mairie-1-2026-11")),
            (Shelf::Time, time_key(hour(1), b"mairie-1-2026-11")),
            (Shelf::Key, joined(b"vague:2", vague.id.as_str().as_bytes())),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let mut store = open(dir.path());
            store.commit(commit(1)).unwrap();
            store.commit(commit(2)).unwrap();
            store.verify().unwrap();
            store.sled.trees[shelf as usize]
                .remove(&lost)
                .unwrap()
                .expect("it was there");
            drop(store);
            let store = open(dir.path());
            let text = store.verify().unwrap_err().to_string();
            assert!(text.contains("is damaged (short: "), "{}: {text}", shelf.name());
            let articles = store.articles().filter(Result::is_err).count();
            let incidents = store.incidents_since(None).filter(Result::is_err).count();
            let expected = match shelf {
                Shelf::Article => (1, 0),
                Shelf::Key => (0, 0),
                _ => (0, 1),
            };
            assert_eq!((articles, incidents), expected, "{}", shelf.name());
        }
    }

    #[test]
    fn a_newer_base_is_refused_whole() {
        let dir = tempfile::tempdir().unwrap();
        let mut store = open(dir.path());
        store.commit(commit(1)).unwrap();
        store.sled.trees[Shelf::Meta as usize].insert("schema", &[2]).unwrap();
        drop(store);
        let error = try_open(dir.path()).unwrap_err();
        assert!(matches!(error, StoreError::Newer { found: 2, known: 1, .. }), "{error}");
    }

    #[test]
    fn a_folder_that_cannot_be_a_base_is_named() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("base"), "").unwrap();
        let error = try_open(dir.path()).unwrap_err();
        assert!(
            matches!(&error, StoreError::Io { doing: "opening", path, .. } if path.ends_with("base")),
            "{error}"
        );
    }

    /// A base with one commit under each of these names, told apart by their numbers.
    fn stage(dir: &Path, names: &[(&str, u64)]) {
        for (name, seq) in names {
            let made = tempfile::tempdir().unwrap();
            let mut store = open(made.path());
            for seq in 1..=*seq {
                store.commit(commit(seq)).unwrap();
            }
            drop(store);
            copy(&made.path().join("base"), &dir.join(name));
        }
    }

    #[test]
    fn a_swap_cut_short_is_finished_or_undone() {
        for (case, names, seq) in [
            ("before the first rename", &[(BASE, 1), (NEW, 2)][..], 1),
            ("between the renames", &[(OLD, 1), (NEW, 2)], 2),
            ("before the old one is removed", &[(OLD, 1), (BASE, 2)], 2),
            (
                "while the old one is removed",
                &[(TRASH, 1), (BASE, 2), (OLD, 1), (NEW, 0)],
                2,
            ),
            ("the base removed by hand", &[(OLD, 1)], 1),
            ("a first rebuild without a base", &[(NEW, 2)], 0),
            ("half removed", &[(TRASH, 2)], 0),
        ] {
            let dir = tempfile::tempdir().unwrap();
            stage(dir.path(), names);
            assert_whole(&open(dir.path()), seq, case);
            let mut left: Vec<_> = fs::read_dir(dir.path())
                .unwrap()
                .map(|entry| entry.unwrap().file_name())
                .collect();
            left.retain(|name| !name.to_string_lossy().ends_with(".lock"));
            assert_eq!(left, ["base"], "{case}");
        }
    }

    #[test]
    fn the_present_base_answers_while_a_new_one_is_made() {
        let dir = tempfile::tempdir().unwrap();
        open(dir.path()).commit(commit(1)).unwrap();
        let mut rebuild = SledStore::rebuild(dir.path(), "rebuild", hour(0), NO_WAIT).unwrap();
        for seq in 1..=2 {
            rebuild.store().commit(commit(seq)).unwrap();
            assert_whole(&open(dir.path()), 1, "meanwhile");
        }
        let second = SledStore::rebuild(dir.path(), "rebuild", hour(0), NO_WAIT).unwrap_err();
        assert!(matches!(second, StoreError::Busy { .. }), "{second}");
        let store = rebuild.finish("rebuild", hour(0), NO_WAIT).unwrap();
        assert_whole(&store, 2, "finished");
        drop(store);
        assert_whole(&open(dir.path()), 2, "opened anew");
        // Given up, it changes nothing.
        let mut rebuild = SledStore::rebuild(dir.path(), "rebuild", hour(0), NO_WAIT).unwrap();
        rebuild.store().commit(commit(1)).unwrap();
        drop(rebuild);
        assert_whole(&open(dir.path()), 2, "given up");
        assert!(!dir.path().join(NEW).exists());
        SledStore::destroy(dir.path(), "rebuild", hour(0), NO_WAIT).unwrap();
        assert_whole(&open(dir.path()), 0, "destroyed");
    }

    #[test]
    fn a_caught_panic_of_sled_does_not_silence_others() {
        let base = Path::new("base");
        let error = guarded::<()>("reading", base, || panic!("page {} is gone", 7)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the base in base is damaged (sled panicked: page 7 is gone); the archive is not: run `vigie rebuild`"
        );
        assert!(!QUIET.get());
    }

    /// One step of a store's life.
    #[derive(Debug, Clone)]
    enum Step {
        Commit(Vec<(u32, usize)>, Vec<(u8, i64, Vec<u8>)>),
        Reopen,
    }

    fn step() -> impl Strategy<Value = Step> {
        let article = (0..12_u32, prop_oneof![Just(0), Just(100), Just(20_000)]);
        let incident = (0..6_u8, -20..20_i64, prop::collection::vec(0..5_u8, 0..4));
        prop_oneof![
            6 => (prop::collection::vec(article, 0..5), prop::collection::vec(incident, 0..5))
                .prop_map(|(articles, incidents)| Step::Commit(articles, incidents)),
            1 => Just(Step::Reopen),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        /// Against maps in memory: the same answers after any life.
        #[test]
        fn it_answers_as_maps_in_memory_would(steps in prop::collection::vec(step(), 1..12)) {
            let dir = tempfile::tempdir().unwrap();
            let mut store = open(dir.path());
            let mut articles: BTreeMap<ArticleId, StoredArticle> = BTreeMap::new();
            let mut incidents: BTreeMap<IncidentId, (Incident, Vec<String>)> = BTreeMap::new();
            for step in steps {
                match step {
                    Step::Reopen => {
                        drop(store);
                        store = open(dir.path());
                    }
                    Step::Commit(new_articles, new_incidents) => {
                        let mut commit = Commit { seq: store.seq() + 1, ..Commit::default() };
                        for (number, length) in new_articles {
                            let mut new = stored(number, None);
                            // Hashes do not pack: a length in the record as well.
                            let hashes = (0..length / 64).map(|at| blake3::hash(&at.to_le_bytes()).to_hex().to_string());
                            new.article.text = hashes.collect();
                            articles.insert(new.article.id.clone(), new.clone());
                            commit.articles.push(new);
                        }
                        for (number, last, keys) in new_incidents {
                            let keys: Vec<String> = keys.iter().map(|key| format!("key{key}")).collect();
                            let new = incident(&format!("i{number}"), last);
                            incidents.insert(new.id.clone(), (new.clone(), keys.clone()));
                            commit.incidents.push((new, keys));
                        }
                        store.commit(commit).unwrap();
                    }
                }
                let (found_articles, found_incidents, _, coverage) = contents(&store);
                prop_assert!(found_articles.iter().eq(articles.values()));
                let mut expected: Vec<&Incident> = incidents.values().map(|(incident, _)| incident).collect();
                expected.sort_by_key(|incident| (std::cmp::Reverse(incident.last_published), incident.id.clone()));
                prop_assert!(found_incidents.iter().eq(expected.iter().copied()));
                prop_assert_eq!((coverage.articles, coverage.incidents), (articles.len() as u64, incidents.len() as u64));
                for key in 0..5 {
                    let key = format!("key{key}");
                    let under = store.incidents_under(std::slice::from_ref(&key), Span::EVER).unwrap();
                    let filed = incidents.values().filter(|(_, keys)| keys.contains(&key));
                    prop_assert!(under.iter().eq(filed.map(|(incident, _)| incident)));
                }
                let since = hour(3);
                let recent: Vec<Incident> = store.incidents_since(Some(since)).map(Result::unwrap).collect();
                expected.retain(|incident| incident.last_published >= since);
                prop_assert!(recent.iter().eq(expected.iter().copied()));
            }
        }
    }
}
