//! French dates in news, counted back from the day of publication: « dans la nuit de mardi à
//! mercredi », « le week-end dernier », « samedi 4 et dimanche 5 novembre ». One pass over the
//! words; a date in the future of the publication is the last past one.

use std::ops::Range;

use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};

use crate::model::analysis::EventDates;
use crate::text::dates::{FRENCH_MONTHS, french_month};
use crate::text::needles::Needles;

/// A date expression: where it stands in the folded text, and the days that it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// Byte range in the folded text handed in.
    pub range: Range<usize>,
    /// The days.
    pub dates: EventDates,
}

/// The zone of French news.
pub fn paris() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)
}

/// A word of a folded text, and where it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'a> {
    /// The word.
    pub text: &'a str,
    /// Its byte range.
    pub range: Range<usize>,
}

/// The date expressions of a folded text that has these words, in order; empty when there are none.
pub fn expressions(folded: &str, words: &[Word<'_>], published: Date) -> Vec<Expression> {
    let mut parser = Parser {
        folded,
        words,
        published,
        before: None,
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match parser.expression(at) {
            Some((end, from, to)) => {
                found.push(Expression {
                    range: words[at].range.start..words[end - 1].range.end,
                    dates: EventDates { from, to },
                });
                parser.before = Some(from);
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// News speaks of days to come (« d'ici au 20 mai ») within about two months.
const COMING_DAYS: i32 = 60;

struct Parser<'a> {
    folded: &'a str,
    words: &'a [Word<'a>],
    published: Date,
    /// The day named last before: « la veille » is counted from it.
    before: Option<Date>,
}

type Found = Option<(usize, Date, Date)>;

impl Parser<'_> {
    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.text)
    }

    fn expression(&self, at: usize) -> Found {
        if !may_begin(self.word(at)) {
            return None;
        }
        self.night(at)
            .or_else(|| self.weekend(at))
            .or_else(|| self.range(at))
            .or_else(|| self.day(at))
            .or_else(|| self.digits(at))
            .or_else(|| self.relative(at))
            .or_else(|| self.ago(at))
            .or_else(|| self.after_attack(at))
            .or_else(|| self.month_part(at))
            .or_else(|| self.whole_month(at))
            .or_else(|| self.whole_year(at))
    }

    /// « (dans) la nuit de mardi à mercredi », « la nuit du 13 au 14 mars », « cette nuit ».
    fn night(&self, at: usize) -> Found {
        if self.word(at) != "nuit" {
            return None;
        }
        if matches!(self.word(at.wrapping_sub(1)), "cette") {
            return Some((at + 1, self.back(1), self.published));
        }
        if self.word(at + 1) == "derniere" {
            return Some((at + 2, self.back(1), self.published));
        }
        if self.word(at + 1) == "precedente" {
            let morning = self.before.unwrap_or(self.published);
            return Some((at + 2, morning.yesterday().ok()?, morning));
        }
        let start = match self.word(at + 1) {
            "de" | "du" | "d" => at + 2,
            _ => return None,
        };
        if let Some((end, from, to)) = self.pair(start, &["a", "au"]) {
            return Some((end, from, to));
        }
        let (end, day, _) = self.day(start)?;
        Some((end, day, next(day)))
    }

    /// « le week-end dernier », « ce week-end », « le week-end des 4 et 5 novembre », « du 4 novembre ».
    fn weekend(&self, at: usize) -> Found {
        let length = match (self.word(at), self.word(at + 1)) {
            ("week", "end") => 2,
            ("weekend", _) => 1,
            _ => return None,
        };
        let after = at + length;
        if matches!(self.word(after), "des" | "du") {
            if let Some((end, from, to)) = self.pair(after + 1, &["et", "au", "a"]) {
                return Some((end, from, to));
            }
            if let Some((end, day, _)) = self.day(after + 1) {
                let saturday = self.weekday_on_or_before(day, Weekday::Saturday);
                return Some((end, saturday, next(saturday)));
            }
        }
        let last_saturday = self.weekday_on_or_before(self.published, Weekday::Saturday);
        match self.word(after) {
            "dernier" | "passe" | "ecoule" => {
                // Said on a Sunday, the last week-end is still this one or the one before.
                Some((after + 1, last_saturday, next(last_saturday).min(self.published)))
            }
            _ if matches!(
                self.word(at.wrapping_sub(1)),
                "ce" | "le" | "du" | "au" | "dernier" | "plein" | "un"
            ) =>
            {
                Some((after, last_saturday, next(last_saturday).min(self.published)))
            }
            _ => None,
        }
    }

    /// « du 10 au 12 novembre », « entre le 3 et le 5 mai », « samedi 4 et dimanche 5 novembre ».
    fn range(&self, at: usize) -> Found {
        match self.word(at) {
            "du" | "entre" => {
                let start = if self.word(at + 1) == "le" { at + 2 } else { at + 1 };
                self.pair(start, &["au", "et", "a"])
            }
            "des" | "les" => self.pair(at + 1, &["et", "au", "a"]),
            _ => self.pair(at, &["et", "ou"]),
        }
    }

    /// Two days with a link; the month may stand with the second only.
    fn pair(&self, at: usize, links: &[&str]) -> Found {
        // « samedi 4 [novembre] et [le] dimanche 5 novembre », « 13 au 14 mars », « mardi à mercredi ».
        let (first_weekday, mut here) = match weekday(self.word(at)) {
            Some(day) => (Some(day), at + 1),
            None => (None, at),
        };
        let first_number = day_number(self.word(here));
        if first_number.is_some() {
            here += 1;
        }
        if first_weekday.is_none() && first_number.is_none() {
            return None;
        }
        let first_month = french_month(self.word(here));
        here += usize::from(first_month.is_some());
        let first_year = first_month.and_then(|_| year(self.word(here)));
        here += usize::from(first_year.is_some());
        if !links.contains(&self.word(here)) {
            return None;
        }
        let mut second_at = here + 1;
        if matches!(self.word(second_at), "le" | "ce") {
            second_at += 1;
        }
        if let Some(day) = first_number {
            let (end, second, _) = self.numbered(second_at)?;
            let first = match first_month {
                Some(_) if first_year.is_some() => Date::new(first_year?, first_month?, day).ok()?.min(second),
                Some(month) => last_yearly_before(second, month, day)?,
                None => last_monthly_before(second, day)?,
            };
            return Some((end, first, second));
        }
        let second_weekday = weekday(self.word(second_at))?;
        if day_number(self.word(second_at + 1)).is_some() {
            let (end, second, _) = self.numbered(second_at)?;
            let first = self.weekday_on_or_before(second, first_weekday?);
            return Some((end, first, second));
        }
        let second = self.weekday_on_or_before(self.published, second_weekday);
        let first = self.weekday_on_or_before(second, first_weekday?);
        let end = if matches!(self.word(second_at + 1), "dernier" | "derniers") {
            second_at + 2
        } else {
            second_at + 1
        };
        Some((end, first, second))
    }

    /// A day: « mardi », « mardi 5 novembre », « le 5 novembre 2023 », « 5/11 », « hier ».
    fn day(&self, at: usize) -> Found {
        self.numbered(at).or_else(|| self.monthless(at)).or_else(|| {
            // « un vendredi » is any.
            let is_any = matches!(self.word(at.wrapping_sub(1)), "un" | "chaque");
            let day = weekday(self.word(at)).filter(|_| !is_any)?;
            let mut end = at + 1;
            let mut to = self.weekday_on_or_before(self.published, day);
            match self.word(end) {
                "dernier" => {
                    end += 1;
                    if to == self.published {
                        to = to.checked_sub(7.days()).ok()?;
                    }
                }
                "prochain" => return None,
                "matin" | "soir" | "midi" => end += 1,
                _ => {}
            }
            Some((end, to, to))
        })
    }

    /// « jeudi 25 »: the last such day, when the two agree.
    fn monthless(&self, at: usize) -> Found {
        let named = weekday(self.word(at))?;
        let day = day_number(self.word(at + 1))?;
        let found = (0..40).find_map(|back| {
            let date = self.published.checked_sub(i64::from(back).days()).ok()?;
            (date.day() == day && date.weekday() == named).then_some(date)
        })?;
        Some((at + 2, found, found))
    }

    fn numbered(&self, at: usize) -> Found {
        let mut here = at;
        let named = weekday(self.word(here));
        if named.is_some() {
            here += 1;
        }
        let day = day_number(self.word(here))?;
        let month = french_month(self.word(here + 1))?;
        here += 2;
        let (year, given) = match year(self.word(here)) {
            Some(year) => {
                here += 1;
                (year, true)
            }
            None => (self.published.year(), false),
        };
        let mut found = Date::new(year, month, day).ok()?;
        let said_past = self.word(here) == "dernier";
        if !given && (self.is_of_last_year(found) || (said_past && found > self.published)) {
            found = Date::new(year - 1, month, day).ok()?;
        }
        if said_past {
            here += 1;
        }
        Some((here, found, found))
    }

    /// « hier », « avant-hier », « aujourd'hui », « la semaine dernière ».
    fn relative(&self, at: usize) -> Found {
        match self.word(at) {
            "hier" if self.word(at.wrapping_sub(1)) == "avant" => None,
            "avant" if self.word(at + 1) == "hier" => Some((at + 2, self.back(2), self.back(2))),
            "hier" => Some((at + 1, self.back(1), self.back(1))),
            "veille" if self.word(at + 1) == "de" && self.word(at + 2) == "noel" => {
                let day = self.last_yearly(12, 24)?;
                Some((at + 3, day, day))
            }
            "veille"
                if self.word(at.wrapping_sub(1)) == "la" && !matches!(self.word(at + 1), "de" | "du" | "des" | "d") =>
            {
                let day = self.before.unwrap_or(self.published).yesterday().ok()?;
                Some((at + 1, day, day))
            }
            "aujourd" if self.word(at + 1) == "hui" => Some((at + 2, self.published, self.published)),
            "ce" if matches!(self.word(at + 1), "matin" | "midi" | "soir") => {
                Some((at + 2, self.published, self.published))
            }
            "ce" if self.word(at + 1) == "jour" => Some((at + 2, self.published, self.published)),
            "semaine" if matches!(self.word(at + 1), "derniere" | "passee" | "ecoulee" | "precedente") => {
                let monday = self.weekday_on_or_before(self.published, Weekday::Monday);
                let from = monday.checked_sub(7.days()).ok()?;
                Some((at + 2, from, from.checked_add(6.days()).ok()?))
            }
            "lendemain" if self.word(at + 1) == "de" && self.word(at + 2) == "noel" => {
                let day = self.last_yearly(12, 26)?;
                Some((at + 3, day, day))
            }
            "nuit" | "jour" | "soir" | "reveillon" if self.word(at + 1) == "de" && self.word(at + 2) == "noel" => {
                let day = self.last_yearly(12, if self.word(at) == "jour" { 25 } else { 24 })?;
                Some((at + 3, day, if self.word(at) == "nuit" { next(day) } else { day }))
            }
            "saint" if self.word(at + 1) == "sylvestre" => {
                let day = self.last_yearly(12, 31)?;
                Some((at + 2, day, day))
            }
            "saint" if self.word(at + 1) == "valentin" => {
                let day = self.last_yearly(2, 14)?;
                Some((at + 2, day, day))
            }
            "jour" if self.word(at + 1) == "de" && self.word(at + 2) == "l" && self.word(at + 3) == "an" => {
                let day = self.last_yearly(1, 1)?;
                Some((at + 4, day, day))
            }
            _ => None,
        }
    }

    /// « 14/11/2025 », « 14.11.2025 »: the year is written, so that « 24/7 » and prices are no days.
    fn digits(&self, at: usize) -> Found {
        let mark = |index: usize| {
            let (left, right) = (self.words.get(index)?, self.words.get(index + 1)?);
            self.folded.get(left.range.end..right.range.start)
        };
        let between = mark(at)?;
        if !matches!(between, "/" | ".") || mark(at + 1) != Some(between) {
            return None;
        }
        let day = day_number(self.word(at))?;
        let month = self.word(at + 1).parse().ok()?;
        let found = Date::new(year(self.word(at + 2))?, month, day).ok()?;
        Some((at + 3, found, found))
    }

    /// « il y a trois jours », « depuis quinze jours », « il y a deux mois ».
    fn ago(&self, at: usize) -> Found {
        let start = match self.word(at) {
            "il" if self.word(at + 1) == "y" && self.word(at + 2) == "a" => at + 3,
            "depuis" => at + 1,
            _ => return None,
        };
        let (end, span) = self.duration(start)?;
        let (from, to) = self.around(self.published, span)?;
        Some((end, from, to))
    }

    /// « deux jours après l'attaque », « au lendemain d'une cyberattaque »: counted back from the day
    /// named before, else from the publication.
    fn after_attack(&self, at: usize) -> Found {
        let told = self.before.unwrap_or(self.published);
        let is_attack = |at: usize| {
            let noun = (at..at + 5).find(|&index| {
                !matches!(
                    self.word(index),
                    "l" | "la" | "le" | "d" | "de" | "du" | "une" | "un" | "ce" | "cette" | "cet" | "debut"
                )
            });
            noun.is_some_and(|index| {
                [
                    "attaque",
                    "cyberattaque",
                    "piratage",
                    "intrusion",
                    "incident",
                    "offensive",
                ]
                .contains(&self.word(index))
            })
        };
        if self.word(at) == "lendemain" && is_attack(at + 1) {
            let day = told.yesterday().ok()?;
            return Some((at + 1, day, day));
        }
        let (end, span) = self.duration(at)?;
        let is_after = self.word(end) == "apres" && (is_attack(end + 1) || self.is_having_been_hit(end + 1));
        let (from, to) = self.around(told, span).filter(|_| is_after)?;
        Some((end + 1, from, to))
    }

    /// « avoir été piratée », « avoir subi une cyberattaque ».
    fn is_having_been_hit(&self, at: usize) -> bool {
        let hit = match (self.word(at), self.word(at + 1)) {
            ("avoir", "ete") => self.word(at + 2),
            ("avoir", other) => other,
            _ => return false,
        };
        [
            "victime", "vise", "cible", "touche", "frappe", "pirate", "attaque", "hacke", "subi",
        ]
        .iter()
        .any(|word| hit.starts_with(word))
    }

    /// « trois jours », « 48 heures », « deux semaines », « un mois ».
    fn duration(&self, at: usize) -> Option<(usize, Span)> {
        let (count, end) = self.count(at)?;
        let count = i64::from(count);
        let span = match self.word(end) {
            "heures" if count >= 12 => ((count + 12) / 24).max(1).days(),
            "jour" | "jours" => count.days(),
            "semaine" | "semaines" => count.weeks(),
            "mois" => count.months(),
            _ => return None,
        };
        Some((end + 1, span))
    }

    /// The days that lie about so long before a day: exactly few days, roughly weeks and months.
    fn around(&self, day: Date, span: Span) -> Option<(Date, Date)> {
        let middle = day.checked_sub(span).ok()?;
        let slack = match (span.get_months(), span.get_weeks(), span.get_days()) {
            (0, 0, 15) => 1,
            (0, 0, _) => 0,
            (0, _, _) => 3,
            _ => 15,
        };
        let from = middle.checked_sub(i64::from(slack).days()).ok()?;
        let to = middle.checked_add(i64::from(slack).days()).ok()?;
        Some((from, to.min(day)))
    }

    /// « en octobre », « courant octobre 2023 », « en août dernier », « le mois dernier ».
    fn whole_month(&self, at: usize) -> Found {
        let of_month = |year: i16, month: i8| {
            let from = Date::new(year, month, 1).ok()?;
            Some((from, from.last_of_month().min(self.published.max(from))))
        };
        if self.word(at) == "mois" && matches!(self.word(at + 1), "dernier" | "passe" | "precedent") {
            let last = self.published.first_of_month().yesterday().ok()?;
            return of_month(last.year(), last.month()).map(|(from, to)| (at + 2, from, to));
        }
        let previous = self.word(at.wrapping_sub(1));
        let is_led = matches!(previous, "en" | "courant" | "depuis")
            || (matches!(previous, "de" | "d") && self.word(at.wrapping_sub(2)) == "mois");
        let month = french_month(self.word(at)).filter(|_| is_led)?;
        if let Some(year) = year(self.word(at + 1)) {
            return of_month(year, month).map(|(from, to)| (at + 2, from, to));
        }
        let this_year = Date::new(self.published.year(), month, 1).ok()?;
        let year = self.published.year() - i16::from(this_year > self.published);
        let end = if self.word(at + 1) == "dernier" { at + 2 } else { at + 1 };
        of_month(year, month).map(|(from, to)| (end, from, to))
    }

    /// « en 2024 ».
    fn whole_year(&self, at: usize) -> Found {
        if self.word(at.wrapping_sub(1)) != "en" {
            return None;
        }
        let year = year(self.word(at))?;
        let to = Date::new(year, 12, 31).ok()?;
        Some((
            at + 1,
            Date::new(year, 1, 1).ok()?,
            to.min(self.published.max(to.first_of_year())),
        ))
    }

    /// « mi-octobre », « début octobre », « fin octobre » (2023).
    fn month_part(&self, at: usize) -> Found {
        let (first, last) = match self.word(at) {
            "debut" => (1, 8),
            "mi" => (12, 18),
            "fin" => (24, 31),
            _ => return None,
        };
        let month = french_month(self.word(at + 1))?;
        let (given, end) = match year(self.word(at + 2)) {
            Some(year) => (Some(year), at + 3),
            None => (None, at + 2),
        };
        let build = |year: i16| {
            let from = Date::new(year, month, first).ok()?;
            let to = Date::new(year, month, last.min(from.days_in_month())).ok()?;
            Some((from, to))
        };
        let (mut from, mut to) = build(given.unwrap_or(self.published.year()))?;
        if given.is_none() && self.is_of_last_year(from) {
            (from, to) = build(self.published.year() - 1)?;
        }
        Some((end, from, to.min(self.published.max(from))))
    }

    fn count(&self, at: usize) -> Option<(u32, usize)> {
        let word = self.word(at);
        let count = match word {
            "une" => 1,
            "quinze" => 15,
            "vingt" if self.word(at + 1) == "quatre" => return Some((24, at + 2)),
            "quarante" if self.word(at + 1) == "huit" => return Some((48, at + 2)),
            _ => match SMALL_NUMBERS.iter().position(|known| *known == word) {
                Some(index) => index as u32 + 1,
                None => word.parse::<u32>().ok().filter(|&count| count < 400)?,
            },
        };
        Some((count, at + 1))
    }

    fn back(&self, days: i64) -> Date {
        self.published.checked_sub(days.days()).unwrap_or(self.published)
    }

    fn weekday_on_or_before(&self, day: Date, wanted: Weekday) -> Date {
        let behind = wanted.until(day.weekday());
        day.checked_sub(i64::from(behind).days()).unwrap_or(day)
    }

    /// Whether a day of this year is too far ahead to be meant as a coming one.
    fn is_of_last_year(&self, day: Date) -> bool {
        (day - self.published).get_days() > COMING_DAYS
    }

    fn last_yearly(&self, month: i8, day: i8) -> Option<Date> {
        last_yearly_before(self.published, month, day)
    }
}

