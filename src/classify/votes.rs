//! The weights with which features vote for labels: `data/keywords/votes.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::features::is_feature;
use super::lexicon::{LexiconError, ModelFile};
use crate::model::label::{ArticleKind, AttackType, Status, UnknownLabel};

/// Linear votes: for each kind of article, what each feature adds to its score.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Votes {
    /// From which probability on an article tells an incident.
    pub incident_threshold: f32,
    /// The same for an article that nowhere states an attack in words the models know.
    pub unstated_threshold: f32,
    /// Kind → feature → weight; `bias` is the constant. `justice-general` and
    /// `retrospective-general` are the articles of these kinds that tell no concrete incident.
    pub kinds: BTreeMap<String, BTreeMap<String, f32>>,
    /// Attack type → feature → weight, for the types that have examples enough: each votes for
    /// itself, yes or no. The others stand by the weights of their phrases alone.
    #[serde(default)]
    pub types: BTreeMap<String, BTreeMap<String, f32>>,
    /// Status → feature → weight; without any, the confirming words decide alone.
    #[serde(default)]
    pub statuses: BTreeMap<String, BTreeMap<String, f32>>,
}

/// The ending of a kind's name that stands for its articles without a concrete incident.
pub const GENERAL: &str = "-general";

/// Reads `votes.toml`. A table that is named after no label, or a vote after no feature, is an error
/// with its line.
pub fn read(file: &ModelFile) -> Result<Votes, LexiconError> {
    let votes: Votes = toml::from_str(&file.text)
        .map_err(|error| file.mistake(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
    let of_kind = |name: &str| ArticleKind::from_id(name.strip_suffix(GENERAL).unwrap_or(name)).map(|_| ());
    let of_type = |name: &str| AttackType::from_id(name).map(|_| ());
    let of_status = |name: &str| Status::from_id(name).map(|_| ());
    check_votes(file, "kinds", &votes.kinds, &of_kind)?;
    check_votes(file, "types", &votes.types, &of_type)?;
    check_votes(file, "statuses", &votes.statuses, &of_status)?;
    Ok(votes)
}

/// Checks that every table of votes is named after a label, and every vote after a feature.
fn check_votes(
    file: &ModelFile,
    section: &str,
    tables: &BTreeMap<String, BTreeMap<String, f32>>,
    known: &dyn Fn(&str) -> Result<(), UnknownLabel>,
) -> Result<(), LexiconError> {
    for (name, weights) in tables {
        let at = file.text.find(&format!("[{section}.{name}]")).unwrap_or(0);
        known(name).map_err(|error| file.mistake(at, error.to_string()))?;
        if let Some(feature) = weights.keys().find(|name| !is_feature(name)) {
            let here = file.text[at..].find(feature.as_str()).map_or(at, |offset| at + offset);
            return Err(file.mistake(here, format!("unknown feature `{feature}`")));
        }
    }
    Ok(())
}
