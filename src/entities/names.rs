//! Cuts the names out of a text. They are taken longest first over all lists at once, so that
//! « Orange Cyberdefense » is never Orange, nor « CHU de Rennes » the town. What each stands for
//! is settled afterwards.

use std::ops::Range;

use super::gazetteer::{Cue, Domain, Entry, Named};
use super::reading::{LINKS, Reading};
use super::tokens::Gap;
use crate::model::analysis::Zone;

/// Words of a host name that are read.
const DOMAIN_WORDS: usize = 8;

/// One name as it was cut out of the text, before it is settled what it stands for.
pub(super) struct Found {
    pub tokens: Range<usize>,
    pub cue: Option<u16>,
    pub entries: Vec<Entry>,
    /// A name that no list has, after a cue.
    pub name: Option<String>,
    /// A département's number after a cue.
    pub code: Option<String>,
    /// After « dans », « en »: where, not who.
    pub in_place: bool,
}

/// Cuts the text into the longest known names, left to right; what no list knows is left out.
pub(super) fn names(reading: &Reading<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < reading.tokens.len() {
        // Most words begin nothing.
        if !reading.may_begin_name(at) && glued_number(reading, at).is_none() && domain_at(reading, at).is_none() {
            at += 1;
            continue;
        }
        let cued = cue_at(reading, at);
        let named = reading.names_at(at, |entry| !matches!(entry.named, Named::Cue(_)));
        let cued_length = cued.as_ref().map_or(0, |found| found.tokens.len());
        let found_here = match named {
            Some((count, entries)) if count > cued_length || (count == cued_length && is_body(&entries)) => {
                Some(Found {
                    tokens: at..at + count,
                    cue: None,
                    entries,
                    name: None,
                    code: None,
                    in_place: false,
                })
            }
            _ => cued,
        };
        let found_here = match domain_at(reading, at) {
            Some(found)
                if found_here
                    .as_ref()
                    .is_none_or(|other| other.tokens.end < found.tokens.end) =>
            {
                Some(found)
            }
            _ => found_here,
        };
        // « du Syndicat des eaux » is not of Le Syndicat (88).
        let is_contraction = || matches!(reading.word(at), "du" | "des" | "au" | "aux");
        let found_here = found_here.filter(|found| {
            !is_contraction()
                || found.cue.is_some()
                || cue_at(reading, at + 1).is_none_or(|cued| cued.tokens.end <= found.tokens.end)
        });
        // « Le Val-de-Marne » is not Le Val (83) and the Marne.
        let is_article = || matches!(reading.word(at), "le" | "la" | "les" | "l");
        let found_here = found_here.filter(|found| {
            !(is_article() || is_contraction())
                || found.cue.is_some()
                || reading
                    .names_at(at + 1, |entry| !matches!(entry.named, Named::Cue(_)))
                    .is_none_or(|(count, _)| at + 1 + count <= found.tokens.end)
        });
        at = match &found_here {
            Some(found) if reading.word(at) == "ministere" => ministry_end(reading, found.tokens.end),
            Some(found) => found.tokens.end,
            None => at + 1,
        };
        found.extend(found_here);
    }
    found
}

