//! The place of a name in its sentence: what an attack bears on, who is said to be hit, whose machines
//! they are, who announces it.

use std::ops::Range;

use super::naming::is_like_person;
use crate::entities::bodies::Source;
use crate::entities::mention::{Mention, What};
use crate::entities::reading::Reading;
use crate::entities::roles::WordRole;
use crate::entities::tokens::Gap;
use crate::model::analysis::{Statement, Zone};

/// The words of an attack that counts.
pub(in crate::entities) struct Attack {
    pub tokens: Range<usize>,
    pub sentence: usize,
}

pub(in crate::entities) fn attack_spans(reading: &Reading<'_>, statements: &[Statement]) -> Vec<Attack> {
    let mut attacks: Vec<Attack> = statements
        .iter()
        .filter(|statement| statement.assertion.counts() && statement.zone != Zone::Teaser)
        .map(|statement| Attack {
            tokens: tokens_of(reading, statement),
            sentence: statement.sentence,
        })
        .collect();
    attacks.sort_by_key(|attack| attack.sentence);
    attacks
}

/// The words of a statement.
pub(in crate::entities) fn tokens_of(reading: &Reading<'_>, statement: &Statement) -> Range<usize> {
    let start = reading
        .tokens
        .partition_point(|token| token.original.end <= statement.start);
    let end = reading
        .tokens
        .partition_point(|token| token.original.start < statement.end);
    start..end.max(start)
}

/// Attack words of one sentence that are compared with a name; nobody writes more.
const ATTACKS_READ: usize = 64;

pub(in crate::entities) fn attacks_of(attacks: &[Attack], sentence: usize) -> &[Attack] {
    let first = attacks.partition_point(|attack| attack.sentence < sentence);
    let following = attacks[first..].iter();
    let count = following
        .take(ATTACKS_READ)
        .take_while(|attack| attack.sentence == sentence)
        .count();
    &attacks[first..first + count]
}

/// The place of a mention in its sentence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::entities) struct Role {
    /// « cyberattaque contre X ».
    pub object: bool,
    /// « X victime de ».
    pub subject: bool,
    /// « les serveurs de X ».
    pub owner: bool,
}

/// The roles of all mentions. Members of a list share theirs: « les sites de X, Y et Z visés ».
pub(in crate::entities) fn roles(reading: &Reading<'_>, attacks: &[Attack]) -> Vec<Role> {
    let mut roles: Vec<Role> = reading
        .mentions
        .iter()
        .map(|mention| {
            if !matches!(mention.what, What::Body(_) | What::Head(_) | What::Country(_)) {
                return Role::default();
            }
            let in_sentence = attacks_of(attacks, mention.sentence);
            if is_seat(reading, mention) {
                return Role::default();
            }
            let is_locative = is_locative(reading, mention);
            Role {
                // « cyberattaque à Lille », but not « le pirate, jugé à Lille ».
                object: is_object(reading, mention, in_sentence) && (!is_locative || stands_at(mention, in_sentence)),
                subject: !is_locative && is_subject(reading, mention, !in_sentence.is_empty()),
                owner: owns_what_was_hit(reading, mention),
            }
        })
        .collect();
    for index in 1..roles.len() {
        let before = roles[index - 1];
        if (before.object || before.owner) && are_listed_together(reading, index - 1, index) {
            roles[index].object |= before.object;
            roles[index].owner |= before.owner;
        }
    }
    for index in (1..roles.len()).rev() {
        if roles[index].subject && are_listed_together(reading, index - 1, index) {
            roles[index - 1].subject = true;
        }
    }
    roles
}

/// « X annonce être », « X confirme avoir été »: what it tells happened to itself.
pub(in crate::entities) fn says_of_itself(reading: &Reading<'_>, mention: &Mention) -> bool {
    reading
        .from(mention.tokens.end, mention.sentence)
        .take(12)
        .any(|index| {
            reading.is(index, WordRole::Announces)
                && match reading.word(index + 1) {
                    "etre" => true,
                    "avoir" => matches!(reading.word(index + 2), "ete" | "subi"),
                    _ => false,
                }
        })
}

/// Whether nothing but a preposition stands between an attack and the name.
pub(in crate::entities) fn stands_at(mention: &Mention, attacks: &[Attack]) -> bool {
    attacks
        .iter()
        .any(|attack| attack.tokens.end <= mention.tokens.start && mention.tokens.start - attack.tokens.end <= 2)
}

