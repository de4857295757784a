//! `vigie rebuild`: the base made anew from the archive.

use super::args::RebuildArgs;
use super::{ALL_WELL, Failure, Surroundings};
use crate::pipeline::base;

/// Rebuilds beside the present base, which answers queries meanwhile, and then takes its place.
pub fn run(surroundings: &Surroundings, args: &RebuildArgs) -> Result<u8, Failure> {
    let access = surroundings.access("rebuild", args.wait);
    let _lock = base::enter_pass(&access, surroundings.now)?;
    let changes = base::rebuild(&access, &surroundings.reader(), surroundings.now)?;
    eprintln!(
        "rebuilt from {} batches: {} articles, {} incidents",
        changes.batches,
        changes.articles,
        changes.opened.len()
    );
    Ok(ALL_WELL)
}
