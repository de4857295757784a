//! Where a name stands in the article, and what makes it somebody cited rather than hit: « selon X »,
//! « comme Y en 2022 », « à Lyon ».

use std::collections::BTreeSet;
use std::ops::Range;

use super::syntax::{Role, is_locative};
use crate::entities::bodies::{Body, Source};
use crate::entities::gazetteer::host_of;
use crate::entities::mention::{Mention, What};
use crate::entities::reading::Reading;
use crate::entities::roles::WordRole;
use crate::entities::tokens::Gap;
use crate::model::analysis::Zone;
use crate::text::fold::slug;

/// Whether the headline begins with the mention: « X : ... », « X victime ».
pub(in crate::entities) fn heads_title(reading: &Reading<'_>, mention: &Mention) -> bool {
    let first = reading.before(mention.tokens.start).take(2).count();
    first <= 1
        || reading.tokens[mention.tokens.start].after_colon
        || reading.tokens[mention.tokens.start - 1].after_colon
}

/// « X : ... ».
pub(in crate::entities) fn is_before_colon(reading: &Reading<'_>, mention: &Mention) -> bool {
    reading
        .tokens
        .get(mention.tokens.end)
        .is_some_and(|next| next.after_colon)
}

/// « Caen au ralenti après le piratage », « les services de La Rochelle » in a headline; not
/// « Gien : », which only tells where.
pub(in crate::entities) fn stands_for_itself(reading: &Reading<'_>, mention: &Mention, role: Role) -> bool {
    let is_dateline = is_before_colon(reading, mention);
    // « Paris accuse Moscou »: the government is meant.
    let is_capital = matches!(&mention.what, What::Body(body) if body.key == "commune:75056");
    reading.zone(mention) == Zone::Title
        && !is_capital
        && !is_locative(reading, mention)
        && ((heads_title(reading, mention) && !is_dateline) || role.owner)
}

/// Whether the mention only completes the body named just before it.
pub(in crate::entities) fn completes_another(reading: &Reading<'_>, mention: &Mention) -> bool {
    let Some(previous) = reading.before(mention.tokens.start).take(4).find(|&index| {
        !matches!(
            reading.word(index),
            "de" | "du" | "des" | "d" | "la" | "le" | "l" | "les"
        )
    }) else {
        return false;
    };
    previous + 1 < mention.tokens.start
        && (previous + 1..=mention.tokens.start).all(|index| reading.tokens[index].gap != Gap::Break)
        && matches!(reading.word(previous + 1), "de" | "du" | "des" | "d")
        && reading
            .ending_before(previous + 1)
            .is_some_and(|other| match &other.what {
                What::Head(_) => true,
                What::Body(body) => body.source != Source::Open,
                _ => false,
            })
}

/// « le ministère des Sports, de la Jeunesse et des Associations »: what the ministry is for goes on.
pub(in crate::entities) fn continues_ministry(reading: &Reading<'_>, mention: &Mention) -> bool {
    let mut at = mention.tokens.start;
    let mut has_link = false;
    while at > 0
        && matches!(
            reading.word(at - 1),
            "de" | "du" | "des" | "d" | "la" | "le" | "l" | "les" | "et"
        )
    {
        has_link |= matches!(reading.word(at - 1), "de" | "du" | "des" | "d");
        at -= 1;
    }
    let is_led = has_link && at > 0 && reading.tokens[at - 1].sentence == mention.sentence;
    is_led
        && reading
            .ending_before(at)
            .is_some_and(|other| matches!(&other.what, What::Body(body) if body.key.starts_with("etat:ministere")))
}

/// « selon X », « après X », « avec l'aide de X », « revendiquée par X ».
pub(in crate::entities) fn is_held_back(reading: &Reading<'_>, mention: &Mention) -> bool {
    for (steps, index) in reading.before(mention.tokens.start).enumerate().take(4) {
        let word = reading.word(index);
        if reading.is(index, WordRole::HoldsBack) {
            // « piratage sur X », « attaque par rebond sur X ».
            return word != "sur" || steps > 1;
        }
        if !reading.is(index, WordRole::Article) && !reading.is(index, WordRole::Introduces) {
            return false;
        }
        if reading.tokens[index + 1].gap == Gap::Break {
            return false;
        }
    }
    false
}

