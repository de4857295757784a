//! What a page says about itself: JSON-LD, Open Graph, `<meta>`, `<time>`, `<link>`. Sites fill
//! some and forget others, so every value has several sources, the most careful one first.

use jiff::Timestamp;
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use url::Url;

use super::body::visible_text;
use crate::text::dates;
use crate::text::fold::fold_key;
use crate::text::plain::{decode_entities, plain, single_spaced};

/// The page's own statements; each none when it makes none.
#[derive(Debug, Default, PartialEq)]
pub struct Metadata {
    pub title: Option<String>,
    /// The `<title>` as it stands.
    pub title_tag: Option<String>,
    pub description: Option<String>,
    pub published: Option<Timestamp>,
    pub canonical_url: Option<String>,
    pub language: Option<String>,
    pub outlet: Option<String>,
    /// The body as JSON-LD gives it, one paragraph an item; mostly absent.
    pub json_paragraphs: Vec<String>,
    /// Whether JSON-LD says that one must pay.
    pub needs_subscription: bool,
    /// Whether it says of itself that it is an article.
    pub is_article: bool,
}

/// Names in lower case with their contents, in the page's order.
type Metas = Vec<(String, String)>;

/// Reads the statements of a parsed page.
pub fn read(page: &Html, url: &Url) -> Metadata {
    let metas = &collect_metas(page);
    let json = json_article(page, url).unwrap_or(Value::Null);
    let meta = |names: &[&str]| meta_content(metas, names);
    let outlet = meta(&["og:site_name"])
        .or_else(|| json_text(&json["publisher"]["name"]))
        .or_else(|| meta(&["application-name"]));
    let is_article = !json.is_null() || meta(&["og:type"]).is_some_and(|kind| kind.eq_ignore_ascii_case("article"));
    Metadata {
        title_tag: title_tag(page),
        title: title(page, metas, &json, outlet.as_deref(), url),
        description: meta(&["og:description", "description", "twitter:description"])
            .or_else(|| json_text(&json["description"])),
        published: published(page, metas, &json),
        canonical_url: canonical(page, metas, url),
        language: language(page, metas, &json),
        outlet,
        json_paragraphs: json["articleBody"].as_str().map(body_paragraphs).unwrap_or_default(),
        needs_subscription: matches!(&json["isAccessibleForFree"], Value::Bool(false))
            || json["isAccessibleForFree"]
                .as_str()
                .is_some_and(|text| text.eq_ignore_ascii_case("false")),
        is_article,
    }
}

/// The date of publication, never that of a later edit.
fn published(page: &Html, metas: &Metas, json: &Value) -> Option<Timestamp> {
    let from_json = json_text(&json["datePublished"]).and_then(|text| dates::parse(&text));
    let from_meta = || {
        let names = &[
            "article:published_time",
            "og:article:published_time",
            "datepublished",
            "date.published",
            "parsely-pub-date",
            "sailthru.date",
            "dcterms.created",
            "dcterms.date",
            "dc.date.issued",
            "dc.date",
            "pubdate",
            "publish-date",
            "date",
        ];
        names
            .iter()
            .find_map(|name| meta_content(metas, &[name]).and_then(|text| dates::parse(&text)))
    };
    let from_times = || {
        let selectors = [
            "[itemprop=datePublished]",
            "time[pubdate]",
            "article time[datetime], main time[datetime]",
            "time[datetime]",
            "article time, time",
        ];
        selectors.iter().find_map(|selector| {
            select(page, selector).find_map(|element| {
                let machine = element.attr("content").or_else(|| element.attr("datetime"));
                machine
                    .and_then(dates::parse)
                    .or_else(|| dates::parse(&visible_text(element)))
            })
        })
    };
    from_json.or_else(from_meta).or_else(from_times)
}

