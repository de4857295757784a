//! Which language an article is in. What the feed declares is the prior. Against it two votes are needed:
//! whatlang, on title, standfirst and body together and only when it says it is reliable, and the
//! small words of the text. On headlines alone whatlang takes one French one in two for something else,
//! so it never decides alone, and a French article is never lost on one vote.

use std::collections::HashMap;
use std::sync::OnceLock;

use whatlang::{Detector, Lang};

use crate::text::hash::{BuildPlain, START, mix};
use crate::text::words::runs_of_letters;

/// How much of a text is read; the language does not change after that.
const READ_BYTES: usize = 2000;
/// From this share of small words of one language on, a text speaks it: running prose has a third,
/// headlines a fifth.
const SPOKEN_SHARE: f32 = 0.16;
/// Below this share a text does not speak the language.
const UNSPOKEN_SHARE: f32 = 0.06;
/// A text of so many words without any small word of a language is not in it.
const PROSE_WORDS: usize = 30;

/// The languages that stand in French security feeds, with their codes and small words. Those that a
/// language shares with French are in both lists, so that the others decide.
const LANGUAGES: [(Lang, &str, &[&str]); 8] = [
    (Lang::Fra, FRENCH, FRENCH_WORDS),
    (
        Lang::Eng,
        "en",
        &[
            "the", "of", "and", "to", "in", "is", "was", "by", "for", "with", "from", "that", "has", "have", "its",
            "it", "at", "are", "were", "been", "after", "how", "what", "says", "over", "an", "as", "this", "their",
            "will",
        ],
    ),
    (
        Lang::Deu,
        "de",
        &[
            "der", "die", "das", "und", "ist", "nicht", "von", "mit", "auf", "ein", "eine", "einen", "dem", "den",
            "im", "für", "wurde", "werden", "nach", "bei", "zu", "sich", "auch", "über", "gegen", "durch",
        ],
    ),
    (
        Lang::Spa,
        "es",
        &[
            "el", "los", "las", "del", "y", "por", "una", "con", "ha", "para", "como", "más", "sus", "al", "fue",
            "han", "que", "en", "su", "sobre", "lo", "de", "la", "un", "se", "a", "es",
        ],
    ),
    (
        Lang::Ita,
        "it",
        &[
            "il", "di", "che", "della", "dei", "nel", "gli", "con", "è", "una", "per", "del", "alla", "sono", "da",
            "delle", "ha", "al", "anche", "degli", "dal", "la", "un", "l", "d", "le", "in",
        ],
    ),
    (
        Lang::Nld,
        "nl",
        &[
            "het", "een", "van", "en", "is", "op", "te", "met", "voor", "zijn", "dat", "bij", "door", "niet", "aan",
            "naar", "heeft", "werd", "ook", "na", "de",
        ],
    ),
    (
        Lang::Por,
        "pt",
        &[
            "o", "os", "do", "da", "dos", "das", "em", "uma", "um", "com", "não", "ao", "foi", "para", "por", "pela",
            "pelo", "são", "mais", "e", "no", "na", "de", "a", "que", "se",
        ],
    ),
    (
        Lang::Cat,
        "ca",
        &[
            "els", "amb", "per", "dels", "una", "del", "ha", "és", "als", "i", "al", "va", "seva", "aquest", "que",
            "les", "de", "la", "un", "en", "d", "l",
        ],
    ),
];
const FRENCH: &str = "fr";
const FRENCH_WORDS: &[&str] = &[
    "le", "la", "les", "des", "du", "de", "d", "l", "une", "un", "et", "aux", "au", "dans", "sur", "par", "pour",
    "qui", "que", "est", "été", "avec", "ses", "son", "sa", "après", "chez", "en", "ne", "pas", "ce", "cette", "plus",
    "ont", "sont", "leurs", "leur", "à", "a", "selon", "contre", "où", "se", "s", "n", "c", "qu", "il", "elle", "ou",
    "mais",
];

