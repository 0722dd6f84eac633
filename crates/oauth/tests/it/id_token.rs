//! ID tokens: what they say, and that a stranger can verify them with what is published.

use aws_lc_rs::digest::{SHA256, SHA384, digest};
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use fhir::{Value, json};
use oauth::IdTokenAlg;

use crate::house::{House, at, text};
use crate::signer::{decoded, encoded};

struct Verified {
    header: Value,
    claims: Value,
}

/// Verifies a token as any client does.
async fn verified(house: &House, token: &str) -> Verified {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, claims) = signed.split_once('.').unwrap();
    let (header, claims) = (json::parse(&decoded(header)).unwrap(), json::parse(&decoded(claims)).unwrap());
    let set = house.provider.jwks().await;
    let keys = at(&set, "keys").unwrap().as_array().unwrap().to_vec();
    let key = keys.iter().find(|key| key.text("kid") == header.text("kid")).expect("the key is published");
    assert_eq!(key.text("alg"), header.text("alg"));
    assert!(key.get("d").is_none());
    let part = |name| decoded(key.text(name).unwrap());
    let is_genuine = match key.text("kty") {
        Some("RSA") => {
            let components = RsaPublicKeyComponents { n: part("n"), e: part("e") };
            assert_eq!(components.n.len(), 256);
            components.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &decoded(signature)).is_ok()
        }
        _ => {
            let point = [vec![4], part("x"), part("y")].concat();
            UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point).verify(signed.as_bytes(), &decoded(signature)).is_ok()
        }
    };
    assert!(is_genuine);
    Verified { header, claims }
}

#[tokio::test]
async fn it_says_who_signed_in_for_whom_and_until_when() {
    let house = House::new().await;
    let (client, _) = house.client(|client| client.id_token_alg = IdTokenAlg::Rs256).await;
    house.clock.move_seconds(30);
    let code = house.code(&client, &[("scope", "openid fhirUser profile launch/patient patient/*.rs")]).await;
    let reply = house.redeem(&client, &code).await;
    let Verified { header, claims } = verified(&house, &text(&reply, "id_token")).await;
    assert_eq!((header.text("alg"), header.text("typ")), (Some("RS256"), Some("JWT")));
    for (name, value) in [
        ("iss", "https://ward.example"),
        ("sub", "ada"),
        ("aud", &*client),
        ("nonce", "n-1"),
        ("fhirUser", "https://ward.example/fhir/Practitioner/p-ada"),
        ("profile", "https://ward.example/fhir/Practitioner/p-ada"),
        ("name", "ada"),
    ] {
        assert_eq!(claims.text(name), Some(value), "{name}");
    }
    for (name, value) in [("iat", "1800000030"), ("exp", "1800000330"), ("auth_time", "1800000000")] {
        assert_eq!(claims.get(name).unwrap().as_number(), Some(value), "{name}");
    }
    let hash = digest(&SHA256, text(&reply, "access_token").as_bytes());
    assert_eq!(claims.text("at_hash"), Some(&*encoded(&hash.as_ref()[..16])));
}

#[tokio::test]
async fn it_says_no_more_than_was_asked_for() {
    let house = House::new().await;
    let (client, _) = house.client(|client| client.id_token_alg = IdTokenAlg::Rs256).await;
    let code = house.code(&client, &[("scope", "openid"), ("nonce", "")]).await;
    let reply = house.redeem(&client, &code).await;
    let claims = verified(&house, &text(&reply, "id_token")).await.claims;
    for name in ["nonce", "fhirUser", "profile", "name"] {
        assert!(claims.get(name).is_none(), "{name}");
    }
}

#[tokio::test]
async fn who_wants_the_curve_gets_it() {
    let house = House::new().await;
    let (client, _) = house.client(|client| client.id_token_alg = IdTokenAlg::Es384).await;
    let code = house.code(&client, &[]).await;
    let reply = house.redeem(&client, &code).await;
    let Verified { header, claims } = verified(&house, &text(&reply, "id_token")).await;
    assert_eq!(header.text("alg"), Some("ES384"));
    let hash = digest(&SHA384, text(&reply, "access_token").as_bytes());
    assert_eq!(claims.text("at_hash"), Some(&*encoded(&hash.as_ref()[..24])));
}
