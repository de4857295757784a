//! What analysts decided about incidents, whatever the models say: two that are one, two that are not, articles that
//! belong elsewhere, labels, articles to forget. Kept in `corrections.toml`.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::analysis::{EventDates, Place};
use super::id::{ArticleId, IncidentId, VictimKey};
use super::label::{AttackType, Level, Sector, Status};

/// One article of one incident, by which a correction finds the incident again after ids, models or the base changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Anchor {
    /// The article.
    pub article: ArticleId,
    /// Of a recap: for which of the further victims that it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<VictimKey>,
}

/// As it stands in `corrections.toml`: `4f0c…`, or `4f0c… commune:45234` for a part of a recap.
impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.part {
            Some(part) => write!(f, "{} {part}", self.article),
            None => write!(f, "{}", self.article),
        }
    }
}

/// One decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Correction {
    /// The incidents of these articles are one.
    Merge(Anchor, Anchor),
    /// The incidents of these articles are never one.
    Forbid(Anchor, Anchor),
    /// The first articles make up an incident of their own, apart from the second ones.
    Split(Vec<Anchor>, Vec<Anchor>),
    /// The incident of this article has this value for this label.
    Relabel(Anchor, Label),
    /// This article is to be erased, and not taken in again.
    Forget(ArticleId),
}

impl Correction {
    /// The articles that it speaks of.
    pub fn articles(&self) -> Vec<&ArticleId> {
        match self {
            Self::Merge(one, other) | Self::Forbid(one, other) => vec![&one.article, &other.article],
            Self::Split(apart, rest) => apart.iter().chain(rest).map(|anchor| &anchor.article).collect(),
            Self::Relabel(anchor, _) => vec![&anchor.article],
            Self::Forget(article) => vec![article],
        }
    }
}

/// A label that an analyst gives to an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// What is said.
    pub given: Given,
    /// Who said it; empty when the file does not tell.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
}

/// The value of a label, checked when it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Given {
    /// Name of the main victim.
    Victim(String),
    /// Its main activity.
    Sector(Sector),
    /// Its tier.
    Level(Level),
    /// What happened; most specific first, at least one.
    Attacks(Vec<AttackType>),
    /// How far it is established.
    Status(Status),
    /// Who did it; none when nobody is known.
    Actor(Option<String>),
    /// ISO 3166-1 alpha-2 code; none when it is not known.
    Country(Option<String>),
    /// Where the main victim is: a commune with its département and région, or a département with its région.
    Place(Place),
    /// When it happened; none when it is not known.
    Event(Option<EventDates>),
    /// Whether it is an incident at all.
    Incident(bool),
}

impl Given {
    /// The names of the labels, as they are typed.
    pub const FIELDS: [&'static str; 11] = [
        "victim",
        "sector",
        "level",
        "attacks",
        "status",
        "actor",
        "country",
        "departement",
        "commune",
        "event",
        "incident",
    ];

    /// The label's name, one of `FIELDS`.
    pub fn field(&self) -> &'static str {
        match self {
            Self::Victim(_) => "victim",
            Self::Sector(_) => "sector",
            Self::Level(_) => "level",
            Self::Attacks(_) => "attacks",
            Self::Status(_) => "status",
            Self::Actor(_) => "actor",
            Self::Country(_) => "country",
            Self::Place(place) if place.commune.is_some() => "commune",
            Self::Place(_) => "departement",
            Self::Event(_) => "event",
            Self::Incident(_) => "incident",
        }
    }

    /// The value as it is typed.
    pub fn value(&self) -> String {
        let or_unknown = |value: &Option<String>| value.clone().unwrap_or_else(|| UNKNOWN.to_owned());
        match self {
            Self::Victim(name) => name.clone(),
            Self::Sector(sector) => sector.to_string(),
            Self::Level(level) => level.to_string(),
            Self::Attacks(attacks) => {
                let ids: Vec<&str> = attacks.iter().map(|attack| attack.id()).collect();
                ids.join(",")
            }
            Self::Status(status) => status.to_string(),
            Self::Actor(actor) => or_unknown(actor),
            Self::Country(country) => or_unknown(country),
            Self::Place(place) => place
                .commune
                .clone()
                .or_else(|| place.departement.clone())
                .unwrap_or_default(),
            Self::Event(Some(event)) if event.from == event.to => event.from.to_string(),
            Self::Event(Some(event)) => format!("{}/{}", event.from, event.to),
            Self::Event(None) => UNKNOWN.to_owned(),
            Self::Incident(is_one) => if *is_one { "yes" } else { "no" }.to_owned(),
        }
    }
}

/// What is typed for a value that nobody knows.
pub const UNKNOWN: &str = "inconnu";

/// All decisions, in the order of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Corrections {
    /// The decisions.
    pub entries: Vec<Correction>,
    /// The ids by which analysts knew incidents when they decided: they lead to wherever the article is.
    pub names: Vec<KnownAs>,
}

/// An id that an incident had when an analyst decided about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownAs {
    /// The article by which the decision knows the incident.
    pub anchor: Anchor,
    /// Its id then.
    pub id: IncidentId,
}

impl Corrections {
    /// The articles to erase and never to take in.
    pub fn forgotten(&self) -> BTreeSet<ArticleId> {
        let forgotten = self.entries.iter().filter_map(|entry| match entry {
            Correction::Forget(article) => Some(article.clone()),
            _ => None,
        });
        forgotten.collect()
    }

    /// The labels that analysts gave, each with the article by which its incident is known.
    pub fn labels(&self) -> impl Iterator<Item = (&Anchor, &Label)> {
        self.entries.iter().filter_map(|entry| match entry {
            Correction::Relabel(anchor, label) => Some((anchor, label)),
            _ => None,
        })
    }
}
