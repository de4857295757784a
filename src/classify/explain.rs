//! Why the verdict is what it is: the same reading and votes, told instead of summed up.

use std::collections::BTreeMap;
use std::ops::Range;

use super::features::{Features, Found, is_named, names, phrase_of_column};
use super::model::Models;
use super::phrasebook::{Context, Meaning};
use super::reading::{Position, Reading};
use super::verdict::{Verdict, stated, veto, zone_factor};
use super::votes::Weights;
use crate::model::analysis::{Assertion, Zone};
use crate::model::explanation::{Decision, Explanation, FeatureVote, KindVote, Mark, Passage, Reason, Refused};
use crate::model::label::AttackType;
use crate::text::document::Document;

/// How many features are named for each score.
const FEATURES_NAMED: usize = 6;
/// The label of a word that is no phrase.
const WORD: &str = "word:word";

/// What a verdict was concluded from.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'a> {
    /// The text.
    pub document: &'a Document,
    /// What the phrases say about it.
    pub reading: &'a Reading,
    /// What votes.
    pub features: &'a Features,
    /// What the search for organisations found.
    pub found: &'a Found,
    /// The models.
    pub models: &'a Models,
}

/// Explains a verdict by what it was concluded from.
pub fn explain(grounds: Grounds<'_>, verdict: &Verdict) -> Explanation {
    let marks = marks(grounds);
    let mut refused: Vec<Refused> = marks.iter().filter_map(refused_mark).collect();
    refused.extend(refused_types(grounds, verdict));
    Explanation {
        passages: passages(grounds.document),
        kinds: kinds(grounds, verdict),
        decision: decision(grounds, verdict),
        marks,
        refused,
    }
}

/// The text in runs of sentences that share paragraph and zone.
fn passages(document: &Document) -> Vec<Passage> {
    let mut runs: Vec<(Range<usize>, Zone, usize)> = Vec::new();
    for sentence in &document.sentences {
        match runs.last_mut() {
            Some((range, zone, line)) if *zone == sentence.zone && *line == sentence.line => {
                range.end = sentence.range.end;
            }
            _ => runs.push((sentence.range.clone(), sentence.zone, sentence.line)),
        }
    }
    runs.into_iter()
        .map(|(range, zone, _)| Passage {
            zone,
            start: range.start,
            text: document.text[range].to_owned(),
        })
        .collect()
}

/// Every phrase found, whether it counted or not. The words of facts are not among them: the facts
/// themselves are told.
fn marks(grounds: Grounds<'_>) -> Vec<Mark> {
    let Grounds {
        document,
        reading,
        models,
        found,
        ..
    } = grounds;
    let said = said(reading);
    let phrases = &models.phrases;
    let hits = phrases.lexicon.find(&document.text, &document.folded).into_iter();
    hits.filter_map(|hit| {
        let meaning = phrases.meanings[hit.label];
        let sentence = document.sentence_at_folded(hit.folded.start)?;
        let zone = document.sentences[sentence].zone;
        // Of a teaser, only what makes it one, and the attacks that are none of the article's own.
        let is_told = zone != Zone::Teaser || is_zone_mark(meaning) || matches!(meaning, Meaning::Attack(_));
        if matches!(meaning, Meaning::Fact(_)) || is_idle(reading, meaning, sentence) || !is_told {
            return None;
        }
        let range = document.folded.original_range(hit.folded);
        let here = said.get(&(range.start, range.end));
        let assertion = here
            .and_then(|here| here.iter().find(|(known, _)| *known == meaning))
            .map(|(_, said)| *said);
        let refused = refused_as(meaning, assertion, zone);
        let position = Position::of(zone, range.start, document.text.len());
        let position = position.stated(assertion.unwrap_or(Assertion::Affirmed));
        let counts = !matches!(refused, Some(Reason::Teaser | Reason::Elsewhere | Reason::Negated));
        let incident = counts
            .then(|| models.votes.incident.of_phrase(hit.phrase, position))
            .filter(|adds| *adds != 0.0)
            .map(|adds| adds * models.votes.cuts.line(found.victim).0);
        // A common word is shown only where it voted.
        if meaning == Meaning::Word && incident.is_none() {
            return None;
        }
        Some(Mark {
            label: phrases.lexicon.labels()[hit.label].clone(),
            words: document.text[range.clone()].to_owned(),
            zone,
            assertion: assertion.unwrap_or(Assertion::Affirmed),
            weight: match meaning {
                Meaning::Word => 0.0,
                _ => phrases.lexicon.phrases()[hit.phrase].weight * zone_factor(zone),
            },
            incident,
            refused,
            start: range.start,
        })
    })
    .collect()
}

