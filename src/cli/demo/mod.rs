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

use super::{ALL_WELL, Failure, Surroundings, network, print, replay, runtime};
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
    eprint!("{}", report.text());

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
    eprintln!(
        "\n$ vigie query --sector collectivite --since 60d      (on {})\n",
        crate::export::wording::day(clock())
    );
    print(&render(&answer, Format::Table, surroundings.screen.stdout))?;
    if throwaway.is_none() {
        eprintln!("\nTo go on: vigie show loiret --store {}", access.dir.display());
    } else {
        eprintln!(
            "\nTo keep the base and look closer: vigie demo --store demo-data, then vigie show loiret --store demo-data"
        );
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
    use super::*;

    #[test]
    fn the_clock_is_the_morning_after() {
        assert_eq!(clock().to_string(), "2023-12-15T07:00:00Z");
    }
}
