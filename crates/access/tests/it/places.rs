//! Roles that hold in a facility or a department.

use access::{Act, Principal};

use crate::world::{World, assignment, user};

async fn hospital() -> World {
    let world = World::new();
    world
        .put(&[
            r#"{"resourceType":"Organization","id":"north"}"#,
            r#"{"resourceType":"Organization","id":"south"}"#,
            r#"{"resourceType":"Organization","id":"surgery","partOf":{"reference":"Organization/north"}}"#,
            r#"{"resourceType":"Location","id":"ward","managingOrganization":{"reference":"Organization/surgery"}}"#,
            r#"{"resourceType":"Location","id":"room","partOf":{"reference":"Location/ward"}}"#,
            r#"{"resourceType":"Location","id":"bed","partOf":{"reference":"Location/room"}}"#,
            r#"{"resourceType":"Patient","id":"ada"}"#,
            r#"{"resourceType":"Patient","id":"bob"}"#,
            r#"{"resourceType":"Patient","id":"new","managingOrganization":{"reference":"Organization/north"}}"#,
            r#"{"resourceType":"Encounter","id":"e-north","status":"in-progress","class":{"code":"IMP"},"subject":{"reference":"Patient/ada"},"serviceProvider":{"reference":"Organization/surgery"}}"#,
            r#"{"resourceType":"Encounter","id":"e-bed","status":"in-progress","class":{"code":"IMP"},"subject":{"reference":"Patient/ada"},"location":[{"location":{"reference":"Location/bed"}}]}"#,
            r#"{"resourceType":"Encounter","id":"e-south","status":"in-progress","class":{"code":"IMP"},"subject":{"reference":"Patient/bob"},"serviceProvider":{"reference":"Organization/south"}}"#,
            r#"{"resourceType":"Observation","id":"o-north","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ada"},"encounter":{"reference":"Encounter/e-north"}}"#,
            r#"{"resourceType":"Observation","id":"o-south","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/bob"},"encounter":{"reference":"Encounter/e-south"}}"#,
            r#"{"resourceType":"Observation","id":"o-ada","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ada"}}"#,
            r#"{"resourceType":"Observation","id":"o-bob","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/bob"}}"#,
            r#"{"resourceType":"AllergyIntolerance","id":"a-ada","patient":{"reference":"Patient/ada"}}"#,
            r#"{"resourceType":"AllergyIntolerance","id":"a-bob","patient":{"reference":"Patient/bob"}}"#,
            r#"{"resourceType":"PractitionerRole","id":"r-north","organization":{"reference":"Organization/surgery"}}"#,
            r#"{"resourceType":"PractitionerRole","id":"r-south","organization":{"reference":"Organization/south"}}"#,
            r#"{"resourceType":"Schedule","id":"s-north","actor":[{"reference":"Location/ward"}]}"#,
            r#"{"resourceType":"Schedule","id":"s-south","actor":[{"reference":"Practitioner/x"}]}"#,
            r#"{"resourceType":"Slot","id":"t-north","schedule":{"reference":"Schedule/s-north"},"status":"free"}"#,
            r#"{"resourceType":"Slot","id":"t-south","schedule":{"reference":"Schedule/s-south"},"status":"free"}"#,
            r#"{"resourceType":"Medication","id":"m"}"#,
        ])
        .await;
    world
}

fn physician(facility: Option<&str>, department: Option<&str>) -> Principal {
    Principal { roles: vec![assignment("physician", facility, department)], ..user("u", Some("Practitioner/p")) }
}

#[tokio::test]
async fn a_facility_limits_every_type_that_leads_to_one() {
    let world = hospital().await;
    let north = physician(Some("Organization/north"), None);
    for (name, expected) in [
        ("Organization", vec!["north", "surgery"]),
        ("Location", vec!["ward"]),
        ("Encounter", vec!["e-north"]),
        ("Patient", vec!["ada", "new"]),
        ("Observation", vec!["o-ada", "o-north"]),
        ("AllergyIntolerance", vec!["a-ada"]),
        ("PractitionerRole", vec!["r-north"]),
        ("Schedule", vec!["s-north"]),
        ("Slot", vec!["t-north"]),
        ("Medication", vec!["m"]),
    ] {
        assert_eq!(world.may(&north, Act::Search, name).await, expected, "{name}");
    }
}

#[tokio::test]
async fn a_department_may_be_a_location() {
    let world = hospital().await;
    let ward = physician(None, Some("Location/ward"));
    assert_eq!(world.may(&ward, Act::Read, "Location").await, ["bed", "room", "ward"]);
    assert_eq!(world.may(&ward, Act::Read, "Encounter").await, ["e-bed"]);
    assert_eq!(world.may(&ward, Act::Read, "Organization").await, ["surgery"]);
    assert_eq!(world.may(&ward, Act::Read, "Patient").await, ["ada"]);
}

#[tokio::test]
async fn of_two_places_both_hold_and_of_two_assignments_either() {
    let world = hospital().await;
    let both = physician(Some("Organization/south"), Some("Location/ward"));
    assert!(world.may(&both, Act::Read, "Encounter").await.is_empty());
    let mut either = physician(Some("Organization/south"), None);
    either.roles.push(assignment("physician", None, Some("Location/ward")));
    assert_eq!(world.may(&either, Act::Read, "Encounter").await, ["e-bed", "e-south"]);
}

#[tokio::test]
async fn nothing_is_in_a_place_that_is_none() {
    let world = hospital().await;
    for place in ["Patient/ada", "Organization/elsewhere", "Practitioner/p"] {
        assert!(world.may(&physician(Some(place), None), Act::Read, "Encounter").await.is_empty(), "{place}");
    }
}

#[tokio::test]
async fn an_emergency_is_treated_anywhere() {
    let world = hospital().await;
    let broken = crate::world::breaking(physician(Some("Organization/north"), None), "bob");
    assert_eq!(world.may(&broken, Act::Read, "Observation").await, ["o-ada", "o-bob", "o-north", "o-south"]);
}
