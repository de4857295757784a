//! The keyword models: phrases that analysts write in TOML, compiled once and found in
//! one pass over folded text. A file holds tables of phrases; a table's name is the label, and each
//! phrase has a weight:
//!
//! ```toml
//! [rancongiciel]
//! "rançongiciel*" = 5
//! "(payer/verser) _ rançon" = 4
//! "chiffrés" = { weight = 2, accents = true }
//! ```
//!
//! `*` stands for any letters up to the end of the word, `(a/b)` for either, `_` for up to five
//! words. Case, accents, hyphens and apostrophes do not matter, unless `accents = true`.

use std::ops::Range;
use std::path::PathBuf;

use toml::de::{DeTable, DeValue};

use super::anchors::{Anchors, Beginning};
use crate::text::fold::{Folded, fold};
use crate::text::words::end_of_word;

/// How many literal forms one phrase may stand for, so that a slip of the pen cannot fill memory.
const MOST_FORMS: usize = 2000;
/// How many words `_` may stand for.
const GAP_WORDS: usize = 5;
/// How many bytes of a text there are for each phrase found in it, about: for room to be made.
const BYTES_PER_HIT: usize = 24;
/// The range of weights: from "barely" to "alone decisive".
const WEIGHTS: std::ops::RangeInclusive<f64> = -9.0..=9.0;

/// A mistake in a model file: what, where, and what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}{}: {what}", file.display(), if *line == 0 { String::new() } else { format!(":{line}") })]
pub struct LexiconError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub what: String,
}

/// One phrase of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Phrase {
    /// The index of its label among the labels of its lexicon.
    pub label: usize,
    /// As written.
    pub written: String,
    /// Its weight.
    pub weight: f32,
}

/// A phrase found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The index of the phrase.
    pub phrase: usize,
    /// The index of its label.
    pub label: usize,
    /// Byte range in the folded text.
    pub folded: Range<usize>,
}

/// A compiled set of phrases.
#[derive(Debug)]
pub struct Lexicon {
    labels: Vec<String>,
    phrases: Vec<Phrase>,
    /// The first piece of each phrase, form by form.
    openings: Vec<Opening>,
    /// What most searches need to know of each opening, close together.
    outlines: Vec<Outline>,
    /// For each phrase, the pieces that must follow within the gap.
    rests: Vec<Vec<Piece>>,
    /// Where openings may stand in a text.
    anchors: Anchors,
}

/// One form of the first piece of a phrase, which is looked for by its first literal words.
#[derive(Debug)]
struct Opening {
    phrase: usize,
    form: Form,
    /// How many words its beginning has: up to the first that any letters may follow.
    literal_words: usize,
    /// The original must show the form's accents.
    accents: bool,
}

/// An opening by its phrase and by what stands after its beginning.
#[derive(Debug, Clone, Copy)]
struct Outline {
    phrase: u32,
    label: u32,
    first: First,
    /// The original must show the form's accents.
    accents: bool,
    /// Whether pieces follow within the gap.
    goes_on: bool,
}

/// What of a phrase's first piece stands after the literal text that it begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    /// Nothing: the words are found once their hash is.
    Word,
    /// The end of a word only.
    OpenWord,
    /// The end of a word, and more words.
    Other,
}

/// One gap-separated piece of a phrase: any of its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    /// In the order of their first bytes.
    forms: Vec<Form>,
    /// How each of the forms begins.
    heads: Vec<Head>,
    /// The first two bytes of all forms.
    starts: Starts,
}

/// A bit for every two bytes that some form begins with, by their hash: most words of a text are told by it to
/// begin no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Starts([u64; 4]);

/// The words after some place that a gap reaches: all phrases that begin before it look at the same ones.
struct Following {
    from: usize,
    /// Where each begins, and its first bytes.
    words: [(usize, u32); GAP_WORDS + 1],
    count: usize,
    /// The first two bytes of all of them.
    starts: Starts,
}

/// The first bytes of a word, to be compared at one go: most words differ there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Head {
    bytes: u32,
    /// Which of the bytes the word has.
    mask: u32,
}

/// Consecutive words.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Form {
    words: Vec<Word>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    folded: String,
    head: Head,
    accented: String,
    /// Any letters may follow.
    open: bool,
}

