//! Where the words of a text stand.

use std::ops::Range;

/// Which characters words are made of.
struct Letters {
    /// What each byte is.
    bytes: [u8; 256],
    /// Whether a character beyond ASCII is one.
    beyond: fn(char) -> bool,
}

/// A byte that is no such character.
const OTHER: u8 = 0;
/// A byte that is one.
const LETTER: u8 = 1;
/// A byte of a character beyond ASCII.
const BEYOND: u8 = 2;

const LETTERS_AND_DIGITS: &Letters = &Letters {
    bytes: bytes(true),
    beyond: char::is_alphanumeric,
};
const LETTERS: &Letters = &Letters {
    bytes: bytes(false),
    beyond: char::is_alphabetic,
};

/// The byte ranges of the words of a text: runs of letters and digits.
#[inline]
pub fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    cut(text, LETTERS_AND_DIGITS)
}

/// The byte ranges of runs of letters.
#[inline]
pub fn runs_of_letters(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    cut(text, LETTERS)
}

/// Where the letters and digits that stand here end; this place itself where there are none.
#[inline]
pub fn end_of_word(text: &str, from: usize) -> usize {
    run(text, from, LETTERS_AND_DIGITS, true)
}

/// The runs of such characters in a text.
struct Cut<'a> {
    text: &'a str,
    letters: &'static Letters,
    at: usize,
}

#[inline]
fn cut<'a>(text: &'a str, letters: &'static Letters) -> Cut<'a> {
    Cut { text, letters, at: 0 }
}

impl Iterator for Cut<'_> {
    type Item = Range<usize>;

    #[inline]
    fn next(&mut self) -> Option<Range<usize>> {
        let start = run(self.text, self.at, self.letters, false);
        self.at = run(self.text, start, self.letters, true);
        (start < self.at).then_some(start..self.at)
    }
}

/// Where the characters end that, from here on, are letters, or are none of them.
#[inline(always)]
fn run(text: &str, from: usize, letters: &Letters, wanted: bool) -> usize {
    let sought = if wanted { LETTER } else { OTHER };
    let mut at = from;
    while let Some(&byte) = text.as_bytes().get(at) {
        let kind = letters.bytes[usize::from(byte)];
        if kind == sought {
            at += 1;
        } else if kind == BEYOND {
            return run_from_beyond(text, at, letters, wanted);
        } else {
            break;
        }
    }
    at
}

/// The same from a character beyond ASCII on.
#[inline(never)]
fn run_from_beyond(text: &str, from: usize, letters: &Letters, wanted: bool) -> usize {
    let is_wanted = |c: &char| match c {
        c if c.is_ascii() => letters.bytes[*c as usize] == u8::from(wanted),
        c => is_letter_beyond(*c, letters) == wanted,
    };
    let rest = text[from..].chars().take_while(is_wanted);
    from + rest.map(char::len_utf8).sum::<usize>()
}

/// The letters of European languages and the marks between words are told at once.
#[inline]
fn is_letter_beyond(c: char, letters: &Letters) -> bool {
    match c {
        '×' | '÷' => false,
        'À'..='ſ' => true,
        '\u{2000}'..='\u{206f}' => false,
        c => (letters.beyond)(c),
    }
}

const fn bytes(with_digits: bool) -> [u8; 256] {
    let mut bytes = [OTHER; 256];
    let mut byte = 0;
    while byte < bytes.len() {
        let c = byte as u8;
        if !c.is_ascii() {
            bytes[byte] = BEYOND;
        } else if c.is_ascii_alphabetic() || with_digits && c.is_ascii_digit() {
            bytes[byte] = LETTER;
        }
        byte += 1;
    }
    bytes
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
            let found: Vec<&str> = runs_of_letters(text).map(|range| &text[range]).collect();
            let expected = text.split(|c: char| !c.is_alphabetic());
            let expected: Vec<&str> = expected.filter(|word| !word.is_empty()).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
