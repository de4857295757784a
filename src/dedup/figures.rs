//! The figures by which two articles are compared. Each has a weight in `data/keywords/links.toml`; a weight for a
//! name that is no figure is an error.

use super::pair::Telling;
use crate::model::analysis::{EventDates, Victim};
use crate::model::label::{ArticleKind, AttackType};

/// What a figure speaks about: the reasons that are told of a pair are these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Topic {
    Base,
    Victims,
    Words,
    Names,
    Numbers,
    Days,
    Outlet,
    Event,
    Actor,
    Types,
    Telling,
    Place,
}

/// Which way a figure may weigh: what people would find absurd is not learned from a few odd pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// For one incident, or not at all.
    For,
    /// Against it, or not at all.
    Against,
    /// Either way.
    Either,
}

impl Sense {
    /// Whether a weight goes the right way.
    pub fn allows(self, weight: f64) -> bool {
        match self {
            Sense::For => weight >= 0.0,
            Sense::Against => weight <= 0.0,
            Sense::Either => true,
        }
    }
}

/// One figure. The order is that of [`FIGURES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    Bias,
    SameVictim,
    AmongVictims,
    Kin,
    NamesAgree,
    OtherVictim,
    BothListed,
    Unnamed,
    TitleNames,
    TextNames,
    TitleLikeness,
    TextLikeness,
    EarlierTitleInText,
    LaterTitleInText,
    RareNames,
    RarestName,
    LongNumbers,
    SharedNumbers,
    Within2Days,
    Within7Days,
    Within120Days,
    SameOutlet,
    SameEvent,
    NearEvent,
    FarEvent,
    LaterAttack,
    SameActor,
    OtherActor,
    SharedType,
    OtherType,
    OnlyOneDdos,
    Repeat,
    LaterTrial,
    LaterRecap,
    EarlierRecap,
    SameDepartement,
    OtherDepartement,
    SameCountry,
    OtherCountry,
}

/// How many figures there are.
pub(super) const COUNT: usize = FIGURES.len();

