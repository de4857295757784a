//! `vigie collect`: one pass, made for cron.

use std::collections::BTreeSet;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use tokio::sync::watch;

use super::args::{CollectArgs, PassArgs, ReportFormat};
use super::{ALL_WELL, Failure, SOME_FAILED, Surroundings, network, print, runtime, say};
use crate::config::{self, FeedsFile};
use crate::fetch::Fetch;
use crate::model::id::FeedId;
use crate::pipeline::base::LazyReader;
use crate::pipeline::pass::{self, Pass, Progress};
use crate::pipeline::report::RunReport;
use crate::query::nearest::nearest;

/// Makes one pass and prints its report.
pub fn run(surroundings: &Surroundings, args: &CollectArgs) -> Result<u8, Failure> {
    let feeds = read_feeds(surroundings, &args.pass)?;
    let reader = surroundings.obeying(&surroundings.reader())?;
    reader.get()?;
    let client = network::client(&feeds.defaults)?;
    let report = runtime()?.block_on(async {
        let stop = stop_signal();
        let whole = Whole {
            feeds: &feeds,
            client: &client,
            reader,
            role: "collect",
            // Feeds that are named are asked whether they are due or not.
            force: args.force || !args.pass.only.is_empty(),
        };
        one_pass(surroundings, &args.pass, &whole, surroundings.now, stop).await
    })?;
    print_report(&report, args.pass.report)?;
    Ok(if report.all_well() { ALL_WELL } else { SOME_FAILED })
}

/// What does not change from one pass to the next.
pub struct Whole<'a, F> {
    /// `feeds.toml`.
    pub feeds: &'a FeedsFile,
    /// The network.
    pub client: &'a F,
    /// The models.
    pub reader: Arc<LazyReader>,
    /// `collect` or `watch`, for the lock files.
    pub role: &'static str,
    /// Whether feeds are asked before their time.
    pub force: bool,
}

/// Reads `feeds.toml`, and checks that `--only` names feeds of it.
pub fn read_feeds(surroundings: &Surroundings, args: &PassArgs) -> Result<FeedsFile, Failure> {
    let feeds = config::read_feeds(&surroundings.global.feeds)?;
    if !feeds.feeds.iter().any(|feed| feed.disabled.is_none()) {
        let file = surroundings.global.feeds.display();
        return Err(Failure::usage(anyhow::anyhow!(
            "{file}: no feed in it is switched on: there is nothing to watch"
        )));
    }
    for wanted in &args.only {
        if !feeds.feeds.iter().any(|feed| feed.id.as_str() == wanted) {
            let near = nearest(wanted, feeds.feeds.iter().map(|feed| feed.id.as_str()));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let file = surroundings.global.feeds.display();
            return Err(Failure::usage(anyhow::anyhow!(
                "--only {wanted}: no such feed in {file}{near}"
            )));
        }
    }
    Ok(feeds)
}

/// One pass with a progress bar where stderr is a terminal.
pub async fn one_pass<F: Fetch>(
    surroundings: &Surroundings,
    args: &PassArgs,
    whole: &Whole<'_, F>,
    now: Timestamp,
    stop: watch::Receiver<bool>,
) -> Result<RunReport, Failure> {
    let bar = if surroundings.screen.progress_bar && args.report == ReportFormat::Text {
        ProgressBar::new(0)
    } else {
        ProgressBar::hidden()
    };
    let style = ProgressStyle::with_template("{msg:>6} {bar:40} {pos}/{len} {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let progress = |step: Progress| match step {
        Progress::Feeds(count) => {
            bar.set_message("feeds");
            bar.set_length(count as u64);
        }
        Progress::Pages(count) => {
            bar.set_message("pages");
            bar.set_position(0);
            bar.set_length(count as u64);
        }
        Progress::FeedDone | Progress::PageDone => bar.inc(1),
    };
    let pass = Pass {
        feeds: &whole.feeds.feeds,
        fetch: whole.client,
        access: surroundings.access(whole.role, args.wait),
        reader: Arc::clone(&whole.reader),
        jobs: args.jobs.map_or(whole.feeds.defaults.concurrency, usize::from),
        force: whole.force,
        only: args
            .only
            .iter()
            .map(|id| FeedId::from(id.as_str()))
            .collect::<BTreeSet<_>>(),
        now,
        stop,
        progress: &progress,
    };
    let report = pass::run(pass).await;
    bar.finish_and_clear();
    Ok(report?)
}

/// Text goes to stderr; JSON to stdout, for programs.
pub fn print_report(report: &RunReport, format: ReportFormat) -> Result<(), Failure> {
    match format {
        ReportFormat::Text => say(report.text().trim_end()),
        ReportFormat::Json => {
            let mut json = serde_json::to_string(report).map_err(Failure::work)?;
            json.push('\n');
            print(&json)?;
        }
    }
    Ok(())
}

/// Becomes true at the first SIGINT or SIGTERM; at the second the program ends at once.
pub fn stop_signal() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
        else {
            tracing::warn!("signals cannot be caught; stopping will be abrupt, but nothing kept is lost");
            std::future::pending::<()>().await;
            return;
        };
        for round in 0..2 {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if round == 0 {
                say("vigie: stopping; what is whole is kept (again to stop at once)");
                let _ = sender.send(true);
            }
        }
        std::process::exit(130);
    });
    receiver
}
