//! A refresh token becomes others, once (RFC 9700, section 4.14.2).

use identity::directory::{Changes, DirectoryError, Kept};
use identity::seen::Basis;

use super::{invalid, told_of};
use crate::approval::{Approval, RefreshToken, TWICE};
use crate::client::authenticate::unknown;
use crate::client::{Client, GrantType, Proof};
use crate::params::Params;
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::reply::Reply;
use crate::scopes;
use crate::site::Site;

impl Provider {
    /// Whether a refresh token belongs to what was allowed.
    pub(super) fn refreshes(&self, client: &Client, approval: &Approval) -> bool {
        let has = |name| scopes::has(&approval.scope, name);
        client.grants.contains(&GrantType::RefreshToken) && (has("offline_access") || has("online_access"))
    }

    /// The public client that a refresh token was given to: such a client need not say who it is, as SMART has it (2.2, refresh access token), and others do not.
    ///
    /// Fails with `invalid_client` when there is no such token, or its client has to prove that it is it.
    pub(super) async fn client_of_refresh(&self, site: &Site, params: &Params) -> Result<Kept<Client>, Refusal> {
        let token = self.by_secret::<RefreshToken>(params.need("refresh_token")?).await?.ok_or_else(unknown)?;
        let kept = self.known_client(site, &token.record.client).await?.filter(|kept| kept.record.proof == Proof::Public);
        kept.ok_or_else(unknown)
    }

    pub(super) async fn refresh(&self, site: &Site, client: &Kept<Client>, params: &Params) -> Result<Reply, Refusal> {
        let text = params.need("refresh_token")?;
        let kept = self.by_secret::<RefreshToken>(text).await?.filter(|kept| kept.record.client == *client.id).ok_or_else(invalid)?;
        if kept.record.is_spent {
            return self.spent_refresh(&kept.record).await;
        }
        let held = self.directory.get::<Approval>(&kept.record.approval).await?.ok_or_else(invalid)?;
        let mut approval = held.record.clone();
        if approval.tenant != site.tenant.0 || self.now() >= kept.record.ends {
            return Err(invalid());
        }
        let user = self.holder(&mut Basis::new(&self.directory), &approval).await?.ok_or_else(invalid)?;
        let asked = narrowed(params.get("scope"), &approval)?;
        // An administrator may have taken something from the client since.
        let scope = scopes::narrowed(&asked, &client.record)?.granted.join(" ");
        let spent = RefreshToken { is_spent: true, ..kept.record.clone() };
        let mut changes = Changes::new("refresh", told_of(self.now(), client)).update(&kept, &spent);
        // Who goes on using what was allowed goes on having it (ONC 170.315(g)(10)(v)(A)(1)(iii)).
        if approval.is_offline {
            approval.ends = self.now() + i64::from(self.settings.offline_seconds) * 1000;
            changes = changes.update(&held, &approval);
        }
        let (made, changes) = self.make(&kept.record.approval, &approval, &scope, true, changes)?;
        let reply = self.answer(site, client, &approval, &user, &scope, &made, None).await?;
        match self.directory.apply(changes).await {
            Ok(()) => Ok(reply),
            // Somebody else came with the same token first: one of the two has stolen it.
            Err(DirectoryError::Raced) => self.spent_refresh(&kept.record).await,
            Err(error) => Err(error.into()),
        }
    }

    /// A refresh token that was used is one that was stolen, then or now: all of its family ends.
    async fn spent_refresh(&self, token: &RefreshToken) -> Result<Reply, Refusal> {
        self.end_approval(&token.approval, TWICE).await?;
        Err(invalid())
    }
}

/// The scope of the next access token: what was allowed, or a part of it.
fn narrowed(asked: Option<&str>, approval: &Approval) -> Result<String, Refusal> {
    let Some(asked) = asked else { return Ok(approval.scope.clone()) };
    let list = |text: &str| text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    match scopes::are_within(&list(asked), &list(&approval.scope))? {
        true => Ok(list(asked).join(" ")),
        false => Err(Refusal::new(Fault::InvalidScope, "More is asked for than the user allowed: ask the user.")),
    }
}
