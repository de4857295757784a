//! Filing: articles with their analyses become changes to incidents. A ledger works on one batch
//! over a store; what it wrote itself is seen by the articles that follow; nothing reaches the
//! store before the commit.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::dedup::{incident, link};
use crate::model::analysis::Analysis;
use crate::model::article::Article;
use crate::model::feed::FeedState;
use crate::model::id::{ArticleId, FeedId, IncidentId};
use crate::model::incident::{ArticleRef, Incident};
use crate::store::{Appearance, Batch, Commit, Store, StoreError, StoredArticle};

/// The changes that one batch makes.
pub struct Ledger<'a> {
    store: &'a dyn Store,
    incidents: BTreeMap<IncidentId, Incident>,
    opened: BTreeSet<IncidentId>,
    keys: HashMap<String, BTreeSet<IncidentId>>,
    articles: BTreeMap<ArticleId, StoredArticle>,
}

/// What a batch came to.
#[derive(Debug, Default)]
pub struct Filed {
    /// To be written.
    pub commit: Commit,
    /// Incidents that it opened.
    pub opened: BTreeSet<IncidentId>,
    /// Incidents that it changed.
    pub changed: BTreeSet<IncidentId>,
}

/// Files a whole batch. `analyses` are those of `batch.articles`, in the same order.
pub fn file(store: &dyn Store, seq: u64, batch: &Batch, analyses: &[Analysis]) -> Result<Filed, StoreError> {
    let mut ledger = Ledger {
        store,
        incidents: BTreeMap::new(),
        opened: BTreeSet::new(),
        keys: HashMap::new(),
        articles: BTreeMap::new(),
    };
    let mut in_order: Vec<(&Article, &Analysis)> = batch.articles.iter().zip(analyses).collect();
    in_order.sort_by(|(a, _), (b, _)| a.published.cmp(&b.published).then_with(|| a.id.cmp(&b.id)));
    for (article, analysis) in in_order {
        ledger.place(article, analysis)?;
    }
    let mut feeds: BTreeMap<FeedId, FeedState> = BTreeMap::new();
    let known = store.feed_states()?;
    for check in &batch.checks {
        let previous = feeds.get(&check.feed).or_else(|| known.get(&check.feed));
        let state = FeedState::after(previous, check);
        feeds.insert(check.feed.clone(), state);
    }
    Ok(ledger.into_filed(seq, feeds.into_values().collect(), batch))
}

