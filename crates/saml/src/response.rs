//! What a provider answers (Core, section 3.3; Profiles, section 4.1.4): whom it has signed in, for whom, and until when that holds.

mod assertion;

use crate::Refused;
use crate::certificate::Key;
use crate::namespace::{ASSERTION, PROTOCOL, SIGNATURE};
use crate::signature::is_signed;
use crate::xml::{Document, Place, parse};

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// What an answer has to be.
pub struct Expected<'a> {
    /// What the provider is called.
    pub provider: &'a str,
    /// Its keys.
    pub keys: &'a [Key],
    /// What this server is called.
    pub entity_id: &'a str,
    /// Where answers come to.
    pub answer_to: &'a str,
    /// The present moment, in milliseconds since 1970.
    pub now_ms: i64,
}

/// An answer that is genuine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The request that it answers: whoever reads it has to see that it was made, and not answered before.
    pub in_response_to: String,
    /// What the provider calls the person, for ever the same.
    pub subject: String,
    /// How the person proved that it is they (`AuthnContextClassRef`).
    pub methods: Vec<String>,
    /// What it tells of them, by name.
    pub attributes: Vec<(String, String)>,
}

impl Answer {
    /// The first value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What an answer says, when it is genuine, for this server, and holds now.
///
/// Fails with the rule that it breaks: see the table of this crate. Nothing is read that is not signed.
pub fn read(text: &[u8], expected: &Expected<'_>) -> Result<Answer, Refused> {
    let document = parse(text)?;
    let response = document.root();
    if !document.is(response, PROTOCOL, "Response") {
        return Err(Refused("it is no Response"));
    }
    document.ids_are_unique()?;
    judge_status(&document, response)?;
    let assertion = only_assertion(&document, response)?;
    judge_signatures(&document, response, assertion, expected.keys)?;
    let matches = |name: &str, wanted: &str| document.attribute(response, name).is_none_or(|found| found == wanted);
    if document.attribute(response, "Version") != Some("2.0") {
        return Err(Refused("it is of another version than 2.0"));
    }
    if !matches("Destination", expected.answer_to) {
        return Err(Refused("it is meant for another address"));
    }
    let issuer = document.named(response, ASSERTION, "Issuer").next();
    if issuer.is_some_and(|issuer| document.text(issuer).as_deref() != Some(expected.provider)) {
        return Err(Refused("it is of another provider"));
    }
    let answer = assertion::read(&document, assertion, expected)?;
    match matches("InResponseTo", &answer.in_response_to) {
        true => Ok(answer),
        false => Err(Refused("it answers another request than what is in it")),
    }
}

/// Whether an answer says that the provider did not sign anybody in. Nothing of it is believed.
pub fn is_refusal(text: &[u8]) -> bool {
    parse(text)
        .is_ok_and(|document| document.is(document.root(), PROTOCOL, "Response") && judge_status(&document, document.root()).is_err())
}

fn judge_status(document: &Document, response: Place) -> Result<(), Refused> {
    let status = document.only(response, PROTOCOL, "Status");
    let code = status.and_then(|status| document.only(status, PROTOCOL, "StatusCode"));
    match code.and_then(|code| document.attribute(code, "Value")) {
        Some(SUCCESS) => Ok(()),
        _ => Err(Refused("the provider did not sign anybody in")),
    }
}

/// The one assertion, directly within the response; there is no other anywhere.
fn only_assertion(document: &Document, response: Place) -> Result<Place, Refused> {
    if document.count(ASSERTION, "EncryptedAssertion") + document.count(ASSERTION, "EncryptedID") > 0 {
        return Err(Refused("the assertion is encrypted, which is not supported: let the provider send it in clear, over TLS"));
    }
    let found = document.only(response, ASSERTION, "Assertion");
    match document.count(ASSERTION, "Assertion") == 1 && document.count(PROTOCOL, "Response") == 1 {
        true => found.ok_or(Refused("the assertion is not directly within the response")),
        false => Err(Refused("there must be one response with one assertion")),
    }
}

/// That the assertion is signed, or the response with it in it; and that there is no signature but theirs.
fn judge_signatures(document: &Document, response: Place, assertion: Place, keys: &[Key]) -> Result<(), Refused> {
    let own = [response, assertion].map(|place| document.named(place, SIGNATURE, "Signature").count());
    if own.iter().sum::<usize>() != document.count(SIGNATURE, "Signature") {
        return Err(Refused("there is a signature elsewhere than directly within the response or the assertion"));
    }
    let of_assertion = is_signed(document, assertion, keys)?;
    let of_response = is_signed(document, response, keys)?;
    match of_assertion || of_response {
        true => Ok(()),
        false => Err(Refused("neither the assertion nor the response is signed")),
    }
}
