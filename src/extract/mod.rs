//! Bytes of a page to the article in it, or the name of what it is instead. Pure and synchronous:
//! the parser works for milliseconds on a large page, so callers in async code put it on a thread
//! for blocking work.

mod body;
mod gate;
mod metadata;
mod wall;
mod words;

use scraper::Html;
use url::Url;

use crate::model::article::Page;
use crate::text::charset::{charset_of_content_type, decode};
use crate::text::fold::fold_key;
use body::Body;
use metadata::Metadata;

/// Larger pages are refused.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;

/// Fewer bytes of text than this are no article.
const FEWEST_BYTES: usize = 60;

/// What a page is when it is no article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnArticle {
    /// It asks for consent first.
    #[error("consent wall")]
    ConsentWall,
    /// It wants to know whether we are a browser with a person before it.
    #[error("check for robots")]
    BotWall,
    /// It shows next to nothing to those who do not pay.
    #[error("for subscribers only")]
    Paywall,
    /// It tells of an error: not found, maintenance.
    #[error("error page")]
    ErrorPage,
    /// A PDF, an image, JSON.
    #[error("not HTML")]
    NotHtml,
    /// No words in it; they may come from a script.
    #[error("no text in it")]
    Empty,
    /// Nested deeper, or with more attributes on one tag, than any honest page.
    #[error("nested too deeply")]
    TooDeep,
    /// Larger than [`MOST_BYTES`].
    #[error("too large")]
    TooLarge,
    /// A list of links to articles.
    #[error("a list of articles")]
    ListPage,
}

impl NotAnArticle {
    /// The word for programs.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::ConsentWall => "consent-wall",
            Self::BotWall => "bot-wall",
            Self::Paywall => "paywall",
            Self::ErrorPage => "error-page",
            Self::NotHtml => "not-html",
            Self::Empty => "empty",
            Self::TooDeep => "too-deep",
            Self::TooLarge => "too-large",
            Self::ListPage => "list-page",
        }
    }
}

/// Extracts the article of a page. `content_type` is the answer's header, `url` the page's own
/// address after redirects. Always finds at least a sentence or two of text, or errs.
pub fn extract(bytes: &[u8], content_type: Option<&str>, url: &Url) -> Result<Page, NotAnArticle> {
    if bytes.len() > MOST_BYTES {
        return Err(NotAnArticle::TooLarge);
    }
    if !is_html(bytes, content_type) {
        return Err(NotAnArticle::NotHtml);
    }
    let declared = content_type
        .and_then(charset_of_content_type)
        .map(str::to_owned)
        .or_else(|| charset_of_meta(bytes));
    let html = decode(bytes, declared.as_deref());
    if html.trim().is_empty() {
        return Err(NotAnArticle::Empty);
    }
    gate::check(&html)?;
    let parsed = Html::parse_document(&html);
    let metadata = metadata::read(&parsed, url);
    let body = body::read(&parsed, metadata.title.as_deref());
    judge(page_of(&metadata, &body), &metadata, &body, &html)
}

/// The paragraphs of an HTML fragment, such as the full text that a feed carries. Empty when
/// there are none, or when the fragment is refused by the same gate as pages.
pub fn paragraphs_of_fragment(html: &str) -> Vec<String> {
    if html.len() > MOST_BYTES || gate::check(html).is_err() {
        return Vec::new();
    }
    body::read_fragment(&Html::parse_fragment(html))
}

fn page_of(metadata: &Metadata, body: &Body) -> Page {
    let bytes_of = |paragraphs: &[String]| paragraphs.iter().map(String::len).sum::<usize>();
    // JSON-LD's body is often poorer than the page (no headings, all in one line): only when the
    // page itself shows much less.
    let shows_much_less = bytes_of(&body.paragraphs) * 5 < bytes_of(&metadata.json_paragraphs) * 2;
    let mut paragraphs = if shows_much_less {
        metadata.json_paragraphs.clone()
    } else {
        body.paragraphs.clone()
    };
    let mut standfirst = body.standfirst.clone();
    let is_description = |paragraph: &str| {
        metadata
            .description
            .as_deref()
            .is_some_and(|d| same_beginning(d, paragraph))
    };
    if standfirst.is_none() && paragraphs.len() > 1 && is_description(&paragraphs[0]) {
        standfirst = Some(paragraphs.remove(0));
    } else if let Some(standfirst) = &standfirst {
        paragraphs.retain(|paragraph| paragraph != standfirst);
    }
    Page {
        title: metadata.title.clone(),
        standfirst,
        paragraphs,
        published: metadata.published,
        canonical_url: metadata.canonical_url.clone(),
        language: metadata.language.clone(),
        outlet: metadata.outlet.clone(),
    }
}

