//! Numbers as French writes them: « 33 millions », « 10 000 » with any kind of space, « 1,2 million »,
//! « 240k », « deux millions et demi », « une dizaine de milliers », « des milliers »; with the words
//! that bound them (« plus de », « près de », « jusqu'à »).

use std::borrow::Cow;
use std::ops::Range;

use super::fold::fold_key;
use super::words::words;
use crate::model::fact::Bound;

/// A number found in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Byte range of the number itself in the text.
    pub range: Range<usize>,
    /// Its value; none for « des milliers », which names only an order of size.
    pub value: Option<f64>,
    /// What the words before it make of it.
    pub bound: Option<Bound>,
    /// Where the words before it begin: the start of « plus de », else of the number.
    pub start: usize,
}

/// The numbers of a sentence, in order. Percentages, and digits that are part of a word (« CVE-2024-1 »,
/// « 24h »), are none.
pub fn numbers(text: &str) -> Vec<Number> {
    let words = Words::of(text);
    let mut found = Vec::new();
    let mut index = 0;
    while let Some(range) = words.ranges.get(index) {
        let read = if !may_open(&text[range.clone()]) {
            None
        } else if words.folded(index).starts_with(|c: char| c.is_ascii_digit()) {
            read_digits(text, &words, index)
        } else {
            read_letters(&words, index)
        };
        let Some(read) = read else {
            index += 1;
            continue;
        };
        let range = range.start..read.end;
        let is_percentage = {
            let rest = text[range.end..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
            rest.starts_with('%') || rest.starts_with("pour cent") || rest.starts_with("pour mille")
        };
        if !is_percentage {
            let (bound, start) = bound_before(text, &words, index);
            found.push(Number {
                start: start.unwrap_or(range.start),
                range,
                value: read.value,
                bound: bound.or(read.is_round.then_some(Bound::About)),
            });
        }
        index = words
            .ranges
            .partition_point(|range| range.start < read.end)
            .max(index + 1);
    }
    found
}

/// Whether a number may begin with this word: with digits, or as numbers in letters and « des », « plusieurs »
/// do. Most words are told by their first two letters not to.
fn may_open(word: &str) -> bool {
    if word.starts_with(['à', 'â', 'é', 'è', 'ê', 'î', 'À', 'Â', 'É', 'È', 'Ê', 'Î']) {
        return false;
    }
    match *word.as_bytes() {
        [first, second, ..] if first.is_ascii_alphabetic() && second.is_ascii_alphabetic() => matches!(
            &[first.to_ascii_lowercase(), second.to_ascii_lowercase()],
            b"ce"
                | b"ci"
                | b"de"
                | b"di"
                | b"do"
                | b"hu"
                | b"mi"
                | b"ne"
                | b"no"
                | b"oc"
                | b"on"
                | b"pl"
                | b"qu"
                | b"se"
                | b"si"
                | b"so"
                | b"tr"
                | b"un"
                | b"vi"
        ),
        [letter] => !letter.is_ascii_alphabetic(),
        _ => true,
    }
}

/// The runs of letters and digits of a text.
struct Words<'a> {
    text: &'a str,
    ranges: Vec<Range<usize>>,
}

/// What one of the readers found.
struct Read {
    value: Option<f64>,
    end: usize,
    /// « une centaine »: never meant to the unit.
    is_round: bool,
}

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Words<'a> {
        let mut ranges = Vec::with_capacity(text.len() / 5);
        ranges.extend(words(text));
        Words { text, ranges }
    }

    /// A word, folded; empty beyond the end.
    fn folded(&self, index: usize) -> Cow<'a, str> {
        let written = self.ranges.get(index).map_or("", |range| &self.text[range.clone()]);
        if written.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            Cow::Borrowed(written)
        } else {
            Cow::Owned(fold_key(written))
        }
    }
}

/// Beyond this, digits are no quantity: an account number, a line of garbage.
const LARGEST: f64 = 1e15;
const SPACES: [char; 4] = [' ', '\u{a0}', '\u{202f}', '\u{2009}'];

/// « 10 000 », « 1,2 million », « 1.2M », « 33 M€ », « 240k ».
fn read_digits(text: &str, words: &Words<'_>, index: usize) -> Option<Read> {
    let start = words.ranges[index].start;
    // « CVE-2024-1 », « A4 », « 06.12 »: a part of something else.
    let before = text[..start].chars().next_back();
    let is_inner = before.is_some_and(|c| matches!(c, '-' | '/' | '_' | '.' | ',' | '#') || c.is_alphanumeric());
    if is_inner && !text[..start].ends_with(", ") {
        return None;
    }
    let (plain, mut end) = digits(text, start)?;
    let mut value = plain;
    if let Some((scale, scale_end)) = scale_after(text, end) {
        value = decimal_if_grouped(&text[start..end]).unwrap_or(value) * scale;
        end = scale_end;
        if let Some(half_end) = half_after(text, end) {
            value += scale / 2.0;
            end = half_end;
        }
    }
    if value > LARGEST {
        return None;
    }
    let is_cut = text[end..].starts_with(|c: char| c.is_alphanumeric()) && !starts_with_unit(&text[end..]);
    (!is_cut).then_some(Read {
        value: Some(value),
        end,
        is_round: false,
    })
}

