//! Filing: articles with their analyses become incidents. Each article stands for what it says of one incident (a
//! recap for several); those that share a key are compared, and every article that hangs together with a new one by
//! likely pairs is grouped anew. So the incidents are a function of the articles alone, in whatever order they came;
//! only their ids tell which article was there first. A ledger works on one batch over a store; nothing reaches the
//! store before the commit.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use crate::dedup::group::{self, Thresholds, Tie};
use crate::dedup::imprint::Frequencies;
use crate::dedup::pair::{LinkModel, Telling};
use crate::dedup::relabel::relabel;
use crate::dedup::{incident, name};
use crate::model::analysis::Analysis;
use crate::model::article::{Article, TextSource};
use crate::model::correction::{Anchor, Correction, Corrections};
use crate::model::feed::FeedState;
use crate::model::id::{ArticleId, FeedId, IncidentId, VictimKey};
use crate::model::incident::{ArticleRef, Founding, Incident};
use crate::model::label::ArticleKind;
use crate::store::{Appearance, Batch, Commit, Revision, Span, Store, StoreError, StoredArticle};

/// How far apart articles on one incident may ever lie, in days: what is filed further away is not looked at.
const FARTHEST_DAYS: i64 = 1_200;
/// So much further a key is asked for, on both sides.
const SPARE_DAYS: i64 = 400;
/// Ids given by one commit are numbered from its own number times this.
const IDS_PER_COMMIT: u64 = 1 << 24;
/// How many reasons are kept for an article's being in its incident.
const REASONS: usize = 5;

/// By what articles are grouped.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// How likely two articles tell one incident.
    pub links: &'a LinkModel,
    /// Which words are rare.
    pub frequencies: &'a Frequencies,
    /// What analysts decided.
    pub corrections: &'a Corrections,
    /// Ids to be given again, when a base is made anew.
    pub heritage: Option<&'a Heritage>,
}

/// The ids that a base gave, for the one that takes its place.
#[derive(Debug, Default)]
pub struct Heritage {
    founded: BTreeMap<TellingId, Vec<Founding>>,
    /// Of each article that was given an id: those that were in the same incident, oldest first.
    companions: BTreeMap<TellingId, Vec<TellingId>>,
    ids: BTreeSet<IncidentId>,
    /// Ids given from now on come after all of these.
    next_serial: Cell<u64>,
}

impl Heritage {
    /// The ids that this base gave.
    pub fn of(store: &dyn Store) -> Result<Heritage, StoreError> {
        let mut heritage = Heritage {
            next_serial: Cell::new(store.seq() * IDS_PER_COMMIT + IDS_PER_COMMIT / 2),
            ..Heritage::default()
        };
        for incident in store.incidents_since(None) {
            let articles = founded_articles(&incident?);
            let companions: Vec<TellingId> = articles
                .iter()
                .map(|article| (article.id.clone(), article.part.clone()))
                .collect();
            for article in articles.into_iter().filter(|article| !article.founded.is_empty()) {
                let ids = article.founded.iter().map(|founding| founding.id.clone());
                heritage.ids.extend(ids);
                let telling = (article.id, article.part);
                heritage.companions.insert(telling.clone(), companions.clone());
                heritage.founded.insert(telling, article.founded);
            }
        }
        Ok(heritage)
    }

    /// The ids whose article tells nothing any more, each with the article that takes it over: the earliest one of its
    /// incident that is in an incident still. Ids without one are no longer any incident's.
    pub fn bequests(&self, remade: &dyn Store) -> Result<Vec<(TellingId, Founding)>, StoreError> {
        let mut bequests = Vec::new();
        for (telling, founded) in &self.founded {
            for founding in founded {
                if remade.incident(&founding.id)?.is_some() {
                    continue;
                }
                for companion in &self.companions[telling] {
                    if is_filed(remade, companion)? {
                        bequests.push((companion.clone(), founding.clone()));
                        break;
                    }
                }
            }
        }
        Ok(bequests)
    }

    fn take_serial(&self) -> u64 {
        let serial = self.next_serial.get();
        self.next_serial.set(serial + 1);
        serial
    }
}

