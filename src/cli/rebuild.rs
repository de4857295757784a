//! `vigie rebuild`: the base made anew from the archive.

use super::args::RebuildArgs;
use super::{ALL_WELL, Failure, SOME_FAILED, STORE, Surroundings, say};
use crate::pipeline::base;

/// Rebuilds beside the present base, which answers queries meanwhile, and then takes its place.
pub fn run(surroundings: &Surroundings, args: &RebuildArgs) -> Result<u8, Failure> {
    need_archive(surroundings)?;
    let access = surroundings.access("rebuild", args.wait);
    let _lock = base::enter_pass(&access, surroundings.now)?;
    let reader = surroundings.obeying(&surroundings.reader())?;
    let rebuilt = base::rebuild(&access, &reader, surroundings.now, args.force)?;
    for note in &rebuilt.notes {
        say(format_args!("note: {note}"));
    }
    for damage in &rebuilt.damages {
        say(format_args!("vigie: {damage}"));
    }
    say(format_args!(
        "rebuilt from {} batches: {} articles, {} incidents",
        rebuilt.changes.batches, rebuilt.changes.articles, rebuilt.incidents
    ));
    Ok(if rebuilt.damages.is_empty() {
        ALL_WELL
    } else {
        SOME_FAILED
    })
}

/// Without an archive there is nothing to make a base of.
pub fn need_archive(surroundings: &Surroundings) -> Result<(), Failure> {
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
    Ok(())
}
