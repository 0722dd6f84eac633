//! Secrets and patients' data, planted through every way in: in no log line, metric, answer to others, argument, temporary or core file.

mod planted;
mod sought;

use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use crate::attacks::house::{BACK, House, Prepared, both, error_of};
use crate::process::{Server, run, ward};

use planted::{ADDRESS, ATTACHMENT, MRN, NAME, NOTE, PATIENT_DATA, SEARCHED, WRONG_PASSWORD};
use sought::Sought;

/// What the server is asked for, its log at its most talkative.
struct Plant {
    house: House,
    secrets: Sought,
    data: Sought,
    /// What others were answered.
    told: String,
}

impl Plant {
    /// A server with accounts and clients.
    fn new() -> Self {
        let prepared = Prepared::new().usual_people();
        let folder = prepared.folder().to_owned();
        let mut secrets = Sought::new(&["vestibule-otter-crane-71", WRONG_PASSWORD]);
        // The command line: files that are broken, passwords that are weak, keys that are private.
        std::fs::write(folder.join("broken.ndjson"), planted::broken_lines()).expect("written");
        std::fs::write(folder.join("accounts.ndjson"), planted::accounts()).expect("written");
        std::fs::write(folder.join("private.jwks"), planted::PRIVATE_KEY).expect("written");
        let mut told = String::new();
        for arguments in [
            &["import", "broken.ndjson"][..],
            &["user", "import", "accounts.ndjson"],
            &["client", "add", "x", "--keys", "private.jwks", "--role", "service", "--scope", "system/*.rs"],
        ] {
            let output = run(&folder, arguments);
            assert!(!output.status.success(), "{arguments:?}");
            told.push_str(&String::from_utf8_lossy(&output.stdout));
            told.push_str(&String::from_utf8_lossy(&output.stderr));
        }
        assert!(!told.is_empty());
        secrets.add(planted::PRIVATE_NUMBER);
        std::fs::create_dir(folder.join("tmp")).expect("a folder");
        let service = prepared.client(&["Service", "--role", "service", "--scope", "system/*.cruds"]);
        let app = prepared.app("patient/*.cruds user/*.cruds openid offline_access");
        let house = {
            let folder = prepared.into_folder();
            let mut command = ward(folder.path());
            let settings = ["access=required", "log=trace", "rate_sign_in=0", "rate_token=0"];
            for setting in settings {
                command.args(["--set", setting]);
            }
            command.args(["serve", "--listen", "127.0.0.1:0"]).env("TMPDIR", folder.path().join("tmp"));
            let server = Server::logging(command, &folder.path().join("log.txt"));
            House { folder, server }
        };
        secrets.add(
            std::fs::read_to_string(house.folder.path().join("data/kek"))
                .expect("the key")
                .trim()
                .rsplit([' ', ':'])
                .next()
                .expect("a key"),
        );
        let mut plant = Self { house, secrets, data: Sought::new(PATIENT_DATA), told };
        plant.clients_ask(&service, &app);
        plant.people_sign_in();
        plant.records_are_written();
        plant
    }

