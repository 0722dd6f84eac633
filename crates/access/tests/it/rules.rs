//! Every kind of rule, one test each: what it lets through, and what not.

use access::{Act, Principal, Strength, Verdict};

use crate::world::{HOUR, NOW, World, breaking, key, kind, user};

async fn hospital() -> World {
    let world = World::new();
    world
        .put(&[
            r#"{"resourceType":"Patient","id":"ada","active":true,"telecom":[{"value":"1"}]}"#,
            r#"{"resourceType":"Patient","id":"bob","active":false}"#,
            r#"{"resourceType":"Observation","id":"o-ada","status":"final","subject":{"reference":"Patient/ada"},"performer":[{"reference":"Practitioner/p"}]}"#,
            r#"{"resourceType":"Observation","id":"o-bob","status":"preliminary","subject":{"reference":"Patient/bob"}}"#,
            r#"{"resourceType":"Observation","id":"o-secret","status":"final","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"}]},"subject":{"reference":"Patient/ada"}}"#,
            r#"{"resourceType":"Observation","id":"o-deep","status":"final","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"V"}]},"subject":{"reference":"Patient/ada"}}"#,
            r#"{"resourceType":"Encounter","id":"e","status":"in-progress","class":{"code":"IMP"},"subject":{"reference":"Patient/ada"}}"#,
            r#"{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/ada"},"encounter":{"reference":"Encounter/e"}}"#,
        ])
        .await;
    world
}

async fn observations(world: &World, principal: &Principal) -> Vec<String> {
    world.may(principal, Act::Read, "Observation").await
}

#[tokio::test]
async fn what_no_rule_allows_is_refused() {
    let world = hospital().await;
    let nobody = user("nobody", None);
    let grant = world.grant(&nobody).await;
    for kind in fhir::definitions::ResourceType::all() {
        for act in access::ACTS {
            assert_eq!(*grant.verdict(kind, act), Verdict::Refused, "{act:?} {kind:?}");
        }
    }
    assert!(!grant.allows_operation("purge"));
}

