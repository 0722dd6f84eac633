//! Signing out at a SAML provider, and by it. (What its messages have to be, the tests of `saml` say.)

use federation::by_saml::sign_out::{Brought, SignedOut, sign_out_at};
use federation::provider::Protocol;
use federation::{Farewell, FederationError};
use fhir::primitive::base64::{PLAIN, encode};
use identity::outside::CameBy;
use identity::sign_in::Begun;
use saml::binding::{Kind, Received, posted, redirected};
use saml::certificate::Key;
use saml::logout::{Expected, read_request, read_response};

use crate::by_saml::{arrive, depart, provider, request_of};
use crate::encrypted::certificates;
use crate::house::{House, TENANT, begun, site};
use crate::signer::{NOON_MS, SERVICE, Signer, assertion, logout_request, logout_response, response};

/// Signs somebody in whose session at the provider is called this.
async fn go(house: &House, signer: &Signer, name: &str, index: &str) -> Begun {
    let departure = depart(house, "idp").await;
    house.federation.answered(&site(), "idp", &answer(signer, &request_of(&departure), (name, index))).await.expect("taken");
    begun(arrive(house, "idp", &departure).await)
}

fn answer(signer: &Signer, request: &str, (name, index): (&str, &str)) -> String {
    let said = assertion("_a", name).replace("<saml:AuthnStatement ", &format!("<saml:AuthnStatement SessionIndex=\"{index}\" "));
    let text = response("_r", &signer.sign(&said.replace("\"_q\"", &format!("\"{request}\"")), "_a"));
    encode(text.replace("\"_q\"", &format!("\"{request}\"")).as_bytes(), PLAIN)
}

async fn holds(house: &House, begun: &Begun) -> bool {
    house.identity.session(&begun.token).await.is_ok()
}

/// What comes of a signed request of the provider, in a form.
async fn asked(house: &House, signer: &Signer, (id, name): (&str, &str), sessions: &[&str]) -> Result<SignedOut, FederationError> {
    let text = signer.sign(&logout_request(id, &sign_out_at(&site(), "idp"), name, sessions), id);
    sent(house, Kind::Request, &text).await
}

async fn sent(house: &House, kind: Kind, text: &str) -> Result<SignedOut, FederationError> {
    let value = encode(text.as_bytes(), PLAIN);
    let (request, response) = match kind {
        Kind::Request => (Some(&*value), None),
        Kind::Response => (None, Some(&*value)),
    };
    house.federation.signing_out(&site(), "idp", Brought::Form { request, response, state: Some("kept") }).await
}

/// What the provider gets.
async fn received(house: &House, farewell: &Farewell) -> (Received, Vec<Key>) {
    let keys: Vec<Key> = certificates(house).await.0.iter().map(|text| Key::of_certificate(text).expect("a key")).collect();
    let received = match &farewell.fields[..] {
        [] => redirected(farewell.address.split_once('?').expect("a query").1, &keys),
        [(name, value), ..] => posted(if *name == "SAMLRequest" { Kind::Request } else { Kind::Response }, value, None),
    };
    (received.expect("read"), keys)
}

