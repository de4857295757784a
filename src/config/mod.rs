//! `feeds.toml`: what was typed, then what it means. Every mistake is shown with its line and what
//! to do about it, all of them at once, so that a person mends the file in one go. `corrections.toml` has a file of its own.

pub mod corrections;
mod mistake;

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use serde::Deserialize;
use toml::Spanned;
use url::Url;

use self::mistake::{Mistake, render, syntax_mistake};
use crate::model::feed::FeedSource;
use crate::model::id::FeedId;

/// A `feeds.toml`, read and understood.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedsFile {
    /// What holds for all feeds.
    pub defaults: Defaults,
    /// The feeds, disabled ones included, in the file's order.
    pub feeds: Vec<FeedSource>,
}

/// The `[defaults]` table; each value may be left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Defaults {
    /// How often a feed is asked that does not say: 30 minutes.
    pub every: SignedDuration,
    /// Address or page that publishers see in the `User-Agent`; empty when not given.
    pub contact: String,
    /// Longest wait for one answer: 30 seconds.
    pub timeout: SignedDuration,
    /// Requests under way at once, to all hosts: 16.
    pub concurrency: usize,
    /// Pause between two requests to one host: one second.
    pub per_host_delay: SignedDuration,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            every: SignedDuration::from_mins(30),
            contact: String::new(),
            timeout: SignedDuration::from_secs(30),
            concurrency: 16,
            per_host_delay: SignedDuration::from_secs(1),
        }
    }
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("reading {path}: {cause}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// It has mistakes.
    #[error("{report}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// How many mistakes are shown.
        mistakes: usize,
        /// All of them for people: file, line, the words, what to do. Several lines, no colours.
        report: String,
    },
    /// Another command is writing it, and took too long.
    #[error("{path} is being written by another command; waited {waited_seconds} s: try again, or raise --wait")]
    Busy {
        /// The file.
        path: PathBuf,
        /// How long we waited.
        waited_seconds: u64,
    },
}

/// Reads a file of feeds. Errs when it cannot be read or has any mistake.
pub fn read_feeds(path: &Path) -> Result<FeedsFile, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|cause| ConfigError::Io {
        path: path.to_owned(),
        cause,
    })?;
    parse_feeds(&text, path)
}

/// The same from the text; `path` only names it in errors.
pub fn parse_feeds(text: &str, path: &Path) -> Result<FeedsFile, ConfigError> {
    let understood = toml::from_str::<TypedFile>(text)
        .map_err(|error| {
            vec![syntax_mistake(
                &error,
                text,
                "each [[feed]] needs id, url, outlet and topic",
            )]
        })
        .and_then(understand);
    understood.map_err(|mistakes| ConfigError::Invalid {
        path: path.to_owned(),
        mistakes: mistakes.len(),
        report: render(&mistakes, text, path),
    })
}

/// The file as typed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedFile {
    #[serde(default)]
    defaults: TypedDefaults,
    #[serde(default)]
    feed: Vec<TypedFeed>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedDefaults {
    every: Option<Spanned<String>>,
    contact: Option<Spanned<String>>,
    timeout: Option<Spanned<String>>,
    concurrency: Option<Spanned<i64>>,
    per_host_delay: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedFeed {
    id: Spanned<String>,
    url: Spanned<String>,
    outlet: Spanned<String>,
    topic: Spanned<String>,
    language: Option<Spanned<String>>,
    #[serde(default)]
    departements: Vec<Spanned<String>>,
    every: Option<Spanned<String>>,
    uncertain: Option<Spanned<String>>,
    disabled: Option<Spanned<String>>,
}

/// What was typed becomes what it means, or all mistakes in it.
fn understand(typed: TypedFile) -> Result<FeedsFile, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let defaults = understand_defaults(&typed.defaults, &mut mistakes);
    let mut ids = HashMap::new();
    let mut urls = HashMap::new();
    let mut feeds = Vec::new();
    for feed in &typed.feed {
        note_repetition(feed.id.get_ref().clone(), feed.id.span(), "id", &mut ids, &mut mistakes);
        if let Ok(url) = Url::parse(feed.url.get_ref()) {
            note_repetition(String::from(url), feed.url.span(), "url", &mut urls, &mut mistakes);
        }
        feeds.push(understand_feed(feed, &defaults, &mut mistakes));
    }
    if mistakes.is_empty() {
        Ok(FeedsFile { defaults, feeds })
    } else {
        Err(mistakes)
    }
}

