//! From an outlet of the imaginary press to the feed it would publish, in its own format. Each
//! format is written by hand, as content systems write it, so that its oddities are real ones.

use serde_json::json;

use super::pages::{escape, feed_html, http_date, published_iso};
use super::press::{DemoArticle, FeedFormat, Outlet};

/// A feed as text, with its media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedDocument {
    /// `Content-Type`, verbatim; some outlets leave the charset to the XML prolog.
    pub content_type: &'static str,
    /// The document, not yet in the outlet's charset.
    pub text: String,
}

/// The outlet's feed, newest article first; `None` when it has no feed.
pub fn feed(outlet: &Outlet, base: &str) -> Option<FeedDocument> {
    let (content_type, text) = match outlet.feed_format {
        FeedFormat::Rss2Full => (
            "application/rss+xml; charset=utf-8",
            rss2(outlet, base, "utf-8", |article| {
                let link = escape(&outlet.feed_link(base, article)).into_owned();
                format!(
                    "<guid isPermaLink=\"true\">{link}</guid>\n<dc:creator>{}</dc:creator>\n<content:encoded><![CDATA[{}]]></content:encoded>\n",
                    escape(&article.author),
                    feed_html(outlet, article, base)
                )
            }),
        ),
        FeedFormat::Rss2Short => (
            "text/xml; charset=utf-8",
            rss2(outlet, base, "utf-8", |article| {
                format!("<guid isPermaLink=\"false\">article-{}</guid>\n", article.slug)
            }),
        ),
        FeedFormat::Rss2Latin1 => (
            "application/xml; charset=ISO-8859-1",
            rss2(outlet, base, "ISO-8859-1", |article| {
                format!("<category>{}</category>\n", escape(&article.section))
            }),
        ),
        FeedFormat::Rss1 => ("application/rdf+xml", rss1(outlet, base)),
        FeedFormat::Rss092 => ("text/xml", rss092(outlet, base)),
        FeedFormat::AtomFull => (
            "application/atom+xml; charset=utf-8",
            atom(outlet, base, |article| {
                format!(
                    "<summary>{}</summary>\n<content type=\"html\">{}</content>\n",
                    escape(&article.standfirst),
                    escape(&feed_html(outlet, article, base))
                )
            }),
        ),
        FeedFormat::AtomShort => (
            "application/atom+xml",
            atom(outlet, base, |article| {
                format!("<summary type=\"text\">{}</summary>\n", escape(&article.standfirst))
            }),
        ),
        FeedFormat::JsonFeed => ("application/feed+json; charset=utf-8", json_feed(outlet, base)),
        FeedFormat::ServerError | FeedFormat::WebPage => return None,
    };
    Some(FeedDocument { content_type, text })
}

fn rss2(outlet: &Outlet, base: &str, encoding: &str, more: impl Fn(&DemoArticle) -> String) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>\n<title>{}</title>\n<link>{}</link>\n<description>{}</description>\n<language>fr-FR</language>\n<ttl>30</ttl>\n<atom:link href=\"{}\" rel=\"self\" type=\"application/rss+xml\"/>\n",
        escape(&outlet.name),
        outlet.home(base),
        escape(&outlet.tagline),
        outlet.feed_url(base),
    );
    for article in outlet.articles.iter().rev() {
        xml.push_str(&format!(
            "<item>\n<title>{}</title>\n<link>{}</link>\n<pubDate>{}</pubDate>\n<description>{}</description>\n{}</item>\n",
            escape(&article.title),
            escape(&outlet.feed_link(base, article)),
            http_date(article),
            escape(&article.standfirst),
            more(article),
        ));
    }
    xml + "</channel>\n</rss>\n"
}

