//! The models as a whole: the phrases of `data/keywords/` compiled together, and the weights with
//! which their scores vote for a kind of article. Shipped in the binary; a folder may replace them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::lexicon::{Lexicon, LexiconError, ModelFile};
use crate::model::label::{ArticleKind, AttackType, Level, Sector, Status, UnknownLabel};

/// The model files: name, namespace of its labels.
const FILES: [(&str, &str, &str); 5] = [
    (
        "attacks.toml",
        "attack",
        include_str!("../../data/keywords/attacks.toml"),
    ),
    (
        "sectors.toml",
        "sector",
        include_str!("../../data/keywords/sectors.toml"),
    ),
    ("levels.toml", "level", include_str!("../../data/keywords/levels.toml")),
    ("kinds.toml", "kind", include_str!("../../data/keywords/kinds.toml")),
    (
        "context.toml",
        "context",
        include_str!("../../data/keywords/context.toml"),
    ),
];
const VOTES: (&str, &str) = ("votes.toml", include_str!("../../data/keywords/votes.toml"));

/// The tables of context.toml.
const CONTEXTS: &[&str] = &[
    "denied-before",
    "denied-after",
    "hypothetical-before",
    "hypothetical-after",
    "hypothetical-sentence",
    "claimed-sentence",
    "confirmed",
    "denial",
    "background-start",
    "background-sentence",
    "teaser-start",
    "recurrence",
    "off-topic",
    "exercise",
    "generic",
    "computers",
];

/// Everything the classifier knows.
#[derive(Debug)]
pub struct Models {
    /// All phrases, one automaton.
    pub lexicon: Lexicon,
    /// What each label index of the lexicon stands for.
    pub meanings: Vec<Meaning>,
    /// How features vote for kinds.
    pub votes: Votes,
}

/// What a label of the lexicon stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// An attack type.
    Attack(AttackType),
    /// A victim's sector.
    Sector(Sector),
    /// A local body's level.
    Level(Level),
    /// A kind of article.
    Kind(ArticleKind),
    /// How something is said.
    Context(Context),
}

/// The tables of `context.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is explained where it is written, in context.toml")]
pub enum Context {
    DeniedBefore,
    DeniedAfter,
    HypotheticalBefore,
    HypotheticalAfter,
    HypotheticalSentence,
    ClaimedSentence,
    Confirmed,
    Denial,
    BackgroundStart,
    BackgroundSentence,
    TeaserStart,
    Recurrence,
    OffTopic,
    Exercise,
    Generic,
    Computers,
}

impl Context {
    const ALL: [Context; 16] = [
        Context::DeniedBefore,
        Context::DeniedAfter,
        Context::HypotheticalBefore,
        Context::HypotheticalAfter,
        Context::HypotheticalSentence,
        Context::ClaimedSentence,
        Context::Confirmed,
        Context::Denial,
        Context::BackgroundStart,
        Context::BackgroundSentence,
        Context::TeaserStart,
        Context::Recurrence,
        Context::OffTopic,
        Context::Exercise,
        Context::Generic,
        Context::Computers,
    ];
}

/// Linear votes: for each kind of article, what each feature adds to its score.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Votes {
    /// From which probability on an article tells an incident.
    pub incident_threshold: f32,
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

impl Models {
    /// The models shipped in the binary.
    pub fn embedded() -> Result<Models, LexiconError> {
        let files = FILES.map(|(name, _, text)| ModelFile {
            path: name.into(),
            text: text.to_owned(),
        });
        let votes = ModelFile {
            path: VOTES.0.into(),
            text: VOTES.1.to_owned(),
        };
        Models::compile(&files, &votes)
    }