fn title(page: &Html, metas: &Metas, json: &Value, outlet: Option<&str>, url: &Url) -> Option<String> {
    let heading = only_heading(page);
    let tag = title_tag(page);
    let candidates = [
        json_text(&json["headline"]),
        meta_content(metas, &["og:title", "twitter:title"]),
        heading.clone(),
        tag.clone(),
        json_text(&json["name"]),
    ];
    candidates
        .into_iter()
        .flatten()
        .map(|candidate| without_site(&candidate, outlet, heading.as_deref(), url))
        .find(|candidate| candidate.chars().any(char::is_alphanumeric))
}

fn title_tag(page: &Html) -> Option<String> {
    let element = select(page, "title").next()?;
    Some(single_spaced(&element.text().collect::<String>())).filter(|title| !title.is_empty())
}

/// The page's `<h1>`, when there is one only or one inside the article.
fn only_heading(page: &Html) -> Option<String> {
    for selector in ["article h1", "main h1", "h1"] {
        let mut headings = select(page, selector).map(visible_text).filter(|text| !text.is_empty());
        if let (Some(heading), None) = (headings.next(), headings.next()) {
            return Some(heading);
        }
    }
    None
}

/// "Titre - Le Site" → "Titre": when the last part is the site's name, or the host's, or when the
/// page's heading is the front part.
fn without_site(title: &str, outlet: Option<&str>, heading: Option<&str>, url: &Url) -> String {
    let mut title = title.trim().to_owned();
    let squeezed = |text: &str| {
        fold_key(text)
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
    };
    let host = url.host_str().unwrap_or("").trim_start_matches("www.");
    let host = squeezed(host.rsplit_once('.').map_or(host, |(name, _)| name));
    // Twice: "Titre | Rubrique | Site".
    for _ in 0..2 {
        let separators = [" | ", " - ", " – ", " — ", " : ", " · ", " » ", " • "];
        let Some((at, separator)) = separators
            .iter()
            .filter_map(|separator| title.rfind(separator).map(|at| (at, *separator)))
            .max()
        else {
            break;
        };
        let (front, last) = (title[..at].trim(), title[at + separator.len()..].trim());
        let name = squeezed(last);
        let is_site = !name.is_empty()
            && (outlet.is_some_and(|outlet| squeezed(outlet) == name)
                || (name.len() >= 4 && (host.contains(&name) || (host.len() >= 4 && name.contains(&host)))));
        let is_heading = heading.is_some_and(|heading| fold_key(heading) == fold_key(front));
        if front.is_empty() || !(is_site || is_heading) {
            break;
        }
        title.truncate(at);
        title.truncate(title.trim_end().len());
    }
    title
}

/// `<link rel=canonical>`, else `og:url`: only within the same site, and not its front page, which
/// some sites state on every page.
fn canonical(page: &Html, metas: &Metas, url: &Url) -> Option<String> {
    let stated = select(page, "link[rel~=canonical]")
        .find_map(|element| element.attr("href").map(str::to_owned))
        .or_else(|| meta_content(metas, &["og:url"]))?;
    let stated = url.join(stated.trim()).ok()?;
    let site = |url: &Url| -> Option<String> {
        let mut labels = url.host_str()?.rsplit('.');
        Some(format!("{}.{}", labels.next()?, labels.next().unwrap_or("")))
    };
    let is_front_page = stated.path() == "/" && stated.query().is_none() && url.path() != "/";
    (matches!(stated.scheme(), "http" | "https") && site(&stated) == site(url) && !is_front_page).then(|| stated.into())
}

fn language(page: &Html, metas: &Metas, json: &Value) -> Option<String> {
    let declared = select(page, "html")
        .next()
        .and_then(|html| html.attr("lang").or_else(|| html.attr("xml:lang")))
        .map(str::to_owned)
        .or_else(|| json_text(&json["inLanguage"]))
        .or_else(|| meta_content(metas, &["og:locale", "content-language", "language"]))?;
    let code = declared.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    (code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())).then_some(code)
}

