//! An incident: one attack on one victim (or one wave), as told by all its articles. Everything
//! but its id is a pure function of the articles, so their order of arrival does not matter.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::analysis::{Analysis, EventDates, Place, Victim};
use super::id::{ArticleId, IncidentId};
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
}

impl Incident {
    /// Country of the main victim; where no victim is named, of the story as the first article that
    /// tells it has it.
    pub fn country(&self) -> Option<&str> {
        match self.victims.first() {
            Some(main) => main.country.as_deref(),
            None => self.articles.iter().find_map(|article| article.says.country.as_deref()),
        }
    }

    /// Sector of the main victim; where no victim is named, the one that the first article that tells it has.
    pub fn sector(&self) -> Option<Sector> {
        match self.victims.first() {
            Some(main) => main.sector,
            None => self.articles.iter().find_map(|article| article.says.sector),
        }
    }

    /// Where the main victim is; where no victim is named, the story, as the first article that
    /// tells it has it. None when nothing tells it.
    pub fn place(&self) -> Option<&Place> {
        let told = |place: &&Place| place.departement.is_some() || place.region.is_some();
        match self.victims.first() {
            Some(main) => Some(&main.place).filter(told),
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
}

/// One dated change of an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Publication of the article behind it.
    pub at: Timestamp,
    /// That article.
    pub article: ArticleId,
    /// What changed: `opened`, `attacks`, `status`, `actor`, `event`, `victims`.
    pub field: String,
    /// Before; empty when there was nothing.
    pub from: String,
    /// After.
    pub to: String,
}
