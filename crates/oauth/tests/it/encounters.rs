//! An encounter at a standalone launch: chosen after the patient, or none, and then nothing is said of one.

use oauth::Client;
use oauth::authorize::{Asked, Decision, Denied, Done, SignedIn, Step};
use oauth::launch::Opened;

use crate::house::{House, START, param, text, told};

const SCOPE: &str = "openid launch launch/patient launch/encounter offline_access patient/*.rs user/*.rs";

fn app(client: &mut Client) {
    SCOPE.clone_into(&mut client.scope);
}

async fn decided(house: &House, asked: &Asked, who: &SignedIn, patient: Option<&str>, encounter: Option<&str>) -> Result<String, Denied> {
    let owned = |id: &str| id.to_owned();
    let decision = Decision { scopes: asked.scopes.clone(), patient: patient.map(owned), encounter: encounter.map(owned) };
    match house.provider.finish(&house.site, asked, who, START, &decision).await? {
        Done::Redirect(address) => Ok(param(&address, "code").unwrap()),
        Done::Device => panic!("no device asked"),
    }
}

#[tokio::test]
async fn the_one_that_was_chosen_is_told_with_the_token_and_each_refresh() {
    let house = House::new().await;
    let (client, _) = house.client(app).await;
    let asks = [("scope", "launch/patient launch/encounter offline_access patient/*.rs")];
    let asked = house.begin(&client, &asks).await.unwrap();
    assert!(asked.must_choose_encounter() && asked.left_out.is_empty());
    let code = decided(&house, &asked, &house.ada, Some("pat-1"), Some("enc-7")).await.unwrap();
    let reply = house.redeem(&client, &code).await;
    assert_eq!((text(&reply, "patient"), text(&reply, "encounter")), ("pat-1".into(), "enc-7".into()));
    assert_eq!(text(&reply, "scope"), asks[0].1);
    let principal = house.provider.bearer(house.site.tenant, &text(&reply, "access_token")).await.unwrap();
    assert_eq!(principal.encounter.as_deref(), Some("enc-7"));
    let again = house.refresh(&client, &text(&reply, "refresh_token")).await;
    assert_eq!((text(&again, "patient"), text(&again, "encounter")), ("pat-1".into(), "enc-7".into()));
}

#[tokio::test]
async fn who_chooses_none_grants_no_scope_for_one() {
    let house = House::new().await;
    let (client, _) = house.client(app).await;
    let asked = house.begin(&client, &[("scope", "launch/patient launch/encounter patient/*.rs")]).await.unwrap();
    let reply = house.redeem(&client, &decided(&house, &asked, &house.ada, Some("pat-1"), None).await.unwrap()).await;
    assert_eq!((text(&reply, "scope"), text(&reply, "encounter")), ("launch/patient patient/*.rs".into(), String::new()));
    let alone = house.begin(&client, &[("scope", "launch/encounter")]).await.unwrap();
    assert_eq!(told(decided(&house, &alone, &house.ada, Some("pat-1"), None).await.unwrap_err()), "access_denied");
}

#[tokio::test]
async fn for_an_encounter_alone_a_patient_is_chosen_and_not_told() {
    let house = House::new().await;
    let (client, _) = house.client(app).await;
    let asked = house.begin(&client, &[("scope", "launch/encounter user/*.rs")]).await.unwrap();
    assert_eq!(asked.step(&house.site, Some(&house.ada), START, START), Ok(Step::Ask { patient: true }));
    let reply = house.redeem(&client, &decided(&house, &asked, &house.ada, Some("pat-1"), Some("enc-7")).await.unwrap()).await;
    assert_eq!((text(&reply, "encounter"), text(&reply, "patient")), ("enc-7".into(), String::new()));
    // Whoever is a patient chooses among their own.
    assert_eq!(asked.step(&house.site, Some(&house.pat), START, START), Ok(Step::Ask { patient: false }));
}

#[tokio::test]
async fn who_is_approved_beforehand_asks_for_it_all_the_same() {
    let house = House::new().await;
    let approved = |client: &mut Client| {
        app(client);
        client.preapproved = true;
    };
    let (client, _) = house.client(approved).await;
    let asks = ("scope", "launch/encounter user/*.rs");
    let asked = house.begin(&client, &[asks]).await.unwrap();
    assert_eq!(asked.step(&house.site, Some(&house.pat), START, START), Ok(Step::Ask { patient: false }));
    let silent = house.begin(&client, &[asks, ("prompt", "none")]).await.unwrap();
    assert_eq!(told(silent.step(&house.site, Some(&house.pat), START, START).unwrap_err()), "interaction_required");
}

#[tokio::test]
async fn what_is_no_id_and_what_was_not_asked_for_is_told_to_nobody() {
    let house = House::new().await;
    let (client, _) = house.client(app).await;
    let asked = house.begin(&client, &[("scope", "launch/patient launch/encounter")]).await.unwrap();
    for wrong in ["", "../Patient/1", "Encounter/7", "a b"] {
        let refused = decided(&house, &asked, &house.ada, Some("pat-1"), Some(wrong)).await.unwrap_err();
        assert_eq!(told(refused), "access_denied", "{wrong}");
    }
    let without = house.begin(&client, &[("scope", "launch/patient")]).await.unwrap();
    let reply = house.redeem(&client, &decided(&house, &without, &house.ada, Some("pat-1"), Some("enc-7")).await.unwrap()).await;
    assert_eq!(text(&reply, "encounter"), "");
    // What the record system has open counts, and is not chosen anew.
    let opened = Opened { patient: Some("pat-1".to_owned()), needs_banner: true, ..Opened::default() };
    let address = house.provider.launch(&house.site, &client, &house.ada.user, opened).await.unwrap();
    let launch = param(&address, "launch").unwrap();
    let asked = house.begin(&client, &[("scope", "launch launch/encounter"), ("launch", &launch)]).await.unwrap();
    assert_eq!((asked.must_choose_encounter(), asked.left_out.as_slice()), (false, ["launch/encounter".to_owned()].as_slice()));
}
