//! Which language an article is in. What the feed declares is the prior; whatlang reads title,
//! standfirst and body together and overrules it only when it says it is reliable on a text long
//! enough. On titles alone it takes one French headline in two for something else.

use whatlang::{Detector, Lang};

/// Below this many characters whatlang is not asked: the declared language decides.
const SHORT_TEXT_CHARS: usize = 200;
/// How much of a text is read; the language does not change after that.
const READ_BYTES: usize = 4000;
/// From this share of plainly French words on, one in so many, whatlang need not be asked: it takes more
/// time than all the rest of the reading.
const PLAINLY_FRENCH: usize = 20;
/// Languages that stand in French security feeds.
const ALLOWED: [Lang; 8] = [
    Lang::Fra,
    Lang::Eng,
    Lang::Deu,
    Lang::Spa,
    Lang::Ita,
    Lang::Nld,
    Lang::Por,
    Lang::Cat,
];

/// The ISO 639-1 code of a text's language; `und` when neither the text nor the feed tells.
pub fn detect(text: &str, declared: Option<&str>) -> String {
    let declared = declared.map(primary_subtag).filter(|code| !code.is_empty());
    let read = &text[..text.floor_char_boundary(READ_BYTES)];
    let is_short = read.chars().count() < SHORT_TEXT_CHARS;
    if is_short && let Some(declared) = &declared {
        return declared.clone();
    }
    if !is_short && is_plainly_french(read) {
        return "fr".to_owned();
    }
    let detected = Detector::with_allowlist(ALLOWED.to_vec()).detect(read);
    match (detected, declared) {
        (Some(info), _) if info.is_reliable() && !is_short => two_letters(info.lang()).to_owned(),
        (_, Some(declared)) => declared,
        (Some(info), None) if has_french_words(read) && info.lang() != Lang::Fra => "fr".to_owned(),
        (Some(info), None) => two_letters(info.lang()).to_owned(),
        (None, None) => "und".to_owned(),
    }
}

/// "fr-FR" → "fr".
fn primary_subtag(code: &str) -> String {
    code.split(['-', '_']).next().unwrap_or("").trim().to_ascii_lowercase()
}

/// Whether function words that only French has make up a good part of a short text.
fn has_french_words(text: &str) -> bool {
    const WORDS: [&str; 22] = [
        "le", "la", "les", "des", "du", "une", "un", "et", "aux", "au", "dans", "sur", "par", "d", "l", "qui", "est",
        "été", "avec", "ses", "après", "chez",
    ];
    let (mut french, mut all) = (0, 0);
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        all += 1;
        french += usize::from(WORDS.contains(&word.to_lowercase().as_str()));
    }
    all > 0 && french * 5 >= all
}

/// Whether words that only French has, and every French text of some length, are many.
fn is_plainly_french(text: &str) -> bool {
    let (mut french, mut all) = (0, 0);
    for word in text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        all += 1;
        french += usize::from(matches!(
            word,
            "une"
                | "dans"
                | "sur"
                | "aux"
                | "été"
                | "avec"
                | "après"
                | "chez"
                | "pour"
                | "ont"
                | "cette"
                | "leur"
                | "leurs"
                | "être"
                | "ces"
                | "nous"
                | "vous"
                | "selon"
                | "dont"
                | "où"
        ));
    }
    french > 0 && french * PLAINLY_FRENCH >= all
}

fn two_letters(lang: Lang) -> &'static str {
    match lang {
        Lang::Fra => "fr",
        Lang::Eng => "en",
        Lang::Deu => "de",
        Lang::Spa => "es",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Cat => "ca",
        other => other.code(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_language_decides_on_short_text_and_the_body_on_long() {
        let french = "La mairie a coupé ses serveurs par mesure de précaution après une attaque informatique survenue \
            dans la nuit de samedi à dimanche, a indiqué le maire. Les services d'état civil restent ouverts au public, \
            mais les démarches en ligne sont suspendues jusqu'à nouvel ordre.";
        let english = "The town hall shut down its servers as a precaution after a cyberattack that took place in the \
            night from Saturday to Sunday, the mayor said. Civil registration remains open to the public, but online \
            procedures are suspended until further notice.";
        let check = |text: &str, declared: Option<&str>, expected: &str| assert_eq!(detect(text, declared), expected);
        check("Alerte phishing", Some("fr-FR"), "fr");
        check("Fuite de données chez un opérateur", None, "fr");
        check(french, None, "fr");
        check(french, Some("en"), "fr");
        check(english, Some("fr"), "en");
        check("", None, "und");
    }
}
