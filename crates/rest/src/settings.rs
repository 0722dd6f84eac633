//! What HTTP is allowed, and how much of it.

use std::time::Duration;

use store::commit::Tenant;

/// Each field is a setting of the binary.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address under which clients see the FHIR endpoint, without a slash at its end. When `None`, it is taken from each request's
    /// Host header.
    pub base_url: Option<String>,
    /// Whether `X-Forwarded-Proto` and `X-Forwarded-Host` are believed: only behind a proxy that sets them (false).
    pub behind_proxy: bool,
    /// Whose data is served.
    pub tenant: Tenant,
    /// Who acts, until requests say who they are.
    pub actor: String,
    /// How many bytes a resource has at most, decompressed (16 MiB).
    pub max_resource_bytes: usize,
    /// How many bytes a batch or transaction has at most, decompressed (64 MiB).
    pub max_bundle_bytes: usize,
    /// How many bytes an address has at most, and the form of a search, whose `next` link is an address (64,000; HTTP itself ends at 65,534).
    pub max_url_bytes: usize,
    /// How long the head of a request may take to arrive, and a connection may be idle (30 s).
    pub head_timeout: Duration,
    /// How long its body may take (120 s).
    pub body_timeout: Duration,
    /// How long requests in flight may take to end when the server shuts down (30 s).
    pub drain_timeout: Duration,
    /// How many connections are open at once; more wait to be accepted (10,000).
    pub max_connections: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: None,
            behind_proxy: false,
            tenant: Tenant(1),
            actor: "anonymous".into(),
            max_resource_bytes: 16 << 20,
            max_bundle_bytes: 64 << 20,
            max_url_bytes: 64_000,
            head_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(120),
            drain_timeout: Duration::from_secs(30),
            max_connections: 10_000,
        }
    }
}
