//! A lenient reader of XML-like markup: tags, text, CDATA, in one linear pass. It refuses
//! nothing; comments, processing instructions and document types are passed over.

use crate::text::plain::decode_entities;

/// One piece of markup.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Token<'a> {
    /// Text between tags, its entities still encoded.
    Text(&'a str),
    /// The content of a CDATA section.
    Cdata(&'a str),
    /// An opening, closing or empty tag.
    Tag(Tag<'a>),
}

/// A tag as it stands in the document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tag<'a> {
    /// Its qualified name: `dc:date`.
    pub name: &'a str,
    /// `</name>`
    pub closing: bool,
    /// `<name/>`
    pub empty: bool,
    /// From `<` to `>`.
    pub source: &'a str,
}

impl<'a> Tag<'a> {
    /// The name without its prefix.
    pub fn local_name(&self) -> &'a str {
        self.name.rsplit_once(':').map_or(self.name, |(_, local)| local)
    }

    /// The name's prefix, empty when it has none.
    pub fn prefix(&self) -> &'a str {
        self.name.split_once(':').map_or("", |(prefix, _)| prefix)
    }

    /// The value of an attribute, entities decoded; names are compared without case.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.attributes()
            .find(|(candidate, _)| candidate.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// All attributes in order. What is not `name=value` ends the list.
    pub fn attributes(&self) -> impl Iterator<Item = (&'a str, String)> + use<'a> {
        let inside = self.source.trim_start_matches(['<', '/']).trim_end_matches('>');
        let mut rest = inside.get(self.name.len()..).unwrap_or("");
        std::iter::from_fn(move || {
            let trimmed = rest.trim_start();
            let (name, after) = trimmed.split_once('=')?;
            let name = name.trim();
            if name.is_empty() || name.contains(char::is_whitespace) {
                return None;
            }
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (value, remaining) = match quote {
                Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                None => after
                    .split_once(char::is_whitespace)
                    .unwrap_or((after.trim_end_matches('/'), "")),
            };
            rest = remaining;
            Some((name, decode_entities(value)))
        })
    }
}

/// The tokens of a document.
pub struct Tokens<'a> {
    rest: &'a str,
    waiting: Option<Tag<'a>>,
    /// No `]>` follows any more: not looked for again, so that the pass stays linear.
    no_subset_end: bool,
}

impl<'a> Tokens<'a> {
    /// Starts at the beginning.
    pub fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            waiting: None,
            no_subset_end: false,
        }
    }

    /// The tag will be the next token again.
    pub fn put_back(&mut self, tag: Tag<'a>) {
        self.waiting = Some(tag);
    }

    /// Whether nothing is left.
    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty() && self.waiting.is_none()
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// The length of `<!DOCTYPE …>`, with its internal subset in brackets.
    fn end_of_declaration(&mut self) -> usize {
        let simple = self.rest.find('>').map_or(self.rest.len(), |at| at + 1);
        if self.no_subset_end || !self.rest[..simple].contains('[') {
            return simple;
        }
        match self.rest.find("]>") {
            Some(at) => at + 2,
            None => {
                self.no_subset_end = true;
                simple
            }
        }
    }

    /// Takes up to and including `end`, or everything when it never comes.
    fn take_through(&mut self, end: &str) -> &'a str {
        let length = self.rest.find(end).map_or(self.rest.len(), |at| at + end.len());
        self.take(length)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(tag) = self.waiting.take() {
            return Some(Token::Tag(tag));
        }
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if !self.rest.starts_with('<') {
                let length = self.rest.find('<').unwrap_or(self.rest.len());
                return Some(Token::Text(self.take(length)));
            }
            if self.rest.starts_with("<![CDATA[") {
                let section = self.take_through("]]>");
                return Some(Token::Cdata(section[9..].trim_end_matches("]]>")));
            }
            if self.rest.starts_with("<!--") {
                self.take_through("-->");
            } else if self.rest.starts_with("<?") {
                self.take_through(">");
            } else if self.rest.starts_with("<!") {
                let length = self.end_of_declaration();
                self.take(length);
            } else if let Some(tag) = tag_at_start_of(self.rest) {
                self.take(tag.source.len());
                return Some(Token::Tag(tag));
            } else {
                return Some(Token::Text(self.take(1)));
            }
        }
    }
}

/// A tag, when what stands there is one: a name, and no other `<` before its `>`.
fn tag_at_start_of(text: &str) -> Option<Tag<'_>> {
    let closing = text[1..].starts_with('/');
    let name_start = if closing { 2 } else { 1 };
    let after = &text[name_start..];
    if !after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    let name_length = after
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, ':' | '-' | '_' | '.')))
        .unwrap_or(after.len());
    let mut quote = None;
    let mut end = None;
    for (at, b) in text.bytes().enumerate().skip(name_start + name_length) {
        match (quote, b) {
            // A quote left open, or no tag at all: the first `>` before this decides.
            (_, b'<') => {
                end = text[..at].find('>').map(|at| at + 1);
                break;
            }
            (None, b'>') => {
                end = Some(at + 1);
                break;
            }
            (None, b'"' | b'\'') => quote = Some(b),
            (Some(open), b) if open == b => quote = None,
            _ => {}
        }
    }
    let source = &text[..end?];
    Some(Tag {
        name: &after[..name_length],
        closing,
        empty: !closing && source.ends_with("/>"),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens() {
        let check = |text: &str, expected: &str| {
            let found: Vec<String> = Tokens::new(text)
                .map(|token| match token {
                    Token::Text(text) => format!("text {text}"),
                    Token::Cdata(text) => format!("cdata {text}"),
                    Token::Tag(tag) if tag.closing => format!("end {}", tag.name),
                    Token::Tag(tag) if tag.empty => format!("empty {}", tag.name),
                    Token::Tag(tag) => format!("start {}", tag.name),
                })
                .collect();
            assert_eq!(found.join("|"), expected, "{text}");
        };
        check("<a>b</a>", "start a|text b|end a");
        check("<a x='>'/>c", "empty a|text c");
        check("a < b <c", "text a |text <|text  b |text <|text c");
        check("<![CDATA[ <b> ]]>x", "cdata  <b> |text x");
        check("<![CDATA[ jamais", "cdata  jamais");
        check("<!-- <b> --><?php > ?>x", "text  ?>x");
        check("<!DOCTYPE r [<!ENTITY e '>'>]>x", "text x");
        check("<a b=\"jamais clos><c>", "start a|start c");
        check("<é>", "text <|text é>");
        check("<", "text <");
        check("</", "text <|text /");
        check("", "");
    }

    #[test]
    fn attributes() {
        let check = |text: &str, expected: &str| {
            let Some(Token::Tag(tag)) = Tokens::new(text).next() else {
                panic!("{text} is no tag");
            };
            let found: Vec<String> = tag
                .attributes()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            assert_eq!(found.join(" "), expected, "{text}");
        };
        check("<a href='x&amp;y' rel = \"z\"/>", "href=x&y rel=z");
        check("<a x=1 y=2/>", "x=1 y=2");
        check("<a>", "");
        check("<a x>", "");
        check("<a x=>", "x=");
    }
}
