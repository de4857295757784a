//! The web of the demonstration: every feed and page of the imaginary press, rendered once and
//! served on the loopback address, with the refusals and failures that a real web has.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::Response;
use encoding_rs::WINDOWS_1252;
use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::feeds::feed;
use super::pages::{article_page, home_page, http_date};
use super::press::{self, BrokenSource, FeedFormat, Outlet, PageAnswer};
use crate::model::feed::FeedSource;
use crate::model::id::FeedId;

/// How often the demonstration's feeds ask to be polled.
const POLL_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// The running web. It stops when dropped; `stop` also waits until it has.
#[derive(Debug)]
pub struct DemoWeb {
    base_url: String,
    outlets: Vec<Outlet>,
    shutdown: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

/// Why the web of the demonstration does not run.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// What is in the binary is broken.
    #[error(transparent)]
    Source(#[from] BrokenSource),
    /// No port on the loopback address, or the server failed.
    #[error("serving the demonstration on the loopback address: {0}")]
    Serve(#[from] std::io::Error),
}

impl DemoWeb {
    /// Renders everything and serves it on a free port of 127.0.0.1. Needs a tokio runtime.
    pub async fn start() -> Result<DemoWeb, DemoError> {
        let outlets = press::embedded()?;
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let site = Arc::new(render(&outlets, &base_url));
        let router = Router::new().fallback(answer).with_state(site);
        let (shutdown, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            axum::serve(listener, router)
                // A dropped sender means stop, too.
                .with_graceful_shutdown(async move { drop(stopped.await) })
                .await
        });
        Ok(DemoWeb {
            base_url,
            outlets,
            shutdown,
            task,
        })
    }

    /// "http://127.0.0.1:40123", without a final slash.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The titles served.
    pub fn outlets(&self) -> &[Outlet] {
        &self.outlets
    }

    /// The feeds to collect, the two that fail included.
    pub fn feeds(&self) -> Vec<FeedSource> {
        self.outlets
            .iter()
            .map(|outlet| FeedSource {
                id: FeedId::from(outlet.id.as_str()),
                url: outlet.feed_url(&self.base_url),
                outlet: outlet.name.clone(),
                topic: outlet.topic.clone(),
                language: outlet.language.clone(),
                departements: outlet.departements.clone(),
                every: POLL_EVERY,
                uncertain: None,
                disabled: None,
            })
            .collect()
    }

    /// Stops serving: answers under way are finished first. Errs when the server had failed.
    pub async fn stop(self) -> Result<(), DemoError> {
        // The receiver is gone when the server has already ended; its result says why.
        drop(self.shutdown);
        match self.task.await {
            Ok(result) => Ok(result?),
            Err(ended) => Err(DemoError::Serve(std::io::Error::other(ended))),
        }
    }
}

/// One document, ready to be sent.
#[derive(Debug, Clone)]
struct Document {
    status: StatusCode,
    content_type: String,
    etag: Option<String>,
    last_modified: Option<String>,
    body: Vec<u8>,
}

/// All documents by path.
type Site = BTreeMap<String, Document>;

fn render(outlets: &[Outlet], base: &str) -> Site {
    let mut site = Site::new();
    let robots = Document::new(
        StatusCode::OK,
        "text/plain; charset=utf-8",
        b"User-agent: *\nAllow: /\n",
    );
    site.insert("/robots.txt".to_owned(), robots);
    for outlet in outlets {
        let path = |below: &str| format!("/{}/{below}", outlet.id);
        let page_type = page_content_type(&outlet.charset);
        let home = Document::new(
            StatusCode::OK,
            &page_type,
            &encode(&outlet.charset, &home_page(outlet, base)),
        );
        site.insert(path(""), home.clone());
        site.insert(path(&outlet.feed_path), feed_document(outlet, base).unwrap_or(home));
        for article in &outlet.articles {
            let status = match article.answer {
                PageAnswer::Forbidden => StatusCode::FORBIDDEN,
                PageAnswer::Page | PageAnswer::ConsentWall => StatusCode::OK,
            };
            let page = encode(&outlet.charset, &article_page(outlet, article, base));
            site.insert(
                path(&outlet.article_path(article)),
                Document::new(status, &page_type, &page),
            );
        }
    }
    site
}

/// What stands at the feed's address; `None` when it is the home page.
fn feed_document(outlet: &Outlet, base: &str) -> Option<Document> {
    if outlet.feed_format == FeedFormat::ServerError {
        let message = "Erreur interne du serveur. Nos techniciens sont prévenus.\n";
        return Some(Document::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "text/plain; charset=utf-8",
            message.as_bytes(),
        ));
    }
    let document = feed(outlet, base)?;
    let body = encode(&outlet.charset, &document.text);
    let etag = format!("\"{}\"", &blake3::hash(&body).to_hex()[..16]);
    Some(Document {
        etag: Some(etag),
        last_modified: outlet.articles.last().map(http_date),
        ..Document::new(StatusCode::OK, document.content_type, &body)
    })
}

