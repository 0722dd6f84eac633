//! Forms: what is shown in them, and what is taken from them.
//!
//! Another site can make a browser send a form here, with the cookies that belong here. So a form has a token that is made of a cookie which no other site
//! can read: that of the session, or one for visitors. Besides, the browser has to say that the form comes from this origin, in `Origin` or
//! `Sec-Fetch-Site`; one that says neither is refused.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::request::Parts;
use http::{StatusCode, header};
use http_body_util::{BodyExt, Limited};
use identity::Secret;
use identity::random::{self, SystemRandom};
use maud::{Markup, html};

use super::cookie::{self, Cookie};
use super::{Accounts, trouble};

/// How many bytes a form has at most.
const MOST_BYTES: usize = 64 << 10;
/// How long it may take to arrive.
const TIMEOUT: Duration = Duration::from_secs(15);
/// The name of the field with the token.
pub(super) const TOKEN: &str = "form_token";
/// The cookie of visitors.
const VISITOR: &str = "ward-visitor";

/// What a form is protected by: shown in it, and given to the browser when it is new.
pub(super) struct Protection {
    token: String,
    /// The value of a new cookie for a visitor.
    visitor: Option<Secret>,
}

/// A form that was sent from a page of this server.
pub(super) struct Sent {
    pub(super) head: Parts,
    pairs: Vec<(String, String)>,
}

impl Accounts {
    /// The protection of a form that is shown in answer to a request.
    pub(super) fn protection(&self, head: &Parts) -> Protection {
        if let Some(known) = self.bound_to(head) {
            return Protection { token: token_of(&known), visitor: None };
        }
        // Without randomness there is no token that could be right: the form is shown, and refused.
        let visitor = random::token(&SystemRandom).unwrap_or_else(|_| Secret::new(""));
        Protection { token: token_of(&visitor), visitor: Some(visitor) }
    }

    /// What the token of a form is made of.
    fn bound_to(&self, head: &Parts) -> Option<Secret> {
        let visitor = || cookie::value(&head.headers, &cookie::name(VISITOR, self.requests.is_secure(head))).map(Secret::new);
        self.token(head).or_else(visitor)
    }

    /// The form in a request, when it comes from a page of this server; what to answer otherwise.
    pub(super) async fn form(self: &Arc<Self>, request: Request) -> Result<Sent, Response> {
        let sent = foreign(request).await?;
        if self.is_own_form(&sent) { Ok(sent) } else { Err(out_of_date()) }
    }

    /// Whether a form comes from a page of this server, shown under the same session.
    pub(super) fn is_own_form(&self, sent: &Sent) -> bool {
        let is_right = |known: Secret| token_of(&known) == sent.text(TOKEN);
        self.is_own(&sent.head) && self.bound_to(&sent.head).is_some_and(is_right)
    }

    /// Whether a browser says that a request comes from a page of this server.
    fn is_own(&self, head: &Parts) -> bool {
        let text = |name: &str| head.headers.get(name).map(http::HeaderValue::as_bytes);
        match (text("origin"), text("sec-fetch-site")) {
            (Some(origin), _) => origin == self.requests.origin(head).as_bytes(),
            (None, Some(site)) => site == b"same-origin",
            (None, None) => false,
        }
    }

    /// Gives the browser what belongs to a form that it is shown.
    pub(super) fn protect(&self, head: &Parts, protection: &Protection, response: &mut Response) {
        if let Some(visitor) = &protection.visitor {
            let is_secure = self.requests.is_secure(head);
            let name = cookie::name(VISITOR, is_secure);
            let cookie = Cookie { name: &name, value: visitor.expose(), max_age_s: None, follows_links: true };
            cookie::set(response.headers_mut(), &cookie, is_secure);
        }
    }
}

impl Protection {
    /// The field that has the token.
    pub(super) fn field(&self) -> Markup {
        html! { input type="hidden" name=(TOKEN) value=(self.token); }
    }
}

impl Sent {
    /// The value of a field; empty when it is not there.
    pub(super) fn text(&self, name: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The same for what nobody may see again.
    pub(super) fn secret(&self, name: &str) -> Secret {
        Secret::new(self.text(name))
    }

    /// Whether there is a field of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == name)
    }

    /// All fields.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// All values of a field, as of boxes that are ticked.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The form in a request, wherever it comes from: nothing may be done for it that its sender could not do by a link.
pub(super) async fn foreign(request: Request) -> Result<Sent, Response> {
    let (head, body) = request.into_parts();
    let content_type = head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if content_type.split(';').next().is_none_or(|kind| !kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")) {
        return Err(trouble::told(StatusCode::UNSUPPORTED_MEDIA_TYPE, "This is no form", "Send the form of a page of this server."));
    }
    let pairs = read(body).await?;
    Ok(Sent { head, pairs })
}

/// What is answered to any other form.
pub(super) fn out_of_date() -> Response {
    trouble::told(
        StatusCode::FORBIDDEN,
        "The form is out of date",
        "It was opened under another session, or did not come from a page of this server. Open the page again, and send its form from there.",
    )
}

fn token_of(bound_to: &Secret) -> String {
    Secret::new(format!("form|{}", bound_to.expose())).fingerprint()
}

async fn read(body: Body) -> Result<Vec<(String, String)>, Response> {
    let too_long = |_| trouble::told(StatusCode::PAYLOAD_TOO_LARGE, "The form is too long", "Send less in it.");
    let read = tokio::time::timeout(TIMEOUT, Limited::new(body, MOST_BYTES).collect()).await;
    let too_slow = |_| trouble::told(StatusCode::REQUEST_TIMEOUT, "The form did not arrive in time", "Send it again.");
    let bytes = read.map_err(too_slow)?.map_err(too_long)?.to_bytes();
    let text = std::str::from_utf8(&bytes).ok();
    let pairs = text.and_then(|text| search::url::query_pairs(text).ok());
    pairs.ok_or_else(|| trouble::told(StatusCode::BAD_REQUEST, "This is no form", "Send the form of a page of this server."))
}

/// The value of a parameter of the address; `None` when it is not there, there twice, or empty.
pub(super) fn parameter(head: &Parts, name: &str) -> Option<String> {
    let pairs = search::url::query_pairs(head.uri.query()?).ok()?;
    let mut values = pairs.into_iter().filter(|(known, _)| known == name).map(|(_, value)| value);
    let first = values.next().filter(|value| !value.is_empty())?;
    values.next().is_none().then_some(first)
}
