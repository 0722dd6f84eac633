//! Assertions that are encrypted (Core, section 2.3.4; XML Encryption 1.1, sections 3 to 5).
//!
//! What stands in clear is judged first, and told by name: which algorithms, for whom, which key. From the first byte that is deciphered on there is one answer for
//! whatever goes wrong ([`UNOPENED`]), and a content key that cannot be unwrapped is replaced by one that fits nothing: so nobody learns by asking how far they came.

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rand;
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use fhir::primitive::from_base64;

use crate::Refused;
use crate::namespace::{ASSERTION, ENCRYPTION, ENCRYPTION_11, SIGNATURE};
use crate::xml::{Document, Place, parse_within};

/// What is told of whatever cannot be deciphered, or is no assertion once it is.
pub(crate) const UNOPENED: Refused =
    Refused("the encrypted assertion cannot be opened: let the provider read this server's metadata anew, and encrypt for the key in it");

const BROKEN: Refused = Refused("the encrypted assertion lacks a part, or has one twice");
const NOT_GCM: Refused = Refused(
    "the assertion is encrypted in a mode that does not show whether it was altered, or by an unknown one: set AES-GCM at the provider (http://www.w3.org/2009/xmlenc11#aes256-gcm, or aes128-gcm), never AES-CBC",
);
const NOT_OAEP: Refused = Refused(
    "the key of the encrypted assertion is transported by an algorithm that is not taken: set RSA-OAEP at the provider (http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p), never RSA 1.5",
);
const MIXED: Refused = Refused(
    "the key of the encrypted assertion is transported by RSA-OAEP with a digest and a mask that are not taken together: set SHA-1 for both at the provider, or SHA-256 for both (http://www.w3.org/2009/xmlenc11#rsa-oaep with mgf1sha256)",
);

const ELEMENT: &str = "http://www.w3.org/2001/04/xmlenc#Element";
const ENCRYPTED_KEY: &str = "http://www.w3.org/2001/04/xmlenc#EncryptedKey";

/// The private half of a key for which assertions are encrypted.
pub struct OpeningKey(OaepPrivateDecryptingKey);

impl OpeningKey {
    /// The key in PKCS #8.
    ///
    /// Fails when it is none of RSA, or of fewer than 2048 or more than 8192 bits.
    pub fn of_pkcs8(private: &[u8]) -> Result<Self, Refused> {
        let key = PrivateDecryptingKey::from_pkcs8(private).ok().and_then(|key| OaepPrivateDecryptingKey::new(key).ok());
        key.map(Self).ok_or(Refused("a key for opening assertions cannot be understood"))
    }

    fn unwrap(&self, how: &'static OaepAlgorithm, wrapped: &[u8], length: usize) -> Option<Vec<u8>> {
        let mut room = vec![0; self.0.min_output_size()];
        let found = self.0.decrypt(how, wrapped, &mut room, None).ok()?;
        (found.len() == length).then(|| found.to_vec())
    }
}

/// What is in an encrypted assertion, for this recipient: a document whose outermost element has no name.
///
/// Fails with the rule that what stands in clear breaks, and with [`UNOPENED`].
pub(crate) fn opened(document: &Document, encrypted: Place, recipient: &str, keys: &[OpeningKey]) -> Result<Document, Refused> {
    let data = document.only(encrypted, ENCRYPTION, "EncryptedData").ok_or(BROKEN)?;
    if document.count(ENCRYPTION, "EncryptedData") != 1 || document.attribute(data, "Type").is_some_and(|of| of != ELEMENT) {
        return Err(Refused("what is encrypted is not one whole assertion"));
    }
    let algorithm = content_algorithm(document, data)?;
    let wrapped = key_for(document, encrypted, data, recipient)?;
    let how = transport(document, wrapped)?;
    let (wrapped, content) = (cipher(document, wrapped)?, cipher(document, data)?);
    let key = match wrapped.as_deref().and_then(|wrapped| keys.iter().find_map(|key| key.unwrap(how, wrapped, algorithm.key_len()))) {
        Some(key) => key,
        None => {
            let mut other = vec![0; algorithm.key_len()];
            rand::fill(&mut other).map_err(|_| UNOPENED)?;
            other
        }
    };
    let plain = deciphered(algorithm, &key, content.unwrap_or_default()).ok_or(UNOPENED)?;
    let inner = parse_within(&plain, document.declared_at(encrypted)).map_err(|_| UNOPENED)?;
    let is_assertion = inner.alone(inner.root()).is_some_and(|place| inner.is(place, ASSERTION, "Assertion"));
    if is_assertion { Ok(inner) } else { Err(UNOPENED) }
}

/// The initialisation vector, what is enciphered, and the tag (XML Encryption, section 5.2.4).
fn deciphered(algorithm: &'static Algorithm, key: &[u8], mut content: Vec<u8>) -> Option<Vec<u8>> {
    let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
    let nonce = Nonce::try_assume_unique_for_key(content.get(..NONCE_LEN)?).ok()?;
    let length = key.open_in_place(nonce, Aad::empty(), &mut content[NONCE_LEN..]).ok()?.len();
    Some(content[NONCE_LEN..NONCE_LEN + length].to_vec())
}

