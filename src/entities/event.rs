//! Which of a text's dates is the day of the attack: one that the words of the attack stand near,
//! not the day of a press release, a complaint or an arrest.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::civil::Date;

use super::dates::{Expression, Word, expressions};
use super::tokens::Token;
use crate::model::analysis::{EventDates, Statement, Zone};
use crate::text::document::Document;
use crate::text::needles::Needles;

/// A date needs the words of the attack near it, not only a place in the lead.
const EVENT_THRESHOLD: f32 = 1.6;
/// Older dates are rather those of other cases.
const OLD_DAYS: i32 = 120;
/// What they lose in headline and lead, and below, where other cases are told more often.
const OLD_IN_LEAD: f32 = 0.7;
const OLD_BELOW: f32 = 1.5;
/// Much older ones always are.
const TOO_OLD_DAYS: i32 = 400;
/// A vaguer date tells no day.
const MOST_DAYS: i32 = 9;
/// Words within this many bytes of a date bear on it.
const REACH: usize = 80;
/// The same after a date that opens its sentence: « Vendredi 14 janvier, la page d'accueil du ministère a été ... ».
const REACH_OF_OPENING: usize = 150;
/// A date opens its sentence behind at most so many bytes: « dans la journée du ».
const OPENING: usize = 20;

/// Words of the attack itself, and of what people saw of it.
static ATTACK_WORDS: Needles = Needles::new(&[
    "attaque",
    "survenu",
    "intervenu",
    "decouvert",
    "depuis",
    "pirat",
    "constate",
    "s est produit",
    "eu lieu",
    "victime",
    "touche",
    "frappe",
    "subi",
    "perce",
    "paralys",
    "nuit d",
    "vise",
    "cible",
    "apercu",
    "identifie",
    "perpetre",
    "repere",
    "remont",
    "debut",
    "lance",
    "datait",
    "date de",
    "eteint",
    "inaccessible",
    "indisponible",
    "illisible",
    "hors service",
    "a genoux",
    "chiffr",
    "debranch",
    "perturb",
    "malmen",
    "en panne",
    "connu une panne",
    "detect",
    "infect",
    "crypt",
    "immobilis",
    "chauff",
    "hors ligne",
    "intrus",
    "satur",
    "defigur",
    "vole",
    "consulte",
    "exfiltr",
    "siphonn",
    "derobe",
    "bloque",
    "n ont pu",
    "au ralenti",
    "coupe",
    "a partir d",
    "a l arret",
    "ralenti",
    "echou",
    "propag",
    "fait les frais",
    "commenc",
]);

/// Those that take a date of their own, whoever announces them: « annonce avoir été visé mardi ».
static ATTACK_VERBS: Needles = Needles::new(&[
    "survenu",
    "intervenu",
    "victime",
    "touche",
    "frappe",
    "subi",
    "paralys",
    "vise",
    "cible",
    "perturb",
    "infect",
    "chiffr",
    "crypt",
    "detect",
    "decouvert",
    "constate",
    "intrus",
    "consulte",
    "derobe",
    "exfiltr",
    "siphonn",
    "compromis",
    "satur",
    "defigur",
    "lancement",
    "debut",
    "commenc",
]);

/// « survenue dimanche », « remontent à jeudi »: the next date is the one.
const DECIDING: &[&str] = &[
    "survenu",
    "survenue",
    "survenus",
    "remontent a",
    "remonte a",
    "datait de",
    "date de",
    "depuis le",
    "attaque du",
    "piratage du",
    "intrusion du",
    "offensive du",
];

/// « qui a débuté vendredi »: no day tells it better, not even the week-end that it went on.
const STARTS: &[&str] = &["debute", "commence"];
/// What they are worth.
const START: f32 = 1.5;

/// What is said, filed, judged or repaired on a day is not the attack.
static STATEMENT_WORDS: Needles = Needles::new(&[
    "annonce",
    "indique",
    "communique",
    "declare",
    "precise",
    "confirme",
    "plainte",
    "publie",
    "revele",
    "informe",
    "explique",
    "affirme",
    "assure ",
    "assurent",
    "revendiqu",
    "interpell",
    "arrete",
    "arrestation",
    "juge",
    "ultimatum",
    "jusqu",
    "rendez vous",
    "conference",
    "averti",
    "reconnu",
    "mis en ligne",
    "salue",
    "tweet",
    "message ",
    "messages",
    "courrier",
    "courriel",
    "saisi",
    "a ouvert",
    "ont ouvert",
    "rouvr",
    "retabl",
    "retour",
    "attend",
    "prevu",
    "d ici",
    "avant le",
    "fait savoir",
    "amelior",
    "persist",
    "lettre",
    "selon",
    "sanction",
    "amende",
    "condamn",
    "mis en examen",
    "garde a vue",
    "en vente",
    "enquete",
    "inflige",
]);

/// The same right behind the date.
const STATEMENT_AFTER: &[&str] = &[
    " a annonce",
    " ont annonce",
    " a indique",
    " dans un communique",
    " a declare",
    " par communique",
    " a confirme",
    " a fait savoir",
    " le parquet",
];

