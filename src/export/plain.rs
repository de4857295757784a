//! Makes text that came from the network harmless to whoever displays it: no escape sequence
//! moves the cursor, no bidirectional mark turns a name around, no line end breaks a row.

/// The text on one line, for a terminal or a document: white space runs become one space, and
/// characters that act instead of showing are dropped.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            // No-break spaces belong to French typography and stay.
            let space = if matches!(c, '\u{a0}' | '\u{202f}') { c } else { ' ' };
            if space != ' ' || !(cleaned.is_empty() || cleaned.ends_with(' ')) {
                cleaned.push(space);
            }
        } else if !acts(c) {
            cleaned.push(c);
        }
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// A piece of a line, with its spaces at both ends kept, for a display that puts pieces together.
pub fn clean_piece(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\u{a0}' | '\u{202f}' => Some(c),
            c if c.is_whitespace() => Some(' '),
            c if acts(c) => None,
            c => Some(c),
        })
        .collect()
}

/// JSON text in which every character that acts instead of showing is written as its `\u` escape:
/// the same JSON, safe to print. In JSON such characters can only stand inside strings.
pub fn escape_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        // JSON's own line ends and indentation are ASCII white space outside strings.
        if acts(c) && !matches!(c, '\n' | '\t' | '\r') {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Whether a character does something to the display instead of showing itself: controls,
/// direction marks and overrides, invisible letters, line separators, tags.
pub(super) fn acts(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_acts_is_tamed() {
        let check = |text: &str, expected: &str| assert_eq!(clean(text), expected, "{text:?}");
        check("Mairie d’Orléans", "Mairie d’Orléans");
        check("  deux\n\tlignes \r\n", "deux lignes");
        check("\u{1b}[31mrouge\u{1b}[0m", "[31mrouge[0m");
        check("\u{9b}31mC1\u{7f}", "31mC1");
        check("sdpi\u{202e}gnp.exe", "sdpignp.exe");
        check("a\u{2066}b\u{2069}c\u{200b}d\u{feff}e", "abcde");
        check("a\u{2028}b", "a b");
        assert_eq!(clean_piece(" a\u{1b}[2J\n\u{202e}b "), " a[2J b ");
        check("« 20\u{a0}000\u{202f}€ »", "« 20\u{a0}000\u{202f}€ »");
        check("", "");
    }

    #[test]
    fn json_that_acts_is_escaped() {
        let check = |text: &str, expected: &str| {
            let json = serde_json::to_string(text).unwrap();
            let escaped = escape_json(&json);
            assert_eq!(escaped, expected);
            assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), text);
        };
        check("été", "\"été\"");
        check("\u{1b}[31m\u{9b}\u{202e}", r#""\u001b[31m\u009b\u202e""#);
        check("\u{e0041}", r#""\udb40\udc41""#);
    }
}
