//! What any store promises, as one list of checks to run against each of them; and the small
//! articles and incidents that the tests of this floor are made of.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::{Appearance, Batch, Commit, Coverage, Span, Store, StoreError, StoredArticle};
use crate::model::analysis::{Analysis, Place, Victim};
use crate::model::article::{Article, TextSource};
use crate::model::feed::{CheckOutcome, FeedCheck, FeedState};
use crate::model::id::{ArticleId, EntryKey, FeedId, IncidentId, VictimKey};
use crate::model::incident::{ArticleRef, Change, Incident, Standing};
use crate::model::label::{ArticleKind, AttackType, Level, Sector, Status};

/// A moment: so many hours after the start of the tests' world.
pub fn hour(hours: i64) -> Timestamp {
    let start: Timestamp = "2026-11-24T06:00:00Z".parse().expect("a timestamp");
    start + SignedDuration::from_hours(hours)
}

/// Article number `number`, published at that hour, from entry `e<number>` of feed `gazette`.
pub fn article(number: u32) -> Article {
    let url = format!("https://gazette.example/{number}");
    Article {
        id: ArticleId::of_url(&url),
        url,
        outlet: "La Gazette".to_owned(),
        feed: Some(FeedId::from("gazette")),
        entry: Some(EntryKey(format!("e{number}"))),
        title: format!("La mairie numéro {number} visée par une cyberattaque"),
        standfirst: None,
        text: format!("Les services de la mairie {number} tournent au ralenti.\nUne plainte a été déposée."),
        published: hour(i64::from(number)),
        published_day_known: true,
        received: hour(i64::from(number) + 1),
        declared_language: Some("fr".to_owned()),
        outlet_departements: vec!["45".to_owned()],
        source: TextSource::Page,
    }
}

/// An analysis that found one town hall.
pub fn analysis(number: u32) -> Analysis {
    Analysis {
        language: "fr".to_owned(),
        kind: ArticleKind::Incident,
        tells_incident: true,
        incident_probability: 0.93,
        attacks: vec![AttackType::Undetermined],
        victims: vec![Victim {
            name: format!("Mairie {number}"),
            key: VictimKey(format!("commune:{number:05}")),
            sector: Some(Sector::LocalGovernment),
            level: Some(Level::Commune),
            place: Place {
                departement: Some("45".to_owned()),
                ..Place::default()
            },
            country: Some("FR".to_owned()),
            siren: None,
            confidence: 0.9,
        }],
        country: None,
        place: Default::default(),
        status: Some(Status::Reported),
        actor: None,
        event: None,
        recurrence: false,
        sector: None,
        facts: Vec::new(),
        recalled: Vec::new(),
        provider: None,
        evidence: Vec::new(),
    }
}

/// An article as a base of before kept it: without what it recalls and the incidents that it only mentions.
#[test]
fn an_article_of_an_older_base_is_read() {
    let kept = stored(1, Some("mairie-1-2026-11"));
    let json = serde_json::to_value(&kept).expect("it is JSON");
    assert!(json.get("mentioned_in").is_none() && json["analysis"].get("recalled").is_none());
    assert_eq!(serde_json::from_value::<StoredArticle>(json).expect("it is read"), kept);
}

/// An article as the base keeps it.
pub fn stored(number: u32, incident: Option<&str>) -> StoredArticle {
    StoredArticle {
        article: article(number),
        analysis: analysis(number),
        mentioned_in: Vec::new(),
        revisions: Vec::new(),
        incident: incident.map(IncidentId::from),
    }
}

/// An incident told by one article, last heard of at this hour.
pub fn incident(id: &str, last: i64) -> Incident {
    let told = article(1);
    Incident {
        id: IncidentId::from(id),
        victims: analysis(1).victims,
        attacks: vec![AttackType::Undetermined],
        status: Status::Reported,
        actor: None,
        event: None,
        first_published: hour(0).min(hour(last)),
        last_published: hour(last),
        standing: Standing::Reported,
        articles: vec![ArticleRef {
            id: told.id.clone(),
            outlet: told.outlet,
            url: told.url,
            title: told.title,
            published: hour(last),
            kind: ArticleKind::Incident,
            says: analysis(1),
            joined: Vec::new(),
            part: None,
            imprint: Default::default(),
            founded: Vec::new(),
        }],
        history: vec![Change {
            at: hour(last),
            article: told.id,
            field: "opened".to_owned(),
            from: String::new(),
            to: "indetermine".to_owned(),
            by: None,
        }],
        former_ids: Vec::new(),
        decided: Default::default(),
    }
}

