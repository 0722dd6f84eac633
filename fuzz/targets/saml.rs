//! SAML: nobody who lacks the provider's key says who somebody is or signs anybody out, whatever they send, in clear or encrypted for this server; and each is told no.
//!
//! An input is a message as it is sent. What stands in it after a line `SEALED` is encrypted for this server instead, as the one assertion of an answer; `KEY` and `CONTENT` stand for a content
//! key that it unwraps and what is enciphered by it.
#![no_main]

use std::sync::LazyLock;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PrivateDecryptingKey};
use fhir::primitive::base64::{PLAIN, decode, encode};
use libfuzzer_sys::fuzz_target;
use saml::binding::{Kind, posted, redirected};
use saml::certificate::Key;
use saml::encrypted::OpeningKey;
use saml::{logout, response};

const NOW_MS: i64 = 1_800_000_000_000;
/// An RSA key of 2048 bits in PKCS #8, and the certificate of another that nobody has noted.
const OWN: &str = include_str!("../src/saml-own.txt");
const PROVIDER: &str = include_str!("../src/saml-provider.txt");
const CONTENT_KEY: [u8; 32] = [0x5a; 32];
const AROUND: [&str; 2] = [
    r#"<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r" Version="2.0"><p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></p:Status><saml:EncryptedAssertion><e:EncryptedData xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/><d:KeyInfo xmlns:d="http://www.w3.org/2000/09/xmldsig#"><e:EncryptedKey><e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"/><e:CipherData><e:CipherValue>KEY</e:CipherValue></e:CipherData></e:EncryptedKey></d:KeyInfo><e:CipherData><e:CipherValue>"#,
    "</e:CipherValue></e:CipherData></e:EncryptedData></saml:EncryptedAssertion></p:Response>",
];

struct Server {
    opening: [OpeningKey; 1],
    keys: [Key; 1],
    wrapped: String,
}

static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let private = decode(OWN, PLAIN).expect("base64");
    let public = PrivateDecryptingKey::from_pkcs8(&private).expect("a key").public_key();
    let public = OaepPublicEncryptingKey::new(public).expect("a key");
    let mut wrapped = vec![0; public.ciphertext_size()];
    public.encrypt(&OAEP_SHA1_MGF1SHA1, &CONTENT_KEY, &mut wrapped, None).expect("wrapped");
    Server {
        opening: [OpeningKey::of_pkcs8(&private).expect("a key")],
        keys: [Key::of_certificate(PROVIDER).expect("a certificate")],
        wrapped: encode(&wrapped, PLAIN),
    }
});

fn enciphered(text: &str) -> String {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &CONTENT_KEY).expect("a key"));
    let mut content = text.as_bytes().to_vec();
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key([7; 12]), Aad::empty(), &mut content).expect("sealed");
    encode(&[&[7; 12][..], &content].concat(), PLAIN)
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let server = &*SERVER;
    let text = match text.split_once("SEALED\n") {
        Some((_, plain)) => [AROUND[0], &enciphered(plain), AROUND[1]].concat(),
        None if text.contains("CONTENT") => text.replace("CONTENT", &enciphered("<saml:Assertion ID=\"_a\"/>")),
        None => text.to_owned(),
    };
    let text = text.replace("KEY", &server.wrapped);
    let destination = "https://ward.example/auth/outside/idp/slo";
    for must_be_encrypted in [false, true] {
        let expected = response::Expected {
            provider: "https://idp.example",
            keys: &server.keys,
            entity_id: "https://ward.example/auth/outside/idp/metadata",
            answer_to: "https://ward.example/auth/outside/idp/acs",
            opening: &server.opening,
            must_be_encrypted,
            now_ms: NOW_MS,
        };
        let read = response::read(text.as_bytes(), &expected);
        assert!(read.is_err(), "{read:?}: {text}");
    }
    let expected = logout::Expected { provider: "https://idp.example", keys: &server.keys, destination, now_ms: NOW_MS };
    assert!(redirected(&text, &server.keys).is_err(), "{text}");
    for kind in [Kind::Request, Kind::Response] {
        let Ok(received) = posted(kind, &encode(text.as_bytes(), PLAIN), None) else { continue };
        assert!(logout::read_request(&received, &expected).is_err() && logout::read_response(&received, &expected).is_err(), "{text}");
    }
});
