//! The userinfo endpoint (OpenID Connect Core, section 5.3).

use fhir::{Value, object};
use identity::seen::{Basis, Fingerprint};

use crate::bearer;
use crate::id_token::claims_of_user;
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::reply::Reply;
use crate::scopes;
use crate::site::Site;

impl Provider {
    /// Tells of the user for whom an access token is, as far as its scopes ask for it: at least `sub`. 401 for a token that is worth nothing, 403 for one without
    /// `openid`.
    pub async fn userinfo(&self, site: &Site, token: &str) -> Reply {
        self.claims(site, token).await.map_or_else(|refusal| refusal.reply(), |claims| Reply::json(200, claims))
    }

    async fn claims(&self, site: &Site, token: &str) -> Result<Value, Refusal> {
        let standing = self.standing(&mut Basis::new(&self.directory), &Fingerprint::of(token)).await?;
        let standing = standing.filter(|standing| standing.token.tenant == site.tenant.0).ok_or_else(bearer::unknown)?;
        let scope = &standing.token.scope;
        let user = standing.user.as_ref().filter(|_| scopes::has(scope, "openid"));
        let (approval, user) =
            user.ok_or_else(|| Refusal::new(Fault::InsufficientScope, "This needs a user's token with the scope 'openid'."))?;
        let mut claims = object! { "sub": approval.user.as_str() };
        if let Value::Object(members) = &mut claims {
            for (name, value) in claims_of_user(site, user, scope) {
                members.push(name, value);
            }
        }
        Ok(claims)
    }
}
