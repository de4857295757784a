//! Clauses of folded French: where what is said of one thing ends, and something else begins.

use crate::text::needles::Needles;

/// How far a cue reaches within its clause, in folded bytes: about ten words.
const REACH_BYTES: usize = 64;
/// The longest aside between two commas that a cue steps over: « dément, dans un communiqué, avoir… ».
const ASIDE_BYTES: usize = 48;

/// Words that end the clause of a cue, besides punctuation.
static CLAUSE_BREAKS: Needles = Needles::new(&[
    "alors que ",
    "apres ",
    "a cause ",
    "a la suite ",
    "bien que ",
    "car ",
    "dans le cadre ",
    "depuis ",
    "dont ",
    "en marge ",
    "en raison ",
    "et a ",
    "et est ",
    "et l ",
    "et la ",
    "et le ",
    "et les ",
    "et ont ",
    "et sont ",
    "il y a ",
    "lors d",
    "malgre ",
    "parce que ",
    "puisque ",
    "qui ",
    "suite a",
]);
/// Words, and « ; », that set what follows against what stands before; they end even a cue of the sentence.
static CONTRASTS: Needles = Needles::new(&[
    "mais ",
    "cependant ",
    "toutefois ",
    "neanmoins ",
    "pourtant ",
    "en revanche ",
    "tandis que ",
    "alors que ",
    "contrairement ",
]);
/// How an aside between two commas begins.
const ASIDES: &[&str] = &[
    "a ce ",
    "a l heure ",
    "a priori",
    "affirme",
    "assure",
    "au ",
    "bien ",
    "ce ",
    "d apres ",
    "dans ",
    "dimanche",
    "en ",
    "hier",
    "indique",
    "jeudi",
    "lundi",
    "mardi",
    "mercredi",
    "par ",
    "pour l instant",
    "pour le moment",
    "precise",
    "samedi",
    "selon ",
    "vendredi",
];
/// How a list goes on after a comma: « pas de vol de données, de rançon… ».
const LIST: &[&str] = &[
    "de", "d", "ni", "ni de", "ni d", "ou", "ou de", "ou d", "d une", "d un", "ou d une", "ou d un",
];
/// Auxiliary verbs: data « que des pirates ont volées » may be in doubt, « les données volées » are given.
pub(super) const AUXILIARIES: &[&str] = &[
    "a", "aient", "ait", "auraient", "avaient", "avoir", "est", "ete", "etre", "ont", "seraient", "soient", "sont",
];

/// Whether words after a comma go on with a list of things denied or feared: « , de rançon ou d'… ».
fn goes_on(part: &str) -> bool {
    LIST.iter()
        .any(|start| part.strip_prefix(start).is_some_and(|rest| rest.starts_with(' ')))
        && !words(part).any(|word| AUXILIARIES.contains(&word))
}

/// The words of a text.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    crate::text::words::words(text).map(|range| &text[range])
}

/// Whether a text sets what follows it against what stands before.
pub(super) fn has_contrast(text: &str) -> bool {
    CONTRASTS.are_after_space(text) || text.contains("; ")
}

/// Whether nothing between a cue and an attack ends the clause, and they stand near each other. An aside between
/// two commas is stepped over; a comma may also go on with a list: « pas de vol de données, de rançon ».
pub(super) fn same_clause(between: &str) -> bool {
    let ends = |byte: u8| matches!(byte, b';' | b':' | b'(' | b')' | b'.' | b'\n' | b'?' | b'!');
    if between.len() > REACH_BYTES + ASIDE_BYTES || between.bytes().any(ends) {
        return false;
    }
    let mut parts = between.split(',').map(str::trim);
    let near = match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (_, None, _, _) => between.len() <= REACH_BYTES,
        (_, Some(last), None, _) => between.len() <= REACH_BYTES && (LIST.contains(&last) || goes_on(last)),
        (Some(first), Some(aside), Some(last), None) => {
            aside.len() <= ASIDE_BYTES
                && ASIDES.iter().any(|start| aside.starts_with(start))
                && first.len() + last.len() <= REACH_BYTES
        }
        _ => false,
    };
    near && !CLAUSE_BREAKS.are_after_space(between) && !has_contrast(between) && !ends_with_victims(between)
}

/// Whether the clause goes on to somebody who was hit: « pas de cours dans la commune touchée par une… ». « N'a pas
/// été touchée par » stays one clause.
fn ends_with_victims(between: &str) -> bool {
    const HIT: [&str; 6] = ["victime", "touche", "vise", "frappe", "paralyse", "pirate"];
    let mut pairs = words(between).zip(words(between).skip(1)).skip(1);
    pairs.any(|(word, next)| {
        matches!(next, "par" | "d" | "de")
            && HIT.iter().any(|hit| {
                word.strip_prefix(hit)
                    .is_some_and(|end| matches!(end, "" | "e" | "s" | "es"))
            })
    }) && !words(between).any(|word| AUXILIARIES.contains(&word))
}
