//! An explanation as one self-contained page: no script, nothing fetched, every word escaped. Readable
//! in light, in the dark, on paper, and without colours: how a word is said also shows in its underline.

use super::explain::Headline;
use super::marking::{Piece, named, pieces};
use super::plain::{clean, clean_piece};
use super::wording::{
    conclusions, decision, fact, features, kind_title, label_title, reason, refusal, short_assertion, short_zone,
    signed,
};
use crate::model::analysis::{Assertion, Zone};
use crate::model::explanation::{Explained, KindVote, Mark};
use crate::model::fact::Fact;

/// Kinds less likely than this are not listed.
const LEAST_PROBABILITY: f32 = 0.005;

/// Every pair of text and background here has a contrast of 4.5 or more: the tests compute it.
const STYLE: &str = "\
:root{color-scheme:light dark;--text:#1b1b1b;--page:#ffffff;--aside:#595959;--line:#c8c8c8;\
--affirmed:#dff3e1;--claimed:#fff0c2;--hypothetical:#ddeaf9;--denied:#fbe1e1;--refused:#ececec}
@media (prefers-color-scheme:dark){:root{--text:#ececec;--page:#161616;--aside:#b0b0b0;--line:#4a4a4a;\
--affirmed:#1f4427;--claimed:#4a3b08;--hypothetical:#1c3a5c;--denied:#5a2323;--refused:#383838}}
body{color:var(--text);background:var(--page);font:1rem/1.6 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;line-height:1.25}
h2{font-size:1.15rem;margin-top:2rem}
section.passage{display:grid;grid-template-columns:6rem 1fr;gap:0 1rem;margin:.8rem 0}
section.passage>p{margin:0;overflow-wrap:anywhere}
.zone,.note,dt,.aside>p{color:var(--aside)}
.zone{font-size:.85rem}
mark{color:var(--text);padding:.05em .15em;text-decoration:underline;text-underline-offset:.2em}
.affirmed{background:var(--affirmed)}
.claimed{background:var(--claimed);text-decoration-style:dotted}
.hypothetical{background:var(--hypothetical);text-decoration-style:dashed}
.denied{background:var(--denied);text-decoration-line:line-through}
.refused{background:var(--refused);text-decoration-style:wavy}
mark a{color:inherit}
dl{display:grid;grid-template-columns:6rem 1fr;gap:.2rem 1rem}
dd{margin:0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.25rem .5rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
td.number{text-align:right;font-variant-numeric:tabular-nums}
@media print{:root{color-scheme:light}body{max-width:none;margin:0;font-size:10pt}\
section.passage,tr{break-inside:avoid}mark{print-color-adjust:exact}}";

/// The page.
pub fn html(headline: Headline<'_>, explained: &Explained) -> String {
    let explanation = &explained.explanation;
    let marks = named(&explanation.marks, &explained.analysis);
    let passages = pieces(&explanation.passages, &marks);
    let mut page = String::from("<!DOCTYPE html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
    );
    page.push_str(&format!(
        "<title>{} - vigie</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n<main>\n<h1>{}</h1>\n",
        escape(&clean(headline.title)),
        escape(&clean(headline.title))
    ));
    page.push_str(&summary(headline, explained));
    page.push_str("<h2>Texte</h2>\n");
    page.push_str(LEGEND);
    for (passage, pieces) in explanation.passages.iter().zip(&passages) {
        page.push_str(&passage_html(passage.zone, pieces, language_of(explained)));
    }
    page.push_str("<h2>Mots qui ont compté</h2>\n");
    page.push_str(&notes_table(passages.iter().flatten()));
    page.push_str("<h2>Pourquoi</h2>\n");
    for line in decision(&explanation.decision) {
        page.push_str(&format!("<p>{}</p>\n", escape(&line)));
    }
    page.push_str(&kinds_table(&explanation.kinds));
    page.push_str(&facts_table(&explained.analysis.facts));
    if !explanation.refused.is_empty() {
        page.push_str("<h2>Écarté</h2>\n<ul>\n");
        for refused in &explanation.refused {
            page.push_str(&format!("<li>{}</li>\n", escape(&refusal(refused))));
        }
        page.push_str("</ul>\n");
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

const LEGEND: &str = "<p class=\"note\">Chaque mot qui a compté est souligné et renvoie à sa note : \
    <mark class=\"affirmed\">affirmé</mark> <mark class=\"claimed\">revendiqué</mark> \
    <mark class=\"hypothetical\">supposé</mark> <mark class=\"denied\">nié</mark> \
    <mark class=\"refused\">écarté</mark>.</p>\n";

fn summary(headline: Headline<'_>, explained: &Explained) -> String {
    let mut list = String::from("<dl>\n");
    for (name, value) in conclusions(&explained.analysis) {
        list.push_str(&format!("<dt>{name}</dt><dd>{}</dd>\n", escape(&value)));
    }
    // Only an address that a browser may follow becomes a link.
    let url = clean(headline.url);
    if url.starts_with("https://") || url.starts_with("http://") {
        list.push_str(&format!(
            "<dt>Adresse</dt><dd><a href=\"{0}\" rel=\"noreferrer\">{0}</a></dd>\n",
            escape(&url)
        ));
    }
    list.push_str("</dl>\n");
    list
}

fn language_of(explained: &Explained) -> &str {
    let code = explained.analysis.language.as_str();
    let is_code = code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase());
    if is_code { code } else { "und" }
}

fn passage_html(zone: Zone, pieces: &[Piece<'_>], language: &str) -> String {
    let (class, aside) = match zone {
        Zone::Background => ("passage aside", "<br>rappel d'autres cas : ne compte presque pas"),
        Zone::Teaser => ("passage aside", "<br>ne compte pas"),
        _ => ("passage", ""),
    };
    let mut html = format!(
        "<section class=\"{class}\"><div class=\"zone\">{}{aside}</div><p lang=\"{language}\">",
        short_zone(zone)
    );
    for piece in pieces {
        let text = escape(&clean_piece(piece.text));
        match &piece.note {
            None => html.push_str(&text),
            Some(note) => html.push_str(&format!(
                "<mark id=\"m{0}\" class=\"{1}\">{text}<sup><a href=\"#n{0}\">{0}</a></sup></mark>",
                note.number,
                note.said().map_or("refused", assertion_class)
            )),
        }
    }
    html.push_str("</p></section>\n");
    html
}

const fn assertion_class(assertion: Assertion) -> &'static str {
    match assertion {
        Assertion::Affirmed => "affirmed",
        Assertion::Claimed => "claimed",
        Assertion::Hypothetical => "hypothetical",
        Assertion::Denied => "denied",
    }
}

fn notes_table<'a>(pieces: impl Iterator<Item = &'a Piece<'a>>) -> String {
    let mut table = String::from(
        "<table><thead><tr><th scope=\"col\">Note</th><th scope=\"col\">Mots</th><th scope=\"col\">Parle pour</th>\
         <th scope=\"col\">Zone</th><th scope=\"col\">Dit</th><th scope=\"col\">Poids</th>\
         <th scope=\"col\">Incident</th></tr></thead>\n<tbody>\n",
    );
    for piece in pieces {
        let Some(note) = &piece.note else { continue };
        for (index, mark) in note.marks.iter().enumerate() {
            let id = if index == 0 {
                format!(" id=\"n{}\"", note.number)
            } else {
                String::new()
            };
            table.push_str(&format!("<tr{id}>{}</tr>\n", note_cells(note.number, mark)));
        }
    }
    table.push_str("</tbody></table>\n");
    table
}

fn note_cells(number: usize, mark: &Mark) -> String {
    let why = mark
        .refused
        .map_or(String::new(), |why| format!(" (écarté : {})", reason(why)));
    let weight = signed(mark.weight).unwrap_or_default();
    let incident = mark.incident.and_then(signed).unwrap_or_default();
    format!(
        "<td><a href=\"#m{number}\">{number}</a></td><td>{}</td><td>{}{}</td><td>{}</td><td>{}</td>\
         <td class=\"number\">{weight}</td><td class=\"number\">{incident}</td>",
        escape(&clean(&mark.words)),
        escape(&label_title(&mark.label)),
        escape(&why),
        short_zone(mark.zone),
        short_assertion(mark.assertion)
    )
}

fn kinds_table(kinds: &[KindVote]) -> String {
    let mut table = String::from(
        "<table><thead><tr><th scope=\"col\">Probabilité</th><th scope=\"col\">Nature</th>\
         <th scope=\"col\">Ce qui a le plus pesé</th></tr></thead>\n<tbody>\n",
    );
    for kind in kinds.iter().filter(|kind| kind.probability >= LEAST_PROBABILITY) {
        table.push_str(&format!(
            "<tr><td class=\"number\">{:.2}</td><td>{}</td><td>{}</td></tr>\n",
            kind.probability,
            escape(&kind_title(&kind.kind)),
            escape(&features(&kind.features))
        ));
    }
    table.push_str("</tbody></table>\n");
    table
}

fn facts_table(facts: &[Fact]) -> String {
    if facts.is_empty() {
        return String::new();
    }
    let mut table = String::from(
        "<h2>Faits</h2>\n<table><thead><tr><th scope=\"col\">Fait</th><th scope=\"col\">Mots</th>\
         <th scope=\"col\">Zone</th></tr></thead>\n<tbody>\n",
    );
    for told in facts {
        let aside = if told.is_own() { "" } else { ", d'un autre cas" };
        table.push_str(&format!(
            "<tr><td>{}</td><td>{}</td><td>{}{aside}</td></tr>\n",
            escape(&fact(told)),
            escape(&clean(&told.words)),
            short_zone(told.zone)
        ));
    }
    table.push_str("</tbody></table>\n");
    table
}

/// The text with the five characters that HTML gives a meaning to.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use scraper::{Html, Selector};

    use super::super::examples::explained;
    use super::*;

    fn page(headline: Headline<'_>, explained: &Explained) -> (String, Html) {
        let page = html(headline, explained);
        let parsed = Html::parse_document(&page);
        (page, parsed)
    }

    fn texts(page: &Html, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        page.select(&selector).map(|element| element.text().collect()).collect()
    }

    #[test]
    fn the_page_is_whole_and_well_formed() {
        let headline = Headline {
            title: "La mairie de Bondy piratée",
            url: "https://presse.example/bondy?a=1&b=2",
        };
        let (text, page) = page(headline, &explained());
        assert_eq!(page.errors, Vec::<String>::new(), "{text}");
        assert_eq!(texts(&page, "h1"), ["La mairie de Bondy piratée"]);
        assert_eq!(
            texts(&page, "h2"),
            ["Texte", "Mots qui ont compté", "Pourquoi", "Faits", "Écarté"]
        );
        assert_eq!(
            texts(&page, "section p mark"),
            ["mairie de Bondy1", "piratée2", "fuite de données3", "rançongiciel4"]
        );
        assert_eq!(texts(&page, "section mark.denied"), ["fuite de données3"]);
        assert_eq!(texts(&page, "section.aside mark.refused"), ["rançongiciel4"]);
        assert_eq!(texts(&page, "tbody tr[id]").len(), 4);
        // Each link within the page arrives.
        let links = Selector::parse("a[href^='#']").unwrap();
        for link in page.select(&links) {
            let target = Selector::parse(link.value().attr("href").unwrap()).unwrap();
            assert_eq!(page.select(&target).count(), 1, "{}", link.html());
        }
        assert!(texts(&page, "script, img, link, iframe, object, [onclick], [src]").is_empty());
        assert!(text.contains("default-src 'none'"));
    }

    #[test]
    fn hostile_words_stay_words() {
        let mut hostile = explained();
        let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>\u{202e}'";
        hostile.explanation.passages[0].text.push_str(evil);
        hostile.explanation.refused[1].what = format!("victim:{evil}");
        hostile.analysis.victims[0].name = evil.to_owned();
        hostile.analysis.language = "\"><b>".to_owned();
        let headline = Headline {
            title: evil,
            url: "javascript:alert(1)",
        };
        let (text, page) = page(headline, &hostile);
        assert!(texts(&page, "script, img, b").is_empty(), "{text}");
        assert!(!text.contains("javascript:") && !text.contains('\u{202e}'), "{text}");
        assert!(texts(&page, "h1")[0].contains("<script>alert(1)</script>"));
    }

    /// WCAG relative luminance of "#rrggbb".
    fn luminance(color: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn contrasts_reach_aa() {
        for theme in STYLE.split(":root{").skip(1).take(2) {
            let color = |name: &str| {
                let at = theme.find(&format!("--{name}:")).unwrap() + name.len() + 3;
                &theme[at..at + 7]
            };
            let mut pairs = vec![("text", "page"), ("aside", "page")];
            for mark in ["affirmed", "claimed", "hypothetical", "denied", "refused"] {
                pairs.push(("text", mark));
            }
            for (text, ground) in pairs {
                let ratio = contrast(color(text), color(ground));
                assert!(ratio >= 4.5, "{text} on {ground}: {ratio:.2}");
            }
        }
    }
}
