//! Bytes of a feed to its entries: RSS 0.9x, 1.0, 2.0, Atom, JSON Feed. Feeds are always a little
//! broken: what was understood is given back with a list of problems, and a zero is never silent.

mod json;
mod markup;
mod normalise;

use std::cell::Cell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use feed_rs::model as upstream;
use jiff::Timestamp;
use url::Url;

use crate::model::feed::{Entry, ParsedFeed};
use crate::model::id::EntryKey;
use crate::text::charset::{charset_of_content_type, decode};
use crate::text::dates;
use crate::text::fold::fold_key;
use crate::text::plain::{plain, single_spaced};
use normalise::{Normalised, normalise};

/// Larger documents are refused.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;

/// Why a document gave no feed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FeedError {
    /// The answer has no body.
    #[error("the answer is empty")]
    Empty,
    /// It is something else.
    #[error("not a feed, but {what}")]
    NotAFeed {
        /// "an HTML page", "a consent page", "JSON without items"...
        what: &'static str,
    },
    /// It is larger than [`MOST_BYTES`].
    #[error("larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// Entries are there, but none could be read: never reported as an empty feed.
    #[error("{seen} entries are in the document, but none could be read")]
    SilentlyEmpty {
        /// How many.
        seen: usize,
    },
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Parse(String),
    /// The parser gave up on it.
    #[error("the parser panicked: {0}")]
    Panicked(String),
}

impl FeedError {
    /// The word for programs, as in `CheckOutcome::Failed`.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Empty | Self::NotAFeed { .. } => "not-a-feed",
            Self::TooLarge { .. } => "too-large",
            Self::SilentlyEmpty { .. } | Self::Parse(_) | Self::Panicked(_) => "parse",
        }
    }
}

/// Reads a feed. `base` is the address it came from, for relative links. A feed without entries is
/// `Ok` only when the document really holds none, and then says so in its problems.
pub fn parse(bytes: &[u8], base: &Url) -> Result<ParsedFeed, FeedError> {
    parse_with_type(bytes, None, base)
}

/// Like [`parse`], with the answer's `Content-Type`, whose charset decides when the bytes do not.
pub fn parse_with_type(bytes: &[u8], content_type: Option<&str>, base: &Url) -> Result<ParsedFeed, FeedError> {
    if bytes.len() > MOST_BYTES {
        return Err(FeedError::TooLarge {
            limit_bytes: MOST_BYTES,
        });
    }
    let declared = content_type
        .and_then(charset_of_content_type)
        .map(str::to_owned)
        .or_else(|| encoding_of_prolog(bytes));
    let text = decode(bytes, declared.as_deref());
    if text.trim().is_empty() {
        return Err(FeedError::Empty);
    }
    let normalised = normalise_any(&text, base)?;
    let feed = guarded(|| read_with_feed_rs(&normalised.xml, base))?.map_err(FeedError::Parse)?;
    if feed.entries.is_empty() && normalised.entries_seen > 0 {
        return Err(FeedError::SilentlyEmpty {
            seen: normalised.entries_seen,
        });
    }
    Ok(to_parsed_feed(feed, normalised))
}

fn normalise_any(text: &str, base: &Url) -> Result<Normalised, FeedError> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.starts_with('{') {
        return json::normalise_json(start)
            .map_err(|error| FeedError::Parse(error.to_string()))?
            .ok_or(FeedError::NotAFeed {
                what: "JSON without items",
            });
    }
    let html = html_kind(start);
    if let Some(what) = html {
        return Err(FeedError::NotAFeed { what });
    }
    normalise(text, base).ok_or(FeedError::NotAFeed {
        what: if start.contains('<') {
            "another kind of markup"
        } else {
            "plain text"
        },
    })
}

/// What kind of HTML page this is; none when it is no HTML page.
fn html_kind(text: &str) -> Option<&'static str> {
    const ENOUGH: usize = 64 * 1024;
    let end = (0..=ENOUGH.min(text.len()))
        .rev()
        .find(|&at| text.is_char_boundary(at))?;
    let beginning = fold_key(&text[..end]);
    let html = beginning.find("<!doctype html").or_else(|| beginning.find("<html"))?;
    // XHTML inside a feed comes after the feed's own root.
    if ["<rss", "<feed", "<rdf:rdf"]
        .iter()
        .any(|root| beginning[..html].contains(root))
    {
        return None;
    }
    let holds = |words: &[&str]| words.iter().any(|word| beginning.contains(word));
    Some(
        if holds(&[
            "just a moment",
            "cf challenge",
            "captcha",
            "verifying your browser",
            "activer javascript",
            "enable javascript",
        ]) {
            "a page that checks for robots"
        } else if holds(&[
            "consentement",
            "didomi",
            "accepter et continuer",
            "gestion des cookies",
            "your consent",
        ]) {
            "a consent page"
        } else {
            "an HTML page"
        },
    )
}

