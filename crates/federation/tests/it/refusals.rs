//! Answers that are not accepted: each is right but for one thing.

use federation::{FederationError, Purpose};
use identity::{IdentityError, Secret};

use crate::house::{House, NOON_S, TENANT, Traveller, begun, usual, welcoming};
use crate::provider::{Curve, HEADER, claims};

const ISS: (&str, &str) = ("iss", "https://city.example");

/// Comes back with an ID token that was made of the honest claims.
async fn with_token(house: &House, make: impl FnOnce(&House, &str) -> String) -> Result<(), FederationError> {
    let traveller = house.depart_to_sign_in("city").await;
    let token = make(house, &claims("eve", &traveller.nonce));
    house.outside.gives(&token);
    arrive(house, &traveller).await
}

async fn arrive(house: &House, traveller: &Traveller) -> Result<(), FederationError> {
    house.arrive("city", traveller, None, &[("state", &traveller.state), ("code", "c"), ISS]).await.map(drop)
}

fn rule(result: Result<(), FederationError>) -> &'static str {
    match result {
        Err(FederationError::BadAnswer(rule)) => rule,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_id_token_that_says_something_else() {
    let house = House::with(welcoming("city", "https://city.example")).await;
    with_token(&house, |house, claims| house.outside.key.token(HEADER, claims)).await.expect("the honest one is accepted");
    let ends = format!("\"exp\":{}", NOON_S + 300);
    let made = format!("\"iat\":{NOON_S}");
    for (old, new, told) in [
        ("https://city.example\",", "https://evil.example\",", "the ID token is of another issuer"),
        ("https://city.example\",", "https://city.example/\",", "the ID token is of another issuer"),
        ("\"aud\":\"ward-client\"", "\"aud\":\"other\"", "the ID token is for another client"),
        ("\"aud\":\"ward-client\"", "\"aud\":[\"ward-client\",\"other\"]", "the ID token is for another client"),
        ("\"aud\":\"ward-client\"", "\"aud\":\"ward-client\",\"azp\":\"other\"", "the ID token is for another client"),
        ("\"aud\":\"ward-client\",", "", "the ID token is for another client"),
        (&ends, &format!("\"exp\":{}", NOON_S - 61), "the ID token has ended"),
        (&ends, "\"x\":1", "the ID token has ended"),
        (&made, &format!("\"iat\":{}", NOON_S + 61), "the ID token was made long ago, or is to come"),
        (&made, &format!("\"iat\":{}", NOON_S - 601), "the ID token was made long ago, or is to come"),
        (&made, &format!("\"iat\":{NOON_S},\"nbf\":{}", NOON_S + 61), "the ID token is to come"),
        ("\"nonce\":\"", "\"nonce\":\"x", "the ID token is about another sign-in"),
        ("\"nonce\":", "\"other\":", "the ID token is about another sign-in"),
        ("\"sub\":\"eve\"", "\"sub\":\"\"", "the ID token does not say whose it is"),
        ("\"sub\":\"eve\"", "\"sub\":7", "the ID token does not say whose it is"),
        ("\"sub\":", "\"at_hash\":\"AAAA\",\"sub\":", "the ID token was made with another access token"),
    ] {
        let altered = |house: &House, claims: &str| {
            assert!(claims.contains(old), "{old} in {claims}");
            house.outside.key.token(HEADER, &claims.replacen(old, new, 1))
        };
        assert_eq!(rule(with_token(&house, altered).await), told, "{old} → {new}");
    }
    let twice = |house: &House, claims: &str| house.outside.key.token(HEADER, &claims.replacen('{', "{\"sub\":\"ada\",", 1));
    assert!(rule(with_token(&house, twice).await).contains("each member once"));
}

#[tokio::test]
async fn an_id_token_that_the_provider_has_not_signed() {
    let house = House::with(welcoming("city", "https://city.example")).await;
    let not_right = "the signature of the ID token is not right";
    let other = Curve::new();
    assert_eq!(rule(with_token(&house, |_, claims| other.token(HEADER, claims)).await), not_right);
    // `none`, with a signature that is empty, and with one that is there.
    let none = |house: &House, claims: &str| house.outside.key.token(&HEADER.replace("ES256", "none"), claims);
    assert_eq!(rule(with_token(&house, none).await), not_right);
    let bare = |house: &House, claims: &str| {
        let token = none(house, claims);
        token[..=token.rfind('.').expect("a dot")].to_owned()
    };
    assert!(rule(with_token(&house, bare).await).contains("no JSON Web Token"));
    // The public key, or the client's secret, as the key of an HMAC.
    for key in ["ward-client", "secret", "{\"kty\":\"EC\"}"] {
        let by_hmac = |_: &House, claims: &str| {
            use aws_lc_rs::hmac;
            let part = |text: &str| identity::base64url::encode(text.as_bytes());
            let signed = format!("{}.{}", part(&HEADER.replace("ES256", "HS256")), part(claims));
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), signed.as_bytes());
            format!("{signed}.{}", identity::base64url::encode(tag.as_ref()))
        };
        assert_eq!(rule(with_token(&house, by_hmac).await), not_right);
    }
    // The header names an algorithm that is not the key's.
    for algorithm in ["RS256", "ES384", "PS256", "es256"] {
        let named = |house: &House, claims: &str| house.outside.key.token(&HEADER.replace("ES256", algorithm), claims);
        assert_eq!(rule(with_token(&house, named).await), not_right, "{algorithm}");
    }
    let unknown = |house: &House, claims: &str| house.outside.key.token(&HEADER.replace("k1", "k2"), claims);
    assert_eq!(rule(with_token(&house, unknown).await), "the ID token is signed by none of the provider's keys");
    let critical = |house: &House, claims: &str| house.outside.key.token(&HEADER.replacen('{', "{\"crit\":[\"b64\"],", 1), claims);
    assert!(rule(with_token(&house, critical).await).contains("crit"));
}