#[tokio::test]
async fn types_and_acts() {
    let world = hospital().await;
    let principal = world.rules(r#"{"name": "r", "types": ["Patient"], "acts": ["read"], "clearance": "V"}"#);
    let grant = world.grant(&principal).await;
    for act in access::ACTS {
        let expected = if act == Act::Read { Verdict::Allowed } else { Verdict::Refused };
        assert_eq!(*grant.verdict(kind("Patient"), act), expected, "{act:?}");
        assert_eq!(*grant.verdict(kind("Person"), act), Verdict::Refused, "{act:?}");
    }
}

#[tokio::test]
async fn groups_and_everything() {
    let world = hospital().await;
    let principal = world.rules(r#"{"name": "r", "types": ["financial", "device-compartment"], "acts": ["*"], "clearance": "V"}"#);
    let grant = world.grant(&principal).await;
    for (name, allowed) in
        [("Invoice", true), ("Claim", true), ("Device", true), ("DeviceRequest", true), ("Goal", false), ("Binary", false)]
    {
        assert_eq!(*grant.verdict(kind(name), Act::Delete) == Verdict::Allowed, allowed, "{name}");
    }
    let principal = world.rules(r#"{"name": "r", "types": ["*"], "acts": ["*"], "clearance": "V"}"#);
    assert!(fhir::definitions::ResourceType::all().len() > 140);
    let grant = world.grant(&principal).await;
    assert!(fhir::definitions::ResourceType::all().all(|kind| *grant.verdict(kind, Act::Search) == Verdict::Allowed));
}

#[tokio::test]
async fn criteria() {
    let world = hospital().await;
    let principal =
        world.rules(r#"{"name": "r", "types": ["Observation"], "acts": ["read"], "criteria": "status=final&subject=Patient/ada"}"#);
    assert_eq!(observations(&world, &principal).await, ["o-ada"]);
    let principal = world.rules(r#"{"name": "r", "types": ["Observation"], "acts": ["read"], "criteria": "patient.active=false"}"#);
    assert_eq!(observations(&world, &principal).await, ["o-bob"]);
}

#[tokio::test]
async fn placeholders() {
    let world = hospital().await;
    let rule = |criteria: &str| {
        format!(r#"{{"name": "r", "types": ["Observation"], "acts": ["read"], "clearance": "V", "criteria": "{criteria}"}}"#)
    };
    let principal = Principal { fhir_user: Some(key("Practitioner/p")), ..world.rules(&rule("performer=%user")) };
    assert_eq!(observations(&world, &principal).await, ["o-ada"]);
    let stranger = Principal { fhir_user: Some(key("Practitioner/q")), ..principal.clone() };
    assert!(observations(&world, &stranger).await.is_empty());
    let nobody = Principal { fhir_user: None, ..principal };
    assert!(observations(&world, &nobody).await.is_empty(), "without a value the rule is void");
    let launched = Principal { patient: Some("bob".into()), ..world.rules(&rule("patient=%patient")) };
    assert_eq!(observations(&world, &launched).await, ["o-bob"]);
    let ada = Principal { fhir_user: Some(key("Patient/ada")), patient: Some("bob".into()), ..launched };
    assert_eq!(observations(&world, &ada).await, ["o-ada", "o-deep", "o-secret"], "a patient is %patient, whatever was launched");
    let by_id = Principal { patient: Some("bob".into()), ..world.rules(&rule("subject:Patient._id=%patient")) };
    assert_eq!(observations(&world, &by_id).await, ["o-bob"]);
}

#[tokio::test]
async fn a_value_cannot_smuggle_a_search_in() {
    let world = hospital().await;
    let rule = r#"{"name": "r", "types": ["Observation"], "acts": ["read"], "clearance": "V", "criteria": "patient=%patient"}"#;
    for id in ["bob,Patient/ada", "bob|", "b&status=final", "", "../x", "bob%20", "bob\\,ada", &"x".repeat(65)] {
        let launched = Principal { patient: Some(id.into()), ..world.rules(rule) };
        assert!(observations(&world, &launched).await.is_empty(), "{id}");
    }
}

#[tokio::test]
async fn compartments() {
    let world = hospital().await;
    let rule = |owner: &str| {
        format!(
            r#"{{"name": "r", "types": ["Observation", "Condition", "Encounter"], "acts": ["read"], "clearance": "V", "compartment": "{owner}"}}"#
        )
    };
    let own = Principal { fhir_user: Some(key("Patient/ada")), ..world.rules(&rule("%user")) };
    assert_eq!(observations(&world, &own).await, ["o-ada", "o-deep", "o-secret"]);
    let open = Principal { encounter: Some("e".into()), ..world.rules(&rule("%encounter")) };
    assert_eq!(world.may(&open, Act::Read, "Condition").await, ["c"]);
    assert_eq!(world.may(&open, Act::Read, "Encounter").await, ["e"]);
    assert!(observations(&world, &open).await.is_empty());
    assert!(world.may(&Principal { encounter: None, ..open }, Act::Read, "Condition").await.is_empty());
}

#[tokio::test]
async fn patients() {
    let world = hospital().await;
    let rule =
        |patients: &str| format!(r#"{{"name": "r", "types": ["Observation", "Patient"], "acts": ["read"], "patients": "{patients}"}}"#);
    let principal = world.rules(&rule("active=false"));
    assert_eq!(observations(&world, &principal).await, ["o-bob"]);
    assert_eq!(world.may(&principal, Act::Read, "Patient").await, ["bob"]);
    let launched = Principal { patient: Some("ada".into()), ..world.rules(&rule("_id=%patient")) };
    assert_eq!(observations(&world, &launched).await, ["o-ada"]);
    assert!(observations(&world, &Principal { patient: None, ..launched }).await.is_empty());
}

#[tokio::test]
async fn clearance() {
    let world = hospital().await;
    let rule = |clearance: &str| format!(r#"{{"name": "r", "types": ["Observation"], "acts": ["read"], "clearance": "{clearance}"}}"#);
    assert_eq!(observations(&world, &world.rules(&rule("N"))).await, ["o-ada", "o-bob"]);
    assert_eq!(observations(&world, &world.rules(&rule("R"))).await, ["o-ada", "o-bob", "o-secret"]);
    assert_eq!(observations(&world, &world.rules(&rule("V"))).await, ["o-ada", "o-bob", "o-deep", "o-secret"]);
}

#[tokio::test]
async fn a_denial_beats_what_is_allowed() {
    let world = hospital().await;
    let allow = r#"{"name": "a", "types": ["Observation", "Patient"], "acts": ["*"], "clearance": "V"}"#;
    let principal = world.rules(&format!(
        r#"{{"name": "d", "effect": "deny", "types": ["Observation"], "acts": ["read"], "criteria": "status=final"}}, {allow}"#
    ));
    assert_eq!(observations(&world, &principal).await, ["o-bob"]);
    assert_eq!(world.may(&principal, Act::Search, "Observation").await, ["o-bob"], "who may not read does not find either");
    assert_eq!(world.may(&principal, Act::Update, "Observation").await.len(), 4);
    let principal = world.rules(&format!(r#"{allow}, {{"name": "d", "effect": "deny", "types": ["Observation"], "acts": ["*"]}}"#));
    assert_eq!(*world.grant(&principal).await.verdict(kind("Observation"), Act::Update), Verdict::Refused);
}

#[tokio::test]
async fn a_denial_that_cannot_be_worked_out_denies_all() {
    let world = hospital().await;
    let principal = world.rules(
        r#"{"name": "a", "types": ["Observation"], "acts": ["read"]},
           {"name": "d", "effect": "deny", "types": ["Observation"], "acts": ["read"], "criteria": "performer=%practitioner"}"#,
    );
    assert!(observations(&world, &principal).await.is_empty());
    let known = Principal { fhir_user: Some(key("Practitioner/p")), ..principal };
    assert_eq!(observations(&world, &known).await, ["o-bob"]);
}

#[tokio::test]
async fn purposes() {
    let world = hospital().await;
    let principal = world.rules(r#"{"name": "r", "types": ["Observation"], "acts": ["read"], "purposes": ["TREAT", "COC"]}"#);
    let with = |purpose: Option<&str>| Principal { purpose: purpose.map(Into::into), ..principal.clone() };
    assert_eq!(observations(&world, &with(Some("COC"))).await.len(), 2);
    assert!(observations(&world, &with(Some("HPAYMT"))).await.is_empty());
    assert!(observations(&world, &with(None)).await.is_empty(), "nobody said what for");
    let denied = world.rules(
        r#"{"name": "a", "types": ["Observation"], "acts": ["read"]},
           {"name": "d", "effect": "deny", "types": ["Observation"], "acts": ["read"], "purposes": ["HPAYMT"]}"#,
    );
    let with = |purpose: Option<&str>| Principal { purpose: purpose.map(Into::into), ..denied.clone() };
    assert_eq!(observations(&world, &with(Some("TREAT"))).await.len(), 2);
    assert!(observations(&world, &with(Some("HPAYMT"))).await.is_empty());
    assert!(observations(&world, &with(None)).await.is_empty(), "it may be what is denied");
}

#[tokio::test]
async fn a_second_factor() {
    let world = hospital().await;
    let principal = world.rules(r#"{"name": "r", "types": ["Observation"], "acts": ["read"], "secondFactor": true}"#);
    assert!(observations(&world, &principal).await.is_empty());
    assert_eq!(observations(&world, &Principal { strength: Strength::Two, ..principal }).await.len(), 2);
}

#[tokio::test]
async fn users_of_a_type() {
    let world = hospital().await;
    let principal = world.rules(r#"{"name": "r", "types": ["Observation"], "acts": ["read"], "users": ["Practitioner"]}"#);
    let with = |who: Option<&str>| Principal { fhir_user: who.map(key), ..principal.clone() };
    assert_eq!(observations(&world, &with(Some("Practitioner/p"))).await.len(), 2);
    assert!(observations(&world, &with(Some("Patient/ada"))).await.is_empty());
    assert!(observations(&world, &with(None)).await.is_empty());
}

#[tokio::test]
async fn a_broken_glass_opens_one_patient_for_a_while() {
    let world = hospital().await;
    let principal = world.rules(
        r#"{"name": "r", "types": ["Observation", "Patient", "Medication"], "acts": ["read"], "breakGlass": true, "clearance": "V"}"#,
    );
    assert!(observations(&world, &principal).await.is_empty());
    let broken = breaking(principal, "ada");
    assert_eq!(observations(&world, &broken).await, ["o-ada", "o-deep", "o-secret"]);
    assert_eq!(world.may(&broken, Act::Read, "Patient").await, ["ada"]);
    assert!(world.may(&broken, Act::Read, "Medication").await.is_empty(), "what is about nobody is not opened");
    assert!(world.may_at(&broken, Act::Read, "Observation", NOW + HOUR).await.is_empty(), "it is over");
    let weak = Principal { strength: Strength::One, ..broken.clone() };
    assert!(observations(&world, &weak).await.is_empty(), "a second factor is needed");
    let mut silent = broken;
    silent.break_glass.as_mut().expect("it is broken").reason = " ".into();
    assert!(observations(&world, &silent).await.is_empty(), "a reason is needed");
}

#[tokio::test]
async fn hidden_and_read_only_elements() {
    let world = hospital().await;
    let hiding = r#"{"name": "h", "types": ["Patient"], "acts": ["read", "update"], "hidden": ["Patient.telecom", "Patient.name.given"], "readOnly": ["Patient.identifier"]}"#;
    let fields = |principal: Principal| {
        let world = &world;
        async move {
            let grant = world.grant(&principal).await;
            let fields = grant.fields(kind("Patient")).cloned().unwrap_or_default();
            (fields.hidden.iter().map(|path| path.to_string()).collect::<Vec<_>>(), fields.read_only.len())
        }
    };
    assert_eq!(fields(world.rules(hiding)).await, (vec!["name.given".to_owned(), "telecom".to_owned()], 1));
    let some = r#"{"name": "s", "types": ["Patient"], "acts": ["read", "update"], "criteria": "active=true", "clearance": "V"}"#;
    assert_eq!(fields(world.rules(&format!("{hiding}, {some}"))).await.0.len(), 2, "a rule about some patients opens nothing for all");
    let open = r#"{"name": "o", "types": ["Patient"], "acts": ["read"], "clearance": "V"}"#;
    assert_eq!(fields(world.rules(&format!("{hiding}, {open}"))).await, (Vec::new(), 1), "what another rule shows in all is shown");
    let denied = r#"{"name": "d", "effect": "deny", "types": ["Patient"], "hidden": ["Patient.telecom"]}"#;
    assert_eq!(fields(world.rules(&format!("{denied}, {open}"))).await.0, ["telecom"], "what is denied is hidden always");
}

#[tokio::test]
async fn operations() {
    let world = hospital().await;
    let grant = world.grant(&world.rules(r#"{"name": "r", "operations": ["$expunge", "purge"]}"#)).await;
    assert!(grant.allows_operation("expunge") && grant.allows_operation("purge") && !grant.allows_operation("import"));
    let all = r#"{"name": "r", "operations": ["*"]}, {"name": "n", "operations": ["purge", "import"]}"#;
    assert!(world.grant(&world.rules(all)).await.allows_operation("anything"));
    let but = format!(r#"{all}, {{"name": "d", "effect": "deny", "operations": ["purge"]}}"#);
    let grant = world.grant(&world.rules(&but)).await;
    assert!(!grant.allows_operation("purge") && !grant.allows_operation("anything") && grant.allows_operation("import"));
}

mod hours;
