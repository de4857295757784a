//! The real network client, as `feeds.toml` and the command line set it.

use std::time::Duration;

use super::Failure;
use crate::config::Defaults;
use crate::fetch::http::{HttpFetch, HttpSettings};

/// The client for these settings. `allow_private` lets it ask loopback and private addresses
/// (`VIGIE_ALLOW_PRIVATE=1`, for intranets and tests).
pub fn client(defaults: &Defaults) -> Result<HttpFetch, Failure> {
    let allow_private = std::env::var("VIGIE_ALLOW_PRIVATE").is_ok_and(|value| value == "1");
    let duration = |duration: jiff::SignedDuration| duration.unsigned_abs();
    client_with(HttpSettings {
        contact: defaults.contact.clone(),
        total_timeout: duration(defaults.timeout),
        per_host_delay: duration(defaults.per_host_delay),
        allow_private,
        ..HttpSettings::default()
    })
}

/// The client of the offline demonstration: this machine only, no delays.
pub fn loopback_client() -> Result<HttpFetch, Failure> {
    client_with(HttpSettings {
        per_host_concurrency: 16,
        per_host_delay: Duration::ZERO,
        allow_private: true,
        plain_only: true,
        ..HttpSettings::default()
    })
}

fn client_with(settings: HttpSettings) -> Result<HttpFetch, Failure> {
    HttpFetch::new(settings)
        .map_err(|error| Failure::usage(anyhow::Error::new(error).context("starting the HTTP client")))
}