/// `encoding="…"` of an XML declaration in the first bytes.
fn encoding_of_prolog(bytes: &[u8]) -> Option<String> {
    const LONGEST_PROLOG: usize = 1024;
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST_PROLOG)]).into_owned();
    let prolog = &beginning[beginning.find("<?xml")?..];
    let prolog = &prolog[..prolog.find("?>")?];
    let value = prolog
        .split_once("encoding")?
        .1
        .trim_start()
        .strip_prefix('=')?
        .trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split_once(quote).map(|(label, _)| label.to_owned())
}

fn read_with_feed_rs(document: &str, base: &Url) -> Result<upstream::Feed, String> {
    feed_rs::parser::Builder::new()
        .base_uri(Some(base.as_str()))
        .sanitize_content(false)
        // Through text, so that chrono's name stays out of this house.
        .timestamp_parser(|text| dates::parse(text)?.to_string().parse().ok())
        // Without a guid the entry's link, or what it says (see `key_of`): never a random number.
        .id_generator(|links, _, _| links.first().map(|link| link.href.clone()).unwrap_or_default())
        .build()
        .parse(document.as_bytes())
        .map_err(|error| error.to_string())
}

thread_local! {
    /// Whether a panic of this thread is being caught, and need not be printed.
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Runs a parser that may panic. The panic's message goes into the error and not to stderr: a hook
/// set once looks at this thread's flag, and hands all other panics to the hook that was there.
fn guarded<T>(run: impl FnOnce() -> T) -> Result<T, FeedError> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !CATCHING.get() {
                previous(info);
            }
        }));
    });
    CATCHING.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(run));
    CATCHING.set(false);
    outcome.map_err(|panic| {
        let message = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "without a message".to_owned());
        FeedError::Panicked(message)
    })
}

fn to_parsed_feed(feed: upstream::Feed, normalised: Normalised) -> ParsedFeed {
    let mut problems = normalised.problems;
    if feed.entries.is_empty() {
        problems.push("no entry in it".to_owned());
    }
    let mut entries: Vec<Entry> = feed.entries.into_iter().map(to_entry).collect();
    problems.extend(tell_equal_keys_apart(&mut entries));
    let without_link = entries.iter().filter(|entry| entry.url.is_none()).count();
    if without_link > 0 {
        problems.push(format!("{without_link} entries without a link"));
    }
    let without_date = entries.iter().filter(|entry| entry.published.is_none()).count();
    if without_date > 0 {
        problems.push(format!("{without_date} entries without a date that can be read"));
    }
    ParsedFeed {
        format: normalised.format.to_owned(),
        title: feed
            .title
            .map(|title| plain(&title.content))
            .filter(|title| !title.is_empty()),
        language: feed.language.as_deref().and_then(language_code),
        ttl_minutes: feed.ttl,
        entries,
        problems,
    }
}

/// "fr-FR", "FR_fr" → "fr".
fn language_code(declared: &str) -> Option<String> {
    let code = declared.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    ((2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase())).then_some(code)
}

fn to_entry(entry: upstream::Entry) -> Entry {
    const LONGEST_TITLE: usize = 1_000;
    const LONGEST_SUMMARY: usize = 20_000;
    let url = entry.links.iter().find_map(|link| web_address(&link.href));
    let title = cut(
        plain(&entry.title.map(|title| title.content).unwrap_or_default()),
        LONGEST_TITLE,
    );
    let published = entry
        .published
        .or(entry.updated)
        .and_then(|date| timestamp_of(date.timestamp_millis()));
    let summary = entry
        .summary
        .map(|summary| cut(plain(&summary.content), LONGEST_SUMMARY))
        .filter(|summary| !summary.is_empty());
    let content_html = entry
        .content
        .and_then(|content| content.body)
        .filter(|body| !body.trim().is_empty());
    Entry {
        key: key_of(&entry.id, &title, summary.as_deref(), published),
        url,
        title,
        summary,
        content_html,
        published,
        updated: entry.updated.and_then(|date| timestamp_of(date.timestamp_millis())),
    }
}

/// The one place where the parser's dates become ours, in milliseconds.
fn timestamp_of(milliseconds: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(milliseconds).ok()
}

fn web_address(text: &str) -> Option<String> {
    let url = Url::parse(&single_spaced(text)).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| url.into())
}