/// Whether a description is the paragraph, or its beginning cut with points.
fn same_beginning(description: &str, paragraph: &str) -> bool {
    const SHORTEST: usize = 50;
    let description = fold_key(description);
    let description = description.trim_end_matches(['.', ' ', '[', ']']);
    description.len() >= SHORTEST && fold_key(paragraph).starts_with(description)
}

fn judge(page: Page, metadata: &Metadata, body: &Body, html: &str) -> Result<Page, NotAnArticle> {
    let mut found = page.standfirst.clone().unwrap_or_default();
    for paragraph in &page.paragraphs {
        found.push(' ');
        found.push_str(paragraph);
    }
    let suspect = wall::Suspect {
        title: &format!(
            "{}. {}",
            page.title.as_deref().unwrap_or_default(),
            metadata.title_tag.as_deref().unwrap_or_default()
        ),
        found: found.trim(),
        visible: &body.visible,
        html,
        needs_subscription: metadata.needs_subscription,
    };
    if let Some(wall) = wall::name(&suspect) {
        return Err(wall);
    }
    if !metadata.is_article && is_list(&page, body) {
        return Err(NotAnArticle::ListPage);
    }
    if found.trim().len() < FEWEST_BYTES {
        return Err(NotAnArticle::Empty);
    }
    Ok(page)
}

/// Many links, and what text there is comes in bits.
fn is_list(page: &Page, body: &Body) -> bool {
    const MANY_LINKS: usize = 25;
    const RUNNING_TEXT: usize = 250;
    let running = page
        .paragraphs
        .iter()
        .filter(|paragraph| paragraph.len() >= RUNNING_TEXT)
        .count();
    body.links >= MANY_LINKS && running == 0 && page.standfirst.is_none() && page.paragraphs.len() != 1
}

fn is_html(bytes: &[u8], content_type: Option<&str>) -> bool {
    let beginning = &bytes[..bytes.len().min(1024)];
    let starts = beginning.trim_ascii_start();
    if starts.starts_with(b"%PDF")
        || starts.starts_with(b"{")
        || starts.starts_with(b"[")
        || starts.starts_with(b"PK\x03")
    {
        return false;
    }
    let essence = content_type
        .and_then(|content_type| content_type.split(';').next())
        .map(|essence| essence.trim().to_ascii_lowercase())
        .unwrap_or_default();
    match essence.as_str() {
        "text/html" | "application/xhtml+xml" => true,
        // Servers that do not know say one of these: then the bytes tell.
        "" | "text/plain" | "application/octet-stream" | "application/xml" | "text/xml" => {
            let text = fold_key(&String::from_utf8_lossy(beginning));
            bytes.is_empty()
                || ["<html", "<!doctype html", "<head", "<body", "<p", "<div", "<article"]
                    .iter()
                    .any(|tag| text.contains(tag))
        }
        _ => false,
    }
}

