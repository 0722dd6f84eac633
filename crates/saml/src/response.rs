//! What a provider answers (Core, section 3.3; Profiles, section 4.1.4): whom it has signed in, for whom, and until when that holds.

mod assertion;

use crate::Refused;
use crate::certificate::Key;
use crate::encrypted::{self, OpeningKey};
use crate::name::Name;
use crate::namespace::{ASSERTION, PROTOCOL, SIGNATURE};
use crate::signature::is_signed;
use crate::xml::{Document, Place, parse};

pub(crate) use assertion::{OLDEST_MS, SKEW_MS, moment};

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
    /// By what encrypted assertions are opened; none: they are refused.
    pub opening: &'a [OpeningKey],
    /// Whether an assertion in clear is refused.
    pub must_be_encrypted: bool,
    /// The present moment, in milliseconds since 1970.
    pub now_ms: i64,
}

/// An answer that is genuine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The request that it answers: whoever reads it has to see that it was made, and not answered before.
    pub in_response_to: String,
    /// What the provider calls the person, for ever the same: its value is 1 to 1024 bytes.
    pub name: Name,
    /// What the provider calls the sessions of the person there (`SessionIndex`), at most five of them.
    pub sessions: Vec<String>,
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
    let genuine = genuine(&document, response, expected)?;
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
    let answer = assertion::read(genuine.inner.as_ref().unwrap_or(&document), genuine.assertion, expected)?;
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

/// The one assertion of a response, that it or the response around it is signed.
struct Genuine {
    /// What was in an encrypted assertion; `None`: it stands in the response in clear.
    inner: Option<Document>,
    assertion: Place,
}

/// Finds the one assertion, directly within the response, in clear or encrypted, and sees that it is signed, or the response with it in it; and that there is no other, and no
/// signature but theirs. The signature of the response is judged before anything is opened.
fn genuine(document: &Document, response: Place, expected: &Expected<'_>) -> Result<Genuine, Refused> {
    let [clear, sealed] = ["Assertion", "EncryptedAssertion"].map(|name| document.count(ASSERTION, name));
    let name = match (clear, sealed, document.count(PROTOCOL, "Response")) {
        (1, 0, 1) => "Assertion",
        (0, 1, 1) => "EncryptedAssertion",
        _ => return Err(Refused("there must be one response with one assertion")),
    };
    let found = document.only(response, ASSERTION, name).ok_or(Refused("the assertion is not directly within the response"))?;
    no_encrypted_name(document)?;
    if clear == 1 {
        if expected.must_be_encrypted {
            return Err(Refused("the assertion is in clear: let the provider encrypt it, for the key in this server's metadata"));
        }
        only_signatures_of(document, &[response, found])?;
        let of_assertion = is_signed(document, found, expected.keys)?;
        let of_response = is_signed(document, response, expected.keys)?;
        return signed(of_assertion || of_response, Genuine { inner: None, assertion: found });
    }
    only_signatures_of(document, &[response])?;
    let of_response = is_signed(document, response, expected.keys)?;
    let inner = encrypted::opened(document, found, expected.entity_id, expected.opening)?;
    let assertion = inner.alone(inner.root()).ok_or(encrypted::UNOPENED)?;
    if inner.count(ASSERTION, "Assertion") != 1
        || inner.count(ASSERTION, "EncryptedAssertion") != 0
        || inner.count(PROTOCOL, "Response") != 0
    {
        return Err(Refused("there must be one response with one assertion"));
    }
    no_encrypted_name(&inner)?;
    inner.ids_are_unique_with(document)?;
    only_signatures_of(&inner, &[assertion])?;
    let of_assertion = is_signed(&inner, assertion, expected.keys)?;
    signed(of_assertion || of_response, Genuine { inner: Some(inner), assertion })
}

fn no_encrypted_name(document: &Document) -> Result<(), Refused> {
    match document.count(ASSERTION, "EncryptedID") {
        0 => Ok(()),
        _ => Err(Refused("the NameID is encrypted by itself, which is not supported: let the provider encrypt the whole assertion")),
    }
}

/// That each signature stands directly within one of these.
fn only_signatures_of(document: &Document, places: &[Place]) -> Result<(), Refused> {
    let own = places.iter().map(|place| document.named(*place, SIGNATURE, "Signature").count());
    match own.sum::<usize>() == document.count(SIGNATURE, "Signature") {
        true => Ok(()),
        false => Err(Refused("there is a signature elsewhere than directly within the response or the assertion")),
    }
}

fn signed(is_signed: bool, genuine: Genuine) -> Result<Genuine, Refused> {
    match is_signed {
        true => Ok(genuine),
        false => Err(Refused("neither the assertion nor the response is signed")),
    }
}