fn understand_defaults(typed: &TypedDefaults, mistakes: &mut Vec<Mistake>) -> Defaults {
    const MOST_AT_ONCE: i64 = 64;
    let standard = Defaults::default();
    let mut duration = |typed: &Option<Spanned<String>>, least: SignedDuration, standard: SignedDuration| match typed {
        Some(typed) => duration_of(typed, least, mistakes).unwrap_or(standard),
        None => standard,
    };
    let every = duration(&typed.every, LEAST_EVERY, standard.every);
    let timeout = duration(&typed.timeout, SignedDuration::from_secs(1), standard.timeout);
    let per_host_delay = duration(&typed.per_host_delay, SignedDuration::ZERO, standard.per_host_delay);
    let concurrency = match &typed.concurrency {
        Some(typed) => match usize::try_from(*typed.get_ref()) {
            Ok(number) if (1..=MOST_AT_ONCE).contains(typed.get_ref()) => number,
            _ => {
                let label = format!("must be 1 to {MOST_AT_ONCE}");
                mistakes.push(Mistake::new(
                    typed.span(),
                    "concurrency is out of range",
                    label,
                    "16 suits most machines",
                ));
                standard.concurrency
            }
        },
        None => standard.concurrency,
    };
    if let Some(contact) = typed.contact.as_ref().filter(|contact| !contact.get_ref().is_ascii()) {
        mistakes.push(Mistake::new(
            contact.span(),
            "the contact cannot stand in an HTTP header",
            "only plain letters, digits and marks",
            "give a mail address or the address of a page",
        ));
    }
    Defaults {
        every,
        contact: typed
            .contact
            .as_ref()
            .map(|contact| contact.get_ref().trim().to_owned())
            .unwrap_or_default(),
        timeout,
        concurrency,
        per_host_delay,
    }
}

fn understand_feed(typed: &TypedFeed, defaults: &Defaults, mistakes: &mut Vec<Mistake>) -> FeedSource {
    check_id(&typed.id, mistakes);
    check_url(&typed.url, mistakes);
    check_language(typed.language.as_ref(), mistakes);
    check_filled(Some(&typed.outlet), "outlet", mistakes);
    check_filled(Some(&typed.topic), "topic", mistakes);
    check_filled(typed.uncertain.as_ref(), "uncertain", mistakes);
    check_filled(typed.disabled.as_ref(), "disabled", mistakes);
    for code in &typed.departements {
        check_departement(code, mistakes);
    }
    let every = match &typed.every {
        Some(every) => duration_of(every, LEAST_EVERY, mistakes).unwrap_or(defaults.every),
        None => defaults.every,
    };
    let text = |typed: &Spanned<String>| typed.get_ref().trim().to_owned();
    FeedSource {
        id: FeedId(typed.id.get_ref().clone()),
        url: text(&typed.url),
        outlet: text(&typed.outlet),
        topic: text(&typed.topic),
        language: typed.language.as_ref().map_or_else(|| "fr".to_owned(), text),
        departements: typed.departements.iter().map(text).collect(),
        every,
        uncertain: typed.uncertain.as_ref().map(text),
        disabled: typed.disabled.as_ref().map(text),
    }
}

/// No site wants to be asked more often.
const LEAST_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// Beyond this a feed may as well be switched off.
const MOST_DURATION: SignedDuration = SignedDuration::from_hours(31 * 24);

fn duration_of(typed: &Spanned<String>, least: SignedDuration, mistakes: &mut Vec<Mistake>) -> Option<SignedDuration> {
    let text = typed.get_ref().trim();
    let days = text
        .strip_suffix(['d', 'j'])
        .and_then(|days| days.trim().parse::<i64>().ok());
    let duration = match days {
        Some(days) => days.checked_mul(24).map(SignedDuration::from_hours),
        None => text.parse::<SignedDuration>().ok(),
    };
    match duration {
        Some(duration) if duration < least => {
            mistakes.push(Mistake::new(
                typed.span(),
                format!("`{text}` is too short"),
                format!("at least {least:#}"),
                "sites that are asked too often shut the door",
            ));
            None
        }
        Some(duration) if duration <= MOST_DURATION => Some(duration),
        Some(_) => {
            mistakes.push(Mistake::new(
                typed.span(),
                format!("`{text}` is too long"),
                "at most 31 days",
                "to switch a feed off, say disabled = \"why\"",
            ));
            None
        }
        None => {
            mistakes.push(Mistake::new(
                typed.span(),
                format!("`{text}` is not a duration"),
                "a number with its unit",
                "write it like \"30m\", \"2h\" or \"1d\"",
            ));
            None
        }
    }
}