/// All figures in their order: name, topic, how it may weigh, and what it says. « earlier » and « later » are by publication.
pub(super) const FIGURES: &[(Figure, &str, Topic, Sense, &str)] = {
    use Figure as F;
    use Sense as S;
    use Topic as T;
    &[
        (F::Bias, "bias", T::Base, S::Either, "always 1"),
        (
            F::SameVictim,
            "same-victim",
            T::Victims,
            S::For,
            "both main victims are one body",
        ),
        (
            F::AmongVictims,
            "among-victims",
            T::Victims,
            S::For,
            "the main victim of one is a further victim of the other",
        ),
        (
            F::Kin,
            "kin",
            T::Victims,
            S::For,
            "bodies that share their computers: a town and its intercommunality, a région and its lycées",
        ),
        (
            F::NamesAgree,
            "names-agree",
            T::Victims,
            S::For,
            "the telling words of one main victim's name stand in the other's",
        ),
        (
            F::OtherVictim,
            "other-victim",
            T::Victims,
            S::Against,
            "both name a victim, and nothing of the above holds",
        ),
        (
            F::BothListed,
            "both-listed",
            T::Victims,
            S::Against,
            "the same of two bodies that the lists tell apart",
        ),
        (
            F::Unnamed,
            "unnamed",
            T::Victims,
            S::Either,
            "how many of the two name no victim",
        ),
        (
            F::TitleNames,
            "title-names",
            T::Victims,
            S::For,
            "the victim of one stands in the other's headline, which has another victim or none",
        ),
        (F::TextNames, "text-names", T::Victims, S::For, "the same of the text"),
        (
            F::TitleLikeness,
            "title-likeness",
            T::Words,
            S::For,
            "cosine of the headlines",
        ),
        (
            F::TextLikeness,
            "text-likeness",
            T::Words,
            S::For,
            "cosine of the telling words",
        ),
        (
            F::EarlierTitleInText,
            "earlier-title-in-text",
            T::Words,
            S::For,
            "cosine of the earlier headline with the later text",
        ),
        (
            F::LaterTitleInText,
            "later-title-in-text",
            T::Words,
            S::For,
            "cosine of the later headline with the earlier text",
        ),
        (
            F::RareNames,
            "rare-names",
            T::Names,
            S::For,
            "rarity of the three rarest names in common, over 10",
        ),
        (
            F::RarestName,
            "rarest-name",
            T::Names,
            S::For,
            "rarity of the rarest, over 5",
        ),
        (
            F::LongNumbers,
            "long-numbers",
            T::Numbers,
            S::For,
            "logarithm of one and the number of figures of three digits and more in common",
        ),
        (
            F::SharedNumbers,
            "shared-numbers",
            T::Numbers,
            S::For,
            "the same of all figures",
        ),
        (
            F::Within2Days,
            "within-2-days",
            T::Days,
            S::For,
            "e^(-days between the articles / 2)",
        ),
        (F::Within7Days, "within-7-days", T::Days, S::For, "the same over 7"),
        (
            F::Within120Days,
            "within-120-days",
            T::Days,
            S::For,
            "the same over 120",
        ),
        (
            F::SameOutlet,
            "same-outlet",
            T::Outlet,
            S::Either,
            "both come from one publication",
        ),
        (
            F::SameEvent,
            "same-event",
            T::Event,
            S::For,
            "the days of the attack overlap",
        ),
        (
            F::NearEvent,
            "near-event",
            T::Event,
            S::Either,
            "they lie up to three days apart",
        ),
        (F::FarEvent, "far-event", T::Event, S::Against, "they lie further apart"),
        (
            F::LaterAttack,
            "later-attack",
            T::Event,
            S::Against,
            "one tells of an attack after the other was published, which tells no day",
        ),
        (
            F::SameActor,
            "same-actor",
            T::Actor,
            S::For,
            "both name the same author",
        ),
        (
            F::OtherActor,
            "other-actor",
            T::Actor,
            S::Against,
            "they name different ones",
        ),
        (
            F::SharedType,
            "shared-type",
            T::Types,
            S::For,
            "an attack type in common, `indetermine` apart",
        ),
        (
            F::OtherType,
            "other-type",
            T::Types,
            S::Against,
            "both tell the type, with none in common",
        ),
        (
            F::OnlyOneDdos,
            "only-one-ddos",
            T::Types,
            S::Against,
            "one is of a denial of service alone, the other is not",
        ),
        (
            F::Repeat,
            "repeat",
            T::Telling,
            S::Against,
            "the later one is news of another attack (« de nouveau »), more than two days later",
        ),
        (
            F::LaterTrial,
            "later-trial",
            T::Telling,
            S::Either,
            "the later one is of a trial",
        ),
        (
            F::LaterRecap,
            "later-recap",
            T::Telling,
            S::Either,
            "the later one is a recap",
        ),
        (
            F::EarlierRecap,
            "earlier-recap",
            T::Telling,
            S::Either,
            "the earlier one is a recap",
        ),
        (
            F::SameDepartement,
            "same-departement",
            T::Place,
            S::For,
            "the same département",
        ),
        (
            F::OtherDepartement,
            "other-departement",
            T::Place,
            S::Against,
            "different ones",
        ),
        (F::SameCountry, "same-country", T::Place, S::For, "the same country"),
        (F::OtherCountry, "other-country", T::Place, S::Against, "different ones"),
    ]
};

/// How far apart two days of attack lie, in days, that cannot be the same attack told twice.
const OTHER_ATTACK_DAYS: i64 = 30;
/// A range of so many days still tells when an attack was.
const PRECISE_DAYS: i64 = 3;

/// Whether two articles cannot be on one incident, however alike their words are. Each surely names a victim (one of the
/// lists, or one that its headline names), these are different bodies, and neither article names the other's: two town
/// halls hit in one week are told in the same words, and so is what one gang claims in one day. A recap names the victims
/// of all its incidents, so that their being named tells nothing. Or each tells the day of its attack, and these lie far
/// apart.
pub(super) fn tell_apart(earlier: &Telling, later: &Telling, figures: &Row) -> bool {
    let is_set = |figure: Figure| figures[figure as usize] != 0.0;
    let is_sure = |telling: &Telling| telling.main().is_some_and(is_listed) || names_in_title(telling, telling);
    let recalls = |telling: &Telling| telling.article.kind == ArticleKind::Retrospective;
    if is_set(Figure::OtherVictim) && is_sure(earlier) && is_sure(later) {
        let is_named =
            !recalls(earlier) && !recalls(later) && (names_apart(earlier, later) || names_apart(later, earlier));
        if !is_named || (is_set(Figure::BothListed) && is_set(Figure::OtherDepartement)) {
            return true;
        }
    }
    let precise = |telling: &Telling| {
        let event = telling.article.says.event?;
        (event.to.duration_since(event.from).as_hours() / 24 <= PRECISE_DAYS).then_some(event)
    };
    match (precise(earlier), precise(later)) {
        (Some(one), Some(other)) => event_gap(one, other) > OTHER_ATTACK_DAYS,
        _ => false,
    }
}

