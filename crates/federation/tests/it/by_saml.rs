//! Signing in with a SAML provider: an answer is for one request, in one browser, once. (What an answer has to be, the tests of `saml` say.)

use std::io::Read;

use federation::by_saml::NAME_ID;
use federation::provider::{Encryption, Protocol, Saml};
use federation::{Arrival, Departure, FederationError, OutsideProvider, Purpose};
use fhir::primitive::base64::{PLAIN, decode, encode};
use saml::metadata::SignOut;

use crate::house::{House, TENANT, begun, site, usual, welcoming};
use crate::signer::{PROVIDER, Signer, assertion, response};

pub fn provider(slug: &str, signer: &Signer) -> OutsideProvider {
    let saml = Saml {
        entity_id: PROVIDER.into(),
        sign_in: "https://idp.example/sso".into(),
        certificates: vec![signer.certificate.clone()],
        sign_out: Some(SignOut { by_form: false, address: "https://idp.example/slo".into(), answers: None }),
        encryption: Encryption::Wanted,
    };
    OutsideProvider { protocol: Protocol::Saml(saml), login_claim: NAME_ID.into(), ..welcoming(slug, "") }
}

pub async fn depart(house: &House, slug: &str) -> Departure {
    house.federation.depart(&site(), slug, Purpose::SignIn { next: "/x".into() }).await.expect("sent")
}

/// The id of the request that a browser takes along.
pub fn request_of(departure: &Departure) -> String {
    let encoded = departure.address.split_once("?SAMLRequest=").expect("a request").1;
    let encoded = encoded.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let mut text = String::new();
    flate2::read::DeflateDecoder::new(&decode(&encoded, PLAIN).expect("base64")[..]).read_to_string(&mut text).expect("text");
    text.split_once(" ID=\"").and_then(|(_, rest)| rest.split('"').next()).expect("an id").to_owned()
}

/// What the provider answers to a request, in base64.
fn answer(signer: &Signer, request: &str, name: &str) -> String {
    let text = response("_r", &assertion("_a", name)).replace("\"_q\"", &format!("\"{request}\""));
    encode(signer.sign(&text, "_a").as_bytes(), PLAIN)
}

pub async fn arrive(house: &House, slug: &str, departure: &Departure) -> Result<Arrival, FederationError> {
    let traveller = crate::house::Traveller {
        secret: departure.secret.clone(),
        state: String::new(),
        nonce: String::new(),
        address: departure.address.clone(),
    };
    house.arrive(slug, &traveller, None, &[]).await
}

#[tokio::test]
async fn somebody_is_signed_in_by_the_answer_to_their_own_request_once() {
    let signer = Signer::curve();
    let house = House::with(provider("idp", &signer)).await;
    let departure = depart(&house, "idp").await;
    let request = request_of(&departure);
    assert!(!request.contains(departure.secret.expose()));
    let said = answer(&signer, &request, "eve");
    house.federation.answered(&site(), "idp", &said).await.expect("taken");
    let again = house.federation.answered(&site(), "idp", &answer(&signer, &request, "mallory")).await;
    assert_eq!(again, Err(FederationError::NotUnderWay), "a request has one answer");
    let session = begun(arrive(&house, "idp", &departure).await);
    assert_eq!((session.user.login.as_str(), session.session.only_in), ("eve", Some(TENANT.0)));
    assert_eq!(arrive(&house, "idp", &departure).await.map(drop), Err(FederationError::NotUnderWay));
    assert_eq!(house.federation.answered(&site(), "idp", &said).await, Err(FederationError::NotUnderWay), "replayed");
}

#[tokio::test]
async fn an_answer_is_for_the_browser_and_the_provider_that_were_asked() {
    let (signer, other) = (Signer::curve(), Signer::curve());
    let house = House::with(provider("idp", &signer)).await;
    house.federation.add(provider("other", &other), None).await.expect("a provider");
    house.federation.add(usual("city", "https://city.example"), None).await.expect("a provider");
    let (mine, theirs) = (depart(&house, "idp").await, depart(&house, "idp").await);
    // Nobody has answered yet; and the answer to another's request signs nobody in here.
    assert_eq!(arrive(&house, "idp", &mine).await.map(drop), Err(FederationError::NotUnderWay));
    let mine = depart(&house, "idp").await;
    house.federation.answered(&site(), "idp", &answer(&signer, &request_of(&theirs), "eve")).await.expect("taken");
    assert_eq!(arrive(&house, "idp", &mine).await.map(drop), Err(FederationError::NotUnderWay));
    // A request that was never made, one that has ended, and one to another provider.
    let refused = |slug: &'static str, text: String| {
        let house = &house;
        async move { house.federation.answered(&site(), slug, &text).await.expect_err("refused") }
    };
    assert_eq!(refused("idp", answer(&signer, "_made-up", "eve")).await, FederationError::NotUnderWay);
    let elsewhere = depart(&house, "other").await;
    assert_eq!(refused("idp", answer(&signer, &request_of(&elsewhere), "eve")).await, FederationError::NotUnderWay);
    assert!(matches!(refused("idp", answer(&other, &request_of(&elsewhere), "eve")).await, FederationError::BadAnswer(_)));
    assert_eq!(refused("city", answer(&signer, "_q", "eve")).await, FederationError::NoProvider);
    assert!(matches!(refused("idp", "%%%".to_owned()).await, FederationError::BadAnswer(_)));
    let late = depart(&house, "idp").await;
    house.pass_s(600);
    let text = answer(&signer, &request_of(&late), "eve");
    assert!(matches!(refused("idp", text).await, FederationError::BadAnswer(_)), "and the assertion is too old");
    // The metadata are those of SAML providers alone.
    assert!(house.federation.metadata(&site(), "idp").await.expect("metadata").contains("/auth/outside/idp/acs"));
    assert_eq!(house.federation.metadata(&site(), "city").await, Err(FederationError::NoProvider));
}

#[tokio::test]
async fn a_provider_that_changes_its_key_keeps_its_people() {
    let (before, after) = (Signer::curve(), Signer::curve());
    let house = House::with(provider("idp", &before)).await;
    let go = async |signer: &Signer| {
        let departure = depart(&house, "idp").await;
        house.federation.answered(&site(), "idp", &answer(signer, &request_of(&departure), "eve")).await?;
        Ok(begun(arrive(&house, "idp", &departure).await).user_id)
    };
    let eve = go(&before).await.expect("signed in");
    let Protocol::Saml(said) = provider("idp", &after).protocol else { panic!("SAML") };
    let other = Saml { entity_id: "https://evil.example".into(), ..said.clone() };
    assert!(matches!(house.federation.renew(TENANT, "idp", other).await, Err(FederationError::BadProvider { field: "entity_id", .. })));
    house.federation.renew(TENANT, "idp", said).await.expect("renewed");
    assert!(matches!(go(&before).await, Err(FederationError::BadAnswer(_))));
    assert_eq!(go(&after).await, Ok(eve));
}