fn check_id(id: &Spanned<String>, mistakes: &mut Vec<Mistake>) {
    let text = id.get_ref();
    let is_kebab = !text.is_empty()
        && text
            .split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
    if !is_kebab {
        let suggestion = crate::text::fold::slug(text);
        let help = if suggestion.is_empty() {
            "like `ici-orleans`".to_owned()
        } else {
            format!("write `{suggestion}`")
        };
        mistakes.push(Mistake::new(
            id.span(),
            format!("`{text}` is not a feed id"),
            "lower-case words joined by `-`, without accents",
            help,
        ));
    }
}

fn check_url(url: &Spanned<String>, mistakes: &mut Vec<Mistake>) {
    let label = match Url::parse(url.get_ref().trim()) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => return,
        Ok(parsed) => format!("`{}:` is neither http nor https", parsed.scheme()),
        Err(error) => error.to_string(),
    };
    let title = format!("`{}` is not an address that can be fetched", url.get_ref());
    mistakes.push(Mistake::new(
        url.span(),
        title,
        label,
        "give the whole address, like \"https://www.exemple.fr/rss.xml\"",
    ));
}

fn check_language(language: Option<&Spanned<String>>, mistakes: &mut Vec<Mistake>) {
    let Some(language) = language else { return };
    let code = language.get_ref();
    if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_lowercase()) {
        mistakes.push(Mistake::new(
            language.span(),
            format!("`{code}` is not a language code"),
            "two lower-case letters",
            "ISO 639-1: \"fr\", \"en\", \"de\"...",
        ));
    }
}

fn check_departement(code: &Spanned<String>, mistakes: &mut Vec<Mistake>) {
    let text = code.get_ref();
    let number = text
        .parse::<u16>()
        .ok()
        .filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    let is_code = match (text.len(), number) {
        (2, Some(number)) => (1..=95).contains(&number) && number != 20,
        (3, Some(number)) => (971..=978).contains(&number) || (984..=989).contains(&number),
        _ => matches!(text.as_str(), "2A" | "2B"),
    };
    if !is_code {
        mistakes.push(Mistake::new(
            code.span(),
            format!("`{text}` is not the code of a département"),
            "01 to 95, 2A, 2B, 971 to 989",
            "two digits: \"01\" for the Ain; \"2A\" and \"2B\" for Corsica; three digits overseas: \"974\"",
        ));
    }
}

fn check_filled(value: Option<&Spanned<String>>, name: &str, mistakes: &mut Vec<Mistake>) {
    if let Some(value) = value.filter(|value| value.get_ref().trim().is_empty()) {
        let help = match name {
            "uncertain" | "disabled" => format!("say why, or take the line `{name}` out"),
            _ => format!("give the feed's {name}"),
        };
        mistakes.push(Mistake::new(
            value.span(),
            format!("`{name}` is empty"),
            "nothing here",
            help,
        ));
    }
}

