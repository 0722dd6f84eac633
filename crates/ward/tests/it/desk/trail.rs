//! What an auditor sees: alerts, what came of them, and what happened.

use std::time::{Duration, Instant};

use super::{act, prepared};
use crate::attacks::factors::Factor;
use crate::process::run_well;

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