/// The guid, or the link that stood in for it, or what the entry says. Long guids are hashed.
fn key_of(id: &str, title: &str, summary: Option<&str>, published: Option<Timestamp>) -> EntryKey {
    const LONGEST_KEY: usize = 300;
    let id = single_spaced(id);
    if id.is_empty() {
        let date = published.map(|at| at.to_string()).unwrap_or_default();
        let said = if title.is_empty() {
            summary.unwrap_or_default()
        } else {
            title
        };
        return EntryKey(format!("said:{}", hash(&format!("{said}\n{date}"))));
    }
    if id.len() > LONGEST_KEY {
        return EntryKey(format!("long:{}", hash(&id)));
    }
    EntryKey(id)
}

fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
}

/// Some feeds give all entries one guid: then the link counts too. Entries with nothing to tell
/// them apart are the same entry, of which the first stays.
fn tell_equal_keys_apart(entries: &mut Vec<Entry>) -> Option<String> {
    let mut uses: HashMap<EntryKey, usize> = HashMap::new();
    for entry in entries.iter() {
        *uses.entry(entry.key.clone()).or_default() += 1;
    }
    let before = entries.len();
    let mut seen = std::collections::HashSet::new();
    let mut shared = 0;
    entries.retain_mut(|entry| {
        if uses[&entry.key] > 1 {
            shared += 1;
            let link = entry.url.as_deref().unwrap_or(&entry.title);
            entry.key = EntryKey(format!("both:{}", hash(&format!("{}\n{link}", entry.key))));
        }
        seen.insert(entry.key.clone())
    });
    let doubles = before - entries.len();
    (shared > 0).then(|| format!("{shared} entries share an identifier, {doubles} of them left out as the same"))
}

