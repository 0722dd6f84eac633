//! What access control costs inside of a process: who asks, what they may do, what a policy takes to compile, and how fast rows become AuditEvents.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use access::{Access, Act, Assignment, Policy, Principal, Strength};
use audit::{Entity, Happening, Interaction, Journal, Materialiser, Scribe, Site, What, journal};
use fhir::definitions::ResourceType;
use identity::Directory;
use identity::seen::{Basis, Fingerprint, Seen};
use identity::user::User;
use search::{Live, Registry};
use store::Store;
use store::commit::{Key, Tenant};
use store::contract::Clock;
use store::memory::MemoryStore;
use store_embedded::{Embedded, Options};

use crate::Failure;
use crate::page::line::Line;

const TENANT: Tenant = Tenant(1);
/// 2026-11-23T10:00:00Z.
const NOW: i64 = 1_795_428_000_000;
/// As long as an access token is.
const TOKEN: &str = "ward-at.7Vv0i3yS4H2sCkq9Qn0m1Jr5b8xTzWfLp6uEoDgYhKc";
/// How many times something short is done in a round, and something long.
const MANY: u32 = 500_000;
const FEW: u32 = 20;
/// How many rows become events in a round.
const ROWS: u32 = 20_000;

struct Still;

impl Clock for Still {
    fn now(&self) -> i64 {
        NOW
    }
}

/// The lines of this part that need no server.
pub async fn lines(rounds: usize, folder: &Path) -> Result<Vec<Line>, Failure> {
    let world = World::new().await?;
    let (mut token, mut grant, mut policy, mut events) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..rounds {
        token.push(world.token_us());
        grant.push(world.grant_us());
        policy.push(world.policy_ms().await?);
        events.push(events_each_second(&folder.join(format!("events-{round}"))).await?);
    }
    Ok(vec![
        Line::at_most("who presents a token or has a session that was seen", "µs", &token, Some(1.0)),
        Line::at_most("the grant of somebody, kept", "µs", &grant, Some(1.0)),
        Line::at_most("a policy of 50 rules compiled for somebody, all types and acts", "ms", &policy, Some(10.0)),
        Line::at_least("rows of the journal become AuditEvents, nothing else asked", "/s", &events, 20_000.0),
    ])
}

/// Somebody who was seen, and rules for them.
struct World {
    seen: Seen<Principal>,
    access: Access,
    who: Arc<Principal>,
}

impl World {
    async fn new() -> Result<Self, Failure> {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(Arc::new(Still)));
        let access = Access::new(store.clone(), Live::from(Registry::standard()), jiff::tz::TimeZone::UTC);
        access.put_user(TENANT, "user", vec![policy_of_50_rules()?]);
        let who = Arc::new(physician());
        access.grant(&who, NOW).await.map_err(|error| error.to_string())?;
        let (directory, seen) = (Directory::new(store), Seen::new(100_000));
        let mut basis = Basis::new(&directory);
        // A token of an app rests on four records: its own, the approval, the client and the account.
        for id in ["token", "approval", "client", "user"] {
            basis.get::<User>(id).await.map_err(|error| error.to_string())?;
        }
        seen.keep(Fingerprint::of(TOKEN), who.clone(), NOW, i64::MAX, basis);
        Ok(Self { seen, access, who })
    }

    fn token_us(&self) -> f64 {
        each_us(MANY, || drop(black_box(self.seen.get(&Fingerprint::of(black_box(TOKEN)), NOW))))
    }

    fn grant_us(&self) -> f64 {
        each_us(MANY, || drop(black_box(self.access.kept(black_box(&self.who), NOW))))
    }

    /// How long a grant takes whose policy has 50 rules, beside the rules of the role.
    async fn policy_ms(&self) -> Result<f64, Failure> {
        let started = Instant::now();
        for _ in 0..FEW {
            self.access.put_user(TENANT, "user", vec![policy_of_50_rules()?]);
            let grant = self.access.grant(&self.who, NOW).await.map_err(|error| error.to_string())?;
            black_box(grant.refuses_all(Act::Read));
        }
        Ok(started.elapsed().as_secs_f64() * 1e3 / f64::from(FEW))
    }
}

fn each_us(count: u32, mut act: impl FnMut()) -> f64 {
    let started = Instant::now();
    (0..count).for_each(|_| act());
    started.elapsed().as_secs_f64() * 1e6 / f64::from(count)
}

fn physician() -> Principal {
    Principal {
        tenant: TENANT,
        user: Some("user".into()),
        fhir_user: ResourceType::parse("Practitioner").map(|kind| Key::new(kind, "12")),
        name: "A Physician".into(),
        client: None,
        roles: vec![Assignment { role: "physician".into(), facility: None, department: None }],
        scopes: None,
        patient: None,
        encounter: None,
        purpose: None,
        direct: Vec::new(),
        break_glass: None,
        strength: Strength::Two,
        session: "0d9a3b52".into(),
    }
}

/// Each rule is about the observations of one code.
fn policy_of_50_rules() -> Result<Policy, Failure> {
    let rule = |number: u32| {
        format!(
            r#"{{"name": "rule {number}", "types": ["Observation", "Condition", "DiagnosticReport"], "acts": ["read", "search"], "criteria": "code=http://loinc.org|{number}-1&patient.gender=female"}}"#
        )
    };
    let rules: Vec<String> = (0..50).map(rule).collect();
    let text = format!(r#"{{"name": "fifty", "description": "Fifty rules.", "rules": [{}]}}"#, rules.join(","));
    Policy::read(text.as_bytes(), &Registry::standard()).map_err(|issues| format!("{issues:?}").into())
}

/// How many rows become events in a second on the embedded engine, in this folder.
async fn events_each_second(folder: &Path) -> Result<f64, Failure> {
    std::fs::create_dir_all(folder)?;
    let store = Embedded::open(Options::new(folder.join("data"), Registry::standard(), Arc::new(Still)))?;
    let (store, journal) = (Arc::new(store), Arc::new(Journal::open(journal::Settings::new(folder))?));
    let (patient, who) = (ResourceType::parse("Patient").ok_or("R4 has Patients")?, Arc::new(physician()));
    for number in 0..ROWS {
        let entities = vec![Entity { key: Key::new(patient, format!("{:036}", number % 5000)), version: 1 }];
        let (request, who) = (format!("{number:016x}").into(), Some(who.clone()));
        let row = Happening { request, who, entities, ..Happening::new(NOW, TENANT, What::Rest(Interaction::Read)) };
        journal.record(&row).await?;
    }
    journal.sync()?;
    let site = Site { name: "Ward".into(), base_url: "https://hospital.example/fhir".into() };
    let scribe = Arc::new(Scribe::new(site, Registry::standard(), Box::new(|| "unused".to_owned())));
    let started = Instant::now();
    let done = Materialiser::new(journal, store.clone(), scribe).run().await?;
    let rate = done.events as f64 / started.elapsed().as_secs_f64();
    store.close().await;
    Ok(rate)
}
