//! The canonical form of an address: two links to one page are equal. Scheme and host are made
//! plain, AMP copies lead to their original, and parameters that only track readers go.

use url::Url;

/// Parameters that track readers and never choose a page; `*` ends a prefix.
const TRACKING: &[&str] = &[
    "utm_*",
    "mtm_*",
    "pk_*",
    "at_*",
    "ns_*",
    "mc_*",
    "hsa_*",
    "oly_*",
    "vero_*",
    "wt_*",
    "trk_*",
    "sc_*",
    "xtor",
    "xts",
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "msclkid",
    "yclid",
    "twclid",
    "igshid",
    "igsh",
    "srsltid",
    "cmpid",
    "cmp",
    "campaign",
    "ocid",
    "echobox",
    "origine",
    "source",
    "from",
    "ref",
    "referer",
    "referrer",
    "ref_src",
    "s_kwcid",
    "_ga",
    "_gl",
    "mkt_tok",
    "spm",
    "ncid",
    "ito",
    "wt.mc_id",
    "wtmc",
    "sr_share",
    "share",
    "shared",
    "rss",
    "fromrss",
    "feature",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "smid",
    "smtyp",
    "tm",
    "estat_svc",
    "m_i",
    "idp",
];

/// The canonical form of a page's address.
pub fn canonical(address: &Url) -> Url {
    let mut url = unwrap_amp_cache(address);
    url.set_fragment(None);
    if url.scheme() == "http"
        && url.port().is_none()
        && url.host().is_some_and(|host| matches!(host, url::Host::Domain(_)))
    {
        // A page answers on both; https is what its canonical link states.
        let _ = url.set_scheme("https");
    }
    if let Some(host) = url.host_str() {
        let plain = ["www.", "m.", "amp."]
            .iter()
            .find_map(|prefix| host.strip_prefix(prefix))
            .unwrap_or(host);
        if plain.contains('.') && plain.len() < host.len() {
            let plain = plain.to_owned();
            let _ = url.set_host(Some(&plain));
        }
    }
    let mut kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, value)| !is_tracking(name) && !is_amp_switch(name, value))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    kept.sort();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    let path = url.path().to_owned();
    let path = path
        .strip_suffix("/amp/")
        .or_else(|| path.strip_suffix("/amp"))
        .unwrap_or(&path);
    let path = path
        .strip_prefix("/amp/")
        .map_or_else(|| path.to_owned(), |rest| format!("/{rest}"));
    url.set_path(path.trim_end_matches('/'));
    url
}

fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKING.iter().any(|known| match known.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == *known,
    })
}

fn is_amp_switch(name: &str, value: &str) -> bool {
    name.eq_ignore_ascii_case("amp") || (name.eq_ignore_ascii_case("outputType") && value == "amp")
}

/// `https://exemple-fr.cdn.ampproject.org/c/s/exemple.fr/page` → `https://exemple.fr/page`.
fn unwrap_amp_cache(address: &Url) -> Url {
    let is_cache = address
        .host_str()
        .is_some_and(|host| host.ends_with(".cdn.ampproject.org"));
    let inner = address
        .path()
        .split_once("/s/")
        .map(|(_, inner)| inner)
        .filter(|_| is_cache);
    inner
        .and_then(|inner| Url::parse(&format!("https://{inner}")).ok())
        .unwrap_or_else(|| address.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_addresses() {
        let check = |given: &str, expected: &str| {
            assert_eq!(canonical(&Url::parse(given).unwrap()).as_str(), expected, "{given}");
        };
        check(
            "http://www.exemple.fr/a/b/?utm_source=rss&id=3#xtor=RSS-1",
            "https://exemple.fr/a/b?id=3",
        );
        check(
            "https://exemple.fr/a?xtor=RSS-16&at_medium=x&ns_campaign=y",
            "https://exemple.fr/a",
        );
        check("https://exemple.fr/a?b=2&a=1", "https://exemple.fr/a?a=1&b=2");
        check("https://m.exemple.fr/a/amp/", "https://exemple.fr/a");
        check("https://exemple.fr/amp/a", "https://exemple.fr/a");
        check("https://exemple.fr/a?outputType=amp", "https://exemple.fr/a");
        check(
            "https://exemple-fr.cdn.ampproject.org/c/s/exemple.fr/a",
            "https://exemple.fr/a",
        );
        check("https://exemple.fr", "https://exemple.fr/");
        check("http://127.0.0.1:8080/a?id=1", "http://127.0.0.1:8080/a?id=1");
        check(
            "https://exemple.fr/Article-Été.html",
            "https://exemple.fr/Article-%C3%89t%C3%A9.html",
        );
    }

    #[test]
    fn canonical_is_idempotent() {
        for given in [
            "http://www.exemple.fr/a//?b=%20&a=é",
            "https://www.m.exemple.fr/amp/amp/",
        ] {
            let once = canonical(&Url::parse(given).unwrap());
            assert_eq!(canonical(&canonical(&once)), canonical(&once));
        }
    }
}
