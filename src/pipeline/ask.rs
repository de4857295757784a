//! Answers from the base: what `query` and `show` print, whoever holds the base.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::analyse::Reader;
use crate::model::answer::{Answer, Ensemble, View};
use crate::model::filter::Filter;
use crate::model::id::{ArticleId, VictimKey};
use crate::model::incident::Incident;
use crate::query::find::{Named, named};
use crate::query::nearest::nearest;
use crate::query::place::{Area, Places};
use crate::query::relations::{Node, Relations, reach_back, reach_back_of};
use crate::query::select::{answer, with_suppliers};
use crate::query::view::view;
use crate::store::{Span, Store, StoreError};

/// How the names of wholes begin that are no incidents.
const ENSEMBLES: &[&str] = &["vague", "prestataire"];

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "ask")]
pub enum Question {
    /// Which incidents pass this filter?
    Query {
        /// The filter.
        filter: Box<Filter>,
    },
    /// One incident whole, by its id or enough words of it.
    Show {
        /// What was typed.
        id: String,
    },
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "reply")]
pub enum Reply {
    /// To a query.
    Answer {
        /// The answer.
        answer: Box<Answer>,
    },
    /// To `show`, when one incident has the name.
    Shown {
        /// The incident, its articles with their evidence.
        incident: Box<Incident>,
        /// The same as a view.
        view: Box<View>,
    },
    /// To `show`, when a wave has the name, or a supplier's clients.
    Ensemble {
        /// The whole.
        ensemble: Box<Ensemble>,
        /// Its incidents.
        incidents: Vec<View>,
    },
    /// No incident has the name.
    NoSuch {
        /// Some that are near.
        near: Vec<String>,
    },
    /// Several incidents have it.
    Several {
        /// Their ids.
        ids: Vec<String>,
    },
}

/// Answers a question from the store.
pub fn reply(store: &dyn Store, reader: &Reader, question: &Question) -> Result<Reply, StoreError> {
    match question {
        Question::Query { filter } => {
            let text_of = |id: &ArticleId| {
                Ok(store.article(id)?.map(|stored| {
                    let article = stored.article;
                    [article.title, article.standfirst.unwrap_or_default(), article.text].join("\n")
                }))
            };
            let incidents = store.incidents_since(filter.since.map(reach_back));
            let hit = |victim: &VictimKey| incidents_of(store, victim);
            let answer = answer(incidents, filter, &places(reader), store.coverage()?, &text_of, &hit)?;
            Ok(Reply::Answer {
                answer: Box::new(answer),
            })
        }
        Question::Show { id } => show(store, reader, id),
    }
}

/// The names of places that questions may use.
pub fn places(reader: &Reader) -> Places {
    let area = |code: &str, name: &str, region: Option<&str>, aliases: &[String]| Area {
        code: code.to_owned(),
        name: name.to_owned(),
        region: region.map(str::to_owned),
        aliases: aliases.to_vec(),
    };
    let gazetteer = reader.gazetteer();
    Places {
        departements: gazetteer
            .departement_names()
            .map(|(code, name, region, aliases)| area(code, name, Some(region), aliases))
            .collect(),
        regions: gazetteer
            .region_names()
            .map(|(code, name, aliases)| area(code, name, None, aliases))
            .collect(),
    }
}

/// The incidents whose main victim this is.
fn incidents_of(store: &dyn Store, victim: &VictimKey) -> Result<Vec<Incident>, StoreError> {
    // As `dedup::pair::Telling::keys` has them.
    let mut incidents = store.incidents_under(&[format!("victim {victim}")], Span::EVER)?;
    incidents.retain(|incident| incident.victims.first().is_some_and(|main| main.key == *victim));
    Ok(incidents)
}

/// The relations of the incidents since a moment.
fn relations_since(store: &dyn Store, since: Option<Timestamp>) -> Result<Relations, StoreError> {
    let mut nodes = Vec::new();
    for incident in store.incidents_since(since) {
        nodes.push(Node::of(&incident?));
    }
    with_suppliers(nodes, &|victim| incidents_of(store, victim))
}

/// The wave, or the clients of a supplier, with this id, or the only one with these words in it.
fn show_ensemble(store: &dyn Store, reader: &Reader, typed: &str) -> Result<Option<Reply>, StoreError> {
    let relations = relations_since(store, None)?;
    let ids = relations.ensembles.iter().map(|whole| whole.id.clone());
    let found = match named(typed, ids) {
        Named::One(id) => id,
        Named::None => return Ok(None),
        Named::Several(ids) => {
            let ids = ids.into_iter().map(|id| id.0).collect();
            return Ok(Some(Reply::Several { ids }));
        }
    };
    let Some(whole) = relations.ensembles.iter().find(|whole| whole.id == found) else {
        return Ok(None);
    };
    let places = places(reader);
    let mut incidents = Vec::new();
    for id in &whole.incidents {
        if let Some(incident) = store.incident(id)? {
            incidents.push(view(&incident, &places, &relations));
        }
    }
    let mut ensemble = Box::new(whole.clone());
    ensemble.found = incidents.len() as u64;
    Ok(Some(Reply::Ensemble { ensemble, incidents }))
}

fn show(store: &dyn Store, reader: &Reader, typed: &str) -> Result<Reply, StoreError> {
    let exact = store.incident(&typed.into())?;
    let names_ensemble = ENSEMBLES.iter().any(|word| typed.trim().starts_with(word));
    if exact.is_none()
        && names_ensemble
        && let Some(reply) = show_ensemble(store, reader, typed)?
    {
        return Ok(reply);
    }
    let incident = match exact {
        Some(incident) => incident,
        None => {
            let mut ids = Vec::new();
            for incident in store.incidents_since(None) {
                ids.push(incident?.id);
            }
            match named(typed, ids.iter().cloned()) {
                Named::One(id) => match store.incident(&id)? {
                    Some(incident) => incident,
                    None => return Ok(Reply::NoSuch { near: Vec::new() }),
                },
                Named::None => {
                    let near = nearest(typed, ids.iter().map(|id| id.as_str()));
                    return Ok(Reply::NoSuch {
                        near: near.into_iter().map(str::to_owned).collect(),
                    });
                }
                Named::Several(ids) => {
                    return Ok(Reply::Several {
                        ids: ids.into_iter().map(|id| id.0).collect(),
                    });
                }
            }
        }
    };
    let relations = relations_since(store, Some(reach_back_of(&incident)))?;
    let view = view(&incident, &places(reader), &relations);
    let incident = with_evidence(store, incident)?;
    Ok(Reply::Shown {
        incident: Box::new(incident),
        view: Box::new(view),
    })
}

/// The incident with the evidence and facts that its articles keep; of a recap that only mentions it,
/// what is said of its own victim.
fn with_evidence(store: &dyn Store, mut incident: Incident) -> Result<Incident, StoreError> {
    for reference in &mut incident.articles {
        if let Some(stored) = store.article(&reference.id)? {
            if stored.mentioned_in.contains(&incident.id) {
                let victim = reference.says.main_victim().map(|victim| victim.key.clone());
                let recalled = stored.analysis.recalled.into_iter();
                let own = recalled.filter(|recalled| Some(&recalled.victim.key) == victim.as_ref());
                reference.says.evidence = own.flat_map(|recalled| recalled.evidence).collect();
                continue;
            }
            reference.says.evidence = stored.analysis.evidence;
            reference.says.facts = stored.analysis.facts;
        }
    }
    Ok(incident)
}