/// The ISO 639-1 code of a text's language; `und` when neither the text nor the feed tells.
pub fn detect(text: &str, declared: Option<&str>) -> String {
    let declared = declared.map(primary_subtag).filter(|code| !code.is_empty());
    let read = &text[..text.floor_char_boundary(READ_BYTES)];
    let words = SmallWords::of(read);
    // The small words of French need no second vote: whatlang could only outvote them alone. It takes longer
    // than all the rest of the reading, too.
    if words.are_french() {
        return FRENCH.to_owned();
    }
    let reliable = Detector::with_allowlist(LANGUAGES.iter().map(|(lang, _, _)| *lang).collect())
        .detect(read)
        .filter(|info| info.is_reliable())
        .and_then(|info| code_of(info.lang()));
    match (reliable, declared) {
        (Some(code), Some(declared)) if code != declared && words.speak(code, &declared) => code.to_owned(),
        (_, Some(declared)) => declared,
        (Some(code), None) if code == FRENCH || words.speak(code, FRENCH) => code.to_owned(),
        (_, None) => "und".to_owned(),
    }
}

fn code_of(lang: Lang) -> Option<&'static str> {
    LANGUAGES
        .iter()
        .find(|(known, _, _)| *known == lang)
        .map(|(_, code, _)| *code)
}

/// "fr-FR" → "fr".
fn primary_subtag(code: &str) -> String {
    code.split(['-', '_']).next().unwrap_or("").trim().to_ascii_lowercase()
}

/// How many small words of each language a text has, in the order of [`LANGUAGES`].
struct SmallWords {
    words: usize,
    of: [usize; LANGUAGES.len()],
}

impl SmallWords {
    fn of(text: &str) -> SmallWords {
        let mut counted = SmallWords {
            words: 0,
            of: [0; LANGUAGES.len()],
        };
        let languages = languages_of_words();
        for word in runs_of_letters(text).map(|range| &text[range]) {
            counted.words += 1;
            if word.len() > LONGEST_BYTES {
                continue;
            }
            let known = match languages.get(&key_of(word)) {
                None if word.starts_with(char::is_uppercase) => languages.get(&key_of(&word.to_lowercase())),
                known => known,
            };
            let Some(known) = known else { continue };
            for (index, count) in counted.of.iter_mut().enumerate() {
                *count += usize::from(known & (1 << index) != 0);
            }
        }
        counted
    }

    /// The share of a language's small words; 0 for a language that has no list.
    fn share(&self, code: &str) -> f32 {
        let index = LANGUAGES.iter().position(|(_, known, _)| *known == code);
        index.map_or(0.0, |index| self.of[index] as f32 / self.words.max(1) as f32)
    }

    /// Whether the small words say that the text is in this language and not in the other.
    fn speak(&self, code: &str, other: &str) -> bool {
        let (own, others) = (self.share(code), self.share(other));
        let is_prose = self.words >= PROSE_WORDS && others < UNSPOKEN_SHARE;
        (own >= SPOKEN_SHARE || is_prose) && own > others
    }

    /// Whether they are those of French, as much as of any other language.
    fn are_french(&self) -> bool {
        let french = self.share(FRENCH);
        french >= SPOKEN_SHARE && LANGUAGES.iter().all(|(_, code, _)| self.share(code) <= french)
    }
}

/// The longest small word, in bytes.
const LONGEST_BYTES: usize = 6;

/// The key of a small word: its bytes, and none is like another's.
fn key_of(word: &str) -> u64 {
    let bytes = word.bytes().fold(0, |all, byte| all << 8 | u64::from(byte));
    mix(START, bytes)
}