/// « X et Y », « X, Y »: two bodies with nothing but links between them.
pub(in crate::entities) fn are_listed_together(reading: &Reading<'_>, left: usize, right: usize) -> bool {
    let (left, right) = (&reading.mentions[left], &reading.mentions[right]);
    let (start, end) = (left.tokens.end, right.tokens.start);
    let is_body = |mention: &Mention| match &mention.what {
        What::Body(body) => body.source != Source::Open && body.helper == 0,
        What::Head(_) => true,
        _ => false,
    };
    if is_seat(reading, left)
        || left.sentence != right.sentence
        || !is_body(left)
        || !is_body(right)
        || end < start
        || end - start > 4
    {
        return false;
    }
    let between = &reading.document.text[reading.tokens[start - 1].original.end..reading.tokens[end].original.start];
    let is_joined = between.contains(',') || (start..end).any(|index| reading.word(index) == "et");
    is_joined
        && !between.contains(['.', ':', ';', '(', ')'])
        && (start..end).all(|index| {
            matches!(
                reading.word(index),
                "et" | "la"
                    | "le"
                    | "l"
                    | "les"
                    | "de"
                    | "du"
                    | "des"
                    | "d"
                    | "ainsi"
                    | "que"
                    | "celle"
                    | "celui"
                    | "son"
                    | "sa"
            )
        })
}

/// « cyberattaque contre X », « fuite de données chez X », « les pirates visent X ».
pub(in crate::entities) fn is_object(reading: &Reading<'_>, mention: &Mention, attacks: &[Attack]) -> bool {
    let mut steps = 0;
    let mut linked = starts_with_link(reading, mention.tokens.start);
    for index in reading.before(mention.tokens.start) {
        let word = reading.word(index);
        let next_gap = reading.tokens.get(index + 1).map_or(Gap::Break, |token| token.gap);
        if next_gap == Gap::Break && steps > 0 && !is_quote_only(reading, index) {
            // « Cyberattaque : X victime » is another pattern; a comma ends this one.
            return false;
        }
        if attacks.iter().any(|attack| attack.tokens.contains(&index)) {
            // Headlines leave the link out: « Fuite de données Krimovia ».
            return linked || (steps == 0 && is_telegraphic(reading, mention));
        }
        // « s'en prend à X », not « prend X ».
        if word.starts_with("pren") && reading.word(index.wrapping_sub(1)) != "en" {
            return false;
        }
        if reading.is(index, WordRole::Attacking) && (!is_participle(reading, index) || is_active(reading, index)) {
            return true;
        }
        if word == "par" || reading.is(index, WordRole::HoldsBack) && word != "sur" {
            return false;
        }
        if reading.is(index, WordRole::Article) {
            linked |= !matches!(
                word,
                "la" | "le" | "les" | "l" | "un" | "une" | "cette" | "ce" | "ses" | "plusieurs"
            );
        } else if !(reading.is(index, WordRole::Introduces)
            || reading.is(index, WordRole::Asset)
            || reading.is(index, WordRole::Qualifies))
        {
            steps += 2;
        }
        steps += 1;
        if steps > 6 {
            return false;
        }
    }
    false
}

pub(in crate::entities) fn is_telegraphic(reading: &Reading<'_>, mention: &Mention) -> bool {
    reading.zone(mention) == Zone::Title
        && reading.tokens[mention.tokens.start].gap == Gap::Soft
        && matches!(&mention.what, What::Body(body) if matches!(body.source, Source::Open | Source::Listed | Source::ListedCareful))
}

pub(in crate::entities) fn starts_with_link(reading: &Reading<'_>, at: usize) -> bool {
    matches!(reading.word(at), "du" | "au" | "des" | "aux")
}

pub(in crate::entities) fn is_quote_only(reading: &Reading<'_>, index: usize) -> bool {
    let (Some(left), Some(right)) = (reading.tokens.get(index), reading.tokens.get(index + 1)) else {
        return false;
    };
    left.original.end <= right.original.start
        && reading.document.text[left.original.end..right.original.start]
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, '"' | '«' | '»' | '“' | '”'))
}

/// Whether the word as written ends in -é(e)(s): folding hides what tells « piraté » from « pirate ».
pub(in crate::entities) fn is_participle(reading: &Reading<'_>, index: usize) -> bool {
    let written = reading.written(&(index..index + 1));
    let bare = written.strip_suffix(['s', 'S']).unwrap_or(written);
    bare.strip_suffix(['e', 'E']).unwrap_or(bare).ends_with(['é', 'É'])
}

