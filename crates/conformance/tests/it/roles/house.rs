//! The server: all of the program but sockets, settings and accounts; tokens are the names of [`PEOPLE`].

use std::sync::Arc;

use access::{Access, Gate, Policy, Principal};
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use interaction::{Identifiers, References, Server, Settings};
use jiff::tz::TimeZone;
use rest::App;
use rest::caller::{Admission, Caller, Credential, Doorkeeper, Refusal, Visit};
use search::{Live, Registry};
use store::Store;
use store::commit::{Commit, Tenant};
use store::memory::MemoryStore;
use store::suite::ManualClock;
use tower::ServiceExt;

use super::people::{PEOPLE, POINTERS, Person};
use super::told::Told;
use super::world::World;

/// When everything is written: 2026-11-21T08:00:00Z.
pub const WRITTEN: i64 = 1_795_248_000_000;

/// The server, and the way in.
pub struct House {
    pub app: Arc<App>,
    router: screens::Router,
    door: Arc<Door>,
}

/// Lets people in by their names.
struct Door {
    people: Vec<(&'static str, Arc<Principal>)>,
    access: Access,
}

impl Doorkeeper for Door {
    fn admit<'a>(&'a self, visit: Visit<'a>) -> Admission<'a> {
        Box::pin(async move {
            let (Credential::Bearer(token) | Credential::Session(token)) = visit.credential;
            let known = self.people.iter().find(|(name, _)| *name == token).ok_or(Refusal::Invalid)?;
            let grant = self.access.grant(&known.1, WRITTEN).await.map_err(|_| Refusal::Unavailable)?;
            Ok(Caller { grant })
        })
    }
}

impl House {
    /// One with everything of the world in it.
    pub fn new() -> Self {
        Self::with(World::shared().puts.clone())
    }

    /// One with these resources.
    pub fn with(puts: Vec<store::commit::Put>) -> Self {
        let clock = Arc::new(ManualClock::new(WRITTEN));
        let registry = Registry::standard().with_words(true);
        let parameters = Live::from(registry.clone());
        let store: Arc<dyn Store> = Arc::new(MemoryStore::with_extract(clock.clone(), Arc::new(parameters.clone())));
        let mut commit = Commit::new(Tenant(1), "test", "import");
        commit.put = puts;
        futures_ready(store.commit(commit)).expect("it is written");
        clock.set(WRITTEN + 60_000);
        let access = Access::new(store.clone(), parameters.clone(), TimeZone::UTC);
        for person in PEOPLE {
            let own = person.own.map(|text| Policy::read(text.as_bytes(), &registry).expect("a policy"));
            access.put_user(Tenant(1), person.name, own.clone().into_iter().collect());
            access.put_user(Tenant(1), person.who_reads_pointers().name, own.into_iter().collect());
        }
        access.put_role(Tenant(1), Policy::read(POINTERS.as_bytes(), &registry).expect("a policy"));
        let all = PEOPLE.iter().flat_map(|person| [person.clone(), person.who_reads_pointers()]);
        let people = all.map(|person| (person.name, person.principal())).collect();
        let settings = Settings { references: References::Allow, erase: true, ..Settings::default() };
        let mut server = Server::new(store, parameters, settings, clock);
        server.identifiers = Identifiers::seeded([1, 2]);
        let door = Arc::new(Door { people, access });
        let app = App::closed(Arc::new(server), rest::Settings::default(), door.clone());
        Self { router: rest::app(app.clone()), app, door }
    }

    /// The store as somebody sees it: what no route leads to is asked there.
    pub async fn gate(&self, person: &Person) -> Gate {
        let grant = self.door.access.grant(&person.principal(), WRITTEN).await.expect("a grant");
        Gate::new(self.app.server.store.clone(), self.app.server.parameters.clone(), grant)
    }

    /// Reads what is at a path.
    pub async fn get(&self, person: &Person, path: &str) -> Told {
        self.send(person, "GET", path, &[], "").await
    }

    /// Sends a request as somebody, to a path below the FHIR endpoint.
    pub async fn send(&self, person: &Person, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Told {
        let token = format!("Bearer {}", person.name);
        let mut all = vec![("authorization", token.as_str()), ("accept", "application/fhir+json")];
        all.extend(headers);
        self.plain(method, &format!("/fhir/{path}"), &all, body).await
    }

    /// Sends a request as it is.
    pub async fn plain(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Told {
        let mut request = Request::builder().method(method).uri(path).header("host", "ward.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::copy_from_slice(body.as_bytes()))).expect("a request");
        let (head, body) = self.router.clone().oneshot(request).await.expect("an answer").into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        Told { status: head.status, headers: head.headers, body }
    }
}

/// What the reference store answers at once.
fn futures_ready<T>(mut future: std::pin::Pin<Box<dyn Future<Output = T> + Send + '_>>) -> T {
    match future.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("the reference store never waits"),
    }
}
