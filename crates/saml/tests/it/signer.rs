//! A provider that signs what a test tells it to.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use fhir::primitive::base64::{PLAIN, encode};
use saml::Refused;
use saml::certificate::Key;
use saml::response::{Answer, Expected, read};
use saml::xml::{Document, Place, parse};

pub const NOON_MS: i64 = 1_800_000_000_000;
pub const PROVIDER: &str = "https://idp.example";
pub const SERVICE: &str = "https://ward.example/auth/outside/idp/metadata";
pub const ACS: &str = "https://ward.example/auth/outside/idp/acs";

/// A key with its certificate, in base64.
pub struct Signer {
    kind: Kind,
    pub certificate: String,
}

enum Kind {
    Rsa(RsaKeyPair),
    Curve(EcdsaKeyPair),
}

impl Signer {
    pub fn rsa() -> Self {
        let key = rcgen::KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).expect("a key");
        let kind = Kind::Rsa(RsaKeyPair::from_pkcs8(&key.serialize_der()).expect("a key"));
        Self { kind, certificate: certificate(&key) }
    }

    pub fn curve() -> Self {
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &key.serialize_der()).expect("a key");
        Self { kind: Kind::Curve(pair), certificate: certificate(&key) }
    }

    pub fn key(&self) -> Key {
        Key::of_certificate(&self.certificate).expect("a certificate")
    }

    /// The text with a signature of the element of this id, after its issuer.
    pub fn sign(&self, text: &str, id: &str) -> String {
        self.sign_as(text, id, |info| info)
    }

    /// The same, with another `SignedInfo` than the honest one.
    pub fn sign_as(&self, text: &str, id: &str, change: impl FnOnce(String) -> String) -> String {
        let at = text.find(&format!("ID=\"{id}\"")).expect("the id");
        let end = "</saml:Issuer>";
        let place = at + text[at..].find(end).expect("an issuer") + end.len();
        format!("{}{}{}", &text[..place], self.signature(text, id, change), &text[place..])
    }

    /// A signature of the element of this id, as it stands in a text.
    pub fn signature(&self, text: &str, id: &str, change: impl FnOnce(String) -> String) -> String {
        let document = parse(text.as_bytes()).expect("XML");
        let content = document.canonical(find(&document, document.root(), id).expect("the element"), None, &[]);
        let algorithm = match &self.kind {
            Kind::Rsa(_) => "rsa-sha256",
            Kind::Curve(_) => "ecdsa-sha256",
        };
        let info = change(signed_info(id, algorithm, content.as_bytes()));
        let value = match &self.kind {
            Kind::Rsa(key) => {
                let mut value = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), info.as_bytes(), &mut value).expect("signed");
                value
            }
            Kind::Curve(key) => key.sign(&SystemRandom::new(), info.as_bytes()).expect("signed").as_ref().to_vec(),
        };
        let value = encode(&value, PLAIN);
        format!(
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{info}<ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>"
        )
    }
}

fn certificate(key: &rcgen::KeyPair) -> String {
    let parameters = rcgen::CertificateParams::new(vec!["idp.example".to_owned()]).expect("parameters");
    encode(parameters.self_signed(key).expect("a certificate").der(), PLAIN)
}

/// What is signed, in its canonical form.
pub fn signed_info(id: &str, algorithm: &str, content: &[u8]) -> String {
    let value = encode(digest(&SHA256, content).as_ref(), PLAIN);
    format!(
        "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#{algorithm}\"></ds:SignatureMethod><ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform><ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>{value}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )
}

fn find(document: &Document, place: Place, id: &str) -> Option<Place> {
    if document.attribute(place, "ID") == Some(id) {
        return Some(place);
    }
    document.children(place).find_map(|child| find(document, child, id))
}

/// An assertion about somebody.
pub fn assertion(id: &str, name: &str) -> String {
    format!(
        r#"<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="2027-01-15T08:00:00Z"><saml:Issuer>{PROVIDER}</saml:Issuer><saml:Subject><saml:NameID>{name}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="2027-01-15T08:05:00Z" Recipient="{ACS}" InResponseTo="_q"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="2027-01-15T08:00:00Z" NotOnOrAfter="2027-01-15T08:05:00Z"><saml:AudienceRestriction><saml:Audience>{SERVICE}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="2027-01-15T08:00:00Z"><saml:AuthnContext><saml:AuthnContextClassRef>urn:example:otp</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="uid"><saml:AttributeValue>{name}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"#
    )
}

/// A response with this in it.
pub fn response(id: &str, content: &str) -> String {
    format!(
        r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="2027-01-15T08:00:00Z" Destination="{ACS}" InResponseTo="_q"><saml:Issuer>{PROVIDER}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{content}</samlp:Response>"#
    )
}

/// What becomes of an answer when these keys are the provider's.
pub fn judged(text: &str, keys: &[Key]) -> Result<Answer, Refused> {
    read(text.as_bytes(), &Expected { provider: PROVIDER, keys, entity_id: SERVICE, answer_to: ACS, now_ms: NOON_MS })
}