/// An institution's words with what they bear on: « mairie de Bondy », « SDIS 45 ».
fn cue_at(reading: &Reading<'_>, at: usize) -> Option<Found> {
    if let Some(found) = glued_number(reading, at) {
        return Some(found);
    }
    if !reading.may_begin_name(at) || !reading.gazetteer.begins_cue(reading.tokens[at].hash) {
        return None;
    }
    let (count, entries) = reading.names_at(at, |entry| matches!(entry.named, Named::Cue(_)))?;
    let Named::Cue(index) = entries[0].named else {
        return None;
    };
    let cue = &reading.gazetteer.cues[usize::from(index)];
    let after = at + count;
    // « ch », « cd », « port » are institutions only as written: « CH de Dax ».
    if reading.word(at).len() <= 3 && count == 1 && !reading.tokens[at].upper && !matches!(reading.word(at), "chu") {
        return None;
    }
    // « la Ville rose », « la Ville lumière »: a town's nickname.
    if reading.word(at) == "ville"
        && matches!(
            reading.word(after),
            "rose" | "lumiere" | "eternelle" | "blanche" | "sainte"
        )
    {
        return None;
    }
    let sentence = reading.tokens[at].sentence;
    let found = |end: usize, entries: Vec<Entry>, name: Option<String>, code: Option<String>| Found {
        tokens: at..end,
        cue: Some(index),
        entries,
        name,
        code,
        in_place: is_locative(reading, at, cue),
    };
    if cue.takes.contains('d')
        && let Some(code) = reading.departement_number(after)
    {
        return Some(found(after + 1, Vec::new(), None, Some(code)));
    }
    if cue.kind == "syndicat"
        && let Some(end) = syndicate_end(reading, after)
    {
        let name = reading.written(&(after..end)).to_owned();
        return Some(found(end, Vec::new(), Some(name), None));
    }
    for skip in 0..=3 {
        let place = after + skip;
        if reading
            .tokens
            .get(place)
            .is_none_or(|token| token.sentence != sentence || token.gap == Gap::Break)
        {
            break;
        }
        // « syndicat des eaux de la Vanne et du Tholon »: rivers, not towns.
        let is_of_rivers = cue.kind == "syndicat" && matches!(reading.word(place - 1), "la" | "l");
        if let Some((length, entries)) = reading.names_at(place, |entry| {
            takes(cue, entry) && !(is_of_rivers && matches!(entry.named, Named::Commune(_) | Named::FormerCommune(_)))
        }) {
            return Some(found(place + length, entries, None, None));
        }
        let is_area = reading
            .names_at(place, |entry| {
                matches!(entry.named, Named::Departement(_) | Named::Region(_))
            })
            // « Nord-Isère » goes on: a name, not the Nord.
            .is_some_and(|(length, _)| {
                let next = reading.tokens.get(place + length);
                next.is_none_or(|next| !next.capital || next.gap != Gap::Soft || next.sentence != sentence)
            });
        // « une maison de retraite des Deux-Sèvres » names none.
        if is_area {
            return cue.alone.then(|| found(after, Vec::new(), None, None));
        }
        if !LINKS.contains(&reading.word(place)) {
            // « le bailleur social 1001 Vies Habitat »: the name that a list has counts.
            if cue.takes.contains('n')
                && let Some((length, entries)) = reading.names_at(place, |entry| {
                    matches!(entry.named, Named::Organisation(_)) && !entry.careful
                })
            {
                return Some(Found {
                    tokens: place..place + length,
                    cue: None,
                    entries,
                    name: None,
                    code: None,
                    in_place: false,
                });
            }
            if cue.takes.contains('n')
                && let Some(end) = reading.capitalised_run(place)
            {
                let end = match cue.kind.as_str() {
                    "ehpad" => with_complement(reading, end),
                    "syndicat" => with_second_name(reading, end),
                    _ => end,
                };
                let name = reading.written(&(after..end)).to_owned();
                return Some(found(end, Vec::new(), Some(name), None));
            }
            break;
        }
    }
    if cue.takes.contains('x')
        && let Some(end) = complement(reading, after, sentence)
    {
        let name = reading.written(&(after..end)).to_owned();
        return Some(found(end, Vec::new(), Some(name), None));
    }
    if cue.kind == "syndicat"
        && cue.takes == "n"
        && let Some(end) = purpose_end(reading, after)
    {
        let name = reading.written(&(after..end)).to_owned();
        return Some(found(end, Vec::new(), Some(name), None));
    }
    let previous = if at > 0 && reading.tokens[at].gap != Gap::Break {
        reading.word(at - 1)
    } else {
        ""
    };
    let is_definite = matches!(
        previous,
        "la" | "le" | "l" | "du" | "au" | "cette" | "cet" | "ce" | "sa" | "son" | "notre" | "les" | "et"
    ) || (matches!(previous, "des" | "deux" | "trois" | "quatre" | "cinq" | "plusieurs")
        && reading.word(at).ends_with(['s', 'x']))
        || reading.is_sentence_start(at);
    (cue.alone && is_definite).then(|| found(after, Vec::new(), None, None))
}

