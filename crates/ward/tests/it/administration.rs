//! `ward user`, `client` and `role`, on a data directory and while a server holds it: the same words, the same effect.

use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use crate::process::{Server, run, run_well, ward};

const REQUIRED: &[&str] = &["--set", "access=required"];
const PASSWORD: &str = "quite-a-long-way-to-tipperary-71";

/// Makes an account with a password.
fn add(folder: &Path, login: &str, role: &str) -> Output {
    let mut command = ward(folder);
    command.args(["user", "add", login, "--role", role, "--password-stdin"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    child.stdin.take().expect("piped").write_all(PASSWORD.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn refused(output: &Output, words: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(words), "{told}");
}

/// All that can be done with accounts, clients and roles.
fn administer(folder: &Path) {
    for (login, role) in [("root", "system-administrator"), ("john", "physician@Organization/3")] {
        let added = add(folder, login, role);
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    }
    refused(&add(folder, "john", "physician"), "this login is taken");
    refused(&add(folder, "mary", "physicain"), "did you mean `physician`");
    assert!(run_well(folder, &["user", "list"]).contains("john  john  active  physician"));
    let shown = run_well(folder, &["user", "show", "john", "--json"]);
    assert!(shown.contains(r#""facility":"Organization/3""#), "{shown}");
    std::fs::write(
        folder.join("bad.json"),
        r#"{"name": "round", "description": "R.", "rules": [{"name": "r", "types": ["Patinet"], "acts": ["read"]}]}"#,
    )
    .expect("written");
    std::fs::write(
        folder.join("good.json"),
        r#"{"name": "round", "description": "R.", "rules": [{"name": "r", "types": ["Patient"], "acts": ["read"]}]}"#,
    )
    .expect("written");
    refused(&run(folder, &["role", "check", "bad.json"]), "rules[0].types[0]");
    refused(&run(folder, &["role", "put", "bad.json"]), "`Patient`");
    run_well(folder, &["role", "check", "good.json"]);
    run_well(folder, &["role", "put", "good.json"]);
    assert!(run_well(folder, &["role", "list"]).contains("round  R.  (own)"));
    run_well(folder, &["user", "rights", "john", "--role", "round", "--deny", "biller"]);
    let shown = run_well(folder, &["user", "show", "john", "--json"]);
    assert!(shown.contains(r#""roles":[{"role":"round"}]"#) && shown.contains(r#""denied":["biller"]"#), "{shown}");
    refused(&run(folder, &["role", "remove", "round"]), "still has it");
    run_well(folder, &["user", "suspend", "john"]);
    refused(&run(folder, &["user", "suspend", "john"]), "the account must be active");
    run_well(folder, &["user", "reactivate", "john"]);
    assert!(run_well(folder, &["user", "reset", "john"]).contains("/auth/reset?token="));
    run_well(folder, &["user", "sign-out", "john"]);
    run_well(folder, &["user", "remove", "john"]);
    run_well(folder, &["role", "remove", "round"]);
    refused(&run(folder, &["user", "remove", "root"]), "last account");
    refused(&run(folder, &["user", "suspend", "nobody"]), "no account has the login nobody");
    let line = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"scim","roles":[{"value":"nurse"}]}"#;
    std::fs::write(folder.join("users.ndjson"), format!("{line}\n{{}}\n")).expect("written");
    let imported = run(folder, &["user", "import", "users.ndjson"]);
    assert_eq!(String::from_utf8_lossy(&imported.stdout).trim(), "1 accounts taken over, 1 refused");
    let made = run_well(folder, &["client", "add", "Nightly", "--scope", "system/Patient.rs", "--role", "service"]);
    let id = made.lines().find_map(|line| line.strip_prefix("id: ")).expect("an id").to_owned();
    assert!(run_well(folder, &["client", "secret", &id]).contains("secret: ward_cs_"));
    assert!(run_well(folder, &["client", "list"]).contains("Nightly  system/Patient.rs"));
    run_well(folder, &["client", "remove", &id]);
    assert_eq!(run_well(folder, &["client", "list"]), "");
    let made = run_well(folder, &["api-key", "add", "Lab", "--role", "service", "--each-minute", "60"]);
    let field = |name: &str| made.lines().find_map(|line| line.strip_prefix(name)).expect("it is printed").to_owned();
    let (handle, secret) = (field("handle: "), field("secret: "));
    let listed = run_well(folder, &["api-key", "list"]);
    assert!(listed.starts_with(&handle) && listed.contains("  Lab  ") && !listed.contains(&secret), "{listed}");
    refused(&run(folder, &["api-key", "add", "Odd", "--role", "servcie"]), "did you mean `service`");
    run_well(folder, &["api-key", "revoke", &handle]);
    assert_eq!(run_well(folder, &["api-key", "list"]), "");
    refused(&run(folder, &["api-key", "revoke", &handle]), "no such API key");
}

/// A server that has opened its database.
fn serving(folder: &Path) -> Server {
    let server = Server::start(folder, REQUIRED);
    for _ in 0..1000 {
        if server.get("/health/ready").status == 200 {
            return server;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the server was never ready");
}

/// What the audit trail tells of it.
fn is_told(folder: &Path) {
    let server = serving(folder);
    let token = format!("Bearer {}", run_well(folder, &["token"]).trim());
    let answer = server.send("GET", "/fhir/AuditEvent?type=110113&_count=500", &[("Authorization", &token)], b"");
    let report = fhir::json::to_string(&answer.json());
    assert_eq!(answer.status, 200, "{report}");
    for what in ["invite-user", "set-rights", "put-role", "suspend-user", "remove-user", "add-client", "change-secret", "remove-client"] {
        assert!(report.contains(what), "{what} is missing: {report}");
    }
    assert!(!report.contains("ward_cs_") && !report.contains(PASSWORD), "{report}");
}

#[test]
fn a_data_directory_is_administered() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    administer(folder.path());
    is_told(folder.path());
}

#[test]
fn so_is_the_server_that_holds_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = serving(folder.path());
    administer(folder.path());
    // A token of the operator for data administers nothing.
    let token = run_well(folder.path(), &["token"]);
    let url = format!("http://{}/fhir", server.address);
    refused(&run(folder.path(), &["user", "list", "--url", &url, "--token", token.trim()]), "WARD-1330");
    let token = run_well(folder.path(), &["token", "--administration"]);
    let listed = run_well(folder.path(), &["user", "list", "--url", &url, "--token", token.trim()]);
    assert!(listed.contains("root  root  active  system-administrator"), "{listed}");
    assert_eq!(run(folder.path(), &["user", "list", "--url", &url]).status.code(), Some(2));
    let document = server.send("GET", "/api/openapi.json", &[("Authorization", &format!("Bearer {}", token.trim()))], b"").json();
    assert!(document.get("paths").and_then(|paths| paths.get("/api/v1/users/{id}/membership")).is_some());
    assert_eq!(server.stop(), Some(0));
    is_told(folder.path());
}
