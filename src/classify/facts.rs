//! The facts of an article: persons affected, volume of data, ransom, kinds of data, vulnerabilities.
//! `data/keywords/facts.toml` has the words; numbers, currencies and units are read here. A fact is
//! given only where the words around it say that it was reached, asked, paid: a town's population, a
//! company's size, advice about passwords are none.

use std::ops::Range;

use super::fact_words::{FactCue, FactHit, FactWord, MOST_FACT_WORDS};
use super::reading::Reading;
use crate::model::analysis::{Assertion, Statement, Zone};
use crate::model::fact::{Fact, Told};
use crate::model::label::{AttackType, Counted, Currency, DataKind, RansomStance, VolumeUnit};
use crate::text::document::Document;
use crate::text::fold::fold_key;
use crate::text::numbers::{Number, numbers};

/// Facts that one article may tell; the store keeps them all.
const MOST_FACTS: usize = 40;
/// How far a word of denial reaches within its clause, in folded bytes: about six words.
const REACH_BYTES: usize = 48;
/// A ransom's words run from « rançon » to its amount when they stand this near, in bytes.
const RANSOM_REACH_BYTES: usize = 120;
/// « 3 millions d'euros de subvention »: how near after an amount the word stands that makes it no ransom.
const COST_AFTER_BYTES: usize = 8;
/// A list of this many kinds of data needs no word of theft in its own sentence: the sentence
/// before has it.
const LIST_LENGTH: usize = 3;

/// The facts of a document, in the order of the text; each once, where it weighs most.
pub fn facts(document: &Document, reading: &Reading) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut rest = reading.facts.as_slice();
    let mut before: Option<Passage<'_>> = None;
    while let Some(first) = rest.first() {
        let count = rest.iter().take_while(|hit| hit.sentence == first.sentence).count();
        let (hits, later) = rest.split_at(count);
        rest = later;
        let passage = Passage::new(document, reading, hits);
        let follows = before.as_ref().filter(|before| before.is_followed_by(&passage));
        passage.read(follows, &mut facts);
        before = Some(passage);
    }
    vulnerabilities(document, &mut facts);
    let mut facts = each_once(facts);
    facts.sort_by_key(|fact| fact.start);
    facts.truncate(MOST_FACTS);
    facts
}

/// One sentence that has words of facts.
struct Passage<'a> {
    document: &'a Document,
    sentence: usize,
    zone: Zone,
    hits: &'a [FactHit],
    statements: &'a [Statement],
    /// With ranges in the document's text.
    numbers: Vec<Number>,
}

