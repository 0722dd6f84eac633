//! `/auth/outside`: signing in with an account elsewhere. The browser is sent to a provider, and comes back.
//!
//! It begins with a link and not with a form: a browser follows no redirect to another site that answers a form of a page which allows its forms none.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use federation::arrival;
use federation::by_saml::sign_out::{Brought, SignedOut};
use federation::departure::SECONDS;
use federation::{Arrival, Departure, Farewell, FederationError, Purpose};
use http::request::Parts;
use http::{StatusCode, header};
use identity::Secret;
use identity::session::Session;
use identity::sign_in::SignedIn;
use maud::{Markup, html};
use oauth::Params;
use oauth::end_session::Leaving;
use oauth::params::append;

use super::consent::origin_of;
use super::cookie::{self, Cookie};
use super::end_session::{farewell, go_on};
use super::form::{foreign, parameter};
use super::frame::Frame;
use super::visit::{local, to};
use super::{Accounts, trouble};

/// The cookie of a sign-in that is under way elsewhere.
const OUTSIDE: &str = "ward-outside";
/// The cookie that says with which provider somebody has signed in last. It opens nothing: by it they are told, when they sign out, that they may be signed in there still.
const CAME_BY: &str = "ward-came-by";
/// How long it may take to find out where a provider signs people out.
const FAREWELL: std::time::Duration = std::time::Duration::from_secs(3);

/// What may be signed in with, below the form for the password.
pub(super) fn offer(offered: &[(String, String)], next: Option<&str>) -> Markup {
    html! {
        @if !offered.is_empty() {
            ul.outside {
                @for (slug, name) in offered {
                    li { a.button href=(append(&format!("/auth/outside/{slug}"), &[("next", local(next))])) { "Sign in with " (name) } }
                }
            }
        }
    }
}

/// Sends somebody to a provider who wants to sign in.
pub(super) async fn depart(State(accounts): State<Arc<Accounts>>, Path(slug): Path<String>, request: Request) -> Response {
    let head = request.into_parts().0;
    let next = local(parameter(&head, "next").as_deref()).to_owned();
    match accounts.federation.depart(&accounts.site(&head), &slug, Purpose::SignIn { next }).await {
        Ok(departure) => {
            let mut response = to(&departure.address);
            accounts.keep_departure(&head, &departure, &mut response);
            response
        }
        Err(error) => told(&error),
    }
}

/// Takes back whom a provider has sent.
pub(super) async fn arrive(State(accounts): State<Arc<Accounts>>, Path(slug): Path<String>, request: Request) -> Response {
    let head = request.into_parts().0;
    let query = search::url::query_pairs(head.uri.query().unwrap_or_default()).ok();
    let mut response = match query.and_then(|pairs| Params::new(pairs).ok()) {
        Some(params) => accounts.arrival(&head, &slug, &params).await,
        None => trouble::told(StatusCode::BAD_REQUEST, "This did not work", "The address has a parameter twice. Begin again."),
    };
    accounts.forget_departure(&head, &mut response);
    response
}

