//! HTML fragments to plain text: titles, summaries, descriptions. One linear pass without a tree,
//! so that hostile nesting costs nothing. Whole pages are for `extract`.

/// The words of an HTML fragment: tags dropped, script and style with their content, entities
/// decoded, control and direction characters removed, white space made single spaces. Text that
/// only looks like a tag (« a < b ») stays. Empty when nothing is left.
pub fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push_decoded(&rest[..at], &mut text);
        rest = &rest[at..];
        let Some(tag) = Tag::at_start_of(rest) else {
            text.push('<');
            rest = &rest[1..];
            continue;
        };
        rest = &rest[tag.length..];
        if !tag.is_inline() {
            text.push(' ');
        }
        if tag.hides_content() {
            rest = after_closing(rest, tag.name);
        }
    }
    push_decoded(rest, &mut text);
    single_spaced(&text)
}

/// The text without control characters (C0, C1 but for line end and tab), direction overrides and
/// zero-width marks: what could steer a terminal or turn a sentence around.
pub fn without_controls(text: &str) -> String {
    text.chars().filter(|&c| !is_unwanted(c)).collect()
}

/// All white space made single spaces, unwanted characters dropped, ends trimmed.
pub fn single_spaced(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        // The no-break spaces of French typography stay as they are.
        if c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}') || c == '\u{85}' {
            if !result.is_empty() && !result.ends_with(' ') {
                result.push(' ');
            }
        } else if !is_unwanted(c) {
            result.push(c);
        }
    }
    result.trim().to_owned()
}

/// Character references decoded once, `&eacute;`, `&#233;` and `&#xE9;` alike. What is not a
/// reference stays as it stands: a bare `&`, an unknown name.
pub fn decode_entities(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    push_decoded(text, &mut result);
    result
}

fn is_unwanted(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
        || matches!(c,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'
            | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{61c}')
}

fn push_decoded(text: &str, result: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        result.push_str(&rest[..at]);
        rest = &rest[at..];
        match reference_at_start(rest) {
            Some((c, length)) => {
                result.push(c);
                rest = &rest[length..];
            }
            None => {
                result.push('&');
                rest = &rest[1..];
            }
        }
    }
    result.push_str(rest);
}

/// The character of a reference with its closing `;`, and the reference's length.
fn reference_at_start(text: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 12;
    let end = text.bytes().take(LONGEST).position(|b| b == b';')?;
    let name = &text[1..end];
    let c = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
            None => number.parse().ok()?,
        };
        match code {
            // Numbers that mean windows-1252, as browsers read them.
            0x80..=0x9f => encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(&[code as u8])
                .0
                .chars()
                .next()?,
            0 => '\u{fffd}',
            _ => char::from_u32(code).unwrap_or('\u{fffd}'),
        }
    } else {
        named(name)?
    };
    Some((c, end + 1))
}

/// The named references that French, English and typography use.
fn named(name: &str) -> Option<char> {
    const LATIN_1: &[&str] = &[
        "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo", "not",
        "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot", "cedil", "sup1",
        "ordm", "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml",
        "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH",
        "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc",
        "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil",
        "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve", "oacute",
        "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
    ];
    Some(match name {
        "amp" | "AMP" => '&',
        "lt" | "LT" => '<',
        "gt" | "GT" => '>',
        "quot" | "QUOT" => '"',
        "apos" => '\'',
        "rsquo" => '’',
        "lsquo" => '‘',
        "sbquo" => '‚',
        "ldquo" => '“',
        "rdquo" => '”',
        "bdquo" => '„',
        "lsaquo" => '‹',
        "rsaquo" => '›',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "bull" => '•',
        "euro" => '€',
        "oelig" => 'œ',
        "OElig" => 'Œ',
        "Yuml" => 'Ÿ',
        "scaron" => 'š',
        "Scaron" => 'Š',
        "fnof" => 'ƒ',
        "circ" => 'ˆ',
        "tilde" => '˜',
        "trade" => '™',
        "larr" => '←',
        "rarr" => '→',
        "uarr" => '↑',
        "darr" => '↓',
        "harr" => '↔',
        "rArr" => '⇒',
        "minus" => '−',
        "permil" => '‰',
        "prime" => '′',
        "ensp" => '\u{2002}',
        "emsp" => '\u{2003}',
        "thinsp" => '\u{2009}',
        "zwnj" => '\u{200c}',
        "zwj" => '\u{200d}',
        "lrm" => '\u{200e}',
        "rlm" => '\u{200f}',
        "dagger" => '†',
        "infin" => '∞',
        "ne" => '≠',
        "le" => '≤',
        "ge" => '≥',
        "Tab" => '\t',
        "NewLine" => '\n',
        "excl" => '!',
        "num" => '#',
        "percnt" => '%',
        "lpar" => '(',
        "rpar" => ')',
        "comma" => ',',
        "period" => '.',
        "colon" => ':',
        "semi" => ';',
        "quest" => '?',
        "commat" => '@',
        "lsqb" => '[',
        "rsqb" => ']',
        "lowbar" => '_',
        "hyphen" | "dash" => '‐',
        "sol" => '/',
        "plus" => '+',
        "equals" => '=',
        _ => {
            let index = LATIN_1.iter().position(|known| *known == name)?;
            char::from_u32(0xa0 + index as u32)?
        }
    })
}

