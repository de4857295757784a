//! `vigie forget`: articles are erased, and never taken in again.

use super::super::args::ForgetArgs;
use super::super::{ALL_WELL, Failure, SOME_FAILED, Surroundings, say};
use super::{Desk, SHORTEST_BEGINNING, incident_of};
use crate::config::corrections::{self, Decision, What};
use crate::model::correction::Anchor;
use crate::model::id::ArticleId;
use crate::store::archive::Archive;

/// Writes the decisions, erases, and says what is left to do.
pub fn run(surroundings: &Surroundings, args: &ForgetArgs) -> Result<u8, Failure> {
    let desk = Desk::open(surroundings, &args.decide, "forget")?;
    let mut ids: Vec<ArticleId> = Vec::new();
    for typed in &args.articles {
        let id = article(&desk, typed)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let mut decisions = rescued(&desk, &ids)?;
    decisions.extend(ids.iter().map(|id| desk.decision(What::Forget(id.clone()), Vec::new())));
    if desk.decide(&decisions)?.is_none() && args.decide.dry_run {
        return Ok(ALL_WELL);
    }
    let archive = Archive::open_read(&surroundings.store)?;
    let waiting = ids.iter().filter(|id| !archive.forgotten().contains_key(*id)).count();
    if waiting > 0 {
        say(format_args!(
            "{waiting} of {} articles are gone from the base, and stay in the archive until the pass that is running is over: \
             repeat this command then, or let the next `vigie collect` erase them",
            ids.len()
        ));
        return Ok(SOME_FAILED);
    }
    say(format_args!(
        "{} erased from base and archive; `vigie rebuild` also frees what the base's files may hold of former states; backups \
         are not reached",
        if ids.len() == 1 {
            "it is".to_owned()
        } else {
            format!("{} articles are", ids.len())
        }
    ));
    Ok(ALL_WELL)
}

/// The article that is meant, whether the base has it or not; a beginning of an id must be the only one.
fn article(desk: &Desk, typed: &str) -> Result<ArticleId, Failure> {
    if let Some(id) = corrections::article_of(typed) {
        return Ok(id);
    }
    let refused = |why: &str| {
        Failure::usage(anyhow::anyhow!(
            "no article `{typed}`: {why}; give its id, as `vigie show` prints it, or its address. Nothing was written"
        ))
    };
    if typed.len() < SHORTEST_BEGINNING {
        return Err(refused("four letters of an id at least are needed"));
    }
    let mut found = None;
    for stored in desk.store.articles() {
        let id = stored?.article.id;
        if id.as_str().starts_with(typed) && found.replace(id).is_some() {
            return Err(refused("several begin so"));
        }
    }
    found.ok_or_else(|| refused("the base has none that begins so"))
}

/// Decisions that know their incident by one of these articles, as they stand once they know it by another.
fn rescued(desk: &Desk, ids: &[ArticleId]) -> Result<Vec<Decision>, Failure> {
    let mut rescued = Vec::new();
    for decision in &desk.file.decisions {
        let other = |anchor: &Anchor| other_anchor(desk, anchor, ids);
        let what = match &decision.what {
            What::Merge(a, b) if is_hit(&[a, b], ids) => match (other(a)?, other(b)?) {
                (Some(a), Some(b)) if a != b => What::Merge(a, b),
                _ => continue,
            },
            What::Forbid(a, b) if is_hit(&[a, b], ids) => match (other(a)?, other(b)?) {
                (Some(a), Some(b)) => What::Forbid(a, b),
                _ => continue,
            },
            What::Relabel(a, labels) if is_hit(&[a], ids) => match other(a)? {
                Some(a) => What::Relabel(a, labels.clone()),
                None => continue,
            },
            _ => continue,
        };
        rescued.push(Decision {
            line: 0,
            what,
            ..decision.clone()
        });
    }
    Ok(rescued)
}

fn is_hit(anchors: &[&Anchor], ids: &[ArticleId]) -> bool {
    anchors.iter().any(|anchor| ids.contains(&anchor.article))
}

/// The same anchor, or, where its article is to be erased, another article of its incident.
fn other_anchor(desk: &Desk, anchor: &Anchor, ids: &[ArticleId]) -> Result<Option<Anchor>, Failure> {
    if !ids.contains(&anchor.article) {
        return Ok(Some(anchor.clone()));
    }
    let Some(incident) = incident_of(desk.store.as_ref(), anchor)? else {
        return Ok(None);
    };
    let others = incident.articles.iter().filter(|article| !ids.contains(&article.id));
    let other = others.min_by_key(|article| article.part.is_some());
    Ok(other.map(|article| Anchor {
        article: article.id.clone(),
        part: article.part.clone(),
    }))
}
