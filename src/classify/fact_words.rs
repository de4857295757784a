//! The words of `facts.toml`: what each of its tables stands for, and one that was found in a text.

use std::ops::Range;

use crate::model::analysis::Assertion;
use crate::model::label::{Counted, DataKind};

/// Words of facts that are looked at in one sentence; nobody writes more.
pub const MOST_FACT_WORDS: usize = 64;

/// A word that tells a fact, or bears on one: the tables of `facts.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactWord {
    /// What a number of persons counts.
    Counted(Counted),
    /// « fichiers », « documents ».
    Files,
    /// A kind of data.
    Data(DataKind),
    /// A word that bears on a fact.
    Cue(FactCue),
}

/// A word that bears on a fact; each is explained where it is written, in `facts.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is explained where it is written, in facts.toml")]
pub enum FactCue {
    Size,
    AtWork,
    Reached,
    Content,
    Matter,
    Advice,
    Ransom,
    RansomElsewhere,
    Asked,
    Paid,
    Refused,
    Cost,
    Elsewhere,
    DeniedBefore,
    DeniedAfter,
    HypotheticalAfter,
}

impl FactCue {
    /// All of them, with their names.
    const ALL: [(FactCue, &'static str); 16] = [
        (FactCue::Size, "taille"),
        (FactCue::AtWork, "sur-place"),
        (FactCue::Reached, "touches"),
        (FactCue::Content, "contenu"),
        (FactCue::Matter, "matiere"),
        (FactCue::Advice, "conseil"),
        (FactCue::Ransom, "rancon"),
        (FactCue::RansomElsewhere, "rancon-ailleurs"),
        (FactCue::Asked, "demande"),
        (FactCue::Paid, "paie"),
        (FactCue::Refused, "refuse"),
        (FactCue::Cost, "cout"),
        (FactCue::Elsewhere, "ailleurs"),
        (FactCue::DeniedBefore, "nie-avant"),
        (FactCue::DeniedAfter, "nie-apres"),
        (FactCue::HypotheticalAfter, "suppose-apres"),
    ];
}

impl FactWord {
    /// The names of the tables.
    pub fn ids() -> Vec<&'static str> {
        let counted = Counted::ALL.iter().map(|counted| counted.id());
        let data = DataKind::ALL.iter().map(|data| data.id());
        let cues = FactCue::ALL.iter().map(|(_, id)| *id);
        counted.chain(["fichiers"]).chain(data).chain(cues).collect()
    }

    /// The word of a table; none for an unknown name.
    pub fn from_id(id: &str) -> Option<FactWord> {
        let cue = || {
            FactCue::ALL
                .iter()
                .find(|(_, name)| *name == id)
                .map(|(cue, _)| FactWord::Cue(*cue))
        };
        match id {
            "fichiers" => Some(FactWord::Files),
            _ => Counted::from_id(id)
                .map(FactWord::Counted)
                .or_else(|_| DataKind::from_id(id).map(FactWord::Data))
                .ok()
                .or_else(cue),
        }
    }
}

/// A word of `facts.toml` found outside teasers.
#[derive(Debug, Clone, PartialEq)]
pub struct FactHit {
    /// Which.
    pub word: FactWord,
    /// How what it tells is said.
    pub assertion: Assertion,
    /// Its sentence.
    pub sentence: usize,
    /// Byte range in the folded text.
    pub folded: Range<usize>,
    /// Byte range in the document's text.
    pub range: Range<usize>,
}
