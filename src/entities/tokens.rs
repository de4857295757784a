//! Words: the document as a list of tokens, each with its place in the folded and in the original
//! text, a hash for look-ups, its capitals, and what stands before it. Names are cut by the same
//! rule, so that a name of the gazetteer and its mention in a text hash alike.

use std::ops::Range;

use crate::text::document::Document;
use crate::text::hash::{START, mix};
use crate::text::words::words;

/// What stands between a word and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// A space, an apostrophe, a hyphen, or a mark inside a name ("impots.gouv.fr", "H&M").
    Soft,
    /// A dash with spaces around: inside a listed name it may stand, elsewhere it separates.
    Dash,
    /// Punctuation, a quote, the end of a sentence.
    Break,
}

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Byte range in the folded text.
    pub folded: Range<usize>,
    /// Byte range in the document's text.
    pub original: Range<usize>,
    /// Hash of the folded word.
    pub hash: u64,
    /// The sentence it is in.
    pub sentence: usize,
    /// Whether it begins with a capital letter (or is a number: "1001 Vies Habitat").
    pub capital: bool,
    /// Whether it is written in capitals throughout, and longer than one letter.
    pub upper: bool,
    /// What stands before.
    pub gap: Gap,
    /// Whether an opening bracket stands before.
    pub bracketed: bool,
    /// Whether a colon stands before.
    pub after_colon: bool,
}

/// The document's words, in order; sentences without words have none.
pub(super) fn tokens(document: &Document) -> Vec<Token> {
    let bytes = document.text.as_bytes();
    let mut tokens: Vec<Token> = Vec::with_capacity(document.folded.text.len() / 5);
    for (index, sentence) in document.sentences.iter().enumerate() {
        let base = sentence.folded.start;
        for word in words(&document.folded.text[sentence.folded.clone()]) {
            let folded = base + word.start..base + word.end;
            let original = document.folded.original_range(folded.clone());
            let written = &document.text[original.clone()];
            let first = written.chars().next().unwrap_or(' ');
            let is_capital = !first.is_ascii_lowercase() && first.is_uppercase();
            let last = tokens
                .last()
                .filter(|last| last.sentence == index)
                .map(|last| last.original.end);
            let is_space = last.is_some_and(|last| last + 1 == original.start && bytes[last] == b' ');
            let between = match last {
                Some(last) if !is_space && last <= original.start => &document.text[last..original.start],
                _ => "\n",
            };
            tokens.push(Token {
                hash: word_hash(&document.folded.text[folded.clone()]),
                sentence: index,
                capital: is_capital || first.is_ascii_digit(),
                upper: is_capital && written.chars().nth(1).is_some() && written.chars().all(|c| !c.is_lowercase()),
                gap: if is_space { Gap::Soft } else { gap(between) },
                bracketed: !is_space && between.contains(['(', '[']),
                after_colon: !is_space && between.contains([':', '|']),
                folded,
                original,
            });
        }
    }
    tokens
}

/// Hash of one folded word; « St » and « Saint » are one word.
pub(super) fn word_hash(word: &str) -> u64 {
    let word = match word {
        "st" => "saint",
        "ste" => "sainte",
        word => word,
    };
    word.bytes().fold(START, |hash, byte| mix(hash, u64::from(byte)))
}

/// Hash of a sequence of words, one more word at a time, from 0. Two names of sixty thousand fall
/// together about once in 10^9 texts; nothing depends on it but the quality of that one mention.
pub(super) fn chain(hash: u64, word: u64) -> u64 {
    mix(hash.rotate_left(23), word)
}

fn gap(between: &str) -> Gap {
    let has_space = between.contains(char::is_whitespace);
    if between.contains('\n') {
        return Gap::Break;
    }
    let marks = between.trim();
    match marks {
        "" | "'" | "’" | "‘" | "&" | "+" => Gap::Soft,
        "-" | "–" | "—" | "‑" | "‐" if has_space => Gap::Dash,
        "-" | "–" | "‑" | "‐" | "." | "/" | "_" | "'-" if !has_space => Gap::Soft,
        _ if marks.chars().all(|c| matches!(c, '\'' | '’')) => Gap::Soft,
        _ => Gap::Break,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_capitals() {
        let document = Document::new("Impots.gouv.fr : l’Œuvre (45) – H&M, CHU", None, "");
        let tokens = tokens(&document);
        let seen: Vec<(&str, Gap, bool)> = tokens
            .iter()
            .map(|token| (&document.text[token.original.clone()], token.gap, token.capital))
            .collect();
        assert_eq!(
            seen,
            [
                ("Impots", Gap::Break, true),
                ("gouv", Gap::Soft, false),
                ("fr", Gap::Soft, false),
                ("l", Gap::Break, false),
                ("Œuvre", Gap::Soft, true),
                ("45", Gap::Break, true),
                ("H", Gap::Break, true),
                ("M", Gap::Soft, true),
                ("CHU", Gap::Break, true),
            ]
        );
        assert!(tokens[5].bracketed && tokens[3].after_colon && tokens[8].upper);
        assert_eq!(word_hash("st"), word_hash("saint"));
    }
}
