//! Through whom somebody was hit: a supplier that the text calls one (« son prestataire X », « X, hébergeur de la
//! ville », « la plateforme éditée par X ») and of which it says that the attack struck it or came by it. Software
//! that is merely used, those that help and those that investigate are none. A false supplier costs more than a
//! missed one.

use super::bodies::Source;
use super::mention::{Mention, What};
use super::reading::Reading;
use super::roles::WordRole;
use super::tokens::Gap;
use super::victims::candidates::Candidate;
use super::victims::naming::{is_like_person, is_person_or_place};
use super::victims::syntax::{
    Attack, attacks_of, is_hit_at_once, is_made_attacker, is_participle, is_quote_only, is_spared, qualifies,
};
use crate::model::analysis::Zone;
use crate::model::label::Level;

/// Words between « prestataire » and its name: « fournisseur de logiciels de ressources humaines, la société X ».
const REACH_OF_NAME: usize = 9;
/// Words between a name and « prestataire » after its comma: « X, l'un des principaux prestataires ».
const REACH_OF_APPOSITION: usize = 6;
/// Words between an attack and « chez son prestataire ».
const REACH_OF_ATTACK: usize = 8;
/// Words between « provient », « via » and the supplier.
const REACH_OF_LINK: usize = 6;

/// Where the text calls a body a supplier: the words from « son » or « prestataire » on, before or after the name.
struct Called {
    start: usize,
    /// Whether the name follows: « son prestataire X ».
    leads: bool,
    /// Whether it is said to be somebody's: « son prestataire ».
    is_own: bool,
}

/// The mention by which a candidate is told to be the supplier through whom the attack came; none when the text does
/// not say both that it is a supplier and that it was hit, or that the attack came by it.
pub(super) fn hit_as_supplier(reading: &Reading<'_>, candidate: &Candidate, attacks: &[Attack]) -> Option<Mention> {
    let body = &candidate.body;
    let is_supplier_by_kind = matches!(body.level, None | Some(Level::Syndicate));
    if body.source == Source::Town || !is_supplier_by_kind || body.key.starts_with("pays:") {
        return None;
    }
    let is_told = |sentence: usize| {
        let zone = reading.document.sentences[sentence].zone;
        !matches!(zone, Zone::Background | Zone::Teaser)
    };
    let is_hit = candidate
        .governed
        .iter()
        .chain(&candidate.announced)
        .any(|&at| is_told(at));
    let own = reading.mentions.iter().filter(|mention| {
        matches!(&mention.what, What::Body(other) if other.key == body.key) && is_told(mention.sentence)
    });
    own.filter(|mention| names_an_organisation(reading, mention))
        .find(|mention| {
            called(reading, mention).is_some_and(|called| {
                // Everybody uses Microsoft's software: those of the lists that help or sell must be somebody's own.
                (called.is_own || body.helper == 0)
                    && (is_hit
                        || is_said_hit(reading, mention, attacks)
                        || (called.leads && came_by(reading, mention, called.start, attacks)))
            })
        })
        .cloned()
}

/// « hébergées par X, victime d'un piratage ».
fn is_said_hit(reading: &Reading<'_>, mention: &Mention, attacks: &[Attack]) -> bool {
    !attacks_of(attacks, mention.sentence).is_empty() && is_hit_at_once(reading, mention)
}

/// Neither a person, nor an attacker, nor somebody said to be spared.
fn names_an_organisation(reading: &Reading<'_>, mention: &Mention) -> bool {
    let is_open = matches!(&mention.what, What::Body(body) if body.source == Source::Open);
    !(is_spared(reading, mention)
        || is_made_attacker(reading, mention)
        || is_open && (is_like_person(reading, mention) || is_person_or_place(reading, mention)))
}

fn called(reading: &Reading<'_>, mention: &Mention) -> Option<Called> {
    called_before(reading, mention)
        .or_else(|| supplies_what_was_hit(reading, mention))
        .or_else(|| called_after(reading, mention))
}

/// « son prestataire informatique X », « le sous-traitant X », « son fournisseur de paie, la société X ».
fn called_before(reading: &Reading<'_>, mention: &Mention) -> Option<Called> {
    let mut is_apart = false;
    for index in reading.before(mention.tokens.start).take(REACH_OF_NAME) {
        if reading.tokens[index + 1].gap == Gap::Break && !is_quote_only(reading, index) {
            // One comma or colon, with nothing behind it but « la société ».
            let introduces = |other| reading.is(other, WordRole::Article) || reading.is(other, WordRole::Introduces);
            let opens = is_comma(reading, index + 1) || reading.tokens[index + 1].after_colon;
            if is_apart || !opens || !(index + 1..mention.tokens.start).all(introduces) {
                return None;
            }
            is_apart = true;
        }
        let is_supplier = reading.is(index, WordRole::Supplier);
        if is_supplier || reading.is(index, WordRole::Maker) {
            let owned = possessive_before(reading, index);
            // « l'éditeur X », but « son prestataire, l'éditeur X ».
            if !is_supplier && owned.is_none() {
                continue;
            }
            return Some(Called {
                start: owned.unwrap_or_else(|| determiner_before(reading, index)),
                leads: true,
                is_own: owned.is_some(),
            });
        }
        if reading.tokens[index].capital || cuts(reading, index) {
            return None;
        }
    }
    None
}

