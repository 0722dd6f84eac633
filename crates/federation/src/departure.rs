//! Somebody is sent to a provider.

use identity::Secret;
use identity::directory::Changes;
use identity::outside::CameBy;
use identity::random::{SystemRandom, token};
use oauth::Site;
use oauth::params::append;
use serde::{Deserialize, Serialize};

use crate::error::FederationError;
use crate::federation::Federation;
use crate::pending::{HOLDS_MS, Pending, UNDER_WAY};
use crate::provider::Protocol;

/// How long the browser keeps its secret, in seconds.
pub const SECONDS: i64 = HOLDS_MS / 1000;

/// What somebody wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// To sign in, and to go on to this path of the server.
    SignIn {
        /// The path.
        next: String,
    },
    /// To link the person there to the account of a session.
    Link {
        /// The session, by its handle.
        session: String,
    },
}

/// Where a browser is sent, and what it takes along.
#[derive(Clone, Debug)]
pub struct Departure {
    /// The address at the provider.
    pub address: String,
    /// What the browser keeps in a cookie for [`SECONDS`], and brings back.
    pub secret: Secret,
}

/// Where a browser goes to be signed out at a provider, or to tell it that it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Farewell {
    /// The name of the provider.
    pub name: String,
    /// The address there.
    pub address: String,
    /// The fields of the form that is sent there; none: the address alone is enough.
    pub fields: Vec<(&'static str, String)>,
}

impl Federation {
    /// Sends somebody to a provider.
    ///
    /// Fails with [`FederationError::NoProvider`], with [`FederationError::ProviderFailed`] when the provider does not say where that is, and when the directory does.
    pub async fn depart(&self, site: &Site, slug: &str, purpose: Purpose) -> Result<Departure, FederationError> {
        let kept = self.used(site.tenant, slug).await?;
        let secret = token(&SystemRandom)?;
        let (address, request) = match &kept.record.protocol {
            Protocol::OpenId(openid) => (self.openid_address(site, slug, openid, &secret).await?, None),
            Protocol::Saml(saml) => {
                let (address, request) = self.saml_address(site, slug, saml, &secret);
                (address, Some(request.fingerprint()))
            }
        };
        let pending = Pending { provider: kept.id.to_string(), purpose, until: self.now() + HOLDS_MS, request, answered: None };
        self.directory().apply(Changes::new("depart", UNDER_WAY).create(&secret.fingerprint(), &pending)).await?;
        Ok(Departure { address, secret })
    }

    /// Where a provider signs somebody out who has signed out here, and sends them back. `None` when it does not offer that.
    ///
    /// An OpenID provider sends them to `outside/SLUG/signed-out` (OpenID Connect RP-Initiated Logout 1.0, section 2), which it has to know. It learns which client it is, and asks its user: no
    /// ID token is kept here to be shown to it. A SAML provider is asked, by a message that holds for some minutes, about the session that `came_by` it: without that there is nothing to ask.
    ///
    /// Fails with [`FederationError::NoProvider`], with [`FederationError::ProviderFailed`] when what it says of itself cannot be had, and when the directory does.
    pub async fn farewell(&self, site: &Site, slug: &str, came_by: Option<&CameBy>) -> Result<Option<Farewell>, FederationError> {
        let kept = self.used(site.tenant, slug).await?;
        let Protocol::OpenId(openid) = &kept.record.protocol else { return self.saml_farewell(site, &kept, came_by).await };
        let document = self.document(&openid.issuer).await?;
        let back = site.endpoint(&format!("outside/{slug}/signed-out"));
        let members = [("client_id", openid.client_id.as_str()), ("post_logout_redirect_uri", &back)];
        let of = |address| Farewell { name: kept.record.name.clone(), address: append(address, &members), fields: Vec::new() };
        Ok(document.end_session_endpoint.as_deref().map(of))
    }
}
