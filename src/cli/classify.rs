//! `vigie classify`: one article, everything that was concluded and the words that decided; with
//! `--explain`, why.

use std::io::Read;

use url::Url;

use super::args::{ClassifyArgs, ClassifyFormat};
use super::{ALL_WELL, Failure, Surroundings, network, print, runtime};
use crate::config::Defaults;
use crate::dedup::url::canonical;
use crate::export::explain::Headline;
use crate::export::{explain, page};
use crate::extract;
use crate::fetch::{Fetch, Request, What};
use crate::model::article::{Article, Page, TextSource};
use crate::model::id::ArticleId;
use crate::pipeline::explain::explain as explain_article;
use crate::text::charset::decode;

/// Largest input.
const MOST_BYTES: u64 = 20 * 1024 * 1024;

/// What was read, before it becomes an article.
struct Input {
    page: Page,
    url: Option<Url>,
}

/// Reads, classifies, prints.
pub fn run(surroundings: &Surroundings, args: &ClassifyArgs) -> Result<u8, Failure> {
    let format = format(args)?;
    let reader = surroundings.reader();
    let input = read(args)?;
    let article = article(surroundings, args, input);
    let headline = Headline {
        title: &article.title,
        url: &article.url,
    };
    let reader = reader.get()?;
    let text = match (args.explain, format) {
        (false, _) => explain::conclusion(headline, &reader.read(&article)),
        (true, ClassifyFormat::Json) => explain::json(headline, &explain_article(reader, &article)),
        (true, ClassifyFormat::Text) => {
            explain::text(headline, &explain_article(reader, &article), surroundings.screen.stdout)
        }
        (true, ClassifyFormat::Html) => page::html(headline, &explain_article(reader, &article)),
    };
    print(&text)?;
    Ok(ALL_WELL)
}

/// Only an explanation has other formats than JSON.
fn format(args: &ClassifyArgs) -> Result<ClassifyFormat, Failure> {
    match (args.explain, args.format) {
        (_, Some(ClassifyFormat::Json)) | (false, None) => Ok(ClassifyFormat::Json),
        (true, chosen) => Ok(chosen.unwrap_or(ClassifyFormat::Text)),
        (false, Some(_)) => Err(Failure::usage(anyhow::anyhow!(
            "--format text and html show an explanation: add --explain"
        ))),
    }
}

fn read(args: &ClassifyArgs) -> Result<Input, Failure> {
    if args.input.starts_with("http://") || args.input.starts_with("https://") {
        return read_url(&args.input);
    }
    let bytes = read_file(&args.input)?;
    let url = match &args.url {
        Some(url) => Some(Url::parse(url).map_err(|error| Failure::usage(anyhow::anyhow!("--url {url}: {error}")))?),
        None => None,
    };
    let page = page_of(&bytes, None, url.as_ref(), args.title.as_deref())
        .map_err(|refused| Failure::work(anyhow::anyhow!("{}: {refused}", args.input)))?;
    Ok(Input { page, url })
}

fn read_file(input: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if input == "-" {
        std::io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(input).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::usage(anyhow::Error::new(error).context(format!("reading {input}"))))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Failure::usage(anyhow::anyhow!(
            "{input}: larger than {MOST_BYTES} bytes"
        )));
    }
    Ok(bytes)
}

fn read_url(address: &str) -> Result<Input, Failure> {
    let url = Url::parse(address).map_err(|error| Failure::usage(anyhow::anyhow!("{address}: {error}")))?;
    let client = network::client(&Defaults::default())?;
    let request = Request {
        url,
        what: What::Page,
        etag: None,
        last_modified: None,
    };
    let failed = |what: String| Failure::work(anyhow::anyhow!("{address}: {what}"));
    let answer = runtime()?
        .block_on(client.fetch(request))
        .map_err(|error| failed(error.to_string()))?;
    if !(200..=299).contains(&answer.status) {
        return Err(failed(format!("HTTP {}", answer.status)));
    }
    let page = page_of(
        &answer.body,
        answer.content_type.as_deref(),
        Some(&answer.final_url),
        None,
    )
    .map_err(failed)?;
    Ok(Input {
        page,
        url: Some(answer.final_url),
    })
}

/// HTML is extracted; anything else is text, read under the title that was given.
fn page_of(
    bytes: &[u8],
    content_type: Option<&str>,
    url: Option<&Url>,
    given_title: Option<&str>,
) -> Result<Page, String> {
    let start: Vec<u8> = bytes
        .iter()
        .copied()
        .skip_while(u8::is_ascii_whitespace)
        .take(256)
        .collect();
    let looks_html = String::from_utf8_lossy(&start).to_ascii_lowercase();
    let is_html = content_type.is_some()
        || looks_html.starts_with("<!doctype")
        || looks_html.starts_with("<html")
        || looks_html.starts_with("<?xml")
        || looks_html.starts_with("<!--")
        || looks_html.starts_with("<head")
        || looks_html.starts_with("<body")
        || looks_html.starts_with("<article");
    if is_html {
        let unknown = Url::parse("https://localhost/").map_err(|error| error.to_string())?;
        let page = extract::extract(bytes, content_type.or(Some("text/html")), url.unwrap_or(&unknown));
        return page.map_err(|refused| format!("not an article: {refused}"));
    }
    Ok(page_of_text(&decode(bytes, None), given_title))
}

/// One paragraph a line; the first line is the headline when a blank line follows it and no other title was given.
fn page_of_text(text: &str, given_title: Option<&str>) -> Page {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().trim();
    let is_apart = !first.is_empty() && lines.next().is_some_and(|line| line.trim().is_empty());
    let has_headline = is_apart && given_title.is_none_or(|title| title.trim() == first);
    let paragraphs = text.lines().skip(usize::from(has_headline)).map(str::trim);
    Page {
        title: has_headline.then(|| first.to_owned()),
        paragraphs: paragraphs.filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        ..Page::default()
    }
}

fn article(surroundings: &Surroundings, args: &ClassifyArgs, input: Input) -> Article {
    let url = input
        .url
        .as_ref()
        .map_or_else(|| "urn:vigie:classify".to_owned(), |url| canonical(url).to_string());
    Article {
        id: ArticleId::of_url(&url),
        url,
        outlet: args.outlet.clone().or(input.page.outlet).unwrap_or_default(),
        feed: None,
        entry: None,
        title: args.title.clone().or(input.page.title).unwrap_or_default(),
        standfirst: input.page.standfirst,
        text: input.page.paragraphs.join("\n"),
        published: args.published.or(input.page.published).unwrap_or(surroundings.now),
        published_day_known: args.published.or(input.page.published).is_some(),
        received: surroundings.now,
        declared_language: args.language.clone().or(input.page.language),
        outlet_departements: Vec::new(),
        source: TextSource::Import,
    }
}
