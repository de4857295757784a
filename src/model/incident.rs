//! An incident: one attack on one victim (or one wave), as told by all its articles. Everything
//! but its id is a pure function of the articles, so their order of arrival does not matter.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::analysis::{Analysis, EventDates, Place, Victim};
use super::id::{ArticleId, IncidentId, VictimKey};
use super::imprint::Imprint;
use super::label::{ArticleKind, AttackType, Sector, Status};

/// One incident, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Stable identifier.
    pub id: IncidentId,
    /// Who was hit, main victim first.
    pub victims: Vec<Victim>,
    /// What happened; most specific first.
    pub attacks: Vec<AttackType>,
    /// How far it is established today.
    pub status: Status,
    /// Who did it.
    pub actor: Option<String>,
    /// When it happened, when an article tells.
    pub event: Option<EventDates>,
    /// Publication of the first article.
    pub first_published: Timestamp,
    /// Publication of the last article.
    pub last_published: Timestamp,
    /// Whether news reported it, or only trials and recaps recall it.
    pub standing: Standing,
    /// Its articles, oldest first.
    pub articles: Vec<ArticleRef>,
    /// What changed, when, and by which article.
    pub history: Vec<Change>,
    /// Ids of incidents that turned out to be this one, oldest first: they lead here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_ids: Vec<IncidentId>,
    /// What analysts decided about it as a whole.
    #[serde(default, skip_serializing_if = "Decided::is_nothing")]
    pub decided: Decided,
}

/// What analysts decided about an incident that none of its other fields can hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Decided {
    /// It is no incident: it leaves all answers.
    #[serde(default, skip_serializing_if = "is_false")]
    pub dismissed: bool,
    /// Where no victim is named: the sector of the story.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<Sector>,
    /// Where no victim is named: its country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Where no victim is named: its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

impl Decided {
    /// Whether analysts decided nothing here.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// A country, or that it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Country {
    /// ISO 3166-1 alpha-2 code.
    Code(String),
    /// Nobody knows.
    Unknown,
}

const fn is_false(value: &bool) -> bool {
    !*value
}

impl Incident {
    /// Country of the main victim; where no victim is named, of the story as the first article that
    /// tells it has it.
    pub fn country(&self) -> Option<&str> {
        match self.victims.first() {
            Some(main) => main.country.as_deref(),
            None if self.decided.country.is_some() => match &self.decided.country {
                Some(Country::Code(code)) => Some(code),
                _ => None,
            },
            None => self.articles.iter().find_map(|article| article.says.country.as_deref()),
        }
    }

    /// Sector of the main victim; where no victim is named, the one that the first article that tells it has.
    pub fn sector(&self) -> Option<Sector> {
        match self.victims.first() {
            Some(main) => main.sector,
            None if self.decided.sector.is_some() => self.decided.sector,
            None => self.articles.iter().find_map(|article| article.says.sector),
        }
    }

    /// Where the main victim is; where no victim is named, the story, as the first article that
    /// tells it has it. None when nothing tells it.
    pub fn place(&self) -> Option<&Place> {
        let told = |place: &&Place| place.departement.is_some() || place.region.is_some();
        match self.victims.first() {
            Some(main) => Some(&main.place).filter(told),
            None if self.decided.place.is_some() => self.decided.place.as_ref(),
            None => self.articles.iter().map(|article| &article.says.place).find(told),
        }
    }
}

/// Whether an incident was reported as news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// At least one article reports it as news.
    Reported,
    /// Only trials or recaps speak of it.
    Recalled,
}

/// One article of an incident, with what it says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArticleRef {
    /// The article.
    pub id: ArticleId,
    /// The publication.
    pub outlet: String,
    /// Where to read it.
    pub url: String,
    /// Headline.
    pub title: String,
    /// Publication.
    pub published: Timestamp,
    /// What kind of article.
    pub kind: ArticleKind,
    /// What it says.
    pub says: Analysis,
    /// Why it was joined to this incident.
    pub joined: Vec<String>,
    /// Of a recap filed under a further incident that it names: that incident's victim. The same article may be filed
    /// for several victims, in several incidents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<VictimKey>,
    /// Words to compare it by. Bases of before have none.
    #[serde(default)]
    pub imprint: Imprint,
    /// The ids of the incidents that it opened, with the moment each was given (a number that grows): they follow it
    /// into whatever incident it belongs to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub founded: Vec<Founding>,
}

/// An incident's id, given when an article opened it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Founding {
    /// Grows with every id given: of several, the oldest stays the incident's.
    pub serial: u64,
    /// The id.
    pub id: IncidentId,
}

/// One dated change of an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Publication of the article behind it; of a correction, the day it was made.
    pub at: Timestamp,
    /// That article; of a correction, the one by which it knows the incident.
    pub article: ArticleId,
    /// What changed: `opened`, `attacks`, `status`, `actor`, `event`, `victims`; of a correction, the label's name.
    pub field: String,
    /// Before; empty when there was nothing.
    pub from: String,
    /// After.
    pub to: String,
    /// The analyst who corrected it (empty when the file does not tell who); none when an article changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}