/// All `<meta>` with content: each name it goes by, in lower case, with its content.
fn collect_metas(page: &Html) -> Metas {
    let mut metas = Metas::new();
    for element in select(page, "meta[content]") {
        let content = single_spaced(&decode_entities(element.attr("content").unwrap_or_default()));
        for attribute in ["property", "name", "http-equiv", "itemprop"] {
            if let Some(name) = element.attr(attribute).filter(|_| !content.is_empty()) {
                metas.push((name.to_ascii_lowercase(), content.clone()));
            }
        }
    }
    metas
}

/// The first of these `<meta>` that the page has.
fn meta_content(metas: &Metas, names: &[&str]) -> Option<String> {
    names.iter().find_map(|wanted| {
        let (_, content) = metas.iter().find(|(name, _)| name == wanted)?;
        Some(content.clone())
    })
}

/// The JSON-LD object that is this page's article.
fn json_article(page: &Html, url: &Url) -> Option<Value> {
    const MOST_BLOCKS: usize = 30;
    let mut articles = Vec::new();
    for script in select(page, "script[type='application/ld+json']").take(MOST_BLOCKS) {
        let text: String = script.text().collect();
        if let Some(value) = parse_json(&text) {
            collect_articles(value, 0, &mut articles);
        }
    }
    let own = articles.iter().position(|article| {
        ["url", "@id", "mainEntityOfPage"].iter().any(|name| {
            let stated = article[*name].as_str().or_else(|| article[*name]["@id"].as_str());
            stated
                .and_then(|stated| url.join(stated).ok())
                .is_some_and(|stated| stated.path() == url.path())
        })
    });
    let index = own.unwrap_or(0);
    (index < articles.len()).then(|| articles.swap_remove(index))
}

/// JSON as sites write it: in CDATA or comment marks, with raw line ends inside strings.
fn parse_json(text: &str) -> Option<Value> {
    let text = text.trim();
    let text = ["<!--", "//<![CDATA[", "<![CDATA[", "/*<![CDATA[*/"]
        .iter()
        .find_map(|mark| text.strip_prefix(mark))
        .unwrap_or(text);
    let text = ["-->", "//]]>", "]]>", "/*]]>*/"]
        .iter()
        .find_map(|mark| text.strip_suffix(mark))
        .unwrap_or(text)
        .trim()
        .trim_end_matches(';');
    serde_json::from_str(text).ok().or_else(|| {
        let cleaned: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        serde_json::from_str(&cleaned).ok()
    })
}

fn collect_articles(value: Value, depth: usize, articles: &mut Vec<Value>) {
    const MOST_DEPTH: usize = 4;
    if depth > MOST_DEPTH {
        return;
    }
    match value {
        Value::Array(values) => values
            .into_iter()
            .for_each(|value| collect_articles(value, depth + 1, articles)),
        Value::Object(mut object) => {
            let is_article = |kind: &Value| {
                kind.as_str().is_some_and(|kind| {
                    kind.ends_with("Article") || matches!(kind, "BlogPosting" | "LiveBlogPosting" | "Report")
                })
            };
            let kind = object.get("@type").cloned().unwrap_or(Value::Null);
            if is_article(&kind) || kind.as_array().is_some_and(|kinds| kinds.iter().any(is_article)) {
                articles.push(Value::Object(object));
                return;
            }
            for name in ["@graph", "mainEntity", "mainEntityOfPage"] {
                if let Some(inner) = object.remove(name) {
                    collect_articles(inner, depth + 1, articles);
                }
            }
        }
        _ => {}
    }
}

fn json_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::Array(values) => values.first()?.as_str()?,
        value => value.as_str()?,
    };
    Some(plain(text)).filter(|text| !text.is_empty())
}

/// JSON-LD has the body as plain text or as HTML, with or without line ends.
fn body_paragraphs(body: &str) -> Vec<String> {
    let broken = body
        .replace("</p>", "\n")
        .replace("<br", "\n<br")
        .replace("</h2>", "\n")
        .replace("</li>", "\n");
    broken
        .lines()
        .map(plain)
        .filter(|paragraph| !paragraph.is_empty())
        .collect()
}