/// Other words that may begin an expression.
const OTHERS: &[&str] = &[
    "nuit",
    "week",
    "weekend",
    "du",
    "entre",
    "des",
    "les",
    "hier",
    "avant",
    "veille",
    "aujourd",
    "ce",
    "semaine",
    "lendemain",
    "jour",
    "soir",
    "reveillon",
    "saint",
    "il",
    "depuis",
    "mois",
    "debut",
    "mi",
    "fin",
    "vingt",
    "quarante",
    "quinze",
    "une",
];
const WEEKDAYS: &[&str] = &["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// All words that may begin an expression, besides numbers in digits.
static OPENERS: Needles = Needles::new(ALL_OPENERS);
const ALL_OPENERS: &[&str] = &{
    let lists = [OTHERS, WEEKDAYS, FRENCH_MONTHS, SMALL_NUMBERS];
    let mut all = [""; OTHERS.len() + WEEKDAYS.len() + FRENCH_MONTHS.len() + SMALL_NUMBERS.len()];
    let (mut count, mut list) = (0, 0);
    while list < lists.len() {
        let mut index = 0;
        while index < lists[list].len() {
            all[count] = lists[list][index];
            (count, index) = (count + 1, index + 1);
        }
        list += 1;
    }
    all
};

/// Whether an expression may begin with this word.
fn may_begin(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) || OPENERS.have(word)
}

