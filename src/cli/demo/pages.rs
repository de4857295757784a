//! From an article of the imaginary press to the HTML page that its outlet would serve: the
//! outlet's own layout filled in, with its teasers, prompts and metadata around the text.

use std::borrow::Cow;

use jiff::fmt::strtime;
use serde_json::json;

use super::press::{Block, CONSENT_WALL, DemoArticle, FORBIDDEN, HOME, Outlet, PARIS_WINTER, PageAnswer};

/// How many other titles stand beside an article.
const RELATED_TITLES: usize = 5;

/// The page that stands at the article's address, as text; a consent wall or a refusal where the
/// article says so.
pub fn article_page(outlet: &Outlet, article: &DemoArticle, base: &str) -> String {
    let layout = match article.answer {
        PageAnswer::Page => outlet.layout,
        PageAnswer::Forbidden => FORBIDDEN,
        PageAnswer::ConsentWall => CONSENT_WALL,
    };
    let others: Vec<&DemoArticle> = outlet
        .articles
        .iter()
        .rev()
        .filter(|other| other.slug != article.slug)
        .take(RELATED_TITLES)
        .collect();
    let url = outlet.article_url(base, article);
    let language = article.language.as_deref().unwrap_or(&outlet.language);
    let json_ld = news_article(outlet, article, &url, None);
    let text = article
        .blocks()
        .into_iter()
        .filter_map(|block| match block {
            Block::Paragraph(text) => Some(text),
            _ => None,
        })
        .collect::<Vec<_>>()
        .join("\n");
    let json_ld_with_body = news_article(outlet, article, &url, Some(&text));
    let common = common_values(outlet, base, &others);
    let mut values: Vec<(&str, Cow<'_, str>)> = vec![
        ("title", escape(&article.title)),
        ("standfirst", escape(&article.standfirst)),
        ("author", escape(&article.author)),
        ("section", escape(&article.section)),
        ("language", language.into()),
        ("published_iso", published_iso(article).into()),
        ("published_french", published_french(article).into()),
        ("url", escape(&url)),
        ("json_ld", json_ld.into()),
        ("json_ld_with_body", json_ld_with_body.into()),
        ("body", body_html(outlet, article, base).into()),
    ];
    values.extend(common);
    fill(layout, &values)
}

/// The outlet's home page, as text.
pub fn home_page(outlet: &Outlet, base: &str) -> String {
    let all: Vec<&DemoArticle> = outlet.articles.iter().rev().collect();
    fill(HOME, &common_values(outlet, base, &all))
}

/// The article's text as a feed gives it: plain HTML, with the teasers but without the outlet's
/// layout.
pub fn feed_html(outlet: &Outlet, article: &DemoArticle, base: &str) -> String {
    let mut html = format!("<p><strong>{}</strong></p>\n", escape(&article.standfirst));
    for block in article.blocks() {
        let piece = match block {
            Block::Paragraph(text) => format!("<p>{}</p>\n", escape(text)),
            Block::Heading(text) => format!("<h2>{}</h2>\n", escape(text)),
            Block::List(items) => list_html(&items),
            Block::Teaser { label, title } => format!(
                "<p><em>{} <a href=\"{}\">{}</a></em></p>\n",
                escape(label),
                escape(&teaser_url(outlet, title, base)),
                escape(title)
            ),
            Block::Newsletter => String::new(),
        };
        html.push_str(&piece);
    }
    html
}

/// Text made safe within HTML or XML, attributes included.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"']) {
        return text.into();
    }
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .into()
}

/// "2023-11-06T18:42:00+01:00".
pub fn published_iso(article: &DemoArticle) -> String {
    article.published.display_with_offset(PARIS_WINTER).to_string()
}

/// Puts the values in the place of the `{{names}}` of a layout.
fn fill(layout: &str, values: &[(&str, Cow<'_, str>)]) -> String {
    let mut page = String::with_capacity(layout.len() * 2);
    let mut rest = layout;
    while let Some((before, after)) = rest.split_once("{{") {
        page.push_str(before);
        let Some((name, tail)) = after.split_once("}}") else {
            rest = after;
            break;
        };
        if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
            page.push_str(value);
        }
        rest = tail;
    }
    page.push_str(rest);
    page
}

fn common_values<'a>(outlet: &'a Outlet, base: &str, titles: &[&DemoArticle]) -> Vec<(&'static str, Cow<'a, str>)> {
    let related: Vec<String> = titles
        .iter()
        .map(|other| {
            format!(
                "<li><a href=\"{}\">{}</a></li>",
                escape(&outlet.article_url(base, other)),
                escape(&other.title)
            )
        })
        .collect();
    vec![
        ("outlet", escape(&outlet.name)),
        ("tagline", escape(&outlet.tagline)),
        ("host", escape(&outlet.host)),
        ("charset", escape(&outlet.charset)),
        ("home", outlet.home(base).into()),
        ("feed_url", outlet.feed_url(base).into()),
        ("related", related.join("\n").into()),
    ]
}

