//! Who calls: what a request brings to prove it, who judges that, and what comes out.
//!
//! [`Doorkeeper`] is the only way from a credential to a caller. An [`crate::App`] without one is open: whoever reaches it may do everything.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use access::{Grant, Principal};
use http::request::Parts;
use store::commit::Tenant;

/// What a request brings to prove who sends it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Credential<'a> {
    /// The token of `Authorization: Bearer` (RFC 6750): an access token, or an API key.
    Bearer(&'a str),
    /// The value of the session's cookie. It proves nothing for the API: another site can make a browser send it.
    Session(&'a str),
}

/// What a doorkeeper sees of a request.
#[derive(Clone, Copy)]
pub struct Visit<'a> {
    /// What it brings.
    pub credential: Credential<'a>,
    /// Whose data its address names.
    pub tenant: Tenant,
    /// Where it comes from; `None` when that is not known, as in tests.
    pub address: Option<IpAddr>,
    /// The rest of it.
    pub head: &'a Parts,
}

/// Somebody whom a doorkeeper has let in.
#[derive(Clone)]
pub struct Caller {
    /// What they may do, and who they are.
    pub grant: Arc<Grant>,
}

impl Caller {
    /// Who it is.
    pub fn principal(&self) -> &Arc<Principal> {
        &self.grant.principal
    }

    /// Who acts, as commits and logs name them: the reference to who they are in the records, or the name of the account or service.
    pub(crate) fn actor(&self) -> Arc<str> {
        let principal = self.principal();
        principal.fhir_user.as_ref().map_or_else(|| principal.name.as_ref().into(), |key| key.to_string().into())
    }
}

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// What was brought is unknown, has ended or was revoked: 401. Which of these is nobody's business.
    Invalid,
    /// It is good, and not for this: of another tenant, or without what the path asks for: 403.
    Insufficient,
    /// It was tried too often: 429, and after how many seconds it may be tried again.
    TooOften(u32),
    /// It cannot be told at the moment, as the store is busy or fails: 503.
    Unavailable,
}

/// What a doorkeeper answers, now or after a look into the store.
pub type Admission<'a> = Pin<Box<dyn Future<Output = Result<Caller, Refusal>> + Send + 'a>>;

/// Whether it is so, now or after a look into the store.
pub type Judged<'a> = Pin<Box<dyn Future<Output = bool> + Send + 'a>>;

/// Tells who calls.
pub trait Doorkeeper: Send + Sync {
    /// Who it is that brings this, and what they may do; or why they are not let in.
    ///
    /// It is asked for each request that brings something, so that what is revoked is refused from then on.
    fn admit<'a>(&'a self, visit: Visit<'a>) -> Admission<'a>;

    /// The same when it can be told without a look into the store, as of somebody who was let in a moment ago; `None`: it has to be asked by [`Doorkeeper::admit`].
    ///
    /// Whoever is let in here would be let in there: it is the shorter way to the same answer.
    fn known(&self, _visit: Visit<'_>) -> Option<Caller> {
        None
    }

    /// Whether the scripts of an origin, written as browsers write it, may read what the API of a tenant answers: it is that of an app that is registered there. None may, unless
    /// this says so; when it cannot be told, they may not.
    fn allows_origin<'a>(&'a self, _tenant: Tenant, _origin: &'a str) -> Judged<'a> {
        Box::pin(std::future::ready(false))
    }
}

impl std::fmt::Debug for Credential<'_> {
    /// A credential is never shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Credential::Bearer(_) => "Bearer(…)",
            Credential::Session(_) => "Session(…)",
        })
    }
}
