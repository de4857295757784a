//! The dates that feeds and pages really carry: RFC 2822 and 3339, and what French sites make of them —
//! « lun., 03 févr. 2025 », « 3 février 2025 à 10h30 », `CEST`, no zone at all. A date that cannot
//! be read is none, never a guess at "now".

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::fold::fold_key;

/// Feeds older than the web or from the next century are mistakes.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// Reads a date. A time without a zone is taken in Europe/Paris, a day without a time at midnight
/// there; a weekday is not compared with its date. `None` when it is no date.
pub fn parse(text: &str) -> Option<Timestamp> {
    const LONGEST: usize = 100;
    if text.len() > LONGEST {
        return None;
    }
    let text = text.trim();
    parse_epoch(text).or_else(|| parse_words(text))
}

/// The words of a date, folded; a word with digits keeps its marks and is cut at the `T` that
/// separates date and time.
fn words_of(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || c == ',') {
        let word = word.trim_matches(['.', '(', ')', '[', ']']);
        if word.bytes().any(|b| b.is_ascii_digit()) {
            let lower = word.to_ascii_lowercase();
            match lower.split_once('t') {
                Some((date, time)) if date.ends_with(|c: char| c.is_ascii_digit()) && time.len() > 2 => {
                    words.extend([date.to_owned(), time.to_owned()]);
                }
                _ => words.push(lower),
            }
        } else if matches!(word, "-" | "|") {
            continue;
        } else if !word.is_empty() {
            words.push(fold_key(word));
        }
    }
    words
}

/// Seconds or milliseconds since 1970, when the text is nothing else.
fn parse_epoch(text: &str) -> Option<Timestamp> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        10 => Timestamp::from_second(text.parse().ok()?).ok(),
        13 => Timestamp::from_millisecond(text.parse().ok()?).ok(),
        _ => None,
    }
}

/// A number that is a day or a year, with its count of digits.
type Number = (i16, usize);

/// What is known of a date while its words are read.
#[derive(Default)]
struct Parts {
    date: Option<Date>,
    month: Option<i8>,
    /// Numbers that are day or year, in order.
    numbers: Vec<Number>,
    time: Option<Time>,
    afternoon: Option<bool>,
    zone: Option<TimeZone>,
}

fn parse_words(text: &str) -> Option<Timestamp> {
    let mut words = words_of(text);
    // « mar. » is mardi or mars: before another month it is the day.
    if words.first().is_some_and(|word| word == "mar") && words[1..].iter().any(|word| month_of(word).is_some()) {
        words.remove(0);
    }
    let mut parts = Parts::default();
    let mut rest = words.iter().map(String::as_str).peekable();
    while let Some(word) = rest.next() {
        // « 10 h 30 », « 10 h »
        if word.len() <= 2
            && word.bytes().all(|b| b.is_ascii_digit())
            && parts.time.is_none()
            && rest.peek().is_some_and(|&next| next == "h" || next == "heures")
        {
            rest.next();
            let minutes = rest.next_if(|next| next.len() == 2 && next.bytes().all(|b| b.is_ascii_digit()));
            parts.time = time_of(word, minutes.unwrap_or("0"), "0");
            parts.time?;
            continue;
        }
        read_word(word, &mut parts)?;
    }
    to_timestamp(parts)
}

/// Takes one word in. `None` when the word cannot be part of a date.
fn read_word(word: &str, parts: &mut Parts) -> Option<()> {
    if let Some(date) = compact_date(word) {
        parts.date = Some(date);
    } else if let Some(time) = compact_time(word).filter(|_| parts.date.is_some()) {
        parts.time = Some(time);
        parts.zone = word.ends_with('z').then_some(TimeZone::UTC).or(parts.zone.take());
    } else if let Some(date) = numeric_date(word) {
        parts.date = Some(date);
    } else if let Some((time, zone)) = clock(word) {
        parts.time = Some(time);
        parts.zone = zone.or(parts.zone.take());
    } else if let Some(zone) = zone_of(word) {
        // « GMT+0100 », « GMT +01:00 »: the number says more than the name.
        parts.zone = Some(zone);
    } else if let Some(month) = month_of(word) {
        parts.month.get_or_insert(month);
    } else if let Some((day, month, year)) = hyphenated(word) {
        parts.month = Some(month);
        parts.numbers.extend([day, year]);
    } else if let Some(number) = day_or_year(word) {
        parts.numbers.push(number);
    } else {
        match word {
            "am" => parts.afternoon = Some(false),
            "pm" => parts.afternoon = Some(true),
            "a" | "le" | "at" | "on" | "of" | "de" | "publie" | "mis" | "jour" | "heure" | "paris" => {}
            word if is_weekday(word) => {}
            _ => return None,
        }
    }
    Some(())
}

