//! Where the words of a text stand.

use std::ops::Range;

/// The byte ranges of the words of a text: runs of letters and digits.
#[inline]
pub fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = run(text, at, false);
        at = run(text, start, true);
        (start < at).then_some(start..at)
    })
}

/// Where the characters end that, from here on, are letters and digits, or are none of them.
#[inline]
fn run(text: &str, from: usize, alphanumeric: bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        while bytes
            .get(at)
            .is_some_and(|byte| byte.is_ascii() && byte.is_ascii_alphanumeric() == alphanumeric)
        {
            at += 1;
        }
        match text[at..].chars().next() {
            Some(c) if !c.is_ascii() && c.is_alphanumeric() == alphanumeric => at += c.len_utf8(),
            _ => return at,
        }
    }
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
        }
    }
}
