//! From an article to its analysis: language, words, organisations, verdict. Pure, so that the
//! same article always gives the same analysis under the same models.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::recap;
use crate::classify::features::{Features, Found, features};
use crate::classify::lexicon::{LexiconError, ModelFile};
use crate::classify::model::Models;
use crate::classify::votes::Votes;
use crate::classify::{facts, language, reading, verdict};
use crate::dedup::data::DataError;
use crate::dedup::imprint::{self, Frequencies};
use crate::dedup::pair::{self, LinkModel};
use crate::entities::gazetteer::{Gazetteer, GazetteerError};
use crate::entities::{self, CandidateFeatures, Context, Entities, Story};
use crate::model::analysis::{Analysis, Evidence, Zone};
use crate::model::article::Article;
use crate::model::label::{ArticleKind, Sector};
use crate::model::paris;
use crate::text::dates::french_month;
use crate::text::document::Document;
use crate::text::fold::fold_key;
use crate::text::headline;

/// Below this confidence a body is not called a victim.
const VICTIM_CONFIDENCE: f32 = 0.3;

/// Everything needed to read articles.
pub struct Reader {
    models: Models,
    gazetteer: Gazetteer,
    links: LinkModel,
    frequencies: Frequencies,
}

/// An article, read but not yet judged.
pub struct Prepared {
    /// The text, cut into zones.
    pub document: Document,
    language: String,
    /// The statements and words that count.
    pub reading: reading::Reading,
    /// Who, where, when.
    pub entities: Entities,
    /// What of that the votes count.
    pub found: Found,
    /// What the votes count.
    pub features: Features,
}

