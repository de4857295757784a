//! Obeying what analysts decided: what changed in `corrections.toml` since the base last obeyed it is handed to the
//! ledger, and what is to be forgotten is erased. The store's folder keeps which decisions its base obeys, so that one
//! that is taken back is undone as well. Everything here may be done twice.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::base::{BaseError, Changes, LazyReader};
use super::ledger::{self, Refiling};
use crate::model::correction::{Correction, Corrections, KnownAs};
use crate::model::id::ArticleId;
use crate::model::paris;
use crate::store::archive::Archive;
use crate::store::{Store, StoreError};

/// The file in the store's folder that keeps which decisions the base obeys: one a line, as JSON.
const OBEYED: &str = "corrections-obeyed.ndjson";

/// The decisions that the base in this folder obeys; none where nothing was ever decided. A line that cannot be read is
/// passed over: its decision is obeyed anew.
pub fn obeyed(dir: &Path) -> Result<Corrections, StoreError> {
    let path = dir.join(OBEYED);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Corrections::default()),
        Err(cause) => return Err(failed("reading", &path)(cause)),
    };
    let mut corrections = Corrections::default();
    for line in text.lines().filter_map(|line| serde_json::from_str(line).ok()) {
        match line {
            Line::Decision(decision) => corrections.entries.push(decision),
            Line::KnownAs(known) => corrections.names.push(known),
        }
    }
    Ok(corrections)
}

/// One line of the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    Decision(Correction),
    KnownAs(KnownAs),
}

/// Notes that the base in this folder obeys these decisions. No file is made for none.
pub fn note_obeyed(dir: &Path, corrections: &Corrections) -> Result<(), StoreError> {
    let path = dir.join(OBEYED);
    if corrections.entries.is_empty() && !path.exists() {
        return Ok(());
    }
    let write = || {
        let mut new = tempfile::NamedTempFile::new_in(dir)?;
        let decisions = corrections.entries.iter().cloned().map(Line::Decision);
        let names = corrections.names.iter().cloned().map(Line::KnownAs);
        for line in decisions.chain(names) {
            serde_json::to_writer(&mut new, &line)?;
            new.write_all(b"\n")?;
        }
        new.as_file().sync_all()?;
        new.persist(&path).map_err(|error| error.error)?;
        fs::File::open(dir)?.sync_all()
    };
    write().map_err(failed("writing", &path))
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
    let path: PathBuf = path.to_owned();
    move |cause| StoreError::Io { doing, path, cause }
}

/// The articles that must not be taken in: decided so, or erased before.
pub fn forgotten(reader: &LazyReader, archive: &Archive) -> BTreeSet<ArticleId> {
    let mut forgotten = reader.corrections().forgotten();
    forgotten.extend(archive.forgotten().keys().cloned());
    forgotten
}

/// The articles that are decided to be forgotten, and which the archive still may hold.
pub fn to_erase(reader: &LazyReader, archive: &Archive) -> BTreeSet<ArticleId> {
    let mut forgotten = reader.corrections().forgotten();
    forgotten.retain(|id| !archive.forgotten().contains_key(id));
    forgotten
}

/// Erases from the archive, which the caller may write (it has `pass.lock`), what is decided to be forgotten. What was
/// odd is logged.
pub fn erase(archive: &mut Archive, reader: &LazyReader, now: Timestamp) -> Result<(), StoreError> {
    let ids = to_erase(reader, archive);
    if ids.is_empty() {
        return Ok(());
    }
    let erased = archive.forget(&ids, paris::day(now))?;
    for note in &erased.notes {
        tracing::warn!("{note}");
    }
    tracing::info!(erased.articles, erased.months, "articles were erased from the archive");
    Ok(())
}

/// Brings the base in step with what analysts decided. Where the reader was not told of any file of decisions, the base
/// stays as it is.
pub fn apply(dir: &Path, store: &mut dyn Store, reader: &LazyReader) -> Result<Changes, BaseError> {
    let mut changes = Changes::default();
    if !reader.has_corrections() {
        return Ok(changes);
    }
    let before = obeyed(dir)?;
    let refiling = refiling(&before, reader.corrections(), store)?;
    if !refiling.forget.is_empty() || !refiling.touched.is_empty() {
        let filed = ledger::refile(store, reader.rules()?, &refiling)?;
        changes.opened.extend(filed.opened);
        changes.changed.extend(filed.changed);
        store.commit(filed.commit)?;
    }
    if before != *reader.corrections() {
        note_obeyed(dir, reader.corrections())?;
    }
    Ok(changes)
}

/// What the ledger has to do after the decisions became others: the articles to erase that the base holds, and those by
/// which a decision that came, went or moved knows its incidents.
fn refiling(before: &Corrections, now: &Corrections, store: &dyn Store) -> Result<Refiling, StoreError> {
    let mut forget = Vec::new();
    for id in now.forgotten() {
        if store.knows_article(&id)? {
            forget.push(id);
        }
    }
    let mut touched = changed_articles(before, now);
    touched.retain(|id| !forget.contains(id));
    Ok(Refiling {
        forget,
        touched: touched.into_iter().collect(),
        ..Refiling::default()
    })
}