/// Whether a base has this telling in an incident.
fn is_filed(store: &dyn Store, (article, part): &TellingId) -> Result<bool, StoreError> {
    let Some(stored) = store.article(article)? else {
        return Ok(false);
    };
    for id in stored.incident.iter().chain(&stored.mentioned_in) {
        let incident = store.incident(id)?;
        let mut tellings = incident.iter().flat_map(|incident| &incident.articles);
        if tellings.any(|telling| telling.id == *article && telling.part == *part) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The articles of a stored incident, one of which at least was given its id.
fn founded_articles(incident: &Incident) -> Vec<ArticleRef> {
    let mut articles = incident.articles.clone();
    if articles.iter().all(|article| article.founded.is_empty())
        && let Some(first) = articles.first_mut()
    {
        let id = incident.id.clone();
        first.founded.push(Founding { serial: 0, id });
    }
    articles
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

/// What is to be filed anew: articles read again, articles to erase, articles about which a correction was made or
/// taken back.
#[derive(Debug, Default)]
pub struct Refiling {
    /// Articles that the store has, with other words or another analysis.
    pub reread: Vec<(Article, Analysis)>,
    /// Articles to erase.
    pub forget: Vec<ArticleId>,
    /// Articles whose incidents are to be grouped again.
    pub touched: Vec<ArticleId>,
    /// Ids that lead to the incident of this telling from now on.
    pub bequests: Vec<(TellingId, Founding)>,
}

/// Files a whole batch. `analyses` are those of `batch.articles`, in the same order.
pub fn file(
    store: &dyn Store,
    rules: Rules,
    seq: u64,
    batch: &Batch,
    analyses: &[Analysis],
) -> Result<Filed, StoreError> {
    let mut ledger = Ledger::new(store, rules, seq);
    for (article, analysis) in batch.articles.iter().zip(analyses) {
        ledger.receive(article, analysis)?;
    }
    let known = store.feed_states()?;
    let mut feeds: BTreeMap<FeedId, FeedState> = BTreeMap::new();
    for check in &batch.checks {
        let previous = feeds.get(&check.feed).or_else(|| known.get(&check.feed));
        let state = FeedState::after(previous, check);
        feeds.insert(check.feed.clone(), state);
    }
    let appearances = ledger.appearances(batch);
    let mut filed = ledger.settle()?;
    filed.commit.feeds = feeds.into_values().collect();
    filed.commit.appearances = appearances;
    Ok(filed)
}

/// Files again what changed, without a new batch.
pub fn refile(store: &dyn Store, rules: Rules, changes: &Refiling) -> Result<Filed, StoreError> {
    let mut ledger = Ledger::new(store, rules, store.seq());
    for id in &changes.forget {
        ledger.remove(id)?;
    }
    for (article, analysis) in &changes.reread {
        let revisions = store.article(&article.id)?.map(|stored| stored.revisions);
        ledger.remove(&article.id)?;
        ledger.take_in(article, analysis, revisions.unwrap_or_default())?;
    }
    for id in &changes.touched {
        ledger.touch(id)?;
    }
    for (telling, founding) in &changes.bequests {
        ledger.touch(&telling.0)?;
        if let Some(heir) = ledger.by_id.get(telling) {
            ledger.entries[*heir].article_mut().founded.push(founding.clone());
        }
    }
    let mut filed = ledger.settle()?;
    filed.commit.forgotten.clone_from(&changes.forget);
    Ok(filed)
}

/// Tells one telling from all others: an article, and of a recap which of its further incidents.
pub type TellingId = (ArticleId, Option<VictimKey>);

/// One telling at hand.
struct Entry {
    telling: Telling<'static>,
    keys: Vec<String>,
    /// The incident that it is stored in.
    home: Option<IncidentId>,
    /// Taken out: erased, or read anew.
    is_gone: bool,
}

impl Entry {
    fn article(&self) -> &ArticleRef {
        &self.telling.article
    }

    fn article_mut(&mut self) -> &mut ArticleRef {
        self.telling.article.to_mut()
    }

    fn telling_id(&self) -> TellingId {
        (self.article().id.clone(), self.article().part.clone())
    }
}

/// The changes that one batch makes.
struct Ledger<'a> {
    store: &'a dyn Store,
    rules: Rules<'a>,
    seq: u64,
    entries: Vec<Entry>,
    by_id: HashMap<TellingId, usize>,
    by_key: HashMap<String, Vec<usize>>,
    /// Keys that the store was asked for, and for which time.
    asked: HashMap<String, Span>,
    by_home: BTreeMap<IncidentId, Vec<usize>>,
    /// Incidents as the store has them.
    incidents: BTreeMap<IncidentId, Incident>,
    /// Articles of the batch, and stored ones that moved.
    articles: BTreeMap<ArticleId, StoredArticle>,
    /// Ids given when a telling that is gone opened an incident, and which incident it was in.
    orphaned: BTreeMap<TellingId, (Vec<Founding>, Option<IncidentId>)>,
    /// Tellings from which grouping starts.
    fresh: BTreeSet<usize>,
    opened: BTreeSet<IncidentId>,
}

impl<'a> Ledger<'a> {
    fn new(store: &'a dyn Store, rules: Rules<'a>, seq: u64) -> Ledger<'a> {
        Ledger {
            store,
            rules,
            seq,
            entries: Vec::new(),
            by_id: HashMap::new(),
            by_key: HashMap::new(),
            asked: HashMap::new(),
            by_home: BTreeMap::new(),
            incidents: BTreeMap::new(),
            articles: BTreeMap::new(),
            orphaned: BTreeMap::new(),
            fresh: BTreeSet::new(),
            opened: BTreeSet::new(),
        }
    }

    /// Takes in an article of a batch. One that is there already is left as it is, unless it was edited since: then the
    /// latest wording counts, and what the earlier one said is noted.
    fn receive(&mut self, article: &Article, analysis: &Analysis) -> Result<(), StoreError> {
        if self.articles.contains_key(&article.id) {
            return Ok(());
        }
        let Some(known) = self.store.article(&article.id)? else {
            return self.take_in(article, analysis, Vec::new());
        };
        let (wording, kept) = (Revision::of(article), Revision::of(&known.article));
        if kept.says_the_same(&wording) {
            return Ok(());
        }
        let published = known.article.published.min(article.published);
        let mut revisions = known.revisions.clone();
        let is_import = article.source == TextSource::Import && known.article.source != TextSource::Import;
        if wording.received <= kept.received || is_import {
            // It comes late, or is no better than what was collected.
            if revisions.iter().any(|known| known.says_the_same(&wording)) {
                return Ok(());
            }
            revisions.push(wording);
            revisions.sort_by_key(|revision| revision.received);
            self.articles
                .insert(article.id.clone(), StoredArticle { revisions, ..known });
            return Ok(());
        }
        revisions.push(kept);
        let edited = Article {
            published,
            feed: known.article.feed.clone(),
            entry: known.article.entry.clone(),
            ..article.clone()
        };
        self.remove(&article.id)?;
        self.take_in(&edited, analysis, revisions)
    }

    /// Takes in an article with what it tells; one in a foreign language tells nothing.
    fn take_in(&mut self, article: &Article, analysis: &Analysis, revisions: Vec<Revision>) -> Result<(), StoreError> {
        let stored = StoredArticle {
            article: article.clone(),
            analysis: analysis.clone(),
            incident: None,
            mentioned_in: Vec::new(),
            revisions,
        };
        self.articles.insert(article.id.clone(), stored);
        if !analysis.tells_incident || analysis.is_foreign() {
            return Ok(());
        }
        let imprint = self.rules.frequencies.imprint(article);
        let stories = 1 + analysis.recalled.len();
        let main = analysis.main_victim().map(|main| &main.key);
        let further = analysis
            .recalled
            .iter()
            .filter(|recalled| Some(&recalled.victim.key) != main)
            .map(|recalled| (Some(recalled.victim.key.clone()), analysis.of_recalled(recalled)));
        for (part, says) in std::iter::once((None, analysis.clone())).chain(further) {
            let telling = (article.id.clone(), part.clone());
            let orphaned = self.orphaned.remove(&telling).map(|(founded, _)| founded);
            let inherited = || self.rules.heritage?.founded.get(&telling).cloned();
            let founded = orphaned.or_else(inherited).unwrap_or_else(|| self.known_as(&telling));
            let telling = ArticleRef {
                id: article.id.clone(),
                outlet: article.outlet.clone(),
                url: article.url.clone(),
                title: article.title.clone(),
                published: article.published,
                kind: says.kind,
                // Evidence and facts stay with the article itself.
                says: Analysis {
                    facts: Vec::new(),
                    evidence: Vec::new(),
                    recalled: Vec::new(),
                    ..says
                },
                joined: Vec::new(),
                part,
                stories,
                imprint: imprint.clone(),
                founded,
            };
            if let Some(index) = self.enter(telling, None) {
                self.fresh.insert(index);
            }
        }
        Ok(())
    }

    /// The ids by which analysts knew the incident of this telling, for a base that never gave them.
    fn known_as(&self, (article, part): &TellingId) -> Vec<Founding> {
        let names = self.rules.corrections.names.iter().zip(0..);
        let own = names.filter(|(known, _)| (&known.anchor.article, &known.anchor.part) == (article, part));
        let founded = own.map(|(known, serial)| Founding {
            serial,
            id: known.id.clone(),
        });
        founded.collect()
    }

    /// Puts a telling on the table; none when it is there already (a recap that names one body twice).
    fn enter(&mut self, article: ArticleRef, home: Option<IncidentId>) -> Option<usize> {
        let id = (article.id.clone(), article.part.clone());
        let index = self.entries.len();
        if self.by_id.contains_key(&id) {
            return None;
        }
        self.by_id.insert(id, index);
        let telling = Telling::owned(article);
        let keys = telling.keys();
        for key in &keys {
            self.by_key.entry(key.clone()).or_default().push(index);
        }
        if let Some(home) = &home {
            self.by_home.entry(home.clone()).or_default().push(index);
        }
        self.entries.push(Entry {
            telling,
            keys,
            home,
            is_gone: false,
        });
        Some(index)
    }

    /// Puts a stored incident on the table, with all its articles.
    fn load(&mut self, incident: Incident) {
        if self.incidents.contains_key(&incident.id) {
            return;
        }
        for article in founded_articles(&incident) {
            self.enter(article, Some(incident.id.clone()));
        }
        self.incidents.insert(incident.id.clone(), incident);
    }

    /// The incidents that a stored article is in, on the table.
    fn load_of(&mut self, id: &ArticleId) -> Result<Option<StoredArticle>, StoreError> {
        let Some(stored) = self.store.article(id)? else {
            return Ok(None);
        };
        for incident in stored.incident.iter().chain(&stored.mentioned_in) {
            if let Some(incident) = self.store.incident(incident)? {
                self.load(incident);
            }
        }
        Ok(Some(stored))
    }

    /// Takes a stored article out of its incidents, which are grouped again without it.
    fn remove(&mut self, id: &ArticleId) -> Result<(), StoreError> {
        if self.load_of(id)?.is_none() {
            return Ok(());
        }
        for index in 0..self.entries.len() {
            let entry = &mut self.entries[index];
            if entry.article().id != *id || entry.is_gone {
                continue;
            }
            entry.is_gone = true;
            let founded = std::mem::take(&mut entry.article_mut().founded);
            let telling = entry.telling_id();
            self.by_id.remove(&telling);
            self.orphaned.insert(telling, (founded, entry.home.clone()));
            self.fresh.insert(index);
        }
        Ok(())
    }

    /// Ids whose telling is gone for good pass to the earliest article that is left of its incident.
    fn adopt_ids(&mut self) {
        for (founded, home) in std::mem::take(&mut self.orphaned).into_values() {
            let members = home.and_then(|home| self.by_home.get(&home)).into_iter().flatten();
            let left = members.copied().filter(|index| !self.entries[*index].is_gone);
            let heir = left.min_by_key(|index| {
                let article = self.entries[*index].article();
                (article.published, article.id.clone())
            });
            if let Some(heir) = heir {
                self.entries[heir].article_mut().founded.extend(founded);
            }
        }
    }

    /// Has a stored article's incidents grouped again.
    fn touch(&mut self, id: &ArticleId) -> Result<(), StoreError> {
        self.load_of(id)?;
        let of_article = |entry: &Entry| entry.article().id == *id && !entry.is_gone;
        let touched = (0..self.entries.len()).filter(|index| of_article(&self.entries[*index]));
        self.fresh.extend(touched.collect::<Vec<_>>());
        Ok(())
    }

    /// The entries of feeds that led to articles which were there before.
    fn appearances(&self, batch: &Batch) -> Vec<Appearance> {
        let is_filed = |article: &Article| {
            self.articles
                .get(&article.id)
                .is_some_and(|stored| (&stored.article.feed, &stored.article.entry) == (&article.feed, &article.entry))
        };
        let repeated = batch.articles.iter().filter(|article| !is_filed(article));
        let repeated = repeated.filter_map(|article| {
            Some(Appearance {
                feed: article.feed.clone()?,
                entry: article.entry.clone()?,
                article: article.id.clone(),
            })
        });
        repeated.chain(batch.appearances.iter().cloned()).collect()
    }

    /// Groups everything that hangs together with what is new, and says what changes.
    fn settle(mut self) -> Result<Filed, StoreError> {
        self.adopt_ids();
        let ties = ties(self.rules.corrections);
        let components = self.components(&ties)?;
        let mut touched = BTreeSet::new();
        let mut groups = Vec::new();
        for component in components {
            touched.extend(component.iter().filter_map(|index| self.entries[*index].home.clone()));
            let component: Vec<usize> = component
                .into_iter()
                .filter(|index| !self.entries[*index].is_gone)
                .collect();
            groups.extend(self.group(&component, &ties));
        }
        let mut written: BTreeMap<IncidentId, (Incident, Vec<String>)> = BTreeMap::new();
        let mut homes: BTreeMap<ArticleId, Vec<(Option<VictimKey>, IncidentId)>> = BTreeMap::new();
        for group in groups {
            let (incident, keys) = self.incident_of(&group)?;
            for index in &group {
                let article = self.entries[*index].article();
                homes
                    .entry(article.id.clone())
                    .or_default()
                    .push((article.part.clone(), incident.id.clone()));
            }
            written.insert(incident.id.clone(), (incident, keys));
        }
        self.move_articles(&homes, &touched)?;
        let removed = touched.into_iter().filter(|id| !written.contains_key(id)).collect();
        let incidents: Vec<(Incident, Vec<String>)> = written
            .into_values()
            .filter(|(incident, _)| self.incidents.get(&incident.id) != Some(incident))
            .collect();
        let changed = incidents.iter().map(|(incident, _)| incident.id.clone());
        let changed = changed.filter(|id| !self.opened.contains(id)).collect();
        Ok(Filed {
            commit: Commit {
                seq: self.seq,
                articles: self.articles.into_values().collect(),
                incidents,
                removed,
                ..Commit::default()
            },
            opened: self.opened,
            changed,
        })
    }

    /// What hangs together with the fresh tellings: sets of tellings, each in the order of publication.
    fn components(&mut self, ties: &Ties) -> Result<Vec<Vec<usize>>, StoreError> {
        let mut tied: BTreeMap<TellingId, Vec<TellingId>> = BTreeMap::new();
        for ((one, other), _) in ties.iter().filter(|(_, tie)| **tie == Tie::Together) {
            tied.entry(one.clone()).or_default().push(other.clone());
            tied.entry(other.clone()).or_default().push(one.clone());
        }
        let mut waiting: Vec<usize> = self.fresh.iter().copied().collect();
        let mut seen: BTreeSet<usize> = self.fresh.clone();
        let mut sets = Sets::default();
        while let Some(index) = waiting.pop() {
            sets.join(index, index);
            let mut found: Vec<usize> = Vec::new();
            if let Some(home) = self.entries[index].home.clone() {
                found.extend(self.by_home[&home].iter().copied());
            }
            if !self.entries[index].is_gone {
                found.extend(self.neighbours(index)?);
                for other in tied.get(&self.entries[index].telling_id()).into_iter().flatten() {
                    self.load_of(&other.0)?;
                    found.extend(self.by_id.get(other).copied());
                }
            }
            for other in found {
                sets.join(index, other);
                if seen.insert(other) {
                    waiting.push(other);
                }
            }
        }
        let mut components: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for index in seen {
            components.entry(sets.root(index)).or_default().push(index);
        }
        let mut components: Vec<Vec<usize>> = components.into_values().collect();
        for component in &mut components {
            component.sort_by_key(|index| {
                let article = self.entries[*index].article();
                (article.published, article.id.clone(), article.part.clone())
            });
        }
        // So that ids are given in the same order whatever the order of the batch.
        components.sort_by_key(|component| {
            let first = self.entries[component[0]].article();
            (first.published, first.id.clone(), first.part.clone())
        });
        Ok(components)
    }

    /// Puts the stored incidents with these keys on the table, as far as they may be near this moment. Each key is asked
    /// for a wider span than is needed, so that it is not asked again for every article of a long story.
    fn ask(&mut self, keys: &[String], published: Timestamp) -> Result<(), StoreError> {
        let needed = Span::around(published, FARTHEST_DAYS);
        let is_asked = |span: &Span| span.from <= needed.from && needed.to <= span.to;
        let missing = keys.iter().filter(|key| !self.asked.get(*key).is_some_and(is_asked));
        let missing: Vec<String> = missing.cloned().collect();
        if missing.is_empty() {
            return Ok(());
        }
        let wide = Span::around(published, FARTHEST_DAYS + SPARE_DAYS);
        let spans = missing.iter().filter_map(|key| self.asked.get(key));
        let span = spans.fold(wide, |a, b| Span {
            from: a.from.min(b.from),
            to: a.to.max(b.to),
        });
        for incident in self.store.incidents_under(&missing, span)? {
            self.load(incident);
        }
        self.asked.extend(missing.into_iter().map(|key| (key, span)));
        Ok(())
    }

    /// The tellings that are likely enough to be of the same incident as this one.
    fn neighbours(&mut self, index: usize) -> Result<Vec<usize>, StoreError> {
        let (keys, published) = {
            let entry = &self.entries[index];
            (entry.keys.clone(), entry.article().published)
        };
        self.ask(&keys, published)?;
        let mut candidates: Vec<usize> = keys
            .iter()
            .filter_map(|key| self.by_key.get(key))
            .flatten()
            .copied()
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        let own = &self.entries[index].telling;
        let neighbours = candidates.into_iter().filter(|&other| {
            let entry = &self.entries[other];
            !entry.is_gone
                && entry.article().id != own.article.id
                && likelihood(self.rules.links, own, &entry.telling) >= self.rules.links.join
        });
        Ok(neighbours.collect())
    }

    /// Groups the tellings of one component.
    fn group(&self, component: &[usize], ties: &Ties) -> Vec<Vec<usize>> {
        let tellings: Vec<&Telling> = component.iter().map(|index| &self.entries[*index].telling).collect();
        let places: BTreeMap<TellingId, usize> = tellings
            .iter()
            .zip(0..)
            .map(|(telling, place)| ((telling.article.id.clone(), telling.article.part.clone()), place))
            .collect();
        let mut decided = BTreeMap::new();
        for (one, place) in tellings.iter().zip(0..) {
            for (other, other_place) in tellings.iter().zip(0..).take(place) {
                if one.article.id == other.article.id {
                    decided.insert((other_place, place), Tie::Apart);
                }
            }
        }
        for ((one, other), tie) in ties {
            if let (Some(&one), Some(&other)) = (places.get(one), places.get(other))
                && one != other
            {
                decided.insert((one.min(other), one.max(other)), *tie);
            }
        }
        let links = self.rules.links;
        let thresholds = Thresholds {
            join: links.join,
            merge: links.merge,
        };
        let groups = group::group(
            tellings.len(),
            |one, other| likelihood(links, tellings[one], tellings[other]),
            |telling| tellings[telling].article.kind == ArticleKind::Retrospective,
            &decided,
            thresholds,
        );
        let entries = |group: Vec<usize>| group.into_iter().map(|place| component[place]).collect();
        groups.into_iter().map(entries).collect()
    }

    /// The incident of one group, and the keys under which it is found.
    fn incident_of(&mut self, group: &[usize]) -> Result<(Incident, Vec<String>), StoreError> {
        let mut founded: Vec<Founding> = group
            .iter()
            .flat_map(|index| self.entries[*index].article().founded.iter().cloned())
            .collect();
        founded.sort();
        founded.dedup_by(|later, earlier| later.id == earlier.id);
        if founded.is_empty() {
            let serial = match self.rules.heritage {
                Some(heritage) => heritage.take_serial(),
                None => self.next_serial(),
            };
            let id = self.open(group[0])?;
            let founding = Founding { serial, id };
            self.entries[group[0]].article_mut().founded.push(founding.clone());
            founded.push(founding);
        }
        let mut ids = founded.into_iter().map(|founding| founding.id);
        let id = ids.next().expect("an incident has an id by now");
        let articles = self.explained(group);
        let mut incident = incident::fold(id, articles);
        incident.former_ids = ids.collect();
        relabel(&mut incident, self.rules.corrections);
        let keys: BTreeSet<String> = group
            .iter()
            .flat_map(|index| self.entries[*index].keys.iter().cloned())
            .collect();
        Ok((incident, keys.into_iter().collect()))
    }

    /// The number of an id that is given now: it comes after those of its commit's batch, and of all on the table.
    fn next_serial(&self) -> u64 {
        let founded = self.entries.iter().flat_map(|entry| &entry.article().founded);
        let last = founded.map(|founding| founding.serial).max();
        last.map_or(0, |last| last + 1).max(self.seq * IDS_PER_COMMIT)
    }

    /// The articles of a group, each with why it belongs to the one that speaks most for it.
    fn explained(&self, group: &[usize]) -> Vec<ArticleRef> {
        let tellings: Vec<&Telling> = group.iter().map(|index| &self.entries[*index].telling).collect();
        let explain = |place: usize| {
            let one = tellings[place];
            let others = tellings.iter().zip(0..).filter(|(_, other)| *other != place);
            // Of those before it, the likeliest; the first one is the incident's own.
            let best = others
                .filter(|(_, other)| *other < place)
                .map(|(other, at)| (likelihood(self.rules.links, one, other), at))
                .max_by(|(a, at), (b, other_at)| a.total_cmp(b).then(other_at.cmp(at)));
            let mut article = one.article.as_ref().clone();
            let several = one.article.stories;
            let note = (several > 1).then(|| format!("récapitulatif : cité parmi {several} incidents"));
            let reasons = match best {
                None => vec!["ouvre l'incident".to_owned()],
                Some((probability, at)) => {
                    let other = tellings[at];
                    let head = format!("{:.0} % avec {}", f64::from(probability) * 100.0, other.article.outlet);
                    let reasons = self.rules.links.reasons(one, other).into_iter().take(REASONS);
                    let reasons = reasons.map(|reason| format!("{} ({:+.1})", reason.words, reason.weight));
                    std::iter::once(head).chain(reasons).collect()
                }
            };
            article.joined = note.into_iter().chain(reasons).collect();
            article
        };
        (0..group.len()).map(explain).collect()
    }

    /// An id for the incident that this telling opens.
    fn open(&mut self, index: usize) -> Result<IncidentId, StoreError> {
        let mut failure = None;
        let id = name::new_id(self.entries[index].article(), |id| {
            self.opened.contains(id)
                || self.incidents.contains_key(id)
                || self.rules.heritage.is_some_and(|heritage| heritage.ids.contains(id))
                || self.rules.corrections.names.iter().any(|known| known.id == *id)
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
        Ok(id)
    }

    /// Writes into the articles which incidents they belong to now.
    fn move_articles(
        &mut self,
        homes: &BTreeMap<ArticleId, Vec<(Option<VictimKey>, IncidentId)>>,
        regrouped: &BTreeSet<IncidentId>,
    ) -> Result<(), StoreError> {
        for (id, tellings) in homes {
            let (mut main, mut others) = (None, Vec::new());
            for (part, incident) in tellings {
                match part {
                    None => main = Some(incident.clone()),
                    Some(_) => others.push(incident.clone()),
                }
            }
            let Some(stored) = self.of_article(id)? else { continue };
            // What it tells of other incidents stays as it is.
            let stays = |incident: &&IncidentId| !regrouped.contains(*incident);
            let main = main.or_else(|| stored.incident.clone().filter(|incident| stays(&incident)));
            let kept = stored.mentioned_in.iter().filter(stays);
            let mut mentioned: Vec<IncidentId> = others.into_iter().chain(kept.cloned()).collect();
            mentioned.sort();
            mentioned.dedup();
            mentioned.retain(|incident| Some(incident) != main.as_ref());
            if stored.incident == main && stored.mentioned_in == mentioned {
                continue;
            }
            let moved = StoredArticle {
                incident: main,
                mentioned_in: mentioned,
                ..stored
            };
            self.articles.insert(id.clone(), moved);
        }
        Ok(())
    }

    /// An article of the batch, or of the store.
    fn of_article(&self, id: &ArticleId) -> Result<Option<StoredArticle>, StoreError> {
        match self.articles.get(id) {
            Some(stored) => Ok(Some(stored.clone())),
            None => self.store.article(id),
        }
    }
}

/// What was decided about pairs of tellings.
type Ties = BTreeMap<(TellingId, TellingId), Tie>;

/// What analysts decided about pairs.
fn ties(corrections: &Corrections) -> Ties {
    let telling = |anchor: &Anchor| (anchor.article.clone(), anchor.part.clone());
    let mut ties = BTreeMap::new();
    for correction in &corrections.entries {
        match correction {
            Correction::Merge(one, other) => {
                ties.insert((telling(one), telling(other)), Tie::Together);
            }
            Correction::Forbid(one, other) => {
                ties.insert((telling(one), telling(other)), Tie::Apart);
            }
            Correction::Split(these, those) => {
                for (one, next) in these.iter().zip(these.iter().skip(1)) {
                    ties.insert((telling(one), telling(next)), Tie::Together);
                }
                for one in these {
                    ties.extend(those.iter().map(|other| ((telling(one), telling(other)), Tie::Apart)));
                }
            }
            Correction::Relabel(..) | Correction::Forget(_) => {}
        }
    }
    ties
}

/// How likely two tellings are of one incident; nothing when they lie too far apart.
fn likelihood(links: &LinkModel, one: &Telling, other: &Telling) -> f32 {
    let seconds = one.article.published.as_second() - other.article.published.as_second();
    let window_days = one.window_days().max(other.window_days()).min(FARTHEST_DAYS);
    if seconds.abs() > window_days * 86_400 {
        return 0.0;
    }
    links.probability(one, other)
}

/// Which tellings hang together.
#[derive(Default)]
struct Sets {
    parents: HashMap<usize, usize>,
}

impl Sets {
    fn root(&mut self, of: usize) -> usize {
        let mut root = of;
        while let Some(parent) = self.parents.get(&root).filter(|parent| **parent != root) {
            root = *parent;
        }
        let mut place = of;
        while place != root {
            place = self.parents.insert(place, root).unwrap_or(root);
        }
        self.parents.insert(root, root);
        root
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.parents.insert(one.max(other), one.min(other));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::model::analysis::{EventDates, Place, Recalled, Victim};
    use crate::model::article::TextSource;
    use crate::model::incident::Standing;
    use crate::model::label::{ArticleKind, AttackType, Sector, Status};
    use crate::model::paris;
    use crate::store;

    /// What articles are grouped by, as shipped.
    struct Learned {
        links: LinkModel,
        frequencies: Frequencies,
        corrections: Corrections,
    }

    impl Learned {
        fn rules(&self) -> Rules<'_> {
            Rules {
                links: &self.links,
                frequencies: &self.frequencies,
                corrections: &self.corrections,
                heritage: None,
            }
        }
    }

    fn learned() -> Learned {
        Learned {
            links: LinkModel::embedded(),
            frequencies: Frequencies::embedded(),
            corrections: Corrections::default(),
        }
    }

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

    fn towns(cases: &[Case]) -> String {
        let names = cases.iter().map(|(key, ..)| victim(key).name);
        names.collect::<Vec<_>>().join(", ")
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
            title: format!("Cyberattaque : {} touchée", towns(cases)),
            standfirst: None,
            text: format!("{} : les services sont à l'arrêt.", towns(cases)),
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
            let filed = file(store.as_ref(), learned().rules(), seq, &batch, &analyses).unwrap();
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
        let on = |(article, analysis): (Article, Analysis)| {
            let day = paris::day(article.published);
            let event = Some(EventDates { from: day, to: day });
            (article, Analysis { event, ..analysis })
        };
        let (first, second) = (on(first), on(second));
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
                "ville-de-saint-denis-2023-01-recap-2: epci:Saint-Denis [DataLeak] signale recalled recap",
                "ville-de-saint-denis-2023-01-recap: departement:Saint-Denis [DataLeak] signale recalled recap",
                "ville-de-saint-denis-2023-01: commune:Saint-Denis [DataLeak] signale recalled recap",
            ]
        );
    }

    /// Files batches of articles into a new store.
    fn store_of(batches: &[Vec<&(Article, Analysis)>], learned: &Learned) -> (tempfile::TempDir, Box<dyn Store>) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = store::open(folder.path(), "test", Timestamp::UNIX_EPOCH, Duration::ZERO).unwrap();
        for (articles, seq) in batches.iter().zip(1..) {
            let analyses: Vec<Analysis> = articles.iter().map(|(_, analysis)| analysis.clone()).collect();
            let batch = Batch {
                articles: articles.iter().map(|(article, _)| article.clone()).collect(),
                ..Batch::default()
            };
            let filed = file(store.as_ref(), learned.rules(), seq, &batch, &analyses).unwrap();
            store.commit(filed.commit).unwrap();
        }
        (folder, store)
    }

    /// All incidents but for their ids, which tell who came first.
    fn without_ids(store: &dyn Store) -> Vec<Incident> {
        let mut incidents: Vec<Incident> = store
            .incidents_since(None)
            .map(|incident| {
                let mut incident = incident.unwrap();
                incident.id = IncidentId::from("");
                incident.former_ids.clear();
                for article in &mut incident.articles {
                    article.founded.clear();
                }
                incident
            })
            .collect();
        let place = |incident: &Incident| -> Vec<TellingId> {
            let articles = incident.articles.iter();
            articles
                .map(|article| (article.id.clone(), article.part.clone()))
                .collect()
        };
        incidents.sort_by_key(place);
        incidents
    }

    fn some_articles() -> impl Strategy<Value = Vec<(Article, Analysis)>> {
        use ArticleKind::{Claim, FollowUp, Incident, Justice, Retrospective};
        const VICTIMS: [&str; 3] = ["commune:Gien", "commune:Dole", "epci:Gien"];
        const KINDS: [ArticleKind; 5] = [Incident, FollowUp, Claim, Justice, Retrospective];
        const TYPES: [AttackType; 3] = [AttackType::Undetermined, AttackType::Ransomware, AttackType::Ddos];
        let one = (
            0..260i16,
            0..VICTIMS.len(),
            0..VICTIMS.len(),
            0..KINDS.len(),
            0..TYPES.len(),
        );
        proptest::collection::vec(one, 1..14).prop_map(|drawn| {
            let articles = drawn
                .into_iter()
                .zip(0..)
                .map(|((day, victim, other, kind, attack), number)| {
                    let main = (VICTIMS[victim], TYPES[attack], Status::Reported);
                    let further = (VICTIMS[other], TYPES[attack], Status::Claimed);
                    let cases = if KINDS[kind] == Retrospective && victim != other {
                        vec![main, further]
                    } else {
                        vec![main]
                    };
                    told(&format!("a{number}"), day, KINDS[kind], &cases)
                });
            articles.collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// The same articles give the same incidents, in whatever order and batches they came.
        #[test]
        fn order_of_arrival_does_not_matter(
            articles in some_articles(),
            order in proptest::collection::vec(any::<u32>(), 14),
            cut in 1..6usize,
        ) {
            let learned = learned();
            let all: Vec<&(Article, Analysis)> = articles.iter().collect();
            let (_folder, at_once) = store_of(std::slice::from_ref(&all), &learned);
            let mut shuffled: Vec<_> = all.into_iter().zip(&order).collect();
            shuffled.sort_by_key(|(_, place)| **place);
            let shuffled: Vec<_> = shuffled.into_iter().map(|(article, _)| article).collect();
            let batches: Vec<Vec<_>> = shuffled.chunks(cut).map(<[_]>::to_vec).collect();
            let (_other_folder, one_by_one) = store_of(&batches, &learned);
            prop_assert_eq!(without_ids(one_by_one.as_ref()), without_ids(at_once.as_ref()));
            // Every id that was ever given leads to the incident of the article that it was given for.
            for incident in one_by_one.incidents_since(None) {
                let incident = incident.unwrap();
                for founding in incident.articles.iter().flat_map(|article| &article.founded) {
                    let led_to = one_by_one.incident(&founding.id).unwrap().expect("an incident");
                    prop_assert_eq!(&led_to.id, &incident.id);
                }
            }
            one_by_one.articles().for_each(|stored| drop(stored.unwrap()));
        }
    }

    /// Where each of these ids leads.
    fn leads(store: &dyn Store, ids: &[&str]) -> Vec<String> {
        let lead = |id: &&str| store.incident(&IncidentId::from(*id)).unwrap();
        ids.iter()
            .map(|id| lead(id).map_or_else(|| "-".to_owned(), |found| found.id.0))
            .collect()
    }

    #[test]
    fn corrections_outrank_what_is_likely_and_ids_stay() {
        use ArticleKind::Incident as News;
        let case = |victim: &'static str| [(victim, AttackType::Ransomware, Status::Confirmed)];
        let articles = [
            told("gien1", 3, News, &case("commune:Gien")),
            told("gien2", 4, News, &case("commune:Gien")),
            told("dole1", 5, News, &case("commune:Dole")),
        ];
        let anchor = |article: &str| Anchor {
            article: ArticleId::from(article),
            part: None,
        };
        let ids = ["ville-de-gien-2023-01", "ville-de-dole-2023-01"];
        let (_folder, mut store) = store_of(&[articles.iter().collect()], &learned());
        assert_eq!(leads(store.as_ref(), &ids), ids);
        let correct = |entries: Vec<Correction>, touched: &[&str], store: &mut Box<dyn Store>| {
            let rules = Learned {
                corrections: Corrections {
                    entries,
                    ..Corrections::default()
                },
                ..learned()
            };
            let changes = Refiling {
                touched: touched.iter().map(|id| ArticleId::from(*id)).collect(),
                ..Refiling::default()
            };
            let filed = refile(store.as_ref(), rules.rules(), &changes).unwrap();
            store.commit(filed.commit).unwrap();
        };
        let merged = vec![Correction::Merge(anchor("gien2"), anchor("dole1"))];
        correct(merged, &["gien2"], &mut store);
        assert_eq!(leads(store.as_ref(), &ids), [ids[0], ids[0]]);
        let stored = store.article(&ArticleId::from("dole1")).unwrap().unwrap();
        assert_eq!(stored.incident, Some(IncidentId::from(ids[0])));
        // Taken back.
        correct(Vec::new(), &["gien2"], &mut store);
        assert_eq!(leads(store.as_ref(), &ids), ids);
        let split = vec![Correction::Split(vec![anchor("gien2")], vec![anchor("gien1")])];
        correct(split.clone(), &["gien1"], &mut store);
        assert_eq!(leads(store.as_ref(), &ids), ids);
        assert_eq!(store.coverage().unwrap().incidents, 3);
        // An id outlives the article that it was given for.
        let changes = Refiling {
            forget: vec![ArticleId::from("gien1")],
            ..Refiling::default()
        };
        correct(Vec::new(), &["gien1"], &mut store);
        assert_eq!(store.coverage().unwrap().incidents, 2);
        let filed = refile(store.as_ref(), learned().rules(), &changes).unwrap();
        store.commit(filed.commit).unwrap();
        assert_eq!(leads(store.as_ref(), &ids), ids);
        assert_eq!(store.article(&ArticleId::from("gien1")).unwrap(), None);
        let gien = store.incident(&IncidentId::from(ids[0])).unwrap().unwrap();
        assert_eq!(gien.articles.len(), 1);
    }

    #[test]
    fn articles_read_anew_keep_their_incident_or_leave_it() {
        use ArticleKind::Incident as News;
        let case = |victim: &'static str| [(victim, AttackType::Ransomware, Status::Confirmed)];
        let one = told("un", 3, News, &case("commune:Gien"));
        let other = told("deux", 4, News, &case("commune:Gien"));
        let (_folder, mut store) = store_of(&[vec![&one, &other]], &learned());
        let id = "ville-de-gien-2023-01";
        let reread = |article: &(Article, Analysis), store: &mut Box<dyn Store>| {
            let changes = Refiling {
                reread: vec![article.clone()],
                ..Refiling::default()
            };
            let filed = refile(store.as_ref(), learned().rules(), &changes).unwrap();
            store.commit(filed.commit).unwrap();
        };
        // Read as another victim's: the id goes with it, the other article is given one of its own.
        let dole = told("un", 3, News, &case("commune:Dole"));
        reread(&dole, &mut store);
        assert_eq!(store.coverage().unwrap().incidents, 2);
        let moved = store.incident(&IncidentId::from(id)).unwrap().unwrap();
        assert_eq!(moved.victims[0].key.as_str(), "commune:Dole");
        reread(&one, &mut store);
        assert_eq!(store.coverage().unwrap().incidents, 1);
        // Read as telling nothing.
        let mut nothing = one.clone();
        nothing.1.tells_incident = false;
        reread(&nothing, &mut store);
        let left = store.incident(&IncidentId::from(id)).unwrap().unwrap();
        assert_eq!(left.articles.len(), 1);
        assert_eq!(store.article(&ArticleId::from("un")).unwrap().unwrap().incident, None);
        assert_eq!(store.coverage().unwrap().articles, 2);
    }

    #[test]
    fn two_incidents_of_several_articles_become_one_whole_and_two_again() {
        use ArticleKind::Incident as News;
        let case = |victim: &'static str| [(victim, AttackType::Ransomware, Status::Confirmed)];
        let of = |victim: &'static str, ids: [&'static str; 3]| -> Vec<(Article, Analysis)> {
            let days = ids.into_iter().zip(3..);
            days.map(|(id, day)| told(id, day, News, &case(victim))).collect()
        };
        let articles: Vec<_> = of("commune:Gien", ["g1", "g2", "g3"])
            .into_iter()
            .chain(of("commune:Dole", ["d1", "d2", "d3"]))
            .collect();
        let (_folder, mut store) = store_of(&[articles.iter().collect()], &learned());
        let ids = ["ville-de-gien-2023-01", "ville-de-dole-2023-01"];
        assert_eq!(leads(store.as_ref(), &ids), ids);
        let anchor = |article: &str| Anchor {
            article: ArticleId::from(article),
            part: None,
        };
        let obey = |entries: Vec<Correction>, store: &mut Box<dyn Store>| {
            let rules = Learned {
                corrections: Corrections {
                    entries,
                    ..Corrections::default()
                },
                ..learned()
            };
            let touched = ["g3", "d1"].map(ArticleId::from).to_vec();
            let changes = Refiling {
                touched,
                ..Refiling::default()
            };
            let filed = refile(store.as_ref(), rules.rules(), &changes).unwrap();
            store.commit(filed.commit).unwrap();
        };
        obey(vec![Correction::Merge(anchor("g3"), anchor("d1"))], &mut store);
        assert_eq!(store.coverage().unwrap().incidents, 1);
        let one = store.incident(&IncidentId::from(ids[1])).unwrap().unwrap();
        assert_eq!(one.articles.len(), 6);
        obey(Vec::new(), &mut store);
        assert_eq!(leads(store.as_ref(), &ids), ids);
        // An id that a split gave is younger than all, and goes when it is taken back.
        obey(
            vec![Correction::Split(vec![anchor("g1")], vec![anchor("g2"), anchor("g3")])],
            &mut store,
        );
        assert_eq!(store.coverage().unwrap().incidents, 3);
        obey(Vec::new(), &mut store);
        assert_eq!(leads(store.as_ref(), &ids), ids);
        assert_eq!(store.coverage().unwrap().incidents, 2);
    }

    #[test]
    fn an_edited_article_is_a_revision_and_no_new_story() {
        use ArticleKind::Incident as News;
        let gien = [("commune:Gien", AttackType::Undetermined, Status::Reported)];
        let first = told("un", 3, News, &gien);
        let edited = |hours: i64, title: &str, attack| {
            let (mut article, mut analysis) = first.clone();
            title.clone_into(&mut article.title);
            article.received = first.0.received + jiff::SignedDuration::from_hours(hours);
            analysis.attacks = vec![attack];
            (article, analysis)
        };
        let later = edited(5, "Gien : c'était un rançongiciel", AttackType::Ransomware);
        let between = edited(2, "Gien : l'attaque confirmée", AttackType::Undetermined);
        for batches in [
            [vec![&first], vec![&later], vec![&between]],
            [vec![&first], vec![&between], vec![&later]],
            [vec![&between], vec![&later], vec![&first]],
        ] {
            let (_folder, store) = store_of(&batches, &learned());
            let incidents: Vec<Incident> = store.incidents_since(None).map(Result::unwrap).collect();
            assert_eq!(incidents.len(), 1);
            assert_eq!(incidents[0].id.as_str(), "ville-de-gien-2023-01");
            assert_eq!(incidents[0].attacks, [AttackType::Ransomware]);
            assert_eq!(incidents[0].articles.len(), 1);
            let stored = store.article(&first.0.id).unwrap().unwrap();
            assert_eq!(stored.article.title, later.0.title);
            let earlier: Vec<&str> = stored
                .revisions
                .iter()
                .map(|revision| revision.title.as_str())
                .collect();
            assert_eq!(earlier, [first.0.title.as_str(), between.0.title.as_str()]);
            assert_eq!(store.coverage().unwrap().articles, 1);
        }
    }
}
