//! The phrases of `data/keywords/` compiled together, and what each of their labels stands for.

use super::fact_words::FactWord;
use super::lexicon::{Lexicon, LexiconError, ModelFile};
use crate::model::label::{ArticleKind, AttackType, Level, Sector};

/// The phrase files: name, namespace of their labels, text shipped in the binary.
pub const FILES: [(&str, &str, &str); 7] = [
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
    ("words.toml", "word", include_str!("../../data/keywords/words.toml")),
    ("facts.toml", "fact", include_str!("../../data/keywords/facts.toml")),
];
/// The one table of words.toml.
const WORDS: &[&str] = &["word"];
/// The tables of context.toml.
const CONTEXTS: &[&str] = &[
    "denied-before",
    "denied-after",
    "denied-alone",
    "hypothetical-before",
    "hypothetical-after",
    "hypothetical-beside",
    "hypothetical-sentence",
    "claimed-sentence",
    "claimed-beside",
    "conditional",
    "no-cue",
    "established",
    "confirmed",
    "denial",
    "background-start",
    "background-sentence",
    "teaser-start",
    "recurrence",
    "off-topic",
    "kidnapping",
    "exercise",
    "generic",
    "computers",
    "ruled-out",
];

/// All phrases, one automaton.
#[derive(Debug)]
pub struct Phrasebook {
    /// The phrases.
    pub lexicon: Lexicon,
    /// What each label index of the lexicon stands for.
    pub meanings: Vec<Meaning>,
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
    /// Nothing by itself: what it speaks for is learned.
    Word,
    /// A word that tells a fact, or bears on one.
    Fact(FactWord),
}

/// The tables of `context.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is explained where it is written, in context.toml")]
pub enum Context {
    DeniedBefore,
    DeniedAfter,
    DeniedAlone,
    HypotheticalBefore,
    HypotheticalAfter,
    HypotheticalBeside,
    HypotheticalSentence,
    ClaimedSentence,
    ClaimedBeside,
    Conditional,
    NoCue,
    Established,
    Confirmed,
    Denial,
    BackgroundStart,
    BackgroundSentence,
    TeaserStart,
    Recurrence,
    OffTopic,
    Kidnapping,
    Exercise,
    Generic,
    Computers,
    RuledOut,
}

impl Context {
    const ALL: [Context; 24] = [
        Context::DeniedBefore,
        Context::DeniedAfter,
        Context::DeniedAlone,
        Context::HypotheticalBefore,
        Context::HypotheticalAfter,
        Context::HypotheticalBeside,
        Context::HypotheticalSentence,
        Context::ClaimedSentence,
        Context::ClaimedBeside,
        Context::Conditional,
        Context::NoCue,
        Context::Established,
        Context::Confirmed,
        Context::Denial,
        Context::BackgroundStart,
        Context::BackgroundSentence,
        Context::TeaserStart,
        Context::Recurrence,
        Context::OffTopic,
        Context::Kidnapping,
        Context::Exercise,
        Context::Generic,
        Context::Computers,
        Context::RuledOut,
    ];

    /// Whether its words only tell how the attacks around them are stated, and speak for nothing by themselves.
    pub const fn is_only_scope(self) -> bool {
        matches!(
            self,
            Context::DeniedBefore
                | Context::DeniedAfter
                | Context::DeniedAlone
                | Context::HypotheticalBefore
                | Context::HypotheticalAfter
                | Context::HypotheticalBeside
                | Context::HypotheticalSentence
                | Context::ClaimedSentence
                | Context::ClaimedBeside
                | Context::Conditional
                | Context::NoCue
                | Context::Established
                | Context::Kidnapping
        )
    }
}

impl Phrasebook {
    /// Compiles the files, in the order of [`FILES`].
    pub fn compile(files: &[ModelFile]) -> Result<Phrasebook, LexiconError> {
        let attacks: Vec<&str> = AttackType::ALL.iter().map(|label| label.id()).collect();
        let sectors: Vec<&str> = Sector::ALL.iter().map(|label| label.id()).collect();
        let levels: Vec<&str> = Level::ALL.iter().map(|label| label.id()).collect();
        let kinds: Vec<&str> = ArticleKind::ALL.iter().map(|label| label.id()).collect();
        let facts = FactWord::ids();
        let known: [&[&str]; 7] = [&attacks, &sectors, &levels, &kinds, CONTEXTS, WORDS, &facts];
        let sources: Vec<(&ModelFile, &str, &[&str])> = files
            .iter()
            .zip(FILES)
            .zip(known)
            .map(|((file, (_, namespace, _)), known)| (file, namespace, known))
            .collect();
        let lexicon = Lexicon::compile(&sources)?;
        let meanings = lexicon.labels().iter().map(|label| meaning(label)).collect();
        Ok(Phrasebook { lexicon, meanings })
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
        "word" => Meaning::Word,
        "fact" => Meaning::Fact(FactWord::from_id(id).expect(known)),
        _ => Meaning::Context(Context::ALL[CONTEXTS.iter().position(|name| *name == id).expect(known)]),
    }
}
