//! The truth: what was received, batch by batch, in the order of reception. Each batch is one
//! independent zstd frame of JSON lines at the end of `archive/AAAA-MM.ndjson.zst`, so that
//! `zstdcat` reads a month whole; `archive/head.json` says how far it is known to be good.
//! Written and made durable before the base takes a batch in. An article that is to be forgotten is the one exception
//! to append-only: its months are written anew without it, and `archive/forgotten.json` keeps its id.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{Appearance, Batch, StoreError, io_error};
use crate::model::article::Article;
use crate::model::feed::FeedCheck;
use crate::model::id::ArticleId;

/// The format that this program writes, and the newest it reads.
const FORMAT: u32 = 1;

/// zstd level: 9 % smaller than level 3 on articles, and still far faster than a press site.
const LEVEL: i32 = 9;

/// What one batch may hold once unpacked; a damaged frame must not fill the memory.
const MAX_BATCH_BYTES: u64 = 1 << 30;

/// Name of the file that says how far the archive is known to be good.
const HEAD: &str = "head.json";

/// Name of the file that says which articles were erased.
const FORGOTTEN: &str = "forgotten.json";

/// What every zstd frame begins with.
const FRAME_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The archive of one store. One process at a time writes it (it holds `pass.lock`); any number
/// may read it meanwhile.
#[derive(Debug)]
pub struct Archive {
    folder: PathBuf,
    head: Head,
    /// Numbers up to this one are taken elsewhere.
    reserved: u64,
    access: Access,
    notes: Vec<String>,
    forgotten: BTreeMap<ArticleId, Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Write,
    Read,
    /// A write failed and could not be undone, or somebody else writes: open it again.
    Broken,
}

/// How far the archive is known to be good.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Head {
    /// The last number given.
    seq: u64,
    /// The last month, and the length of its file; none when nothing was ever kept.
    end: Option<End>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct End {
    month: Month,
    length: u64,
}

/// The head as it stands in its file.
#[derive(Debug, Serialize, Deserialize)]
struct HeadFile {
    format: u32,
    seq: u64,
    file: String,
    length: u64,
}

/// The erased articles as they stand in their file.
#[derive(Debug, Serialize, Deserialize)]
struct ForgottenFile {
    format: u32,
    forgotten: Vec<Tombstone>,
}

/// What is left of an erased article.
#[derive(Debug, Serialize, Deserialize)]
struct Tombstone {
    id: ArticleId,
    on: Date,
}

/// What erasing came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// Months that were written anew.
    pub months: u64,
    /// Copies of articles that were taken out.
    pub articles: u64,
    /// What was odd, a sentence each.
    pub notes: Vec<String>,
}

/// First line of a frame.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    batch: u64,
    format: u32,
    at: Timestamp,
    lines: usize,
}

/// Last line of a frame.
#[derive(Debug, Serialize, Deserialize)]
struct Footer {
    end: u64,
}

