//! First pass over a document: one search for all phrases, sentences moved to background or
//! teaser, and each mention of an attack turned into a statement that knows how it is made.

use std::ops::Range;

use super::clause::words;
use super::fact_words::{FactHit, MOST_FACT_WORDS};
use super::found::Found;
use super::phrasebook::{Context, Meaning, Phrasebook};
use super::scope::{around, assertion, touches, void_cues};
use crate::model::analysis::{Assertion, Statement, Zone};
use crate::text::document::{Document, Sentence};

/// How far before a confirming word its negation may begin, in folded bytes.
const NEGATION_BYTES: usize = 10;
/// What stands between the entries of a site's menu, and how many of them make a sentence one.
const MENU_MARK: &str = " · ";
const MENU_MARKS: usize = 2;
/// The same without its spaces, which is found much faster: hardly any article has one.
const MENU_DOT: char = '·';
/// From this weight on, a background cue inside a sentence takes the rest of the paragraph with it.
const PARAGRAPH_WEIGHT: f32 = 2.0;
/// How far into a sentence a start cue may stand: after « - », a bullet, "Et"...
const START_BYTES: usize = 6;
/// How long a word before it may be.
const SMALL_WORD_BYTES: usize = 2;

/// What the phrases say about a document.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The mentions of attacks, in order; none from teasers.
    pub statements: Vec<Statement>,
    /// All other words that count, in order; none from teasers.
    pub cues: Vec<Cue>,
    /// Which phrases stand where, in order; none from teasers.
    pub hits: Vec<PhraseHit>,
    /// The words of facts, in order; none from teasers.
    pub facts: Vec<FactHit>,
}

/// A phrase and the part of the text that it was found in, or how it is stated there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PhraseHit {
    /// The index of the phrase in the lexicon.
    pub phrase: usize,
    /// Where or how.
    pub position: Position,
}

/// Parts of a text in which the same words weigh differently; an attack that is not simply affirmed stands in
/// the part of its assertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(
    missing_docs,
    reason = "the names say it: the headline, the lead, the thirds of the body..."
)]
pub enum Position {
    Title,
    Lead,
    First,
    Middle,
    Last,
    Background,
    Claimed,
    Hypothetical,
    Denied,
    /// Any of them but background, what is hypothetical and what is denied.
    Anywhere,
}

impl Position {
    /// All of them, in order.
    pub const ALL: [Position; 10] = [
        Position::Title,
        Position::Lead,
        Position::First,
        Position::Middle,
        Position::Last,
        Position::Background,
        Position::Claimed,
        Position::Hypothetical,
        Position::Denied,
        Position::Anywhere,
    ];

    /// Its name in `votes.toml`.
    pub const fn name(self) -> &'static str {
        match self {
            Position::Title => "title",
            Position::Lead => "lead",
            Position::First => "first",
            Position::Middle => "middle",
            Position::Last => "last",
            Position::Background => "background",
            Position::Claimed => "claimed",
            Position::Hypothetical => "hypothetical",
            Position::Denied => "denied",
            Position::Anywhere => "anywhere",
        }
    }

    /// Whether what stands here speaks of the article's own story, as a fact or a claim.
    pub const fn is_told(self) -> bool {
        !matches!(self, Position::Background | Position::Hypothetical | Position::Denied)
    }

    /// The position of an attack that is stated so in this part of the text.
    pub(super) const fn stated(self, assertion: Assertion) -> Position {
        match assertion {
            Assertion::Affirmed => self,
            Assertion::Claimed => Position::Claimed,
            Assertion::Hypothetical => Position::Hypothetical,
            Assertion::Denied => Position::Denied,
        }
    }

    /// The part of the text that a place in it belongs to.
    pub(super) fn of(zone: Zone, start: usize, text_bytes: usize) -> Position {
        match zone {
            Zone::Title => Position::Title,
            Zone::Lead => Position::Lead,
            Zone::Body if 3 * start < text_bytes => Position::First,
            Zone::Body if 3 * start < 2 * text_bytes => Position::Middle,
            Zone::Body => Position::Last,
            Zone::Background | Zone::Teaser => Position::Background,
        }
    }
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

/// A sentence that a phrase moves out of the article's own story.
struct Mark {
    sentence: usize,
    zone: Zone,
    /// Whether the rest of the paragraph goes with it.
    to_paragraph_end: bool,
}

