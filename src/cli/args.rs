//! The command line: every command, its options and its help. Here is only what can be typed;
//! what it means is each command's affair (for `query`, `query::parse`).

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::export::Format;
use crate::model::paris;
use crate::query::parse::RawFilter;

/// Where the store is when nothing says otherwise.
pub const DEFAULT_STORE: &str = "vigie-data";
/// Where the list of feeds is when nothing says otherwise.
pub const DEFAULT_FEEDS: &str = "feeds.toml";
/// The name of the file of analysts' decisions, beside the list of feeds, when nothing says otherwise.
pub const DEFAULT_CORRECTIONS: &str = "corrections.toml";

const ROOT_HELP: &str = "\
Examples:
  vigie demo                                            a first look, offline, in under a minute
  vigie collect                                         one pass over the feeds (for cron)
  vigie query --sector collectivite --since 30d         which local bodies were hit this month?
  vigie show loiret                                     one incident whole, with its evidence

Exit codes:
  0  all is well (a query that finds nothing too)
  1  the work was done, but some feed failed, or some input was refused
  2  usage or configuration: an unknown option or value, a bad feeds.toml or data file
  3  the store cannot be used: in use for too long, unreadable, damaged
  4  another pass is running";

/// Lookout on the French press: who in France was just hit by a cyberattack, how, and where?
#[derive(Debug, Clone, PartialEq, Parser)]
#[command(name = "vigie", version, after_help = ROOT_HELP, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args)]
pub struct GlobalArgs {
    /// Folder of the base and its archive [default: ./vigie-data] [env: VIGIE_STORE]
    // The environment is not read by clap: `replay` must not import into the usual store only
    // because the variable is set.
    #[arg(long, global = true, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// The list of feeds
    #[arg(long, global = true, value_name = "FILE", default_value = DEFAULT_FEEDS, env = "VIGIE_FEEDS")]
    pub feeds: PathBuf,
    /// What analysts decided, for all commands [default: corrections.toml beside the list of feeds]
    #[arg(long, global = true, value_name = "FILE", env = "VIGIE_CORRECTIONS")]
    pub corrections: Option<PathBuf>,
    /// Folder whose keywords/ and gazetteer/ replace those built in
    #[arg(long, global = true, value_name = "DIR", env = "VIGIE_DATA")]
    pub data: Option<PathBuf>,
    /// Say more on stderr: -v for each step, -vv for each request
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Colours and progress bar
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = ColorChoice::Auto)]
    pub color: ColorChoice,
}

impl GlobalArgs {
    /// The store's folder: as typed, else as the environment says (`VIGIE_STORE`, handed in),
    /// else the usual one.
    pub fn store_or(&self, from_environment: Option<PathBuf>) -> PathBuf {
        self.store
            .clone()
            .or(from_environment.filter(|path| !path.as_os_str().is_empty()))
            .unwrap_or_else(|| PathBuf::from(DEFAULT_STORE))
    }