/// One record, to be written.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Line<'a> {
    Check(&'a FeedCheck),
    Article(&'a Article),
    Appearance(&'a Appearance),
}

/// One record, read.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Record {
    Check(FeedCheck),
    Article(Box<Article>),
    Appearance(Appearance),
}

impl Archive {
    /// Opens the archive in `dir/archive` for writing, and makes it when absent. What a killed
    /// process or a power cut left behind is mended: a whole batch that the head does not know is
    /// accepted, a torn one at the end is moved aside; `notes` tells. Errs when the files cannot be
    /// read or written, or come from a newer version.
    pub fn open(dir: &Path) -> Result<Archive, StoreError> {
        let folder = dir.join("archive");
        if !folder.is_dir() {
            fs::create_dir_all(&folder).map_err(io_error("creating", &folder))?;
            for made in [folder.as_path(), dir].iter().filter_map(|made| made.parent()) {
                sync_folder(made)?;
            }
        }
        let mut survey = survey(&folder)?;
        for torn in &survey.torn {
            survey.notes.push(set_aside(&folder, torn)?);
        }
        if survey.mend {
            write_head(&folder, &survey.head)?;
        }
        Archive::of(folder, survey, Access::Write)
    }

    /// Opens the archive in `dir/archive` for reading only: writes nothing, and an archive that
    /// does not exist is empty. A batch that is just being written is not seen.
    pub fn open_read(dir: &Path) -> Result<Archive, StoreError> {
        let folder = dir.join("archive");
        let survey = survey(&folder)?;
        Archive::of(folder, survey, Access::Read)
    }

    fn of(folder: PathBuf, survey: Survey, access: Access) -> Result<Archive, StoreError> {
        let forgotten = read_forgotten(&folder)?;
        Ok(Archive {
            folder,
            head: survey.head,
            reserved: 0,
            access,
            notes: survey.notes,
            forgotten,
        })
    }

    /// The articles that were erased, with the day; they must never be taken in again.
    pub fn forgotten(&self) -> &BTreeMap<ArticleId, Date> {
        &self.forgotten
    }

    /// Erases articles for good: every month that holds one is written anew without its title, text, address and
    /// entries, the numbers of its batches kept; then their ids are noted with the day. Killed at any moment, each
    /// month is the old or the new one, and the ids are noted only when no month holds them any more: calling it again
    /// finishes the work. Damaged places and torn ends that hold one are left out whole, as nobody could read them.
    pub fn forget(&mut self, ids: &BTreeSet<ArticleId>, on: Date) -> Result<Erased, StoreError> {
        self.check_writable()?;
        let mut erased = Erased::default();
        for month in list_months(&self.folder)? {
            let path = month.path(&self.folder);
            if holds_any(&path, ids)? {
                self.rewrite(&month, ids, &mut erased)?;
                erased.months += 1;
            }
        }
        drop_torn(&self.folder, ids, &mut erased.notes)?;
        for id in ids {
            self.forgotten.entry(id.clone()).or_insert(on);
        }
        write_forgotten(&self.folder, &self.forgotten)?;
        Ok(erased)
    }

    /// Puts a month without these articles in the place of the present one.
    fn rewrite(&mut self, month: &Month, ids: &BTreeSet<ArticleId>, erased: &mut Erased) -> Result<(), StoreError> {
        let path = month.path(&self.folder);
        let new = self.folder.join(format!("{}.new", month.file()));
        let length = write_without(&path, &new, ids, erased)?;
        let is_last = self.head.end.as_ref().is_some_and(|end| end.month == *month);
        if is_last {
            // While the file is being replaced the head says nothing of its length: whoever opens the archive then
            // looks for himself.
            let head = Head {
                seq: self.head.seq,
                end: None,
            };
            self.access = Access::Broken;
            write_head(&self.folder, &head)?;
        }
        fs::rename(&new, &path).map_err(io_error("replacing", &path))?;
        sync_folder(&self.folder)?;
        if is_last {
            let end = Some(End {
                month: month.clone(),
                length,
            });
            self.head.end = end;
            write_head(&self.folder, &self.head)?;
            self.access = Access::Write;
        }
        Ok(())
    }

    fn check_writable(&self) -> Result<(), StoreError> {
        let why = match self.access {
            Access::Write => return Ok(()),
            Access::Read => "it was opened for reading only",
            Access::Broken => "an earlier write failed; open it again",
        };
        Err(io_error("writing", &self.folder)(io::Error::other(why)))
    }

    /// What was odd at opening, a sentence each, for the log.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The number of the last batch; 0 when there is none.
    pub fn seq(&self) -> u64 {
        self.head.seq
    }

    /// Never gives a number up to `seq` to a batch. For a base that is ahead of its archive (whose
    /// end was lost): what comes next must not pass for something it already holds.
    pub fn reserve(&mut self, seq: u64) {
        self.reserved = self.reserved.max(seq);
    }

    /// Adds a batch, and returns its number once it is durable. On error nothing was added.
    ///
    /// It goes to the month of `now` in UTC, or to the last month when that is later (a clock set
    /// back): months in order are batches in order.
    pub fn append(&mut self, batch: &Batch, now: Timestamp) -> Result<u64, StoreError> {
        self.check_writable()?;
        let seq = self.head.seq.max(self.reserved) + 1;
        let month = match &self.head.end {
            Some(end) => end.month.clone().max(Month::of(now)),
            None => Month::of(now),
        };
        let start = match &self.head.end {
            Some(end) if end.month == month => end.length,
            _ => 0,
        };
        let path = month.path(&self.folder);
        let frame = frame(seq, now, batch).map_err(io_error("packing a batch for", &path))?;
        let head = Head {
            seq,
            end: Some(End {
                month,
                length: start + frame.len() as u64,
            }),
        };
        if let Err(error) = expect_end(&path, start) {
            // Nothing of ours is in it yet, so nothing may be taken back.
            self.access = Access::Broken;
            return Err(error);
        }
        let written = write_at_end(&path, &frame).and_then(|()| {
            if start == 0 {
                sync_folder(&self.folder)?;
            }
            write_head(&self.folder, &head)
        });
        if let Err(error) = written {
            if take_back(&self.folder, &path, start, &self.head).is_err() {
                self.access = Access::Broken;
            }
            return Err(error);
        }
        self.head = head;
        Ok(seq)
    }

    /// The batches from number `seq` on, with their numbers and times, in order; one is in memory
    /// at a time. A damaged one is an error that names file and offset; the iterator may be asked
    /// to go on behind it. Damage before number `seq` is passed over. Numbers grow, but some may be
    /// missing.
    pub fn read_from(&self, seq: u64) -> Result<Batches, StoreError> {
        let mut months = VecDeque::new();
        if let Some(end) = self.head.end.as_ref().filter(|_| seq <= self.head.seq) {
            for month in list_months(&self.folder)?.into_iter().rev() {
                if month > end.month {
                    continue;
                }
                let first = first_number(&month.path(&self.folder))?;
                months.push_front(month);
                if first.is_some_and(|first| first <= seq) {
                    break;
                }
            }
        }
        Ok(Batches {
            folder: self.folder.clone(),
            months,
            end: self.head.end.clone(),
            frames: None,
            from: seq,
            last: 0,
            damages: Vec::new(),
            ready: VecDeque::new(),
        })
    }
}

/// The batches of an archive, from `Archive::read_from`.
#[derive(Debug)]
pub struct Batches {
    folder: PathBuf,
    months: VecDeque<Month>,
    end: Option<End>,
    frames: Option<Frames>,
    from: u64,
    last: u64,
    /// Damage met since the last good batch: what number it had shows at the next one.
    damages: Vec<StoreError>,
    ready: VecDeque<<Batches as Iterator>::Item>,
}

impl Iterator for Batches {
    type Item = Result<(u64, Timestamp, Batch), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            let mut frames = match self.frames.take() {
                Some(frames) => frames,
                None => {
                    let Some(month) = self.months.pop_front() else {
                        // Up to its end the archive has the numbers that were asked for.
                        self.ready.extend(self.damages.drain(..).map(Err));
                        return self.ready.pop_front();
                    };
                    let known = self.end.as_ref().filter(|end| end.month == month).map(|end| end.length);
                    match Frames::open(&month.path(&self.folder), 0, known) {
                        Ok(frames) => frames,
                        Err(error) => return self.stop(error),
                    }
                }
            };
            let offset = frames.offset;
            match frames.next_after(self.last) {
                Ok(None) => continue,
                Ok(Some(frame)) => {
                    self.last = frame.header.batch;
                    if frame.header.batch <= self.from {
                        self.damages.clear();
                    }
                    if frame.header.batch >= self.from {
                        let batch = frame.batch().map_err(|detail| frames.corrupt(offset, detail));
                        self.ready.extend(self.damages.drain(..).map(Err));
                        self.ready
                            .push_back(batch.map(|batch| (frame.header.batch, frame.header.at, batch)));
                    }
                    self.frames = Some(frames);
                }
                Err(Fault::Damage(detail)) => {
                    self.damages.push(frames.corrupt(offset, detail));
                    match frames.seek_good(offset + 1, self.last) {
                        Ok(true) => self.frames = Some(frames),
                        Ok(false) => {}
                        Err(error) => return self.stop(error),
                    }
                }
                Err(Fault::Store(error)) => return self.stop(error),
            }
        }
    }
}

impl Batches {
    /// Gives the error and ends: what cannot be read now cannot be read at the next call.
    fn stop(&mut self, error: StoreError) -> Option<<Self as Iterator>::Item> {
        self.months.clear();
        self.frames = None;
        self.damages.clear();
        Some(Err(error))
    }
}

/// A month of UTC, "2026-11": the name of a file, in order of time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Month(String);

impl Month {
    fn of(now: Timestamp) -> Month {
        Month(now.to_zoned_datetime(TimeZone::UTC).strftime("%Y-%m").to_string())
    }