/// Why the models or gazetteers cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// A file of the folder, or the folder itself, cannot be read.
    #[error("{}: cannot be read", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A keyword model has a mistake.
    #[error(transparent)]
    Models(#[from] LexiconError),
    /// What articles are compared by has a mistake.
    #[error(transparent)]
    Links(#[from] DataError),
    /// The folder that was given replaces nothing.
    #[error("--data {}: {what}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A gazetteer has a mistake.
    #[error(transparent)]
    Gazetteer(#[from] GazetteerError),
}

impl Reader {
    /// The models and gazetteers shipped in the binary, or those of `data` where it has any
    /// (`data/keywords/*`, `data/gazetteer/*.tsv`).
    pub fn load(data: Option<&Path>) -> Result<Reader, ReaderError> {
        let folder = |name: &str| data.map(|data| data.join(name)).filter(|folder| folder.is_dir());
        if let Some(data) = data.filter(|data| !data.join("keywords").is_dir() && !data.join("gazetteer").is_dir()) {
            let what = if data.is_dir() {
                "has neither keywords/ nor gazetteer/"
            } else {
                "no such folder"
            };
            return Err(ReaderError::Folder {
                folder: data.to_owned(),
                what,
            });
        }
        let replacements = |name: &str, extension: &str| match folder(name) {
            Some(folder) => read_files(&folder, extension),
            None => Ok(Vec::new()),
        };
        let mut keywords = replacements("keywords", "toml")?;
        let links = taken(&mut keywords, pair::FILE);
        let frequencies = taken(&mut replacements("keywords", "tsv")?, imprint::FILE);
        let keywords: Vec<ModelFile> = keywords
            .into_iter()
            .map(|(path, text)| ModelFile { path, text })
            .collect();
        let lists = replacements("gazetteer", "tsv")?;
        // Neither needs the other, and each takes some tens of milliseconds.
        let (models, gazetteer) = std::thread::scope(|scope| {
            let gazetteer = scope.spawn(|| Gazetteer::with(&lists));
            let models = Models::with(&keywords);
            let gazetteer = gazetteer.join();
            (
                models,
                gazetteer.unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            )
        });
        Ok(Reader {
            models: models?,
            gazetteer: gazetteer?,
            links: match links {
                Some((path, text)) => LinkModel::read(&path, &text)?,
                None => LinkModel::embedded(),
            },
            frequencies: match frequencies {
                Some((path, text)) => Frequencies::read(&path, &text)?,
                None => Frequencies::embedded(),
            },
        })
    }

    /// The gazetteer, for the names of places.
    pub fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }

    /// How likely two articles tell one incident.
    pub fn links(&self) -> &LinkModel {
        &self.links
    }

    /// How often words stand in the press.
    pub fn frequencies(&self) -> &Frequencies {
        &self.frequencies
    }

    /// The keyword models.
    pub fn models(&self) -> &Models {
        &self.models
    }

    /// Reads one article.
    pub fn read(&self, article: &Article) -> Analysis {
        self.conclude(article, &self.prepare(article), &self.models.votes)
    }

    /// Replaces what the figures about candidates for victims weigh.
    pub fn set_victim_weights(&mut self, weights: &[(&str, f32)]) {
        for (name, weight) in weights {
            let is_known = self.gazetteer.set_victim_weight(name, *weight);
            debug_assert!(is_known, "{name}");
        }
    }

    /// The bodies that an article names by these lists, with the figures by which the victim is told.
    pub fn candidates(&self, article: &Article, gazetteer: &Gazetteer) -> Vec<CandidateFeatures> {
        let mut document = Document::new(headline(article), article.standfirst.as_deref(), &article.text);
        let reading = reading::read(&mut document, &self.models.phrases);
        entities::candidates(&document, &reading.statements, &context(article), gazetteer)
    }

    /// Everything that is known of an article before anything votes.
    pub fn prepare(&self, article: &Article) -> Prepared {
        let headline = headline(article);
        let mut document = Document::new(headline, article.standfirst.as_deref(), &article.text);
        let language = language::detect(&document.text, article.declared_language.as_deref());
        let reading = reading::read(&mut document, &self.models.phrases);
        let entities = entities::read(&document, &reading.statements, &context(article), &self.gazetteer);
        let found = found(&entities, headline);
        let features = features(&reading, &found, document.text.len());
        Prepared {
            document,
            language,
            reading,
            entities,
            found,
            features,
        }
    }

    /// The stories of a recap.
    pub(super) fn stories(&self, article: &Article, prepared: &Prepared) -> Vec<Story> {
        let statements = &prepared.reading.statements;
        let main = prepared.entities.victims.first().map(|main| main.key.as_str());
        entities::stories(&prepared.document, statements, main, &context(article), &self.gazetteer)
    }

    /// What these votes conclude.
    pub fn conclude(&self, article: &Article, prepared: &Prepared, votes: &Votes) -> Analysis {
        let Prepared {
            document,
            reading,
            entities,
            found,
            features,
            ..
        } = prepared;
        let verdict = verdict::conclude(document, reading, features, found, votes);
        let tells = verdict.tells;
        // Nobody, nowhere, where no incident is told.
        let entities = if tells { entities.clone() } else { Entities::default() };
        let event = entities
            .event
            .filter(|_| article.published_day_known || names_a_month(&entities.evidence));
        let mut victims = if tells { entities.victims } else { Vec::new() };
        victims.retain(|victim| victim.confidence >= votes.cuts.victim);
        if let Some(main) = victims.first_mut() {
            main.sector = main
                .sector
                .or(verdict.sector.filter(|sector| *sector != Sector::LocalGovernment));
        }
        let sector = match victims.first() {
            Some(main) => main.sector,
            None => sector_of_unnamed(verdict.sector, entities.sector).filter(|_| tells),
        };
        let mut evidence = verdict.evidence;
        if tells {
            evidence.extend(entities.evidence);
        }
        evidence.sort_by(|a: &Evidence, b: &Evidence| a.start.cmp(&b.start).then_with(|| a.label.cmp(&b.label)));
        let mut analysis = Analysis {
            language: prepared.language.clone(),
            kind: verdict.kind,
            tells_incident: tells,
            incident_probability: verdict.incident_probability,
            attacks: verdict.attacks,
            provider: entities
                .provider
                .filter(|_| tells && !victims.is_empty() && verdict.kind != ArticleKind::Retrospective),
            victims,
            country: entities.country.filter(|_| tells),
            sector,
            place: Some(entities.place).filter(|_| tells).unwrap_or_default(),
            status: verdict.status,
            actor: entities.actor.filter(|_| tells),
            event: event.filter(|_| tells),
            recurrence: verdict.recurrence,
            facts: if tells {
                facts::facts(document, reading)
            } else {
                Vec::new()
            },
            recalled: Vec::new(),
            evidence,
        };
        if tells && analysis.kind == ArticleKind::Retrospective {
            recap::tell_apart(&mut analysis, self.stories(article, prepared), document, reading);
        }
        analysis
    }
}

/// When an article was published, at the latest: its day, or the end of the month where only that
/// is known, but not after it was received.
fn latest_publication(article: &Article) -> Timestamp {
    if article.published_day_known {
        article.published
    } else {
        paris::noon_of(paris::day(article.published).last_of_month()).min(article.received.max(article.published))
    }
}

/// The files of a folder that have this extension, in the order of their names.
fn read_files(folder: &Path, extension: &str) -> Result<Vec<(PathBuf, String)>, ReaderError> {
    let failed = |file: &Path, source: std::io::Error| ReaderError::Unreadable {
        file: file.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| failed(folder, error))? {
        let path = entry.map_err(|error| failed(folder, error))?.path();
        if path.extension().is_some_and(|own| own == extension) {
            let text = std::fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
            files.push((path, text));
        }
    }
    files.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(files)
}

/// The file of this name, taken out of the others.
fn taken(files: &mut Vec<(PathBuf, String)>, name: &str) -> Option<(PathBuf, String)> {
    let at = files
        .iter()
        .position(|(path, _)| path.file_name().is_some_and(|own| own == name))?;
    Some(files.remove(at))
}

/// Whether the day of the attack is told with its month, so that it holds whatever the day of
/// publication.
fn names_a_month(evidence: &[Evidence]) -> bool {
    evidence
        .iter()
        .filter(|piece| piece.label.starts_with("event:"))
        .any(|piece| {
            let words = fold_key(&piece.words);
            words.split(' ').any(|word| french_month(word).is_some())
        })
}

/// The sector of a victim that is not named: as most words of the article have it, else those of its headline.
/// Where they speak of money, its customers may be meant as well: none.
fn sector_of_unnamed(by_words: Option<Sector>, by_headline: Option<Sector>) -> Option<Sector> {
    by_words.or(by_headline).filter(|sector| *sector != Sector::Finance)
}

/// What is known of an article beside its text.
fn context(article: &Article) -> Context<'_> {
    Context {
        published: latest_publication(article),
        outlet_departements: &article.outlet_departements,
        url: &article.url,
    }
}

