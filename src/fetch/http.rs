//! The real client: reqwest with its name kept inside this file. It never asks an address inside
//! this machine or network, never reads more than it may, never waits longer than it may, and asks
//! one host slowly.

use std::collections::HashMap;
use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, dns, redirect};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;
use url::{Host, Url};

use super::{Answer, Fetch, FetchError, Request, What};

/// How the client behaves. `Default` is for the open network.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpSettings {
    /// An address or page under which publishers reach who runs this vigie; goes into the
    /// `User-Agent`. Empty: none.
    pub contact: String,
    /// Until the connection stands.
    pub connect_timeout: Duration,
    /// Until the last byte of the body, redirects included.
    pub total_timeout: Duration,
    /// Requests under way to one host.
    pub per_host_concurrency: usize,
    /// Between the starts of two requests to one host.
    pub per_host_delay: Duration,
    /// Whether loopback and private addresses may be asked: tests and the offline demonstration.
    pub allow_private: bool,
    /// Whether no certificate is ever trusted, so that the system need have none: only http works.
    pub plain_only: bool,
    /// Largest feed, unpacked.
    pub feed_limit_bytes: usize,
    /// Largest page, unpacked.
    pub page_limit_bytes: usize,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            contact: String::new(),
            connect_timeout: Duration::from_secs(10),
            total_timeout: Duration::from_secs(30),
            per_host_concurrency: 2,
            per_host_delay: Duration::from_secs(1),
            allow_private: false,
            plain_only: false,
            feed_limit_bytes: 10 * 1024 * 1024,
            page_limit_bytes: 5 * 1024 * 1024,
        }
    }
}

/// Redirects followed before giving up, as the first browsers did.
const MOST_REDIRECTS: usize = 5;

/// The client. Cheap to share behind an `Arc`; one for the whole program.
#[derive(Debug)]
pub struct HttpFetch {
    client: Client,
    settings: HttpSettings,
    hosts: Mutex<HashMap<String, Arc<HostGate>>>,
}