/// One model file: its name for errors, and its text.
#[derive(Debug, Clone)]
pub struct ModelFile {
    /// The path to show.
    pub path: PathBuf,
    /// What it holds.
    pub text: String,
}

impl ModelFile {
    /// The error for a mistake at this byte of the file.
    pub fn mistake(&self, offset: usize, what: String) -> LexiconError {
        LexiconError {
            file: self.path.clone(),
            line: self.text[..offset.min(self.text.len())].matches('\n').count() + 1,
            what,
        }
    }
}

impl Lexicon {
    /// Compiles model files. A table named in none of `known` labels is an error, unless `known`
    /// is empty. Labels keep their order of appearance.
    pub fn compile(files: &[(&ModelFile, &str, &[&str])]) -> Result<Lexicon, LexiconError> {
        let mut lexicon = Lexicon {
            labels: Vec::new(),
            phrases: Vec::new(),
            openings: Vec::new(),
            outlines: Vec::new(),
            rests: Vec::new(),
            anchors: Anchors::default(),
        };
        for (file, namespace, known) in files {
            lexicon.add_file(file, namespace, known)?;
        }
        let beginnings: Vec<Beginning> = lexicon
            .openings
            .iter()
            .map(|opening| opening.form.beginning())
            .collect();
        lexicon.anchors = Anchors::compile(&beginnings);
        lexicon.outlines = lexicon
            .openings
            .iter()
            .map(|opening| lexicon.outline(opening))
            .collect();
        Ok(lexicon)
    }

    /// The labels, as `namespace:table`.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The index of a label, when some file has a table for it.
    pub fn label(&self, name: &str) -> Option<usize> {
        self.labels.iter().position(|label| label == name)
    }

    /// All phrases.
    pub fn phrases(&self) -> &[Phrase] {
        &self.phrases
    }

    /// Every phrase in the text: whole words; of phrases of one label that overlap, the leftmost
    /// and then the longest. Ordered by position.
    pub fn find(&self, original: &str, folded: &Folded) -> Vec<Hit> {
        let text = folded.text.as_str();
        let mut hits = Vec::with_capacity(text.len() / BYTES_PER_HIT);
        let mut following = Following::default();
        self.anchors.find(text, |beginning, index| {
            // Of texts made so that other bytes hash alike.
            if !text.is_char_boundary(beginning.end) {
                return;
            }
            let outline = self.outlines[index];
            let start = beginning.start;
            let first = match outline.first {
                First::Word => Some(beginning.end),
                First::OpenWord => Some(end_of_word(text, beginning.end)),
                First::Other => {
                    let opening = &self.openings[index];
                    let at = end_of_word(text, beginning.end);
                    opening.form.match_from(text, at, opening.literal_words)
                }
            };
            let first = first.filter(|&end| {
                !is_within_word(text, end)
                    && (!outline.accents || self.openings[index].form.shows_accents(original, folded, start..end))
            });
            let end = match first {
                Some(end) if outline.goes_on => {
                    self.rest_end(&self.openings[index], original, folded, end, &mut following)
                }
                end => end,
            };
            if let Some(end) = end {
                hits.push(Hit {
                    phrase: outline.phrase as usize,
                    label: outline.label as usize,
                    folded: start..end,
                });
            }
        });
        // They came in the order of their starts.
        for together in hits.chunk_by_mut(|a, b| a.folded.start == b.folded.start) {
            together.sort_unstable_by_key(|hit| (hit.label, std::cmp::Reverse(hit.folded.end), hit.phrase));
        }
        let mut ends = vec![0; self.labels.len()];
        hits.retain(|hit| {
            let is_apart = hit.folded.start >= ends[hit.label];
            if is_apart {
                ends[hit.label] = hit.folded.end;
            }
            is_apart
        });
        hits
    }

    /// The end of the pieces that follow the first one of a phrase, which ends here.
    fn rest_end(
        &self,
        opening: &Opening,
        original: &str,
        folded: &Folded,
        first: usize,
        following: &mut Following,
    ) -> Option<usize> {
        let shows = |form: &Form, range: Range<usize>| !opening.accents || form.shows_accents(original, folded, range);
        let mut rest = self.rests[opening.phrase].iter();
        rest.try_fold(first, |end, piece| {
            following.go_on_from(&folded.text, end);
            piece.find_in(&folded.text, following, &shows)
        })
    }

