//! Pages that are not what was asked for: consent walls, checks for robots, error pages,
//! subscription teasers. They must have a name, or their words would be read as news.

use super::NotAnArticle;
use crate::text::fold::fold_key;

/// Below this many bytes of text a page may be a wall; above, walls' words are an article's.
const FEW_BYTES: usize = 700;

/// Robots' checks: each of these is enough on a page with few words.
const BOT_WALL: &[&str] = &[
    "verifying your browser",
    "checking your browser",
    "just a moment",
    "verify you are human",
    "verifiez que vous etes humain",
    "verification que vous etes humain",
    "verification de votre navigateur",
    "pas un robot",
    "not a robot",
    "activer javascript",
    "activez javascript",
    "enable javascript",
    "javascript est desactive",
    "javascript is disabled",
    "ddos protection",
    "press hold",
    "unusual traffic",
    "trafic inhabituel",
    "you have been blocked",
    "vous avez ete bloque",
];

/// The same, in words that a short piece of news about computers may use as well.
const BOT_WALL_ALMOST_EMPTY: &[&str] = &["captcha", "ray id", "incident id", "access denied", "acces refuse"];

/// The same, in the markup of pages whose words come from a script.
const BOT_WALL_MARKUP: &[&str] = &[
    "cf-challenge",
    "cf_chl_",
    "captcha-delivery.com",
    "_incapsula_resource",
    "px-captcha",
    "challenge-platform",
];

/// Consent walls: two of these.
const CONSENT_WALL: &[&str] = &[
    "cookies",
    "consentement",
    "nos partenaires",
    "continuer sans accepter",
    "accepter et continuer",
    "tout accepter",
    "accept all",
    "we value your privacy",
    "respect de votre vie privee",
    "votre vie privee",
    "vos donnees personnelles",
    "before you continue",
    "avant de continuer",
    "traceurs",
    "refuser et s abonner",
    "parametrer",
];

const ERROR: &[&str] = &[
    "erreur 40",
    "error 40",
    "404 not found",
    "403 forbidden",
    "page introuvable",
    "page non trouvee",
    "page not found",
    "not found",
    "erreur 50",
    "error 50",
    "internal server error",
    "service unavailable",
    "bad gateway",
    "site en maintenance",
    "maintenance en cours",
];

/// Errors in words that a headline may use as well.
const ERROR_ALMOST_EMPTY: &[&str] = &["404", "n existe pas", "n existe plus", "une erreur est survenue"];

const PAYWALL: &[&str] = &[
    "reserve aux abonnes",
    "reservee aux abonnes",
    "reserve a nos abonnes",
    "abonnez vous pour",
    "s abonner pour",
    "deja abonne",
    "il vous reste",
    "lire la suite de cet article",
    "article abonne",
    "contenu premium",
];

/// What is asked about.
pub struct Suspect<'a> {
    /// The titles, as found.
    pub title: &'a str,
    /// The article's words that were found.
    pub found: &'a str,
    /// All words that a reader sees.
    pub visible: &'a str,
    /// The page's source.
    pub html: &'a str,
    /// Whether the page itself says that one must pay.
    pub needs_subscription: bool,
}

/// The wall's name; none when the page looks like an article.
pub fn name(suspect: &Suspect<'_>) -> Option<NotAnArticle> {
    if suspect.found.len() > FEW_BYTES {
        return None;
    }
    let title = fold_key(suspect.title);
    let visible = fold_key(beginning(suspect.visible, 20_000));
    let count = |text: &str, words: &[&str]| words.iter().filter(|word| text.contains(**word)).count();
    let says = |words: &[&str]| count(&visible, words) > 0 || count(&title, words) > 0;
    // What a page shows besides the article also has such words: the less the article, the more they weigh.
    let next_to_nothing = suspect.found.len() < 150;
    let almost_empty = suspect.found.len() < 300 && visible.len() < 1_000;
    let bot_words = says(BOT_WALL) && visible.len() < 2_000 || says(BOT_WALL_ALMOST_EMPTY) && almost_empty;
    if bot_words || (next_to_nothing && count(suspect.html, BOT_WALL_MARKUP) > 0) {
        return Some(NotAnArticle::BotWall);
    }
    if count(&title, ERROR) > 0 || (almost_empty && (says(ERROR) || says(ERROR_ALMOST_EMPTY))) {
        return Some(NotAnArticle::ErrorPage);
    }
    let found = fold_key(suspect.found);
    if count(&found, CONSENT_WALL) >= 3 || (next_to_nothing && count(&visible, CONSENT_WALL) >= 2) {
        return Some(NotAnArticle::ConsentWall);
    }
    if next_to_nothing && (suspect.needs_subscription || says(PAYWALL)) {
        return Some(NotAnArticle::Paywall);
    }
    None
}

fn beginning(text: &str, most_bytes: usize) -> &str {
    let end = (0..=most_bytes.min(text.len()))
        .rev()
        .find(|&at| text.is_char_boundary(at));
    &text[..end.unwrap_or(0)]
}
