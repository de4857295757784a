//! What the votes count about one document: a fixed list of named figures, and each phrase in each
//! part of the text. `data/keywords/votes.toml` gives them their weights.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::phrasebook::{Context, Meaning};
use super::reading::{Position, Reading};
use crate::model::analysis::{Assertion, Statement, Zone};
use crate::model::label::{ArticleKind, AttackType};

/// What the search for organisations found, as far as the kind of article depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Found {
    /// Confidence of the main victim; 0 when there is none.
    pub victim: f32,
    /// Whether a gazetteer knows it.
    pub victim_listed: bool,
    /// Whether it is a local body, a hospital or a school.
    pub victim_is_public: bool,
    /// Whether it stands in the title.
    pub victim_in_title: bool,
    /// How many victims.
    pub victims: usize,
    /// Whether an attacker is named.
    pub actor: bool,
    /// Whether the day of the attack is told.
    pub event: bool,
    /// Whether the headline is a question.
    pub title_asks: bool,
}

/// The features of one document: columns and their values, without zeros, by column. The named figures
/// come first, then a column for each phrase in each position.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Features(pub Vec<(u32, f32)>);

const PLAIN: [&str; 33] = [
    "bias",
    "title-attack",
    "title-attacks",
    "title-generic",
    "title-hypothetical",
    "title-denied",
    "title-claimed",
    "title-confirmed",
    "lead-attack",
    "lead-generic",
    "lead-claimed",
    "lead-confirmed",
    "body-attack",
    "body-confirmed",
    "background-attack",
    "off-topic",
    "exercise",
    "denial",
    "recurrence",
    "victim",
    "victim-listed",
    "victim-in-title",
    "victim-is-public",
    "victims",
    "actor",
    "event",
    "short",
    "title-computers",
    "computers",
    "victim-and-title-attack",
    "victim-and-lead-attack",
    "unnamed-title-attack",
    "title-question",
];
const KIND_ZONES: [(&str, Zone); 3] = [
    ("title-kind-", Zone::Title),
    ("lead-kind-", Zone::Lead),
    ("body-kind-", Zone::Body),
];
const TYPE_ZONES: [(&str, Zone); 4] = [
    ("title-type-", Zone::Title),
    ("lead-type-", Zone::Lead),
    ("body-type-", Zone::Body),
    ("background-type-", Zone::Background),
];
const DENIED_TYPE: &str = "denied-type-";
/// Below this confidence of the main victim nobody is named.
const NAMED_CONFIDENCE: f32 = 0.4;
/// Below this many bytes a text is "short": a feed's summary.
const SHORT_BYTES: usize = 350;

/// The names of the named figures, by column.
pub fn names() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let plain = PLAIN.iter().map(|name| (*name).to_owned());
        let kinds = KIND_ZONES
            .iter()
            .flat_map(|(zone, _)| ArticleKind::ALL.iter().map(move |kind| format!("{zone}{kind}")));
        let types = TYPE_ZONES
            .iter()
            .map(|(zone, _)| *zone)
            .chain([DENIED_TYPE])
            .flat_map(|zone| AttackType::ALL.iter().map(move |attack| format!("{zone}{attack}")));
        plain.chain(kinds).chain(types).collect()
    })
}

/// The column of a named figure.
pub fn named_column(name: &str) -> Option<u32> {
    static COLUMNS: OnceLock<BTreeMap<&'static str, u32>> = OnceLock::new();
    let columns = COLUMNS.get_or_init(|| {
        let numbered = names().iter().enumerate();
        numbered.map(|(column, name)| (name.as_str(), column as u32)).collect()
    });
    columns.get(name).copied()
}

/// How many named figures there are: the phrases' columns follow.
pub fn named_columns() -> usize {
    names().len()
}

/// Whether a column is one of the named figures.
pub fn is_named(column: u32) -> bool {
    (column as usize) < named_columns()
}

