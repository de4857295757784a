//! `vigie show`: one incident whole.

use super::args::{ReportFormat, ShowArgs};
use super::{ALL_WELL, Failure, Surroundings, ask, print};
use crate::export::show;
use crate::pipeline::ask::{Question, Reply};

/// Shows the incident with this id, or the only one with these words in its id.
pub fn run(surroundings: &Surroundings, args: &ShowArgs) -> Result<u8, Failure> {
    let reader = surroundings.reader();
    let question = Question::Show { id: args.id.clone() };
    let reply = ask::ask(surroundings, &args.read, "show", &reader, &question)?;
    let screen = surroundings.screen.stdout;
    if let Reply::Ensemble { ensemble, incidents } = reply {
        print(&match args.format {
            ReportFormat::Text => show::ensemble(&ensemble, &incidents, screen),
            ReportFormat::Json => show::ensemble_json(&ensemble, &incidents),
        })?;
        return Ok(ALL_WELL);
    }
    let (incident, view) = ask::shown(reply, &args.id)?;
    print(&match args.format {
        ReportFormat::Text => show::text(&incident, &view, screen),
        ReportFormat::Json => show::json(&incident, &view),
    })?;
    Ok(ALL_WELL)
}