/// « X, prestataire de la ville », « X (son hébergeur) ».
fn called_after(reading: &Reading<'_>, mention: &Mention) -> Option<Called> {
    let end = mention.tokens.end;
    let next = reading
        .tokens
        .get(end)
        .filter(|next| next.sentence == mention.sentence)?;
    if !(is_comma(reading, end) || next.bracketed) {
        return None;
    }
    let found = reading
        .from(end, mention.sentence)
        .take(REACH_OF_APPOSITION)
        .take_while(|&index| index == end || reading.tokens[index].gap != Gap::Break)
        .take_while(|&index| !cuts(reading, index) && !reading.tokens[index].capital)
        .find(|&index| reading.is(index, WordRole::Supplier) || reading.is(index, WordRole::Maker))?;
    let is_supplier = reading.is(found, WordRole::Supplier);
    let is_own = possessive_before(reading, found).is_some();
    (is_supplier || is_own).then_some(Called {
        start: found,
        leads: false,
        is_own,
    })
}

/// « la plateforme éditée par la société X », « le logiciel de X ».
fn supplies_what_was_hit(reading: &Reading<'_>, mention: &Mention) -> Option<Called> {
    let mut before = reading
        .before(mention.tokens.start)
        .take(REACH_OF_NAME)
        .skip_while(|&index| {
            let introduces = reading.is(index, WordRole::Introduces) && !reading.is(index, WordRole::Tool);
            introduces || matches!(reading.word(index), "la" | "le" | "l")
        });
    let link = before.next()?;
    let is_whole = (link + 1..=mention.tokens.start).all(|index| reading.tokens[index].gap != Gap::Break);
    let previous = before.next()?;
    let supplies = reading.word(link) == "par"
        && reading.is(previous, WordRole::Supplies)
        && (is_participle(reading, previous) || !reading.written(&(previous..previous + 1)).ends_with(['e', 'E']));
    let is_tool = matches!(reading.word(link), "de" | "d")
        && (reading.is(previous, WordRole::Tool)
            || previous > 0 && qualifies(reading, previous) && reading.is(previous - 1, WordRole::Tool)
            // « le logiciel de paie de X ».
            || previous > 1
                && matches!(reading.word(previous - 1), "de" | "d")
                && reading.is(previous - 2, WordRole::Tool));
    (is_whole && (supplies || is_tool)).then_some(Called {
        start: previous,
        leads: false,
        is_own: false,
    })
}

/// « une fuite chez son prestataire X », « via son prestataire X », « l'attaque provient de son prestataire X ».
/// `start` is the first word of « son prestataire ».
fn came_by(reading: &Reading<'_>, mention: &Mention, start: usize, attacks: &[Attack]) -> bool {
    let in_sentence = attacks_of(attacks, mention.sentence);
    let near: Vec<usize> = reading
        .before(start)
        .take(REACH_OF_ATTACK + 4)
        .take_while(|&index| reading.tokens[index + 1].gap != Gap::Break)
        .collect();
    if near.iter().any(|&index| denies_or_doubts(reading.word(index))) {
        return false;
    }
    let Some(&link) = near.first() else {
        return false;
    };
    let distance = in_sentence
        .iter()
        .filter(|attack| attack.tokens.end <= link + 1 && near.contains(&(attack.tokens.end - 1)))
        .map(|attack| link + 1 - attack.tokens.end)
        .min();
    let at_attack = distance.is_some_and(|distance| match reading.word(link) {
        "chez" => distance <= REACH_OF_ATTACK,
        "contre" | "visant" | "touchant" | "ciblant" | "frappant" | "affectant" => distance <= 5,
        "vise" | "touche" | "cible" | "frappe" | "affecte" => distance <= 5,
        "par" => near
            .get(1)
            .is_some_and(|&index| reading.word(index).starts_with("subi")),
        "de" | "d" | "du" => distance <= 1 || (distance == 2 && qualifies(reading, link - 1)),
        _ => false,
    });
    let by = near.iter().take(REACH_OF_LINK).position(|&index| {
        reading.is(index, WordRole::Through) && !reading.before(index).take(6).any(|other| tells(reading, other))
    });
    let links_only = |count: usize| near.iter().take(count).all(|&index| is_link(reading, index));
    let comes_through = by.is_some_and(links_only) && !in_sentence.is_empty();
    let comes_from = near
        .iter()
        .take(REACH_OF_LINK)
        .any(|&index| reading.is(index, WordRole::Origin))
        && is_link(reading, link)
        && (!in_sentence.is_empty() || near.iter().any(|&index| is_trouble(reading.word(index))));
    at_attack || comes_through || comes_from
}