/// The same in the clause that the date opens.
static STATEMENT_OPENINGS: Needles = Needles::new(&[
    "annonc",
    "confirm",
    "indiqu",
    "declar",
    "revel",
    "fait savoir",
    "explique",
    "salue",
    "depose",
    "publie",
    "revendiqu",
    "reconn",
    "affirm",
    "precise",
    "assure ",
    "assurent",
    "diffus",
    "communiqu",
    "amelior",
    "persist",
    "ont pris la parole",
    "arrete",
    "arrestation",
    "interpell",
    "reuni",
]);

/// When the attack happened, with the sentence and the words in the original: the best date in a
/// sentence with an attack. `tokens` are the document's words.
pub(super) fn event(
    document: &Document,
    tokens: &[Token],
    statements: &[Statement],
    published: Date,
) -> Option<(EventDates, usize, Range<usize>)> {
    let attacked: BTreeSet<usize> = statements
        .iter()
        .filter(|statement| statement.assertion.counts())
        .map(|statement| statement.sentence)
        .collect();
    let mut best: Option<(f32, EventDates, usize, Range<usize>)> = None;
    let mut words: Vec<Word<'_>> = Vec::new();
    for tokens in tokens.chunk_by(|a, b| a.sentence == b.sentence) {
        let index = tokens[0].sentence;
        let sentence = &document.sentences[index];
        let Some(base) = base_weight(sentence.zone, attacked.contains(&index)) else {
            continue;
        };
        let folded = document.sentence_folded(index);
        let start = sentence.folded.start;
        words.clear();
        words.extend(tokens.iter().map(|token| Word {
            text: &document.folded.text[token.folded.clone()],
            range: token.folded.start - start..token.folded.end - start,
        }));
        for expression in expressions(folded, &words, published) {
            let is_old = (published - expression.dates.from).get_days() > OLD_DAYS;
            let loss = match sentence.zone {
                _ if !is_old => 0.0,
                Zone::Title | Zone::Lead => OLD_IN_LEAD,
                _ => OLD_BELOW,
            };
            let Some(weight) = weight(folded, &expression, published).map(|weight| base + weight - loss) else {
                continue;
            };
            if weight >= EVENT_THRESHOLD && best.as_ref().is_none_or(|(known, ..)| weight > *known) {
                let range = start + expression.range.start..start + expression.range.end;
                best = Some((weight, expression.dates, index, document.folded.original_range(range)));
            }
        }
    }
    best.map(|(_, dates, index, range)| (dates, index, range))
}

/// What a date is worth for its sentence alone; none where only other cases are told.
fn base_weight(zone: Zone, has_attack: bool) -> Option<f32> {
    let zone_weight = match zone {
        Zone::Title | Zone::Lead => 1.0,
        Zone::Body => 0.5,
        Zone::Background | Zone::Teaser => return None,
    };
    Some(if has_attack { zone_weight + 1.0 } else { zone_weight })
}

/// What the words around a date are worth; none for a date that cannot be the attack's day.
fn weight(folded: &str, expression: &Expression, published: Date) -> Option<f32> {
    let days = (expression.dates.to - expression.dates.from).get_days();
    let age = (published - expression.dates.from).get_days();
    if expression.dates.from > published || age > TOO_OLD_DAYS || days > MOST_DAYS {
        return None;
    }
    let written = &folded[expression.range.clone()];
    let (before, after) = near(&folded[..expression.range.start], &folded[expression.range.end..]);
    let led = before.trim_end();
    let led = [" le", " la", " ce"]
        .iter()
        .find_map(|article| led.strip_suffix(article))
        .unwrap_or(led);
    let names_attack = written.contains(" apres") || written == "lendemain";
    let opens = expression.range.start <= OPENING;
    let main_clause = if opens {
        head(&folded[expression.range.end..], REACH_OF_OPENING)
    } else {
        after
    };
    let mut weight = 0.0;
    if names_attack || ATTACK_WORDS.are_in(before) || ATTACK_WORDS.are_in(main_clause) {
        weight += 2.0;
    }
    if tells_a_statement(before, after) {
        weight -= 3.0;
    }
    if before.contains("nuit") || written.contains("nuit") || written.contains("week end") {
        weight += 1.0;
    }
    if days == 0 {
        weight += 0.3;
    }
    if names_attack || DECIDING.iter().any(|word| led.ends_with(word)) {
        weight += 0.8;
    }
    if STARTS.iter().any(|word| led.ends_with(word)) {
        weight += START;
    }
    if days > 3 {
        weight -= 0.5;
    }
    Some(weight)
}

/// The words close to a date, before and after.
fn near<'a>(before: &'a str, after: &'a str) -> (&'a str, &'a str) {
    let start = before.len().saturating_sub(REACH);
    let start = (start..before.len())
        .find(|&at| before.is_char_boundary(at))
        .unwrap_or(before.len());
    (&before[start..], head(after, REACH))
}

