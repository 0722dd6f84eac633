//! Clients: what is known of an app, a service, another system.

pub mod authenticate;
pub mod fetch;
pub mod origin;
pub mod redirect;

pub(crate) mod assertion;
mod keys;
mod registry;

use access::Scopes;
use identity::directory::Record;
use identity::user::HeldRole;
use serde::{Deserialize, Serialize};
use store::commit::{Instant, Tenant};

use crate::refusal::{Fault, Refusal};
use crate::scopes;

/// A client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// In whose data.
    pub tenant: u32,
    /// The name to show.
    pub name: String,
    /// How it proves that it is it.
    pub proof: Proof,
    /// Where users are sent back to, each exactly as it will be asked for. Of addresses on loopback, `127.0.0.1` and `[::1]`, the port is free (RFC 8252).
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    /// Where users are sent back to when they have signed out here at the app's wish, each exactly as it will be asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub post_logout_redirect_uris: Vec<String>,
    /// Origins of the app, as a browser writes them, whose scripts may read what the API answers: beside those that [`Client::web_origins`] has anyway.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<String>,
    /// Where an EHR launch begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch_uri: Option<String>,
    /// What it may ask for: scopes, separated by blanks.
    pub scope: String,
    /// How it may get tokens.
    pub grants: Vec<GrantType>,
    /// The address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// The roles that it has when it acts for itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<HeldRole>,
    /// Whether an administrator has agreed for all users, so that none is asked.
    #[serde(default)]
    pub preapproved: bool,
    /// Whether it registered itself: then a browser is sent to it only when a user has decided.
    #[serde(default)]
    pub self_registered: bool,
    /// What signs its ID tokens.
    #[serde(default)]
    pub id_token_alg: IdTokenAlg,
    /// Whether it may be used.
    pub active: bool,
    /// When it was made.
    pub created: Instant,
}

/// How a client proves that it is it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// Not at all: it runs where nothing can be kept secret.
    Public,
    /// With a secret.
    Secret {
        /// SHA-256 of the secrets in force, in hexadecimal digits: two while one takes over from the other.
        hashes: Vec<String>,
    },
    /// With a key, of which the public half is known.
    Keys {
        /// The JSON Web Key Set.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        jwks: Option<String>,
        /// Where it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        jwks_uri: Option<String>,
    },
}

/// How a client may get tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// A user agrees in a browser.
    AuthorizationCode,
    /// It gets another token for one that ends.
    RefreshToken,
    /// It acts for itself.
    ClientCredentials,
    /// A user agrees on another device.
    #[serde(rename = "urn:ietf:params:oauth:grant-type:device_code")]
    DeviceCode,
}

/// What signs ID tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum IdTokenAlg {
    /// RSA of 2048 bits with SHA-256.
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// The curve P-384 with SHA-384.
    #[serde(rename = "ES384")]
    Es384,
}

impl GrantType {
    /// All of them.
    pub const ALL: [GrantType; 4] = [Self::AuthorizationCode, Self::RefreshToken, Self::ClientCredentials, Self::DeviceCode];

    /// What the protocol calls it.
    pub fn code(self) -> &'static str {
        match self {
            GrantType::AuthorizationCode => "authorization_code",
            GrantType::RefreshToken => "refresh_token",
            GrantType::ClientCredentials => "client_credentials",
            GrantType::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
        }
    }
}

impl IdTokenAlg {
    /// What the protocol calls it.
    pub fn code(self) -> &'static str {
        match self {
            IdTokenAlg::Rs256 => "RS256",
            IdTokenAlg::Es384 => "ES384",
        }
    }
}

impl Client {
    /// It as the audit trail names it, under this id.
    pub fn named(&self, id: &str) -> String {
        let roles: Vec<&str> = self.roles.iter().map(|held| &*held.role).collect();
        let roles = if roles.is_empty() { String::new() } else { format!(", roles: {}", roles.join(", ")) };
        format!("{id} ({}), scope: {}{roles}", self.name, self.scope)
    }
}