/// « l'incident », « la faille »: what an attack is called when it was told before.
fn is_trouble(word: &str) -> bool {
    [
        "incident",
        "faille",
        "fuite",
        "violation",
        "intrusion",
        "attaque",
        "piratage",
        "compromission",
    ]
    .iter()
    .any(|start| word.starts_with(start))
}

/// Words that leave it open or deny it.
fn denies_or_doubts(word: &str) -> bool {
    matches!(
        word,
        "pas"
            | "aucun"
            | "aucune"
            | "jamais"
            | "ni"
            | "sans"
            | "ecarte"
            | "exclut"
            | "dement"
            | "pourrait"
            | "pourraient"
            | "peut"
            | "peuvent"
            | "eventuelle"
            | "eventuel"
            | "possible"
            | "hypothese"
            | "risque"
    )
}

/// « la ville informe, via son prestataire »: who speaks through somebody was not hit through it.
fn tells(reading: &Reading<'_>, index: usize) -> bool {
    (reading.is(index, WordRole::Announces) || reading.is(index, WordRole::Says)) && !is_participle(reading, index)
}

fn is_link(reading: &Reading<'_>, index: usize) -> bool {
    reading.is(index, WordRole::Article) || matches!(reading.word(index), "l" | "par" | "un" | "une" | "chez")
}

/// Words that no name of a supplier goes past: verbs, « et », « avec ».
fn cuts(reading: &Reading<'_>, index: usize) -> bool {
    matches!(
        reading.word(index),
        "par"
            | "avec"
            | "pour"
            | "et"
            | "ou"
            | "qui"
            | "que"
            | "dont"
            | "a"
            | "est"
            | "sont"
            | "ont"
            | "sur"
            | "selon"
            | "du"
            | "chez"
            | "contre"
            | "comme"
            | "mais"
    ) || reading.is(index, WordRole::Undergoes)
        || reading.is(index, WordRole::Through)
        || reading.is(index, WordRole::Hit) && is_participle(reading, index)
}

/// « son », « l'un de ses »: where it begins, at most three words before the supplier.
fn possessive_before(reading: &Reading<'_>, supplier: usize) -> Option<usize> {
    let at = reading
        .before(supplier)
        .take(3)
        .take_while(|&index| reading.tokens[index + 1].gap != Gap::Break)
        .find(|&index| {
            matches!(
                reading.word(index),
                "son" | "sa" | "ses" | "leur" | "leurs" | "notre" | "nos"
            )
        })?;
    // « l'un de ses ».
    let mut start = at;
    while start > 0
        && reading.tokens[start - 1].sentence == reading.tokens[at].sentence
        && at - start < 3
        && matches!(reading.word(start - 1), "l" | "un" | "une")
            | (reading.word(start - 1) == "de" && matches!(reading.word(start.wrapping_sub(2)), "un" | "une"))
    {
        start -= 1;
    }
    Some(start)
}

/// « le prestataire », « un sous-traitant »: the article, or the supplier's own word.
fn determiner_before(reading: &Reading<'_>, supplier: usize) -> usize {
    let mut start = supplier;
    while start > 0
        && supplier - start < 2
        && reading.tokens[start - 1].sentence == reading.tokens[supplier].sentence
        && matches!(reading.word(start - 1), "le" | "la" | "l" | "un" | "une" | "sous")
    {
        start -= 1;
    }
    start
}

fn is_comma(reading: &Reading<'_>, index: usize) -> bool {
    let (left, right) = (&reading.tokens[index - 1], &reading.tokens[index]);
    left.original.end <= right.original.start
        && reading.document.text[left.original.end..right.original.start]
            .trim_start_matches(['»', '"', '”', ')', ' '])
            .starts_with(',')
}

#[cfg(test)]
mod tests {
    use crate::entities::tests::read_case;

    /// The names of the main victim and the supplier through whom it was hit; empty where there is none.
    fn told(title: &str, text: &str) -> (String, String) {
        let entities = read_case(title, text, &[], "");
        let main = entities.victims.first().map(|victim| victim.name.clone());
        let provider = entities.provider.map(|provider| provider.name);
        (main.unwrap_or_default(), provider.unwrap_or_default())
    }

    #[test]
    fn suppliers_through_whom_somebody_was_hit() {
        let lines = include_str!("../../tests/data/providers.txt").lines();
        let cases = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut wrong = Vec::new();
        for case in cases {
            let mut parts = case.split('|').map(str::trim);
            let mut next = || parts.next().unwrap_or_default();
            let (expected, title, text) = (next(), next(), next());
            let (main, provider) = told(title, text);
            if provider != expected.trim_matches('-') {
                wrong.push(format!(
                    "{title} / {text}: expected {expected}, found {provider:?} of {main:?}"
                ));
            }
        }
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    }
}
