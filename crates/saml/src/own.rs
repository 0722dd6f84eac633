//! This server's own keys towards a provider, with the certificates by which the provider knows them.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use fhir::primitive::{base64, instant_text};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_RSA_SHA256, RsaKeySize, date_time_ymd};

use crate::Refused;
use crate::namespace::{EXCLUSIVE, SIGNATURE};
use crate::signature::{ENVELOPED, digest_of};
use crate::xml::parse;

/// By which algorithm this server signs.
pub(crate) const ALGORITHM: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/// For how many years a certificate says that it holds. Providers go by the key, and not by that.
const YEARS: i32 = 20;

/// A new key.
pub struct Made {
    /// Its private half, in PKCS #8.
    pub private: Vec<u8>,
    /// Its certificate, in base64, signed by itself.
    pub certificate: String,
}

/// A new RSA key of 3072 bits, with a certificate of this name. It takes some tenths of a second, and longer now and then: not for a thread of the network.
///
/// Fails when no key could be made.
pub fn make(name: &str, now_ms: i64) -> Result<Made, Refused> {
    let failed = |_| Refused("no key could be made");
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_3072).map_err(failed)?;
    let mut parameters = CertificateParams::default();
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CommonName, name);
    parameters.distinguished_name = subject;
    let year = instant_text(now_ms).get(..4).and_then(|year| year.parse().ok()).unwrap_or(2026);
    (parameters.not_before, parameters.not_after) = (date_time_ymd(year, 1, 1), date_time_ymd(year + YEARS, 1, 1));
    let certificate = parameters.self_signed(&key).map_err(failed)?;
    Ok(Made { private: key.serialize_der(), certificate: base64::encode(certificate.der(), base64::PLAIN) })
}

/// The private half of a key by which this server signs.
pub struct SigningKey(RsaKeyPair);

impl SigningKey {
    /// The key in PKCS #8.
    ///
    /// Fails when it is none of RSA, or of a length that is not taken.
    pub fn of_pkcs8(private: &[u8]) -> Result<Self, Refused> {
        RsaKeyPair::from_pkcs8(private).map(Self).map_err(|_| Refused("a key for signing cannot be understood"))
    }

    /// The signature of a message, in base64.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<String, Refused> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        let signed = self.0.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature);
        signed.map_err(|_| Refused("nothing could be signed"))?;
        Ok(base64::encode(&signature, base64::PLAIN))
    }

    /// A message with its signature, after its issuer (XML Signature, as Core, section 5.4 narrows it down). It is one of this server's: its outermost element has this id.
    pub(crate) fn signed(&self, text: &str, id: &str) -> Result<String, Refused> {
        let document = parse(text.as_bytes())?;
        let digest = digest_of(document.canonical(document.root(), None, &[]).as_bytes());
        // In its canonical form, so that it is signed as it stands.
        let info = format!(
            "<ds:SignedInfo xmlns:ds=\"{SIGNATURE}\"><ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod>\
             <ds:SignatureMethod Algorithm=\"{ALGORITHM}\"></ds:SignatureMethod><ds:Reference URI=\"#{id}\"><ds:Transforms>\
             <ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform><ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform></ds:Transforms>\
             <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>\
             <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
        );
        let value = self.sign(info.as_bytes())?;
        let signature =
            format!("<ds:Signature xmlns:ds=\"{SIGNATURE}\">{info}<ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>");
        let (before, after) = text.split_once("</saml:Issuer>").ok_or(Refused("a message has no issuer"))?;
        Ok(format!("{before}</saml:Issuer>{signature}{after}"))
    }
}
