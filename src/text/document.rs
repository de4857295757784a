//! A document: title, standfirst and body as one text, cut into sentences that each know their
//! zone. All offsets that later steps keep are byte offsets in this text.

use std::ops::Range;

use super::fold::{Folded, fold};
use crate::model::analysis::Zone;

/// How many bytes of body count as the lead when the page sets no standfirst apart: about the
/// first two sentences of a French news item.
const LEAD_BYTES: usize = 420;

/// A text ready to be matched.
#[derive(Debug, Clone)]
pub struct Document {
    /// Title, standfirst and body joined by line ends.
    pub text: String,
    /// The same, folded.
    pub folded: Folded,
    /// Its sentences in order.
    pub sentences: Vec<Sentence>,
}

/// One sentence of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Byte range in the document's text.
    pub range: Range<usize>,
    /// Byte range in the folded text.
    pub folded: Range<usize>,
    /// Where it stands; the classifier moves sentences to background or teaser.
    pub zone: Zone,
    /// Which line (paragraph) it is in; the title is line 0.
    pub line: usize,
}

impl Document {
    /// Joins and cuts. The title may be empty; `text` holds one paragraph a line.
    pub fn new(title: &str, standfirst: Option<&str>, text: &str) -> Document {
        let mut whole = String::with_capacity(title.len() + text.len() + 2);
        whole.push_str(title.trim());
        let title_end = whole.len();
        whole.push('\n');
        let mut standfirst_end = whole.len();
        if let Some(standfirst) = standfirst.map(str::trim).filter(|standfirst| !standfirst.is_empty()) {
            whole.push_str(standfirst);
            standfirst_end = whole.len();
            whole.push('\n');
        }
        let has_standfirst = standfirst_end > title_end + 1;
        let lead_end = if has_standfirst {
            standfirst_end
        } else {
            title_end + LEAD_BYTES
        };
        whole.push_str(text);
        let folded = fold(&whole);
        let mut sentences = Vec::new();
        let mut line_start = 0;
        for (line, content) in whole.split('\n').enumerate() {
            for range in cut_sentences(content) {
                let range = line_start + range.start..line_start + range.end;
                let zone = if range.start < title_end {
                    Zone::Title
                } else if range.start < lead_end {
                    Zone::Lead
                } else {
                    Zone::Body
                };
                let folded_range = folded.folded_offset(range.start)..folded.folded_offset(range.end);
                sentences.push(Sentence {
                    range,
                    folded: folded_range,
                    zone,
                    line,
                });
            }
            line_start += content.len() + 1;
        }
        Document {
            text: whole,
            folded,
            sentences,
        }
    }

    /// The index of the sentence that holds this byte of the folded text; the last one before it
    /// when it stands between two. `None` only for a document without sentences.
    pub fn sentence_at_folded(&self, offset: usize) -> Option<usize> {
        let after = self
            .sentences
            .partition_point(|sentence| sentence.folded.start <= offset);
        if self.sentences.is_empty() {
            None
        } else {
            Some(after.saturating_sub(1))
        }
    }

    /// A sentence's original words.
    pub fn sentence_text(&self, index: usize) -> &str {
        &self.text[self.sentences[index].range.clone()]
    }

    /// A sentence's folded words.
    pub fn sentence_folded(&self, index: usize) -> &str {
        &self.folded.text[self.sentences[index].folded.clone()]
    }
}

/// Cuts one line into sentences: at `.`, `!`, `?`, `…`, followed by white space and then a
/// capital, a digit or an opening quote, unless the dot ends an abbreviation or an initial.
fn cut_sentences(line: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut from = 0;
    while let Some(at) = next_mark(line, from) {
        let c = line[at..].chars().next().unwrap_or('.');
        let tail = &line[at + c.len_utf8()..];
        let end = line.len() - skip_closing(tail).len();
        from = end;
        let rest = &line[end..];
        let next_word = rest.trim_start_matches(|c: char| c.is_whitespace());
        let has_space = next_word.len() < rest.len();
        let opens = next_word.chars().next().is_some_and(|c| {
            c.is_uppercase() || c.is_ascii_digit() || matches!(c, '«' | '"' | '“' | '(' | '[' | '-' | '–' | '—')
        });
        if !has_space || !opens || (c == '.' && ends_with_abbreviation(&line[start..at])) {
            continue;
        }
        push_trimmed(line, start..end, &mut sentences);
        start = end;
    }
    push_trimmed(line, start..line.len(), &mut sentences);
    sentences
}