fn refused(what: Result<SignedOut, FederationError>) -> &'static str {
    match what {
        Err(FederationError::BadSignOut(rule)) => rule,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_provider_ends_the_sessions_that_came_of_those_that_it_names() {
    let signer = Signer::curve();
    let house = House::with(provider("idp", &signer)).await;
    let [one, two, other] =
        [go(&house, &signer, "eve", "s-1").await, go(&house, &signer, "eve", "s-2").await, go(&house, &signer, "ada", "s-1").await];
    let Ok(SignedOut::Asked(Some(back))) = asked(&house, &signer, ("_1", "eve"), &["s-1", "s-9"]).await else { panic!("refused") };
    assert_eq!([holds(&house, &one).await, holds(&house, &two).await, holds(&house, &other).await], [false, true, true]);
    // The answer is signed, for this request, and goes where the provider says.
    assert!(back.address.starts_with("https://idp.example/slo?SAMLResponse=") && back.address.contains("&RelayState=kept&SigAlg="));
    let (answer, keys) = received(&house, &back).await;
    let expected = Expected { provider: SERVICE, keys: &keys, destination: "https://idp.example/slo", now_ms: NOON_MS };
    let answer = read_response(&answer, &expected).expect("an answer");
    assert_eq!((answer.in_response_to.as_str(), answer.is_done), ("_1", true));
    // Once.
    assert_eq!(refused(asked(&house, &signer, ("_1", "eve"), &["s-1", "s-9"]).await), "it has come before");
    let again = go(&house, &signer, "eve", "s-1").await;
    assert_eq!(refused(asked(&house, &signer, ("_1", "eve"), &["s-1"]).await), "it has come before");
    assert!(holds(&house, &again).await);
    // Whom nobody knows: nobody of that name is signed in.
    assert!(matches!(asked(&house, &signer, ("_2", "nobody"), &[]).await, Ok(SignedOut::Asked(Some(_)))));
    // All of them.
    assert!(asked(&house, &signer, ("_3", "eve"), &[]).await.is_ok());
    assert_eq!([holds(&house, &two).await, holds(&house, &again).await, holds(&house, &other).await], [false, false, true]);
}

#[tokio::test]
async fn nobody_else_ends_anything() {
    let (signer, stranger) = (Signer::curve(), Signer::curve());
    let house = House::with(provider("idp", &signer)).await;
    house.federation.add(provider("other", &stranger), None).await.expect("a provider");
    let begun = go(&house, &signer, "eve", "s-1").await;
    let text = logout_request("_1", &sign_out_at(&site(), "idp"), "eve", &[]);
    refused(sent(&house, Kind::Request, &text).await);
    refused(sent(&house, Kind::Request, &stranger.sign(&text, "_1")).await);
    refused(sent(&house, Kind::Response, &signer.sign(&text, "_1")).await);
    let elsewhere = logout_request("_1", &sign_out_at(&site(), "other"), "eve", &[]);
    refused(sent(&house, Kind::Request, &signer.sign(&elsewhere, "_1")).await);
    // The other provider, which calls somebody the same.
    let value = encode(stranger.sign(&elsewhere, "_1").as_bytes(), PLAIN);
    let brought = Brought::Form { request: Some(&value), response: None, state: None };
    assert!(matches!(house.federation.signing_out(&site(), "other", brought).await, Ok(SignedOut::Asked(Some(_)))));
    for query in ["", "SAMLRequest=AAAA", "SAMLRequest=AAAA&SigAlg=x&Signature=AAAA"] {
        refused(house.federation.signing_out(&site(), "idp", Brought::Query(query)).await);
    }
    for (request, response) in [(None, None), (Some("AAAA"), Some("AAAA")), (Some("%%%"), None)] {
        refused(house.federation.signing_out(&site(), "idp", Brought::Form { request, response, state: None }).await);
    }
    assert!(holds(&house, &begun).await);
    house.pass_s(660);
    let late = refused(asked(&house, &signer, ("_2", "eve"), &[]).await);
    assert!(late.contains("long ago") || late.contains("ended"), "{late}");
    assert!(holds(&house, &begun).await);
}

#[tokio::test]
async fn what_is_under_way_ends_as_well() {
    let signer = Signer::curve();
    let house = House::with(provider("idp", &signer)).await;
    go(&house, &signer, "eve", "s-0").await;
    let departure = depart(&house, "idp").await;
    house.federation.answered(&site(), "idp", &answer(&signer, &request_of(&departure), ("eve", "s-1"))).await.expect("taken");
    asked(&house, &signer, ("_1", "eve"), &["s-1"]).await.expect("signed out");
    assert_eq!(arrive(&house, "idp", &departure).await.map(drop), Err(FederationError::NotUnderWay));
}

#[tokio::test]
async fn whoever_signs_out_here_takes_a_request_to_the_provider_and_its_answer_is_taken_once() {
    let signer = Signer::curve();
    for by_form in [false, true] {
        let mut made = provider("idp", &signer);
        let Protocol::Saml(saml) = &mut made.protocol else { panic!("SAML") };
        saml.sign_out.as_mut().expect("there").by_form = by_form;
        let house = House::with(made).await;
        let begun = go(&house, &signer, "eve", "s-1").await;
        let ended = house.identity.sign_out(&begun.token).await.expect("signed out").expect("a session");
        let came_by = ended.came_by.expect("a provider");
        assert!(!format!("{came_by:?}").contains("eve"), "whom the provider knows is sealed");
        let farewell = house.federation.farewell(&site(), "idp", Some(&came_by)).await.expect("asked").expect("an address");
        assert_eq!((farewell.name.as_str(), farewell.fields.is_empty()), ("City Hospital", !by_form));
        let (request, keys) = received(&house, &farewell).await;
        let expected = Expected { provider: SERVICE, keys: &keys, destination: "https://idp.example/slo", now_ms: NOON_MS };
        let request = read_request(&request, &expected).expect("a request");
        assert_eq!((request.name.value.as_str(), &request.sessions[..]), ("eve", &["s-1".to_owned()][..]));
        let answer = |to: &str, request: &str| signer.sign(&logout_response("_p", &sign_out_at(&site(), to), request), "_p");
        let lately = "it answers no request that was made lately";
        assert_eq!(refused(sent(&house, Kind::Response, &answer("idp", "_made-up")).await), lately);
        // Another provider answers for it.
        let stranger = Signer::curve();
        house.federation.add(provider("other", &stranger), None).await.expect("a provider");
        let text = logout_response("_p", &sign_out_at(&site(), "other"), &request.id);
        let value = encode(stranger.sign(&text, "_p").as_bytes(), PLAIN);
        let brought = Brought::Form { request: None, response: Some(&value), state: None };
        assert_eq!(refused(house.federation.signing_out(&site(), "other", brought).await), lately);
        let failed = answer("idp", &request.id);
        assert!(matches!(sent(&house, Kind::Response, &failed).await, Ok(SignedOut::Answered { is_done: true })));
        assert_eq!(refused(sent(&house, Kind::Response, &failed).await), lately);
        // A request is answered in time.
        let farewell = house.federation.farewell(&site(), "idp", Some(&came_by)).await.expect("asked").expect("an address");
        let (request, keys) = received(&house, &farewell).await;
        let expected = Expected { provider: SERVICE, keys: &keys, destination: "https://idp.example/slo", now_ms: NOON_MS };
        let request = read_request(&request, &expected).expect("a request");
        house.pass_s(600);
        let late = logout_response("_p", &sign_out_at(&site(), "idp"), &request.id).replace("08:00:00Z", "08:10:00Z");
        assert_eq!(refused(sent(&house, Kind::Response, &signer.sign(&late, "_p")).await), lately);
        house.pass_s(-600);
        // Nothing is told of another's session, or of one that did not come by this provider.
        for other in
            [None, Some(CameBy { provider: "op-other".into(), ..came_by.clone() }), Some(CameBy { parting: None, ..came_by.clone() })]
        {
            assert_eq!(house.federation.farewell(&site(), "idp", other.as_ref()).await, Ok(None));
        }
        let mixed = CameBy { subject: "0".repeat(64), ..came_by };
        assert!(house.federation.farewell(&site(), "idp", Some(&mixed)).await.is_err(), "what is sealed is for its person");
    }
}

#[tokio::test]
async fn a_provider_that_says_nothing_of_it_is_not_asked() {
    let signer = Signer::curve();
    let mut made = provider("idp", &signer);
    let Protocol::Saml(saml) = &mut made.protocol else { panic!("SAML") };
    saml.sign_out = None;
    let house = House::with(made).await;
    let begun = go(&house, &signer, "eve", "s-1").await;
    let came_by = begun.session.came_by.clone().expect("a provider");
    assert_eq!(came_by.parting, None);
    assert_eq!(house.federation.farewell(&site(), "idp", Some(&came_by)).await, Ok(None));
    // It may ask all the same, and has no answer.
    assert!(matches!(asked(&house, &signer, ("_1", "eve"), &[]).await, Ok(SignedOut::Asked(None))));
    assert!(!holds(&house, &begun).await);
}

#[tokio::test]
async fn a_key_that_replaces_another_signs_when_the_provider_knows_it() {
    let signer = Signer::curve();
    let house = House::with(provider("idp", &signer)).await;
    let begun = go(&house, &signer, "eve", "s-1").await;
    let came_by = begun.session.came_by.clone().expect("a provider");
    let old = certificates(&house).await.0;
    house.federation.rotate(TENANT, "idp", 1).await.expect("rotated");
    let signs = async |certificate: &str| {
        let farewell = house.federation.farewell(&site(), "idp", Some(&came_by)).await.expect("asked").expect("an address");
        redirected(farewell.address.split_once('?').expect("a query").1, &[Key::of_certificate(certificate).expect("a key")]).is_ok()
    };
    let new = certificates(&house).await.0.into_iter().find(|certificate| *certificate != old[0]).expect("another");
    assert_eq!([signs(&old[0]).await, signs(&new).await], [true, false]);
    house.pass_s(86_400);
    assert_eq!([signs(&old[0]).await, signs(&new).await], [false, true]);
}