    /// None for the name of any other file.
    fn of_file(name: &str) -> Option<Month> {
        let month = name.strip_suffix(".ndjson.zst")?;
        let shape = month.bytes().enumerate().all(|(at, byte)| match at {
            4 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        (month.len() == 7 && shape).then(|| Month(month.to_owned()))
    }

    fn file(&self) -> String {
        format!("{}.ndjson.zst", self.0)
    }

    fn path(&self, folder: &Path) -> PathBuf {
        folder.join(self.file())
    }
}

/// The state of the files, and what there is to mend.
#[derive(Debug, Default)]
struct Survey {
    head: Head,
    /// The ends of these files, from these offsets on, are no whole batches.
    torn: Vec<End>,
    /// Whether the head in the file is not this one.
    mend: bool,
    notes: Vec<String>,
}

/// Looks at the end of the archive (or at all of it, without a head), and writes nothing.
fn survey(folder: &Path) -> Result<Survey, StoreError> {
    let mut survey = Survey::default();
    let months = list_months(folder)?;
    let written = read_head(folder, &mut survey.notes)?;
    if written.is_none() && !months.is_empty() {
        survey.notes.push(format!(
            "{} was absent: made anew from the archive",
            folder.join(HEAD).display()
        ));
    }
    // From where on the files are not vouched for by the head.
    let mut start = written.as_ref().and_then(|head| head.end.clone());
    if let (Some(head), Some(end)) = (&written, &mut start) {
        let path = end.month.path(folder);
        let length = match fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => 0,
            Err(cause) => return Err(io_error("reading", &path)(cause)),
        };
        if length < end.length {
            survey.notes.push(format!(
                "{} has {length} bytes, though {} had been written: batches up to {} are lost at its end",
                path.display(),
                end.length,
                head.seq,
            ));
            // The month before closes the archive, if no batch of this one is left.
            if let Some(before) = months.iter().rfind(|month| **month < end.month) {
                end.month = before.clone();
            }
            end.length = 0;
        } else {
            survey.head.clone_from(head);
        }
    }
    for month in &months {
        let from = match &start {
            Some(start) if *month < start.month => continue,
            Some(start) if *month == start.month => start.length,
            _ => 0,
        };
        survey_month(folder, month, from, &mut survey)?;
    }
    // A number that was given once is never given again, whatever became of its batch.
    if let Some(written) = &written {
        survey.head.seq = survey.head.seq.max(written.seq);
    }
    survey.mend = written.unwrap_or_default() != survey.head;
    Ok(survey)
}

/// Follows one file from an offset on.
fn survey_month(folder: &Path, month: &Month, from: u64, survey: &mut Survey) -> Result<(), StoreError> {
    let mut frames = Frames::open(&month.path(folder), from, None)?;
    loop {
        let offset = frames.offset;
        match frames.next_after(survey.head.seq) {
            Ok(None) => return Ok(()),
            Ok(Some(frame)) => {
                // What looked torn in an earlier month is damage in the middle: it stays in place.
                survey.torn.clear();
                survey.head = Head {
                    seq: frame.header.batch,
                    end: Some(End {
                        month: month.clone(),
                        length: frames.offset,
                    }),
                };
            }
            Err(Fault::Damage(detail)) => {
                if !frames.seek_good(offset + 1, survey.head.seq)? {
                    survey.torn.push(End {
                        month: month.clone(),
                        length: offset,
                    });
                    return Ok(());
                }
                survey.notes.push(frames.corrupt(offset, detail).to_string());
            }
            Err(Fault::Store(error)) => return Err(error),
        }
    }
}

/// The months that have a file, in order; none when there is no folder.
fn list_months(folder: &Path) -> Result<Vec<Month>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(io_error("reading", folder)(cause)),
    };
    let mut months = Vec::new();
    for entry in entries {
        let entry = entry.map_err(io_error("reading", folder))?;
        months.extend(entry.file_name().to_str().and_then(Month::of_file));
    }
    months.sort();
    Ok(months)
}

/// None when it is absent, or says nothing that can be used (then with a note).
fn read_head(folder: &Path, notes: &mut Vec<String>) -> Result<Option<Head>, StoreError> {
    let path = folder.join(HEAD);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(io_error("reading", &path)(cause)),
    };
    let head: HeadFile = match serde_json::from_slice(&text) {
        Ok(head) => head,
        Err(cause) => {
            notes.push(format!("{} cannot be read: {cause}", path.display()));
            return Ok(None);
        }
    };
    if head.format > FORMAT {
        return Err(StoreError::Newer {
            path,
            found: head.format,
            known: FORMAT,
        });
    }
    match (Month::of_file(&head.file), head.file.is_empty()) {
        (None, false) => {
            notes.push(format!("{} names no month: `{}`", path.display(), head.file));
            Ok(None)
        }
        (month, _) => Ok(Some(Head {
            seq: head.seq,
            end: month.map(|month| End {
                month,
                length: head.length,
            }),
        })),
    }
}

/// Replaces the head's file, durably and at once.
fn write_head(folder: &Path, head: &Head) -> Result<(), StoreError> {
    let file = HeadFile {
        format: FORMAT,
        seq: head.seq,
        file: head.end.as_ref().map(|end| end.month.file()).unwrap_or_default(),
        length: head.end.as_ref().map_or(0, |end| end.length),
    };
    write_json(folder, HEAD, &file)
}

/// None is forgotten where there is no file, or one that cannot be understood: then erasing starts over.
fn read_forgotten(folder: &Path) -> Result<BTreeMap<ArticleId, Date>, StoreError> {
    let path = folder.join(FORGOTTEN);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(cause) => return Err(io_error("reading", &path)(cause)),
    };
    let Ok(file) = serde_json::from_slice::<ForgottenFile>(&text) else {
        return Ok(BTreeMap::new());
    };
    if file.format > FORMAT {
        return Err(StoreError::Newer {
            path,
            found: file.format,
            known: FORMAT,
        });
    }
    Ok(file.forgotten.into_iter().map(|stone| (stone.id, stone.on)).collect())
}

fn write_forgotten(folder: &Path, forgotten: &BTreeMap<ArticleId, Date>) -> Result<(), StoreError> {
    let stones = forgotten.iter().map(|(id, on)| Tombstone {
        id: id.clone(),
        on: *on,
    });
    let file = ForgottenFile {
        format: FORMAT,
        forgotten: stones.collect(),
    };
    write_json(folder, FORGOTTEN, &file)
}

/// Replaces a small file, durably and at once.
fn write_json(folder: &Path, name: &str, value: &impl Serialize) -> Result<(), StoreError> {
    let path = folder.join(name);
    let new = folder.join(format!("{name}.new"));
    let write = || {
        let mut text = serde_json::to_vec(value)?;
        text.push(b'\n');
        let mut opened = File::create(&new)?;
        opened.write_all(&text)?;
        opened.sync_all()?;
        fs::rename(&new, &path)
    };
    write().map_err(io_error("writing", &path))?;
    sync_folder(folder)
}

/// Moves the end of a file into a file of its own; says so in a sentence.
fn set_aside(folder: &Path, torn: &End) -> Result<String, StoreError> {
    let path = torn.month.path(folder);
    let read = || {
        let mut tail = Vec::new();
        let mut file = File::open(&path)?;
        file.seek(SeekFrom::Start(torn.length))?;
        file.read_to_end(&mut tail)?;
        Ok(tail)
    };
    let tail = read().map_err(io_error("reading", &path))?;
    let (mut opened, aside) = create_aside(folder, torn)?;
    opened
        .write_all(&tail)
        .and_then(|()| opened.sync_all())
        .map_err(io_error("writing", &aside))?;
    sync_folder(folder)?;
    cut(&path, torn.length)?;
    Ok(format!(
        "{}: {} bytes of a torn batch at byte {} moved to {}",
        path.display(),
        tail.len(),
        torn.length,
        aside.display(),
    ))
}

/// A new file for a torn end; one that was moved aside before stays.
fn create_aside(folder: &Path, torn: &End) -> Result<(File, PathBuf), StoreError> {
    let mut copy = 1;
    loop {
        let name = match copy {
            1 => format!("torn-{}-{}.bin", torn.month.0, torn.length),
            _ => format!("torn-{}-{}-{copy}.bin", torn.month.0, torn.length),
        };
        let path = folder.join(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => copy += 1,
            Err(cause) => return Err(io_error("creating", &path)(cause)),
        }
    }
}

fn cut(path: &Path, length: u64) -> Result<(), StoreError> {
    let cut = || {
        let file = OpenOptions::new().write(true).open(path)?;
        file.set_len(length)?;
        file.sync_all()
    };
    cut().map_err(io_error("cutting", path))
}

/// Errs when the file does not end where we left it: somebody else wrote to it.
fn expect_end(path: &Path, end: u64) -> Result<(), StoreError> {
    let found = match fs::metadata(path) {
        Ok(metadata) => metadata.len(),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => 0,
        Err(cause) => return Err(io_error("reading", path)(cause)),
    };
    if found == end {
        return Ok(());
    }
    let cause = io::Error::other(format!(
        "another process has written to it meanwhile ({found} bytes, not {end})"
    ));
    Err(io_error("writing", path)(cause))
}

