//! Headlines as feeds and portals give them carry the site's name at the end: « … - Le Progrès »,
//! « … | LeMagIT ». It is no part of what the article says.

use url::Url;

use super::fold::slug;

/// Shortest likeness between a suffix and a site's name that counts, in letters.
const FEWEST_LETTERS: usize = 3;

/// The headline of an article without the name of its site, known by the article's address and publication.
pub fn headline<'a>(title: &'a str, url: &str, outlet: &str) -> &'a str {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    without_site(without_site(title, host), outlet)
}

/// The headline without the name of its site. `site` is the host or the publication's name; a
/// suffix that does not resemble it stays.
pub fn without_site<'a>(headline: &'a str, site: &str) -> &'a str {
    let site = || letters(site.trim_start_matches("www."));
    let mut headline = headline.trim();
    while let Some((before, suffix)) = [" - ", " | ", " – ", " — ", " · "]
        .iter()
        .filter_map(|mark| headline.rsplit_once(mark))
        .min_by_key(|(_, suffix)| suffix.len())
    {
        if before.trim().is_empty() || !resembles(&letters(suffix), &site()) {
            break;
        }
        headline = before.trim_end();
    }
    headline
}

fn resembles(suffix: &str, site: &str) -> bool {
    let shared = suffix.bytes().zip(site.bytes()).take_while(|(a, b)| a == b).count();
    suffix.len() >= FEWEST_LETTERS
        && site.len() >= FEWEST_LETTERS
        && (site.contains(suffix) || suffix.contains(stem(site)) || shared >= 6)
}

/// The host without its last label: "leprogresfr" has lost its dot by now, so its ending goes.
fn stem(site: &str) -> &str {
    ["com", "net", "org", "fr", "be", "ch", "ca", "lu", "info"]
        .iter()
        .find_map(|ending| site.strip_suffix(ending))
        .filter(|stem| stem.len() >= FEWEST_LETTERS)
        .unwrap_or(site)
}

fn letters(text: &str) -> String {
    slug(text).replace('-', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_and_publication_tell_the_site() {
        let check = |title: &str, url: &str, outlet: &str, expected: &str| {
            assert_eq!(headline(title, url, outlet), expected);
        };
        check(
            "Une fuite - Le Fil - Lefil",
            "https://www.lefil.example/a",
            "Le Fil",
            "Une fuite",
        );
        check("Une fuite | Le Fil", "pas une adresse", "Le Fil", "Une fuite");
        check("Une fuite", "", "", "Une fuite");
    }

    #[test]
    fn site_names_go_and_words_stay() {
        let check = |headline: &str, site: &str, expected: &str| assert_eq!(without_site(headline, site), expected);
        check("La mairie piratée - Le Progrès", "leprogres.fr", "La mairie piratée");
        check("Une fuite | LeMagIT", "www.lemagit.fr", "Une fuite");
        check("Piratage - 16/09 - BFM", "bfmtv.com", "Piratage - 16/09");
        check("Attaque - L'Usine Digitale", "L'Usine Digitale", "Attaque");
        check(
            "Attaque à Vire - Calvados",
            "ouest-france.fr",
            "Attaque à Vire - Calvados",
        );
        check("LeMagIT", "lemagit.fr", "LeMagIT");
        check("", "", "");
    }
}
