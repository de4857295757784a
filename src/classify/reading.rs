//! First pass over a document: one search for all phrases, sentences moved to background or
//! teaser, and each mention of an attack turned into a statement that knows how it is made.

use std::ops::Range;

use super::phrasebook::{Context, Meaning, Phrasebook};
use crate::model::analysis::{Assertion, Statement, Zone};
use crate::text::document::Document;

/// How far a cue reaches within its clause, in folded bytes: about six words.
const REACH_BYTES: usize = 48;
/// How far before a confirming word its negation may begin, in folded bytes.
const NEGATION_BYTES: usize = 10;
/// How far into a sentence a start cue may stand: after « - », a bullet, "Et"...
const START_BYTES: usize = 6;

/// What the phrases say about a document.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The mentions of attacks, in order; none from teasers.
    pub statements: Vec<Statement>,
    /// All other words that count, in order; none from teasers.
    pub cues: Vec<Cue>,
}

/// One phrase found outside teasers.
#[derive(Debug, Clone, PartialEq)]
pub struct Cue {
    /// What it speaks for.
    pub meaning: Meaning,
    /// Its weight.
    pub weight: f32,
    /// Its sentence.
    pub sentence: usize,
    /// Where it stands.
    pub zone: Zone,
    /// Byte range in the document's text.
    pub range: Range<usize>,
}

struct Found {
    meaning: Meaning,
    weight: f32,
    sentence: usize,
    folded: Range<usize>,
}

/// Reads a document, and marks its background and teaser sentences.
pub fn read(document: &mut Document, phrases: &Phrasebook) -> Reading {
    let hits = phrases.lexicon.find(&document.text, &document.folded);
    let found: Vec<Found> = hits
        .into_iter()
        .filter_map(|hit| {
            Some(Found {
                meaning: phrases.meanings[hit.label],
                weight: phrases.lexicon.phrases()[hit.phrase].weight,
                sentence: document.sentence_at_folded(hit.folded.start)?,
                folded: hit.folded,
            })
        })
        .collect();
    mark_zones(document, &found);
    let mut reading = Reading::default();
    for (index, hit) in found.iter().enumerate() {
        let zone = document.sentences[hit.sentence].zone;
        if zone == Zone::Teaser {
            continue;
        }
        let range = document.folded.original_range(hit.folded.clone());
        if let Meaning::Attack(attack) = hit.meaning {
            if is_elsewhere(&found, index) {
                continue;
            }
            reading.statements.push(Statement {
                attack,
                assertion: assertion(document, &found, index),
                sentence: hit.sentence,
                zone,
                start: range.start,
                end: range.end,
                weight: hit.weight,
            });
        } else {
            if hit.meaning == Meaning::Context(Context::Confirmed) && is_negated(document, &hit.folded) {
                continue;
            }
            reading.cues.push(Cue {
                meaning: hit.meaning,
                weight: hit.weight,
                sentence: hit.sentence,
                zone,
                range,
            });
        }
    }
    reading
}

/// Moves sentences that start with a teaser or background cue, or hold a background cue, out of
/// the article's own story. The rest of a paragraph that opens as background follows it.
fn mark_zones(document: &mut Document, found: &[Found]) {
    let mut marks: Vec<(usize, Zone, bool)> = Vec::new();
    for hit in found {
        let sentence = &document.sentences[hit.sentence];
        let at_start = hit.folded.start <= sentence.folded.start + START_BYTES;
        match hit.meaning {
            Meaning::Context(Context::TeaserStart) if at_start => marks.push((hit.sentence, Zone::Teaser, false)),
            Meaning::Context(Context::BackgroundStart) if at_start => {
                marks.push((hit.sentence, Zone::Background, true));
            }
            Meaning::Context(Context::BackgroundSentence) => marks.push((hit.sentence, Zone::Background, false)),
            _ => {}
        }
    }
    for (index, zone, to_paragraph_end) in marks {
        let line = document.sentences[index].line;
        for sentence in &mut document.sentences[index..] {
            if sentence.line != line {
                break;
            }
            if sentence.zone != Zone::Title && sentence.zone != Zone::Teaser {
                sentence.zone = zone;
            }
            if !to_paragraph_end {
                break;
            }
        }
    }
}

