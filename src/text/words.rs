//! Where the words of a text stand.

use std::ops::Range;

/// The byte ranges of the words of a text: runs of letters and digits.
#[inline]
pub fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    runs(text, |byte| byte.is_ascii_alphanumeric(), char::is_alphanumeric)
}

/// The byte ranges of the runs of letters of a text.
#[inline]
pub fn letters(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    runs(text, |byte| byte.is_ascii_alphabetic(), char::is_alphabetic)
}

/// The runs of characters that belong to a word: of ASCII, and of the others.
#[inline]
fn runs(text: &str, ascii: impl Fn(u8) -> bool, others: impl Fn(char) -> bool) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    // Where the characters end that do or do not belong to a word.
    let skip = move |mut at: usize, belonging: bool| {
        while let Some(&byte) = bytes.get(at) {
            let (belongs, length) = if byte.is_ascii() {
                (ascii(byte), 1)
            } else {
                let c = text[at..].chars().next().expect("a character starts here");
                (others(c), c.len_utf8())
            };
            if belongs != belonging {
                break;
            }
            at += length;
        }
        at
    };
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = skip(at, false);
        at = skip(start, true);
        (start < at).then_some(start..at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_stands_between_other_characters() {
        for text in ["", " l’Œuvre (45) – H&M,\nCHU…", "été", "–", "𝟙a ½", "A4, 3x"] {
            let found: Vec<&str> = words(text).map(|range| &text[range]).collect();
            let expected = text.split(|c: char| !c.is_alphanumeric());
            let expected: Vec<&str> = expected.filter(|word| !word.is_empty()).collect();
            assert_eq!(found, expected, "{text}");
            let found: Vec<&str> = letters(text).map(|range| &text[range]).collect();
            let expected = text.split(|c: char| !c.is_alphabetic());
            let expected: Vec<&str> = expected.filter(|word| !word.is_empty()).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
