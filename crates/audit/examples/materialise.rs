//! How fast rows become AuditEvents in the embedded store: `cargo run --release -p audit --example materialise [FOLDER]`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use audit::journal::{Journal, Settings};
use audit::notary::Notary;
use audit::{Entity, Happening, Interaction, Materialiser, Scribe, Site, What};
use fhir::definitions::ResourceType;
use search::Registry;
use store::commit::{Key, Tenant};
use store_embedded::{Embedded, Options};

const ROWS: u32 = 100_000;
const TENANT: Tenant = Tenant(1);
const NOON: i64 = 1_795_348_800_000;

struct Noon;

impl store::contract::Clock for Noon {
    fn now(&self) -> i64 {
        NOON
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 4)]
async fn main() {
    let folder = std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from).join(format!("audit-{}", std::process::id()));
    std::fs::create_dir(&folder).expect("a folder can be made");
    let store = Arc::new(Embedded::open(Options::new(&folder.join("data"), Registry::standard(), Arc::new(Noon))).expect("a store opens"));
    let journal = Arc::new(Journal::open(Settings::new(&folder)).expect("a journal opens"));
    let patient = ResourceType::parse("Patient").expect("R4 has Patients");
    for number in 0..ROWS {
        let entities = vec![Entity { key: Key::new(patient, format!("{:036}", number % 5000)), version: 1 }];
        let request = format!("{number:032x}").into();
        let row = Happening { request, entities, ..Happening::new(NOON, TENANT, What::Rest(Interaction::Read)) };
        journal.record(&row).await.expect("a row is written");
    }
    journal.sync().expect("a journal syncs");
    let site = Site { name: "Hospital".into(), base_url: "https://hospital.example/fhir".into() };
    let scribe = Arc::new(Scribe::new(site, Registry::standard(), Box::new(|| "unused".to_owned())));
    let started = Instant::now();
    let done = Materialiser::new(journal, store.clone(), scribe).run().await.expect("the store takes them");
    println!("{:.0} events/s ({} rows)", done.events as f64 / started.elapsed().as_secs_f64(), done.rows);
    let signer = audit::checkpoint::Signer::new("hospital.example", &[7; 32]).expect("a key");
    let mut notary = Notary::open(&folder, TENANT, signer, Vec::new()).expect("a notary opens");
    let started = Instant::now();
    notary.checkpoint(&*store, NOON).await.expect("a checkpoint");
    println!("{:.0} leaves/s are followed", done.events as f64 / started.elapsed().as_secs_f64());
    let verifier = audit::checkpoint::Signer::new("hospital.example", &[7; 32]).expect("a key").verifier();
    let started = Instant::now();
    let report = audit::command::verify(&*store, &folder, TENANT, &verifier, None).await.expect("the store answers");
    println!("{:.0} events/s are verified: {report}", done.events as f64 / started.elapsed().as_secs_f64());
    store.close().await;
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
}