/// What syndicates of towns are for.
const PURPOSES: &[&str] = &[
    "departemental",
    "interdepartemental",
    "intercommunal",
    "mixte",
    "eau",
    "eaux",
    "potable",
    "assainissement",
    "energie",
    "energies",
    "electricite",
    "dechets",
    "ordures",
    "menageres",
    "traitement",
    "collecte",
    "transports",
    "informatique",
    "numerique",
    "production",
    "distribution",
    "gestion",
    "amenagement",
    "restauration",
    "vocation",
    "unique",
    "multiple",
];

/// « (syndicat mixte) départemental de l'eau et de l'assainissement de l'Ariège »: the end of a
/// syndicate's title that goes on with what it is for; none when no name closes it.
fn syndicate_end(reading: &Reading<'_>, after: usize) -> Option<usize> {
    let is_soft = |at: usize| reading.tokens.get(at).is_some_and(|token| token.gap == Gap::Soft);
    let is_link = |at: usize| LINKS.contains(&reading.word(at)) || matches!(reading.word(at), "et" | "pour");
    let mut at = after;
    let mut has_purpose = false;
    while at < after + 14 && is_soft(at) && (is_link(at) || PURPOSES.contains(&reading.word(at))) {
        has_purpose |= !is_link(at);
        at += 1;
    }
    let closed = reading.capitalised_run(at).filter(|_| is_soft(at));
    closed.filter(|_| has_purpose)
}

/// « (syndicat intercommunal) d'informatique »: the end of what a syndicate is for, when no name follows; none where it
/// is for nothing in particular.
fn purpose_end(reading: &Reading<'_>, after: usize) -> Option<usize> {
    let is_soft = |at: usize| reading.tokens.get(at).is_some_and(|token| token.gap == Gap::Soft);
    (after..after + 6)
        .take_while(|&at| is_soft(at) && (LINKS.contains(&reading.word(at)) || PURPOSES.contains(&reading.word(at))))
        .filter(|&at| PURPOSES.contains(&reading.word(at)))
        .last()
        .map(|at| at + 1)
}

/// « SDIS45 », « CD45 », « CDG 45 » in one word.
fn glued_number(reading: &Reading<'_>, at: usize) -> Option<Found> {
    let word = reading.word(at);
    if !word.starts_with(['s', 'c', 'm']) {
        return None;
    }
    let digits = word.bytes().position(|b| b.is_ascii_digit())?;
    let (head, code) = word.split_at(digits);
    if !matches!(head, "sdis" | "cd" | "cdg" | "sde" | "mdph") {
        return None;
    }
    let code = code.to_uppercase();
    reading.gazetteer.departement(&code)?;
    let index = reading.gazetteer.cues.iter().position(|cue| {
        cue.kind
            == match head {
                "cd" => "departement",
                "sde" => "syndicat",
                head => head,
            }
    })?;
    Some(Found {
        tokens: at..at + 1,
        cue: Some(index as u16),
        entries: Vec::new(),
        name: None,
        code: Some(code),
        in_place: false,
    })
}

fn takes(cue: &Cue, entry: &Entry) -> bool {
    let letter = match entry.named {
        Named::Commune(_) | Named::FormerCommune(_) | Named::ForeignCity(_) => 'c',
        Named::Departement(_) | Named::DepartementAdjective(_) => 'd',
        Named::Region(_) | Named::RegionAdjective(_) => 'r',
        Named::Demonym(_) => 'p',
        Named::Intercommunality(_) => 'e',
        Named::Academy(_) => 'a',
        _ => return false,
    };
    cue.takes.contains(letter)
}

