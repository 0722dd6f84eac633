//! What is known of a provider outside.

use identity::directory::Record;
use identity::spelling;
use identity::user::{HeldRole, Membership};
use oauth::IdTokenAlg;
use saml::Refused;
use saml::certificate::Key;
use saml::metadata::SignOut;
use serde::{Deserialize, Serialize};
use store::commit::{Instant, Tenant};

use crate::error::FederationError;

/// How many certificates a provider may have.
const MOST_CERTIFICATES: usize = 5;

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
    /// SAML 2.0, with a request by redirect and an answer by a form.
    Saml(Saml),
}

/// A SAML provider, as its metadata say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saml {
    /// What it is called.
    pub entity_id: String,
    /// Where people sign in.
    pub sign_in: String,
    /// The certificates by which it signs, in base64: another beside the first, while it changes them.
    pub certificates: Vec<String>,
    /// Where people sign out; `None`: it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_out: Option<SignOut>,
    /// Whether its assertions have to be encrypted. (This it does not say of itself.)
    #[serde(default)]
    pub encryption: Encryption,
}

/// Whether assertions have to be encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encryption {
    /// The metadata of this server have a key for it; one in clear is taken, too.
    #[default]
    Wanted,
    /// One in clear is refused.
    Required,
}

impl Encryption {
    /// What it is called in commands.
    pub fn word(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Required => "required",
        }
    }
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
            Protocol::Saml(saml) => saml.check(),
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

impl Protocol {
    /// What the provider calls itself: an issuer, or an entity id.
    pub fn called(&self) -> &str {
        match self {
            Protocol::OpenId(openid) => &openid.issuer,
            Protocol::Saml(saml) => &saml.entity_id,
        }
    }
}

impl Saml {
    fn check(&self) -> Result<(), FederationError> {
        let wrong = |field, rule| Err(FederationError::BadProvider { field, rule });
        let is_plain = |text: &str| (1..=2000).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_plain(&self.entity_id) {
            return wrong("entity_id", "what the provider calls itself, in visible ASCII letters");
        }
        if !is_plain(&self.sign_in) || !is_web(&self.sign_in) {
            return wrong("sign_in", "an address of the web, where people sign in");
        }
        if let Some(SignOut { address, answers, .. }) = &self.sign_out
            && ![Some(address), answers.as_ref()].into_iter().flatten().all(|address| is_plain(address) && is_web(address))
        {
            return wrong("sign_out", "an address of the web, where people sign out");
        }
        if self.certificates.is_empty() || self.certificates.len() > MOST_CERTIFICATES {
            return wrong("certificates", "one to five certificates");
        }
        self.keys().map(drop)
    }

    /// The keys in the certificates.
    pub(crate) fn keys(&self) -> Result<Vec<Key>, FederationError> {
        let keys = self.certificates.iter().map(|certificate| Key::of_certificate(certificate));
        keys.collect::<Result<_, _>>().map_err(|Refused(rule)| FederationError::BadProvider { field: "certificates", rule })
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