/// A poll that answered.
pub fn check(feed: &str, at: i64) -> FeedCheck {
    FeedCheck {
        feed: FeedId::from(feed),
        at: hour(at),
        outcome: CheckOutcome::Ok {
            entries: 30,
            new: 2,
            problems: Vec::new(),
        },
        etag: Some("\"abc\"".to_owned()),
        last_modified: None,
        next_due: hour(at + 1),
    }
}

/// A batch with these articles, one poll and one appearance.
pub fn batch(numbers: std::ops::Range<u32>) -> Batch {
    Batch {
        checks: vec![check("gazette", i64::from(numbers.start))],
        appearances: vec![Appearance {
            feed: FeedId::from("courrier"),
            entry: EntryKey(format!("guid {}", numbers.start)),
            article: article(numbers.start).id,
        }],
        articles: numbers.map(article).collect(),
    }
}

/// A store's whole contents, to be compared.
pub fn contents(store: &dyn Store) -> (Vec<StoredArticle>, Vec<Incident>, Vec<FeedState>, Coverage) {
    let mut articles: Vec<StoredArticle> = store.articles().map(|article| article.expect("an article")).collect();
    articles.sort_by(|one, other| one.article.id.cmp(&other.article.id));
    let incidents = store
        .incidents_since(None)
        .map(|incident| incident.expect("an incident"));
    let incidents = incidents.collect();
    let feeds = store.feed_states().expect("feed states").into_values().collect();
    (articles, incidents, feeds, store.coverage().expect("a coverage"))
}

/// Runs every promise against an empty store.
pub fn hold(store: &mut dyn Store) {
    an_empty_store_answers(store);
    what_is_committed_is_found(store);
    an_incident_is_found_only_under_its_present_keys(store);
    incidents_come_newest_first(store);
    writing_again_counts_nothing_twice(store);
    an_older_number_is_refused_and_changes_nothing(store);
    an_entry_belongs_to_its_feed(store);
    large_and_odd_values_are_kept_whole(store);
    an_incident_is_looked_for_in_a_span(store);
    former_ids_lead_to_the_incident(store);
    what_is_erased_is_gone_and_counted_no_more(store);
}

