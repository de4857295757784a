//! Articles from a file instead of the network: one JSON object a line, through the same reading
//! and filing, in order of publication. This is also how archives are imported.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use url::Url;

use super::base::{self, Access, BaseError, LazyReader};
use super::correct;
use crate::dedup::url::canonical;
use crate::evaluate::labelled::{Said, SaidEvidence};
use crate::extract;
use crate::model::analysis::{Analysis, Victim};
use crate::model::article::{Article, TextSource};
use crate::model::id::ArticleId;
use crate::model::incident::Incident;
use crate::model::label::Status;
use crate::model::paris;
use crate::store::archive::Archive;
use crate::store::{self, Batch, Revision, StoreError};
use crate::text::dates;

/// How many articles are filed at a time.
const BATCH_ARTICLES: usize = 500;

/// A line of the input; other fields are ignored.
#[derive(Debug, Clone, Deserialize)]
pub struct ReplayLine {
    /// Its name in the output.
    pub id: String,
    /// Its address; a missing one is made up from the id.
    #[serde(default)]
    pub url: Option<String>,
    /// The publication.
    #[serde(default)]
    pub outlet: Option<String>,
    /// A moment (RFC 3339, or as feeds write it), a day, a month or a year; the time of the import
    /// when it is missing.
    #[serde(default)]
    pub published: Option<String>,
    /// Headline.
    #[serde(default)]
    pub title: Option<String>,
    /// Text, one paragraph a line.
    #[serde(default)]
    pub text: Option<String>,
    /// The page, used when there is no text.
    #[serde(default)]
    pub html: Option<String>,
    /// Language that the feed declares.
    #[serde(default)]
    pub feed_language: Option<String>,
}

/// What is wrong with a line, in words; the caller adds file and line number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Not the JSON object that is expected.
    #[error("not an article: {0}; expected {{\"id\",\"url\",\"outlet\",\"published\",\"title\",\"text\"}}")]
    Json(String),
    /// `published` is neither a moment nor a day, month or year.
    #[error("`published` is \"{0}\": expected 2023-11-06T08:00:00+01:00, 2023-11-06, 2023-11 or 2023")]
    Published(String),
}

/// Reads one line. `now` dates an article that has no date.
pub fn read_line(line: &str, now: Timestamp) -> Result<(String, Article), LineError> {
    let line: ReplayLine = serde_json::from_str(line).map_err(|error| LineError::Json(error.to_string()))?;
    let typed = line.published.unwrap_or_default();
    let published = if typed.trim().is_empty() {
        Some(now)
    } else {
        moment(typed.trim())
    };
    let published = published.ok_or_else(|| LineError::Published(typed.clone()))?;
    let url = line
        .url
        .filter(|url| !url.is_empty())
        .unwrap_or_else(|| format!("urn:vigie:replay:{}", line.id));
    let canonical_url = Url::parse(&url).map(|url| canonical(&url).to_string()).unwrap_or(url);
    let mut article = Article {
        id: ArticleId::of_url(&canonical_url),
        url: canonical_url,
        outlet: line.outlet.unwrap_or_default(),
        feed: None,
        entry: None,
        title: line.title.unwrap_or_default(),
        standfirst: None,
        text: line.text.unwrap_or_default(),
        published,
        published_day_known: typed.trim().len() > "2023-11".len(),
        received: now,
        declared_language: line.feed_language,
        outlet_departements: Vec::new(),
        source: TextSource::Import,
    };
    if let Some(html) = line.html.filter(|_| article.text.trim().is_empty()) {
        take_page(&mut article, &html);
    }
    Ok((line.id, article))
}