/// « Après l'attaque contre X et le piratage de Y, ... »: cases before this one.
pub(in crate::entities) fn follows_another_case(reading: &Reading<'_>, mention: &Mention) -> bool {
    let start = reading
        .tokens
        .partition_point(|token| token.sentence < mention.sentence);
    // « Quelques semaines seulement après la cyberattaque contre X, ... ».
    let opens = matches!(reading.word(start), "apres" | "outre" | "comme")
        || (start..start + 6).any(|index| {
            reading.word(index) == "apres"
                && matches!(
                    reading.word(start),
                    "quelques" | "quelque" | "moins" | "un" | "une" | "deux" | "trois"
                )
                && !matches!(reading.word(start + 1), "mois" | "semaine")
        });
    let comma = reading
        .from(start, mention.sentence)
        .skip(1)
        .take(40)
        .find(|&index| reading.tokens[index].gap == Gap::Break)
        .unwrap_or(usize::MAX);
    opens && mention.tokens.start < comma
}

/// « telle que celle qui a touché X », « à l'image de X »: another case.
pub(in crate::entities) fn is_likened_to(reading: &Reading<'_>, mention: &Mention) -> bool {
    reading.before(mention.tokens.start).take(10).any(|index| {
        let (word, next) = (reading.word(index), reading.word(index + 1));
        (matches!(word, "tel" | "telle" | "telles" | "tels") && next == "que")
            || (matches!(word, "comme" | "que") && matches!(next, "celle" | "celui" | "celles" | "ceux"))
            || (word == "image" && next == "de" && reading.word(index.wrapping_sub(1)) == "l")
            || (word == "instar" && matches!(next, "de" | "du" | "d"))
    })
}

/// « l'Amazon coréen »: somebody else is meant.
pub(in crate::entities) fn is_likened(reading: &Reading<'_>, mention: &Mention) -> bool {
    let start = mention.tokens.start;
    start > 0
        && matches!(reading.word(start - 1), "l" | "le" | "la" | "un")
        && reading
            .starting_at(mention.tokens.end)
            .is_some_and(|other| matches!(other.what, What::Country(_)))
        && matches!(&mention.what, What::Body(body) if body.source == Source::Listed && mention.tokens.len() == 1)
}

/// The sentences that tell an earlier year: « ... en 2022 ».
pub(in crate::entities) fn sentences_of_other_years(reading: &Reading<'_>, published_year: i16) -> BTreeSet<usize> {
    (0..reading.tokens.len())
        .filter(|&index| {
            let word = reading.word(index);
            word.starts_with(|c: char| c.is_ascii_digit())
                && word
                    .parse::<i16>()
                    .is_ok_and(|year| (2005..published_year).contains(&year))
        })
        .map(|index| reading.tokens[index].sentence)
        .collect()
}

/// Where the site's name begins that many pages put after the headline: « ... - Le Parisien ».
pub(in crate::entities) fn title_suffix(reading: &Reading<'_>) -> Range<usize> {
    let end = reading
        .tokens
        .partition_point(|token| reading.document.sentences[token.sentence].line == 0);
    let dash = (1..end).rev().take(5).find(|&index| {
        let between =
            &reading.document.text[reading.tokens[index - 1].original.end..reading.tokens[index].original.start];
        between.contains(" - ") || between.contains(" – ") || between.contains(" | ")
    });
    dash.unwrap_or(end)..end
}

/// The letters of the site at this address.
pub(in crate::entities) fn site_of(url: &str) -> String {
    host_of(url).split('.').map(letters).collect()
}

/// The words of the last part of an article's address that has any, each between hyphens: « -le-chu-de-lille-paralyse- ».
/// The folders before it are sections: « /bretagne/rennes-35000/ ».
pub(in crate::entities) fn path_of(url: &str) -> String {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = after_scheme.split_once('/').map_or("", |(_, path)| path);
    let path = path.split(['?', '#']).next().unwrap_or("");
    let has_words = |part: &&str| part.contains(|c: char| c.is_alphabetic());
    format!("-{}-", slug(path.rsplit('/').find(has_words).unwrap_or("")))
}

/// Letters of the words of a name that are looked for in an address.
const PATH_WORD: usize = 3;

/// Whether an address names a body, by its name or as `written`: with all words that tell it from others of
/// its kind, « Lille » of « Ville de Lille ».
pub(in crate::entities) fn is_in_path(body: &Body, written: &str, path: &str) -> bool {
    let is_cued = matches!(body.source, Source::Cue | Source::Town);
    let holds_word = |word: &str| may_begin_in(path, word) && path.contains(&format!("-{}-", slug(word)));
    let is_told = |word: &&str| word.chars().count() >= PATH_WORD && !slug(word).is_empty();
    let holds = |name: &str| {
        let first = words_of(name).next().unwrap_or("");
        // « Saint-Denis » alone has no cue to leave out.
        let has_cue = is_cued && !words_of(&body.name).skip(1).any(|word| word == first);
        let proper = || {
            words_of(name)
                .skip(1)
                .filter(|word| word.starts_with(char::is_uppercase))
                .filter(is_told)
        };
        let all = || words_of(name).filter(is_told);
        if has_cue && proper().next().is_some() {
            proper().all(holds_word)
        } else {
            all().next().is_some() && all().all(holds_word)
        }
    };
    holds(&body.name) || (written != body.name && holds(written))
}

