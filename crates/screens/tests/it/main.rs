//! The pages, as a browser gets them.

mod account;
mod browser;
mod developer;
/// The device of the tests of `identity`; its lies are told there.
#[allow(dead_code)]
#[path = "../../../identity/tests/it/device.rs"]
mod device;

use std::sync::Arc;

use axum::body::Body;
use http::{Request, Response};
use http_body_util::BodyExt;
use interaction::{Server, Settings};
use screens::{Limits, Site, site};
use search::Registry;
use store::commit::Instant;
use store::contract::Clock;
use store::memory::MemoryStore;
use tower::ServiceExt;

struct StillClock;

impl Clock for StillClock {
    fn now(&self) -> Instant {
        0
    }
}

/// A page and its head.
async fn get(path: &str) -> (Response<()>, String) {
    let clock = Arc::new(StillClock);
    let server = Server::new(Arc::new(MemoryStore::new(clock.clone())), Registry::standard(), Settings::default(), clock);
    let limits = Limits { resource_bytes: 16 << 20, bundle_bytes: 64 << 20, url_bytes: 64_000 };
    let base_url = Box::new(|_: &_| Arc::from("https://ward.test/<fhir>"));
    let router = site(Site { server: Arc::new(server), limits, base_url });
    let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
    let (head, body) = router.oneshot(request).await.expect("an answer").into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    (Response::from_parts(head, ()), String::from_utf8(body.to_vec()).expect("text"))
}
