//! The imaginary press as it is written down in `data/demo`: outlets with their articles, one TOML
//! file each, and one page layout each. All of it is in the binary.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::Deserialize;

/// Offset of Paris in winter: every article of the demonstration is from November or December.
pub const PARIS_WINTER: Offset = jiff::tz::offset(1);

/// One title of the imaginary press.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outlet {
    /// First segment of its addresses, and the id of its feed.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The host name it prints in its pages; nothing answers there.
    pub host: String,
    /// Its motto.
    pub tagline: String,
    /// What it is about: `regional`, `security`, `tech`, `public`, `general`.
    pub topic: String,
    /// ISO 639-1 code.
    pub language: String,
    /// Départements covered.
    pub departements: Vec<String>,
    /// The format of its feed.
    pub feed_format: FeedFormat,
    /// Where its feed is, below the outlet's own address.
    pub feed_path: String,
    /// Where its articles are: `{date}`, `{day_path}` and `{slug}` are filled in.
    #[serde(default)]
    pub article_path: String,
    /// The charset of its documents, as the web calls it.
    pub charset: String,
    /// What its feed appends to links, so that addresses need cleaning.
    #[serde(default)]
    pub link_suffix: String,
    /// HTML of a paragraph; `{}` is the text.
    #[serde(default)]
    pub paragraph: String,
    /// HTML of a heading; `{}` is the text.
    #[serde(default)]
    pub heading: String,
    /// HTML of a teaser within the text: `{label}`, `{title}`, `{url}`.
    #[serde(default)]
    pub teaser: String,
    /// HTML of the newsletter prompt within the text.
    #[serde(default)]
    pub newsletter: String,
    /// Its articles, oldest first.
    #[serde(default, rename = "article")]
    pub articles: Vec<DemoArticle>,
    /// The layout of its pages, with `{{...}}` to fill in.
    #[serde(skip)]
    pub layout: &'static str,
}

/// How an outlet publishes its articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum FeedFormat {
    /// RSS 2.0 with the whole text in `content:encoded`.
    #[serde(rename = "rss-2.0-full")]
    Rss2Full,
    /// RSS 2.0 with the standfirst only and guids that are not links.
    #[serde(rename = "rss-2.0-short")]
    Rss2Short,
    /// RSS 2.0 in ISO-8859-1.
    #[serde(rename = "rss-2.0-latin1")]
    Rss2Latin1,
    /// RSS 1.0 (RDF).
    #[serde(rename = "rss-1.0")]
    Rss1,
    /// RSS 0.92, which has neither guid nor date.
    #[serde(rename = "rss-0.92")]
    Rss092,
    /// Atom with the whole text.
    #[serde(rename = "atom-full")]
    AtomFull,
    /// Atom with the standfirst only.
    #[serde(rename = "atom-short")]
    AtomShort,
    /// JSON Feed 1.1.
    #[serde(rename = "json-feed")]
    JsonFeed,
    /// No feed: the server answers 500.
    #[serde(rename = "server-error")]
    ServerError,
    /// No feed: a web page stands at its address.
    #[serde(rename = "web-page")]
    WebPage,
}

/// One article.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoArticle {
    /// Last part of its address.
    pub slug: String,
    /// Publication.
    pub published: Timestamp,
    /// Section or town.
    pub section: String,
    /// Byline.
    pub author: String,
    /// What the server answers.
    #[serde(default)]
    pub answer: PageAnswer,
    /// ISO 639-1 code when it differs from the outlet's.
    pub language: Option<String>,
    /// Headline.
    pub title: String,
    /// Standfirst (chapô), which is also the feed's summary.
    pub standfirst: String,
    /// Text in the light markup that `Block` explains.
    pub body: String,
}

/// What the server answers when an article's page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageAnswer {
    /// The page.
    #[default]
    Page,
    /// 403: robots are not welcome.
    Forbidden,
    /// 200 with a consent wall instead of the article.
    ConsentWall,
}

/// One piece of an article's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block<'a> {
    /// A paragraph.
    Paragraph(&'a str),
    /// `# ...`: a heading between paragraphs.
    Heading(&'a str),
    /// `- ...` lines: a list.
    List(Vec<&'a str>),
    /// `@label : title`: a link to another article or an offer, in the middle of the text.
    Teaser {
        /// « À lire aussi », « En direct »; with its colon.
        label: &'a str,
        /// The rest.
        title: &'a str,
    },
    /// `@newsletter`: the outlet's newsletter prompt.
    Newsletter,
}

impl Outlet {
    /// An article's address below the outlet's own.
    pub fn article_path(&self, article: &DemoArticle) -> String {
        let day = article.paris().date().to_string();
        self.article_path
            .replace("{day_path}", &day.replace('-', "/"))
            .replace("{date}", &day)
            .replace("{slug}", &article.slug)
    }

    /// The outlet's own address; ends with a slash.
    pub fn home(&self, base: &str) -> String {
        format!("{base}/{}/", self.id)
    }

    /// An article's address as the page itself states it.
    pub fn article_url(&self, base: &str, article: &DemoArticle) -> String {
        format!("{}{}", self.home(base), self.article_path(article))
    }

    /// An article's address as the feed gives it.
    pub fn feed_link(&self, base: &str, article: &DemoArticle) -> String {
        format!("{}{}", self.article_url(base, article), self.link_suffix)
    }

    /// The feed's address.
    pub fn feed_url(&self, base: &str) -> String {
        format!("{}{}", self.home(base), self.feed_path)
    }
}

impl DemoArticle {
    /// Publication on the clocks of Paris.
    pub fn paris(&self) -> DateTime {
        PARIS_WINTER.to_datetime(self.published)
    }

    /// The text in pieces, in reading order.
    pub fn blocks(&self) -> Vec<Block<'_>> {
        self.body
            .split("\n\n")
            .map(str::trim)
            .filter(|block| !block.is_empty())
            .map(block)
            .collect()
    }
}

fn block(text: &str) -> Block<'_> {
    if text == "@newsletter" {
        Block::Newsletter
    } else if let Some(teaser) = text.strip_prefix('@') {
        // The space before a French colon is a no-break space.
        let cut = teaser.find("\u{a0}: ").map_or(0, |at| at + "\u{a0}: ".len());
        let (label, title) = teaser.split_at(cut);
        Block::Teaser {
            label: label.trim(),
            title,
        }
    } else if let Some(heading) = text.strip_prefix("# ") {
        Block::Heading(heading)
    } else if text.lines().all(|line| line.starts_with("- ")) {
        Block::List(text.lines().map(|line| &line[2..]).collect())
    } else {
        Block::Paragraph(text)
    }
}