/// Writes at the end of the file, and makes it durable.
fn write_at_end(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let write = || {
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(io_error("writing", path))
}

/// Undoes a failed append.
fn take_back(folder: &Path, path: &Path, start: u64, head: &Head) -> Result<(), StoreError> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.len() > start => cut(path, start)?,
        _ => {}
    }
    // The head may have been replaced, though not durably.
    if read_head(folder, &mut Vec::new())?.unwrap_or_default() != *head {
        write_head(folder, head)?;
    }
    Ok(())
}

fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    // The parent of a relative name is the empty path.
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    File::open(folder)
        .and_then(|opened| opened.sync_all())
        .map_err(io_error("syncing", folder))
}

/// The bytes of one batch: the same for the same input.
fn frame(seq: u64, now: Timestamp, batch: &Batch) -> io::Result<Vec<u8>> {
    let lines = batch.checks.len() + batch.articles.len() + batch.appearances.len();
    let mut text = Vec::new();
    let header = Header {
        batch: seq,
        format: FORMAT,
        at: now,
        lines,
    };
    push_line(&mut text, &header)?;
    for check in &batch.checks {
        push_line(&mut text, &Line::Check(check))?;
    }
    for article in &batch.articles {
        push_line(&mut text, &Line::Article(article))?;
    }
    for appearance in &batch.appearances {
        push_line(&mut text, &Line::Appearance(appearance))?;
    }
    push_line(&mut text, &Footer { end: seq })?;
    let size = text.len() as u64;
    if size > MAX_BATCH_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("a batch of {size} bytes is larger than {MAX_BATCH_BYTES}"),
        ));
    }
    let mut encoder = zstd::Encoder::new(Vec::new(), LEVEL)?;
    encoder.include_checksum(true)?;
    encoder.set_pledged_src_size(Some(size))?;
    encoder.write_all(&text)?;
    encoder.finish()
}

fn push_line(text: &mut Vec<u8>, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *text, line)?;
    text.push(b'\n');
    Ok(())
}

/// The frames of one file, one after the other.
#[derive(Debug)]
struct Frames {
    path: PathBuf,
    file: Counted<BufReader<io::Take<File>>>,
    /// Where the next frame begins.
    offset: u64,
    /// Where the file ends, as far as we are concerned.
    end: u64,
}

/// One frame, unpacked.
struct Frame {
    header: Header,
    text: Vec<u8>,
}