fn to_timestamp(parts: Parts) -> Option<Timestamp> {
    let date = match (parts.date, parts.month) {
        (Some(date), _) => date,
        (None, Some(month)) => {
            let (day, year) = match parts.numbers.as_slice() {
                [(year, 4), (day, _)] | [(day, _), (year, 4), ..] => (*day, *year),
                [(day, _), (year, 2), ..] => (*day, full_year(*year)),
                _ => return None,
            };
            Date::new(year, month, i8::try_from(day).ok()?).ok()?
        }
        (None, None) => return None,
    };
    if !YEARS.contains(&date.year()) {
        return None;
    }
    let mut time = parts.time.unwrap_or(Time::midnight());
    match parts.afternoon {
        Some(true) if time.hour() < 12 => time = time.checked_add(SignedDuration::from_hours(12)).ok()?,
        Some(false) if time.hour() == 12 => time = time.checked_sub(SignedDuration::from_hours(12)).ok()?,
        _ => {}
    }
    let zone = match parts.zone {
        Some(zone) => zone,
        None => paris()?,
    };
    zone.to_timestamp(DateTime::from_parts(date, time)).ok()
}

fn paris() -> Option<TimeZone> {
    TimeZone::get("Europe/Paris").ok()
}

/// `20250203`.
fn compact_date(word: &str) -> Option<Date> {
    if word.len() != 8 || !word.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Date::new(
        word[..4].parse().ok()?,
        word[4..6].parse().ok()?,
        word[6..].parse().ok()?,
    )
    .ok()
}

/// `101530` or `101530z`, after a date.
fn compact_time(word: &str) -> Option<Time> {
    let digits = word.strip_suffix('z').unwrap_or(word);
    if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    time_of(&digits[..2], &digits[2..4], &digits[4..])
}