/// A tag, comment or declaration at the start of a text.
struct Tag<'a> {
    /// Without its slash; empty for comments and declarations.
    name: &'a str,
    closing: bool,
    length: usize,
}

impl<'a> Tag<'a> {
    fn at_start_of(text: &'a str) -> Option<Tag<'a>> {
        if let Some(comment) = text.strip_prefix("<!--") {
            let length = comment.find("-->").map_or(text.len(), |end| 4 + end + 3);
            return Some(Tag {
                name: "",
                closing: false,
                length,
            });
        }
        let closing = text[1..].starts_with('/');
        let inside = &text[if closing { 2 } else { 1 }..];
        let name_length = inside.bytes().take_while(|b| b.is_ascii_alphanumeric()).count();
        let opens = inside.starts_with(|c: char| c.is_ascii_alphabetic() || (!closing && matches!(c, '!' | '?')));
        if !opens {
            return None;
        }
        let length = end_of_tag(text)?;
        Some(Tag {
            name: &inside[..name_length],
            closing,
            length,
        })
    }

    fn hides_content(&self) -> bool {
        !self.closing
            && ["script", "style", "template", "noscript", "iframe", "svg"]
                .iter()
                .any(|name| self.name.eq_ignore_ascii_case(name))
    }

    fn is_inline(&self) -> bool {
        [
            "a", "b", "i", "em", "strong", "span", "sup", "sub", "u", "s", "mark", "abbr", "font", "small", "code",
            "q", "cite", "big", "wbr",
        ]
        .iter()
        .any(|name| self.name.eq_ignore_ascii_case(name))
    }
}

/// The length of the tag up to its `>`, quotes respected; none when another `<` comes first, for
/// then it was no tag.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, b) in text.bytes().enumerate().skip(1) {
        match (quote, b) {
            (None, b'>') => return Some(at + 1),
            (None, b'<') => return None,
            (None, b'"' | b'\'') => quote = Some(b),
            (Some(open), b) if open == b => quote = None,
            _ => {}
        }
    }
    // A quote that never closes: the first `>` ends the tag after all.
    text.find('>').map(|at| at + 1)
}

/// What follows `</name>`; nothing when it never closes.
fn after_closing<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        let candidate = rest.as_bytes().get(..name.len());
        if candidate.is_some_and(|candidate| candidate.eq_ignore_ascii_case(name.as_bytes())) {
            return rest.find('>').map_or("", |end| &rest[end + 1..]);
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text() {
        let check = |html: &str, expected: &str| assert_eq!(plain(html), expected, "{html}");
        check("Cyberattaque à Nîmes", "Cyberattaque à Nîmes");
        check("<p>Un.</p><p>Deux&nbsp;!</p>", "Un. Deux\u{a0}!");
        check("l&#039;h&ocirc;pital &amp; l&rsquo;&OElig;uvre", "l'hôpital & l’Œuvre");
        check("AT&T, R&D &inconnu; &", "AT&T, R&D &inconnu; &");
        check("si a < b et c > d", "si a < b et c > d");
        check("3 <4 et x<y", "3 <4 et x<y");
        check("cyber<b>attaque</b>", "cyberattaque");
        check("a<script>alert('</p>')</script>b", "a b");
        check("a<STYLE>p{}</style >b<script>jamais clos", "a b");
        check("a<!-- <b>non</b> -->b", "a b");
        check("<img alt=\"a > b\" onerror='x'>texte", "texte");
        check("a\u{1b}]8;;http://x\u{7}b\u{202e}c\u{9b}d", "a]8;;http://xbcd");
        check("&#27;[31m&#8238;rouge &#x92;", "[31mrouge ’");
        check("&#0;&#xD800;&#99999999999;", "\u{fffd}\u{fffd}&#99999999999;");
        check("  \n ", "");
        check("<a href=\"jamais clos>texte", "texte");
        check("&é;&&;", "&é;&&;");
    }

    #[test]
    fn hostile_input_is_linear() {
        let many = "<".repeat(300_000);
        assert_eq!(plain(&many).len(), 300_000);
        let entities = "&".repeat(300_000);
        assert_eq!(plain(&entities).len(), 300_000);
    }
}
