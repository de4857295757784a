//! Every word votes: beside the phrases that people wrote, each word of the headline and of the text says
//! a little for or against an incident. No word decides alone; together they know an outage, a
//! trial or a product from an attack where no phrase does.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::model::analysis::Zone;
use crate::text::document::Document;
use crate::text::hash::{BuildPlain, START, mix};
use crate::text::words::words as words_of;

/// How many bytes of the folded text are read, teasers apart: what follows is background more often than news.
const TEXT_BYTES: usize = 1_500;

/// How many words that is, seldom exceeded.
const MOST_WORDS: usize = TEXT_BYTES / 4;

/// Where a word stands, as far as its vote depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// In the headline.
    Title,
    /// In the rest.
    Text,
}

impl Part {
    /// Both.
    pub const ALL: [Part; 2] = [Part::Title, Part::Text];

    /// Its name in `votes.toml`.
    pub const fn name(self) -> &'static str {
        match self {
            Part::Title => "title",
            Part::Text => "text",
        }
    }
}

/// What each of so many words counts: less than one of few, so that a text ten times as long weighs three times as much.
pub fn share(words: usize) -> f32 {
    1.0 / (words.max(1) as f32).sqrt()
}

/// The words of a part of a document whose zones are known: folded, each once, in order.
pub fn words(document: &Document, part: Part) -> Vec<&str> {
    let cut = |text| words_of(text).map(|range: Range<usize>| &text[range]);
    let mut words: Vec<&str> = texts(document, part).flat_map(cut).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// The sentences of a part that are read, folded.
fn texts(document: &Document, part: Part) -> impl Iterator<Item = &str> {
    let is_of_part = move |zone: Zone| match part {
        Part::Title => zone == Zone::Title,
        Part::Text => !matches!(zone, Zone::Title | Zone::Teaser),
    };
    let sentences = document.sentences.iter().enumerate();
    let texts = sentences
        .filter(move |(_, sentence)| is_of_part(sentence.zone))
        .map(|(index, _)| document.sentence_folded(index));
    let mut read = 0;
    texts.map_while(move |text| {
        let start = read;
        read += text.len();
        (start < TEXT_BYTES).then(|| whole_words(text, TEXT_BYTES - start))
    })
}

/// A text up to the first space after so many bytes.
fn whole_words(text: &str, bytes: usize) -> &str {
    let end = text
        .as_bytes()
        .iter()
        .skip(bytes)
        .position(|byte| *byte == b' ')
        .map_or(text.len(), |offset| bytes + offset);
    &text[..end]
}

/// What each word weighs, by part.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Vocabulary {
    weights: BTreeMap<Part, BTreeMap<String, f32>>,
    by_hash: HashMap<u64, f32, BuildPlain>,
}

impl Vocabulary {
    /// From the weights of folded words.
    pub fn new(weights: BTreeMap<Part, BTreeMap<String, f32>>) -> Vocabulary {
        let by_hash = weights
            .iter()
            .flat_map(|(part, words)| words.iter().map(|(word, weight)| (hash(*part, word), *weight)))
            .collect();
        Vocabulary { weights, by_hash }
    }

    /// The weights, as they are written down.
    pub fn weights(&self) -> &BTreeMap<Part, BTreeMap<String, f32>> {
        &self.weights
    }

    /// What the words of a document add up to.
    pub fn score(&self, document: &Document) -> f32 {
        let mut score = 0.0;
        let mut hashes = Vec::with_capacity(MOST_WORDS);
        for part in Part::ALL {
            hashes.clear();
            for text in texts(document, part) {
                for word in words_of(text) {
                    hashes.push(hash(part, &text[word]));
                }
            }
            hashes.sort_unstable();
            hashes.dedup();
            let adds = hashes.iter().filter_map(|word| self.by_hash.get(word));
            score += adds.sum::<f32>() * share(hashes.len());
        }
        score
    }

    /// The words that add something, with what they add.
    pub fn telling<'a>(&'a self, document: &'a Document) -> impl Iterator<Item = (Part, &'a str, f32)> {
        self.weights.iter().flat_map(move |(part, weights)| {
            let words = words(document, *part);
            let share = share(words.len());
            let known = words.into_iter();
            known.filter_map(move |word| Some((*part, word, weights.get(word)? * share)))
        })
    }
}

fn hash(part: Part, word: &str) -> u64 {
    let bytes = word.bytes().map(u64::from);
    bytes.fold(mix(START, part as u64), mix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(title: &str, text: &str) -> Document {
        Document::new(title, None, text)
    }

    #[test]
    fn words_are_folded_and_counted_once_and_a_long_text_is_cut() {
        let long = format!("Panne à l'Hôtel-de-Ville. Panne ! {} Fin.", "Mot ".repeat(1_000));
        let document = document("Été : L’été", &long);
        assert_eq!(words(&document, Part::Title), ["ete", "l"]);
        assert_eq!(
            words(&document, Part::Text),
            ["a", "de", "hotel", "l", "mot", "panne", "ville"]
        );
    }

    #[test]
    fn teasers_do_not_vote() {
        let mut document = document("Titre", "Une panne. Un vol.");
        document.sentences[2].zone = Zone::Teaser;
        assert_eq!(words(&document, Part::Text), ["panne", "une"]);
    }

    #[test]
    fn each_word_adds_its_share() {
        let weights = |words: &[(&str, f32)]| {
            words
                .iter()
                .map(|(word, weight)| ((*word).to_owned(), *weight))
                .collect()
        };
        let vocabulary = Vocabulary::new(BTreeMap::from([
            (Part::Title, weights(&[("panne", -2.0), ("vol", 1.0)])),
            (Part::Text, weights(&[("panne", 8.0)])),
        ]));
        // One of four words of the title, and one of one of the text.
        let document = document("Panne panne de la mairie", "Panne.");
        let adds = vocabulary.score(&document);
        assert!((adds - (-2.0 / 2.0 + 8.0)).abs() < 1e-6, "{adds}");
        let told: Vec<(Part, &str, f32)> = vocabulary.telling(&document).collect();
        assert_eq!(told, [(Part::Title, "panne", -1.0), (Part::Text, "panne", 8.0)]);
        assert_eq!(vocabulary.score(&Document::new("", None, "")), 0.0);
    }
}
