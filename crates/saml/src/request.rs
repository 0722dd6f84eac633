//! The address that asks a provider to sign somebody in (Core, section 3.4.1; Bindings, section 3.4).

use fhir::primitive::instant_text;

use crate::binding::{POST, deflated};
use crate::namespace::{ASSERTION, PROTOCOL};

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Its id: a letter or `_`, then letters and digits. The answer names it.
    pub id: &'a str,
    /// Where it goes.
    pub destination: &'a str,
    /// Where the answer is to come to.
    pub answer_to: &'a str,
    /// What this server is called.
    pub entity_id: &'a str,
    /// The present moment, in milliseconds since 1970.
    pub now_ms: i64,
}

impl Request<'_> {
    /// The value of `SAMLRequest`: deflated, in base64, and to be encoded as a parameter.
    pub fn encoded(&self) -> String {
        let Self { id, destination, answer_to, entity_id, now_ms } = *self;
        let (destination, answer_to, entity_id) = (escaped(destination), escaped(answer_to), escaped(entity_id));
        let issued = instant_text(now_ms);
        let text = format!(
            "<samlp:AuthnRequest xmlns:samlp=\"{PROTOCOL}\" xmlns:saml=\"{ASSERTION}\" ID=\"{id}\" Version=\"2.0\" IssueInstant=\"{issued}\" \
             Destination=\"{destination}\" AssertionConsumerServiceURL=\"{answer_to}\" ProtocolBinding=\"{POST}\">\
             <saml:Issuer>{entity_id}</saml:Issuer></samlp:AuthnRequest>"
        );
        deflated(&text)
    }
}

/// A text as it stands in XML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