/// `<meta charset>` or its older form, in the first bytes.
fn charset_of_meta(bytes: &[u8]) -> Option<String> {
    const LONGEST_HEAD: usize = 4096;
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST_HEAD)]).to_ascii_lowercase();
    let at = beginning.find("charset=")? + "charset=".len();
    let value = beginning[at..].trim_start_matches(['"', '\'', ' ']);
    let end = value
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':')))
        .unwrap_or(value.len());
    (end > 0).then(|| value[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(bytes: &[u8], content_type: Option<&str>) -> Result<Page, NotAnArticle> {
        let url = Url::parse("https://www.lejournal-du-val.fr/loiret/article-1").expect("a valid address");
        extract(bytes, content_type, &url)
    }

    /// The page as lines: title, standfirst after `>`, paragraphs.
    fn lines(page: &Page) -> String {
        let title = page.title.clone().unwrap_or_default();
        let standfirst = page.standfirst.as_ref().map(|standfirst| format!("> {standfirst}"));
        let all: Vec<String> = [title]
            .into_iter()
            .chain(standfirst)
            .chain(page.paragraphs.clone())
            .collect();
        all.join("\n")
    }

    const ONE: &str = "La mairie d’Orcet-sur-Loire a dû couper son réseau informatique dans la nuit de mardi à mercredi, \
        après la découverte de fichiers chiffrés sur plusieurs serveurs.";
    const TWO: &str = "L’accueil reste ouvert au public, mais les agents travaillent au papier et les actes d’état civil \
        ne peuvent plus être délivrés, a indiqué la directrice des services.";
    const THREE: &str =
        "Une plainte a été déposée à la gendarmerie de Briare et l’agence nationale a été prévenue dès le matin.";

    #[test]
    fn layouts() {
        let check = |name: &str, html: &str, expected: &[&str]| {
            let page =
                at(html.as_bytes(), Some("text/html; charset=utf-8")).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(lines(&page), expected.join("\n"), "{name}");
        };
        check(
            "WordPress",
            &format!(
                "<html lang=fr><head><title>Orcet sans réseau – Le Journal du Val</title></head><body class='post tag-nav'>\
                 <header><a href=/>Le Journal du Val</a></header><nav><ul><li><a href=/a>Sports</a></li></ul></nav>\
                 <div id=primary><article class='post type-post tag-menu'><header class=entry-header><h1 class=entry-title>Orcet sans réseau</h1>\
                 <div class=entry-meta>Publié le 3 février 2025 par Jeanne Martin</div></header>\
                 <div class=entry-content><p>{ONE}</p><div class=wp-caption><img><p class=wp-caption-text>La mairie. (Photo archives)</p></div>\
                 <h2>Un retour au papier</h2><p>{TWO}</p><p>Lire aussi : <a href=/b>Un hôpital visé à Blois</a></p>\
                 <blockquote><p>« Nous tiendrons le temps qu’il faudra. »</p></blockquote><p>{THREE}</p>\
                 <div class=sharedaddy><h3>Partager</h3><a>Facebook</a></div></div>\
                 <footer class=entry-footer>Étiquettes : <a>mairie</a></footer></article>\
                 <div id=comments><h2>3 commentaires</h2><p>Bien fait pour eux, il fallait mettre à jour depuis longtemps, je le dis toujours.</p></div></div>\
                 <aside><h3>Articles récents</h3><p>Une fuite de données touche une banque de la région depuis hier soir, dit-on.</p></aside>\
                 <footer><p>Tous droits réservés. Ce site utilise des cookies pour mesurer son audience et vous proposer des contenus.</p></footer></body></html>"
            ),
            &[
                "Orcet sans réseau",
                ONE,
                "Un retour au papier",
                TWO,
                "« Nous tiendrons le temps qu’il faudra. »",
                THREE,
            ],
        );
        check(
            "a teaser on top",
            &format!(
                "<body><main><article><h1>Le Loiret sans réseau</h1><div class='teaser-article'><a href=/e>Fuite de données visant Econocom</a>\
                 <p>Le groupe de services dit avoir repéré une intrusion qui touche des milliers de dossiers de ses clients.</p></div>\
                 <p class='article__chapo'>Le Département a débranché ses serveurs par précaution samedi.</p><p>{ONE}</p>\
                 <p><a href=/x>Fuite de données visant Econocom : ce que l’on sait de l’attaque</a></p><p>{TWO}</p>\
                 <h2>Sur le même sujet</h2><ul><li><a href=1>Un</a></li><li>Un centre hospitalier visé</li></ul></article></main></body>"
            ),
            &[
                "Le Loiret sans réseau",
                "> Le Département a débranché ses serveurs par précaution samedi.",
                ONE,
                TWO,
            ],
        );
        check(
            "JSON-LD only",
            &format!(
                "<head><script type='application/ld+json'>{{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\",\
                 \"headline\":\"Orcet sans réseau\",\"articleBody\":\"{ONE}\\n\\n{TWO}\",\"datePublished\":\"2025-02-03T10:15:00+01:00\"}}</script></head>\
                 <body><div id=app></div></body>"
            ),
            &["Orcet sans réseau", ONE, TWO],
        );
        check(
            "AMP",
            &format!(
                "<html amp lang=fr><body><header class=amp-header>Menu</header><amp-sidebar id=sidebar><ul><li>Rubriques</li></ul></amp-sidebar>\
                 <div class=amp-article><h1>Orcet sans réseau</h1><amp-img></amp-img><div class=amp-article-content><p>{ONE}</p><amp-ad>pub</amp-ad><p>{TWO}</p></div></div></body></html>"
            ),
            &["Orcet sans réseau", ONE, TWO],
        );
        check(
            "live",
            &format!(
                "<body><main><h1>En direct : Orcet sans réseau</h1><p class=lead>Suivez les suites de l’attaque, heure par heure.</p>\
                 <article class=post><h3>10 h 12</h3><p>{ONE}</p></article><article class=post><h3>9 h 40</h3><p>{TWO}</p></article>\
                 <article class=post><h3>8 h 05</h3><p>{THREE}</p></article></main></body>"
            ),
            &[
                "En direct : Orcet sans réseau",
                "> Suivez les suites de l’attaque, heure par heure.",
                "10 h 12",
                ONE,
                "9 h 40",
                TWO,
                "8 h 05",
                THREE,
            ],
        );
        check(
            "an old page made of tables and breaks",
            &format!(
                "<title>Orcet sans réseau</title><table><tr><td><a href=1>Accueil</a><br><a href=2>Archives</a></td><td><font size=4>{ONE}<br><br>{TWO}<br>\
                 <br></font></td></tr></table>"
            ),
            &["Orcet sans réseau", ONE, TWO],
        );
        check(
            "description equal to the first paragraph, newsletter and share bars in between",
            &format!(
                "<meta name=description content=\"{}...\"><h1>Orcet sans réseau</h1><div class=c-body><p>{ONE}</p>\
                 <div class=newsletter-inline><p>Recevez chaque matin l’actualité du Loiret dans votre boîte aux lettres électronique.</p></div>\
                 <p>Abonnez-vous à notre lettre.</p><p>{TWO}</p><ul class=share-list><li>Facebook</li></ul><p>{THREE}</p></div>",
                &ONE[..120]
            ),
            &["Orcet sans réseau", &format!("> {ONE}"), TWO, THREE],
        );
        check(
            "a body part whose class has an unlucky word, and a list",
            &format!(
                "<h1>Orcet</h1><div class='content with-sidebar'><p>{ONE}</p><ul><li>le standard téléphonique</li><li>le site ville-orcet.fr</li></ul></div>"
            ),
            &["Orcet", ONE, "le standard téléphonique", "le site ville-orcet.fr"],
        );
    }

    #[test]
    fn encodings() {
        let check = |bytes: &[u8], content_type: Option<&str>, word: &str| {
            let page = at(bytes, content_type).unwrap_or_else(|error| panic!("{word}: {error}"));
            assert!(page.paragraphs[0].contains(word), "{:?}", page.paragraphs);
        };
        let windows_1252 = b"<html><body><p>L\x92h\xf4pital a perdu l\x92acc\xe8s \xe0 ses dossiers depuis lundi matin, dit sa direction.</p></body></html>";
        check(windows_1252, Some("text/html"), "L’hôpital a perdu l’accès");
        check(windows_1252, Some("text/html; charset=iso-8859-1"), "L’hôpital");
        check(windows_1252, Some("text/html; charset=utf-8"), "L’hôpital");
        check(
            &[b"<meta charset=windows-1252>".as_slice(), windows_1252].concat(),
            None,
            "L’hôpital",
        );
        let utf_8 = format!("<meta charset=iso-8859-1><p>{ONE}</p>");
        check(
            utf_8.as_bytes(),
            Some("text/html; charset=iso-8859-1"),
            "après la découverte",
        );
    }

    #[test]
    fn what_is_no_article_has_a_name() {
        let check = |html: &str, content_type: &str, expected: NotAnArticle| {
            assert_eq!(
                at(html.as_bytes(), Some(content_type)).map(|page| lines(&page)),
                Err(expected),
                "{html:.200}"
            );
        };
        let html = "text/html";
        check(
            "<title>Le Journal</title><body><div><h2>Le respect de votre vie privée est notre priorité</h2><p>Avec votre accord, nos partenaires et \
             nous utilisons des cookies ou traceurs pour stocker et consulter des informations.</p><button>Tout accepter</button><a>Continuer sans accepter</a></div></body>",
            html,
            NotAnArticle::ConsentWall,
        );
        check(
            "<title>lejournal.fr</title><p>Verifying your browser before proceeding.</p><p>Incident ID: 1</p>",
            html,
            NotAnArticle::BotWall,
        );
        check(
            "<title>Just a moment...</title><body></body>",
            html,
            NotAnArticle::BotWall,
        );
        check(
            "<body><p>Veuillez activer JavaScript pour continuer à lire ce site.</p></body>",
            html,
            NotAnArticle::BotWall,
        );
        check(
            "<body><script src='https://geo.captcha-delivery.com/x.js'></script></body>",
            html,
            NotAnArticle::BotWall,
        );
        check(
            "<title>Page introuvable</title><h1>Oups</h1><p>La page que vous cherchez a été déplacée ou supprimée, essayez la recherche.</p>",
            html,
            NotAnArticle::ErrorPage,
        );
        check("<title>Erreur 404 - Le Journal</title>", html, NotAnArticle::ErrorPage);
        check(
            "<h1>Orcet sans réseau</h1><article><p>La mairie a coupé son réseau.</p><div>Cet article est réservé aux abonnés. Déjà abonné ? Se connecter</div></article>",
            html,
            NotAnArticle::Paywall,
        );
        check("<body><div id=root></div></body>", html, NotAnArticle::Empty);
        check("", html, NotAnArticle::Empty);
        check("%PDF-1.7", html, NotAnArticle::NotHtml);
        check("{\"a\":1}", "application/json", NotAnArticle::NotHtml);
        check("bonjour", "text/plain", NotAnArticle::NotHtml);
        check(&"<div>".repeat(100_000), html, NotAnArticle::TooDeep);
        check(&" ".repeat(MOST_BYTES + 1), html, NotAnArticle::TooLarge);
        let cards: String = (0..40).map(|n| format!("<div class=card><a href=/{n}>Titre numéro {n}</a><p>Une courte phrase de présentation du sujet {n}.</p></div>")).collect();
        check(
            &format!("<title>Toute l’actualité</title><main>{cards}</main>"),
            html,
            NotAnArticle::ListPage,
        );
    }

    #[test]
    fn words_of_walls_in_an_article_are_an_articles() {
        let html = format!(
            "<h1>Cookies : la commission sanctionne</h1><article><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>\
             <p>Le consentement aux cookies et les traceurs de nos partenaires restent sous surveillance, captcha compris.</p>\
             <p>{ONE} {TWO}</p></article>"
        );
        assert!(at(html.as_bytes(), Some("text/html")).is_ok());
    }

    #[test]
    fn metadata_comes_along() {
        let html = format!(
            "<html lang=fr-FR><meta property=og:site_name content='Le Journal du Val'><link rel=canonical href='/loiret/article-1'>\
             <time datetime='2025-02-03T10:15:00+01:00'></time><p>{ONE}</p></html>"
        );
        let page = at(html.as_bytes(), None).expect("an article");
        assert_eq!(page.language.as_deref(), Some("fr"));
        assert_eq!(page.outlet.as_deref(), Some("Le Journal du Val"));
        assert_eq!(
            page.canonical_url.as_deref(),
            Some("https://www.lejournal-du-val.fr/loiret/article-1")
        );
        assert_eq!(
            page.published.map(|at| at.to_string()).as_deref(),
            Some("2025-02-03T09:15:00Z")
        );
    }

    #[test]
    fn fragments() {
        let check = |html: &str, expected: &[&str]| assert_eq!(paragraphs_of_fragment(html), expected, "{html}");
        check("<p>Un.</p><p>Deux <b>mots</b>.</p>", &["Un.", "Deux mots."]);
        check("Sans balise", &["Sans balise"]);
        check("Un.<br><br>Deux.<script>non</script>", &["Un.", "Deux."]);
        check(
            "<p>Un fait.</p><p>L’article Un fait est apparu en premier sur <a href=x>Le Site</a>.</p>",
            &["Un fait."],
        );
        check("", &[]);
        check(&"<div>".repeat(1_000), &[]);
    }

    #[test]
    fn damage_is_survived() {
        let html = format!(
            "<html><head><title>t - s</title><script type='application/ld+json'>{{\"@type\":\"Article\"}}</script></head><body><article><p class=chapo>{ONE}</p><ul><li>x</ul></article>"
        );
        for cut_at in (0..html.len()).step_by(3) {
            drop(at(&html.as_bytes()[..cut_at], Some("text/html")));
        }
    }
}
