//! `vigie reclassify`: all stored articles read and grouped again, and what differs.

use std::fmt::Write as _;

use super::args::{ReclassifyArgs, ReportFormat};
use super::{ALL_WELL, Failure, SOME_FAILED, Surroundings, rebuild, say};
use crate::pipeline::base;
use crate::pipeline::difference::Difference;

/// Makes a new base beside the present one, prints how they differ, and puts it in its place.
pub fn run(surroundings: &Surroundings, args: &ReclassifyArgs) -> Result<u8, Failure> {
    rebuild::need_archive(surroundings)?;
    let access = surroundings.access("reclassify", args.wait);
    let _lock = base::enter_pass(&access, surroundings.now)?;
    let mut code = ALL_WELL;
    let mut printed = Ok(());
    base::reclassify(
        &access,
        surroundings.obeying(&surroundings.reader())?.as_ref(),
        surroundings.now,
        |rebuilt, difference| {
            for note in &rebuilt.notes {
                say(format_args!("note: {note}"));
            }
            for damage in &rebuilt.damages {
                say(format_args!("vigie: {damage}"));
                code = SOME_FAILED;
            }
            printed = match args.format {
                ReportFormat::Text => super::print(&told(difference)),
                ReportFormat::Json => serde_json::to_string_pretty(difference)
                    .map_err(Failure::work)
                    .and_then(|json| super::print(&format!("{json}\n"))),
            };
            printed.is_ok() && !args.dry_run
        },
    )?;
    printed?;
    if args.dry_run {
        say(format_args!("nothing was changed (--dry-run)"));
    }
    Ok(code)
}

/// The difference for people.
fn told(difference: &Difference) -> String {
    let mut text = String::new();
    let mut line = |words: std::fmt::Arguments| {
        let _ = writeln!(text, "{words}");
    };
    for changed in &difference.changed {
        line(format_args!("{}", changed.id));
        for change in &changed.changes {
            let or_nothing = |value: &str| {
                if value.is_empty() {
                    "-".to_owned()
                } else {
                    value.to_owned()
                }
            };
            line(format_args!(
                "  {}: {} -> {}",
                change.field,
                or_nothing(&change.from),
                or_nothing(&change.to)
            ));
        }
    }
    for merged in &difference.merged {
        line(format_args!("{} is part of {} now", merged.id, merged.into));
    }
    for opened in &difference.opened {
        line(format_args!("{opened} is new"));
    }
    for withdrawn in &difference.withdrawn {
        line(format_args!("{withdrawn} is told by no article any more"));
    }
    line(format_args!(
        "{} incidents the same, {} changed, {} merged, {} new, {} withdrawn; articles: {} more in an incident, {} fewer",
        difference.same,
        difference.changed.len(),
        difference.merged.len(),
        difference.opened.len(),
        difference.withdrawn.len(),
        difference.articles_gained,
        difference.articles_lost
    ));
    text
}