/// « a piraté X », « ont visé X »: a participle after « avoir » that is not « a été ».
pub(in crate::entities) fn is_active(reading: &Reading<'_>, index: usize) -> bool {
    let written = reading.written(&(index..index + 1));
    index > 0
        && written.ends_with(['é', 'É'])
        && matches!(
            reading.word(index - 1),
            "a" | "ont" | "avoir" | "aurait" | "auraient" | "ayant" | "avait" | "avaient"
        )
}

/// Asides after a name that are stepped over; nobody writes more.
const MOST_ASIDES: usize = 16;

/// « X victime de », « X, visée par », « X a été piratée », « X subit ».
pub(in crate::entities) fn is_subject(reading: &Reading<'_>, mention: &Mention, has_attack: bool) -> bool {
    // « Dole : la société X piratée ».
    let is_dateline = matches!(&mention.what, What::Body(body) if body.source == Source::Town)
        && reading
            .tokens
            .get(mention.tokens.end)
            .is_some_and(|next| next.after_colon);
    let mut steps = 0;
    let mut aside_until = 0;
    let mut asides = 0;
    for index in reading.from(mention.tokens.end, mention.sentence) {
        let word = reading.word(index);
        if index < aside_until {
            continue;
        }
        // « X, dont le réseau est partagé avec Y, est touché »: the aside is stepped over.
        if asides < MOST_ASIDES
            && reading.tokens[index].gap == Gap::Break
            && reading.is(index, WordRole::OpensAside)
            && let Some(end) = end_of_aside(reading, index, mention.sentence)
        {
            aside_until = end;
            asides += 1;
            continue;
        }
        let is_plain = reading.is(index, WordRole::Undergoes);
        let is_marked = reading.is(index, WordRole::Hit)
            && (is_participle(reading, index) || word.starts_with("compromis") || reading.tokens[index].upper);
        // « rendus inaccessibles par des pirates ».
        let is_made_unreachable = (word.starts_with("inaccessible") || word.starts_with("indisponible"))
            && index > 0
            && reading.word(index - 1).starts_with("rendu");
        if is_marked || is_made_unreachable || (is_plain && (has_attack || matches!(word, "victime" | "victimes"))) {
            let negated = reading.before(index).take(3).any(|before| {
                matches!(
                    reading.word(before),
                    "pas" | "jamais" | "ni" | "ne" | "n" | "aucun" | "aucune"
                )
            });
            return !negated;
        }
        let intervenes = reading.starting_at(index).is_some_and(|other| match &other.what {
            What::Body(body) => body.source != Source::Open || is_dateline,
            What::Head(_) => true,
            _ => false,
        });
        let coordinates = index > 0 && matches!(reading.word(index - 1), "et" | "l" | "la" | "le" | "de" | "d" | "les");
        if intervenes && !coordinates {
            return false;
        }
        steps += match word {
            "est" | "a" | "ete" | "ont" | "sont" | "se" | "dit" | "avoir" | "etre" | "aurait" | "serait" | "et"
            | "la" | "le" | "les" | "l" | "de" | "sa" | "son" | "une" | "un" | "d" => 1,
            "selon" | "explique" | "rappelle" | "ou" | "dont" | "apres" | "comme" => 6,
            _ => 2,
        };
        if steps > 10 {
            return false;
        }
    }
    false
}

/// Where the clause that begins here after a comma is closed by another one.
pub(in crate::entities) fn end_of_aside(reading: &Reading<'_>, start: usize, sentence: usize) -> Option<usize> {
    let comma = |index: usize| {
        let between =
            &reading.document.text[reading.tokens[index - 1].original.end..reading.tokens[index].original.start];
        between.trim_start_matches(')').trim_start().starts_with(',')
    };
    if start == 0 || !comma(start) {
        return None;
    }
    reading
        .from(start + 1, sentence)
        .take(20)
        .find(|&index| reading.tokens[index].gap == Gap::Break && comma(index))
}

/// « les serveurs de X », « données des clients de X ».
pub(in crate::entities) fn owns_what_was_hit(reading: &Reading<'_>, mention: &Mention) -> bool {
    let mut linked = starts_with_link(reading, mention.tokens.start);
    for (steps, index) in reading.before(mention.tokens.start).take(8).enumerate() {
        if reading.is(index, WordRole::Asset) {
            return linked;
        }
        if reading.is(index, WordRole::Article) {
            linked = true;
        } else if index > 0 && linked && reading.is(index - 1, WordRole::Asset) && qualifies(reading, index) {
            return true;
        } else if !reading.is(index, WordRole::Introduces) || steps > 4 {
            return false;
        }
    }
    false
}

