//! A server on the reference store, with a few resources and a clock that stands still.

use std::sync::Arc;

use fhir::json;
use futures_executor::block_on;
use interaction::{Context, Identifiers, Server, Settings, UpdateRequest};
use search::page::Checked;
use search::{CodeSet, CodeSets, NoTokens, Registry, SearchContext, SetOf};
use store::commit::{Instant, Key, Tenant};
use store::contract::Clock;
use store::memory::MemoryStore;
use store::query::{Change, TokenSet};

/// Whose data it is.
pub const TENANT: Tenant = Tenant(1);

/// 2026-01-01T00:00:00Z.
pub const NOW: Instant = 1_767_225_600_000;

const RESOURCES: &str = include_str!("hospital.ndjson");
const BASE_URL: &str = "https://ward.test/fhir";

struct StillClock;

impl Clock for StillClock {
    fn now(&self) -> Instant {
        NOW
    }
}

/// The server.
pub struct Hospital {
    /// What its interactions work with.
    pub context: Context,
}

impl Hospital {
    /// A server with the resources of `hospital.ndjson`; the same one every time.
    pub fn open() -> Self {
        let clock = Arc::new(StillClock);
        let store = Arc::new(MemoryStore::new(clock.clone()));
        let settings = Settings { max_bundle_entries: 64, ..Settings::default() };
        let mut server = Server::new(store, Registry::standard(), settings, clock);
        server.identifiers = Identifiers::seeded([1, 2]);
        let context = Context::new(Arc::new(server), TENANT, "fuzz", BASE_URL);
        for line in RESOURCES.lines() {
            let resource = json::parse(line.as_bytes()).expect("a line of the hospital is JSON");
            let kind = resource.resource_type().and_then(fhir::definitions::ResourceType::parse).expect("a line has a type");
            let key = Key::new(kind, resource.text("id").expect("a line has an id"));
            let update = UpdateRequest { key, resource, if_match: None, if_absent: false };
            block_on(interaction::update(&context, update)).expect("the hospital is valid");
        }
        Self { context }
    }

    /// Everything that was ever committed.
    pub fn changes(&self) -> Vec<Change> {
        block_on(self.context.server.store.changes(TENANT, 0, u32::MAX)).expect("the reference store does not fail")
    }
}

/// Knows every code, with nothing above or below it, and every value set that is not one of this server: it has what a patient's gender may be.
#[derive(Debug)]
struct Pretended;

impl CodeSets for Pretended {
    fn tokens(&self, asked: &CodeSet) -> Result<TokenSet, NoTokens> {
        const GENDER: &str = "http://hl7.org/fhir/administrative-gender";
        match &asked.of {
            SetOf::Below { system, code } | SetOf::Above { system, code } => Ok(asked.tokens([(system.clone(), code.clone())])),
            SetOf::ValueSet { id: None, .. } => Ok(asked.tokens(["female", "male"].map(|code| (GENDER.into(), code.into())))),
            SetOf::ValueSet { url, .. } => Err(NoTokens::UnknownValueSet(url.to_string())),
        }
    }
}

/// What searches are understood by.
pub fn context(lenient: bool) -> SearchContext<'static> {
    SearchContext { tenant: TENANT, base_url: BASE_URL, default_count: 20, max_count: 100, lenient, now: NOW, code_sets: &Pretended, seal: &Checked }
}