#[tokio::test]
async fn an_answer_that_this_browser_did_not_ask_for() {
    let house = House::with(welcoming("city", "https://city.example")).await;
    let (mine, another) = (house.depart_to_sign_in("city").await, house.depart_to_sign_in("city").await);
    house.outside.signs_in("eve", &mine.nonce);
    // The state of another browser, or none: what was begun is over by that.
    let crossed = Traveller { state: another.state.clone(), ..mine.clone() };
    assert_eq!(arrive(&house, &crossed).await, Err(FederationError::NotUnderWay));
    assert_eq!(arrive(&house, &mine).await, Err(FederationError::NotUnderWay), "it was used");
    // An answer that was accepted is accepted once.
    house.outside.signs_in("eve", &another.nonce);
    arrive(&house, &another).await.expect("signed in");
    assert_eq!(arrive(&house, &another).await, Err(FederationError::NotUnderWay));
    // A cookie that nobody was given.
    let made_up = Traveller { secret: Secret::new("0".repeat(64)), ..house.depart_to_sign_in("city").await };
    assert_eq!(arrive(&house, &made_up).await, Err(FederationError::NotUnderWay));
    // Too late.
    let late = house.depart_to_sign_in("city").await;
    house.pass_s(600);
    assert_eq!(arrive(&house, &late).await, Err(FederationError::NotUnderWay));
}

#[tokio::test]
async fn an_answer_of_another_provider() {
    let house = House::with(welcoming("city", "https://city.example")).await;
    house.federation.add(welcoming("evil", "https://evil.example"), None).await.expect("a provider");
    house.outside.has_provider("https://evil.example", false);
    // It is brought to the address of the other.
    let traveller = house.depart_to_sign_in("evil").await;
    assert_eq!(arrive(&house, &traveller).await, Err(FederationError::NotUnderWay));
    // It says that it comes from elsewhere, or does not say it although the provider always does.
    for iss in ["https://evil.example", "https://city.example/", ""] {
        let traveller = house.depart_to_sign_in("city").await;
        house.outside.signs_in("eve", &traveller.nonce);
        let answer = house.arrive("city", &traveller, None, &[("state", &traveller.state), ("code", "c"), ("iss", iss)]).await;
        assert!(matches!(answer, Err(FederationError::BadAnswer(_))), "{iss}: {answer:?}");
    }
    assert!(house.outside.asked.lock().expect("asked").is_empty(), "no code is sent to anybody");
}