impl<'a> Passage<'a> {
    fn new(document: &'a Document, reading: &'a Reading, hits: &'a [FactHit]) -> Passage<'a> {
        let sentence = hits[0].sentence;
        let range = document.sentences[sentence].range.clone();
        let from = reading
            .statements
            .partition_point(|statement| statement.sentence < sentence);
        let to = reading
            .statements
            .partition_point(|statement| statement.sentence <= sentence);
        let wants_numbers = hits.iter().any(|hit| {
            matches!(
                hit.word,
                FactWord::Counted(_)
                    | FactWord::Files
                    | FactWord::Cue(FactCue::Matter | FactCue::Ransom | FactCue::Asked | FactCue::Reached)
            )
        });
        let mut found = if wants_numbers {
            numbers(&document.text[range.clone()])
        } else {
            Vec::new()
        };
        found.truncate(MOST_FACT_WORDS);
        for number in &mut found {
            number.range = number.range.start + range.start..number.range.end + range.start;
            number.start += range.start;
        }
        Passage {
            document,
            sentence,
            zone: document.sentences[sentence].zone,
            hits,
            statements: &reading.statements[from..to],
            numbers: found,
        }
    }

    fn read(&self, before: Option<&Passage<'_>>, facts: &mut Vec<Fact>) {
        let amounts = self.amounts();
        let ransom_before = before.is_some_and(Passage::speaks_of_ransom);
        self.read_persons(&amounts, facts);
        self.read_volumes(facts);
        self.read_ransom(&amounts, ransom_before, facts);
        self.read_data(before, facts);
    }

    /// Whether the other passage is the very next sentence of the same paragraph.
    fn is_followed_by(&self, next: &Passage<'_>) -> bool {
        let line = |sentence: usize| self.document.sentences[sentence].line;
        next.sentence == self.sentence + 1 && line(next.sentence) == line(self.sentence)
    }

    fn cues(&self, wanted: FactCue) -> impl Iterator<Item = &FactHit> {
        self.hits.iter().filter(move |hit| hit.word == FactWord::Cue(wanted))
    }

    fn has(&self, wanted: FactCue) -> bool {
        self.cues(wanted).next().is_some()
    }

    /// Whether the sentence states that data was reached, however it says so.
    fn states_leak(&self) -> bool {
        self.statements.iter().any(|statement| {
            matches!(
                statement.attack,
                AttackType::DataLeak | AttackType::Exposure | AttackType::Account | AttackType::Insider
            )
        })
    }

    fn is_about_reached(&self) -> bool {
        self.states_leak() || self.has(FactCue::Reached)
    }

    fn speaks_of_ransom(&self) -> bool {
        self.has(FactCue::Ransom)
            || self
                .statements
                .iter()
                .any(|statement| statement.attack == AttackType::Ransomware && statement.assertion.counts())
    }

    /// How a fact told by this word is said: by the clause, by the words that deny facts only, and
    /// by the statement of the same clause that it belongs to.
    fn assertion(&self, hit: &FactHit) -> Assertion {
        let document = self.document;
        let is_before = self
            .cues(FactCue::DeniedBefore)
            .any(|cue| starts_before(&cue.folded, &hit.folded) && same_clause(document, &cue.folded, &hit.folded));
        let denied = is_before || self.is_followed(hit, FactCue::DeniedAfter);
        let governing = self
            .statements
            .iter()
            .filter(|statement| statement.start <= hit.range.start)
            .filter(|statement| same_clause(document, &self.folded(statement.start..statement.end), &hit.folded))
            .map(|statement| statement.assertion)
            .next_back();
        let said = hit.assertion.max(governing.unwrap_or(Assertion::Affirmed));
        if denied {
            Assertion::Denied
        } else if self.is_followed(hit, FactCue::HypotheticalAfter) {
            said.max(Assertion::Hypothetical)
        } else {
            said
        }
    }

    /// Whether such a word follows in the same clause.
    fn is_followed(&self, hit: &FactHit, wanted: FactCue) -> bool {
        self.cues(wanted)
            .any(|cue| starts_before(&hit.folded, &cue.folded) && same_clause(self.document, &hit.folded, &cue.folded))
    }

    fn folded(&self, range: Range<usize>) -> Range<usize> {
        self.document.folded.folded_offset(range.start)..self.document.folded.folded_offset(range.end)
    }

    fn fact(&self, told: Told, range: Range<usize>, assertion: Assertion) -> Fact {
        Fact {
            told,
            words: self.document.text[range.clone()].to_owned(),
            zone: self.zone,
            assertion,
            start: range.start,
        }
    }

    /// The word that a number counts: « 33 millions d'assurés », « 4 500 anciens élèves ».
    fn counted_by(&self, number: &Number) -> Option<&FactHit> {
        let hit = self.hits.iter().find(|hit| {
            matches!(hit.word, FactWord::Counted(_) | FactWord::Files) && hit.range.start >= number.range.end
        })?;
        let between = fold_key(&self.document.text[number.range.end..hit.range.start]);
        let links = between.split_whitespace().collect::<Vec<_>>();
        (links.len() <= 3 && links.iter().all(|word| INNER.contains(word))).then_some(hit)
    }

    fn read_persons(&self, amounts: &[Amount<'_>], facts: &mut Vec<Fact>) {
        for number in &self.numbers {
            let Some(hit) = self.counted_by(number) else { continue };
            let FactWord::Counted(unit) = hit.word else { continue };
            let is_money = amounts.iter().any(|amount| amount.number.range == number.range);
            if is_money || self.is_size(number, hit) || !(self.is_affected(hit) || self.are_data_of(number)) {
                continue;
            }
            let told = Told::Persons {
                value: number.value.map(|value| value.round() as u64),
                unit,
                bound: number.bound,
            };
            facts.push(self.fact(told, number.start..hit.range.end, self.assertion(hit)));
        }
    }

    /// « les données de 450 000 adhérents ».
    fn are_data_of(&self, number: &Number) -> bool {
        self.cues(FactCue::Matter).any(|cue| {
            cue.range.end <= number.start && {
                let between = fold_key(&self.document.text[cue.range.end..number.start]);
                between.split_whitespace().all(|word| OF_DATA.contains(&word))
            }
        })
    }

    /// Whether persons so counted are said to be affected.
    fn is_affected(&self, hit: &FactHit) -> bool {
        let word = &self.document.folded.text[hit.folded.clone()];
        if word.starts_with("habitant") {
            // Nearly always a town's size: the words of theft must be in the same clause.
            return self.cues(FactCue::Reached).any(|cue| {
                same_clause(self.document, &cue.folded, &hit.folded)
                    && same_clause(self.document, &hit.folded, &cue.folded)
            });
        }
        !self.is_followed(hit, FactCue::AtWork) && self.is_about_reached()
    }

    /// Whether the number only says how large a body is: « commune de 12 000 habitants », « qui emploie
    /// 300 salariés », « (120 salariés) », « l'opérateur aux 20 millions d'abonnés ».
    fn is_size(&self, number: &Number, hit: &FactHit) -> bool {
        let text = &self.document.text;
        let start = self.document.sentences[self.sentence].range.start;
        let before = text[start..number.start].trim_end();
        let is_bracketed = before.ends_with('(') && text[hit.range.end..].trim_start().starts_with(')');
        let follows_aux = fold_key(before).ends_with(" aux");
        let follows_size = self.cues(FactCue::Size).any(|cue| {
            cue.range.end <= number.start && {
                let between = fold_key(&text[cue.range.end..number.start]);
                between.split_whitespace().count() <= 3 && !between.contains([',', ';', ':', '.'])
            }
        });
        let is_staff = matches!(hit.word, FactWord::Counted(Counted::Persons));
        (is_bracketed || follows_aux) && is_staff || follows_size
    }

    fn read_volumes(&self, facts: &mut Vec<Fact>) {
        let has_matter = self.has(FactCue::Matter) || self.hits.iter().any(|hit| hit.word == FactWord::Files);
        for number in &self.numbers {
            if let Some((factor, end)) = byte_unit(&self.document.text[number.range.end..]) {
                if !has_matter && !self.is_about_reached() {
                    continue;
                }
                let end = number.range.end + end;
                let told = Told::Volume {
                    value: number.value.map(|value| (value * factor).round() as u64),
                    unit: VolumeUnit::Bytes,
                    bound: number.bound,
                };
                facts.push(self.fact(told, number.start..end, self.said_of(number.start..end)));
                continue;
            }
            let Some(hit) = self.counted_by(number).filter(|hit| hit.word == FactWord::Files) else {
                continue;
            };
            if self.is_about_reached() {
                let told = Told::Volume {
                    value: number.value.map(|value| value.round() as u64),
                    unit: VolumeUnit::Files,
                    bound: number.bound,
                };
                facts.push(self.fact(told, number.start..hit.range.end, self.assertion(hit)));
            }
        }
    }

    /// How a number is said that no word of facts names: as the nearest word of its sentence.
    fn said_of(&self, range: Range<usize>) -> Assertion {
        let nearest = self.hits.iter().min_by_key(|hit| {
            hit.range
                .start
                .abs_diff(range.end)
                .min(range.start.abs_diff(hit.range.end))
        });
        nearest.map_or(Assertion::Affirmed, |hit| {
            let here = FactHit {
                range: range.clone(),
                folded: self.folded(range.clone()),
                ..hit.clone()
            };
            self.assertion(&here)
        })
    }

    /// The numbers that are followed or preceded by a currency.
    fn amounts(&self) -> Vec<Amount<'_>> {
        self.numbers
            .iter()
            .filter_map(|number| {
                let text = &self.document.text;
                if let Some((currency, end)) = currency_after(&text[number.range.end..]) {
                    let range = number.start..number.range.end + end;
                    return Some(Amount {
                        number,
                        currency,
                        range,
                    });
                }
                let sign = text[..number.range.start].chars().next_back()?;
                let currency = currency_sign(sign)?;
                let start = number.start.min(number.range.start - sign.len_utf8());
                Some(Amount {
                    number,
                    currency,
                    range: start..number.range.end,
                })
            })
            .collect()
    }

    fn read_ransom(&self, amounts: &[Amount<'_>], ransom_before: bool, facts: &mut Vec<Fact>) {
        let elsewhere: Vec<&FactHit> = self.cues(FactCue::RansomElsewhere).collect();
        let named = self
            .cues(FactCue::Ransom)
            .find(|hit| !elsewhere.iter().any(|other| overlap(&hit.folded, &other.folded)));
        let is_asked = self.has(FactCue::Asked);
        let anchor = match named {
            Some(hit) => hit,
            // « Les pirates réclament 500 000 euros », after a sentence about the ransom.
            None => match self.cues(FactCue::Asked).next() {
                Some(asked) if ransom_before || self.speaks_of_ransom() => asked,
                _ => return,
            },
        };
        let amount = amounts
            .iter()
            .filter(|amount| !self.is_cost(amount))
            .min_by_key(|amount| amount.range.start.abs_diff(anchor.range.start));
        if named.is_none() && amount.is_none_or(|amount| amount.range.start < anchor.range.end) {
            return;
        }
        let said = self.assertion(anchor);
        let (stance, assertion) = match (self.cues(FactCue::Refused).next(), self.cues(FactCue::Paid).next()) {
            (Some(refused), _) if self.document.folded.text[refused.folded.clone()].starts_with("sans ") => {
                (RansomStance::Paid, Assertion::Denied)
            }
            (Some(_), _) => {
                let is_only_negated = said == Assertion::Denied;
                (
                    RansomStance::Refused,
                    if is_only_negated { Assertion::Affirmed } else { said },
                )
            }
            (None, Some(paid)) => (RansomStance::Paid, said.max(self.paid_assertion(paid))),
            _ if is_asked || amount.is_some() || said == Assertion::Denied => (RansomStance::Asked, said),
            _ => return,
        };
        let mut range = anchor.range.clone();
        if let Some(amount) = amount {
            let whole = range.start.min(amount.range.start)..range.end.max(amount.range.end);
            range = if whole.len() <= RANSOM_REACH_BYTES {
                whole
            } else {
                amount.range.clone()
            };
        }
        let told = Told::Ransom {
            value: amount.and_then(|amount| amount.number.value),
            unit: amount.map(|amount| amount.currency),
            bound: amount.and_then(|amount| amount.number.bound),
            stance,
        };
        facts.push(self.fact(told, range, assertion));
    }

    /// « n'a pas payé » is a payment denied.
    fn paid_assertion(&self, paid: &FactHit) -> Assertion {
        let words = format!(" {} ", &self.document.folded.text[paid.folded.clone()]);
        let is_negated = [" n a ", " n ont ", " n avait ", " n aurait "]
            .iter()
            .any(|no| words.contains(no));
        if is_negated {
            Assertion::Denied
        } else {
            self.assertion(paid)
        }
    }

    /// Whether the amount is what the attack cost, or what somebody earns.
    fn is_cost(&self, amount: &Amount<'_>) -> bool {
        let folded = self.folded(amount.range.clone());
        self.cues(FactCue::Cost).any(|cue| {
            let is_before = starts_before(&cue.folded, &folded) && same_clause(self.document, &cue.folded, &folded);
            let is_after = starts_before(&folded, &cue.folded)
                && cue.folded.start - folded.end.min(cue.folded.start) <= COST_AFTER_BYTES
                && same_clause(self.document, &folded, &cue.folded);
            is_before || is_after
        })
    }

    fn read_data(&self, before: Option<&Passage<'_>>, facts: &mut Vec<Fact>) {
        let found: Vec<(DataKind, &FactHit)> = self
            .hits
            .iter()
            .filter_map(|hit| match hit.word {
                FactWord::Data(data) => Some((data, hit)),
                _ => None,
            })
            .filter(|(_, hit)| !self.is_part_of_another(hit))
            .collect();
        let is_list = found.len() >= LIST_LENGTH && before.is_some_and(Passage::is_about_reached);
        if found.is_empty() || !(self.is_about_reached() || self.has(FactCue::Content) || is_list) {
            return;
        }
        let mut said: Vec<Assertion> = found.iter().map(|(_, hit)| self.assertion(hit)).collect();
        // « ni mots de passe, RIB ou adresses », « les RIB et les adresses ne sont pas concernés ».
        for index in 1..found.len() {
            if said[index - 1] == Assertion::Denied && self.are_listed(found[index - 1].1, found[index].1) {
                said[index] = Assertion::Denied;
            }
        }
        for index in (1..found.len()).rev() {
            let is_after = self.is_followed(found[index].1, FactCue::DeniedAfter);
            if said[index] == Assertion::Denied && is_after && self.are_listed(found[index - 1].1, found[index].1) {
                said[index - 1] = Assertion::Denied;
            }
        }
        for ((data, hit), assertion) in found.into_iter().zip(said) {
            if !self.is_advice(hit) {
                facts.push(self.fact(Told::Data { data }, hit.range.clone(), assertion));
            }
        }
    }

    /// « adresses » of « adresses mail », « identité » of « usurpation d'identité ».
    fn is_part_of_another(&self, hit: &FactHit) -> bool {
        self.hits.iter().any(|other| {
            let covers = other.folded.start <= hit.folded.start
                && hit.folded.end <= other.folded.end
                && other.folded.len() > hit.folded.len();
            covers && matches!(other.word, FactWord::Data(_) | FactWord::Cue(FactCue::Elsewhere))
        })
    }

    /// Whether nothing but the marks and words of a list stands between two kinds of data.
    fn are_listed(&self, first: &FactHit, second: &FactHit) -> bool {
        let Some(between) = self.document.folded.text.get(first.folded.end..second.folded.start) else {
            return true;
        };
        !between.contains([';', '.', ':'])
            && between
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .all(|word| LIST.contains(&word))
    }

    /// Whether the words stand in a piece of advice or in a repair.
    fn is_advice(&self, hit: &FactHit) -> bool {
        let text = &self.document.folded.text;
        self.cues(FactCue::Advice).any(|cue| {
            let is_repair = ["reinitialis", "chang", "renouvel", "modifi"]
                .iter()
                .any(|stem| text[cue.folded.clone()].starts_with(stem));
            if starts_before(&cue.folded, &hit.folded) {
                let between = text.get(cue.folded.end..hit.folded.start).unwrap_or("");
                !between.contains([';', '.', ':'])
            } else {
                is_repair && same_clause(self.document, &hit.folded, &cue.folded)
            }
        })
    }
}

/// A number with its currency.
struct Amount<'a> {
    number: &'a Number,
    currency: Currency,
    /// With the words that bound it.
    range: Range<usize>,
}

/// Words that may stand between a number and what it counts.
const INNER: &[&str] = &[
    "de",
    "d",
    "des",
    "du",
    "ses",
    "leurs",
    "nos",
    "vos",
    "ces",
    "anciens",
    "anciennes",
    "nouveaux",
    "nouvelles",
    "actuels",
    "autres",
    "jeunes",
    "futurs",
    "potentiels",
    "potentielles",
    "differents",
    "differentes",
    "premiers",
    "petits",
    "uniques",
    "millions",
    "francais",
    "francaises",
    "its",
    "of",
    "million",
];

/// Words that may stand between « données » and the number of persons whose they are.
const OF_DATA: &[&str] = &[
    "personnelles",
    "sensibles",
    "privees",
    "bancaires",
    "medicales",
    "confidentielles",
    "de",
    "des",
    "d",
    "sur",
    "concernant",
];

/// Words that may stand between two members of a list.
const LIST: &[&str] = &[
    "de", "d", "des", "du", "le", "la", "les", "l", "un", "une", "et", "ou", "ni", "leur", "leurs", "ses", "aucun",
    "aucune",
];

/// Whether nothing between two ranges ends a clause, and they stand near each other.
fn same_clause(document: &Document, first: &Range<usize>, second: &Range<usize>) -> bool {
    let between = document.folded.text.get(first.end..second.start).unwrap_or("");
    between.len() <= REACH_BYTES
        && !between.contains([',', ';', ':', '(', ')', '.', '\n'])
        && !between.contains(" mais ")
}

fn starts_before(first: &Range<usize>, second: &Range<usize>) -> bool {
    first.start < second.start
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// The bytes that a unit right after a number stands for, and the unit's end: « Go », « téraoctets ».
/// The short forms are read as they are written: « to » is no « To ».
fn byte_unit(rest: &str) -> Option<(f64, usize)> {
    let spaced = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let gap = rest.len() - spaced.len();
    let word: &str = &spaced[..spaced.find(|c: char| !c.is_alphanumeric()).unwrap_or(spaced.len())];
    let (de, word) = match (word, spaced.strip_prefix("de ")) {
        ("de", Some(after)) => (
            3,
            &after[..after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len())],
        ),
        _ => (0, word),
    };
    let folded = fold_key(word);
    let long = folded.strip_suffix('s').unwrap_or(&folded);
    let factor = match (word, long) {
        ("Ko" | "KB" | "kB", _) | (_, "kilooctet") => 1e3,
        ("Mo" | "MB", _) | (_, "megaoctet" | "mega") => 1e6,
        ("Go" | "GB" | "Gio", _) | (_, "gigaoctet" | "giga" | "gigabyte") => 1e9,
        ("To" | "TB" | "Tio", _) | (_, "teraoctet" | "tera" | "terabyte") => 1e12,
        ("Po" | "PB", _) | (_, "petaoctet") => 1e15,
        _ => return None,
    };
    Some((factor, gap + de + word.len()))
}

/// The currency right after a number, and its end.
fn currency_after(rest: &str) -> Option<(Currency, usize)> {
    let spaced = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let mut at = rest.len() - spaced.len();
    if let Some(currency) = spaced.chars().next().and_then(currency_sign) {
        return Some((currency, at + spaced.chars().next().map_or(0, char::len_utf8)));
    }
    let mut tail = spaced;
    for link in ["de ", "d'", "d’"] {
        if let Some(after) = tail.strip_prefix(link) {
            at += link.len();
            tail = after;
            break;
        }
    }
    let word = &tail[..tail.find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len())];
    let folded = fold_key(word);
    let next = fold_key(&tail[word.len()..].chars().take(12).collect::<String>());
    let next = next.trim_start();
    let currency = match folded.strip_suffix('s').unwrap_or(&folded) {
        "euro" | "eur" => Currency::Euro,
        "dollar" if next.starts_with("canadien") => Currency::CanadianDollar,
        "dollar" | "usd" => Currency::UsDollar,
        "livre" if next.starts_with("sterling") => Currency::Pound,
        "gbp" => Currency::Pound,
        "franc" if next.starts_with("suisse") => Currency::SwissFranc,
        "chf" => Currency::SwissFranc,
        "bitcoin" | "btc" => Currency::Bitcoin,
        "ether" | "eth" | "ethereum" => Currency::Ether,
        "monero" | "xmr" => Currency::Monero,
        _ => return None,
    };
    Some((currency, at + word.len()))
}

