//! Where the words of a text stand.

use std::ops::Range;

/// The byte ranges of the words of a text: runs of letters and digits.
pub fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + run(&text[at..], false);
        at = start + run(&text[start..], true);
        (start < at).then_some(start..at)
    })
}

/// How many bytes at the head of a text are letters and digits, or are none of them.
fn run(text: &str, alphanumeric: bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if byte.is_ascii() {
            if byte.is_ascii_alphanumeric() != alphanumeric {
                break;
            }
            at += 1;
        } else {
            let c = text[at..].chars().next().expect("a character starts here");
            if c.is_alphanumeric() != alphanumeric {
                break;
            }
            at += c.len_utf8();
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        for text in ["", " l’Œuvre (45) – H&M,\nCHU…", "été", "–", "𝟙a ½"] {
            let found: Vec<&str> = words(text).map(|range| &text[range]).collect();
            let expected = text.split(|c: char| !c.is_alphanumeric());
            let expected: Vec<&str> = expected.filter(|word| !word.is_empty()).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
