//! `vigie show`: one incident whole.

use super::args::{ReportFormat, ShowArgs};
use super::{ALL_WELL, Failure, Surroundings, ask, print};
use crate::export::show;
use crate::pipeline::ask::{Question, Reply};

/// Shows the incident with this id, or the only one with these words in its id.
pub fn run(surroundings: &Surroundings, args: &ShowArgs) -> Result<u8, Failure> {
    let reader = surroundings.reader();
    let question = Question::Show { id: args.id.clone() };
    match ask::ask(surroundings, &args.read, "show", &reader, &question)? {
        Reply::Shown { incident, view } => {
            let text = match args.format {
                ReportFormat::Text => show::text(&incident, &view, surroundings.screen.stdout),
                ReportFormat::Json => show::json(&incident, &view),
            };
            print(&text)?;
            Ok(ALL_WELL)
        }
        Reply::Ensemble { ensemble, incidents } => {
            let text = match args.format {
                ReportFormat::Text => show::ensemble(&ensemble, &incidents, surroundings.screen.stdout),
                ReportFormat::Json => show::ensemble_json(&ensemble, &incidents),
            };
            print(&text)?;
            Ok(ALL_WELL)
        }
        Reply::NoSuch { near } => {
            let near = if near.is_empty() {
                String::new()
            } else {
                format!("; did you mean {}?", near.join(", "))
            };
            Err(Failure::usage(anyhow::anyhow!("no incident `{}`{near}", args.id)))
        }
        Reply::Several { ids } => Err(Failure::usage(anyhow::anyhow!(
            "`{}` names several incidents: {}",
            args.id,
            ids.join(", ")
        ))),
        Reply::Answer { .. } => Err(Failure::work(anyhow::anyhow!(
            "the running watch answered something else; is it another version?"
        ))),
    }
}