fn rss1(outlet: &Outlet, base: &str) -> String {
    let links: Vec<(&DemoArticle, String)> = outlet
        .articles
        .iter()
        .rev()
        .map(|article| (article, escape(&outlet.feed_link(base, article)).into_owned()))
        .collect();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel rdf:about=\"{0}\">\n<title>{1}</title>\n<link>{0}</link>\n<description>{2}</description>\n<dc:language>fr</dc:language>\n<items><rdf:Seq>\n",
        outlet.home(base),
        escape(&outlet.name),
        escape(&outlet.tagline),
    );
    for (_, link) in &links {
        xml.push_str(&format!("<rdf:li rdf:resource=\"{link}\"/>\n"));
    }
    xml.push_str("</rdf:Seq></items>\n</channel>\n");
    for (article, link) in &links {
        xml.push_str(&format!(
            "<item rdf:about=\"{link}\">\n<title>{}</title>\n<link>{link}</link>\n<description>{}</description>\n<dc:creator>{}</dc:creator>\n<dc:date>{}</dc:date>\n</item>\n",
            escape(&article.title),
            escape(&article.standfirst),
            escape(&article.author),
            published_iso(article),
        ));
    }
    xml + "</rdf:RDF>\n"
}

fn rss092(outlet: &Outlet, base: &str) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n<rss version=\"0.92\">\n<channel>\n<title>{}</title>\n<link>{}</link>\n<description>{}</description>\n<language>fr</language>\n",
        escape(&outlet.name),
        outlet.home(base),
        escape(&outlet.tagline),
    );
    for article in outlet.articles.iter().rev() {
        xml.push_str(&format!(
            "<item>\n<title>{}</title>\n<link>{}</link>\n<description>{}</description>\n</item>\n",
            escape(&article.title),
            escape(&outlet.feed_link(base, article)),
            escape(&article.standfirst),
        ));
    }
    xml + "</channel>\n</rss>\n"
}

fn atom(outlet: &Outlet, base: &str, more: impl Fn(&DemoArticle) -> String) -> String {
    let updated = outlet.articles.last().map(published_iso).unwrap_or_default();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"fr\">\n<id>{0}</id>\n<title>{1}</title>\n<subtitle>{2}</subtitle>\n<updated>{updated}</updated>\n<link href=\"{0}\"/>\n<link rel=\"self\" href=\"{3}\"/>\n",
        outlet.home(base),
        escape(&outlet.name),
        escape(&outlet.tagline),
        outlet.feed_url(base),
    );
    for article in outlet.articles.iter().rev() {
        let published = published_iso(article);
        xml.push_str(&format!(
            "<entry>\n<id>tag:{},2023:{}</id>\n<title>{}</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n<author><name>{}</name></author>\n<published>{published}</published>\n<updated>{published}</updated>\n{}</entry>\n",
            outlet.host,
            article.slug,
            escape(&article.title),
            escape(&outlet.feed_link(base, article)),
            escape(&article.author),
            more(article),
        ));
    }
    xml + "</feed>\n"
}

fn json_feed(outlet: &Outlet, base: &str) -> String {
    let items: Vec<serde_json::Value> = outlet
        .articles
        .iter()
        .rev()
        .map(|article| {
            let link = outlet.feed_link(base, article);
            json!({
                "id": link,
                "url": link,
                "title": article.title,
                "summary": article.standfirst,
                "content_html": feed_html(outlet, article, base),
                "date_published": published_iso(article),
                "tags": [article.section],
            })
        })
        .collect();
    json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": outlet.home(base),
        "feed_url": outlet.feed_url(base),
        "language": outlet.language,
        "items": items,
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::super::press;
    use super::*;

    #[test]
    fn the_press_writes_every_format() {
        let outlets = press::embedded().expect("data/demo is well-formed");
        let documents: Vec<FeedDocument> = outlets
            .iter()
            .filter_map(|outlet| feed(outlet, "http://127.0.0.1:1"))
            .collect();
        for mark in [
            "<rss version=\"2.0\"",
            "<rss version=\"0.92\"",
            "<rdf:RDF",
            "<feed xmlns",
            "jsonfeed.org",
            "encoding=\"windows-1252\"",
            "encoding=\"ISO-8859-1\"",
        ] {
            assert!(documents.iter().any(|document| document.text.contains(mark)), "{mark}");
        }
    }
}