/// How the attack found at `index` is stated: of the cues that apply to it the strongest decides;
/// of two that overlap (« n'exclut pas » and « pas une ») the one that starts first applies.
fn assertion(document: &Document, found: &[Found], index: usize) -> Assertion {
    let hit = &found[index];
    let first = found.partition_point(|other| other.sentence < hit.sentence);
    let mut assertion = Assertion::Affirmed;
    let mut last_end = 0;
    for (offset, cue) in found[first..]
        .iter()
        .take_while(|cue| cue.sentence == hit.sentence)
        .enumerate()
    {
        let Meaning::Context(context) = cue.meaning else {
            continue;
        };
        if first + offset == index || cue.folded.start < last_end {
            continue;
        }
        let before = cue.folded.end <= hit.folded.start || overlaps_start(&cue.folded, &hit.folded);
        let after = cue.folded.start >= hit.folded.end || overlaps_start(&hit.folded, &cue.folded);
        let said = match context {
            Context::DeniedBefore if before && same_clause(document, &cue.folded, &hit.folded) => Assertion::Denied,
            Context::DeniedAfter if after && same_clause(document, &hit.folded, &cue.folded) => Assertion::Denied,
            Context::HypotheticalBefore if before && same_clause(document, &cue.folded, &hit.folded) => {
                Assertion::Hypothetical
            }
            Context::HypotheticalAfter if after && same_clause(document, &hit.folded, &cue.folded) => {
                Assertion::Hypothetical
            }
            Context::HypotheticalSentence => Assertion::Hypothetical,
            Context::ClaimedSentence => Assertion::Claimed,
            _ => continue,
        };
        assertion = assertion.max(said);
        last_end = cue.folded.end;
    }
    assertion
}

/// Whether the words are part of a phrase that is not about computers: « intrusion dans une
/// fourrière », « fuite d'eau ».
fn is_elsewhere(found: &[Found], index: usize) -> bool {
    let hit = &found[index];
    let first = found.partition_point(|other| other.sentence < hit.sentence);
    found[first..]
        .iter()
        .take_while(|other| other.sentence == hit.sentence)
        .any(|other| {
            other.meaning == Meaning::Context(Context::OffTopic)
                && other.folded.start < hit.folded.end
                && hit.folded.start < other.folded.end
                && (other.folded.len() > hit.folded.len())
        })
}

/// Whether « ne… pas » or « ni » stands right before or within the words: « n'a pas confirmé ».
fn is_negated(document: &Document, folded: &Range<usize>) -> bool {
    let text = &document.folded.text;
    let from = text.floor_char_boundary(folded.start.saturating_sub(NEGATION_BYTES));
    let around = format!(" {} ", text[from..folded.end].replace(['.', ',', '\n'], " "));
    let before = &around[..around.len() - 1];
    [" pas ", " ni ", " jamais "].iter().any(|word| before.contains(word))
        && [" n ", " ne ", " ni "].iter().any(|word| before.contains(word))
}

/// Whether a cue's words run into the attack's own first words: « aucune donnée volée » where the
/// phrase is « aucune » and the attack « donnée volée », or where both share a word.
fn overlaps_start(cue: &Range<usize>, hit: &Range<usize>) -> bool {
    cue.start < hit.start && cue.end > hit.start
}

