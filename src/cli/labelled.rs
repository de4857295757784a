//! Files of labelled articles, and the parts of them that are measured.

use std::path::Path;

use jiff::Timestamp;

use super::Failure;
use super::args::{EvalPart, PartArgs};
use super::replay::for_each_line;
use crate::evaluate::labelled::Labelled;
use crate::model::article::Article;
use crate::model::paris;
use crate::pipeline::replay;

/// One labelled article: what goes in, what should come out.
pub struct Item {
    /// Its id.
    pub name: String,
    /// The article.
    pub article: Article,
    /// Its labels.
    pub label: Labelled,
}

/// The labelled articles of a file; a line that is none is an error with its number.
pub fn read_items(file: &Path, now: Timestamp) -> Result<Vec<Item>, Failure> {
    let mut items = Vec::new();
    let mut mistake = None;
    for_each_line(file, |number, line| {
        if mistake.is_some() {
            return;
        }
        let read = replay::read_line(line, now).map_err(|error| error.to_string());
        let label = serde_json::from_str::<Labelled>(line).map_err(|error| format!("labels: {error}"));
        match (read, label) {
            (Ok(_), Ok(label)) if !label.incidents.is_empty() && !label.kind.carries_incident() => {
                let what = format!(
                    "an article of kind {} tells no incident, but `incidents` has one",
                    label.kind
                );
                mistake = Some((number, what));
            }
            (Ok((name, article)), Ok(label)) => items.push(Item { name, article, label }),
            (Err(error), _) | (_, Err(error)) => mistake = Some((number, error)),
        }
    })?;
    if let Some((number, error)) = mistake {
        return Err(Failure::usage(anyhow::anyhow!("{}:{number}: {error}", file.display())));
    }
    Ok(items)
}

/// Whether an article belongs to what is measured. The halves are cut by incident: the first byte
/// of the BLAKE3 of the main incident's key, or of the article's name where it tells none.
pub fn is_in_part(item: &Item, part: &PartArgs) -> bool {
    let key = item
        .label
        .incidents
        .first()
        .map_or(item.name.as_str(), |incident| incident.key.as_str());
    let is_even = blake3::hash(key.as_bytes()).as_bytes()[0].is_multiple_of(2);
    let day = paris::day(item.article.published);
    let in_half = match part.part {
        EvalPart::All => true,
        EvalPart::Dev => is_even,
        EvalPart::HeldOut => !is_even,
    };
    in_half && part.from.is_none_or(|from| day >= from) && part.before.is_none_or(|before| day < before)
}
