//! The imprint of an article: the few words by which it is compared with others.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::Path;

use super::data::DataError;
use crate::model::article::Article;
use crate::model::imprint::Imprint;
use crate::text::fold::{Folded, fold};
use crate::text::hash::BuildPlain;
use crate::text::headline::headline;
use crate::text::numbers::numbers;
use crate::text::words::words;

/// The file of the frequencies.
pub const FILE: &str = "word_frequencies.tsv";
/// The one shipped in the binary.
const EMBEDDED: &str = include_str!("../../data/keywords/word_frequencies.tsv");
/// How many bytes of the text are read: what follows is background more often than news.
const TEXT_BYTES: usize = 1_500;
/// A word that stands in fewer articles than this is rare, and not on the list.
const FEWEST_ARTICLES: usize = 15;
/// In how many articles a rare word is taken to stand.
const RARE: f32 = 6.0;
/// Where nothing is counted, as many articles are assumed.
const ASSUMED_ARTICLES: usize = 4_000;
/// How many words of a headline are kept.
const TITLE_WORDS: usize = 24;
/// How many telling words are kept of headline and text.
const TEXT_WORDS: usize = 32;
/// How many names are kept, the rarest.
const NAMES: usize = 40;
/// How many figures are kept.
const NUMBERS: usize = 24;
/// By how many of its words an article is found.
const KEYS: usize = 12;
/// A word by which articles are found stands in no larger share of them.
const KEY_SHARE: f32 = 0.009;
/// What the root of the sum of squares of a list's weights is.
const LENGTH: f32 = 1_000.0;
/// The shortest word of a name that counts, in bytes.
const SHORTEST_NAME: usize = 3;
/// The smallest figure that counts.
const SMALLEST_NUMBER: f64 = 10.0;

/// The stable hash of a folded word (FNV-1a, 32 bits): imprints are stored.
pub(super) fn hash(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// In how many articles of the press words stand: `word_frequencies.tsv`. Words that are not on the list are rare.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Frequencies {
    /// How many articles were counted.
    articles: usize,
    words: BTreeMap<String, usize>,
    by_hash: HashMap<u64, u32, BuildPlain>,
}

impl Frequencies {
    /// The frequencies shipped in the binary.
    pub fn embedded() -> Frequencies {
        Frequencies::read(Path::new(FILE), EMBEDDED).expect("the shipped word_frequencies.tsv has no mistake")
    }

