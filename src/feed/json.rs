//! JSON Feed, read leniently and written out again for feed-rs: numbers as ids, a missing version
//! or title, unknown shapes of fields that vigie does not use are no reason to lose a feed.

use serde_json::{Map, Value, json};

use super::normalise::{MOST_ENTRIES, Normalised};
use crate::text::plain::without_controls;

/// The feed in a JSON text; `Ok(None)` when the JSON is no feed.
pub fn normalise_json(text: &str) -> Result<Option<Normalised>, serde_json::Error> {
    let document: Value = serde_json::from_str(text.trim_start_matches('\u{feff}').trim())?;
    let Some(items) = document.get("items").and_then(Value::as_array) else {
        return Ok(None);
    };
    let mut problems = Vec::new();
    if items.len() > MOST_ENTRIES {
        let left_out = items.len() - MOST_ENTRIES;
        problems.push(format!(
            "{left_out} entries beyond the first {MOST_ENTRIES} are left out"
        ));
    }
    let mut feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": text_of(&document, "title").unwrap_or_default(),
        "items": items.iter().take(MOST_ENTRIES).map(item).collect::<Vec<_>>(),
    });
    if let Some(language) = text_of(&document, "language") {
        feed["language"] = language.into();
    }
    Ok(Some(Normalised {
        format: "json",
        xml: feed.to_string(),
        entries_seen: items.len(),
        problems,
    }))
}

fn item(item: &Value) -> Value {
    let mut clean = Map::new();
    for name in [
        "id",
        "url",
        "external_url",
        "title",
        "summary",
        "date_published",
        "date_modified",
        "content_html",
    ] {
        if let Some(text) = text_of(item, name) {
            clean.insert(name.to_owned(), text.into());
        }
    }
    // Plain text as HTML, so that both arrive in the same form.
    if !clean.contains_key("content_html")
        && let Some(text) = text_of(item, "content_text")
    {
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let paragraphs: Vec<String> = escaped
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| format!("<p>{}</p>", line.trim()))
            .collect();
        clean.insert("content_html".to_owned(), paragraphs.concat().into());
    }
    Value::Object(clean)
}

fn text_of(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) if !text.trim().is_empty() => Some(without_controls(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
