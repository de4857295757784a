//! What stands between the bytes of a feed and feed-rs: a lenient reading of the XML that is
//! there, written out again as clean RSS 2.0 or Atom 1.0 with only the fields that vigie uses.
//! Feeds of real sites have PHP warnings in front, bare `&`, raw HTML, forgotten end tags, old
//! versions; feed-rs fails on these, drops their items without a word, or panics. Authors are
//! left out on purpose: vigie has no use for people's names and e-mail addresses.

use std::collections::HashMap;

use url::Url;

use super::markup::{Tag, Token, Tokens};
use crate::text::dates;
use crate::text::plain::{decode_entities, single_spaced, without_controls};

/// More entries than any honest feed has; the rest is left out.
pub const MOST_ENTRIES: usize = 5_000;

/// A feed written out again.
#[derive(Debug, PartialEq)]
pub struct Normalised {
    /// `rss2`, `rss1`, `rss0` or `atom`.
    pub format: &'static str,
    /// RSS 2.0 or Atom 1.0.
    pub xml: String,
    /// How many entries the original has.
    pub entries_seen: usize,
    /// What was odd in it.
    pub problems: Vec<String>,
}

/// Reads leniently and writes canonically. `None` when no feed element is there at all.
pub fn normalise(text: &str, base: &Url) -> Option<Normalised> {
    let mut reading = Reading {
        tokens: Tokens::new(text),
        family: None,
        prefixes: HashMap::new(),
        own_prefix: String::new(),
        base: base.clone(),
        channel: Fields::default(),
        entries: Vec::new(),
        entries_seen: 0,
        problems: Vec::new(),
    };
    reading.run();
    let (format, is_atom) = reading.family?;
    if reading.entries_seen > MOST_ENTRIES {
        let left_out = reading.entries_seen - MOST_ENTRIES;
        reading.problems.push(format!(
            "{left_out} entries beyond the first {MOST_ENTRIES} are left out"
        ));
    }
    Some(Normalised {
        format,
        xml: if is_atom {
            reading.write_atom()
        } else {
            reading.write_rss()
        },
        entries_seen: reading.entries_seen,
        problems: reading.problems,
    })
}

/// The fields that vigie uses, whatever their name in the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Field {
    Title,
    Link,
    Guid,
    Summary,
    Content,
    Published,
    Updated,
    Language,
    Ttl,
}

impl Field {
    /// Fields of a few words: an entry field that opens inside closes them.
    fn is_short(self) -> bool {
        !matches!(self, Self::Summary | Self::Content)
    }

    /// Where an element of this vocabulary and local name goes; none for what vigie does not use.
    fn of(vocabulary: Vocabulary, name: &str) -> Option<Field> {
        use Vocabulary::{Atom, Content, DublinCore, DublinCoreTerms, Other, Own, Xhtml};
        Some(match (vocabulary, name) {
            (Own | Atom | DublinCore, "title") => Self::Title,
            (Own | Atom, "link") => Self::Link,
            (Own, "guid") | (Own | Atom, "id") => Self::Guid,
            (Own | DublinCore, "description") | (Own | Atom, "summary" | "tagline") => Self::Summary,
            (Content, "encoded") | (Own | Atom, "content") | (Xhtml, "body") | (Own, "fullitem") => Self::Content,
            (Own, "pubdate") | (Own | Atom, "published" | "issued" | "created") | (DublinCore, "date") => {
                Self::Published
            }
            (DublinCoreTerms, "issued" | "created") => Self::Published,
            (Own | Atom, "updated" | "modified") | (Own, "lastbuilddate") | (DublinCoreTerms, "modified") => {
                Self::Updated
            }
            (Own | DublinCore, "language") => Self::Language,
            (Own, "ttl") => Self::Ttl,
            (Other, _) | (_, _) => return None,
        })
    }
}

/// Whose word an element's name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Vocabulary {
    Own,
    Atom,
    Content,
    DublinCore,
    DublinCoreTerms,
    Xhtml,
    Other,
}

/// The values of a channel or an entry, in the order of the document.
#[derive(Debug, Default)]
struct Fields {
    values: Vec<(Field, String)>,
}

