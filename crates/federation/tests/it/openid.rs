//! Signing in with an OpenID provider, when all is well.

use access::Strength;
use federation::provider::{OpenId, Proof, Protocol};
use federation::{Arrival, OutsideProvider};
use identity::IdentityError;
use identity::sign_in::SignedIn;
use identity::{Authenticator, Secret};
use oauth::IdTokenAlg;
use store::commit::Tenant;

use crate::house::{House, NOON_S, TENANT, begun, site, usual, welcoming};
use crate::provider::{HEADER, Rsa, claims};

#[tokio::test]
async fn somebody_is_sent_with_all_that_protects_the_answer() {
    let house = House::with(usual("city", "https://city.example")).await;
    let traveller = house.depart_to_sign_in("city").await;
    let (before, query) = traveller.address.split_once('?').expect("a query");
    assert_eq!(before, "https://city.example/authorize");
    for pair in [
        "response_type=code",
        "client_id=ward-client",
        "redirect_uri=https%3A%2F%2Fward.example%2Fauth%2Foutside%2Fcity%2Fcallback",
        "scope=openid%20profile%20email",
        "code_challenge_method=S256",
    ] {
        assert!(query.split('&').any(|known| known == pair), "{pair} in {query}");
    }
    let other = house.depart_to_sign_in("city").await;
    assert!(traveller.state != other.state && traveller.nonce != other.nonce && traveller.state != traveller.nonce);
    assert!(!traveller.address.contains(traveller.secret.expose()));
}

#[tokio::test]
async fn whoever_is_linked_is_signed_in_and_goes_where_they_wanted() {
    let house = House::with(usual("city", "https://city.example")).await;
    let ada = house.user("ada").await;
    house.federation.link(TENANT, "city", &ada, "sub-1").await.expect("linked");
    let traveller = house.depart_to_sign_in("city").await;
    house.outside.signs_in("sub-1", &traveller.nonce);
    let params = [("state", traveller.state.as_str()), ("code", "c+/1"), ("iss", "https://city.example")];
    let arrival = house.arrive("city", &traveller, None, &params).await.expect("signed in");
    let Arrival::SignedIn { how: SignedIn::Done(begun), next } = arrival else { panic!("{arrival:?}") };
    assert_eq!((begun.user_id.as_str(), next.as_str()), (ada.as_str(), "/auth/authorize?client_id=a"));
    assert_eq!(begun.session.strength(NOON_S * 1000), Strength::One);
    let (_, authorization, form) = house.outside.last_asked("https://city.example/token");
    let form = form.expect("a form");
    assert!(authorization.is_none() && form.contains("code=c%2B%2F1&") && form.contains("&client_id=ward-client"), "{form}");
    // The verifier is that of the challenge.
    let verifier = form.split('&').find_map(|pair| pair.strip_prefix("code_verifier=")).expect("a verifier");
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
    assert!(traveller.address.contains(&format!("code_challenge={}", identity::base64url::encode(hash.as_ref()))));
    let linked = house.identity.linked(&ada).await.expect("links");
    assert_eq!((linked[0].record.shown.as_str(), linked[0].record.last_used), ("sub-1-there", Some(NOON_S * 1000)));
}

#[tokio::test]
async fn newcomers_get_an_account_where_that_is_wanted_and_the_same_one_the_next_time() {
    let house = House::with(welcoming("city", "https://city.example")).await;
    let first = begun(house.go("city", "eve").await);
    assert_eq!((first.user.login.as_str(), first.user.name.as_str()), ("eve-there", "Dr eve"));
    assert_eq!(first.user.membership(TENANT).expect("a part").roles[0].role, "physician");
    assert!(first.user.verified_email().is_none(), "an address is believed of nobody");
    let second = begun(house.go("city", "eve").await);
    assert_eq!(first.user_id, second.user_id);
    assert_ne!(first.token, second.token);
}

