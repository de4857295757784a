//! How likely two articles tell the same incident: figures about the pair (victims, days, words, types, actor), weighed
//! by what was learned from labelled pairs.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use jiff::civil::Date;
use serde::Deserialize;

use super::data::DataError;
use super::figures::{self, COUNT, FIGURES, Row, Sense, figures};
use super::imprint::hash;
use super::{group, reasons};
use crate::learn::logistic;
use crate::model::analysis::Victim;
use crate::model::incident::ArticleRef;
use crate::model::label::{ArticleKind, AttackType};
use crate::model::paris;
use crate::text::fold::{fold_key, slug};
use crate::text::headline::headline;
use crate::text::numbers::numbers;
use crate::text::words::words;

/// The file of the weights.
pub const FILE: &str = "links.toml";
/// The one shipped in the binary.
const EMBEDDED: &str = include_str!("../../data/keywords/links.toml");
/// How far apart the articles on one incident lie at most, in days: reports and claims come after months.
const WINDOW_DAYS: i64 = 400;
/// The same of trials and recaps.
const RECALL_WINDOW_DAYS: i64 = 1_200;
/// The shortest word of a name that tells it apart, in bytes.
const SHORTEST_NAME_WORD: usize = 3;
/// A word that is known to be less rare than this is no key (ten times the logarithm of articles over those with it).
const KEY_RARITY: u16 = 47;
/// A figure of a headline beyond years and small counts is a key.
const KEY_NUMBER: f64 = 2_100.0;
/// Words of names that tell nobody apart.
const COMMON_NAME_WORDS: &[&str] = &[
    "ville",
    "mairie",
    "commune",
    "departement",
    "region",
    "conseil",
    "departemental",
    "regional",
    "communaute",
    "communes",
    "agglomeration",
    "metropole",
    "syndicat",
    "centre",
    "hospitalier",
    "hopital",
    "clinique",
    "groupe",
    "societe",
    "entreprise",
    "federation",
    "francaise",
    "francais",
    "france",
    "national",
    "nationale",
    "service",
    "services",
    "direction",
    "generale",
    "ministere",
    "agence",
    "association",
    "universite",
    "lycee",
    "college",
    "ecole",
    "lycees",
    "banque",
    "caisse",
    "office",
    "public",
    "publique",
    "saint",
    "sainte",
    "grand",
    "grande",
    "pays",
    "sites",
    "site",
    "clients",
    "plusieurs",
    "international",
    "internationale",
    "europeenne",
    "europeens",
    "systeme",
    "plateforme",
    "des",
    "les",
    "aux",
    "sur",
    "pour",
    "par",
    "and",
    "the",
    "dans",
    "est",
];

/// What the weights were learned from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fitted {
    /// The digest of the labelled articles.
    pub corpus: String,
    /// How many pairs of them were compared.
    pub pairs: usize,
    /// How many of these tell one incident.
    pub same: usize,
}

/// The learned weights, and the thresholds of grouping.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkModel {
    /// A single article, or two, joins a group at this mean probability or above; below it two articles are never even
    /// looked at together.
    pub join: f32,
    /// Two groups of three articles and more become one at this mean probability or above.
    pub merge: f32,
    /// What the weights were learned from.
    pub fitted: Option<Fitted>,
    weights: Row,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinksFile {
    fitted: Option<Fitted>,
    thresholds: Thresholds,
    weights: BTreeMap<String, toml::Spanned<f32>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Thresholds {
    join: toml::Spanned<f32>,
    merge: toml::Spanned<f32>,
}

/// An article as it is compared: what it says of one incident, with what every comparison needs of it.
#[derive(Debug, Clone)]
pub struct Telling<'a> {
    /// The article.
    pub article: Cow<'a, ArticleRef>,
    /// The French day of its publication.
    pub(super) day: Date,
    /// What it says has happened, `indetermine` apart, in the order of the taxonomy.
    pub(super) attacks: Vec<AttackType>,
    /// Who did it, folded.
    pub(super) actor: Option<String>,
    /// The hashed words that tell the main victim's name apart, ordered.
    main_words: Vec<u32>,
}

impl<'a> Telling<'a> {
    /// Prepares an article.
    pub fn of(article: &'a ArticleRef) -> Telling<'a> {
        Telling::prepare(Cow::Borrowed(article))
    }

    /// Prepares an article for good.
    pub fn owned(article: ArticleRef) -> Telling<'static> {
        Telling::prepare(Cow::Owned(article))
    }

