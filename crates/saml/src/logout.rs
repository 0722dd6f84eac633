//! Signing out at all places at once (Core, section 3.7; Profiles, section 4.4): what this server asks and answers, and what a provider does.
//!
//! All of it is signed: a message in an address by its query, one in a form by its outermost element. A provider's message has to say for which address it is, and to be new.

use fhir::primitive::instant_text;

use crate::Refused;
use crate::binding::{Kind, Received};
use crate::certificate::Key;
use crate::name::Name;
use crate::namespace::{ASSERTION, PROTOCOL, SIGNATURE};
use crate::request::escaped;
use crate::response::{OLDEST_MS, SKEW_MS, moment};
use crate::signature::is_signed;
use crate::xml::{Document, parse};

/// How long a request of this server holds, in milliseconds.
const HOLDS_MS: i64 = 600_000;
/// How many sessions a request may name.
const MOST_SESSIONS: usize = 100;

/// Everybody is signed out.
pub const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// This server asks a provider to sign somebody out.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Its id: a letter or `_`, then letters and digits.
    pub id: &'a str,
    /// Where it goes.
    pub destination: &'a str,
    /// What this server is called.
    pub entity_id: &'a str,
    /// Whom: as the provider calls them.
    pub name: &'a Name,
    /// Their sessions there.
    pub sessions: &'a [String],
    /// The present moment, in milliseconds since 1970.
    pub now_ms: i64,
}

/// This server answers a provider that everybody is signed out.
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    /// Its id: a letter or `_`, then letters and digits.
    pub id: &'a str,
    /// Where it goes.
    pub destination: &'a str,
    /// What this server is called.
    pub entity_id: &'a str,
    /// The request that it answers.
    pub in_response_to: &'a str,
    /// The present moment, in milliseconds since 1970.
    pub now_ms: i64,
}

/// What a message of a provider has to be.
pub struct Expected<'a> {
    /// What the provider is called.
    pub provider: &'a str,
    /// Its keys.
    pub keys: &'a [Key],
    /// Where its messages come to.
    pub destination: &'a str,
    /// The present moment, in milliseconds since 1970.
    pub now_ms: i64,
}

/// What a provider asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The id of the request: whoever reads it has to see that it has not come before, until [`Asked::until_ms`].
    pub id: String,
    /// Who is to be signed out.
    pub name: Name,
    /// Of which sessions at the provider, at most 100; none: of all.
    pub sessions: Vec<String>,
    /// When it is refused as too old at the latest, in milliseconds since 1970.
    pub until_ms: i64,
}

/// What a provider answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The request that it answers: whoever reads it has to see that it was made.
    pub in_response_to: String,
    /// Whether everybody is signed out there.
    pub is_done: bool,
}

impl Request<'_> {
    /// The XML, without a signature.
    pub fn text(&self) -> String {
        let Self { id, name, sessions, .. } = self;
        let head = head(self.destination, self.entity_id, self.now_ms);
        let ends = instant_text(self.now_ms + HOLDS_MS);
        let sessions: String =
            sessions.iter().map(|index| format!("<samlp:SessionIndex>{}</samlp:SessionIndex>", escaped(index))).collect();
        format!(
            "<samlp:LogoutRequest xmlns:samlp=\"{PROTOCOL}\" xmlns:saml=\"{ASSERTION}\" ID=\"{id}\" NotOnOrAfter=\"{ends}\" \
             Reason=\"urn:oasis:names:tc:SAML:2.0:logout:user\" {head}{}{sessions}</samlp:LogoutRequest>",
            name.text()
        )
    }
}

impl Response<'_> {
    /// The XML, without a signature.
    pub fn text(&self) -> String {
        let head = head(self.destination, self.entity_id, self.now_ms);
        let (id, request) = (self.id, escaped(self.in_response_to));
        format!(
            "<samlp:LogoutResponse xmlns:samlp=\"{PROTOCOL}\" xmlns:saml=\"{ASSERTION}\" ID=\"{id}\" InResponseTo=\"{request}\" {head}\
             <samlp:Status><samlp:StatusCode Value=\"{SUCCESS}\"/></samlp:Status></samlp:LogoutResponse>"
        )
    }
}