/// « 240Go »: a unit may follow the digits at once.
fn starts_with_unit(rest: &str) -> bool {
    let word: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
    matches!(
        word.as_str(),
        "Go" | "To" | "Mo" | "Ko" | "Po" | "GB" | "TB" | "MB" | "KB" | "PB" | "btc" | "BTC"
    )
}

/// Digits with their groups and decimals: the value and the end.
fn digits(text: &str, start: usize) -> Option<(f64, usize)> {
    let run = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let first = run(start);
    let mut end = start + first;
    let mut whole = text[start..end].to_owned();
    let may_group = first <= 3 && !whole.starts_with('0');
    let mut separator = None;
    while let Some(c) = text[end..].chars().next().filter(|_| may_group) {
        let is_group = (SPACES.contains(&c) || matches!(c, '.' | ',' | '\'' | '’'))
            && separator.is_none_or(|known| known == c || SPACES.contains(&known) && SPACES.contains(&c))
            && run(end + c.len_utf8()) == 3;
        if !is_group {
            break;
        }
        separator = Some(c);
        let from = end + c.len_utf8();
        end = from + 3;
        whole.push_str(&text[from..end]);
    }
    let mut value: f64 = whole.parse().ok()?;
    if let Some(c) = text[end..]
        .chars()
        .next()
        .filter(|c| matches!(c, ',' | '.') && Some(*c) != separator)
    {
        let count = run(end + c.len_utf8());
        if count > 0 {
            let decimals = &text[end + 1..end + 1 + count];
            value = format!("{whole}.{decimals}").parse().ok()?;
            end += 1 + count;
        }
    }
    Some((value, end))
}

/// « 1,234 million » has decimals, « 1,234 clients » (English) a group.
fn decimal_if_grouped(written: &str) -> Option<f64> {
    let (whole, decimals) = written.split_once([',', '.'])?;
    let is_one_group = decimals.len() == 3 && !decimals.contains([',', '.', ' ']);
    is_one_group
        .then(|| format!("{whole}.{decimals}").parse().ok())
        .flatten()
}

/// The scale that follows a number in digits, and its end: « millions », « k », « M€ » (without the
/// « € »).
fn scale_after(text: &str, end: usize) -> Option<(f64, usize)> {
    let rest = &text[end..];
    let spaced = rest.trim_start_matches(SPACES);
    let gap = rest.len() - spaced.len();
    let word: String = spaced.chars().take_while(|c| c.is_alphanumeric()).collect();
    let after = &spaced[word.len()..];
    let is_money = after.starts_with(['€', '$', '£']) || after.starts_with(" d'") || after.starts_with(" d’");
    let scale = match word.as_str() {
        "mille" | "millier" | "milliers" | "thousand" => 1e3,
        "million" | "millions" => 1e6,
        "milliard" | "milliards" | "billion" => 1e9,
        "k" | "K" if gap == 0 || is_money => 1e3,
        "M" if gap == 0 || is_money => 1e6,
        "Md" | "Mds" | "md" | "mds" | "bn" => 1e9,
        _ => return None,
    };
    Some((scale, end + gap + word.len()))
}

/// The end of « et demi » after a scale.
fn half_after(text: &str, end: usize) -> Option<usize> {
    [" et demie", " et demi"]
        .iter()
        .find(|half| text[end..].starts_with(*half))
        .map(|half| end + half.len())
}

/// « deux millions et demi », « une centaine », « des milliers », « une dizaine de milliers ».
fn read_letters(words: &Words<'_>, index: usize) -> Option<Read> {
    rough(words, index).or_else(|| numeral(words, index))
}

