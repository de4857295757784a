//! `vigie relabel`: an incident has other labels than its articles give it, or is none.

use super::super::args::RelabelArgs;
use super::super::{ALL_WELL, Failure, Surroundings, say};
use super::{Desk, incident_of};
use crate::config::corrections::What;
use crate::model::correction::Given;
use crate::model::incident::Incident;
use crate::pipeline::ask::places;
use crate::pipeline::base::LazyReader;
use crate::query::given::{self, Atlas};

/// Writes the decision, and says what changed.
pub fn run(surroundings: &Surroundings, args: &RelabelArgs) -> Result<u8, Failure> {
    // A mistyped label is said before anything is opened.
    let labels = labels(&args.labels, &surroundings.reader())?;
    let desk = Desk::open(surroundings, &args.decide, "relabel")?;
    let before = desk.incident(&args.incident)?;
    let names_victim = labels.iter().any(|given| matches!(given, Given::Victim(_)));
    if before.victims.is_empty() && !names_victim && labels.iter().any(|given| matches!(given, Given::Level(_))) {
        return Err(Failure::usage(anyhow::anyhow!(
            "level: {} names no victim that could have one; give victim=NAME too",
            before.id
        )));
    }
    let anchor = desk.anchor(&before)?;
    let what = What::Relabel(anchor.clone(), labels);
    let decision = desk.decision(what, vec![before.id.0.clone()]);
    let Some(store) = desk.decide(&[decision])? else {
        return Ok(ALL_WELL);
    };
    if let Some(after) = incident_of(store.as_ref(), &anchor)? {
        for line in changes(&before, &after) {
            say(line);
        }
    }
    Ok(ALL_WELL)
}

fn labels(typed: &[String], reader: &LazyReader) -> Result<Vec<Given>, Failure> {
    let reader = reader.get()?;
    let places = places(reader);
    let gazetteer = reader.gazetteer();
    let atlas = Atlas {
        places: &places,
        commune: &|code| gazetteer.place_of_commune(code),
        named: &|name| gazetteer.communes_named(name).into_iter().map(str::to_owned).collect(),
    };
    let mut labels: Vec<Given> = Vec::new();
    for typed in typed {
        let Some((field, value)) = typed.split_once('=') else {
            return Err(Failure::usage(anyhow::anyhow!(
                "`{typed}`: write LABEL=VALUE, as in sector=sante; labels: {}",
                Given::FIELDS.join(", ")
            )));
        };
        let given = given::parse(field, value, atlas).map_err(Failure::usage)?;
        if labels.iter().any(|known| known.field() == given.field()) {
            return Err(Failure::usage(anyhow::anyhow!("{} is given twice", given.field())));
        }
        labels.push(given);
    }
    Ok(labels)
}

/// What the history notes of it.
fn changes(before: &Incident, after: &Incident) -> Vec<String> {
    let new = after
        .history
        .iter()
        .filter(|change| change.by.is_some() && !before.history.contains(change));
    let or_nothing = |text: &str| {
        if text.is_empty() {
            "nothing".to_owned()
        } else {
            text.to_owned()
        }
    };
    let mut lines: Vec<String> = new
        .map(|change| {
            format!(
                "{}: {} -> {}",
                change.field,
                or_nothing(&change.from),
                or_nothing(&change.to)
            )
        })
        .collect();
    if lines.is_empty() {
        lines.push(format!(
            "{} says so already, and will whatever is reported of it",
            after.id
        ));
    }
    if after.decided.dismissed {
        lines.push(format!(
            "{} is in no answer any more; `vigie show` still shows it",
            after.id
        ));
    }
    lines
}
