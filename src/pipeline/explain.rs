//! Why one article was read as it was: the words and votes from the classifier, the bodies from the
//! entities, and the facts, put together in the order of the text.

use super::analyse::{Prepared, Reader};
use crate::classify::explain::{Grounds, explain as explain_words};
use crate::classify::{facts, verdict};
use crate::entities::{Cited, Entities};
use crate::model::analysis::{Analysis, Evidence};
use crate::model::article::Article;
use crate::model::explanation::{Explained, Explanation, FeatureVote, Mark, Reason, Refused};
use crate::model::fact::Fact;

/// Reads an article, and tells why it was read so.
pub fn explain(reader: &Reader, article: &Article) -> Explained {
    let prepared = reader.prepare(article);
    let mut explanation = explanation(reader, &prepared);
    let analysis = reader.conclude(article, &prepared, &reader.models().votes);
    note_recalled(&mut explanation, &analysis);
    Explained { explanation, analysis }
}

/// The victims of the further incidents that a recap names are marked, and not among those refused.
fn note_recalled(explanation: &mut Explanation, analysis: &Analysis) {
    for recalled in &analysis.recalled {
        let label = format!("victim:{}", recalled.victim.key);
        let words = recalled.evidence.iter().filter(|piece| piece.label == label);
        for piece in words.map(marked) {
            if !explanation.marks.contains(&piece) {
                explanation.marks.push(piece);
            }
        }
        let name = format!("victim:{}", recalled.victim.name);
        explanation.refused.retain(|refused| refused.what != name);
    }
    explanation
        .marks
        .sort_by(|a, b| a.start.cmp(&b.start).then_with(|| a.label.cmp(&b.label)));
}

fn explanation(reader: &Reader, prepared: &Prepared) -> Explanation {
    let models = reader.models();
    let Prepared {
        document,
        reading,
        entities,
        found,
        features,
        ..
    } = prepared;
    let verdict = verdict::conclude(document, reading, features, found, &models.votes);
    let grounds = Grounds {
        document,
        reading,
        features,
        found,
        models,
    };
    let mut explanation = explain_words(grounds, &verdict);
    let least = models.votes.cuts.victim;
    explanation
        .refused
        .extend(refused_victims(entities, verdict.tells, least));
    let marks = &mut explanation.marks;
    marks.extend(entities.evidence.iter().map(marked));
    marks.extend(facts::facts(document, reading).iter().map(marked_fact));
    marks.sort_by(|a, b| a.start.cmp(&b.start).then_with(|| a.label.cmp(&b.label)));
    explanation
}

/// How many figures are named for each body.
const FEATURES_NAMED: usize = 3;

/// The bodies that were found and are no victims, with the reason. `least` is the confidence that a
/// victim needs.
fn refused_victims(entities: &Entities, tells: bool, least: f32) -> Vec<Refused> {
    let what = |name: &str| format!("victim:{name}");
    let found = entities.victims.iter().filter_map(|victim| {
        if !tells {
            return Some(Refused::new(what(&victim.name), Reason::NoIncident));
        }
        (victim.confidence < least).then(|| Refused {
            score: Some(victim.confidence),
            threshold: Some(least),
            ..Refused::new(what(&victim.name), Reason::BelowThreshold)
        })
    });
    let cited = entities.cited.iter().map(|cited| Refused {
        score: Some(cited.chance),
        threshold: Some(cited.needed),
        features: against(cited),
        ..Refused::new(
            what(&cited.name),
            if cited.chance < cited.needed {
                Reason::NotHit
            } else {
                Reason::NotTogether
            },
        )
    });
    found.chain(cited).collect()
}

fn against(cited: &Cited) -> Vec<FeatureVote> {
    let named = cited.against.iter().take(FEATURES_NAMED);
    named
        .map(|(name, adds)| FeatureVote {
            feature: (*name).to_owned(),
            label: None,
            position: None,
            adds: *adds,
        })
        .collect()
}

fn marked(evidence: &Evidence) -> Mark {
    Mark {
        label: evidence.label.clone(),
        words: evidence.words.clone(),
        zone: evidence.zone,
        assertion: evidence.assertion,
        weight: evidence.weight,
        incident: None,
        refused: None,
        start: evidence.start,
    }
}

/// A fact weighs nothing: it is told, and decides nothing.
fn marked_fact(fact: &Fact) -> Mark {
    Mark {
        label: format!("fact:{}", fact.told.french()),
        words: fact.words.clone(),
        zone: fact.zone,
        assertion: fact.assertion,
        weight: 0.0,
        incident: None,
        refused: (!fact.is_own()).then_some(Reason::Background),
        start: fact.start,
    }
}