/// The first bytes of a text, at most so many.
fn head(text: &str, most: usize) -> &str {
    let end = text.len().min(most);
    let end = (0..=end).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    &text[..end]
}

/// Whether the date is that of a word about the attack: « a annoncé mardi ».
fn tells_a_statement(before: &str, after: &str) -> bool {
    let tail = last_clause(before);
    let is_led = match (STATEMENT_WORDS.last_in(tail), ATTACK_VERBS.last_in(tail)) {
        (Some(statement), Some(attack)) => statement > attack,
        (statement, _) => statement.is_some(),
    };
    let opens = before.trim_matches(|c: char| !c.is_alphanumeric()).len() <= 4 && opens_a_statement(after);
    is_led || STATEMENT_AFTER.iter().any(|word| after.starts_with(word)) || opens || leads_a_statement(after)
}

/// « ..., mardi 23 décembre, le parquet a indiqué que »: somebody else's clause follows; not « ..., mardi 23 décembre, a
/// indiqué le maire », which tells of what went before.
fn leads_a_statement(after: &str) -> bool {
    let Some(clause) = after.strip_prefix(", ") else {
        return false;
    };
    let has_subject = ["le ", "la ", "l ", "les "]
        .iter()
        .any(|article| clause.starts_with(article));
    has_subject && opens_a_statement(clause.split(',').next().unwrap_or(clause))
}

/// « Vendredi soir, le conseil régional a confirmé que »: the day of the word, not of the deed.
fn opens_a_statement(after: &str) -> bool {
    let clause = after.split([';', ':', '.']).next().unwrap_or(after);
    STATEMENT_OPENINGS.are_in(clause)
}

fn last_clause(text: &str) -> &str {
    text.rsplit([',', ';', ':', '(']).next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::entities::tokens::tokens;

    #[test]
    fn the_event_is_the_attack_not_the_press_release() {
        let check = |title: &str, text: &str, expected: &str| {
            let mut document = Document::new(title, None, text);
            let statements = super::super::measure::real_statements(&mut document);
            let found = event(&document, &tokens(&document), &statements, date(2023, 11, 8));
            let seen = found.map_or(String::new(), |(dates, ..)| format!("{} {}", dates.from, dates.to));
            assert_eq!(seen, expected, "{text}");
        };
        check(
            "Loiret : le Département attaqué",
            "Le Département a été victime d'une cyberattaque dans la nuit de samedi à dimanche. Il l'a annoncé mardi.",
            "2023-11-04 2023-11-05",
        );
        check(
            "Une mairie piratée",
            "La mairie a annoncé mardi être victime d'une cyberattaque.",
            "",
        );
        check(
            "Une mairie piratée",
            "L'attaque est survenue le week-end des 4 et 5 novembre. La plainte a été déposée lundi.",
            "2023-11-04 2023-11-05",
        );
        check(
            "Un lycée piraté",
            "Le lycée a été la cible d'une cyberattaque, visant notamment ses serveurs de notes et de cantine, vendredi 3 novembre.",
            "2023-11-03 2023-11-03",
        );
        check(
            "Un lycée piraté",
            "Mardi matin, la proviseure du lycée a confirmé que la panne venait d'une cyberattaque.",
            "",
        );
        check(
            "Un lycée piraté",
            "Lundi 6 novembre, le lycée révélait être victime d'une cyberattaque depuis la veille au soir.",
            "2023-11-05 2023-11-05",
        );
        check(
            "Un lycée piraté",
            "Le lycée annonce avoir été victime d'une intrusion en ce 5 novembre.",
            "2023-11-05 2023-11-05",
        );
        check(
            "Un lycée piraté",
            "Deux jours après l'attaque, le lycée rouvre ses salles.",
            "2023-11-06 2023-11-06",
        );
        check(
            "Un lycée piraté",
            "La situation du lycée revient à la normale mardi, au lendemain d'une cyberattaque.",
            "2023-11-06 2023-11-06",
        );
        check(
            "Un lycée piraté",
            "Dimanche 5 novembre, les ordinateurs de la vie scolaire, de la cantine et du secrétariat sont devenus illisibles.",
            "2023-11-05 2023-11-05",
        );
        check(
            "Un lycée piraté",
            "Le lycée a découvert le 5 novembre que ses fichiers étaient partis.",
            "2023-11-05 2023-11-05",
        );
        check(
            "Un lycée piraté",
            "L'attaque, qui a débuté vendredi 3 novembre, a perturbé la vie du lycée tout le week-end.",
            "2023-11-03 2023-11-03",
        );
        check(
            "Un lycée piraté",
            "Alors que les cours ont repris, mardi 7 novembre, le parquet a indiqué que l'attaque avait été revendiquée.",
            "",
        );
        check(
            "Un lycée piraté",
            "Deux jours après avoir été victime d'un rançongiciel, le lycée rouvre.",
            "2023-11-06 2023-11-06",
        );
        check("Un lycée piraté", "Le lycée a confirmé la cyberattaque mardi soir.", "");
        check("Un lycée piraté", "Le lycée avait déjà été attaqué en 2021.", "");
    }
}
