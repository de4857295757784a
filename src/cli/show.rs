//! `vigie show`: one incident whole.

use super::args::{ReportFormat, ShowArgs};
use super::{ALL_WELL, Failure, Surroundings, ask, print};
use crate::export::show;
use crate::pipeline::ask::Question;

/// Shows the incident with this id, or the only one with these words in its id.
pub fn run(surroundings: &Surroundings, args: &ShowArgs) -> Result<u8, Failure> {
    let reader = surroundings.reader();
    let question = Question::Show { id: args.id.clone() };
    let reply = ask::ask(surroundings, &args.read, "show", &reader, &question)?;
    let (incident, view) = ask::shown(reply, &args.id)?;
    let text = match args.format {
        ReportFormat::Text => show::text(&incident, &view, surroundings.screen.stdout),
        ReportFormat::Json => show::json(&incident, &view),
    };
    print(&text)?;
    Ok(ALL_WELL)
}