impl HttpFetch {
    /// Builds the client. Fails when the system has no root certificates or the contact cannot
    /// stand in a header.
    pub fn new(settings: HttpSettings) -> Result<HttpFetch, FetchError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // Another thread may have been faster: then its provider serves as well.
            drop(rustls::crypto::ring::default_provider().install_default());
        }
        let user_agent = HeaderValue::from_str(&user_agent(&settings.contact))
            .map_err(|_| FetchError::Http(format!("the contact {:?} cannot stand in a header", settings.contact)))?;
        let allow_private = settings.allow_private;
        let builder = Client::builder();
        let builder = if settings.plain_only {
            builder.tls_certs_only([])
        } else {
            builder
        };
        let client = builder
            .user_agent(user_agent)
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.total_timeout)
            // A proxy of the environment would resolve names itself, past the check below.
            .no_proxy()
            .referer(false)
            .pool_max_idle_per_host(settings.per_host_concurrency)
            .dns_resolver(CheckedResolver { allow_private })
            .redirect(redirect::Policy::custom(move |attempt| {
                if attempt.previous().len() > MOST_REDIRECTS {
                    return attempt.error(Refused::Redirects);
                }
                match check_address(attempt.url(), allow_private) {
                    Ok(()) => attempt.follow(),
                    Err(refused) => attempt.error(refused),
                }
            }))
            .build()
            .map_err(|error| {
                let why = chain_text(&error);
                FetchError::Tls(format!(
                    "the client cannot be built: {why} (install the package ca-certificates?)"
                ))
            })?;
        Ok(HttpFetch {
            client,
            settings,
            hosts: Mutex::default(),
        })
    }

    async fn ask(&self, request: &Request) -> Result<Answer, FetchError> {
        let mut asked = self
            .client
            .get(request.url.clone())
            .headers(fixed_headers(request.what));
        for (name, value) in [
            (header::IF_NONE_MATCH, &request.etag),
            (header::IF_MODIFIED_SINCE, &request.last_modified),
        ] {
            // A validator that cannot stand in a header is left out: the answer comes whole.
            if let Some(value) = value
                .as_ref()
                .and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok())
            {
                asked = asked.header(name, value);
            }
        }
        let response = asked.send().await.map_err(|error| self.to_fetch_error(&error))?;
        let status = response.status().as_u16();
        if (300..400).contains(&status) && status != 304 {
            return Err(self.lost_redirect(&response));
        }
        let headers = response.headers();
        // What reqwest unpacked it has removed; what is left it did not understand.
        if let Some(coding) = text_of(headers, header::CONTENT_ENCODING)
            && !coding.trim().eq_ignore_ascii_case("identity")
            && status != 304
        {
            return Err(FetchError::Http(format!(
                "content encoding `{coding}` is not understood"
            )));
        }
        let mut answer = Answer {
            status,
            final_url: response.url().clone(),
            content_type: text_of(headers, header::CONTENT_TYPE),
            etag: text_of(headers, header::ETAG),
            last_modified: text_of(headers, header::LAST_MODIFIED),
            retry_after_seconds: retry_after(headers),
            max_age_seconds: max_age(headers),
            body: Vec::new(),
        };
        let limit_bytes = match request.what {
            What::Feed => self.settings.feed_limit_bytes,
            What::Page => self.settings.page_limit_bytes,
        };
        answer.body = self.read_body(response, limit_bytes).await?;
        Ok(answer)
    }

    /// A redirect that the client did not follow: to another scheme, or to nowhere.
    fn lost_redirect(&self, response: &Response) -> FetchError {
        let target = text_of(response.headers(), header::LOCATION).and_then(|to| response.url().join(&to).ok());
        match target.map(|target| check_address(&target, self.settings.allow_private)) {
            Some(Err(refused)) => FetchError::RefusedAddress(refused.to_string()),
            _ => FetchError::Http(format!("HTTP {} that leads nowhere", response.status().as_u16())),
        }
    }

    /// Reads unpacked bytes until the end or the limit, so that a small body that unpacks into a
    /// huge one costs no more memory than the limit.
    async fn read_body(&self, mut response: Response, limit_bytes: usize) -> Result<Vec<u8>, FetchError> {
        let too_large = FetchError::TooLarge { limit_bytes };
        if response
            .content_length()
            .is_some_and(|length| length > limit_bytes as u64)
        {
            return Err(too_large);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.to_fetch_error(&error))? {
            if body.len() + chunk.len() > limit_bytes {
                return Err(too_large);
            }
            body.extend_from_slice(&chunk);
        }
        const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b, 0x08];
        if body.starts_with(GZIP_MAGIC) {
            return Err(FetchError::Http(
                "the body is packed more than once, or without saying so".to_owned(),
            ));
        }
        Ok(body)
    }

    fn gate(&self, url: &Url) -> Arc<HostGate> {
        let host = format!(
            "{}:{}",
            url.host_str().unwrap_or(""),
            url.port_or_known_default().unwrap_or(0)
        );
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let gate = hosts
            .entry(host)
            .or_insert_with(|| Arc::new(HostGate::new(self.settings.per_host_concurrency.max(1))));
        Arc::clone(gate)
    }

    fn to_fetch_error(&self, error: &reqwest::Error) -> FetchError {
        if let Some(refused) = find_in_chain::<Refused>(error) {
            return match refused {
                Refused::Redirects => FetchError::Http(refused.to_string()),
                Refused::Scheme(_) | Refused::Address(_) | Refused::NoHost => {
                    FetchError::RefusedAddress(refused.to_string())
                }
            };
        }
        if error.is_timeout() {
            let limit = if error.is_connect() {
                self.settings.connect_timeout
            } else {
                self.settings.total_timeout
            };
            return FetchError::Timeout {
                seconds: limit.as_secs().max(1),
            };
        }
        if let Some(tls) = find_in_chain::<rustls::Error>(error) {
            return FetchError::Tls(tls.to_string());
        }
        if error.is_dns() {
            return FetchError::Dns;
        }
        if error.is_connect() {
            return FetchError::Connect(innermost_text(error));
        }
        if error.is_body() || error.is_decode() {
            return FetchError::Connect(format!("the answer is cut short or damaged: {}", innermost_text(error)));
        }
        FetchError::Http(innermost_text(error))
    }
}

