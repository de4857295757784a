//! What one article says, once read: its kind, attack types, victims, place, status, actor, event
//! date; each with the words that decided it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::fact::Fact;
use super::id::VictimKey;
use super::label::{ArticleKind, AttackType, Level, Sector, Status};

/// Where in an article a sentence stands. Headline and lead weigh more than background; teasers
/// for other articles weigh nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Zone {
    /// The headline.
    Title,
    /// Standfirst or first sentences.
    Lead,
    /// The rest of the article's own story.
    Body,
    /// Reminders of other cases, figures, context.
    Background,
    /// A link or teaser to another article, an advertisement, the site's own words.
    Teaser,
}

/// How a statement is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assertion {
    /// Stated as a fact.
    Affirmed,
    /// Stated by an attacker, or reported in the conditional as claimed.
    Claimed,
    /// Feared, possible, simulated, general.
    Hypothetical,
    /// Denied or excluded.
    Denied,
}

impl Assertion {
    /// Whether the statement counts towards the article's attack types.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Affirmed | Self::Claimed)
    }
}

/// One mention of an attack in a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// What is said to have happened.
    pub attack: AttackType,
    /// How it is said.
    pub assertion: Assertion,
    /// The sentence's index in the document.
    pub sentence: usize,
    /// Where it stands.
    pub zone: Zone,
    /// Byte range in the document's text.
    pub start: usize,
    /// End of that range.
    pub end: usize,
    /// The phrase's weight in the model.
    pub weight: f32,
}

/// A word or phrase that counted for or against a label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it speaks for: `attack:rancongiciel`, `kind:incident`, `victim:departement:45`...
    pub label: String,
    /// The words, as they stand in the text.
    pub words: String,
    /// Where.
    pub zone: Zone,
    /// How it is said.
    pub assertion: Assertion,
    /// Contribution to the label's score.
    pub weight: f32,
    /// Byte offset of the words in title + "\n" + standfirst + "\n" + text.
    pub start: usize,
}

/// An organisation hit by the attack.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Victim {
    /// Its name, cleaned: "Département du Loiret".
    pub name: String,
    /// Its identity across spellings.
    pub key: VictimKey,
    /// Its main activity; none when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<Sector>,
    /// Its tier, for local bodies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Where its seat is.
    #[serde(default)]
    pub place: Place,
    /// ISO 3166-1 alpha-2; none when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// SIREN number of a French public body; none when no list has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub siren: Option<String>,
    /// How sure it is that this body was hit, 0 to 1.
    pub confidence: f32,
}

/// A further incident that a recap names beside its main one: its own victim, and what the sentences
/// about that victim say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recalled {
    /// Who was hit.
    pub victim: Victim,
    /// What is stated beside it; most specific first.
    pub attacks: Vec<AttackType>,
    /// How far it is established, by these sentences.
    pub status: Status,
    /// Who did it, as these sentences have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The words that decided.
    pub evidence: Vec<Evidence>,
}

/// A place in France, by INSEE codes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// INSEE code of the commune.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commune: Option<String>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commune_name: Option<String>,
    /// Code of the département: "45", "2A", "974".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departement: Option<String>,
    /// INSEE code of the région: "24".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// When the attack happened: a range of days, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventDates {
    /// First possible day.
    pub from: Date,
    /// Last possible day.
    pub to: Date,
}

/// Everything vigie concludes from one article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// ISO 639-1 code; `und` when undetermined.
    pub language: String,
    /// What the article is.
    pub kind: ArticleKind,
    /// Whether it tells a concrete incident; a trial or a recap may speak of none in particular.
    pub tells_incident: bool,
    /// Probability that it tells a concrete incident, 0 to 1.
    pub incident_probability: f32,
    /// What happened, as affirmed or claimed; most specific first; empty when not an incident.
    pub attacks: Vec<AttackType>,
    /// Who was hit, main victim first.
    pub victims: Vec<Victim>,
    /// The supplier through whom the main victim was hit, where the text says so: « son prestataire X ». None in
    /// bases of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Victim>,
    /// Country of the main victim, or of the story when no victim is named; none when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Sector of the main victim, or the one that the story's words tell when no victim is named; none when
    /// unknown. Bases of before have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<Sector>,
    /// Where the main victim is, or the story when no victim is named.
    #[serde(default)]
    pub place: Place,
    /// How far it is established, by this article.
    pub status: Option<Status>,
    /// Who did it, as claimed or stated.
    pub actor: Option<String>,
    /// When it happened.
    pub event: Option<EventDates>,
    /// Whether the article says this is a repeat (« de nouveau », « deuxième attaque »).
    pub recurrence: bool,
    /// How many persons, how much and which data, what ransom, which vulnerability; those told of
    /// other cases are marked by their zone. Bases of before have none.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// The further incidents that a recap names, in the order of the text; empty for every other article.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recalled: Vec<Recalled>,
    /// The words that decided.
    pub evidence: Vec<Evidence>,
}

impl Analysis {
    /// What is said of an article that could not be read: nothing.
    pub fn unread() -> Analysis {
        Analysis {
            language: "und".to_owned(),
            kind: ArticleKind::OffTopic,
            tells_incident: false,
            incident_probability: 0.0,
            attacks: Vec::new(),
            victims: Vec::new(),
            provider: None,
            country: None,
            sector: None,
            place: Place::default(),
            status: None,
            actor: None,
            event: None,
            recurrence: false,
            facts: Vec::new(),
            recalled: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// What the article says of one of the further incidents that it names, and of nothing else.
    pub fn of_recalled(&self, recalled: &Recalled) -> Analysis {
        Analysis {
            language: self.language.clone(),
            kind: self.kind,
            tells_incident: true,
            incident_probability: self.incident_probability,
            attacks: recalled.attacks.clone(),
            country: recalled.victim.country.clone(),
            sector: recalled.victim.sector,
            place: recalled.victim.place.clone(),
            victims: vec![recalled.victim.clone()],
            provider: None,
            status: Some(recalled.status),
            actor: recalled.actor.clone(),
            event: None,
            recurrence: false,
            facts: Vec::new(),
            recalled: Vec::new(),
            evidence: recalled.evidence.clone(),
        }
    }

    /// Whether the article stays out of the French figures by its language: it is kept and marked, but
    /// opens and joins no incident, since the words that were read in it are French. An undetermined
    /// language is no foreign one.
    pub fn is_foreign(&self) -> bool {
        !matches!(self.language.as_str(), "fr" | "und")
    }

    /// The main victim, when one was found.
    pub fn main_victim(&self) -> Option<&Victim> {
        self.victims.first()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_analysis_of_an_older_base_reads_without_facts_and_recalled_incidents() {
        let mut json = serde_json::to_value(Analysis::unread()).unwrap();
        assert!(json.as_object_mut().unwrap().remove("facts").is_some());
        assert!(!json.as_object().unwrap().contains_key("recalled"));
        assert_eq!(serde_json::from_value::<Analysis>(json).unwrap(), Analysis::unread());
    }

    #[test]
    fn an_undetermined_language_is_no_foreign_one() {
        let check = |language: &str, expected: bool| {
            let analysis = Analysis {
                language: language.to_owned(),
                ..Analysis::unread()
            };
            assert_eq!(analysis.is_foreign(), expected, "{language}");
        };
        check("fr", false);
        check("und", false);
        check("en", true);
        check("ja", true);
    }
}