/// The figures of one pair.
pub(super) type Row = [f32; COUNT];

/// Days after which a repeat is another attack, not a second article.
const REPEAT_DAYS: f32 = 2.0;
/// Days of two attacks this far apart may be one attack told twice.
const NEAR_DAYS: i64 = 3;
/// Figures of this size have three digits.
const LONG_NUMBER: u64 = 100;

/// How two main victims stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Same,
    /// One is a further victim of the other article.
    Among,
    Kin,
    NamesAgree,
    Apart,
    /// At least one is not named.
    Unknown,
}

/// Compares two articles, the earlier one first.
pub(super) fn figures(earlier: &Telling, later: &Telling) -> Row {
    let mut row = [0.0; COUNT];
    let mut set = |figure: Figure, value: f32| row[figure as usize] = value;
    let yes = |holds: bool| f32::from(u8::from(holds));
    set(Figure::Bias, 1.0);
    let relation = relation(earlier, later);
    let days = days_between(earlier, later);
    victims(earlier, later, relation, &mut set);
    words(earlier, later, &mut set);
    set(Figure::Within2Days, (-days / 2.0).exp());
    set(Figure::Within7Days, (-days / 7.0).exp());
    set(Figure::Within120Days, (-days / 120.0).exp());
    set(Figure::SameOutlet, yes(earlier.article.outlet == later.article.outlet));
    events(earlier, later, &mut set);
    if let (Some(one), Some(other)) = (&earlier.actor, &later.actor) {
        set(Figure::SameActor, yes(one == other));
        set(Figure::OtherActor, yes(one != other));
    }
    let (one, other) = (&earlier.attacks, &later.attacks);
    if !one.is_empty() && !other.is_empty() {
        let shares = one.iter().any(|attack| other.contains(attack));
        let only_ddos = |attacks: &[AttackType]| attacks == [AttackType::Ddos];
        set(Figure::SharedType, yes(shares));
        set(Figure::OtherType, yes(!shares));
        set(Figure::OnlyOneDdos, yes(only_ddos(one) != only_ddos(other)));
    }
    let (said, kind) = (&later.article.says, later.article.kind);
    let repeats = said.recurrence && kind == ArticleKind::Incident && days > REPEAT_DAYS;
    set(Figure::Repeat, yes(repeats));
    set(Figure::LaterTrial, yes(kind == ArticleKind::Justice));
    set(Figure::LaterRecap, yes(kind == ArticleKind::Retrospective));
    set(
        Figure::EarlierRecap,
        yes(earlier.article.kind == ArticleKind::Retrospective),
    );
    let mut agree = |one: Option<&String>, other: Option<&String>, same: Figure, differ: Figure| {
        if let (Some(one), Some(other)) = (one, other) {
            set(same, yes(one == other));
            set(differ, yes(one != other));
        }
    };
    let (one, other) = (&earlier.article.says, &later.article.says);
    let departements = (one.place.departement.as_ref(), other.place.departement.as_ref());
    agree(
        departements.0,
        departements.1,
        Figure::SameDepartement,
        Figure::OtherDepartement,
    );
    agree(
        one.country.as_ref(),
        other.country.as_ref(),
        Figure::SameCountry,
        Figure::OtherCountry,
    );
    row
}

