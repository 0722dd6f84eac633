//! A server that wants to know who asks: tokens, accounts and clients from the command line, and what the audit trail tells of them.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::http::Answer;
use crate::process::{Server, run, run_well, ward};

const REQUIRED: &[&str] = &["--set", "access=required"];

fn bearer(token: &str) -> String {
    format!("Bearer {}", token.trim())
}

fn get(server: &Server, path: &str, authorization: &str) -> Answer {
    server.send("GET", path, &[("Authorization", authorization)], b"")
}

fn total(answer: &Answer) -> Option<String> {
    answer.json().get("total").and_then(|total| total.as_number()).map(str::to_owned)
}

/// Two patients with a blood group each, from the command line.
fn filled(folder: &Path) {
    let lines = [
        r#"{"resourceType":"Patient","id":"ann","name":[{"family":"Ann"}]}"#,
        r#"{"resourceType":"Patient","id":"bob","name":[{"family":"Bob"}]}"#,
        r#"{"resourceType":"Observation","id":"of-ann","status":"final","code":{"text":"A"},"subject":{"reference":"Patient/ann"}}"#,
        r#"{"resourceType":"Observation","id":"of-bob","status":"final","code":{"text":"B"},"subject":{"reference":"Patient/bob"}}"#,
    ];
    std::fs::write(folder.join("two.ndjson"), lines.join("\n")).expect("written");
    run_well(folder, &["import", "two.ndjson"]);
}

#[test]
fn nobody_is_let_in_without_a_token_and_a_patient_sees_no_other() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    filled(folder.path());
    let server = Server::start(folder.path(), REQUIRED);
    assert_eq!(server.get("/fhir/metadata").status, 200);
    for path in ["/fhir/Patient/ann", "/fhir/Patient", "/fhir", "/fhir/$graphql?query={x}", "/fhir/openapi.json"] {
        assert_eq!(server.get(path).status, 401, "{path}");
        assert_eq!(get(&server, path, "Bearer ward-operator.00.00").status, 401, "{path}");
    }
    // The server holds the data directory meanwhile.
    let all = bearer(&run_well(folder.path(), &["token"]));
    assert_eq!(total(&get(&server, "/fhir/Patient?_summary=count", &all)).as_deref(), Some("2"));
    let ann = bearer(&run_well(folder.path(), &["token", "--patient", "ann"]));
    assert_eq!(total(&get(&server, "/fhir/Observation?_total=accurate", &ann)).as_deref(), Some("1"));
    assert_eq!(get(&server, "/fhir/Observation/of-ann", &ann).status, 200);
    assert_eq!(get(&server, "/fhir/Observation/of-bob", &ann).status, 404);
    let reading = bearer(&run_well(folder.path(), &["token", "--scope", "system/Patient.r"]));
    assert_eq!(get(&server, "/fhir/Patient/ann", &reading).status, 200);
    assert_eq!(get(&server, "/fhir/Patient", &reading).status, 403);
    assert_eq!(get(&server, "/fhir/Observation/of-ann", &reading).status, 403);
}

#[test]
fn a_service_gets_a_token_with_its_secret_until_it_is_removed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    filled(folder.path());
    let made = run_well(folder.path(), &["client", "add", "Nightly", "--scope", "system/Patient.rs", "--role", "service"]);
    let field = |name: &str| made.lines().find_map(|line| line.strip_prefix(name)).expect("it is printed").trim().to_owned();
    let (id, secret) = (field("id: "), field("secret: "));
    let form = |secret: &str| format!("grant_type=client_credentials&scope=system%2FPatient.rs&client_id={id}&client_secret={secret}");
    let kind = [("Content-Type", "application/x-www-form-urlencoded")];
    let server = Server::start(folder.path(), REQUIRED);
    assert_eq!(server.send("POST", "/auth/token", &kind, form("guessed").as_bytes()).status, 401);
    let answer = server.send("POST", "/auth/token", &kind, form(&secret).as_bytes());
    assert_eq!(answer.status, 200);
    let token = answer.json().get("access_token").and_then(|token| token.as_str()).map(bearer).expect("a token");
    assert_eq!(total(&get(&server, "/fhir/Patient?_summary=count", &token)).as_deref(), Some("2"));
    assert_eq!(get(&server, "/fhir/Observation", &token).status, 403);
    assert_eq!(server.stop(), Some(0));
    run_well(folder.path(), &["client", "remove", &id]);
    let again = Server::start(folder.path(), REQUIRED);
    assert_eq!(get(&again, "/fhir/Patient", &token).status, 401);
}

