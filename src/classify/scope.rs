//! How an attack is stated: which of the cues around it reach it. A cue reaches within its clause; words that
//! take the attack as given (« la cyberattaque ») stop the weak ones, and some words only look like cues.

use std::ops::Range;

use super::clause::{AUXILIARIES, has_contrast, same_clause, words};
use super::found::Found;
use super::phrasebook::{Context, Meaning};
use crate::model::analysis::Assertion;
use crate::model::label::AttackType;
use crate::text::document::Document;

/// How far a cue of the whole sentence reaches, so that a line of a megabyte stays linear.
const SENTENCE_REACH_BYTES: usize = 400;
/// How many words, articles apart, may stand between an attack and a cue beside it.
const BESIDE_WORDS: usize = 1;
/// From this weight on, a cue reaches also an attack that the words take as given.
const STRONG: f32 = 2.0;

/// Determiners that take what they stand before as given, folded.
const GIVEN: &[&str] = &[
    "l", "la", "le", "cette", "cet", "ce", "du", "au", "sa", "son", "leur", "notre", "votre",
];
/// The same before several things.
const GIVEN_PLURAL: &[&str] = &["les", "ces", "ses", "leurs", "aux"];
/// Short words that are no adjective between a determiner and the attack.
const SMALL: &[&str] = &[
    "a", "d", "de", "des", "un", "une", "en", "et", "ou", "par", "pour", "sur", "dans", "que", "moindre",
];
/// Words before an attack that make it a circumstance of the sentence, not its subject.
const CIRCUMSTANCE: &[&str] = &[
    "par", "apres", "depuis", "lors", "suite", "pendant", "durant", "contre", "dans", "cause", "raison", "face",
];
/// Words that may stand between such a word and the attack.
const ARTICLES: &[&str] = &[
    "a", "ce", "cet", "cette", "d", "de", "des", "l", "la", "le", "les", "un", "une",
];
/// How a question begins that takes its matter as given.
const EXPLAINING: &[&str] = &[
    "pourquoi", "comment", "quand", "qui", "que", "qu", "quel", "quels", "quelle", "quelles", "combien", "ou",
];

/// How the attack found at `index` is stated: of the cues that reach it the strongest decides.
pub(super) fn assertion(document: &Document, found: &[Found], index: usize) -> Assertion {
    let hit = &found[index];
    let scope = Scope::new(document, hit);
    let mut assertion = if scope.is_denied_within() {
        Assertion::Denied
    } else if scope.is_asked() {
        Assertion::Hypothetical
    } else {
        Assertion::Affirmed
    };
    let (mut confirmed, mut established) = (false, false);
    for cue in around(found, hit).filter(|cue| !cue.void) {
        match cue.meaning {
            Meaning::Context(Context::Established) => established |= touches(&cue.folded, &hit.folded),
            Meaning::Context(Context::Confirmed) => confirmed |= scope.is_after(&cue.folded),
            Meaning::Context(context) => assertion = assertion.max(scope.said(context, cue)),
            _ => {}
        }
    }
    match assertion {
        Assertion::Claimed if confirmed => Assertion::Affirmed,
        Assertion::Denied if established => Assertion::Affirmed,
        other => other,
    }
}

/// Marks the cues that are none: inside words that only look like a cue (« pas moins de »), or of two that look the
/// same way and overlap the one that starts later or is shorter (« pas une » in « n'exclut pas une »).
pub(super) fn void_cues(found: &mut [Found]) {
    let mut no_cue = 0..0;
    for index in 0..found.len() {
        if found[index].meaning != Meaning::Context(Context::NoCue) {
            continue;
        }
        no_cue = found[index].folded.clone();
        let from = no_cue.start.saturating_sub(SENTENCE_REACH_BYTES);
        let first = found.partition_point(|other| other.folded.start < from);
        for other in found[first..]
            .iter_mut()
            .take_while(|other| other.folded.start < no_cue.end)
        {
            let is_claim = other.meaning == Meaning::Context(Context::ClaimedSentence);
            other.void |= !is_claim && way(other.meaning).is_some() && touches(&other.folded, &no_cue);
        }
    }
    let mut last: [Option<usize>; 2] = [None; 2];
    for index in 0..found.len() {
        let cue = &found[index];
        let Some(way @ (Way::Forward | Way::Back)) = way(cue.meaning).filter(|_| !cue.void) else {
            continue;
        };
        let last = &mut last[usize::from(way == Way::Back)];
        let overlapped = last.filter(|last| found[*last].folded.end > cue.folded.start);
        match overlapped.map(|earlier| (earlier, &found[earlier].folded)) {
            Some((earlier, folded)) if folded.start == cue.folded.start && folded.end < cue.folded.end => {
                found[earlier].void = true;
                *last = Some(index);
            }
            Some(_) => found[index].void = true,
            None => *last = Some(index),
        }
    }
}

/// Which way a cue looks for attacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Forward,
    Back,
    Both,
}

