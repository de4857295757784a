//! How fast articles are read, and how fast the program starts: `cargo bench --bench classify`.
//!
//! Whole readings at four lengths show that the time is linear; the parts show where it goes. In
//! the same run the same texts are searched by a plain regex alternation of all phrases and names of
//! communes, which finds words and understands none. spaCy is timed on them by `peer_spacy.py`.
//! All texts are of the imaginary press of `data/demo`.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::io::Write;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use jiff::Timestamp;
use regex::Regex;

use vigie::classify::model::Models;
use vigie::classify::{features, language, reading, verdict};
use vigie::cli::demo::press::{Block, embedded};
use vigie::entities::gazetteer::Gazetteer;
use vigie::entities::{self, Context};
use vigie::model::article::{Article, TextSource};
use vigie::model::id::ArticleId;
use vigie::pipeline::analyse::Reader;
use vigie::text::document::Document;
use vigie::text::fold::fold;

/// The length of an article, in characters.
const ARTICLE: usize = 3_000;
/// From one article to a page that no newspaper prints.
const LENGTHS: [usize; 4] = [ARTICLE, 30_000, 300_000, 10_000_000];

static READER: LazyLock<Reader> = LazyLock::new(|| Reader::load(None).expect("the embedded data loads"));
static MODELS: LazyLock<Models> = LazyLock::new(|| Models::embedded().expect("the embedded models compile"));
static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::embedded);

/// With `--texts FILE` the articles are written there, one JSON string a line, for a peer to be timed on.
fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--texts");
    match arguments.nth(1) {
        Some(file) => write_texts(&file),
        None => divan::main(),
    }
}

fn write_texts(file: &str) {
    let mut out = std::fs::File::create(file).unwrap_or_else(|error| panic!("{file}: {error}"));
    for article in articles(ARTICLE) {
        let text = format!("{}\n{}", article.title, article.text);
        let line = serde_json::to_string(&text).expect("a string is JSON");
        writeln!(out, "{line}").unwrap_or_else(|error| panic!("{file}: {error}"));
    }
}

/// Headlines and paragraphs of the imaginary press, article by article.
fn stories() -> Vec<(String, String)> {
    let outlets = embedded().expect("the press of the demonstration is sound");
    let articles = outlets.iter().flat_map(|outlet| &outlet.articles);
    let text = |block: Block<'_>| match block {
        Block::Paragraph(text) | Block::Heading(text) => Some(text.to_owned()),
        Block::List(items) => Some(items.join("\n")),
        Block::Teaser { label, title } => Some(format!("{label} {title}")),
        Block::Newsletter => None,
    };
    articles
        .map(|article| {
            let paragraphs: Vec<String> = article.blocks().into_iter().filter_map(text).collect();
            let title = article.title.clone();
            (title, format!("{}\n{}\n", article.standfirst, paragraphs.join("\n")))
        })
        .collect()
}

/// One article for each of the press, that goes on with the following ones up to this many characters.
fn articles(length: usize) -> Vec<Article> {
    let stories = stories();
    let count = if length > ARTICLE { 1 } else { stories.len() };
    (0..count)
        .map(|first| {
            let following = stories.iter().cycle().skip(first);
            let text: String = following.flat_map(|(_, text)| text.chars()).take(length).collect();
            article(&stories[first].0, text)
        })
        .collect()
}

fn article(title: &str, text: String) -> Article {
    let published: Timestamp = "2023-12-14T12:00:00Z".parse().expect("a time");
    Article {
        id: ArticleId::of_url(title),
        url: "https://gazette.example/article".to_owned(),
        outlet: "La Gazette".to_owned(),
        feed: None,
        entry: None,
        title: title.to_owned(),
        standfirst: None,
        text,
        published,
        published_day_known: true,
        received: published,
        declared_language: Some("fr".to_owned()),
        outlet_departements: Vec::new(),
        source: TextSource::Import,
    }
}

/// Times a step over articles, one call an article, and counts articles and bytes.
fn over<T>(bencher: Bencher<'_, '_>, articles: &[Article], step: impl Fn(&Article) -> T + Sync) {
    let bytes: usize = articles
        .iter()
        .map(|article| article.title.len() + article.text.len())
        .sum();
    let mut next = articles.iter().cycle();
    bencher
        .counter(ItemsCount::new(1_usize))
        .counter(BytesCount::new(bytes / articles.len()))
        .with_inputs(|| next.next().expect("there are articles"))
        .bench_local_values(|article| step(black_box(article)));
}

#[divan::bench(args = LENGTHS, sample_count = 500, max_time = 5)]
fn whole(bencher: Bencher<'_, '_>, length: usize) {
    over(bencher, &articles(length), |article| READER.read(article));
}

/// One paragraph without a line end.
#[divan::bench(args = [100_000, 1_000_000], max_time = 3)]
fn one_line(bencher: Bencher<'_, '_>, length: usize) {
    let mut long = articles(length);
    long[0].text = long[0].text.replace('\n', " ");
    over(bencher, &long, |article| READER.read(article));
}

/// The steps of one reading.
mod parts {
    use super::*;

    #[divan::bench]
    fn document(bencher: Bencher<'_, '_>) {
        over(bencher, &articles(ARTICLE), |article| {
            Document::new(&article.title, None, &article.text)
        });
    }

