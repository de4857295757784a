//! Whether capitalised words that no list has name an organisation: no person, no place, no ordinary
//! word at the head of a sentence.

use super::position::heads_title;
use super::syntax::{announces, is_participle};
use crate::entities::mention::Mention;
use crate::entities::reading::Reading;
use crate::entities::roles::WordRole;
use crate::entities::tokens::Gap;
use crate::model::analysis::Zone;

/// Whether capitalised words that no list has name somebody. At the head of a sentence a capital
/// proves nothing: there the word must be written so elsewhere, or be at once the subject.
pub(in crate::entities) fn is_surely_a_name(reading: &Reading<'_>, mention: &Mention, by_syntax: bool) -> bool {
    let start = mention.tokens.start;
    if is_person_or_place(reading, mention) {
        return false;
    }
    let in_title = reading.zone(mention) == Zone::Title && reading.is_name_elsewhere(start) && {
        heads_title(reading, mention) || announces(reading, mention)
    };
    if !reading.is_sentence_start(start) {
        return by_syntax || in_title;
    }
    let written = reading.written(&mention.tokens);
    let has_inner_capital = mention.tokens.len() == 1 && written.chars().skip(1).any(char::is_uppercase);
    // « DXS affirme avoir contenu l'incident ».
    if has_inner_capital && reading.zone(mention) == Zone::Title && announces(reading, mention) {
        return true;
    }
    if mention.tokens.len() > 1 || has_inner_capital || (reading.is_name_elsewhere(start) && !is_noun_of_act(written)) {
        return by_syntax || in_title;
    }
    let next = reading.word(mention.tokens.end);
    by_syntax
        && (matches!(next, "a" | "est" | "dit" | "s" | "se" | "ne" | "n")
            || reading.is(mention.tokens.end, WordRole::Undergoes)
            || reading.is(mention.tokens.end, WordRole::Announces)
            || (reading.is(mention.tokens.end, WordRole::Hit) && is_participle(reading, mention.tokens.end)))
}

/// « le général X », « basé dans le X », « 23h »: no organisation.
pub(in crate::entities) fn is_person_or_place(reading: &Reading<'_>, mention: &Mention) -> bool {
    let start = mention.tokens.start;
    let first = reading.word(start);
    if first.starts_with(|c: char| c.is_ascii_digit())
        && first.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('h')
    {
        return true;
    }
    let mut before = reading
        .before(start)
        .skip_while(|&index| matches!(reading.word(index), "le" | "la" | "l" | "les"));
    let previous = before.next();
    let preposition = previous.map_or("", |index| reading.word(index));
    // « X, à Dax, »: an aside tells where.
    let is_aside = start > 0
        && reading.word(start - 1) == "a"
        && reading.tokens[start - 1].gap == Gap::Break
        && !reading.is_sentence_start(start - 1);
    is_aside
        || follows_function(reading, mention)
        || previous.is_some_and(|index| reading.is(index, WordRole::Person))
        || (matches!(preposition, "a" | "au" | "dans" | "en" | "de")
            && before.next().is_some_and(|index| {
                matches!(
                    reading.word(index),
                    "base"
                        | "basee"
                        | "bases"
                        | "basees"
                        | "situe"
                        | "situee"
                        | "implante"
                        | "implantee"
                        | "installe"
                        | "installee"
                        | "siege"
                        | "siegeant"
                        | "nord"
                        | "sud"
                        | "est"
                        | "ouest"
                )
            }))
}

/// A page's tags run together: « CollègeLycéeDonnées », « Cybersécurité Cybercriminalité ».
pub(in crate::entities) fn is_run_of_tags(reading: &Reading<'_>, mention: &Mention) -> bool {
    mention.tokens.clone().any(|index| {
        let word = reading.word(index);
        let is_tag = ["cyberattaque", "cybercriminalite", "cybersecurite", "rancongiciel"]
            .iter()
            .any(|tag| word.starts_with(tag));
        is_tag || is_glued(reading.written(&(index..index + 1)))
    })
}

/// Letters of the shortest words that are told to be glued: real names such as « YouTube » are shorter.
const GLUED: usize = 14;

/// Three words without spaces, each with a capital of its own.
fn is_glued(written: &str) -> bool {
    let letters: Vec<char> = written.chars().collect();
    let seams = letters
        .windows(2)
        .filter(|pair| pair[0].is_lowercase() && pair[1].is_uppercase())
        .count();
    letters.len() >= GLUED && seams >= 2
}

/// Nouns of acts and states begin headlines: « Enlèvement », « Confirmation », « Rentabilité ».
pub(in crate::entities) fn is_noun_of_act(written: &str) -> bool {
    let lower = written.to_lowercase();
    lower.chars().count() >= 7
        && [
            "ment", "ments", "tion", "tions", "sion", "sions", "ité", "ités", "age", "ages", "isme", "ance", "ence",
        ]
        .iter()
        .any(|ending| lower.ends_with(ending))
}

/// « Jeanne Trovaz », « Ilan Trovaz, chercheur »: somebody's name rather than a body's.
pub(in crate::entities) fn is_like_person(reading: &Reading<'_>, mention: &Mention) -> bool {
    let (start, end) = (mention.tokens.start, mention.tokens.end);
    let is_two_words = matches!(mention.tokens.len(), 2 | 3)
        && mention
            .tokens
            .clone()
            .all(|index| reading.tokens[index].capital && !reading.tokens[index].upper);
    let is_first_name = is_two_words && reading.gazetteer.is_first_name(reading.tokens[start].hash);
    let has_function = is_two_words
        && reading
            .from(end, mention.sentence)
            .take(3)
            .any(|index| reading.is(index, WordRole::Person));
    // « (Par Jeanne Trovaz) ».
    let signs = is_two_words
        && start > 0
        && reading.word(start - 1) == "par"
        && (reading.tokens[start - 1].gap == Gap::Break || reading.is_sentence_start(start - 1));
    is_first_name || has_function || signs
}

/// « la ministre des Affaires étrangères, Jeanne Trovaz »: a clause that somebody's function opens.
fn follows_function(reading: &Reading<'_>, mention: &Mention) -> bool {
    let start = mention.tokens.start;
    let is_like_name = matches!(mention.tokens.len(), 2 | 3)
        && mention
            .tokens
            .clone()
            .all(|index| reading.tokens[index].capital && !reading.tokens[index].upper);
    if start == 0 || !is_like_name || reading.tokens[start].gap != Gap::Break {
        return false;
    }
    let mut clause: Vec<usize> = Vec::with_capacity(MOST_WORDS_OF_FUNCTION);
    for index in reading.before(start).take(MOST_WORDS_OF_FUNCTION) {
        clause.push(index);
        if reading.tokens[index].gap == Gap::Break {
            break;
        }
    }
    let opening = clause
        .iter()
        .rev()
        .find(|&&index| !reading.is(index, WordRole::Article));
    opening.is_some_and(|&index| reading.is(index, WordRole::Person))
}

/// « le vice-président chargé de la transition numérique ».
const MOST_WORDS_OF_FUNCTION: usize = 8;