/// The line to print for an article. What the article leaves open of its victim is taken from the
/// incident that it belongs to.
pub fn said(id: &str, analysis: &Analysis, incident: Option<&Incident>) -> Said {
    let own = analysis.main_victim();
    let known = incident.and_then(|incident| match own {
        Some(own) => incident.victims.iter().find(|victim| victim.key == own.key),
        None => incident.victims.first(),
    });
    let victim = own.or(known);
    let of_either = |field: fn(&Victim) -> Option<String>| own.and_then(field).or_else(|| known.and_then(field));
    Said {
        id: id.to_owned(),
        kind: analysis.kind,
        incident: incident.map(|incident| incident.id.as_str().to_owned()),
        sector: own
            .and_then(|own| own.sector)
            .or_else(|| known.and_then(|known| known.sector))
            .or(analysis.sector),
        level: own
            .and_then(|own| own.level)
            .or_else(|| known.and_then(|known| known.level)),
        attacks: analysis.attacks.clone(),
        victim: victim.map(|victim| victim.name.clone()),
        departement: of_either(|victim| victim.place.departement.clone())
            .or_else(|| analysis.place.departement.clone()),
        country: of_either(|victim| victim.country.clone()).or_else(|| analysis.country.clone()),
        status: status(analysis, incident),
        actor: analysis.actor.clone(),
        event_date: analysis.event.map(|event| {
            if event.from == event.to {
                event.from.to_string()
            } else {
                format!("{}/{}", event.from, event.to)
            }
        }),
        language: analysis.language.clone(),
        evidence: analysis
            .evidence
            .iter()
            .map(|piece| SaidEvidence {
                label: piece.label.clone(),
                words: piece.words.clone(),
                zone: piece.zone,
                assertion: piece.assertion,
            })
            .collect(),
    }
}

/// How far the incident is established, as this article tells it; a gang's claim does not take back
/// what the victim confirmed.
fn status(analysis: &Analysis, incident: Option<&Incident>) -> Option<Status> {
    let confirmed = incident.is_some_and(|incident| incident.status == Status::Confirmed);
    match analysis.status {
        Some(Status::Claimed) if confirmed => Some(Status::Confirmed),
        said => said,
    }
}

/// Runs articles through reading and filing in the store of `access`, in order of publication, and
/// says of each, in the order given, what was concluded once all are merged.
pub fn run(
    articles: &[(String, Article)],
    access: &Access,
    reader: &LazyReader,
    now: Timestamp,
) -> Result<Vec<Said>, BaseError> {
    let mut order: Vec<&Article> = articles.iter().map(|(_, article)| article).collect();
    order.sort_by(|a, b| a.published.cmp(&b.published).then_with(|| a.id.cmp(&b.id)));
    let mut archive = Archive::open(&access.dir)?;
    {
        let mut store = store::open(&access.dir, access.role, now, access.wait)?;
        archive.reserve(store.seq());
        correct::erase(&mut archive, reader, now)?;
        base::catch_up(&archive, store.as_mut(), reader)?;
        correct::apply(&access.dir, store.as_mut(), reader)?;
        let forgotten = correct::forgotten(reader, &archive);
        order.retain(|article| !forgotten.contains(&article.id));
        // What is there already in these words is not archived once more: importing again adds nothing.
        let mut known = BTreeSet::new();
        for article in &order {
            if let Some(stored) = store.article(&article.id)? {
                let wording = Revision::of(article);
                let present = Revision::of(&stored.article);
                if stored
                    .revisions
                    .iter()
                    .chain([&present])
                    .any(|known| known.says_the_same(&wording))
                {
                    known.insert(&article.id);
                }
            }
        }
        order.retain(|article| known.insert(&article.id));
    }
    for articles in order.chunks(BATCH_ARTICLES) {
        let batch = Batch {
            articles: articles.iter().copied().cloned().collect(),
            ..Batch::default()
        };
        base::keep(&mut archive, &batch, access, reader, now)?;
    }
    let store = store::open(&access.dir, access.role, now, access.wait)?;
    let forgotten = correct::forgotten(reader, &archive);
    let mut lines = Vec::with_capacity(articles.len());
    for (id, article) in articles {
        if forgotten.contains(&article.id) {
            lines.push(said(id, &Analysis::unread(), None));
            continue;
        }
        let stored = store.article(&article.id)?.ok_or_else(|| StoreError::Damaged {
            path: access.dir.clone(),
            detail: format!("article {} was kept and is not there", article.id),
        })?;
        let incident = match &stored.incident {
            Some(incident) => store.incident(incident)?,
            None => None,
        };
        lines.push(said(id, &stored.analysis, incident.as_ref()));
    }
    Ok(lines)
}

