//! Public keys as COSE writes them (RFC 9053), of the three algorithms that are asked for.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};

use crate::factor::passkey::cbor::{self, Cbor};

/// The algorithms, by their COSE numbers, the preferred one first: ES256, EdDSA, RS256.
pub const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// ECDSA on P-256 with SHA-256: the point, uncompressed.
    Es256(Vec<u8>),
    /// Ed25519.
    EdDsa(Vec<u8>),
    /// RSA with PKCS #1 v1.5 and SHA-256: modulus and exponent.
    Rs256(Vec<u8>, Vec<u8>),
}

impl PublicKey {
    /// The key in these bytes; `None` when there is another, or one of another algorithm.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let map = cbor::whole(bytes)?;
        let number = |label| map.at(label).and_then(Cbor::int);
        let part = |label| map.at(label).and_then(Cbor::bytes);
        match (number(1)?, number(3)?) {
            (2, -7) if number(-1) == Some(1) => {
                let (x, y) = (part(-2)?, part(-3)?);
                (x.len() == 32 && y.len() == 32).then(|| Self::Es256([&[4], x, y].concat()))
            }
            (1, -8) if number(-1) == Some(6) => part(-2).filter(|x| x.len() == 32).map(|x| Self::EdDsa(x.to_vec())),
            (3, -257) => {
                let (n, e) = (part(-1)?, part(-2)?);
                let starts = n.first().is_some_and(|byte| *byte != 0) && e.first().is_some_and(|byte| *byte != 0);
                (starts && (256..=1024).contains(&n.len()) && e.len() <= 8).then(|| Self::Rs256(n.to_vec(), e.to_vec()))
            }
            _ => None,
        }
    }

    /// Its algorithm, by its COSE number.
    pub fn algorithm(&self) -> i64 {
        match self {
            Self::Es256(_) => -7,
            Self::EdDsa(_) => -8,
            Self::Rs256(..) => -257,
        }
    }

    /// Whether a signature is of this key.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Es256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature),
            Self::EdDsa(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
            Self::Rs256(n, e) => RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
        }
        .is_ok()
    }
}
