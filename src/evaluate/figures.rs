//! The figures of a report: detection, retrieval, labels, names, grouping.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::grouping::{b_cubed, pairwise};
use super::labelled::{Labelled, LabelledIncident, Said};
use super::score::Score;
use crate::model::label::{ArticleKind, AttackType, Sector};
use crate::text::fold::slug;

/// A label with one value per article: how often right, and how often right when it answers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Accuracy {
    /// Right answers over all articles where the label is known.
    pub accuracy: f64,
    /// Right answers over answers.
    pub precision: f64,
    /// Articles where the label is known.
    pub known: usize,
}

/// The figures that are counted article by article.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rates {
    /// Articles.
    pub articles: usize,
    /// Articles that tell an incident.
    pub incident_articles: usize,
    /// Telling articles with an incident from others.
    pub detection: Score,
    /// Finding articles on French local government, as `--sector collectivite` does.
    pub local_government: Score,
    /// Sector of the main victim.
    pub sector: Accuracy,
    /// Attack types over all articles with an incident, every type counted alike.
    pub attacks_micro: Score,
    /// Mean F1 over types with at least five examples.
    pub attacks_macro_f1: f64,
    /// F1 by type.
    pub attacks_by_type: BTreeMap<String, Score>,
    /// Name of the main victim.
    pub victim: Accuracy,
    /// Département of the victim.
    pub departement: Accuracy,
    /// Country of the victim.
    pub country: Accuracy,
    /// Status.
    pub status: Accuracy,
    /// Actor.
    pub actor: Accuracy,
    /// Day of the attack.
    pub event: Accuracy,
    /// Kind of article, all thirteen.
    pub kind: Accuracy,
    /// Sector by sector, with how many there are.
    pub sectors: BTreeMap<String, Score>,
    /// Kind by kind.
    pub kinds: BTreeMap<String, Score>,
}

/// All figures of one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Article by article.
    #[serde(flatten)]
    pub rates: Rates,
    /// Grouping of articles with an incident, all countries.
    pub b_cubed: Score,
    /// The same by pairs.
    pub pairwise: Score,
    /// Grouping of articles on French incidents.
    pub b_cubed_french: Score,
    /// The same by pairs.
    pub pairwise_french: Score,
}

/// Types need this many examples to count in the macro figure.
const MACRO_MIN_EXAMPLES: usize = 5;

/// Compares what was said with the labels; both in the same order.
pub fn figures(labelled: &[Labelled], said: &[Said]) -> Figures {
    let outcomes: Vec<Outcome> = labelled
        .iter()
        .zip(said)
        .map(|(label, said)| outcome(label, said))
        .collect();
    let told: Vec<(&LabelledIncident, &Said)> = labelled
        .iter()
        .zip(said)
        .filter_map(|(label, said)| label.incidents.first().map(|incident| (incident, said)))
        .collect();
    let grouped = |french_only: bool| -> Vec<(String, String)> {
        told.iter()
            .filter(|(incident, _)| !french_only || incident.country == "FR")
            .map(|(incident, said)| {
                (
                    incident.key.clone(),
                    said.incident.clone().unwrap_or_else(|| format!("alone {}", said.id)),
                )
            })
            .collect()
    };
    let (all, french) = (grouped(false), grouped(true));
    Figures {
        rates: rates(outcomes.iter()),
        b_cubed: b_cubed(&all),
        pairwise: pairwise(&all),
        b_cubed_french: b_cubed(&french),
        pairwise_french: pairwise(&french),
    }
}

/// What came out for one article, label by label. Where an answer is asked for: whether it was
/// given, and right.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Whether it tells an incident, and whether it was said to.
    detection: (bool, bool),
    /// The same for French local government.
    local_government: (bool, bool),
    sector: Option<Answer>,
    /// The sector it tells and the one that was said; only of articles with an incident.
    sectors: Option<(Sector, Option<Sector>)>,
    /// The kind it is and the one that was said.
    kinds: (ArticleKind, ArticleKind),
    /// The types that it tells, and those that were said; only of articles with an incident.
    attacks: Option<(Vec<AttackType>, Vec<AttackType>)>,
    victim: Option<Answer>,
    departement: Option<Answer>,
    country: Option<Answer>,
    status: Option<Answer>,
    actor: Option<Answer>,
    event: Option<Answer>,
}

/// Whether an answer that was asked for is right; none when nothing was answered.
type Answer = Option<bool>;

