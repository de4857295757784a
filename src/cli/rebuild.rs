//! `vigie rebuild`: the base made anew from the archive.

use std::time::Duration;

use super::args::RebuildArgs;
use super::{ALL_WELL, ANOTHER_PASS, Failure, SOME_FAILED, STORE, Surroundings, say};
use crate::pipeline::base;
use crate::store::StoreError;
use crate::store::lock::{LockError, LockFile};

/// Rebuilds beside the present base, which answers queries meanwhile, and then takes its place.
pub fn run(surroundings: &Surroundings, args: &RebuildArgs) -> Result<u8, Failure> {
    let archive = surroundings.store.join("archive");
    if !archive.is_dir() {
        return Err(Failure {
            code: STORE,
            cause: anyhow::anyhow!(
                "there is no archive in {} to rebuild from; give the store's folder with --store",
                surroundings.store.display()
            ),
        });
    }
    let path = base::pass_lock(&surroundings.store);
    let lock = LockFile::acquire(&path, "rebuild", surroundings.now, Duration::ZERO);
    let _lock = lock.map_err(|error| match error {
        LockError::Held { who, .. } => Failure {
            code: ANOTHER_PASS,
            cause: anyhow::anyhow!("a pass is running: {who}; nothing was done"),
        },
        LockError::Io { doing, path, cause } => StoreError::Io { doing, path, cause }.into(),
    })?;
    let access = surroundings.access("rebuild", args.wait);
    let rebuilt = base::rebuild(&access, &surroundings.reader(), surroundings.now)?;
    for note in &rebuilt.notes {
        say(format_args!("note: {note}"));
    }
    for damage in &rebuilt.damages {
        say(format_args!("vigie: {damage}"));
    }
    say(format_args!(
        "rebuilt from {} batches: {} articles, {} incidents",
        rebuilt.changes.batches,
        rebuilt.changes.articles,
        rebuilt.changes.opened.len()
    ));
    Ok(if rebuilt.damages.is_empty() {
        ALL_WELL
    } else {
        SOME_FAILED
    })
}