/// `2025-02-03`, `2025/2/3`, `03/02/2025`, `3.2.25`: year first or day first.
fn numeric_date(word: &str) -> Option<Date> {
    let separator = word.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
    let parts: Vec<&str> = word.trim_end_matches('z').split(separator).collect();
    let [first, second, third] = parts[..] else {
        return None;
    };
    let is_number = |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(first) || !is_number(second) || !is_number(third) {
        return None;
    }
    let (year, month, day) = if first.len() == 4 {
        (first, second, third)
    } else {
        (third, second, first)
    };
    let mut year_number: i16 = year.parse().ok()?;
    if year.len() == 2 {
        year_number = full_year(year_number);
    }
    Date::new(year_number, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `03-feb-2025`, `3-fevr-25`.
fn hyphenated(word: &str) -> Option<(Number, i8, Number)> {
    let mut parts = word.split('-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Some((
        day_or_year(day)?,
        month_of(&fold_key(month.trim_matches('.')))?,
        day_or_year(year)?,
    ))
}

/// `10:30`, `10:30:15.250`, `10h30`, `10h`, each with a zone glued on or not.
fn clock(word: &str) -> Option<(Time, Option<TimeZone>)> {
    let (bare, zone) = match word.find(|c: char| matches!(c, '+' | '-') || (c.is_ascii_alphabetic() && c != 'h')) {
        Some(at) if at > 0 => {
            let (bare, suffix) = word.split_at(at);
            match suffix {
                "am" | "pm" => return None,
                suffix => (bare, Some(zone_of(suffix)?)),
            }
        }
        Some(_) => return None,
        None => (word, None),
    };
    let mut parts = bare.split([':', 'h']);
    let hour = parts.next()?;
    let minute = parts.next()?;
    let second = parts.next().unwrap_or("0");
    if parts.next().is_some() || (minute.is_empty() && !bare.ends_with('h')) {
        return None;
    }
    let minute = if minute.is_empty() { "0" } else { minute };
    Some((time_of(hour, minute, second)?, zone))
}

/// Hour 24 is read as 0 of the same day: sites that write it have not turned the day either.
fn time_of(hour: &str, minute: &str, second: &str) -> Option<Time> {
    let (second, fraction) = second.split_once('.').unwrap_or((second, ""));
    if ![hour, minute, second].iter().all(|part| (1..=2).contains(&part.len())) {
        return None;
    }
    let hour: i8 = hour.parse().ok()?;
    let second: i8 = second.parse().ok()?;
    let milliseconds: i32 = if fraction.is_empty() {
        0
    } else {
        format!("{fraction:0<3.3}").parse().ok()?
    };
    Time::new(
        hour % 24,
        minute.parse().ok()?,
        second.min(59),
        milliseconds.checked_mul(1_000_000)?,
    )
    .ok()
    .filter(|_| (0..=24).contains(&hour))
}

/// A day or a year: one to four digits, `1er` and `3rd` too.
fn day_or_year(word: &str) -> Option<Number> {
    let digits = ["er", "st", "nd", "rd", "th"]
        .iter()
        .find_map(|suffix| word.strip_suffix(suffix))
        .unwrap_or(word);
    let plausible = matches!(digits.len(), 1 | 2 | 4) && digits.bytes().all(|b| b.is_ascii_digit());
    plausible.then(|| digits.parse().ok().map(|number| (number, digits.len())))?
}

fn full_year(two_digits: i16) -> i16 {
    if two_digits < 70 {
        2000 + two_digits
    } else {
        1900 + two_digits
    }
}

/// `+0100`, `+01:00`, `+1`, a name, or a name with a number (`gmt+0100`).
fn zone_of(word: &str) -> Option<TimeZone> {
    if let Some(at) = word.find(['+', '-']) {
        let (name, number) = word.split_at(at);
        if !(name.is_empty() || matches!(name, "gmt" | "utc" | "ut")) {
            return None;
        }
        let sign = if number.starts_with('-') { -1 } else { 1 };
        let digits: String = number[1..].chars().filter(|&c| c != ':').collect();
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let (hours, minutes): (i32, i32) = match digits.len() {
            1 | 2 => (digits.parse().ok()?, 0),
            4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
            _ => return None,
        };
        let offset = Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()?;
        return Some(TimeZone::fixed(offset));
    }
    let hours = match word {
        "z" | "ut" | "utc" | "gmt" | "wet" => 0,
        "cet" | "bst" | "west" | "met" => 1,
        "cest" | "eet" | "mest" => 2,
        "eest" | "msk" => 3,
        "edt" => -4,
        "est" | "cdt" => -5,
        "cst" | "mdt" => -6,
        "mst" | "pdt" => -7,
        "pst" => -8,
        "europe/paris" => return paris(),
        _ => return None,
    };
    Some(TimeZone::fixed(Offset::from_hours(hours).ok()?))
}

/// The months as French writes them, folded.
pub const FRENCH_MONTHS: &[&str] = &[
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];

/// The number of a French month written whole, in folded letters; none for any other word.
pub fn french_month(word: &str) -> Option<i8> {
    FRENCH_MONTHS
        .iter()
        .position(|month| *month == word)
        .map(|index| index as i8 + 1)
}

/// French and English months, whole or shortened.
fn month_of(word: &str) -> Option<i8> {
    Some(match word {
        "janvier" | "janv" | "jan" | "january" => 1,
        "fevrier" | "fevr" | "fev" | "feb" | "february" => 2,
        "mars" | "mar" | "march" => 3,
        "avril" | "avr" | "apr" | "april" => 4,
        "mai" | "may" => 5,
        "juin" | "jun" | "june" => 6,
        "juillet" | "juil" | "jul" | "july" => 7,
        "aout" | "aou" | "aug" | "august" => 8,
        "septembre" | "sept" | "sep" | "september" => 9,
        "octobre" | "oct" | "october" => 10,
        "novembre" | "nov" | "november" => 11,
        "decembre" | "dec" | "december" => 12,
        _ => return None,
    })
}

fn is_weekday(word: &str) -> bool {
    const DAYS: &[&str] = &[
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "lun",
        "mar",
        "mer",
        "jeu",
        "ven",
        "sam",
        "dim",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thur",
        "thurs",
        "fri",
        "sat",
        "sun",
    ];
    DAYS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(parse(text).map(|at| at.to_string()).as_deref(), expected, "{text}");
        };
        let morning = Some("2025-02-03T09:15:30Z");
        check("Mon, 03 Feb 2025 09:15:30 GMT", morning);
        check("Mon, 03 Feb 2025 10:15:30 +0100", morning);
        check("Fri, 03 Feb 2025 10:15:30 +0100", morning); // it was a Monday
        check("Monday, 3 February 2025 10:15:30 +01:00", morning);
        check("03 Feb 2025 10:15:30 CET", morning);
        check("03 Feb 25 10:15:30 CET", morning);
        check("3 Feb 2025 09:15:30 Z", morning);
        check("Mon, 03 Feb 2025 10:15:30 GMT+0100", morning);
        check("Mon, 03 Feb 2025 10:15:30 GMT +0100", morning);
        check("Mon, 03 Feb 2025 10:15:30 +0100 (CET)", morning);
        check("Mon Feb  3 09:15:30 UTC 2025", morning);
        check("Feb 3, 2025 09:15:30 UTC", morning);
        check("2025-02-03T09:15:30Z", morning);
        check("2025-02-03t09:15:30z", morning);
        check("2025-02-03T10:15:30+01:00", morning);
        check("2025-02-03T10:15:30+0100", morning);
        check("2025-02-03T09:15:30.000Z", morning);
        check("2025-02-03T10:15:30", morning);
        check("2025-02-03 10:15:30", morning);
        check("2025-02-03 10:15:30 Europe/Paris", morning);
        check("2025-02-03T10:15:30 +01:00", morning);
        check("03/02/2025 10:15:30", morning);
        check("03-02-2025 10:15:30", morning);
        check("03-Feb-2025 10:15:30", morning);
        check("lun., 03 févr. 2025 10:15:30 +0100", morning);
        check("Lun, 03 Fév 2025 10:15:30 +0100", morning);
        check("lundi 3 février 2025 10:15:30", morning);
        check("lundi 3 février 2025 à 10:15:30", morning);
        check("1738574130", morning);
        check("1738574130000", morning);
        check("lundi 3 février 2025 à 10h15", Some("2025-02-03T09:15:00Z"));
        check("Publié le 3 février 2025 à 10 h 15", Some("2025-02-03T09:15:00Z"));
        check("3 février 2025, 9h", Some("2025-02-03T08:00:00Z"));
        check("mar., 01 déc. 2020 08:00:00 +0000", Some("2020-12-01T08:00:00Z"));
        check("mar 03 mars 2020 08:00:00 +0000", Some("2020-03-03T08:00:00Z"));
        check("1er août 2024 à 12:00", Some("2024-08-01T10:00:00Z"));
        check("jeu., 15 août 2024 12:00:00 CEST", Some("2024-08-15T10:00:00Z"));
        check("Thu, 15 Aug 2024 12:00:00 EST", Some("2024-08-15T17:00:00Z"));
        check("8/15/24", None);
        check("15.08.24", Some("2024-08-14T22:00:00Z"));
        check("2024-08-15", Some("2024-08-14T22:00:00Z"));
        check("20240815T120000Z", Some("2024-08-15T12:00:00Z"));
        check("jeu. 15-août-2024 12:00", Some("2024-08-15T10:00:00Z"));
        check("15 août 2024 - 12:00", Some("2024-08-15T10:00:00Z"));
        check("20240815", Some("2024-08-14T22:00:00Z"));
        check("Thu, 15 Aug 2024 24:05:00 +0000", Some("2024-08-15T00:05:00Z"));
        check("Aug 15, 2024 3:30 PM UTC", Some("2024-08-15T15:30:00Z"));
        check("Thu, 15 Aug 2024 10:00:60 GMT", Some("2024-08-15T10:00:59Z"));
        check("0001-01-01T00:00:00Z", None);
        check("Thu, 01 Jan 1970 00:00:00 +0000", None);
        check("hier", None);
        check("31 février 2025", None);
        check("", None);
        check("-", None);
        check("é\u{301}", None);
        check("99:99", None);
        check("2025-02-03T25:00:00Z", None);
        check(&"1".repeat(5000), None);
    }
}