/// What the reading kept at each place, and how it is said there.
fn said(reading: &Reading) -> BTreeMap<(usize, usize), Vec<(Meaning, Assertion)>> {
    let mut said: BTreeMap<(usize, usize), Vec<(Meaning, Assertion)>> = BTreeMap::new();
    for statement in &reading.statements {
        let here = said.entry((statement.start, statement.end)).or_default();
        here.push((Meaning::Attack(statement.attack), statement.assertion));
    }
    for cue in &reading.cues {
        let here = said.entry((cue.range.start, cue.range.end)).or_default();
        here.push((cue.meaning, Assertion::Affirmed));
    }
    said
}

/// Whether it is what takes a sentence out of the article's own story.
const fn is_zone_mark(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::Context(Context::TeaserStart | Context::BackgroundStart | Context::BackgroundSentence)
    )
}

/// Whether it is a word of scope that had nothing to bear on: a denial without an attack in its sentence.
fn is_idle(reading: &Reading, meaning: Meaning, sentence: usize) -> bool {
    let is_scope = matches!(meaning, Meaning::Context(context) if context.is_only_scope());
    is_scope
        && reading
            .statements
            .binary_search_by_key(&sentence, |known| known.sentence)
            .is_err()
}

/// Why a phrase does not count; none when it does. `said` is how the reading keeps it, if it does.
fn refused_as(meaning: Meaning, said: Option<Assertion>, zone: Zone) -> Option<Reason> {
    let is_kept_apart =
        meaning == Meaning::Word || matches!(meaning, Meaning::Context(context) if context.is_only_scope());
    match (said, meaning) {
        (Some(Assertion::Denied), _) => Some(Reason::Denied),
        (Some(Assertion::Hypothetical), _) => Some(Reason::Hypothetical),
        (Some(_), Meaning::Attack(_)) if zone == Zone::Background => Some(Reason::Background),
        (Some(_), _) => None,
        (None, _) if is_zone_mark(meaning) => None,
        (None, _) if zone == Zone::Teaser => Some(Reason::Teaser),
        (None, _) if is_kept_apart => None,
        (None, Meaning::Context(Context::Confirmed)) => Some(Reason::Negated),
        (None, _) => Some(Reason::Elsewhere),
    }
}

/// A mention of an attack that was not kept, or a confirmation that is none.
fn refused_mark(mark: &Mark) -> Option<Refused> {
    let reason = mark.refused?;
    (mark.label.starts_with("attack:") || reason == Reason::Negated).then(|| Refused {
        words: Some(mark.words.clone()),
        ..Refused::new(mark.label.clone(), reason)
    })
}

/// The types that something speaks for and that were not given.
fn refused_types(grounds: Grounds<'_>, verdict: &Verdict) -> Vec<Refused> {
    let is_undetermined = verdict.attacks == [AttackType::Undetermined];
    stated(&grounds.reading.statements, &grounds.models.votes, grounds.features)
        .into_iter()
        .filter(|stated| !verdict.attacks.contains(&stated.attack))
        .map(|stated| {
            let reached = stated.score >= stated.threshold;
            let reason = match (verdict.tells, reached, stated.is_voted) {
                (false, _, _) => Reason::NoIncident,
                (true, true, _) if stated.attack != AttackType::Undetermined && is_undetermined => Reason::Outvoted,
                (true, true, _) => Reason::LessPrecise,
                (true, false, true) => Reason::Outvoted,
                (true, false, false) => Reason::BelowThreshold,
            };
            let weights = grounds.models.votes.types.get(&stated.attack);
            Refused {
                score: Some(stated.score),
                threshold: Some(stated.threshold),
                features: weights.map_or_else(Vec::new, |weights| heaviest(grounds, weights, 1.0)),
                ..Refused::new(format!("attack:{}", stated.attack), reason)
            }
        })
        .collect()
}