fn method(document: &Document, place: Place) -> Result<(Place, &str), Refused> {
    let method = document.only(place, ENCRYPTION, "EncryptionMethod").ok_or(BROKEN)?;
    Ok((method, document.attribute(method, "Algorithm").unwrap_or_default()))
}

fn content_algorithm(document: &Document, data: Place) -> Result<&'static Algorithm, Refused> {
    match method(document, data)?.1.strip_prefix(ENCRYPTION_11) {
        Some("aes128-gcm") => Ok(&AES_128_GCM),
        Some("aes256-gcm") => Ok(&AES_256_GCM),
        _ => Err(NOT_GCM),
    }
}

/// How the content key is transported (XML Encryption, section 5.5.2): digest and mask are SHA-1 when nothing else is said.
fn transport(document: &Document, key: Place) -> Result<&'static OaepAlgorithm, Refused> {
    let (method, name) = method(document, key)?;
    if document.named(method, ENCRYPTION, "OAEPparams").next().is_some() {
        return Err(Refused("the key of the encrypted assertion has parameters (OAEPparams), which are not taken"));
    }
    let told = |namespace, name| match document.named(method, namespace, name).count() {
        0 => Ok(None),
        1 => Ok(document.only(method, namespace, name).and_then(|place| document.attribute(place, "Algorithm"))),
        _ => Err(BROKEN),
    };
    let digest = told(SIGNATURE, "DigestMethod")?.unwrap_or("http://www.w3.org/2000/09/xmldsig#sha1");
    let mask = told(ENCRYPTION_11, "MGF")?.unwrap_or("http://www.w3.org/2009/xmlenc11#mgf1sha1");
    let mask = match name {
        // Its mask is of SHA-1, whatever is said.
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p" => "http://www.w3.org/2009/xmlenc11#mgf1sha1",
        "http://www.w3.org/2009/xmlenc11#rsa-oaep" => mask,
        _ => return Err(NOT_OAEP),
    };
    match (digest, mask) {
        ("http://www.w3.org/2000/09/xmldsig#sha1", "http://www.w3.org/2009/xmlenc11#mgf1sha1") => Ok(&OAEP_SHA1_MGF1SHA1),
        ("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2009/xmlenc11#mgf1sha256") => Ok(&OAEP_SHA256_MGF1SHA256),
        _ => Err(MIXED),
    }
}

/// The one key that is for this recipient, within what is encrypted or beside it. Those for others are passed over.
fn key_for(document: &Document, encrypted: Place, data: Place, recipient: &str) -> Result<Place, Refused> {
    let infos: Vec<Place> = document.named(data, SIGNATURE, "KeyInfo").collect();
    let within = |name: &'static str, namespace: &'static str| -> Vec<Place> {
        infos.iter().flat_map(|info| document.named(*info, namespace, name).collect::<Vec<_>>()).collect()
    };
    let mut keys = within("EncryptedKey", ENCRYPTION);
    keys.extend(document.named(encrypted, ENCRYPTION, "EncryptedKey"));
    if infos.len() > 1 || keys.len() != document.count(ENCRYPTION, "EncryptedKey") {
        return Err(Refused("the encrypted assertion has a key elsewhere than within it or beside it"));
    }
    if keys.is_empty() {
        return Err(Refused("the encrypted assertion brings no key along"));
    }
    keys.retain(|key| document.attribute(*key, "Recipient").is_none_or(|to| to == recipient));
    let key = match keys[..] {
        [] => return Err(Refused("the assertion is encrypted for another recipient")),
        [key] => key,
        _ => return Err(Refused("the encrypted assertion has several keys that may be for this server")),
    };
    let names = |uri: Option<&str>, place: Place| {
        let id = document.attribute(place, "Id").filter(|id| !id.is_empty());
        id.is_some() && uri.and_then(|uri| uri.strip_prefix('#')) == id
    };
    for retrieval in within("RetrievalMethod", SIGNATURE) {
        let is_key = document.attribute(retrieval, "Type").is_none_or(|of| of == ENCRYPTED_KEY);
        if !is_key || document.children(retrieval).next().is_some() || !names(document.attribute(retrieval, "URI"), key) {
            return Err(Refused("the encrypted assertion names another key than the one that it brings along"));
        }
    }
    for list in document.named(key, ENCRYPTION, "ReferenceList") {
        let mut references = document.named(list, ENCRYPTION, "DataReference");
        if !references.any(|reference| names(document.attribute(reference, "URI"), data)) {
            return Err(Refused("the key of the encrypted assertion is for something else"));
        }
    }
    Ok(key)
}

/// The bytes that something was enciphered to, which have to stand in the document itself; `None` when they are no base64.
fn cipher(document: &Document, place: Place) -> Result<Option<Vec<u8>>, Refused> {
    let data = document.only(place, ENCRYPTION, "CipherData").ok_or(BROKEN)?;
    let value = document.alone(data).filter(|value| document.is(*value, ENCRYPTION, "CipherValue"));
    let value = value.ok_or(Refused("the encrypted assertion stands elsewhere (CipherReference), where it is not looked for"))?;
    let text: String = document.text(value).unwrap_or_default().chars().filter(|sign| !sign.is_ascii_whitespace()).collect();
    Ok(from_base64(&text))
}