fn select<'a>(page: &'a Html, selector: &str) -> impl Iterator<Item = ElementRef<'a>> + use<'a> {
    let selector = Selector::parse(selector).expect("selectors here are constants");
    page.select(&selector).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(html: &str) -> Metadata {
        let url = Url::parse("https://www.lejournal.fr/loiret/article-1").expect("a valid address");
        read(&Html::parse_document(html), &url)
    }

    #[test]
    fn titles() {
        let check = |html: &str, expected: &str| assert_eq!(metadata(html).title.as_deref(), Some(expected), "{html}");
        check(
            "<title>Orcet privé de réseau - Le Journal</title>",
            "Orcet privé de réseau",
        );
        check("<title>Orcet - Bourges : un fait</title>", "Orcet - Bourges : un fait");
        check(
            "<title>Orcet privé | Loiret | lejournal.fr</title><h1>Orcet privé</h1>",
            "Orcet privé",
        );
        check(
            "<meta property='og:site_name' content='La Gazette'><meta property='og:title' content='Un – La Gazette'>",
            "Un",
        );
        check(
            "<title>x</title><h1>Le site</h1><article><h1>Le  titre</h1></article>",
            "Le titre",
        );
        check(
            "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"L&#039;un\"}</script>",
            "L'un",
        );
    }

    #[test]
    fn publication_dates() {
        let check = |html: &str, expected: Option<&str>| {
            let found = metadata(html).published.map(|at| at.to_string());
            assert_eq!(found.as_deref(), expected, "{html}");
        };
        let expected = Some("2025-02-03T09:15:00Z");
        check(
            "<script type='application/ld+json'>[{\"@graph\":[{\"@type\":[\"NewsArticle\"],\"datePublished\":\"2025-02-03T10:15:00+01:00\"}]}]</script>",
            expected,
        );
        check(
            "<meta property='article:published_time' content='2025-02-03T09:15:00Z'>",
            expected,
        );
        check(
            "<article><time datetime='2025-02-03T10:15'>hier</time></article>",
            expected,
        );
        check("<time>Publié le 3 février 2025 à 10h15</time>", expected);
        check(
            "<span itemprop='datePublished' content='2025-02-03 10:15'></span>",
            expected,
        );
        check("<time>il y a deux heures</time>", None);
        check("<script type='application/ld+json'>{pas du JSON</script>", None);
    }

    #[test]
    fn canonical_addresses() {
        let check = |href: &str, expected: Option<&str>| {
            let found = metadata(&format!("<link rel='canonical' href='{href}'>")).canonical_url;
            assert_eq!(found.as_deref(), expected, "{href}");
        };
        check("/loiret/article-1", Some("https://www.lejournal.fr/loiret/article-1"));
        check("https://lejournal.fr/a", Some("https://lejournal.fr/a"));
        check("https://ailleurs.fr/a", None);
        check("https://www.lejournal.fr/", None);
        check("javascript:alert(1)", None);
    }

    #[test]
    fn the_rest() {
        let found = metadata(
            "<html lang='fr-FR'><meta name='description' content='Deux&#160;mots'>\
             <script type='application/ld+json'>{\"@type\":\"WebPage\",\"mainEntity\":{\"@type\":\"ReportageNewsArticle\",\
             \"publisher\":{\"name\":\"Le Journal\"},\"isAccessibleForFree\":\"False\",\"articleBody\":\"<p>Un.</p><p>Deux.</p>\"}}</script>",
        );
        assert_eq!(found.language.as_deref(), Some("fr"));
        assert_eq!(found.outlet.as_deref(), Some("Le Journal"));
        assert_eq!(found.description.as_deref(), Some("Deux\u{a0}mots"));
        assert_eq!(found.json_paragraphs, ["Un.", "Deux."]);
        assert!(found.needs_subscription && found.is_article);
    }
}