/// Where the next `.`, `!`, `?` or `…` stands.
fn next_mark(line: &str, from: usize) -> Option<usize> {
    const ELLIPSIS: &[u8] = "…".as_bytes();
    let bytes = line.as_bytes();
    let may_be_mark = |byte: &u8| matches!(*byte, b'.' | b'!' | b'?') || *byte == ELLIPSIS[0];
    let mut at = from;
    loop {
        at += bytes[at..].iter().position(may_be_mark)?;
        if bytes[at] != ELLIPSIS[0] || bytes[at..].starts_with(ELLIPSIS) {
            return Some(at);
        }
        at += 1;
    }
}

/// What follows the marks that still belong to the sentence: more points, closing quotes and
/// brackets, also after the space that French puts before « » ».
fn skip_closing(tail: &str) -> &str {
    let mut rest = tail;
    loop {
        let next = rest.trim_start_matches(['.', '!', '?', '…', '"', '»', '”', ')']);
        let spaced = next.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        if spaced.len() < next.len() && spaced.starts_with(['»', '”']) {
            rest = spaced;
        } else if next.len() < rest.len() {
            rest = next;
        } else {
            return rest;
        }
    }
}

fn push_trimmed(line: &str, range: Range<usize>, sentences: &mut Vec<Range<usize>>) {
    let part = &line[range.clone()];
    let trimmed_start = range.start + (part.len() - part.trim_start().len());
    let trimmed_end = range.start + part.trim_end().len();
    if trimmed_start < trimmed_end {
        sentences.push(trimmed_start..trimmed_end);
    }
}

/// Abbreviations that a dot ends without ending the sentence.
const ABBREVIATIONS: &[&str] = &[
    "M", "MM", "Mme", "Mlle", "Dr", "Pr", "Me", "St", "Ste", "av", "bd", "env", "ex", "cf", "art", "n", "p", "tél",
    "resp", "etc",
];

fn ends_with_abbreviation(before_dot: &str) -> bool {
    let word = before_dot
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '\'' | '’' | '«'))
        .next()
        .unwrap_or("");
    let is_initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    is_initial || ABBREVIATIONS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[&str]) {
        let found: Vec<&str> = cut_sentences(line).into_iter().map(|range| &line[range]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn sentences() {
        check("Un. Deux.", &["Un.", "Deux."]);
        check(
            "M. Dupont parle. J. Martin aussi.",
            &["M. Dupont parle.", "J. Martin aussi."],
        );
        check(
            "Le site loiret.fr est coupé. 254.000 licenciés.",
            &["Le site loiret.fr est coupé.", "254.000 licenciés."],
        );
        check(
            "« Rien ne va. » Il part…  Fin ?",
            &["« Rien ne va. »", "Il part…", "Fin ?"],
        );
        check("", &[]);
        check("sans point", &["sans point"]);
    }

    #[test]
    fn zones_and_offsets() {
        let document = Document::new("Titre. Suite", Some("Chapô."), "Premier. Second.\nAutre paragraphe.");
        let zones: Vec<(Zone, &str)> = (0..document.sentences.len())
            .map(|i| (document.sentences[i].zone, document.sentence_text(i)))
            .collect();
        assert_eq!(
            zones,
            [
                (Zone::Title, "Titre."),
                (Zone::Title, "Suite"),
                (Zone::Lead, "Chapô."),
                (Zone::Body, "Premier."),
                (Zone::Body, "Second."),
                (Zone::Body, "Autre paragraphe.")
            ]
        );
        assert_eq!(document.sentence_folded(5), "autre paragraphe.");
        let at = document.folded.text.find("second").unwrap();
        assert_eq!(document.sentence_at_folded(at), Some(4));
        let without = Document::new("", None, "Un seul.");
        assert_eq!(without.sentences[0].zone, Zone::Lead);
    }
}
