//! A client that acts for itself (SMART App Launch 2.2, backend services).

use fhir::object;
use identity::directory::{Changes, Kept};
use identity::seen::Fingerprint;

use super::told_of;
use crate::approval::{ACCESS_PREFIX, AccessToken};
use crate::client::Client;
use crate::params::Params;
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::reply::Reply;
use crate::scopes;
use crate::settings::BACKEND_SECONDS;

impl Provider {
    pub(super) async fn client_credentials(&self, client: &Kept<Client>, params: &Params) -> Result<Reply, Refusal> {
        // One that was registered before the setting changed gets nothing, either.
        self.check_service(&client.record).map_err(|refusal| Refusal::new(Fault::UnauthorizedClient, refusal.why))?;
        let scope = scopes::narrowed_for_system(params.need("scope")?, &client.record)?.granted.join(" ");
        let (now, text) = (self.now(), self.fresh_secret(ACCESS_PREFIX)?);
        let token = AccessToken {
            tenant: client.record.tenant,
            client: client.id.to_string(),
            approval: None,
            scope: scope.clone(),
            issued: now,
            ends: now + i64::from(BACKEND_SECONDS) * 1000,
        };
        let changes = Changes::new("client-credentials", told_of(now, client)).create(&Fingerprint::of(text.expose()).id(), &token);
        self.directory.apply(changes).await?;
        let seconds = u64::from(BACKEND_SECONDS);
        let body = object! { "access_token": text.expose(), "token_type": "Bearer", "expires_in": seconds, "scope": scope };
        Ok(Reply::json(200, body))
    }
}
