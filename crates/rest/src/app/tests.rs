//! What an interaction works with.

use std::sync::Arc;

use fhir::definitions::ResourceType;
use http::Request;
use interaction::{Error, ReadRequest, Server, read};
use search::{Live, Registry};
use store::commit::Key;
use store::memory::MemoryStore;
use store::suite::ManualClock;

use super::App;
use crate::caller::{Admission, Doorkeeper, Refusal, Visit};
use crate::settings::Settings;

/// Lets nobody in.
struct Shut;

impl Doorkeeper for Shut {
    fn admit<'a>(&'a self, _: Visit<'a>) -> Admission<'a> {
        Box::pin(async { Err(Refusal::Invalid) })
    }
}

#[tokio::test]
async fn whom_nobody_let_in_reads_nothing_on_a_server_that_asks_who_calls() {
    let clock = Arc::new(ManualClock::new(0));
    let store = Arc::new(MemoryStore::new(clock.clone()));
    let server = Arc::new(Server::new(store, Live::from(Registry::standard()), interaction::Settings::default(), clock));
    let patient = ResourceType::parse("Patient").expect("a type");
    let closed = App::closed(server.clone(), Settings::default(), Arc::new(Shut));
    let open = App::new(server, Settings::default());
    let (head, ()) = Request::new(()).into_parts();
    let read = async |app: &App| read(&app.context(&head), ReadRequest { key: Key::new(patient, "a") }).await.map(drop);
    assert!(matches!(read(&open).await, Err(Error::NotFound(_))), "there is nobody");
    assert!(matches!(read(&closed).await, Err(Error::Forbidden { .. })));
}
