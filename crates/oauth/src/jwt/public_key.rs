//! A key that verifies: its kind, and with it what it may be used with, is fixed when it is read.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, EcdsaVerificationAlgorithm, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use fhir::Value;

use identity::base64url;

/// The algorithms with which clients may sign. SMART asks for RS384 and ES384; the others are those of many a library. (PS256 is understood, too, for what
/// providers outside sign.)
pub const ALGORITHMS: [&str; 4] = ["RS384", "ES384", "RS256", "ES256"];

/// A key that verifies.
#[derive(Clone)]
pub struct PublicKey {
    /// Its name.
    pub kid: Box<str>,
    /// What it may be used with.
    algorithms: &'static [&'static str],
    material: Material,
}

#[derive(Clone)]
enum Material {
    Rsa(RsaPublicKeyComponents<Vec<u8>>),
    /// A point, as four and the two numbers.
    Curve(&'static EcdsaVerificationAlgorithm, Vec<u8>),
}

impl PublicKey {
    /// The key of a JSON Web Key; `None` when it has no `kid`, is not for signatures, or is of no kind that is understood.
    pub fn from_jwk(jwk: &Value) -> Option<Self> {
        let kid = jwk.text("kid").filter(|kid| !kid.is_empty() && kid.len() <= 256)?;
        let is_for_signatures = jwk.text("use").is_none_or(|purpose| purpose == "sig")
            && jwk.get("key_ops").is_none_or(|acts| acts.each().any(|act| act.as_str() == Some("verify")));
        let number = |name: &str| jwk.text(name).and_then(base64url::decode);
        let (algorithms, material): (&'static [&'static str], _) = match (jwk.text("kty")?, jwk.text("crv")) {
            ("RSA", _) => (&["RS384", "RS256", "PS256"], rsa(number("n")?, number("e")?)?),
            ("EC", Some("P-256")) => (&["ES256"], curve(&ECDSA_P256_SHA256_FIXED, 32, number("x")?, number("y")?)?),
            ("EC", Some("P-384")) => (&["ES384"], curve(&ECDSA_P384_SHA384_FIXED, 48, number("x")?, number("y")?)?),
            _ => return None,
        };
        let algorithms = match jwk.get("alg") {
            None => algorithms,
            Some(named) => {
                let place = algorithms.iter().position(|known| named.as_str() == Some(known))?;
                &algorithms[place..=place]
            }
        };
        is_for_signatures.then(|| Self { kid: kid.into(), algorithms, material })
    }

    /// Whether `signature` is one of `message` by this key and an algorithm that it is for.
    pub fn verifies(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
        let rsa = |key: &RsaPublicKeyComponents<Vec<u8>>, parameters| key.verify(parameters, message, signature).is_ok();
        self.algorithms.contains(&algorithm)
            && match &self.material {
                Material::Rsa(key) if algorithm == "RS256" => rsa(key, &RSA_PKCS1_2048_8192_SHA256),
                Material::Rsa(key) if algorithm == "PS256" => rsa(key, &RSA_PSS_2048_8192_SHA256),
                Material::Rsa(key) => rsa(key, &RSA_PKCS1_2048_8192_SHA384),
                Material::Curve(algorithm, point) => UnparsedPublicKey::new(*algorithm, point).verify(message, signature).is_ok(),
            }
    }
}

/// An RSA key of 2048 to 8192 bits whose exponent is odd and at least 65537.
fn rsa(n: Vec<u8>, e: Vec<u8>) -> Option<Material> {
    let exponent = e.iter().try_fold(0_u64, |sum, &byte| sum.checked_mul(256)?.checked_add(u64::from(byte)))?;
    let fits = (256..=1024).contains(&n.len()) && n[0] != 0 && e[0] != 0 && exponent >= 65_537 && exponent % 2 == 1;
    fits.then_some(Material::Rsa(RsaPublicKeyComponents { n, e }))
}

/// A point of a curve.
fn curve(algorithm: &'static EcdsaVerificationAlgorithm, length: usize, x: Vec<u8>, y: Vec<u8>) -> Option<Material> {
    (x.len() == length && y.len() == length).then(|| Material::Curve(algorithm, [vec![4], x, y].concat()))
}
