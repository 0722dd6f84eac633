//! What an auditor sees: alerts, what came of them, and what happened.

use std::time::{Duration, Instant};

use super::{act, prepared};
use crate::attacks::factors::Factor;
use crate::attacks::house::House;
use crate::process::{Server, run_well};

#[test]
fn an_alert_is_told_looked_into_once_and_counted() {
    let house = prepared().open(&["alert_failures=3"]);
    for _ in 0..5 {
        house.browser().sign_in("doc", "not the password of anybody");
    }
    let mut eve = house.signed_in("eve");
    Factor::set_up(&mut eve);
    let deadline = Instant::now() + Duration::from_secs(30);
    let page = loop {
        let page = eve.get("/auth/admin/alerts");
        if page.text.contains("failed-sign-ins") || Instant::now() > deadline {
            break page;
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    assert!(page.text.contains("signing in failed more than 3 times within 600 s"), "{}", page.text);
    let short = act(&mut eve, &page, "acknowledge", &[("note", "x")]);
    assert_eq!((short.status, short.text.contains("3 to 500 letters")), (400, true), "{}", short.text);
    let count = page.text.matches("aria-labelledby=\"alert-").count();
    assert_eq!(act(&mut eve, &page, "acknowledge", &[("note", "asked, a key was stuck")]).status, 303);
    assert_eq!(eve.get("/auth/admin/alerts").text.matches("aria-labelledby=\"alert-").count(), count - 1);
    let again = act(&mut eve, &page, "acknowledge", &[("note", "another verdict")]);
    assert_eq!((again.status, again.text.contains("already")), (409, true), "{}", again.text);
    assert!(eve.get("/auth/admin/alerts?all=yes").text.contains("a key was stuck"));
    let listed = run_well(house.folder.path(), &["alert", "list"]);
    assert!(listed.contains("failed-sign-ins") && listed.contains("(asked, a key was stuck)"), "{listed}");
    assert!(!run_well(house.folder.path(), &["alert", "list", "--open"]).contains("a key was stuck"));
    let metrics = String::from_utf8_lossy(&house.server.get("/metrics").body).into_owned();
    let figure = metrics.lines().find_map(|line| line.strip_prefix("ward_alerts_failed_sign_ins "));
    assert_eq!(figure, Some(count.to_string().as_str()), "{metrics}");
}

#[test]
fn the_trail_is_read_by_account_patient_and_period_and_by_auditors_alone() {
    let house = prepared().open(&[]);
    let token = house.token(&[]);
    let patient = r#"{"resourceType":"Patient","id":"ann","name":[{"family":"Annabel"}]}"#;
    assert_eq!(house.with(&token, "PUT", "/fhir/Patient/ann", &[], patient.as_bytes()).status, 200);
    let mut eve = house.signed_in("eve");
    let page = eve.get("/auth/admin/trail?patient=ann&action=update");
    assert!(page.text.contains("<td>Patient/ann</td>") && page.text.contains("<td>update</td>"), "{}", page.text);
    assert!(!eve.get("/auth/admin/trail?patient=bob&action=update").text.contains("<td>Patient/"));
    assert!(!eve.get("/auth/admin/trail?patient=ann&until=2020-01-01").text.contains("<td>Patient/"));
    let wrong = eve.get("/auth/admin/trail?from=yesterday");
    assert_eq!((wrong.status, wrong.text.contains("2026-12-31")), (400, true), "{}", wrong.text);
    assert!(page.text.contains("Checkpoint") || page.text.contains("No checkpoint was signed yet"), "{}", page.text);
    // Who runs the server is no auditor.
    assert_eq!(house.signed_in("root").get("/auth/admin/trail").status, 403);
    assert!(!house.signed_in("root").get("/auth/admin").text.contains("/auth/admin/trail"));
    for path in ["/api/v1/audit/report", "/api/v1/audit/checkpoint"] {
        let refused = house.get(&house.token(&["--administration", "--scope", "system/Patient.rs"]), path);
        assert_eq!(refused.status, 403, "{path}");
    }
}

/// The AuditEvents that somebody with this token finds, at most 500 of them, the newest first.
fn events(house: &House, query: &str) -> Vec<fhir::Value> {
    let answer = house.get(&house.token(&["--scope", "system/AuditEvent.rs"]), &format!("/fhir/AuditEvent?_count=500&{query}"));
    assert_eq!(answer.status, 200, "{query}");
    answer.json().list("entry").filter_map(|entry| entry.get("resource").cloned()).collect()
}

/// What was changed, in the words of the trail.
fn changes(events: &[fhir::Value]) -> Vec<String> {
    let details = events.iter().flat_map(|event| event.list("entity")).flat_map(|entity| entity.list("detail"));
    details
        .filter(|detail| detail.text("type") == Some("change"))
        .filter_map(|detail| detail.text("valueString").map(str::to_owned))
        .collect()
}

#[test]
fn what_is_deleted_and_administered_in_bursts_makes_alerts() {
    let house = prepared().open(&["alert_deletions=2", "alert_rights=2"]);
    let token = house.token(&["--administration", "--scope", "system/*.cruds"]);
    for number in 0..4 {
        let path = format!("/fhir/Location/l{number}");
        assert_eq!(
            house.with(&token, "PUT", &path, &[], format!(r#"{{"resourceType":"Location","id":"l{number}"}}"#).as_bytes()).status,
            201
        );
        assert!(house.with(&token, "DELETE", &path, &[], b"").status < 300);
        let body = format!(r#"{{"login": "nurse{number}", "roles": [{{"role": "nurse"}}]}}"#);
        let json = [("Content-Type", "application/json")];
        assert_eq!(house.with(&token, "POST", "/api/v1/users", &json, body.as_bytes()).status, 201);
    }
    let deadline = Instant::now() + Duration::from_secs(30);
    let found = loop {
        let listed = run_well(house.folder.path(), &["alert", "list"]);
        if (listed.contains("many-deletions") && listed.contains("many-rights")) || Instant::now() > deadline {
            break listed;
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    assert_eq!((found.matches("many-deletions").count(), found.matches("many-rights").count()), (1, 1), "{found}");
    let metrics = String::from_utf8_lossy(&house.server.get("/metrics").body).into_owned();
    assert!(metrics.contains("ward_alerts_many_deletions 1"), "{metrics}");
}

#[test]
fn what_is_administered_is_told_when_it_is_answered_and_whatever_a_kill_takes_it_takes_both() {
    let mut house = prepared().open(&[]);
    let json = [("Content-Type", "application/json")];
    for round in 0..5 {
        let token = house.token(&["--administration", "--scope", "system/*.cruds"]);
        std::thread::scope(|scope| {
            let (house, token) = (&house, &token);
            scope.spawn(move || {
                for number in 0..1000 {
                    let body = format!(r#"{{"login": "n{round}x{number}", "roles": [{{"role": "nurse"}}]}}"#);
                    let sent = std::panic::catch_unwind(|| house.with(token, "POST", "/api/v1/users", &json, body.as_bytes()));
                    if sent.is_err() {
                        return;
                    }
                }
            });
            std::thread::sleep(Duration::from_millis(150 + 70 * round));
            let killed = std::process::Command::new("kill").args(["-KILL", &house.server.id().to_string()]).status().expect("kill runs");
            assert!(killed.success());
        });
        let House { folder, server } = house;
        drop(server);
        let server = Server::start(folder.path(), &["--set", "access=required"]);
        house = House { folder, server };
        let told: std::collections::BTreeSet<String> =
            changes(&events(&house, "")).into_iter().filter_map(|words| Some(words.strip_prefix("invite-user: ")?.to_owned())).collect();
        let known = run_well(house.folder.path(), &["user", "list", "--json"]);
        assert!(!told.is_empty());
        for words in &told {
            let id = words.split(' ').next().unwrap_or_default();
            assert!(known.contains(id), "told, and not done: {words}");
        }
        for login in known.split('"').filter(|word| word.starts_with(&format!("n{round}x"))) {
            assert!(told.iter().any(|words| words.ends_with(&format!("({login})"))), "done, and not told: {login}");
        }
    }
}
