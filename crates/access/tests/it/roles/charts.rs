//! Charts, as those see them who treat, dispense, examine, receive and bill.

use access::{Act, Principal};

use crate::world::{World, breaking, with_role};

const R: &str = r#""meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]}"#;
const V: &str = r#""meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]}"#;

async fn hospital() -> World {
    let world = World::new();
    let observation = |id: &str, of: &str, category: &str, status: &str, meta: &str| {
        format!(
            r#"{{"resourceType":"Observation","id":"{id}",{meta}"status":"{status}","subject":{{"reference":"Patient/{of}"}},"category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"{category}"}}]}}]}}"#
        )
    };
    let texts = [
        r#"{"resourceType":"Patient","id":"ada","generalPractitioner":[{"reference":"Practitioner/gp"}]}"#.to_owned(),
        r#"{"resourceType":"Patient","id":"bob"}"#.to_owned(),
        observation("lab", "ada", "laboratory", "final", ""),
        observation("raw", "ada", "laboratory", "preliminary", ""),
        observation("mood", "ada", "survey", "final", ""),
        observation("secret", "ada", "laboratory", "final", &format!("{R},")),
        observation("deep", "ada", "laboratory", "final", &format!("{V},")),
        observation("other", "bob", "laboratory", "final", &format!("{R},")),
        r#"{"resourceType":"DocumentReference","id":"note","status":"current","subject":{"reference":"Patient/ada"}}"#.to_owned(),
        r#"{"resourceType":"Invoice","id":"bill","status":"issued","subject":{"reference":"Patient/ada"}}"#.to_owned(),
        r#"{"resourceType":"ServiceRequest","id":"lab-order","status":"active","intent":"order","category":[{"coding":[{"system":"http://snomed.info/sct","code":"108252007"}]}],"subject":{"reference":"Patient/ada"}}"#.to_owned(),
        r#"{"resourceType":"ServiceRequest","id":"referral","status":"active","intent":"order","subject":{"reference":"Patient/ada"}}"#.to_owned(),
    ];
    world.put(&texts.iter().map(String::as_str).collect::<Vec<_>>()).await;
    world
}

#[tokio::test]
async fn those_who_treat_see_charts_and_restricted_ones_of_their_own_patients() {
    let world = hospital().await;
    for role in ["physician", "nurse"] {
        let stranger = with_role(role, Some("Practitioner/x"));
        assert_eq!(world.may(&stranger, Act::Read, "Observation").await, ["lab", "mood", "raw"], "{role}");
        let own = with_role(role, Some("Practitioner/gp"));
        assert_eq!(world.may(&own, Act::Read, "Observation").await, ["lab", "mood", "raw", "secret"], "{role}");
        assert_eq!(world.may(&own, Act::Update, "Observation").await, ["lab", "mood", "raw", "secret"], "{role}");
        let broken = breaking(stranger, "ada");
        assert_eq!(world.may(&broken, Act::Search, "Observation").await, ["deep", "lab", "mood", "raw", "secret"], "{role}");
        assert!(world.may(&broken, Act::Read, "Invoice").await.is_empty(), "{role}: bills stay closed");
        assert_eq!(world.may(&own, Act::Read, "DocumentReference").await, ["note"], "{role}");
    }
}

#[tokio::test]
async fn a_pharmacist_sees_results_and_no_notes() {
    let world = hospital().await;
    let principal = with_role("pharmacist", Some("Practitioner/x"));
    assert_eq!(world.may(&principal, Act::Read, "Observation").await, ["lab", "raw"]);
    assert!(world.may(&principal, Act::Read, "DocumentReference").await.is_empty());
    assert_eq!(world.may(&breaking(principal, "bob"), Act::Read, "Observation").await, ["lab", "other", "raw"]);
}

#[tokio::test]
async fn a_technician_works_on_laboratory_orders_and_releases_nothing() {
    let world = hospital().await;
    let principal = with_role("laboratory-technician", Some("Practitioner/x"));
    assert_eq!(world.may(&principal, Act::Read, "Observation").await, ["lab", "raw"]);
    assert_eq!(world.may(&principal, Act::Update, "Observation").await, ["raw"]);
    assert_eq!(world.may(&principal, Act::Search, "ServiceRequest").await, ["lab-order"]);
    assert!(world.may(&principal, Act::Read, "DocumentReference").await.is_empty());
    assert_eq!(world.may(&breaking(principal, "ada"), Act::Read, "Observation").await, ["lab", "raw"], "nothing opens");
}

#[tokio::test]
async fn a_biller_sees_bills_and_a_receptionist_no_reasons() {
    let world = hospital().await;
    assert_eq!(world.may(&with_role("biller", None), Act::Read, "Invoice").await, ["bill"]);
    let receptionist = with_role("receptionist", None);
    assert_eq!(world.may(&receptionist, Act::Search, "Patient").await, ["ada", "bob"]);
    let grant = world.grant(&receptionist).await;
    let hidden: Vec<String> =
        grant.fields(crate::world::kind("Encounter")).expect("fields").hidden.iter().map(|path| path.to_string()).collect();
    assert_eq!(hidden, ["diagnosis", "reasonCode", "reasonReference"]);
    let both = Principal { roles: [receptionist.roles, with_role("physician", None).roles].concat(), ..with_role("x", None) };
    assert!(
        world.grant(&both).await.fields(crate::world::kind("Encounter")).is_some(),
        "charts are not all of them: restricted ones are left out"
    );
}

#[tokio::test]
async fn a_service_does_everything_its_scopes_say() {
    let world = hospital().await;
    let service = Principal { user: None, ..with_role("service", None) };
    assert_eq!(world.may(&service, Act::Delete, "Observation").await.len(), 6);
    let scoped = crate::world::scoped(service, "system/Observation.r?category=survey system/Patient.s");
    assert_eq!(world.may(&scoped, Act::Read, "Observation").await, ["mood"]);
    assert!(world.may(&scoped, Act::Search, "Observation").await.is_empty());
    assert!(world.may(&scoped, Act::Read, "Patient").await.is_empty());
    assert!(!world.grant(&scoped).await.allows_operation("expunge"));
}