    /// The models of a folder with the same five files and `votes.toml`; a file that is absent
    /// there is taken from the binary.
    pub fn from_dir(dir: &Path) -> Result<Models, LexiconError> {
        let read = |name: &str, embedded: &str| {
            let path = dir.join(name);
            match std::fs::read_to_string(&path) {
                Ok(text) => Ok(ModelFile { path, text }),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(ModelFile {
                    path: name.into(),
                    text: embedded.to_owned(),
                }),
                Err(error) => Err(LexiconError {
                    file: path,
                    line: 0,
                    what: format!("cannot be read: {error}"),
                }),
            }
        };
        let files = FILES
            .iter()
            .map(|(name, _, text)| read(name, text))
            .collect::<Result<Vec<_>, _>>()?;
        Models::compile(&files, &read(VOTES.0, VOTES.1)?)
    }

    fn compile(files: &[ModelFile], votes: &ModelFile) -> Result<Models, LexiconError> {
        let attacks: Vec<&str> = AttackType::ALL.iter().map(|label| label.id()).collect();
        let sectors: Vec<&str> = Sector::ALL.iter().map(|label| label.id()).collect();
        let levels: Vec<&str> = Level::ALL.iter().map(|label| label.id()).collect();
        let kinds: Vec<&str> = ArticleKind::ALL.iter().map(|label| label.id()).collect();
        let known: [&[&str]; 5] = [&attacks, &sectors, &levels, &kinds, CONTEXTS];
        let sources: Vec<(&ModelFile, &str, &[&str])> = files
            .iter()
            .zip(FILES)
            .zip(known)
            .map(|((file, (_, namespace, _)), known)| (file, namespace, known))
            .collect();
        let lexicon = Lexicon::compile(&sources)?;
        let meanings = lexicon.labels().iter().map(|label| meaning(label)).collect();
        Ok(Models {
            lexicon,
            meanings,
            votes: read_votes(votes)?,
        })
    }
}

fn meaning(label: &str) -> Meaning {
    let (namespace, id) = label.split_once(':').expect("labels are namespace:id");
    let known = "the lexicon refuses unknown labels";
    match namespace {
        "attack" => Meaning::Attack(AttackType::from_id(id).expect(known)),
        "sector" => Meaning::Sector(Sector::from_id(id).expect(known)),
        "level" => Meaning::Level(Level::from_id(id).expect(known)),
        "kind" => Meaning::Kind(ArticleKind::from_id(id).expect(known)),
        _ => Meaning::Context(Context::ALL[CONTEXTS.iter().position(|name| *name == id).expect(known)]),
    }
}

fn read_votes(file: &ModelFile) -> Result<Votes, LexiconError> {
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
        if let Some(feature) = weights.keys().find(|name| !super::features::is_feature(name)) {
            let here = file.text[at..].find(feature.as_str()).map_or(at, |offset| at + offset);
            return Err(file.mistake(here, format!("unknown feature `{feature}`")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_models_compile() {
        let models = Models::embedded().unwrap();
        assert!(
            models.lexicon.phrases().len() > 300,
            "{}",
            models.lexicon.phrases().len()
        );
        assert_eq!(models.meanings.len(), models.lexicon.labels().len());
    }

    #[test]
    fn a_folder_replaces_files_one_by_one_and_mistakes_name_file_and_line() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(
            dir.path().join("attacks.toml"),
            "[ddos]\n\"déni de service\" = 5\n[deni]\n\"x\" = 1\n",
        )
        .unwrap();
        let error = Models::from_dir(dir.path()).unwrap_err().to_string();
        assert!(
            error.contains("attacks.toml:3: unknown label `deni`; known here: rancongiciel"),
            "{error}"
        );
        std::fs::write(dir.path().join("attacks.toml"), "[ddos]\n\"déni de service\" = 5\n").unwrap();
        assert!(Models::from_dir(dir.path()).is_ok());
        std::fs::write(
            dir.path().join("votes.toml"),
            "incident_threshold = 0.5\n[kinds.incident]\nbia = 1.0\n",
        )
        .unwrap();
        let error = Models::from_dir(dir.path()).unwrap_err().to_string();
        assert!(error.ends_with("votes.toml:3: unknown feature `bia`"), "{error}");
    }
}