/// Why a frame cannot be had.
enum Fault {
    /// These bytes are not a whole batch.
    Damage(String),
    /// The file cannot be read, or is newer.
    Store(StoreError),
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Frames {
    /// The file from `offset` on, up to `known` or its end.
    fn open(path: &Path, offset: u64, known: Option<u64>) -> Result<Frames, StoreError> {
        let open = || {
            let mut file = File::open(path)?;
            let length = file.metadata()?.len();
            let end = known.map_or(length, |known| known.min(length));
            file.seek(SeekFrom::Start(offset))?;
            Ok((file, end))
        };
        let (file, end) = open().map_err(io_error("reading", path))?;
        Ok(Frames {
            path: path.to_owned(),
            file: Counted::new(BufReader::with_capacity(1 << 17, file.take(end.saturating_sub(offset)))),
            offset,
            end,
        })
    }

    /// The next frame, whose number must be above `last`; none at the end of the file.
    fn next_after(&mut self, last: u64) -> Result<Option<Frame>, Fault> {
        if self.offset >= self.end {
            return Ok(None);
        }
        let start = self.file.taken;
        let text = unpack(&mut self.file).map_err(|cause| self.fault(cause))?;
        let header = header(&text, &self.path)?;
        if header.batch <= last {
            return Err(Fault::Damage(format!(
                "batch {} comes after batch {last}",
                header.batch
            )));
        }
        let lines = text.strip_suffix(b"\n").unwrap_or_default();
        let footer = lines.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        match serde_json::from_slice(footer) {
            Ok(Footer { end }) if end == header.batch => {}
            _ => return Err(Fault::Damage(format!("batch {} has no end line", header.batch))),
        }
        self.offset += self.file.taken - start;
        Ok(Some(Frame { header, text }))
    }

    /// Goes on at the first whole frame at or after `from`; false when there is none.
    fn seek_good(&mut self, from: u64, last: u64) -> Result<bool, StoreError> {
        let mut from = from;
        while let Some(candidate) = find_magic(&self.path, from, self.end).map_err(io_error("reading", &self.path))? {
            let mut frames = Frames::open(&self.path, candidate, Some(self.end))?;
            match frames.next_after(last) {
                Ok(Some(_)) => {
                    *self = Frames::open(&self.path, candidate, Some(self.end))?;
                    return Ok(true);
                }
                Err(Fault::Store(error)) => return Err(error),
                Ok(None) | Err(Fault::Damage(_)) => from = candidate + 1,
            }
        }
        Ok(false)
    }

    fn corrupt(&self, offset: u64, detail: String) -> StoreError {
        StoreError::Corrupt {
            path: self.path.clone(),
            offset,
            detail,
        }
    }

    /// The decoder's errors speak of the bytes, those of the system of the disk.
    fn fault(&self, cause: io::Error) -> Fault {
        if cause.raw_os_error().is_some() {
            Fault::Store(io_error("reading", &self.path)(cause))
        } else {
            Fault::Damage(cause.to_string())
        }
    }
}

impl Frame {
    /// The records; the error says what is wrong with them.
    fn batch(&self) -> Result<Batch, String> {
        let mut batch = Batch::default();
        let mut lines = self.text.split(|byte| *byte == b'\n').skip(1);
        for number in 0..self.header.lines {
            let line = lines
                .next()
                .ok_or_else(|| format!("batch {} is short of lines", self.header.batch))?;
            let record = serde_json::from_slice(line)
                .map_err(|cause| format!("batch {}, record {}: {cause}", self.header.batch, number + 1))?;
            match record {
                Record::Check(check) => batch.checks.push(check),
                Record::Article(article) => batch.articles.push(*article),
                Record::Appearance(appearance) => batch.appearances.push(appearance),
            }
        }
        // The end line, which was looked at, and nothing behind it.
        match lines.nth(1) {
            Some([]) => Ok(batch),
            _ => Err(format!(
                "batch {} has other than {} records",
                self.header.batch, self.header.lines
            )),
        }
    }
}

/// Unpacks exactly one frame.
fn unpack(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let mut decoder = zstd::Decoder::with_buffer(reader)?.single_frame();
    Read::by_ref(&mut decoder)
        .take(MAX_BATCH_BYTES + 1)
        .read_to_end(&mut text)?;
    if text.len() as u64 > MAX_BATCH_BYTES {
        return Err(io::Error::other(format!("larger than {MAX_BATCH_BYTES} bytes")));
    }
    Ok(text)
}

fn header(text: &[u8], path: &Path) -> Result<Header, Fault> {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let header: Header =
        serde_json::from_slice(line).map_err(|cause| Fault::Damage(format!("no batch begins here: {cause}")))?;
    if header.format > FORMAT {
        return Err(Fault::Store(StoreError::Newer {
            path: path.to_owned(),
            found: header.format,
            known: FORMAT,
        }));
    }
    Ok(header)
}

/// The number of the first batch in a file; none when it cannot be told. Unpacks only its first
/// line.
fn first_number(path: &Path) -> Result<Option<u64>, StoreError> {
    let file = File::open(path).map_err(io_error("reading", path))?;
    let mut line = Vec::new();
    // A damaged frame is reported when it is read, not here.
    let read = zstd::Decoder::new(file)
        .and_then(|decoder| BufReader::new(decoder.single_frame().take(4096)).read_until(b'\n', &mut line));
    match read {
        Ok(_) => Ok(serde_json::from_slice(&line).ok().map(|header: Header| header.batch)),
        Err(_) => Ok(None),
    }
}

/// Whether a text speaks of one of these articles: their ids are too long to stand there by chance.
fn names_any(text: &[u8], ids: &BTreeSet<ArticleId>) -> bool {
    let text = String::from_utf8_lossy(text);
    ids.iter().any(|id| text.contains(id.as_str()))
}

/// Whether some frame of the file, or some damaged place, holds one of these articles.
fn holds_any(path: &Path, ids: &BTreeSet<ArticleId>) -> Result<bool, StoreError> {
    let mut holds = false;
    walk(path, |piece| {
        holds |= match piece {
            Piece::Whole { frame, .. } => names_any(&frame.text, ids),
            Piece::Damaged { bytes } => names_any(&unpack_some(&bytes), ids),
        };
        Ok(())
    })?;
    Ok(holds)
}

/// One stretch of a month's file.
enum Piece {
    /// A frame, unpacked and as it stands.
    Whole { frame: Frame, bytes: Vec<u8> },
    /// What is between whole frames.
    Damaged { bytes: Vec<u8> },
}

/// Calls `each` with every stretch of a file, in order.
fn walk(path: &Path, mut each: impl FnMut(Piece) -> Result<(), StoreError>) -> Result<(), StoreError> {
    let mut frames = Frames::open(path, 0, None)?;
    let mut last = 0;
    loop {
        let start = frames.offset;
        match frames.next_after(last) {
            Ok(None) => return Ok(()),
            Ok(Some(frame)) => {
                last = frame.header.batch;
                let bytes = read_bytes(path, start, frames.offset)?;
                each(Piece::Whole { frame, bytes })?;
            }
            Err(Fault::Damage(_)) => {
                let goes_on = frames.seek_good(start + 1, last)?;
                let end = if goes_on { frames.offset } else { frames.end };
                let bytes = read_bytes(path, start, end)?;
                each(Piece::Damaged { bytes })?;
                if !goes_on {
                    return Ok(());
                }
            }
            Err(Fault::Store(error)) => return Err(error),
        }
    }
}

fn read_bytes(path: &Path, start: u64, end: u64) -> Result<Vec<u8>, StoreError> {
    let read = || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.take(end - start).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(io_error("reading", path))
}

/// What can be unpacked of damaged bytes, from their start on.
fn unpack_some(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    if let Ok(decoder) = zstd::Decoder::new(bytes) {
        // What came before the damage is in `text` all the same.
        let _ = decoder.take(MAX_BATCH_BYTES).read_to_end(&mut text);
    }
    text
}

/// Writes a month without these articles into `new`, durably; returns its length.
fn write_without(path: &Path, new: &Path, ids: &BTreeSet<ArticleId>, erased: &mut Erased) -> Result<u64, StoreError> {
    let mut file = File::create(new).map_err(io_error("creating", new))?;
    let mut length = 0;
    walk(path, |piece| {
        let bytes = match piece {
            Piece::Whole { frame, bytes } if !names_any(&frame.text, ids) => bytes,
            Piece::Whole { frame, .. } => {
                let mut batch = frame.batch().map_err(|detail| StoreError::Corrupt {
                    path: path.to_owned(),
                    offset: length,
                    detail,
                })?;
                let before = batch.articles.len();
                batch.articles.retain(|article| !ids.contains(&article.id));
                batch
                    .appearances
                    .retain(|appearance| !ids.contains(&appearance.article));
                erased.articles += (before - batch.articles.len()) as u64;
                self::frame(frame.header.batch, frame.header.at, &batch)
                    .map_err(io_error("packing a batch for", new))?
            }
            Piece::Damaged { bytes } if !names_any(&unpack_some(&bytes), ids) => bytes,
            Piece::Damaged { bytes } => {
                erased.notes.push(format!(
                    "{}: a damaged place of {} bytes held an article that was to be erased; it was left out whole",
                    path.display(),
                    bytes.len()
                ));
                Vec::new()
            }
        };
        length += bytes.len() as u64;
        file.write_all(&bytes).map_err(io_error("writing", new))
    })?;
    file.sync_all().map_err(io_error("writing", new))?;
    Ok(length)
}

/// Deletes the torn ends, moved aside long ago, in which one of these articles can still be read.
fn drop_torn(folder: &Path, ids: &BTreeSet<ArticleId>, notes: &mut Vec<String>) -> Result<(), StoreError> {
    for entry in fs::read_dir(folder).map_err(io_error("reading", folder))? {
        let path = entry.map_err(io_error("reading", folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !(name.starts_with("torn-") && name.ends_with(".bin")) {
            continue;
        }
        let bytes = fs::read(&path).map_err(io_error("reading", &path))?;
        if names_any(&unpack_some(&bytes), ids) {
            fs::remove_file(&path).map_err(io_error("deleting", &path))?;
            notes.push(format!(
                "{} held an article that was to be erased; it was deleted",
                path.display()
            ));
        }
    }
    sync_folder(folder)
}

/// The first place in `from..end` where a zstd frame may begin.
fn find_magic(path: &Path, from: u64, end: u64) -> io::Result<Option<u64>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut reader = BufReader::with_capacity(1 << 16, file.take(end.saturating_sub(from)));
    let mut seen = [0; 4];
    let mut position = from;
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(None);
        }
        for byte in bytes {
            seen = [seen[1], seen[2], seen[3], *byte];
            position += 1;
            if seen == FRAME_MAGIC {
                return Ok(Some(position - 4));
            }
        }
        let length = bytes.len();
        reader.consume(length);
    }
}

/// A reader that knows how much was taken from it.
#[derive(Debug)]
struct Counted<R> {
    inner: R,
    taken: u64,
}

