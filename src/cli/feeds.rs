//! `vigie feeds`: the feeds of `feeds.toml`, with what is known of them, or asked anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use super::args::{FeedsCommand, ReadArgs, ReportFormat};
use super::{ALL_WELL, Failure, SOME_FAILED, Surroundings, network, print, runtime};
use crate::config::{self, FeedsFile};
use crate::export::plain::clean;
use crate::export::wording::moment;
use crate::feed;
use crate::fetch::http::HttpFetch;
use crate::fetch::{Fetch, Request, What};
use crate::model::feed::{FeedSource, FeedState};
use crate::model::id::FeedId;
use crate::pipeline::base;

/// Lists or checks.
pub fn run(surroundings: &Surroundings, command: &FeedsCommand) -> Result<u8, Failure> {
    let feeds = config::read_feeds(&surroundings.global.feeds)?;
    match command {
        FeedsCommand::List { format, read } => list(surroundings, &feeds, *format, read),
        FeedsCommand::Check { wanted, jobs, format } => check(&feeds, wanted, usize::from(*jobs), *format),
    }
}

/// A feed and its state, as printed.
#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    source: &'a FeedSource,
    state: Option<&'a FeedState>,
}

fn list(surroundings: &Surroundings, feeds: &FeedsFile, format: ReportFormat, read: &ReadArgs) -> Result<u8, Failure> {
    let states = if surroundings.store.exists() {
        let store = base::open(
            &surroundings.access("feeds", read.wait),
            surroundings.obeying(&surroundings.reader())?.as_ref(),
            surroundings.now,
        )?;
        store.feed_states()?
    } else {
        BTreeMap::new()
    };
    let listed: Vec<Listed<'_>> = feeds
        .feeds
        .iter()
        .map(|source| Listed {
            source,
            state: states.get(&source.id),
        })
        .collect();
    let mut text = String::new();
    match format {
        ReportFormat::Json => {
            text = serde_json::to_string(&listed).map_err(Failure::work)?;
            text.push('\n');
        }
        ReportFormat::Text => {
            let _ = writeln!(
                text,
                "{:<34} {:<17} {:<17} {:>7}  last error",
                "feed", "last success", "next due", "entries"
            );
            for line in &listed {
                let _ = writeln!(text, "{}", list_line(line.source, line.state));
            }
            let enabled = feeds.feeds.iter().filter(|feed| feed.disabled.is_none()).count();
            let _ = writeln!(
                text,
                "{} feeds, {enabled} enabled, {} ever asked",
                feeds.feeds.len(),
                states.len()
            );
        }
    }
    print(&text)?;
    Ok(ALL_WELL)
}

fn list_line(source: &FeedSource, state: Option<&FeedState>) -> String {
    let shown = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), moment);
    let last_error = state.and_then(|state| state.last_error.as_ref());
    let failing = state.is_some_and(|state| state.failures_in_a_row > 0);
    let remark = match (&source.disabled, &source.uncertain, last_error) {
        (Some(reason), _, _) => format!("disabled: {reason}"),
        (None, _, Some((at, error))) => {
            let times = state.map_or(0, |state| state.failures_in_a_row);
            let word = if failing {
                format!("FAILING ({times} in a row)")
            } else {
                "mended since".to_owned()
            };
            format!("{word}, {}: {error}", moment(*at))
        }
        (None, Some(reason), None) => format!("uncertain: {reason}"),
        (None, None, None) => String::new(),
    };
    format!(
        "{:<34} {:<17} {:<17} {:>7}  {}",
        source.id,
        shown(state.and_then(|state| state.last_success)),
        shown(state.map(|state| state.next_due)),
        state.map_or(0, |state| state.entries_seen),
        clean(&remark)
    )
    .trim_end()
    .to_owned()
}

/// What a feed answered to a check.
#[derive(Serialize)]
struct Checked {
    id: FeedId,
    url: String,
    uncertain: Option<String>,
    ok: bool,
    entries: usize,
    newest: Option<Timestamp>,
    detail: String,
}

fn check(feeds: &FeedsFile, wanted: &[String], jobs: usize, format: ReportFormat) -> Result<u8, Failure> {
    for id in wanted {
        if !feeds.feeds.iter().any(|feed| feed.id.as_str() == id) {
            return Err(Failure::usage(anyhow::anyhow!("{id}: no such feed")));
        }
    }
    let chosen = |feed: &&FeedSource| {
        if wanted.is_empty() {
            feed.disabled.is_none()
        } else {
            wanted.iter().any(|id| id == feed.id.as_str())
        }
    };
    let sources: Vec<&FeedSource> = feeds.feeds.iter().filter(chosen).collect();
    let client = network::client(&feeds.defaults)?;
    let checked: Vec<Checked> = runtime()?.block_on(async {
        stream::iter(sources)
            .map(|source| check_one(&client, source))
            .buffered(jobs.max(1))
            .collect()
            .await
    });
    let failed = checked.iter().filter(|checked| !checked.ok).count();
    let mut text = String::new();
    match format {
        ReportFormat::Json => {
            text = serde_json::to_string(&checked).map_err(Failure::work)?;
            text.push('\n');
        }
        ReportFormat::Text => {
            for line in &checked {
                let uncertain = line
                    .uncertain
                    .as_ref()
                    .map(|why| format!("  [uncertain: {why}]"))
                    .unwrap_or_default();
                let word = if line.ok { "ok" } else { "FAILED" };
                let _ = writeln!(text, "{:<34} {word:<7} {}{uncertain}", line.id, clean(&line.detail));
            }
            let _ = writeln!(text, "{} feeds asked, {failed} failed", checked.len());
        }
    }
    print(&text)?;
    Ok(if failed == 0 { ALL_WELL } else { SOME_FAILED })
}

async fn check_one(client: &HttpFetch, source: &FeedSource) -> Checked {
    let mut checked = Checked {
        id: source.id.clone(),
        url: source.url.clone(),
        uncertain: source.uncertain.clone(),
        ok: false,
        entries: 0,
        newest: None,
        detail: String::new(),
    };
    match ask(client, source).await {
        Err(detail) => checked.detail = detail,
        Ok(parsed) => {
            checked.ok = true;
            checked.entries = parsed.entries.len();
            checked.newest = parsed.entries.iter().filter_map(|entry| entry.published).max();
            let newest = checked
                .newest
                .map(|at| format!(", newest {}", moment(at)))
                .unwrap_or_default();
            let problems = parsed
                .problems
                .first()
                .map(|problem| format!("; {problem}"))
                .unwrap_or_default();
            checked.detail = format!("{} entries ({}){newest}{problems}", checked.entries, parsed.format);
        }
    }
    checked
}

async fn ask(client: &HttpFetch, source: &FeedSource) -> Result<crate::model::feed::ParsedFeed, String> {
    let url = Url::parse(&source.url).map_err(|error| error.to_string())?;
    let request = Request {
        url,
        what: What::Feed,
        etag: None,
        last_modified: None,
    };
    let answer = client.fetch(request).await.map_err(|error| error.to_string())?;
    if !(200..=299).contains(&answer.status) {
        return Err(format!("HTTP {}", answer.status));
    }
    let parse = move || feed::parse_with_type(&answer.body, answer.content_type.as_deref(), &answer.final_url);
    let parsed = tokio::task::spawn_blocking(parse)
        .await
        .map_err(|error| error.to_string())?;
    parsed.map_err(|error| error.to_string())
}
