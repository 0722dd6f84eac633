//! Keys are rotated and wrapped again while others read and write: nobody is refused. Killed in the middle, it goes on.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::sleep;
use std::time::Duration;

use super::{fact, patient, sealed, serve};
use crate::http;
use crate::process::{Server, ward};

/// How many patients there are, each with a key.
pub const PATIENTS: u64 = 40;

/// How many patients more have a key, where a rotation is to take a while.
const MANY: u64 = 4_000;

/// How often the server is killed in the middle; the environment variable `WARD_KILLS` says otherwise.
const KILLS: u64 = 3;

/// Reads and writes with four clients until it is told to stop; each request must be answered well. Gives how many were.
pub fn load(address: &str, stop: &AtomicBool) -> u64 {
    let number = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for client in 0..4_u64 {
            let number = &number;
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let count = number.fetch_add(1, Ordering::Relaxed);
                    let id = format!("p{}", (count * 7 + client) % PATIENTS);
                    let answer = if client == 0 {
                        let body = format!(r#"{{"resourceType":"Patient","id":"{id}","multipleBirthInteger":{count}}}"#);
                        http::try_send(
                            address,
                            "PUT",
                            &format!("/fhir/Patient/{id}"),
                            &[("Content-Type", "application/fhir+json")],
                            body.as_bytes(),
                        )
                    } else {
                        let path = if client == 1 { format!("/fhir/Condition?patient={id}") } else { format!("/fhir/Patient/{id}") };
                        http::try_send(address, "GET", &path, &[], b"")
                    };
                    let answer = answer.expect("an answer");
                    assert!(answer.status < 300, "{id}: {}", answer.status);
                }
            });
        }
    });
    number.into_inner()
}

pub fn filled(folder: &Path) -> Server {
    let server = serve(folder);
    (0..PATIENTS).for_each(|number| patient(&server, &format!("p{number}"), "one"));
    server
}

#[test]
fn nobody_is_refused_while_keys_are_rotated() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = filled(folder.path());
    let stop = AtomicBool::new(false);
    let requests = std::thread::scope(|scope| {
        let load = scope.spawn(|| load(&server.address, &stop));
        for _ in 0..3 {
            sealed(folder.path(), &["key", "rotate", "--kek"]);
            sealed(folder.path(), &["key", "rotate"]);
            sealed(folder.path(), &["key", "retire"]);
        }
        stop.store(true, Ordering::Relaxed);
        load.join().expect("each request was answered well")
    });
    assert!(requests > 20, "{requests} requests");
    assert_eq!((fact(folder.path(), "kek"), fact(folder.path(), "lagging")), (4, 0));
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_rotation_that_is_killed_goes_on() {
    let kills = std::env::var("WARD_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS);
    let folder = tempfile::tempdir().expect("a temporary folder");
    // Enough keys that wrapping them again takes a while.
    let many: Vec<String> = (0..MANY).map(|number| format!(r#"{{"resourceType":"Patient","id":"m{number}"}}"#)).collect();
    std::fs::write(folder.path().join("many.ndjson"), many.join("\n")).expect("written");
    sealed(folder.path(), &["import", "many.ndjson"]);
    let mut server = filled(folder.path());
    for kill in 0..kills {
        let mut command = ward(folder.path());
        command.args(super::SEALED).args(["key", "rotate"]).args((kill % 2 == 0).then_some("--kek"));
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let mut rotation = command.spawn().expect("the binary runs");
        // Some before it begins, some in the middle, some after.
        sleep(Duration::from_millis(3 + 17 * (kill % 7)));
        server.kill();
        rotation.wait().expect("it ends");
        server = serve(folder.path());
        for number in 0..PATIENTS {
            let (one, other) = (server.get(&format!("/fhir/Patient/p{number}")), server.get(&format!("/fhir/Condition/of-p{number}")));
            assert_eq!((one.status, other.status), (200, 200), "p{number} after kill {kill}");
        }
        sealed(folder.path(), &["key", "rewrap"]);
        assert_eq!(fact(folder.path(), "lagging"), 0);
    }
    sealed(folder.path(), &["key", "retire"]);
    assert_eq!(server.get("/fhir/Patient/p1").status, 200);
    assert_eq!(server.stop(), Some(0));
}