impl Fields {
    fn first(&self, field: Field) -> Option<&str> {
        self.values
            .iter()
            .find(|(candidate, value)| *candidate == field && !value.trim().is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The first value that reads as a date; a bad one does not hide a good one.
    fn date(&self, field: Field) -> Option<&str> {
        self.values
            .iter()
            .filter(|(candidate, _)| *candidate == field)
            .map(|(_, value)| value.trim())
            .find(|value| dates::parse(value).is_some())
    }
}

struct Reading<'a> {
    tokens: Tokens<'a>,
    /// Format and whether it is Atom; none until the root was seen.
    family: Option<(&'static str, bool)>,
    /// Declared namespace prefixes.
    prefixes: HashMap<String, Vocabulary>,
    /// The prefix that the root itself has (`rss:`, `atom:`), mostly none.
    own_prefix: String,
    base: Url,
    channel: Fields,
    entries: Vec<Fields>,
    entries_seen: usize,
    problems: Vec<String>,
}

impl<'a> Reading<'a> {
    fn run(&mut self) {
        let mut skip: Option<(&'a str, usize)> = None;
        while let Some(token) = self.tokens.next() {
            let Token::Tag(tag) = token else { continue };
            let local = tag.local_name().to_ascii_lowercase();
            // A channel's `<image>` and `<textInput>` have a title and a link of their own.
            if let Some((name, depth)) = skip {
                let step = usize::from(tag.name.eq_ignore_ascii_case(name) && !tag.empty);
                let depth = if tag.closing { depth - step } else { depth + step };
                skip = (depth > 0 && !is_entry(&local)).then_some((name, depth));
                if skip.is_some() || tag.closing {
                    continue;
                }
            }
            if tag.closing {
                continue;
            }
            self.take_prefixes(&tag);
            if self.family.is_none() {
                self.take_root(&tag, &local);
                if !is_entry(&local) {
                    continue;
                }
            }
            if self.family.is_none() {
                continue;
            }
            if is_entry(&local) {
                self.read_entry(&tag);
            } else if matches!(
                local.as_str(),
                "image" | "textinput" | "author" | "source" | "contributor"
            ) && !tag.empty
            {
                skip = Some((tag.name, 1));
            } else if let Some(field) = self.field_of(&tag) {
                let (value, _) = self.read_value(&tag, field, None);
                self.channel.values.push((field, value));
            }
        }
    }

    fn take_root(&mut self, tag: &Tag<'a>, local: &str) {
        let version = tag.attribute("version").unwrap_or_default();
        self.family = match local {
            "rss" if version.starts_with("0.9") => Some(("rss0", false)),
            "rss" | "channel" | "item" => Some(("rss2", false)),
            "rdf" => Some(("rss1", false)),
            "feed" | "entry" => Some(("atom", true)),
            _ => None,
        };
        if self.family.is_none() {
            return;
        }
        // RDF's own prefix is RDF's, not that of its items.
        if local != "rdf" {
            tag.prefix().clone_into(&mut self.own_prefix);
        }
        if let Some(language) = tag.attribute("xml:lang") {
            self.channel.values.push((Field::Language, language));
        }
        if let Some(base) = tag.attribute("xml:base").and_then(|base| self.base.join(&base).ok()) {
            self.base = base;
        }
    }

    fn take_prefixes(&mut self, tag: &Tag<'a>) {
        // Feeds declare about ten; a document that declares thousands is an attack.
        const MOST_PREFIXES: usize = 100;
        for (name, uri) in tag.attributes() {
            let Some(prefix) = name.strip_prefix("xmlns:") else {
                continue;
            };
            if self.prefixes.len() < MOST_PREFIXES {
                self.prefixes.insert(prefix.to_owned(), vocabulary_of_uri(&uri));
            }
        }
    }

    fn vocabulary(&self, prefix: &str) -> Vocabulary {
        if prefix.is_empty() || prefix == self.own_prefix {
            return Vocabulary::Own;
        }
        if let Some(known) = self.prefixes.get(prefix) {
            return *known;
        }
        match prefix.to_ascii_lowercase().as_str() {
            "rss" => Vocabulary::Own,
            "atom" | "a10" => Vocabulary::Atom,
            "content" => Vocabulary::Content,
            "dc" => Vocabulary::DublinCore,
            "dcterms" => Vocabulary::DublinCoreTerms,
            "xhtml" => Vocabulary::Xhtml,
            _ => Vocabulary::Other,
        }
    }

    fn field_of(&self, tag: &Tag<'a>) -> Option<Field> {
        Field::of(self.vocabulary(tag.prefix()), &tag.local_name().to_ascii_lowercase())
    }

    fn read_entry(&mut self, opening: &Tag<'a>) {
        self.entries_seen += 1;
        let keep = self.entries_seen <= MOST_ENTRIES;
        let mut entry = Fields::default();
        let base = opening
            .attribute("xml:base")
            .and_then(|base| self.base.join(&base).ok())
            .unwrap_or_else(|| self.base.clone());
        // RSS 1.0 names an item in an attribute.
        let about = opening.attribute("rdf:about").or_else(|| opening.attribute("about"));
        let mut permalink = None;
        let mut complete = opening.empty;
        let mut skip: Option<(&'a str, usize)> = None;
        while !complete {
            let Some(token) = self.tokens.next() else { break };
            let Token::Tag(tag) = token else { continue };
            let local = tag.local_name().to_ascii_lowercase();
            if is_entry(&local) || (tag.closing && is_container(&local)) {
                // The end, or the next entry after a forgotten end.
                if !tag.closing {
                    self.tokens.put_back(tag);
                }
                complete = true;
                continue;
            }
            if let Some((name, depth)) = skip {
                let step = usize::from(tag.name.eq_ignore_ascii_case(name) && !tag.empty);
                let depth = if tag.closing { depth - step } else { depth + step };
                skip = (depth > 0).then_some((name, depth));
                continue;
            }
            if tag.closing {
                continue;
            }
            let Some(field) = self.field_of(&tag) else {
                // Atom's source and author hold titles, ids and links that are not the entry's.
                if matches!(local.as_str(), "source" | "author" | "contributor" | "group") && !tag.empty {
                    skip = Some((tag.name, 1));
                }
                continue;
            };
            let (value, closed) = self.read_value(&tag, field, Some(&base));
            if !closed && self.tokens.is_at_end() {
                break;
            }
            if field == Field::Guid && tag.local_name().eq_ignore_ascii_case("guid") {
                let denied = tag
                    .attribute("isPermaLink")
                    .is_some_and(|value| value.eq_ignore_ascii_case("false"));
                if !denied && is_web_address(value.trim()) {
                    permalink = Some(value.trim().to_owned());
                }
            }
            if keep && !value.trim().is_empty() {
                entry.values.push((field, value));
            }
        }
        if !complete {
            self.problems
                .push("the document is cut short: its last entry is left out".to_owned());
            return;
        }
        if !keep {
            return;
        }
        if let Some(about) = about.filter(|about| !about.trim().is_empty()) {
            if entry.first(Field::Link).is_none() && is_web_address(&about) {
                entry.values.push((Field::Link, about.clone()));
            }
            entry.values.push((Field::Guid, about));
        }
        // A guid or an Atom id may be the only link there is.
        let id_as_link = || {
            entry
                .first(Field::Guid)
                .filter(|id| is_web_address(id.trim()))
                .map(str::to_owned)
        };
        let is_atom = self.family.is_some_and(|(_, is_atom)| is_atom);
        let link = permalink.or_else(|| if is_atom { id_as_link() } else { None });
        if let Some(link) = link.filter(|_| entry.first(Field::Link).is_none()) {
            entry.values.push((Field::Link, link));
        }
        self.entries.push(entry);
    }

    /// The value of an element, as HTML or plain text, and whether its end was found. Elements
    /// inside it are kept as the markup that they are; the text in between is decoded once, as XML.
    fn read_value(&mut self, opening: &Tag<'a>, field: Field, base: Option<&Url>) -> (String, bool) {
        if field == Field::Link
            && let Some(href) = opening.attribute("href")
        {
            let relation = opening.attribute("rel").unwrap_or_else(|| "alternate".to_owned());
            let wanted = matches!(
                relation.trim(),
                "alternate" | "" | "http://www.iana.org/assignments/relation/alternate"
            );
            let link = if wanted {
                absolute(&href, base.unwrap_or(&self.base))
            } else {
                String::new()
            };
            return (link, true);
        }
        let mut value = String::new();
        let mut depth = 1_usize;
        let mut closed = opening.empty;
        while !closed {
            let Some(token) = self.tokens.next() else { break };
            match token {
                Token::Text(text) => value.push_str(&decode_entities(&text.replace("]]>", ""))),
                Token::Cdata(text) => value.push_str(text),
                Token::Tag(tag) => {
                    let local = tag.local_name().to_ascii_lowercase();
                    let same = tag.name.eq_ignore_ascii_case(opening.name);
                    let ends_field = is_entry(&local)
                        || (tag.closing && is_container(&local))
                        || (field.is_short() && !tag.closing && !same && self.field_of(&tag).is_some());
                    if ends_field {
                        self.tokens.put_back(tag);
                        closed = true;
                    } else if same && tag.closing {
                        depth -= 1;
                        closed = depth == 0;
                    } else {
                        depth += usize::from(same && !tag.empty);
                    }
                    if !closed {
                        value.push_str(tag.source);
                    }
                }
            }
        }
        let value = without_controls(&value);
        let value = match field {
            Field::Link => absolute(&value, base.unwrap_or(&self.base)),
            _ => value,
        };
        (value, closed)
    }

    fn write_rss(&self) -> String {
        let mut out = String::from(
            "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
             xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>",
        );
        write_first(&self.channel, Field::Title, "title", &mut out);
        write_first(&self.channel, Field::Language, "language", &mut out);
        write_first(&self.channel, Field::Ttl, "ttl", &mut out);
        for entry in &self.entries {
            out.push_str("<item>");
            write_first(entry, Field::Title, "title", &mut out);
            write_first(entry, Field::Link, "link", &mut out);
            write_first(entry, Field::Guid, "guid", &mut out);
            write_date(entry, Field::Published, "pubDate", &mut out);
            write_date(entry, Field::Updated, "atom:updated", &mut out);
            write_first(entry, Field::Summary, "description", &mut out);
            write_first(entry, Field::Content, "content:encoded", &mut out);
            out.push_str("</item>");
        }
        out.push_str("</channel></rss>");
        out
    }

    fn write_atom(&self) -> String {
        let mut out = String::from("<feed xmlns=\"http://www.w3.org/2005/Atom\"");
        if let Some(language) = self.channel.first(Field::Language) {
            out.push_str(" xml:lang=\"");
            escape(language, &mut out);
            out.push('"');
        }
        out.push('>');
        write_html(&self.channel, Field::Title, "title", &mut out);
        for entry in &self.entries {
            out.push_str("<entry>");
            write_first(entry, Field::Guid, "id", &mut out);
            write_html(entry, Field::Title, "title", &mut out);
            if let Some(link) = entry.first(Field::Link) {
                out.push_str("<link href=\"");
                escape(link, &mut out);
                out.push_str("\"/>");
            }
            write_date(entry, Field::Published, "published", &mut out);
            write_date(entry, Field::Updated, "updated", &mut out);
            write_html(entry, Field::Summary, "summary", &mut out);
            write_html(entry, Field::Content, "content", &mut out);
            out.push_str("</entry>");
        }
        out.push_str("</feed>");
        out
    }
}

fn is_entry(local: &str) -> bool {
    matches!(local, "item" | "entry")
}

/// Elements whose end ends all that is still open in them.
fn is_container(local: &str) -> bool {
    matches!(local, "channel" | "rss" | "feed" | "rdf")
}

fn vocabulary_of_uri(uri: &str) -> Vocabulary {
    let uri = uri.trim().to_ascii_lowercase();
    let holds = |part: &str| uri.contains(part);
    if holds("purl.org/dc/terms") {
        Vocabulary::DublinCoreTerms
    } else if holds("purl.org/dc/") || holds("purl.org/metadata/dublin_core") {
        Vocabulary::DublinCore
    } else if holds("purl.org/rss/1.0/modules/content") {
        Vocabulary::Content
    } else if holds("w3.org/2005/atom") || holds("purl.org/atom/") {
        Vocabulary::Atom
    } else if holds("w3.org/1999/xhtml") {
        Vocabulary::Xhtml
    } else if holds("purl.org/rss/1.0/") && !holds("modules") || holds("backend.userland.com") {
        Vocabulary::Own
    } else {
        Vocabulary::Other
    }
}

fn is_web_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// The address made absolute; nothing when it is not http(s) in the end.
fn absolute(address: &str, base: &Url) -> String {
    let address = single_spaced(address);
    if address.is_empty() {
        return address;
    }
    match base.join(&address) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url.into(),
        _ => String::new(),
    }
}

fn write_first(fields: &Fields, field: Field, name: &str, out: &mut String) {
    if let Some(value) = fields.first(field) {
        write_element(name, "", value, out);
    }
}

fn write_html(fields: &Fields, field: Field, name: &str, out: &mut String) {
    if let Some(value) = fields.first(field) {
        write_element(name, " type=\"html\"", value, out);
    }
}

fn write_date(fields: &Fields, field: Field, name: &str, out: &mut String) {
    if let Some(value) = fields.date(field) {
        write_element(name, "", value, out);
    }
}

fn write_element(name: &str, attributes: &str, value: &str, out: &mut String) {
    out.push('<');
    out.push_str(name);
    out.push_str(attributes);
    out.push('>');
    escape(value.trim(), out);
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

fn escape(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(xml: &str) -> Option<String> {
        let base = Url::parse("https://exemple.fr/flux/rss.xml").expect("a valid address");
        normalise(xml, &base).map(|feed| {
            let from = feed.xml.find("<item>").or_else(|| feed.xml.find("<entry>"));
            let body = from.map_or("", |from| &feed.xml[from..]);
            body.replace("</channel></rss>", "").replace("</feed>", "")
        })
    }

    #[test]
    fn entries_written_out() {
        let check = |xml: &str, expected: &str| assert_eq!(items(xml).as_deref(), Some(expected), "{xml}");
        check(
            "<rss version='2.0'><channel><item><title>A &amp; B</title><link>/a?x=1&y=2</link></item></channel></rss>",
            "<item><title>A &amp; B</title><link>https://exemple.fr/a?x=1&amp;y=2</link></item>",
        );
        // no version, CDATA, markup in a title
        check(
            "<rss><item><title><![CDATA[L'<b>hôpital</b>]]> &eacute;vacu&#233; <i>x</i></title></item></rss>",
            "<item><title>L'&lt;b&gt;hôpital&lt;/b&gt; évacué &lt;i&gt;x&lt;/i&gt;</title></item>",
        );
        // junk in front, DOCTYPE with entities, the forgotten end of an item
        check(
            "<br/><b>Warning</b>: foo <?xml version='1.0'?><!DOCTYPE rss [<!ENTITY x \"<item>\">]>\n<rss><channel>\
             <item><title>un &x;</title><item><title>deux</title></item></channel></rss>",
            "<item><title>un &amp;x;</title></item><item><title>deux</title></item>",
        );
        // a short field that never closes
        check(
            "<rss><item><title>un<link>http://a.fr/1</link><pubDate>hier</pubDate><dc:date>2024-08-15</dc:date></item></rss>",
            "<item><title>un</title><link>http://a.fr/1</link><pubDate>2024-08-15</pubDate></item>",
        );
        // cut short: only whole entries
        check(
            "<rss><item><title>un</title></item><item><title>de",
            "<item><title>un</title></item>",
        );
        // the guid as link, authors dropped, other links
        check(
            "<rss><item><guid>http://a.fr/1</guid><author>a@b.fr&#160;(X)</author></item>\
             <item><guid isPermaLink='false'>http://a.fr/2</guid><link>javascript:alert(1)</link></item></rss>",
            "<item><link>http://a.fr/1</link><guid>http://a.fr/1</guid></item><item><guid>http://a.fr/2</guid></item>",
        );
        // RSS 1.0
        check(
            "<rdf:RDF xmlns='http://purl.org/rss/1.0/' xmlns:d='http://purl.org/dc/elements/1.1/'>\
             <channel><title>c</title></channel><item rdf:about='http://a.fr/1'><title>t</title><d:date>2024-08-15</d:date></item></rdf:RDF>",
            "<item><title>t</title><link>http://a.fr/1</link><guid>http://a.fr/1</guid><pubDate>2024-08-15</pubDate></item>",
        );
        // Atom 0.3, a relative link, xhtml, an odd type, the source's title
        check(
            "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry xml:base='/b/'><source><title>non</title></source>\
             <title type='text/plain'>t</title><link rel='self' href='s'/><link href='p?a=1&amp;b=2'/><issued>2024-08-15</issued>\
             <content type='xhtml'><div><p>x &lt; y</p></div></content></entry></feed>",
            "<entry><title type=\"html\">t</title><link href=\"https://exemple.fr/b/p?a=1&amp;b=2\"/>\
             <published>2024-08-15</published>\
             <content type=\"html\">&lt;div&gt;&lt;p&gt;x &lt; y&lt;/p&gt;&lt;/div&gt;</content></entry>",
        );
        // raw HTML in a description, control characters
        check(
            "<rss><item><description><p>un<br>deux<p>trois &#27;[0m\u{1}</description></item></rss>",
            "<item><description>&lt;p&gt;un&lt;br&gt;deux&lt;p&gt;trois [0m</description></item>",
        );
        check("<rss><channel><title>vide</title></channel></rss>", "");
        assert_eq!(items("<html><body><p>non</p></body></html>"), None);
        assert_eq!(items(""), None);
    }

    #[test]
    fn floods_are_capped() {
        let base = Url::parse("https://exemple.fr/").expect("a valid address");
        let flood = format!("<rss><channel>{}</channel></rss>", "<item/>".repeat(200_000));
        let feed = normalise(&flood, &base).expect("a feed");
        assert_eq!(feed.entries_seen, 200_000);
        assert_eq!(feed.xml.matches("<item>").count(), MOST_ENTRIES);
        assert_eq!(feed.problems, ["195000 entries beyond the first 5000 are left out"]);
    }
}
