//! A provider that signs what a test tells it to.

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPublicEncryptingKey, PrivateDecryptingKey, PublicEncryptingKey};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use fhir::primitive::base64::{PLAIN, encode};
use saml::Refused;
use saml::certificate::Key;
use saml::encrypted::OpeningKey;
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

/// What a provider asks about signing somebody out, to this address.
pub fn logout_request(id: &str, destination: &str, name: &str, sessions: &[&str]) -> String {
    let sessions: String = sessions.iter().map(|index| format!("<samlp:SessionIndex>{index}</samlp:SessionIndex>")).collect();
    format!(
        r#"<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="2027-01-15T08:00:00Z" NotOnOrAfter="2027-01-15T08:05:00Z" Destination="{destination}"><saml:Issuer>{PROVIDER}</saml:Issuer><saml:NameID>{name}</saml:NameID>{sessions}</samlp:LogoutRequest>"#
    )
}

/// What a provider answers about signing somebody out, to this address.
pub fn logout_response(id: &str, destination: &str, request: &str) -> String {
    format!(
        r#"<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="2027-01-15T08:00:00Z" Destination="{destination}" InResponseTo="{request}"><saml:Issuer>{PROVIDER}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:LogoutResponse>"#
    )
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
    opened(text, keys, &[], false)
}

/// The same, by a server that has these keys for opening assertions.
pub fn opened(text: &str, keys: &[Key], opening: &[OpeningKey], must_be_encrypted: bool) -> Result<Answer, Refused> {
    let expected = Expected { provider: PROVIDER, keys, entity_id: SERVICE, answer_to: ACS, opening, must_be_encrypted, now_ms: NOON_MS };
    read(text.as_bytes(), &expected)
}

/// An assertion, encrypted: in the usual way, or altered before it is written down.
pub struct Sealed {
    pub content_algorithm: String,
    pub key_algorithm: String,
    /// What stands within the `EncryptionMethod` of the key.
    pub key_parameters: String,
    /// The key, wrapped, and the content.
    pub wrapped: Vec<u8>,
    pub content: Vec<u8>,
}

impl Sealed {
    /// A text for whoever has the private half, with AES-256-GCM and RSA-OAEP of SHA-256, or AES-128-GCM and RSA-OAEP of SHA-1.
    pub fn new(text: &str, private: &[u8], is_new: bool) -> Self {
        Self::with(text, PrivateDecryptingKey::from_pkcs8(private).expect("a key").public_key(), is_new)
    }

    /// The same for the key in a certificate, in DER. (An RSA key's begins with what says so.)
    pub fn for_certificate(text: &str, certificate: &[u8], is_new: bool) -> Self {
        const RSA: &[u8] = &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03, 0x82];
        let at = certificate.windows(RSA.len()).position(|bytes| bytes == RSA).expect("an RSA key");
        // Before it stands the sequence around both, whose length has two bytes; after it that of the key.
        let (start, end) = (at - 4, at + RSA.len() + 2);
        let length = usize::from(certificate[end - 2]) << 8 | usize::from(certificate[end - 1]);
        Self::with(text, PublicEncryptingKey::from_der(&certificate[start..end + length]).expect("a key"), is_new)
    }

    fn with(text: &str, public: PublicEncryptingKey, is_new: bool) -> Self {
        let key = vec![0x5a; if is_new { 32 } else { 16 }];
        let (how, key_algorithm, key_parameters) = match is_new {
            true => (
                &OAEP_SHA256_MGF1SHA256,
                "http://www.w3.org/2009/xmlenc11#rsa-oaep",
                "<ds:DigestMethod xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><e11:MGF xmlns:e11=\"http://www.w3.org/2009/xmlenc11#\" Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1sha256\"/>",
            ),
            false => (&OAEP_SHA1_MGF1SHA1, "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p", ""),
        };
        let public = OaepPublicEncryptingKey::new(public).expect("a key");
        let mut wrapped = vec![0; public.ciphertext_size()];
        public.encrypt(how, &key, &mut wrapped, None).expect("wrapped");
        let bits = key.len() * 8;
        Self {
            content_algorithm: format!("http://www.w3.org/2009/xmlenc11#aes{bits}-gcm"),
            key_algorithm: key_algorithm.to_owned(),
            key_parameters: key_parameters.to_owned(),
            wrapped,
            content: enciphered(&key, text.as_bytes()),
        }
    }

    /// The key.
    pub fn key(&self, attributes: &str) -> String {
        let Self { key_algorithm, key_parameters, .. } = self;
        let value = encode(&self.wrapped, PLAIN);
        format!(
            "<xenc:EncryptedKey xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\"{attributes}><xenc:EncryptionMethod Algorithm=\"{key_algorithm}\">{key_parameters}</xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>{value}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>"
        )
    }

    /// What is encrypted, with this in its `KeyInfo`.
    pub fn data(&self, info: &str) -> String {
        let value = encode(&self.content, PLAIN);
        format!(
            "<xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\" Id=\"_d\" Type=\"http://www.w3.org/2001/04/xmlenc#Element\"><xenc:EncryptionMethod Algorithm=\"{}\"/><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{info}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{value}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>",
            self.content_algorithm
        )
    }

    /// The whole, with the key within.
    pub fn text(&self) -> String {
        format!("<saml:EncryptedAssertion>{}</saml:EncryptedAssertion>", self.data(&self.key("")))
    }
}

fn enciphered(key: &[u8], text: &[u8]) -> Vec<u8> {
    let algorithm = if key.len() == 32 { &AES_256_GCM } else { &AES_128_GCM };
    let key = LessSafeKey::new(UnboundKey::new(algorithm, key).expect("a key"));
    let mut content = text.to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key([7; 12]), Aad::empty(), &mut content).expect("sealed");
    [&[7; 12][..], &content].concat()
}
