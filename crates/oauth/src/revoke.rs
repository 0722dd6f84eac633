//! The revocation endpoint (RFC 7009): access and refresh token end together, with what was allowed.

use identity::chronicle::{Deed, Did, Told};
use identity::directory::{Changes, DirectoryError, Kept};
use identity::seen::Fingerprint;
use store::commit::Instant;

use crate::approval::{AccessToken, Approval, RefreshToken, TAKEN_BACK};
use crate::client::authenticate::Request;
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::reply::Reply;
use crate::site::Site;

/// What a user has allowed, in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// What it is taken back by.
    pub id: String,
    /// Whom, by the client's id.
    pub client: String,
    /// The scopes, separated by blanks.
    pub scope: String,
    /// When it ends.
    pub ends: Instant,
}

impl Provider {
    /// Revokes a token of the client that asks: 200 also when there is none. `token_type_hint` is not needed. What goes wrong is in the answer.
    pub async fn revoke(&self, site: &Site, request: Request<'_>) -> Reply {
        self.revoked(site, request).await.unwrap_or_else(|refusal| refusal.reply())
    }

    async fn revoked(&self, site: &Site, request: Request<'_>) -> Result<Reply, Refusal> {
        let client = self.client(site, request).await?;
        let others = || Refusal::new(Fault::UnauthorizedClient, "The token was given to another client.");
        let id = Fingerprint::of(request.params.need("token")?).id();
        if let Some(token) = self.directory.get::<RefreshToken>(&id).await? {
            if token.record.client != *client.id {
                return Err(others());
            }
            self.end_approval(&token.record.approval, Did::SignOut).await?;
        } else if let Some(token) = self.directory.get::<AccessToken>(&id).await? {
            if token.record.client != *client.id {
                return Err(others());
            }
            let given_back = Told::Deeds(vec![Deed::of_client(self.now(), site.tenant, &client.id, Did::SignOut)]);
            match &token.record.approval {
                Some(approval) => self.end_approval(approval, Did::SignOut).await?,
                None => match self.directory.apply(Changes::new("revoke", given_back).remove(&token)).await {
                    // Another revoked it at the same time: nothing else changes such a record.
                    Ok(()) | Err(DirectoryError::Raced) => {}
                    Err(error) => return Err(error.into()),
                },
            }
        }
        Ok(Reply::empty(200))
    }

    /// What a user has allowed and what holds, at most 200, the newest first.
    ///
    /// Fails when the directory does.
    pub async fn approvals(&self, site: &Site, user: &str) -> Result<Vec<Given>, Refusal> {
        let found = self.directory.list::<Approval>(Some(("user", user)), 200).await?;
        let own = found.into_iter().filter(|kept| kept.record.tenant == site.tenant.0 && self.now() < kept.record.ends);
        let given = |kept: Kept<Approval>| {
            let Approval { client, scope, ends, .. } = kept.record;
            Given { id: kept.id.to_string(), client, scope, ends }
        };
        Ok(own.map(given).collect())
    }

    /// Takes back what a user has allowed. One that there is not, or that is another's, is passed over.
    ///
    /// Fails when the directory does.
    pub async fn take_back(&self, user: &str, approval: &str) -> Result<(), Refusal> {
        match self.directory.get::<Approval>(approval).await? {
            Some(kept) if kept.record.user == user => self.end_approval(approval, TAKEN_BACK).await,
            _ => Ok(()),
        }
    }
}