fn note_repetition(
    value: String,
    span: Range<usize>,
    name: &str,
    seen: &mut HashMap<String, Range<usize>>,
    mistakes: &mut Vec<Mistake>,
) {
    if let Some(first) = seen.get(&value) {
        let title = format!("two feeds have the {name} `{value}`");
        let mut mistake = Mistake::new(span, title, "again here", "change one of them or take it out");
        mistake.other = Some((first.clone(), "first here"));
        mistakes.push(mistake);
        return;
    }
    seen.insert(value, span);
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "[[feed]]\nid = \"ici-orleans\"\nurl = \"https://exemple.fr/rss\"\noutlet = \"ICI Orléans\"\ntopic = \"regional\"\n";

    fn read(text: &str) -> Result<FeedsFile, String> {
        parse_feeds(text, Path::new("feeds.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_whole_file() {
        let file = read(&format!(
            "[defaults]\nevery = \"1h\"\ncontact = \"veille@exemple.fr\"\ntimeout = \"20s\"\nconcurrency = 4\nper_host_delay = \"2s\"\n\
             {ONE}departements = [\"45\", \"2A\", \"974\"]\n\
             [[feed]]\nid = \"b\"\nurl = \"http://exemple.fr/b\"\noutlet = \"B\"\ntopic = \"tech\"\nlanguage = \"en\"\nevery = \"2d\"\ndisabled = \"parti\"\n"
        ))
        .expect("no mistake");
        assert_eq!(file.defaults.every, SignedDuration::from_hours(1));
        assert_eq!(
            (file.defaults.concurrency, file.defaults.contact.as_str()),
            (4, "veille@exemple.fr")
        );
        let [first, second] = file.feeds.as_slice() else {
            panic!("two feeds")
        };
        assert_eq!(
            (first.language.as_str(), first.every),
            ("fr", SignedDuration::from_hours(1))
        );
        assert_eq!(first.departements, ["45", "2A", "974"]);
        assert_eq!(
            (second.language.as_str(), second.every),
            ("en", SignedDuration::from_hours(48))
        );
        assert_eq!(second.disabled.as_deref(), Some("parti"));
        assert_eq!(read("").expect("no mistake").defaults, Defaults::default());
    }

    #[test]
    fn mistakes_show_line_words_and_remedy() {
        let check = |text: &str, expected: &[&str]| {
            let report = read(text).expect_err(text);
            for part in expected {
                assert!(report.contains(part), "`{part}` is not in:\n{report}");
            }
        };
        check("[[feed]\n", &["feeds.toml:1:"]);
        check(
            "[[feed]]\nid = \"a\"\n",
            &["missing field `url`", "feeds.toml:1:1", "each [[feed]] needs"],
        );
        check(
            &format!("{ONE}colour = 1\n"),
            &["unknown field `colour`", "feeds.toml:6:1", "expected one of"],
        );
        check("[defaults]\nevery = 30\n", &["invalid type", "feeds.toml:2:9"]);
        check(
            "[defaults]\nevery = \"often\"\n",
            &["`often` is not a duration", "feeds.toml:2:9", "\"30m\""],
        );
        check("[defaults]\nevery = \"5s\"\n", &["`5s` is too short", "at least 1m"]);
        check("[defaults]\nconcurrency = 0\n", &["out of range", "1 to 64"]);
        check("[defaults]\ncontact = \"é\"\n", &["HTTP header"]);
        let with = |old: &str, new: &str| ONE.replace(old, new);
        check(
            &with("ici-orleans", "ICI Orléans"),
            &[
                "`ICI Orléans` is not a feed id",
                "write `ici-orleans`",
                "feeds.toml:2:6",
            ],
        );
        check(
            &with("https://exemple.fr/rss", "exemple.fr/rss"),
            &["`exemple.fr/rss` is not an address", "feeds.toml:3:7"],
        );
        check(
            &with("https://exemple.fr/rss", "ftp://exemple.fr/"),
            &["`ftp:` is neither http nor https"],
        );
        check(&with("regional", " "), &["`topic` is empty"]);
        check(
            &format!("{ONE}departements = [\"45\", \"1\"]\n"),
            &["`1` is not the code of a département", "feeds.toml:6:23"],
        );
        check(&format!("{ONE}departements = [\"20\"]\n"), &["`20` is not the code"]);
        check(
            &format!("{ONE}language = \"fr-FR\"\n"),
            &["`fr-FR` is not a language code"],
        );
        check(
            &format!("{ONE}uncertain = \"\"\n"),
            &["`uncertain` is empty", "say why"],
        );
        check(
            &format!("{ONE}{ONE}"),
            &[
                "two feeds have the id `ici-orleans`",
                "two feeds have the url",
                "first here",
                "again here",
            ],
        );
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = read_feeds(Path::new("/nulle/part/feeds.toml")).expect_err("no such file");
        assert!(
            error.to_string().starts_with("reading /nulle/part/feeds.toml: "),
            "{error}"
        );
    }

    #[test]
    fn the_shipped_feeds() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("feeds.toml");
        let file = read_feeds(&path).unwrap_or_else(|error| panic!("{error}"));
        let enabled: Vec<&FeedSource> = file.feeds.iter().filter(|feed| feed.disabled.is_none()).collect();
        assert!(enabled.len() >= 60, "{} feeds are enabled", enabled.len());
        let of_departements = enabled.iter().filter(|feed| !feed.departements.is_empty()).count();
        assert!(of_departements >= 25, "{of_departements} feeds name their départements");
        let known_topics = ["regional", "national", "security", "tech", "public"];
        for feed in &file.feeds {
            assert!(
                known_topics.contains(&feed.topic.as_str()),
                "{}: topic {}",
                feed.id,
                feed.topic
            );
        }
    }
}