    /// Tokens, codes and secrets, right and wrong, where they belong and where they do not.
    fn clients_ask(&mut self, service: &crate::attacks::house::Client, app: &crate::attacks::house::Client) {
        let (house, secrets) = (&self.house, &mut self.secrets);
        secrets.add(&service.secret);
        let pairs = |secret| {
            [
                ("grant_type", "client_credentials"),
                ("client_id", service.id.as_str()),
                ("client_secret", secret),
                ("scope", "system/*.cruds"),
            ]
        };
        let answer = house.form("/auth/token", &pairs(&service.secret));
        assert_eq!(answer.status, 200);
        let (service_token, _) = both(&answer);
        secrets.add(&service_token);
        let wrong = "canary-wrong-client-secret";
        secrets.add(wrong);
        assert_eq!(error_of(&house.form("/auth/token", &pairs(wrong))), "invalid_client");
        let mut browser = house.signed_in("ann");
        let code = house.code(&mut browser, app, "patient/*.cruds openid offline_access");
        let (access, refresh) = both(&house.redeem(app, &code, &[]));
        secrets.add(&code);
        secrets.add(&access);
        secrets.add(&refresh);
        browser.cookies.values().for_each(|value| secrets.add(value));
        let operators = house.token(&[]);
        secrets.add(&operators);
        let (_, next) = both(&house.refresh(app, &refresh, &[]));
        secrets.add(&next);
        house.refresh(app, &refresh, &[]);
        let made_up = ["ward_at_canary0made0up0access0token", "ward_ak_canary0made0up0api0key", "canary.made.up"];
        for token in made_up.iter().copied().chain([access.as_str(), operators.as_str(), service_token.as_str()]) {
            secrets.add(token);
            house.get(token, "/fhir/Patient/ann");
            house.server.get(&format!("/fhir/Patient/ann?access_token={token}"));
            house.server.get(&format!("/auth/callback?code={token}&state={token}"));
            let header = format!("Basic {token}");
            house.server.send("GET", "/fhir/Patient", &[("Authorization", &header)], b"");
            house.server.send(
                "GET",
                "/fhir/Patient",
                &[("Cookie", &format!("ward-session={token}")), ("X-Api-Key", token), ("Proxy-Authorization", &header)],
                b"",
            );
            for path in ["/auth/introspect", "/auth/revoke", "/auth/userinfo", "/auth/device-authorization"] {
                house.form(path, &[("token", token), ("client_id", app.id.as_str()), ("client_secret", token)]);
            }
            house.form(
                "/auth/token",
                &[
                    ("grant_type", "authorization_code"),
                    ("code", token),
                    ("client_id", &app.id),
                    ("redirect_uri", BACK),
                    ("code_verifier", token),
                ],
            );
        }
    }

    /// Passwords and second factors.
    fn people_sign_in(&mut self) {
        let (house, secrets) = (&self.house, &mut self.secrets);
        let mut bob = house.signed_in("bob");
        let factor = crate::attacks::factors::Factor::set_up(&mut bob);
        secrets.add(&factor.key);
        factor.recovery.iter().for_each(|code| secrets.add(code));
        bob.cookies.values().for_each(|value| secrets.add(value));
        let mut browser = house.browser();
        browser.sign_in("ann", WRONG_PASSWORD);
        // Typed into the wrong field, or sent in the address.
        browser.sign_in(WRONG_PASSWORD, WRONG_PASSWORD);
        browser.get(&format!("/auth/sign-in?login=ann&password={WRONG_PASSWORD}"));
        browser.post("/auth/sign-in", &[("password", WRONG_PASSWORD)], &[]);
        let page = browser.get("/auth/reset?token=canary-made-up-link");
        secrets.add("canary-made-up-link");
        browser.fill(&page, &[("password", WRONG_PASSWORD), ("again", WRONG_PASSWORD)]);
        browser.sign_in("bob", "vestibule-otter-crane-71");
        let page = browser.get("/auth/second-factor");
        browser.fill(&page, &[("code", WRONG_PASSWORD)]);
        browser.fill(&page, &[("code", &factor.recovery[0])]);
        browser.fill(&page, &[("code", &factor.recovery[0])]);
    }

    /// Patients' data by every way in, whole and broken.
    fn records_are_written(&mut self) {
        let all = self.house.token(&[]);
        self.secrets.add(&all);
        let house = &self.house;
        for (method, path, kind, body) in planted::writes() {
            let answer = house.with(&all, method, &path, &[("Content-Type", kind)], body.as_bytes());
            assert!(answer.status < 500, "{method} {path}: {}", answer.status);
        }
        for (name, value) in planted::headers() {
            house.with(&all, "POST", "/fhir/Patient", &[(name, &value)], planted::patient("").as_bytes());
        }
        for path in planted::searches() {
            let answer = house.get(&all, &path);
            assert!(answer.status < 500, "{path}");
        }
        let kind = [("Content-Type", "application/x-www-form-urlencoded")];
        for form in [format!("name={NAME}&address={SEARCHED}"), format!("name={NAME}&address=%zz{SEARCHED}")] {
            house.with(&all, "POST", "/fhir/Patient/_search", &kind, form.as_bytes());
        }
        // What others are told of it: of the same ids, versions and identifiers, and in general.
        let bob = house.token(&["--patient", "bob"]);
        let told = &mut self.told;
        for path in [
            "/fhir/Patient/canary",
            "/fhir/Patient/canary/_history/1",
            "/fhir/Binary/canary",
            "/fhir/metadata",
            "/fhir/DocumentReference/canary",
            "/fhir/$graphql?query=%7BPatient(id:%22canary%22)%7Bid%7D%7D",
        ] {
            for answer in [house.get(&bob, path), house.server.get(path)] {
                told.push_str(&answer.head);
                told.push_str(&String::from_utf8_lossy(&answer.body));
            }
        }
        let taken = r#"{"resourceType":"Patient","id":"canary"}"#;
        for (method, path) in [("PUT", "/fhir/Patient/canary"), ("DELETE", "/fhir/Patient/canary"), ("PATCH", "/fhir/Patient/canary")] {
            let answer = house.with(&bob, method, path, &[], taken.as_bytes());
            told.push_str(&String::from_utf8_lossy(&answer.body));
        }
        for path in ["/metrics", "/health/live", "/health/ready", "/.well-known/openid-configuration", "/auth/jwks"] {
            told.push_str(&String::from_utf8_lossy(&house.server.get(path).body));
        }
    }
}