/// Takes the answer of a SAML provider. It comes from a page of theirs, without our cookies: so the browser is sent to where it brings them.
pub(super) async fn answered(State(accounts): State<Arc<Accounts>>, Path(slug): Path<String>, request: Request) -> Response {
    let sent = match foreign(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    match accounts.federation.answered(&accounts.site(&sent.head), &slug, sent.text("SAMLResponse")).await {
        Ok(()) => to(&format!("/auth/outside/{slug}/finish")),
        Err(error) => told(&error),
    }
}

/// What this server says of itself to a SAML provider.
pub(super) async fn metadata(State(accounts): State<Arc<Accounts>>, Path(slug): Path<String>, request: Request) -> Response {
    let head = request.into_parts().0;
    match accounts.federation.metadata(&accounts.site(&head), &slug).await {
        Ok(text) => ([(header::CONTENT_TYPE, "application/samlmetadata+xml"), (header::CACHE_CONTROL, "no-cache")], text).into_response(),
        Err(error) => told(&error),
    }
}

/// Takes a message of a SAML provider about signing out, in the query of the address.
pub(super) async fn signing_out(State(accounts): State<Arc<Accounts>>, Path(slug): Path<String>, request: Request) -> Response {
    let head = request.into_parts().0;
    accounts.signed_out(&head, &slug, Brought::Query(head.uri.query().unwrap_or_default())).await
}

/// The same in a form.
pub(super) async fn signing_out_by_form(State(accounts): State<Arc<Accounts>>, Path(slug): Path<String>, request: Request) -> Response {
    let sent = match foreign(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let field = |name| sent.has(name).then(|| sent.text(name));
    let brought = Brought::Form { request: field("SAMLRequest"), response: field("SAMLResponse"), state: field("RelayState") };
    accounts.signed_out(&sent.head, &slug, brought).await
}

impl Accounts {
    /// What comes of a message of a SAML provider about signing out.
    async fn signed_out(&self, head: &Parts, slug: &str, brought: Brought<'_>) -> Response {
        match self.federation.signing_out(&self.site(head), slug, brought).await {
            Ok(SignedOut::Asked(Some(back))) if back.fields.is_empty() => to(&back.address),
            Ok(SignedOut::Asked(Some(back))) => {
                let leads_to = origin_of(&back.address);
                let content = html! {
                    p { "You are signed out here. " strong { (back.name) } " has asked for it, and is still to hear that it is done." }
                    (go_on(&back, &format!("Go back to {}", back.name)))
                };
                Frame { leads_to: leads_to.as_deref(), ..Frame::new("You are signed out") }.page(content)
            }
            Ok(SignedOut::Asked(None) | SignedOut::Answered { is_done: true }) => farewell(&Leaving::default(), None),
            Ok(SignedOut::Answered { is_done: false }) => trouble::told(
                StatusCode::OK,
                "You are signed out here",
                "The provider says that it could not sign you out everywhere. Close the browser when others use it, too.",
            ),
            Err(error) => {
                let (status, what) = trouble::of_outside(&error);
                trouble::told(status, "Nobody was signed out", &what)
            }
        }
    }

    /// Remembers in the browser what was begun elsewhere.
    pub(super) fn keep_departure(&self, head: &Parts, departure: &Departure, response: &mut Response) {
        self.set_departure(head, departure.secret.expose(), response);
    }

    fn forget_departure(&self, head: &Parts, response: &mut Response) {
        self.set_departure(head, "", response);
    }

    fn set_departure(&self, head: &Parts, value: &str, response: &mut Response) {
        let is_secure = self.requests.is_secure(head);
        let name = cookie::name(OUTSIDE, is_secure);
        // It comes along when the provider sends the browser back.
        let cookie = Cookie { name: &name, value, max_age_s: Some(SECONDS), follows_links: true };
        cookie::set(response.headers_mut(), &cookie, is_secure);
    }

    /// What was begun in this browser.
    fn departed(&self, head: &Parts) -> Option<Secret> {
        cookie::value(&head.headers, &cookie::name(OUTSIDE, self.requests.is_secure(head))).map(Secret::new)
    }

    /// Where the provider with which somebody has signed in signs them out, whose session was this; `None` when it is none, or does not say. The browser forgets it by that.
    pub(super) async fn elsewhere(&self, head: &Parts, ended: Option<&Session>, response: &mut Response) -> Option<Farewell> {
        let is_secure = self.requests.is_secure(head);
        let name = cookie::name(CAME_BY, is_secure);
        let slug = cookie::value(&head.headers, &name)?.to_owned();
        cookie::set(response.headers_mut(), &Cookie { name: &name, value: "", max_age_s: None, follows_links: true }, is_secure);
        let site = self.site(head);
        // A provider that does not answer keeps nobody from having signed out here.
        let farewell =
            tokio::time::timeout(FAREWELL, self.federation.farewell(&site, &slug, ended.and_then(|session| session.came_by.as_ref())))
                .await;
        farewell.ok()?.ok()?
    }

    /// Remembers in the browser with which provider somebody has signed in.
    fn came_by(&self, head: &Parts, slug: &str, response: &mut Response) {
        let is_secure = self.requests.is_secure(head);
        let name = cookie::name(CAME_BY, is_secure);
        cookie::set(response.headers_mut(), &Cookie { name: &name, value: slug, max_age_s: None, follows_links: true }, is_secure);
    }

    /// What comes of an answer of a provider.
    async fn arrival(&self, head: &Parts, slug: &str, params: &Params) -> Response {
        let brought = arrival::Brought { secret: self.departed(head), session: self.token(head), params, origin: self.origin(head) };
        match self.federation.arrive(&self.site(head), slug, &brought).await {
            Ok(arrival) => {
                let mut response = self.arrived(head, &arrival);
                if matches!(arrival, Arrival::SignedIn { .. }) {
                    self.came_by(head, slug, &mut response);
                }
                response
            }
            Err(error) => told(&error),
        }
    }

    fn arrived(&self, head: &Parts, arrival: &Arrival) -> Response {
        match arrival {
            Arrival::Linked => to("/auth/links"),
            Arrival::SignedIn { how: SignedIn::Done(begun), next } => {
                let mut response = to(local(Some(next)));
                self.keep_session(head, begun, &mut response);
                response
            }
            Arrival::SignedIn { how: SignedIn::Halfway { token, .. }, next } => {
                let mut response = to(&append("/auth/second-factor", &[("next", local(Some(next)))]));
                self.keep_halfway(head, token, &mut response);
                response
            }
        }
    }
}

/// A page that tells why it did not work.
pub(super) fn told(error: &FederationError) -> Response {
    let (status, what) = trouble::of_outside(error);
    trouble::told(status, "You were not signed in", &what)
}
