//! A code becomes tokens, once (RFC 6749, section 4.1.3; RFC 7636, section 4.6).

use identity::directory::{Changes, DirectoryError, Kept};
use identity::seen::Basis;

use super::{invalid, told_of};
use crate::approval::TWICE;
use crate::client::Client;
use crate::code::Code;
use crate::params::Params;
use crate::pkce;
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::reply::Reply;
use crate::site::Site;

impl Provider {
    pub(super) async fn redeem_code(&self, site: &Site, client: &Kept<Client>, params: &Params) -> Result<Reply, Refusal> {
        let (text, uri) = (params.need("code")?, params.need("redirect_uri")?);
        let verifier = params.get("code_verifier");
        let verifier = verifier.ok_or_else(|| Refusal::new(Fault::InvalidGrant, "The 'code_verifier' is missing (RFC 7636, 4.5)."))?;
        let kept = self.by_secret::<Code>(text).await?.ok_or_else(invalid)?;
        let code = &kept.record;
        if code.approval.tenant != site.tenant.0 || code.approval.client != *client.id {
            return Err(invalid());
        }
        if let Some(given) = &code.spent {
            return self.spent_code(given).await;
        }
        let is_proved = code.redirect_uri == uri && pkce::fits(verifier, &code.challenge);
        if !is_proved || self.now() >= code.ends {
            return Err(invalid());
        }
        self.give_for_code(site, client, text, &kept).await
    }

    async fn give_for_code(&self, site: &Site, client: &Kept<Client>, text: &str, kept: &Kept<Code>) -> Result<Reply, Refusal> {
        let approval = &kept.record.approval;
        let user = self.holder(&mut Basis::new(&self.directory), approval).await?.ok_or_else(invalid)?;
        let id = self.id("a-")?;
        let spent = Code { spent: Some(id.clone()), ends: approval.ends, ..kept.record.clone() };
        let changes = Changes::new("redeem-code", told_of(self.now(), client)).update(kept, &spent).create(&id, approval);
        let with_refresh = self.refreshes(&client.record, approval);
        let (made, changes) = self.make(&id, approval, &approval.scope, with_refresh, changes)?;
        let nonce = kept.record.nonce.as_deref();
        let reply = self.answer(site, client, approval, &user, &approval.scope, &made, nonce).await?;
        match self.directory.apply(changes).await {
            Ok(()) => Ok(reply),
            // Somebody else came with the same code first: one of the two has stolen it.
            Err(DirectoryError::Raced) => match self.by_secret::<Code>(text).await?.and_then(|code| code.record.spent) {
                Some(given) => self.spent_code(&given).await,
                None => Err(invalid()),
            },
            Err(error) => Err(error.into()),
        }
    }

    /// A code that was used is a code that was stolen, then or now: what was given for it ends (RFC 6749, section 4.1.2).
    async fn spent_code(&self, given: &str) -> Result<Reply, Refusal> {
        self.end_approval(given, TWICE).await?;
        Err(invalid())
    }
}
