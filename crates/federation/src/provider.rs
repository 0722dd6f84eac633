//! What is known of a provider outside.

use identity::directory::Record;
use identity::spelling;
use identity::user::{HeldRole, Membership};
use oauth::IdTokenAlg;
use serde::{Deserialize, Serialize};
use store::commit::{Instant, Tenant};

use crate::error::FederationError;

/// A provider whose people may sign in to a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideProvider {
    /// The tenant that it opens.
    pub tenant: u32,
    /// What it is called in addresses: 1 to 32 small letters, digits and `-`.
    pub slug: String,
    /// The name to show: `Sign in with NAME`.
    pub name: String,
    /// Which protocol it speaks.
    pub protocol: Protocol,
    /// Values of `acr` or `amr` by which it says that it has asked for a second factor; none: it is not believed in that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub second_factor: Vec<String>,
    /// The claim that is the login of a newcomer's account, and the name of a link.
    pub login_claim: String,
    /// Whether people without an account get one; `None`: they are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newcomers: Option<Newcomers>,
    /// Whether it is used.
    pub active: bool,
    /// When it was made.
    pub created: Instant,
}

/// What people get who have no account yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newcomers {
    /// The roles; none: the account may do nothing before somebody gives it one.
    pub roles: Vec<HeldRole>,
}

/// A protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "protocol", rename_all = "kebab-case")]
pub enum Protocol {
    /// OpenID Connect Core 1.0, with the authorization code flow.
    OpenId(OpenId),
}

/// An OpenID provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenId {
    /// The issuer, exactly as the provider writes it. What else is to be known stands below it, at `/.well-known/openid-configuration`.
    pub issuer: String,
    /// What the provider calls this server.
    pub client_id: String,
    /// How this server proves that it is it.
    pub proof: Proof,
    /// What is asked for; `openid` is in it.
    pub scopes: String,
}

/// How this server proves to a provider that it is it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// It does not: PKCE alone protects the code.
    Public,
    /// By a secret, which is sealed for the id of the record, in base64url.
    Secret(String),
    /// By a signature with this server's own key, which the provider finds at this server's `jwks_uri` (`private_key_jwt`).
    Key(IdTokenAlg),
}

impl Record for OutsideProvider {
    const KIND: &'static str = "outside-provider";

    fn names(&self) -> Vec<(&'static str, String)> {
        vec![("slug", slug_in(Tenant(self.tenant), &self.slug))]
    }

    fn groups(&self) -> Vec<(&'static str, String)> {
        vec![("tenant", self.tenant.to_string())]
    }
}

impl OutsideProvider {
    /// That it can be.
    ///
    /// Fails with [`FederationError::BadProvider`].
    pub fn check(&self) -> Result<(), FederationError> {
        let wrong = |field, rule| Err(FederationError::BadProvider { field, rule });
        let is_slug = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=32).contains(&self.slug.len()) || !self.slug.bytes().all(is_slug) {
            return wrong("slug", "1 to 32 small letters, digits and -");
        }
        spelling::name(&self.name)?;
        if self.tenant == 0 {
            return wrong("tenant", "tenants of people begin at 1");
        }
        if self.login_claim.is_empty() || self.login_claim.len() > 200 {
            return wrong("login_claim", "the name of a claim, such as preferred_username");
        }
        if self.second_factor.len() > 20 {
            return wrong("second_factor", "at most 20 values");
        }
        if let Some(newcomers) = &self.newcomers {
            self.part_of(newcomers).check()?;
        }
        match &self.protocol {
            Protocol::OpenId(openid) => openid.check(),
        }
    }

    /// What a newcomer may do.
    pub(crate) fn part_of(&self, newcomers: &Newcomers) -> Membership {
        Membership { roles: newcomers.roles.clone(), ..Membership::with_role(Tenant(self.tenant), "") }
    }
}

impl OpenId {
    fn check(&self) -> Result<(), FederationError> {
        let wrong = |field, rule| Err(FederationError::BadProvider { field, rule });
        let is_plain = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_plain(&self.issuer, 1000) || !is_web(&self.issuer) || self.issuer.contains(['?', '#', '@']) {
            return wrong("issuer", "an address such as https://login.example.org, without a query");
        }
        if !is_plain(&self.client_id, 500) {
            return wrong("client_id", "what the provider calls this server");
        }
        if self.scopes.len() > 1000 || !self.scopes.split(' ').any(|scope| scope == "openid") {
            return wrong("scopes", "scopes with blanks between them, openid among them");
        }
        Ok(())
    }
}

/// Whether an address is one of the web. (Which hosts are asked without TLS, whoever asks decides.)
pub(crate) fn is_web(address: &str) -> bool {
    address.starts_with("https://") || address.starts_with("http://")
}

/// The name of a slug among all tenants'.
pub(crate) fn slug_in(tenant: Tenant, slug: &str) -> String {
    format!("{}/{slug}", tenant.0)
}