impl Record for Client {
    const KIND: &'static str = "client";

    fn groups(&self) -> Vec<(&'static str, String)> {
        let origins = self.web_origins().map(|origin| (origin::GROUP, origin::in_tenant(Tenant(self.tenant), &origin)));
        std::iter::once(("tenant", self.tenant.to_string())).chain(origins).collect()
    }
}

impl Client {
    /// What it may ask for.
    ///
    /// Fails with `invalid_scope` when the record has what is no scope.
    pub(crate) fn scopes(&self) -> Result<Scopes, Refusal> {
        scopes::parse(&self.scope)
    }

    /// Whether it may get tokens so.
    pub(crate) fn needs(&self, grant: GrantType) -> Result<(), Refusal> {
        match self.grants.contains(&grant) {
            true => Ok(()),
            false => {
                let why = format!("The client is not registered for the grant type {}.", grant.code());
                Err(Refusal::new(Fault::UnauthorizedClient, why))
            }
        }
    }

    /// That it can be: each address, scope and way to get tokens, and that they fit together.
    ///
    /// Fails with `invalid_redirect_uri`, `invalid_scope` or `invalid_client_metadata`.
    pub fn check(&self) -> Result<(), Refusal> {
        let wrong = |why: &str| Err(Refusal::new(Fault::InvalidMetadata, why));
        self.redirect_uris.iter().chain(&self.post_logout_redirect_uris).try_for_each(|uri| redirect::check(uri))?;
        self.scopes()?;
        let has = |grant| self.grants.contains(&grant);
        let is_https = |uri: &Option<String>| uri.as_ref().is_none_or(|uri| redirect::is_https(uri));
        if self.tenant == 0 || self.name.trim().is_empty() || self.name.len() > 200 {
            return wrong("A client has a tenant, and a name of at most 200 bytes.");
        }
        if has(GrantType::AuthorizationCode) == self.redirect_uris.is_empty() || self.redirect_uris.len() > 20 {
            return wrong("A client for authorization_code has 1 to 20 redirect URIs, others have none.");
        }
        if self.post_logout_redirect_uris.len() > 20 || self.origins.len() > 20 || !self.origins.iter().all(|known| origin::is_one(known)) {
            return wrong(
                "A client has at most 20 post-logout redirect URIs and 20 origins, each an origin as a browser writes it: https://app.example.org.",
            );
        }
        if has(GrantType::ClientCredentials) && self.proof == Proof::Public {
            return wrong("A public client cannot act for itself: client_credentials needs a secret or a key.");
        }
        if has(GrantType::RefreshToken) && !has(GrantType::AuthorizationCode) && !has(GrantType::DeviceCode) {
            return wrong("Only who gets tokens of users gets refresh tokens: add authorization_code.");
        }
        if !is_https(&self.launch_uri) || !is_https(&self.logo_uri) {
            return wrong("The launch URI and the address of the logo begin with https, or are on loopback.");
        }
        if self.preapproved && (self.self_registered || !self.redirect_uris.iter().all(|uri| uri.starts_with("https://"))) {
            return wrong(
                "Users are asked wherever another app could take the place of this one: 'preapproved' needs https addresses (RFC 8252, 8.6).",
            );
        }
        match &self.proof {
            Proof::Keys { jwks: None, jwks_uri: Some(uri) } if uri.starts_with("https://") && redirect::is_https(uri) => Ok(()),
            Proof::Keys { jwks: Some(jwks), jwks_uri: None } => keys::parse(jwks.as_bytes()).map(drop),
            Proof::Keys { .. } => wrong("A client with keys has either their set or its https address."),
            Proof::Secret { hashes } if hashes.is_empty() || hashes.len() > 2 => {
                wrong("A client has one secret, or two while one takes over.")
            }
            Proof::Secret { .. } | Proof::Public => Ok(()),
        }
    }
}