fn keys(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

fn ids(incidents: &[Incident]) -> Vec<&str> {
    incidents.iter().map(|incident| incident.id.as_str()).collect()
}

fn since(store: &dyn Store, since: Option<Timestamp>) -> Vec<Incident> {
    store
        .incidents_since(since)
        .map(|incident| incident.expect("an incident"))
        .collect()
}

fn an_empty_store_answers(store: &mut dyn Store) {
    assert_eq!(store.seq(), 0);
    assert_eq!(store.coverage().unwrap(), Coverage::default());
    assert!(store.feed_states().unwrap().is_empty());
    assert_eq!(store.article(&article(1).id).unwrap(), None);
    assert!(!store.knows_article(&article(1).id).unwrap());
    assert_eq!(store.incident(&IncidentId::from("nobody-2026-11")).unwrap(), None);
    assert_eq!(
        store.incidents_under(&keys(&["commune:45234"]), Span::EVER).unwrap(),
        []
    );
    assert_eq!(since(store, None), []);
    assert_eq!(store.articles().count(), 0);
}

fn what_is_committed_is_found(store: &mut dyn Store) {
    let state = FeedState::after(None, &check("gazette", 2));
    store
        .commit(Commit {
            seq: 1,
            feeds: vec![state.clone()],
            articles: vec![stored(1, Some("mairie-1-2026-11")), stored(2, None)],
            appearances: vec![Appearance {
                feed: FeedId::from("courrier"),
                entry: EntryKey::from("guid 1"),
                article: article(1).id,
            }],
            incidents: vec![(incident("mairie-1-2026-11", 1), keys(&["commune:00001", "mot:mairie"]))],
            ..Commit::default()
        })
        .unwrap();
    assert_eq!(store.seq(), 1);
    assert_eq!(store.feed_states().unwrap()[&FeedId::from("gazette")], state);
    assert_eq!(
        store.article(&article(1).id).unwrap().unwrap(),
        stored(1, Some("mairie-1-2026-11"))
    );
    assert!(store.knows_article(&article(2).id).unwrap());
    assert_eq!(
        store.incident(&IncidentId::from("mairie-1-2026-11")).unwrap().unwrap(),
        incident("mairie-1-2026-11", 1)
    );
    for (feed, entry, found) in [
        ("courrier", "guid 1", Some(1)),
        ("gazette", "e1", Some(1)),
        ("gazette", "e2", Some(2)),
        ("gazette", "guid 1", None),
        ("courrier", "e1", None),
        ("", "", None),
    ] {
        assert_eq!(
            store
                .article_of_entry(&FeedId::from(feed), &EntryKey::from(entry))
                .unwrap(),
            found.map(|number| article(number).id),
            "{feed} {entry}"
        );
    }
    assert_eq!(
        store.coverage().unwrap(),
        Coverage {
            feeds: 1,
            feeds_answering: 1,
            articles: 2,
            foreign_articles: 0,
            incidents: 1,
            since: Some(hour(2)),
            last_success: Some(hour(2)),
        }
    );
}

fn an_incident_is_found_only_under_its_present_keys(store: &mut dyn Store) {
    let commit = Commit {
        seq: 2,
        incidents: vec![(incident("mairie-1-2026-11", 5), keys(&["mot:mairie", "commune:45234"]))],
        ..Commit::default()
    };
    store.commit(commit).unwrap();
    for (under, expected) in [
        (keys(&["commune:00001"]), vec![]),
        (keys(&["commune:45234"]), vec!["mairie-1-2026-11"]),
        (keys(&["commune:45234", "mot:mairie"]), vec!["mairie-1-2026-11"]),
        // A key is not its prefix.
        (keys(&["commune:4523", "commune:45", "mot:", ""]), vec![]),
        (keys(&[]), vec![]),
    ] {
        assert_eq!(
            ids(&store.incidents_under(&under, Span::EVER).unwrap()),
            expected,
            "{under:?}"
        );
    }
    let found = since(store, None);
    assert_eq!(found, [incident("mairie-1-2026-11", 5)], "its old time must be gone");
}

fn incidents_come_newest_first(store: &mut dyn Store) {
    let incidents = [
        ("b", 10),
        ("a", 10),
        ("avant-1970", -1_000_000),
        ("c", 3),
        ("mairie-1-2026-11", 5),
    ];
    let commit = Commit {
        seq: 3,
        incidents: incidents
            .iter()
            .map(|(id, last)| (incident(id, *last), keys(&["k"])))
            .collect(),
        ..Commit::default()
    };
    store.commit(commit).unwrap();
    let all = ["a", "b", "mairie-1-2026-11", "c", "avant-1970"];
    let just_after = hour(5) + SignedDuration::from_micros(1);
    for (from, expected) in [
        (None, &all[..]),
        (Some(hour(3)), &all[..4]),
        (Some(hour(5)), &all[..3]),
        (Some(just_after), &all[..2]),
        (Some(hour(11)), &all[..0]),
        (Some(Timestamp::MIN), &all[..]),
        (Some(Timestamp::MAX), &all[..0]),
    ] {
        assert_eq!(ids(&since(store, from)), expected, "since {from:?}");
    }
    let by_id = ["a", "avant-1970", "b", "c", "mairie-1-2026-11"];
    assert_eq!(
        ids(&store.incidents_under(&keys(&["k", "k"]), Span::EVER).unwrap()),
        by_id
    );
    assert_eq!(store.coverage().unwrap().incidents, 5);
}

fn writing_again_counts_nothing_twice(store: &mut dyn Store) {
    let again = Commit {
        seq: 3,
        articles: vec![stored(2, None), stored(2, Some("c"))],
        incidents: vec![(incident("c", 3), keys(&["k"])), (incident("c", 4), keys(&["k"]))],
        ..Commit::default()
    };
    store.commit(again).unwrap();
    let coverage = store.coverage().unwrap();
    assert_eq!((coverage.articles, coverage.incidents), (2, 5));
    // Of two versions in one commit the last counts.
    assert_eq!(store.article(&article(2).id).unwrap().unwrap(), stored(2, Some("c")));
    assert_eq!(
        store.incident(&IncidentId::from("c")).unwrap().unwrap(),
        incident("c", 4)
    );
    assert_eq!(since(store, None).len(), 5);
}

fn an_older_number_is_refused_and_changes_nothing(store: &mut dyn Store) {
    let before = contents(store);
    let error = store
        .commit(Commit {
            seq: 2,
            articles: vec![stored(77, None)],
            incidents: vec![(incident("d", 30), keys(&["k"]))],
            ..Commit::default()
        })
        .unwrap_err();
    assert!(
        matches!(error, StoreError::OutOfOrder { given: 2, present: 3 }),
        "{error}"
    );
    assert_eq!(contents(store), before);
    assert_eq!(store.seq(), 3);
}

fn an_entry_belongs_to_its_feed(store: &mut dyn Store) {
    let seen = |feed: &str, entry: &str, number| Appearance {
        feed: FeedId::from(feed),
        entry: EntryKey::from(entry),
        article: article(number).id,
    };
    store
        .commit(Commit {
            seq: 4,
            // The same text cut elsewhere is another entry; so is one with the odd bytes that a store
            // may use between its parts.
            appearances: vec![seen("ab", "c", 1), seen("a", "bc", 2), seen("a\u{0}b", "c", 3)],
            ..Commit::default()
        })
        .unwrap();
    for (feed, entry, number) in [("ab", "c", 1), ("a", "bc", 2), ("a\u{0}b", "c", 3)] {
        let found = store
            .article_of_entry(&FeedId::from(feed), &EntryKey::from(entry))
            .unwrap();
        assert_eq!(found, Some(article(number).id), "{feed:?} {entry:?}");
    }
}

fn large_and_odd_values_are_kept_whole(store: &mut dyn Store) {
    let noise = |seed: u32, length: usize| {
        let mut state = seed;
        let letters = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'!' + (state >> 24) as u8 % 90)
        });
        letters.take(length).collect::<String>()
    };
    let long_key = "é".repeat(3000);
    for (seq, length) in [(5, 0), (6, 400_000), (7, 4_000), (8, 60_000), (9, 1)] {
        let mut large = stored(3, None);
        large.article.text = noise(length as u32, length);
        let mut told = incident("grand", 40);
        told.articles[0].title = noise(7, length);
        let commit = Commit {
            seq,
            articles: vec![large.clone()],
            incidents: vec![(told.clone(), vec![long_key.clone(), "\u{0}".to_owned()])],
            appearances: vec![Appearance {
                feed: FeedId(long_key.clone()),
                entry: EntryKey(long_key.clone()),
                article: large.article.id.clone(),
            }],
            ..Commit::default()
        };
        store.commit(commit).unwrap();
        assert_eq!(store.article(&large.article.id).unwrap().unwrap(), large);
        let under: BTreeSet<Vec<String>> = [vec![long_key.clone()], keys(&["\u{0}"])].into();
        for key in under {
            assert_eq!(
                store.incidents_under(&key, Span::EVER).unwrap(),
                std::slice::from_ref(&told)
            );
        }
        assert_eq!(
            store
                .article_of_entry(&FeedId(long_key.clone()), &EntryKey(long_key.clone()))
                .unwrap(),
            Some(large.article.id)
        );
    }
    // A key that begins alike is another key.
    let other = vec![format!("{long_key}x"), long_key[..long_key.len() - 2].to_owned()];
    assert_eq!(store.incidents_under(&other, Span::EVER).unwrap(), []);
}

