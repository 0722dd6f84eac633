//! What HTTP is allowed, and how much of it.

use std::time::Duration;

use store::commit::Tenant;

use crate::rate::Rates;

/// Each field is a setting of the binary.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address under which clients see the FHIR endpoint, without a slash at its end. When `None`, it is taken from each request's
    /// Host header.
    pub base_url: Option<String>,
    /// Whether `X-Forwarded-Proto`, `X-Forwarded-Host` and the last of `X-Forwarded-For` are believed: only behind a proxy that sets them (false).
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
    /// How long the head of a request may take to arrive, from its first byte (10 s). Times of connections are looked at once a second.
    pub head_timeout: Duration,
    /// How long a connection may ask nothing (120 s).
    pub idle_timeout: Duration,
    /// How long the body of a request may take (120 s).
    pub body_timeout: Duration,
    /// How long a client may neither send of a body nor take of an answer (15 s).
    pub stall_timeout: Duration,
    /// How many bytes a second it sends or takes at least, once that time is over (1,024).
    pub min_bytes_per_s: u32,
    /// How long requests in flight may take to end when the server shuts down (30 s).
    pub drain_timeout: Duration,
    /// How many connections are open at once (10,000). Beyond, the one that has asked nothing for the longest gives way; when none has,
    /// new ones are told to come back.
    pub max_connections: usize,
    /// How many requests of one connection are worked on at once, by HTTP/2 (64).
    pub max_streams: u32,
    /// How many searches and histories are worked on at once (128).
    pub max_searches: usize,
    /// How many writes of single resources (256).
    pub max_writes: usize,
    /// How many operations and GraphQL queries (16).
    pub max_operations: usize,
    /// How many batches and transactions (16).
    pub max_bundles: usize,
    /// How many requests of each of these classes wait (2,000); more are told to come back.
    pub max_queued: usize,
    /// How long they wait at most, for their turn or for memory, before they are told so (5 s).
    pub queue_timeout: Duration,
    /// How much memory large bodies take while they arrive and are worked on, in bytes; small ones have half as much beside it (64 MiB).
    pub body_memory_bytes: usize,
    /// How much memory large answers take until they have gone out (64 MiB).
    pub answer_memory_bytes: usize,
    /// How much memory long heads take (16 MiB).
    pub head_memory_bytes: usize,
    /// How many answers are compressed at once; beyond, they go out as they are (64).
    pub max_compressed: usize,
    /// The origins whose scripts may read answers, each exactly as a browser writes it: `https://app.example.org` (none).
    pub cors_origins: Vec<String>,
    /// How often may be asked (as often as anybody likes).
    pub rates: Rates,
    /// Whether requests have to name this machine, or the host of `base_url` or of a tenant: for a server that asks nobody who they are (false).
    pub is_local: bool,
    /// Whether clients speak TLS with this server itself (false).
    pub is_tls: bool,
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
            head_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(120),
            body_timeout: Duration::from_secs(120),
            stall_timeout: Duration::from_secs(15),
            min_bytes_per_s: 1024,
            drain_timeout: Duration::from_secs(30),
            max_connections: 10_000,
            max_streams: 64,
            max_searches: 128,
            max_writes: 256,
            max_operations: 16,
            max_bundles: 16,
            max_queued: 2_000,
            queue_timeout: Duration::from_secs(5),
            body_memory_bytes: 64 << 20,
            answer_memory_bytes: 64 << 20,
            head_memory_bytes: 16 << 20,
            max_compressed: 64,
            cors_origins: Vec::new(),
            rates: Rates::default(),
            is_local: false,
            is_tls: false,
        }
    }
}
