//! Everything that a text speaks of: places, bodies, organisations, actors, each with its words.
//! Homonyms are settled by the départements that the text names.

use std::ops::Range;

use super::bodies::{Body, Source};
use super::gazetteer::{Entry, Gazetteer, Named};
use super::mention::{Mention, What};
use super::names::{Found, named_departements, names};
use super::reading::{LINKS, Reading};
use super::resolve::{Resolver, sectors_spoken_of};
use super::roles::WordRole;
use super::tokens::Gap;
use crate::model::analysis::{Place, Zone};
use crate::text::document::Document;
use crate::text::fold::slug;

/// Words of a name in quotes; longer is speech.
const MOST_QUOTED: usize = 7;

/// Reads a document. `outlet_departements` and the address of the article settle homonyms that
/// the text leaves open.
pub(super) fn read<'a>(
    document: &'a Document,
    gazetteer: &'a Gazetteer,
    outlet_departements: &'a [String],
    url: &str,
) -> Reading<'a> {
    let mut reading = Reading::of_words(document, gazetteer);
    let found = names(&reading);
    reading.departements = named_departements(&reading, &found);
    let outlet = if outlet_departements.is_empty() {
        gazetteer.outlet_departements(url).unwrap_or_default()
    } else {
        outlet_departements
    };
    reading.outlet_departements = outlet;
    let names_france = found.iter().any(|found| {
        matches!(reading.zone_at(found.tokens.start), Zone::Title | Zone::Lead)
            && found.entries.iter().any(|entry| match entry.named {
                Named::Country(index) | Named::Demonym(index) => gazetteer.countries[usize::from(index)].code == "FR",
                _ => false,
            })
    });
    let is_abroad = foreign_outlet(gazetteer, url).is_some() || is_headed_abroad(&reading, &found);
    let abroad = is_abroad && reading.departements.is_empty() && !names_france;
    let resolver = Resolver {
        reading: &reading,
        outlet,
        abroad,
        sectors: sectors_spoken_of(&reading),
    };
    let mut mentions: Vec<Mention> = found.iter().filter_map(|found| resolver.mention(found)).collect();
    mentions.extend(open_names(&reading, &mentions));
    reading.with_mentions(mentions)
}

/// « États-Unis : la ville de Saint Paul piratée »: the headline begins with another country.
fn is_headed_abroad(reading: &Reading<'_>, found: &[Found]) -> bool {
    found.iter().take_while(|found| found.tokens.start == 0).any(|found| {
        let is_abroad = |entry: &Entry| match entry.named {
            Named::Country(index) => !matches!(
                reading.gazetteer.countries[usize::from(index)].code.as_str(),
                "FR" | "EU"
            ),
            _ => false,
        };
        found.entries.iter().any(is_abroad)
            && reading
                .tokens
                .get(found.tokens.end)
                .is_some_and(|next| next.after_colon)
    })
}

/// The country of an outlet outside France, by its address.
pub(super) fn foreign_outlet<'a>(gazetteer: &'a Gazetteer, url: &str) -> Option<&'a str> {
    gazetteer
        .outlet_country(url)
        .filter(|country| !matches!(*country, "FR" | "XX"))
}

/// Capitalised words that nothing explains yet.
fn open_names(reading: &Reading<'_>, known: &[Mention]) -> Vec<Mention> {
    let mut taken = vec![false; reading.tokens.len()];
    for mention in known {
        // « le CCAS » is no further name; « l'Hôpital Machin » may go on.
        let is_sigle = reading.tokens[mention.tokens.start].upper;
        if !matches!(mention.what, What::SectorWord(_) | What::Head(_)) || (is_sigle && mention.tokens.len() == 1) {
            taken[mention.tokens.clone()].fill(true);
        }
    }
    let mut names = quoted_names(reading, &taken);
    for name in &names {
        taken[name.tokens.clone()].fill(true);
    }
    let mut at = 0;
    while at < reading.tokens.len() {
        if taken[at] || !reading.tokens[at].capital {
            at += 1;
            continue;
        }
        let mut end = reading.capitalised_run(at).unwrap_or(at + 1);
        if let Some(cut) = (at..end).find(|&index| taken[index]) {
            // « Air Côte d'Ivoire », « Bank of Cyprus »: a country ends a name.
            end = countries_end(known, cut)
                .filter(|_| cut > at && is_short_of_name(reading, at..cut))
                .unwrap_or(cut);
        }
        let start = at;
        at = end;
        let Some(tokens) = trimmed(reading, start..end) else {
            continue;
        };
        let written = reading.written(&tokens);
        let (start, end) = (tokens.start, tokens.end);
        let is_number = end - start == 1 && reading.word(start).bytes().all(|b| b.is_ascii_digit());
        let is_short = written.chars().count() < 3 && !written.contains(|c: char| c.is_ascii_digit());
        if is_number || is_short {
            continue;
        }
        if reading.is_sentence_start(start) && end - start == 1 && reading.is_also_written_small(start) {
            continue;
        }
        names.push(open_name(reading, tokens));
    }
    names
}

