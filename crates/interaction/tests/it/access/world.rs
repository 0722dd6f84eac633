//! A server with what somebody may see and what they may not, one without what they may not, and who they are.

use std::sync::{Arc, OnceLock};

use access::{ACTS, Grant, Principal, Strength, Verdict};
use fhir::definitions::ResourceType;
use fhir::{Value, json};
use interaction::prepare::{Rules, prepare};
use interaction::{Context, Identifiers, Server, Settings};
use search::{Live, Registry, compartment};
use store::Store;
use store::commit::{Commit, Key, Put, Tenant};
use store::memory::MemoryStore;
use store::suite::ManualClock;

use super::samples::{is_of_patients, kind, patient_parameter, pointer, sample};

pub const TENANT: Tenant = Tenant(1);
pub const BASE: &str = "http://ward.test/fhir";

/// When everything is written, and what time it is: 2026-11-21T08:00:00Z.
pub const NOW: i64 = 1_795_248_000_000;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Somebody without any rule.
    Nobody,
    /// Somebody who sees what belongs to `Patient/own`.
    Patient,
    /// Somebody who may do everything.
    All,
}

/// A resource of a world, and whether it belongs to `Patient/own`.
pub struct Row {
    pub put: Put,
    pub is_own: bool,
    /// Whether it is one that refers to what is asked about, and is shown to everybody in the matrix of what is linked.
    pub is_pointer: bool,
}

/// The resources around one type.
pub struct World {
    pub kind: ResourceType,
    pub rows: Vec<Row>,
}

impl World {
    /// Two patients, a resource of the type for each, and one of another type that refers to each of these.
    pub fn of(of: ResourceType) -> Self {
        let mut rows = Vec::new();
        let rules = Rules::of_structure(Registry::standard());
        let mut add = |resource: Value, is_own: bool, is_pointer: bool| {
            let key = Key::new(kind(resource.resource_type().expect("a type")), resource.text("id").expect("an id"));
            if rows.iter().any(|row: &Row| row.put.key == key) {
                return;
            }
            let put = prepare(&rules, BASE, &resource, key.clone());
            let put = put.unwrap_or_else(|error| panic!("{key} is no sample: {:?}", error.outcome().issues)).put;
            rows.push(Row { put, is_own, is_pointer });
        };
        for patient in ["own", "other"] {
            add(sample(kind("Patient"), patient, patient), patient == "own", false);
            add(sample(of, patient, patient), patient == "own" && is_of_patients(of), false);
            let (pointing, path) = pointing_at(of);
            // One that refers to a patient belongs to that patient.
            let is_own = patient == "own" && of == kind("Patient");
            add(pointer(pointing, &format!("to-{patient}"), &[path], &format!("{}/{patient}", of.name())), is_own, true);
        }
        Self { kind: of, rows }
    }

    /// Whether somebody sees a row; `with_pointers`: they see those that refer to what is asked about too.
    fn shows(&self, who: Who, row: &Row, with_pointers: bool) -> bool {
        match who {
            Who::Nobody => with_pointers && row.is_pointer,
            Who::Patient => row.is_own || with_pointers && row.is_pointer,
            Who::All => true,
        }
    }

    /// A server with everything, as somebody sees it.
    pub fn whole(&self, who: Who, with_pointers: bool) -> Context {
        let grant = if with_pointers { Arc::new(all_of(grant(who), pointing_at(self.kind).0)) } else { shared(who) };
        self.server(|_| true).acting(grant)
    }

    /// A server that never had what they do not see, for whoever may do everything.
    pub fn part(&self, who: Who, with_pointers: bool) -> Context {
        self.server(|row| self.shows(who, row, with_pointers))
    }

    /// A server with everything, for whoever may do everything.
    pub fn server_of_all(&self) -> Context {
        self.server(|_| true)
    }

    fn server(&self, shows: impl Fn(&Row) -> bool) -> Context {
        let clock = Arc::new(ManualClock::new(NOW));
        let parameters = Live::from(Registry::standard());
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(clock.clone()));
        let mut commit = Commit::new(TENANT, "test", "import");
        commit.put = self.rows.iter().filter(|row| shows(row)).map(|row| row.put.clone()).collect();
        if !commit.put.is_empty() {
            futures_util::FutureExt::now_or_never(store.commit(commit)).expect("at once").expect("it is written");
        }
        clock.set(NOW + 1000);
        let mut server = Server::new(store, parameters, Settings { erase: true, ..Settings::default() }, clock);
        server.identifiers = Identifiers::seeded([1, 2]);
        Context::new(Arc::new(server), TENANT, "test", BASE)
    }

    /// The texts of the rows that somebody does not see, as the store has them.
    pub async fn hidden(&self, ctx: &Context, who: Who, with_pointers: bool) -> Vec<(Key, Option<Value>)> {
        let mut hidden = Vec::new();
        for row in self.rows.iter().filter(|row| !self.shows(who, row, with_pointers)) {
            let version = ctx.server.store.read(TENANT, &row.put.key).await.expect("a read");
            let text = version.and_then(|version| Some(json::parse(version.text()?).expect("JSON")));
            hidden.push((row.put.key.clone(), text));
        }
        hidden
    }
}

/// A type that refers to any other, and the element by which it does.
pub fn pointing_at(of: ResourceType) -> (ResourceType, &'static str) {
    if of.name() == "Basic" { (kind("Provenance"), "target") } else { (kind("Basic"), "subject") }
}

/// The parameter by which resources of the type refer to their patient.
pub fn parameter(of: ResourceType) -> Option<String> {
    patient_parameter(of).map(|(code, _)| code).filter(|_| of != kind("Patient"))
}

/// What somebody may do, made once.
pub fn shared(who: Who) -> Arc<Grant> {
    static GRANTS: OnceLock<[Arc<Grant>; 3]> = OnceLock::new();
    let all = GRANTS.get_or_init(|| [Who::Nobody, Who::Patient, Who::All].map(|who| Arc::new(grant(who))));
    all[who as usize].clone()
}

/// The same, to be changed.
pub fn grant(who: Who) -> Grant {
    let nothing = Grant::nothing(principal());
    match who {
        Who::Nobody => nothing,
        Who::All => ResourceType::all().fold(nothing, all_of).with_operation("*"),
        Who::Patient => {
            let (owner, registry) = (Key::new(kind("Patient"), "own"), Registry::standard());
            compartment::members(owner.kind).fold(nothing, |grant, member| {
                let rule = compartment::filter(&registry, &owner, member).expect("a member");
                ACTS.into_iter().fold(grant, |grant, act| grant.with(member, act, Verdict::Where(Arc::new(rule.clone()))))
            })
        }
    }
}

/// The same grant with everything of a type.
pub fn all_of(grant: Grant, of: ResourceType) -> Grant {
    ACTS.into_iter().fold(grant, |grant, act| grant.with(of, act, Verdict::Allowed))
}

fn principal() -> Arc<Principal> {
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