impl<R> Counted<R> {
    fn new(inner: R) -> Self {
        Self { inner, taken: 0 }
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.taken += length as u64;
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.taken += amount as u64;
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::super::promises::{batch, hour};
    use super::*;

    type Kept = Vec<(u64, Timestamp, Batch)>;

    fn read(archive: &Archive, from: u64) -> Kept {
        let batches = archive.read_from(from).expect("batches");
        batches.map(|kept| kept.expect("a batch")).collect()
    }

    /// Three batches, the last one in December.
    fn three(dir: &Path) -> Kept {
        let mut archive = Archive::open(dir).unwrap();
        assert_eq!(archive.seq(), 0);
        let times = [hour(1), hour(2), hour(24 * 10)];
        let mut kept = Kept::new();
        for (number, at) in times.into_iter().enumerate() {
            let start = number as u32 * 3;
            let batch = batch(start..start + 3);
            let seq = archive.append(&batch, at).unwrap();
            kept.push((seq, at, batch));
        }
        assert_eq!(archive.seq(), 3);
        assert!(archive.notes().is_empty());
        kept
    }

    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_appended_is_read_in_order_from_any_number_on() {
        let dir = tempfile::tempdir().unwrap();
        let kept = three(dir.path());
        assert_eq!(
            names(&dir.path().join("archive")),
            ["2026-11.ndjson.zst", "2026-12.ndjson.zst", "head.json"]
        );
        for archive in [
            Archive::open(dir.path()).unwrap(),
            Archive::open_read(dir.path()).unwrap(),
        ] {
            assert_eq!((archive.seq(), archive.notes().len()), (3, 0));
            for from in 0..=4 {
                let expected = kept.iter().filter(|(seq, ..)| *seq >= from).cloned().collect::<Kept>();
                assert_eq!(read(&archive, from), expected, "from {from}");
            }
        }
    }

    #[test]
    fn an_empty_archive_is_not_made_by_reading() {
        let dir = tempfile::tempdir().unwrap();
        let archive = Archive::open_read(&dir.path().join("nowhere")).unwrap();
        assert_eq!((archive.seq(), read(&archive, 1)), (0, Vec::new()));
        assert_eq!(names(dir.path()), Vec::<String>::new());
    }

    #[test]
    fn reading_mends_nothing_and_refuses_to_write() {
        let dir = tempfile::tempdir().unwrap();
        let kept = three(dir.path());
        let folder = dir.path().join("archive");
        fs::remove_file(folder.join(HEAD)).unwrap();
        let path = folder.join("2026-12.ndjson.zst");
        let length = fs::metadata(&path).unwrap().len();
        OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap()
            .write_all(b"torn")
            .unwrap();
        let mut archive = Archive::open_read(dir.path()).unwrap();
        assert_eq!(read(&archive, 1), kept);
        let error = archive.append(&batch(0..1), hour(3)).unwrap_err();
        assert!(error.to_string().contains("for reading only"), "{error}");
        assert_eq!(names(&folder), ["2026-11.ndjson.zst", "2026-12.ndjson.zst"]);
        assert_eq!(fs::metadata(&path).unwrap().len(), length + 4);
    }

    #[test]
    fn a_month_is_plain_json_lines_for_other_tools() {
        let dir = tempfile::tempdir().unwrap();
        three(dir.path());
        let path = dir.path().join("archive/2026-11.ndjson.zst");
        // What `zstdcat` does: all frames as one stream.
        let text = zstd::decode_all(File::open(path).unwrap()).unwrap();
        let text = String::from_utf8(text).unwrap();
        let shapes: Vec<String> = text
            .lines()
            .map(|line| {
                let value: serde_json::Value = serde_json::from_str(line).unwrap();
                value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(",")
            })
            .collect();
        let frame = [
            "at,batch,format,lines",
            "check",
            "article",
            "article",
            "article",
            "appearance",
            "end",
        ];
        assert_eq!(shapes, [frame, frame].concat());
        assert!(
            text.starts_with(r#"{"batch":1,"format":1,"at":"2026-11-24T07:00:00Z","lines":5}"#),
            "{text}"
        );
    }

    #[test]
    fn the_same_batches_give_the_same_bytes() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        three(one.path());
        three(other.path());
        for name in names(&one.path().join("archive")) {
            let read = |dir: &Path| fs::read(dir.join("archive").join(&name)).unwrap();
            assert!(read(one.path()) == read(other.path()), "{name}");
        }
    }

    #[test]
    fn a_clock_set_back_does_not_disorder_the_months() {
        let dir = tempfile::tempdir().unwrap();
        let mut kept = three(dir.path());
        let mut archive = Archive::open(dir.path()).unwrap();
        let seq = archive.append(&batch(9..10), hour(0)).unwrap();
        kept.push((seq, hour(0), batch(9..10)));
        assert_eq!(read(&archive, 1), kept);
        assert_eq!(
            names(&dir.path().join("archive")),
            ["2026-11.ndjson.zst", "2026-12.ndjson.zst", "head.json"]
        );
    }

    #[test]
    fn a_reserved_number_is_not_given() {
        let dir = tempfile::tempdir().unwrap();
        three(dir.path());
        let mut archive = Archive::open(dir.path()).unwrap();
        archive.reserve(2);
        assert_eq!(archive.append(&batch(9..10), hour(3)).unwrap(), 4);
        archive.reserve(9);
        assert_eq!(archive.append(&Batch::default(), hour(3)).unwrap(), 10);
        let archive = Archive::open(dir.path()).unwrap();
        let seqs: Vec<u64> = read(&archive, 4).into_iter().map(|(seq, ..)| seq).collect();
        assert_eq!((archive.seq(), seqs), (10, vec![4, 10]));
    }

    /// Kills at every moment of writing a batch: with the head as it was before, every length of the
    /// last frame. Nothing that was acknowledged is lost, and the next batch goes on.
    fn check_cut(last_in_its_own_month: bool) {
        let dir = tempfile::tempdir().unwrap();
        let before = tempfile::tempdir().unwrap();
        let mut archive = Archive::open(dir.path()).unwrap();
        let mut kept = Kept::new();
        for number in 0..2 {
            let seq = archive.append(&batch(number..number + 1), hour(1)).unwrap();
            kept.push((seq, hour(1), batch(number..number + 1)));
        }
        let folder = dir.path().join("archive");
        copy(&folder, before.path());
        let at = if last_in_its_own_month { hour(24 * 10) } else { hour(1) };
        let file = Month::of(at).file();
        let start = fs::metadata(folder.join(&file)).map_or(0, |metadata| metadata.len());
        archive.append(&batch(2..3), at).unwrap();
        let whole = fs::read(folder.join(&file)).unwrap();
        let mut last = kept.clone();
        last.push((3, at, batch(2..3)));

        for head in ["old", "none", "new"] {
            // The head as a kill leaves it at every byte, the rarer ones at every third.
            let step = if head == "old" { 1 } else { 3 };
            for length in (start..=whole.len() as u64).rev().step_by(step) {
                let case = format!("head {head}, {length} of {start}..{}", whole.len());
                let dir = tempfile::tempdir().unwrap();
                let folder = dir.path().join("archive");
                copy(before.path(), &folder);
                fs::write(folder.join(&file), &whole[..length as usize]).unwrap();
                match head {
                    "none" => fs::remove_file(folder.join(HEAD)).unwrap(),
                    "new" => drop(fs::copy(dir_head(&archive), folder.join(HEAD)).unwrap()),
                    _ => {}
                }
                let torn = length > start && length < whole.len() as u64;
                let expected = if length == whole.len() as u64 { &last } else { &kept };
                let looked = Archive::open_read(dir.path()).unwrap();
                assert_eq!(read(&looked, 1), *expected, "{case}, reading");
                let mut opened = Archive::open(dir.path()).unwrap();
                assert_eq!(read(&opened, 1), *expected, "{case}");
                let aside = names(&folder).into_iter().filter(|name| name.starts_with("torn-"));
                let aside: Vec<String> = aside.collect();
                if torn {
                    assert_eq!(aside, [format!("torn-{}-{start}.bin", Month::of(at).0)], "{case}");
                    let moved = fs::read(folder.join(&aside[0])).unwrap();
                    assert!(moved == whole[start as usize..length as usize], "{case}");
                    let note = opened.notes().last().unwrap();
                    assert!(note.contains("bytes of a torn batch"), "{case}: {note}");
                } else {
                    assert!(aside.is_empty(), "{case}");
                }
                let lost = head == "new" && length < whole.len() as u64;
                assert_eq!(
                    opened.notes().iter().any(|note| note.contains("are lost at its end")),
                    lost,
                    "{case}: {:?}",
                    opened.notes()
                );
                // A number that was acknowledged is never given again.
                let next = if expected.len() == 3 || lost { 4 } else { 3 };
                assert_eq!(opened.append(&batch(5..6), at).unwrap(), next, "{case}");
                let again = Archive::open(dir.path()).unwrap();
                assert_eq!(again.notes(), [""; 0], "{case}");
                assert_eq!(read(&again, 1).len(), expected.len() + 1, "{case}");
            }
        }
    }

    fn dir_head(archive: &Archive) -> PathBuf {
        archive.folder.join(HEAD)
    }

    #[test]
    fn cut_at_any_byte_nothing_earlier_is_lost() {
        check_cut(false);
    }

    #[test]
    fn cut_at_any_byte_of_a_new_month_nothing_earlier_is_lost() {
        check_cut(true);
    }

    #[test]
    fn a_tail_of_zeroes_after_a_power_cut_is_moved_aside() {
        let dir = tempfile::tempdir().unwrap();
        let kept = three(dir.path());
        let path = dir.path().join("archive/2026-12.ndjson.zst");
        OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap()
            .write_all(&[0; 5000])
            .unwrap();
        let archive = Archive::open(dir.path()).unwrap();
        assert!(
            archive.notes()[0].contains("5000 bytes of a torn batch"),
            "{:?}",
            archive.notes()
        );
        assert_eq!(read(&archive, 1), kept);
    }

    #[test]
    fn a_damaged_batch_is_named_and_the_others_are_read() {
        let dir = tempfile::tempdir().unwrap();
        let kept = three(dir.path());
        let path = dir.path().join("archive/2026-11.ndjson.zst");
        let good = fs::read(&path).unwrap();
        let second = find_magic(&path, 1, good.len() as u64).unwrap().unwrap();
        for at in (0..good.len()).step_by(7) {
            for headless in [false, true] {
                let mut bad = good.clone();
                bad[at] ^= 0x40;
                fs::write(&path, &bad).unwrap();
                if headless {
                    let _ = fs::remove_file(dir.path().join("archive").join(HEAD));
                }
                let archive = Archive::open(dir.path()).unwrap();
                let (first, second_hit) = ((at as u64) < second, at as u64 >= second);
                let all: Vec<_> = archive.read_from(1).unwrap().collect();
                let errors: Vec<&StoreError> = all.iter().filter_map(|kept| kept.as_ref().err()).collect();
                let begin = if second_hit { second } else { 0 };
                assert!(
                    matches!(errors[..], [StoreError::Corrupt { path: named, offset, .. }] if *named == path && *offset == begin),
                    "byte {at}: {errors:?}"
                );
                let read: Kept = all.into_iter().flatten().collect();
                let hit = if first { 1 } else { 2 };
                let expected: Kept = kept.iter().filter(|(seq, ..)| *seq != hit).cloned().collect();
                assert!(read == expected, "byte {at}");
                assert_eq!(archive.seq(), 3);
                // Whoever asks for what comes after it is not told of it.
                let later = archive.read_from(hit + 1).unwrap().map(Result::unwrap);
                assert!(
                    later.eq(kept.iter().filter(|(seq, ..)| *seq > hit).cloned()),
                    "byte {at}"
                );
            }
        }
        let error = Archive::open(dir.path())
            .unwrap()
            .read_from(1)
            .unwrap()
            .find_map(Result::err);
        let text = error.unwrap().to_string();
        assert!(
            text.contains("2026-11.ndjson.zst is damaged at byte") && text.contains(&second.to_string()),
            "{text}"
        );
    }

    #[test]
    fn a_head_that_says_nonsense_is_made_anew() {
        for text in [
            "",
            "{",
            "null",
            r#"{"format":1,"seq":9,"file":"../../etc/passwd","length":3}"#,
            r#"{"format":1}"#,
        ] {
            let dir = tempfile::tempdir().unwrap();
            let kept = three(dir.path());
            let path = dir.path().join("archive").join(HEAD);
            let good = fs::read(&path).unwrap();
            fs::write(&path, text).unwrap();
            let archive = Archive::open(dir.path()).unwrap();
            assert!(!archive.notes().is_empty(), "{text}");
            assert_eq!(read(&archive, 1), kept, "{text}");
            assert_eq!(fs::read(&path).unwrap(), good, "{text}");
        }
    }

    #[test]
    fn a_newer_format_is_refused_not_moved_aside() {
        let dir = tempfile::tempdir().unwrap();
        three(dir.path());
        let folder = dir.path().join("archive");
        let newer = zstd::encode_all(
            &b"{\"batch\":4,\"format\":2,\"at\":\"2026-12-09T00:00:00Z\",\"lines\":0}\n{\"end\":4}\n"[..],
            3,
        );
        let path = folder.join("2026-12.ndjson.zst");
        OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap()
            .write_all(&newer.unwrap())
            .unwrap();
        let error = Archive::open(dir.path()).unwrap_err();
        assert!(matches!(error, StoreError::Newer { found: 2, known: 1, .. }), "{error}");
        assert!(!names(&folder).iter().any(|name| name.starts_with("torn-")));
        fs::write(
            folder.join(HEAD),
            r#"{"format":7,"seq":3,"file":"2026-12.ndjson.zst","length":3}"#,
        )
        .unwrap();
        assert!(matches!(
            Archive::open(dir.path()).unwrap_err(),
            StoreError::Newer { found: 7, .. }
        ));
    }

    #[test]
    fn a_failed_append_adds_nothing_and_can_be_tried_again() {
        let dir = tempfile::tempdir().unwrap();
        let mut kept = three(dir.path());
        let mut archive = Archive::open(dir.path()).unwrap();
        // A folder in the place of the new head makes the second half of the write fail.
        let folder = dir.path().join("archive");
        fs::create_dir(folder.join("head.json.new")).unwrap();
        let error = archive.append(&batch(9..10), hour(24 * 10)).unwrap_err();
        assert!(error.to_string().starts_with("writing"), "{error}");
        fs::remove_dir(folder.join("head.json.new")).unwrap();
        assert_eq!(read(&archive, 1), kept);
        assert_eq!(archive.append(&batch(9..10), hour(24 * 10)).unwrap(), 4);
        kept.push((4, hour(24 * 10), batch(9..10)));
        assert_eq!(read(&Archive::open(dir.path()).unwrap(), 1), kept);
    }

    /// Everything that can be read in the folder: all months unpacked, and all other files.
    fn everything_in(folder: &Path) -> String {
        let mut all = String::new();
        for name in names(folder) {
            let bytes = fs::read(folder.join(&name)).unwrap();
            let unpacked = unpack_some(&bytes);
            all.push_str(&String::from_utf8_lossy(if unpacked.is_empty() {
                &bytes
            } else {
                &unpacked
            }));
        }
        all
    }

    fn without(kept: &Kept, ids: &BTreeSet<ArticleId>) -> Kept {
        let mut left = kept.clone();
        for (_, _, batch) in &mut left {
            batch.articles.retain(|article| !ids.contains(&article.id));
            batch
                .appearances
                .retain(|appearance| !ids.contains(&appearance.article));
        }
        left
    }

    /// An article of the first month, and one of the last.
    fn to_erase(kept: &Kept) -> (BTreeSet<ArticleId>, Vec<Article>) {
        let articles = vec![kept[0].2.articles[1].clone(), kept[2].2.articles[0].clone()];
        (articles.iter().map(|article| article.id.clone()).collect(), articles)
    }

    fn day() -> Date {
        jiff::civil::date(2026, 12, 24)
    }

    #[test]
    fn no_byte_of_a_forgotten_article_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let kept = three(dir.path());
        let folder = dir.path().join("archive");
        let (ids, articles) = to_erase(&kept);
        // A torn end that was moved aside holds it too.
        let torn = fs::read(folder.join("2026-12.ndjson.zst")).unwrap();
        fs::write(folder.join("torn-2026-12-0.bin"), &torn[..torn.len() - 3]).unwrap();
        let before = everything_in(&folder);
        for article in &articles {
            assert!(
                before.contains(&article.url) && before.contains(&article.title),
                "{}",
                article.id
            );
        }
        let mut archive = Archive::open(dir.path()).unwrap();
        let erased = archive.forget(&ids, day()).unwrap();
        assert_eq!((erased.months, erased.articles), (2, 2));
        assert_eq!(erased.notes.len(), 1, "{:?}", erased.notes);
        let after = everything_in(&folder);
        for article in &articles {
            for words in [&article.url, &article.title, &article.text] {
                assert!(!after.contains(words.as_str()), "`{words}` is still there");
            }
        }
        // The rest is as it was, the numbers too, and the archive goes on.
        let expected = without(&kept, &ids);
        assert_eq!(read(&archive, 1), expected);
        assert_eq!(archive.append(&batch(9..10), hour(24 * 10)).unwrap(), 4);
        let again = Archive::open(dir.path()).unwrap();
        assert_eq!((again.notes(), again.seq()), (&[][..], 4));
        assert_eq!(read(&again, 1)[..3], expected);
        let stones: BTreeMap<ArticleId, Date> = ids.iter().map(|id| (id.clone(), day())).collect();
        assert_eq!(*again.forgotten(), stones);
        assert_eq!(Archive::open_read(dir.path()).unwrap().forgotten(), again.forgotten());
        // Once more changes nothing; what was never there is noted.
        let mut again = again;
        let unknown = BTreeSet::from([ArticleId::from("0123456789abcdef")]);
        assert_eq!(again.forget(&ids, day()).unwrap(), Erased::default());
        assert_eq!(again.forget(&unknown, day()).unwrap(), Erased::default());
        assert_eq!(again.forgotten().len(), 3);
        assert!(Archive::open_read(dir.path()).unwrap().forget(&ids, day()).is_err());
    }