#[tokio::test]
async fn a_provider_that_refuses_or_says_something_odd_of_itself() {
    let house = House::with(welcoming("city", "https://city.example")).await;
    for (error, told) in [("access_denied", "access_denied"), ("<script>", ""), ("A B", "")] {
        let traveller = house.depart_to_sign_in("city").await;
        let answer = house.arrive("city", &traveller, None, &[("state", &traveller.state), ("error", error), ISS]).await;
        assert_eq!(answer.map(drop), Err(FederationError::NotSignedInThere(told.to_owned())));
    }
    let good = r#"{"issuer":"https://odd.example","authorization_endpoint":"https://odd.example/a","token_endpoint":"https://odd.example/t","jwks_uri":"https://odd.example/j"}"#;
    for (number, (old, new)) in [
        ("\"https://odd.example\"", "\"https://evil.example\""),
        ("https://odd.example/a", "http://odd.example/a"),
        ("https://odd.example/a", "javascript:alert(1)"),
        ("https://odd.example/a", "https://odd.example/a\\r\\nSet-Cookie: a=b"),
        ("\"token_endpoint\"", "\"x\""),
        ("{", "["),
    ]
    .into_iter()
    .enumerate()
    {
        let slug = format!("odd-{number}");
        house.outside.has("https://odd.example/.well-known/openid-configuration", &good.replacen(old, new, 1));
        house.federation.add(usual(&slug, "https://odd.example"), None).await.expect("a provider");
        let sent = house.depart(&slug, Purpose::SignIn { next: "/".to_owned() }).await.map(|traveller| traveller.address);
        assert!(matches!(sent, Err(FederationError::ProviderFailed(_))), "{new}: {sent:?}");
    }
    house.outside.has("https://odd.example/.well-known/openid-configuration", good);
    house.depart("odd-0", Purpose::SignIn { next: "/".to_owned() }).await.expect("the good one is used");
}

#[tokio::test]
async fn somebody_who_has_no_account_or_one_that_is_not_used() {
    let house = House::with(usual("city", "https://city.example")).await;
    assert_eq!(house.go("city", "eve").await.map(drop), Err(IdentityError::NotLinked.into()));
    let ada = house.user("ada").await;
    house.federation.link(TENANT, "city", &ada, "sub-1").await.expect("linked");
    begun(house.go("city", "sub-1").await);
    house.identity.suspend(&ada).await.expect("suspended");
    assert_eq!(house.go("city", "sub-1").await.map(drop), Err(IdentityError::SignInRefused.into()));
    house.identity.reactivate(&ada).await.expect("active");
    house.identity.remove_membership(&ada, TENANT).await.expect("removed");
    assert_eq!(house.go("city", "sub-1").await.map(drop), Err(IdentityError::NoMembership.into()));
    house.identity.delete_user(&ada).await.expect("deleted");
    assert_eq!(house.go("city", "sub-1").await.map(drop), Err(IdentityError::NotLinked.into()));
}

#[tokio::test]
async fn a_newcomer_never_gets_the_account_of_another() {
    let house = House::with(welcoming("city", "https://city.example")).await;
    // The same login; and the same address, which the provider vouches for, too.
    house.user("eve-there").await;
    assert_eq!(house.go("city", "eve").await.map(drop), Err(IdentityError::Taken("login".to_owned()).into()));
    let traveller = house.depart_to_sign_in("city").await;
    let address = claims("eve", &traveller.nonce).replace("eve-there\"", "eve-there@city.example\"");
    house.outside.gives(&house.outside.key.token(HEADER, &address));
    let result = arrive(&house, &traveller).await;
    assert!(result.is_ok() || result == Err(IdentityError::Taken("login".to_owned()).into()), "{result:?}");
    assert!(
        house
            .identity
            .linked(&house.identity.find_user("eve-there").await.expect("found").expect("there").id)
            .await
            .expect("links")
            .is_empty()
    );
}