const fn currency_sign(sign: char) -> Option<Currency> {
    match sign {
        '€' => Some(Currency::Euro),
        '$' => Some(Currency::UsDollar),
        '£' => Some(Currency::Pound),
        '₿' => Some(Currency::Bitcoin),
        _ => None,
    }
}

/// The vulnerabilities that the text names by number: « CVE-2024-1234 ».
fn vulnerabilities(document: &Document, facts: &mut Vec<Fact>) {
    let text = &document.text;
    let bytes = text.as_bytes();
    for (dash, _) in text.match_indices('-') {
        let Some(start) = dash
            .checked_sub(3)
            .filter(|&start| bytes[start..dash].eq_ignore_ascii_case(b"cve"))
        else {
            continue;
        };
        let is_inside = start > 0 && bytes[start - 1].is_ascii_alphanumeric();
        let Some(end) = cve_end(bytes, start).filter(|_| !is_inside) else {
            continue;
        };
        let sentence = document
            .sentences
            .partition_point(|sentence| sentence.range.start <= start);
        let Some(sentence) = sentence.checked_sub(1).map(|index| &document.sentences[index]) else {
            continue;
        };
        if sentence.zone != Zone::Teaser {
            facts.push(Fact {
                told: Told::Cve {
                    id: text[start..end].to_ascii_uppercase(),
                },
                words: text[start..end].to_owned(),
                zone: sentence.zone,
                assertion: Assertion::Affirmed,
                start,
            });
        }
    }
}