/// « dans la ville de », « en région »: where, not who.
fn is_locative(reading: &Reading<'_>, at: usize, cue: &Cue) -> bool {
    if !matches!(cue.kind.as_str(), "commune" | "departement" | "region" | "epci") {
        return false;
    }
    let mut before = reading.before(at);
    let previous = before.next().map_or("", |index| reading.word(index));
    let second = before.next().map_or("", |index| reading.word(index));
    matches!(previous, "en" | "dans")
        || (matches!(second, "dans")
            && matches!(
                previous,
                "la" | "le" | "l" | "les" | "cette" | "ce" | "cet" | "une" | "un"
            ))
}

/// « Résidence du parc »: a house's name goes on in small letters up to a comma.
fn with_complement(reading: &Reading<'_>, end: usize) -> usize {
    let is_link = matches!(reading.word(end), "du" | "de" | "des" | "d");
    let is_soft = |at: usize| reading.tokens.get(at).is_some_and(|token| token.gap == Gap::Soft);
    let is_closed = reading.tokens.get(end + 2).is_none_or(|token| token.gap == Gap::Break);
    if is_link && is_soft(end) && is_soft(end + 1) && is_closed {
        end + 2
    } else {
        end
    }
}

/// « (de la Vanne) et du Tholon ».
fn with_second_name(reading: &Reading<'_>, end: usize) -> usize {
    let is_soft = |at: usize| reading.tokens.get(at).is_some_and(|token| token.gap == Gap::Soft);
    if reading.word(end) != "et" || !is_soft(end) {
        return end;
    }
    let name = (end + 1..end + 4).find(|&at| !LINKS.contains(&reading.word(at)));
    name.filter(|&at| is_soft(at))
        .and_then(|at| reading.capitalised_run(at))
        .unwrap_or(end)
}

/// « de tir », « de l'Éducation nationale »: the complement of « fédération », « ministère ».
fn complement(reading: &Reading<'_>, at: usize, sentence: usize) -> Option<usize> {
    // « le ministère belge de la Défense ».
    let is_people = |at: usize| {
        reading
            .names_at(at, |entry| matches!(entry.named, Named::Demonym(_)))
            .is_some_and(|(count, _)| count == 1)
    };
    let at = at + usize::from(soft(reading, at, sentence) && is_people(at));
    let mut end = at;
    // « le ministère a été visé » has none.
    if !matches!(reading.word(at), "de" | "du" | "des" | "d") {
        return None;
    }
    while end - at < 3 && soft(reading, end, sentence) && LINKS.contains(&reading.word(end)) {
        end += 1;
    }
    if !soft(reading, end, sentence) {
        return None;
    }
    // « l'administration nationale des eaux roumaines ».
    let goes_on = soft(reading, end + 1, sentence) && is_people(end + 1);
    Some(end + 1 + usize::from(goes_on))
}

fn soft(reading: &Reading<'_>, at: usize, sentence: usize) -> bool {
    reading
        .tokens
        .get(at)
        .is_some_and(|token| token.sentence == sentence && token.gap != Gap::Break)
}

fn is_body(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| {
        matches!(
            entry.named,
            Named::Organisation(_) | Named::Hospital(_) | Named::Intercommunality(_)
        )
    })
}

/// An Internet address of a public body: « mairie-bondy.fr ».
fn domain_at(reading: &Reading<'_>, at: usize) -> Option<Found> {
    let mut end = at + 1;
    while end - at < DOMAIN_WORDS
        && reading.tokens.get(end).is_some_and(|token| {
            token.sentence == reading.tokens[at].sentence
                && reading.tokens[end - 1].original.end + 1 == token.original.start
                && matches!(reading.document.text.as_bytes()[token.original.start - 1], b'.' | b'-')
        })
    {
        end += 1;
    }
    if end - at < 2 {
        None
    } else {
        domain_of(reading, at..end)
    }
}