    fn outline(&self, opening: &Opening) -> Outline {
        let words = &opening.form.words;
        let first = match words.get(opening.literal_words - 1) {
            Some(word) if opening.literal_words == words.len() && word.open => First::OpenWord,
            Some(_) if opening.literal_words == words.len() => First::Word,
            _ => First::Other,
        };
        Outline {
            phrase: opening.phrase as u32,
            label: self.phrases[opening.phrase].label as u32,
            first,
            accents: opening.accents,
            goes_on: !self.rests[opening.phrase].is_empty(),
        }
    }

    fn add_file(&mut self, file: &ModelFile, namespace: &str, known: &[&str]) -> Result<(), LexiconError> {
        let at = |offset: usize, what: String| file.mistake(offset, what);
        let document = DeTable::parse(&file.text)
            .map_err(|error| at(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
        for (table_name, table) in document.get_ref() {
            let name = table_name.get_ref().as_ref();
            if !known.is_empty() && !known.contains(&name) {
                let what = format!("unknown label `{name}`; known here: {}", known.join(", "));
                return Err(at(table_name.span().start, what));
            }
            let DeValue::Table(phrases) = table.get_ref() else {
                let what = format!("`{name}` must be a table of phrases: write [{name}], then \"phrase\" = weight");
                return Err(at(table.span().start, what));
            };
            let full_name = format!("{namespace}:{name}");
            let label = self.label(&full_name).unwrap_or_else(|| {
                self.labels.push(full_name);
                self.labels.len() - 1
            });
            for (phrase, value) in phrases {
                let written = phrase.get_ref().as_ref();
                let (weight, accents) = read_value(value.get_ref())
                    .map_err(|what| at(value.span().start, format!("\"{written}\": {what}")))?;
                let pieces =
                    read_phrase(written).map_err(|what| at(phrase.span().start, format!("\"{written}\": {what}")))?;
                let index = self.phrases.len();
                self.phrases.push(Phrase {
                    label,
                    written: written.to_owned(),
                    weight,
                });
                let mut pieces = pieces.into_iter();
                let first = pieces.next().expect("read_phrase gives at least one piece");
                self.rests.push(pieces.collect());
                for form in first.forms {
                    self.openings.push(Opening {
                        phrase: index,
                        literal_words: form.literal_words(),
                        form,
                        accents,
                    });
                }
            }
        }
        Ok(())
    }
}

impl Piece {
    fn new(mut forms: Vec<Form>) -> Piece {
        forms.sort_by_key(|form| form.words[0].head.first_byte());
        let heads: Vec<Head> = forms.iter().map(|form| form.words[0].head).collect();
        let mut starts = Starts::default();
        heads.iter().for_each(|head| starts.add_head(*head));
        Piece { forms, heads, starts }
    }

    /// The forms that may stand where these bytes do.
    fn likely(&self, bytes: u32) -> impl Iterator<Item = &Form> {
        let first = bytes as u8;
        let start = if self.starts.may_have(bytes) {
            self.heads.partition_point(|head| head.first_byte() < first)
        } else {
            self.heads.len()
        };
        let fitting = self.forms[start..].iter().zip(&self.heads[start..]);
        fitting
            .take_while(move |(_, head)| head.first_byte() == first)
            .filter(move |(_, head)| head.fits(bytes))
            .map(|(form, _)| form)
    }

    /// The end of this piece when one of these words begins it, in a form that shows its accents.
    fn find_in(&self, text: &str, following: &Following, shows: &dyn Fn(&Form, Range<usize>) -> bool) -> Option<usize> {
        if !self.starts.meet(following.starts) {
            return None;
        }
        following.words[..following.count].iter().find_map(|&(at, bytes)| {
            let ends = |form: &Form| form.match_end(text, at).filter(|end| shows(form, at..*end));
            self.likely(bytes).find_map(ends)
        })
    }
}

impl Default for Following {
    fn default() -> Following {
        Following {
            from: usize::MAX,
            words: [(0, 0); GAP_WORDS + 1],
            count: 0,
            starts: Starts::default(),
        }
    }
}

impl Following {
    /// Reads the words after this place, unless it has just done so.
    fn go_on_from(&mut self, text: &str, from: usize) {
        if self.from == from {
            return;
        }
        (self.from, self.count, self.starts) = (from, 0, Starts::default());
        let mut at = from;
        while self.count < self.words.len()
            && let Some(next) = next_word(text, at)
        {
            let bytes = four_bytes(text, next);
            self.words[self.count] = (next, bytes);
            self.count += 1;
            self.starts.add(bytes);
            at = end_of_word(text, next);
        }
    }
}

/// Where the next word begins; none when the sentence or the line ends before.
fn next_word(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        match text.as_bytes().get(at)? {
            b'.' | b'!' | b'?' | b'\n' | b';' => return None,
            byte if byte.is_ascii_alphanumeric() => return Some(at),
            byte if byte.is_ascii() => at += 1,
            _ => {
                let c = text[at..].chars().next()?;
                if c.is_alphanumeric() {
                    return Some(at);
                }
                at += c.len_utf8();
            }
        }
    }
}

impl Starts {
    /// Adds what a form begins with.
    fn add_head(&mut self, head: Head) {
        if head.mask < 0xffff {
            // A word of one letter: what follows may be anything.
            self.0 = [u64::MAX; 4];
        } else {
            self.add(head.bytes);
        }
    }