/// The articles of every decision that is in one of the two only; of all labels, when those that stay changed their order
/// (of two for one label the last stands).
fn changed_articles(before: &Corrections, now: &Corrections) -> BTreeSet<ArticleId> {
    let lines = |corrections: &Corrections| -> Vec<String> {
        // Two decisions are the same when they are written in the same way.
        let line = |entry| serde_json::to_string(entry).unwrap_or_default();
        corrections.entries.iter().map(line).collect()
    };
    let (old_lines, new_lines) = (lines(before), lines(now));
    let old_set: BTreeSet<&String> = old_lines.iter().collect();
    let new_set: BTreeSet<&String> = new_lines.iter().collect();
    let stays = |entry: &Correction, line: &String| {
        old_set.contains(line) && new_set.contains(line) && matches!(entry, Correction::Relabel(..))
    };
    let order = |corrections: &Corrections, lines: &[String]| -> Vec<String> {
        let entries = corrections.entries.iter().zip(lines);
        let labels = entries.filter(|(entry, line)| stays(entry, line));
        labels.map(|(_, line)| line.clone()).collect()
    };
    let reordered = order(before, &old_lines) != order(now, &new_lines);
    let old = before
        .entries
        .iter()
        .zip(&old_lines)
        .filter(|(_, line)| !new_set.contains(line));
    let new = now
        .entries
        .iter()
        .zip(&new_lines)
        .filter(|(entry, line)| !old_set.contains(line) || reordered && matches!(entry, Correction::Relabel(..)));
    old.chain(new)
        .filter(|(entry, _)| !matches!(entry, Correction::Forget(_)))
        .flat_map(|(entry, _)| entry.articles().into_iter().cloned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::correction::{Anchor, Given, Label};
    use crate::model::label::Sector;

    fn anchor(article: &str) -> Anchor {
        Anchor {
            article: article.into(),
            part: None,
        }
    }

    fn label(article: &str, sector: Sector) -> Correction {
        let label = Label {
            given: Given::Sector(sector),
            by: String::new(),
            on: None,
        };
        Correction::Relabel(anchor(article), label)
    }

    #[test]
    fn what_came_went_or_moved_is_filed_anew() {
        let merge = |one: &str, other: &str| Correction::Merge(anchor(one), anchor(other));
        let check = |before: Vec<Correction>, now: Vec<Correction>, expected: &str| {
            let corrections = |entries| Corrections {
                entries,
                ..Corrections::default()
            };
            let changed = changed_articles(&corrections(before), &corrections(now));
            let changed: Vec<&str> = changed.iter().map(ArticleId::as_str).collect();
            assert_eq!(changed.join(" "), expected);
        };
        check(vec![], vec![], "");
        check(vec![], vec![merge("a", "b")], "a b");
        check(vec![merge("a", "b")], vec![merge("a", "b")], "");
        check(vec![merge("a", "b"), merge("c", "d")], vec![merge("c", "d")], "a b");
        check(
            vec![merge("a", "b"), merge("c", "d")],
            vec![merge("c", "d"), merge("a", "b")],
            "",
        );
        check(
            vec![],
            vec![Correction::Split(vec![anchor("a")], vec![anchor("b")])],
            "a b",
        );
        check(vec![], vec![Correction::Forget("a".into())], "");
        let (one, other) = (label("a", Sector::Health), label("b", Sector::State));
        check(vec![one.clone()], vec![one.clone(), other.clone()], "b");
        check(vec![one.clone(), other.clone()], vec![other, one], "a b");
    }

    #[test]
    fn what_is_obeyed_is_kept() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(obeyed(dir.path()).unwrap(), Corrections::default());
        note_obeyed(dir.path(), &Corrections::default()).unwrap();
        assert!(!dir.path().join(OBEYED).exists());
        let entries = vec![
            Correction::Merge(anchor("a"), anchor("b")),
            Correction::Split(vec![anchor("a")], vec![anchor("b")]),
            label("a", Sector::Health),
            Correction::Forget("c".into()),
        ];
        let names = vec![KnownAs {
            anchor: anchor("a"),
            id: "ville-de-x-2024-05".into(),
        }];
        let corrections = Corrections { entries, names };
        note_obeyed(dir.path(), &corrections).unwrap();
        assert_eq!(obeyed(dir.path()).unwrap(), corrections);
        note_obeyed(dir.path(), &Corrections::default()).unwrap();
        assert_eq!(obeyed(dir.path()).unwrap(), Corrections::default());
        fs::write(dir.path().join(OBEYED), "torn {\n").unwrap();
        assert_eq!(obeyed(dir.path()).unwrap(), Corrections::default());
    }
}
