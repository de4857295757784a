//! The demonstration: a small French press of our own writing, served on this machine, so that
//! vigie can collect for real without a network. The texts and layouts are in `data/demo`; here
//! they become feeds, pages and a web server.

pub mod feeds;
pub mod pages;
pub mod press;
pub mod web;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use super::{ALL_WELL, Failure, Surroundings, network, print, replay, runtime, say};
use crate::export::{Format, render};
use crate::model::filter::Filter;
use crate::pipeline::ask::{Question, Reply, places};
use crate::pipeline::base::Access;
use crate::pipeline::pass::{self, Pass};
use crate::pipeline::report::RunReport;
use crate::query::parse::{RawFilter, parse};

/// The demonstration's "now": Friday 15 December 2023, 8 o'clock in Paris, the morning after its
/// last article.
pub const fn clock() -> Timestamp {
    Timestamp::constant(1_702_623_600, 0)
}

/// Serves the press, collects it for real over HTTP, prints the report, asks for local bodies.
pub(super) fn run(surroundings: &Surroundings) -> Result<u8, Failure> {
    let reader = surroundings.reader();
    reader.get()?;
    if let Some(dir) = &surroundings.global.store
        && std::fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some())
    {
        // The imaginary press has no place among real articles.
        return Err(Failure::usage(anyhow::anyhow!(
            "{} is not empty: give the demonstration a folder of its own",
            dir.display()
        )));
    }
    // Kept only when a folder is named; otherwise thrown away at the end.
    let throwaway = if surroundings.global.store.is_none() {
        Some(replay::throwaway_dir()?)
    } else {
        None
    };
    let dir = throwaway
        .as_ref()
        .map_or_else(|| surroundings.store.clone(), |dir| dir.path().to_owned());
    let access = Access {
        dir,
        role: "demo",
        wait: Duration::from_secs(10),
    };

    let report = runtime()?.block_on(collect(&access, &reader))?;
    say(report.text().trim_end());

    let typed = RawFilter {
        sectors: vec!["collectivite".to_owned()],
        since: Some("60d".to_owned()),
        ..RawFilter::default()
    };
    let filter: Filter = parse(&typed, &places(reader.get()?), clock()).map_err(Failure::usage)?;
    let question = Question::Query {
        filter: Box::new(filter),
    };
    let Reply::Answer { answer } = super::socket::from_base(&access, &reader, &question)? else {
        return Err(Failure::work(anyhow::anyhow!("the store answered something else")));
    };
    say(format_args!(
        "\n$ vigie query --sector collectivite --since 60d      (on {})\n",
        crate::export::wording::day(clock())
    ));
    print(&render(&answer, Format::Table, surroundings.screen.stdout))?;
    if throwaway.is_none() {
        say(format_args!(
            "\nTo go on: vigie show loiret --store {0}, vigie query --since 2023 --store {0}",
            access.dir.display()
        ));
    } else {
        say(format_args!(
            "\nTo keep the base and look closer: vigie demo --store demo-data, then vigie show loiret --store demo-data"
        ));
    }
    Ok(ALL_WELL)
}

