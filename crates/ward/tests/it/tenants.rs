//! Tenants from the command line to the wire: made, filled, asked, suspended, exported and deleted.

use crate::process::{Server, run, run_well};
use std::path::Path;

const REQUIRED: &[&str] = &["--set", "access=required"];

fn bearer(token: &str) -> String {
    format!("Bearer {}", token.trim())
}

fn get(server: &Server, path: &str, authorization: &str) -> crate::http::Answer {
    server.send("GET", path, &[("Authorization", authorization)], b"")
}

/// The same id in both tenants, with another name in each.
fn filled(folder: &Path) {
    run_well(folder, &["tenant", "add", "north", "--name", "North Clinic", "--locale", "de-CH"]);
    for (tenant, family) in [("main", "Main"), ("north", "North")] {
        let patient = format!(r#"{{"resourceType":"Patient","id":"p1","name":[{{"family":"{family}"}}]}}"#);
        std::fs::write(folder.join("one.ndjson"), patient).expect("written");
        run_well(folder, &["import", "one.ndjson", "--tenant", tenant]);
    }
}

#[test]
fn two_tenants_have_the_same_id_and_see_each_their_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    filled(folder.path());
    let server = Server::start(folder.path(), REQUIRED);
    let main = bearer(&run_well(folder.path(), &["token"]));
    let north = bearer(&run_well(folder.path(), &["token", "--tenant", "north"]));
    let family = |path: &str, token: &str| {
        let answer = get(&server, path, token);
        assert_eq!(answer.status, 200, "{path}");
        answer.json().list("name").next().and_then(|name| name.text("family").map(str::to_owned)).expect("a name")
    };
    assert_eq!(family("/fhir/Patient/p1", &main), "Main");
    assert_eq!(family("/t/north/fhir/Patient/p1", &north), "North");
    assert_eq!(get(&server, "/fhir/Patient/p1", &north).status, 401);
    assert_eq!(get(&server, "/t/north/fhir/Patient/p1", &main).status, 401);
    assert_eq!(get(&server, "/t/south/fhir/Patient/p1", &north).status, 404);
    assert_eq!(server.stop(), Some(0));
    for (tenant, own) in [("main", "/fhir/Patient"), ("north", "/t/north/fhir/Patient")] {
        assert!(run_well(folder.path(), &["audit", "verify", "--tenant", tenant]).contains("nothing was altered"), "{tenant}");
        let report = run_well(folder.path(), &["audit", "report", "--tenant", tenant]);
        assert_eq!(report.lines().filter(|line| line.contains("read")).count(), 1, "{own}: {report}");
    }
    assert_ne!(run(folder.path(), &["audit", "verify", "--tenant", "south"]).status.code(), Some(0));
}
