//! Folding: the form in which words are compared. Lower case, no accents, ligatures opened;
//! apostrophes, hyphens, quotes and white space all become one space, so that « Saint-Étienne »,
//! "saint etienne" and "SAINT ETIENNE" are equal. Sentence punctuation and line ends stay, so that
//! no phrase matches across them. Every folded byte knows the byte of the original it came from.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A folded text with the way back to the original.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folded {
    /// The folded text.
    pub text: String,
    /// For each byte of `text`, the byte offset in the original of the character it came from;
    /// one more at the end, the original's length.
    origin: Vec<u32>,
}

impl Folded {
    /// The byte range in the original that a range of the folded text came from.
    pub fn original_range(&self, folded: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let start = self.origin[folded.start] as usize;
        let end = if folded.end == folded.start {
            start
        } else {
            self.origin[folded.end] as usize
        };
        start..end
    }

    /// The first folded offset that came from the original's byte `original` or later.
    pub fn folded_offset(&self, original: usize) -> usize {
        self.origin[..self.text.len()].partition_point(|&o| (o as usize) < original)
    }
}

/// Folds a text. Linear in its length. Texts of 4 GB or more are cut there.
pub fn fold(original: &str) -> Folded {
    let mut text = String::with_capacity(original.len());
    let mut origin: Vec<u32> = Vec::with_capacity(original.len() + 1);
    for (at, c) in original.char_indices() {
        match c {
            'a'..='z' | '0'..='9' => push(&mut text, &mut origin, c, at),
            'A'..='Z' => push(&mut text, &mut origin, c.to_ascii_lowercase(), at),
            '\n' => {
                if text.ends_with(' ') {
                    text.pop();
                    origin.pop();
                }
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push('\n');
                    origin.push(at as u32);
                }
            }
            _ if is_separator(c) => {
                if !text.is_empty() && !text.ends_with([' ', '\n']) {
                    push(&mut text, &mut origin, ' ', at);
                }
            }
            'œ' | 'Œ' => "oe".chars().for_each(|c| push(&mut text, &mut origin, c, at)),
            'æ' | 'Æ' => "ae".chars().for_each(|c| push(&mut text, &mut origin, c, at)),
            'ß' => "ss".chars().for_each(|c| push(&mut text, &mut origin, c, at)),
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
            '…' => push(&mut text, &mut origin, '.', at),
            c if c.is_ascii() => push(&mut text, &mut origin, c, at),
            c => {
                for folded in c.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
                    push(&mut text, &mut origin, folded, at);
                }
            }
        }
    }
    origin.push(original.len() as u32);
    Folded { text, origin }
}

fn push(text: &mut String, origin: &mut Vec<u32>, c: char, at: usize) {
    text.push(c);
    for _ in 0..c.len_utf8() {
        origin.push(at as u32);
    }
}

/// The folded form alone, trimmed, for keys and comparisons.
pub fn fold_key(original: &str) -> String {
    fold(original).text.trim_end().to_owned()
}

/// The folded form with only letters and digits, words joined by `-`: "departement-du-loiret".
pub fn slug(original: &str) -> String {
    let folded = fold(original).text;
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-")
}

/// Whether a folded match stands on word boundaries.
pub fn is_whole_word(folded: &str, start: usize, end: usize) -> bool {
    let before = folded[..start].chars().next_back();
    let after = folded[end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\'' | '’'
                | '‘'
                | '`'
                | '´'
                | 'ʼ'
                | '-'
                | '‐'
                | '‑'
                | '–'
                | '—'
                | '"'
                | '“'
                | '”'
                | '„'
                | '«'
                | '»'
                | '*'
                | '_'
                | '·'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding() {
        let check = |original: &str, folded: &str| assert_eq!(fold(original).text, folded, "{original}");
        check("Rançongiciel", "rancongiciel");
        check("l’Hôtel-Dieu", "l hotel dieu");
        check("« Œuvre » d'État", "oeuvre d etat");
        check("fin. Début, 20\u{a0}000 €", "fin. debut, 20 000 €");
        check("E\u{301}tampes", "etampes");
        check("a  -  b", "a b");
        check("cyber\u{ad}attaque", "cyberattaque");
        check("titre \n\n Premier", "titre\npremier");
        check("", "");
    }

    #[test]
    fn offsets_lead_back_to_the_original_words() {
        let original = "La mairie d’Œuilly — « piratée » hier";
        let folded = fold(original);
        for (words, expected) in [
            ("oeuilly", "Œuilly"),
            ("piratee", "piratée"),
            ("hier", "hier"),
            ("mairie d", "mairie d"),
        ] {
            let at = folded.text.find(words).unwrap();
            assert_eq!(&original[folded.original_range(at..at + words.len())], expected);
        }
        assert_eq!(
            folded.folded_offset(original.find("piratée").unwrap()),
            folded.text.find("piratee").unwrap()
        );
    }

    #[test]
    fn slugs() {
        assert_eq!(slug("Département du Loiret (45)"), "departement-du-loiret-45");
        assert_eq!(slug("L’Haÿ-les-Roses"), "l-hay-les-roses");
    }
}
