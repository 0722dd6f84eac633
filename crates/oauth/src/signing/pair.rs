//! A private key with its public half.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use fhir::{Value, object};

use crate::client::IdTokenAlg;
use crate::refusal::{Fault, Refusal};
use identity::base64url;

/// A private key with its public half.
pub(crate) enum Pair {
    Rs256(RsaKeyPair),
    Es384(EcdsaKeyPair),
}

impl Pair {
    /// A new private key, in PKCS #8. An RSA key takes some tenths of a second: it is made beside the threads of the network.
    pub(crate) async fn make(algorithm: IdTokenAlg) -> Result<Vec<u8>, Refusal> {
        let made = tokio::task::spawn_blocking(move || match algorithm {
            IdTokenAlg::Rs256 => {
                let key = RsaKeyPair::generate(KeySize::Rsa2048).ok()?;
                let der: Pkcs8V1Der<'_> = key.as_der().ok()?;
                Some(der.as_ref().to_vec())
            }
            IdTokenAlg::Es384 => Some(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).ok()?.to_pkcs8v1().ok()?.as_ref().to_vec()),
        });
        made.await.ok().flatten().ok_or_else(|| broken("No key could be made."))
    }

    /// The key in this text.
    pub(crate) fn open(algorithm: IdTokenAlg, private: &[u8]) -> Result<Self, Refusal> {
        let opened = match algorithm {
            IdTokenAlg::Rs256 => RsaKeyPair::from_pkcs8(private).ok().map(Pair::Rs256),
            IdTokenAlg::Es384 => EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, private).ok().map(Pair::Es384),
        };
        opened.ok_or_else(|| broken("A signing key cannot be understood."))
    }

    /// The signature of a message.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Refusal> {
        let random = SystemRandom::new();
        let signed = match self {
            Pair::Rs256(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).ok().map(|()| signature)
            }
            Pair::Es384(key) => key.sign(&random, message).ok().map(|signature| signature.as_ref().to_vec()),
        };
        signed.ok_or_else(|| broken("Nothing could be signed."))
    }

    /// The public half as a JSON Web Key.
    pub(crate) fn jwk(&self, kid: &str) -> Value {
        match self {
            Pair::Rs256(key) => {
                let (n, e) = rsa_numbers(key.public_key().as_ref()).unwrap_or_default();
                object! { "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": base64url::encode(n), "e": base64url::encode(e) }
            }
            Pair::Es384(key) => {
                let (x, y) = key.public_key().as_ref().get(1..97).unwrap_or(&[0; 96]).split_at(48);
                let (x, y) = (base64url::encode(x), base64url::encode(y));
                object! { "kty": "EC", "use": "sig", "alg": "ES384", "kid": kid, "crv": "P-384", "x": x, "y": y }
            }
        }
    }
}

/// Modulus and exponent of `RSAPublicKey` (RFC 8017, A.1.1), without leading zeros.
fn rsa_numbers(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, _) = der_value(der, 0x30)?;
    let (n, rest) = der_value(sequence, 0x02)?;
    let (e, _) = der_value(rest, 0x02)?;
    let bare = |number: &'_ [u8]| number.iter().position(|&byte| byte != 0).unwrap_or(0);
    Some((&n[bare(n)..], &e[bare(e)..]))
}

/// The content of a value with this tag, and what comes after it.
fn der_value(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, length], rest) = der.split_first_chunk()?;
    let (length, rest) = match length {
        0..0x80 => (usize::from(length), rest),
        _ => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (digits.iter().try_fold(0_usize, |sum, &byte| sum.checked_mul(256)?.checked_add(usize::from(byte)))?, rest)
        }
    };
    rest.split_at_checked(length).filter(|_| found == tag)
}

fn broken(why: &str) -> Refusal {
    Refusal::new(Fault::ServerError, format!("{why} The log of the server says more."))
}
