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

    /// Where the last of them begins.
    pub fn last_in(&self, text: &str) -> Option<usize> {
        (0..text.len()).rev().find(|&at| self.stand_at(text, at))
    }

    fn stand_at(&self, text: &str, at: usize) -> bool {
        let rest = &text.as_bytes()[at..];
        let letter = rest[0].wrapping_sub(b'a');
        let mut likely = self.by_letter.get(usize::from(letter)).copied().unwrap_or(0);
        while likely != 0 {
            let needle = self.needles[likely.trailing_zeros() as usize];
            if rest.starts_with(needle.as_bytes()) {
                return true;
            }
            likely &= likely - 1;
        }
        false
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
            let last = WORDS.iter().filter_map(|word| text.rfind(word)).max();
            assert_eq!(NEEDLES.last_in(text), last, "{text}");
        }
    }
}