/// Whether nothing between two ranges ends a clause, and they stand near each other.
fn same_clause(document: &Document, first: &Range<usize>, second: &Range<usize>) -> bool {
    if first.end >= second.start {
        return true;
    }
    let between = &document.folded.text[first.end..second.start];
    between.len() <= REACH_BYTES
        && !between.contains([',', ';', ':', '(', ')', '.', '\n'])
        && !between.contains(" mais ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::model::Models;

    /// Each row: a sentence, and the assertions of the attacks in it.
    #[track_caller]
    fn check(models: &Models, text: &str, expected: &[(&str, Assertion)]) {
        let mut document = Document::new("", None, text);
        let reading = read(&mut document, &models.phrases);
        let found: Vec<(&str, Assertion)> = reading
            .statements
            .iter()
            .map(|statement| (statement.attack.id(), statement.assertion))
            .collect();
        for row in expected {
            assert!(found.contains(row), "{text}: {row:?} not in {found:?}");
        }
        if expected.is_empty() {
            assert!(
                found.iter().all(|(_, assertion)| !assertion.counts()),
                "{text}: {found:?}"
            );
        }
    }

    #[test]
    fn assertions() {
        use Assertion::{Affirmed, Claimed, Denied, Hypothetical};
        let models = Models::embedded().unwrap();
        let rows: &[(&str, &[(&str, Assertion)])] = &[
            (
                "La mairie a été victime d'une cyberattaque.",
                &[("indetermine", Affirmed)],
            ),
            ("Aucun signal de fuite de données n'a été relevé.", &[("fuite", Denied)]),
            ("À ce stade, aucune donnée n'a été volée.", &[("fuite", Denied)]),
            (
                "La commune n'a pas été victime d'une cyberattaque.",
                &[("indetermine", Denied)],
            ),
            ("La direction dément toute fuite de données.", &[("fuite", Denied)]),
            ("Pas de demande de rançon pour l'instant.", &[("rancongiciel", Denied)]),
            ("La piste d'une cyberattaque est écartée.", &[("indetermine", Denied)]),
            (
                "Le département n'exclut pas une fuite de données.",
                &[("fuite", Hypothetical)],
            ),
            (
                "En cas de cyberattaque, débranchez le réseau.",
                &[("indetermine", Hypothetical)],
            ),
            (
                "Comment se protéger contre les rançongiciels ?",
                &[("rancongiciel", Hypothetical)],
            ),
            (
                "Un exercice de crise simule une cyberattaque contre la préfecture.",
                &[("indetermine", Hypothetical)],
            ),
            (
                "Le groupe LockBit revendique le vol de données de la ville.",
                &[("fuite", Claimed), ("rancongiciel", Claimed)],
            ),
            (
                "Des données auraient été volées, selon les pirates.",
                &[("fuite", Claimed)],
            ),
            (
                "Les serveurs ont été chiffrés par un rançongiciel, mais aucune fuite de données n'est constatée.",
                &[("rancongiciel", Affirmed), ("fuite", Denied)],
            ),
            (
                "Une tentative de piratage a été déjouée.",
                &[("intrusion", Hypothetical)],
            ),
            (
                "L'hôpital a subi une attaque par déni de service.",
                &[("ddos", Affirmed)],
            ),
        ];
        for (text, expected) in rows {
            check(&models, text, expected);
        }
    }

    #[test]
    fn background_and_teasers_leave_the_story() {
        let models = Models::embedded().unwrap();
        let mut document = Document::new(
            "Le Loiret coupe ses services",
            None,
            "À lire aussi : fuite de données chez Econocom.\nLe département est touché par une cyberattaque.\n\
             Selon l'Anssi, les attaques se multiplient. Lille a subi un rançongiciel.\nLe réseau redémarre.",
        );
        let reading = read(&mut document, &models.phrases);
        let zones: Vec<Zone> = document.sentences.iter().map(|sentence| sentence.zone).collect();
        assert_eq!(
            zones,
            [
                Zone::Title,
                Zone::Teaser,
                Zone::Lead,
                Zone::Background,
                Zone::Background,
                Zone::Lead
            ]
        );
        assert!(
            reading
                .statements
                .iter()
                .all(|statement| statement.zone != Zone::Teaser)
        );
        assert!(reading.statements.iter().any(|statement| statement.zone == Zone::Lead));
    }
}
