//! The network, seen from above: one request, one answer. `Fetch` is one of the two seams of the
//! house; the real client is in `http`.

pub mod http;

use std::future::Future;

use url::Url;

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The address, http or https.
    pub url: Url,
    /// Feed or page: decides the size limit and the `Accept` header.
    pub what: What,
    /// `ETag` of the last answer, verbatim.
    pub etag: Option<String>,
    /// `Last-Modified` of the last answer, verbatim.
    pub last_modified: Option<String>,
}

/// What kind of document is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A feed.
    Feed,
    /// An article page.
    Page,
}

/// An HTTP answer, whatever its status.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The address after redirects.
    pub final_url: Url,
    /// `Content-Type`, verbatim.
    pub content_type: Option<String>,
    /// `ETag`, verbatim.
    pub etag: Option<String>,
    /// `Last-Modified`, verbatim.
    pub last_modified: Option<String>,
    /// `Retry-After` in seconds from the answer.
    pub retry_after_seconds: Option<u64>,
    /// `Cache-Control: max-age`, in seconds.
    pub max_age_seconds: Option<u64>,
    /// Decoded body, within the size limit.
    pub body: Vec<u8>,
}

/// Why there is no answer. Each variant is a word in reports.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FetchError {
    /// The host does not answer in time.
    #[error("no answer within {seconds} s")]
    Timeout {
        /// The limit.
        seconds: u64,
    },
    /// The name does not resolve.
    #[error("the host name does not resolve")]
    Dns,
    /// The certificate is refused, or TLS fails.
    #[error("TLS: {0}")]
    Tls(String),
    /// The connection is refused or cut.
    #[error("connection: {0}")]
    Connect(String),
    /// The body is larger than allowed, once unpacked.
    #[error("larger than {limit_bytes} bytes once unpacked")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// The address points inside this machine or network, or is not http(s).
    #[error("address refused: {0}")]
    RefusedAddress(String),
    /// Anything else that HTTP can do wrong.
    #[error("{0}")]
    Http(String),
}

impl FetchError {
    /// The word for programs.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Timeout { .. } => "timeout",
            Self::Dns => "dns",
            Self::Tls(_) => "tls",
            Self::Connect(_) => "connect",
            Self::TooLarge { .. } => "too-large",
            Self::RefusedAddress(_) => "refused-address",
            Self::Http(_) => "http",
        }
    }
}

/// Anything that answers requests: the network, or a test's world.
pub trait Fetch: Send + Sync {
    /// Asks once. An HTTP error status is an answer, not an error.
    fn fetch(&self, request: Request) -> impl Future<Output = Result<Answer, FetchError>> + Send;
}
