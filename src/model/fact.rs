//! Facts that an article tells about an incident, each with its words: how many persons, how much
//! data, which data, what ransom, which vulnerability.

use serde::{Deserialize, Serialize};

use super::analysis::{Assertion, Zone};
use super::label::{Counted, Currency, DataKind, RansomStance, VolumeUnit};

/// Below this, a number says what its words say; whole numbers beyond it are kept in the same way.
const THOUSAND: f64 = 1e3;

/// One fact, with the words that tell it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// What is told.
    #[serde(flatten)]
    pub told: Told,
    /// The words, as they stand in the text.
    pub words: String,
    /// Where.
    pub zone: Zone,
    /// How it is said.
    pub assertion: Assertion,
    /// Byte offset of the words in title + "\n" + standfirst + "\n" + text.
    pub start: usize,
}

/// What a fact tells, in one measure whatever the words were.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Told {
    /// How many are affected.
    #[serde(rename = "personnes")]
    Persons {
        /// How many; none for « des milliers ».
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<u64>,
        /// What is counted.
        unit: Counted,
        /// What the words make of the number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bound: Option<Bound>,
    },
    /// How much data.
    #[serde(rename = "volume")]
    Volume {
        /// How much; none for « des milliers de documents ».
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<u64>,
        /// In bytes or in files.
        unit: VolumeUnit,
        /// What the words make of the number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bound: Option<Bound>,
    },
    /// A ransom.
    #[serde(rename = "rancon")]
    Ransom {
        /// Its amount, when told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<f64>,
        /// Its currency, when told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<Currency>,
        /// What the words make of the number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bound: Option<Bound>,
        /// Asked, paid or refused; with the assertion `denied`: not asked, not paid.
        stance: RansomStance,
    },
    /// A kind of data that was reached; with the assertion `denied`, that was not.
    #[serde(rename = "donnees")]
    Data {
        /// Which.
        data: DataKind,
    },
    /// A vulnerability by its number.
    #[serde(rename = "cve")]
    Cve {
        /// "CVE-2024-1234".
        id: String,
    },
}

/// What the words before a number make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// « environ », « près de », « quelque ».
    #[serde(rename = "environ")]
    About,
    /// « plus de », « au moins ».
    #[serde(rename = "au-moins")]
    AtLeast,
    /// « jusqu'à », « moins de ».
    #[serde(rename = "au-plus")]
    AtMost,
}

impl Told {
    /// In which order facts are listed.
    pub const fn rank(&self) -> u8 {
        match self {
            Told::Persons { .. } => 0,
            Told::Volume { .. } => 1,
            Told::Ransom { .. } => 2,
            Told::Data { .. } => 3,
            Told::Cve { .. } => 4,
        }
    }

    /// The fact in French words: "33 000 000 personnes (au moins)", "données : Mots de passe".
    pub fn french(&self) -> String {
        match self {
            Told::Persons { value, unit, bound } => counted(value.map(|value| value as f64), unit.french(), *bound),
            Told::Volume {
                value: Some(bytes),
                unit: VolumeUnit::Bytes,
                bound,
            } => {
                let (value, unit) = bytes_in_words(*bytes);
                counted(Some(value), unit, *bound)
            }
            Told::Volume { value, unit, bound } => counted(value.map(|value| value as f64), unit.french(), *bound),
            Told::Ransom {
                value,
                unit,
                bound,
                stance,
            } => match (value, unit) {
                (Some(value), Some(unit)) => {
                    format!(
                        "rançon {} : {}",
                        stance.french(),
                        counted(Some(*value), unit.french(), *bound)
                    )
                }
                _ => format!("rançon {}", stance.french()),
            },
            Told::Data { data } => data.french().to_owned(),
            Told::Cve { id } => id.clone(),
        }
    }
}

impl Fact {
    /// Whether it belongs to the article's own story; what stands in the background is told of others.
    pub fn is_own(&self) -> bool {
        !matches!(self.zone, Zone::Background | Zone::Teaser)
    }
}

fn counted(value: Option<f64>, unit: &str, bound: Option<Bound>) -> String {
    let number = value.map_or_else(|| "des".to_owned(), grouped);
    let bound = match bound {
        Some(Bound::About) => " (environ)",
        Some(Bound::AtLeast) => " (au moins)",
        Some(Bound::AtMost) => " (au plus)",
        None => "",
    };
    format!("{number} {unit}{bound}")
}

/// « 1 250 000 », « 0,5 »: as French prints numbers, with narrow no-break spaces.
pub fn grouped(value: f64) -> String {
    let plain = format!("{value}");
    let (whole, decimals) = plain
        .split_once('.')
        .map_or((plain.as_str(), None), |(w, d)| (w, Some(d)));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    if let Some(decimals) = decimals {
        grouped.push(',');
        grouped.push_str(decimals);
    }
    grouped
}

/// The largest unit of which there is one at least.
fn bytes_in_words(bytes: u64) -> (f64, &'static str) {
    let mut value = bytes as f64;
    let mut unit = "octets";
    for larger in ["Ko", "Mo", "Go", "To", "Po"] {
        if value < THOUSAND {
            break;
        }
        value /= THOUSAND;
        unit = larger;
    }
    (value, unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_in_words() {
        let check = |told: Told, expected: &str| assert_eq!(told.french().replace('\u{202f}', " "), expected);
        let persons = |value, bound| Told::Persons {
            value,
            unit: Counted::Persons,
            bound,
        };
        check(persons(Some(33_000_000), None), "33 000 000 personnes");
        check(persons(Some(120), Some(Bound::AtLeast)), "120 personnes (au moins)");
        check(persons(None, None), "des personnes");
        let volume = |value, unit| Told::Volume {
            value: Some(value),
            unit,
            bound: None,
        };
        check(volume(1_500_000_000_000, VolumeUnit::Bytes), "1,5 To");
        check(volume(240_000_000_000, VolumeUnit::Bytes), "240 Go");
        check(volume(12_000, VolumeUnit::Files), "12 000 fichiers ou documents");
        let ransom = |value, unit, stance| Told::Ransom {
            value,
            unit,
            bound: None,
            stance,
        };
        check(
            ransom(Some(2e6), Some(Currency::Euro), RansomStance::Asked),
            "rançon demandée : 2 000 000 euros",
        );
        check(
            ransom(Some(0.5), Some(Currency::Bitcoin), RansomStance::Paid),
            "rançon payée : 0,5 bitcoins",
        );
        check(ransom(None, None, RansomStance::Refused), "rançon refusée");
    }

    #[test]
    fn json_says_value_and_unit_and_reads_back() {
        let fact = Fact {
            told: Told::Persons {
                value: Some(300_000),
                unit: Counted::Accounts,
                bound: Some(Bound::About),
            },
            words: "quelque 300 000 comptes".to_owned(),
            zone: Zone::Lead,
            assertion: Assertion::Affirmed,
            start: 12,
        };
        let json = serde_json::to_value(&fact).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"kind": "personnes", "value": 300_000, "unit": "comptes", "bound": "environ",
                "words": "quelque 300 000 comptes", "zone": "lead", "assertion": "affirmed", "start": 12})
        );
        assert_eq!(serde_json::from_value::<Fact>(json).unwrap(), fact);
    }
}
