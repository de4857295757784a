//! The gate before the HTML parser, which is quadratic in nesting depth and in the attributes of
//! one tag: half a megabyte of nested `<div>` took it 88 seconds. One linear pass counts first.

use super::NotAnArticle;

/// What browsers allow as well.
const MOST_DEPTH: usize = 512;
const MOST_ATTRIBUTES: usize = 200;

/// Refuses what would take the parser too long.
pub fn check(html: &str) -> Result<(), NotAnArticle> {
    let bytes = html.as_bytes();
    let mut open: Vec<&[u8]> = Vec::new();
    let mut open_formatting = 0_usize;
    let mut at = 0;
    while let Some(offset) = bytes[at..].iter().position(|&b| b == b'<') {
        at += offset + 1;
        if bytes[at..].starts_with(b"!--") {
            at = find(bytes, at, b"-->").map_or(bytes.len(), |end| end + 3);
            continue;
        }
        let closing = bytes.get(at) == Some(&b'/');
        let name_start = at + usize::from(closing);
        let name_length = bytes[name_start..]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || **b == b'-')
            .count();
        if name_length == 0 || !bytes[name_start].is_ascii_alphabetic() {
            continue;
        }
        let name = &bytes[name_start..name_start + name_length];
        let tag = scan_tag(bytes, name_start + name_length);
        at = tag.end;
        if tag.attributes > MOST_ATTRIBUTES {
            return Err(NotAnArticle::TooDeep);
        }
        if is_any(name, FORMATTING) {
            open_formatting = if closing {
                open_formatting.saturating_sub(1)
            } else {
                open_formatting + 1
            };
        }
        if closing {
            if let Some(found) = open.iter().rposition(|candidate| candidate.eq_ignore_ascii_case(name)) {
                open.truncate(found);
            }
        } else if is_any(name, RAW_TEXT) {
            at = end_of_raw_text(bytes, at, name);
        } else if !tag.self_closing && !is_any(name, NEVER_NEST) {
            open.push(name);
        }
        if open.len() > MOST_DEPTH || open_formatting > MOST_DEPTH {
            return Err(NotAnArticle::TooDeep);
        }
    }
    Ok(())
}

/// Elements that the parser opens again in every block after an end that was forgotten.
const FORMATTING: &[&str] = &[
    "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// Void elements, and those that a sibling closes: pages forget their ends by the hundred.
const NEVER_NEST: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "p", "li",
    "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "html", "head", "body", "a",
];

const RAW_TEXT: &[&str] = &["script", "style", "textarea", "title", "noscript", "iframe", "xmp"];

fn is_any(name: &[u8], names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

struct ScannedTag {
    /// Just behind its `>`.
    end: usize,
    attributes: usize,
    self_closing: bool,
}

fn scan_tag(bytes: &[u8], from: usize) -> ScannedTag {
    let mut attributes = 0;
    let mut quote = None;
    let mut before = b' ';
    for (at, &b) in bytes.iter().enumerate().skip(from) {
        match (quote, b) {
            (Some(open), b) if open == b => quote = None,
            (Some(_), _) => continue,
            (None, b'>') => {
                return ScannedTag {
                    end: at + 1,
                    attributes,
                    self_closing: before == b'/',
                };
            }
            // Only after `=` is a quote a quote; elsewhere it is a letter of a name.
            (None, b'"' | b'\'') if before == b'=' => quote = Some(b),
            (None, b) => {
                let begins = !b.is_ascii_whitespace() && !matches!(b, b'=' | b'/');
                let after_gap = before.is_ascii_whitespace() || matches!(before, b'/' | b'"' | b'\'');
                attributes += usize::from(begins && after_gap);
            }
        }
        before = b;
    }
    ScannedTag {
        end: bytes.len(),
        attributes,
        self_closing: false,
    }
}

/// Where `</name` begins; the end of the document when it never does.
fn end_of_raw_text(bytes: &[u8], from: usize, name: &[u8]) -> usize {
    let mut at = from;
    while let Some(found) = find(bytes, at, b"</") {
        let candidate = bytes.get(found + 2..found + 2 + name.len());
        if candidate.is_some_and(|candidate| candidate.eq_ignore_ascii_case(name)) {
            return found;
        }
        at = found + 2;
    }
    bytes.len()
}

fn find(bytes: &[u8], from: usize, wanted: &[u8]) -> Option<usize> {
    bytes[from..]
        .windows(wanted.len())
        .position(|window| window == wanted)
        .map(|offset| from + offset)
}

#[cfg(test)]
mod tests {
    #[test]
    fn gate() {
        let check = |html: &str, passes: bool| assert_eq!(super::check(html).is_ok(), passes, "{:.80}", html);
        check("<html><body><p>un<p>deux</body></html>", true);
        check(&"<div>".repeat(500), true);
        check(&"<div>".repeat(600), false);
        check(&"<div></div>".repeat(10_000), true);
        check(&"<p>".repeat(10_000), true);
        check(&"<li>x".repeat(10_000), true);
        check(&"<br><img src='>'/>".repeat(10_000), true);
        check(&"<div><font a1></div>".repeat(1_000), false);
        check(&"<B>".repeat(1_000), false);
        check(&format!("<script>{}</script>", "<div>".repeat(1_000)), true);
        check(&format!("<!-- {} -->", "<div>".repeat(1_000)), true);
        check(&format!("<a {}>", "x ".repeat(300)), false);
        check(&format!("<a {}>", "x='1'".repeat(300)), false);
        check(&format!("<a title='{}'>", "x ".repeat(300)), true);
        check("<", true);
        check("</", true);
        check("<a", true);
        check("<script>", true);
        check("<!--", true);
        check("é<é", true);
    }
}
