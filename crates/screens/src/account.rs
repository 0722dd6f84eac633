//! The pages of accounts: signing in, second factors, sessions, links that were sent, and what apps are allowed.
//!
//! Each is a form that works without a script; passkeys alone need one ([`passkey`]). What is sent is taken from these pages only ([`form`]): the browser says where it comes from, and the form
//! has a token that belongs to the session.

mod admin;
mod apps;
mod brand;
mod break_glass;
mod consent;
mod cookie;
mod device;
mod end_session;
mod factors;
mod field;
mod form;
mod frame;
mod houses;
mod invitation;
mod launch;
mod links;
mod outside;
mod passkey;
mod password;
mod registration;
mod reset;
mod reviews;
mod sessions;
mod set_up;
mod sign_in;
mod trouble;
mod visit;

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use federation::Federation;
use http::request::Parts;
use identity::{Identity, Party, Secret};
use oauth::Provider;
use store::commit::Tenant;

pub use admin::{Answering, Counter, Done, Refused, Wanted};

/// What the pages of accounts need to know.
pub struct Accounts {
    /// The accounts.
    pub identity: Identity,
    /// What apps are given.
    pub provider: Arc<Provider>,
    /// Providers outside with whom people may sign in.
    pub federation: Arc<Federation>,
    /// What is known of a request.
    pub requests: Box<dyn Requests>,
    /// Finds patients for whoever chooses one.
    pub charts: Box<dyn Charts>,
    /// Who may do what on these pages.
    pub powers: Box<dyn Powers>,
    /// Where the pages of administration ask.
    pub counter: Box<dyn Counter>,
    /// The names of the session's cookie: where TLS is spoken, and where it is not.
    pub session_cookie: [&'static str; 2],
}

/// Tells of a request what this room does not know.
pub trait Requests: Send + Sync {
    /// The origin under which whoever sent it sees the server: `https://ward.example.org`.
    fn origin(&self, head: &Parts) -> String;
    /// The address under which they see the FHIR endpoint.
    fn base_url(&self, head: &Parts) -> Arc<str>;
    /// Whether they speak TLS.
    fn is_secure(&self, head: &Parts) -> bool;
    /// Where it comes from; the unspecified address when that is not known.
    fn address(&self, head: &Parts) -> IpAddr;
    /// In whose data whoever signs in works.
    fn tenant(&self, head: &Parts) -> Tenant;
    /// The issuer of tokens there: its origin, and what the paths of its tenant begin with.
    fn issuer(&self, head: &Parts) -> String {
        self.origin(head)
    }
    /// The name and colour of the tenant; `None`: it has none of its own.
    fn brand(&self, _head: &Parts) -> Option<Brand> {
        None
    }
    /// For whom passkeys are made on a page: at a host of the tenant's own they are not the server's.
    fn party(&self, _head: &Parts) -> Party {
        Party::Usual
    }
    /// Those of these tenants that are served, by name; none on a server of one tenant.
    fn houses<'a>(&'a self, _head: &'a Parts, _tenants: &'a [Tenant]) -> Pin<Box<dyn Future<Output = Vec<House>> + Send + 'a>> {
        Box::pin(std::future::ready(Vec::new()))
    }
}

/// How the pages of a tenant look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    /// Its name.
    pub name: String,
    /// Its colour, as `#00566b`; `None`: it has none.
    pub accent: Option<String>,
}

/// A tenant, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct House {
    /// Its number.
    pub tenant: Tenant,
    /// The name to show.
    pub name: String,
    /// The address of the page of one's account there; `None` when this server does not know by what name it is reached there.
    pub address: Option<String>,
}

/// A patient who can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The id of the resource.
    pub id: String,
    /// The name.
    pub name: String,
    /// What tells people of the same name apart: the date of birth, a number.
    pub details: String,
}

/// Patients that were found, or what to tell the user.
pub type Found<'a> = Pin<Box<dyn Future<Output = Result<Vec<Chart>, String>> + Send + 'a>>;

/// Encounters of a patient that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encounters {
    /// Those of this page: those that go on first, then the newest first.
    pub entries: Vec<Chart>,
    /// With what the next page is asked for; `None`: there is none.
    pub next: Option<String>,
}

