//! What patients have agreed to.

mod data;
mod many;
mod purposes;
mod unclear;

use access::{Act, Principal};

use crate::world::{HOUR, NOW, TENANT, World, breaking, key, user};

/// A hospital with two patients and something of each.
async fn hospital() -> World {
    let world = World::new();
    world
        .put(&[
            r#"{"resourceType":"Patient","id":"ada"}"#,
            r#"{"resourceType":"Patient","id":"bob"}"#,
            r#"{"resourceType":"Observation","id":"o-ada","status":"final","effectiveDateTime":"2026-05-01","code":{"coding":[{"system":"http://loinc.org","code":"hiv"}]},"subject":{"reference":"Patient/ada"}}"#,
            r#"{"resourceType":"Observation","id":"o-old","status":"final","effectiveDateTime":"2020-05-01","code":{"coding":[{"system":"http://loinc.org","code":"pulse"}]},"subject":{"reference":"Patient/ada"}}"#,
            r#"{"resourceType":"Observation","id":"o-bob","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"hiv"}]},"subject":{"reference":"Patient/bob"}}"#,
            r#"{"resourceType":"Condition","id":"c-ada","subject":{"reference":"Patient/ada"},"meta":{"security":[{"system":"urn:x","code":"PSY"}]}}"#,
            r#"{"resourceType":"Practitioner","id":"p"}"#,
        ])
        .await;
    world
}