    /// Counts the words of articles.
    pub fn count<'a>(articles: impl Iterator<Item = &'a Article>) -> Frequencies {
        let mut words: BTreeMap<String, usize> = BTreeMap::new();
        let mut count = 0;
        for article in articles {
            count += 1;
            let [title, text] = parts(article);
            let mut own: Vec<&str> = folded_words(&title).chain(folded_words(&text)).collect();
            own.sort_unstable();
            own.dedup();
            for word in own {
                match words.get_mut(word) {
                    Some(known) => *known += 1,
                    None => {
                        words.insert(word.to_owned(), 1);
                    }
                }
            }
        }
        words.retain(|_, count| *count >= FEWEST_ARTICLES);
        Frequencies::new(count, words)
    }

    fn new(articles: usize, words: BTreeMap<String, usize>) -> Frequencies {
        let by_hash = words.iter().map(|(word, count)| (u64::from(hash(word)), *count as u32));
        Frequencies {
            articles,
            by_hash: by_hash.collect(),
            words,
        }
    }

    /// Reads `word_frequencies.tsv`: the first line says of how many articles, each other a word and in how many it
    /// stands.
    pub fn read(file: &Path, text: &str) -> Result<Frequencies, DataError> {
        let mistake = |line: usize, what: &str| DataError {
            file: file.to_owned(),
            line,
            what: what.to_owned(),
        };
        let mut lines = text.lines().zip(1..);
        let head = lines.next().and_then(|(line, _)| line.strip_prefix("word\tof "));
        let articles = head.and_then(|articles| articles.parse().ok()).ok_or_else(|| {
            mistake(
                1,
                "`word`, a tab and `of N` are expected: the number of articles counted",
            )
        })?;
        let mut words = BTreeMap::new();
        for (line, number) in lines {
            let (word, count) = line
                .split_once('\t')
                .and_then(|(word, count)| Some((word, count.parse().ok()?)))
                .ok_or_else(|| mistake(number, "a word, a tab and a number are expected"))?;
            if count > articles {
                return Err(mistake(number, "more articles than were counted"));
            }
            words.insert(word.to_owned(), count);
        }
        Ok(Frequencies::new(articles, words))
    }

    /// The file that `read` reads: the same frequencies give the same bytes.
    pub fn write(&self) -> String {
        let mut text = format!("word\tof {}\n", self.articles);
        for (word, count) in &self.words {
            let _ = writeln!(text, "{word}\t{count}");
        }
        text
    }

    /// How many words are on the list.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How few articles have a word: the logarithm of their share, without its sign.
    fn rarity(&self, word: u32) -> f32 {
        let articles = if self.articles == 0 {
            ASSUMED_ARTICLES
        } else {
            self.articles
        };
        let count = self.by_hash.get(&u64::from(word)).map_or(RARE, |count| *count as f32);
        (articles as f32 / count).ln().max(0.0)
    }

    /// The imprint of an article. Linear in the length of what is read of it.
    pub fn imprint(&self, article: &Article) -> Imprint {
        let [title, text] = parts(article);
        let of_title = self.seen(&title);
        let of_text = self.seen(&text);
        let all = || of_title.iter().chain(&of_text);
        let mut numbers: Vec<u64> = figures(&title.original).chain(figures(&text.original)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.truncate(NUMBERS);
        Imprint {
            title: sketch(of_title.iter(), TITLE_WORDS),
            text: sketch(all(), TEXT_WORDS),
            names: names(all()),
            keys: keys(&of_title, &of_text),
            numbers,
        }
    }

    /// The words of a text, in order.
    fn seen(&self, part: &Part<'_>) -> Vec<Seen> {
        let folded = &part.folded;
        let words = words(&folded.text).filter(|range| is_word(&folded.text[range.clone()]));
        words
            .map(|range| {
                let word = &folded.text[range.clone()];
                let hash = hash(word);
                let rarity = self.rarity(hash);
                let mut written = part.original[folded.original_range(range.clone())].chars();
                let is_capital = written.next().is_some_and(char::is_uppercase);
                let is_name = is_capital
                    && word.len() >= SHORTEST_NAME
                    && (written.any(char::is_uppercase)
                        || !self.by_hash.contains_key(&u64::from(hash))
                        || !opens_sentence(&folded.text[..range.start]));
                Seen { hash, rarity, is_name }
            })
            .collect()
    }
}

/// A word of a text.
#[derive(Debug, Clone, Copy)]
struct Seen {
    hash: u32,
    rarity: f32,
    /// Whether it is written as a name.
    is_name: bool,
}

/// A text that is read, and how it is compared.
struct Part<'a> {
    original: Cow<'a, str>,
    folded: Folded,
}

/// Headline and beginning of the text.
fn parts(article: &Article) -> [Part<'_>; 2] {
    let title = headline(&article.title, &article.url, &article.outlet);
    let text = match &article.standfirst {
        Some(standfirst) => Cow::Owned(beginning(&format!("{standfirst}\n{}", beginning(&article.text))).to_owned()),
        None => Cow::Borrowed(beginning(&article.text)),
    };
    [Cow::Borrowed(title), text].map(|original| Part {
        folded: fold(&original),
        original,
    })
}

/// The whole words at the beginning of a text.
fn beginning(text: &str) -> &str {
    if text.len() <= TEXT_BYTES {
        return text;
    }
    let cut = &text[..text.floor_char_boundary(TEXT_BYTES)];
    cut.rfind(char::is_whitespace).map_or(cut, |end| &cut[..end])
}

/// The words of a part that are counted.
fn folded_words<'a>(part: &'a Part<'_>) -> impl Iterator<Item = &'a str> {
    let text = part.folded.text.as_str();
    words(text).map(|range| &text[range]).filter(|word| is_word(word))
}

/// Figures are kept apart, and single letters tell nothing.
fn is_word(word: &str) -> bool {
    word.len() > 1 && word.contains(char::is_alphabetic)
}

