//! A provider outside, which says whatever a test wants.

use std::collections::HashMap;
use std::sync::Mutex;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use federation::ask::{Ask, Question};
use identity::base64url::encode;
use oauth::client::fetch::{Document, Fetch};
use store::contract::Pending;

use crate::house::{CLIENT, NOON_S};

/// A key on P-256.
pub struct Curve(EcdsaKeyPair);

impl Curve {
    pub fn new() -> Self {
        Self(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key"))
    }

    fn jwk(&self, kid: &str) -> String {
        let (x, y) = self.0.public_key().as_ref()[1..].split_at(32);
        format!(r#"{{"kty":"EC","crv":"P-256","use":"sig","kid":"{kid}","x":"{}","y":"{}"}}"#, encode(x), encode(y))
    }

    /// A token with this header and these claims.
    pub fn token(&self, header: &str, claims: &str) -> String {
        let signed = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes()).expect("signed");
        format!("{signed}.{}", encode(signature.as_ref()))
    }
}

/// An RSA key.
pub struct Rsa(RsaKeyPair);

impl Rsa {
    pub fn new() -> Self {
        Self(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"))
    }

    pub fn jwk(&self, kid: &str) -> String {
        let der = self.0.public_key().as_ref();
        format!(r#"{{"kty":"RSA","kid":"{kid}","n":"{}","e":"AQAB"}}"#, encode(&der[der.len() - 5 - 256..der.len() - 5]))
    }

    pub fn token(&self, algorithm: &str, kid: &str, claims: &str) -> String {
        let padding: &dyn RsaEncoding = if algorithm == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
        let header = format!(r#"{{"alg":"{algorithm}","kid":"{kid}"}}"#);
        let signed = format!("{}.{}", encode(header.as_bytes()), encode(claims.as_bytes()));
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(padding, &SystemRandom::new(), signed.as_bytes(), &mut signature).expect("signed");
        format!("{signed}.{}", encode(&signature))
    }
}

/// A question: the address, `Authorization`, and the form.
pub type Asked = (String, Option<String>, Option<String>);

/// The servers of the world: what stands at which address, and who asked for what.
pub struct Outside {
    pub key: Curve,
    documents: Mutex<HashMap<String, String>>,
    /// What was asked.
    pub asked: Mutex<Vec<Asked>>,
}

pub const HEADER: &str = r#"{"alg":"ES256","kid":"k1","typ":"JWT"}"#;

/// What an honest ID token says.
pub fn claims(subject: &str, nonce: &str) -> String {
    format!(
        r#"{{"iss":"https://city.example","aud":"{CLIENT}","sub":"{subject}","nonce":"{nonce}","iat":{NOON_S},"exp":{},"preferred_username":"{subject}-there","name":"Dr {subject}","email":"{subject}@city.example"}}"#,
        NOON_S + 300
    )
}

impl Outside {
    /// With the provider `https://city.example`.
    pub fn new() -> Self {
        let outside = Self { key: Curve::new(), documents: Mutex::default(), asked: Mutex::default() };
        outside.has_provider("https://city.example", true);
        let jwks = format!(r#"{{"keys":[{}]}}"#, outside.key.jwk("k1"));
        outside.has("https://city.example/jwks", &jwks);
        outside
    }

    /// A document stands at an address.
    pub fn has(&self, address: &str, text: &str) {
        self.documents.lock().expect("documents").insert(address.to_owned(), text.to_owned());
    }

    /// A provider says of itself what is usual.
    pub fn has_provider(&self, issuer: &str, says_issuer: bool) {
        let document = format!(
            r#"{{"issuer":"{issuer}","authorization_endpoint":"{issuer}/authorize","token_endpoint":"{issuer}/token","jwks_uri":"{issuer}/jwks","userinfo_endpoint":"{issuer}/me","authorization_response_iss_parameter_supported":{says_issuer}}}"#
        );
        self.has(&format!("{issuer}/.well-known/openid-configuration"), &document);
    }

    /// The next code is worth this ID token.
    pub fn gives(&self, token: &str) {
        self.has("https://city.example/token", &format!(r#"{{"access_token":"at","token_type":"Bearer","id_token":"{token}"}}"#));
    }

    /// Somebody signs in there.
    pub fn signs_in(&self, subject: &str, nonce: &str) {
        self.gives(&self.key.token(HEADER, &claims(subject, nonce)));
    }

    /// The last question to an address.
    pub fn last_asked(&self, address: &str) -> Asked {
        self.asked.lock().expect("asked").iter().rfind(|(known, ..)| known == address).expect("asked").clone()
    }

    fn answer(&self, address: &str) -> Result<Vec<u8>, String> {
        let documents = self.documents.lock().expect("documents");
        documents.get(address).map(|text| text.clone().into_bytes()).ok_or_else(|| "the host answers that it is not there".to_owned())
    }
}

impl Fetch for Outside {
    fn fetch<'a>(&'a self, uri: &'a str) -> Pending<'a, Result<Document, String>> {
        Box::pin(async move { self.answer(uri).map(|body| (body, None)) })
    }
}

impl Ask for Outside {
    fn ask<'a>(&'a self, question: Question<'a>) -> Pending<'a, Result<Vec<u8>, String>> {
        let text = |secret: Option<&identity::Secret>| secret.map(|secret| secret.expose().to_owned());
        let row = (question.address.to_owned(), text(question.authorization), text(question.form));
        self.asked.lock().expect("asked").push(row);
        Box::pin(async move { self.answer(question.address) })
    }
}