/// For the key of each small word, a bit for each language that has it.
fn languages_of_words() -> &'static HashMap<u64, u8, BuildPlain> {
    static LANGUAGES_OF: OnceLock<HashMap<u64, u8, BuildPlain>> = OnceLock::new();
    LANGUAGES_OF.get_or_init(|| {
        let mut of: HashMap<u64, u8, BuildPlain> = HashMap::default();
        for (index, (_, _, words)) in LANGUAGES.iter().enumerate() {
            for word in *words {
                *of.entry(key_of(word)).or_default() |= 1 << index;
            }
        }
        of
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_small_word_is_too_long_to_be_looked_up() {
        let longest = LANGUAGES
            .iter()
            .flat_map(|(_, _, words)| *words)
            .map(|word| word.len())
            .max();
        assert_eq!(longest, Some(LONGEST_BYTES));
    }

    #[test]
    fn french_titles_stay_french_under_a_french_prior() {
        for title in [
            "Alerte phishing",
            "Cyberattaque : Zorblax piraté",
            "Ransomware à Trifouilly",
            "LockBit revendique Krimovia",
            "Leak massif : 3 millions de comptes",
            "DDoS contre la mairie de Bondy",
            "Fuite de données chez un opérateur",
            "Piratage Pronote : élèves inquiets",
            "Data breach à la Région",
            "Hôpital de Gien : serveurs HS",
            "Malware bancaire Android : prudence",
            "CHU piraté, urgences détournées",
            "Qilin cible un bailleur social",
            "Phishing Ameli : attention arnaque",
            "Cloudflare en panne",
            "Smishing : le faux colis revient",
            "NoName057 vise Bercy",
            "Télécoms : Free Pro touché",
            "Le SDIS 45 victime d'un rançongiciel",
            "Patch Tuesday : 90 failles corrigées",
            "Zero-day Citrix exploité",
            "Cybersécurité : Dole investit",
            "Sens : mairie paralysée",
            "Vol de données médicales à Nice",
            "Infostealer, botnet, backdoor : lexique",
            "Hackers russes contre Enedis ?",
            "Un lycéen pirate l'ENT",
            "Akira publie 40 Go",
            "Intrusion réseau CCAS Fougères",
            "Crypto : 2 M€ volés",
        ] {
            assert_eq!(detect(title, Some("fr")), "fr", "{title}");
            assert_eq!(detect(title, Some("fr-FR")), "fr", "{title}");
        }
    }

    #[test]
    fn foreign_articles_are_marked_whatever_the_feed_declares() {
        let check = |text: &str, expected: &str| {
            for declared in [Some("fr"), None, Some(expected)] {
                assert_eq!(detect(text, declared), expected, "{declared:?}: {text}");
            }
        };
        check(
            "Town hall hit by ransomware. The town hall shut down its servers as a precaution after a cyberattack that took \
             place in the night from Saturday to Sunday, the mayor said. Civil registration remains open to the public, but \
             online procedures are suspended until further notice.",
            "en",
        );
        check(
            "The hospital said that the attackers had stolen the records of 40,000 patients and that it will not pay.",
            "en",
        );
        check(
            "Das Krankenhaus wurde in der Nacht von einem Angriff auf die Server getroffen, und die Patienten werden nach \
             Angaben der Leitung in andere Häuser verlegt. Die Polizei ermittelt gegen Unbekannt.",
            "de",
        );
        check(
            "El ayuntamiento ha sufrido un ataque informático que afecta a los servicios de la ciudad, y la policía \
             investiga el robo de los datos personales de los vecinos por parte de un grupo criminal.",
            "es",
        );
        check(
            "Il comune è stato colpito da un attacco informatico che ha bloccato i servizi della città, e la polizia \
             indaga sul furto dei dati degli abitanti da parte di un gruppo criminale.",
            "it",
        );
        check(
            "De gemeente is getroffen door een aanval met gijzelsoftware en de politie doet onderzoek naar de diefstal van \
             gegevens van de inwoners. Het stadhuis blijft voor het publiek gesloten.",
            "nl",
        );
        check(
            "O município foi alvo de um ataque informático que bloqueou os serviços da cidade, e a polícia investiga o \
             roubo dos dados dos moradores por um grupo criminoso que não foi identificado.",
            "pt",
        );
    }

    #[test]
    fn a_french_article_is_not_lost_on_a_wrong_declaration() {
        let french = "La mairie a coupé ses serveurs par mesure de précaution après une attaque informatique survenue \
            dans la nuit de samedi à dimanche, a indiqué le maire. Les services d'état civil restent ouverts au public, \
            mais les démarches en ligne sont suspendues jusqu'à nouvel ordre.";
        for declared in [None, Some("fr"), Some("en"), Some("en-US"), Some("zz"), Some("")] {
            assert_eq!(detect(french, declared), "fr", "{declared:?}");
        }
        assert_eq!(
            detect("La mairie de Sens est victime d'une cyberattaque", Some("en")),
            "fr"
        );
        assert_eq!(detect("Fuite de données chez un opérateur", None), "fr");
        // An English title that a French article quotes.
        let quoted = format!("« We hacked the town hall », affirme le groupe\n{french}");
        assert_eq!(detect(&quoted, Some("fr")), "fr");
    }

    #[test]
    fn what_nothing_tells_is_undetermined() {
        for text in ["", "Zorblax", "LockBit 3.0", "12 345"] {
            assert_eq!(detect(text, None), "und", "{text}");
        }
        assert_eq!(
            detect("ニュース", Some("ja")),
            "ja",
            "a language outside the list is what the feed says"
        );
    }
}