/// Which way a cue looks; none for what is no cue.
const fn way(meaning: Meaning) -> Option<Way> {
    let Meaning::Context(context) = meaning else {
        return None;
    };
    match context {
        Context::DeniedBefore | Context::HypotheticalBefore => Some(Way::Forward),
        Context::DeniedAfter | Context::HypotheticalAfter => Some(Way::Back),
        Context::DeniedAlone
        | Context::HypotheticalBeside
        | Context::HypotheticalSentence
        | Context::ClaimedSentence
        | Context::ClaimedBeside
        | Context::Conditional => Some(Way::Both),
        _ => None,
    }
}

/// The phrases near enough to bear on an attack, in its sentence.
pub(super) fn around<'a>(found: &'a [Found], hit: &Found) -> impl Iterator<Item = &'a Found> {
    let from = hit.folded.start.saturating_sub(SENTENCE_REACH_BYTES);
    let to = hit.folded.end + SENTENCE_REACH_BYTES;
    let sentence = hit.sentence;
    let first = found.partition_point(|other| other.folded.start < from);
    found[first..]
        .iter()
        .take_while(move |other| other.folded.start < to)
        .filter(move |other| other.sentence == sentence)
}

/// Whether two ranges share a byte.
pub(super) const fn touches(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// An attack in its sentence.
struct Scope<'a> {
    text: &'a str,
    sentence: Range<usize>,
    hit: Range<usize>,
    /// Whether the words take it as given: « la cyberattaque », « cette nouvelle fuite », « les données volées ».
    is_given: bool,
}

