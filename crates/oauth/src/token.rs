//! The token endpoint (RFC 6749, section 3.2; SMART App Launch 2.2).

mod answer;
mod client_credentials;
mod code;
mod device_code;
mod refresh;

pub(crate) use answer::context;

use identity::chronicle::{Deed, Did, Told};
use identity::directory::Kept;
use store::commit::{Instant, Tenant};

use crate::client::authenticate::Request;
use crate::client::{Client, GrantType};
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::reply::Reply;
use crate::site::Site;

impl Provider {
    /// Gives tokens, for a code, a refresh token, a device's code, or to a client that acts for itself. Everything that goes wrong is in the answer: 400 or 401 with
    /// `error` and `error_description`, 503 when the directory is busy.
    pub async fn token(&self, site: &Site, request: Request<'_>) -> Reply {
        self.tokens(site, request).await.unwrap_or_else(|refusal| refusal.reply())
    }

    async fn tokens(&self, site: &Site, request: Request<'_>) -> Result<Reply, Refusal> {
        let named = request.params.need("grant_type")?;
        let grant = GrantType::ALL.into_iter().find(|grant| grant.code() == named);
        let grant = grant.ok_or_else(|| Refusal::new(Fault::UnsupportedGrant, "There is no such 'grant_type' here."))?;
        let client = match grant {
            GrantType::RefreshToken if request.is_anonymous() => self.client_of_refresh(site, request.params).await?,
            _ => self.client(site, request).await?,
        };
        client.record.needs(grant)?;
        match grant {
            GrantType::AuthorizationCode => self.redeem_code(site, &client, request.params).await,
            GrantType::RefreshToken => self.refresh(site, &client, request.params).await,
            GrantType::ClientCredentials => self.client_credentials(&client, request.params).await,
            GrantType::DeviceCode => self.redeem_device(site, &client, request.params).await,
        }
    }
}

/// What is told of tokens that a client gets.
fn told_of(now: Instant, client: &Kept<Client>) -> Told {
    Told::Deeds(vec![Deed::of_client(now, Tenant(client.record.tenant), &client.id, Did::SignIn)])
}

/// What is told of a code or token that is worth nothing, whatever the reason.
fn invalid() -> Refusal {
    Refusal::new(Fault::InvalidGrant, "It was used, has ended, was revoked, or was not given to this client for this address.")
}
