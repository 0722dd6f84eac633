//! Why: in data, and in words that tell nobody more than they may know.

use std::sync::Arc;

use access::explain::{Origin, Outcome, Says};
use access::{Act, Explanation, Principal};
use fhir::json;

use crate::world::{NOW, World, kind, scoped, with_role};

async fn hospital() -> World {
    let world = World::new();
    world
        .put(&[
            r#"{"resourceType":"Patient","id":"ada"}"#,
            r#"{"resourceType":"Observation","id":"open","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ada"}}"#,
            r#"{"resourceType":"Observation","id":"shut","status":"final","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]},"code":{"text":"x"},"subject":{"reference":"Patient/ada"}}"#,
        ])
        .await;
    world
}

async fn explained(world: &World, principal: &Principal, act: Act, name: &str, id: Option<&str>) -> Explanation {
    world.access.explain(&Arc::new(principal.clone()), act, kind(name), id, NOW).await.expect("it can be read")
}

fn said(explanation: &Explanation) -> String {
    explanation.reasons.iter().map(|reason| reason.words.as_str()).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_rule_that_allows_is_named() {
    let world = hospital().await;
    let physician = with_role("physician", Some("Practitioner/p"));
    let one = explained(&world, &physician, Act::Read, "Observation", Some("open")).await;
    assert_eq!(one.outcome, Outcome::Allowed);
    let charts = one.reasons.iter().find(|reason| &*reason.name == "charts").expect("the rule");
    assert_eq!((charts.says, charts.concerns, &charts.origin), (Says::AllowsSome, Some(true), &Origin::Role("physician".into())));
    assert_eq!(charts.words, "`charts` of the role physician allows it with the resources that it is about; it is about this one");
    let glass = one.reasons.iter().find(|reason| reason.says == Says::DoesNotHold).expect("a rule for emergencies");
    assert!(glass.words.contains("opens only when the glass is broken"), "{}", glass.words);
    assert_eq!(explained(&world, &physician, Act::Read, "Observation", None).await.outcome, Outcome::Sometimes);
    assert_eq!(explained(&world, &physician, Act::Read, "Observation", Some("shut")).await.outcome, Outcome::Refused);
}

#[tokio::test]
async fn what_is_missing_is_said() {
    let world = hospital().await;
    let biller = with_role("biller", None);
    let notes = explained(&world, &biller, Act::Read, "DocumentReference", None).await;
    assert_eq!(notes.outcome, Outcome::Refused);
    assert!(said(&notes).contains("no rule that holds lets read be done with DocumentReference: the roles are biller"), "{}", said(&notes));
    let app = scoped(with_role("physician", Some("Practitioner/p")), "user/Patient.rs");
    let result = explained(&world, &app, Act::Read, "Observation", None).await;
    assert_eq!(result.outcome, Outcome::Refused);
    assert!(
        said(&result).contains("no scope of the client covers it: it would have to ask for one such as `user/Observation.r`"),
        "{}",
        said(&result)
    );
    let at_hand = world.rules(r#"{"name": "r", "types": ["Observation"], "acts": ["read"], "criteria": "patient=%patient"}"#);
    let nobody = explained(&world, &at_hand, Act::Read, "Observation", None).await;
    assert_eq!(nobody.outcome, Outcome::Refused);
    assert!(said(&nobody).contains("names the patient, the encounter or the place at hand, and there is none"), "{}", said(&nobody));
    let unknown = explained(&world, &with_role("doctor", None), Act::Read, "Patient", None).await;
    assert!(said(&unknown).contains("there is no role `doctor`"), "{}", said(&unknown));
}

#[tokio::test]
async fn a_scope_says_why_it_does_not_count() {
    let world = hospital().await;
    let app = scoped(with_role("physician", Some("Practitioner/p")), "patient/*.rs system/*.rs");
    let words = said(&explained(&world, &app, Act::Search, "Observation", None).await);
    assert!(words.contains("the client's scope `patient/*.rs` does not count: no patient was chosen"), "{words}");
    assert!(words.contains("the client's scope `system/*.rs` does not count: the client acts for a user"), "{words}");
}

#[tokio::test]
async fn the_consent_that_denies_is_named() {
    let world = hospital().await;
    world
        .put(&[r#"{"resourceType":"Consent","id":"no","status":"active","scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"text":"x"}],"patient":{"reference":"Patient/ada"},"provision":{"type":"deny","actor":[{"role":{"text":"x"},"reference":{"reference":"Practitioner/p"}}]}}"#])
        .await;
    let physician = with_role("physician", Some("Practitioner/p"));
    let result = explained(&world, &physician, Act::Read, "Observation", Some("open")).await;
    assert_eq!(result.outcome, Outcome::Refused);
    let consent = result.reasons.iter().find(|reason| reason.origin == Origin::Consent).expect("the consent");
    assert_eq!((&*consent.name, consent.says, consent.concerns), ("no", Says::Denies, Some(true)));
}

#[tokio::test]
async fn the_asker_learns_nothing_of_what_is_hidden() {
    let world = hospital().await;
    let consent = r#"{"resourceType":"Consent","id":"no","status":"active","scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"text":"x"}],"patient":{"reference":"Patient/ada"},"provision":{"type":"deny","code":[{"coding":[{"code":"x"}]}]}}"#;
    world.put(&[consent]).await;
    for principal in [with_role("physician", Some("Practitioner/p")), with_role("biller", None), with_role("patient", Some("Patient/bob"))]
    {
        let hidden = explained(&world, &principal, Act::Read, "Observation", Some("shut")).await.for_the_asker();
        let absent = explained(&world, &principal, Act::Read, "Observation", Some("nowhere")).await.for_the_asker();
        let text = |explanation: &Explanation| json::to_string(&explanation.to_value()).replace("shut", "nowhere");
        assert_eq!(text(&hidden), text(&absent));
    }
}

#[tokio::test]
async fn it_is_json() {
    let world = hospital().await;
    let auditor = with_role("auditor", None);
    let text = json::to_string(&explained(&world, &auditor, Act::Search, "AuditEvent", None).await.to_value());
    assert_eq!(
        text,
        r#"{"act":"search","type":"AuditEvent","outcome":"allowed","reasons":[{"origin":"role","policy":"auditor","name":"the audit trail","says":"allows","words":"`the audit trail` of the role auditor allows it"}]}"#
    );
}
