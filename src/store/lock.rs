//! Who is inside, and waiting for them to leave. A lock file is locked by the kernel, so it is
//! free again when its holder dies, however that happens; the text in it only says who it is.
//! Two are used: `pass.lock` (one pass at a time) and `vigie.lock` (the base).

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How often a held lock is tried again.
const POLL: Duration = Duration::from_millis(50);

/// How often the holder's text is read again when it cannot be read: the holder may be just
/// writing it.
const READINGS: u32 = 4;

/// A lock that we hold. Freed when dropped, and by the kernel when the process dies.
#[derive(Debug)]
pub struct LockFile {
    file: File,
    path: PathBuf,
    holder: Holder,
}

/// Who holds a lock, as written in its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Process id.
    pub pid: u32,
    /// The command: `collect`, `watch`, `query`...
    pub role: String,
    /// Since when.
    pub since: Timestamp,
    /// The Unix socket on which it answers queries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub socket: Option<PathBuf>,
}

/// Why a lock could not be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process holds it, and did not let go in time.
    #[error("{path} is held by {who}; waited {} s", waited.as_secs())]
    Held {
        /// The lock file.
        path: PathBuf,
        /// "vigie collect, pid 4312, since 14:02:11", for people.
        who: String,
        /// The same for programs; none when its text cannot be read.
        holder: Option<Box<Holder>>,
        /// How long we waited.
        waited: Duration,
    },
    /// The file cannot be created, locked, read or written.
    #[error("{doing} {path}: {cause}")]
    Io {
        /// "opening", "locking"...
        doing: &'static str,
        /// The lock file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

impl LockFile {
    /// Takes the lock at `path` (made when absent, with its folder), waiting up to `wait` for
    /// another holder to leave. Blocks the thread. A wait of zero still tries twice, 50 ms apart,
    /// so that a passing look by [`holder`] is not taken for a holder.
    pub fn acquire(path: &Path, role: &str, now: Timestamp, wait: Duration) -> Result<LockFile, LockError> {
        let mut file = open(path)?;
        // Polls are counted rather than timed: no clock is needed for it.
        let polls = (wait.as_millis() / POLL.as_millis()).max(1);
        for poll in 0..=polls {
            match file.try_lock() {
                Ok(()) => return Self::holding(file, path, role, now),
                Err(TryLockError::WouldBlock) if poll < polls => std::thread::sleep(POLL),
                Err(TryLockError::WouldBlock) => break,
                Err(TryLockError::Error(cause)) => return Err(io_error("locking", path, cause)),
            }
        }
        let holder = read_patiently(&mut file);
        let who = match &holder {
            Some(holder) => holder.describe(now),
            None => "another process (it has not written which)".to_owned(),
        };
        Err(LockError::Held {
            path: path.to_owned(),
            who,
            holder: holder.map(Box::new),
            waited: wait,
        })
    }

    /// Adds to the file the socket on which this process answers.
    pub fn announce(&mut self, socket: &Path) -> Result<(), LockError> {
        self.holder.socket = Some(socket.to_owned());
        self.write()
    }

    /// What is written in the file.
    pub fn holder(&self) -> &Holder {
        &self.holder
    }

    fn holding(file: File, path: &Path, role: &str, now: Timestamp) -> Result<LockFile, LockError> {
        let mut lock = LockFile {
            file,
            path: path.to_owned(),
            holder: Holder {
                pid: std::process::id(),
                role: role.to_owned(),
                since: now,
                socket: None,
            },
        };
        lock.write()?;
        Ok(lock)
    }

    fn write(&mut self) -> Result<(), LockError> {
        let text = serde_json::to_vec(&self.holder).map_err(io::Error::from);
        text.and_then(|text| {
            self.file.set_len(0)?;
            self.file.seek(SeekFrom::Start(0))?;
            self.file.write_all(&text)
        })
        .map_err(|cause| io_error("writing", &self.path, cause))
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        // The text is only for people; a stale one is recognised by the lock being free. So a
        // failure here changes nothing. Closing the file frees the lock.
        let _ = self.file.set_len(0);
    }
}

impl Holder {
    /// "vigie collect, pid 4312, since 14:02:11": the time in Paris, with its date when that is not
    /// the day of `now`.
    pub fn describe(&self, now: Timestamp) -> String {
        let Ok(paris) = jiff::tz::TimeZone::get("Europe/Paris") else {
            return format!("vigie {}, pid {}, since {}", self.role, self.pid, self.since);
        };
        let since = self.since.to_zoned_datetime(paris.clone());
        let format = if since.date() == now.to_zoned_datetime(paris).date() {
            "%H:%M:%S"
        } else {
            "%Y-%m-%d %H:%M:%S"
        };
        format!(
            "vigie {}, pid {}, since {}",
            self.role,
            self.pid,
            since.strftime(format)
        )
    }
}

/// Who holds the lock at `path` now, without waiting; none when it is free or does not exist.
/// A holder whose text cannot be read counts as none. Writes nothing.
pub fn holder(path: &Path) -> Result<Option<Holder>, LockError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(io_error("opening", path, cause)),
    };
    let Some(holder) = read(&mut file) else {
        return Ok(None);
    };
    // A holder that was killed leaves its text behind, but not its lock.
    match file.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => Ok(Some(holder)),
        Err(TryLockError::Error(cause)) => Err(io_error("locking", path, cause)),
    }
}

