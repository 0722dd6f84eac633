//! Clients that sign, honestly or not.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RsaEncoding, RsaKeyPair,
};
use fhir::primitive::base64;

/// What the assertions of a client say; each of it can be something else.
#[derive(Clone)]
pub struct Says {
    pub header: String,
    pub claims: String,
}

/// A key on P-384, and the set that has its public half.
pub struct Curve {
    key: EcdsaKeyPair,
    pub jwks: String,
}

/// An RSA key of 2048 bits, and the set that has its public half.
pub struct Rsa {
    key: RsaKeyPair,
    pub jwks: String,
}

pub fn encoded(bytes: &[u8]) -> String {
    base64::encode(bytes, base64::FOR_URLS).trim_end_matches('=').to_owned()
}

pub fn decoded(text: &str) -> Vec<u8> {
    base64::decode(&format!("{text}{}", "=".repeat((4 - text.len() % 4) % 4)), base64::FOR_URLS).unwrap()
}

impl Says {
    /// An honest assertion of a client, for five minutes from `now`, in seconds.
    pub fn honest(algorithm: &str, client: &str, jti: &str, now: i64) -> Self {
        let aud = "https://ward.example/auth/token";
        Self {
            header: format!(r#"{{"alg":"{algorithm}","kid":"k1","typ":"JWT"}}"#),
            claims: format!(r#"{{"iss":"{client}","sub":"{client}","aud":"{aud}","exp":{},"jti":"{jti}"}}"#, now + 300),
        }
    }

    pub fn with(mut self, old: &str, new: &str) -> Self {
        assert!(self.header.contains(old) || self.claims.contains(old), "{old} is not there");
        self.header = self.header.replace(old, new);
        self.claims = self.claims.replace(old, new);
        self
    }

    fn signed(&self) -> String {
        format!("{}.{}", encoded(self.header.as_bytes()), encoded(self.claims.as_bytes()))
    }

    /// Without a signature.
    pub fn unsigned(&self) -> String {
        format!("{}.", self.signed())
    }

    /// Signed with a text as a symmetric key.
    pub fn by_hmac(&self, secret: &[u8]) -> String {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), self.signed().as_bytes());
        format!("{}.{}", self.signed(), encoded(tag.as_ref()))
    }
}

impl Curve {
    pub fn new() -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
        let (x, y) = key.public_key().as_ref()[1..].split_at(48);
        let jwks = format!(r#"{{"keys":[{{"kty":"EC","crv":"P-384","kid":"k1","x":"{}","y":"{}"}}]}}"#, encoded(x), encoded(y));
        Self { key, jwks }
    }

    pub fn sign(&self, says: &Says) -> String {
        let signature = self.key.sign(&SystemRandom::new(), says.signed().as_bytes()).unwrap();
        format!("{}.{}", says.signed(), encoded(signature.as_ref()))
    }
}

impl Rsa {
    pub fn new() -> Self {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let n = Self::modulus(&key);
        let jwks = format!(r#"{{"keys":[{{"kty":"RSA","kid":"k1","n":"{}","e":"AQAB"}}]}}"#, encoded(&n));
        Self { key, jwks }
    }

    /// The 256 bytes before the exponent, which are the last but five of the structure.
    pub fn modulus(key: &RsaKeyPair) -> Vec<u8> {
        let der = key.public_key().as_ref();
        der[der.len() - 5 - 256..der.len() - 5].to_vec()
    }

    pub fn public_der(&self) -> &[u8] {
        self.key.public_key().as_ref()
    }

    pub fn sign(&self, says: &Says) -> String {
        self.sign_with(&RSA_PKCS1_SHA384, says)
    }

    pub fn sign_256(&self, says: &Says) -> String {
        self.sign_with(&RSA_PKCS1_SHA256, says)
    }

    fn sign_with(&self, padding: &'static dyn RsaEncoding, says: &Says) -> String {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(padding, &SystemRandom::new(), says.signed().as_bytes(), &mut signature).unwrap();
        format!("{}.{}", says.signed(), encoded(&signature))
    }
}
