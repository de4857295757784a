//! What single words weigh: `[vocabulary.*]` of the votes.

use std::collections::BTreeMap;

use super::{CROWD_EXPONENT, Trainee, crowd};
use crate::classify::vocabulary::{self, Part, Vocabulary};
use crate::learn::logistic::{self, Example, NotFitted, Penalty};

/// How strongly the weights of single words are kept small.
const WORD_STRENGTH: f32 = 0.033;
/// A word has a vote in a part of the text when so many articles have it there.
const FEWEST_WITH_WORD: [(Part, usize); 2] = [(Part::Title, 5), (Part::Text, 8)];
/// Words that weigh less than this do not count.
const LIGHTEST_WORD: f32 = 0.1;

/// What each word weighs that enough articles have.
pub(super) fn fit(trainees: &[&Trainee]) -> Result<Vocabulary, NotFitted> {
    let mut columns: BTreeMap<(Part, &str), usize> = BTreeMap::new();
    let words: Vec<[Vec<&str>; 2]> = trainees
        .iter()
        .map(|trainee| Part::ALL.map(|part| vocabulary::words(trainee.document(), part)))
        .collect();
    for own in &words {
        for (part, words) in Part::ALL.iter().zip(own) {
            for word in words {
                *columns.entry((*part, word)).or_default() += 1;
            }
        }
    }
    columns.retain(|(part, _), count| is_common(*part, *count));
    columns
        .values_mut()
        .zip(1..)
        .for_each(|(column, number)| *column = number);
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

/// Whether so many articles with a word in this part are enough for a vote.
fn is_common(part: Part, count: usize) -> bool {
    FEWEST_WITH_WORD
        .iter()
        .any(|(own, fewest)| *own == part && count >= *fewest)
}
