//! What single words weigh: `[vocabulary.*]` of the votes.

use std::collections::{BTreeMap, BTreeSet};

use super::{CROWD_EXPONENT, Trainee, crowd};
use crate::classify::vocabulary::{self, Part, Vocabulary};
use crate::learn::logistic::{self, Example, NotFitted, Penalty};
use crate::text::dates::french_month;

/// How strongly the weights of single words are kept small.
const WORD_STRENGTH: f32 = 0.033;
/// A word has a vote in the headline when so many stories have it there: articles on one incident are one.
const FEWEST_IN_TITLE: usize = 5;
/// The same in the text.
const FEWEST_IN_TEXT: usize = 8;
/// Words that weigh less than this do not count.
const LIGHTEST_WORD: f32 = 0.1;

/// What each word weighs that enough articles have.
pub(super) fn fit(trainees: &[&Trainee]) -> Result<Vocabulary, NotFitted> {
    let words: Vec<[Vec<&str>; 2]> = trainees
        .iter()
        .map(|trainee| Part::ALL.map(|part| vocabulary::words(trainee.document(), part)))
        .collect();
    let mut stories: BTreeMap<(Part, &str), BTreeSet<&str>> = BTreeMap::new();
    for (trainee, own) in trainees.iter().zip(&words) {
        for (part, words) in Part::ALL.iter().zip(own) {
            for word in words.iter().filter(|word| may_vote(word)) {
                stories.entry((*part, word)).or_default().insert(trainee.group());
            }
        }
    }
    let common = stories.into_iter().filter(|((part, _), stories)| {
        let fewest = match part {
            Part::Title => FEWEST_IN_TITLE,
            Part::Text => FEWEST_IN_TEXT,
        };
        stories.len() >= fewest
    });
    let columns: BTreeMap<(Part, &str), usize> = common.map(|(word, _)| word).zip(1..).collect();
    let crowd = crowd(trainees);
    let rows: Vec<Vec<(u32, f32)>> = words
        .iter()
        .map(|own| {
            let known = Part::ALL.iter().zip(own).flat_map(|(part, words)| {
                let share = vocabulary::share(words.len());
                let known = words.iter().filter_map(|word| columns.get(&(*part, *word)));
                known.map(move |column| (*column as u32, share))
            });
            std::iter::once((0, 1.0)).chain(known).collect()
        })
        .collect();
    let examples: Vec<Example<'_>> = trainees
        .iter()
        .zip(&rows)
        .map(|(trainee, row)| Example {
            row,
            yes: trainee.tells(),
            weight: crowd[trainee.group()].powf(-CROWD_EXPONENT),
        })
        .collect();
    let mut strengths = vec![WORD_STRENGTH; columns.len() + 1];
    strengths[0] = 0.0;
    let weights = logistic::fit(&examples, &Penalty { strengths })?;
    let mut kept = BTreeMap::from(Part::ALL.map(|part| (part, BTreeMap::new())));
    for ((part, word), column) in columns {
        let weight = ((weights[column] * 100.0).round() / 100.0) as f32;
        if weight.abs() >= LIGHTEST_WORD {
            kept.entry(part).or_default().insert(word.to_owned(), weight);
        }
    }
    Ok(Vocabulary::new(kept))
}

/// Whether a word may vote: years and months belong to the articles that were labelled, not to those to come.
fn may_vote(word: &str) -> bool {
    !word.contains(|c: char| c.is_ascii_digit()) && french_month(word).is_none()
}
