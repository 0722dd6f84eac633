//! A request to a page of accounts: who is signed in, and where answers go.

use axum::response::{IntoResponse, Redirect, Response};
use http::header;
use http::request::Parts;
use identity::directory::Kept;
use identity::error::IdentityError;
use identity::sign_in::Begun;
use identity::{Origin, Secret, Session, User};
use oauth::site::Site;

use super::cookie::{self, Cookie};
use super::{Accounts, trouble};

/// The cookie of the first half of a sign-in.
const HALFWAY: &str = "ward-halfway";
/// The cookie by which a device is known.
const DEVICE: &str = "ward-device";

/// Somebody who is signed in.
pub(super) struct Signed {
    pub(super) token: Secret,
    pub(super) session: Kept<Session>,
    pub(super) user: Kept<User>,
}

impl Accounts {
    pub(super) fn session_cookie(&self, head: &Parts) -> &'static str {
        self.session_cookie[usize::from(!self.requests.is_secure(head))]
    }

    /// The token of the session that a request brings.
    pub(super) fn token(&self, head: &Parts) -> Option<Secret> {
        cookie::value(&head.headers, self.session_cookie(head)).map(Secret::new)
    }

    /// Who is signed in; `None`: nobody. Fails when the directory does.
    pub(super) async fn signed(&self, head: &Parts) -> Result<Option<Signed>, IdentityError> {
        let Some(token) = self.token(head) else { return Ok(None) };
        match self.identity.session(&token).await {
            Ok((session, _)) if !session.record.opens(self.requests.tenant(head)) => Ok(None),
            Ok((session, user)) => Ok(Some(Signed { token, session, user })),
            Err(IdentityError::NotSignedIn) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Who is signed in; whoever is not is sent to sign in, and comes back.
    pub(super) async fn need_signed(&self, head: &Parts) -> Result<Signed, Response> {
        match self.signed(head).await {
            Ok(Some(signed)) => Ok(signed),
            Ok(None) => Err(to_sign_in(head)),
            Err(error) => Err(trouble::page(&error)),
        }
    }

    /// Where a request comes from, for sessions and attempts.
    pub(super) fn origin(&self, head: &Parts) -> Origin {
        let device = head.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("unknown");
        Origin::new(self.requests.address(head), device)
    }

    /// The addresses of the server, as whoever sent a request sees them.
    pub(super) fn site(&self, head: &Parts) -> Site {
        Site::new(self.requests.tenant(head), &self.requests.issuer(head), &self.requests.base_url(head))
    }

    /// What the device is known by.
    pub(super) fn device(&self, head: &Parts) -> Option<Secret> {
        cookie::value(&head.headers, &cookie::name(DEVICE, self.requests.is_secure(head))).map(Secret::new)
    }

    /// The token of the first half of a sign-in.
    pub(super) fn halfway(&self, head: &Parts) -> Option<Secret> {
        cookie::value(&head.headers, &cookie::name(HALFWAY, self.requests.is_secure(head))).map(Secret::new)
    }

    /// Remembers the first half of a sign-in in the browser.
    pub(super) fn keep_halfway(&self, head: &Parts, token: &Secret, response: &mut Response) {
        let (is_secure, seconds) = (self.requests.is_secure(head), self.identity.settings().halfway_ms / 1000);
        let name = cookie::name(HALFWAY, is_secure);
        // It comes along when a provider outside has sent the browser here: the form that uses it is protected by its own token.
        let cookie = Cookie { name: &name, value: token.expose(), max_age_s: Some(seconds), follows_links: true };
        cookie::set(response.headers_mut(), &cookie, is_secure);
    }

    /// Gives the browser a session that has begun, or goes on under another token, and forgets what led to it.
    pub(super) fn keep_session(&self, head: &Parts, begun: &Begun, response: &mut Response) {
        let is_secure = self.requests.is_secure(head);
        let headers = response.headers_mut();
        let name = self.session_cookie(head);
        // It comes along when an app sends its user here.
        cookie::set(headers, &Cookie { name, value: begun.token.expose(), max_age_s: None, follows_links: true }, is_secure);
        let halfway = cookie::name(HALFWAY, is_secure);
        cookie::set(headers, &Cookie { name: &halfway, value: "", max_age_s: None, follows_links: false }, is_secure);
        if let Some(device) = &begun.device {
            let (name, seconds) = (cookie::name(DEVICE, is_secure), self.identity.settings().device_ms / 1000);
            let cookie = Cookie { name: &name, value: device.expose(), max_age_s: Some(seconds), follows_links: false };
            cookie::set(headers, &cookie, is_secure);
        }
    }

    /// Takes the session from the browser.
    pub(super) fn forget_session(&self, head: &Parts, response: &mut Response) {
        let cookie = Cookie { name: self.session_cookie(head), value: "", max_age_s: None, follows_links: true };
        cookie::set(response.headers_mut(), &cookie, self.requests.is_secure(head));
    }
}

/// Sends a browser to another page.
pub(super) fn to(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// Sends a browser to where its user signs in, and back here after that.
pub(super) fn to_sign_in(head: &Parts) -> Response {
    let here = head.uri.path_and_query().map_or("/auth/sessions", |path| path.as_str());
    to(&oauth::params::append("/auth/sign-in", &[("next", here)]))
}

/// A path on this server that somebody is sent to after signing in; the page of sessions in place of any other address.
pub(super) fn local(next: Option<&str>) -> &str {
    let is_local = |next: &&str| {
        let is_plain = next.len() <= 8000 && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        is_plain && next.starts_with('/') && !next.starts_with("//")
    };
    next.filter(is_local).unwrap_or("/auth/sessions")
}