/// The headline without the site's name.
fn headline(article: &Article) -> &str {
    headline::headline(&article.title, &article.url, &article.outlet)
}

fn found(entities: &Entities, headline: &str) -> Found {
    let main = entities.victims.first();
    let in_title = main.is_some_and(|main| {
        let label = format!("victim:{}", main.key);
        entities
            .evidence
            .iter()
            .any(|piece| piece.zone == Zone::Title && piece.label == label)
    });
    Found {
        victim: main.map_or(0.0, |victim| victim.confidence),
        victim_listed: main.is_some_and(|victim| !victim.key.as_str().starts_with("nom:")),
        victim_is_public: main
            .and_then(|victim| victim.sector)
            .is_some_and(|sector| matches!(sector, Sector::LocalGovernment | Sector::Health | Sector::Education)),
        victim_in_title: in_title,
        victims: entities
            .victims
            .iter()
            .filter(|victim| victim.confidence >= VICTIM_CONFIDENCE)
            .count(),
        actor: entities.actor.is_some(),
        event: entities.event.is_some(),
        title_asks: headline.contains('?'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::replay::read_line;

    #[test]
    fn an_article_without_a_day_tells_nothing_of_days_to_come() {
        let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let line = r#"{"id":"a","published":"2026-11","title":"La mairie de Bondy victime d'une cyberattaque","text":"Le 20 novembre, les serveurs ont été chiffrés. Samedi soir, rien n'allait plus."}"#;
        let (_, article) = read_line(line, now).unwrap();
        assert!(!article.published_day_known);
        let at_the_end = article.published + jiff::Span::new().hours(24 * 40);
        assert_eq!(latest_publication(&article), now);
        let received_later = Article {
            received: at_the_end,
            ..article
        };
        let last = paris::noon_of(jiff::civil::date(2026, 11, 30));
        assert_eq!(latest_publication(&received_later), last);
    }
}
