//! Everything that a text speaks of: places, bodies, organisations, actors, each with its words.
//! Homonyms are settled by the départements that the text names.

use super::bodies::{Body, Source};
use super::gazetteer::{Gazetteer, Named};
use super::mention::{Mention, What};
use super::names::{named_departements, names};
use super::reading::{LINKS, Reading};
use super::resolve::{Resolver, sectors_spoken_of};
use crate::model::analysis::{Place, Zone};
use crate::text::document::Document;
use crate::text::fold::slug;

/// Reads a document. `outlet_departements` and the address of the article settle homonyms that
/// the text leaves open.
pub(super) fn read<'a>(
    document: &'a Document,
    gazetteer: &'a Gazetteer,
    outlet_departements: &[String],
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
    let names_france = found.iter().any(|found| {
        matches!(reading.zone_at(found.tokens.start), Zone::Title | Zone::Lead)
            && found.entries.iter().any(|entry| match entry.named {
                Named::Country(index) | Named::Demonym(index) => gazetteer.countries[usize::from(index)].code == "FR",
                _ => false,
            })
    });
    let abroad = foreign_outlet(gazetteer, url).is_some() && reading.departements.is_empty() && !names_france;
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
    let mut names = Vec::new();
    let mut at = 0;
    while at < reading.tokens.len() {
        if taken[at] || !reading.tokens[at].capital {
            at += 1;
            continue;
        }
        let mut end = reading.capitalised_run(at).unwrap_or(at + 1);
        if let Some(cut) = (at..end).find(|&index| taken[index]) {
            end = cut;
        }
        let mut start = at;
        at = end;
        // A capital at the head of a sentence does not make a name of an ordinary word.
        while start < end
            && (LINKS.contains(&reading.word(start))
                || (reading.gazetteer.is_common_word(reading.tokens[start].hash)
                    && (reading.is_sentence_start(start) || end - start == 1 || start > 0)))
        {
            start += 1;
        }
        while end > start
            && (LINKS.contains(&reading.word(end - 1)) || reading.word(end - 1).bytes().all(|b| b.is_ascii_digit()))
        {
            end -= 1;
        }
        if start >= end || !reading.tokens[start].capital || reading.written(&(start..end)).chars().count() < 3 {
            continue;
        }
        let is_person = end - start >= 2 && reading.gazetteer.is_first_name(reading.tokens[start].hash);
        if is_person || reading.word(start).bytes().all(|b| b.is_ascii_digit()) && end - start == 1 {
            continue;
        }
        if reading.is_sentence_start(start) && end - start == 1 && reading.is_also_written_small(start) {
            continue;
        }
        let name = reading.written(&(start..end)).to_owned();
        names.push(Mention {
            tokens: start..end,
            sentence: reading.tokens[start].sentence,
            what: What::Body(Body {
                key: format!("nom:{}", slug(&name)),
                name,
                sector: None,
                level: None,
                place: Place::default(),
                country: None,
                source: Source::Open,
                helper: 0,
            }),
        });
    }
    names
}
