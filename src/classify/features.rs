//! What the votes count: a fixed list of named figures about one document. `data/keywords/votes.toml`
//! gives each kind of article a weight for each of them.

use super::phrasebook::{Context, Meaning};
use super::reading::Reading;
use crate::model::analysis::{Assertion, Zone};
use crate::model::label::{ArticleKind, AttackType};

/// What the search for organisations found, as far as the kind of article depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Found {
    /// Confidence of the main victim; 0 when there is none.
    pub victim: f32,
    /// Whether a gazetteer knows it.
    pub victim_listed: bool,
    /// Whether it is a local body, a hospital or a school.
    pub victim_is_public: bool,
    /// Whether it stands in the title.
    pub victim_in_title: bool,
    /// How many victims.
    pub victims: usize,
    /// Whether an attacker is named.
    pub actor: bool,
    /// Whether the day of the attack is told.
    pub event: bool,
}

const PLAIN: [&str; 29] = [
    "bias",
    "title-attack",
    "title-attacks",
    "title-generic",
    "title-hypothetical",
    "title-denied",
    "title-claimed",
    "title-confirmed",
    "lead-attack",
    "lead-generic",
    "lead-claimed",
    "lead-confirmed",
    "body-attack",
    "body-confirmed",
    "background-attack",
    "off-topic",
    "exercise",
    "denial",
    "recurrence",
    "victim",
    "victim-listed",
    "victim-in-title",
    "victim-is-public",
    "victims",
    "actor",
    "event",
    "short",
    "title-computers",
    "computers",
];
const ZONES: [&str; 3] = ["title-kind-", "lead-kind-", "body-kind-"];
const TYPES: [&str; 5] = [
    "title-type-",
    "lead-type-",
    "body-type-",
    "background-type-",
    "denied-type-",
];
/// Below this many bytes a text is "short": a feed's summary.
const SHORT_BYTES: usize = 350;

/// Whether votes may name this feature.
pub fn is_feature(name: &str) -> bool {
    PLAIN.contains(&name)
        || ZONES.iter().any(|zone| {
            name.strip_prefix(zone)
                .is_some_and(|kind| ArticleKind::from_id(kind).is_ok())
        })
        || TYPES.iter().any(|zone| {
            name.strip_prefix(zone)
                .is_some_and(|attack| AttackType::from_id(attack).is_ok())
        })
}

/// The features of one document, each with its value; those that are 0 are left out.
pub fn features(reading: &Reading, found: &Found, text_bytes: usize) -> Vec<(String, f32)> {
    let mut values: Vec<(String, f32)> = Vec::new();
    let mut set = |name: &str, value: f32| {
        if value != 0.0 {
            values.push((name.to_owned(), value));
        }
    };
    let flag = |value: bool| if value { 1.0 } else { 0.0 };
    let has = |zone: Zone, context: Context| {
        reading
            .cues
            .iter()
            .any(|cue| cue.zone == zone && cue.meaning == Meaning::Context(context))
    };
    let sum = |zone: Zone, meaning: Meaning| -> f32 {
        reading
            .cues
            .iter()
            .filter(|cue| cue.zone == zone && cue.meaning == meaning)
            .map(|cue| cue.weight)
            .sum::<f32>()
    };
    let strongest = |zone: Zone| -> f32 {
        let counting = reading
            .statements
            .iter()
            .filter(|statement| statement.zone == zone && statement.assertion.counts());
        counting.map(|statement| statement.weight / 5.0).fold(0.0, f32::max)
    };
    let said = |zone: Zone, assertion: Assertion| {
        reading
            .statements
            .iter()
            .any(|statement| statement.zone == zone && statement.assertion == assertion)
    };
    let everywhere = |context: Context| {
        [Zone::Title, Zone::Lead, Zone::Body]
            .iter()
            .any(|zone| has(*zone, context))
    };
    set("bias", 1.0);
    set("title-attack", strongest(Zone::Title));
    let in_title = reading
        .statements
        .iter()
        .filter(|s| s.zone == Zone::Title && s.assertion.counts())
        .count();
    set("title-attacks", (in_title as f32).min(3.0) / 3.0);
    set("title-generic", flag(has(Zone::Title, Context::Generic)));
    set("title-hypothetical", flag(said(Zone::Title, Assertion::Hypothetical)));
    set("title-denied", flag(said(Zone::Title, Assertion::Denied)));
    set("title-claimed", flag(said(Zone::Title, Assertion::Claimed)));
    set("title-confirmed", flag(has(Zone::Title, Context::Confirmed)));
    set("lead-attack", strongest(Zone::Lead));
    set("lead-generic", flag(has(Zone::Lead, Context::Generic)));
    set("lead-claimed", flag(said(Zone::Lead, Assertion::Claimed)));
    set(
        "lead-confirmed",
        (1.0 + sum(Zone::Lead, Meaning::Context(Context::Confirmed))).ln(),
    );
    set("body-attack", strongest(Zone::Body));
    set(
        "body-confirmed",
        (1.0 + sum(Zone::Body, Meaning::Context(Context::Confirmed))).ln(),
    );
    set("background-attack", strongest(Zone::Background));
    set(
        "off-topic",
        flag(
            [Zone::Title, Zone::Lead]
                .iter()
                .any(|zone| has(*zone, Context::OffTopic) || has(*zone, Context::RuledOut)),
        ),
    );
    set("exercise", flag(everywhere(Context::Exercise)));
    set("denial", flag(everywhere(Context::Denial)));
    set("recurrence", flag(has(Zone::Title, Context::Recurrence)));
    set("victim", found.victim);
    set("victim-listed", flag(found.victim_listed));
    set("victim-is-public", flag(found.victim_is_public));
    set("victim-in-title", flag(found.victim_in_title));
    set("victims", (found.victims as f32).min(4.0) / 4.0);
    set("actor", flag(found.actor));
    set("event", flag(found.event));
    let computers = |zone: Zone| sum(zone, Meaning::Context(Context::Computers));
    set("title-computers", flag(computers(Zone::Title) > 0.0));
    set("computers", (1.0 + computers(Zone::Lead) + computers(Zone::Body)).ln());
    set("short", flag(text_bytes < SHORT_BYTES));
    for attack in AttackType::ALL {
        let of_type = || {
            reading
                .statements
                .iter()
                .filter(|statement| statement.attack == *attack)
        };
        for (zone, prefix) in [Zone::Title, Zone::Lead, Zone::Body, Zone::Background]
            .into_iter()
            .zip(TYPES)
        {
            let counting = of_type().filter(|statement| statement.zone == zone && statement.assertion.counts());
            set(
                &format!("{prefix}{attack}"),
                (1.0 + counting.map(|statement| statement.weight).sum::<f32>()).ln(),
            );
        }
        let denied = of_type().any(|statement| !statement.assertion.counts());
        set(&format!("denied-type-{attack}"), flag(denied));
    }
    for (zone, prefix) in [Zone::Title, Zone::Lead, Zone::Body].into_iter().zip(ZONES) {
        for kind in ArticleKind::ALL {
            set(&format!("{prefix}{kind}"), (1.0 + sum(zone, Meaning::Kind(*kind))).ln());
        }
    }
    values
}
