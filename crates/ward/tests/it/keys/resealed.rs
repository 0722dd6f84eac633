//! Bodies sealed anew: what was written in clear, or with an older version of the tenant's key.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use super::load::{self, PATIENTS};
use super::{CANARY, fact, is_in_file, sealed};
use crate::process::{Server, run, run_well, ward};

/// How many resources more there are, so that sealing them anew takes a while.
const MANY: u64 = 4_000;

/// How often it is killed in the middle.
const KILLS: u64 = 3;

/// Writes many resources, each of somebody.
fn import(folder: &Path, setting: &[&str]) {
    let many: Vec<String> = (0..MANY)
        .map(|number| format!(r#"{{"resourceType":"Patient","id":"m{number}","name":[{{"text":"{CANARY} {number}"}}]}}"#))
        .collect();
    std::fs::write(folder.join("many.ndjson"), many.join("\n")).expect("written");
    run_well(folder, &[setting, &["import", "many.ndjson"]].concat());
}

/// Does something while others read and write, each of whom must be answered well. Gives how many requests that were, too.
fn while_others_ask<T>(server: &Server, work: impl FnOnce() -> T) -> (T, u64) {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let load = scope.spawn(|| load::load(&server.address, &stop));
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        stop.store(true, Ordering::Relaxed);
        let requests = load.join().expect("each request was answered well");
        (done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)), requests)
    })
}

#[test]
fn what_was_in_clear_is_sealed_beside_a_server_and_every_version_stays_what_it_was() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    import(folder.path(), &[]);
    let before = run_well(folder.path(), &["export"]);
    let unset = run(folder.path(), &["key", "reseal"]);
    assert!(!unset.status.success() && String::from_utf8_lossy(&unset.stderr).contains("seal_bodies"));
    let server = load::filled(folder.path());
    let clear = fact(folder.path(), "versions") - fact(folder.path(), "sealedVersions");
    assert!(clear >= MANY);
    let (told, requests) = while_others_ask(&server, || sealed(folder.path(), &["key", "reseal", "--json"]));
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    // What was sealed under the dictionary of before is sealed anew as well.
    assert!(told["done"].as_u64() >= Some(clear), "{told}");
    assert!(requests > 20, "{requests} requests");
    assert_eq!(fact(folder.path(), "versions"), fact(folder.path(), "sealedVersions"));
    assert_eq!(server.stop(), Some(0));
    // Neither is the dictionary that was trained from what was in clear.
    for file in ["data/ward.sqlite3-wal", "data/ward.sqlite3"] {
        assert!(!is_in_file(&folder.path().join(file), CANARY), "{file}");
    }
    let after = sealed(folder.path(), &["export"]);
    assert!(before.lines().filter(|line| line.contains("\"m1")).all(|line| after.contains(line)), "what was there is there as it was");
    sealed(folder.path(), &["index", "check"]);
    assert_eq!(sealed(folder.path(), &["key", "reseal"]).trim(), "0 bodies sealed anew");
}

#[test]
fn an_old_version_of_a_tenants_key_is_retired_once_nothing_is_sealed_with_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let by_tenant: &[&str] = &["--set", "seal_bodies=tenant"];
    import(folder.path(), by_tenant);
    let tenant = |arguments: &[&str]| run_well(folder.path(), &[by_tenant, arguments].concat());
    let mut server = Server::start(folder.path(), by_tenant);
    (0..PATIENTS).for_each(|number| super::patient(&server, &format!("p{number}"), "one"));
    tenant(&["key", "rotate"]);
    let kept = tenant(&["key", "retire"]);
    assert!(kept.contains("bodies are sealed, or keys wrapped, with 1"), "{kept}");
    for kill in 0..KILLS {
        let mut command = ward(folder.path());
        command.args(by_tenant).args(["key", "reseal"]);
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let mut resealing = command.spawn().expect("the binary runs");
        // Some before it begins, some in the middle.
        sleep(Duration::from_millis(40 + 60 * kill));
        server.kill();
        resealing.wait().expect("it ends");
        server = Server::start(folder.path(), by_tenant);
        for number in (0..MANY).step_by(97) {
            assert_eq!(server.get(&format!("/fhir/Patient/m{number}")).status, 200, "m{number} after kill {kill}");
        }
    }
    super::patient(&server, "p0", "one");
    let (retired, requests) = while_others_ask(&server, || {
        tenant(&["key", "reseal"]);
        tenant(&["key", "retire"])
    });
    assert!(retired.contains("its key has version 2 alone"), "{retired}");
    assert!(requests > 20, "{requests} requests");
    assert_eq!(server.stop(), Some(0));
    let exported = tenant(&["export"]);
    assert_eq!(exported.lines().filter(|line| line.contains(CANARY)).count(), MANY as usize);
    tenant(&["audit", "verify"]);
    let server = Server::start(folder.path(), by_tenant);
    assert_eq!(server.get("/fhir/Patient/m7").status, 200);
    assert_eq!(server.stop(), Some(0));
}