/// « confidentielles », « informatiques », « municipaux »: between what was hit and whose it is.
pub(in crate::entities) fn qualifies(reading: &Reading<'_>, index: usize) -> bool {
    let word = reading.word(index);
    reading.is(index, WordRole::Qualifies)
        || ["elles", "iques", "ique", "aux", "ales", "ives", "ees", "es"]
            .iter()
            .any(|ending| word.len() >= 6 && word.ends_with(ending))
}

pub(in crate::entities) fn announces(reading: &Reading<'_>, mention: &Mention) -> bool {
    reading
        .from(mention.tokens.end, mention.sentence)
        .take(4)
        .any(|index| reading.is(index, WordRole::Announces))
}

/// « la société X », « l'éditeur français X ».
pub(in crate::entities) fn is_introduced(reading: &Reading<'_>, mention: &Mention) -> bool {
    let start = mention.tokens.start;
    reading
        .before(start)
        .take(3)
        .take_while(|&index| index + 1 == start || reading.tokens[index + 1].gap == Gap::Soft)
        .take_while(|&index| !reading.is(index, WordRole::Article))
        .any(|index| reading.is(index, WordRole::Introduces) && !is_country_word(reading, index))
}

/// « français », « américain »: they introduce a name only beside a word that says what it is.
fn is_country_word(reading: &Reading<'_>, index: usize) -> bool {
    reading
        .starting_at(index)
        .is_some_and(|other| matches!(other.what, What::Country(_)))
}

/// « X, éditeur de logiciels », « X, le spécialiste de ».
pub(in crate::entities) fn is_described(reading: &Reading<'_>, mention: &Mention) -> bool {
    let end = mention.tokens.end;
    reading
        .tokens
        .get(end)
        .is_some_and(|next| next.gap == Gap::Break && next.sentence == mention.sentence)
        && reading
            .from(end, mention.sentence)
            .take(4)
            .take_while(|&index| index == end || reading.tokens[index].gap == Gap::Soft)
            .any(|index| reading.is(index, WordRole::Introduces) && !is_country_word(reading, index))
}

/// « X a informé ses clients », « X coupe ses serveurs ».
pub(in crate::entities) fn owns_assets(reading: &Reading<'_>, mention: &Mention) -> bool {
    reading
        .from(mention.tokens.end, mention.sentence)
        .take(14)
        .any(|index| {
            matches!(reading.word(index), "ses" | "son" | "sa" | "leurs" | "leur")
                && (reading.is(index + 1, WordRole::Asset) || reading.is(index + 2, WordRole::Asset))
        })
}

/// « X explique », « X précise »: quoted, as experts are.
pub(in crate::entities) fn says(reading: &Reading<'_>, mention: &Mention) -> bool {
    let spoken_before = mention.tokens.start > 0 && reading.is(mention.tokens.start - 1, WordRole::Says);
    spoken_before
        || reading
            .from(mention.tokens.end, mention.sentence)
            .take(3)
            .any(|index| reading.is(index, WordRole::Says))
}

/// « X lance un outil », « X accuse »: what those do who were not hit.
pub(in crate::entities) fn promotes(reading: &Reading<'_>, mention: &Mention) -> bool {
    reading
        .from(mention.tokens.end, mention.sentence)
        .take(2)
        .any(|index| reading.is(index, WordRole::Promotes) && !is_participle(reading, index))
}

/// « le directeur de X », « experte chez X ».
pub(in crate::entities) fn is_of_person(reading: &Reading<'_>, mention: &Mention) -> bool {
    let start = mention.tokens.start;
    start > 0
        && matches!(reading.word(start - 1), "de" | "d" | "du" | "chez" | "des")
        && reading
            .before(start - 1)
            .take(4)
            .any(|index| reading.is(index, WordRole::Person))
}

/// « le gang X », « le groupe X revendique », « revendiquée par X ».
pub(in crate::entities) fn is_made_attacker(reading: &Reading<'_>, mention: &Mention) -> bool {
    let start = mention.tokens.start;
    let claims = |index: usize| reading.word(index).starts_with("revendiqu");
    let is_named_so = reading
        .before(start)
        .take(2)
        .any(|index| reading.is(index, WordRole::Attacker));
    let is_by = start > 1 && reading.word(start - 1) == "par" && claims(start - 2);
    is_named_so || is_by || reading.from(mention.tokens.end, mention.sentence).take(2).any(claims)
}

