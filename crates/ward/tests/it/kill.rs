//! `kill -9` under load: what was acknowledged is there afterwards, a transaction whole or not at all, and the index agrees with the truth.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::http;
use crate::process::{Server, run_well};

const WRITERS: usize = 8;

#[test]
fn nothing_acknowledged_is_lost() {
    let seed = std::env::var("WARD_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_121_u64);
    let rounds = std::env::var("WARD_KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(5_u64);
    println!("WARD_SEED={seed} WARD_KILLS={rounds}");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let acknowledged = Arc::new(Mutex::new(Ledger::default()));
    for round in 0..rounds {
        let server = Server::start(folder.path(), &[]);
        verify(&server, &acknowledged.lock().expect("the ledger"));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (address, acknowledged) = (server.address.clone(), acknowledged.clone());
                std::thread::spawn(move || write(&address, round, writer, &acknowledged))
            })
            .collect();
        std::thread::sleep(Duration::from_millis(100 + mixed(seed + round) % 400));
        server.kill();
        writers.into_iter().for_each(|writer| writer.join().expect("a writer ends"));
        check_index(folder.path());
    }
    let server = Server::start(folder.path(), &[]);
    let ledger = acknowledged.lock().expect("the ledger");
    verify(&server, &ledger);
    println!("{} patients and {} transactions were acknowledged in {rounds} rounds", ledger.patients.len(), ledger.pairs.len());
    assert!(ledger.patients.len() > 20 && ledger.pairs.len() > 20, "the load was too small to prove anything");
}

/// What the server acknowledged, and what it may or may not have done.
#[derive(Default)]
struct Ledger {
    /// Patients by id, with the version that was acknowledged last.
    patients: BTreeMap<String, u64>,
    /// The two ids that a transaction wrote.
    pairs: Vec<(String, String)>,
    /// The two ids of transactions that were cut off.
    unknown: Vec<(String, String)>,
}

/// Writes until the connection breaks.
fn write(address: &str, round: u64, writer: usize, ledger: &Mutex<Ledger>) {
    for number in 0.. {
        let id = format!("r{round}w{writer}n{number}");
        for version in 1..=2_u64 {
            let body = format!(r#"{{"resourceType":"Patient","id":"{id}","multipleBirthInteger":{version}}}"#);
            let Some(answer) = send(address, "PUT", &format!("/fhir/Patient/{id}"), &body) else { return };
            assert!(answer < 300, "{answer}");
            ledger.lock().expect("the ledger").patients.insert(id.clone(), version);
        }
        let pair = (format!("{id}a"), format!("{id}b"));
        let entry = |id: &str| {
            format!(
                r#"{{"resource":{{"resourceType":"Basic","id":"{id}","code":{{"text":"x"}}}},"request":{{"method":"PUT","url":"Basic/{id}"}}}}"#
            )
        };
        let bundle = format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{},{}]}}"#, entry(&pair.0), entry(&pair.1));
        match send(address, "POST", "/fhir", &bundle) {
            Some(200) => ledger.lock().expect("the ledger").pairs.push(pair),
            Some(status) => panic!("{status}"),
            None => return ledger.lock().expect("the ledger").unknown.push(pair),
        }
    }
}

fn send(address: &str, method: &str, path: &str, body: &str) -> Option<u16> {
    http::try_send(address, method, path, &[("Content-Type", "application/fhir+json")], body.as_bytes()).map(|answer| answer.status)
}

fn verify(server: &Server, ledger: &Ledger) {
    for (id, version) in &ledger.patients {
        let answer = server.get(&format!("/fhir/Patient/{id}"));
        assert_eq!(answer.status, 200, "Patient/{id} was acknowledged and is lost");
        let found: u64 = answer.header("etag").trim_matches(['W', '/', '"']).parse().expect("the ETag holds the version");
        assert!(found >= *version, "Patient/{id}: version {version} was acknowledged, {found} is there");
    }
    let exists = |id: &str| server.get(&format!("/fhir/Basic/{id}")).status == 200;
    for (first, second) in &ledger.pairs {
        assert!(exists(first) && exists(second), "the transaction of Basic/{first} was acknowledged and is lost");
    }
    for (first, second) in &ledger.unknown {
        assert_eq!(exists(first), exists(second), "the transaction of Basic/{first} was applied by half");
    }
}

fn check_index(folder: &Path) {
    let report = run_well(folder, &["index", "check", "--json"]);
    assert!(report.contains(r#""differences":0"#), "{report}");
}

fn mixed(seed: u64) -> u64 {
    let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 31
}