/// One pass over the demonstration's press, at the demonstration's time.
async fn collect(access: &Access, reader: &Arc<crate::pipeline::base::LazyReader>) -> Result<RunReport, Failure> {
    let web = web::DemoWeb::start().await.map_err(Failure::work)?;
    let client = network::loopback_client()?;
    let feeds = web.feeds();
    // Nobody stops a demonstration; the sender lives as long as the pass.
    let (_sender, stop) = watch::channel(false);
    let pass = Pass {
        feeds: &feeds,
        fetch: &client,
        access: access.clone(),
        reader: Arc::clone(reader),
        jobs: 16,
        force: true,
        only: BTreeSet::new(),
        now: clock(),
        stop,
        progress: &|_| {},
    };
    let report = pass::run(pass).await;
    web.stop().await.map_err(Failure::work)?;
    Ok(report?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::evaluate::labelled::LabelledIncident;
    use crate::model::incident::Incident;
    use crate::model::label::{ArticleKind, AttackType, Level, Sector, Status};
    use crate::pipeline::base::{self, LazyReader};

    #[test]
    fn the_clock_is_the_morning_after() {
        assert_eq!(clock().to_string(), "2023-12-15T07:00:00Z");
    }

    /// One line of `expected.jsonl`: what a person says of an article of the demonstration.
    #[derive(serde::Deserialize)]
    struct Expected {
        url: String,
        kind: ArticleKind,
        incidents: Vec<LabelledIncident>,
    }

    /// Collects the demonstration once, and gives all incidents.
    fn collected() -> Vec<Incident> {
        let dir = tempfile::tempdir().unwrap();
        let access = Access {
            dir: dir.path().to_owned(),
            role: "demo",
            wait: Duration::from_secs(5),
        };
        let reader = Arc::new(LazyReader::new(None));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        let report = runtime.block_on(collect(&access, &reader)).unwrap();
        assert_eq!(
            (report.totals.ok, report.totals.failed, report.totals.articles),
            (9, 2, 43)
        );
        let store = base::open(&access, &reader, clock()).unwrap();
        store.incidents_since(None).map(|incident| incident.unwrap()).collect()
    }

    #[test]
    fn loiret_is_one_incident_with_everything_right_and_noise_opens_none() {
        let incidents = collected();
        let expected: Vec<Expected> = press::EXPECTED
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let incident_of = |url: &str| {
            incidents.iter().find(|incident| {
                incident
                    .articles
                    .iter()
                    .any(|it| it.url.ends_with(url.trim_end_matches('/')))
            })
        };

        let loiret: Vec<&Expected> = expected
            .iter()
            .filter(|it| it.kind != ArticleKind::Retrospective)
            .filter(|it| {
                it.incidents
                    .first()
                    .is_some_and(|it| it.key == "departement-loiret-2023-11")
            })
            .collect();
        assert_eq!(loiret.len(), 4);
        for article in loiret {
            let found = incident_of(&article.url).map(|incident| incident.id.as_str());
            assert_eq!(found, Some("departement-du-loiret-2023-11"), "{}", article.url);
        }
        let incident = incidents
            .iter()
            .find(|it| it.id.as_str() == "departement-du-loiret-2023-11")
            .unwrap();
        let main = &incident.victims[0];
        assert_eq!(main.name, "Département du Loiret");
        assert_eq!(
            (main.sector, main.level),
            (Some(Sector::LocalGovernment), Some(Level::Departement))
        );
        assert_eq!(main.place.departement.as_deref(), Some("45"));
        assert_eq!(incident.status, Status::Confirmed);
        assert_eq!(incident.actor.as_deref(), Some("LockBit"));
        // The one first that most articles give: the round-up may tell of the theft only.
        let both = BTreeSet::from([AttackType::Ransomware, AttackType::DataLeak]);
        assert_eq!(BTreeSet::from_iter(incident.attacks.iter().copied()), both);
        let event = incident.event.unwrap();
        assert_eq!(
            (event.from.to_string(), event.to.to_string()),
            ("2023-11-04".to_owned(), "2023-11-05".to_owned())
        );
        let others: Vec<&str> = incident.victims[1..].iter().map(|victim| victim.key.as_str()).collect();
        assert_eq!(others, ["sdis:45"]);
        let types: Vec<(&str, &str)> = incident
            .history
            .iter()
            .filter(|change| change.field == "attacks")
            .map(|change| (change.from.as_str(), change.to.as_str()))
            .collect();
        assert_eq!(types[0], ("", "indetermine"), "{types:?}");

        let beziers = incidents
            .iter()
            .find(|it| it.id.as_str() == "ville-de-beziers-2023-12")
            .unwrap();
        assert_eq!(
            beziers.status,
            Status::Denied,
            "claimed by one person, denied by the town"
        );

        for article in expected.iter().filter(|it| it.incidents.is_empty()) {
            let found = incident_of(&article.url).map(|incident| incident.id.as_str());
            assert_eq!(found, None, "{} is {}", article.url, article.kind);
        }
    }

    #[test]
    fn every_incident_of_the_demonstration_is_found_as_one() {
        let incidents = collected();
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in press::EXPECTED.lines() {
            let article: Expected = serde_json::from_str(line).unwrap();
            let Some(truth) = article.incidents.first() else {
                continue;
            };
            let incident = incidents.iter().find(|it| {
                it.articles
                    .iter()
                    .any(|it| it.url.ends_with(article.url.trim_end_matches('/')))
            });
            let id = incident.map_or_else(|| format!("missed {}", article.url), |incident| incident.id.0.clone());
            found.entry(truth.key.clone()).or_default().insert(id);
        }
        assert_eq!(found.len(), 13);
        for (truth, ids) in &found {
            assert_eq!(ids.len(), 1, "{truth}: {ids:?}");
        }
        let all: BTreeSet<&String> = found.values().flatten().collect();
        assert_eq!(all.len(), found.len(), "two incidents in one: {found:?}");
    }
}
