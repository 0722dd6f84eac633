//! Who signed an element (XML Signature 1.1, as SAML Core, section 5.4 narrows it down).
//!
//! A signature is looked for at one place, directly within the element that it is about, and has to be about exactly that one. Nothing is looked up by what a signature
//! names: so there is no other element that could be verified in the place of the one that is read.

use aws_lc_rs::digest::{Algorithm, SHA256, SHA384, SHA512, digest};
use fhir::primitive::{base64, from_base64};

use crate::Refused;
use crate::certificate::Key;
use crate::namespace::{EXCLUSIVE, SIGNATURE};
use crate::xml::{Document, Place};

pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// Whether an element is signed, by one of these keys: `false` when there is no signature directly within it.
///
/// Fails when there is one that is not right: of another form than is supported, about anything else, over other content, by another key.
pub fn is_signed(document: &Document, element: Place, keys: &[Key]) -> Result<bool, Refused> {
    let mut signatures = document.named(element, SIGNATURE, "Signature");
    let Some(signature) = signatures.next() else { return Ok(false) };
    if signatures.next().is_some() {
        return Err(Refused("an element has more than one signature"));
    }
    let needed =
        |of: Place, name: &'static str| document.only(of, SIGNATURE, name).ok_or(Refused("the signature lacks a part, or has one twice"));
    if document.named(signature, SIGNATURE, "Object").next().is_some() {
        return Err(Refused("the signature brings objects along, which is not taken"));
    }
    let signed = needed(signature, "SignedInfo")?;
    judge_reference(document, element, signature, needed(signed, "Reference")?)?;
    let method = needed(signed, "CanonicalizationMethod")?;
    let prefixes = exclusive(document, method)?;
    let algorithm = document.attribute(needed(signed, "SignatureMethod")?, "Algorithm").unwrap_or_default();
    let value = bytes(document, needed(signature, "SignatureValue")?)?;
    let message = document.canonical(signed, None, &prefixes);
    match keys.iter().any(|key| key.verifies(algorithm, message.as_bytes(), &value)) {
        true => Ok(true),
        false => Err(Refused("the signature is by none of the provider's keys, or by an algorithm that is not taken")),
    }
}

/// That a reference is about this element as it stands here, but for its signature.
fn judge_reference(document: &Document, element: Place, signature: Place, reference: Place) -> Result<(), Refused> {
    let id = document.attribute(element, "ID").filter(|id| !id.is_empty());
    let uri = document.attribute(reference, "URI").and_then(|uri| uri.strip_prefix('#'));
    if id.is_none() || uri != id {
        return Err(Refused("the signature is about another element"));
    }
    let transforms = document.only(reference, SIGNATURE, "Transforms").ok_or(Refused("the signature has no transforms"))?;
    let all: Vec<Place> = document.children(transforms).collect();
    let [first, second] = all[..] else { return Err(Refused("the signature has other transforms than the two that are taken")) };
    if !document.is(first, SIGNATURE, "Transform") || document.attribute(first, "Algorithm") != Some(ENVELOPED) {
        return Err(Refused("the signature has other transforms than the two that are taken"));
    }
    let prefixes = exclusive(document, second)?;
    let part = |name| document.only(reference, SIGNATURE, name).ok_or(Refused("the signature has no digest"));
    let algorithm: &'static Algorithm = match document.attribute(part("DigestMethod")?, "Algorithm") {
        Some("http://www.w3.org/2001/04/xmlenc#sha256") => &SHA256,
        Some("http://www.w3.org/2001/04/xmldsig-more#sha384") => &SHA384,
        Some("http://www.w3.org/2001/04/xmlenc#sha512") => &SHA512,
        _ => return Err(Refused("the digest is by an algorithm that is not taken: SHA-256, SHA-384 or SHA-512")),
    };
    let content = document.canonical(element, Some(signature), &prefixes);
    match digest(algorithm, content.as_bytes()).as_ref() == bytes(document, part("DigestValue")?)? {
        true => Ok(()),
        false => Err(Refused("what is signed was altered")),
    }
}

/// The prefixes that are treated as inclusive, of a method or transform that is the exclusive canonical form.
fn exclusive(document: &Document, method: Place) -> Result<Vec<&str>, Refused> {
    if document.attribute(method, "Algorithm") != Some(EXCLUSIVE) {
        return Err(Refused("the signature uses another canonical form than the exclusive one without comments"));
    }
    let listed = document.only(method, EXCLUSIVE, "InclusiveNamespaces").and_then(|list| document.attribute(list, "PrefixList"));
    let words = listed.unwrap_or_default().split_ascii_whitespace();
    Ok(words.map(|prefix| if prefix == "#default" { "" } else { prefix }).collect())
}

/// The bytes that an element has in base64.
fn bytes(document: &Document, place: Place) -> Result<Vec<u8>, Refused> {
    let text: String = document.text(place).unwrap_or_default().chars().filter(|sign| !sign.is_ascii_whitespace()).collect();
    from_base64(&text).filter(|bytes| !bytes.is_empty()).ok_or(Refused("the signature has a value that is no base64"))
}

/// The SHA-256 of what is signed, in base64.
pub(crate) fn digest_of(content: &[u8]) -> String {
    base64::encode(digest(&SHA256, content).as_ref(), base64::PLAIN)
}