/// The kinds with their shares: the kinds that tell an incident share its probability, the others the rest.
fn kinds(grounds: Grounds<'_>, verdict: &Verdict) -> Vec<KindVote> {
    let votes = &grounds.models.votes;
    let score = |weights: &Weights| weights.score(grounds.features);
    let sum = |tells: bool| -> f32 {
        let group = votes.kinds.iter().filter(|(vote, _)| vote.tells == tells);
        group.map(|(_, weights)| score(weights).exp()).sum()
    };
    let sums = (sum(true), sum(false));
    let mut kinds: Vec<KindVote> = votes
        .kinds
        .iter()
        .map(|(vote, weights)| {
            let (all, sum) = if vote.tells {
                (verdict.incident_probability, sums.0)
            } else {
                (1.0 - verdict.incident_probability, sums.1)
            };
            KindVote {
                kind: vote.name(),
                tells_incident: vote.tells,
                probability: all * score(weights).exp() / sum,
                features: heaviest(grounds, weights, 1.0),
            }
        })
        .collect();
    kinds.sort_by(|a, b| {
        let likelier = b.probability.total_cmp(&a.probability);
        likelier.then_with(|| a.kind.cmp(&b.kind))
    });
    kinds
}

/// The features that add most to a score, or take most from it.
fn heaviest(grounds: Grounds<'_>, weights: &Weights, slope: f32) -> Vec<FeatureVote> {
    let lexicon = &grounds.models.phrases.lexicon;
    let all = grounds.features.0.iter();
    let mut adds: Vec<(u32, f32)> = all
        .filter_map(|(column, value)| Some((*column, slope * weights.0.get(*column as usize)? * value)))
        .filter(|(_, adds)| *adds != 0.0)
        .collect();
    adds.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
    adds.truncate(FEATURES_NAMED);
    adds.into_iter()
        .map(|(column, adds)| {
            if is_named(column) {
                return FeatureVote {
                    feature: names()[column as usize].clone(),
                    label: None,
                    position: None,
                    adds,
                };
            }
            let (phrase, position) = phrase_of_column(column);
            let phrase = &lexicon.phrases()[phrase];
            FeatureVote {
                feature: phrase.written.clone(),
                label: Some(lexicon.labels()[phrase.label].clone()),
                position: Some(position.name()),
                adds,
            }
        })
        .collect()
}

fn decision(grounds: Grounds<'_>, verdict: &Verdict) -> Decision {
    let votes = &grounds.models.votes;
    let slope = votes.cuts.line(grounds.found.victim).0;
    Decision {
        tells_incident: verdict.tells,
        probability: verdict.incident_probability,
        threshold: votes.cuts.incident,
        is_unnamed: !votes.cuts.names(grounds.found.victim),
        veto: veto(grounds.reading, grounds.found),
        features: most_of_all(
            heaviest(grounds, &votes.incident, slope)
                .into_iter()
                .chain(words(grounds, slope))
                .collect(),
        ),
    }
}

/// What single words add to the decision.
fn words(grounds: Grounds<'_>, slope: f32) -> impl Iterator<Item = FeatureVote> {
    let votes = &grounds.models.votes;
    let telling = votes.vocabulary.telling(grounds.document);
    telling.map(move |(part, word, adds)| FeatureVote {
        feature: word.to_owned(),
        label: Some(WORD.to_owned()),
        position: Some(part.name()),
        adds: slope * votes.cuts.vocabulary * adds,
    })
}

