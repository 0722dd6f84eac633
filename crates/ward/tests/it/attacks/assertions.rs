//! Assertions of clients (`private_key_jwt`): `alg=none`, confused keys and algorithms, wrong audiences and times, clocks off by an hour, replays.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA384, RsaKeyPair};
use identity::base64url::encode;

use crate::attacks::house::{Client, House, Prepared, at_once, error_of};
use crate::http::Answer;

const HOUR_S: i64 = 3600;

/// Two services, one with a key on a curve and one with an RSA key, both with the `kid` `k1`.
struct Services {
    house: House,
    curve: (Client, EcdsaKeyPair),
    rsa: (Client, RsaKeyPair),
}

/// What an assertion says.
#[derive(Clone)]
struct Says {
    header: String,
    claims: String,
}

fn now_s() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs() as i64
}

impl Says {
    fn signed_part(&self) -> String {
        format!("{}.{}", encode(self.header.as_bytes()), encode(self.claims.as_bytes()))
    }

    fn by_curve(&self, key: &EcdsaKeyPair) -> String {
        let part = self.signed_part();
        let signature = key.sign(&SystemRandom::new(), part.as_bytes()).expect("signed");
        format!("{part}.{}", encode(signature.as_ref()))
    }

    fn by_rsa(&self, key: &RsaKeyPair) -> String {
        let part = self.signed_part();
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(&RSA_PKCS1_SHA384, &SystemRandom::new(), part.as_bytes(), &mut signature).expect("signed");
        format!("{part}.{}", encode(&signature))
    }

    fn by_hmac(&self, algorithm: hmac::Algorithm, secret: &[u8]) -> String {
        let part = self.signed_part();
        format!("{part}.{}", encode(hmac::sign(&hmac::Key::new(algorithm, secret), part.as_bytes()).as_ref()))
    }

    fn unsigned(&self) -> String {
        format!("{}.", self.signed_part())
    }
}