/// The public body that has this address.
#[inline(never)]
fn domain_of(reading: &Reading<'_>, tokens: Range<usize>) -> Option<Found> {
    let host = reading.written(&tokens).to_lowercase();
    let named = match reading.gazetteer.domain(&host)? {
        Domain::Commune(index) => Named::Commune(index),
        Domain::Intercommunality(index) => Named::Intercommunality(index),
        Domain::Departement(index) => Named::Departement(index),
    };
    let kind = match named {
        Named::Commune(_) => "commune",
        Named::Departement(_) => "departement",
        _ => "epci",
    };
    let cue = reading.gazetteer.cues.iter().position(|cue| cue.kind == kind)?;
    Some(Found {
        tokens,
        cue: Some(cue as u16),
        entries: vec![Entry {
            named,
            careful: false,
            lower: true,
        }],
        name: None,
        code: None,
        in_place: false,
    })
}

/// The end of a ministry's full title: « des Sports, de la Jeunesse et de la Vie associative ».
fn ministry_end(reading: &Reading<'_>, end: usize) -> usize {
    let mut reached = end;
    let mut at = end;
    while at < reached + 4
        && reading
            .tokens
            .get(at)
            .is_some_and(|token| token.sentence == reading.tokens[end - 1].sentence)
    {
        let word = reading.word(at);
        let between = &reading.document.text[reading.tokens[at - 1].original.end..reading.tokens[at].original.start];
        if !between.chars().all(|c| matches!(c, ' ' | '\u{a0}' | ',' | '\'' | '’')) {
            break;
        }
        if reading.tokens[at].capital && at > reached {
            reached = at + 1;
        } else if !LINKS.contains(&word) && word != "et" {
            break;
        }
        at += 1;
    }
    reached
}

/// Départements that people call by their number: « dans le 93 », « les lycées du 77 ».
const CALLED_BY_NUMBER: &[&str] = &["75", "77", "78", "91", "92", "93", "94", "95"];

/// « du 93 »: neither a number of things nor of a house follows.
fn number_called(reading: &Reading<'_>, index: usize) -> bool {
    let before = reading.word(index.wrapping_sub(1));
    let goes_on = reading.tokens.get(index + 1).is_some_and(|next| {
        next.gap == Gap::Soft && (next.capital || matches!(reading.word(index + 1), "rue" | "ans"))
    });
    let percent = reading.document.text[reading.tokens[index].original.end..]
        .trim_start()
        .starts_with(['%', '€']);
    index > 0
        && matches!(before, "du" | "le")
        && CALLED_BY_NUMBER.contains(&reading.word(index))
        && !goes_on
        && !percent
}

/// Départements named in the text, by name, number in brackets or adjective; teasers are not read.
pub(super) fn named_departements(reading: &Reading<'_>, found: &[Found]) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    let mut add = |code: &str| {
        if !codes.iter().any(|known| known == code) {
            codes.push(code.to_owned());
        }
    };
    for found in found {
        if reading.zone_at(found.tokens.start) == Zone::Teaser {
            continue;
        }
        if let Some(code) = &found.code {
            add(code);
        }
        let has_town = found
            .entries
            .iter()
            .any(|entry| matches!(entry.named, Named::Commune(_)));
        for entry in &found.entries {
            match entry.named {
                Named::Departement(index) => {
                    let departement = &reading.gazetteer.departements[usize::from(index)];
                    // « Vienne » alone is the town; « la Vienne » the département.
                    if !has_town || reading.has_article(found.tokens.start) {
                        add(&departement.code);
                    }
                }
                Named::DepartementAdjective(index) => add(&reading.gazetteer.departements[usize::from(index)].code),
                _ => {}
            }
        }
    }
    for (index, token) in reading.tokens.iter().enumerate() {
        let zone = reading.document.sentences[token.sentence].zone;
        if matches!(zone, Zone::Title | Zone::Lead) && number_called(reading, index) {
            add(reading.word(index));
        }
        if token.bracketed
            && reading.document.sentences[token.sentence].zone != Zone::Teaser
            && let Some(code) = reading.departement_number(index)
            && reading.document.text[token.original.end..].starts_with([')', ',', ']'])
        {
            add(&code);
        }
    }
    codes
}
