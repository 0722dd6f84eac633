//! What a patient sees and writes: their own, once it is released, and nobody else's.

use access::{Act, Principal, Verdict};
use fhir::definitions::ResourceType;

use super::types;
use crate::world::{NOW, World, key, kind, with_role};

const VITAL: &str =
    r#""category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}]"#;

fn observation(id: &str, of: &str, status: &str, performers: &[&str]) -> String {
    let performers: Vec<String> = performers.iter().map(|who| format!(r#"{{"reference":"{who}"}}"#)).collect();
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"{status}",{VITAL},"subject":{{"reference":"Patient/{of}"}},"performer":[{}]}}"#,
        performers.join(",")
    )
}

fn consent(id: &str, performers: &[&str]) -> String {
    let performers: Vec<String> = performers.iter().map(|who| format!(r#"{{"reference":"{who}"}}"#)).collect();
    // A draft is in force for nobody.
    format!(
        r#"{{"resourceType":"Consent","id":"{id}","status":"draft","patient":{{"reference":"Patient/ada"}},"performer":[{}]}}"#,
        performers.join(",")
    )
}

async fn hospital() -> World {
    let world = World::new();
    let texts = [
        r#"{"resourceType":"Patient","id":"ada"}"#.to_owned(),
        r#"{"resourceType":"Patient","id":"bob"}"#.to_owned(),
        r#"{"resourceType":"Practitioner","id":"p"}"#.to_owned(),
        observation("own", "ada", "final", &["Patient/ada"]),
        observation("raw", "ada", "preliminary", &["Practitioner/p"]),
        observation("released", "ada", "final", &["Practitioner/p"]),
        observation("forged", "ada", "final", &["Patient/ada", "Practitioner/p"]),
        observation("about-bob", "bob", "final", &["Patient/ada"]),
        observation("of-bob", "bob", "final", &["Practitioner/p"]),
        r#"{"resourceType":"Condition","id":"c-ada","subject":{"reference":"Patient/ada"}}"#.to_owned(),
        r#"{"resourceType":"Condition","id":"c-bob","subject":{"reference":"Patient/bob"}}"#.to_owned(),
        r#"{"resourceType":"Appointment","id":"asked","status":"proposed","participant":[{"actor":{"reference":"Patient/ada"},"status":"accepted"}]}"#.to_owned(),
        r#"{"resourceType":"Appointment","id":"booked","status":"booked","participant":[{"actor":{"reference":"Patient/ada"},"status":"accepted"}]}"#.to_owned(),
        r#"{"resourceType":"Appointment","id":"for-bob","status":"proposed","participant":[{"actor":{"reference":"Patient/bob"},"status":"accepted"}]}"#.to_owned(),
        r#"{"resourceType":"Appointment","id":"of-both","status":"proposed","participant":[{"actor":{"reference":"Patient/ada"},"status":"accepted"},{"actor":{"reference":"Patient/bob"},"status":"accepted"}]}"#.to_owned(),
        consent("agreed", &["Patient/ada"]),
        consent("agreed-for-bob", &["Patient/ada", "Patient/bob"]),
        consent("agreed-by-p", &["Patient/ada", "Practitioner/p"]),
    ];
    world.put(&texts.iter().map(String::as_str).collect::<Vec<_>>()).await;
    world
}

fn ada() -> Principal {
    with_role("patient", Some("Patient/ada"))
}

#[tokio::test]
async fn they_see_their_own_once_it_is_released() {
    let world = hospital().await;
    assert_eq!(world.may(&ada(), Act::Search, "Patient").await, ["ada"]);
    assert_eq!(world.may(&ada(), Act::Read, "Condition").await, ["c-ada"]);
    let seen = world.may(&ada(), Act::Read, "Observation").await;
    assert!(seen.contains(&"released".to_owned()) && !seen.contains(&"raw".to_owned()) && !seen.contains(&"of-bob".to_owned()), "{seen:?}");
}

#[tokio::test]
async fn they_sign_and_agree_for_nobody_else() {
    let world = hospital().await;
    let grant = world.grant_at(&ada(), NOW).await;
    for (name, own) in [
        ("Observation", &["performer"][..]),
        ("QuestionnaireResponse", &["author", "source"]),
        ("Communication", &["sender"]),
        ("Consent", &["performer"]),
    ] {
        let fields = grant.fields(kind(name)).unwrap_or_else(|| panic!("{name} is signed by anybody"));
        assert_eq!(fields.own.iter().map(|path| &**path).collect::<Vec<_>>(), own, "{name}");
    }
    assert!(world.may(&ada(), Act::Update, "Observation").await.is_empty());
    assert!(!world.may(&ada(), Act::Create, "Consent").await.contains(&"for-bob".to_owned()));
}

#[tokio::test]
async fn they_ask_for_appointments_and_book_none() {
    let world = hospital().await;
    assert_eq!(world.may(&ada(), Act::Create, "Appointment").await, ["asked"]);
    assert_eq!(world.may(&ada(), Act::Update, "Appointment").await, ["asked"]);
    assert_eq!(world.may(&ada(), Act::Read, "Appointment").await, ["asked", "booked", "of-both"]);
}

#[tokio::test]
async fn whoever_is_launched_they_stay_themselves() {
    let world = hospital().await;
    let launched = Principal { patient: Some("bob".into()), ..ada() };
    assert_eq!(world.may(&launched, Act::Read, "Condition").await, ["c-ada"]);
    let scoped = crate::world::scoped(launched, "patient/*.rs");
    assert!(world.may(&scoped, Act::Read, "Condition").await.is_empty(), "the scope is bob's, the role ada's");
}

#[tokio::test]
async fn the_role_is_for_patients_only() {
    let staff = Principal { patient: Some("ada".into()), ..with_role("patient", Some("Practitioner/p")) };
    let world = hospital().await;
    for name in ["Patient", "Condition", "Observation", "Practitioner"] {
        assert!(world.may(&staff, Act::Read, name).await.is_empty(), "{name}");
    }
    assert!(types("patient", None, &access::ACTS).await.is_empty());
}

#[tokio::test]
async fn nothing_that_is_about_a_patient_is_open_without_a_limit() {
    let grant = World::new().grant(&Principal { fhir_user: Some(key("Patient/ada")), ..ada() }).await;
    let members: Vec<ResourceType> = search::compartment::members(crate::world::kind("Patient")).collect();
    for kind in members {
        for act in access::ACTS {
            assert_ne!(*grant.verdict(kind, act), Verdict::Allowed, "{act:?} {kind:?}");
        }
    }
}
