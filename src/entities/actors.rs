//! Who did it, as claimed or stated: names of the list of attackers, and names that the words
//! around them make attackers (« le groupe X », « revendiquée par X »).

use super::bodies::{Body, Source};
use super::mention::{Mention, What};
use super::reading::Reading;
use crate::model::analysis::Zone;

/// Words that make the next or previous name an attacker.
const CUES: &[&str] = &[
    "groupe",
    "gang",
    "rancongiciel",
    "ransomware",
    "franchise",
    "operateurs",
    "operateur",
    "affilie",
    "affilies",
    "collectif",
    "pirates",
    "hackers",
    "hacker",
    "pirate",
    "cybercriminels",
    "cybercriminel",
    "hacktivistes",
    "hacktiviste",
    "bande",
    "clan",
    "pseudonyme",
    "pseudo",
    "cybergang",
    "mafia",
    "revendique",
    "revendiquee",
    "revendiquees",
    "revendication",
];
/// How many words apart a cue may stand.
const REACH: usize = 6;

/// The attacker's name; none when nobody is named, or only in the background. `is_told` says which
/// sentences are read.
pub(super) fn actor(
    reading: &Reading<'_>,
    victims: &[String],
    is_told: impl Fn(usize) -> bool,
) -> Option<(String, Mention)> {
    let mut best: Option<(f32, &Mention, String)> = None;
    let claims: Vec<usize> = (0..reading.tokens.len())
        .filter(|&index| reading.word(index).starts_with("revendique"))
        .collect();
    for mention in reading.mentions.iter().filter(|mention| is_told(mention.sentence)) {
        let zone_weight = match reading.zone(mention) {
            Zone::Title => 3.0,
            Zone::Lead => 2.0,
            Zone::Body => 1.0,
            Zone::Background | Zone::Teaser => continue,
        };
        let (weight, name) = match &mention.what {
            What::Actor { index, careful } => {
                let has_cue = has_cue(reading, mention);
                if *careful && !has_cue {
                    continue;
                }
                let listed = &reading.gazetteer.actors[usize::from(*index)].name;
                (zone_weight + if has_cue { 2.0 } else { 0.0 } + 1.0, listed.clone())
            }
            What::Body(Body {
                source: Source::Open,
                key,
                name,
                ..
            }) if !victims.contains(key) && is_made_attacker(reading, mention, &claims) => (zone_weight, name.clone()),
            _ => continue,
        };
        if best.as_ref().is_none_or(|(known, _, _)| weight > *known) {
            best = Some((weight, mention, name));
        }
    }
    best.map(|(_, mention, name)| (name, mention.clone()))
}

fn has_cue(reading: &Reading<'_>, mention: &Mention) -> bool {
    let before = reading.before(mention.tokens.start).take(REACH);
    let after = reading.from(mention.tokens.end, mention.sentence).take(REACH);
    before.chain(after).any(|index| CUES.contains(&reading.word(index)))
}

/// « revendiquée par X », « le gang X », « le groupe de pirates X ». `claims` are the words
/// « revendiqué(e)(s) » of the text, in order.
fn is_made_attacker(reading: &Reading<'_>, mention: &Mention, claims: &[usize]) -> bool {
    let mut before = reading.before(mention.tokens.start).map(|index| reading.word(index));
    let first = before.next().unwrap_or("");
    let second = before.next().unwrap_or("");
    let third = before.next().unwrap_or("");
    matches!(
        first,
        "gang"
            | "cybergang"
            | "rancongiciel"
            | "ransomware"
            | "pseudonyme"
            | "pseudo"
            | "hacktivistes"
            | "hackers"
            | "pirates"
            | "cybercriminels"
    ) || (first == "par" && second.starts_with("revendique"))
        || (matches!(first, "groupe" | "collectif")
            && matches!(second, "le" | "du")
            && third.starts_with("par")
            && is_claimed_before(reading, mention, claims))
}

/// Whether one of the claims stands before the mention in its sentence.
fn is_claimed_before(reading: &Reading<'_>, mention: &Mention, claims: &[usize]) -> bool {
    let after = claims.partition_point(|&claim| claim < mention.tokens.start);
    claims[..after]
        .last()
        .is_some_and(|&claim| reading.tokens[claim].sentence == mention.sentence)
}