impl Document {
    fn new(status: StatusCode, content_type: &str, body: &[u8]) -> Document {
        Document {
            status,
            content_type: content_type.to_owned(),
            etag: None,
            last_modified: None,
            body: body.to_vec(),
        }
    }

    /// Whether the asker already has this very document (RFC 9110, 13.1: a tag goes before a date).
    fn is_known(&self, headers: &HeaderMap) -> bool {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        match (text(header::IF_NONE_MATCH), &self.etag) {
            (Some(tags), Some(etag)) => tags
                .split(',')
                .any(|tag| tag.trim().trim_start_matches("W/") == etag.as_str()),
            (Some(_), None) => false,
            (None, _) => {
                self.last_modified.is_some() && text(header::IF_MODIFIED_SINCE) == self.last_modified.as_deref()
            }
        }
    }
}

/// The query is not looked at: links carry campaign marks.
async fn answer(State(site): State<Arc<Site>>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return plain(StatusCode::METHOD_NOT_ALLOWED);
    }
    let Some(document) = site.get(uri.path()) else {
        return plain(StatusCode::NOT_FOUND);
    };
    let known = document.is_known(&headers);
    let mut response = Response::builder()
        .status(if known {
            StatusCode::NOT_MODIFIED
        } else {
            document.status
        })
        .header(header::CONTENT_TYPE, &document.content_type);
    if let Some(etag) = &document.etag {
        response = response.header(header::ETAG, etag);
    }
    if let Some(last_modified) = &document.last_modified {
        response = response.header(header::LAST_MODIFIED, last_modified);
    }
    let body = if known {
        Body::empty()
    } else {
        Body::from(document.body.clone())
    };
    response
        .body(body)
        .unwrap_or_else(|_| plain(StatusCode::INTERNAL_SERVER_ERROR))
}

fn plain(status: StatusCode) -> Response {
    let mut response = Response::new(Body::from(status.to_string()));
    *response.status_mut() = status;
    response
}

/// As a server would say it: the oldest site leaves the charset to its own `meta` element.
fn page_content_type(charset: &str) -> String {
    match charset {
        "windows-1252" => "text/html".to_owned(),
        charset => format!("text/html; charset={charset}"),
    }
}