    /// The file of analysts' decisions.
    pub fn corrections_file(&self) -> PathBuf {
        let typed = self.corrections.clone().filter(|path| !path.as_os_str().is_empty());
        typed.unwrap_or_else(|| self.feeds.with_file_name(DEFAULT_CORRECTIONS))
    }
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// A command.
#[derive(Debug, Clone, PartialEq, Subcommand)]
pub enum Command {
    /// Make one pass over the feeds that are due: fetch, read, classify, merge, record
    Collect(CollectArgs),
    /// Stay and make a pass whenever feeds fall due; answers queries meanwhile
    Watch(WatchArgs),
    /// Ask which incidents are known
    Query(Box<QueryArgs>),
    /// Show one incident whole: history, articles, and the words that decided
    Show(ShowArgs),
    /// Say that two incidents are one
    Merge(MergeArgs),
    /// Say that some articles of an incident are an incident of their own
    Split(SplitArgs),
    /// Say that two incidents are never one
    Forbid(ForbidArgs),
    /// Give an incident other labels, or say that it is none
    Relabel(RelabelArgs),
    /// Erase articles, and never take them in again
    Forget(ForgetArgs),
    /// What analysts decided: list and check corrections.toml
    Corrections(CorrectionsArgs),
    /// Classify one article and print what was concluded, with its evidence, as JSON
    Classify(ClassifyArgs),
    /// Run articles of an NDJSON file through classification and merging, in order of publication
    Replay(ReplayArgs),
    /// Make the base anew from the archive, with the present models
    Rebuild(RebuildArgs),
    /// Read and group all stored articles again with the present models, and show what differs
    Reclassify(ReclassifyArgs),
    /// Show the whole line on a small web of our own, offline
    Demo(DemoArgs),
    /// The feeds and their state
    Feeds(FeedsArgs),
    /// Measure the quality of conclusions against labelled articles
    Eval(EvalArgs),
    /// Learn the weights of the keyword models from labelled articles
    Train(TrainArgs),
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ReportFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Options of a pass.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct PassArgs {
    /// Ask these feeds only, by their id in feeds.toml (collect: due or not)
    #[arg(long, value_name = "FEED", num_args = 1.., value_delimiter = ',')]
    pub only: Vec<String>,
    /// Requests under way at the same time [default: `concurrency` of feeds.toml]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub jobs: Option<u16>,
    /// How the run report is printed
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ReportFormat::Text)]
    pub report: ReportFormat,
    /// How long to wait for the base when another command has it
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub wait: u64,
}

const COLLECT_HELP: &str = "\
Examples:
  vigie collect                                   what is due
  vigie collect --force --only ici-orleans        one feed, now
  vigie collect --report json                     the report for a program, on stdout
  */15 * * * *  cd /srv/vigie && /usr/local/bin/vigie collect    in a crontab

Exit codes: 0 all well, 1 some feed failed, 2 configuration, 3 store unavailable, 4 another pass is running.";

/// `vigie collect`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = COLLECT_HELP)]
pub struct CollectArgs {
    /// What every pass takes.
    #[command(flatten)]
    pub pass: PassArgs,
    /// Ask every feed, due or not
    #[arg(long)]
    pub force: bool,
}

const WATCH_HELP: &str = "\
Examples:
  vigie watch
  vigie watch --store /var/lib/vigie --feeds /etc/vigie/feeds.toml

SIGTERM or SIGINT stops it cleanly, in the middle of a pass too: nothing is half-written.";

/// `vigie watch`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = WATCH_HELP)]
pub struct WatchArgs {
    /// What every pass takes.
    #[command(flatten)]
    pub pass: PassArgs,
    /// Unix socket on which queries are answered [default: vigie.sock in the store]
    #[arg(long, value_name = "PATH")]
    pub socket: Option<PathBuf>,
}

/// How the base is reached by commands that only read.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct ReadArgs {
    /// How long to wait for the base when another command has it
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub wait: u64,
    /// Unix socket of a running `vigie watch` [default: vigie.sock in the store]
    #[arg(long, value_name = "PATH")]
    pub socket: Option<PathBuf>,
}

const QUERY_HELP: &str = "\
The values of one option are alternatives; options combine. Accents and capitals do not matter.
What says something of the victim must be true of one same victim of the incident.

Moments: 30d, 12h, 2 semaines, 3 mois, 1 an, hier, 2023-11-04, 04/11/2023, novembre 2023, 2023-11,
2023; counted from now, on the French calendar.

Examples:
  vigie query --sector collectivite --since 30d
  vigie query --sector collectivite --level commune,epci --region bretagne --since 3 mois
  vigie query --departement 45 --attack rancongiciel --format json
  vigie query --since 30d --count ensembles
  vigie query --victim CHU --status confirme --sort sources --limit 10
  vigie query --text état civil --since novembre 2023 --until 2024-01
  vigie query --country all --format csv > incidents.csv

An incident is in the window when it happened, or was first reported, in it; with --active, when an
article on it was published in it.";

