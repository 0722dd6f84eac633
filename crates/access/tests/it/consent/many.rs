//! Patients who say very much: nobody else pays for it.

use access::Principal;
use access::consent::MAX_SAID;

use super::{ALL, doctor, hospital, of, seen};
use crate::world::key;

/// A consent of a patient that denies so many codes.
fn codes(patient: &str, id: &str, count: usize) -> String {
    let code = |number: usize| format!(r#"{{"coding":[{{"system":"urn:x","code":"{id}-{number}"}}]}}"#);
    let codes: Vec<String> = (0..count).map(code).collect();
    of(patient, id, &format!(r#","provision":{{"type":"permit","provision":[{{"type":"deny","code":[{}]}}]}}"#, codes.join(",")))
}

#[tokio::test]
async fn whoever_says_too_much_is_taken_to_deny_everything() {
    let world = hospital().await;
    let doctor = doctor(&world);
    let half = MAX_SAID / 2;
    world.put(&[&codes("ada", "one", half - 2), &codes("ada", "other", half - 2), &codes("bob", "his", half)]).await;
    assert_eq!(seen(&world, &doctor).await, ALL, "each says two provisions and its codes");
    world.put(&[&codes("ada", "other", half - 1)]).await;
    assert_eq!(seen(&world, &doctor).await, ["o-bob"], "of all consents together");
    let ada = Principal { fhir_user: Some(key("Patient/ada")), ..doctor.clone() };
    assert_eq!(seen(&world, &ada).await, ALL);
    world.put(&[&codes("ada", "more", half)]).await;
    assert_eq!(seen(&world, &doctor).await, ["o-bob"]);
    world.delete("Consent/other").await;
    world.delete("Consent/more").await;
    assert_eq!(seen(&world, &doctor).await, ALL);
}

#[tokio::test]
async fn what_is_said_is_counted_in_every_member() {
    let world = hospital().await;
    let doctor = doctor(&world);
    let many = |one: &str, count: usize| vec![one; count].join(",");
    // It is about somebody else, so that it denies the doctor nothing.
    let others = r#""actor":[{"reference":{"reference":"Practitioner/q"}}],"#;
    for (member, one, others) in [
        ("class", r#"{"system":"http://hl7.org/fhir/resource-types","code":"Basic"}"#, others),
        ("securityLabel", r#"{"system":"urn:x","code":"none"}"#, others),
        ("data", r#"{"meaning":"instance","reference":{"reference":"Observation/none"}}"#, others),
        ("actor", r#"{"reference":{"reference":"Practitioner/none"}}"#, ""),
        ("purpose", r#"{"code":"HRESCH"}"#, others),
    ] {
        let said = |count: usize| of("ada", "c", &format!(r#","provision":{{"type":"deny",{others}"{member}":[{}]}}"#, many(one, count)));
        world.put(&[&said(MAX_SAID / 2)]).await;
        assert_eq!(seen(&world, &doctor).await, ALL, "{member}");
        world.put(&[&said(MAX_SAID + 1)]).await;
        assert_eq!(seen(&world, &doctor).await, ["o-bob"], "{member}");
    }
}
