//! ID tokens of a provider: signed by one of its keys, and about this sign-in (OpenID Connect Core, section 3.1.3.7).

use aws_lc_rs::digest::{Algorithm, SHA256, SHA384, digest};
use identity::{Secret, base64url};
use oauth::jwt::Token;

use super::document::Document;
use crate::error::FederationError;
use crate::federation::Federation;
use crate::provider::OpenId;

/// How far the clock of a provider may be from this one, in seconds.
const SKEW_SECONDS: i64 = 60;
/// How old an ID token may be that was asked for just now, in seconds.
const OLDEST_SECONDS: i64 = 600;
/// The longest name of a person (OpenID Connect Core, section 2).
const LONGEST_SUBJECT: usize = 255;

/// What an ID token has to say.
pub(super) struct Expected<'a> {
    pub(super) openid: &'a OpenId,
    pub(super) nonce: &'a str,
    pub(super) access_token: Option<&'a Secret>,
    pub(super) now_s: i64,
}

impl Federation {
    /// A token that a key of the provider has signed. Which algorithm that is, the key says.
    pub(super) async fn signed_token<'a>(&self, document: &Document, text: &'a Secret) -> Result<Token<'a>, FederationError> {
        let token = Token::parse(text.expose()).map_err(FederationError::BadAnswer)?;
        let (uri, now) = (&document.jwks_uri, self.now());
        let key = match &token.kid {
            Some(kid) => self.keys.key(uri, kid, now).await,
            None => self.keys.only_key(uri, now).await,
        };
        let key = key.map_err(|why| FederationError::ProviderFailed(format!("its keys cannot be had: {why}")))?;
        let key = key.ok_or(FederationError::BadAnswer("the ID token is signed by none of the provider's keys"))?;
        match token.is_signed_by(&key) {
            true => Ok(token),
            false => Err(FederationError::BadAnswer("the signature of the ID token is not right")),
        }
    }
}

impl Expected<'_> {
    /// That a token which is genuine is about this sign-in.
    pub(super) fn judge(&self, token: &Token<'_>) -> Result<(), FederationError> {
        let (claims, now) = (&token.claims, self.now_s);
        let rules = [
            (claims.text("iss") == Some(&self.openid.issuer), "the ID token is of another issuer"),
            (self.is_for_us(token), "the ID token is for another client"),
            (claims.seconds("exp").is_some_and(|ends| now < ends + SKEW_SECONDS), "the ID token has ended"),
            (
                claims.seconds("iat").is_some_and(|made| (now - OLDEST_SECONDS..=now + SKEW_SECONDS).contains(&made)),
                "the ID token was made long ago, or is to come",
            ),
            (!claims.has("nbf") || claims.seconds("nbf").is_some_and(|begins| begins <= now + SKEW_SECONDS), "the ID token is to come"),
            (claims.text("nonce") == Some(self.nonce), "the ID token is about another sign-in"),
            (
                claims.text("sub").is_some_and(|subject| (1..=LONGEST_SUBJECT).contains(&subject.len())),
                "the ID token does not say whose it is",
            ),
            (self.is_about_access(token), "the ID token was made with another access token"),
        ];
        match rules.iter().find(|(holds, _)| !holds) {
            Some((_, rule)) => Err(FederationError::BadAnswer(rule)),
            None => Ok(()),
        }
    }

    /// Whether it is for this client, and made for it.
    fn is_for_us(&self, token: &Token<'_>) -> bool {
        let us = self.openid.client_id.as_str();
        let is_ours = token.claims.audience().any(|audience| audience == us);
        match (token.claims.has("azp"), token.claims.audience().count()) {
            (false, count) => is_ours && count == 1,
            (true, _) => is_ours && token.claims.text("azp") == Some(us),
        }
    }

    /// Whether it goes with the access token, when it says so (section 3.1.3.6).
    fn is_about_access(&self, token: &Token<'_>) -> bool {
        if !token.claims.has("at_hash") {
            return true;
        }
        let algorithm: &'static Algorithm = if token.algorithm().ends_with("384") { &SHA384 } else { &SHA256 };
        let left_half = |access: &Secret| {
            let hash = digest(algorithm, access.expose().as_bytes());
            base64url::encode(&hash.as_ref()[..hash.as_ref().len() / 2])
        };
        self.access_token.is_some_and(|access| token.claims.text("at_hash") == Some(&left_half(access)))
    }
}
