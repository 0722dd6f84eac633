//! A device that makes passkeys, as browsers and authenticators do: with every part of it in the hands of a test.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use identity::base64url::{decode, encode};
use serde_json::{Value, json};

pub const PRESENT: u8 = 1;
pub const VERIFIED: u8 = 4;

pub enum Keys {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(Box<RsaKeyPair>),
}

/// A passkey on a device, and what the device and its browser say: change what is to be a lie.
pub struct Device {
    pub keys: Keys,
    pub id: Vec<u8>,
    pub origin: String,
    pub rp_id: String,
    pub flags: u8,
    pub count: u32,
    pub cross_origin: bool,
    pub packed: bool,
}

impl Device {
    pub fn new(keys: Keys, id: u8) -> Self {
        let (origin, rp_id) = ("https://ward.example.org".to_owned(), "ward.example.org".to_owned());
        Self { keys, id: vec![id; 32], origin, rp_id, flags: PRESENT | VERIFIED, count: 0, cross_origin: false, packed: false }
    }

    pub fn es256() -> Keys {
        Keys::Es256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap())
    }

    pub fn ed25519() -> Keys {
        Keys::EdDsa(Ed25519KeyPair::generate().unwrap())
    }

    pub fn rs256() -> Keys {
        Keys::Rs256(Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()))
    }

    /// What the device answers to options for making a passkey.
    pub fn make(&self, options: &Value) -> Value {
        let client = self.client_data("webauthn.create", options);
        let mut data = self.head(0x40);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose());
        let (format, statement) = match self.packed {
            true => {
                let signature = self.sign(&[&data, digest(&SHA256, &client).as_ref()].concat());
                let algorithm = self.cose_algorithm();
                ("packed", [vec![0xa2], text("alg"), algorithm, text("sig"), bytes(&signature)].concat())
            }
            false => ("none", vec![0xa0]),
        };
        let object = [vec![0xa3], text("fmt"), text(format), text("attStmt"), statement, text("authData"), bytes(&data)].concat();
        let response = json!({ "clientDataJSON": encode(&client), "attestationObject": encode(&object) });
        json!({ "id": encode(&self.id), "rawId": encode(&self.id), "type": "public-key", "response": response })
    }

    /// What the device answers to options for using a passkey.
    pub fn answer(&mut self, options: &Value) -> Value {
        let client = self.client_data("webauthn.get", options);
        let data = self.head(0);
        let signature = self.sign(&[&data, digest(&SHA256, &client).as_ref()].concat());
        let response = json!({ "clientDataJSON": encode(&client), "authenticatorData": encode(&data), "signature": encode(&signature) });
        json!({ "id": encode(&self.id), "rawId": encode(&self.id), "type": "public-key", "response": response })
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let said = json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": self.cross_origin });
        serde_json::to_vec(&said).unwrap()
    }

    fn head(&self, more: u8) -> Vec<u8> {
        [digest(&SHA256, self.rp_id.as_bytes()).as_ref(), &[self.flags | more], &self.count.to_be_bytes()].concat()
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.keys {
            Keys::Es256(keys) => keys.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
            Keys::EdDsa(keys) => keys.sign(message).as_ref().to_vec(),
            Keys::Rs256(keys) => {
                let mut signature = vec![0; keys.public_modulus_len()];
                keys.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
                signature
            }
        }
    }

    fn cose_algorithm(&self) -> Vec<u8> {
        match &self.keys {
            Keys::Es256(_) => vec![0x26],
            Keys::EdDsa(_) => vec![0x27],
            Keys::Rs256(_) => vec![0x39, 1, 0],
        }
    }

    /// The public key, as COSE has it.
    fn cose(&self) -> Vec<u8> {
        let algorithm = self.cose_algorithm();
        match &self.keys {
            Keys::Es256(keys) => {
                let point = keys.public_key().as_ref();
                [vec![0xa5, 1, 2, 3], algorithm, vec![0x20, 1, 0x21], bytes(&point[1..33]), vec![0x22], bytes(&point[33..])].concat()
            }
            Keys::EdDsa(keys) => [vec![0xa4, 1, 1, 3], algorithm, vec![0x20, 6, 0x21], bytes(keys.public_key().as_ref())].concat(),
            Keys::Rs256(keys) => {
                // RFC 8017, A.1.1: a sequence of the modulus (of 256 bytes behind a zero) and the exponent.
                let der = keys.public_key().as_ref();
                let (n, e) = (&der[9..265], &der[267..270]);
                [vec![0xa4, 1, 3, 3], algorithm, vec![0x20], bytes(n), vec![0x21], bytes(e)].concat()
            }
        }
    }
}

/// Another text in place of a member of `response`: `change` gets its bytes.
pub fn altered(answer: &Value, member: &str, change: impl Fn(&mut Vec<u8>)) -> Value {
    let mut altered = answer.clone();
    let mut inner = decode(answer["response"][member].as_str().unwrap()).unwrap();
    change(&mut inner);
    altered["response"][member] = encode(&inner).into();
    altered
}

fn text(text: &str) -> Vec<u8> {
    [&[0x60 | u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()
}

fn bytes(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap().to_be_bytes();
    [&[0x59, length[0], length[1]], bytes].concat()
}