/// Reads a document, and marks its background and teaser sentences.
pub fn read(document: &mut Document, phrases: &Phrasebook) -> Reading {
    let hits = phrases.lexicon.find(&document.text, &document.folded);
    let mut found: Vec<Found> = Vec::with_capacity(hits.len());
    let sentences = &document.sentences;
    let mut next = 0;
    for hit in hits {
        // They come in the order of the text.
        while sentences
            .get(next)
            .is_some_and(|sentence| sentence.folded.start <= hit.folded.start)
        {
            next += 1;
        }
        if sentences.is_empty() {
            break;
        }
        found.push(Found {
            meaning: phrases.meanings[hit.label],
            weight: phrases.lexicon.phrases()[hit.phrase].weight,
            sentence: next.saturating_sub(1),
            folded: hit.folded,
            phrase: hit.phrase,
            void: false,
        });
    }
    void_cues(&mut found);
    void_confirmations(document, &mut found);
    mark_zones(document, &found);
    let mut reading = Reading {
        cues: Vec::with_capacity(found.len()),
        hits: Vec::with_capacity(found.len()),
        ..Reading::default()
    };
    for (index, hit) in found.iter().enumerate() {
        let zone = document.sentences[hit.sentence].zone;
        let is_only_scope = matches!(hit.meaning, Meaning::Context(context) if context.is_only_scope());
        if zone == Zone::Teaser || is_only_scope {
            continue;
        }
        let range = document.folded.original_range(hit.folded.clone());
        if let Meaning::Fact(word) = hit.meaning {
            let in_sentence = reading
                .facts
                .iter()
                .rev()
                .take_while(|known| known.sentence == hit.sentence);
            if in_sentence.take(MOST_FACT_WORDS).count() < MOST_FACT_WORDS {
                reading.facts.push(FactHit {
                    word,
                    assertion: assertion(document, &found, index),
                    sentence: hit.sentence,
                    folded: hit.folded.clone(),
                    range,
                });
            }
            continue;
        }
        let mut position = Position::of(zone, range.start, document.text.len());
        if let Meaning::Attack(attack) = hit.meaning {
            if is_elsewhere(document, &found, index) {
                continue;
            }
            let assertion = assertion(document, &found, index);
            position = position.stated(assertion);
            reading.statements.push(Statement {
                attack,
                assertion,
                sentence: hit.sentence,
                zone,
                start: range.start,
                end: range.end,
                weight: hit.weight,
            });
        } else {
            if hit.void {
                continue;
            }
            if hit.meaning != Meaning::Word {
                reading.cues.push(Cue {
                    meaning: hit.meaning,
                    weight: hit.weight,
                    sentence: hit.sentence,
                    zone,
                    range,
                });
            }
        }
        reading.hits.push(PhraseHit {
            phrase: hit.phrase,
            position,
        });
    }
    reading
}

/// Moves sentences that start with a teaser or background cue, hold a background cue, or are a site's menu, out of
/// the article's own story. The rest of a paragraph follows what opens as background, or speaks of attacks by the number.
fn mark_zones(document: &mut Document, found: &[Found]) {
    let mut marks: Vec<Mark> = Vec::new();
    for hit in found {
        let sentence = &document.sentences[hit.sentence];
        let at_start = opens(&document.folded.text[sentence.folded.start.min(hit.folded.start)..hit.folded.start]);
        let (zone, to_paragraph_end) = match hit.meaning {
            Meaning::Context(Context::TeaserStart) if at_start => (Zone::Teaser, false),
            Meaning::Context(Context::BackgroundStart) if at_start => (Zone::Background, true),
            Meaning::Context(Context::BackgroundSentence) => (Zone::Background, hit.weight >= PARAGRAPH_WEIGHT),
            _ => continue,
        };
        marks.push(Mark {
            sentence: hit.sentence,
            zone,
            to_paragraph_end,
        });
    }
    let has_dots = document.text.contains(MENU_DOT);
    let menus = document.sentences.iter().enumerate().filter(|(_, sentence)| {
        let text = &document.text[sentence.range.clone()];
        has_dots && text.matches(MENU_MARK).count() >= MENU_MARKS
    });
    marks.extend(menus.map(|(sentence, _)| Mark {
        sentence,
        zone: Zone::Teaser,
        to_paragraph_end: false,
    }));
    for (sentences, zone) in marked(&document.sentences, &marks) {
        for sentence in &mut document.sentences[sentences] {
            if sentence.zone != Zone::Title && sentence.zone != Zone::Teaser {
                sentence.zone = zone;
            }
        }
    }
}

