//! Servers that know accounts, on one store: each is a node with a memory of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use access::{Access, Assignment, Following, Principal, Scopes, Strength};
use administration::Desk;
use axum::Router;
use axum::body::Body;
use fhir::Value;
use http::Request;
use http_body_util::BodyExt;
use identity::authenticator::is_api_key;
use identity::outbox::{Letter, Outbox};
use identity::password::Cost;
use identity::policies::Policies;
use identity::random::SystemRandom;
use identity::sealer::Sealer;
use identity::sign_in::{SignIn, SignedIn};
use identity::{Authenticator, Directory, Identity, IdentityError, Origin, Secret, Surroundings, Tenants};
use jiff::tz::TimeZone;
use oauth::Provider;
use oauth::client::fetch::NoFetch;
use rest::App;
use rest::caller::{Admission, Caller, Credential, Doorkeeper, Refusal, Visit};
use store::Store;
use store::commit::{Key, Tenant};
use store::memory::MemoryStore;
use tower::ServiceExt;

use crate::server::{Reply, START};

pub(super) const TENANT: Tenant = Tenant(1);
pub(super) const PASSWORD: &str = "violet-harbour-candle-47";

/// A clock that stands where it is put.
pub(super) struct Hand(AtomicI64);

impl store::contract::Clock for Hand {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

struct NoOutbox;

impl Outbox for NoOutbox {
    fn post(&self, _: Letter) {}
}

struct Wax;

impl Sealer for Wax {
    fn seal(&self, _: &str, plain: &[u8]) -> Result<Vec<u8>, IdentityError> {
        Ok(plain.iter().map(|byte| !byte).collect())
    }

    fn open(&self, _: &str, sealed: &[u8]) -> Result<Vec<u8>, IdentityError> {
        Ok(sealed.iter().map(|byte| !byte).collect())
    }
}

/// What nodes share.
pub(super) fn store() -> Arc<MemoryStore> {
    Arc::new(MemoryStore::new(Arc::new(Hand(AtomicI64::new(START)))))
}

/// A server.
pub(super) struct Node {
    pub(super) identity: Identity,
    pub(super) rules: Arc<Access>,
    pub(super) store: Arc<dyn Store>,
    router: Router,
}

impl Node {
    pub(super) fn new() -> Self {
        Self::on(store())
    }

    pub(super) fn on(store: Arc<MemoryStore>) -> Self {
        let (clock, parameters) = (Arc::new(Hand(AtomicI64::new(START))), search::Live::from(search::Registry::standard()));
        let own = Policies::new(Directory::new(store.clone()), parameters.clone());
        let rules = Arc::new(Access::new(store.clone(), parameters.clone(), TimeZone::UTC).with_source(Arc::new(own)));
        let store: Arc<dyn Store> = Arc::new(Following::new(store, rules.clone()));
        let directory = Directory::new(store.clone());
        let surroundings =
            Surroundings { clock: clock.clone(), random: Arc::new(SystemRandom), outbox: Arc::new(NoOutbox), sealer: Arc::new(Wax) };
        let cheap = identity::Settings { cost: Cost { memory_kib: 8, passes: 1, lanes: 1 }, ..identity::Settings::default() };
        let identity = Identity::new(directory.clone(), surroundings, cheap).expect("settings that can be");
        let provider = Arc::new(Provider::new(directory, clock.clone(), Arc::new(Wax), Arc::new(NoFetch), oauth::Settings::default()));
        let door = Arc::new(Door { identity: identity.clone(), known: Authenticator::new(identity.clone(), 100), rules: rules.clone() });
        let hand = clock.clone();
        let server = Arc::new(interaction::Server::new(store.clone(), parameters, interaction::Settings::default(), clock));
        let app = App::closed(server, rest::Settings { tenant: TENANT, ..rest::Settings::default() }, door);
        let tenants = Arc::new(Tenants::new(identity.directory().clone(), hand));
        let desk = Arc::new(Desk::new(identity.clone(), provider, rules.clone()).with_tenants(tenants));
        let router = rest::app_with_all(app.clone(), Router::new(), rest::administration(&app, desk));
        Self { identity, rules, store, router }
    }

    /// Sends a request as somebody: see [`Door`].
    pub(super) async fn ask(&self, who: &str, method: &str, path: &str, body: &str) -> Reply {
        self.ask_with(who, method, path, &[], body).await
    }

    pub(super) async fn ask_with(&self, who: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let authorization = format!("Bearer {who}");
        let all: Vec<(&str, &str)> = [("authorization", authorization.as_str())].iter().chain(headers).copied().collect();
        self.send(method, path, &all, body).await
    }

    /// Sends a request with these headers.
    pub(super) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut request =
            Request::builder().method(method).uri(path).header("host", "ward.test").header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let (head, body) = self.router.clone().oneshot(request).await.expect("an answer").into_parts();
        Reply { status: head.status, headers: head.headers, body: body.collect().await.expect("a body").to_bytes().to_vec() }
    }