/// All outlets. Errs only when a file of `data/demo` is not as this module describes it, which the
/// tests rule out; the error names the file.
pub fn embedded() -> Result<Vec<Outlet>, BrokenSource> {
    SOURCES
        .iter()
        .map(|&(file, source, layout)| {
            toml::from_str(source)
                .map(|outlet| Outlet { layout, ..outlet })
                .map_err(|cause| BrokenSource { file, cause })
        })
        .collect()
}

/// A file of `data/demo` that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("data/demo/{file}.toml: {cause}")]
pub struct BrokenSource {
    /// Its name without extension.
    pub file: &'static str,
    /// What is wrong in it.
    pub cause: toml::de::Error,
}

macro_rules! source {
    ($file:literal, $layout:literal) => {
        (
            $file,
            include_str!(concat!("../../../data/demo/", $file, ".toml")),
            include_str!(concat!("../../../data/demo/", $layout, ".html")),
        )
    };
}

/// File name, outlet with its articles, page layout.
const SOURCES: &[(&str, &str, &str)] = &[
    source!("la-gazette-du-loiret", "la-gazette-du-loiret"),
    source!("val-de-loire-matin", "val-de-loire-matin"),
    source!("le-fil-cyber", "le-fil-cyber"),
    source!("les-nouvelles-du-senonais", "les-nouvelles-du-senonais"),
    source!("ouest-quotidien", "ouest-quotidien"),
    source!("territoires-et-mairies", "territoires-et-mairies"),
    source!("radio-horizon", "radio-horizon"),
    source!("sud-info-direct", "sud-info-direct"),
    source!("le-quotidien-du-numerique", "le-quotidien-du-numerique"),
    source!("l-eclaireur-des-deux-rives", "home"),
    source!("cantons-info", "home"),
];

/// What stands at the address of a `ConsentWall` article.
pub const CONSENT_WALL: &str = include_str!("../../../data/demo/consent-wall.html");
/// What stands at the address of a `Forbidden` article.
pub const FORBIDDEN: &str = include_str!("../../../data/demo/forbidden.html");
/// The layout of every outlet's home page.
pub const HOME: &str = include_str!("../../../data/demo/home.html");
/// How each article should be read, one JSON object a line, in the format of `data/gold`; `url`
/// lacks the server's address.
pub const EXPECTED: &str = include_str!("../../../data/demo/expected.jsonl");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_sound() {
        let outlets = embedded().expect("data/demo is well-formed");
        let articles: Vec<&DemoArticle> = outlets.iter().flat_map(|outlet| &outlet.articles).collect();
        assert!(outlets.iter().filter(|outlet| !outlet.articles.is_empty()).count() >= 7);
        assert!(articles.len() >= 34);
        for article in articles {
            let length = article.standfirst.chars().count() + article.body.chars().count();
            assert!((900..=3_000).contains(&length), "{}: {length} characters", article.slug);
            assert!(
                ("2023-11-06".."2023-12-15").contains(&article.paris().date().to_string().as_str()),
                "{}",
                article.slug
            );
        }
    }

    #[test]
    fn french_typography() {
        for outlet in embedded().expect("data/demo is well-formed") {
            for article in outlet.articles.iter().filter(|article| article.language.is_none()) {
                let text = format!("{}\n{}\n{}", article.title, article.standfirst, article.body);
                for wrong in ["'", "\"", "...", " ;", " !", " ?", " :", "« ", " »", " %", "  "] {
                    assert!(!text.contains(wrong), "{} has {wrong:?}", article.slug);
                }
                assert_eq!(
                    text.matches('«').count(),
                    text.matches('»').count(),
                    "{}: quotes",
                    article.slug
                );
            }
        }
    }

    #[test]
    fn blocks_of_a_text() {
        let check = |text: &str, expected: Block<'_>| assert_eq!(block(text), expected, "{text}");
        check("Un paragraphe.", Block::Paragraph("Un paragraphe."));
        check("# Un intertitre", Block::Heading("Un intertitre"));
        check("- un ;\n- deux.", Block::List(vec!["un ;", "deux."]));
        check("@newsletter", Block::Newsletter);
        check(
            "@À lire aussi\u{a0}: Orléans\u{a0}: la crue",
            Block::Teaser {
                label: "À lire aussi\u{a0}:",
                title: "Orléans\u{a0}: la crue",
            },
        );
        check(
            "@Abonnez-vous",
            Block::Teaser {
                label: "",
                title: "Abonnez-vous",
            },
        );
    }
}