fn victims(earlier: &Telling, later: &Telling, relation: Relation, set: &mut impl FnMut(Figure, f32)) {
    match relation {
        Relation::Same => set(Figure::SameVictim, 1.0),
        Relation::Among => set(Figure::AmongVictims, 1.0),
        Relation::Kin => set(Figure::Kin, 1.0),
        Relation::NamesAgree => set(Figure::NamesAgree, 1.0),
        Relation::Apart => {
            set(Figure::OtherVictim, 1.0);
            let both_listed = [earlier, later]
                .iter()
                .all(|telling| telling.main().is_some_and(is_listed));
            set(Figure::BothListed, f32::from(u8::from(both_listed)));
        }
        Relation::Unknown => {
            let unnamed = [earlier, later]
                .iter()
                .filter(|telling| telling.main().is_none())
                .count();
            set(Figure::Unnamed, unnamed as f32);
        }
    }
    if relation == Relation::Same {
        return;
    }
    let yes = |holds: bool| f32::from(u8::from(holds));
    set(
        Figure::TitleNames,
        yes(names_in_title(earlier, later) || names_in_title(later, earlier)),
    );
    set(
        Figure::TextNames,
        yes(names_in_text(earlier, later) || names_in_text(later, earlier)),
    );
}

/// Whether the main victim of the first stands in the other's headline.
pub(super) fn names_in_title(of: &Telling, within: &Telling) -> bool {
    let words = of.main_words();
    let title = &within.article.imprint.title;
    !words.is_empty() && words.iter().all(|word| has(title, *word))
}

/// Whether it stands in the other's text or headline.
pub(super) fn names_in_text(of: &Telling, within: &Telling) -> bool {
    let words = of.main_words();
    let imprint = &within.article.imprint;
    let stands = |word: &u32| {
        [&imprint.names, &imprint.title, &imprint.text]
            .iter()
            .any(|list| has(list, *word))
    };
    !words.is_empty() && words.iter().all(stands)
}

/// Whether the other article names this one's victim by words that are not in the name of its own: homonyms, and bodies of
/// one town, are not named by naming that.
fn names_apart(of: &Telling, within: &Telling) -> bool {
    let own = within.main_words();
    let mut words = of.main_words().iter().filter(|word| !own.contains(word)).peekable();
    let imprint = &within.article.imprint;
    let lists = [&imprint.names, &imprint.title, &imprint.text];
    words.peek().is_some() && words.all(|word| lists.iter().any(|list| has(list, *word)))
}

fn has(list: &[(u32, u16)], word: u32) -> bool {
    list.binary_search_by_key(&word, |(own, _)| *own).is_ok()
}

fn words(earlier: &Telling, later: &Telling, set: &mut impl FnMut(Figure, f32)) {
    let (one, other) = (&earlier.article.imprint, &later.article.imprint);
    set(Figure::TitleLikeness, cosine(&one.title, &other.title));
    set(Figure::TextLikeness, cosine(&one.text, &other.text));
    set(Figure::EarlierTitleInText, cosine(&one.title, &other.text));
    set(Figure::LaterTitleInText, cosine(&other.title, &one.text));
    let mut rarest: Vec<f32> = shared(&one.names, &other.names)
        .map(|(rarity, _)| f32::from(rarity) / 10.0)
        .collect();
    rarest.sort_by(|a, b| b.total_cmp(a));
    set(Figure::RareNames, rarest.iter().take(3).sum::<f32>() / 10.0);
    set(Figure::RarestName, rarest.first().copied().unwrap_or(0.0) / 5.0);
    let common = || {
        one.numbers
            .iter()
            .filter(|number| other.numbers.binary_search(number).is_ok())
    };
    let long = common().filter(|number| **number >= LONG_NUMBER).count();
    set(Figure::LongNumbers, (long as f32).ln_1p());
    set(Figure::SharedNumbers, (common().count() as f32).ln_1p());
}

/// The weights of the words that two lists share, in the one and in the other.
fn shared<'a>(one: &'a [(u32, u16)], other: &'a [(u32, u16)]) -> impl Iterator<Item = (u16, u16)> + 'a {
    let mut rest = other.iter().peekable();
    one.iter().filter_map(move |(word, weight)| {
        while rest.next_if(|(own, _)| own < word).is_some() {}
        rest.next_if(|(own, _)| own == word)
            .map(|(_, theirs)| (*weight, *theirs))
    })
}

/// The cosine of two lists of weighted words, from 0 to 1.
pub fn cosine(one: &[(u32, u16)], other: &[(u32, u16)]) -> f32 {
    let product: u64 = shared(one, other).map(|(a, b)| u64::from(a) * u64::from(b)).sum();
    product as f32 / 1e6
}

/// Days between two publications.
pub fn days_between(one: &Telling, other: &Telling) -> f32 {
    one.article
        .published
        .as_second()
        .abs_diff(other.article.published.as_second()) as f32
        / 86_400.0
}

