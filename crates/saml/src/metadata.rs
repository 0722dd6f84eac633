//! What each side says of itself (Metadata for SAML 2.0).

use serde::{Deserialize, Serialize};

use crate::Refused;
use crate::binding::{POST, REDIRECT};
use crate::certificate::Key;
use crate::namespace::{METADATA, PROTOCOL, SIGNATURE};
use crate::request::escaped;
use crate::xml::{Document, Place, parse};

/// What may be used towards this server to encrypt.
const ENCRYPTION_METHODS: &str = "<md:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes256-gcm\"/>\
    <md:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#aes128-gcm\"/>\
    <md:EncryptionMethod Algorithm=\"http://www.w3.org/2009/xmlenc11#rsa-oaep\">\
    <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>\
    <xenc11:MGF xmlns:xenc11=\"http://www.w3.org/2009/xmlenc11#\" Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1sha256\"/></md:EncryptionMethod>\
    <md:EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p\">\
    <ds:DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"/></md:EncryptionMethod>";

/// A provider, as it says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// What it is called.
    pub entity_id: String,
    /// Where people sign in.
    pub sign_in: String,
    /// The certificates by which it signs, in base64: at least one.
    pub certificates: Vec<String>,
    /// Where people sign out; `None`: it does not say.
    pub sign_out: Option<SignOut>,
}

/// Where people sign out of a provider (`SingleLogoutService`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOut {
    /// Whether messages go there by a form; otherwise by a redirect.
    #[serde(default)]
    pub by_form: bool,
    /// Where requests go.
    pub address: String,
    /// Where answers go (`ResponseLocation`); `None`: to the same place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
}

/// This server, as it says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Service<'a> {
    /// What it is called.
    pub entity_id: &'a str,
    /// Where answers come to.
    pub answer_to: &'a str,
    /// Where messages about signing out come to.
    pub sign_out: &'a str,
    /// The certificates by which it signs, in base64.
    pub signing: &'a [String],
    /// The certificate for which assertions are to be encrypted, in base64.
    pub encryption: &'a str,
}

impl Service<'_> {
    /// The metadata: they want assertions to be signed.
    pub fn text(&self) -> String {
        let [entity_id, answer_to, sign_out] = [self.entity_id, self.answer_to, self.sign_out].map(escaped);
        let key = |of: &str, certificate: &str, methods: &str| {
            format!(
                "<md:KeyDescriptor use=\"{of}\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
                 {methods}</md:KeyDescriptor>"
            )
        };
        let mut keys: String = self.signing.iter().map(|certificate| key("signing", certificate, "")).collect();
        keys.push_str(&key("encryption", self.encryption, ENCRYPTION_METHODS));
        format!(
            "<md:EntityDescriptor xmlns:md=\"{METADATA}\" xmlns:ds=\"{SIGNATURE}\" entityID=\"{entity_id}\">\
             <md:SPSSODescriptor AuthnRequestsSigned=\"false\" WantAssertionsSigned=\"true\" protocolSupportEnumeration=\"{PROTOCOL}\">{keys}\
             <md:SingleLogoutService Binding=\"{REDIRECT}\" Location=\"{sign_out}\"/>\
             <md:SingleLogoutService Binding=\"{POST}\" Location=\"{sign_out}\"/>\
             <md:AssertionConsumerService Binding=\"{POST}\" Location=\"{answer_to}\" index=\"0\" isDefault=\"true\"/>\
             </md:SPSSODescriptor></md:EntityDescriptor>\n"
        )
    }
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
    Ok(Provider { entity_id: entity_id.to_owned(), sign_in: sign_in.to_owned(), certificates, sign_out: sign_out(&document, role) })
}

/// Where people sign out: by redirect, where there is a choice.
fn sign_out(document: &Document, role: Place) -> Option<SignOut> {
    let found = |binding: &str| {
        let mut services = document.named(role, METADATA, "SingleLogoutService");
        let service = services.find(|service| document.attribute(*service, "Binding") == Some(binding))?;
        let address = document.attribute(service, "Location")?.to_owned();
        let answers = document.attribute(service, "ResponseLocation").map(str::to_owned);
        Some(SignOut { by_form: binding == POST, address, answers })
    };
    found(REDIRECT).or_else(|| found(POST))
}

fn certificates_in(document: &Document, key: Place) -> Vec<String> {
    let within = |places: Vec<Place>, name: &'static str| -> Vec<Place> {
        places.into_iter().flat_map(|place| document.named(place, SIGNATURE, name).collect::<Vec<_>>()).collect()
    };
    let found = within(within(within(vec![key], "KeyInfo"), "X509Data"), "X509Certificate");
    let bare = |place: Place| document.text(place).map(|text| text.split_ascii_whitespace().collect());
    found.into_iter().filter_map(bare).collect()
}
