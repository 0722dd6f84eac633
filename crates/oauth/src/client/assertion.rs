//! Clients that sign: `private_key_jwt` (RFC 7523; SMART App Launch 2.2, asymmetric client authentication).

use identity::chronicle::Told;
use identity::directory::{Changes, DirectoryError, Kept, Record};
use identity::seen::Fingerprint;
use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::client::authenticate::unknown;
use crate::client::{Client, Proof, keys};
use crate::jwt::{ALGORITHMS, Claims, PublicKey, Token};
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::settings::SKEW_SECONDS;
use crate::site::Site;

/// How long an assertion may hold, in seconds.
const MOST_SECONDS: i64 = 300;

/// An assertion that was accepted: its id is the fingerprint of client and `jti`, so that there is one of them.
#[derive(Serialize, Deserialize)]
pub(crate) struct Accepted {
    ends: Instant,
}

impl Record for Accepted {
    const KIND: &'static str = "assertion";

    fn ends(&self) -> Option<Instant> {
        Some(self.ends)
    }
}

impl Provider {
    /// The client that signed an assertion, which is used up by this.
    ///
    /// Fails with `invalid_client`; what is wrong with an assertion is said only to whoever had the key, or made a mistake that all can see.
    pub(crate) async fn asserted(&self, site: &Site, id: Option<&str>, assertion: &str) -> Result<Kept<Client>, Refusal> {
        let token = Token::parse(assertion).map_err(wrong)?;
        let (issuer, subject) = (token.claims.text("iss"), token.claims.text("sub"));
        let issuer = issuer.filter(|issuer| Some(*issuer) == subject && id.is_none_or(|id| id == *issuer)).ok_or_else(unknown)?;
        let kept = self.known_client(site, issuer).await?.ok_or_else(unknown)?;
        let is_registered = |jku: &String| matches!(&kept.record.proof, Proof::Keys { jwks_uri: Some(uri), .. } if uri == jku);
        if !token.jku.iter().all(is_registered) {
            return Err(wrong("The 'jku' of the assertion is not the address of keys that the client is registered with."));
        }
        let key = self.key_of(&kept.record, token.kid.as_deref().unwrap_or_default()).await?.ok_or_else(unknown)?;
        if !ALGORITHMS.contains(&token.algorithm()) || !token.is_signed_by(&key) {
            return Err(unknown());
        }
        let ends = self.timely(site, &token.claims)?;
        let jti = token.claims.text("jti").filter(|jti| !jti.is_empty() && jti.len() <= 256);
        let jti = jti.ok_or_else(|| wrong("The assertion has no 'jti' of at most 256 bytes."))?;
        let once = Fingerprint::of(&format!("{}|{jti}", kept.id)).id();
        match self
            .directory
            .apply(Changes::new("client-assertion", Told::Nothing("what is given for it is told")).create(&once, &Accepted { ends }))
            .await
        {
            Ok(()) => Ok(kept),
            Err(DirectoryError::Raced) => Err(wrong("The assertion was used before: make one with another 'jti' for each request.")),
            Err(error) => Err(error.into()),
        }
    }

    /// The key of a client; `None` when it has none of this `kid`.
    async fn key_of(&self, client: &Client, kid: &str) -> Result<Option<PublicKey>, Refusal> {
        match &client.proof {
            Proof::Keys { jwks: Some(jwks), .. } => Ok(keys::parse(jwks.as_bytes())?.into_iter().find(|key| &*key.kid == kid)),
            Proof::Keys { jwks_uri: Some(uri), .. } => {
                self.fetched.key(uri, kid, self.now()).await.map_err(|why| wrong(format!("The keys of the client cannot be had: {why}.")))
            }
            _ => Ok(None),
        }
    }

    /// When an assertion ends that is meant for this server and holds now.
    fn timely(&self, site: &Site, claims: &Claims) -> Result<Instant, Refusal> {
        let now = self.now() / 1000;
        // SMART names the token endpoint; what comes after RFC 7523 names the issuer, and libraries follow it (draft-ietf-oauth-rfc7523bis, section 4).
        let is_meant = |audience: &str| audience == site.endpoint("token") || audience == &*site.issuer;
        if !claims.audience().any(is_meant) {
            return Err(wrong(format!("The 'aud' of the assertion must be {}.", site.endpoint("token"))));
        }
        let ends = claims.seconds("exp").ok_or_else(|| wrong("The assertion has no 'exp' in whole seconds."))?;
        if ends <= now {
            return Err(wrong("The assertion has ended. Look whether the clock is right."));
        }
        if ends > now + MOST_SECONDS + SKEW_SECONDS {
            return Err(wrong(format!("The 'exp' of the assertion is more than {MOST_SECONDS} seconds from now.")));
        }
        for name in ["nbf", "iat"] {
            if claims.has(name) && claims.seconds(name).is_none_or(|begins| begins > now + SKEW_SECONDS) {
                return Err(wrong(format!("The '{name}' of the assertion is to come. Look whether the clock is right.")));
            }
        }
        Ok(ends * 1000)
    }
}

fn wrong(why: impl Into<String>) -> Refusal {
    Refusal::new(Fault::InvalidClient, why)
}
