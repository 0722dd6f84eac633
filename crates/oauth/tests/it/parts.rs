//! Parts of scopes: what may be granted in place of a whole one, and what of it comes.

use oauth::authorize::{Decision, Done};
use oauth::scopes::{chosen, parts};

use crate::house::{Endpoint, House, START, error, param, text, told};

const VITAL: &str = "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs";

fn list(scopes: &[&str]) -> Vec<String> {
    scopes.iter().map(|scope| (*scope).to_owned()).collect()
}

fn texts(scope: &str) -> Vec<String> {
    parts(scope).into_iter().map(|part| part.scope).collect()
}

#[test]
fn a_scope_for_a_type_has_the_categories_of_us_core() {
    let condition = texts("user/Condition.rs");
    let expected = [
        "user/Condition.rs?category=http://terminology.hl7.org/CodeSystem/condition-category|encounter-diagnosis",
        "user/Condition.rs?category=http://hl7.org/fhir/us/core/CodeSystem/condition-category|health-concern",
        "user/Condition.rs?category=http://terminology.hl7.org/CodeSystem/condition-category|problem-list-item",
    ];
    assert_eq!(condition, expected);
    let codes = ["laboratory", "social-history", "sdoh", "survey", "vital-signs"];
    let observation = texts("patient/Observation.read");
    assert_eq!(observation.len(), 5);
    for (part, code) in observation.iter().zip(codes) {
        assert!(part.starts_with("patient/Observation.rs?category=http://") && part.ends_with(&format!("|{code}")), "{part}");
    }
    for none in ["patient/Patient.rs", "openid", "launch/patient", "patient/Observation.rs?category=laboratory", "not a scope", ""] {
        assert!(parts(none).is_empty(), "{none}");
    }
}

#[test]
fn a_scope_for_all_types_has_types_and_each_part_is_within_it() {
    for whole in ["patient/*.rs", "user/*.read", "patient/*.cruds"] {
        let all = texts(whole);
        assert!(all.len() > 30 && all.contains(&whole.replace('*', "Immunization")), "{all:?}");
        let outer = access::Scopes::parse(whole).unwrap().resources.remove(0);
        for part in all {
            let inner = access::Scopes::parse(&part).unwrap().resources.remove(0);
            assert!(outer.covers(&inner) && !inner.covers(&outer), "{part}");
        }
    }
}

#[test]
fn what_is_ticked_is_granted_in_its_parts_and_nothing_else() {
    let asked = list(&["openid", "patient/Observation.rs", "patient/*.rs"]);
    let part = |of: &str, part: &str| (of.to_owned(), part.to_owned());
    assert_eq!(chosen(&asked, &asked, &[]), asked);
    assert_eq!(chosen(&asked, &list(&["patient/Observation.rs"]), &[part("patient/Observation.rs", VITAL)]), [VITAL]);
    assert_eq!(chosen(&asked, &list(&["openid"]), &[part("patient/Observation.rs", VITAL)]), ["openid"], "the whole is not ticked");
    let both = [part("patient/*.rs", "patient/Observation.rs"), part("patient/*.rs", VITAL)];
    assert_eq!(chosen(&asked, &list(&["patient/*.rs"]), &both), ["patient/Observation.rs"], "one has the other in it");
    let foreign = [part("user/*.rs", "user/Patient.rs")];
    assert_eq!(chosen(&asked, &list(&["system/*.rs"]), &foreign), ["system/*.rs", "user/Patient.rs"], "to be refused");
}

#[tokio::test]
async fn a_code_is_for_the_parts_and_a_refresh_never_widens_them() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let asked = house.begin(&client, &[("scope", "patient/Observation.rs offline_access")]).await.unwrap();
    let decision = |scopes: &[&str]| Decision { scopes: list(scopes), patient: Some("pat-1".to_owned()), encounter: None };
    let wider = decision(&["patient/Observation.cruds?category=vital-signs"]);
    assert_eq!(told(house.provider.finish(&house.site, &asked, &house.ada, START, &wider).await.unwrap_err()), "access_denied");
    let narrowed = decision(&[VITAL, "offline_access"]);
    let Ok(Done::Redirect(address)) = house.provider.finish(&house.site, &asked, &house.ada, START, &narrowed).await else { panic!() };
    let reply = house.redeem(&client, &param(&address, "code").unwrap()).await;
    assert_eq!(text(&reply, "scope"), format!("{VITAL} offline_access"));
    let reply = house.refresh(&client, &text(&reply, "refresh_token")).await;
    assert_eq!(text(&reply, "scope"), format!("{VITAL} offline_access"));
    let refresh = text(&reply, "refresh_token");
    let pairs =
        [("grant_type", "refresh_token"), ("client_id", &*client), ("refresh_token", &*refresh), ("scope", "patient/Observation.rs")];
    assert_eq!(error(&house.post(Endpoint::Token, &pairs).await), "invalid_scope");
}

#[tokio::test]
async fn what_was_chosen_is_remembered_for_the_client_and_the_user_for_a_year() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let (other, _) = house.client(|_| {}).await;
    let scope = [("scope", "patient/Observation.rs patient/Patient.rs patient/Condition.rs")];
    let asked = house.begin(&client, &scope).await.unwrap();
    let earlier = house.provider.earlier(&house.site, &asked, &house.ada).await.unwrap();
    assert!(!earlier.is_there() && earlier.granted("patient/Observation.rs"));
    let decision = Decision { scopes: list(&[VITAL, "patient/Patient.rs"]), patient: Some("pat-1".to_owned()), encounter: None };
    house.provider.finish(&house.site, &asked, &house.ada, START, &decision).await.unwrap();
    let earlier = house.provider.earlier(&house.site, &asked, &house.ada).await.unwrap();
    assert!(earlier.is_there() && earlier.granted("patient/Observation.rs") && earlier.granted("patient/Patient.rs"));
    assert!(!earlier.granted("patient/Condition.rs") && !earlier.is_new("patient/Condition.rs"));
    assert!(earlier.is_new("patient/Immunization.rs") && earlier.granted("patient/Immunization.rs"));
    let parts = parts("patient/Observation.rs");
    let ticked: Vec<bool> = parts.iter().map(|part| earlier.chose("patient/Observation.rs", part)).collect();
    assert_eq!(ticked, [false, false, false, false, true]);
    let others = house.begin(&other, &scope).await.unwrap();
    assert!(!house.provider.earlier(&house.site, &others, &house.ada).await.unwrap().is_there(), "another client");
    assert!(!house.provider.earlier(&house.site, &asked, &house.pat).await.unwrap().is_there(), "another user");
    house.clock.move_seconds(365 * 86_400);
    assert!(!house.provider.earlier(&house.site, &asked, &house.ada).await.unwrap().is_there());
}