/// A consent of ada's: the inside of its provision.
fn provision(id: &str, inside: &str) -> String {
    of("ada", id, &format!(r#","provision":{{{inside}}}"#))
}

fn of(patient: &str, id: &str, more: &str) -> String {
    format!(
        r#"{{"resourceType":"Consent","id":"{id}","status":"active","scope":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}}]}},"category":[{{"text":"privacy"}}],"patient":{{"reference":"Patient/{patient}"}}{more}}}"#
    )
}

fn actor(reference: &str) -> String {
    format!(r#""actor":[{{"role":{{"text":"recipient"}},"reference":{{"reference":"{reference}"}}}}]"#)
}

/// Somebody who may do everything, as far as consents go.
fn doctor(world: &World) -> Principal {
    let everything = r#"{"name": "e", "types": ["*"], "acts": ["*"], "clearance": "V"}"#;
    Principal { fhir_user: Some(key("Practitioner/p")), ..world.rules(everything) }
}

async fn seen(world: &World, principal: &Principal) -> Vec<String> {
    let mut seen = world.may(principal, Act::Read, "Observation").await;
    seen.extend(world.may(principal, Act::Read, "Condition").await);
    seen
}

const ALL: [&str; 4] = ["o-ada", "o-bob", "o-old", "c-ada"];

#[tokio::test]
async fn without_a_consent_care_is_permitted() {
    let world = hospital().await;
    assert_eq!(seen(&world, &doctor(&world)).await, ALL);
}

#[tokio::test]
async fn a_denial_holds_at_once_and_ends_at_once() {
    let world = hospital().await;
    let doctor = doctor(&world);
    assert_eq!(seen(&world, &doctor).await, ALL);
    world.put(&[&provision("c", r#""type":"deny""#)]).await;
    assert_eq!(seen(&world, &doctor).await, ["o-bob"]);
    assert_eq!(world.may(&doctor, Act::Update, "Observation").await, ["o-bob"]);
    world.delete("Consent/c").await;
    assert_eq!(seen(&world, &doctor).await, ALL);
}

#[tokio::test]
async fn only_active_consents_about_privacy_count() {
    let world = hospital().await;
    let deny = provision("c", r#""type":"deny""#);
    world
        .put(&[
            &deny.replace(r#""status":"active""#, r#""status":"draft""#).replace(r#""id":"c""#, r#""id":"d""#),
            &deny.replace("patient-privacy", "research").replace(r#""id":"c""#, r#""id":"r""#),
            &of("ada", "empty", ""),
        ])
        .await;
    assert_eq!(seen(&world, &doctor(&world)).await, ALL);
    world
        .put(&[&of(
            "ada",
            "out",
            r#","policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPTOUT"}]}"#,
        )])
        .await;
    assert_eq!(seen(&world, &doctor(&world)).await, ["o-bob"]);
}

#[tokio::test]
async fn it_is_about_its_actors() {
    let world = hospital().await;
    world.put(&[&provision("c", &format!(r#""type":"deny",{}"#, actor("Practitioner/p")))]).await;
    let doctor = doctor(&world);
    assert_eq!(seen(&world, &doctor).await, ["o-bob"]);
    assert_eq!(seen(&world, &Principal { fhir_user: Some(key("Practitioner/q")), ..doctor.clone() }).await, ALL);
    world.put(&[&provision("c", &format!(r#""type":"deny",{}"#, actor("https://elsewhere.example/Practitioner/7")))]).await;
    assert_eq!(seen(&world, &doctor).await, ["o-bob"], "whoever cannot be told may be meant");
}

#[tokio::test]
async fn teams_groups_and_roles_are_looked_up() {
    let world = hospital().await;
    world
        .put(&[
            r#"{"resourceType":"PractitionerRole","id":"r","practitioner":{"reference":"Practitioner/p"},"organization":{"reference":"Organization/surgery"}}"#,
            r#"{"resourceType":"CareTeam","id":"t","status":"active","participant":[{"member":{"reference":"PractitionerRole/r"}}]}"#,
            r#"{"resourceType":"Group","id":"g","type":"practitioner","actual":true,"member":[{"entity":{"reference":"Practitioner/p"}}]}"#,
        ])
        .await;
    let doctor = doctor(&world);
    let other = Principal { fhir_user: Some(key("Practitioner/q")), ..doctor.clone() };
    for who in ["PractitionerRole/r", "CareTeam/t", "Group/g", "Organization/surgery"] {
        world.put(&[&provision("c", &format!(r#""type":"deny",{}"#, actor(who)))]).await;
        assert_eq!(seen(&world, &doctor).await, ["o-bob"], "{who}");
        assert_eq!(seen(&world, &other).await, ALL, "{who}");
    }
}

#[tokio::test]
async fn exceptions_turn_what_is_around_them() {
    let world = hospital().await;
    let exception = |kind: &str, who: &str| format!(r#""provision":[{{"type":"{kind}",{}}}]"#, actor(who));
    world.put(&[&provision("c", &format!(r#""type":"deny",{}"#, exception("permit", "Practitioner/p")))]).await;
    let doctor = doctor(&world);
    let other = Principal { fhir_user: Some(key("Practitioner/q")), ..doctor.clone() };
    assert_eq!(seen(&world, &doctor).await, ALL);
    assert_eq!(seen(&world, &other).await, ["o-bob"]);
    world.put(&[&provision("c", &format!(r#""type":"permit",{}"#, exception("deny", "Practitioner/p")))]).await;
    assert_eq!(seen(&world, &doctor).await, ["o-bob"]);
    assert_eq!(seen(&world, &other).await, ALL);
    world.put(&[&provision("c", r#""type":"permit","provision":[{"type":"permit","provision":[{"type":"deny"}]}]"#)]).await;
    assert_eq!(seen(&world, &other).await, ["o-bob"], "deeper than is understood: everything is denied");
}

#[tokio::test]
async fn periods_begin_and_end() {
    let world = hospital().await;
    world.put(&[&provision("c", r#""type":"deny","period":{"start":"2026-11-23T10:30:00Z","end":"2026-11-23T11:30:00Z"}"#)]).await;
    let doctor = doctor(&world);
    for (at, expected) in [(NOW, 3), (NOW + HOUR / 2, 1), (NOW + HOUR, 1), (NOW + 3 * HOUR / 2 + 1000, 3)] {
        assert_eq!(world.may_at(&doctor, Act::Read, "Observation", at).await.len(), expected, "{} minutes later", (at - NOW) / 60_000);
    }
}

#[tokio::test]
async fn patients_find_themselves_and_their_consents() {
    let world = hospital().await;
    world
        .put(&[
            &provision("c", r#""type":"deny""#),
            r#"{"resourceType":"AuditEvent","id":"a","agent":[{"who":{"reference":"Patient/ada"},"requestor":true}]}"#,
        ])
        .await;
    let doctor = doctor(&world);
    assert_eq!(world.may(&doctor, Act::Search, "Patient").await, ["ada", "bob"], "who somebody is stays known");
    assert_eq!(world.may(&doctor, Act::Read, "Consent").await, ["c"]);
    assert_eq!(world.may(&doctor, Act::Read, "AuditEvent").await, ["a"]);
    let ada = Principal { fhir_user: Some(key("Patient/ada")), ..doctor.clone() };
    assert_eq!(seen(&world, &ada).await, ALL);
    let named = r#""type":"deny","class":[{"system":"http://hl7.org/fhir/resource-types","code":"Patient"}]"#;
    world.put(&[&provision("c", named)]).await;
    assert_eq!(world.may(&doctor, Act::Search, "Patient").await, ["bob"]);
    assert_eq!(seen(&world, &doctor).await, ALL);
}

#[tokio::test]
async fn a_broken_glass_sets_denials_of_that_patient_aside() {
    let world = hospital().await;
    world.put(&[&provision("c", r#""type":"deny""#), &of("bob", "b", r#","provision":{"type":"deny"}"#)]).await;
    let broken = breaking(doctor(&world), "ada");
    assert_eq!(seen(&world, &broken).await, ["o-ada", "o-old", "c-ada"]);
    let weak = Principal { strength: access::Strength::One, ..broken.clone() };
    assert!(seen(&world, &weak).await.is_empty());
    world.put(&[&provision("c", r#""type":"deny","purpose":[{"code":"BTG"}]"#)]).await;
    assert!(seen(&world, &broken).await.is_empty(), "it names the emergency");
}

#[tokio::test]
async fn changes_elsewhere_are_told() {
    let world = hospital().await;
    let doctor = doctor(&world);
    let before = world.grant(&doctor).await;
    world.access.consents_changed(TENANT);
    assert!(!std::sync::Arc::ptr_eq(&before, &world.grant(&doctor).await));
    assert!(seen(&world, &user("nobody", None)).await.is_empty());
}
