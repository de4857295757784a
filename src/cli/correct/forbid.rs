//! `vigie forbid`: two incidents are never one.

use super::super::args::ForbidArgs;
use super::super::{ALL_WELL, Failure, Surroundings, say};
use super::Desk;
use crate::config::corrections::What;

/// Writes the decision.
pub fn run(surroundings: &Surroundings, args: &ForbidArgs) -> Result<u8, Failure> {
    let desk = Desk::open(surroundings, &args.decide, "forbid")?;
    let (one, other) = (desk.incident(&args.one)?, desk.incident(&args.other)?);
    if one.id == other.id {
        return Err(Failure::usage(anyhow::anyhow!(
            "`{}` and `{}` are one incident, {}: say which articles leave it with `vigie split {} ARTICLE...`",
            args.one,
            args.other,
            one.id,
            one.id
        )));
    }
    if let Some(against) = desk.file.keeping_together(&one, &other) {
        return Err(desk.contradicted(&format!("keeping {} and {} apart", one.id, other.id), against));
    }
    let what = What::Forbid(desk.anchor(&one)?, desk.anchor(&other)?);
    let decision = desk.decision(what, vec![one.id.0.clone(), other.id.0.clone()]);
    if desk.decide(&[decision])?.is_some() {
        say(format_args!(
            "{} and {} stay two, whatever is reported of them",
            one.id, other.id
        ));
    }
    Ok(ALL_WELL)
}
