//! A text with its marks, cut into pieces: shared by the formats that show an explanation.

use crate::model::analysis::{Analysis, Assertion};
use crate::model::explanation::{Mark, Passage};

/// A piece of a passage: plain, or words with a note.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece<'a> {
    /// Its words.
    pub text: &'a str,
    /// The note on them.
    pub note: Option<Note<'a>>,
}

/// What is said of some words. Marks that overlap share one.
#[derive(Debug, Clone, PartialEq)]
pub struct Note<'a> {
    /// Its number in the text, from 1.
    pub number: usize,
    /// What the words speak for.
    pub marks: Vec<&'a Mark>,
}

impl Note<'_> {
    /// How the words are to be shown: as the first mark that counts is said, else as what was denied or
    /// supposed; none for words that count for nothing, whatever they say.
    pub fn said(&self) -> Option<Assertion> {
        let counted = self.marks.iter().find(|mark| mark.refused.is_none());
        let other = self.marks.iter().find(|mark| mark.assertion != Assertion::Affirmed);
        counted.or(other).map(|mark| mark.assertion)
    }
}

/// The marks with the names of the victims in the place of their keys; of one that is not concluded, with its words.
pub fn named(marks: &[Mark], analysis: &Analysis) -> Vec<Mark> {
    let recalled = analysis.recalled.iter().map(|recalled| &recalled.victim);
    let victims: Vec<_> = analysis.victims.iter().chain(recalled).collect();
    let name = |mark: &Mark| {
        let key = mark.label.strip_prefix("victim:")?;
        let victim = victims.iter().find(|victim| victim.key.0 == key);
        Some(victim.map_or_else(|| mark.words.clone(), |victim| victim.name.clone()))
    };
    let mut marks = marks.to_vec();
    for mark in &mut marks {
        if let Some(name) = name(mark) {
            mark.label = format!("victim:{name}");
        }
    }
    marks
}

/// The pieces of each passage, in order: put together they are its text. `marks` are in order.
pub fn pieces<'a>(passages: &'a [Passage], marks: &'a [Mark]) -> Vec<Vec<Piece<'a>>> {
    let mut number = 0;
    let mut rest = marks;
    passages
        .iter()
        .map(|passage| {
            let end = passage.start + passage.text.len();
            let count = rest.iter().take_while(|mark| mark.start < end).count();
            let (own, later) = rest.split_at(count);
            rest = later;
            cut(passage, own, &mut number)
        })
        .collect()
}

fn cut<'a>(passage: &'a Passage, marks: &'a [Mark], number: &mut usize) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut index = 0;
    while index < marks.len() {
        // What stands between two passages belongs to none.
        let Some(start) = marks[index].start.checked_sub(passage.start) else {
            index += 1;
            continue;
        };
        let mut end = start;
        let mut together: Vec<&Mark> = Vec::new();
        while let Some(mark) = marks
            .get(index)
            .filter(|mark| together.is_empty() || mark.start - passage.start < end)
        {
            end = end.max(mark.end() - passage.start);
            together.push(mark);
            index += 1;
        }
        let end = end.min(passage.text.len());
        let (Some(before), Some(words)) = (passage.text.get(at..start), passage.text.get(start..end)) else {
            continue;
        };
        if !before.is_empty() {
            pieces.push(Piece {
                text: before,
                note: None,
            });
        }
        *number += 1;
        pieces.push(Piece {
            text: words,
            note: Some(Note {
                number: *number,
                marks: together,
            }),
        });
        at = end;
    }
    if at < passage.text.len() {
        pieces.push(Piece {
            text: &passage.text[at..],
            note: None,
        });
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::analysis::Zone;

    fn mark(start: usize, words: &str) -> Mark {
        Mark {
            label: "attack:fuite".to_owned(),
            words: words.to_owned(),
            zone: Zone::Lead,
            assertion: Assertion::Affirmed,
            weight: 1.0,
            incident: None,
            refused: None,
            start,
        }
    }

    #[test]
    fn pieces_put_together_are_the_text() {
        let passages = [
            Passage {
                zone: Zone::Title,
                start: 0,
                text: "Fuite de données".to_owned(),
            },
            Passage {
                zone: Zone::Lead,
                start: 18,
                text: "un vol de données".to_owned(),
            },
        ];
        let marks = [
            mark(0, "Fuite de données"),
            mark(0, "Fuite"),
            mark(9, "données"),
            mark(21, "vol de"),
            mark(28, "données"),
        ];
        let pieces = pieces(&passages, &marks);
        for (passage, pieces) in passages.iter().zip(&pieces) {
            let whole: String = pieces.iter().map(|piece| piece.text).collect();
            assert_eq!(whole, passage.text);
        }
        let notes: Vec<(usize, &str, usize)> = pieces
            .iter()
            .flatten()
            .filter_map(|piece| {
                let note = piece.note.as_ref()?;
                Some((note.number, piece.text, note.marks.len()))
            })
            .collect();
        assert_eq!(notes, [(1, "Fuite de données", 3), (2, "vol de", 1), (3, "données", 1)]);
    }
}
