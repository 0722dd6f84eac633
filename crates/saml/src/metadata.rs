//! What each side says of itself (Metadata for SAML 2.0).

use crate::Refused;
use crate::certificate::Key;
use crate::namespace::{METADATA, PROTOCOL, SIGNATURE};
use crate::request::{POST, escaped};
use crate::xml::{Document, Place, parse};

/// How a request goes.
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/// A provider, as it says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// What it is called.
    pub entity_id: String,
    /// Where people sign in.
    pub sign_in: String,
    /// The certificates by which it signs, in base64: at least one.
    pub certificates: Vec<String>,
}

/// What this server says of itself: where answers come to, and that it wants assertions to be signed.
pub fn of_service(entity_id: &str, answer_to: &str) -> String {
    let (entity_id, answer_to) = (escaped(entity_id), escaped(answer_to));
    format!(
        "<md:EntityDescriptor xmlns:md=\"{METADATA}\" entityID=\"{entity_id}\">\
         <md:SPSSODescriptor AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\" protocolSupportEnumeration=\"{PROTOCOL}\">\
         <md:AssertionConsumerService Binding=\"{POST}\" Location=\"{answer_to}\" index=\"0\" isDefault=\"true\"/>\
         </md:SPSSODescriptor></md:EntityDescriptor>\n"
    )
}

/// What a provider says of itself, in a document that somebody trusts: its signature is not looked at.
///
/// Fails when it is no `EntityDescriptor` of a provider to which requests go by redirect, has no certificate for signing, or one that cannot be used.
pub fn of_provider(text: &[u8]) -> Result<Provider, Refused> {
    let document = parse(text)?;
    let root = document.root();
    if !document.is(root, METADATA, "EntityDescriptor") {
        return Err(Refused("the metadata is no EntityDescriptor: of several, take out the one that is meant"));
    }
    let entity_id = document.attribute(root, "entityID").filter(|id| !id.is_empty()).ok_or(Refused("the metadata has no entityID"))?;
    let role = document.only(root, METADATA, "IDPSSODescriptor").ok_or(Refused("the metadata is not that of one provider"))?;
    let mut services = document.named(role, METADATA, "SingleSignOnService");
    let service = services.find(|service| document.attribute(*service, "Binding") == Some(REDIRECT));
    let sign_in = service.and_then(|service| document.attribute(service, "Location"));
    let sign_in = sign_in.ok_or(Refused("the metadata names no place for signing in by HTTP-Redirect"))?;
    let keys =
        document.named(role, METADATA, "KeyDescriptor").filter(|key| document.attribute(*key, "use").is_none_or(|to| to == "signing"));
    let certificates: Vec<String> = keys.flat_map(|key| certificates_in(&document, key)).collect();
    if certificates.is_empty() {
        return Err(Refused("the metadata has no certificate for signing"));
    }
    certificates.iter().try_for_each(|certificate| Key::of_certificate(certificate).map(drop))?;
    Ok(Provider { entity_id: entity_id.to_owned(), sign_in: sign_in.to_owned(), certificates })
}

fn certificates_in(document: &Document, key: Place) -> Vec<String> {
    let within = |places: Vec<Place>, name: &'static str| -> Vec<Place> {
        places.into_iter().flat_map(|place| document.named(place, SIGNATURE, name).collect::<Vec<_>>()).collect()
    };
    let found = within(within(within(vec![key], "KeyInfo"), "X509Data"), "X509Certificate");
    let bare = |place: Place| document.text(place).map(|text| text.split_ascii_whitespace().collect());
    found.into_iter().filter_map(bare).collect()
}
