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
    for tenant in ["main", "north"] {
        let verdict = run_well(folder.path(), &["audit", "verify", "--tenant", tenant]);
        assert!(verdict.contains("nothing was altered") && !verdict.contains(" 0 events are proven"), "{tenant}: {verdict}");
        let report = run_well(folder.path(), &["audit", "report", "--tenant", tenant]);
        assert!(report.lines().any(|line| line.contains("read") && line.contains("Patient/p1")), "{tenant}: {report}");
    }
    assert_ne!(run(folder.path(), &["audit", "verify", "--tenant", "south"]).status.code(), Some(0));
}

/// What a command refuses to do: it ends with 4 and says why.
fn refused(folder: &Path, arguments: &[&str], why: &str) {
    let output = run(folder, arguments);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(4), "{arguments:?}: {told}");
    assert!(told.contains(why), "{arguments:?}: {told}");
}

#[test]
fn a_tenant_is_suspended_exported_and_deleted_for_good() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    filled(folder);
    let client = run_well(folder, &["client", "add", "Nightly", "--scope", "system/Patient.rs", "--role", "service", "--tenant", "north"]);
    let secret = client.lines().find_map(|line| line.strip_prefix("secret: ")).expect("a secret").to_owned();
    run_well(folder, &["user", "add", "maria", "--role", "physician", "--tenant", "north"]);
    assert!(run_well(folder, &["user", "show", "maria", "--tenant", "north"]).contains("de-CH"), "the language of the tenant");
    run_well(folder, &["user", "add", "john", "--role", "physician"]);
    run_well(folder, &["user", "join", "john", "--role", "nurse", "--tenant", "north"]);
    assert!(run_well(folder, &["user", "list", "--tenant", "north"]).contains("john  john  invited  nurse"));
    assert!(run_well(folder, &["user", "list"]).contains("john  john  invited  physician"));

    run_well(folder, &["tenant", "suspend", "north"]);
    assert!(run_well(folder, &["tenant", "list"]).contains("2  north  North Clinic  suspended"));
    let token = bearer(&run_well(folder, &["token", "--tenant", "north"]));
    let server = Server::start(folder, REQUIRED);
    let answer = get(&server, "/t/north/fhir/Patient/p1", &token);
    assert_eq!(answer.status, 503);
    assert!(String::from_utf8_lossy(&answer.body).contains("WARD-0529"));
    assert_eq!(server.stop(), Some(0));
    run_well(folder, &["tenant", "reactivate", "north"]);
    let server = Server::start(folder, REQUIRED);
    assert_eq!(get(&server, "/t/north/fhir/Patient/p1", &token).status, 200);
    let main = bearer(&run_well(folder, &["token"]));
    assert_eq!(get(&server, "/fhir/Patient/p1", &main).status, 200);
    assert_eq!(server.stop(), Some(0));
    assert!(folder.join("data/audit-checkpoints.2.txt").exists());

    run_well(folder, &["tenant", "export", "north", "taken"]);
    let read = |name: &str| std::fs::read_to_string(folder.join("taken").join(name)).expect(name);
    assert!(read("Patient.ndjson").contains("\"North\"") && !read("Patient.ndjson").contains("\"Main\""));
    assert!(read("AuditEvent.ndjson").contains("Patient/p1"), "the trail goes along");
    assert!(read("tenant.json").contains("\"slug\":\"north\"") && read("clients.ndjson").contains("Nightly"));
    assert!(read("members.ndjson").contains("maria") && !read("clients.ndjson").contains(&secret));

    refused(folder, &["tenant", "delete", "north", "--for-good", "--confirm", "north"], "marks it first");
    run_well(folder, &["tenant", "delete", "north"]);
    refused(folder, &["tenant", "delete", "north", "--for-good", "--confirm", "south"], "--confirm north");
    run_well(folder, &["tenant", "delete", "north", "--for-good", "--confirm", "north"]);
    assert!(!run_well(folder, &["tenant", "list"]).contains("north"));
    assert!(!folder.join("data/audit-checkpoints.2.txt").exists() && folder.join("data/audit-checkpoints.1.txt").exists());
    assert_eq!(run(folder, &["tenant", "add", "north"]).status.code(), Some(1), "its name is not given again");
    assert!(run_well(folder, &["tenant", "add", "south"]).contains("number: 3"));
    let accounts = run_well(folder, &["user", "list"]);
    assert!(accounts.contains("john  john  invited  physician"), "{accounts}");
    let server = Server::start(folder, REQUIRED);
    assert_eq!(get(&server, "/t/north/fhir/Patient/p1", &token).status, 404);
    assert_eq!(get(&server, "/fhir/Patient/p1", &main).status, 200);
    assert_eq!(server.stop(), Some(0));
    assert!(run_well(folder, &["audit", "verify"]).contains("nothing was altered"));
}

