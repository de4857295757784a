//! Reads the moments that people type after `--since` and `--until`: "30d", "3 mois", "hier",
//! "04/11/2023", "novembre 2023". Spans are counted back from now on the French calendar (a month
//! is a month, a day is a day even when the clock changes); hours are hours.

use jiff::civil::{Date, DateTime};
use jiff::{Span, Timestamp};

use crate::model::paris;
use crate::text::fold::fold;

/// What can be typed, for the messages.
pub const KNOWN: &str =
    "30d, 12h, 2 semaines, 3 mois, 1 an, hier, 2023-11-04, 04/11/2023, 4 novembre 2023, novembre 2023, 2023-11, 2023";

/// Which end of the window a moment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// The first moment, included.
    Since,
    /// The last one: a day, month or year is included whole, so the moment is where it ends.
    Until,
}

/// Why a text names no moment. The message says what to type instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhenProblem {
    /// It looks like nothing known.
    #[error("not a date; write one of: {KNOWN}")]
    NotADate,
    /// A number alone.
    #[error("{0} what? write `{0}d`, `{0} semaines` or `{0} mois`")]
    NoUnit(String),
    /// "3m".
    #[error("`{0}m` could be minutes or months; write `{0} mois`")]
    MinutesOrMonths(String),
    /// "4 novembre".
    #[error("of which year? write for example `{0} 2023`")]
    NoYear(String),
    /// "04/11/23".
    #[error("write the year with four digits: 04/11/2023")]
    ShortYear,
    /// "31/02/2023", "11/25/2023".
    #[error("there is no such day; days are written 2023-11-04 or 04/11/2023 (day first)")]
    NoSuchDay,
    /// "99999 ans".
    #[error("too far back")]
    TooFarBack,
    /// "-3d".
    #[error("no sign is needed: `3d` means three days ago")]
    Sign,
}

/// The moment that `typed` names, seen from `now`. Errs with the reason when it names none.
pub fn moment(typed: &str, now: Timestamp, edge: Edge) -> Result<Timestamp, WhenProblem> {
    let typed = typed.trim();
    if typed.starts_with(['-', '+']) {
        return Err(WhenProblem::Sign);
    }
    if typed.contains(':')
        && let Some(instant) = instant(typed)
    {
        return Ok(instant);
    }
    let folded = fold(typed).text;
    let mut tokens = tokens(&folded).ok_or(WhenProblem::NotADate)?;
    if let [Token::Word("il"), Token::Word("y"), Token::Word("a"), ..] = tokens[..] {
        tokens.drain(..3);
    } else if let [.., Token::Word("ago")] = tokens[..] {
        tokens.pop();
    }
    if let [Token::Number(count), Token::Word(unit)] = tokens[..]
        && let Some(unit) = Unit::from_word(unit)
    {
        return back(now, count, unit, edge);
    }
    let (first, last) = days(&tokens, paris::day(now))?;
    Ok(match edge {
        Edge::Since => paris::start_of(first),
        Edge::Until => paris::end_of(last),
    })
}

/// A date with a time of day: with its offset, or else on the French clock.
fn instant(typed: &str) -> Option<Timestamp> {
    if let Ok(timestamp) = typed.parse::<Timestamp>() {
        return Some(timestamp);
    }
    let civil: DateTime = typed.parse().ok()?;
    Some(civil.to_zoned_datetime(paris::time_zone()).ok()?.timestamp())
}

/// A run of digits or of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Number(&'a str),
    Word(&'a str),
}

/// Cuts folded text into numbers and words; none when anything else stands between them than
/// the separators of dates.
fn tokens(folded: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = folded;
    while let Some(first) = rest.chars().next() {
        let same = |c: char| {
            if first.is_ascii_digit() {
                c.is_ascii_digit()
            } else {
                c.is_ascii_lowercase()
            }
        };
        let end = rest.find(|c| !same(c)).unwrap_or(rest.len());
        if end > 0 {
            let run = &rest[..end];
            tokens.push(if first.is_ascii_digit() {
                Token::Number(run)
            } else {
                Token::Word(run)
            });
            rest = &rest[end..];
        } else if matches!(first, ' ' | '/' | '.') {
            rest = &rest[1..];
        } else {
            return None;
        }
    }
    Some(tokens)
}

/// What a span is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    fn from_word(word: &str) -> Option<Unit> {
        Some(match word {
            "h" | "heure" | "heures" | "hour" | "hours" => Unit::Hour,
            "d" | "j" | "jour" | "jours" | "day" | "days" => Unit::Day,
            "w" | "s" | "sem" | "semaine" | "semaines" | "week" | "weeks" => Unit::Week,
            "mo" | "mois" | "month" | "months" => Unit::Month,
            "y" | "a" | "an" | "ans" | "annee" | "annees" | "year" | "years" => Unit::Year,
            _ => return None,
        })
    }
}