/// Whether a column stands for a phrase wherever it is.
pub fn is_anywhere(column: u32) -> bool {
    !is_named(column) && (column as usize - named_columns()) % Position::ALL.len() == Position::Anywhere as usize
}

/// The column of a phrase in a position.
pub fn phrase_column(phrase: usize, position: Position) -> u32 {
    (named_columns() + phrase * Position::ALL.len() + position as usize) as u32
}

/// The phrase and position that a column stands for; not for a named figure.
pub fn phrase_of_column(column: u32) -> (usize, Position) {
    let column = column as usize - named_columns();
    (
        column / Position::ALL.len(),
        Position::ALL[column % Position::ALL.len()],
    )
}

/// All columns of a lexicon with so many phrases.
pub fn columns(phrases: usize) -> usize {
    named_columns() + phrases * Position::ALL.len()
}

/// The features of one document.
pub fn features(reading: &Reading, found: &Found, text_bytes: usize) -> Features {
    let mut named = Named::default();
    named.plain(reading, found, text_bytes);
    named.kinds(reading);
    named.types(&reading.statements);
    let mut all: Vec<(u32, f32)> = named
        .0
        .into_iter()
        .enumerate()
        .filter(|(_, value)| *value != 0.0)
        .map(|(column, value)| (column as u32, value))
        .collect();
    let mut phrases: Vec<u32> = reading
        .hits
        .iter()
        .map(|hit| phrase_column(hit.phrase, hit.position))
        .collect();
    phrases.reserve(phrases.len());
    let told = reading.hits.iter().filter(|hit| hit.position.is_told());
    phrases.extend(told.map(|hit| phrase_column(hit.phrase, Position::Anywhere)));
    phrases.sort_unstable();
    phrases.dedup();
    all.reserve(phrases.len());
    all.extend(phrases.into_iter().map(|column| (column, 1.0)));
    Features(all)
}

/// The named figures being counted, by column.
struct Named(Vec<f32>);

impl Default for Named {
    fn default() -> Named {
        Named(vec![0.0; named_columns()])
    }
}

impl Named {
    fn set(&mut self, name: &str, value: f32) {
        let column = PLAIN.iter().position(|plain| *plain == name);
        self.0[column.expect("a name of PLAIN")] = value;
    }

    fn plain(&mut self, reading: &Reading, found: &Found, text_bytes: usize) {
        let flag = |value: bool| if value { 1.0 } else { 0.0 };
        let has = |zone: Zone, context: Context| weight_of(reading, zone, context) > 0.0;
        let confirmed = |zone: Zone| (1.0 + weight_of(reading, zone, Context::Confirmed)).ln();
        let everywhere = |context: Context| {
            [Zone::Title, Zone::Lead, Zone::Body]
                .iter()
                .any(|zone| has(*zone, context))
        };
        let computers = |zone: Zone| weight_of(reading, zone, Context::Computers);
        let said = |zone: Zone, assertion: Assertion| {
            let mut statements = reading.statements.iter();
            statements.any(|statement| statement.zone == zone && statement.assertion == assertion)
        };
        let off_topic = |zone: &Zone| has(*zone, Context::OffTopic) || has(*zone, Context::RuledOut);
        self.set("bias", 1.0);
        self.set("title-attack", strongest(reading, Zone::Title));
        self.set(
            "title-attacks",
            (counting_in(reading, Zone::Title) as f32).min(3.0) / 3.0,
        );
        self.set("title-generic", flag(has(Zone::Title, Context::Generic)));
        self.set("title-hypothetical", flag(said(Zone::Title, Assertion::Hypothetical)));
        self.set("title-denied", flag(said(Zone::Title, Assertion::Denied)));
        self.set("title-claimed", flag(said(Zone::Title, Assertion::Claimed)));
        self.set("title-confirmed", flag(has(Zone::Title, Context::Confirmed)));
        self.set("lead-attack", strongest(reading, Zone::Lead));
        self.set("lead-generic", flag(has(Zone::Lead, Context::Generic)));
        self.set("lead-claimed", flag(said(Zone::Lead, Assertion::Claimed)));
        self.set("lead-confirmed", confirmed(Zone::Lead));
        self.set("body-attack", strongest(reading, Zone::Body));
        self.set("body-confirmed", confirmed(Zone::Body));
        self.set("background-attack", strongest(reading, Zone::Background));
        self.set("off-topic", flag([Zone::Title, Zone::Lead].iter().any(off_topic)));
        self.set("exercise", flag(everywhere(Context::Exercise)));
        self.set("denial", flag(everywhere(Context::Denial)));
        self.set("recurrence", flag(has(Zone::Title, Context::Recurrence)));
        self.set("victim", found.victim);
        self.set("victim-listed", flag(found.victim_listed));
        self.set("victim-is-public", flag(found.victim_is_public));
        self.set("victim-in-title", flag(found.victim_in_title));
        self.set("victims", (found.victims as f32).min(4.0) / 4.0);
        self.set("actor", flag(found.actor));
        self.set("event", flag(found.event));
        self.set("title-computers", flag(computers(Zone::Title) > 0.0));
        self.set("computers", (1.0 + computers(Zone::Lead) + computers(Zone::Body)).ln());
        self.set("short", flag(text_bytes < SHORT_BYTES));
        self.set(
            "victim-and-title-attack",
            found.victim * strongest(reading, Zone::Title),
        );
        self.set("victim-and-lead-attack", found.victim * strongest(reading, Zone::Lead));
        let unnamed = flag(found.victim < NAMED_CONFIDENCE);
        self.set("unnamed-title-attack", unnamed * strongest(reading, Zone::Title));
        self.set("title-question", flag(found.title_asks));
    }