    fn prepare(article: Cow<'a, ArticleRef>) -> Telling<'a> {
        let says = &article.says;
        let told = says.attacks.iter().copied();
        let mut attacks: Vec<AttackType> = told.filter(|attack| *attack != AttackType::Undetermined).collect();
        attacks.sort_unstable();
        Telling {
            day: paris::day(article.published),
            attacks,
            actor: says.actor.as_deref().map(fold_key).filter(|actor| !actor.is_empty()),
            main_words: says
                .victims
                .first()
                .map_or_else(Vec::new, |main| name_words(&main.name)),
            article,
        }
    }

    /// The keys under which another article on the same incident may be found: victims, rare words of names and headline.
    pub fn keys(&self) -> Vec<String> {
        let mut keys = BTreeSet::new();
        let imprint = &self.article.imprint;
        let is_common = |word: &u32| {
            let known = imprint.names.binary_search_by_key(word, |(own, _)| *own);
            known.is_ok_and(|at| imprint.names[at].1 < KEY_RARITY)
        };
        let of_word = |word: u32| format!("word {word:08x}");
        for victim in &self.article.says.victims {
            keys.insert(format!("victim {}", victim.key));
            keys.extend(
                name_words(&victim.name)
                    .into_iter()
                    .filter(|word| !is_common(word))
                    .map(of_word),
            );
        }
        // What else stands in a recap belongs to its other incidents.
        if self.article.part.is_none() {
            keys.extend(imprint.keys.iter().copied().map(of_word));
            let title = headline(&self.article.title, &self.article.url, &self.article.outlet);
            keys.insert(format!("title {}", slug(title)));
            let values = numbers(title).into_iter().filter_map(|number| number.value);
            keys.extend(
                values
                    .filter(|value| *value > KEY_NUMBER)
                    .map(|value| format!("number {value}")),
            );
        }
        keys.into_iter().collect()
    }

    /// How far from this article's publication others may lie that tell the same incident, in days.
    pub fn window_days(&self) -> i64 {
        match self.article.kind {
            ArticleKind::Justice | ArticleKind::Retrospective => RECALL_WINDOW_DAYS,
            _ => WINDOW_DAYS,
        }
    }

    /// The main victim.
    pub(super) fn main(&self) -> Option<&Victim> {
        self.article.says.victims.first()
    }

    /// The words that tell its name apart, hashed and ordered.
    pub(super) fn main_words(&self) -> &[u32] {
        &self.main_words
    }
}

/// The words of a name that tell it apart, hashed and ordered.
fn name_words(name: &str) -> Vec<u32> {
    let folded = fold_key(name);
    let all = words(&folded).map(|range| &folded[range]);
    let telling = all.filter(|word| word.len() >= SHORTEST_NAME_WORD && !COMMON_NAME_WORDS.contains(word));
    let mut hashed: Vec<u32> = telling.map(hash).collect();
    hashed.sort_unstable();
    hashed.dedup();
    hashed
}

/// One reason for or against, with its weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// In French: people read it in `vigie show`.
    pub words: String,
    /// Positive for, negative against.
    pub weight: f32,
}

/// The figures of a pair, as they are learned from: column and value of what is not zero. None of two articles that
/// surely name different victims.
pub fn row(one: &Telling, other: &Telling) -> Option<Vec<(u32, f32)>> {
    let (earlier, later) = in_order(one, other);
    let figures = figures(earlier, later);
    let is_apart = figures::tell_apart(earlier, later, &figures);
    (!is_apart).then(|| (0..).zip(figures).filter(|(_, value)| *value != 0.0).collect())
}

/// How many figures a pair has.
pub const fn columns() -> usize {
    COUNT
}

/// The names of the figures, in the order of their columns.
pub fn names() -> impl Iterator<Item = &'static str> {
    FIGURES.iter().map(|(_, name, ..)| *name)
}

/// Which way each may weigh, in the same order.
pub fn senses() -> impl Iterator<Item = Sense> {
    FIGURES.iter().map(|(_, _, _, sense, _)| *sense)
}