/// « une centaine (de milliers) », « deux milliers », « des dizaines de milliers », « un demi-million ».
fn rough(words: &Words<'_>, index: usize) -> Option<Read> {
    let count = match words.folded(index).as_ref() {
        "des" | "plusieurs" | "quelques" => None,
        "un" | "une" => Some(1.0),
        other => Some(small(other)?),
    };
    let mut at = index + 1;
    let mut value = count;
    if count == Some(1.0) && words.folded(at) == "demi" {
        value = Some(0.5);
        at += 1;
    }
    let is_half = value == Some(0.5);
    let named = words.folded(at);
    let scale = rough_scale(&named).or_else(|| big(&named).filter(|_| is_half || count.is_none()))?;
    value = value.map(|value| value * scale);
    at += 1;
    while words.folded(at) == "de" {
        let named = words.folded(at + 1);
        let Some(scale) = rough_scale(&named).or_else(|| big(&named)) else {
            break;
        };
        value = value.map(|value| value * scale);
        at += 2;
    }
    Some(Read {
        value,
        end: words.ranges[at - 1].end,
        is_round: value.is_some() && !is_half,
    })
}

/// « deux cent mille », « un million cinq cent mille », « trois millions et demi ».
fn numeral(words: &Words<'_>, index: usize) -> Option<Read> {
    let mut total = 0.0;
    let mut current = 0.0;
    let mut last_scale = 0.0;
    let mut at = index;
    while at < words.ranges.len() {
        match words.folded(at).as_ref() {
            "vingt" | "vingts" if current == 4.0 => current = 80.0,
            "cent" | "cents" => current = f64::max(current, 1.0) * 100.0,
            "mille" => {
                total += f64::max(current, 1.0) * 1e3;
                current = 0.0;
            }
            "et" => match words.folded(at + 1).as_ref() {
                "demi" | "demie" if last_scale > 0.0 && current == 0.0 => {
                    total += last_scale / 2.0;
                    at += 2;
                    break;
                }
                "un" | "une" | "onze" if current >= 20.0 => {}
                _ => break,
            },
            text => match (big(text), small(text)) {
                (Some(scale), _) if current > 0.0 => {
                    total += current * scale;
                    last_scale = scale;
                    current = 0.0;
                }
                (None, Some(value)) => current += value,
                _ => break,
            },
        }
        at += 1;
    }
    let is_article = at == index + 1 && matches!(words.folded(index).as_ref(), "un" | "une");
    (at > index && !is_article).then(|| Read {
        value: Some(total + current),
        end: words.ranges[at - 1].end,
        is_round: false,
    })
}

fn small(word: &str) -> Option<f64> {
    const UNITS: [&str; 17] = [
        "zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
        "treize", "quatorze", "quinze", "seize",
    ];
    if let Some(value) = UNITS.iter().position(|unit| *unit == word) {
        return Some(value as f64);
    }
    Some(match word {
        "une" => 1.0,
        "vingt" => 20.0,
        "trente" => 30.0,
        "quarante" => 40.0,
        "cinquante" => 50.0,
        "soixante" => 60.0,
        "septante" => 70.0,
        "huitante" | "octante" => 80.0,
        "nonante" => 90.0,
        _ => return None,
    })
}

fn big(word: &str) -> Option<f64> {
    Some(match word {
        "million" | "millions" => 1e6,
        "milliard" | "milliards" => 1e9,
        _ => return None,
    })
}

fn rough_scale(word: &str) -> Option<f64> {
    Some(match word.strip_suffix('s').unwrap_or(word) {
        "dizaine" => 10.0,
        "douzaine" => 12.0,
        "quinzaine" => 15.0,
        "vingtaine" => 20.0,
        "trentaine" => 30.0,
        "quarantaine" => 40.0,
        "cinquantaine" => 50.0,
        "soixantaine" => 60.0,
        "centaine" => 100.0,
        "millier" => 1e3,
        _ => return None,
    })
}