/// `vigie query`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = QUERY_HELP)]
pub struct QueryArgs {
    /// Main activity of the victim, or what the story tells of it when it is not named: collectivite, sante...
    #[arg(long, value_name = "SECTOR", num_args = 1..)]
    pub sector: Vec<String>,
    /// Tier of a local body: commune, epci, departement, region, syndicat, ccas, sdis, oph, autre
    #[arg(long, value_name = "LEVEL", num_args = 1..)]
    pub level: Vec<String>,
    /// Attack type: rancongiciel, ddos, fuite...
    #[arg(long, value_name = "TYPE", num_args = 1..)]
    pub attack: Vec<String>,
    /// Département, by code or name: 45, Loiret, 2a
    #[arg(long, value_name = "DEPARTEMENT", num_args = 1..)]
    pub departement: Vec<String>,
    /// Région, by code or name: 24, bretagne, "Centre-Val de Loire"
    #[arg(long, value_name = "REGION", num_args = 1..)]
    pub region: Vec<String>,
    /// Commune, by INSEE code or name: 45234, Orléans
    #[arg(long, value_name = "COMMUNE", num_args = 1..)]
    pub commune: Vec<String>,
    /// How far it is established: signale, confirme, revendique, dementi
    #[arg(long, value_name = "STATUS", num_args = 1..)]
    pub status: Vec<String>,
    /// Who did it: the beginning of a name, such as lockbit
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub actor: Vec<String>,
    /// Words of the victim's name, or their beginnings
    #[arg(long, value_name = "TEXT", num_args = 1..)]
    pub victim: Vec<String>,
    /// Words that must all be in its names, titles and articles; hopit* for a beginning
    #[arg(long, value_name = "WORDS", num_args = 1..)]
    pub text: Vec<String>,
    /// From this moment on
    #[arg(long, value_name = "MOMENT", num_args = 1..)]
    pub since: Vec<String>,
    /// Up to this moment; a day, month or year is included whole
    #[arg(long, value_name = "MOMENT", num_args = 1..)]
    pub until: Vec<String>,
    /// Bound the dates of articles instead of the incident's: old incidents with news are found
    #[arg(long)]
    pub active: bool,
    /// Country of the victim: a two-letter code, all, or inconnu [default: FR]
    #[arg(long, value_name = "COUNTRY", num_args = 1..)]
    pub country: Vec<String>,
    /// Show also incidents that only trials and recaps recall
    #[arg(long)]
    pub recalled: bool,
    /// Order: date, first, last (newest first), victim, sources (most first) [default: date]
    #[arg(long, value_name = "ORDER")]
    pub sort: Option<String>,
    /// What is counted and limited: incidents, or ensembles (a wave once, a supplier with its clients once)
    /// [default: incidents]
    #[arg(long, value_name = "WHAT")]
    pub count: Option<String>,
    /// At most so many of what is counted
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    /// Format of the answer
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = QueryFormat::Table)]
    pub format: QueryFormat,
    /// How the base is reached.
    #[command(flatten)]
    pub read: ReadArgs,
}

impl QueryArgs {
    /// The question as it was typed. Texts of several words need no quotes on the command line:
    /// `--since 3 mois`.
    pub fn raw_filter(&self) -> RawFilter {
        let joined = |words: &[String]| (!words.is_empty()).then(|| words.join(" "));
        RawFilter {
            sectors: self.sector.clone(),
            levels: self.level.clone(),
            attacks: self.attack.clone(),
            departements: self.departement.clone(),
            regions: self.region.clone(),
            communes: self.commune.clone(),
            statuses: self.status.clone(),
            countries: self.country.clone(),
            actor: joined(&self.actor),
            victim: joined(&self.victim),
            text: joined(&self.text),
            since: joined(&self.since),
            until: joined(&self.until),
            sort: self.sort.clone(),
            count: self.count.clone(),
            active: self.active,
            recalled: self.recalled,
            limit: self.limit,
        }
    }
}

/// The formats of `query`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum QueryFormat {
    /// For a terminal.
    #[default]
    Table,
    /// One JSON object, with the question and what stands behind the answer.
    Json,
    /// One JSON object a line, one line an incident.
    Ndjson,
    /// For spreadsheets.
    Csv,
    /// A Markdown table.
    Md,
}

impl From<QueryFormat> for Format {
    fn from(format: QueryFormat) -> Format {
        match format {
            QueryFormat::Table => Format::Table,
            QueryFormat::Json => Format::Json,
            QueryFormat::Ndjson => Format::Ndjson,
            QueryFormat::Csv => Format::Csv,
            QueryFormat::Md => Format::Markdown,
        }
    }
}