/// The words of a name, those within hyphens too.
fn words_of(name: &str) -> impl Iterator<Item = &str> {
    name.split([' ', '’', '\'', '-', '.']).filter(|word| !word.is_empty())
}

/// Whether a word of a path begins like this one: most do not, which is quickly said.
fn may_begin_in(path: &str, word: &str) -> bool {
    match word.as_bytes() {
        [first, second, ..] if first.is_ascii_alphanumeric() && second.is_ascii_alphanumeric() => {
            let beginning = [b'-', first.to_ascii_lowercase(), second.to_ascii_lowercase()];
            path.as_bytes().windows(beginning.len()).any(|bytes| bytes == beginning)
        }
        _ => true,
    }
}

/// Whether a name is the one of the site of these letters.
pub(in crate::entities) fn is_outlet(name: &str, site: &str) -> bool {
    // Most names are longer than a site's.
    if name.chars().filter(char::is_ascii_alphanumeric).count() > site.len() {
        return false;
    }
    let name = letters(name);
    name.len() >= 3 && site.contains(&name)
}

fn letters(text: &str) -> String {
    slug(text).replace('-', "")
}

/// « est lui aussi touché », « a également été visée ».
pub(in crate::entities) fn is_said_also(reading: &Reading<'_>, mention: &Mention) -> bool {
    reading
        .from(mention.tokens.end, mention.sentence)
        .take(24)
        .any(|index| match reading.word(index) {
            "aussi" => matches!(
                reading.word(index - 1),
                "lui" | "elle" | "eux" | "elles" | "est" | "sont" | "a" | "ont"
            ),
            "egalement" | "pareillement" => true,
            _ => false,
        })
}

/// « X a elle aussi été touchée »: another was hit before; « aussi » stands right at its verb.
pub(in crate::entities) fn is_hit_besides(reading: &Reading<'_>, mention: &Mention) -> bool {
    reading
        .from(mention.tokens.end, mention.sentence)
        .take(6)
        .any(|index| match reading.word(index) {
            "aussi" => matches!(reading.word(index - 1), "lui" | "elle" | "eux" | "elles"),
            "egalement" => matches!(reading.word(index - 1), "a" | "ont" | "est" | "sont" | "ete"),
            _ => false,
        })
}

/// « les communes du département »: in small letters, the land rather than its council.
pub(in crate::entities) fn is_area_alone(reading: &Reading<'_>, mention: &Mention) -> bool {
    let start = mention.tokens.start;
    matches!(mention.what, What::Head(_)) && reading.word(start) == "departement" && !reading.tokens[start].capital
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::analysis::Place;

    fn body_of(name: &str, source: Source) -> Body {
        Body {
            key: "nom:x".to_owned(),
            name: name.to_owned(),
            sector: None,
            level: None,
            place: Place::default(),
            country: None,
            source,
            helper: 0,
        }
    }

    #[test]
    fn an_address_names_a_body_by_the_words_that_tell_it() {
        let path = path_of("https://exemple.fr/actu/12-la-mairie-de-mirvaline-sur-oise-piratee?id=lille#top");
        assert_eq!(path, "-12-la-mairie-de-mirvaline-sur-oise-piratee-");
        let named = |name: &str, source: Source| is_in_path(&body_of(name, source), name, &path);
        assert!(named("Ville de Mirvaline-sur-Oise", Source::Cue));
        assert!(named("Mirvaline", Source::Open));
        assert!(!named("Ville de Lille", Source::Cue));
        assert!(!named("Mirvaline Industrie", Source::Open));
        assert!(!named("La", Source::Open));
        assert_eq!(path_of("https://exemple.fr"), "--");
        // Sections are no part of what is told, numbers no words.
        assert_eq!(
            path_of("https://exemple.fr/bretagne/rennes-35000/un-lycee-pirate/4521/"),
            "-un-lycee-pirate-"
        );
        // Neither half a name nor signs without letters.
        let named_in =
            |name: &str, written: &str, source: Source, path: &str| is_in_path(&body_of(name, source), written, path);
        let path = "-une-attaque-contre-denis-trovaz-";
        assert!(!named_in("CH Saint-Denis", "CH Saint-Denis", Source::Cue, path));
        assert!(!named_in("Ville de Saint-Denis", "Saint-Denis", Source::Town, path));
        assert!(named_in(
            "CH Saint-Denis",
            "CH Saint-Denis",
            Source::Cue,
            "-le-ch-de-saint-denis-"
        ));
        assert!(!named_in("+++", "+++", Source::Open, "--"));
    }
}
