//! A small hospital in the reference store, and people who ask.

use std::sync::Arc;

use access::{Access, Act, Assignment, BreakGlass, Following, Grant, Policy, Principal, Scopes, Strength, Verdict};
use bytes::Bytes;
use fhir::definitions::ResourceType;
use fhir::json;
use jiff::tz::TimeZone;
use search::{Live, Registry};
use store::Store;
use store::commit::{Body, Commit, Instant, Key, Put, Tenant};
use store::contract::{Clock, Extract};
use store::memory::MemoryStore;
use store::query::{Filter, Query};

/// 2026-11-23T10:00:00Z, a Monday.
pub const NOW: Instant = 1_795_428_000_000;
pub const HOUR: Instant = 60 * 60 * 1000;
pub const TENANT: Tenant = Tenant(1);

struct Now;

impl Clock for Now {
    fn now(&self) -> Instant {
        NOW
    }
}

pub struct World {
    pub store: Arc<dyn Store>,
    pub access: Arc<Access>,
    pub parameters: Live,
}

pub fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).unwrap_or_else(|| panic!("{name} is a type"))
}

pub fn key(reference: &str) -> Key {
    let (name, id) = reference.split_once('/').expect("a reference");
    Key::new(kind(name), id)
}

impl World {
    pub fn new() -> Self {
        Self::in_zone(TimeZone::UTC)
    }

    pub fn in_zone(zone: TimeZone) -> Self {
        let parameters = Live::from(Registry::standard());
        let inner: Arc<dyn Store> = Arc::new(MemoryStore::new(Arc::new(Now)));
        let access = Arc::new(Access::new(inner.clone(), parameters.clone(), zone));
        let store = Arc::new(Following::new(inner, access.clone()));
        Self { store, access, parameters }
    }

    /// Writes resources, each a JSON text with type and id.
    pub async fn put(&self, texts: &[&str]) {
        let mut commit = Commit::new(TENANT, "test", "create");
        commit.put = texts.iter().map(|text| self.prepared(text)).collect();
        self.store.commit(commit).await.expect("the commit is applied");
    }

    pub async fn delete(&self, reference: &str) {
        let mut commit = Commit::new(TENANT, "test", "delete");
        commit.delete.push(key(reference));
        self.store.commit(commit).await.expect("the commit is applied");
    }

    pub fn prepared(&self, text: &str) -> Put {
        let mut value = json::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
        let key = Key::new(kind(value.resource_type().expect("a type")), value.text("id").expect("an id"));
        let members = value.as_object_mut().expect("an object");
        let (meta, _) = (members.remove("meta"), (members.remove("resourceType"), members.remove("id")));
        let head = format!("{{\"resourceType\":\"{}\",\"id\":\"{}\",\"meta\":{{", key.kind.name(), key.id);
        let meta = meta.map_or_else(|| "{}".to_owned(), |meta| json::to_string(&meta));
        let rest = json::to_string(&value);
        let rest = if rest == "{}" { "}".to_owned() } else { format!(",{}", &rest[1..]) };
        let text = Bytes::from(format!("{head}{}{rest}", &meta[1..]));
        let (entries, date) = Extract::extract(&self.parameters, key.kind, &text);
        Put { key, body: Body { text, stamp_at: head.len() as u32 }, entries, date, extractor: 0 }
    }

    pub async fn grant(&self, principal: &Principal) -> Arc<Grant> {
        self.grant_at(principal, NOW).await
    }

    pub async fn grant_at(&self, principal: &Principal, now: Instant) -> Arc<Grant> {
        self.access.grant(&Arc::new(principal.clone()), now).await.expect("the store can be read")
    }

    /// The ids of what somebody may do something with, sorted.
    pub async fn may(&self, principal: &Principal, act: Act, name: &str) -> Vec<String> {
        self.may_at(principal, act, name, NOW).await
    }

    pub async fn may_at(&self, principal: &Principal, act: Act, name: &str, now: Instant) -> Vec<String> {
        let grant = self.grant_at(principal, now).await;
        self.passing(grant.verdict(kind(name), act), name).await
    }

    pub async fn passing(&self, verdict: &Verdict, name: &str) -> Vec<String> {
        let filter = match verdict {
            Verdict::Refused => return Vec::new(),
            Verdict::Allowed => Filter::everything(),
            Verdict::Where(filter) => (**filter).clone(),
        };
        let query = Query { count: 1000, ..Query::new(TENANT, kind(name), filter) };
        let found = self.store.search(&query).await.expect("it can be searched").matches;
        let mut ids: Vec<String> = found.iter().map(|version| version.key.id.to_string()).collect();
        ids.sort();
        ids
    }

    /// Gives a user of the id `u` these rules and nothing else.
    pub fn rules(&self, rules: &str) -> Principal {
        self.access.put_user(TENANT, "u", vec![self.policy(rules)]);
        user("u", None)
    }

    pub fn policy(&self, rules: &str) -> Policy {
        policy(rules)
    }
}

/// A policy of these rules: the inside of a JSON array.
pub fn policy(rules: &str) -> Policy {
    let text = format!(r#"{{"name": "of-a-test", "description": "For a test.", "rules": [{rules}]}}"#);
    Policy::read(text.as_bytes(), &Registry::standard()).unwrap_or_else(|issues| panic!("{text}: {issues:#?}"))
}

/// Somebody without a role.
pub fn user(id: &str, fhir_user: Option<&str>) -> Principal {
    Principal {
        tenant: TENANT,
        user: Some(id.into()),
        fhir_user: fhir_user.map(key),
        name: id.into(),
        client: None,
        roles: Vec::new(),
        scopes: None,
        patient: None,
        encounter: None,
        purpose: None,
        direct: Vec::new(),
        break_glass: None,
        strength: Strength::One,
        session: "session".into(),
    }
}

/// Somebody with a role.
pub fn with_role(role: &str, fhir_user: Option<&str>) -> Principal {
    Principal { roles: vec![assignment(role, None, None)], ..user("u", fhir_user) }
}

pub fn assignment(role: &str, facility: Option<&str>, department: Option<&str>) -> Assignment {
    Assignment { role: role.into(), facility: facility.map(key), department: department.map(key) }
}

pub fn breaking(principal: Principal, patient: &str) -> Principal {
    let glass = BreakGlass { reason: "unconscious".into(), patient: patient.into(), until: NOW + HOUR };
    Principal { break_glass: Some(glass), strength: Strength::Two, ..principal }
}

pub fn scoped(principal: Principal, scopes: &str) -> Principal {
    Principal { scopes: Some(Scopes::parse(scopes).expect("scopes")), ..principal }
}