const SHOW_HELP: &str = "\
Examples:
  vigie show departement-du-loiret-2023-11
  vigie show loiret                               enough words to be the only one
  vigie show loiret --format json";

/// `vigie show`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = SHOW_HELP)]
pub struct ShowArgs {
    /// Its identifier, or enough words of it to be the only one
    #[arg(value_name = "ID")]
    pub id: String,
    /// Format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
    /// How the base is reached.
    #[command(flatten)]
    pub read: ReadArgs,
}

/// What every decision takes.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
pub struct DecideArgs {
    /// Why, for whoever reads corrections.toml
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Who decides [default: $USER]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Say what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How long to wait for the base when another command has it
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub wait: u64,
}

const MERGE_HELP: &str = "\
Examples:
  vigie merge ville-de-x-2024-05 mairie-de-x-2024-06
  vigie merge x-2024-05 x-2024-06 --reason 'same server, two reports'

The decision goes into corrections.toml and is obeyed by every later run, rebuild and replay; the former id leads on.";

/// `vigie merge`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = MERGE_HELP)]
pub struct MergeArgs {
    /// One incident: its id, or enough words of it to be the only one
    #[arg(value_name = "A")]
    pub one: String,
    /// The other
    #[arg(value_name = "B")]
    pub other: String,
    /// What every decision takes.
    #[command(flatten)]
    pub decide: DecideArgs,
}

const SPLIT_HELP: &str = "\
Examples:
  vigie split ville-de-x-2024-05 3 4                     articles 3 and 4, as `vigie show` numbers them
  vigie split ville-de-x-2024-05 4f0c19                  by the beginning of an article's id
  vigie split ville-de-x-2024-05 https://presse.example/article --reason 'the second attack'";

/// `vigie split`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = SPLIT_HELP)]
pub struct SplitArgs {
    /// The incident: its id, or enough words of it to be the only one
    #[arg(value_name = "ID")]
    pub incident: String,
    /// The articles that leave it: id, beginning of an id, address, or number in `vigie show`
    #[arg(value_name = "ARTICLE", required = true)]
    pub articles: Vec<String>,
    /// What every decision takes.
    #[command(flatten)]
    pub decide: DecideArgs,
}

const FORBID_HELP: &str = "\
Examples:
  vigie forbid ville-de-x-2024-05 ville-de-x-2024-11 --reason 'two attacks in a year'

Two incidents that are one already are parted with `vigie split`.";

/// `vigie forbid`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = FORBID_HELP)]
pub struct ForbidArgs {
    /// One incident: its id, or enough words of it to be the only one
    #[arg(value_name = "A")]
    pub one: String,
    /// The other
    #[arg(value_name = "B")]
    pub other: String,
    /// What every decision takes.
    #[command(flatten)]
    pub decide: DecideArgs,
}

const RELABEL_HELP: &str = "\
Labels:
  victim       name of the main victim
  sector       collectivite, sante, education...           level    commune, epci, departement, region...
  attacks      one or more, the most specific first: rancongiciel,fuite
  status       signale, confirme, revendique, dementi
  actor        a name, or inconnu                          country  FR, BE... or inconnu
  commune      INSEE code of its seat: 45234               departement  45, Loiret
  event        2024-05-03, 2024-05-01/2024-05-03, 2024-05, or inconnu
  incident     no: it is none, and leaves all answers; yes: it is one after all

Examples:
  vigie relabel ville-de-x-2024-05 sector=sante
  vigie relabel x-2024-05 attacks=rancongiciel,fuite status=confirme --reason 'communiqué du 3 juin'
  vigie relabel x-2024-05 incident=no --reason 'an exercise'";

/// `vigie relabel`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = RELABEL_HELP)]
pub struct RelabelArgs {
    /// The incident: its id, or enough words of it to be the only one
    #[arg(value_name = "ID")]
    pub incident: String,
    /// The labels, as in sector=sante
    #[arg(value_name = "LABEL=VALUE", required = true)]
    pub labels: Vec<String>,
    /// What every decision takes.
    #[command(flatten)]
    pub decide: DecideArgs,
}

