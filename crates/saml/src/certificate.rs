//! The key in a certificate (RFC 5280, section 4.1). A certificate is no more than its key here: whoever set it up has said whose it is.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    UnparsedPublicKey, VerificationAlgorithm,
};
use fhir::primitive::from_base64;

use crate::Refused;

const SEQUENCE: u8 = 0x30;
const OBJECT_ID: u8 = 0x06;
const BITS: u8 = 0x03;
const VERSION: u8 = 0xa0;

/// A public key, which says with which algorithms it verifies.
#[derive(Clone)]
pub struct Key {
    kind: Kind,
    /// `RSAPublicKey` for RSA; the point for a curve.
    material: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rsa,
    P256,
    P384,
}

/// `rsaEncryption`, `id-ecPublicKey`, and the curves.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];

impl Key {
    /// The key of a certificate in base64, as metadata has it: blanks and the lines around PEM are passed over.
    ///
    /// Fails when it is no certificate, or its key is none of RSA, P-256 and P-384.
    pub fn of_certificate(text: &str) -> Result<Self, Refused> {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("-----"));
        let text: String = lines.flat_map(str::chars).filter(|sign| !sign.is_ascii_whitespace()).collect();
        let der = from_base64(&text).ok_or(Refused("a certificate is no base64"))?;
        Self::in_der(&der).ok_or(Refused("a certificate cannot be understood, or its key is none of RSA, P-256 and P-384"))
    }

    fn in_der(der: &[u8]) -> Option<Self> {
        let (certificate, _) = value(der, SEQUENCE)?;
        let (mut rest, _) = value(certificate, SEQUENCE)?;
        if rest.first() == Some(&VERSION) {
            rest = value(rest, VERSION)?.1;
        }
        // The serial number, the algorithm, the issuer, the time and the subject.
        for tag in [0x02, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE] {
            rest = value(rest, tag)?.1;
        }
        let (info, _) = value(rest, SEQUENCE)?;
        let (algorithm, rest) = value(info, SEQUENCE)?;
        let (bits, _) = value(rest, BITS)?;
        let (&unused, material) = bits.split_first()?;
        let (name, parameters) = value(algorithm, OBJECT_ID)?;
        let kind = match name {
            RSA => Kind::Rsa,
            EC => match value(parameters, OBJECT_ID)?.0 {
                P256 => Kind::P256,
                P384 => Kind::P384,
                _ => return None,
            },
            _ => return None,
        };
        (unused == 0).then(|| Self { kind, material: material.to_vec() })
    }

    /// Whether a signature of a message is by this key and an algorithm, as XML Signature names it. False for an algorithm that is not for this key, or not understood.
    pub fn verifies(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
        let Some(name) = algorithm.strip_prefix("http://www.w3.org/2001/04/xmldsig-more#") else { return false };
        let algorithm: &'static dyn VerificationAlgorithm = match (self.kind, name) {
            (Kind::Rsa, "rsa-sha256") => &RSA_PKCS1_2048_8192_SHA256,
            (Kind::Rsa, "rsa-sha384") => &RSA_PKCS1_2048_8192_SHA384,
            (Kind::Rsa, "rsa-sha512") => &RSA_PKCS1_2048_8192_SHA512,
            (Kind::P256, "ecdsa-sha256") => &ECDSA_P256_SHA256_FIXED,
            (Kind::P384, "ecdsa-sha384") => &ECDSA_P384_SHA384_FIXED,
            _ => return false,
        };
        UnparsedPublicKey::new(algorithm, &self.material).verify(message, signature).is_ok()
    }
}

/// The content of a value with this tag, and what comes after it.
fn value(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, length], rest) = der.split_first_chunk()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(length), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            (digits.iter().fold(0_usize, |sum, &byte| sum << 8 | usize::from(byte)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length).filter(|_| found == tag)
}