fn head(destination: &str, entity_id: &str, now_ms: i64) -> String {
    let (destination, entity_id, issued) = (escaped(destination), escaped(entity_id), instant_text(now_ms));
    format!("Version=\"2.0\" IssueInstant=\"{issued}\" Destination=\"{destination}\"><saml:Issuer>{entity_id}</saml:Issuer>")
}

/// What a provider asks, when it is genuine, for this address, and new.
///
/// Fails with the rule that it breaks.
pub fn read_request(received: &Received, expected: &Expected<'_>) -> Result<Asked, Refused> {
    let document = genuine(received, Kind::Request, "LogoutRequest", expected)?;
    let root = document.root();
    let issued = document.attribute(root, "IssueInstant").and_then(moment).ok_or(WHEN)?;
    if let Some(ends) = document.attribute(root, "NotOnOrAfter")
        && moment(ends).is_none_or(|ends| expected.now_ms >= ends + SKEW_MS)
    {
        return Err(Refused("the request has ended"));
    }
    let id = document.attribute(root, "ID").filter(|id| (1..=256).contains(&id.len())).ok_or(Refused("the request has no ID"))?;
    let name = document.only(root, ASSERTION, "NameID");
    let name =
        name.ok_or(Refused("the request does not say in clear whom it is about: let the provider send a NameID that is not encrypted"))?;
    let indexes = document.named(root, PROTOCOL, "SessionIndex").map(|index| document.text(index).unwrap_or_default());
    let sessions: Vec<String> = indexes.take(MOST_SESSIONS + 1).collect();
    if sessions.len() > MOST_SESSIONS {
        return Err(Refused("the request names more than 100 sessions"));
    }
    Ok(Asked { id: id.to_owned(), name: Name::read(&document, name)?, sessions, until_ms: issued + OLDEST_MS + 2 * SKEW_MS })
}

/// What a provider answers, when it is genuine, for this address, and new.
///
/// Fails with the rule that it breaks.
pub fn read_response(received: &Received, expected: &Expected<'_>) -> Result<Answered, Refused> {
    let document = genuine(received, Kind::Response, "LogoutResponse", expected)?;
    let root = document.root();
    let request = document.attribute(root, "InResponseTo").filter(|request| !request.is_empty());
    let in_response_to = request.ok_or(Refused("the answer does not say what it answers"))?.to_owned();
    let status = document.only(root, PROTOCOL, "Status");
    let code = status.and_then(|status| document.only(status, PROTOCOL, "StatusCode"));
    Ok(Answered { in_response_to, is_done: code.and_then(|code| document.attribute(code, "Value")) == Some(SUCCESS) })
}

const WHEN: Refused = Refused("the message does not say when it was made");

/// A message that is signed, of this provider, for this address, and new.
fn genuine(received: &Received, kind: Kind, name: &str, expected: &Expected<'_>) -> Result<Document, Refused> {
    let document = parse(&received.text)?;
    let root = document.root();
    if received.kind != kind || !document.is(root, PROTOCOL, name) {
        return Err(Refused("it is no message about signing out"));
    }
    document.ids_are_unique()?;
    let signatures = document.count(SIGNATURE, "Signature");
    // The signature of a query is about all of it; then there is none within (Bindings, section 3.4.4.1).
    let is_genuine = match received.is_signed {
        true => signatures == 0,
        false => signatures <= 1 && is_signed(&document, root, expected.keys)?,
    };
    if !is_genuine {
        return Err(Refused("the message is not signed, or more is signed in it than the whole"));
    }
    if document.attribute(root, "Version") != Some("2.0") {
        return Err(Refused("it is of another version than 2.0"));
    }
    // What is signed has to say for whom it is (Bindings, sections 3.4.5.2 and 3.5.5.2).
    if document.attribute(root, "Destination") != Some(expected.destination) {
        return Err(Refused("it is meant for another address"));
    }
    if document.only(root, ASSERTION, "Issuer").and_then(|issuer| document.text(issuer)).as_deref() != Some(expected.provider) {
        return Err(Refused("it is of another provider"));
    }
    let issued = document.attribute(root, "IssueInstant").and_then(moment).ok_or(WHEN)?;
    match (expected.now_ms - OLDEST_MS..=expected.now_ms + SKEW_MS).contains(&issued) {
        true => Ok(document),
        false => Err(Refused("the message was made long ago, or is to come")),
    }
}
