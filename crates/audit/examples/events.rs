//! What an AuditEvent costs: `cargo run --release -p audit --example events`.

use std::sync::Arc;
use std::time::Instant;

use audit::{Entity, Happening, Interaction, Scribe, Site, What};
use fhir::definitions::ResourceType;
use search::Registry;
use store::commit::{Key, Tenant};

const EVENTS: u32 = 20_000;

fn main() {
    let site = Site { name: "Hospital".into(), base_url: "https://hospital.example/fhir".into() };
    let scribe = Scribe::new(site, Registry::standard(), Box::new(|| "0d9a3b52-6a86-4d3c-9d1c-7a1f6c1f0a11".to_owned()));
    let who = access::Principal {
        tenant: Tenant(1),
        user: Some("0d9a3b52-6a86-4d3c-9d1c-7a1f6c1f0a11".into()),
        fhir_user: Some(Key::new(ResourceType::parse("Practitioner").expect("R4 has Practitioners"), "12")),
        name: "A Physician".into(),
        client: Some("app".into()),
        roles: Vec::new(),
        scopes: None,
        patient: None,
        encounter: None,
        purpose: Some("TREAT".into()),
        direct: Vec::new(),
        break_glass: None,
        strength: access::Strength::Two,
        session: "0d9a3b52-6a86-4d3c-9d1c-7a1f6c1f0a11".into(),
    };
    let key = Key::new(ResourceType::parse("Observation").expect("R4 has Observations"), "0d9a3b52-6a86-4d3c-9d1c-7a1f6c1f0a11");
    let happening = Happening {
        request: "0d9a3b52-6a86-4d3c-9d1c-7a1f6c1f0a11".into(),
        who: Some(Arc::new(who)),
        address: Some([10, 0, 0, 1].into()),
        entities: vec![Entity { key, version: 1 }],
        ..Happening::new(1_795_348_800_000, Tenant(1), What::Rest(Interaction::Read))
    };
    let patients = [vec!["0d9a3b52-6a86-4d3c-9d1c-7a1f6c1f0a11".into()]];
    let timed = |name: &str, act: &dyn Fn() -> usize| {
        let started = Instant::now();
        let bytes: usize = (0..EVENTS).map(|_| act()).sum();
        let each_us = started.elapsed().as_secs_f64() * 1e6 / f64::from(EVENTS);
        println!("{name}: {each_us:.1} µs each, {} bytes", bytes / EVENTS as usize);
    };
    timed("the event", &|| scribe.events(&happening, &patients).len());
    timed("the event as the store takes it", &|| scribe.puts(&happening, &patients).iter().map(|put| put.body.text.len()).sum());
    println!("{} entries", scribe.puts(&happening, &patients)[0].entries.len());
}