    fn add(&mut self, bytes: u32) {
        let place = Starts::place(bytes);
        self.0[place / 64] |= 1 << (place % 64);
    }

    fn may_have(&self, bytes: u32) -> bool {
        let place = Starts::place(bytes);
        self.0[place / 64] >> (place % 64) & 1 == 1
    }

    fn meet(self, others: Starts) -> bool {
        self.0.iter().zip(others.0).any(|(own, other)| own & other != 0)
    }

    /// The place of the first two of four bytes.
    const fn place(bytes: u32) -> usize {
        (((bytes & 0xffff).wrapping_mul(0x9e37_79b1)) >> 24) as usize
    }
}

impl Head {
    fn of(word: &str) -> Head {
        let mask = u32::MAX.checked_shr(32 - 8 * word.len().min(4) as u32).unwrap_or(0);
        Head {
            bytes: four_bytes(word, 0),
            mask,
        }
    }

    const fn first_byte(self) -> u8 {
        self.bytes as u8
    }

    fn fits(self, bytes: u32) -> bool {
        (self.bytes ^ bytes) & self.mask == 0
    }
}

/// The next four bytes of a text; zero beyond its end.
fn four_bytes(text: &str, at: usize) -> u32 {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    match rest.first_chunk::<4>() {
        Some(bytes) => u32::from_le_bytes(*bytes),
        None => rest.iter().rev().fold(0, |all, byte| all << 8 | u32::from(*byte)),
    }
}

impl Form {
    /// How many of the words are literal text: up to the first that any letters may follow.
    fn literal_words(&self) -> usize {
        let open = self.words.iter().position(|word| word.open);
        open.map_or(self.words.len(), |open| open + 1)
    }

    /// The literal text that every match of this form starts with.
    fn beginning(&self) -> Beginning {
        let literal = self.literal_words();
        let words: Vec<&str> = self.words[..literal].iter().map(|word| word.folded.as_str()).collect();
        Beginning {
            text: words.join(" "),
            open: self.words[literal - 1].open,
        }
    }

    /// The end of the form when it stands at `start`, where a word begins, up to the end of a word.
    fn match_end(&self, text: &str, start: usize) -> Option<usize> {
        self.match_from(text, start, 0)
    }

    /// The same once so many of its words have been found, the last of which ends here.
    fn match_from(&self, text: &str, start: usize, found: usize) -> Option<usize> {
        let mut at = start;
        for (index, word) in self.words.iter().enumerate().skip(found) {
            if index > 0 {
                at += text[at..].strip_prefix(' ').map(|_| 1)?;
            }
            if !word.head.fits(four_bytes(text, at)) {
                return None;
            }
            text[at..].strip_prefix(word.folded.as_str())?;
            let end = at + word.folded.len();
            at = end_of_word(text, end);
            if at > end && !word.open {
                return None;
            }
        }
        Some(at)
    }