/// Compares one article with its labels.
pub fn outcome(label: &Labelled, said: &Said) -> Outcome {
    let main = label.incidents.first();
    let is_said = said.incident.is_some();
    let answer = |right: Option<bool>| right.filter(|_| is_said);
    Outcome {
        detection: (main.is_some(), is_said),
        local_government: (is_local(label), said_local(said)),
        sector: main
            .filter(|main| main.sector != Sector::Unknown)
            .map(|main| answer(said.sector.map(|sector| sector == main.sector))),
        sectors: main.map(|main| (main.sector, said.sector.filter(|_| is_said))),
        kinds: (label.kind, said.kind),
        attacks: main.map(|main| {
            let found = if is_said { said.attacks.clone() } else { Vec::new() };
            (main.attacks.clone(), found)
        }),
        victim: main.map(|main| answer(said.victim.as_ref().map(|found| same_name(&main.victim, found)))),
        departement: main.and_then(|main| {
            let truth = main.dept.as_ref()?;
            Some(answer(said.departement.as_ref().map(|found| found == truth)))
        }),
        country: main
            .filter(|main| main.country != "XX")
            .map(|main| answer(said.country.as_ref().map(|found| *found == main.country))),
        status: main.map(|main| said.status.map(|status| status == main.status)),
        actor: main.and_then(|main| {
            let truth = main.actor.as_ref()?;
            Some(said.actor.as_ref().map(|found| same_name(truth, found)))
        }),
        event: main.and_then(|main| {
            let truth = main.event.as_ref()?;
            Some(said.event_date.as_ref().map(|found| covers_day(found, truth)))
        }),
    }
}

/// Counts outcomes.
pub fn rates<'a>(outcomes: impl Iterator<Item = &'a Outcome> + Clone) -> Rates {
    let all = || outcomes.clone();
    let (attacks_micro, attacks_macro_f1, attacks_by_type) = attack_scores(all());
    Rates {
        articles: all().count(),
        incident_articles: all().filter(|outcome| outcome.detection.0).count(),
        detection: binary(all().map(|outcome| outcome.detection)),
        local_government: binary(all().map(|outcome| outcome.local_government)),
        sector: accuracy(all().filter_map(|outcome| outcome.sector)),
        attacks_micro,
        attacks_macro_f1,
        attacks_by_type,
        victim: accuracy(all().filter_map(|outcome| outcome.victim)),
        departement: accuracy(all().filter_map(|outcome| outcome.departement)),
        country: accuracy(all().filter_map(|outcome| outcome.country)),
        status: accuracy(all().filter_map(|outcome| outcome.status)),
        actor: accuracy(all().filter_map(|outcome| outcome.actor)),
        event: accuracy(all().filter_map(|outcome| outcome.event)),
        kind: accuracy(all().map(|outcome| Some(outcome.kinds.0 == outcome.kinds.1))),
        sectors: by_class(
            all()
                .filter_map(|outcome| outcome.sectors)
                .map(|(truth, found)| (truth.id(), found.map(Sector::id))),
        ),
        kinds: by_class(all().map(|outcome| (outcome.kinds.0.id(), Some(outcome.kinds.1.id())))),
    }
}

/// Right, wrong and missed answers for each class, of pairs of what is true and what was said.
fn by_class<'a>(pairs: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> BTreeMap<String, Score> {
    let mut counts: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    for (truth, found) in pairs {
        if found == Some(truth) {
            counts.entry(truth).or_default().0 += 1;
            continue;
        }
        counts.entry(truth).or_default().2 += 1;
        if let Some(found) = found {
            counts.entry(found).or_default().1 += 1;
        }
    }
    counts
        .into_iter()
        .filter(|(_, (right, _, missed))| right + missed > 0)
        .map(|(class, (right, wrong, missed))| {
            (
                format!("{class} ({})", right + missed),
                Score::of_counts(right, wrong, missed),
            )
        })
        .collect()
}

fn is_local(label: &Labelled) -> bool {
    label
        .incidents
        .iter()
        .any(|incident| incident.sector == Sector::LocalGovernment && incident.country == "FR")
}

fn said_local(said: &Said) -> bool {
    said.incident.is_some()
        && said.sector == Some(Sector::LocalGovernment)
        && said.country.as_deref().is_none_or(|country| country == "FR")
}

fn binary(items: impl Iterator<Item = (bool, bool)>) -> Score {
    let (mut right, mut wrong, mut missed) = (0, 0, 0);
    for (truth, found) in items {
        right += usize::from(truth && found);
        wrong += usize::from(!truth && found);
        missed += usize::from(truth && !found);
    }
    Score::of_counts(right, wrong, missed)
}

/// Each item: `None` when nothing was answered, else whether the answer is right.
fn accuracy(items: impl Iterator<Item = Option<bool>>) -> Accuracy {
    let (mut known, mut answered, mut right) = (0, 0, 0);
    for item in items {
        known += 1;
        answered += usize::from(item.is_some());
        right += usize::from(item == Some(true));
    }
    let ratio = |whole: usize| {
        if whole == 0 {
            f64::NAN
        } else {
            right as f64 / whole as f64
        }
    };
    Accuracy {
        accuracy: ratio(known),
        precision: ratio(answered),
        known,
    }
}