/// « les comptes X », « des données clients X »: nothing stands between.
pub(in crate::entities) fn is_beside_asset(reading: &Reading<'_>, mention: &Mention) -> bool {
    let start = mention.tokens.start;
    reading.tokens[start].gap == Gap::Soft && reading.is(start - 1, WordRole::Asset)
}

/// « X piraté », « X est victime », « X a été visé »: within three words.
pub(in crate::entities) fn is_hit_at_once(reading: &Reading<'_>, mention: &Mention) -> bool {
    reading.from(mention.tokens.end, mention.sentence).take(3).any(|index| {
        reading.is(index, WordRole::Undergoes) || (reading.is(index, WordRole::Hit) && is_participle(reading, index))
    })
}

/// « X, elle, n'a pas été touchée »: named to be ruled out.
pub(in crate::entities) fn is_spared(reading: &Reading<'_>, mention: &Mention) -> bool {
    let Some(first) = reading
        .from(mention.tokens.end, mention.sentence)
        .take(3)
        .find(|&index| !matches!(reading.word(index), "elle" | "lui" | "eux" | "elles" | "quant" | "a"))
    else {
        return false;
    };
    matches!(reading.word(first), "n" | "ne")
        && reading.from(first, mention.sentence).take(6).any(|index| {
            reading.word(index) == "victime" || (reading.is(index, WordRole::Hit) && is_participle(reading, index))
        })
}

/// « le compte Facebook de Jeanne Trovaz »: it is hers that was hit.
pub(in crate::entities) fn is_network_of_person(reading: &Reading<'_>, mention: &Mention) -> bool {
    let end = mention.tokens.end;
    let is_network = matches!(&mention.what, What::Body(body) if body.helper > 0)
        && reading.is(mention.tokens.start, WordRole::Network);
    let is_account = |index: usize| matches!(reading.word(index), "compte" | "page" | "profil" | "chaine");
    is_network
        && reading.before(mention.tokens.start).take(2).any(is_account)
        && matches!(reading.word(end), "de" | "d")
        && reading.starting_at(end + 1).is_some_and(|other| {
            matches!(&other.what, What::Body(body) if body.source == Source::Open) && is_like_person(reading, other)
        })
}

/// « à Brest », « dans la ville de Lyon », « près de Dax »: where, not who.
pub(in crate::entities) fn is_locative(reading: &Reading<'_>, mention: &Mention) -> bool {
    if !matches!(&mention.what, What::Body(body) if body.source == Source::Town) {
        return false;
    }
    if is_seat(reading, mention) {
        return true;
    }
    let start = mention.tokens.start;
    let is_place = |word: &str| matches!(word, "a" | "au" | "aux" | "dans" | "pres" | "vers" | "depuis" | "entre");
    if is_place(reading.word(start)) {
        return true;
    }
    let mut before = reading.before(start).map(|index| reading.word(index));
    let previous = before.next().unwrap_or("");
    is_place(previous) || (previous == "de" && is_place(before.next().unwrap_or("")))
}

/// How many words may stand between an organisation and its town: « un cabinet d'expertise comptable de Lyon ».
const WORDS_TO_SEAT: usize = 5;

/// « une PME de Roubaix », « le cabinet d'avocats du Mans »: a town that tells where a body of another kind is.
pub(in crate::entities) fn is_seat(reading: &Reading<'_>, mention: &Mention) -> bool {
    if !matches!(&mention.what, What::Body(body) if body.source == Source::Town) {
        return false;
    }
    let start = mention.tokens.start;
    let is_link = |word: &str| matches!(word, "de" | "d" | "du" | "des");
    let is_linked = is_link(reading.word(start)) || (start > 0 && is_link(reading.word(start - 1)));
    if !is_linked || reading.tokens[start].gap == Gap::Break {
        return false;
    }
    reading
        .before(start)
        .take(WORDS_TO_SEAT)
        .take_while(|&index| reading.tokens[index + 1].gap != Gap::Break && !ends_noun_phrase(reading, index))
        .any(|index| reading.is(index, WordRole::Seated))
}

/// Whether a word belongs to no noun that began before it: an article, a verb of attack, a person.
fn ends_noun_phrase(reading: &Reading<'_>, index: usize) -> bool {
    let is_article = reading.is(index, WordRole::Article) && !matches!(reading.word(index), "de" | "d");
    let is_noun = reading.is(index, WordRole::Seated);
    let does = [
        WordRole::Attacking,
        WordRole::Undergoes,
        WordRole::Announces,
        WordRole::Says,
    ];
    is_article || (!is_noun && does.into_iter().any(|role| reading.is(index, role)))
}
