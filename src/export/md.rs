//! The answer as a Markdown table, to paste into a ticket, a wiki or a report. Text from the
//! press is escaped, so that it can neither break a row nor add a link.

use super::plain::{acts, clean};
use super::rows::{Row, rows};
use super::wording::{
    DATE_LEGEND, short_status, summary, view_attacks, view_date, view_relation, view_sector, view_victims,
};
use crate::model::answer::{Answer, DateOf, View};

/// The answer as Markdown. Without incidents there is no table, only the sentences.
pub fn text(answer: &Answer) -> String {
    let mut text = String::new();
    if !answer.incidents.is_empty() {
        text.push_str("| Date | Victime | Secteur | Types | Lieu | Statut | Sources | Identifiant |\n");
        text.push_str("|---|---|---|---|---|---|--:|---|\n");
        for row in rows(answer) {
            text.push_str(&line(&row));
        }
        text.push('\n');
        if answer
            .incidents
            .iter()
            .any(|view| view.date_of == DateOf::FirstPublished)
        {
            text.push_str(&format!("{}\n\n", escape(DATE_LEGEND)));
        }
    }
    text.push_str(
        &summary(answer)
            .iter()
            .map(|line| escape(line))
            .collect::<Vec<_>>()
            .join("\n\n"),
    );
    text.push('\n');
    text
}

fn line(row: &Row<'_>) -> String {
    let view: &View = &row.view;
    let victims = escape(&view_victims(view));
    let victims = match view.first_url().and_then(link_target) {
        Some(target) => format!("[{victims}]({target})"),
        None => victims,
    };
    let victims = match view_relation(view) {
        _ if row.is_part => format!("└ {victims}"),
        Some(relation) => format!("{victims} ({})", escape(&relation)),
        None => victims,
    };
    let cells = [
        view_date(view),
        victims,
        escape(&view_sector(view)),
        escape(&view_attacks(view)),
        escape(view.place.as_deref().unwrap_or("?")),
        escape(short_status(view.status)),
        view.sources.to_string(),
        escape(view.id.as_str()),
    ];
    format!("| {} |\n", cells.join(" | "))
}

/// Text on one line in which nothing is Markdown or HTML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// An address as a link's target; none when it is not plain http or https. What would end the
/// target or the cell is percent-encoded.
fn link_target(url: &str) -> Option<String> {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return None;
    }
    let mut target = String::with_capacity(url.len());
    for c in url.chars() {
        if acts(c) || c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '|' | '\\' | '[' | ']' | '`' | '"') {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                target.push_str(&format!("%{byte:02X}"));
            }
        } else {
            target.push(c);
        }
    }
    Some(target)
}

#[cfg(test)]
mod tests {
    use super::super::examples::{few_answers, nothing_found};
    use super::*;

    #[test]
    fn whole_output() {
        let expected = r#"| Date | Victime | Secteur | Types | Lieu | Statut | Sources | Identifiant |
|---|---|---|---|---|---|--:|---|
| ≤ 24/11/2026 | [Mairie de Dinard](https://presse.example/b1) | Commune | déni de service | Dinard (35) | signalé | 1 | mairie-de-dinard-2026-11 |
| 05/11/2023 | [Département du Loiret, SDIS 45](https://presse.example/a1) | Département | rançongiciel, fuite de données | Loiret (45) | confirmé | 2 | departement-du-loiret-2023-11 |
| ≤ 24/11/2026 | [=HYPERLINK("x")\|&lt;b&gt;\[31m\*A\*](https://presse.example/a%29%7C%28b%20c) | ? | ? | ? | revendiqué | 1 | hostile-2026-10 |

≤ : au plus tard ce jour, celui du premier article.

3 incidents trouvés : incidents en France.

Derrière cette réponse : 61 flux suivis, dont 58 ont répondu à leur dernier relevé ; 12345 articles et 230 incidents en base depuis le 03/10/2026 ; dernier relevé réussi le 25/11/2026 à 14:02.
"#;
        assert_eq!(text(&few_answers()), expected);
        assert!(text(&nothing_found()).starts_with("Aucun incident trouvé : incidents en France, secteur sante.\n\n"));
    }

    #[test]
    fn only_web_addresses_are_linked() {
        let check = |url: &str, expected: Option<&str>| assert_eq!(link_target(url).as_deref(), expected, "{url}");
        check(
            "https://presse.example/é?a=1&b=2",
            Some("https://presse.example/é?a=1&b=2"),
        );
        check(
            "http://presse.example/\u{202e}\n)",
            Some("http://presse.example/%E2%80%AE%0A%29"),
        );
        check("javascript:alert(1)", None);
        check("", None);
    }
}
