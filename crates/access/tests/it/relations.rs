//! Who takes care of whom.

use access::Act;

use crate::world::{NOW, World, key};

const RULE: &str = r#"{"name": "r", "types": ["Patient", "Observation", "Appointment"], "acts": ["read"], "relations": ["care-team"]}"#;

/// The patients whom Practitioner/p sees when this is in the store.
async fn seen(resources: &[&str]) -> Vec<String> {
    let world = World::new();
    world.put(&[r#"{"resourceType":"Patient","id":"ada"}"#, r#"{"resourceType":"Patient","id":"bob"}"#]).await;
    world.put(resources).await;
    let principal = access::Principal { fhir_user: Some(key("Practitioner/p")), ..world.rules(RULE) };
    world.may(&principal, Act::Read, "Patient").await
}

fn of(resource: &str) -> String {
    resource.replace("ADA", r#"{"reference":"Patient/ada"}"#).replace("ME", r#"{"reference":"Practitioner/p"}"#)
}

#[tokio::test]
async fn each_relation_and_its_end() {
    let day = |days: i64| fhir::primitive::instant_text(NOW - days * 86_400_000)[..10].to_owned();
    let (recent, long_ago) = (day(20), day(40));
    let visit = |status: &str, end: &str| {
        format!(
            r#"{{"resourceType":"Encounter","id":"e","status":"{status}","class":{{"code":"AMB"}},"subject":ADA,"participant":[{{"individual":ME}}],"period":{{"start":"2020-01-01","end":"{end}"}}}}"#
        )
    };
    let cases = [
        (r#"{"resourceType":"CareTeam","id":"t","status":"active","subject":ADA,"participant":[{"member":ME}]}"#.to_owned(), true),
        (r#"{"resourceType":"CareTeam","id":"t","status":"inactive","subject":ADA,"participant":[{"member":ME}]}"#.to_owned(), false),
        (r#"{"resourceType":"CareTeam","id":"t","status":"active","subject":ADA,"participant":[{"member":{"reference":"Practitioner/q"}}]}"#.to_owned(), false),
        (visit("finished", &recent), true),
        (visit("finished", &long_ago), false),
        (visit("cancelled", &recent), false),
        (r#"{"resourceType":"Encounter","id":"e","status":"in-progress","class":{"code":"IMP"},"subject":ADA,"participant":[{"individual":ME}]}"#.to_owned(), true),
        (r#"{"resourceType":"ServiceRequest","id":"s","status":"active","intent":"order","subject":ADA,"performer":[ME]}"#.to_owned(), true),
        (r#"{"resourceType":"ServiceRequest","id":"s","status":"completed","intent":"order","subject":ADA,"performer":[ME]}"#.to_owned(), false),
        (format!(r#"{{"resourceType":"Appointment","id":"a","status":"booked","start":"{recent}T10:00:00Z","participant":[{{"actor":ADA}},{{"actor":ME}}]}}"#), true),
        (format!(r#"{{"resourceType":"Appointment","id":"a","status":"noshow","start":"{recent}T10:00:00Z","participant":[{{"actor":ADA}},{{"actor":ME}}]}}"#), false),
        (format!(r#"{{"resourceType":"Appointment","id":"a","status":"fulfilled","start":"{long_ago}T10:00:00Z","participant":[{{"actor":ADA}},{{"actor":ME}}]}}"#), false),
    ];
    for (resource, expected) in cases {
        let found = seen(&[&of(&resource)]).await;
        assert_eq!(found, if expected { vec!["ada"] } else { Vec::new() }, "{resource}");
    }
}

#[tokio::test]
async fn a_role_of_theirs_names_them() {
    let role = r#"{"resourceType":"PractitionerRole","id":"gp","practitioner":ME}"#;
    let patient = r#"{"resourceType":"Patient","id":"ada","generalPractitioner":[{"reference":"PractitionerRole/gp"}]}"#;
    assert_eq!(seen(&[&of(role), patient]).await, ["ada"]);
}

#[tokio::test]
async fn what_is_about_the_patient_is_seen() {
    let world = World::new();
    world
        .put(&[
            r#"{"resourceType":"Patient","id":"ada","generalPractitioner":[{"reference":"Practitioner/p"}]}"#,
            r#"{"resourceType":"Patient","id":"bob"}"#,
            r#"{"resourceType":"Observation","id":"o-ada","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ada"}}"#,
            r#"{"resourceType":"Observation","id":"o-bob","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/bob"},"performer":[{"reference":"Patient/ada"}]}"#,
        ])
        .await;
    let principal = access::Principal { fhir_user: Some(key("Practitioner/p")), ..world.rules(RULE) };
    assert_eq!(world.may(&principal, Act::Read, "Observation").await, ["o-ada"]);
    for who in ["Patient/ada", "RelatedPerson/p", "Organization/p"] {
        let other = access::Principal { fhir_user: Some(key(who)), ..principal.clone() };
        assert!(world.may(&other, Act::Read, "Observation").await.is_empty(), "{who}");
    }
    assert!(world.may(&access::Principal { fhir_user: None, ..principal }, Act::Read, "Observation").await.is_empty());
}

#[tokio::test]
async fn a_relative_sees_the_patient_until_they_are_none() {
    let world = World::new();
    let relative =
        |active: &str| format!(r#"{{"resourceType":"RelatedPerson","id":"mum","patient":{{"reference":"Patient/ada"}}{active}}}"#);
    world.put(&[r#"{"resourceType":"Patient","id":"ada"}"#, r#"{"resourceType":"Patient","id":"bob"}"#, &relative("")]).await;
    let rule = r#"{"name": "r", "types": ["Patient"], "acts": ["read"], "relations": ["related-person"]}"#;
    let principal = access::Principal { fhir_user: Some(key("RelatedPerson/mum")), ..world.rules(rule) };
    assert_eq!(world.may(&principal, Act::Read, "Patient").await, ["ada"]);
    world.put(&[&relative(r#","active":false"#)]).await;
    assert!(world.may(&principal, Act::Read, "Patient").await.is_empty());
}

/// What comes of putting these, each new, under the rule that whoever takes care of a patient may do everything with their chart.
async fn written(resources: &[&str]) -> bool {
    let world = World::new();
    let rule = r#"{"name": "r", "types": ["clinical", "Encounter", "Appointment"], "acts": ["create", "read", "update", "search"], "relations": ["care-team"]},
        {"name": "p", "types": ["Patient"], "acts": ["create", "read", "search"]}"#;
    let team = of(r#"{"resourceType":"CareTeam","id":"of-ada","status":"active","subject":ADA,"participant":[{"member":ME}]}"#);
    world.put(&[r#"{"resourceType":"Patient","id":"ada"}"#, r#"{"resourceType":"Patient","id":"bob"}"#, &team]).await;
    let principal = access::Principal { fhir_user: Some(key("Practitioner/p")), ..world.rules(rule) };
    let gate = access::Gate::new(world.store.clone(), world.parameters.clone(), world.grant(&principal).await);
    let mut commit = store::commit::Commit::new(crate::world::TENANT, "test", "create");
    commit.put = resources.iter().map(|text| world.prepared(&of(text))).collect();
    commit.put.iter().filter(|put| &*put.key.id != "of-ada").for_each(|put| gate.mint(&put.key));
    let done = store::Store::commit(&gate, commit).await;
    match &done {
        Ok(_) => true,
        Err(store::commit::CommitError::Forbidden(_)) => false,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nobody_takes_a_patient_into_their_care_by_what_they_write() {
    let makes = [
        r#"{"resourceType":"CareTeam","id":"t","status":"active","subject":ADA,"participant":[{"member":ME}]}"#,
        r#"{"resourceType":"Encounter","id":"e","status":"in-progress","class":{"code":"IMP"},"subject":ADA,"participant":[{"individual":ME}]}"#,
        r#"{"resourceType":"ServiceRequest","id":"s","status":"active","intent":"order","subject":ADA,"performer":[ME]}"#,
        r#"{"resourceType":"Appointment","id":"a","status":"booked","start":"2026-11-24T10:00:00Z","participant":[{"actor":ADA},{"actor":ME}]}"#,
    ];
    let note = r#"{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"subject":ADA}"#;
    for make in makes {
        assert!(written(&[make]).await, "{make}");
        let of_bob = |text: &str| text.replace("ADA", r#"{"reference":"Patient/bob"}"#);
        assert!(!written(&[&of_bob(make)]).await, "{make}");
        assert!(!written(&[&of_bob(make), &of_bob(note)]).await, "{make}");
    }
    assert!(written(&[note]).await);
    let new = |text: &str| text.replace("ADA", r#"{"reference":"Patient/new"}"#);
    let patient = r#"{"resourceType":"Patient","id":"new","generalPractitioner":[ME]}"#;
    assert!(written(&[patient, &new(makes[1]), &new(note)]).await, "whose general practitioner they are");
    assert!(!written(&[r#"{"resourceType":"Patient","id":"new"}"#, &new(makes[1])]).await);
    let team =
        r#"{"resourceType":"CareTeam","id":"of-ada","status":"active","name":"changed","subject":ADA,"participant":[{"member":ME}]}"#;
    assert!(written(&[team]).await, "what a relation stands on may be changed in it");
}