/// Whether a sentence begins after this folded text.
fn opens_sentence(before: &str) -> bool {
    let before = before.trim_end_matches(' ');
    before.is_empty() || before.ends_with(['.', '!', '?', ':', '\n'])
}

/// The most telling words of these, by how rare they are and how often they stand there.
fn sketch<'a>(words: impl Iterator<Item = &'a Seen>, most: usize) -> Vec<(u32, u16)> {
    let mut words: Vec<(u32, f32)> = words.map(|seen| (seen.hash, seen.rarity)).collect();
    words.sort_unstable_by_key(|(hash, _)| *hash);
    let mut weighed: Vec<(u32, f32)> = words
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| (same[0].0, (1.0 + (same.len() as f32).ln()) * same[0].1))
        .collect();
    weighed.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    weighed.truncate(most);
    let length = weighed.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    let scale = if length > 0.0 { LENGTH / length } else { 0.0 };
    let mut sketch: Vec<(u32, u16)> = weighed
        .into_iter()
        .map(|(hash, weight)| (hash, (weight * scale).round() as u16))
        .collect();
    sketch.sort_unstable();
    sketch
}

/// The rarest names, with their rarity.
fn names<'a>(words: impl Iterator<Item = &'a Seen>) -> Vec<(u32, u16)> {
    let named = words.filter(|seen| seen.is_name);
    let mut names: Vec<(u32, u16)> = named
        .map(|seen| (seen.hash, (seen.rarity * 10.0).round() as u16))
        .collect();
    names.sort_unstable();
    names.dedup();
    names.sort_by_key(|(_, rarity)| std::cmp::Reverse(*rarity));
    names.truncate(NAMES);
    names.sort_unstable();
    names
}

/// The words by which an article is found: the rarest of its headline and of its names, the first of equals.
fn keys(title: &[Seen], text: &[Seen]) -> Vec<u32> {
    let rarest = (1.0 / KEY_SHARE).ln();
    let named = title.iter().chain(text.iter().filter(|seen| seen.is_name));
    let mut rare: Vec<(f32, u32)> = Vec::new();
    for seen in named.filter(|seen| seen.rarity >= rarest) {
        if !rare.iter().any(|(_, hash)| *hash == seen.hash) {
            rare.push((seen.rarity, seen.hash));
        }
    }
    rare.sort_by(|a, b| b.0.total_cmp(&a.0));
    rare.truncate(KEYS);
    let mut keys: Vec<u32> = rare.into_iter().map(|(_, hash)| hash).collect();
    keys.sort_unstable();
    keys
}