const FORGET_HELP: &str = "\
Title, text and address are erased from the base and from the archive for good; corrections.toml keeps only the article's
id, which tells nothing of it. Copies and backups made before are not reached.

Examples:
  vigie forget https://presse.example/article --reason 'request of 3 June'
  vigie forget 4f0c19d2a8b7e653";

/// `vigie forget`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = FORGET_HELP)]
pub struct ForgetArgs {
    /// The articles: id, beginning of an id, or address; an address that is not known yet will never be taken in
    #[arg(value_name = "ARTICLE|URL", required = true)]
    pub articles: Vec<String>,
    /// What every decision takes.
    #[command(flatten)]
    pub decide: DecideArgs,
}

const CORRECTIONS_HELP: &str = "\
Examples:
  vigie corrections                                      every decision, with its line; a mistake in the file is exit code 2
  vigie corrections --corrections /etc/vigie/corrections.toml --format json";

/// `vigie corrections`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = CORRECTIONS_HELP)]
pub struct CorrectionsArgs {
    /// Format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

const CLASSIFY_HELP: &str = "\
Examples:
  vigie classify article.html
  vigie classify https://example.org/un-article
  vigie classify - --title 'La mairie coupée du réseau' < article.txt
  vigie classify article.html --explain                 the text with every word that counted, and why
  vigie classify article.html --explain --format html > pourquoi.html

Text is taken as paragraphs, one a line; HTML is recognised and its article extracted.";

/// How `vigie classify` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ClassifyFormat {
    /// For programs.
    Json,
    /// For a terminal: needs --explain.
    Text,
    /// One page that needs nothing else: needs --explain.
    Html,
}

/// `vigie classify`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = CLASSIFY_HELP)]
pub struct ClassifyArgs {
    /// A text or HTML file, an http(s) address, or - for stdin
    #[arg(value_name = "FILE|URL|-", default_value = "-")]
    pub input: String,
    /// Headline, when the input does not hold it
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Address of the article
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Publication: 2023-11-06 or 2023-11-06T08:12:00+01:00 [default: the page's, else now]
    #[arg(long, value_name = "DATE", value_parser = published)]
    pub published: Option<Timestamp>,
    /// The publication's name
    #[arg(long, value_name = "NAME")]
    pub outlet: Option<String>,
    /// Language that the feed or page declares, ISO 639-1
    #[arg(long, value_name = "CODE")]
    pub language: Option<String>,
    /// Tell why: the text with every word that counted and its weight, the votes, what was refused
    #[arg(long)]
    pub explain: bool,
    /// How it is printed [default: json; with --explain: text]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub format: Option<ClassifyFormat>,
}

/// A moment with its offset, or a day, taken at its start in Paris.
fn published(typed: &str) -> Result<Timestamp, String> {
    typed
        .parse::<Timestamp>()
        .or_else(|_| typed.parse::<Date>().map(paris::start_of))
        .map_err(|_| "write 2023-11-06 or 2023-11-06T08:12:00+01:00".to_owned())
}

const REPLAY_HELP: &str = "\
One article a line: {id, url, outlet, published, title, text, html?, feed_language?}.
One conclusion a line, in the same order, once all are merged.

Examples:
  vigie replay articles.ndjson > conclusions.ndjson       in a store of its own, thrown away
  vigie replay articles.ndjson --store vigie-data         imports an archive of articles";

/// `vigie replay`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = REPLAY_HELP)]
pub struct ReplayArgs {
    /// The articles, or - for stdin
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// How long to wait for the base when another command has it
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub wait: u64,
}

const REBUILD_HELP: &str = "\
Examples:
  vigie rebuild                    after an upgrade, or when the base is damaged
  vigie rebuild --data ./data      after a change of keywords or places";

/// `vigie rebuild`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = REBUILD_HELP)]
pub struct RebuildArgs {
    /// Make it even when the archive gives fewer articles than the present base holds
    #[arg(long)]
    pub force: bool,
    /// How long to wait for the base when another command has it
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub wait: u64,
}

const RECLASSIFY_HELP: &str = "\
After new models or lists, all stored articles are read and grouped again, offline. Incidents keep their ids where the
story is the same. What differs is printed before it is written.

Examples:
  vigie reclassify --dry-run              shows what would differ, and changes nothing
  vigie reclassify
  vigie reclassify --dry-run --format json";

/// `vigie reclassify`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = RECLASSIFY_HELP)]
pub struct ReclassifyArgs {
    /// Show what would differ, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How the difference is printed
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// How long to wait for the base when another command has it
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub wait: u64,
}

const DEMO_HELP: &str = "\
Examples:
  vigie demo
  vigie demo --store demo-data      keeps the base, to query it afterwards";

/// `vigie demo`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = DEMO_HELP)]
pub struct DemoArgs {}

const FEEDS_HELP: &str = "\
Examples:
  vigie feeds list                        state of each feed: last success, last error, next due
  vigie feeds check                       asks each feed once and says what it answers
  vigie feeds check ici-orleans --format json";

/// `vigie feeds`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = FEEDS_HELP)]
pub struct FeedsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: FeedsCommand,
}

