//! `vigie watch`: the scheduler as a daemon. The same pass whenever feeds fall due, queries answered
//! on a socket meanwhile, a clean stop at SIGTERM or SIGINT.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::args::WatchArgs;
use super::collect::{Whole, one_pass, print_report, read_feeds, stop_signal};
use super::correct::Decisions;
use super::{ALL_WELL, ANOTHER_PASS, Failure, Surroundings, network, runtime, say, socket};
use crate::pipeline::report::RunReport;

/// Never sleep longer: `feeds.toml` may have been edited, the clock set.
const LONGEST_SLEEP: Duration = Duration::from_secs(15 * 60);
/// Never shorter: a feed that is due at once would make a busy loop.
const SHORTEST_SLEEP: Duration = Duration::from_secs(5);
/// After a pass that could not be made (another one running, the store in use).
const RETRY: Duration = Duration::from_secs(60);

/// Watches until it is stopped.
pub fn run(surroundings: &Surroundings, args: &WatchArgs) -> Result<u8, Failure> {
    let first_feeds = read_feeds(surroundings, &args.pass)?;
    let reader = surroundings.reader();
    reader.get()?;
    let decisions = Arc::new(Decisions::read(surroundings, &reader)?);
    let client = network::client(&first_feeds.defaults)?;
    std::fs::create_dir_all(&surroundings.store).map_err(|cause| {
        Failure::from(crate::store::StoreError::Io {
            doing: "creating",
            path: surroundings.store.clone(),
            cause,
        })
    })?;
    let socket_path = args.socket.clone().unwrap_or_else(|| socket::path(&surroundings.store));
    runtime()?.block_on(async {
        let mut stop = stop_signal();
        // Before any pass: a second watch shall not make one.
        let listening = socket::listen(&socket_path).map_err(|error| cannot_listen(error, args, &socket_path))?;
        let answers = socket::serve(
            listening,
            surroundings.access("watch", args.pass.wait),
            Arc::clone(&decisions),
        );
        let mut answers = std::pin::pin!(answers);
        say(format_args!(
            "vigie: watching {} feeds; queries are answered on {}",
            first_feeds.feeds.iter().filter(|feed| feed.disabled.is_none()).count(),
            socket_path.display()
        ));
        let passes = async {
            let mut feeds = first_feeds;
            loop {
                let whole = Whole {
                    feeds: &feeds,
                    client: &client,
                    reader: decisions.latest(),
                    role: "watch",
                    force: false,
                };
                let sleep = match one_pass(surroundings, &args.pass, &whole, Timestamp::now(), stop.clone()).await {
                    Ok(report) => {
                        if report.totals.asked > 0 || report.interrupted || !report.notes.is_empty() {
                            print_report(&report, args.pass.report)?;
                        }
                        until_next(&report, Timestamp::now())
                    }
                    Err(failure) => {
                        if failure.code != ANOTHER_PASS && failure.code != super::STORE {
                            return Err(failure);
                        }
                        say(format_args!(
                            "vigie: {:#}; trying again in {} s",
                            failure.cause,
                            RETRY.as_secs()
                        ));
                        RETRY
                    }
                };
                tokio::select! {
                    _ = stop.wait_for(|stop| *stop) => return Ok(ALL_WELL),
                    () = tokio::time::sleep(sleep) => {}
                }
                match read_feeds(surroundings, &args.pass) {
                    Ok(read) => feeds = read,
                    // A slip of the editor's must not stop the watch: the feeds as they were go on.
                    Err(failure) => say(format_args!(
                        "vigie: {:#}; going on with the feeds as they were",
                        failure.cause
                    )),
                }
            }
        };
        tokio::select! {
            done = passes => done,
            ended = &mut answers => {
                let error = ended.err().unwrap_or_else(|| std::io::Error::other("ended"));
                let doing = format!("answering queries on {}", socket_path.display());
                Err(Failure::work(anyhow::Error::new(error).context(doing)))
            }
        }
    })
}

/// Another watch is there already, or the socket cannot be made where it should be.
fn cannot_listen(error: io::Error, args: &WatchArgs, socket: &Path) -> Failure {
    let code = match error.kind() {
        io::ErrorKind::AddrInUse => ANOTHER_PASS,
        _ if args.socket.is_some() => super::USAGE,
        _ => super::STORE,
    };
    let cause = match code {
        ANOTHER_PASS => anyhow::anyhow!("another watch answers on {}; nothing was done", socket.display()),
        _ => anyhow::Error::new(error).context(format!("listening on {}", socket.display())),
    };
    Failure { code, cause }
}

/// How long until some feed is due, within bounds.
fn until_next(report: &RunReport, now: Timestamp) -> Duration {
    let until = |due: Timestamp| Duration::try_from(due.duration_since(now)).unwrap_or(Duration::ZERO);
    report
        .next_due
        .map_or(LONGEST_SLEEP, until)
        .clamp(SHORTEST_SLEEP, LONGEST_SLEEP)
}