fn cut(mut text: String, most_bytes: usize) -> String {
    if text.len() > most_bytes {
        let end = (0..=most_bytes)
            .rev()
            .find(|&at| text.is_char_boundary(at))
            .unwrap_or(0);
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(document: &[u8]) -> Result<ParsedFeed, FeedError> {
        let base = Url::parse("https://exemple.fr/flux/rss.xml").expect("a valid address");
        parse(document, &base)
    }

    /// One line per entry: key, link, date, title, summary.
    fn lines(feed: &ParsedFeed) -> Vec<String> {
        feed.entries
            .iter()
            .map(|entry| {
                format!(
                    "{} | {} | {} | {} | {}",
                    entry.key,
                    entry.url.as_deref().unwrap_or("-"),
                    entry.published.map(|at| at.to_string()).as_deref().unwrap_or("-"),
                    entry.title,
                    entry.summary.as_deref().unwrap_or("-"),
                )
            })
            .collect()
    }

    #[test]
    fn formats() {
        let check = |document: &str, format: &str, expected: &[&str]| {
            let feed = read(document.as_bytes()).unwrap_or_else(|error| panic!("{error}: {document}"));
            assert_eq!(feed.format, format, "{document}");
            assert_eq!(lines(&feed), expected, "{document}");
        };
        check(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Journal</title><language>fr-FR</language>\
             <item><title>Mairie d&amp;#039;Orcet : pirat&eacute;e</title><link>https://exemple.fr/1</link><guid>g1</guid>\
             <pubDate>lun., 03 févr. 2025 10:15:30 +0100</pubDate><description>&lt;p&gt;Un &lt;b&gt;fait&lt;/b&gt;.&lt;/p&gt;</description></item>\
             </channel></rss>",
            "rss2",
            &["g1 | https://exemple.fr/1 | 2025-02-03T09:15:30Z | Mairie d'Orcet : piratée | Un fait."],
        );
        check(
            "<rss version='0.91'><channel><item><title>A & B</title><link>/2</link></item></channel></rss>",
            "rss0",
            &["https://exemple.fr/2 | https://exemple.fr/2 | - | A & B | -"],
        );
        check(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>\
             <channel rdf:about='x'><title>c</title></channel>\
             <item rdf:about='https://exemple.fr/3'><title>trois</title></item></rdf:RDF>",
            "rss1",
            &["https://exemple.fr/3 | https://exemple.fr/3 | - | trois | -"],
        );
        check(
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='fr'><entry><id>tag:4</id><title>quatre</title>\
             <link href='4'/><updated>2024-08-15T12:00:00Z</updated><summary type='odd'>s</summary></entry></feed>",
            "atom",
            &["tag:4 | https://exemple.fr/flux/4 | 2024-08-15T12:00:00Z | quatre | s"],
        );
        check(
            "{\"items\":[{\"id\":5,\"url\":\"https://exemple.fr/5\",\"title\":\"cinq\",\"date_published\":\"2024-08-15T12:00:00Z\",\"author\":3}]}",
            "json",
            &["5 | https://exemple.fr/5 | 2024-08-15T12:00:00Z | cinq | -"],
        );
    }

    #[test]
    fn encodings() {
        let check = |document: &[u8], title: &str| {
            let feed = read(document).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(feed.entries[0].title, title);
        };
        let prolog = b"<?xml version='1.0' encoding='iso-8859-15'?>".as_slice();
        check(
            &[prolog, b"<rss><item><title>N\xeemes \xa4</title></item></rss>"].concat(),
            "Nîmes €",
        );
        check(b"<rss><item><title>l\x92\x9cuvre</title></item></rss>", "l’œuvre");
        let utf_16: Vec<u8> = "<?xml version='1.0' encoding='UTF-16'?><rss><item><title>été</title></item></rss>"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        check(&[&[0xfe, 0xff], utf_16.as_slice()].concat(), "été");
        check(&utf_16, "été");
    }

    #[test]
    fn what_is_no_feed_has_a_name() {
        let check = |document: &str, reason: &str, sentence: &str| {
            let error = read(document.as_bytes()).expect_err(document);
            assert_eq!(
                (error.reason(), error.to_string().as_str()),
                (reason, sentence),
                "{document}"
            );
        };
        check("", "not-a-feed", "the answer is empty");
        check(" \n", "not-a-feed", "the answer is empty");
        check(
            "<!DOCTYPE html><html><p>Bonjour</p></html>",
            "not-a-feed",
            "not a feed, but an HTML page",
        );
        check(
            "<html><div id=didomi-host></div>Accepter et continuer</html>",
            "not-a-feed",
            "not a feed, but a consent page",
        );
        check(
            "<html><title>Just a moment...</title></html>",
            "not-a-feed",
            "not a feed, but a page that checks for robots",
        );
        check(
            "{\"error\":\"non\"}",
            "not-a-feed",
            "not a feed, but JSON without items",
        );
        check("bonjour", "not-a-feed", "not a feed, but plain text");
        check(
            "<opml><body/></opml>",
            "not-a-feed",
            "not a feed, but another kind of markup",
        );
        check(
            "{\"items\":[",
            "parse",
            "cannot be read: EOF while parsing a list at line 1 column 10",
        );
        let huge = vec![b' '; MOST_BYTES + 1];
        assert_eq!(
            read(&huge),
            Err(FeedError::TooLarge {
                limit_bytes: MOST_BYTES
            })
        );
    }

    #[test]
    fn an_empty_feed_says_so() {
        let feed = read(b"<rss><channel><title>t</title></channel></rss>").expect("a feed");
        assert_eq!(
            (feed.entries.len(), feed.problems),
            (0, vec!["no entry in it".to_owned()])
        );
    }

    #[test]
    fn keys_are_stable_and_tell_entries_apart() {
        let document = b"<rss><item><title>sans rien</title></item><item><title>un</title><guid>g</guid><link>/1</link></item>\
            <item><title>deux</title><guid>g</guid><link>/2</link></item><item><title>deux</title><guid>g</guid><link>/2</link></item></rss>";
        let first = read(document).expect("a feed");
        let keys: std::collections::BTreeSet<&str> = first.entries.iter().map(|entry| entry.key.as_str()).collect();
        assert_eq!((first.entries.len(), keys.len()), (3, 3));
        assert_eq!(read(document).expect("a feed"), first);
    }

    #[test]
    fn panics_become_errors() {
        assert_eq!(
            guarded(|| -> u8 { panic!("byte index {} is not a char boundary", 3) }),
            Err(FeedError::Panicked("byte index 3 is not a char boundary".to_owned()))
        );
        // Three inputs on which the parser alone was seen to panic.
        for document in [
            "<rss><item><title>t</title><author>redaction@exemple.fr&#160;(X)</author></item></rss>",
            "<rss xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'><item><title>t</title>\
             <itunes:duration>99999999999999999999</itunes:duration></item></rss>",
            "<feed><entry><title>t</title><author><name>’a@b.fr’</name></author></entry></feed>",
        ] {
            assert_eq!(
                read(document.as_bytes()).map(|feed| feed.entries.len()),
                Ok(1),
                "{document}"
            );
        }
    }

    #[test]
    fn damage_is_survived() {
        let whole = "<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>Été</title>\
            <item><title><![CDATA[Un & deux]]></title><link>https://exemple.fr/1</link><dc:date>2024-08-15T12:00:00Z</dc:date></item>\
            <item><title>Trois</title><guid>x</guid><description>&lt;p&gt;q</description></item></channel></rss>";
        let bytes = whole.as_bytes();
        for cut_at in 0..bytes.len() {
            // Any outcome but a panic; a cut must not invent entries.
            if let Ok(feed) = read(&bytes[..cut_at]) {
                assert!(feed.entries.len() <= 2);
            }
            for replacement in [b'<', b'>', b'&', b'"', b'\'', b']', 0, 0xff] {
                let mut damaged = bytes.to_vec();
                damaged[cut_at] = replacement;
                drop(read(&damaged));
            }
        }
    }
}
