//! What is asked: a filter on incidents, with every value already resolved (codes, folded words,
//! moments). It crosses the socket of `watch` as JSON, so it lies below both sides of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::label::{AttackType, Level, Sector, Status};

/// A filter. The values of one list are alternatives; the lists combine. What says something of
/// the victim (sector, level, place, country, name) must be true of one same victim of the
/// incident. An empty list asks nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// Main activities of the victim.
    #[serde(default)]
    pub sectors: Vec<Sector>,
    /// Tiers of local bodies.
    #[serde(default)]
    pub levels: Vec<Level>,
    /// Attack types.
    #[serde(default)]
    pub attacks: Vec<AttackType>,
    /// Codes of départements: "45", "2A".
    #[serde(default)]
    pub departements: Vec<String>,
    /// INSEE codes of régions: "24".
    #[serde(default)]
    pub regions: Vec<String>,
    /// INSEE codes of communes, or their folded names.
    #[serde(default)]
    pub communes: Vec<String>,
    /// Statuses.
    #[serde(default)]
    pub statuses: Vec<Status>,
    /// Start of the actor's name, folded, without spaces or punctuation: "lockbit".
    #[serde(default)]
    pub actor: Option<String>,
    /// Words, folded, that each begin a word of the victim's name.
    #[serde(default)]
    pub victim: Vec<String>,
    /// Words that must all be found in the incident's names, titles and articles.
    #[serde(default)]
    pub words: Vec<Word>,
    /// First moment, included.
    #[serde(default)]
    pub since: Option<Timestamp>,
    /// Last moment, not included.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// Which dates of an incident the two moments bound.
    #[serde(default)]
    pub window: Window,
    /// Countries of the victim; empty for all.
    #[serde(default)]
    pub countries: Vec<Country>,
    /// Whether incidents that only trials and recaps recall are shown too.
    #[serde(default)]
    pub recalled: bool,
    /// Order of the answer.
    #[serde(default)]
    pub sort: Sort,
    /// What is counted, and limited.
    #[serde(default)]
    pub count: Count,
    /// At most so many of what is counted; none for all.
    #[serde(default)]
    pub limit: Option<u64>,
}

impl Filter {
    /// The filter that lets every incident through, of any country and standing.
    pub const fn everything() -> Filter {
        Filter {
            sectors: Vec::new(),
            levels: Vec::new(),
            attacks: Vec::new(),
            departements: Vec::new(),
            regions: Vec::new(),
            communes: Vec::new(),
            statuses: Vec::new(),
            actor: None,
            victim: Vec::new(),
            words: Vec::new(),
            since: None,
            until: None,
            window: Window::Incident,
            countries: Vec::new(),
            recalled: true,
            sort: Sort::Date,
            count: Count::Incidents,
            limit: None,
        }
    }
}

/// A word looked for in the texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// The word, folded.
    pub folded: String,
    /// Whether it may be only the beginning of a word (typed `hopit*`).
    pub prefix: bool,
}

/// Which dates of an incident `since` and `until` bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Window {
    /// When it happened, or was first reported: an old incident with a new article stays out.
    #[default]
    Incident,
    /// When any article on it was published.
    Articles,
}

/// A country that is asked for; as text, its code or `unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Country {
    /// By its ISO 3166-1 alpha-2 code, in capitals.
    Code(String),
    /// The incidents whose victim's country no article tells.
    Unknown,
}

impl From<String> for Country {
    fn from(text: String) -> Country {
        if text == "unknown" {
            Country::Unknown
        } else {
            Country::Code(text)
        }
    }
}

impl From<Country> for String {
    fn from(country: Country) -> String {
        match country {
            Country::Code(code) => code,
            Country::Unknown => "unknown".to_owned(),
        }
    }
}

/// What an answer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Count {
    /// Each incident.
    #[default]
    Incidents,
    /// A wave once, a supplier with its clients once; their incidents stand together.
    Ensembles,
}

impl Count {
    /// Every way, with the name it is typed by.
    pub const ALL: &'static [(&'static str, Count)] =
        &[("incidents", Count::Incidents), ("ensembles", Count::Ensembles)];
}

/// The order of an answer. Equal incidents are ordered by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// By the incident's date, newest first.
    #[default]
    Date,
    /// By the first article, newest first.
    First,
    /// By the last article, newest first.
    Last,
    /// By the victim's name.
    Victim,
    /// By the number of sources, most first.
    Sources,
}

impl Sort {
    /// Every order, with the name it is typed by.
    pub const ALL: &'static [(&'static str, Sort)] = &[
        ("date", Sort::Date),
        ("first", Sort::First),
        ("last", Sort::Last),
        ("victim", Sort::Victim),
        ("sources", Sort::Sources),
    ];
}