/// The heaviest few.
fn most_of_all(mut votes: Vec<FeatureVote>) -> Vec<FeatureVote> {
    votes.retain(|vote| vote.adds != 0.0);
    votes.sort_by(|a, b| b.adds.abs().total_cmp(&a.adds.abs()));
    votes.truncate(FEATURES_NAMED);
    votes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::features::features;
    use crate::classify::{reading, verdict};

    fn explained(title: &str, text: &str) -> (Verdict, Explanation) {
        let models = Models::embedded().unwrap();
        let mut document = Document::new(title, None, text);
        let reading = reading::read(&mut document, &models.phrases);
        let found = Found {
            victim: 0.9,
            ..Found::default()
        };
        let features = features(&reading, &found, document.text.len());
        let verdict = verdict::conclude(&document, &reading, &features, &found, &models.votes);
        let grounds = Grounds {
            document: &document,
            reading: &reading,
            features: &features,
            found: &found,
            models: &models,
        };
        let explanation = explain(grounds, &verdict);
        (verdict, explanation)
    }

    #[test]
    fn the_votes_are_those_of_the_verdict() {
        for (title, text) in [
            (
                "La mairie de Bondy victime d'un rançongiciel",
                "Les serveurs sont à l'arrêt.",
            ),
            ("Les conseils de l'Anssi", "Comment se protéger des rançongiciels."),
            ("", ""),
        ] {
            let (verdict, explanation) = explained(title, text);
            let sum: f32 = explanation.kinds.iter().map(|kind| kind.probability).sum();
            assert!((sum - 1.0).abs() < 1e-4, "{title}: {sum}");
            let telling = explanation.kinds.iter().filter(|kind| kind.tells_incident);
            let telling: f32 = telling.map(|kind| kind.probability).sum();
            assert!((telling - verdict.incident_probability).abs() < 1e-4, "{title}");
            let decision = &explanation.decision;
            assert_eq!(decision.tells_incident, verdict.tells, "{title}");
            assert_eq!(
                decision.tells_incident,
                decision.probability >= decision.threshold && decision.veto.is_none(),
                "{title}"
            );
            let of_group = explanation
                .kinds
                .iter()
                .find(|kind| kind.tells_incident == verdict.tells);
            assert_eq!(
                of_group.map(|kind| kind.kind.as_str()),
                Some(verdict.kind.id()),
                "{title}"
            );
            assert!(explanation.kinds[0].features.len() <= FEATURES_NAMED);
        }
    }

    #[test]
    fn the_whole_text_is_there_and_every_word_has_its_place() {
        let (_, explanation) = explained(
            "La mairie de Bondy piratée",
            "Une cyberattaque a eu lieu.  Les serveurs sont coupés.\nÀ lire aussi : un rançongiciel à Lille.",
        );
        let passages: Vec<(Zone, &str)> = explanation
            .passages
            .iter()
            .map(|passage| (passage.zone, passage.text.as_str()))
            .collect();
        assert_eq!(
            passages,
            [
                (Zone::Title, "La mairie de Bondy piratée"),
                (Zone::Lead, "Une cyberattaque a eu lieu.  Les serveurs sont coupés."),
                (Zone::Teaser, "À lire aussi : un rançongiciel à Lille."),
            ]
        );
        for mark in &explanation.marks {
            let inside = explanation.passages.iter().any(|passage| {
                let from = mark.start.checked_sub(passage.start);
                from.and_then(|from| passage.text.get(from..from + mark.words.len())) == Some(mark.words.as_str())
            });
            assert!(inside, "{mark:?}");
        }
    }

    #[test]
    fn what_is_refused_says_why() {
        let check = |title: &str, text: &str, what: &str, reason: Reason| {
            let (_, explanation) = explained(title, text);
            let found: Vec<(&str, Reason)> = explanation
                .refused
                .iter()
                .map(|refused| (refused.what.as_str(), refused.reason))
                .collect();
            assert!(found.contains(&(what, reason)), "{title} {text}: {found:?}");
        };
        let attacked = "La mairie de Bondy victime d'un rançongiciel";
        check(
            attacked,
            "Aucune fuite de données n'a été constatée.",
            "attack:fuite",
            Reason::Denied,
        );
        check(
            attacked,
            "La ville redoute un risque de fuite de données.",
            "attack:fuite",
            Reason::Hypothetical,
        );
        check(
            attacked,
            "La ville est à l'arrêt.\nÀ lire aussi : déni de service à Lille.",
            "attack:ddos",
            Reason::Teaser,
        );
        check(
            "Une intrusion dans la fourrière de Bondy",
            "Un homme est entré.",
            "attack:intrusion",
            Reason::Elsewhere,
        );
        check(
            "Un cambriolage à Bondy",
            "Les voleurs sont en fuite.\nUne mairie voisine a subi un piratage de ses serveurs.",
            "attack:intrusion",
            Reason::NoIncident,
        );
    }
}
