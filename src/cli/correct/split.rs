//! `vigie split`: some articles of an incident are an incident of their own.

use super::super::args::SplitArgs;
use super::super::{ALL_WELL, Failure, Surroundings, say};
use super::{Desk, article_among, described, incident_of};
use crate::config::corrections::What;
use crate::model::correction::Anchor;
use crate::model::incident::ArticleRef;

/// Writes the decision, and says which two incidents there are now.
pub fn run(surroundings: &Surroundings, args: &SplitArgs) -> Result<u8, Failure> {
    let desk = Desk::open(surroundings, &args.decide, "split")?;
    let incident = desk.incident(&args.incident)?;
    let mut apart: Vec<Anchor> = Vec::new();
    for typed in &args.articles {
        let anchor = anchor(article_among(typed, &incident)?);
        if !apart.contains(&anchor) {
            apart.push(anchor);
        }
    }
    let all = incident.articles.iter().map(anchor);
    let rest: Vec<Anchor> = all.filter(|anchor| !apart.contains(anchor)).collect();
    if rest.is_empty() {
        return Err(Failure::usage(anyhow::anyhow!(
            "these are all the articles of {}: leave at least one in it",
            incident.id
        )));
    }
    if let Some(against) = desk.file.binding(&apart, &rest) {
        return Err(desk.contradicted(&format!("splitting {}", incident.id), against));
    }
    let (left, stays) = (apart[0].clone(), rest[0].clone());
    let decision = desk.decision(What::Split(apart, rest), vec![incident.id.0.clone()]);
    let Some(store) = desk.decide(&[decision])? else {
        return Ok(ALL_WELL);
    };
    match (
        incident_of(store.as_ref(), &stays)?,
        incident_of(store.as_ref(), &left)?,
    ) {
        (Some(stays), Some(left)) if stays.id != left.id => {
            say(format_args!(
                "two incidents now: {} and {}",
                described(&stays),
                described(&left)
            ));
        }
        _ => say("they are not two yet; another decision may stand against it: see `vigie corrections`"),
    }
    Ok(ALL_WELL)
}

fn anchor(article: &ArticleRef) -> Anchor {
    Anchor {
        article: article.id.clone(),
        part: article.part.clone(),
    }
}