#[test]
fn a_hold_keeps_a_tenant_from_being_deleted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    filled(folder);
    run_well(folder, &["tenant", "delete", "north"]);
    run_well(folder, &["hold", "add", "case-7", "--all", "--tenant", "north"]);
    refused(folder, &["tenant", "delete", "north", "--for-good", "--confirm", "north"], "hold");
    run_well(folder, &["tenant", "reactivate", "north"]);
    assert!(run_well(folder, &["tenant", "show", "north"]).contains("standing: active"));
}

#[test]
fn what_makes_no_sense_is_refused_with_the_rule() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    refused(folder, &["tenant", "suspend", "main"], "always there");
    for (arguments, status) in [
        (&["tenant", "add", "North"][..], 2),
        (&["tenant", "add", "north", "--accent", "#ffff00"], 2),
        (&["tenant", "add", "north", "--time-zone", "Mars/Olympus"], 2),
        (&["tenant", "add", "main"], 1),
        (&["tenant", "show", "west"], 1),
        (&["user", "list", "--tenant", "west"], 1),
        (&["doctor", "--tenant", "north"], 2),
        (&["export", "--tenant", "north", "--url", "http://127.0.0.1:1/fhir"], 2),
    ] {
        let output = run(folder, arguments);
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(run_well(folder, &["tenant", "list"]).starts_with("1  main  Ward  active"));
}

/// More than any list shows.
const MANY: usize = 1_100;

#[test]
fn an_export_has_every_member_and_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    filled(folder);
    let line = |number| {
        format!(
            r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"member{number}","displayName":"Member","roles":[{{"value":"nurse"}}]}}"#
        )
    };
    std::fs::write(folder.join("people.ndjson"), (0..MANY).map(line).collect::<Vec<_>>().join("\n")).expect("written");
    run_well(folder, &["user", "import", "people.ndjson", "--tenant", "north"]);
    run_well(folder, &["tenant", "export", "north", "taken"]);
    let members = std::fs::read_to_string(folder.join("taken/members.ndjson")).expect("members");
    assert_eq!(members.lines().filter(|member| member.contains("\"login\":\"member")).count(), MANY);
    let events = run_well(folder, &["export", "--type", "AuditEvent", "--tenant", "north"]);
    assert!(events.lines().any(|event| event.contains("110106") && !event.contains("member")), "an export (DICOM 110106) is told");
}

#[test]
fn a_host_of_its_own_is_reached_as_the_server_is() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (base_url, address) in [
        ("https://ward.example:8443/fhir", "https://one.example:8443/fhir"),
        ("https://ward.example/fhir", "https://two.example/fhir"),
        ("http://[::1]:8080/fhir", "http://three.example:8080/fhir"),
    ] {
        let host = address.split("://").nth(1).and_then(|rest| rest.split([':', '/']).next()).expect("a host");
        let slug = host.split('.').next().expect("a name");
        let set = format!("base_url={base_url}");
        let told = run_well(folder.path(), &["--set", &set, "tenant", "add", slug, "--host", host]);
        assert!(told.lines().any(|line| line == format!("address: {address}")), "{told}");
    }
}