fn open(path: &Path) -> Result<File, LockError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|cause| io_error("creating", folder, cause))?;
    }
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|cause| io_error("opening", path, cause))
}

fn read_patiently(file: &mut File) -> Option<Holder> {
    for _ in 0..READINGS {
        if let Some(holder) = read(file) {
            return Some(holder);
        }
        std::thread::sleep(POLL / READINGS);
    }
    None
}

/// None when the text is empty, half-written or not ours.
fn read(file: &mut File) -> Option<Holder> {
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.take(1 << 16).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

fn io_error(doing: &'static str, path: &Path, cause: io::Error) -> LockError {
    LockError::Io {
        doing,
        path: path.to_owned(),
        cause,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn a_second_taker_is_told_who_is_inside() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/pass.lock");
        let now = at("2026-11-24T13:02:11Z");
        assert_eq!(holder(&path).unwrap(), None);
        let mut first = LockFile::acquire(&path, "collect", now, Duration::ZERO).unwrap();
        first.announce(Path::new("/run/vigie.sock")).unwrap();
        let second = LockFile::acquire(&path, "query", now, Duration::from_millis(60)).unwrap_err();
        let LockError::Held { who, holder: seen, .. } = &second else {
            panic!("{second}");
        };
        assert_eq!(
            *who,
            format!("vigie collect, pid {}, since 14:02:11", std::process::id())
        );
        assert_eq!(
            seen.as_ref().unwrap().socket.as_deref(),
            Some(Path::new("/run/vigie.sock"))
        );
        assert_eq!(holder(&path).unwrap().as_ref(), Some(first.holder()));
        drop(first);
        assert_eq!(holder(&path).unwrap(), None);
        LockFile::acquire(&path, "query", now, Duration::ZERO).unwrap();
    }

    #[test]
    fn a_lock_freed_during_the_wait_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vigie.lock");
        let now = at("2026-11-24T13:02:11Z");
        let first = LockFile::acquire(&path, "collect", now, Duration::ZERO).unwrap();
        let waiter = {
            let path = path.clone();
            std::thread::spawn(move || LockFile::acquire(&path, "query", now, Duration::from_secs(20)))
        };
        drop(first);
        assert_eq!(waiter.join().unwrap().unwrap().holder().role, "query");
    }

    #[test]
    fn a_holder_that_has_not_said_its_name_is_still_a_holder() {
        for text in ["", "{\"pid\":12", "null", "\u{0}\u{0}", "[1,2,3]"] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("vigie.lock");
            std::fs::write(&path, text).unwrap();
            let file = File::open(&path).unwrap();
            file.lock().unwrap();
            let error = LockFile::acquire(&path, "query", Timestamp::UNIX_EPOCH, Duration::ZERO).unwrap_err();
            assert!(
                matches!(&error, LockError::Held { who, holder: None, .. } if who.starts_with("another process")),
                "{text:?}: {error}"
            );
        }
    }

    #[test]
    fn the_text_of_a_killed_holder_holds_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vigie.lock");
        std::fs::write(&path, r#"{"pid":1,"role":"collect","since":"2026-11-24T13:02:11Z"}"#).unwrap();
        assert_eq!(holder(&path).unwrap(), None);
        LockFile::acquire(&path, "query", Timestamp::UNIX_EPOCH, Duration::ZERO).unwrap();
    }

    #[test]
    fn the_day_is_named_when_it_is_not_today() {
        let check = |since: &str, now: &str, expected: &str| {
            let holder = Holder {
                pid: 4312,
                role: "collect".to_owned(),
                since: at(since),
                socket: None,
            };
            assert_eq!(holder.describe(at(now)), format!("vigie collect, pid 4312, {expected}"));
        };
        check("2026-11-24T13:02:11Z", "2026-11-24T13:05:00Z", "since 14:02:11");
        // 23:30 in Paris, then half past midnight.
        check(
            "2026-07-14T21:30:00Z",
            "2026-07-14T22:30:00Z",
            "since 2026-07-14 23:30:00",
        );
        check(
            "2026-11-20T13:02:11Z",
            "2026-11-24T13:05:00Z",
            "since 2026-11-20 14:02:11",
        );
    }

    #[test]
    fn a_path_that_cannot_be_a_lock_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let path = folder.path().join("file/pass.lock");
        let error = LockFile::acquire(&path, "query", Timestamp::UNIX_EPOCH, Duration::ZERO).unwrap_err();
        assert!(
            matches!(
                &error,
                LockError::Io {
                    doing: "creating" | "opening",
                    ..
                }
            ),
            "{error}"
        );
    }
}