fn attack_scores<'a>(outcomes: impl Iterator<Item = &'a Outcome> + Clone) -> (Score, f64, BTreeMap<String, Score>) {
    let mut by_type = BTreeMap::new();
    let (mut all_right, mut all_wrong, mut all_missed) = (0, 0, 0);
    let mut macro_sum = (0.0, 0usize);
    for attack in AttackType::ALL {
        let (mut right, mut wrong, mut missed) = (0, 0, 0);
        for (told, said) in outcomes.clone().filter_map(|outcome| outcome.attacks.as_ref()) {
            let (truth, found) = (told.contains(attack), said.contains(attack));
            right += usize::from(truth && found);
            wrong += usize::from(!truth && found);
            missed += usize::from(truth && !found);
        }
        if right + wrong + missed == 0 {
            continue;
        }
        let score = Score::of_counts(right, wrong, missed);
        if right + missed >= MACRO_MIN_EXAMPLES {
            macro_sum = (macro_sum.0 + score.f1, macro_sum.1 + 1);
        }
        by_type.insert(format!("{attack} ({})", right + missed), score);
        all_right += right;
        all_wrong += wrong;
        all_missed += missed;
    }
    let macro_f1 = if macro_sum.1 == 0 {
        f64::NAN
    } else {
        macro_sum.0 / macro_sum.1 as f64
    };
    (Score::of_counts(all_right, all_wrong, all_missed), macro_f1, by_type)
}

/// Words of names that do not tell bodies apart.
const EMPTY_NAME_WORDS: &[&str] = &[
    "de",
    "du",
    "des",
    "la",
    "le",
    "les",
    "l",
    "d",
    "et",
    "a",
    "au",
    "aux",
    "en",
    "ville",
    "mairie",
    "commune",
    "groupe",
    "societe",
    "the",
    "of",
    "francaise",
    "francais",
    "france",
    "departement",
    "departemental",
    "conseil",
    "region",
    "regional",
    "agglomeration",
    "communaute",
    "communes",
    "metropole",
];

/// Whether two names mean the same body: equal once folded, or the telling words of one all
/// stand in the other, or one is the initials of the other.
pub fn same_name(a: &str, b: &str) -> bool {
    let words = |name: &str| -> BTreeSet<String> { slug(name).split('-').map(str::to_owned).collect() };
    let (all_a, all_b) = (words(a), words(b));
    if all_a == all_b {
        return true;
    }
    let telling = |words: &BTreeSet<String>| -> BTreeSet<String> {
        words
            .iter()
            .filter(|word| !EMPTY_NAME_WORDS.contains(&word.as_str()))
            .cloned()
            .collect()
    };
    let (a_words, b_words) = (telling(&all_a), telling(&all_b));
    let contained = |inner: &BTreeSet<String>, outer: &BTreeSet<String>| !inner.is_empty() && inner.is_subset(outer);
    contained(&a_words, &b_words) || contained(&b_words, &a_words) || is_initials(a, b) || is_initials(b, a)
}

/// "FFT" for "Fédération française de tennis", also where it stands in brackets.
fn is_initials(short: &str, long: &str) -> bool {
    let initials = |skip_small: bool| -> String {
        slug(long)
            .split('-')
            .filter(|word| {
                !skip_small || !["de", "du", "des", "la", "le", "les", "l", "d", "et", "a", "au", "aux"].contains(word)
            })
            .filter_map(|word| word.chars().next())
            .collect()
    };
    let short = slug(short);
    short.len() >= 3 && !short.contains('-') && (initials(true) == short || initials(false) == short)
}

/// Whether a printed day or range holds this day.
pub fn covers_day(found: &str, day: &str) -> bool {
    match found.split_once('/') {
        Some((from, to)) => from <= day && day <= to,
        None => found == day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let check = |a: &str, b: &str, same: bool| assert_eq!(same_name(a, b), same, "{a} / {b}");
        check("Ville de Lille", "Mairie de Lille", true);
        check("Département du Loiret", "Loiret", true);
        check("Fédération Française de Tennis", "FFT", true);
        check("Lille", "Lyon", false);
        check("CHU de Rouen", "CHU de Rennes", false);
        check("Centre hospitalier de Versailles", "Centre hospitalier d'Arles", false);
        check("Ehpad Résidence du parc (Champdeniers)", "Résidence du Parc", true);
        check("Ville", "Mairie", false);
    }

    #[test]
    fn counting() {
        assert_eq!(
            binary([(true, true), (true, false), (false, true), (false, false)].into_iter()),
            Score::of(0.5, 0.5)
        );
        let half = accuracy([Some(true), Some(false), None, Some(true)].into_iter());
        assert_eq!((half.accuracy, half.known), (0.5, 4));
        assert!((half.precision - 2.0 / 3.0).abs() < 1e-9);
        assert!(covers_day("2023-11-04/2023-11-05", "2023-11-05") && !covers_day("2023-11-04", "2023-11-05"));
    }
}
