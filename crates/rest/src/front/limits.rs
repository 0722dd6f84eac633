//! How often who may ask for what, and how a client is told what is left
//! (<https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers>).

use std::net::{IpAddr, Ipv6Addr};

use access::Principal;
use axum::response::Response;
use http::{HeaderName, HeaderValue, Method};
use interaction::table::Interaction;
use store::commit::Instant;

use crate::failure::Failure;
use crate::rate::{Meter, Quota, Rates, Taken};

const RATELIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATELIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The quotas, and who has used up how much of them.
pub(super) struct Limits {
    rates: Rates,
    meter: Option<Meter>,
}

/// What a request is for, as far as quotas care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// An endpoint of OAuth.
    Token,
    /// Something is sent to a page of signing in.
    SignIn,
    /// An operation, GraphQL, a batch or transaction.
    Costly,
    /// Anything else.
    Plain,
}

/// The endpoints of OAuth that programs call.
const ENDPOINTS: [&str; 7] =
    ["/auth/token", "/auth/introspect", "/auth/revoke", "/auth/register", "/auth/device-authorization", "/auth/userinfo", "/auth/jwks"];

impl Class {
    /// The class of a request to the route of this pattern.
    fn of(method: &Method, route: &str) -> Self {
        if ENDPOINTS.contains(&route) {
            return Class::Token;
        }
        // A sign-in that begins elsewhere is begun by a link, and costs a record.
        if route.starts_with("/auth/outside/") {
            return Class::SignIn;
        }
        if route.starts_with("/auth/") {
            return if method.is_safe() { Class::Plain } else { Class::SignIn };
        }
        match super::interaction(method, route) {
            Some(Interaction::Operation | Interaction::GraphQl | Interaction::GraphQlPost | Interaction::Process) => Class::Costly,
            _ => Class::Plain,
        }
    }
}

impl Limits {
    pub(super) fn new(rates: &Rates) -> Self {
        let Rates { address, user, client, costly, sign_in, token } = *rates;
        let are_any = [address, user, client, costly, sign_in, token].iter().any(|quota| quota.count > 0);
        Self { rates: *rates, meter: are_any.then(Meter::new) }
    }

    pub(super) fn are_any(&self) -> bool {
        self.meter.is_some()
    }

    /// The class of a request to the route of this pattern, as far as a quota asks for it.
    pub(super) fn class(&self, method: &Method, route: &str) -> Class {
        // To tell what is costly the interaction is looked for among all: that is spared where nobody counts it.
        let is_fhir = self.rates.costly.count == 0 && route.starts_with(crate::app::PREFIX);
        if is_fhir || !self.are_any() { Class::Plain } else { Class::of(method, route) }
    }

    /// Takes one of the quotas of an address. Requests whose address is unknown share one.
    pub(super) fn of_address(&self, address: Option<IpAddr>, class: Class, now_ms: Instant) -> Told {
        let Some(meter) = &self.meter else { return Told::NOTHING };
        let key = address.map(network);
        let general = Told::of("address", self.rates.address, meter, key, now_ms);
        match class {
            Class::Token => general.stricter(Told::of("token", self.rates.token, meter, key, now_ms)),
            Class::SignIn => general.stricter(Told::of("sign-in", self.rates.sign_in, meter, key, now_ms)),
            Class::Costly | Class::Plain => general,
        }
    }

    /// Takes one of the quotas of a user and of a client.
    pub(super) fn of_caller(&self, principal: &Principal, class: Class, now_ms: Instant) -> Told {
        let Some(meter) = &self.meter else { return Told::NOTHING };
        let (user, client) = (principal.user.as_deref(), principal.client.as_deref());
        let mut told = Told::NOTHING;
        if user.is_some() {
            told = told.stricter(Told::of("user", self.rates.user, meter, user, now_ms));
        }
        if client.is_some() {
            told = told.stricter(Told::of("client", self.rates.client, meter, client, now_ms));
        }
        if class == Class::Costly {
            let own = client.filter(|_| user.is_none());
            told = told.stricter(Told::of("costly", self.rates.costly, meter, (user, own), now_ms));
        }
        told
    }
}

/// What somebody shares a quota with: an IPv6 network of 64 bits is one customer's.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        v4 => v4,
    }
}

/// What a client is told of its quotas: the one of which the smallest part is left.
#[derive(Clone, Copy)]
pub(super) struct Told(Option<(&'static str, Quota, Taken)>);

impl Told {
    const NOTHING: Self = Self(None);

    fn of(name: &'static str, quota: Quota, meter: &Meter, key: impl std::hash::Hash, now_ms: Instant) -> Self {
        if quota.count == 0 {
            return Self::NOTHING;
        }
        Self(Some((name, quota, meter.take((name, key), quota, now_ms))))
    }

    /// The one of two that leaves less.
    pub(super) fn stricter(self, other: Self) -> Self {
        let left = |told: &Self| {
            told.0.map_or((1, u64::MAX), |(_, quota, taken)| {
                (u8::from(taken.is_allowed), u64::from(taken.left) * 1_000_000 / u64::from(quota.count))
            })
        };
        if left(&other) < left(&self) { other } else { self }
    }

    /// Whether a quota is used up.
    pub(super) fn is_refused(&self) -> bool {
        self.0.is_some_and(|(_, _, taken)| !taken.is_allowed)
    }

    /// Why the request is refused, when it is.
    pub(super) fn failure(&self) -> Failure {
        let (of, retry_after_s) = self.0.map_or(("", 1), |(name, _, taken)| (name, taken.after_s));
        let of = match of {
            "sign-in" => "attempts to sign in",
            "costly" => "operations, GraphQL queries, batches and transactions",
            _ => "requests",
        };
        Failure::Throttled { of, retry_after_s }
    }

    /// An answer that says so.
    pub(super) fn on(&self, mut response: Response) -> Response {
        if let Some((name, quota, taken)) = self.0 {
            let policy = format!("\"{name}\";q={};w={}", quota.count, quota.window_s);
            let limit = format!("\"{name}\";r={};t={}", taken.left, taken.after_s);
            for (header, text) in [(RATELIMIT_POLICY, policy), (RATELIMIT, limit)] {
                response.headers_mut().extend(HeaderValue::from_str(&text).map(|value| (header, value)));
            }
        }
        response
    }
}