    /// Whether the original of these folded words bears the form's accents.
    fn shows_accents(&self, original: &str, folded: &Folded, range: Range<usize>) -> bool {
        let original = &original[folded.original_range(range)];
        if let [word] = self.words.as_slice()
            && original.starts_with(word.accented.as_str())
        {
            return true;
        }
        let mut words = original
            .split(|c: char| c.is_whitespace() || SPACED.contains(&c))
            .filter(|word| !word.is_empty());
        self.words.iter().all(|word| {
            words.next().is_some_and(|shown| {
                let mut shown = shown.chars().flat_map(char::to_lowercase);
                word.accented.chars().all(|c| shown.next() == Some(c))
            })
        })
    }
}

/// Whether a word goes on at this place.
#[inline]
fn is_within_word(text: &str, at: usize) -> bool {
    match text.as_bytes().get(at) {
        Some(byte) if byte.is_ascii() => byte.is_ascii_alphanumeric(),
        Some(_) => text[at..].starts_with(char::is_alphanumeric),
        None => false,
    }
}

/// What stands between words as a space does.
const SPACED: [char; 3] = ['\'', '’', '-'];

fn spaced_lower_case(text: &str) -> String {
    text.to_lowercase().replace(SPACED, " ")
}

fn read_value(value: &DeValue<'_>) -> Result<(f32, bool), String> {
    let number = |value: &DeValue<'_>| match value {
        DeValue::Integer(integer) => integer.as_str().parse::<f64>().ok(),
        DeValue::Float(float) => float.as_str().parse::<f64>().ok(),
        _ => None,
    };
    let (weight, accents) = match value {
        DeValue::Table(options) => {
            let mut weight = None;
            let mut accents = false;
            for (name, option) in options {
                match (name.get_ref().as_ref(), option.get_ref()) {
                    ("weight", value) => weight = number(value),
                    ("accents", DeValue::Boolean(value)) => accents = *value,
                    (other, _) => {
                        return Err(format!(
                            "unknown option `{other}`; known: weight = number, accents = true|false"
                        ));
                    }
                }
            }
            (weight, accents)
        }
        value => (number(value), false),
    };
    match weight {
        Some(weight) if WEIGHTS.contains(&weight) => Ok((weight as f32, accents)),
        Some(weight) => Err(format!(
            "weight {weight} is out of range: from {} to {}",
            WEIGHTS.start(),
            WEIGHTS.end()
        )),
        None => Err("needs a weight: a number, or { weight = number }".to_owned()),
    }
}

/// Reads the small grammar of phrases into pieces with all their literal forms.
fn read_phrase(written: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    for part in written.split(" _ ") {
        let mut forms = vec![String::new()];
        let mut rest = part;
        while let Some(open) = rest.find('(') {
            let close = rest[open..].find(')').ok_or("`(` without `)`")? + open;
            let alternatives: Vec<&str> = rest[open + 1..close].split('/').collect();
            let before = &rest[..open];
            forms = forms
                .iter()
                .flat_map(|form| alternatives.iter().map(move |choice| format!("{form}{before}{choice}")))
                .collect();
            if forms.len() > MOST_FORMS {
                return Err(format!("stands for more than {MOST_FORMS} forms: split it"));
            }
            rest = &rest[close + 1..];
        }
        if rest.contains(')') {
            return Err("`)` without `(`".to_owned());
        }
        let forms = forms
            .into_iter()
            .map(|form| read_form(&format!("{form}{rest}")))
            .collect::<Result<Vec<_>, _>>()?;
        pieces.push(Piece::new(forms));
    }
    Ok(pieces)
}