#[test]
fn what_was_planted_is_found_nowhere_else() {
    let Plant { house, secrets, data, told } = Plant::new();
    let folder = house.folder.path().to_owned();
    assert!(told.contains("http_requests") || told.contains("ward_"), "metrics were read");
    secrets.absent_from("what others are told", told.as_bytes());
    data.absent_from("what others are told", told.as_bytes());
    for file in ["cmdline", "comm"] {
        let text = std::fs::read(format!("/proc/{}/{file}", house.server.id())).expect("the process runs");
        secrets.absent_from(file, &text);
    }
    assert_eq!(house.server.stop(), Some(0));
    let log = std::fs::read(folder.join("log.txt")).expect("a log");
    assert!(log.len() > 10_000 && String::from_utf8_lossy(&log).contains("answered"), "it says much: {} bytes", log.len());
    secrets.absent_from("the log", &log);
    data.absent_from("the log", &log);
    assert_eq!(std::fs::read_dir(folder.join("tmp")).expect("a folder").count(), 0, "no temporary file is left");
    let files = sought::files(&folder.join("data"));
    assert!(files.iter().any(|(name, _)| name == "ward.sqlite3") && files.len() > 8);
    for (name, bytes) in &files {
        // The key-encryption key is where it belongs, and patients' data is: in the database, its index, and, of searches, in the journal of reads.
        if name != "kek" {
            secrets.absent_from(name, bytes);
        }
        if !["ward.sqlite3", "index-", "audit-reads."].iter().any(|place| name.starts_with(place)) {
            data.absent_from(name, bytes);
        }
    }
    // The canary sings: what is sought would have been found.
    let planted = planted::patient("canary");
    assert!([NAME, MRN, ADDRESS].iter().all(|word| data.is_in(word.as_bytes()) && planted.contains(word)));
    assert!(data.is_in(NOTE.as_bytes()) && data.is_in(ATTACHMENT.as_bytes()) && data.is_in(SEARCHED.as_bytes()));
    assert!(data.is_in(fhir::primitive::base64::encode(format!("?name={NAME}&x").as_bytes(), fhir::primitive::base64::PLAIN).as_bytes()));
}

#[test]
fn a_crash_leaves_no_core_file() {
    for signal in ["ABRT", "QUIT"] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let binary = ward(folder.path());
        // Whoever starts it allows core files of any size, as far as they may.
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -c unlimited 2>/dev/null; exec \"$@\"", "sh"]).arg(binary.get_program());
        command.args(binary.get_args()).args(["serve", "--listen", "127.0.0.1:0"]).current_dir(folder.path());
        for (name, value) in binary.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let server = Server::of(command).expect("it starts");
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.id())).expect("the process runs");
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
        assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
        let ended = server.crashed(signal);
        assert!(ended.signal().is_some() && !ended.core_dumped(), "{signal}: {ended}");
        let files: Vec<String> = sought::files(folder.path()).into_iter().map(|(name, _)| name).collect();
        assert!(!files.iter().any(|name| name.contains("core")), "{files:?}");
    }
}