impl Fetch for HttpFetch {
    async fn fetch(&self, request: Request) -> Result<Answer, FetchError> {
        check_address(&request.url, self.settings.allow_private)
            .map_err(|refused| FetchError::RefusedAddress(refused.to_string()))?;
        let gate = self.gate(&request.url);
        let _place = gate.wait_for_place(self.settings.per_host_delay).await;
        self.ask(&request).await
    }
}

/// "vigie/0.1.0 (+contact)".
fn user_agent(contact: &str) -> String {
    let contact = contact.trim();
    let version = env!("CARGO_PKG_VERSION");
    if contact.is_empty() {
        format!("vigie/{version}")
    } else {
        format!("vigie/{version} (+{contact})")
    }
}

fn fixed_headers(what: What) -> HeaderMap {
    let accept = match what {
        What::Feed => {
            "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, \
             */*;q=0.1"
        }
        What::Page => "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    };
    HeaderMap::from_iter([
        (header::ACCEPT, HeaderValue::from_static(accept)),
        (header::ACCEPT_LANGUAGE, HeaderValue::from_static("fr, en;q=0.5")),
    ])
}

/// One host's queue: a few places, and a pause between starts.
#[derive(Debug)]
struct HostGate {
    places: Semaphore,
    next_start: tokio::sync::Mutex<Option<Instant>>,
}

impl HostGate {
    fn new(places: usize) -> Self {
        Self {
            places: Semaphore::new(places),
            next_start: tokio::sync::Mutex::new(None),
        }
    }

    async fn wait_for_place(&self, delay: Duration) -> SemaphorePermit<'_> {
        let place = self.places.acquire().await.expect("the semaphore is never closed");
        if !delay.is_zero() {
            // Held while waiting, so that the next one counts from this start.
            let mut next_start = self.next_start.lock().await;
            if let Some(start) = *next_start {
                tokio::time::sleep_until(start).await;
            }
            *next_start = Some(Instant::now() + delay);
        }
        place
    }
}

/// Why an address is not asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
enum Refused {
    #[error("`{0}:` is neither http nor https")]
    Scheme(String),
    #[error("no host in it")]
    NoHost,
    #[error("{0} is inside this machine or network")]
    Address(IpAddr),
    #[error("more than {MOST_REDIRECTS} redirects")]
    Redirects,
}

/// The check that needs no name resolution: scheme, and hosts that are addresses. `url` has made
/// 127.1, 0x7f.1 and the like plain addresses before.
fn check_address(url: &Url, allow_private: bool) -> Result<(), Refused> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refused::Scheme(url.scheme().to_owned()));
    }
    let address = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        Some(Host::Domain(_)) => return Ok(()),
        None => return Err(Refused::NoHost),
    };
    if !allow_private && !is_public(address) {
        return Err(Refused::Address(address));
    }
    Ok(())
}

/// Names resolved by the system, addresses that are not public taken out: the address that was
/// checked is the one that is then used, so a name cannot change between the two.
#[derive(Debug, Clone, Copy)]
struct CheckedResolver {
    allow_private: bool,
}

impl dns::Resolve for CheckedResolver {
    fn resolve(&self, name: dns::Name) -> dns::Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let first_found = found.first().map(SocketAddr::ip);
            let allowed: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| allow_private || is_public(address.ip()))
                .collect();
            match (allowed.is_empty(), first_found) {
                (true, Some(address)) => Err(Refused::Address(address).into()),
                _ => Ok(Box::new(allowed.into_iter()) as dns::Addrs),
            }
        })
    }
}

/// Whether an address belongs to the open network (IANA special-purpose registries).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && matches!(b, 18 | 19));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // IPv4 in disguise: mapped, and NAT64's well-known prefix.
    let embedded = address.to_ipv4_mapped().or(match segments {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))),
        _ => None,
    });
    if let Some(embedded) = embedded {
        return is_public_v4(embedded);
    }
    let is_global_unicast = segments[0] & 0xe000 == 0x2000;
    let is_documentation = (segments[0] == 0x2001 && segments[1] == 0xdb8) || segments[0] == 0x3fff;
    // Teredo and other protocol assignments, and 6to4, which carries any IPv4 address.
    let is_tunnel = (segments[0] == 0x2001 && segments[1] < 0x200) || segments[0] == 0x2002;
    is_global_unicast && !is_documentation && !is_tunnel
}