impl<'a> Scope<'a> {
    fn new(document: &'a Document, hit: &Found) -> Scope<'a> {
        let mut scope = Scope {
            text: &document.folded.text,
            sentence: document.sentences[hit.sentence].folded.clone(),
            hit: hit.folded.clone(),
            is_given: false,
        };
        let about_data = matches!(
            hit.meaning,
            Meaning::Attack(AttackType::DataLeak | AttackType::Ransomware | AttackType::Exposure)
        );
        scope.is_given = scope.has_given_determiner(about_data);
        scope
    }

    /// What a cue says of the attack; [`Assertion::Affirmed`] when it does not reach it.
    fn said(&self, context: Context, cue: &Found) -> Assertion {
        let stopped = self.is_given && cue.weight < STRONG;
        let (reaches, said) = match context {
            Context::DeniedBefore => (!stopped && self.is_after(&cue.folded), Assertion::Denied),
            Context::HypotheticalBefore => (!stopped && self.is_after(&cue.folded), Assertion::Hypothetical),
            Context::HypotheticalBeside => {
                let in_order = cue.weight >= STRONG || cue.folded.start < self.hit.start;
                (
                    !stopped && in_order && self.is_beside(&cue.folded),
                    Assertion::Hypothetical,
                )
            }
            Context::ClaimedBeside => (!stopped && self.is_beside(&cue.folded), Assertion::Claimed),
            Context::DeniedAfter => (!stopped && self.is_subject_before(&cue.folded), Assertion::Denied),
            Context::HypotheticalAfter => (!stopped && self.is_subject_before(&cue.folded), Assertion::Hypothetical),
            Context::Conditional => (
                !stopped && (self.is_after(&cue.folded) || self.is_subject_before(&cue.folded)),
                Assertion::Claimed,
            ),
            Context::DeniedAlone => (self.is_denied_alone_by(&cue.folded), Assertion::Denied),
            Context::HypotheticalSentence => (self.shares_sentence(&cue.folded), Assertion::Hypothetical),
            Context::ClaimedSentence => (
                self.shares_sentence(&cue.folded) && !self.is_unclaimed(&cue.folded),
                Assertion::Claimed,
            ),
            _ => (false, Assertion::Affirmed),
        };
        if reaches { said } else { Assertion::Affirmed }
    }

    /// Whether the attack follows the cue in its clause, runs into it, or holds it.
    fn is_after(&self, cue: &Range<usize>) -> bool {
        if cue.end > self.hit.start {
            return cue.start < self.hit.start || (touches(cue, &self.hit) && cue.end <= self.hit.end);
        }
        same_clause(&self.text[cue.end..self.hit.start])
    }

    /// Whether the cue is what is said of the attack: it follows in the same clause, and the attack is no mere
    /// circumstance or owner (« l'auteur du piratage n'a pas été identifié »).
    fn is_subject_before(&self, cue: &Range<usize>) -> bool {
        if cue.start < self.hit.end {
            return cue.start > self.hit.start && touches(cue, &self.hit);
        }
        same_clause(&self.text[self.hit.end..cue.start]) && !self.is_circumstance()
    }

    /// Whether the cue stands right before or after the attack, or within its words.
    fn is_beside(&self, cue: &Range<usize>) -> bool {
        let between = if cue.end <= self.hit.start {
            &self.text[cue.end..self.hit.start]
        } else if cue.start >= self.hit.end {
            &self.text[self.hit.end..cue.start]
        } else {
            return true;
        };
        !between.contains([',', ';', ':', '(', ')', '.', '\n', '?', '!'])
            && words(between)
                .filter(|word| !ARTICLES.contains(word) && *word != "par")
                .nth(BESIDE_WORDS)
                .is_none()
    }

    /// Whether the cue is a denial without an object that ends the sentence: « Fuite à la Ville : le maire dément ».
    fn is_denied_alone_by(&self, cue: &Range<usize>) -> bool {
        if cue.start < self.hit.end || cue.start - self.hit.end > SENTENCE_REACH_BYTES {
            return false;
        }
        let rest = self.text[cue.end..self.sentence.end.max(cue.end)].trim_matches([' ', '.', '!', '\n']);
        rest.is_empty() || (rest.ends_with("ment") && !rest.contains(' '))
    }

    /// Whether nothing between cue and attack sets one against the other.
    fn shares_sentence(&self, cue: &Range<usize>) -> bool {
        let between = if cue.end <= self.hit.start {
            &self.text[cue.end..self.hit.start]
        } else if cue.start >= self.hit.end {
            &self.text[self.hit.end..cue.start]
        } else {
            ""
        };
        !has_contrast(between)
    }

    /// Whether a claim is said not to have been made: « n'a pas été revendiquée ».
    fn is_unclaimed(&self, cue: &Range<usize>) -> bool {
        self.words_before(cue.start).take(5).any(|word| {
            matches!(
                word,
                "pas" | "jamais" | "aucune" | "aucun" | "ni" | "sans" | "personne" | "nul"
            )
        })
    }

    /// Whether the attack's own words hold their denial: « données n'ont pas été volées ».
    fn is_denied_within(&self) -> bool {
        let opens = |word: &&str| matches!(*word, "n" | "ne" | "aucun" | "aucune");
        let (mut is_negated, mut is_excepted) = (false, false);
        for word in words(&self.text[self.hit.clone()]).skip_while(|word| !opens(word)) {
            is_negated |= matches!(
                word,
                "pas" | "jamais" | "aucun" | "aucune" | "rien" | "ni" | "nullement"
            );
            is_excepted |= word == "que";
        }
        is_negated && !is_excepted
    }

    /// Whether a question that may be answered by yes or no asks for the attack.
    fn is_asked(&self) -> bool {
        let end = self.sentence.end.max(self.hit.end);
        let near = |at: usize| self.text.floor_char_boundary(at);
        let before = &self.text
            [near(self.hit.start.saturating_sub(SENTENCE_REACH_BYTES)).max(self.sentence.start)..self.hit.start];
        let after = &self.text[self.hit.end..near(end.min(self.hit.end + SENTENCE_REACH_BYTES))];
        if self.is_given || !after.trim_end().ends_with('?') {
            return false;
        }
        let part = before.rsplit([':', '?', '!']).next().unwrap_or(before);
        let explains = words(part).next().is_some_and(|word| EXPLAINING.contains(&word));
        !explains && !after.contains([':', ',']) && !after.trim_end_matches([' ', '?']).contains('?')
    }

    /// Whether a determiner takes the attack as given: « la cyberattaque », « cette nouvelle fuite », and of data « les
    /// données volées ».
    fn has_given_determiner(&self, about_data: bool) -> bool {
        let own = || words(&self.text[self.hit.clone()]);
        let mut before = self.words_before(self.hit.start);
        let (last, second) = (before.next(), before.next());
        let nearest = [own().next(), last];
        let is_one_of = |set: &[&str]| nearest.iter().flatten().any(|word| set.contains(word));
        if is_one_of(GIVEN) {
            return true;
        }
        let bare_data = about_data && own().nth(1).is_some() && !own().any(|word| AUXILIARIES.contains(&word));
        let of_them = last == Some("des") && matches!(second, Some("aucune" | "aucun"));
        if bare_data && (of_them || is_one_of(GIVEN_PLURAL)) {
            return true;
        }
        let adjective =
            last.is_some_and(|word| word.len() > 2 && !SMALL.contains(&word) && !AUXILIARIES.contains(&word));
        adjective && second.is_some_and(|word| GIVEN.contains(&word))
    }

    /// Whether the attack is a circumstance (« par une cyberattaque ») or an owner (« l'ampleur de la fuite »).
    fn is_circumstance(&self) -> bool {
        let before = |count: usize| self.words_before(self.hit.start).take(count);
        let head = before(4).find(|word| !ARTICLES.contains(word));
        let owned = self.is_given && before(3).any(|word| matches!(word, "de" | "du"));
        owned || head.is_some_and(|word| CIRCUMSTANCE.contains(&word))
    }

    /// The last words before `at` in the sentence, nearest first.
    fn words_before(&self, at: usize) -> impl Iterator<Item = &'a str> + use<'a> {
        let text: &'a str = self.text;
        text[self.sentence.start.min(at)..at]
            .rsplit(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
    }
}