/// A command on feeds.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum FeedsCommand {
    /// The feeds of feeds.toml with their state in the base
    List {
        /// Format
        #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ReportFormat::Text)]
        format: ReportFormat,
        /// How the base is reached.
        #[command(flatten)]
        read: ReadArgs,
    },
    /// Ask feeds once, record nothing, and say what each answers
    Check {
        /// Only these, by their id in feeds.toml
        // Not named `feeds`: clap keeps global options and these under one name.
        #[arg(value_name = "FEED")]
        wanted: Vec<String>,
        /// Requests under way at the same time
        #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
        jobs: u16,
        /// Format
        #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ReportFormat::Text)]
        format: ReportFormat,
    },
}

const EVAL_HELP: &str = "\
Examples:
  vigie eval data/gold/gold.jsonl --part held-out
  vigie eval data/gold/gold.jsonl --part dev --errors      with each article that was read wrongly";

/// `vigie eval`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = EVAL_HELP)]
pub struct EvalArgs {
    /// Labelled articles, one JSON object a line
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Which of them
    #[command(flatten)]
    pub part: PartArgs,
    /// Give 95 % intervals (bootstrap over incidents)
    #[arg(long)]
    pub intervals: bool,
    /// Give the figures of each attack type, sector and kind of article too
    #[arg(long)]
    pub classes: bool,
    /// Fail (exit code 1) where a figure falls below its floor in this file
    #[arg(long, value_name = "FILE")]
    pub floors: Option<PathBuf>,
    /// With --floors: lift each floor to the figure, where that is higher
    #[arg(long, requires = "floors")]
    pub lift: bool,
    /// List the articles that were read wrongly
    #[arg(long)]
    pub errors: bool,
    /// Format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

const TRAIN_HELP: &str = "\
Examples:
  vigie train data/gold/gold.jsonl --dry-run            what would change
  vigie train data/gold/gold.jsonl                      learn, and write the weights into data/
  vigie train press.jsonl data/gold/gold.jsonl --cross-validate month
                                                        figures on articles kept out of the fit
  vigie train data/gold/gold.jsonl --part dev --suggest > new.toml
                                                        phrases for a person to accept";

/// `vigie train`
#[derive(Debug, Clone, PartialEq, Args)]
#[command(after_help = TRAIN_HELP)]
pub struct TrainArgs {
    /// Labelled articles, one JSON object a line
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Where keywords/votes.toml and gazetteer/victim_weights.tsv are written [default: data]
    #[arg(long, value_name = "FOLDER", default_value = "data", hide_default_value = true)]
    pub out: PathBuf,
    /// Precision that calling an article an incident must keep
    #[arg(long, value_name = "SHARE", default_value_t = 0.85, value_parser = share)]
    pub precision: f64,
    /// Precision that naming a victim must keep
    #[arg(long, value_name = "SHARE", default_value_t = 0.85, value_parser = share)]
    pub victim_precision: f64,
    /// Say what would change, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Write nothing; measure on articles kept out of the fit, part by part
    #[arg(long, value_name = "BY", value_enum)]
    pub cross_validate: Option<FoldsBy>,
    /// With --cross-validate: give the figures of each attack type, sector and kind too
    #[arg(long, requires = "cross_validate")]
    pub classes: bool,
    /// With --cross-validate: list the articles that were read wrongly
    #[arg(long, requires = "cross_validate")]
    pub errors: bool,
    /// Write nothing; propose phrases that the models do not have yet, for a person to accept
    #[arg(long, conflicts_with = "cross_validate")]
    pub suggest: bool,
    /// Which articles are measured or searched for phrases; all are learned from, but for --suggest
    #[command(flatten)]
    pub part: PartArgs,
}

/// A share: a number from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let number: f64 = text
        .parse()
        .map_err(|_| "a number from 0 to 1 is expected".to_owned())?;
    if (0.0..=1.0).contains(&number) {
        Ok(number)
    } else {
        Err("a number from 0 to 1 is expected".to_owned())
    }
}

