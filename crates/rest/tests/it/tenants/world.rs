//! A server with three tenants in this process: the first, `north` by path, and `south`, which has a host of its own.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use identity::Directory;
use identity::tenants::{Alteration, New, Tenants};
use interaction::{Identifiers, Server, Settings};
use rest::caller::Doorkeeper;
use rest::{App, app_with_all};
use store::Store;
use store::contract::Clock;
use store::memory::MemoryStore;
use tower::ServiceExt;

use crate::server::{Reply, START};

/// The host of the server itself.
pub(super) const HOST: &str = "ward.test";
/// That of the tenant `south`.
pub(super) const SOUTH: &str = "south.test";

pub(super) struct World {
    router: Router,
    pub(super) app: Arc<App>,
    pub(super) tenants: Arc<Tenants>,
}

struct Still;

impl Clock for Still {
    fn now(&self) -> i64 {
        START
    }
}

impl World {
    /// Open to everybody.
    pub(super) async fn open() -> Self {
        Self::with(rest::Settings::default(), None, |_| (Router::new(), Router::new())).await
    }

    pub(super) async fn with(
        http: rest::Settings,
        door: Option<Arc<dyn Doorkeeper>>,
        others: impl FnOnce(&Arc<App>) -> (Router, Router),
    ) -> Self {
        let parameters = ::search::Live::from(::search::Registry::standard().with_words(true));
        let store: Arc<dyn Store> = Arc::new(MemoryStore::with_extract(Arc::new(Still), Arc::new(parameters.clone())));
        let tenants = Arc::new(Tenants::new(Directory::new(store.clone()), Arc::new(Still)));
        let mut server =
            Server::new(store, parameters, Settings { erase: true, ..Settings::default() }, Arc::new(Still)).with_page_key(&[7; 32]);
        server.identifiers = Identifiers::seeded([1, 2]);
        let app = match door {
            Some(door) => App::closed(Arc::new(server), http, door),
            None => App::new(Arc::new(server), http),
        };
        app.serve_tenants(tenants.clone());
        let (pages, others) = others(&app);
        let router = app_with_all(app.clone(), pages, others);
        tenants.add(New { slug: "north".into(), name: "North".into(), with: Alteration::default() }).await.expect("north");
        let with = Alteration { hosts: Some(vec![SOUTH.into()]), ..Alteration::default() };
        tenants.add(New { slug: "south".into(), name: "South".into(), with }).await.expect("south");
        Self { router, app, tenants }
    }

    /// Sends a request to a host.
    pub(super) async fn ask(&self, host: &str, (method, path): (&str, &str), headers: &[(&str, &str)], body: &str) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header("host", host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let (head, body) = self.router.clone().oneshot(request).await.expect("an answer").into_parts();
        Reply { status: head.status, headers: head.headers, body: body.collect().await.expect("a body").to_bytes().to_vec() }
    }

    pub(super) async fn get(&self, host: &str, path: &str) -> Reply {
        self.ask(host, ("GET", path), &[], "").await
    }

    pub(super) async fn put(&self, host: &str, path: &str, resource: &str) -> Reply {
        self.ask(host, ("PUT", path), &[("content-type", "application/fhir+json")], resource).await
    }

    pub(super) async fn post(&self, host: &str, path: &str, resource: &str) -> Reply {
        self.ask(host, ("POST", path), &[("content-type", "application/fhir+json")], resource).await
    }
}