/// The end of « CVE-2024-1234 » that starts here: a year, then four digits or more.
fn cve_end(bytes: &[u8], start: usize) -> Option<usize> {
    let digits = |from: usize| bytes.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
    let year = start + 4;
    let number = year + 5;
    let count = digits(number);
    (digits(year) == 4 && bytes.get(year + 4) == Some(&b'-') && (4..=8).contains(&count)).then_some(number + count)
}

/// Each fact once: of those that tell the same in the same way, the one that weighs most by its place.
fn each_once(mut facts: Vec<Fact>) -> Vec<Fact> {
    facts.sort_by(|a, b| a.zone.cmp(&b.zone).then(a.start.cmp(&b.start)));
    let mut kept: Vec<Fact> = Vec::new();
    for fact in facts {
        if kept.len() < 2 * MOST_FACTS && !kept.iter().any(|known| says_the_same(known, &fact)) {
            kept.push(fact);
        }
    }
    kept
}

fn says_the_same(known: &Fact, fact: &Fact) -> bool {
    let same_number = match (&known.told, &fact.told) {
        (Told::Persons { value: a, unit: x, .. }, Told::Persons { value: b, unit: y, .. }) => a == b && x == y,
        (Told::Volume { value: a, unit: x, .. }, Told::Volume { value: b, unit: y, .. }) => a == b && x == y,
        (a, b) => a == b,
    };
    same_number && known.assertion == fact.assertion
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::model::Models;
    use crate::classify::reading::read;
    use crate::model::fact::Bound;

    fn found(models: &Models, title: &str, text: &str) -> Vec<Fact> {
        let mut document = Document::new(title, None, text);
        let reading = read(&mut document, &models.phrases);
        facts(&document, &reading)
    }

    /// One fact in short: "33000000 personnes", "mot-de-passe denied", "2000000 eur demandee".
    fn short(fact: &Fact) -> String {
        let number = |value: Option<f64>| value.map_or("?".to_owned(), |value| format!("{value}"));
        let whole = |value: &Option<u64>| number(value.map(|value| value as f64));
        let bounded = |bound: &Option<Bound>| match bound {
            Some(Bound::AtLeast) => ">",
            Some(Bound::AtMost) => "<",
            Some(Bound::About) => "~",
            None => "",
        };
        let told = match &fact.told {
            Told::Persons { value, unit, bound } => format!("{}{} {unit}", bounded(bound), whole(value)),
            Told::Volume { value, unit, bound } => format!("{}{} {unit}", bounded(bound), whole(value)),
            Told::Ransom {
                value, unit, stance, ..
            } => match unit {
                Some(unit) => format!("{} {unit} {stance}", number(*value)),
                None => format!("rançon {stance}"),
            },
            Told::Data { data } => data.id().to_owned(),
            Told::Cve { id } => id.clone(),
        };
        let assertion = match fact.assertion {
            Assertion::Affirmed => "",
            Assertion::Claimed => " claimed",
            Assertion::Hypothetical => " hypothetical",
            Assertion::Denied => " denied",
        };
        format!("{told}{assertion}")
    }

    #[track_caller]
    fn check(rows: &[(&str, &[&str])]) {
        let models = Models::embedded().unwrap();
        let mut wrong = Vec::new();
        for (text, expected) in rows {
            let facts = found(&models, "", text);
            let got: Vec<String> = facts.iter().map(short).collect();
            if got != *expected {
                wrong.push(format!("{text}\n     got {got:?}\n    want {expected:?}"));
            }
            for fact in &facts {
                let whole = format!("\n{text}");
                assert_eq!(&whole[fact.start..fact.start + fact.words.len()], fact.words, "{text}");
            }
        }
        assert!(
            wrong.is_empty(),
            "{} of {} rows:\n{}",
            wrong.len(),
            rows.len(),
            wrong.join("\n")
        );
    }

    #[test]
    fn persons_affected() {
        check(&[
            (
                "Les données de 33 millions d'assurés ont été volées.",
                &["33000000 personnes"],
            ),
            (
                "La fuite concerne plus de 10 000 agents du rectorat.",
                &[">10000 personnes"],
            ),
            (
                "Le vol de données touche 1,2 million de clients de l'enseigne.",
                &["1200000 personnes"],
            ),
            (
                "Quelque 300 000 comptes ont été compromis par les intrus.",
                &["~300000 comptes"],
            ),
            ("The breach exposed 1.2M users of the shop.", &["1200000 personnes"]),
            (
                "Un fichier de 45\u{202f}000 usagers est en vente sur un forum.",
                &["45000 personnes"],
            ),
            (
                "Deux millions d'abonnés sont concernés par la fuite.",
                &["2000000 personnes"],
            ),
            (
                "Près d'un demi-million de patients ont vu leurs dossiers exposés.",
                &["~500000 personnes"],
            ),
            (
                "Jusqu'à 12 millions de lignes auraient été exfiltrées.",
                &["<12000000 dossiers claimed"],
            ),
            (
                "Le pirate affirme détenir 80 000 fiches volées à la mutuelle.",
                &["80000 dossiers claimed"],
            ),
            (
                "Des milliers de licenciés seraient touchés par le piratage.",
                &["? personnes claimed"],
            ),
            (
                "Une centaine de familles ont été victimes de la fuite de données.",
                &["~100 personnes"],
            ),
            (
                "Aucun des 4 000 élèves n'est touché par la fuite.",
                &["4000 personnes denied"],
            ),
            (
                "Les informations de 640 anciens élèves ont été dérobées.",
                &["640 personnes"],
            ),
            (
                "Les 18 500 comptes bancaires consultés appartiennent à des particuliers.",
                &["18500 comptes", "bancaire"],
            ),
            (
                "Pas moins de trois cent mille clients ont vu leurs informations diffusées.",
                &[">300000 personnes"],
            ),
            (
                "Piratage : les données personnelles de 45 000 adhérents",
                &["45000 personnes"],
            ),
            ("La base volée compte 70k comptes, selon l'hébergeur.", &[]),
        ]);
    }

    #[test]
    fn numbers_that_are_no_persons_affected() {
        check(&[
            (
                "La commune de 12 000 habitants a été touchée par une cyberattaque.",
                &[],
            ),
            (
                "L'entreprise, qui emploie 300 salariés, est victime d'un vol de données.",
                &[],
            ),
            (
                "L'opérateur aux 20 millions d'abonnés confirme une fuite de données.",
                &[],
            ),
            ("La fonderie (120 salariés) a été victime d'un rançongiciel.", &[]),
            ("Une PME de 45 salariés victime d'une fuite de données.", &[]),
            ("Depuis la fuite, 200 agents travaillent sur papier.", &[]),
            ("Le festival attend 40 000 personnes ce week-end.", &[]),
            ("En 2024, la fuite avait coûté 3 millions d'euros à ses clients.", &[]),
            ("Environ 30 % des clients sont concernés par la fuite.", &[]),
            ("Le réseau de 14 000 agents a été infecté, victime d'un virus.", &[]),
        ]);
    }

    #[test]
    fn volumes() {
        check(&[
            (
                "Les pirates affirment avoir volé 240 Go de données.",
                &["240000000000 octets claimed"],
            ),
            ("Une archive de 1,5 To a été publiée.", &["1500000000000 octets"]),
            (
                "Le groupe a diffusé 300 gigaoctets de documents.",
                &["300000000000 octets"],
            ),
            (
                "Plus de 50Go d'informations ont été exfiltrés.",
                &[">50000000000 octets"],
            ),
            (
                "Environ deux téraoctets de fichiers ont été dérobés.",
                &["~2000000000000 octets"],
            ),
            ("12 000 documents volés ont été mis en ligne.", &["12000 fichiers"]),
            ("Des centaines de gigas de données ont été publiés.", &["? octets"]),
            (
                "Aucun des 40 Go de données n'a été publié.",
                &["40000000000 octets denied"],
            ),
            ("Le téléphone a 256 Go de mémoire.", &[]),
            ("La mairie a reçu 300 fichiers par la poste.", &[]),
            ("Il faut 10 to prepare the data.", &[]),
        ]);
    }

    #[test]
    fn ransoms() {
        check(&[
            (
                "Les pirates réclament une rançon de 2 millions d'euros.",
                &["2000000 eur demandee"],
            ),
            ("Une rançon de 0,5 bitcoin est exigée.", &["0.5 btc demandee"]),
            ("Aucune rançon n'a été demandée.", &["rançon demandee denied"]),
            (
                "Aucune demande de rançon n'a été reçue à ce jour.",
                &["rançon demandee denied"],
            ),
            (
                "La ville n'a pas reçu de demande de rançon.",
                &["rançon demandee denied"],
            ),
            (
                "Une demande de rançon a été trouvée sur les écrans.",
                &["rançon demandee"],
            ),
            ("L'hôpital refuse de payer la rançon.", &["rançon refusee"]),
            ("Le maire assure que la rançon ne sera pas payée.", &["rançon refusee"]),
            (
                "La société a finalement payé une rançon de 150 000 dollars.",
                &["150000 usd payee"],
            ),
            ("Une rançon de 33 k€ a été versée aux pirates.", &["33000 eur payee"]),
            ("L'entreprise n'a pas payé la rançon.", &["rançon payee denied"]),
            (
                "Aucune rançon n'a été versée par le Département.",
                &["rançon payee denied"],
            ),
            (
                "Les services sont repartis sans payer de rançon.",
                &["rançon payee denied"],
            ),
            (
                "Le rançongiciel a tout bloqué. Les assaillants réclament 500 000 euros en cryptomonnaie.",
                &["500000 eur demandee"],
            ),
            (
                "Aucune rançon n'a été payée, et l'attaque a coûté 1 million d'euros.",
                &["rançon payee denied"],
            ),
            ("Un logiciel de rançon a chiffré les serveurs.", &[]),
            ("Ce rançongiciel vise les mairies.", &[]),
            ("La remise en état coûtera 2 millions d'euros à la ville.", &[]),
            ("Elle demande 3 millions d'euros de subvention à la Région.", &[]),
            ("The gang demanded a ransom of $2 million.", &["2000000 usd demandee"]),
            (
                "La rançon, fixée à 33 M€, devait être réglée en trois jours.",
                &["33000000 eur demandee"],
            ),
        ]);
    }

    #[test]
    fn kinds_of_data() {
        check(&[
            (
                "Les noms, prénoms, adresses postales et numéros de téléphone ont été volés.",
                &["etat-civil", "adresse", "telephone"],
            ),
            ("Aucune donnée bancaire n'a été compromise.", &["bancaire denied"]),
            (
                "Les mots de passe et les coordonnées bancaires ne sont pas concernés.",
                &["mot-de-passe denied", "bancaire denied"],
            ),
            (
                "Les adresses mail ont fuité, mais pas les mots de passe ni les IBAN.",
                &["courriel", "mot-de-passe denied", "bancaire denied"],
            ),
            (
                "Le fichier volé contient des numéros de sécurité sociale et des bulletins de paie.",
                &["securite-sociale", "rh"],
            ),
            (
                "Des données de santé pourraient avoir été consultées.",
                &["sante hypothetical"],
            ),
            (
                "Des copies de pièces d'identité auraient été exfiltrées.",
                &["identite claimed"],
            ),
            (
                "La fuite ne comporte ni mot de passe, ni RIB, ni donnée de santé.",
                &["mot-de-passe denied", "bancaire denied", "sante denied"],
            ),
            (
                "Des données ont été dérobées. Il s'agit des noms, des dates de naissance et des IBAN.",
                &["etat-civil", "bancaire"],
            ),
            (
                "À l'exception des coordonnées bancaires, tout a été volé.",
                &["bancaire denied"],
            ),
            ("Changez vos mots de passe après la fuite.", &[]),
            ("Tous les mots de passe ont été réinitialisés après l'intrusion.", &[]),
            (
                "La mairie met en garde contre une usurpation d'identité après la fuite.",
                &[],
            ),
            (
                "Ne communiquez jamais vos coordonnées bancaires après un piratage.",
                &[],
            ),
            ("Les passeports se feront à la mairie annexe.", &[]),
            (
                "Le code source de l'application a été publié par les intrus.",
                &["code"],
            ),
        ]);
    }

    #[test]
    fn vulnerabilities_by_number() {
        check(&[
            ("La faille CVE-2023-4966 a servi de porte d'entrée.", &["CVE-2023-4966"]),
            (
                "Les failles cve-2024-21887 et CVE-2024-21887 et CVE-24-1.",
                &["CVE-2024-21887"],
            ),
            ("Un code XCVE-2024-1111 quelconque.", &[]),
        ]);
    }

    #[test]
    fn background_is_marked_and_teasers_are_left_out() {
        let models = Models::embedded().unwrap();
        let facts = found(
            &models,
            "Fuite de données chez Krimovia : 20 000 clients concernés",
            "En 2022, une fuite avait touché 900 000 clients de Zorblax.\nÀ lire aussi : 5 millions de comptes volés.",
        );
        let got: Vec<(String, Zone)> = facts.iter().map(|fact| (short(fact), fact.zone)).collect();
        assert_eq!(
            got,
            [
                ("20000 personnes".to_owned(), Zone::Title),
                ("900000 personnes".to_owned(), Zone::Background)
            ]
        );
        let own: Vec<&Fact> = facts.iter().filter(|fact| fact.is_own()).collect();
        assert_eq!(own.len(), 1);
    }

    #[test]
    fn a_fact_told_twice_is_kept_once_and_many_are_cut() {
        let models = Models::embedded().unwrap();
        let facts = found(
            &models,
            "Fuite : 20 000 clients concernés",
            "La fuite touche 20 000 clients.",
        );
        assert_eq!(facts.len(), 1);
        assert_eq!(facts[0].zone, Zone::Title);
        let many: String = (0..3000)
            .map(|n| format!("La fuite touche {} clients.\n", 1000 + n))
            .collect();
        assert_eq!(found(&models, "", &many).len(), MOST_FACTS);
    }
}
