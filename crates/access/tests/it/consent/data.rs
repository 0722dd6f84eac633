//! Which data a provision is about.

use super::{ALL, doctor, hospital, provision, seen};

#[tokio::test]
async fn each_kind_of_data() {
    let world = hospital().await;
    let doctor = doctor(&world);
    let cases: [(&str, &[&str]); 10] = [
        (r#""class":[{"system":"http://hl7.org/fhir/resource-types","code":"Condition"}]"#, &["o-ada", "o-bob", "o-old"]),
        (r#""code":[{"coding":[{"system":"http://loinc.org","code":"hiv"}]}]"#, &["o-bob", "o-old", "c-ada"]),
        (r#""code":[{"coding":[{"system":"http://other","code":"hiv"}]}]"#, &ALL),
        (r#""securityLabel":[{"system":"urn:x","code":"PSY"}]"#, &["o-ada", "o-bob", "o-old"]),
        (r#""dataPeriod":{"start":"2026-01-01"}"#, &["o-bob", "o-old", "c-ada"]),
        (r#""dataPeriod":{"start":"2026-01-01"},"class":[{"system":"http://hl7.org/fhir/resource-types","code":"Condition"}]"#, &ALL),
        (r#""data":[{"meaning":"instance","reference":{"reference":"Observation/o-old"}}]"#, &["o-ada", "o-bob", "c-ada"]),
        (r#""class":[{"system":"urn:something","code":"discharge"}]"#, &["o-bob"]),
        (r#""code":[{"text":"whatever"}]"#, &["o-bob"]),
        (r#""data":[{"meaning":"instance","reference":{"display":"that one"}}]"#, &["o-bob"]),
    ];
    for (data, expected) in cases {
        world.put(&[&provision("c", &format!(r#""type":"deny",{data}"#))]).await;
        assert_eq!(seen(&world, &doctor).await, expected, "{data}");
    }
}

#[tokio::test]
async fn an_exception_takes_its_data_out() {
    let world = hospital().await;
    let doctor = doctor(&world);
    let but = |data: &str| provision("c", &format!(r#""type":"deny","provision":[{{"type":"permit",{data}}}]"#));
    world.put(&[&but(r#""code":[{"coding":[{"system":"http://loinc.org","code":"pulse"}]}]"#)]).await;
    assert_eq!(seen(&world, &doctor).await, ["o-bob", "o-old"]);
    world.put(&[&but(r#""code":[{"text":"whatever"}]"#)]).await;
    assert_eq!(seen(&world, &doctor).await, ["o-bob"], "what cannot be understood permits nothing");
}

#[tokio::test]
async fn what_refers_to_it_goes_with_it() {
    let world = hospital().await;
    world
        .put(&[r#"{"resourceType":"Observation","id":"o-derived","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ada"},"derivedFrom":[{"reference":"Observation/o-old"}]}"#])
        .await;
    let doctor = doctor(&world);
    world.put(&[&provision("c", r#""type":"deny","data":[{"meaning":"related","reference":{"reference":"Observation/o-old"}}]"#)]).await;
    assert_eq!(seen(&world, &doctor).await, ["o-ada", "o-bob", "c-ada"]);
}

#[tokio::test]
async fn letters_that_mean_something_in_a_search_are_letters() {
    let world = hospital().await;
    let doctor = doctor(&world);
    for code in ["a,http://loinc.org|hiv", "x|y$z", "\\\\"] {
        world
            .put(&[&provision("c", &format!(r#""type":"deny","code":[{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}]"#))])
            .await;
        assert_eq!(seen(&world, &doctor).await, ALL, "{code}");
    }
}