impl Ledger<'_> {
    /// Files one article: it joins an incident, opens one, or stays apart, as one in a foreign
    /// language does. An article that the
    /// store or the batch already has is left as it is.
    fn place(&mut self, article: &Article, analysis: &Analysis) -> Result<(), StoreError> {
        if self.articles.contains_key(&article.id) || self.store.knows_article(&article.id)? {
            return Ok(());
        }
        let mut stored = StoredArticle {
            article: article.clone(),
            analysis: analysis.clone(),
            incident: None,
            mentioned_in: Vec::new(),
        };
        if analysis.tells_incident && !analysis.is_foreign() {
            let several = 1 + analysis.recalled.len();
            let note = (several > 1).then(|| format!("récapitulatif : cité parmi {several} incidents"));
            stored.incident = Some(self.choose(article, analysis, note.as_deref())?);
            for recalled in &analysis.recalled {
                let id = self.choose(article, &analysis.of_recalled(recalled), note.as_deref())?;
                if stored.incident.as_ref() != Some(&id) && !stored.mentioned_in.contains(&id) {
                    stored.mentioned_in.push(id);
                }
            }
        }
        self.articles.insert(article.id.clone(), stored);
        Ok(())
    }

    /// Adds an article to the incident that it tells, or opens one; `note` stands before the reasons.
    /// An incident that has the article already, for another of the victims that it names, is left as
    /// it is.
    fn choose(&mut self, article: &Article, analysis: &Analysis, note: Option<&str>) -> Result<IncidentId, StoreError> {
        let keys = link::keys(&analysis.victims, &[&article.title]);
        let candidates = self.candidates(&keys)?;
        let (mut incident, reasons) = match link::decide(article, analysis, &candidates) {
            link::Decision::Join(id, reasons) => {
                let joined = candidates.into_iter().find(|candidate| candidate.id == id);
                (joined.expect("the decision names a candidate"), reasons)
            }
            link::Decision::Open => (self.open(article, analysis)?, vec!["ouvre l'incident".to_owned()]),
        };
        let mut articles = std::mem::take(&mut incident.articles);
        if articles.iter().any(|known| known.id == article.id) {
            return Ok(incident.id);
        }
        let reasons = note.map(str::to_owned).into_iter().chain(reasons).collect();
        articles.push(reference(article, analysis, reasons));
        let incident = incident::fold(incident.id, articles);
        let id = incident.id.clone();
        for key in keys_of(&incident) {
            self.keys.entry(key).or_default().insert(id.clone());
        }
        self.incidents.insert(id.clone(), incident);
        Ok(id)
    }

    /// The incidents under these keys, as changed so far by this batch.
    fn candidates(&self, keys: &[String]) -> Result<Vec<Incident>, StoreError> {
        let mut found: BTreeMap<IncidentId, Incident> = BTreeMap::new();
        for incident in self.store.incidents_under(keys)? {
            found.insert(incident.id.clone(), incident);
        }
        for id in keys.iter().filter_map(|key| self.keys.get(key)).flatten() {
            found.entry(id.clone()).or_insert_with(|| self.incidents[id].clone());
        }
        for (id, incident) in &mut found {
            if let Some(changed) = self.incidents.get(id) {
                *incident = changed.clone();
            }
        }
        Ok(found.into_values().collect())
    }

    fn open(&mut self, article: &Article, analysis: &Analysis) -> Result<Incident, StoreError> {
        let mut failure = None;
        let id = link::new_id(article, analysis, |id| {
            self.incidents.contains_key(id)
                || self
                    .store
                    .incident(id)
                    .map(|found| found.is_some())
                    .unwrap_or_else(|error| {
                        failure = Some(error);
                        false
                    })
        });
        if let Some(error) = failure {
            return Err(error);
        }
        self.opened.insert(id.clone());
        Ok(incident::fold(id, Vec::new()))
    }

    fn into_filed(self, seq: u64, feeds: Vec<FeedState>, batch: &Batch) -> Filed {
        let changed = self
            .incidents
            .keys()
            .filter(|id| !self.opened.contains(*id))
            .cloned()
            .collect();
        // An article that was already there still makes the entry that led to it a known one.
        let is_filed = |article: &Article| {
            self.articles
                .get(&article.id)
                .is_some_and(|stored| (&stored.article.feed, &stored.article.entry) == (&article.feed, &article.entry))
        };
        let repeated = batch
            .articles
            .iter()
            .filter(|article| !is_filed(article))
            .filter_map(|article| {
                Some(Appearance {
                    feed: article.feed.clone()?,
                    entry: article.entry.clone()?,
                    article: article.id.clone(),
                })
            });
        let appearances = repeated.chain(batch.appearances.iter().cloned()).collect();
        let incidents = self.incidents.into_values().map(|incident| {
            let keys = keys_of(&incident);
            (incident, keys)
        });
        let commit = Commit {
            seq,
            feeds,
            appearances,
            incidents: incidents.collect(),
            articles: self.articles.into_values().collect(),
        };
        Filed {
            commit,
            opened: self.opened,
            changed,
        }
    }
}

/// The keys of an incident: those of every victim that any of its articles put forward.
fn keys_of(incident: &Incident) -> Vec<String> {
    let titles: Vec<&str> = incident.articles.iter().map(|article| article.title.as_str()).collect();
    let mut keys: BTreeSet<String> = link::keys(&incident.victims, &titles).into_iter().collect();
    for article in &incident.articles {
        if let Some(main) = article.says.victims.first() {
            keys.extend(link::keys(std::slice::from_ref(main), &[]));
        }
    }
    keys.into_iter().collect()
}