/// Two articles, the earlier one first.
fn in_order<'t, 'a>(one: &'t Telling<'a>, other: &'t Telling<'a>) -> (&'t Telling<'a>, &'t Telling<'a>) {
    let places = [one, other].map(|telling| (telling.article.published, &telling.article.id, &telling.article.part));
    if places[0] <= places[1] {
        (one, other)
    } else {
        (other, one)
    }
}

impl LinkModel {
    /// The model shipped in the binary.
    pub fn embedded() -> LinkModel {
        LinkModel::read(Path::new(FILE), EMBEDDED).expect("the shipped links.toml has no mistake")
    }

    /// A model with these weights, one a column.
    pub fn new(weights: &[f32], thresholds: group::Thresholds, fitted: Option<Fitted>) -> LinkModel {
        let mut row = [0.0; COUNT];
        for (own, weight) in row.iter_mut().zip(weights) {
            *own = *weight;
        }
        LinkModel {
            join: thresholds.join,
            merge: thresholds.merge,
            fitted,
            weights: row,
        }
    }

    /// The weights, one a column.
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// Reads `links.toml`. A weight for a name that is no figure, and what is no number or no probability, is an error
    /// with its line.
    pub fn read(file: &Path, text: &str) -> Result<LinkModel, DataError> {
        let mistake = |offset: usize, what: String| DataError {
            file: file.to_owned(),
            line: text[..offset.min(text.len())].matches('\n').count() + 1,
            what,
        };
        let links: LinksFile = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            mistake(start, error.message().to_owned())
        })?;
        let probability = |name: &str, value: &toml::Spanned<f32>| {
            let number = *value.get_ref();
            let is_one = (0.0..=1.0).contains(&number);
            is_one.then_some(number).ok_or_else(|| {
                let what = format!("{name} = {number}: a probability from 0 to 1 is expected");
                mistake(value.span().start, what)
            })
        };
        let mut weights = [0.0; COUNT];
        for (name, weight) in &links.weights {
            let start = weight.span().start;
            let column = names()
                .position(|known| known == name)
                .ok_or_else(|| mistake(start, format!("unknown figure `{name}`")))?;
            weights[column] = *weight.get_ref();
            if !weights[column].is_finite() {
                return Err(mistake(start, format!("{name} is no weight: a number is expected")));
            }
        }
        Ok(LinkModel {
            join: probability("join", &links.thresholds.join)?,
            merge: probability("merge", &links.thresholds.merge)?,
            fitted: links.fitted,
            weights,
        })
    }

    /// The file that `read` reads: the same model gives the same bytes.
    pub fn write(&self) -> String {
        let mut text = "\
# Learned weights: written by `vigie train`, not by hand. They tell how likely two articles are about one incident: the
# figures about the pair (src/dedup/figures.rs), each times its weight, add up to the logarithm of the odds.
"
        .to_owned();
        if let Some(fitted) = &self.fitted {
            let _ = write!(
                text,
                "\n[fitted]\ncorpus = \"{}\"\npairs = {}\nsame = {}\n",
                fitted.corpus, fitted.pairs, fitted.same
            );
        }
        let _ = write!(
            text,
            "\n# Articles are grouped from the likeliest pair on. A group of one or two articles joins another at this mean\n\
             # probability over all pairs across; larger ones become one at `merge`.\n\
             [thresholds]\njoin = {:.3}\nmerge = {:.3}\n\n[weights]\n",
            self.join, self.merge
        );
        for ((_, name, _, _, says), weight) in FIGURES.iter().zip(&self.weights) {
            let _ = writeln!(text, "# {says}\n{name} = {weight:.3}");
        }
        text
    }

    /// How likely both tell one incident. Symmetric: the order of the two does not matter.
    pub fn probability(&self, one: &Telling, other: &Telling) -> f32 {
        let (earlier, later) = in_order(one, other);
        let figures = figures(earlier, later);
        if figures::tell_apart(earlier, later, &figures) {
            return 0.0;
        }
        let score: f32 = figures
            .iter()
            .zip(&self.weights)
            .map(|(figure, weight)| figure * weight)
            .sum();
        logistic::probability(f64::from(score)) as f32
    }

    /// Why, the heaviest reasons first.
    pub fn reasons(&self, one: &Telling, other: &Telling) -> Vec<Reason> {
        let (earlier, later) = in_order(one, other);
        reasons::reasons(&self.weights, earlier, later)
    }
}