fn an_incident_is_looked_for_in_a_span(store: &mut dyn Store) {
    let under = keys(&["commune:99999"]);
    let mut told = incident("etale", 5);
    told.first_published = hour(2);
    let seq = store.seq();
    let commit = Commit {
        seq,
        incidents: vec![(told, under.clone())],
        ..Commit::default()
    };
    store.commit(commit).unwrap();
    for (from, to, expected) in [(2, 5, 1), (0, 2, 1), (5, 9, 1), (3, 4, 1), (0, 1, 0), (6, 9, 0)] {
        let within = Span {
            from: hour(from),
            to: hour(to),
        };
        let found = store.incidents_under(&under, within).unwrap();
        assert_eq!(found.len(), expected, "{from} to {to}");
    }
}

fn former_ids_lead_to_the_incident(store: &mut dyn Store) {
    let id = |id: &str| IncidentId::from(id);
    let known_as = |name: &str, former: &[&str]| {
        let mut known = incident(name, 7);
        known.former_ids = former.iter().map(|former| id(former)).collect();
        (known, keys(&["ancien"]))
    };
    let write = |incidents: Vec<(Incident, Vec<String>)>, removed: &[&str], store: &mut dyn Store| {
        let commit = Commit {
            seq: store.seq(),
            incidents,
            removed: removed.iter().map(|removed| id(removed)).collect(),
            ..Commit::default()
        };
        store.commit(commit).unwrap();
    };
    let present = |store: &dyn Store, asked: &str| store.incident(&id(asked)).unwrap().map(|found| found.id.0);
    let before = store.coverage().unwrap().incidents;
    write(vec![known_as("un", &[]), known_as("deux", &[])], &[], store);
    assert_eq!(store.coverage().unwrap().incidents, before + 2);
    // Two become one.
    write(vec![known_as("un", &["deux"])], &["deux"], store);
    assert_eq!(present(store, "deux").as_deref(), Some("un"));
    assert_eq!(
        ids(&store.incidents_under(&keys(&["ancien"]), Span::EVER).unwrap()),
        ["un"]
    );
    assert_eq!(store.coverage().unwrap().incidents, before + 1);
    assert_eq!(since(store, None).len() as u64, before + 1);
    // Its id passes to a third, and then stands for itself again.
    write(vec![known_as("un", &[]), known_as("trois", &["deux"])], &[], store);
    assert_eq!(present(store, "deux").as_deref(), Some("trois"));
    write(vec![known_as("trois", &[]), known_as("deux", &[])], &[], store);
    assert_eq!(present(store, "deux").as_deref(), Some("deux"));
    // What is gone for good leads nowhere.
    write(vec![], &["un", "deux", "trois", "jamais"], store);
    assert_eq!(present(store, "un"), None);
    assert_eq!(store.coverage().unwrap().incidents, before);
}

fn what_is_erased_is_gone_and_counted_no_more(store: &mut dyn Store) {
    let before = store.coverage().unwrap().articles;
    let mut long = stored(77, None);
    long.article.text = (0..4000).map(|number| format!("mot{number} ")).collect();
    let write = |articles: Vec<StoredArticle>, forgotten: Vec<ArticleId>, store: &mut dyn Store| {
        let commit = Commit {
            seq: store.seq(),
            articles,
            forgotten,
            ..Commit::default()
        };
        store.commit(commit).unwrap();
    };
    write(vec![long.clone()], Vec::new(), store);
    assert_eq!(store.coverage().unwrap().articles, before + 1);
    write(
        Vec::new(),
        vec![long.article.id.clone(), ArticleId::from("jamais")],
        store,
    );
    assert_eq!(store.article(&long.article.id).unwrap(), None);
    assert_eq!(store.coverage().unwrap().articles, before);
    let seen = store.article_of_entry(&FeedId::from("gazette"), &EntryKey::from("e77"));
    assert_eq!(seen.unwrap(), Some(long.article.id), "it is not fetched again");
}
