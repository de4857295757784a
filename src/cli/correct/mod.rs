//! The commands by which analysts correct what vigie concluded. Each finds its incidents and articles in the base, adds a
//! table to `corrections.toml`, and has the base obey at once.

pub mod forbid;
pub mod forget;
pub mod list;
pub mod merge;
pub mod relabel;
pub mod split;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::args::DecideArgs;
use super::{Failure, Surroundings, say};
use crate::config::corrections::{self, CorrectionsFile, Decision, What, Written};
use crate::dedup::relabel::anchor_of;
use crate::model::correction::{Anchor, Corrections};
use crate::model::incident::{ArticleRef, Incident};
use crate::model::paris;
use crate::pipeline::ask::{self, Question, places};
use crate::pipeline::base::{self, LazyReader};
use crate::pipeline::correct::obeyed;
use crate::query::given::Atlas;
use crate::store::Store;

/// The shortest beginning of an article's id that is taken for one.
const SHORTEST_BEGINNING: usize = 4;

/// What a store obeys now: what `corrections.toml` says, or, where there is no such file, what its base obeyed last, so
/// that a command run in another folder takes nothing back.
pub fn in_force(path: &Path, store: &Path, reader: &LazyReader) -> Result<Corrections, Failure> {
    if path.exists() {
        return Ok(read(path, reader)?.corrections());
    }
    Ok(obeyed(store)?)
}

/// The decisions as a command that stays reads them, again and again.
pub struct Decisions {
    path: PathBuf,
    store: PathBuf,
    last: Mutex<Arc<LazyReader>>,
}

impl Decisions {
    /// From the file as it is now. Errs when it has a mistake.
    pub fn read(surroundings: &Surroundings, reader: &LazyReader) -> Result<Decisions, Failure> {
        Ok(Decisions {
            path: surroundings.global.corrections_file(),
            store: surroundings.store.clone(),
            last: Mutex::new(surroundings.obeying(reader)?),
        })
    }

    /// The models with the decisions as the file has them now; while it has a mistake, as it had them before.
    pub fn latest(&self) -> Arc<LazyReader> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match in_force(&self.path, &self.store, &last) {
            Ok(corrections) if corrections == *last.corrections() => {}
            Ok(corrections) => *last = Arc::new(last.with_corrections(corrections)),
            Err(failure) => tracing::warn!("{:#}; going on with the decisions as they were", failure.cause),
        }
        Arc::clone(&last)
    }
}

/// Reads the file, with the places that the gazetteer has.
pub fn read(path: &Path, reader: &LazyReader) -> Result<CorrectionsFile, Failure> {
    let reader = reader.get()?;
    let places = places(reader);
    let gazetteer = reader.gazetteer();
    let atlas = Atlas {
        places: &places,
        commune: &|code| gazetteer.place_of_commune(code),
        named: &|name| gazetteer.communes_named(name).into_iter().map(str::to_owned).collect(),
    };
    Ok(corrections::read(path, atlas)?)
}

/// A decision under way: the file as it is, and the base.
struct Desk<'a> {
    surroundings: &'a Surroundings,
    args: &'a DecideArgs,
    role: &'static str,
    path: PathBuf,
    reader: Arc<LazyReader>,
    file: CorrectionsFile,
    store: Box<dyn Store>,
}