/// The bounding words that end right before the number, and where they begin.
fn bound_before(text: &str, words: &Words<'_>, index: usize) -> (Option<Bound>, Option<usize>) {
    const BEFORE: [(&[&str], Bound); 20] = [
        (&["plus", "de"], Bound::AtLeast),
        (&["plus", "d"], Bound::AtLeast),
        (&["pas", "moins", "de"], Bound::AtLeast),
        (&["au", "moins"], Bound::AtLeast),
        (&["au", "minimum"], Bound::AtLeast),
        (&["more", "than"], Bound::AtLeast),
        (&["moins", "de"], Bound::AtMost),
        (&["moins", "d"], Bound::AtMost),
        (&["jusqu", "a"], Bound::AtMost),
        (&["au", "plus"], Bound::AtMost),
        (&["au", "maximum"], Bound::AtMost),
        (&["pres", "de"], Bound::About),
        (&["pres", "d"], Bound::About),
        (&["environ"], Bound::About),
        (&["quelque"], Bound::About),
        (&["quelques"], Bound::About),
        (&["presque"], Bound::About),
        (&["autour", "de"], Bound::About),
        (&["ordre", "de"], Bound::About),
        (&["about"], Bound::About),
    ];
    const LONGEST: usize = 3;
    let start = words.ranges[index].start;
    let near: Vec<Cow<'_, str>> = (index.saturating_sub(LONGEST)..index)
        .map(|at| words.folded(at))
        .collect();
    for (phrase, bound) in BEFORE {
        let Some(first) = index.checked_sub(phrase.len()) else {
            continue;
        };
        let begins = words.ranges[first].start;
        let is_here = near[near.len() - phrase.len()..]
            .iter()
            .zip(phrase)
            .all(|(word, part)| word == part)
            && !text[begins..start].contains([',', '.', ';', ':', '(', ')']);
        if is_here {
            return (Some(bound), Some(begins));
        }
    }
    (None, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[Option<f64>]) {
        let values: Vec<Option<f64>> = numbers(text).into_iter().map(|number| number.value).collect();
        assert_eq!(values, expected, "{text}");
    }

    #[test]
    fn values() {
        let check = |text: &str, value: f64| check(text, &[Some(value)]);
        check("33 millions d'assurés", 33e6);
        check("10 000 agents", 10_000.0);
        check("10\u{a0}000 agents", 10_000.0);
        check("1\u{202f}250\u{202f}000 fiches", 1_250_000.0);
        check("254.000 licenciés", 254_000.0);
        check("33,000 customers", 33_000.0);
        check("1,200,000 accounts", 1_200_000.0);
        check("1,2 million de clients", 1.2e6);
        check("1,234 million de clients", 1.234e6);
        check("1.2M accounts", 1.2e6);
        check("33 M€", 33e6);
        check("500 k€", 500e3);
        check("240k comptes", 240e3);
        check("2,5 millions", 2.5e6);
        check("2 millions et demi de francs", 2.5e6);
        check("0,5 bitcoin", 0.5);
        check("240Go", 240.0);
        check("1,5 To", 1.5);
        check("3 milliards", 3e9);
        check("deux millions", 2e6);
        check("deux millions et demi", 2.5e6);
        check("trois cent mille", 300e3);
        check("un million cinq cent mille", 1.5e6);
        check("quatre-vingt-dix mille", 90e3);
        check("quatre-vingts", 80.0);
        check("vingt et un", 21.0);
        check("mille deux cents", 1200.0);
        check("une centaine de dossiers", 100.0);
        check("une dizaine de milliers de comptes", 10e3);
        check("deux milliers de fiches", 2e3);
        check("un demi-million d'usagers", 500e3);
        check("La liste, 40 000 noms", 40_000.0);
    }

    #[test]
    fn what_is_no_number_and_what_has_no_value() {
        check(
            "des milliers de clients, plusieurs dizaines de milliers de fiches",
            &[None, None],
        );
        check("La faille CVE-2024-1234, 30 % des postes, une ville, 24h", &[]);
        check(
            "30 pour cent, en 2024 300 postes",
            &[Some(100.0), Some(2024.0), Some(300.0)],
        );
        check("", &[]);
    }

    #[test]
    fn digits_without_end_are_no_number() {
        check(&"9".repeat(400), &[]);
        check(&format!("{} milliards", "9".repeat(12)), &[]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_a_slip(text in "([0-9]{1,4}|[ \u{a0}.,'’%€$kM-]|mille|millions? |cent |et demi|un |des |milliers de |plus de |é|𝟙|\n){0,24}") {
            for number in numbers(&text) {
                proptest::prop_assert!(number.start <= number.range.start);
                proptest::prop_assert!(!text[number.range.clone()].is_empty());
                proptest::prop_assert!(number.value.is_none_or(|value| (0.0..=1e25).contains(&value)));
            }
        }
    }

    #[test]
    fn bounds_with_their_words() {
        let check = |text: &str, bound: Option<Bound>, words: &str| {
            let number = &numbers(text)[0];
            assert_eq!(number.bound, bound, "{text}");
            assert_eq!(&text[number.start..number.range.end], words, "{text}");
        };
        check("soit plus de 10 000 agents", Some(Bound::AtLeast), "plus de 10 000");
        check("près d'un million d'élèves", Some(Bound::About), "près d'un million");
        check("quelque 300 000 comptes", Some(Bound::About), "quelque 300 000");
        check(
            "jusqu’à 12 millions de lignes",
            Some(Bound::AtMost),
            "jusqu’à 12 millions",
        );
        check(
            "au moins trois mille fiches",
            Some(Bound::AtLeast),
            "au moins trois mille",
        );
        check("une centaine de fiches", Some(Bound::About), "une centaine");
        check("les 45 000 clients", None, "45 000");
    }
}