/// Numbers written out, from one.
const SMALL_NUMBERS: &[&str] = &[
    "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
];

fn next(day: Date) -> Date {
    day.tomorrow().unwrap_or(date(9999, 12, 31))
}

/// The last such day of a year, up to a day.
fn last_yearly_before(end: Date, month: i8, day: i8) -> Option<Date> {
    let this_year = Date::new(end.year(), month, day).ok()?;
    if this_year <= end {
        return Some(this_year);
    }
    Date::new(end.year() - 1, month, day).ok()
}

/// The last such day of a month, up to a day: « du 30 au 2 janvier » begins in December.
fn last_monthly_before(end: Date, day: i8) -> Option<Date> {
    if day <= end.day() {
        return Date::new(end.year(), end.month(), day).ok();
    }
    let before = end.first_of_month().yesterday().ok()?;
    Date::new(before.year(), before.month(), day).ok()
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "lundi" => Weekday::Monday,
        "mardi" => Weekday::Tuesday,
        "mercredi" => Weekday::Wednesday,
        "jeudi" => Weekday::Thursday,
        "vendredi" => Weekday::Friday,
        "samedi" => Weekday::Saturday,
        "dimanche" => Weekday::Sunday,
        _ => return None,
    })
}

fn day_number(word: &str) -> Option<i8> {
    if word == "1er" {
        return Some(1);
    }
    if word.len() > 2 {
        return None;
    }
    word.parse::<i8>().ok().filter(|day| (1..=31).contains(day))
}