#[tokio::test]
async fn a_session_opens_the_tenant_of_the_provider_alone() {
    let house = House::with(usual("city", "https://city.example")).await;
    let parts = [1, 2].map(|tenant| identity::Membership::with_role(Tenant(tenant), "physician"));
    let ada = house.member("ada", parts.to_vec()).await;
    house.federation.link(TENANT, "city", &ada, "sub-1").await.expect("linked");
    let session = begun(house.go("city", "sub-1").await);
    let authenticator = Authenticator::new(house.identity.clone(), 10);
    assert!(authenticator.session(session.token.expose(), TENANT).await.is_ok());
    let refused = authenticator.session(session.token.expose(), Tenant(2)).await;
    assert_eq!(refused.map(|_| ()), Err(IdentityError::NoMembership));
    // Nor is it turned into what opens both.
    assert_eq!(house.identity.offer_totp(&session.token).await.map(|_| ()), Err(IdentityError::OneTenantOnly));
    let full = house.sign_in("ada").await;
    assert!(authenticator.session(full.token.expose(), Tenant(2)).await.is_ok());
    assert!(house.identity.offer_totp(&full.token).await.is_ok());
}

#[tokio::test]
async fn a_second_factor_is_asked_for_unless_the_provider_is_believed_to_have_asked() {
    let house = House::with(OutsideProvider { second_factor: vec!["otp".to_owned()], ..usual("city", "https://city.example") }).await;
    let ada = house.user("ada").await;
    house.federation.link(TENANT, "city", &ada, "sub-1").await.expect("linked");
    let with_methods = |methods: &'static str| {
        let house = &house;
        async move {
            let traveller = house.depart_to_sign_in("city").await;
            let claims = claims("sub-1", &traveller.nonce).replacen('{', &format!("{{{methods},"), 1);
            house.outside.gives(&house.outside.key.token(HEADER, &claims));
            let params = [("state", traveller.state.as_str()), ("code", "c"), ("iss", "https://city.example")];
            house.arrive("city", &traveller, None, &params).await.expect("signed in")
        }
    };
    let session = house.sign_in("ada").await;
    let offer = house.identity.offer_totp(&session.token).await.expect("an offer");
    let code = identity::factor::totp::code(&from_base32(offer.secret.expose()), NOON_S as u64 / 30);
    house.identity.confirm_totp(&session.token, &Secret::new(code)).await.expect("an app");
    assert!(matches!(with_methods(r#""amr":["pwd"]"#).await, Arrival::SignedIn { how: SignedIn::Halfway { totp: true, .. }, .. }));
    let strong = begun(Ok(with_methods(r#""amr":["pwd","otp"]"#).await));
    assert_eq!(strong.session.strength(NOON_S * 1000), Strength::Two);
}

#[tokio::test]
async fn what_the_id_token_does_not_tell_is_asked_for() {
    let house = House::with(welcoming("city", "https://city.example")).await;
    let traveller = house.depart_to_sign_in("city").await;
    let bare = claims("eve", &traveller.nonce).replace("preferred_username", "x").replace("\"name\"", "\"y\"");
    house.outside.gives(&house.outside.key.token(HEADER, &bare));
    house.outside.has("https://city.example/me", r#"{"sub":"eve","preferred_username":"eve.told","name":"Eve Told"}"#);
    let params = [("state", traveller.state.as_str()), ("code", "c"), ("iss", "https://city.example")];
    let session = begun(house.arrive("city", &traveller, None, &params).await);
    assert_eq!((session.user.login.as_str(), session.user.name.as_str()), ("eve.told", "Eve Told"));
    assert_eq!(house.outside.last_asked("https://city.example/me").1.as_deref(), Some("Bearer at"));
}

#[tokio::test]
async fn this_server_proves_by_a_secret_or_by_its_own_key_that_it_is_it() {
    let house = House::new();
    let secret = Secret::new("s:e%c ret");
    house.federation.add(welcoming("city", "https://city.example"), Some(&secret)).await.expect("a provider");
    let kept = house.federation.list(TENANT).await.expect("providers");
    assert!(!format!("{kept:?}").contains("s:e%c"), "it is sealed");
    begun(house.go("city", "eve").await);
    let (_, authorization, form) = house.outside.last_asked("https://city.example/token");
    // ward-client:s%3Ae%25c%20ret
    assert_eq!(authorization.as_deref(), Some("Basic d2FyZC1jbGllbnQ6cyUzQWUlMjVjJTIwcmV0"));
    assert!(!form.expect("a form").contains("ret&"));

    let house = House::new();
    let mut provider = welcoming("city", "https://city.example");
    let Protocol::OpenId(OpenId { proof, .. }) = &mut provider.protocol else { panic!("OpenID") };
    *proof = Proof::Key(IdTokenAlg::Es384);
    house.federation.add(provider, None).await.expect("a provider");
    begun(house.go("city", "eve").await);
    let form = house.outside.last_asked("https://city.example/token").2.expect("a form");
    let assertion = form.split('&').find_map(|pair| pair.strip_prefix("client_assertion=")).expect("an assertion");
    let token = oauth::jwt::Token::parse(assertion).expect("a token");
    let jwks = house.provider.jwks().await.body.expect("keys");
    let jwk = jwks.list("keys").find(|jwk| jwk.text("kid") == token.kid.as_deref()).expect("its key is published").clone();
    assert!(token.is_signed_by(&oauth::jwt::PublicKey::from_jwk(&jwk).expect("a key")));
    assert_eq!(token.claims.audience().collect::<Vec<_>>(), ["https://city.example/token"]);
    assert_eq!((token.claims.text("iss"), token.claims.text("sub")), (Some("ward-client"), Some("ward-client")));
}

#[tokio::test]
async fn every_algorithm_is_understood_that_providers_sign_with() {
    let house = House::with(welcoming("city", "https://city.example")).await;
    let key = Rsa::new();
    house.outside.has("https://city.example/jwks", &format!(r#"{{"keys":[{}]}}"#, key.jwk("r1")));
    for algorithm in ["RS256", "PS256"] {
        let traveller = house.depart_to_sign_in("city").await;
        house.outside.gives(&key.token(algorithm, "r1", &claims("eve", &traveller.nonce)));
        let params = [("state", traveller.state.as_str()), ("code", "c"), ("iss", "https://city.example")];
        begun(house.arrive("city", &traveller, None, &params).await);
    }
}

fn from_base32(text: &str) -> Vec<u8> {
    let digits = text.bytes().map(|letter| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".bytes().position(|known| known == letter).expect("a digit"));
    let bits: Vec<u8> = digits.flat_map(|digit| (0..5).rev().map(move |bit| (digit >> bit & 1) as u8)).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | bit)).collect()
}

#[tokio::test]
async fn where_it_signs_people_out_is_known_when_the_provider_says_so() {
    let house = House::with(usual("city", "https://city.example")).await;
    let farewell = async || house.federation.farewell(&site(), "city", None).await.expect("an answer");
    assert_eq!(farewell().await, None, "it does not offer that");
    assert!(house.federation.farewell(&site(), "nowhere", None).await.is_err());
    let base = r#""issuer":"https://city.example","authorization_endpoint":"https://city.example/a","token_endpoint":"https://city.example/t","jwks_uri":"https://city.example/jwks""#;
    for (address, expected) in [
        (
            "https://city.example/out",
            Some(
                "https://city.example/out?client_id=ward-client&post_logout_redirect_uri=https%3A%2F%2Fward.example%2Fauth%2Foutside%2Fcity%2Fsigned-out",
            ),
        ),
        ("http://city.example/out", None),
        ("javascript:alert(1)", None),
    ] {
        house.pass_s(3601);
        house
            .outside
            .has("https://city.example/.well-known/openid-configuration", &format!(r#"{{{base},"end_session_endpoint":"{address}"}}"#));
        assert_eq!(farewell().await.map(|farewell| farewell.address).as_deref(), expected, "{address}");
    }
}
