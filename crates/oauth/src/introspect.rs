//! The introspection endpoint (RFC 7662; SMART App Launch 2.2, token introspection).

use fhir::{Value, object};
use identity::seen::{Basis, Fingerprint};

use crate::approval::{Approval, RefreshToken};
use crate::bearer::{Standing, unknown};
use crate::client::authenticate::Request;
use crate::client::{Client, Proof};
use crate::id_token::claims_of_user;
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::reply::Reply;
use crate::scopes;
use crate::site::Site;
use crate::token::context;

impl Provider {
    /// Tells a confidential client of a token: `active`, and if so what it stands for. Of whatever is worth nothing here it tells no more than that. What goes wrong is in the answer.
    pub async fn introspect(&self, site: &Site, request: Request<'_>) -> Reply {
        self.introspected(site, request).await.unwrap_or_else(|refusal| refusal.reply())
    }

    async fn introspected(&self, site: &Site, request: Request<'_>) -> Result<Reply, Refusal> {
        let mut basis = Basis::new(&self.directory);
        match request.authorization.and_then(bearer) {
            Some(token) => self.check_asker(site, &mut basis, token).await?,
            None if self.client(site, request).await?.record.proof == Proof::Public => {
                let why = "Only clients that prove with a secret or a key that they are they may ask.";
                return Err(Refusal::new(Fault::InvalidClient, why));
            }
            None => {}
        }
        let fingerprint = Fingerprint::of(request.params.need("token")?);
        let active = match self.standing(&mut basis, &fingerprint).await? {
            Some(standing) if standing.token.tenant == site.tenant.0 => Some(of_access(site, &standing)),
            Some(_) => None,
            None => self.of_refresh(site, &mut basis, &fingerprint).await?,
        };
        Ok(Reply::json(200, active.unwrap_or_else(|| object! { "active": false })))
    }

    /// That an access token lets its client ask of others: the token of a service, which is given to clients that prove that they are they, and to no user.
    async fn check_asker(&self, site: &Site, basis: &mut Basis<'_>, token: &str) -> Result<(), Refusal> {
        let standing = self.standing(basis, &Fingerprint::of(token)).await?;
        match standing.filter(|standing| standing.token.tenant == site.tenant.0).ok_or_else(unknown)?.user {
            None => Ok(()),
            Some(_) => {
                Err(Refusal::new(Fault::InsufficientScope, "Only services may ask with an access token: get one with client_credentials."))
            }
        }
    }

    async fn of_refresh(&self, site: &Site, basis: &mut Basis<'_>, fingerprint: &Fingerprint) -> Result<Option<Value>, Refusal> {
        let token = basis.get::<RefreshToken>(&fingerprint.id()).await?.map(|kept| kept.record);
        let Some(token) = token.filter(|token| !token.is_spent && self.now() < token.ends) else { return Ok(None) };
        let approval = basis.get::<Approval>(&token.approval).await?.map(|kept| kept.record);
        let Some(approval) = approval.filter(|approval| approval.tenant == site.tenant.0) else { return Ok(None) };
        let client = basis.get::<Client>(&token.client).await?.is_some_and(|kept| kept.record.active);
        if !client || self.holder(basis, &approval).await?.is_none() {
            return Ok(None);
        }
        let body = object! {
            "active": true,
            "scope": approval.scope.as_str(),
            "client_id": token.client.as_str(),
            "exp": (token.ends / 1000) as u64,
            "iat": (token.issued / 1000) as u64,
        };
        Ok(Some(body))
    }
}

/// The token of `Bearer …`.
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn of_access(site: &Site, standing: &Standing) -> Value {
    let token = &standing.token;
    let mut body = object! {
        "active": true,
        "scope": token.scope.as_str(),
        "client_id": token.client.as_str(),
        "token_type": "Bearer",
        "exp": (token.ends / 1000) as u64,
        "iat": (token.issued / 1000) as u64,
        "aud": &*site.fhir,
    };
    if let Value::Object(members) = &mut body {
        let subject = standing.user.as_ref().map_or(token.client.as_str(), |(approval, _)| &approval.user);
        members.push("sub", subject);
        members.push("iss", &*site.issuer);
        if let Some((approval, user)) = &standing.user {
            members.push("username", user.login.as_str());
            let shown = if scopes::has(&token.scope, "openid") { claims_of_user(site, user, &token.scope) } else { Vec::new() };
            let fhir_user = shown.into_iter().filter(|(name, _)| *name == "fhirUser");
            for (name, value) in context(site, &approval.opened, &token.scope).into_iter().chain(fhir_user) {
                members.push(name, value);
            }
        }
    }
    body
}