/// What an incident keeps of an article; evidence and facts stay with the article itself.
fn reference(article: &Article, analysis: &Analysis, joined: Vec<String>) -> ArticleRef {
    ArticleRef {
        id: article.id.clone(),
        outlet: article.outlet.clone(),
        url: article.url.clone(),
        title: article.title.clone(),
        published: article.published,
        kind: analysis.kind,
        says: Analysis {
            facts: Vec::new(),
            evidence: Vec::new(),
            recalled: Vec::new(),
            ..analysis.clone()
        },
        joined,
        part: None,
        imprint: Default::default(),
        founded: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::model::analysis::{Place, Recalled, Victim};
    use crate::model::article::TextSource;
    use crate::model::incident::Standing;
    use crate::model::label::{ArticleKind, AttackType, Sector, Status};
    use crate::model::paris;
    use crate::store;

    /// A victim, what is said to have happened to it, and how far that is established.
    type Case = (&'static str, AttackType, Status);

    fn victim(key: &str) -> Victim {
        let (_, name) = key.split_once(':').expect("a key");
        Victim {
            name: format!("Ville de {name}"),
            key: key.into(),
            sector: Some(Sector::LocalGovernment),
            level: None,
            place: Place::default(),
            country: Some("FR".to_owned()),
            siren: None,
            confidence: 0.9,
        }
    }

    /// An article on the first of these cases that recalls the others, published that day of the year.
    fn told(id: &str, day: i16, kind: ArticleKind, cases: &[Case]) -> (Article, Analysis) {
        let published = paris::noon_of(jiff::civil::date(2023, 1, 1).saturating_add(jiff::Span::new().days(day)));
        let article = Article {
            id: ArticleId(id.to_owned()),
            url: format!("https://presse.example/{id}"),
            outlet: "La Gazette".to_owned(),
            feed: None,
            entry: None,
            title: format!("Titre de {id}"),
            standfirst: None,
            text: String::new(),
            published,
            published_day_known: true,
            received: published,
            declared_language: None,
            outlet_departements: Vec::new(),
            source: TextSource::Import,
        };
        let (main, others) = cases.split_first().expect("a case");
        let recalled = others.iter().map(|(key, attack, status)| Recalled {
            victim: victim(key),
            attacks: vec![*attack],
            status: *status,
            actor: None,
            evidence: Vec::new(),
        });
        let analysis = Analysis {
            language: "fr".to_owned(),
            kind,
            tells_incident: true,
            attacks: vec![main.1],
            victims: vec![victim(main.0)],
            status: Some(main.2),
            recalled: recalled.collect(),
            ..Analysis::unread()
        };
        (article, analysis)
    }

    /// The incidents, once these batches are filed one after the other: id, victims, types, status,
    /// standing, articles.
    fn filed(batches: &[&[&(Article, Analysis)]]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let mut store = store::open(folder.path(), "test", Timestamp::UNIX_EPOCH, Duration::ZERO).unwrap();
        for (articles, seq) in batches.iter().zip(1..) {
            let analyses: Vec<Analysis> = articles.iter().map(|(_, analysis)| analysis.clone()).collect();
            let batch = Batch {
                articles: articles.iter().map(|(article, _)| article.clone()).collect(),
                ..Batch::default()
            };
            let filed = file(store.as_ref(), seq, &batch, &analyses).unwrap();
            store.commit(filed.commit).unwrap();
        }
        let mut lines: Vec<String> = store
            .incidents_since(None)
            .map(|incident| {
                let incident = incident.unwrap();
                for article in &incident.articles {
                    let stored = store.article(&article.id).unwrap().expect("an article");
                    let is_main = stored.incident.as_ref() == Some(&incident.id);
                    assert!(is_main != stored.mentioned_in.contains(&incident.id), "{}", incident.id);
                }
                let victims: Vec<&str> = incident.victims.iter().map(|victim| victim.key.as_str()).collect();
                let articles: Vec<&str> = incident.articles.iter().map(|article| article.id.as_str()).collect();
                let standing = match incident.standing {
                    Standing::Reported => "reported",
                    Standing::Recalled => "recalled",
                };
                format!(
                    "{}: {} {:?} {} {standing} {}",
                    incident.id,
                    victims.join("+"),
                    incident.attacks,
                    incident.status,
                    articles.join("+")
                )
            })
            .collect();
        lines.sort();
        lines
    }

    /// Every order of so many things.
    fn orders(count: usize) -> Vec<Vec<usize>> {
        if count == 0 {
            return vec![Vec::new()];
        }
        let shorter = orders(count - 1);
        let longer = shorter.iter().flat_map(|order| {
            (0..count).map(|at| {
                let mut order = order.clone();
                order.insert(at, count - 1);
                order
            })
        });
        longer.collect()
    }

    #[test]
    fn recaps_mention_what_news_reported_and_recall_the_rest_in_whatever_order() {
        use ArticleKind::{Incident, Retrospective};
        use AttackType::{DataLeak, Ransomware, Undetermined};
        use Status::{Claimed, Confirmed, Reported};
        let articles = [
            told("bondy", 5, Incident, &[("commune:Bondy", Ransomware, Confirmed)]),
            told("gien", 7, Incident, &[("commune:Gien", DataLeak, Claimed)]),
            told(
                "recap1",
                10,
                Retrospective,
                &[
                    ("commune:Bondy", DataLeak, Claimed),
                    ("commune:Gien", Undetermined, Confirmed),
                    ("commune:Dole", Ransomware, Reported),
                ],
            ),
            told(
                "recap2",
                17,
                Retrospective,
                &[
                    ("commune:Dole", Ransomware, Reported),
                    ("commune:Bondy", Undetermined, Claimed),
                ],
            ),
        ];
        let expected = [
            "ville-de-bondy-2023-01: commune:Bondy [Ransomware] confirme reported bondy+recap1+recap2",
            "ville-de-dole-2023-01: commune:Dole [Ransomware] signale recalled recap1+recap2",
            "ville-de-gien-2023-01: commune:Gien [DataLeak] revendique reported gien+recap1",
        ];
        for order in orders(articles.len()) {
            let arrived: Vec<&(Article, Analysis)> = order.iter().map(|&index| &articles[index]).collect();
            let one_by_one: Vec<&[&(Article, Analysis)]> = arrived.chunks(1).collect();
            assert_eq!(filed(&one_by_one), expected, "{order:?}");
        }
        let [bondy, gien, first, second] = &articles;
        assert_eq!(filed(&[&[second, first, gien, bondy]]), expected, "at once");
        assert_eq!(filed(&[&[second, gien], &[first, bondy]]), expected, "two at a time");
    }

    #[test]
    fn news_of_long_ago_finds_the_incident_that_a_recap_opened() {
        use ArticleKind::{Incident, Retrospective};
        let news = told(
            "gien",
            30,
            Incident,
            &[("commune:Gien", AttackType::DataLeak, Status::Confirmed)],
        );
        let recap = told(
            "recap",
            330,
            Retrospective,
            &[
                ("commune:Bondy", AttackType::Ransomware, Status::Reported),
                ("commune:Gien", AttackType::DataLeak, Status::Reported),
            ],
        );
        let (before, after) = (filed(&[&[&news], &[&recap]]), filed(&[&[&recap], &[&news]]));
        // The id is of the article that opened it; all else is the same.
        let without_id = |lines: &[String]| -> Vec<String> {
            let parts = lines.iter().filter_map(|line| line.split_once(": "));
            parts.map(|(_, rest)| rest.to_owned()).collect()
        };
        assert_eq!(
            without_id(&before),
            [
                "commune:Bondy [Ransomware] signale recalled recap",
                "commune:Gien [DataLeak] confirme reported gien+recap"
            ]
        );
        assert_eq!(without_id(&after), without_id(&before));
    }

    #[test]
    fn a_recap_never_merges_two() {
        use ArticleKind::{Incident, Retrospective};
        use AttackType::{DataLeak, Undetermined};
        use Status::Reported;
        // Two attacks on one town, with a recap of the first between them.
        let first = told("premiere", 0, Incident, &[("commune:Gien", Undetermined, Reported)]);
        let second = told("seconde", 150, Incident, &[("commune:Gien", Undetermined, Reported)]);
        let recap = told(
            "recap",
            120,
            Retrospective,
            &[
                ("commune:Bondy", DataLeak, Reported),
                ("commune:Gien", Undetermined, Reported),
            ],
        );
        assert_eq!(
            filed(&[&[&first], &[&recap], &[&second]]),
            [
                "ville-de-bondy-2023-05: commune:Bondy [DataLeak] signale recalled recap",
                "ville-de-gien-2023-01: commune:Gien [Undetermined] signale reported premiere+recap",
                "ville-de-gien-2023-05: commune:Gien [Undetermined] signale reported seconde",
            ]
        );
        // Namesakes, and a victim named twice.
        let namesakes = told(
            "recap",
            0,
            Retrospective,
            &[
                ("commune:Saint-Denis", DataLeak, Reported),
                ("epci:Saint-Denis", DataLeak, Reported),
                ("departement:Saint-Denis", DataLeak, Reported),
                ("commune:Saint-Denis", Undetermined, Reported),
            ],
        );
        assert_eq!(
            filed(&[&[&namesakes]]),
            [
                "ville-de-saint-denis-2023-01-recap-2: departement:Saint-Denis [DataLeak] signale recalled recap",
                "ville-de-saint-denis-2023-01-recap: epci:Saint-Denis [DataLeak] signale recalled recap",
                "ville-de-saint-denis-2023-01: commune:Saint-Denis [DataLeak] signale recalled recap",
            ]
        );
    }
}