fn read_form(form: &str) -> Result<Form, String> {
    let mut words = Vec::new();
    for accented in spaced_lower_case(form).split_whitespace() {
        let (literal, open) = match accented.strip_suffix('*') {
            Some(literal) => (literal, true),
            None => (accented, false),
        };
        if literal.contains(['*', '_']) {
            return Err(
                "`*` stands only at the end of a word, and `_` only between spaces, outside brackets".to_owned(),
            );
        }
        let folded = fold(literal).text.trim().to_owned();
        if !folded.is_empty() {
            words.push(Word {
                head: Head::of(&folded),
                folded,
                accented: literal.to_owned(),
                open,
            });
        }
    }
    if words.is_empty() {
        Err("is empty once folded".to_owned())
    } else {
        Ok(Form { words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon(text: &str) -> Result<Lexicon, LexiconError> {
        let file = ModelFile {
            path: "test.toml".into(),
            text: text.to_owned(),
        };
        Lexicon::compile(&[(&file, "t", &["a", "b"])])
    }

    #[track_caller]
    fn check(model: &str, text: &str, expected: &[(&str, &str)]) {
        let lexicon = lexicon(model).unwrap();
        let folded = fold(text);
        let found: Vec<(String, &str)> = lexicon
            .find(text, &folded)
            .into_iter()
            .map(|hit| {
                (
                    lexicon.labels()[hit.label].clone(),
                    &text[folded.original_range(hit.folded)],
                )
            })
            .collect();
        let found: Vec<(&str, &str)> = found.iter().map(|(label, words)| (&label[2..], *words)).collect();
        assert_eq!(found, expected, "{model} in {text}");
    }

    #[test]
    fn phrases_match_whole_words_in_any_spelling() {
        let model = "[a]\n\"rançongiciel*\" = 5\n\"fuite de données\" = 5\n\"fuite\" = 1";
        check(
            model,
            "Des RANÇONGICIELS et rancongiciel",
            &[("a", "RANÇONGICIELS"), ("a", "rancongiciel")],
        );
        check(
            model,
            "une fuite de données, puis une fuite",
            &[("a", "fuite de données"), ("a", "fuite")],
        );
        check(model, "des enfuites", &[]);
        check(
            "[a]\n\"cyber-attaque\" = 1",
            "cyber attaque, cyber-attaque",
            &[("a", "cyber attaque"), ("a", "cyber-attaque")],
        );
    }

    #[test]
    fn alternatives_gaps_and_accents() {
        check(
            "[a]\n\"(payer/verser) _ rançon\" = 4",
            "payer vite la rançon",
            &[("a", "payer vite la rançon")],
        );
        check("[a]\n\"payer _ rançon\" = 4", "payer. La rançon", &[]);
        check(
            "[a]\n\"payer _ rançon\" = 4",
            "payer un deux trois quatre cinq six rançon",
            &[],
        );
        check(
            "[a]\n\"chiffrés\" = { weight = 2, accents = true }",
            "chiffres chiffrés",
            &[("a", "chiffrés")],
        );
        check(
            "[a]\n\"données _ chiffrés\" = { weight = 2, accents = true }",
            "données en chiffres. Fichiers et données bien chiffrés",
            &[("a", "données bien chiffrés")],
        );
        check(
            "[a]\n\"attaque* (au/par) couteau\" = 4",
            "attaques au couteau",
            &[("a", "attaques au couteau")],
        );
        check(
            "[a]\n\"(l'attaque/attaques) _ mair*\" = 1",
            "l’attaque de la mairie",
            &[("a", "l’attaque de la mairie")],
        );
    }

    #[test]
    fn labels_do_not_hide_each_other() {
        check(
            "[a]\n\"cyberattaque\" = 4\n[b]\n\"victime d'une cyberattaque\" = 5",
            "victime d’une cyberattaque",
            &[("b", "victime d’une cyberattaque"), ("a", "cyberattaque")],
        );
    }

    #[test]
    fn mistakes_name_the_line() {
        let check = |model: &str, expected: &str| assert_eq!(lexicon(model).unwrap_err().to_string(), expected);
        check(
            "[a]\n\"x\" = 1\n[c]\n\"y\" = 1",
            "test.toml:3: unknown label `c`; known here: a, b",
        );
        check(
            "[a]\n\"x\" = \"much\"",
            "test.toml:2: \"x\": needs a weight: a number, or { weight = number }",
        );
        check(
            "[a]\n\n\"x\" = 12",
            "test.toml:3: \"x\": weight 12 is out of range: from -9 to 9",
        );
        check("[a]\n\"x (y\" = 1", "test.toml:2: \"x (y\": `(` without `)`");
        check("[a]\n\"-\" = 1", "test.toml:2: \"-\": is empty once folded");
        check(
            "a = 3",
            "test.toml:1: `a` must be a table of phrases: write [a], then \"phrase\" = weight",
        );
        let syntax = lexicon("[a]\n\"x\" 1").unwrap_err();
        assert_eq!(syntax.line, 2);
    }
}
