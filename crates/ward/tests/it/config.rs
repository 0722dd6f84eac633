//! Settings: their sources, and what is refused.

use store_embedded::is_held;

use crate::process::{Server, run, run_well, ward};

#[test]
fn a_flag_wins_over_the_environment_over_the_file_over_the_default() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("ward.toml"), "default_count = 11\nmax_count = 12\ncache_mb = 13\n").expect("written");
    let output = ward(folder.path())
        .env("WARD_DEFAULT_COUNT", "21")
        .env("WARD_MAX_COUNT", "22")
        .args(["--set", "default_count=31", "config", "show", "--origin"])
        .output()
        .expect("the binary runs");
    let shown = String::from_utf8(output.stdout).expect("UTF-8");
    for line in [
        "default_count = \"31\"  # from: flag",
        "max_count = \"22\"  # from: environment WARD_MAX_COUNT",
        "cache_mb = \"13\"  # from: file ward.toml",
        "references = \"check\"  # from: default",
    ] {
        assert!(shown.contains(line), "{line} is not in {shown}");
    }
}

#[test]
fn what_is_shown_is_a_settings_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shown = run_well(folder.path(), &["config", "show"]);
    std::fs::write(folder.path().join("ward.toml"), &shown).expect("written");
    assert_eq!(run_well(folder.path(), &["config", "show"]), shown);
}

#[test]
fn an_unknown_key_and_a_bad_value_are_refused_together() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = run(folder.path(), &["--set", "max_cuont=5", "--set", "references=maybe", "config", "show"]);
    let message = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2));
    assert!(message.contains("did you mean max_count?"), "{message}");
    assert!(message.contains("check, allow"), "{message}");
}

#[test]
fn the_password_of_the_server_for_mail_is_never_shown() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = |rest: &str| format!("smtp_url=smtps://ward:canary-7@{rest}");
    let shown = run_well(folder.path(), &["--set", &url("mail.example.org"), "config", "show"]);
    assert!(shown.contains("smtp_url = \"smtps://ward:***@mail.example.org:465\"") && !shown.contains("canary"), "{shown}");
    for (wrong, words) in [
        (url("h:70000"), "65535"),
        (url("h").replace("smtps", "smtp"), "without TLS"),
        (url("h").replace("smtps", "http"), "smtp+starttls://"),
    ] {
        let output = run(folder.path(), &["--set", &wrong, "config", "show"]);
        let message = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains("smtp_url") && message.contains(words) && !message.contains("canary"), "{message}");
    }
    let output = run(folder.path(), &["--set", "mail_from=nobody", "config", "show"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn an_address_of_the_network_is_refused_unless_it_is_protected() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (arguments, words) in [
        (vec!["--set", "access=open"], "without access control"),
        (vec!["--set", "access=open", "--behind-proxy"], "without access control"),
        (vec!["--set", "access=required"], "without TLS"),
        (vec!["--set", "access=required", "--behind-proxy"], "without base_url"),
        (vec!["--set", "access=required", "--set", "tls_cert=a.pem"], "set both"),
        (vec!["--set", "access=required", "--set", "tls_key=a.pem"], "set both"),
    ] {
        let output = run(folder.path(), &[&["serve", "--listen", "0.0.0.0:0"], arguments.as_slice()].concat());
        assert_eq!(output.status.code(), Some(4), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(words), "{arguments:?}");
    }
    let files = [
        "--set",
        "access=required",
        "--set",
        "base_url=https://a.example/fhir",
        "--set",
        "tls_cert=a.pem",
        "--set",
        "tls_key=b.pem",
        "serve",
        "--listen",
        "0.0.0.0:0",
    ];
    let output = run(folder.path(), &files);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("a.pem cannot be read"));
}

#[test]
fn origins_and_quotas_are_read_exactly() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let well = ["cors_origins=https://a.example http://127.0.0.1:3000", "rate_address=600/min"];
    let shown = run_well(folder.path(), &["--set", well[0], "--set", well[1], "config", "show"]);
    assert!(shown.contains("https://a.example http://127.0.0.1:3000") && shown.contains("600/min"), "{shown}");
    for wrong in ["cors_origins=*", "cors_origins=a.example", "cors_origins=https://a.example/", "rate_user=fast", "rate_user=0/min"] {
        assert_eq!(run(folder.path(), &["--set", wrong, "config", "show"]).status.code(), Some(2), "{wrong}");
    }
}

#[test]
fn the_doctor_finds_nothing_wrong_here_and_a_taken_port_elsewhere() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let taken = format!("listen={}", listener.local_addr().expect("an address"));
    let output = run(folder.path(), &["--set", &taken, "doctor"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("BROKEN listen"));
    drop(listener);
    assert!(run_well(folder.path(), &["--set", &taken, "doctor", "--json"]).contains(r#""about":"database","ok":true"#));
}

#[test]
fn references_that_begin_with_base_url_are_the_servers_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let address = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").to_string();
    let base_url = format!("base_url=http://{address}/fhir");
    let server = Server::start_at(&address, folder.path(), &["--set", &base_url]);
    let json = [("Content-Type", "application/fhir+json")];
    let patient = br#"{"resourceType":"Patient","id":"p1"}"#;
    assert_eq!(server.send("PUT", "/fhir/Patient/p1", &json, patient).status, 201);
    let flag = format!(
        r#"{{"resourceType":"Flag","status":"active","code":{{"text":"x"}},"subject":{{"reference":"http://{address}/fhir/Patient/p1"}}}}"#
    );
    assert_eq!(server.send("POST", "/fhir/Flag", &json, flag.as_bytes()).status, 201);
    for query in ["patient=p1".to_owned(), "patient._id=p1".to_owned(), format!("subject=http://{address}/fhir/Patient/p1")] {
        let found = server.get(&format!("/fhir/Flag?{query}&_summary=count")).json();
        assert_eq!(found.get("total").and_then(|total| total.as_number()), Some("1"), "{query}");
    }
}

#[test]
fn a_data_directory_has_one_server() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let first = Server::start(folder.path(), &[]);
    assert_eq!(first.get("/health/ready").status, 200);
    let second = run(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&second.stderr).contains("in use by another process"));
}

/// A command that is started as soon as a server says that it serves asks that server, however long it takes to open its database.
#[test]
fn a_command_does_not_come_before_a_server_that_has_begun() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for _ in 0..5 {
        let server = Server::start(folder.path(), &["--set", "access=required"]);
        assert!(is_held(&folder.path().join("data")), "it is taken by then");
        run_well(folder.path(), &["token"]);
        assert_eq!(server.stop(), Some(0));
    }
}