/// How articles are parted for cross-validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FoldsBy {
    /// Ten parts, by incident.
    Incident,
    /// A part for each month of publication.
    Month,
}

/// Some of the labelled articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Args)]
pub struct PartArgs {
    /// Which half, cut by incident
    #[arg(long, value_name = "PART", value_enum, default_value_t = EvalPart::All)]
    pub part: EvalPart,
    /// Only articles published on or after this day
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// Only articles published before this day
    #[arg(long, value_name = "DATE")]
    pub before: Option<Date>,
}

/// A part of the labelled articles. No incident is on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum EvalPart {
    /// All of them.
    #[default]
    All,
    /// The half that models may be tuned on.
    Dev,
    /// The half that figures are reported on.
    HeldOut,
}

impl EvalPart {
    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Dev => "dev",
            Self::HeldOut => "held-out",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::CommandFactory;

    use super::*;

    fn typed(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(line.split_whitespace())
    }

    #[test]
    fn definitions_are_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_examples_and_every_option_a_help() {
        fn check(command: &clap::Command) {
            for argument in command.get_arguments() {
                assert!(
                    argument.get_help().is_some(),
                    "{} {}",
                    command.get_name(),
                    argument.get_id()
                );
            }
            for subcommand in command.get_subcommands() {
                check(subcommand);
            }
        }
        let command = Cli::command();
        check(&command);
        for subcommand in command.get_subcommands() {
            let help = subcommand.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(
                help.contains("Examples:\n  vigie ") && help.contains(subcommand.get_name()),
                "{}",
                subcommand.get_name()
            );
        }
        let help = command.get_after_help().unwrap().to_string();
        assert!(help.contains("Exit codes:") && help.contains("4  another pass is running"));
    }