/// The text in the outlet's charset; what the charset lacks becomes a character reference.
fn encode(charset: &str, text: &str) -> Vec<u8> {
    match charset {
        "windows-1252" => WINDOWS_1252.encode(text).0.into_owned(),
        // Strictly ISO-8859-1, not the windows-1252 that browsers read under that name.
        "iso-8859-1" => text
            .chars()
            .flat_map(|c| match u8::try_from(c) {
                Ok(byte) => vec![byte],
                Err(_) if c == '’' => vec![b'\''],
                Err(_) => format!("&#{};", u32::from(c)).into_bytes(),
            })
            .collect(),
        _ => text.as_bytes().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn client() -> reqwest::Client {
        // Another test of this process may have installed it already: that is as good.
        let _already_installed = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::new()
    }

    #[tokio::test]
    async fn feeds_answer_as_designed() {
        let web = DemoWeb::start().await.expect("the demonstration starts");
        let client = client();
        let mut formats = BTreeSet::new();
        for (outlet, source) in web.outlets().iter().zip(web.feeds()) {
            let response = client.get(&source.url).send().await.expect("the loopback answers");
            let status = response.status().as_u16();
            let etag = response.headers().get("etag").cloned();
            let last_modified = response.headers().get("last-modified").cloned();
            let body = response.bytes().await.expect("a body");
            match outlet.feed_format {
                FeedFormat::ServerError => assert_eq!(status, 500),
                FeedFormat::WebPage => {
                    assert_eq!(status, 200);
                    assert!(feed_rs::parser::parse(&body[..]).is_err());
                }
                _ => {
                    assert_eq!(status, 200, "{}", source.url);
                    let parsed = feed_rs::parser::parse(&body[..]).expect(&outlet.id);
                    formats.insert(format!("{:?}", parsed.feed_type));
                    let listed: Vec<(String, String)> = parsed
                        .entries
                        .iter()
                        .map(|entry| {
                            let title = entry.title.as_ref().map(|title| title.content.replace('\'', "’"));
                            (title.unwrap_or_default(), entry.links[0].href.clone())
                        })
                        .collect();
                    let written: Vec<(String, String)> = outlet
                        .articles
                        .iter()
                        .rev()
                        .map(|article| (article.title.clone(), outlet.feed_link(web.base_url(), article)))
                        .collect();
                    assert_eq!(listed, written, "{}", outlet.id);
                    for (name, value) in [("if-none-match", etag), ("if-modified-since", last_modified)] {
                        let again = client
                            .get(&source.url)
                            .header(name, value.expect("a validator"))
                            .send()
                            .await
                            .expect("the loopback answers");
                        assert_eq!(again.status().as_u16(), 304, "{} {name}", outlet.id);
                    }
                }
            }
        }
        assert_eq!(
            formats.into_iter().collect::<Vec<_>>(),
            ["Atom", "JSON", "RSS0", "RSS1", "RSS2"]
        );
        web.stop().await.expect("a clean end");
    }

    #[tokio::test]
    async fn every_expected_article_is_served() {
        let web = DemoWeb::start().await.expect("the demonstration starts");
        let client = client();
        let mut expected = BTreeSet::new();
        for line in press::EXPECTED.lines() {
            let expectation: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let path = expectation["url"].as_str().expect("an address").to_owned();
            assert!(expected.insert(path), "twice: {line}");
        }
        let mut answers = BTreeSet::new();
        for outlet in web.outlets() {
            for article in &outlet.articles {
                let url = outlet.feed_link(web.base_url(), article);
                let response = client.get(&url).send().await.expect("the loopback answers");
                let status = response.status().as_u16();
                let content_type = response.headers()["content-type"].to_str().expect("ASCII").to_owned();
                assert!(content_type.starts_with("text/html"), "{url}");
                let bytes = response.bytes().await.expect("a body");
                let (page, _, broken) = encoding_rs::Encoding::for_label(outlet.charset.as_bytes())
                    .expect("a charset of the web")
                    .decode(&bytes);
                assert!(!broken, "{url}");
                let has_title = page.replace('\'', "’").contains(article.title.as_str());
                assert_eq!(has_title, article.answer == PageAnswer::Page, "{url}");
                assert_eq!(status == 403, article.answer == PageAnswer::Forbidden, "{url}");
                answers.insert(format!("{:?}", article.answer));
                let path = outlet.article_url("", article);
                assert!(expected.remove(&path), "{path} is not expected");
            }
        }
        assert_eq!(expected, BTreeSet::new(), "expected but never written");
        assert_eq!(answers.len(), 3);
        let missing = client.get(format!("{}/nulle-part", web.base_url())).send().await;
        assert_eq!(missing.expect("the loopback answers").status().as_u16(), 404);
        web.stop().await.expect("a clean end");
    }

    #[test]
    fn expectations_use_the_labels_of_the_taxonomy() {
        use crate::model::label::{ArticleKind, AttackType, Level, Sector, Status};
        let mut keys = BTreeSet::new();
        let mut without_incident = 0;
        for line in press::EXPECTED.lines() {
            let expectation: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let label = |value: &serde_json::Value| value.as_str().expect("a label").to_owned();
            let kind = ArticleKind::from_id(&label(&expectation["kind"])).expect(line);
            let incidents = expectation["incidents"].as_array().expect("a list");
            assert_eq!(kind.carries_incident(), !incidents.is_empty(), "{line}");
            without_incident += usize::from(incidents.is_empty());
            for incident in incidents {
                keys.insert(label(&incident["key"]));
                Sector::from_id(&label(&incident["sector"])).expect(line);
                Status::from_id(&label(&incident["status"])).expect(line);
                if !incident["level"].is_null() {
                    Level::from_id(&label(&incident["level"])).expect(line);
                }
                for attack in incident["attacks"].as_array().expect("a list") {
                    AttackType::from_id(&label(attack)).expect(line);
                }
            }
        }
        assert!(keys.len() >= 11, "{keys:?}");
        assert!(without_incident >= 11);
    }

    #[test]
    fn charsets() {
        let check = |charset: &str, text: &str, bytes: &[u8]| assert_eq!(encode(charset, text), bytes);
        check("utf-8", "é", "é".as_bytes());
        check("windows-1252", "l’œuvre", b"l\x92\x9cuvre");
        check("iso-8859-1", "l’œuvre\u{a0}é", b"l'&#339;uvre\xa0\xe9");
    }
}
