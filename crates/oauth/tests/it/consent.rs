//! What a user grants: what was asked for or less, for a patient whom they may choose.

use oauth::authorize::{Asked, Decision, Denied, Done, Step};
use oauth::scopes::sentence;

use crate::house::{House, START, is_shown, param, text, told};

async fn finish(house: &House, asked: &Asked, scopes: &[&str], patient: Option<&str>) -> Result<Done, Denied> {
    let decision =
        Decision { scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(), patient: patient.map(str::to_owned), encounter: None };
    house.provider.finish(&house.site, asked, &house.ada, START, &decision).await
}

#[tokio::test]
async fn scopes_that_the_client_may_not_have_are_left_out_and_named() {
    let house = House::new().await;
    let (client, _) = house.client(|client| client.scope = "openid patient/Observation.rs".to_owned()).await;
    let asked =
        house.begin(&client, &[("scope", "openid offline_access patient/*.cruds patient/Condition.r launch/encounter")]).await.unwrap();
    assert_eq!(asked.scopes, ["openid", "patient/Observation.rs"]);
    assert_eq!(asked.left_out, ["offline_access", "patient/Condition.r", "launch/encounter"]);
}

#[tokio::test]
async fn what_version_one_calls_its_scopes_stays_as_it_was_written() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let asked = house.begin(&client, &[("scope", "launch/patient patient/Observation.read patient/*.*")]).await.unwrap();
    assert_eq!(asked.scopes, ["launch/patient", "patient/Observation.read", "patient/*.*"]);
}

#[tokio::test]
async fn a_user_grants_less_and_the_answer_says_so() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let asked = house.begin(&client, &[("scope", "openid launch/patient patient/Observation.rs patient/Condition.rs")]).await.unwrap();
    let narrower = "patient/Observation.rs?category=laboratory";
    let Ok(Done::Redirect(address)) = finish(&house, &asked, &["launch/patient", narrower], Some("pat-1")).await else { panic!() };
    let reply = house.redeem(&client, &param(&address, "code").unwrap()).await;
    assert_eq!(text(&reply, "scope"), format!("launch/patient {narrower}"));
    assert_eq!(text(&reply, "id_token"), "");
    let principal = house.provider.bearer(house.site.tenant, &text(&reply, "access_token")).await.unwrap();
    assert_eq!(principal.scopes.as_ref().unwrap().resources.len(), 1);
}

#[tokio::test]
async fn more_than_was_asked_for_is_never_granted() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let asked = house.begin(&client, &[("scope", "launch/patient patient/Observation.rs?category=laboratory")]).await.unwrap();
    for scope in [
        "patient/Observation.rs",
        "patient/Observation.cruds?category=laboratory",
        "patient/*.rs",
        "user/Observation.rs?category=laboratory",
        "system/*.cruds",
        "offline_access",
        "openid",
        "patient/Observation.rs?category=vital-signs",
    ] {
        assert_eq!(told(finish(&house, &asked, &["launch/patient", scope], Some("pat-1")).await.unwrap_err()), "access_denied", "{scope}");
    }
    assert_eq!(told(finish(&house, &asked, &[], Some("pat-1")).await.unwrap_err()), "access_denied");
    assert_eq!(told(finish(&house, &asked, &["patient/Observation"], Some("pat-1")).await.unwrap_err()), "invalid_scope");
}

#[tokio::test]
async fn a_patient_must_be_chosen_and_a_patient_is_their_own() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let asked = house.begin(&client, &[("scope", "launch/patient patient/*.rs")]).await.unwrap();
    for patient in [None, Some(""), Some("a/b"), Some("pat 1"), Some("pat-1&x=1")] {
        assert_eq!(told(finish(&house, &asked, &["patient/*.rs"], patient).await.unwrap_err()), "access_denied", "{patient:?}");
    }
    assert_eq!(asked.step(&house.site, Some(&house.pat), START, START), Ok(Step::Ask { patient: false }));
    let own = Decision { scopes: asked.scopes.clone(), patient: None, encounter: None };
    let Ok(Done::Redirect(address)) = house.provider.finish(&house.site, &asked, &house.pat, START, &own).await else { panic!() };
    let reply = house.redeem(&client, &param(&address, "code").unwrap()).await;
    assert_eq!(text(&reply, "patient"), "pat-1");
    let other = Decision { scopes: asked.scopes.clone(), patient: Some("pat-2".to_owned()), encounter: None };
    assert_eq!(told(house.provider.finish(&house.site, &asked, &house.pat, START, &other).await.unwrap_err()), "access_denied");
}

#[tokio::test]
async fn a_request_without_patient_scopes_needs_none() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let asked = house.begin(&client, &[("scope", "openid user/Patient.rs")]).await.unwrap();
    assert_eq!(asked.step(&house.site, Some(&house.ada), START, START), Ok(Step::Ask { patient: false }));
    let Ok(Done::Redirect(address)) = finish(&house, &asked, &["user/Patient.rs"], None).await else { panic!() };
    let reply = house.redeem(&client, &param(&address, "code").unwrap()).await;
    assert_eq!(text(&reply, "patient"), "");
}

#[tokio::test]
async fn who_lost_their_part_in_the_tenant_grants_nothing() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let asked = house.begin(&client, &[]).await.unwrap();
    house.change_user("ada", |user| user.memberships.clear()).await;
    assert_eq!(told(house.grant(&asked, &house.ada).await.unwrap_err()), "access_denied");
}

#[tokio::test]
async fn a_refusal_goes_back_to_the_client() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let asked = house.begin(&client, &[]).await.unwrap();
    let denied = house.provider.refuse(&house.site, &asked).await.unwrap_err();
    assert!(!is_shown(&denied));
    assert_eq!(told(denied), "access_denied");
}

#[test]
fn each_scope_is_a_sentence() {
    assert_eq!(sentence("openid"), "Know that it is you who signs in.");
    assert!(sentence("patient/Observation.rs").starts_with("See and search measurements"));
    assert_eq!(sentence("something"), "something");
}