    #[test]
    fn lines_that_are_understood() {
        let check = |line: &str, is: fn(&Cli) -> bool| {
            let cli = typed(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            assert!(is(&cli), "{line}: {cli:?}");
        };
        check("vigie collect", |cli| {
            cli.global.feeds == Path::new("feeds.toml")
                && cli.global.store_or(None) == Path::new("vigie-data")
                && cli.global.store_or(Some("/srv/x".into())) == Path::new("/srv/x")
                && matches!(&cli.command, Command::Collect(args) if !args.force && args.pass.wait == 30)
        });
        check(
            "vigie collect --store a --feeds b.toml --force --only x y,z --report json --jobs 2 --wait 5 -vv",
            |cli| {
                cli.global.store_or(Some("/srv/x".into())) == Path::new("a")
                    && cli.global.verbose == 2
                    && matches!(&cli.command, Command::Collect(args)
                    if args.force && args.pass.only == ["x", "y", "z"] && args.pass.jobs == Some(2)
                        && args.pass.report == ReportFormat::Json)
            },
        );
        check(
            "vigie --store a watch --socket s",
            |cli| matches!(&cli.command, Command::Watch(args) if args.socket == Some("s".into())),
        );
        check("vigie query", |cli| {
            matches!(&cli.command, Command::Query(args)
                if args.raw_filter() == RawFilter::default() && args.format == QueryFormat::Table && args.read.wait == 10)
        });
        check(
            "vigie query --since 3 mois --sector sante education --sector etat,defense --text serveurs éteints",
            |cli| {
                matches!(&cli.command, Command::Query(args) if args.raw_filter() == RawFilter {
                    since: Some("3 mois".to_owned()),
                    sectors: ["sante", "education", "etat,defense"].map(str::to_owned).to_vec(),
                    text: Some("serveurs éteints".to_owned()),
                    ..RawFilter::default()
                })
            },
        );
        check(
            "vigie query --format md --limit 3 --active --recalled --country all --sort victim",
            |cli| {
                matches!(&cli.command, Command::Query(args) if args.format == QueryFormat::Md && args.raw_filter() == RawFilter {
                    limit: Some(3),
                    active: true,
                    recalled: true,
                    countries: vec!["all".to_owned()],
                    sort: Some("victim".to_owned()),
                    ..RawFilter::default()
                })
            },
        );
        check("vigie show loiret --format json --color never", |cli| {
            cli.global.color == ColorChoice::Never
                && matches!(&cli.command, Command::Show(args) if args.id == "loiret" && args.format == ReportFormat::Json)
        });
        check("vigie merge a b --reason r --by me --dry-run", |cli| {
            matches!(&cli.command, Command::Merge(args) if args.one == "a" && args.other == "b"
                && args.decide.reason.as_deref() == Some("r") && args.decide.by.as_deref() == Some("me") && args.decide.dry_run)
        });
        check("vigie split a 1 2 --corrections c.toml", |cli| {
            matches!(&cli.command, Command::Split(args) if args.articles == ["1", "2"])
                && cli.global.corrections_file() == Path::new("c.toml")
        });
        check(
            "vigie relabel a sector=sante level=epci --feeds /etc/vigie/feeds.toml",
            |cli| {
                matches!(&cli.command, Command::Relabel(args) if args.labels.len() == 2)
                    && cli.global.corrections_file() == Path::new("/etc/vigie/corrections.toml")
            },
        );
        check("vigie forget a", |cli| {
            matches!(&cli.command, Command::Forget(args) if args.articles == ["a"])
                && cli.global.corrections_file() == Path::new("corrections.toml")
        });
        check("vigie classify --title T --published 2023-11-06", |cli| {
            matches!(&cli.command, Command::Classify(args) if args.input == "-"
                && args.published == Some("2023-11-05T23:00:00Z".parse().unwrap()))
        });
        check("vigie replay in.ndjson", |cli| {
            cli.global.store.is_none()
                && matches!(&cli.command, Command::Replay(args) if args.file == Path::new("in.ndjson"))
        });
        check("vigie rebuild --data d", |cli| cli.global.data == Some("d".into()));
        check("vigie demo", |cli| matches!(cli.command, Command::Demo(_)));
        check(
            "vigie feeds list",
            |cli| matches!(&cli.command, Command::Feeds(args) if matches!(args.command, FeedsCommand::List { .. })),
        );
        check("vigie feeds check a b --jobs 3", |cli| {
            matches!(&cli.command, Command::Feeds(args)
                if matches!(&args.command, FeedsCommand::Check { wanted, jobs: 3, .. } if wanted == &["a", "b"]))
        });
        check(
            "vigie train a --cross-validate month --before 2026-01-01",
            |cli| matches!(&cli.command, Command::Train(args) if args.cross_validate == Some(FoldsBy::Month) && args.part.before.is_some()),
        );
        check(
            "vigie eval a b --errors",
            |cli| matches!(&cli.command, Command::Eval(args) if args.files.len() == 2 && args.errors),
        );
    }

    #[test]
    fn lines_that_are_refused_exit_with_2() {
        let check = |line: &str| {
            let error = typed(line).expect_err(line);
            assert_eq!(error.exit_code(), 2, "{line}");
        };
        check("vigie");
        check("vigie collecte");
        check("vigie collect --jobs 0");
        check("vigie collect --only");
        check("vigie query --limit 0");
        check("vigie query --format xml");
        check("vigie query --since");
        check("vigie query stray");
        check("vigie show");
        check("vigie merge a");
        check("vigie split a");
        check("vigie relabel a");
        check("vigie forget");
        check("vigie eval");
        check("vigie train");
        check("vigie train a --suggest --cross-validate month");
        check("vigie train a --precision 1.7");
        check("vigie train a --precision nan");
        check("vigie feeds");
        check("vigie classify --published hier");
        check("vigie query --colour never");
    }
}
