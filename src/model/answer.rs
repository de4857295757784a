//! What is answered: the incidents found, each as the one view that all outputs share, with the
//! question and what stands behind the answer. The field names of `View` are those of the JSON
//! output, so renaming one changes a published format.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::coverage::Coverage;
use super::filter::Filter;
use super::id::{ArticleId, IncidentId};
use super::incident::{Change, Standing};
use super::label::{ArticleKind, AttackType, Level, Sector, Status};

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The question.
    pub filter: Filter,
    /// The same in French words: "incidents en France, secteur Santé, depuis le 25/10/2026".
    pub asked: String,
    /// What stands behind the answer.
    pub coverage: Coverage,
    /// How many incidents were found, before the limit.
    pub found: u64,
    /// How many more would have been, had the country of their victim been known.
    pub unknown_country: u64,
    /// How many more are known only from trials and recaps, and were left out for that.
    pub recalled: u64,
    /// The incidents, in the order asked for.
    pub incidents: Vec<View>,
    /// How many were found when each wave, and each supplier with its clients, counts once; before the limit.
    #[serde(default)]
    pub found_ensembles: u64,
    /// The waves, and the suppliers with their clients, that any incident found belongs to; ordered by first day.
    #[serde(default)]
    pub ensembles: Vec<Ensemble>,
}

/// What makes several incidents one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Whole {
    /// A supplier was hit, and its clients with it.
    #[serde(rename = "prestataire")]
    Supplier,
    /// One actor's attacks of one type on several victims within days.
    #[serde(rename = "vague")]
    Wave,
}

/// Incidents that may be counted as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ensemble {
    /// The id of the supplier's own incident; else a name made of the actor or supplier and the first day.
    pub id: IncidentId,
    /// What makes them one.
    pub whole: Whole,
    /// The supplier, or the actor.
    pub name: String,
    /// Day of the first incident.
    pub from: Date,
    /// Day of the last incident.
    pub to: Date,
    /// All incidents known, whatever was asked: the supplier's own first, then by day.
    pub incidents: Vec<IncidentId>,
    /// How many of them were found, before the limit.
    pub found: u64,
}

/// The whole that an incident is directly part of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOf {
    /// Its id: of the supplier's incident, or of the wave.
    pub id: IncidentId,
    /// What makes it a whole.
    pub whole: Whole,
    /// The supplier, or the actor.
    pub name: String,
    /// How many incidents are part of it, this one among them.
    pub count: u64,
}

/// An incident that is part of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The incident.
    pub id: IncidentId,
    /// Its main victim.
    pub victim: String,
    /// Its day.
    pub date: Date,
}

/// One incident, ready to be shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Stable identifier.
    pub id: IncidentId,
    /// The day it happened, or else the day it was first reported.
    pub date: Date,
    /// Which of the two it is.
    pub date_of: DateOf,
    /// Who was hit, main victim first.
    pub victims: Vec<ViewVictim>,
    /// Main activity of the main victim.
    pub sector: Option<Sector>,
    /// Tier of the main victim, for a local body.
    pub level: Option<Level>,
    /// What happened; most specific first.
    pub attacks: Vec<AttackType>,
    /// How far it is established.
    pub status: Status,
    /// Who did it.
    pub actor: Option<String>,
    /// First possible day.
    pub event_from: Option<Date>,
    /// Last possible day.
    pub event_to: Option<Date>,
    /// ISO 3166-1 alpha-2 code, of the main victim.
    pub country: Option<String>,
    /// Code of the département, of the main victim.
    pub departement: Option<String>,
    /// INSEE code of the région, of the main victim.
    pub region: Option<String>,
    /// Where the main victim is, for people: "Orléans (45)", "Loiret (45)".
    pub place: Option<String>,
    /// Publication of the first article.
    pub first_published: Timestamp,
    /// Publication of the last article.
    pub last_published: Timestamp,
    /// Whether news reported it, or only trials and recaps recall it.
    pub standing: Standing,
    /// How many outlets speak of it.
    pub sources: u64,
    /// Its articles, oldest first.
    pub articles: Vec<ViewArticle>,
    /// What changed, when, and by which article.
    pub history: Vec<Change>,
    /// The supplier through whom the main victim was hit, as an article names it.
    #[serde(default)]
    pub provider: Option<ViewProvider>,
    /// The wave, or the supplier's incident, that it is part of.
    #[serde(default)]
    pub part_of: Option<PartOf>,
    /// The incidents of the clients hit through its victim, by day.
    #[serde(default)]
    pub parts: Vec<Part>,
}

/// The supplier through whom somebody was hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewProvider {
    /// Its name.
    pub name: String,
    /// Its identity across spellings.
    pub key: String,
}

impl View {
    /// Where to read of it first; none for an incident without articles.
    pub fn first_url(&self) -> Option<&str> {
        self.articles.first().map(|article| article.url.as_str())
    }
}

/// What a view's date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOf {
    /// The day the attack happened.
    Event,
    /// The day of the first article: it happened then or before.
    FirstPublished,
}

impl DateOf {
    /// Its name in exports.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::FirstPublished => "first_published",
        }
    }
}

/// One victim of a view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewVictim {
    /// Its name.
    pub name: String,
    /// Its identity across spellings.
    pub key: String,
    /// Its main activity.
    pub sector: Option<Sector>,
    /// Its tier, for a local body.
    pub level: Option<Level>,
    /// INSEE code of the commune of its seat.
    pub commune: Option<String>,
    /// That commune's name.
    pub commune_name: Option<String>,
    /// Code of the département.
    pub departement: Option<String>,
    /// INSEE code of the région.
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2 code.
    pub country: Option<String>,
    /// SIREN number, of a public body that the lists have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub siren: Option<String>,
}

/// One article of a view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewArticle {
    /// The article.
    pub id: ArticleId,
    /// The publication.
    pub outlet: String,
    /// Headline.
    pub title: String,
    /// Where to read it.
    pub url: String,
    /// Publication.
    pub published: Timestamp,
    /// What kind of article.
    pub kind: ArticleKind,
}
