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
    fold_with(original, &mut text, &mut origin);
    origin.push(original.len() as u32);
    Folded { text, origin }
}

/// Folds a text into `text`, in the place of what that holds, without the way back.
pub fn fold_into(original: &str, text: &mut String) {
    text.clear();
    fold_with(original, text, &mut ());
}

/// Where the bytes of a folded text came from, when that is wanted.
trait Origin {
    /// The next folded bytes came from bytes that follow each other from `at` on.
    fn run(&mut self, at: usize, bytes: usize);
    /// The next folded bytes came all from the character at `at`.
    fn character(&mut self, at: usize, bytes: usize);
    /// The last folded byte is taken back.
    fn take_back(&mut self);
}

impl Origin for Vec<u32> {
    fn run(&mut self, at: usize, bytes: usize) {
        self.extend(at as u32..(at + bytes) as u32);
    }
    fn character(&mut self, at: usize, bytes: usize) {
        self.extend(std::iter::repeat_n(at as u32, bytes));
    }
    fn take_back(&mut self) {
        self.pop();
    }
}

impl Origin for () {
    fn run(&mut self, _at: usize, _bytes: usize) {}
    fn character(&mut self, _at: usize, _bytes: usize) {}
    fn take_back(&mut self) {}
}

fn fold_with(original: &str, text: &mut String, origin: &mut impl Origin) {
    let mut at = 0;
    loop {
        let run = unchanged(&original.as_bytes()[at..]);
        text.push_str(&original[at..at + run]);
        origin.run(at, run);
        at += run;
        let Some(c) = original[at..].chars().next() else {
            return;
        };
        fold_character(c, at, text, origin);
        at += c.len_utf8();
    }
}

/// How many of these bytes stay as they are: small letters, digits, punctuation, and single spaces
/// after them.
fn unchanged(bytes: &[u8]) -> usize {
    let mut count = 0;
    while let Some(&byte) = bytes.get(count) {
        let stays = STAYS[usize::from(byte)] || (byte == b' ' && count > 0 && bytes[count - 1] != b' ');
        if !stays {
            break;
        }
        count += 1;
    }
    count
}

/// The ASCII characters that fold to themselves wherever they stand.
const STAYS: [bool; 256] = {
    let mut stays = [false; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        let separates = matches!(byte, b'\'' | b'`' | b'-' | b'"' | b'*' | b'_');
        stays[byte as usize] = !separates && !byte.is_ascii_uppercase();
        byte += 1;
    }
    stays
};

fn fold_character(c: char, at: usize, text: &mut String, origin: &mut impl Origin) {
    let mut push = |c: char| {
        text.push(c);
        origin.character(at, c.len_utf8());
    };
    match c {
        'A'..='Z' => push(c.to_ascii_lowercase()),
        'à' | 'â' | 'À' | 'Â' => push('a'),
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => push('e'),
        'î' | 'ï' | 'Î' | 'Ï' => push('i'),
        'ô' | 'ö' | 'Ô' | 'Ö' => push('o'),
        'ù' | 'û' | 'ü' | 'Ù' | 'Û' | 'Ü' => push('u'),
        'ç' | 'Ç' => push('c'),
        '\n' => {
            if text.ends_with(' ') {
                text.pop();
                origin.take_back();
            }
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
                origin.character(at, 1);
            }
        }
        _ if is_separator(c) => {
            if !text.is_empty() && !text.ends_with([' ', '\n']) {
                text.push(' ');
                origin.character(at, 1);
            }
        }
        'œ' | 'Œ' => "oe".chars().for_each(push),
        'æ' | 'Æ' => "ae".chars().for_each(push),
        'ß' => "ss".chars().for_each(push),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' => {}
        '…' => push('.'),
        c if c.is_ascii() => push(c),
        c => {
            let parts = c.nfkd().filter(|c| !is_combining_mark(*c));
            parts.flat_map(char::to_lowercase).for_each(push);
        }
    }
}

/// The folded form alone, trimmed, for keys and comparisons.
pub fn fold_key(original: &str) -> String {
    let mut key = String::with_capacity(original.len());
    fold_into(original, &mut key);
    key.truncate(key.trim_end().len());
    key
}

/// The folded form with only letters and digits, words joined by `-`: "departement-du-loiret".
pub fn slug(original: &str) -> String {
    let folded = fold_key(original);
    let mut slug = String::with_capacity(folded.len());
    for word in folded.split(|c: char| !c.is_ascii_alphanumeric()) {
        if !slug.is_empty() && !word.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    slug
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
    fn accented_letters_fold_as_their_decomposition_says() {
        for c in '\u{c0}'..='\u{17f}' {
            if matches!(c, 'œ' | 'Œ' | 'æ' | 'Æ' | 'ß') {
                continue;
            }
            let parts = c.nfkd().filter(|c| !is_combining_mark(*c));
            let expected: String = parts.flat_map(char::to_lowercase).collect();
            assert_eq!(fold(&c.to_string()).text, expected, "{c}");
        }
    }

    #[test]
    fn a_text_folds_alike_with_and_without_the_way_back() {
        for original in ["« L’Été » - Œ, 2\u{a0}000 €\n\n fin", "  a  b ", "\n", "À-Z_é…"] {
            let mut text = String::new();
            fold_into(original, &mut text);
            let folded = fold(original);
            assert_eq!(text, folded.text, "{original}");
            assert_eq!(folded.origin.len(), text.len() + 1, "{original}");
            assert!(folded.origin.is_sorted(), "{original}");
        }
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