fn text_of(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = std::str::from_utf8(headers.get(name)?.as_bytes()).ok()?;
    Some(value.to_owned())
}

/// Seconds to wait. A date counts from the answer's own `Date`; without one it says nothing.
fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let value = text_of(headers, header::RETRY_AFTER)?;
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(seconds);
    }
    let read = |text: &str| {
        let parser = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true);
        parser.parse_timestamp(text.trim()).ok()
    };
    let answered = read(&text_of(headers, header::DATE)?)?;
    let seconds = read(value)?.duration_since(answered).as_secs();
    Some(u64::try_from(seconds).unwrap_or(0))
}

fn max_age(headers: &HeaderMap) -> Option<u64> {
    let value = text_of(headers, header::CACHE_CONTROL)?;
    value.split(',').find_map(|directive| {
        let (name, seconds) = directive.split_once('=')?;
        let seconds = seconds.trim().trim_matches('"');
        name.trim()
            .eq_ignore_ascii_case("max-age")
            .then(|| seconds.parse().ok())?
    })
}

/// The first error of this type among the causes, also inside I/O errors, which hide theirs.
fn find_in_chain<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(current) = next {
        if let Some(found) = current.downcast_ref::<E>() {
            return Some(found);
        }
        let hidden = current
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        next = match hidden {
            Some(hidden) => Some(hidden as &(dyn Error + 'static)),
            None => current.source(),
        };
    }
    None
}

fn innermost_text(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

fn chain_text(error: &(dyn Error + 'static)) -> String {
    let outer = error.to_string();
    let inner = innermost_text(error);
    if outer == inner {
        outer
    } else {
        format!("{outer}: {inner}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    /// What the little server does for a path.
    enum Act {
        /// Writes these bytes and closes.
        Bytes(Vec<u8>),
        /// Writes a head and then body without end.
        Endless,
        /// Writes a head and then a byte now and then.
        Drip,
        /// Never answers.
        Silence,
    }

    fn answer(head: &str, body: &[u8]) -> Act {
        let mut bytes = format!(
            "HTTP/1.1 {head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        )
        .into_bytes();
        bytes.extend_from_slice(body);
        Act::Bytes(bytes)
    }

    fn act(request: &str) -> Act {
        let path = request.split(' ').nth(1).unwrap_or("");
        let lower = request.to_ascii_lowercase();
        match path {
            "/ok" => answer(
                "200 OK\r\nETag: \"a\"\r\nLast-Modified: Mon, 03 Feb 2025 09:15:30 GMT\r\nCache-Control: public, max-age=600\
                 \r\nContent-Type: text/xml",
                b"bonjour",
            ),
            "/echo" => answer("200 OK", lower.as_bytes()),
            "/conditional" if lower.contains("if-none-match: \"a\"") => answer("304 Not Modified", b""),
            "/gone" => answer("404 Not Found", b"non"),
            "/later" => answer(
                "503 No\r\nDate: Mon, 03 Feb 2025 09:15:30 GMT\r\nRetry-After: Mon, 03 Feb 2025 09:17:30 GMT",
                b"",
            ),
            "/moved" => answer("301 Moved\r\nLocation: /ok", b""),
            "/loop" => answer("302 Found\r\nLocation: /loop", b""),
            "/to-file" => answer("302 Found\r\nLocation: file:///etc/passwd", b""),
            "/nowhere" => answer("302 Found", b""),
            "/bomb" => {
                let packed = zstd::encode_all(std::io::repeat(b'a').take_bytes(64 << 20), 3).expect("memory suffices");
                answer("200 OK\r\nContent-Encoding: zstd", &packed)
            }
            "/packed" => {
                let packed = zstd::encode_all(b"petit".as_slice(), 3).expect("memory suffices");
                answer("200 OK\r\nContent-Encoding: zstd", &packed)
            }
            "/stacked" => answer("200 OK\r\nContent-Encoding: gzip, gzip", &[0x1f, 0x8b, 8]),
            "/unsaid" => answer("200 OK", &[0x1f, 0x8b, 8, 0]),
            "/declared-large" => answer("200 OK", &vec![b'a'; 20_000]),
            "/half" => Act::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nmoiti".to_vec()),
            "/endless" => Act::Endless,
            "/drip" => Act::Drip,
            "/silence" => Act::Silence,
            _ => answer("500 Unknown", b""),
        }
    }

    trait TakeBytes: std::io::Read + Sized {
        fn take_bytes(self, count: u64) -> std::io::Take<Self> {
            std::io::Read::take(self, count)
        }
    }
    impl TakeBytes for std::io::Repeat {}

    async fn serve_one(mut stream: TcpStream) -> std::io::Result<()> {
        let mut request = Vec::new();
        let mut buffer = [0; 2048];
        while !request.windows(4).any(|end| end == b"\r\n\r\n") {
            let count = stream.read(&mut buffer).await?;
            if count == 0 {
                return Ok(());
            }
            request.extend_from_slice(&buffer[..count]);
        }
        let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
        match act(&String::from_utf8_lossy(&request)) {
            Act::Bytes(bytes) => stream.write_all(&bytes).await,
            Act::Endless => {
                stream.write_all(head).await?;
                loop {
                    stream.write_all(&[b'a'; 4096]).await?;
                }
            }
            Act::Drip => {
                stream.write_all(head).await?;
                loop {
                    stream.write_all(b"a").await?;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            Act::Silence => std::future::pending().await,
        }
    }

    /// A server on loopback; its address without a final slash.
    async fn serve() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
        let address = listener.local_addr().expect("it is bound");
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // The client hangs up on some answers: no failure of the server's.
                tokio::spawn(async move { drop(serve_one(stream).await) });
            }
        });
        format!("http://{address}")
    }

    fn settings() -> HttpSettings {
        HttpSettings {
            contact: "https://exemple.fr/vigie".to_owned(),
            total_timeout: Duration::from_millis(1500),
            per_host_delay: Duration::ZERO,
            allow_private: true,
            feed_limit_bytes: 10_000,
            ..HttpSettings::default()
        }
    }

    fn request(url: &str) -> Request {
        Request {
            url: Url::parse(url).expect("a valid address"),
            what: What::Feed,
            etag: Some("\"a\"".to_owned()),
            last_modified: None,
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn answers() {
        let server = serve().await;
        let client = HttpFetch::new(settings()).expect("a client");
        let check = async |path: &str, status: u16, body: &str| {
            let answer = client.fetch(request(&format!("{server}{path}"))).await;
            let answer = answer.unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(
                (answer.status, String::from_utf8_lossy(&answer.body).as_ref()),
                (status, body),
                "{path}"
            );
            answer
        };
        let ok = check("/ok", 200, "bonjour").await;
        assert_eq!(
            (ok.etag.as_deref(), ok.max_age_seconds, ok.content_type.as_deref()),
            (Some("\"a\""), Some(600), Some("text/xml"))
        );
        assert_eq!(ok.last_modified.as_deref(), Some("Mon, 03 Feb 2025 09:15:30 GMT"));
        check("/conditional", 304, "").await;
        check("/gone", 404, "non").await;
        assert_eq!(check("/later", 503, "").await.retry_after_seconds, Some(120));
        assert_eq!(check("/moved", 200, "bonjour").await.final_url.path(), "/ok");
        check("/packed", 200, "petit").await;
        let echo = client
            .fetch(request(&format!("{server}/echo")))
            .await
            .expect("an answer");
        let echo = String::from_utf8(echo.body).expect("it is text");
        for line in [
            "user-agent: vigie/0.1.0 (+https://exemple.fr/vigie)",
            "if-none-match: \"a\"",
            "accept: application/rss+xml",
            "accept-encoding: ",
        ] {
            assert!(echo.contains(line), "{line} is not in {echo}");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn errors() {
        let server = serve().await;
        let client = HttpFetch::new(settings()).expect("a client");
        let check = async |path: &str, reason: &str| {
            let error = client.fetch(request(&format!("{server}{path}"))).await.expect_err(path);
            assert_eq!(error.reason(), reason, "{path}: {error}");
        };
        check("/loop", "http").await;
        check("/to-file", "refused-address").await;
        check("/nowhere", "http").await;
        check("/bomb", "too-large").await;
        check("/declared-large", "too-large").await;
        check("/endless", "too-large").await;
        check("/drip", "timeout").await;
        check("/silence", "timeout").await;
        check("/stacked", "http").await;
        check("/unsaid", "http").await;
        check("/half", "connect").await;
        let closed = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
        let address = closed.local_addr().expect("it is bound");
        drop(closed);
        let error = client
            .fetch(request(&format!("http://{address}/")))
            .await
            .expect_err("nobody listens");
        assert_eq!(error.reason(), "connect", "{error}");
    }

    #[tokio::test]
    async fn addresses_inside_are_refused() {
        let server = serve().await;
        let port = server.rsplit(':').next().expect("it has a port");
        let client = HttpFetch::new(HttpSettings {
            allow_private: false,
            ..settings()
        })
        .expect("a client");
        for url in [
            format!("{server}/ok"),
            format!("http://localhost:{port}/ok"),
            format!("http://2130706433:{port}/ok"),
            format!("http://0x7f.1:{port}/ok"),
            format!("http://[::ffff:127.0.0.1]:{port}/ok"),
            "ftp://exemple.fr/".to_owned(),
            "file:///etc/passwd".to_owned(),
        ] {
            let error = client.fetch(request(&url)).await.expect_err(&url);
            assert_eq!(error.reason(), "refused-address", "{url}: {error}");
        }
    }

    #[test]
    fn public_addresses() {
        let check = |address: &str, public: bool| {
            assert_eq!(is_public(address.parse().expect(address)), public, "{address}");
        };
        for inside in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "::127.0.0.1",
        ] {
            check(inside, false);
        }
        for outside in [
            "1.1.1.1",
            "100.128.0.1",
            "172.32.0.1",
            "2001:41d0::1",
            "2a01:e0a::1",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ] {
            check(outside, true);
        }
    }

    #[tokio::test]
    async fn one_host_is_asked_slowly() {
        let gate = HostGate::new(2);
        let start = Instant::now();
        let pause = Duration::from_millis(20);
        for starts_before in 0..3 {
            drop(gate.wait_for_place(pause).await);
            assert!(start.elapsed() >= pause * starts_before);
        }
        let _first = gate.wait_for_place(Duration::ZERO).await;
        let _second = gate.wait_for_place(Duration::ZERO).await;
        let third = tokio::time::timeout(pause, gate.wait_for_place(Duration::ZERO)).await;
        assert!(third.is_err(), "two places are two places");
    }

    #[test]
    fn headers_read() {
        let check = |retry: &str, date: &str, expected: Option<u64>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, retry.parse().expect("a header"));
            headers.insert(header::DATE, date.parse().expect("a header"));
            assert_eq!(retry_after(&headers), expected, "{retry} {date}");
        };
        let date = "Mon, 03 Feb 2025 09:15:30 GMT";
        check("120", date, Some(120));
        check("Mon, 03 Feb 2025 10:15:30 GMT", date, Some(3600));
        check("Mon, 03 Feb 2025 08:15:30 GMT", date, Some(0));
        check("bientôt", date, None);
        check("Mon, 03 Feb 2025 10:15:30 GMT", "hier", None);
        check("-5", date, None);
        let age = |value: &'static str| {
            max_age(&HeaderMap::from_iter([(
                header::CACHE_CONTROL,
                HeaderValue::from_static(value),
            )]))
        };
        assert_eq!(age("public, Max-Age=\"60\""), Some(60));
        assert_eq!(age("no-cache"), None);
        assert_eq!(age("s-maxage=5, max-age=x"), None);
    }
}
