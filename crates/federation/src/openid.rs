//! OpenID Connect (Core 1.0, Discovery 1.0), with the authorization code flow, PKCE (RFC 7636) and the issuer in the answer (RFC 9207).

mod document;
mod exchange;
mod id_token;

pub(crate) use document::Documents;

use identity::Secret;
use identity::directory::Kept;
use oauth::params::append;
use oauth::{Params, Site};

use crate::arrival::Person;
use crate::error::FederationError;
use crate::federation::Federation;
use crate::pending::derived;
use crate::provider::{OpenId, OutsideProvider};
use document::Document;
use id_token::Expected;

/// Where a provider sends people back: another address for each, so that the answer of one is never taken for that of another.
pub fn redirect_uri(site: &Site, slug: &str) -> String {
    site.endpoint(&format!("outside/{slug}/callback"))
}

impl Federation {
    /// The address at which the provider asks somebody.
    pub(crate) async fn openid_address(
        &self,
        site: &Site,
        slug: &str,
        openid: &OpenId,
        secret: &Secret,
    ) -> Result<String, FederationError> {
        let document = self.document(&openid.issuer).await?;
        let challenge = exchange::challenge(&derived(secret, "verifier"));
        Ok(append(
            &document.authorization_endpoint,
            &[
                ("response_type", "code"),
                ("client_id", &openid.client_id),
                ("redirect_uri", &redirect_uri(site, slug)),
                ("scope", &openid.scopes),
                ("state", derived(secret, "state").expose()),
                ("nonce", derived(secret, "nonce").expose()),
                ("code_challenge", &challenge),
                ("code_challenge_method", "S256"),
            ],
        ))
    }

    /// Whom the provider has signed in, by the answer that a browser brings.
    pub(crate) async fn openid_person(
        &self,
        site: &Site,
        kept: &Kept<OutsideProvider>,
        openid: &OpenId,
        secret: &Secret,
        params: &Params,
    ) -> Result<Person, FederationError> {
        let document = self.document(&openid.issuer).await?;
        judge_issuer(&document, openid, params)?;
        if let Some(error) = params.get("error") {
            let is_word = error.len() <= 60 && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            return Err(FederationError::NotSignedInThere(if is_word { error.to_owned() } else { String::new() }));
        }
        let code = params.get("code").ok_or(FederationError::BadAnswer("it has neither a code nor an error"))?;
        let redirect = redirect_uri(site, &kept.record.slug);
        let tokens = self.exchange(kept, openid, &document, [code, &redirect, derived(secret, "verifier").expose()]).await?;
        let token = self.signed_token(&document, &tokens.id_token).await?;
        let nonce = derived(secret, "nonce");
        let expected = Expected { openid, nonce: nonce.expose(), access_token: tokens.access_token.as_ref(), now_s: self.now() / 1000 };
        expected.judge(&token)?;
        self.person(kept, &document, &token, tokens.access_token.as_ref()).await
    }
}

/// That the answer comes from the provider to which the browser was sent (RFC 9207, section 2.4).
fn judge_issuer(document: &Document, openid: &OpenId, params: &Params) -> Result<(), FederationError> {
    match params.get("iss") {
        Some(issuer) if issuer != openid.issuer => Err(FederationError::BadAnswer("it comes from another issuer")),
        None if document.says_issuer => Err(FederationError::BadAnswer("it does not say its issuer, which this provider always does")),
        _ => Ok(()),
    }
}
