//! Authorization requests: what is understood, what is refused, and who is told.

use oauth::authorize::{Done, Step};

use crate::house::{House, START, param, text};

#[tokio::test]
async fn a_code_goes_back_with_state_and_issuer_and_becomes_tokens() {
    let house = House::new().await;
    let (client, _) = house.client(|_| {}).await;
    let asked = house.begin(&client, &[]).await.unwrap();
    assert_eq!(asked.step(&house.site, None, START, START), Ok(Step::SignIn));
    assert_eq!(asked.step(&house.site, Some(&house.ada), START, START), Ok(Step::Ask { patient: true }));
    let Ok(Done::Redirect(address)) = house.grant(&asked, &house.ada).await else { panic!() };
    assert!(address.starts_with("https://app.example/back?code=ward_ac_"), "{address}");
    assert_eq!(param(&address, "state").as_deref(), Some("s-1"));
    assert_eq!(param(&address, "iss").as_deref(), Some("https://ward.example"));
    let reply = house.redeem(&client, &param(&address, "code").unwrap()).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.max_age_seconds, None);
    assert_eq!(text(&reply, "token_type"), "Bearer");
    assert_eq!(text(&reply, "scope"), "openid fhirUser launch/patient offline_access patient/*.rs");
    assert_eq!(text(&reply, "patient"), "pat-1");
    assert_eq!(text(&reply, "id_token").split('.').count(), 3);
    assert_eq!(reply.body.as_ref().unwrap().get("expires_in").unwrap().as_number(), Some("900"));
    let principal = house.provider.bearer(house.site.tenant, &text(&reply, "access_token")).await.unwrap();
    assert_eq!(principal.user.as_deref(), Some("ada"));
    assert_eq!(principal.client.as_deref(), Some(&*client));
    assert_eq!(principal.patient.as_deref(), Some("pat-1"));
    assert_eq!(principal.fhir_user.as_ref().unwrap().to_string(), "Practitioner/p-ada");
    assert_eq!(&*principal.roles[0].role, "physician");
    assert!(!text(&reply, "refresh_token").is_empty());
}
