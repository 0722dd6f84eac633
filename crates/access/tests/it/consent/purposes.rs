//! What for: some purposes need a consent, others a denial.

use access::{Act, Principal};

use super::{ALL, doctor, hospital, of, provision, seen};

fn purpose(principal: &Principal, code: &str) -> Principal {
    Principal { purpose: Some(code.into()), ..principal.clone() }
}

#[tokio::test]
async fn research_needs_a_consent() {
    let world = hospital().await;
    let doctor = doctor(&world);
    for code in ["TREAT", "HPAYMT", "HOPERAT", "PATRQT", "ETREAT"] {
        assert_eq!(seen(&world, &purpose(&doctor, code)).await, ALL, "{code}");
    }
    let researcher = purpose(&doctor, "HRESCH");
    for code in ["HRESCH", "HMARKT", "CLINTRCH", "PurposeOfUse", "nonsense"] {
        assert!(seen(&world, &purpose(&doctor, code)).await.is_empty(), "{code}");
    }
    assert_eq!(world.may(&researcher, Act::Read, "Practitioner").await, ["p"], "what is nobody's is open");
    assert!(world.may(&researcher, Act::Read, "Patient").await.is_empty());
    world.put(&[&provision("c", r#""type":"permit","purpose":[{"code":"HRESCH"}]"#)]).await;
    assert_eq!(seen(&world, &researcher).await, ["o-ada", "o-old", "c-ada"]);
    assert_eq!(world.may(&researcher, Act::Read, "Patient").await, ["ada"]);
    assert!(seen(&world, &purpose(&doctor, "HMARKT")).await.is_empty());
}

#[tokio::test]
async fn a_permission_may_have_exceptions() {
    let world = hospital().await;
    let researcher = purpose(&doctor(&world), "HRESCH");
    let inside = r#""type":"permit","purpose":[{"code":"HRESCH"}],"provision":[{"type":"deny","code":[{"coding":[{"system":"http://loinc.org","code":"hiv"}]}]}]"#;
    world.put(&[&provision("c", inside)]).await;
    assert_eq!(seen(&world, &researcher).await, ["o-old", "c-ada"]);
}

#[tokio::test]
async fn a_denial_beats_a_permission() {
    let world = hospital().await;
    let researcher = purpose(&doctor(&world), "HRESCH");
    world
        .put(&[
            &provision("yes", r#""type":"permit""#),
            &of(
                "ada",
                "no",
                r#","provision":{"type":"deny","class":[{"system":"http://hl7.org/fhir/resource-types","code":"Observation"}]}"#,
            ),
        ])
        .await;
    assert_eq!(seen(&world, &researcher).await, ["c-ada"]);
}

#[tokio::test]
async fn a_denial_for_a_purpose() {
    let world = hospital().await;
    let doctor = doctor(&world);
    world.put(&[&provision("c", r#""type":"deny","purpose":[{"code":"HPAYMT"}]"#)]).await;
    assert_eq!(seen(&world, &purpose(&doctor, "TREAT")).await, ALL);
    assert_eq!(seen(&world, &purpose(&doctor, "HPAYMT")).await, ["o-bob"]);
    assert_eq!(seen(&world, &doctor).await, ["o-bob"], "nobody said what for");
}

#[tokio::test]
async fn a_denial_of_acts() {
    let world = hospital().await;
    let doctor = doctor(&world);
    world.put(&[&provision("c", r#""type":"deny","action":[{"coding":[{"code":"correct"}]}]"#)]).await;
    assert_eq!(seen(&world, &doctor).await, ALL);
    assert_eq!(world.may(&doctor, Act::Update, "Observation").await, ["o-bob"]);
    world.put(&[&provision("c", r#""type":"deny","action":[{"coding":[{"code":"disclose"}]}]"#)]).await;
    assert_eq!(world.may(&doctor, Act::Update, "Observation").await.len(), 3);
    assert_eq!(seen(&world, &doctor).await, ["o-bob"]);
}

#[tokio::test]
async fn operations_are_closed_where_a_consent_is_needed() {
    let world = hospital().await;
    let doctor = doctor(&world);
    world.access.put_user(crate::world::TENANT, "u", vec![crate::world::policy(r#"{"name": "o", "operations": ["*"]}"#)]);
    assert!(world.grant(&doctor).await.allows_operation("expunge"));
    assert!(!world.grant(&purpose(&doctor, "HRESCH")).await.allows_operation("expunge"));
}