fn body_html(outlet: &Outlet, article: &DemoArticle, base: &str) -> String {
    article
        .blocks()
        .into_iter()
        .map(|block| match block {
            Block::Paragraph(text) => outlet.paragraph.replace("{}", &escape(text)),
            Block::Heading(text) => outlet.heading.replace("{}", &escape(text)),
            Block::List(items) => list_html(&items),
            Block::Teaser { label, title } => outlet
                .teaser
                .replace("{url}", &escape(&teaser_url(outlet, title, base)))
                .replace("{label}", &escape(label))
                .replace("{title}", &escape(title)),
            Block::Newsletter => outlet.newsletter.clone(),
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn list_html(items: &[&str]) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("<li>{}</li>", escape(item))).collect();
    format!("<ul>\n{}\n</ul>\n", items.join("\n"))
}

/// Where a teaser leads: the article with that headline, else the home page.
fn teaser_url(outlet: &Outlet, title: &str, base: &str) -> String {
    outlet
        .articles
        .iter()
        .find(|other| other.title == title)
        .map_or_else(|| outlet.home(base), |other| outlet.article_url(base, other))
}

/// The JSON-LD of an article; safe within a `script` element.
fn news_article(outlet: &Outlet, article: &DemoArticle, url: &str, body: Option<&str>) -> String {
    let mut object = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "headline": article.title,
        "description": article.standfirst,
        "datePublished": published_iso(article),
        "author": {"@type": "Person", "name": article.author},
        "publisher": {"@type": "Organization", "name": outlet.name},
    });
    if let Some(body) = body {
        object["articleBody"] = body.into();
    }
    object.to_string().replace('<', "\\u003c")
}

/// "6 novembre 2023 à 18h42".
fn published_french(article: &DemoArticle) -> String {
    const MONTHS: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    let at = article.paris();
    let day = if at.day() == 1 {
        "1er".to_owned()
    } else {
        at.day().to_string()
    };
    // Months run from 1 to 12.
    let month = MONTHS[usize::from(at.month().unsigned_abs()) - 1];
    format!("{day} {month} {} à {}h{:02}", at.year(), at.hour(), at.minute())
}

/// A moment as HTTP and RSS write it, in Universal Time.
pub fn http_date(article: &DemoArticle) -> String {
    strtime::format("%a, %d %b %Y %H:%M:%S GMT", article.published).expect("the format is a constant and valid")
}

#[cfg(test)]
mod tests {
    use super::super::press;
    use super::*;

    #[test]
    fn escaping() {
        let check = |text: &str, expected: &str| assert_eq!(escape(text), expected);
        check("Sens", "Sens");
        check("Territoires & Mairies", "Territoires &amp; Mairies");
        check("<\"a\">", "&lt;&quot;a&quot;&gt;");
    }

    #[test]
    fn filling() {
        let values = [("a", Cow::from("1")), ("b", Cow::from("{{a}}"))];
        let check = |layout: &str, expected: &str| assert_eq!(fill(layout, &values), expected);
        check("x{{a}}y", "x1y");
        check("{{b}}", "{{a}}");
        check("{{unknown}}.", ".");
        check("open {{a", "open a");
    }

    #[test]
    fn every_page_is_whole() {
        for outlet in press::embedded().expect("data/demo is well-formed") {
            for article in &outlet.articles {
                let page = article_page(&outlet, article, "http://127.0.0.1:1");
                assert!(!page.contains("{{"), "{}", article.slug);
                if article.answer == PageAnswer::Page {
                    for piece in [&article.title, &article.standfirst] {
                        assert!(page.contains(&*escape(piece)), "{}: {piece}", article.slug);
                    }
                }
            }
        }
    }

    #[test]
    fn dates() {
        let outlets = press::embedded().expect("data/demo is well-formed");
        let first = &outlets[0].articles[0];
        assert_eq!(published_french(first), "6 novembre 2023 à 18h42");
        assert_eq!(published_iso(first), "2023-11-06T18:42:00+01:00");
        assert_eq!(http_date(first), "Mon, 06 Nov 2023 17:42:00 GMT");
    }
}