    fn kinds(&mut self, reading: &Reading) {
        let first = PLAIN.len();
        for cue in &reading.cues {
            let zone = KIND_ZONES.iter().position(|(_, zone)| *zone == cue.zone);
            if let (Meaning::Kind(kind), Some(zone)) = (cue.meaning, zone) {
                self.0[first + zone * ArticleKind::ALL.len() + kind as usize] += cue.weight;
            }
        }
        let end = first + KIND_ZONES.len() * ArticleKind::ALL.len();
        self.0[first..end]
            .iter_mut()
            .for_each(|sum| *sum = (1.0 + sum.max(0.0)).ln());
    }

    fn types(&mut self, statements: &[Statement]) {
        let first = PLAIN.len() + KIND_ZONES.len() * ArticleKind::ALL.len();
        let denied = first + TYPE_ZONES.len() * AttackType::ALL.len();
        for statement in statements {
            let zone = TYPE_ZONES.iter().position(|(_, zone)| *zone == statement.zone);
            if !statement.assertion.counts() {
                self.0[denied + statement.attack as usize] = 1.0;
            } else if let Some(zone) = zone {
                self.0[first + zone * AttackType::ALL.len() + statement.attack as usize] += statement.weight;
            }
        }
        self.0[first..denied]
            .iter_mut()
            .for_each(|sum| *sum = (1.0 + sum.max(0.0)).ln());
    }
}

/// The weights of a context's cues in a zone, summed.
fn weight_of(reading: &Reading, zone: Zone, context: Context) -> f32 {
    let cues = reading.cues.iter();
    cues.filter(|cue| cue.zone == zone && cue.meaning == Meaning::Context(context))
        .map(|cue| cue.weight)
        .sum()
}

/// The statements of a zone that count.
fn counting(reading: &Reading, zone: Zone) -> impl Iterator<Item = &Statement> {
    let statements = reading.statements.iter();
    statements.filter(move |statement| statement.zone == zone && statement.assertion.counts())
}

fn counting_in(reading: &Reading, zone: Zone) -> usize {
    counting(reading, zone).count()
}

/// The weight of the zone's strongest statement, 1 being a clear one.
fn strongest(reading: &Reading, zone: Zone) -> f32 {
    counting(reading, zone)
        .map(|statement| statement.weight / 5.0)
        .fold(0.0, f32::max)
}