    /// Makes an account with these members besides its login, as somebody who may do everything; its id comes back.
    pub(super) async fn account(&self, login: &str, members: &str) -> String {
        let body = format!(r#"{{"login": "{login}", "password": "{PASSWORD}"{members}}}"#);
        let reply = self.ask(ROOT, "POST", "/api/v1/users", &body).await;
        assert_eq!(reply.status, 201, "{}", reply.text());
        text(&reply, "id")
    }

    /// The same with a role.
    pub(super) async fn with_role(&self, login: &str, role: &str) -> String {
        self.account(login, &format!(r#", "roles": [{{"role": "{role}"}}]"#)).await
    }

    /// Writes a role of the tenant's own, with these rules.
    pub(super) async fn role(&self, name: &str, rules: &str) -> Reply {
        self.ask(ROOT, "PUT", &format!("/api/v1/roles/{name}"), &policy(name, rules)).await
    }

    /// The cookie of a session.
    pub(super) async fn session(&self, login: &str) -> String {
        let origin = Origin::new("192.0.2.7".parse().expect("an address"), "Firefox on Linux");
        let asked = SignIn { login, password: Secret::new(PASSWORD), origin, device: None };
        match self.identity.sign_in(asked).await.expect("a session") {
            SignedIn::Done(begun) => format!("ward-session={}", begun.token.expose()),
            SignedIn::Halfway { .. } => panic!("no second factor is set"),
        }
    }
}

/// Somebody who may do everything, and has no account.
pub(super) const ROOT: &str = "role~system-administrator";

/// A policy of these rules.
pub(super) fn policy(name: &str, rules: &str) -> String {
    format!(r#"{{"name": "{name}", "description": "For a test.", "rules": [{rules}]}}"#)
}

/// A member of an answer that is a text.
#[track_caller]
pub(super) fn text(reply: &Reply, name: &str) -> String {
    reply.json().text(name).unwrap_or_else(|| panic!("no {name} in {}", reply.text())).to_owned()
}

/// The texts of a member of each entry of a list.
pub(super) fn texts(value: &Value, list: &str, name: &str) -> Vec<String> {
    value.list(list).filter_map(|entry| entry.text(name).map(str::to_owned)).collect()
}

/// Knows API keys and sessions as the real one does, and by these words: `role~R` a service that has the role and a second factor, `weak~R` one
/// without a second factor, `placed~R` one whose role holds at a place, `app~R` an app with `user/*.cruds`, `whole~R` one with `system/*.cruds`, `user~ID` the owner of an account, with a
/// second factor.
struct Door {
    identity: Identity,
    known: Authenticator,
    rules: Arc<Access>,
}

impl Door {
    async fn principal(&self, credential: Credential<'_>) -> Result<Arc<Principal>, Refusal> {
        let token = match credential {
            Credential::Session(token) => return self.known.session(token, TENANT).await.map_err(|_| Refusal::Invalid),
            Credential::Bearer(key) if is_api_key(key) => return self.known.api_key(key, TENANT).await.map_err(|_| Refusal::Invalid),
            Credential::Bearer(token) => token,
        };
        let (word, rest) = token.split_once('~').ok_or(Refusal::Invalid)?;
        if word == "user" {
            let user = self.identity.user(rest).await.ok().flatten().ok_or(Refusal::Invalid)?;
            return Ok(Arc::new(Principal { strength: Strength::Two, ..user.principal(rest, TENANT) }));
        }
        let facility = (word == "placed").then(|| Key::new(fhir::definitions::ResourceType::parse("Organization").expect("a type"), "3"));
        let scopes = match word {
            "app" => Some("user/*.cruds system/*.cruds"),
            "whole" => Some("system/*.cruds"),
            _ => None,
        };
        Ok(Arc::new(Principal {
            tenant: TENANT,
            user: (word == "app").then(|| "somebody".into()),
            fhir_user: None,
            name: "a test".into(),
            client: Some("c-test".into()),
            roles: vec![Assignment { role: rest.into(), facility, department: None }],
            scopes: scopes.map(|text| Scopes::parse(text).expect("scopes")),
            patient: None,
            encounter: None,
            purpose: None,
            direct: Vec::new(),
            break_glass: None,
            strength: if word == "weak" { Strength::One } else { Strength::Two },
            session: "s".into(),
        }))
    }
}

impl Doorkeeper for Door {
    fn admit<'a>(&'a self, visit: Visit<'a>) -> Admission<'a> {
        Box::pin(async move {
            let principal = self.principal(visit.credential).await?;
            let grant = self.rules.grant(&principal, START).await.map_err(|_| Refusal::Unavailable)?;
            Ok(Caller { grant })
        })
    }

    // As the real one does: what was found out a moment ago, as long as it is true.
    fn known(&self, visit: Visit<'_>) -> Option<Caller> {
        let Credential::Session(token) = visit.credential else { return None };
        Some(Caller { grant: self.rules.kept(&self.known.seen_session(token, TENANT)?, START)? })
    }
}