/// Encounters that were found, or what to tell the user.
pub type Encountered<'a> = Pin<Box<dyn Future<Output = Result<Encounters, String>> + Send + 'a>>;

/// Finds patients, and their encounters.
pub trait Charts: Send + Sync {
    /// At most twenty patients of a tenant whom whoever has this session may see, by words of their names or an identifier; without words, some.
    fn find<'a>(&'a self, session: &'a Secret, tenant: Tenant, words: &'a str) -> Found<'a>;

    /// The patient of this id, if whoever has this session may see them; an empty list otherwise.
    fn by_id<'a>(&'a self, session: &'a Secret, tenant: Tenant, id: &'a str) -> Found<'a>;

    /// A page of the encounters of a patient of a tenant that whoever has this session may see; `after` is [`Encounters::next`] of the page before.
    fn encounters<'a>(&'a self, session: &'a Secret, tenant: Tenant, patient: &'a str, after: Option<&'a str>) -> Encountered<'a>;

    /// The encounter of this id, if it is one of that patient's and whoever has this session may see it; an empty list otherwise.
    fn encounter<'a>(&'a self, session: &'a Secret, tenant: Tenant, patient: &'a str, id: &'a str) -> Found<'a>;

    /// The patient of a tenant who has this number and was born on this day, whoever may see them: for an emergency. None when there is none, or more than one.
    fn named_exactly<'a>(&'a self, tenant: Tenant, number: &'a str, born: &'a str) -> Found<'a>;
}

/// What not everybody may do on these pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// To break the glass: their rules have something to give then.
    BreakGlass,
    /// To review who did.
    Review,
}

/// Tells who may do what.
pub trait Powers: Send + Sync {
    /// Whether whoever has this session may, in a tenant. When that cannot be told, they may not.
    fn has<'a>(&'a self, session: &'a Secret, tenant: Tenant, power: Power) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;
}

/// The routes of the pages. All are below `/auth`, and judge themselves who may see them.
pub fn accounts(accounts: Accounts) -> Router {
    let accounts = Arc::new(accounts);
    Router::new()
        .route("/auth/sign-in", get(sign_in::show).post(sign_in::sent))
        .route("/auth/passkey", get(passkey::show).post(passkey::sent))
        .route("/auth/second-factor", get(sign_in::show_second).post(sign_in::sent_second))
        .route("/auth/sign-out", post(sessions::sign_out))
        .route("/auth/sessions", get(sessions::show).post(sessions::end))
        .route("/auth/factors", get(factors::show).post(factors::sent))
        .route("/auth/password", get(password::show).post(password::sent))
        .route("/auth/set-up", get(set_up::show).post(set_up::sent))
        .route("/auth/invitation", get(invitation::show).post(invitation::sent))
        .route("/auth/reset", get(reset::show).post(reset::sent))
        .route("/auth/registration", get(registration::show).post(registration::sent))
        .route("/auth/verification", get(registration::show_verification).post(registration::sent_verification))
        .route("/auth/break-glass", get(break_glass::show).post(break_glass::sent))
        .route("/auth/reviews", get(reviews::show).post(reviews::sent))
        .route("/auth/apps", get(apps::show).post(apps::end))
        .route("/auth/launch", get(launch::show).post(launch::sent))
        .route("/auth/authorize", get(consent::show).post(consent::sent))
        .route("/auth/links", get(links::show).post(links::sent))
        .route("/auth/outside/{slug}", get(outside::depart))
        .route("/auth/outside/{slug}/callback", get(outside::arrive))
        .route("/auth/outside/{slug}/acs", post(outside::answered))
        .route("/auth/outside/{slug}/finish", get(outside::arrive))
        .route("/auth/outside/{slug}/metadata", get(outside::metadata))
        .route("/auth/outside/{slug}/slo", get(outside::signing_out).post(outside::signing_out_by_form))
        .route("/auth/outside/{slug}/signed-out", get(end_session::signed_out))
        .route("/auth/device", get(device::show).post(device::sent))
        .route("/auth/end-session", get(end_session::show).post(end_session::sent))
        .route("/auth/house.css", get(brand::style))
        .merge(admin::routes())
        .layer(from_fn_with_state(accounts.clone(), brand::layer))
        .with_state(accounts)
}