/// The figures of a text that tell it apart: no years, no small counts.
fn figures(text: &str) -> impl Iterator<Item = u64> {
    let values = numbers(text).into_iter().filter_map(|number| number.value);
    values
        .filter(|value| *value >= SMALLEST_NUMBER && !(1900.0..2100.0).contains(value))
        .map(|value| value.round() as u64)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::model::article::TextSource;
    use crate::model::id::ArticleId;

    fn article(title: &str, text: &str) -> Article {
        Article {
            id: ArticleId::of_url(title),
            url: "https://www.lefil.example/a".to_owned(),
            outlet: "Le Fil".to_owned(),
            feed: None,
            entry: None,
            title: title.to_owned(),
            standfirst: None,
            text: text.to_owned(),
            published: Timestamp::UNIX_EPOCH,
            published_day_known: true,
            received: Timestamp::UNIX_EPOCH,
            declared_language: None,
            outlet_departements: Vec::new(),
            source: TextSource::Import,
        }
    }

    fn frequencies() -> Frequencies {
        let text = "word\tof 1000\nattaque\t300\nde\t990\nla\t990\nmairie\t200\nmercredi\t150\nville\t400\n";
        Frequencies::read(Path::new("f.tsv"), text).unwrap()
    }

    #[track_caller]
    fn check_names(title: &str, text: &str, expected: &[&str]) {
        let imprint = frequencies().imprint(&article(title, text));
        let mut expected: Vec<u32> = expected.iter().map(|word| hash(word)).collect();
        expected.sort_unstable();
        let names: Vec<u32> = imprint.names.iter().map(|(word, _)| *word).collect();
        assert_eq!(names, expected, "{title} / {text}");
    }

    #[test]
    fn names_are_capitals_within_sentences_acronyms_and_rare_openers() {
        check_names("La mairie de Valmorin attaquée", "", &["valmorin"]);
        check_names("", "Mercredi, la ville a coupé ses serveurs. Mairie fermée.", &[]);
        check_names("", "Depuis Mercredi", &["depuis", "mercredi"]);
        check_names(
            "Valmorin",
            "La SDEV et l'Agglo d'Oulx-sur-Drenne",
            &["valmorin", "sdev", "agglo", "oulx", "drenne"],
        );
        check_names("", "VILLE DE LA MAIRIE", &["ville", "mairie"]);
        check_names("", "le 3 mai, A. et B", &[]);
    }

    #[test]
    fn figures_are_values_and_no_years() {
        let check = |text: &str, expected: &[u64]| {
            assert_eq!(frequencies().imprint(&article("", text)).numbers, expected, "{text}");
        };
        check("33 millions de comptes, soit 33 000 000 de personnes", &[33_000_000]);
        check("en 2026, 3 agents sur 450 et 12 écoles", &[12, 450]);
        check("rien", &[]);
    }

    #[test]
    fn rare_words_weigh_more_and_lists_are_ordered_and_short() {
        let title = "Attaque de la mairie de Valmorin - Le Fil";
        let imprint = frequencies().imprint(&article(title, &"Zone Xi Yo de la ville. Mot Valmorin ".repeat(400)));
        let weight = |word: &str| {
            imprint
                .title
                .iter()
                .find(|(own, _)| *own == hash(word))
                .map(|(_, weight)| *weight)
        };
        assert!(weight("valmorin") > weight("mairie") && weight("mairie") > weight("de"));
        assert_eq!(weight("fil"), None, "the site's name is no part of the headline");
        for list in [&imprint.title, &imprint.text, &imprint.names] {
            assert!(
                list.is_sorted_by_key(|(word, _)| *word) && list.len() <= NAMES,
                "{list:?}"
            );
        }
        let length = |list: &[(u32, u16)]| list.iter().map(|(_, w)| f32::from(*w).powi(2)).sum::<f32>().sqrt();
        assert!(
            (length(&imprint.text) - LENGTH).abs() < 5.0,
            "{}",
            length(&imprint.text)
        );
        assert!(imprint.keys.contains(&hash("valmorin")) && !imprint.keys.contains(&hash("mairie")));
        assert!(imprint.keys.len() <= KEYS);
        assert_eq!(frequencies().imprint(&article("", "")), Imprint::default());
    }

    #[test]
    fn only_the_beginning_is_read_and_the_standfirst_with_it() {
        let late = format!("{}Oulx", "mot ".repeat(600));
        check_names("", &late, &[]);
        let with_standfirst = Article {
            standfirst: Some("La ville d'Oulx".to_owned()),
            ..article("", "Suite")
        };
        let names = frequencies().imprint(&with_standfirst).names;
        assert!(names.iter().any(|(word, _)| *word == hash("oulx")), "{names:?}");
    }

    #[test]
    fn what_is_counted_is_written_and_read_back_and_mistakes_have_a_line() {
        let articles: Vec<Article> = (0..20)
            .map(|number| {
                article(
                    &format!("Titre {number}"),
                    if number < 15 { "panne panne" } else { "vol" },
                )
            })
            .collect();
        let counted = Frequencies::count(articles.iter());
        assert_eq!(counted.write(), "word\tof 20\npanne\t15\ntitre\t20\n");
        assert_eq!(Frequencies::read(Path::new("f"), &counted.write()).unwrap(), counted);
        let check = |text: &str, expected: &str| {
            let error = Frequencies::read(Path::new("k/f.tsv"), text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check("", "k/f.tsv:1: ");
        check("word\tof x\n", "k/f.tsv:1: ");
        check("word\tof 9\npanne 3\n", "k/f.tsv:2: a word, a tab");
        check("word\tof 9\npanne\t8\nvol\t10\n", "k/f.tsv:3: more articles");
        assert!(!Frequencies::embedded().is_empty());
    }
}
