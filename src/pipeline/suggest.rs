//! Phrases that labelled articles use and the models do not know yet, for a person to accept.

use std::collections::{BTreeMap, BTreeSet};

use super::analyse::Reader;
use super::train::Trainee;
use crate::learn::log_odds::{Telling, telling};
use crate::model::analysis::Zone;
use crate::model::label::AttackType;
use crate::text::document::{Document, Sentence};

/// Longest phrase, in words.
const MOST_WORDS: usize = 3;
/// A phrase must stand in the articles on so many incidents (or in so many articles without one).
const FEWEST_TEXTS: usize = 4;
/// How many standard deviations the log-odds must lie above none.
const LEAST_Z: f64 = 2.5;
/// How many phrases are proposed for one label.
const MOST_PROPOSED: usize = 400;

/// Phrases that speak for a label.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// What they speak for, in words.
    pub label: String,
    /// The phrases, the most telling first.
    pub phrases: Vec<Telling>,
}

/// Phrase → the incidents (or articles without one) that it stands in.
type Pile<'a> = BTreeMap<String, BTreeSet<&'a str>>;

/// Proposals for "tells an incident", for the opposite, and for each attack type.
pub fn suggest(reader: &Reader, trainees: &[&Trainee]) -> Vec<Proposal> {
    let (telling, others): (Vec<&Trainee>, Vec<&Trainee>) = trainees
        .iter()
        .copied()
        .partition(|trainee| !trainee.label.incidents.is_empty());
    let incident = pile(&telling);
    let other = pile(&others);
    let mut proposals = vec![
        proposal(reader, "an incident".to_owned(), &incident, &other),
        proposal(reader, "no incident".to_owned(), &other, &incident),
    ];
    for attack in AttackType::ALL {
        let is = |trainee: &&Trainee| trainee.label.incidents[0].attacks.contains(attack);
        let (of_type, rest): (Vec<&Trainee>, Vec<&Trainee>) = telling.iter().copied().partition(|trainee| is(trainee));
        proposals.push(proposal(
            reader,
            format!("attack type {attack}"),
            &pile(&of_type),
            &pile(&rest),
        ));
    }
    proposals.retain(|proposal| !proposal.phrases.is_empty());
    proposals
}

fn proposal(reader: &Reader, label: String, here: &Pile<'_>, there: &Pile<'_>) -> Proposal {
    let counts = |pile: &Pile<'_>| -> BTreeMap<String, usize> {
        pile.iter().map(|(words, texts)| (words.clone(), texts.len())).collect()
    };
    let mut phrases = telling(&counts(here), &counts(there));
    phrases.retain(|found| found.here >= FEWEST_TEXTS && found.z >= LEAST_Z && !is_known(reader, &found.words));
    phrases.truncate(MOST_PROPOSED);
    Proposal { label, phrases }
}

/// Whether the models have a phrase that holds all these words.
fn is_known(reader: &Reader, words: &str) -> bool {
    let document = Document::new(words, None, "");
    let hits = reader.models().phrases.lexicon.find(&document.text, &document.folded);
    hits.iter().any(|hit| hit.folded.len() >= words.len())
}

/// The phrases of headline and lead, in distinct incidents.
fn pile<'a>(trainees: &[&'a Trainee]) -> Pile<'a> {
    let mut pile = Pile::new();
    for trainee in trainees {
        let document = trainee.document();
        for sentence in document.sentences.iter().filter(|sentence| is_read(sentence)) {
            for words in phrases_of(document, sentence) {
                pile.entry(words).or_default().insert(trainee.group());
            }
        }
    }
    pile
}

fn is_read(sentence: &Sentence) -> bool {
    matches!(sentence.zone, Zone::Title | Zone::Lead)
}

/// Runs of one to three words that no mark parts, without names and numbers: whoever was hit says nothing about
/// the next one.
fn phrases_of(document: &Document, sentence: &Sentence) -> Vec<String> {
    let words = words_of(document, sentence);
    let mut phrases = Vec::new();
    for first in 0..words.len() {
        for count in 1..=MOST_WORDS.min(words.len() - first) {
            let run = &words[first..first + count];
            let is_joined = run.windows(2).all(|pair| !pair[1].after_mark);
            if !is_joined || run.iter().any(|word| word.is_name) {
                break;
            }
            if run.iter().any(|word| word.text.len() > 3) {
                let texts: Vec<&str> = run.iter().map(|word| word.text).collect();
                phrases.push(texts.join(" "));
            }
        }
    }
    phrases
}

struct Word<'a> {
    text: &'a str,
    /// A capital that the sentence's start does not explain, or a number.
    is_name: bool,
    /// Punctuation stands before it.
    after_mark: bool,
}

fn words_of<'a>(document: &'a Document, sentence: &Sentence) -> Vec<Word<'a>> {
    let folded = &document.folded.text[sentence.folded.clone()];
    let mut words = Vec::new();
    let mut end = 0;
    for (start, text) in folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|text| !text.is_empty())
        .map(|text| (text.as_ptr() as usize - folded.as_ptr() as usize, text))
    {
        let at = sentence.folded.start + start;
        let original = document.folded.original_range(at..at + text.len());
        let first = document.text[original].chars().next();
        let is_capital = first.is_some_and(char::is_uppercase) && !words.is_empty();
        words.push(Word {
            text,
            is_name: is_capital || text.contains(|c: char| c.is_ascii_digit()),
            after_mark: folded[end..start].contains(|c: char| !c.is_whitespace()),
        });
        end = start + text.len();
    }
    words
}
