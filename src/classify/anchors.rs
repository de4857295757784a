//! Where phrases may begin: the literal text that each form of a phrase starts with, found at the
//! starts of words in one walk over the text. From a word's start the bytes are hashed one by one and
//! the walk goes on only while some form begins so, which for most words is three or four bytes.
//! That is several times faster than an automaton over everything, and costs nothing to build.

use std::collections::HashMap;
use std::ops::Range;

use crate::text::hash::{BuildPlain, START, mix};
use crate::text::words::end_of_word;

/// Places of the filter for each byte of a form. Forms share most of their prefixes, so that one leaves it
/// nearly empty: what it lets through for nothing the next bytes find out.
const PLACES_PER_BYTE: usize = 1;
/// In a place: some form begins so.
const PREFIX: u8 = 1;
/// In a place: some form's whole beginning is this, and any letters may follow.
const OPEN: u8 = 2;
/// In a place: some form's whole beginning is this, and a word ends here.
const CLOSED: u8 = 4;

/// How a form begins.
#[derive(Debug)]
pub struct Beginning {
    /// Its first literal text.
    pub text: String,
    /// Whether letters may follow at once; otherwise a word ends here.
    pub open: bool,
}

/// What is hashed after a beginning that ends a word: no byte is this.
const WORD_END: u64 = 0x100;

/// The forms by the text they begin with.
#[derive(Debug, Default)]
pub struct Anchors {
    /// A place for the hash of each prefix: whether some form begins so, or begins with just that.
    filter: Vec<u8>,
    /// How far a hash is shifted to make a place in the filter.
    shift: u32,
    /// For the hash of a whole beginning, which forms have it: a range of `forms`.
    whole: HashMap<u64, (u32, u32), BuildPlain>,
    /// Indices of forms, those of one beginning together.
    forms: Vec<u32>,
}

impl Anchors {
    /// Compiles the beginnings of forms; a form is known by its index here.
    pub fn compile(beginnings: &[Beginning]) -> Anchors {
        let bytes: usize = beginnings.iter().map(|beginning| beginning.text.len()).sum();
        let places = (bytes * PLACES_PER_BYTE).next_power_of_two().max(2);
        let mut anchors = Anchors {
            filter: vec![0; places],
            shift: u64::BITS - places.trailing_zeros(),
            ..Anchors::default()
        };
        let mut hashes: Vec<(u64, u32)> = Vec::with_capacity(beginnings.len());
        for (form, beginning) in beginnings.iter().enumerate() {
            let mut hash = START;
            for byte in beginning.text.bytes() {
                hash = mix(hash, u64::from(byte));
                anchors.mark(hash, PREFIX);
            }
            anchors.mark(hash, if beginning.open { OPEN } else { CLOSED });
            if !beginning.open {
                hash = mix(hash, WORD_END);
            }
            hashes.push((hash, form as u32));
        }
        hashes.sort_unstable();
        anchors.forms = hashes.iter().map(|(_, form)| *form).collect();
        let mut start = 0;
        for group in hashes.chunk_by(|a, b| a.0 == b.0) {
            let end = start + group.len() as u32;
            anchors.whole.insert(group[0].0, (start, end));
            start = end;
        }
        anchors
    }

    /// Calls `found` with the range in the text of a form's beginning, and the form, for all of them; to
    /// compare the words is the caller's. Gives the number of bytes that were looked at.
    pub fn find(&self, text: &str, mut found: impl FnMut(Range<usize>, usize)) -> usize {
        let bytes = text.as_bytes();
        let mut looks = 0;
        let mut start = 0;
        while start < bytes.len() {
            looks += self.walk(bytes, start, &mut found);
            start = end_of_word(text, start);
            start += text[start..].chars().next().map_or(0, char::len_utf8);
        }
        looks
    }

    /// From one place on, as long as some form begins so.
    fn walk(&self, bytes: &[u8], start: usize, found: &mut impl FnMut(Range<usize>, usize)) -> usize {
        let mut hash = START;
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            hash = mix(hash, u64::from(byte));
            at += 1;
            let marks = self.marks(hash);
            if marks & PREFIX == 0 {
                break;
            }
            if marks & OPEN != 0 {
                self.forms_of(hash).for_each(|form| found(start..at, form));
            }
            if marks & CLOSED != 0 && !bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
                let ended = mix(hash, WORD_END);
                self.forms_of(ended).for_each(|form| found(start..at, form));
            }
        }
        at - start
    }

    /// The forms whose whole beginning has this hash.
    fn forms_of(&self, hash: u64) -> impl Iterator<Item = usize> {
        let (first, last) = self.whole.get(&hash).copied().unwrap_or_default();
        self.forms[first as usize..last as usize]
            .iter()
            .map(|&form| form as usize)
    }

    fn mark(&mut self, hash: u64, mark: u8) {
        self.filter[(hash >> self.shift) as usize] |= mark;
    }

    fn marks(&self, hash: u64) -> u8 {
        self.filter.get((hash >> self.shift) as usize).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A beginning for each text; letters may follow where it ends in `*`.
    fn beginnings(texts: &[&str]) -> Vec<Beginning> {
        let beginning = |text: &&str| Beginning {
            text: text.trim_end_matches('*').to_owned(),
            open: text.ends_with('*'),
        };
        texts.iter().map(beginning).collect()
    }

    fn found(texts: &[&str], text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        Anchors::compile(&beginnings(texts)).find(text, |range, form| found.push((range.start, form)));
        found
    }

    #[test]
    fn beginnings_are_found_at_the_starts_of_words() {
        let check = |beginnings: &[&str], text: &str, expected: &[(usize, usize)]| {
            assert_eq!(found(beginnings, text), expected, "{beginnings:?} in {text}");
        };
        check(&["fuite*", "fuite de"], "fuite de fuites", &[(0, 0), (0, 1), (9, 0)]);
        check(&["fuite", "fuite d"], "fuite de fuites fuite", &[(0, 0), (16, 0)]);
        check(&["fuite"], "enfuite", &[]);
        check(&["fuite", "fuite"], "(fuite)", &[(1, 0), (1, 1)]);
        check(&["a", "œ"], "a œ", &[(0, 0), (2, 1)]);
        check(&[], "rien", &[]);
        check(&["rien"], "", &[]);
    }

    #[test]
    fn twice_the_text_is_at_most_twice_the_looks() {
        let beginnings = beginnings(&["a a a a a a a a", "attaque*", "aa*", "a a b"]);
        let anchors = Anchors::compile(&beginnings);
        for piece in ["a ", "attaque ", "aaaa", "a a b\n"] {
            let looks = |count: usize| anchors.find(&piece.repeat(count), |_, _| {});
            // At its end a text cuts walks short, at most as many as the longest beginning has bytes.
            let cut_short = beginnings[0].text.len().pow(2);
            assert!(looks(2_000) <= 2 * looks(1_000) + cut_short, "{piece}");
        }
    }
}
