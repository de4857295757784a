//! `vigie rebuild`: the base made anew from the archive.

use std::time::Duration;

use super::args::RebuildArgs;
use super::{ALL_WELL, ANOTHER_PASS, Failure, Surroundings};
use crate::pipeline::base;
use crate::store::StoreError;
use crate::store::lock::{LockError, LockFile};

/// Rebuilds beside the present base, which answers queries meanwhile, and then takes its place.
pub fn run(surroundings: &Surroundings, args: &RebuildArgs) -> Result<u8, Failure> {
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
    let changes = base::rebuild(&access, &surroundings.reader(), surroundings.now)?;
    eprintln!(
        "rebuilt from {} batches: {} articles, {} incidents",
        changes.batches,
        changes.articles,
        changes.opened.len()
    );
    Ok(ALL_WELL)
}
