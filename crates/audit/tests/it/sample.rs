//! Things that the tests are about.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use access::{Assignment, BreakGlass, Principal, Strength};
use audit::{Entity, Happening, Interaction, Scribe, Site, What};
use fhir::definitions::ResourceType;
use fhir::{Value, json};
use search::Registry;
use store::commit::{Body, Commit, Key, Put, Tenant};
use store::contract::{Clock, Store};
use store::memory::MemoryStore;

pub const NOON: i64 = 1_795_348_800_000;
pub const TENANT: Tenant = Tenant(1);

pub struct At(pub AtomicU64);

impl Clock for At {
    fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed) as i64
    }
}

pub fn store() -> Arc<MemoryStore> {
    Arc::new(MemoryStore::new(Arc::new(At(AtomicU64::new(NOON as u64)))))
}

pub fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).unwrap()
}

pub fn key(text: &str) -> Key {
    let (name, id) = text.split_once('/').unwrap();
    Key::new(kind(name), id)
}

pub fn entity(text: &str, version: u64) -> Entity {
    Entity { key: key(text), version }
}

pub fn scribe() -> Arc<Scribe> {
    let ids = AtomicU64::new(0);
    let site = Site { name: "St. Mary's".into(), base_url: "https://hospital.example/fhir".into() };
    Arc::new(Scribe::new(site, Registry::standard(), Box::new(move || format!("e{}", ids.fetch_add(1, Ordering::Relaxed)))))
}

/// A physician who uses an app.
pub fn ada() -> Principal {
    Principal {
        tenant: TENANT,
        user: Some("u-ada".into()),
        fhir_user: Some(key("Practitioner/ada")),
        name: "Ada Lovelace".into(),
        client: Some("growth-charts".into()),
        roles: vec![Assignment { role: "physician".into(), facility: Some(key("Organization/north")), department: None }],
        scopes: None,
        patient: Some("p1".into()),
        encounter: None,
        purpose: Some("TREAT".into()),
        direct: Vec::new(),
        break_glass: None,
        strength: Strength::Two,
        session: "session-0123456789-0123456789-0123456789".into(),
    }
}

/// The same in an emergency, by Ward's own screens.
pub fn ada_in_an_emergency() -> Principal {
    let emergency = BreakGlass { reason: "found unconscious".into(), patient: "p1".into(), until: NOON + 3_600_000 };
    Principal { client: None, break_glass: Some(emergency), ..ada() }
}

/// A service that acts for itself.
pub fn service() -> Principal {
    Principal { user: None, fhir_user: None, name: "".into(), roles: Vec::new(), purpose: None, ..ada() }
}

pub fn read(entities: Vec<Entity>) -> Happening {
    Happening {
        request: "76d148b6-586d-11ec-bf63-0242ac130002".into(),
        who: Some(Arc::new(ada())),
        address: Some("2001:db8::7".parse().unwrap()),
        entities,
        ..Happening::new(NOON, TENANT, What::Rest(Interaction::Read))
    }
}

pub fn put(text: &str) -> Put {
    let resource = json::parse(text.as_bytes()).unwrap();
    let key = Key::new(kind(resource.resource_type().unwrap()), resource.text("id").unwrap());
    let head = format!("{{\"resourceType\":\"{}\",\"id\":\"{}\",\"meta\":{{", key.kind.name(), key.id);
    let mut rest = resource.clone();
    let members = rest.as_object_mut().unwrap();
    members.remove("resourceType");
    members.remove("id");
    let tail = json::to_string(&rest);
    let separator = if tail == "{}" { "" } else { "," };
    let text = format!("{head}}}{separator}{}", &tail[1..]);
    let extracted = Registry::standard().extract(key.kind, &resource);
    let body = Body { text: text.into(), stamp_at: head.len() as u32 };
    Put { key, body, entries: extracted.entries, date: extracted.date, extractor: 0 }
}

pub fn observation(id: &str, patient: &str) -> Put {
    put(&format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"text":"pulse"}},"subject":{{"reference":"Patient/{patient}"}}}}"#
    ))
}

pub fn patient(id: &str, family: &str) -> Put {
    put(&format!(r#"{{"resourceType":"Patient","id":"{id}","name":[{{"family":"{family}"}}]}}"#))
}

pub async fn write(store: &dyn Store, puts: Vec<Put>) {
    let mut commit = Commit::new(TENANT, "test", "test");
    commit.put = puts;
    store.commit(commit).await.unwrap();
}

/// All AuditEvents of a tenant, in the order in which they were written.
pub async fn audit_events(store: &dyn Store, tenant: Tenant) -> Vec<Value> {
    let mut events = Vec::new();
    for change in store.changes(tenant, 0, 1_000_000).await.unwrap() {
        for (key, version, _) in change.versions.iter().filter(|(key, _, _)| key.kind.name() == "AuditEvent") {
            let version = store.vread(tenant, key, *version).await.unwrap().unwrap();
            events.push(json::parse(version.text().unwrap()).unwrap());
        }
    }
    events
}

/// The text at a path of names and numbers.
pub fn at<'a>(value: &'a Value, path: &str) -> &'a str {
    let mut value = value;
    for step in path.split('.') {
        let next = match step.parse::<usize>() {
            Ok(index) => value.as_array().and_then(|items| items.get(index)),
            Err(_) => value.get(step),
        };
        value = next.unwrap_or_else(|| panic!("{path}: no {step}"));
    }
    value.as_str().unwrap_or_else(|| panic!("{path} is no text"))
}

pub fn bytes_of(folder: &Path) -> u64 {
    std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum()
}
