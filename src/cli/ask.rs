//! How `query` and `show` get their answer: from a running `watch` when one listens, else from the
//! base itself, with a bounded wait for whoever has it.

use std::time::Duration;

use super::args::ReadArgs;
use super::{Failure, Surroundings, socket};
use crate::pipeline::ask::{Question, Reply};
use crate::pipeline::base::LazyReader;

/// The answer to a question.
pub fn ask(
    surroundings: &Surroundings,
    read: &ReadArgs,
    role: &'static str,
    reader: &LazyReader,
    question: &Question,
) -> Result<Reply, Failure> {
    let path = read.socket.clone().unwrap_or_else(|| socket::path(&surroundings.store));
    if let Some(reply) = socket::ask(&path, question, Duration::from_secs(read.wait)) {
        tracing::info!(socket = %path.display(), "answered by the running watch");
        return Ok(reply);
    }
    // An empty folder has no store either, and none must be made by asking.
    let has_store = ["base", "archive"]
        .iter()
        .any(|part| surroundings.store.join(part).exists());
    if !has_store {
        return Err(Failure {
            code: super::STORE,
            cause: anyhow::anyhow!(
                "there is no store in {}: run `vigie collect` first, or give its folder with --store",
                surroundings.store.display()
            ),
        });
    }
    Ok(socket::from_base(
        &surroundings.access(role, read.wait),
        reader,
        question,
    )?)
}
