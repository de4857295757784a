//! `vigie merge`: two incidents are one.

use super::super::args::MergeArgs;
use super::super::{ALL_WELL, Failure, Surroundings, say};
use super::{Desk, described, incident_of};
use crate::config::corrections::What;

/// Writes the decision, and says which incident the two are now.
pub fn run(surroundings: &Surroundings, args: &MergeArgs) -> Result<u8, Failure> {
    let desk = Desk::open(surroundings, &args.decide, "merge")?;
    let (one, other) = (desk.incident(&args.one)?, desk.incident(&args.other)?);
    if one.id == other.id {
        say(format_args!("{} are one incident already; nothing was written", one.id));
        return Ok(ALL_WELL);
    }
    if let Some(against) = desk.file.keeping_apart(&one, &other) {
        return Err(desk.contradicted(&format!("merging {} and {}", one.id, other.id), against));
    }
    let anchors = [desk.anchor(&one)?, desk.anchor(&other)?];
    let ids = vec![one.id.0.clone(), other.id.0.clone()];
    let decision = desk.decision(What::Merge(anchors[0].clone(), anchors[1].clone()), ids);
    let Some(store) = desk.decide(&[decision])? else {
        return Ok(ALL_WELL);
    };
    match (
        incident_of(store.as_ref(), &anchors[0])?,
        incident_of(store.as_ref(), &anchors[1])?,
    ) {
        (Some(now), Some(same)) if now.id == same.id => {
            let former = if now.id == one.id { &other.id } else { &one.id };
            say(format_args!(
                "one incident now: {}; {former} leads to it",
                described(&now)
            ));
        }
        _ => say("the two are not one yet; another decision may stand against it: see `vigie corrections`"),
    }
    Ok(ALL_WELL)
}