    /// The folder as it may be found after a kill, at every step of an erasure.
    #[test]
    fn killed_while_forgetting_each_month_is_the_old_or_the_new_one() {
        let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let kept = three(old.path());
        three(new.path());
        let (ids, _) = to_erase(&kept);
        Archive::open(new.path()).unwrap().forget(&ids, day()).unwrap();
        let (old, new) = (old.path().join("archive"), new.path().join("archive"));
        let openless = br#"{"format":1,"seq":3,"file":"","length":0}"#;
        let (first, last) = ("2026-11.ndjson.zst", "2026-12.ndjson.zst");
        // Which months are new already, and what the head says.
        let steps: [(&[&str], &str); 5] = [
            (&[], "old"),
            (&[first], "old"),
            (&[first], "open"),
            (&[first, last], "open"),
            (&[first, last], "new"),
        ];
        for (done, head) in steps {
            let case = format!("{done:?}, head {head}");
            let dir = tempfile::tempdir().unwrap();
            let folder = dir.path().join("archive");
            copy(&old, &folder);
            for month in done {
                fs::copy(new.join(month), folder.join(month)).unwrap();
            }
            match head {
                "open" => fs::write(folder.join(HEAD), openless).unwrap(),
                "new" => drop(fs::copy(new.join(HEAD), folder.join(HEAD)).unwrap()),
                _ => {}
            }
            // A new month that was not finished.
            fs::write(folder.join("2026-12.ndjson.zst.new"), b"unfinished").unwrap();
            let looked = Archive::open_read(dir.path()).unwrap();
            assert_eq!((looked.seq(), looked.notes()), (3, &[][..]), "{case}");
            assert_eq!(read(&looked, 1).len(), 3, "{case}");
            assert!(looked.forgotten().is_empty(), "{case}");
            let mut archive = Archive::open(dir.path()).unwrap();
            archive.forget(&ids, day()).unwrap();
            assert_eq!(read(&archive, 1), without(&kept, &ids), "{case}");
            assert_eq!(archive.append(&batch(9..10), hour(24 * 10)).unwrap(), 4, "{case}");
            assert_eq!(Archive::open(dir.path()).unwrap().notes(), [""; 0], "{case}");
        }
    }