fn events(earlier: &Telling, later: &Telling, set: &mut impl FnMut(Figure, f32)) {
    match (earlier.article.says.event, later.article.says.event) {
        (Some(one), Some(other)) => {
            let figure = match event_gap(one, other) {
                0 => Figure::SameEvent,
                gap if gap <= NEAR_DAYS => Figure::NearEvent,
                _ => Figure::FarEvent,
            };
            set(figure, 1.0);
        }
        (None, Some(attack)) if attack.from > earlier.day => set(Figure::LaterAttack, 1.0),
        _ => {}
    }
}

/// Days between two ranges; 0 when they overlap.
pub(super) fn event_gap(a: EventDates, b: EventDates) -> i64 {
    let gap = if a.to < b.from {
        b.from.duration_since(a.to)
    } else {
        a.from.duration_since(b.to)
    };
    (gap.as_hours() / 24).max(0)
}

/// How the main victims stand to each other.
pub(super) fn relation(one: &Telling, other: &Telling) -> Relation {
    let among =
        |victim: &Victim, telling: &Telling| telling.article.says.victims.iter().any(|own| own.key == victim.key);
    match (one.main(), other.main()) {
        (Some(a), Some(b)) if a.key == b.key => Relation::Same,
        (Some(a), Some(b)) if among(a, other) || among(b, one) => Relation::Among,
        (Some(a), Some(b)) if are_kin(a, b, one, other) => Relation::Kin,
        (Some(a), Some(b)) if is_listed(a) && is_listed(b) => Relation::Apart,
        (Some(_), Some(_)) if names_agree(one.main_words(), other.main_words()) => Relation::NamesAgree,
        (Some(_), Some(_)) => Relation::Apart,
        _ => Relation::Unknown,
    }
}

/// Whether the words of one name, both ordered, all stand in the other.
fn names_agree(one: &[u32], other: &[u32]) -> bool {
    let shared = one.iter().filter(|word| other.binary_search(word).is_ok()).count();
    shared > 0 && shared == one.len().min(other.len())
}

/// Bodies that the gazetteers know are told apart by their keys.
fn is_listed(victim: &Victim) -> bool {
    !victim.key.as_str().starts_with("nom:")
}

/// Bodies that share their computers, so that the press names now one, now the other: a town and its
/// intercommunality, a région and its lycées, two names of one hospital's town.
fn are_kin(a: &Victim, b: &Victim, one: &Telling, other: &Telling) -> bool {
    let kind = |victim: &'_ Victim| {
        victim
            .key
            .as_str()
            .split_once(':')
            .map_or("", |(kind, _)| kind)
            .to_owned()
    };
    let (kind_a, kind_b) = (kind(a), kind(b));
    let are =
        |first: &str, second: &str| (kind_a == first && kind_b == second) || (kind_a == second && kind_b == first);
    let same = |code: fn(&Victim) -> Option<&String>| code(a).is_some() && code(a) == code(b);
    let same_commune = same(|victim| victim.place.commune.as_ref());
    let same_departement = same(|victim| victim.place.departement.as_ref());
    if are("hopital", "hopital") {
        same_commune
    } else if are("region", "lycee") || are("region", "lycees") {
        same(|victim| victim.place.region.as_ref())
    } else {
        let shares_name = one
            .main_words()
            .iter()
            .any(|word| other.main_words().binary_search(word).is_ok());
        are("commune", "epci") && same_departement && (shares_name || same_commune)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_in_their_order_and_have_names_of_their_own() {
        for (index, (figure, name, ..)) in FIGURES.iter().enumerate() {
            assert_eq!(*figure as usize, index, "{name}");
            let namesakes = FIGURES.iter().filter(|(_, other, ..)| other == name).count();
            assert_eq!(namesakes, 1, "{name}");
        }
    }

    #[test]
    fn cosines_of_ordered_lists() {
        let one = [(1, 600), (4, 800)];
        assert!((cosine(&one, &one) - 1.0).abs() < 1e-6);
        assert!((cosine(&one, &[(0, 5), (4, 1000)]) - 0.8).abs() < 1e-6);
        assert_eq!(cosine(&one, &[(2, 1000), (3, 5)]), 0.0);
        assert_eq!(cosine(&one, &[]), 0.0);
    }
}
