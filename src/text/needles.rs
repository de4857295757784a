//! Some dozen needles looked for in a short text at once: their first letters tell where one may stand.

/// Words, or beginnings of words, each of which begins with a small letter; at most 64.
#[derive(Debug)]
pub struct Needles {
    needles: &'static [&'static str],
    /// For each letter, a bit for every needle that begins with it.
    by_letter: [u64; 26],
}

impl Needles {
    /// Made while the program is compiled, where a needle of another kind is an error.
    pub const fn new(needles: &'static [&'static str]) -> Needles {
        let mut by_letter = [0; 26];
        let mut index = 0;
        while index < needles.len() {
            by_letter[(needles[index].as_bytes()[0] - b'a') as usize] |= 1 << index;
            index += 1;
        }
        Needles { needles, by_letter }
    }

    /// Whether one of them stands in the text.
    pub fn are_in(&self, text: &str) -> bool {
        (0..text.len()).any(|at| self.stand_at(text, at))
    }

    /// Whether this word is one of them.
    #[inline]
    pub fn have(&self, word: &str) -> bool {
        self.likely(word.as_bytes()).any(|needle| needle == word)
    }

    /// Whether one of them stands in the text after a space.
    pub fn are_after_space(&self, text: &str) -> bool {
        let mut spaces = text.bytes().enumerate().filter(|(_, byte)| *byte == b' ');
        spaces.any(|(space, _)| self.stand_at(text, space + 1))
    }

    /// Where the last of them begins.
    pub fn last_in(&self, text: &str) -> Option<usize> {
        (0..text.len()).rev().find(|&at| self.stand_at(text, at))
    }

    #[inline]
    fn stand_at(&self, text: &str, at: usize) -> bool {
        let rest = &text.as_bytes()[at..];
        let second = rest.get(1);
        self.likely(rest).any(|needle| {
            let needle = needle.as_bytes();
            // Most differ in their second byte.
            needle.get(1).is_none_or(|byte| Some(byte) == second) && rest.starts_with(needle)
        })
    }

    /// Those that begin with the same letter.
    #[inline]
    fn likely(&self, text: &[u8]) -> impl Iterator<Item = &'static str> {
        let letter = text.first().map_or(u8::MAX, |first| first.wrapping_sub(b'a'));
        let mut likely = self.by_letter.get(usize::from(letter)).copied().unwrap_or(0);
        std::iter::from_fn(move || {
            let needle = self.needles.get(likely.trailing_zeros() as usize)?;
            likely &= likely - 1;
            Some(*needle)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needles_are_found_as_by_looking_for_each() {
        const WORDS: &[&str] = &["attaque", "a genoux", "vise", "visee", "nuit d"];
        const NEEDLES: Needles = Needles::new(WORDS);
        for text in [
            "",
            "vis",
            "vise",
            "visee",
            "é vise, é",
            "la nuit d'attaque",
            "a genoux a attaque",
            "œ{`z",
        ] {
            assert_eq!(
                NEEDLES.are_in(text),
                WORDS.iter().any(|word| text.contains(word)),
                "{text}"
            );
            let after_space = WORDS.iter().any(|word| text.contains(&format!(" {word}")));
            assert_eq!(NEEDLES.are_after_space(text), after_space, "{text}");
            assert_eq!(NEEDLES.have(text), WORDS.contains(&text), "{text}");
            let last = WORDS.iter().filter_map(|word| text.rfind(word)).max();
            assert_eq!(NEEDLES.last_in(text), last, "{text}");
        }
    }
}