impl Services {
    fn open() -> Self {
        let prepared = Prepared::new();
        let curve = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).expect("a key");
        let rsa = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let register = |name: &str, set: String| {
            let file = prepared.folder().join(name);
            std::fs::write(&file, set).expect("written");
            prepared.client(&[name, "--keys", file.to_str().expect("text"), "--role", "service", "--scope", "system/Patient.rs"])
        };
        let curve_client = register("curve", curve_set(&curve));
        let rsa_client = register("rsa", rsa_set(&rsa));
        Self { house: prepared.open(&[]), curve: (curve_client, curve), rsa: (rsa_client, rsa) }
    }

    fn audience(&self) -> String {
        format!("{}/auth/token", self.house.origin())
    }

    /// What an honest client would say, for four minutes.
    fn honest(&self, algorithm: &str, client: &Client, jti: &str) -> Says {
        let (id, aud, exp) = (&client.id, self.audience(), now_s() + 240);
        Says {
            header: format!(r#"{{"alg":"{algorithm}","kid":"k1","typ":"JWT"}}"#),
            claims: format!(r#"{{"iss":"{id}","sub":"{id}","aud":"{aud}","exp":{exp},"jti":"{jti}"}}"#),
        }
    }

    fn ask(&self, assertion: &str) -> Answer {
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let pairs = [
            ("grant_type", "client_credentials"),
            ("scope", "system/Patient.rs"),
            ("client_assertion_type", kind),
            ("client_assertion", assertion),
        ];
        self.house.form("/auth/token", &pairs)
    }

    fn refused(&self, what: &str, assertion: &str) {
        let answer = self.ask(assertion);
        assert!([400, 401].contains(&answer.status) && error_of(&answer) == "invalid_client", "{what}: {}", answer.status);
        assert!(answer.json().get("access_token").is_none(), "{what}");
    }
}

fn curve_set(key: &EcdsaKeyPair) -> String {
    format!(r#"{{"keys":[{}]}}"#, curve_jwk(key))
}

fn curve_jwk(key: &EcdsaKeyPair) -> String {
    let (x, y) = key.public_key().as_ref()[1..].split_at(48);
    format!(r#"{{"kty":"EC","crv":"P-384","kid":"k1","x":"{}","y":"{}"}}"#, encode(x), encode(y))
}

fn rsa_set(key: &RsaKeyPair) -> String {
    // The 256 bytes before the exponent, which are the last but five of the structure.
    let der = key.public_key().as_ref();
    let modulus = &der[der.len() - 5 - 256..der.len() - 5];
    format!(r#"{{"keys":[{{"kty":"RSA","kid":"k1","n":"{}","e":"AQAB"}}]}}"#, encode(modulus))
}

#[test]
fn no_forged_or_confused_assertion_is_taken() {
    let services = Services::open();
    let (curve, rsa) = (&services.curve, &services.rsa);
    let stranger = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).expect("a key");
    let honest = |algorithm: &str| services.honest(algorithm, &curve.0, "j");
    for name in ["none", "None", "NONE", "nOnE", ""] {
        services.refused(name, &honest(name).unsigned());
        services.refused(name, &honest(name).by_curve(&curve.1));
    }
    let no_algorithm = Says { header: r#"{"kid":"k1"}"#.into(), ..honest("ES384") };
    services.refused("no algorithm", &no_algorithm.by_curve(&curve.1));
    services.refused("no signature", &honest("ES384").unsigned());
    services.refused("a signature of zeros", &format!("{}.{}", honest("ES384").signed_part(), encode(&[0; 96])));

    // The public key, which everybody has, as the secret of an HMAC: in each form in which a library might keep it.
    let of_rsa = |algorithm: &str| services.honest(algorithm, &rsa.0, "h");
    let der = rsa.1.public_key().as_ref();
    let pem = format!("-----BEGIN RSA PUBLIC KEY-----\n{}\n-----END RSA PUBLIC KEY-----\n", fhir_base64(der));
    let set = rsa_set(&rsa.1);
    for (what, secret) in [("der", der), ("pem", pem.as_bytes()), ("set", set.as_bytes()), ("nothing", b"".as_slice())] {
        services.refused(what, &of_rsa("HS256").by_hmac(hmac::HMAC_SHA256, secret));
        services.refused(what, &of_rsa("HS384").by_hmac(hmac::HMAC_SHA384, secret));
        services.refused(what, &of_rsa("RS384").by_hmac(hmac::HMAC_SHA384, secret));
    }
    services.refused("the algorithm of another key", &honest("RS384").by_curve(&curve.1));
    services.refused("PSS in place of PKCS 1", &of_rsa("PS384").by_rsa(&rsa.1));

    // Keys of somebody else, brought along or pointed to.
    services.refused("somebody else's key", &honest("ES384").by_curve(&stranger));
    let as_rsa = services.honest("ES384", &rsa.0, "x");
    services.refused("the key of another client with the same kid", &as_rsa.by_curve(&curve.1));
    let (jwk, aud) = (curve_jwk(&stranger), services.house.origin());
    for (what, member) in [
        ("a key brought along", format!(r#""jwk":{jwk}"#)),
        ("keys at an address", format!(r#""jku":"{aud}/keys""#)),
        ("a certificate at an address", format!(r#""x5u":"{aud}/chain""#)),
        ("a certificate brought along", r#""x5c":["MIIB"]"#.to_owned()),
        ("an extension that must be understood", r#""crit":["exp"]"#.to_owned()),
    ] {
        let header = format!(r#"{{"alg":"ES384","kid":"k1",{member}}}"#);
        services.refused(what, &Says { header, ..honest("ES384") }.by_curve(&stranger));
    }
    for kid in ["", "k2", "../../dev/null", "k1' OR '1'='1", "K1"] {
        let header = format!(r#"{{"alg":"ES384","kid":"{kid}"}}"#);
        services.refused(kid, &Says { header, ..honest("ES384") }.by_curve(&curve.1));
    }
    for text in ["", ".", "..", "a.b.c", "eyJhbGciOiJub25lIn0..", "null"] {
        let answer = services.ask(text);
        assert!([400, 401].contains(&answer.status), "{text}: {}", answer.status);
    }
    assert_eq!(services.ask(&honest("ES384").by_curve(&curve.1)).status, 200, "nothing else was wrong");
    assert_eq!(services.ask(&of_rsa("RS384").by_rsa(&rsa.1)).status, 200, "nothing else was wrong");
}

fn fhir_base64(bytes: &[u8]) -> String {
    fhir::primitive::base64::encode(bytes, fhir::primitive::base64::PLAIN)
}

#[test]
fn no_assertion_for_another_place_time_or_client_is_taken() {
    let services = Services::open();
    let (client, key) = &services.curve;
    let (now, id, aud, rsa) = (now_s(), &client.id, services.audience(), &services.rsa.0.id);
    let origin = services.house.origin();
    let times = |exp: i64, more: &str| format!(r#"{{"iss":"{id}","sub":"{id}","aud":"{aud}","exp":{exp},"jti":"t"{more}}}"#);
    let aimed = |aud: &str| format!(r#"{{"iss":"{id}","sub":"{id}","aud":{aud},"exp":{},"jti":"t"}}"#, now + 240);
    let named = |iss: &str, sub: &str| format!(r#"{{"iss":"{iss}","sub":"{sub}","aud":"{aud}","exp":{},"jti":"t"}}"#, now + 240);
    let attempts = [
        ("of an hour ago", times(now - HOUR_S, "")),
        ("that ends in an hour: a clock an hour ahead", times(now + HOUR_S + 240, "")),
        ("that ended just now", times(now - 1, "")),
        ("that holds for an hour", times(now + HOUR_S, "")),
        ("that holds for ever", times(99_999_999_999, "")),
        ("that begins in an hour", times(now + 240, &format!(r#","nbf":{}"#, now + HOUR_S))),
        ("made in an hour", times(now + 240, &format!(r#","iat":{}"#, now + HOUR_S))),
        ("that ends at no number", times(now, "").replace(&format!("{now}"), r#""soon""#)),
        ("that never ends", times(now, "").replace(&format!(r#""exp":{now},"#), "")),
        ("without jti", times(now + 240, "").replace(r#","jti":"t""#, "")),
        ("with an empty jti", times(now + 240, "").replace(r#""jti":"t""#, r#""jti":"""#)),
        ("for another server", aimed(r#""https://other.example/auth/token""#)),
        ("for the FHIR endpoint", aimed(&format!(r#""{origin}/fhir""#))),
        ("for a part of the address", aimed(&format!(r#""{origin}/auth""#))),
        ("for more than the address", aimed(&format!(r#""{aud}/x""#))),
        ("for nobody", aimed("[]")),
        ("without audience", aimed("null")),
        ("of another client", named(rsa, rsa)),
        ("by one for another", named(id, rsa)),
        ("for one by another", named(rsa, id)),
        ("of nobody", named("nobody", "nobody")),
        ("with a claim twice", times(now - HOUR_S, &format!(r#","exp":{}"#, now + 240))),
    ];
    for (what, claims) in attempts {
        let says = Says { claims, ..services.honest("ES384", client, "t") };
        services.refused(what, &says.by_curve(key));
    }
    let honest = services.honest("ES384", client, "t").by_curve(key);
    assert_eq!(services.ask(&honest).status, 200, "no attempt used the jti up");
}

#[test]
fn of_fifty_with_one_assertion_one_is_served() {
    let services = Services::open();
    let assertion = services.honest("ES384", &services.curve.0, "once").by_curve(&services.curve.1);
    let answers = at_once(50, |_| services.ask(&assertion));
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().filter(|answer| answer.status != 200).all(|answer| error_of(answer) == "invalid_client"));
    services.refused("once more", &assertion);
    // Another signature over the same is another text with the same jti.
    let again = services.honest("ES384", &services.curve.0, "once").by_curve(&services.curve.1);
    assert_ne!(assertion, again);
    services.refused("signed anew", &again);
}