/// A body that no list has, by its name as written.
fn open_name(reading: &Reading<'_>, tokens: Range<usize>) -> Mention {
    let written = reading.written(&tokens);
    // « La Poste » and « Poste » are one.
    let bare = match reading.word(tokens.start) {
        "la" | "le" | "les" if tokens.len() > 1 => reading.written(&(tokens.start + 1..tokens.end)),
        _ => written,
    };
    Mention {
        sentence: reading.tokens[tokens.start].sentence,
        what: What::Body(Body {
            key: format!("nom:{}", slug(bare)),
            name: written.to_owned(),
            sector: None,
            level: None,
            place: Place::default(),
            country: None,
            source: Source::Open,
            helper: 0,
        }),
        tokens,
    }
}

/// « la plateforme "Choisir sa voie" »: a name of common words that quotes hold together.
fn quoted_names(reading: &Reading<'_>, taken: &[bool]) -> Vec<Mention> {
    let text = &reading.document.text;
    let between = |index: usize| &text[reading.tokens[index - 1].original.end..reading.tokens[index].original.start];
    let is_quoted = |index: usize| {
        let token = &reading.tokens[index];
        reading.tokens[index - 1].sentence == token.sentence
            && token.capital
            && between(index).trim_end().ends_with(['«', '"', '“', '\''])
            && (reading.is(index - 1, WordRole::Introduces) || reading.is(index - 1, WordRole::Generic))
    };
    (1..reading.tokens.len())
        .filter(|&index| !taken[index] && is_quoted(index))
        .filter_map(|start| {
            let sentence = reading.tokens[start].sentence;
            let last = reading
                .from(start + 1, sentence)
                .take(MOST_QUOTED)
                .find(|&index| reading.tokens[index].gap != Gap::Soft)
                .unwrap_or(start);
            let closes = last > start && between(last).trim_start().starts_with(['»', '"', '”', '\'']);
            (closes && last - start > 1 && !taken[start..last].contains(&true)).then(|| open_name(reading, start..last))
        })
        .collect()
}

/// The end of the country's name that begins at a word; mentions stand in the text's order.
fn countries_end(known: &[Mention], at: usize) -> Option<usize> {
    let found = known.binary_search_by_key(&at, |mention| mention.tokens.start).ok()?;
    matches!(known[found].what, What::Country(_)).then(|| known[found].tokens.end)
}

/// « Air », « Bank of »: no name yet, inside a sentence.
fn is_short_of_name(reading: &Reading<'_>, run: Range<usize>) -> bool {
    run.len() <= 2
        && reading.tokens[run.end - 1].capital
        && !reading.is_sentence_start(run.start)
        && reading
            .tokens
            .get(run.end)
            .is_some_and(|next| next.gap == Gap::Soft && next.capital)
}

/// The words of a run of capitals that are a name: without the page's own words around it, without
/// what a sentence's start alone makes a capital. None when nothing is left.
fn trimmed(reading: &Reading<'_>, run: Range<usize>) -> Option<Range<usize>> {
    let (mut start, mut end) = (run.start, run.end);
    let is_number = |index: usize| reading.word(index).bytes().all(|b| b.is_ascii_digit());
    let is_article = |index: usize| matches!(reading.word(index), "la" | "le" | "les");
    while start < end {
        let is_alone = end - start == 1;
        // « à La Poste »: an article with a capital inside a sentence is part of the name.
        let is_own_article = is_article(start) && !reading.is_sentence_start(start) && !is_alone;
        // « le compte X de Jeanne Trovaz »: the network, not her name.
        let is_network = reading.word(start) == "x" && !is_alone && LINKS.contains(&reading.word(start + 1));
        let goes = (LINKS.contains(&reading.word(start)) && !is_own_article)
            || is_network
            || (reading.is(start, WordRole::Heading) && (!is_alone || reading.is_sentence_start(start)))
            || (reading.is(start, WordRole::Generic) && !is_alone && !LINKS.contains(&reading.word(start + 1)))
            || (reading.gazetteer.is_common_word(reading.tokens[start].hash)
                && (is_alone || start == run.start && reading.is_sentence_start(start)));
        if !goes {
            break;
        }
        start += 1;
    }
    while end > start
        && (LINKS.contains(&reading.word(end - 1))
            || is_number(end - 1)
            || (end - start > 1 && reading.is(end - 1, WordRole::Heading)))
    {
        end -= 1;
    }
    // « Faux SMS de l'Antai »: only a word of the language is left.
    let is_word = end - start == 1 && reading.gazetteer.is_common_word(reading.tokens[start].hash);
    (start < end && !is_word && reading.tokens[start].capital).then_some(start..end)
}
