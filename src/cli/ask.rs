//! How `query` and `show` get their answer: from a running `watch` when one listens, else from the
//! base itself, with a bounded wait for whoever has it.

use std::time::Duration;

use super::args::ReadArgs;
use super::{Failure, Surroundings, socket};
use crate::model::answer::View;
use crate::model::incident::Incident;
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
    check_store(surroundings)?;
    Ok(socket::from_base(
        &surroundings.access(role, read.wait),
        surroundings.obeying(reader)?.as_ref(),
        question,
    )?)
}

/// Errs when there is no store: none must be made by asking.
pub fn check_store(surroundings: &Surroundings) -> Result<(), Failure> {
    // An empty folder has no store either.
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
    Ok(())
}

/// The incident that was asked for, with its view.
pub fn shown(reply: Reply, typed: &str) -> Result<(Incident, View), Failure> {
    match reply {
        Reply::Shown { incident, view } => Ok((*incident, *view)),
        Reply::NoSuch { near } => {
            let near = if near.is_empty() {
                String::new()
            } else {
                format!("; did you mean {}?", near.join(", "))
            };
            Err(Failure::usage(anyhow::anyhow!("no incident `{typed}`{near}")))
        }
        Reply::Several { ids } => Err(Failure::usage(anyhow::anyhow!(
            "`{typed}` names several incidents: {}",
            ids.join(", ")
        ))),
        Reply::Ensemble { .. } => Err(Failure::usage(anyhow::anyhow!(
            "`{typed}` is several incidents that belong together: name one of them (see `vigie show {typed}`)"
        ))),
        Reply::Answer { .. } => Err(Failure::work(anyhow::anyhow!(
            "the running watch answered something else; is it another version?"
        ))),
    }
}