    #[test]
    fn a_damaged_place_that_held_it_is_left_out_and_others_stay() {
        let dir = tempfile::tempdir().unwrap();
        let kept = three(dir.path());
        let folder = dir.path().join("archive");
        let path = folder.join("2026-11.ndjson.zst");
        let good = fs::read(&path).unwrap();
        let second = find_magic(&path, 1, good.len() as u64).unwrap().unwrap() as usize;
        // Only the check sum of the first batch is wrong: its words can be read.
        let mut bad = good.clone();
        bad[second - 1] ^= 0x40;
        fs::write(&path, &bad).unwrap();
        let mut archive = Archive::open(dir.path()).unwrap();
        let other = BTreeSet::from([kept[1].2.articles[0].id.clone()]);
        assert_eq!(archive.forget(&other, day()).unwrap().notes, [""; 0]);
        assert_eq!(
            fs::read(&path).unwrap()[..second],
            bad[..second],
            "the damaged batch stays for now"
        );
        let own = BTreeSet::from([kept[0].2.articles[0].id.clone()]);
        let erased = archive.forget(&own, day()).unwrap();
        assert!(erased.notes[0].contains("was left out whole"), "{:?}", erased.notes);
        assert!(!everything_in(&folder).contains(&kept[0].2.articles[0].title));
        assert_eq!(read(&archive, 1).len(), 2);
    }

    #[test]
    fn a_second_writer_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        three(dir.path());
        let mut one = Archive::open(dir.path()).unwrap();
        let mut other = Archive::open(dir.path()).unwrap();
        one.append(&batch(9..10), hour(24 * 10)).unwrap();
        let error = other.append(&batch(9..10), hour(24 * 10)).unwrap_err();
        assert!(error.to_string().contains("another process has written"), "{error}");
        // And undoes nothing of the first one's.
        assert_eq!(read(&Archive::open(dir.path()).unwrap(), 4).len(), 1);
    }
}