/// The moment so many units before now.
fn back(now: Timestamp, count: &str, unit: Unit, edge: Edge) -> Result<Timestamp, WhenProblem> {
    let count: i64 = count.parse().map_err(|_| WhenProblem::TooFarBack)?;
    let span = match unit {
        Unit::Hour => Span::new().try_hours(count),
        Unit::Day => Span::new().try_days(count),
        Unit::Week => Span::new().try_weeks(count),
        Unit::Month => Span::new().try_months(count),
        Unit::Year => Span::new().try_years(count),
    };
    let moment = span
        .and_then(|span| paris::zoned(now).checked_sub(span))
        .map_err(|_| WhenProblem::TooFarBack)?;
    Ok(match (edge, unit) {
        (Edge::Until, Unit::Day | Unit::Week | Unit::Month | Unit::Year) => paris::end_of(moment.date()),
        _ => moment.timestamp(),
    })
}

/// The first and last day of the day, month or year that the tokens name.
fn days(tokens: &[Token<'_>], today: Date) -> Result<(Date, Date), WhenProblem> {
    use Token::{Number, Word};
    let one = |day: Date| Ok((day, day));
    match *tokens {
        [Word("aujourd"), Word("hui")] | [Word("today" | "maintenant" | "now")] => one(today),
        [Word("hier" | "yesterday")] => one(days_before(today, 1)?),
        [Word("avant"), Word("hier")] => one(days_before(today, 2)?),
        [Number(year)] if is_year(year) => {
            let first = date(year, "1", "1")?;
            Ok((first, first.last_of_year()))
        }
        [Number(compact)] if compact.len() == 8 && is_year(&compact[..4]) => {
            one(date(&compact[..4], &compact[4..6], &compact[6..])?)
        }
        [Number(count)] => Err(WhenProblem::NoUnit(count.to_owned())),
        [Number(count), Word("m" | "min")] => Err(WhenProblem::MinutesOrMonths(count.to_owned())),
        [Number(year), Number(month)] | [Number(month), Number(year)] if is_year(year) => whole_month(year, month),
        [Number(year), Number(month), Number(day)] | [Number(day), Number(month), Number(year)] if is_year(year) => {
            one(date(year, month, day)?)
        }
        [Number(day), Number(month), Number(year)] if [day, month, year].iter().all(|part| part.len() <= 2) => {
            Err(WhenProblem::ShortYear)
        }
        [Word(month), Number(year)] if is_year(year) => whole_month(year, month_number(month)?),
        [Number(day), Word(month), Number(year)] | [Number(day), Word("er"), Word(month), Number(year)]
            if is_year(year) =>
        {
            one(date(year, month_number(month)?, day)?)
        }
        [Word(month)] if month_number(month).is_ok() => Err(WhenProblem::NoYear(month.to_owned())),
        [Number(day), Word(month)] if month_number(month).is_ok() => Err(WhenProblem::NoYear(format!("{day} {month}"))),
        _ => Err(WhenProblem::NotADate),
    }
}

fn days_before(today: Date, days: i64) -> Result<Date, WhenProblem> {
    today
        .checked_sub(Span::new().days(days))
        .map_err(|_| WhenProblem::TooFarBack)
}

/// Four digits of this century or the last: anything else is more likely a slip.
fn is_year(digits: &str) -> bool {
    digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"))
}

fn whole_month(year: &str, month: &str) -> Result<(Date, Date), WhenProblem> {
    let first = date(year, month, "1")?;
    Ok((first, first.last_of_month()))
}

fn date(year: &str, month: &str, day: &str) -> Result<Date, WhenProblem> {
    let no_such_day = |_| WhenProblem::NoSuchDay;
    Date::new(
        year.parse().map_err(no_such_day)?,
        month.parse().map_err(no_such_day)?,
        day.parse().map_err(no_such_day)?,
    )
    .map_err(|_| WhenProblem::NoSuchDay)
}

/// The number of a French month, in full or as newspapers shorten it.
fn month_number(word: &str) -> Result<&'static str, WhenProblem> {
    Ok(match word {
        "janvier" | "janv" | "jan" => "1",
        "fevrier" | "fevr" | "fev" => "2",
        "mars" => "3",
        "avril" | "avr" => "4",
        "mai" => "5",
        "juin" => "6",
        "juillet" | "juil" => "7",
        "aout" => "8",
        "septembre" | "sept" => "9",
        "octobre" | "oct" => "10",
        "novembre" | "nov" => "11",
        "decembre" | "dec" => "12",
        _ => return Err(WhenProblem::NotADate),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 25 November 2026, 14:30 in Paris (UTC+1).
    const NOW: &str = "2026-11-25T13:30:00Z";

    fn read(typed: &str, edge: Edge) -> String {
        match moment(typed, NOW.parse().unwrap(), edge) {
            Ok(moment) => paris::zoned(moment).strftime("%Y-%m-%d %H:%M").to_string(),
            Err(problem) => format!("! {problem}"),
        }
    }

    #[test]
    fn moments_that_people_type() {
        let check = |typed: &str, since: &str, until: &str| {
            assert_eq!(read(typed, Edge::Since), since, "--since {typed}");
            assert_eq!(read(typed, Edge::Until), until, "--until {typed}");
        };
        // Spans, from now; a span of days or more ends with its day.
        check("30d", "2026-10-26 14:30", "2026-10-27 00:00");
        check("30j", "2026-10-26 14:30", "2026-10-27 00:00");
        check("30 jours", "2026-10-26 14:30", "2026-10-27 00:00");
        check("il y a 30 jours", "2026-10-26 14:30", "2026-10-27 00:00");
        check("30 days ago", "2026-10-26 14:30", "2026-10-27 00:00");
        // Over the change of clocks of 25 October: the same time of day, one hour more apart.
        check("32d", "2026-10-24 14:30", "2026-10-25 00:00");
        check("3 mois", "2026-08-25 14:30", "2026-08-26 00:00");
        check("3mois", "2026-08-25 14:30", "2026-08-26 00:00");
        check("9 mois", "2026-02-25 14:30", "2026-02-26 00:00");
        check("2 semaines", "2026-11-11 14:30", "2026-11-12 00:00");
        check("2w", "2026-11-11 14:30", "2026-11-12 00:00");
        check("1 an", "2025-11-25 14:30", "2025-11-26 00:00");
        check("1 Année", "2025-11-25 14:30", "2025-11-26 00:00");
        check("12h", "2026-11-25 02:30", "2026-11-25 02:30");
        check("48 heures", "2026-11-23 14:30", "2026-11-23 14:30");
        check("0d", "2026-11-25 14:30", "2026-11-26 00:00");
        // Days.
        check("aujourd'hui", "2026-11-25 00:00", "2026-11-26 00:00");
        check("Aujourd’hui", "2026-11-25 00:00", "2026-11-26 00:00");
        check("hier", "2026-11-24 00:00", "2026-11-25 00:00");
        check("avant-hier", "2026-11-23 00:00", "2026-11-24 00:00");
        check("2023-11-04", "2023-11-04 00:00", "2023-11-05 00:00");
        check(" 2023/11/4 ", "2023-11-04 00:00", "2023-11-05 00:00");
        check("20231104", "2023-11-04 00:00", "2023-11-05 00:00");
        check("04/11/2023", "2023-11-04 00:00", "2023-11-05 00:00");
        check("4.11.2023", "2023-11-04 00:00", "2023-11-05 00:00");
        check("4 novembre 2023", "2023-11-04 00:00", "2023-11-05 00:00");
        check("1er août 2023", "2023-08-01 00:00", "2023-08-02 00:00");
        check("29/02/2024", "2024-02-29 00:00", "2024-03-01 00:00");
        // The days on which clocks change are whole.
        check("2026-03-29", "2026-03-29 00:00", "2026-03-30 00:00");
        check("25/10/2026", "2026-10-25 00:00", "2026-10-26 00:00");
        // Months and years.
        check("novembre 2023", "2023-11-01 00:00", "2023-12-01 00:00");
        check("Févr. 2024", "2024-02-01 00:00", "2024-03-01 00:00");
        check("2023-11", "2023-11-01 00:00", "2023-12-01 00:00");
        check("11/2023", "2023-11-01 00:00", "2023-12-01 00:00");
        check("2023", "2023-01-01 00:00", "2024-01-01 00:00");
        // Times of day, on the French clock or with their offset.
        check("2023-11-04T18:05", "2023-11-04 18:05", "2023-11-04 18:05");
        check("2023-11-04 18:05:10", "2023-11-04 18:05", "2023-11-04 18:05");
        check("2023-11-04T18:05:00Z", "2023-11-04 19:05", "2023-11-04 19:05");
    }

    #[test]
    fn what_names_no_moment_says_what_to_type() {
        let check = |typed: &str, expected: &str| {
            let said = read(typed, Edge::Since);
            assert!(said.starts_with(&format!("! {expected}")), "{typed}: {said}");
        };
        check("", "not a date; write one of: 30d");
        check("naguère", "not a date");
        check("30x", "not a date");
        check("3 mois et demi", "not a date");
        check("1,5 an", "not a date");
        check("٣ mois", "not a date");
        check("brumaire 2023", "not a date");
        check("3023-11-04", "not a date");
        check("30", "30 what? write `30d`");
        check("0004", "0004 what?");
        check("3m", "`3m` could be minutes or months; write `3 mois`");
        check("novembre", "of which year? write for example `novembre 2023`");
        check("4 nov.", "of which year? write for example `4 nov 2023`");
        check("04/11/23", "write the year with four digits");
        check("31/02/2023", "there is no such day");
        check("29/02/2023", "there is no such day");
        check("11/25/2023", "there is no such day");
        check("2023-13", "there is no such day");
        check("2023-0", "there is no such day");
        check("9999999 ans", "too far back");
        check("99999999999999999999d", "too far back");
        check("-3d", "no sign is needed");
        check("2023-11-04T25:00", "not a date");
    }
}