/// Gives lines that repeat an address with other words ids of their own, so that a live page
/// captured twice is two articles; a plain repetition stays one.
pub fn tell_apart(articles: &mut [(String, Article)]) {
    let mut known: HashMap<ArticleId, (String, String)> = HashMap::new();
    for (id, article) in articles {
        let words = (article.title.clone(), article.text.clone());
        match known.get(&article.id) {
            Some(other) if *other != words => {
                article.id = ArticleId::of_url(&format!("{}#{id}", article.url));
            }
            Some(_) => continue,
            None => {}
        }
        known.insert(article.id.clone(), words);
    }
}

fn take_page(article: &mut Article, html: &str) {
    let Ok(base) = Url::parse(&article.url) else { return };
    if let Ok(page) = extract::extract(html.as_bytes(), Some("text/html; charset=utf-8"), &base) {
        article.text = page.paragraphs.join("\n");
        article.standfirst = page.standfirst;
        if article.title.is_empty() {
            article.title = page.title.unwrap_or_default();
        }
    }
}

/// A moment, or the middle of the day, month or year that is all the line tells.
fn moment(text: &str) -> Option<Timestamp> {
    let day = |text: &str| text.parse::<Date>().ok().map(paris::noon_of);
    let short = match text.len() {
        4 => day(&format!("{text}-07-01")),
        7 => day(&format!("{text}-15")),
        10 => day(text),
        _ => text.parse::<Timestamp>().ok(),
    };
    short.or_else(|| dates::parse(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_lines() {
        let check = |typed: &str, expected: &str| {
            let found = moment(typed).map_or_else(|| "refused".to_owned(), |at| at.to_string());
            assert_eq!(found, expected, "{typed}");
        };
        check("2023-11-06T08:00:00+01:00", "2023-11-06T07:00:00Z");
        check("2023-11-06", "2023-11-06T11:00:00Z");
        check("2023-11", "2023-11-15T11:00:00Z");
        check("2023", "2023-07-01T10:00:00Z");
        check("Mon, 06 Nov 2023 08:00:00 +0100", "2023-11-06T07:00:00Z");
        check("hier", "refused");
    }

    #[test]
    fn lines_that_tell_little_are_read() {
        let now = Timestamp::UNIX_EPOCH;
        let (id, article) = read_line(r#"{"id":"a"}"#, now).unwrap();
        assert_eq!(
            (id.as_str(), article.published, article.published_day_known),
            ("a", now, false)
        );
        assert!(
            read_line("{", now)
                .unwrap_err()
                .to_string()
                .starts_with("not an article: ")
        );
        let refused = read_line(r#"{"id":"a","published":"hier"}"#, now)
            .unwrap_err()
            .to_string();
        assert!(refused.starts_with("`published` is \"hier\": expected "), "{refused}");
    }

    #[test]
    fn a_repetition_is_one_article_and_other_words_are_another() {
        let line = |id: &str, text: &str| {
            let json = serde_json::json!({"id": id, "url": "https://exemple.fr/a", "published": "2023", "text": text});
            read_line(&json.to_string(), Timestamp::UNIX_EPOCH).unwrap()
        };
        let mut articles = vec![line("1", "un"), line("2", "un"), line("3", "deux")];
        tell_apart(&mut articles);
        assert_eq!(articles[0].1.id, articles[1].1.id);
        assert_ne!(articles[0].1.id, articles[2].1.id);
    }
}
