//! Signing out at an app's wish (OpenID Connect RP-Initiated Logout 1.0). What is asked for is read here; the user is asked on a page, and their session is `identity`'s.

use identity::directory::Kept;

use crate::client::Client;
use crate::jwt::{PublicKey, Token};
use crate::params::{self, Params};
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::site::Site;

/// How long `state` may be, in bytes.
const LONGEST: usize = 2000;

/// What was understood of a wish that somebody be signed out.
#[derive(Clone, Debug, Default)]
pub struct Leaving {
    /// Which app wishes it; `None`: nobody knows.
    pub client: Option<Kept<Client>>,
    /// Whom it means: an account, by id; `None`: whoever is signed in.
    pub user: Option<String>,
    /// Where the browser goes when it is done, with `state` when the app sent one; `None`: it stays.
    pub back: Option<String>,
}

impl Provider {
    /// Reads a request to the end session endpoint. It decides nothing, and needs no proof: the user is asked.
    ///
    /// Fails with `invalid_request` when `id_token_hint` was not signed here, or names another client than `client_id`; when there is no such client; when
    /// `post_logout_redirect_uri` is not one that the client is registered with, letter by letter, or no client is named; and when `state` has more than 2000 bytes. An ID
    /// token that has ended is understood (section 2): it says who, and lets nobody in. Fails also when the directory does.
    pub async fn end_session(&self, site: &Site, params: &Params) -> Result<Leaving, Refusal> {
        let wrong = |why: &str| Err(Refusal::new(Fault::InvalidRequest, why));
        let hint = match params.get("id_token_hint") {
            Some(text) => Some(self.hinted(site, text).await?),
            None => None,
        };
        let named = params.get("client_id");
        let hinted = hint.as_ref().map(|(client, _)| client.as_str());
        if named.zip(hinted).is_some_and(|(named, hinted)| named != hinted) {
            return wrong("The 'id_token_hint' was given to another client than 'client_id' names.");
        }
        let client = match named.or(hinted) {
            Some(id) => Some(self.known_client(site, id).await?.ok_or_else(unknown)?),
            None => None,
        };
        let state = params.get("state");
        if state.is_some_and(|state| state.len() > LONGEST) {
            return wrong("'state' has at most 2000 bytes.");
        }
        let back = match (params.get("post_logout_redirect_uri"), &client) {
            (None, _) => None,
            (Some(_), None) => return wrong("Whoever wants the browser back says who they are: with 'id_token_hint' or 'client_id'."),
            (Some(uri), Some(client)) if client.record.post_logout_redirect_uris.iter().any(|known| known == uri) => {
                Some(params::append(uri, &state.map(|state| ("state", state)).into_iter().collect::<Vec<_>>()))
            }
            (Some(_), Some(_)) => {
                return wrong("The 'post_logout_redirect_uri' is none of those that the client is registered with, letter by letter.");
            }
        };
        Ok(Leaving { client, user: hint.map(|(_, user)| user), back })
    }

    /// The client and the user of an ID token that was signed here, at whatever time.
    async fn hinted(&self, site: &Site, text: &str) -> Result<(String, String), Refusal> {
        let none = || Refusal::new(Fault::InvalidRequest, "The 'id_token_hint' is no ID token of this server.");
        let token = Token::parse(text).map_err(|_| none())?;
        let jwk = self.own_key(token.kid.as_deref().unwrap_or_default()).await?.ok_or_else(none)?;
        let key = PublicKey::from_jwk(&jwk).ok_or_else(none)?;
        let is_ours = token.is_signed_by(&key) && token.claims.text("iss") == Some(&*site.issuer);
        let audience: Vec<&str> = token.claims.audience().collect();
        match (is_ours, audience.as_slice(), token.claims.text("sub")) {
            (true, [client], Some(user)) => Ok(((*client).to_owned(), user.to_owned())),
            _ => Err(none()),
        }
    }
}

fn unknown() -> Refusal {
    Refusal::new(Fault::InvalidRequest, "There is no client of this 'client_id'.")
}