impl<'a> Desk<'a> {
    /// Reads the file and opens the base, in step with it.
    fn open(surroundings: &'a Surroundings, args: &'a DecideArgs, role: &'static str) -> Result<Desk<'a>, Failure> {
        let reader = surroundings.reader();
        let path = surroundings.global.corrections_file();
        let file = read(&path, &reader)?;
        super::ask::check_store(surroundings)?;
        let last = obeyed(&surroundings.store)?.entries.len();
        if last > 0 && !path.exists() {
            return Err(Failure::usage(anyhow::anyhow!(
                "{} is not there, and the base obeys {last} decisions, which a new file would take back: name the file with \
                 --corrections, or make an empty one to start anew. Nothing was written",
                path.display()
            )));
        }
        let store = open_base(surroundings, args, role, &reader)?;
        Ok(Desk {
            surroundings,
            args,
            role,
            path,
            reader,
            file,
            store,
        })
    }

    /// The incident with this id, or the only one with these words in its id.
    fn incident(&self, typed: &str) -> Result<Incident, Failure> {
        let question = Question::Show { id: typed.to_owned() };
        let reply = ask::reply(self.store.as_ref(), self.reader.get()?, &question)?;
        super::ask::shown(reply, typed).map(|(incident, _)| incident)
    }

    /// By which article a decision knows this incident.
    fn anchor(&self, incident: &Incident) -> Result<Anchor, Failure> {
        anchor_of(incident, &self.file.corrections())
            .ok_or_else(|| Failure::work(anyhow::anyhow!("{} has no article to know it by", incident.id)))
    }

    /// A decision of this analyst's, today.
    fn decision(&self, what: What, incidents: Vec<String>) -> Decision {
        let user = || std::env::var("USER").unwrap_or_default();
        Decision {
            line: 0,
            what,
            incidents,
            by: self.args.by.clone().unwrap_or_else(user),
            on: Some(paris::day(self.surroundings.now)),
            reason: self.args.reason.clone().unwrap_or_default(),
        }
    }

    /// Writes a decision, says where it stands, and gives back the base, in step with it. With `--dry-run` only says what
    /// would be written; then, and where the decision stood there already, there is no base to look at.
    fn decide(self, decisions: &[Decision]) -> Result<Option<Box<dyn Store>>, Failure> {
        let mut is_new = false;
        for decision in decisions {
            if self.args.dry_run {
                say(format_args!(
                    "would be written to {}:\n{}",
                    self.path.display(),
                    corrections::table(decision).trim_end()
                ));
                continue;
            }
            match write(&self.path, decision, &self.reader, self.args.wait)? {
                Written::At(line) => {
                    is_new = true;
                    say(format_args!(
                        "{}:{line}: [[{}]] written",
                        self.path.display(),
                        decision.what.name()
                    ));
                }
                Written::Already(line) => say(format_args!(
                    "{}:{line} says so already; nothing was written",
                    self.path.display()
                )),
            }
        }
        if !is_new {
            return Ok(None);
        }
        // The base is opened anew with what was decided, and so brought in step with it.
        drop(self.store);
        open_base(self.surroundings, self.args, self.role, &self.reader).map(Some)
    }

    /// The error for a decision that another one stands against.
    fn contradicted(&self, doing: &str, other: &Decision) -> Failure {
        let path = self.path.display();
        let reason = match other.reason.as_str() {
            "" => String::new(),
            reason => format!(" ({reason})"),
        };
        Failure::usage(anyhow::anyhow!(
            "{doing}: the [[{}]] at {path}:{}{reason} says otherwise; take that table out first. Nothing was written",
            other.what.name(),
            other.line
        ))
    }
}

fn open_base(
    surroundings: &Surroundings,
    args: &DecideArgs,
    role: &'static str,
    reader: &LazyReader,
) -> Result<Box<dyn Store>, Failure> {
    let obeying = surroundings.obeying(reader)?;
    Ok(base::open(
        &surroundings.access(role, args.wait),
        &obeying,
        surroundings.now,
    )?)
}

fn write(path: &Path, decision: &Decision, reader: &LazyReader, wait_seconds: u64) -> Result<Written, Failure> {
    let reader = reader.get()?;
    let places = places(reader);
    let gazetteer = reader.gazetteer();
    let atlas = Atlas {
        places: &places,
        commune: &|code| gazetteer.place_of_commune(code),
        named: &|_| Vec::new(),
    };
    Ok(corrections::append(
        path,
        decision,
        atlas,
        Duration::from_secs(wait_seconds),
    )?)
}

/// Which of these articles is meant: by its number in `vigie show`, its id or the beginning of it, or its address.
fn article_among<'a>(typed: &str, incident: &'a Incident) -> Result<&'a ArticleRef, Failure> {
    let articles = &incident.articles;
    let number = typed.trim_matches(['[', ']']);
    if number.len() < SHORTEST_BEGINNING
        && let Ok(number) = number.parse::<usize>()
    {
        return articles.get(number.wrapping_sub(1)).ok_or_else(|| {
            Failure::usage(anyhow::anyhow!(
                "{} has {} articles; there is no article {number}",
                incident.id,
                articles.len()
            ))
        });
    }
    let named = corrections::article_of(typed);
    let is_meant = |article: &&ArticleRef| match &named {
        Some(id) => article.id == *id || article.url == typed,
        None => typed.len() >= SHORTEST_BEGINNING && article.id.as_str().starts_with(typed),
    };
    let mut found = articles.iter().filter(is_meant);
    match (found.next(), found.next()) {
        (Some(article), None) => Ok(article),
        (Some(_), Some(_)) => Err(Failure::usage(anyhow::anyhow!(
            "`{typed}` begins several articles of {}: type more of it",
            incident.id
        ))),
        (None, _) => Err(Failure::usage(anyhow::anyhow!(
            "no article `{typed}` in {}; `vigie show {}` lists its {} with their numbers and ids",
            incident.id,
            incident.id,
            articles.len()
        ))),
    }
}

/// The incident that an anchor's article is in now.
fn incident_of(store: &dyn Store, anchor: &Anchor) -> Result<Option<Incident>, Failure> {
    let Some(stored) = store.article(&anchor.article)? else {
        return Ok(None);
    };
    for id in stored.incident.iter().chain(&stored.mentioned_in) {
        if let Some(incident) = store.incident(id)?
            && crate::dedup::relabel::is_of(anchor, &incident)
        {
            return Ok(Some(incident));
        }
    }
    Ok(None)
}

/// "ville-de-x-2024-05 (3 articles)".
fn described(incident: &Incident) -> String {
    let count = incident.articles.len();
    format!("{} ({count} article{})", incident.id, if count == 1 { "" } else { "s" })
}