fn year(word: &str) -> Option<i16> {
    if word.len() != 4 {
        return None;
    }
    word.parse::<i16>().ok().filter(|year| (2000..=2100).contains(year))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words::words;

    /// The expressions of a folded text alone.
    fn expressions(folded: &str, published: Date) -> Vec<Expression> {
        let words = words(folded).map(|range| Word {
            text: &folded[range.clone()],
            range,
        });
        super::expressions(folded, &words.collect::<Vec<_>>(), published)
    }

    /// Publication: Thursday 20 November 2025.
    #[test]
    fn french_dates() {
        let check = |words: &str, from: &str, to: &str| {
            let folded = crate::text::fold::fold(words).text;
            let found = expressions(&folded, date(2025, 11, 20));
            let seen: Vec<String> = found
                .iter()
                .map(|found| format!("{} {}", found.dates.from, found.dates.to))
                .collect();
            let expected: Vec<String> = if from.is_empty() {
                Vec::new()
            } else {
                vec![format!("{from} {to}")]
            };
            assert_eq!(seen, expected, "{words}");
        };
        check("dans la nuit de mardi à mercredi", "2025-11-18", "2025-11-19");
        check("dans la nuit de samedi à dimanche", "2025-11-15", "2025-11-16");
        check("la nuit du 13 au 14 mars", "2025-03-13", "2025-03-14");
        check(
            "dans la nuit du samedi 18 au dimanche 19 octobre 2025",
            "2025-10-18",
            "2025-10-19",
        );
        check("dans la nuit du 30 au 1er novembre", "2025-10-30", "2025-11-01");
        check("dans la nuit de lundi", "2025-11-17", "2025-11-18");
        check("cette nuit", "2025-11-19", "2025-11-20");
        check("la nuit dernière", "2025-11-19", "2025-11-20");
        check("la nuit de Noël", "2024-12-24", "2024-12-25");
        check("au lendemain de Noël", "2024-12-26", "2024-12-26");
        check("le week-end dernier", "2025-11-15", "2025-11-16");
        check("ce week-end", "2025-11-15", "2025-11-16");
        check("durant le weekend", "2025-11-15", "2025-11-16");
        check("le week-end des 4 et 5 novembre", "2025-11-04", "2025-11-05");
        check("le week-end du 8 novembre", "2025-11-08", "2025-11-09");
        check("samedi 4 et dimanche 5 octobre", "2025-10-04", "2025-10-05");
        check("les 4 et 5 novembre 2023", "2023-11-04", "2023-11-05");
        check("du 10 au 12 novembre", "2025-11-10", "2025-11-12");
        check("entre le 3 et le 5 mai 2024", "2024-05-03", "2024-05-05");
        check("le 5 novembre", "2025-11-05", "2025-11-05");
        check("le 1er septembre", "2025-09-01", "2025-09-01");
        check("le 27 décembre dernier", "2024-12-27", "2024-12-27");
        check("mercredi 12 février 2025", "2025-02-12", "2025-02-12");
        check("vendredi 14 novembre au soir", "2025-11-14", "2025-11-14");
        check("vendredi soir", "2025-11-14", "2025-11-14");
        check("ce jeudi", "2025-11-20", "2025-11-20");
        check("jeudi dernier", "2025-11-13", "2025-11-13");
        check("lundi", "2025-11-17", "2025-11-17");
        check("depuis lundi matin, plus rien", "2025-11-17", "2025-11-17");
        check("samedi ou dimanche", "2025-11-15", "2025-11-16");
        check("hier", "2025-11-19", "2025-11-19");
        check("avant-hier", "2025-11-18", "2025-11-18");
        check("aujourd'hui", "2025-11-20", "2025-11-20");
        check("ce matin", "2025-11-20", "2025-11-20");
        check("une attaque menée la veille", "2025-11-19", "2025-11-19");
        check("à la veille de Noël", "2024-12-24", "2024-12-24");
        check("le jeudi 13 au matin", "2025-11-13", "2025-11-13");
        check("à la veille des vacances", "", "");
        check("il y a trois jours", "2025-11-17", "2025-11-17");
        check("il y a 2 semaines", "2025-11-03", "2025-11-09");
        check("la semaine dernière", "2025-11-10", "2025-11-16");
        check("à la mi-octobre", "2025-10-12", "2025-10-18");
        check("fin octobre", "2025-10-24", "2025-10-31");
        check("début novembre", "2025-11-01", "2025-11-08");
        check("fin février 2024", "2024-02-24", "2024-02-29");
        check("le jour de l'an", "2025-01-01", "2025-01-01");
        check("depuis la Saint-Valentin", "2025-02-14", "2025-02-14");
        check("le 15 décembre", "2025-12-15", "2025-12-15");
        // No dates: « mai » in « mairie », numbers, a coming day, ordinary words.
        check("la mairie a payé 5 000 euros", "", "");
        check("la mairie de Mars", "", "");
        check("mardi prochain", "", "");
        check("31 février", "", "");
        check("ouvert 24/7, à 10.12 euros", "", "");
        check("en mairie, en marche", "", "");
        check("les retards de mars", "", "");
        check("trois jours après les faits", "", "");
        check("cinq heures après l'attaque", "", "");
        check("trois jours de panne", "", "");
        check("", "", "");
    }

    /// The first day is counted back from the second one, not from the publication.
    #[test]
    fn two_days_in_two_years() {
        let check = |published: Date, words: &str, from: &str, to: &str| {
            let folded = crate::text::fold::fold(words).text;
            let found = expressions(&folded, published);
            let seen: Vec<String> = found
                .iter()
                .map(|found| format!("{} {}", found.dates.from, found.dates.to))
                .collect();
            assert_eq!(seen, [format!("{from} {to}")], "{words}");
        };
        let winter = date(2026, 1, 5);
        check(winter, "dans la nuit du 31 au 1er janvier", "2025-12-31", "2026-01-01");
        check(winter, "du 30 au 2 janvier 2026", "2025-12-30", "2026-01-02");
        check(winter, "du 31 décembre au 1er janvier 2025", "2024-12-31", "2025-01-01");
        check(winter, "du 31 décembre au 1er janvier", "2025-12-31", "2026-01-01");
        check(
            winter,
            "du 30 décembre 2024 au 2 janvier 2026",
            "2024-12-30",
            "2026-01-02",
        );
        check(
            winter,
            "du samedi 29 novembre au lundi 1er décembre",
            "2025-11-29",
            "2025-12-01",
        );
        check(winter, "du 31 au 1er décembre 2025 et plus", "2025-12-01", "2025-12-01");
    }

    /// The same day; the phrases of a suite of our own that other parsers were compared on.
    #[test]
    fn a_suite_of_news_phrases() {
        let check = |words: &str, from: &str, to: &str| {
            let folded = crate::text::fold::fold(words).text;
            for text in [folded.clone(), format!("le lycee dit que {folded} tout a change")] {
                let found = expressions(&text, date(2025, 11, 20));
                let seen = found
                    .first()
                    .map(|found| format!("{}/{}", found.dates.from, found.dates.to));
                assert_eq!(seen, Some(format!("{from}/{to}")), "{text}");
            }
        };
        check("mercredi", "2025-11-19", "2025-11-19");
        check("mardi dernier", "2025-11-18", "2025-11-18");
        check("lundi 17 novembre", "2025-11-17", "2025-11-17");
        check("ce jeudi 20 novembre", "2025-11-20", "2025-11-20");
        check("le 3 novembre", "2025-11-03", "2025-11-03");
        check("le 1er novembre 2025", "2025-11-01", "2025-11-01");
        check("12 février 2024", "2024-02-12", "2024-02-12");
        check("le 14/11/2025", "2025-11-14", "2025-11-14");
        check("14.11.2025", "2025-11-14", "2025-11-14");
        check("le 11 novembre dernier", "2025-11-11", "2025-11-11");
        check("dans la nuit du 14 au 15 novembre", "2025-11-14", "2025-11-15");
        check("la nuit précédente", "2025-11-19", "2025-11-20");
        check("la semaine passée", "2025-11-10", "2025-11-16");
        check("il y a 3 jours", "2025-11-17", "2025-11-17");
        check("depuis trois jours", "2025-11-17", "2025-11-17");
        check("depuis quinze jours", "2025-11-04", "2025-11-06");
        check("il y a une semaine", "2025-11-10", "2025-11-16");
        check("il y a deux mois", "2025-09-05", "2025-10-05");
        check("deux jours après l'attaque", "2025-11-18", "2025-11-18");
        check("vingt-quatre heures après la cyberattaque", "2025-11-19", "2025-11-19");
        check("48 heures après ce piratage", "2025-11-18", "2025-11-18");
        check("au lendemain d'une cyberattaque", "2025-11-19", "2025-11-19");
        check("le mois dernier", "2025-10-01", "2025-10-31");
        check("en octobre", "2025-10-01", "2025-10-31");
        check("en décembre", "2024-12-01", "2024-12-31");
        check("courant novembre", "2025-11-01", "2025-11-20");
        check("au mois de mai 2023", "2023-05-01", "2023-05-31");
        check("en août dernier", "2025-08-01", "2025-08-31");
        check("en 2024", "2024-01-01", "2024-12-31");
        check("à la mi-septembre", "2025-09-12", "2025-09-18");
        check("depuis vendredi soir", "2025-11-14", "2025-11-14");
        check("samedi soir", "2025-11-15", "2025-11-15");
        check("dimanche matin vers 5 heures", "2025-11-16", "2025-11-16");
        check("entre le 3 et le 5 novembre", "2025-11-03", "2025-11-05");
        check("la veille", "2025-11-19", "2025-11-19");
    }
}