/// The sentences that each mark moves; a mark in the rest of a paragraph that an earlier one has moved moves
/// nothing, so that a long paragraph is walked once, however many marks stand in it.
fn marked(sentences: &[Sentence], marks: &[Mark]) -> Vec<(Range<usize>, Zone)> {
    let mut moved = Vec::new();
    let mut rest = 0..0;
    for mark in marks {
        let first = mark.sentence;
        if !mark.to_paragraph_end {
            moved.push((first..first + 1, mark.zone));
        } else if !rest.contains(&first) {
            let line = sentences[first].line;
            let length = sentences[first..].iter().take_while(|sentence| sentence.line == line);
            rest = first..first + length.count();
            moved.push((rest.clone(), mark.zone));
        }
    }
    moved
}

/// Whether what stands before a start cue in its sentence is only a bullet or a small word: « Et pour rappel ».
fn opens(before: &str) -> bool {
    before.len() <= START_BYTES && words(before).all(|word| word.len() <= SMALL_WORD_BYTES)
}

/// Marks the confirming words that confirm nothing: negated, or part of an attacker's claim.
fn void_confirmations(document: &Document, found: &mut [Found]) {
    for index in 0..found.len() {
        let hit = &found[index];
        if hit.meaning == Meaning::Context(Context::Confirmed) {
            let claim = |other: &Found| {
                other.meaning == Meaning::Context(Context::ClaimedSentence) && touches(&other.folded, &hit.folded)
            };
            found[index].void = confirms_nothing(document, hit) || around(found, hit).any(claim);
        }
    }
}

/// Whether the words are not about computers: part of a longer phrase (« fuite d'eau », « intrusion dans une
/// fourrière »), or the ransom of somebody who was taken away.
fn is_elsewhere(document: &Document, found: &[Found], index: usize) -> bool {
    let hit = &found[index];
    let words = &document.folded.text[hit.folded.clone()];
    let is_ransom = words.contains("rancon") && !words.contains("rancongiciel");
    around(found, hit).any(|other| match other.meaning {
        Meaning::Context(Context::OffTopic) => {
            let reaches_further = other.folded.end > hit.folded.end || other.folded.len() > hit.folded.len();
            touches(&other.folded, &hit.folded) && reaches_further
        }
        Meaning::Context(Context::Kidnapping) => is_ransom,
        _ => false,
    })
}

/// Whether words that look like a confirmation are none: « n'a pas confirmé », « sans confirmer », « non confirmée »,
/// « la société de cybersécurité X indique ».
fn confirms_nothing(document: &Document, hit: &Found) -> bool {
    let text = &document.folded.text;
    let sentence = document.sentences[hit.sentence].folded.start;
    let from = text
        .floor_char_boundary(hit.folded.start.saturating_sub(NEGATION_BYTES))
        .max(sentence);
    let words = |from: usize| {
        let words = text[from.min(hit.folded.end)..hit.folded.end].split(|c: char| !c.is_alphanumeric());
        words.filter(|word| !word.is_empty())
    };
    let has = |set: &[&str]| words(from).any(|word| set.contains(&word));
    let negated = has(&["pas", "ni", "jamais"]) && has(&["n", "ne", "ni"]);
    let without = has(&["non", "sans", "aucun", "aucune"]);
    let outsider = words(hit.folded.start).any(|word| matches!(word, "cybersecurite" | "specialisee" | "specialise"));
    negated || without || outsider
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::model::Models;

    #[test]
    fn background_and_teasers_leave_the_story() {
        let models = Models::embedded().unwrap();
        let mut document = Document::new(
            "Le Loiret coupe ses services",
            None,
            "À lire aussi : fuite de données chez Econocom.\nDossiers · Ransomware · Nos événements\nLe département est touché par une cyberattaque.\n\
             Selon l'Anssi, les attaques se multiplient. Lille a subi un rançongiciel.\n\
             Le Loiret n'est pas un cas isolé. Au printemps, Lille a subi un rançongiciel.\nLe réseau redémarre.",
        );
        let reading = read(&mut document, &models.phrases);
        let zones: Vec<Zone> = document.sentences.iter().map(|sentence| sentence.zone).collect();
        assert_eq!(
            zones,
            [
                Zone::Title,
                Zone::Teaser,
                Zone::Teaser,
                Zone::Lead,
                Zone::Background,
                Zone::Background,
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

    #[test]
    fn a_long_paragraph_is_walked_once() {
        let text = "Pour rappel, tout va bien. ".repeat(300);
        let document = Document::new("Le Loiret", None, &text);
        let last = document.sentences.len();
        let mark = |sentence| Mark {
            sentence,
            zone: Zone::Background,
            to_paragraph_end: true,
        };
        let marks: Vec<Mark> = (1..last).map(mark).collect();
        assert_eq!(last, 301);
        assert_eq!(marked(&document.sentences, &marks), [(1..last, Zone::Background)]);
    }
}
