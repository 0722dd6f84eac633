//! Where a tenant is found: the addresses from which all others follow.

use store::commit::Tenant;

/// The addresses of a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Whose.
    pub tenant: Tenant,
    /// The issuer: what is before `/.well-known/openid-configuration`, without a slash at its end.
    pub issuer: Box<str>,
    /// The base address of FHIR, without a slash at its end.
    pub fhir: Box<str>,
}

impl Site {
    /// The addresses of a tenant: `https://ward.example` and `https://ward.example/fhir`.
    pub fn new(tenant: Tenant, issuer: &str, fhir: &str) -> Self {
        Self { tenant, issuer: issuer.trim_end_matches('/').into(), fhir: fhir.trim_end_matches('/').into() }
    }

    /// The address of an endpoint: `token` is `{issuer}/auth/token`.
    pub fn endpoint(&self, name: &str) -> String {
        format!("{}/auth/{name}", self.issuer)
    }

    /// Whether an address means the base of FHIR. A slash at its end is passed over, nothing else.
    pub fn is_fhir(&self, address: &str) -> bool {
        address.strip_suffix('/').unwrap_or(address) == &*self.fhir
    }
}