#[test]
fn accounts_are_made_listed_suspended_and_removed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let add = |login: &str, password: &str| {
        let mut command = ward(folder.path());
        let arguments = ["user", "add", login, "--role", "physician", "--person", "Practitioner/1", "--password-stdin"];
        let mut child =
            command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it runs");
        child.stdin.take().expect("piped").write_all(password.as_bytes()).expect("it reads");
        child.wait_with_output().expect("it ends")
    };
    let weak = add("mary", "password1234");
    assert_eq!(weak.status.code(), Some(1), "{}", String::from_utf8_lossy(&weak.stderr));
    let fine = add("john", "quite-a-long-way-to-tipperary-71");
    assert!(fine.status.success(), "{}", String::from_utf8_lossy(&fine.stderr));
    assert!(run_well(folder.path(), &["user", "list"]).contains("john  john  active  physician"));
    run_well(folder.path(), &["user", "suspend", "john"]);
    assert!(run_well(folder.path(), &["user", "list"]).contains("john  john  suspended"));
    run_well(folder.path(), &["user", "reactivate", "john"]);
    assert!(run_well(folder.path(), &["user", "reset", "john"]).starts_with("link: http://127.0.0.1:8080/auth/reset?token="));
    run_well(folder.path(), &["user", "remove", "john"]);
    assert!(!run_well(folder.path(), &["user", "list"]).contains("john"));
    assert_eq!(run(folder.path(), &["user", "suspend", "nobody"]).status.code(), Some(1));
}

#[test]
fn what_was_read_and_written_is_in_the_trail_which_is_sound() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    filled(folder.path());
    let server = Server::start(folder.path(), REQUIRED);
    let token = bearer(&run_well(folder.path(), &["token"]));
    assert_eq!(get(&server, "/fhir/Observation/of-ann", &token).status, 200);
    let headers = [("Authorization", token.as_str()), ("Content-Type", "application/fhir+json")];
    let changed = br#"{"resourceType":"Patient","id":"bob","name":[{"family":"Bobson"}]}"#;
    assert_eq!(server.send("PUT", "/fhir/Patient/bob", &headers, changed).status, 200);
    let ann = bearer(&run_well(folder.path(), &["token", "--patient", "ann"]));
    assert_eq!(get(&server, "/fhir/AuditEvent", &ann).status, 403);
    // Nobody changes or deletes what the trail says.
    let events = get(&server, "/fhir/AuditEvent?_elements=id", &token).json();
    let event = events.list("entry").next().and_then(|entry| entry.get("resource")?.get("id")?.as_str()).expect("an event").to_owned();
    assert_eq!(server.send("DELETE", &format!("/fhir/AuditEvent/{event}"), &headers, b"").status, 403);
    assert_eq!(server.stop(), Some(0));
    let report = run_well(folder.path(), &["audit", "report"]);
    let has = |action: &str, patient: &str| report.lines().any(|line| line.contains(action) && line.contains(patient));
    assert!(has("read", "Patient/ann"), "{report}");
    assert!(has("update", "Patient/bob"), "{report}");
    assert!(has("denied", ""), "{report}");
    let verdict = run_well(folder.path(), &["audit", "verify"]);
    assert!(verdict.contains("nothing was altered"), "{verdict}");
    assert!(!verdict.contains(" 0 events are proven"), "{verdict}");
}

#[test]
fn no_secret_lies_where_others_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(folder.path(), REQUIRED);
    run_well(folder.path(), &["token"]);
    assert_eq!(server.stop(), Some(0));
    for name in ["operator.key", "audit.key", "page.key", "kek"] {
        let mode = std::fs::metadata(folder.path().join("data").join(name)).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}

#[test]
fn what_is_for_builders_is_for_everybody() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    filled(folder.path());
    let server = Server::start(folder.path(), REQUIRED);
    let all = bearer(&run_well(folder.path(), &["token"]));
    for path in ["/developer/api", "/developer/api/Observation", "/developer/errors"] {
        let (anybodys, somebodys) = (server.get(path), get(&server, path, &all));
        assert_eq!((anybodys.status, somebodys.status), (200, 200), "{path}");
        assert!(anybodys.body == somebodys.body, "{path}: it tells everybody the same");
    }
    assert_eq!(server.get("/developer/nothing").status, 401, "what is no page of theirs is closed");
}
