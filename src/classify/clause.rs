//! Clauses of folded French: where what is said of one thing ends, and something else begins.

/// How far a cue reaches within its clause, in folded bytes: about ten words.
const REACH_BYTES: usize = 64;
/// The longest aside between two commas that a cue steps over: « dément, dans un communiqué, avoir… ».
const ASIDE_BYTES: usize = 48;

/// Words that end the clause of a cue, besides punctuation.
const CLAUSE_BREAKS: &[&str] = &[
    " alors que ",
    " apres ",
    " a cause ",
    " a la suite ",
    " bien que ",
    " car ",
    " dans le cadre ",
    " depuis ",
    " dont ",
    " en marge ",
    " en raison ",
    " et a ",
    " et est ",
    " et l ",
    " et la ",
    " et le ",
    " et les ",
    " et ont ",
    " et sont ",
    " il y a ",
    " lors d",
    " malgre ",
    " parce que ",
    " puisque ",
    " qui ",
    " suite a",
];
/// Words that set what follows against what stands before; they end even a cue of the sentence.
const CONTRASTS: &[&str] = &[
    " mais ",
    " cependant ",
    " toutefois ",
    " neanmoins ",
    " pourtant ",
    " en revanche ",
    " tandis que ",
    " alors que ",
    " contrairement ",
    "; ",
];
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
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// Whether a text sets what follows it against what stands before.
pub(super) fn has_contrast(text: &str) -> bool {
    contains_any(text, CONTRASTS)
}

fn contains_any(text: &str, needles: &[&str]) -> bool {
    needles.iter().any(|needle| text.contains(needle))
}

/// Whether nothing between a cue and an attack ends the clause, and they stand near each other. An aside between
/// two commas is stepped over; a comma may also go on with a list: « pas de vol de données, de rançon ».
pub(super) fn same_clause(between: &str) -> bool {
    if between.len() > REACH_BYTES + ASIDE_BYTES || between.contains([';', ':', '(', ')', '.', '\n', '?', '!']) {
        return false;
    }
    let parts: Vec<&str> = between.split(',').map(str::trim).collect();
    let near = match parts.as_slice() {
        [_] => between.len() <= REACH_BYTES,
        [_, last] => between.len() <= REACH_BYTES && (LIST.contains(last) || goes_on(last)),
        [first, aside, last] => {
            aside.len() <= ASIDE_BYTES
                && ASIDES.iter().any(|start| aside.starts_with(start))
                && first.len() + last.len() <= REACH_BYTES
        }
        _ => false,
    };
    near && !contains_any(between, CLAUSE_BREAKS) && !has_contrast(between) && !ends_with_victims(between)
}

/// Whether the clause goes on to somebody who was hit: « pas de cours dans la commune touchée par une… ». « N'a pas
/// été touchée par » stays one clause.
fn ends_with_victims(between: &str) -> bool {
    const HIT: [&str; 6] = ["victime", "touche", "vise", "frappe", "paralyse", "pirate"];
    let all: Vec<&str> = words(between).collect();
    all.windows(2).skip(1).any(|pair| {
        let hit = HIT.iter().any(|hit| {
            pair[0]
                .strip_prefix(hit)
                .is_some_and(|end| matches!(end, "" | "e" | "s" | "es"))
        });
        hit && matches!(pair[1], "par" | "d" | "de")
    }) && !all.iter().any(|word| AUXILIARIES.contains(word))
}
