//! Which of a text's dates is the day of the attack: one that the words of the attack stand near,
//! not the day of a press release, a complaint or an arrest.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::civil::Date;

use super::dates::expressions;
use crate::model::analysis::{EventDates, Statement, Zone};
use crate::text::document::Document;

/// When the attack happened: the best date in a sentence with an attack, not the date of a
/// statement to the press or of a complaint. With the sentence and the words in the original.
pub(super) fn event(
    document: &Document,
    statements: &[Statement],
    published: Date,
) -> Option<(EventDates, usize, Range<usize>)> {
    let mut best: Option<(f32, EventDates, usize, Range<usize>)> = None;
    let attacked: BTreeSet<usize> = statements
        .iter()
        .filter(|statement| statement.assertion.counts())
        .map(|statement| statement.sentence)
        .collect();
    for (index, sentence) in document.sentences.iter().enumerate() {
        let zone_weight: f32 = match sentence.zone {
            Zone::Title | Zone::Lead => 1.0,
            Zone::Body => 0.5,
            Zone::Background | Zone::Teaser => continue,
        };
        let folded = document.sentence_folded(index);
        let has_attack = attacked.contains(&index);
        for expression in expressions(folded, published) {
            let days = (expression.dates.to - expression.dates.from).get_days();
            let age = (published - expression.dates.from).get_days();
            if expression.dates.from > published || age > 400 || days > 9 {
                continue;
            }
            let (before, after) = near(&folded[..expression.range.start], &folded[expression.range.end..]);
            let mut weight = zone_weight;
            if has_attack {
                weight += 1.0;
            }
            if tells_the_attack(before, after) {
                weight += 2.0;
            }
            if tells_a_statement(before, after) {
                weight -= 3.0;
            }
            if before.contains("nuit")
                || folded[expression.range.clone()].contains("nuit")
                || folded[expression.range.clone()].contains("week end")
            {
                weight += 1.0;
            }
            if days == 0 {
                weight += 0.3;
            }
            // « survenue dimanche », « remontent à jeudi » decide; a distant month hardly does.
            if [
                "survenu",
                "survenue",
                "survenus",
                "remontent a",
                "remonte a",
                "datait de",
                "date de",
                "depuis le",
            ]
            .iter()
            .any(|word| {
                before
                    .trim_end()
                    .trim_end_matches(" le")
                    .trim_end_matches(" ce")
                    .ends_with(word)
            }) {
                weight += 0.8;
            }
            if days > 3 {
                weight -= 0.5;
            }
            if age > OLD_DAYS {
                weight -= 0.7;
            }
            if weight < EVENT_THRESHOLD {
                continue;
            }
            if best.as_ref().is_none_or(|(known, ..)| weight > *known) {
                let range =
                    sentence.folded.start + expression.range.start..sentence.folded.start + expression.range.end;
                best = Some((weight, expression.dates, index, document.folded.original_range(range)));
            }
        }
    }
    best.map(|(_, dates, index, range)| (dates, index, range))
}

/// A date needs the words of the attack near it, not only a place in the lead.
const EVENT_THRESHOLD: f32 = 2.25;
/// Older dates are rather those of other cases.
const OLD_DAYS: i32 = 120;
/// Words within this many bytes of a date bear on it.
const REACH: usize = 60;

fn near<'a>(before: &'a str, after: &'a str) -> (&'a str, &'a str) {
    let start = before.len().saturating_sub(REACH);
    let start = (start..before.len())
        .find(|&at| before.is_char_boundary(at))
        .unwrap_or(before.len());
    let end = after.len().min(REACH);
    let end = (0..=end).rev().find(|&at| after.is_char_boundary(at)).unwrap_or(0);
    (&before[start..], &after[..end])
}

fn tells_the_attack(before: &str, after: &str) -> bool {
    [
        "attaque",
        "survenu",
        "survenue",
        "intervenu",
        "intrusion",
        "detecte",
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
    ]
    .iter()
    .any(|word| before.contains(word) || after.contains(word))
}

fn tells_a_statement(before: &str, after: &str) -> bool {
    let tail = last_clause(before);
    [
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
        "assure",
        "revendiqu",
        "interpell",
        "arret",
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
        "message",
        "courrier",
        "courriel",
        "saisi",
        "ouvert",
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
    ]
    .iter()
    .any(|word| tail.contains(word))
        || [
            " a annonce",
            " ont annonce",
            " a indique",
            " dans un communique",
            " a declare",
            " par communique",
            " a confirme",
            " a fait savoir",
            " le parquet",
        ]
        .iter()
        .any(|word| after.starts_with(word))
        || (before.trim_matches(|c: char| !c.is_alphanumeric()).len() <= 4 && opens_a_statement(after))
}

/// « Vendredi soir, le conseil régional a confirmé que »: the day of the word, not of the deed.
fn opens_a_statement(after: &str) -> bool {
    let clause = after.split([';', ':', '.']).next().unwrap_or(after);
    [
        "annonc",
        "confirm",
        "indiqu",
        "declar",
        "revel",
        "fait savoir",
        "explique",
        "salue",
        "depose",
        "publi",
        "revendiqu",
        "reconn",
        "affirm",
        "precise",
        "assur",
        "diffus",
        "communiqu",
        "amelior",
        "persist",
        "ont pris la parole",
        "arret",
        "interpell",
        "reuni",
    ]
    .iter()
    .any(|word| clause.contains(word))
}

fn last_clause(text: &str) -> &str {
    text.rsplit([',', ';', ':', '(']).next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_event_is_the_attack_not_the_press_release() {
        let check = |title: &str, text: &str, expected: &str| {
            let mut document = Document::new(title, None, text);
            let statements = super::super::measure::real_statements(&mut document);
            let found = event(&document, &statements, date(2023, 11, 8));
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
    }
}
