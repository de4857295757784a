//! Who was hit, where, by whom, when: from the words around the attack statements, with the lists
//! of `data/gazetteer`. Where the words do not decide, nothing is given: a false victim costs more
//! than a missed one.

mod actors;
pub mod dates;
pub mod gazetteer;
#[cfg(test)]
mod measure;
mod mentions;
mod tokens;
mod victims;

use jiff::Timestamp;

use crate::model::analysis::{Assertion, EventDates, Evidence, Statement, Victim};
use crate::text::document::Document;
use gazetteer::Gazetteer;

/// What is known of an article beside its text.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// When it was published: relative dates are counted from here.
    pub published: Timestamp,
    /// Départements that its outlet covers; empty when unknown.
    pub outlet_departements: &'a [String],
    /// Its address: tells a regional or foreign outlet.
    pub url: &'a str,
}

/// Who, where, by whom, when.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Entities {
    /// Who was hit, main victim first; empty when the words do not say.
    pub victims: Vec<Victim>,
    /// Other bodies that the text names: helpers, comparisons, past cases.
    pub cited: Vec<Victim>,
    /// Who did it, as claimed or stated.
    pub actor: Option<String>,
    /// When it happened.
    pub event: Option<EventDates>,
    /// The words that decided, with offsets in the document's text.
    pub evidence: Vec<Evidence>,
}

/// Reads an article whose attack statements are known. Pure; nothing is found in an empty text.
/// Statements that are denied or hypothetical make no victim.
pub fn read(document: &Document, statements: &[Statement], context: &Context<'_>, gazetteer: &Gazetteer) -> Entities {
    let reading = mentions::Reading::new(document, gazetteer, context.outlet_departements, context.url);
    let published = context.published.to_zoned_datetime(dates::paris()).date();
    let verdict = victims::victims(&reading, statements, published.year(), context.url);
    let keys: Vec<String> = verdict.victims.iter().map(|victim| victim.key.0.clone()).collect();
    let mut evidence = verdict.evidence;
    let actor = actors::actor(&reading, &keys).map(|(name, mention)| {
        evidence.push(Evidence {
            label: format!("actor:{name}"),
            words: reading.written(&mention.tokens).to_owned(),
            zone: reading.zone(&mention),
            assertion: Assertion::Claimed,
            weight: 1.0,
            start: reading.tokens[mention.tokens.start].original.start,
        });
        name
    });
    let event = dates::event(document, statements, published).map(|(dates, sentence, range)| {
        evidence.push(Evidence {
            label: format!("event:{}/{}", dates.from, dates.to),
            words: document.text[range.clone()].to_owned(),
            zone: document.sentences[sentence].zone,
            assertion: Assertion::Affirmed,
            weight: 1.0,
            start: range.start,
        });
        dates
    });
    Entities {
        victims: verdict.victims,
        cited: verdict.cited,
        actor,
        event,
        evidence,
    }
}
