//! One file per command; the only floor that reads the clock, the environment and the terminal.

pub mod args;
mod ask;
mod classify;
mod collect;
mod correct;
pub mod demo;
mod eval;
mod feeds;
mod files;
mod floors;
mod labelled;
mod network;
mod quality;
mod query;
mod rebuild;
mod reclassify;
mod replay;
mod screen;
mod show;
mod socket;
mod train;
mod watch;

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::config::ConfigError;
use crate::pipeline::analyse::ReaderError;
use crate::pipeline::base::{Access, BaseError, LazyReader};
use crate::pipeline::pass::PassError;
use crate::store::StoreError;
use args::{Cli, Command, GlobalArgs};

/// Everything went well.
pub const ALL_WELL: u8 = 0;
/// The work was done, but some feed failed, or some input was refused.
pub const SOME_FAILED: u8 = 1;
/// Usage or configuration.
pub const USAGE: u8 = 2;
/// The store cannot be used.
pub const STORE: u8 = 3;
/// Another pass is running.
pub const ANOTHER_PASS: u8 = 4;

/// Why a command ended badly: an exit code, and words for people.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub code: u8,
    /// What to print.
    pub cause: anyhow::Error,
}

impl Failure {
    /// A failure of usage or configuration.
    fn usage(cause: impl Into<anyhow::Error>) -> Failure {
        Failure {
            code: USAGE,
            cause: cause.into(),
        }
    }

    /// A failure in the middle of the work: input that cannot be read, output that cannot be written.
    fn work(cause: impl Into<anyhow::Error>) -> Failure {
        Failure {
            code: SOME_FAILED,
            cause: cause.into(),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure {
            code: STORE,
            cause: error.into(),
        }
    }
}

impl From<ReaderError> for Failure {
    fn from(error: ReaderError) -> Failure {
        Failure::usage(error)
    }
}

impl From<BaseError> for Failure {
    fn from(error: BaseError) -> Failure {
        match error {
            BaseError::Store(error) => error.into(),
            BaseError::Reader(error) => error.into(),
            BaseError::ArchiveShort { .. } | BaseError::NothingLeft { .. } => Failure {
                code: STORE,
                cause: error.into(),
            },
            BaseError::AnotherPass { .. } => Failure {
                code: ANOTHER_PASS,
                cause: error.into(),
            },
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Failure {
        Failure::usage(error)
    }
}

impl From<PassError> for Failure {
    fn from(error: PassError) -> Failure {
        match error {
            PassError::Base(error) => error.into(),
            PassError::Worker(_) => Failure::work(error),
        }
    }
}

/// What a command is run in: read once, handed down.
struct Surroundings {
    global: GlobalArgs,
    store: PathBuf,
    now: Timestamp,
    screen: screen::Screens,
}

impl Surroundings {
    fn access(&self, role: &'static str, wait_seconds: u64) -> Access {
        Access {
            dir: self.store.clone(),
            role,
            wait: Duration::from_secs(wait_seconds),
        }
    }

    /// The models, with what analysts decided left aside.
    fn reader(&self) -> Arc<LazyReader> {
        Arc::new(LazyReader::new(self.global.data.clone()))
    }

    /// The same models, with what analysts decided, as `corrections.toml` has it now.
    fn obeying(&self, reader: &LazyReader) -> Result<Arc<LazyReader>, Failure> {
        let path = self.global.corrections_file();
        let corrections = correct::in_force(&path, &self.store, reader)?;
        if !path.exists() && !corrections.entries.is_empty() {
            say(format_args!(
                "vigie: {} is not there; the {} decisions that the base obeyed last stay in force (--corrections names the \
                 file; an empty one takes them back)",
                path.display(),
                corrections.entries.len()
            ));
        }
        Ok(Arc::new(reader.with_corrections(corrections)))
    }
}

/// Runs a command, and gives its exit code.
pub fn run(cli: Cli) -> Result<u8, Failure> {
    start_logging(cli.global.verbose);
    let surroundings = Surroundings {
        store: cli.global.store_or(std::env::var_os("VIGIE_STORE").map(PathBuf::from)),
        now: Timestamp::now(),
        screen: screen::Screens::look(cli.global.color),
        global: cli.global,
    };
    match cli.command {
        Command::Collect(args) => collect::run(&surroundings, &args),
        Command::Watch(args) => watch::run(&surroundings, &args),
        Command::Query(args) => query::run(&surroundings, &args),
        Command::Show(args) => show::run(&surroundings, &args),
        Command::Merge(args) => correct::merge::run(&surroundings, &args),
        Command::Split(args) => correct::split::run(&surroundings, &args),
        Command::Forbid(args) => correct::forbid::run(&surroundings, &args),
        Command::Relabel(args) => correct::relabel::run(&surroundings, &args),
        Command::Forget(args) => correct::forget::run(&surroundings, &args),
        Command::Corrections(args) => correct::list::run(&surroundings, &args),
        Command::Classify(args) => classify::run(&surroundings, &args),
        Command::Replay(args) => replay::run(&surroundings, &args),
        Command::Rebuild(args) => rebuild::run(&surroundings, &args),
        Command::Reclassify(args) => reclassify::run(&surroundings, &args),
        Command::Demo(_) => demo::run(&surroundings),
        Command::Feeds(args) => feeds::run(&surroundings, &args.command),
        Command::Eval(args) => eval::run(&surroundings, &args),
        Command::Train(args) => train::run(&surroundings, &args),
    }
}

/// Log lines go to stderr; `VIGIE_LOG` (as in `vigie=debug`) overrules `-v`.
fn start_logging(verbose: u8) {
    let level = match verbose {
        0 => "vigie=warn",
        1 => "vigie=info",
        _ => "vigie=debug",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("VIGIE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    // A second call (tests in one process) keeps the first.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        // It would complain with `eprintln!`.
        .log_internal_errors(false)
        .try_init();
}

/// Says something to people, on stderr. Whether anybody still listens (`2>&1 | head`) is no matter;
/// `eprintln!` would panic.
pub fn say(words: impl std::fmt::Display) {
    let mut stderr = io::stderr().lock();
    let _ = writeln!(stderr, "{words}").and_then(|()| stderr.flush());
}

/// Writes to stdout. A reader that went away (`| head`) is no failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::work(anyhow::Error::new(error).context("writing to stdout")))
        }
        _ => Ok(()),
    }
}

/// The runtime for commands that wait on the network.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::work(anyhow::Error::new(error).context("starting the runtime")))
}
