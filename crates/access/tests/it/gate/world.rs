//! Two patients and what is known of them, in the reference engine, and grants on that.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use access::{ACTS, Act, Gate, Grant, Principal, Strength, Verdict};
use fhir::definitions::ResourceType;
use fhir::json;
use search::{Live, NoCodeSets, Registry, SearchContext, compartment, parse_filter};
use store::Store;
use store::commit::{Body, Commit, CommitError, Committed, Conflict, Key, Put, Tenant};
use store::contract::{Clock, Extract};
use store::memory::MemoryStore;
use store::query::{Filter, Query, Version};

pub const TENANT: Tenant = Tenant(1);

/// When the clock starts: 2026-11-21T08:00:00Z.
pub const START: i64 = 1_795_248_000_000;

/// A clock that moves by a second whenever it is looked at.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> i64 {
        self.0.fetch_add(1000, Ordering::Relaxed)
    }
}

/// A store, and everybody who looks at it.
pub struct World {
    pub store: Arc<MemoryStore>,
    pub registry: Arc<Registry>,
}

impl World {
    /// An empty store.
    pub fn empty() -> Self {
        Self { store: Arc::new(MemoryStore::new(Arc::new(Ticking(AtomicI64::new(START))))), registry: Registry::standard() }
    }

    /// Patients 1 and 2, each with an observation, an encounter and a condition; a practitioner; a group of both.
    pub async fn hospital() -> Self {
        let world = Self::empty();
        for patient in ["1", "2"] {
            world.put(&format!(r#"{{"resourceType":"Patient","id":"{patient}","name":[{{"family":"Family{patient}","given":["Given{patient}"]}}],"birthDate":"198{patient}-01-01","generalPractitioner":[{{"reference":"Practitioner/doc"}}]}}"#)).await;
            world.put(&format!(r#"{{"resourceType":"Encounter","id":"e{patient}","status":"finished","class":{{"code":"AMB"}},"subject":{{"reference":"Patient/{patient}"}}}}"#)).await;
            world.put(&observation(&format!("o{patient}"), patient, "final")).await;
            world.put(&format!(r#"{{"resourceType":"Condition","id":"c{patient}","subject":{{"reference":"Patient/{patient}"}},"encounter":{{"reference":"Encounter/e{patient}"}}}}"#)).await;
        }
        world.put(r#"{"resourceType":"Practitioner","id":"doc","name":[{"family":"Doctor"}]}"#).await;
        world.put(r#"{"resourceType":"Group","id":"both","type":"person","actual":true,"member":[{"entity":{"reference":"Patient/1"}},{"entity":{"reference":"Patient/2"}}]}"#).await;
        world
    }

    /// Writes a resource, past every gate.
    pub async fn put(&self, text: &str) -> Committed {
        self.store.commit(Commit { put: vec![self.ready(text)], ..commit() }).await.expect("it is written")
    }

    /// Deletes a resource, past every gate.
    pub async fn delete(&self, reference: &str) -> Committed {
        self.store.commit(Commit { delete: vec![key(reference)], ..commit() }).await.expect("it is deleted")
    }

    /// A resource as a commit takes it.
    pub fn ready(&self, text: &str) -> Put {
        let resource = json::parse(text.as_bytes()).expect("JSON");
        let key = Key::new(kind(resource.resource_type().expect("a type")), resource.text("id").expect("an id"));
        let head = format!("{{\"resourceType\":\"{}\",\"id\":\"{}\",", key.kind.name(), key.id);
        let rest = text.strip_prefix(&head).or_else(|| text.strip_prefix(head.trim_end_matches(','))).expect("type and id first");
        let (meta, rest) = match rest.strip_prefix("\"meta\":{") {
            Some(rest) => ("", rest.to_owned()),
            None if rest == "}" => ("}", "}".to_owned()),
            None => ("},", rest.to_owned()),
        };
        let text = format!("{head}\"meta\":{{{meta}{rest}");
        let (entries, date) = Extract::extract(&*self.registry, key.kind, text.as_bytes());
        let body = Body { stamp_at: (head.len() + "\"meta\":{".len()) as u32, text: text.into() };
        Put { key, body, entries, date, extractor: self.registry.identity() }
    }

    /// The store as a grant shows it.
    pub fn gate(&self, grant: Grant) -> Gate {
        Gate::new(self.store.clone(), Live::from(self.registry.clone()), Arc::new(grant))
    }

    /// What criteria ask for.
    pub fn filter(&self, of: &str, criteria: &str) -> Filter {
        let pairs = search::url::query_pairs(criteria).expect("pairs");
        parse_filter(&self.registry, &understanding(), kind(of), &pairs).expect("criteria")
    }

    /// A search as a client asks for it.
    pub fn query(&self, of: &str, criteria: &str) -> Query {
        let pairs = search::url::query_pairs(criteria).expect("pairs");
        search::parse(&self.registry, &understanding(), kind(of), &pairs).expect("a search").query
    }

    /// Everything of the compartment of a patient, by every act, and nothing else.
    pub fn own(&self, patient: &str) -> Grant {
        let owner = Key::new(kind("Patient"), patient);
        let mut grant = nothing();
        for member in compartment::members(owner.kind) {
            if let Some(filter) = compartment::filter(&self.registry, &owner, member) {
                let verdict = Verdict::Where(Arc::new(filter));
                grant = ACTS.into_iter().fold(grant, |grant, act| grant.with(member, act, verdict.clone()));
            }
        }
        grant
    }
}

/// By what searches are understood here.
fn understanding() -> SearchContext<'static> {
    SearchContext {
        tenant: TENANT,
        base_url: "http://ward.test/fhir",
        default_count: 20,
        max_count: 1000,
        lenient: false,
        now: START,
        code_sets: &NoCodeSets,
        seal: &search::page::Checked,
    }
}

/// A commit that does nothing yet.
pub fn commit() -> Commit {
    Commit::new(TENANT, "test", "test")
}

/// An observation of a patient.
pub fn observation(id: &str, patient: &str, status: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"{status}","code":{{"coding":[{{"system":"http://loinc.org","code":"8867-4"}}]}},"subject":{{"reference":"Patient/{patient}"}}}}"#
    )
}

pub fn kind(name: &str) -> ResourceType {
    ResourceType::parse(name).expect("a type")
}

/// The key of `Patient/1`.
pub fn key(reference: &str) -> Key {
    let (of, id) = reference.split_once('/').expect("a reference");
    Key::new(kind(of), id)
}

pub fn principal() -> Arc<Principal> {
    Arc::new(Principal {
        tenant: TENANT,
        user: Some("anna".into()),
        fhir_user: None,
        name: "Anna".into(),
        client: None,
        roles: Vec::new(),
        scopes: None,
        patient: None,
        encounter: None,
        purpose: None,
        direct: Vec::new(),
        break_glass: None,
        strength: Strength::One,
        session: "s".into(),
    })
}

/// A grant of nothing.
pub fn nothing() -> Grant {
    Grant::nothing(principal())
}

/// A grant of everything.
pub fn everything() -> Grant {
    let all = |grant: Grant, kind| ACTS.into_iter().fold(grant, |grant, act| grant.with(kind, act, Verdict::Allowed));
    ResourceType::all().fold(nothing(), all).with_operation("*")
}

/// The same grant with all acts on a type allowed.
pub fn with_all(grant: Grant, of: &str) -> Grant {
    ACTS.into_iter().fold(grant, |grant, act| grant.with(kind(of), act, Verdict::Allowed))
}

/// The same grant with a rule for an act.
pub fn with_rule(grant: Grant, of: &str, act: Act, rule: Filter) -> Grant {
    grant.with(kind(of), act, Verdict::Where(Arc::new(rule)))
}

/// The references of versions, sorted.
pub fn references<'v>(versions: impl IntoIterator<Item = &'v Version>) -> Vec<String> {
    let mut found: Vec<String> = versions.into_iter().map(|version| version.key.to_string()).collect();
    found.sort();
    found
}

/// The references of what a search finds, sorted, and its total.
pub async fn found(store: &dyn Store, query: Query) -> (Vec<String>, Option<u64>) {
    let answer = store.search(&Query { total: true, ..query }).await.expect("a search");
    (references(&answer.matches), answer.total)
}

/// The conflict that a commit is refused with.
pub fn conflict(answer: Result<Committed, CommitError>) -> Conflict {
    match answer {
        Err(CommitError::Conflict(conflict)) => *conflict,
        other => panic!("expected a conflict, got {other:?}"),
    }
}

/// Why a commit is forbidden.
pub fn forbidden(answer: Result<Committed, CommitError>) -> String {
    match answer {
        Err(CommitError::Forbidden(why)) => why.into(),
        other => panic!("expected it to be forbidden, got {other:?}"),
    }
}
