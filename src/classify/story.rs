//! One of several stories of an article, read alone: the types that its own statements name, and how
//! far its own sentences establish it.

use std::collections::{BTreeMap, BTreeSet};

use super::phrasebook::{Context, Meaning};
use super::reading::Cue;
use super::verdict::{CLEAR_WEIGHT, CONFIRMED_THRESHOLD};
use crate::model::analysis::{Assertion, Statement};
use crate::model::label::{AttackType, Status};

/// The types that these statements name, the clearest first; undetermined when none is clear.
pub fn attacks(statements: &[&Statement]) -> Vec<AttackType> {
    let mut weights: BTreeMap<AttackType, f32> = BTreeMap::new();
    for statement in statements.iter().filter(|statement| statement.assertion.counts()) {
        let weight = weights.entry(statement.attack).or_default();
        *weight = weight.max(statement.weight);
    }
    let is_vague = |attack: AttackType| matches!(attack, AttackType::Undetermined | AttackType::Outage);
    let mut clear: Vec<(AttackType, f32)> = weights
        .into_iter()
        .filter(|(attack, weight)| *weight >= CLEAR_WEIGHT && !is_vague(*attack))
        .collect();
    clear.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut attacks: Vec<AttackType> = clear.into_iter().map(|(attack, _)| attack).collect();
    if attacks.is_empty() {
        attacks.push(AttackType::Undetermined);
    }
    attacks
}

/// How far these sentences establish the story: claimed where its statements are only an attacker's
/// word, confirmed where somebody confirms it there, else reported.
pub fn status(statements: &[&Statement], cues: &[Cue], sentences: &BTreeSet<usize>) -> Status {
    let mut counting = statements
        .iter()
        .filter(|statement| statement.assertion.counts())
        .peekable();
    if counting.peek().is_some() && counting.all(|statement| statement.assertion == Assertion::Claimed) {
        return Status::Claimed;
    }
    let confirmed: f32 = cues
        .iter()
        .filter(|cue| cue.meaning == Meaning::Context(Context::Confirmed) && sentences.contains(&cue.sentence))
        .map(|cue| cue.weight)
        .sum();
    if confirmed >= CONFIRMED_THRESHOLD {
        Status::Confirmed
    } else {
        Status::Reported
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::model::Models;
    use crate::text::document::Document;

    #[test]
    fn each_sentence_has_its_own_types_and_status() {
        let models = Models::embedded().unwrap();
        let text = "La mairie de Dole a subi une cyberattaque.\n\
                    Le rançongiciel a frappé la société Krimovia.\n\
                    Le pirate revendique le vol de données de la région Normandie.\n\
                    Le maire de Gray a confirmé la fuite de données.\n\
                    Le site de Quimper est en panne.";
        let mut document = Document::new("", None, text);
        let reading = crate::classify::reading::read(&mut document, &models.phrases);
        let check = |sentence: usize, types: &[AttackType], expected: Status| {
            let own: Vec<&Statement> = reading
                .statements
                .iter()
                .filter(|statement| statement.sentence == sentence)
                .collect();
            let words = document.sentence_text(sentence);
            assert_eq!(attacks(&own), types, "{words}");
            assert_eq!(
                status(&own, &reading.cues, &BTreeSet::from([sentence])),
                expected,
                "{words}"
            );
        };
        check(0, &[AttackType::Undetermined], Status::Reported);
        check(1, &[AttackType::Ransomware], Status::Reported);
        check(2, &[AttackType::DataLeak], Status::Claimed);
        check(3, &[AttackType::DataLeak], Status::Confirmed);
        check(4, &[AttackType::Undetermined], Status::Reported);
    }
}
