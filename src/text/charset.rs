//! Bytes to text. Feeds and pages lie about their encoding; what the bytes are counts for more
//! than what they claim to be. Apart because feeds and pages both need it.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decodes a document. In order: a byte order mark; UTF-16 seen by its zero bytes; valid UTF-8,
/// whatever the label (no French text in another encoding is valid UTF-8 by chance); the declared
/// label; else UTF-8 with each stray byte read as windows-1252 when it is nearly UTF-8, and plain
/// windows-1252 when it is not. Never fails; bytes that mean nothing become U+FFFD.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> String {
    if let Some((encoding, bom_length)) = Encoding::for_bom(bytes) {
        return encoding
            .decode_without_bom_handling(&bytes[bom_length..])
            .0
            .into_owned();
    }
    if let Some(encoding) = utf16_without_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let label = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    match label {
        // The label of an XML prolog is ASCII: the document cannot be in UTF-16 after all.
        Some(encoding) if encoding != UTF_8 && encoding != UTF_16LE && encoding != UTF_16BE => {
            encoding.decode_without_bom_handling(bytes).0.into_owned()
        }
        _ => utf8_with_strays(bytes),
    }
}

/// The value of `charset=` in a `Content-Type`; none when there is none.
pub fn charset_of_content_type(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then_some(value)
    })
}

/// A markup document whose first bytes are `<` and zero, in one order or the other.
fn utf16_without_bom(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..4)? {
        [b'<' | b'{', 0, second, 0] if *second != 0 => Some(UTF_16LE),
        [0, b'<' | b'{', 0, second] if *second != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// UTF-8 into which single windows-1252 bytes were pasted: both are kept.
fn utf8_with_strays(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding() {
        let check = |bytes: &[u8], declared: Option<&str>, expected: &str| {
            assert_eq!(decode(bytes, declared), expected, "{bytes:?} {declared:?}");
        };
        check("Nîmes".as_bytes(), None, "Nîmes");
        check("Nîmes".as_bytes(), Some("iso-8859-1"), "Nîmes");
        check(b"\xef\xbb\xbfN\xc3\xaemes", Some("iso-8859-1"), "Nîmes");
        check(b"N\xeemes \x80", Some("iso-8859-1"), "Nîmes €");
        check(b"N\xeemes \xa4", Some("iso-8859-15"), "Nîmes €");
        check(b"N\xeemes, l\x92\x9cuvre", None, "Nîmes, l’œuvre");
        check(b"N\xeemes", Some("utf-8"), "Nîmes");
        check(b"N\xeemes", Some("no such label"), "Nîmes");
        check(b"N\xeemes et N\xc3\xaemes", None, "Nîmes et Nîmes");
        check(b"\xff\xfe<\0\xe9\0", None, "<é");
        check(b"\xfe\xff\0<\0\xe9", None, "<é");
        check(b"<\0r\0>\0", None, "<r>");
        check(b"\0<\0r\0>", None, "<r>");
        check(b"", None, "");
        check(b"\xff", Some("utf-16"), "ÿ");
    }

    #[test]
    fn charset_parameters() {
        let check = |content_type: &str, expected: Option<&str>| {
            assert_eq!(charset_of_content_type(content_type), expected, "{content_type}");
        };
        check("text/html; charset=ISO-8859-1", Some("ISO-8859-1"));
        check("text/xml;charset=\"utf-8\"", Some("utf-8"));
        check("text/html; boundary=x; Charset = utf-8", Some("utf-8"));
        check("text/html", None);
        check("text/html; charset=", None);
        check("", None);
    }
}