    #[divan::bench]
    fn language_guess(bencher: Bencher<'_, '_>) {
        over(bencher, &articles(ARTICLE), |article| {
            language::detect(&article.text, Some("fr"))
        });
    }

    /// With the copy of the document that it marks.
    #[divan::bench]
    fn phrases(bencher: Bencher<'_, '_>) {
        let articles = articles(ARTICLE);
        let documents: Vec<Document> = articles
            .iter()
            .map(|article| Document::new(&article.title, None, &article.text))
            .collect();
        let mut next = (0..documents.len()).cycle();
        bencher
            .with_inputs(|| documents[next.next().expect("without end")].clone())
            .bench_local_refs(|document| reading::read(document, &MODELS.phrases));
    }

    #[divan::bench]
    fn names_and_dates(bencher: Bencher<'_, '_>) {
        let articles = articles(ARTICLE);
        let prepared: Vec<(Document, reading::Reading)> = articles.iter().map(read_phrases).collect();
        let mut next = prepared.iter().cycle();
        let context = Context {
            published: articles[0].published,
            outlet_departements: &[],
            url: &articles[0].url,
        };
        bencher
            .with_inputs(|| next.next().expect("without end"))
            .bench_local_values(|(document, reading)| {
                entities::read(document, &reading.statements, &context, &GAZETTEER)
            });
    }

    /// Features, and what they vote for.
    #[divan::bench]
    fn scores(bencher: Bencher<'_, '_>) {
        let articles = articles(ARTICLE);
        let prepared: Vec<(Document, reading::Reading)> = articles.iter().map(read_phrases).collect();
        let mut next = prepared.iter().cycle();
        let found = features::Found::default();
        bencher
            .with_inputs(|| next.next().expect("without end"))
            .bench_local_values(|(document, reading)| {
                let features = features::features(reading, &found, document.text.len());
                verdict::conclude(document, reading, &features, &found, &MODELS.votes)
            });
    }

    fn read_phrases(article: &Article) -> (Document, reading::Reading) {
        let mut document = Document::new(&article.title, None, &article.text);
        let reading = reading::read(&mut document, &MODELS.phrases);
        (document, reading)
    }
}

/// What happens once, before the first article.
mod start {
    use super::*;

    #[divan::bench]
    fn whole() -> Reader {
        Reader::load(None).expect("the embedded data loads")
    }

    #[divan::bench]
    fn models() -> Models {
        Models::embedded().expect("the embedded models compile")
    }

    #[divan::bench]
    fn gazetteer() -> Gazetteer {
        Gazetteer::embedded()
    }
}

/// The same texts folded and searched by one regex: every phrase and every commune as an alternative.
mod regex_alternation {
    use super::*;

    static ALTERNATION: LazyLock<Regex> = LazyLock::new(alternation);

    #[divan::bench]
    fn articles_of_3000(bencher: Bencher<'_, '_>) {
        let articles = articles(ARTICLE);
        let count = |article: &Article| ALTERNATION.find_iter(&fold(&article.text).text).count();
        // The automaton is built as it meets the texts: not in the time of the first ones.
        let found: usize = articles.iter().map(count).sum();
        assert!(found > 0);
        over(bencher, &articles, count);
    }

    #[divan::bench(sample_count = 3)]
    fn start() -> Regex {
        alternation()
    }

    fn alternation() -> Regex {
        let communes = include_str!("../data/gazetteer/communes.tsv").lines().skip(1);
        let names = communes.filter_map(|line| line.split('\t').nth(1));
        let names = names.map(|name| regex::escape(&fold(name).text));
        let phrases = MODELS.phrases.lexicon.phrases().iter();
        let phrases = phrases.map(|phrase| as_regex(&phrase.written));
        // The group keeps the names, which are plain text, apart from the phrases: as one trie they are
        // searched a hundred times faster.
        let pattern = format!(r"\b(?:({})|{})\b", longest_first(names), longest_first(phrases));
        regex::RegexBuilder::new(&pattern)
            .size_limit(1 << 30)
            .dfa_size_limit(1 << 28)
            .unicode(false)
            .build()
            .expect("phrases make a regex")
    }

    /// As alternatives, the longest first: the first that fits is taken.
    fn longest_first(alternatives: impl Iterator<Item = String>) -> String {
        let mut all: Vec<String> = alternatives.collect::<BTreeSet<_>>().into_iter().collect();
        all.sort_by_key(|alternative| std::cmp::Reverse(alternative.len()));
        all.join("|")
    }

    /// `*`, `(a/b)` and `_` of the phrases as regex.
    fn as_regex(written: &str) -> String {
        let mut regex = String::new();
        for part in written.split(" _ ") {
            if !regex.is_empty() {
                regex.push_str("(?: [a-z0-9]+){0,5} ");
            }
            for c in part.replace(['-', '\'', '’'], " ").chars() {
                match c {
                    '(' => regex.push_str("(?:"),
                    '/' => regex.push('|'),
                    ')' => regex.push(')'),
                    '*' => regex.push_str("[a-z0-9]*"),
                    ' ' => regex.push(' '),
                    c => regex.push_str(&regex::escape(&fold(&c.to_string()).text)),
                }
            }
        }
        regex
    }
}
