//! What an assertion says (Core, section 2.3.3), once it is known to be genuine.

use fhir::primitive::Temporal;

use super::{Answer, Expected};
use crate::Refused;
use crate::name::Name;
use crate::namespace::ASSERTION;
use crate::xml::{Document, Place};

/// How far the clock of a provider may be from this one, in milliseconds.
pub(crate) const SKEW_MS: i64 = 60_000;
/// How old an assertion may be that was asked for just now, in milliseconds.
pub(crate) const OLDEST_MS: i64 = 600_000;
/// How many sessions at a provider an assertion may name, and how long the name of one may be, in bytes.
const MOST_SESSIONS: usize = 5;
const LONGEST_SESSION: usize = 512;
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

/// The conditions that are understood beside audiences: they ask nothing of whoever signs somebody in once.
const HARMLESS: [&str; 2] = ["OneTimeUse", "ProxyRestriction"];

pub(super) fn read(document: &Document, assertion: Place, expected: &Expected<'_>) -> Result<Answer, Refused> {
    let part = |name| document.only(assertion, ASSERTION, name);
    if document.attribute(assertion, "Version") != Some("2.0") {
        return Err(Refused("the assertion is of another version than 2.0"));
    }
    if part("Issuer").and_then(|issuer| document.text(issuer)).as_deref() != Some(expected.provider) {
        return Err(Refused("the assertion is of another provider"));
    }
    let issued =
        document.attribute(assertion, "IssueInstant").and_then(moment).ok_or(Refused("the assertion does not say when it was made"))?;
    if !(expected.now_ms - OLDEST_MS..=expected.now_ms + SKEW_MS).contains(&issued) {
        return Err(Refused("the assertion was made long ago, or is to come"));
    }
    judge_conditions(document, part("Conditions").ok_or(Refused("the assertion has no conditions"))?, expected)?;
    let subject = part("Subject").ok_or(Refused("the assertion has no subject"))?;
    let in_response_to = confirmed(document, subject, expected)?;
    let (mut methods, mut sessions) = (Vec::new(), Vec::new());
    for statement in document.named(assertion, ASSERTION, "AuthnStatement") {
        let ends = document.attribute(statement, "SessionNotOnOrAfter");
        if ends.is_some_and(|ends| moment(ends).is_none_or(|ends| expected.now_ms >= ends + SKEW_MS)) {
            return Err(Refused("the session at the provider has ended"));
        }
        sessions.extend(document.attribute(statement, "SessionIndex").map(str::to_owned));
        let context = document.only(statement, ASSERTION, "AuthnContext");
        let class = context.and_then(|context| document.only(context, ASSERTION, "AuthnContextClassRef"));
        methods.push(class.and_then(|class| document.text(class)).unwrap_or_default());
    }
    if methods.is_empty() {
        return Err(Refused("the assertion does not say that somebody signed in"));
    }
    if sessions.len() > MOST_SESSIONS || sessions.iter().any(|index| index.len() > LONGEST_SESSION) {
        return Err(Refused("the assertion names too many sessions, or one of more than 512 bytes"));
    }
    Ok(Answer { in_response_to, name: name(document, subject)?, sessions, methods, attributes: attributes(document, assertion) })
}

/// What the provider calls the person.
fn name(document: &Document, subject: Place) -> Result<Name, Refused> {
    let name = document.only(subject, ASSERTION, "NameID").ok_or(Refused("the subject has no NameID"))?;
    if document.attribute(name, "Format") == Some(TRANSIENT) {
        return Err(Refused("the NameID is transient: let the provider send one that stays the same, such as a persistent one"));
    }
    Name::read(document, name)
}

/// The request that a bearer may answer with this, here and now (Profiles, section 4.1.4.2).
fn confirmed(document: &Document, subject: Place, expected: &Expected<'_>) -> Result<String, Refused> {
    let confirmation = |place: Place| {
        if document.attribute(place, "Method") != Some(BEARER) {
            return Err(Refused("the subject is not confirmed as a bearer"));
        }
        let data =
            document.only(place, ASSERTION, "SubjectConfirmationData").ok_or(Refused("the confirmation of the subject has no data"))?;
        let text = |name| document.attribute(data, name);
        if text("Recipient") != Some(expected.answer_to) {
            return Err(Refused("the assertion is meant for another address"));
        }
        if text("NotOnOrAfter").and_then(moment).is_none_or(|ends| expected.now_ms >= ends + SKEW_MS) {
            return Err(Refused("the confirmation of the subject has ended"));
        }
        if text("NotBefore").is_some() {
            return Err(Refused("the confirmation of a bearer has no NotBefore"));
        }
        let request = text("InResponseTo").filter(|request| !request.is_empty());
        request.map(str::to_owned).ok_or(Refused("the assertion answers no request: signing in begins here"))
    };
    let mut why = Refused("the subject is not confirmed");
    for place in document.named(subject, ASSERTION, "SubjectConfirmation") {
        match confirmation(place) {
            Ok(request) => return Ok(request),
            Err(refused) => why = refused,
        }
    }
    Err(why)
}

/// That the assertion holds now, for this server (Core, section 2.5).
fn judge_conditions(document: &Document, conditions: Place, expected: &Expected<'_>) -> Result<(), Refused> {
    let time =
        |name| document.attribute(conditions, name).map(|text| moment(text).ok_or(Refused("a condition has no time that can be read")));
    if time("NotBefore").transpose()?.is_some_and(|begins| expected.now_ms < begins - SKEW_MS) {
        return Err(Refused("the assertion is to come"));
    }
    if time("NotOnOrAfter").transpose()?.is_some_and(|ends| expected.now_ms >= ends + SKEW_MS) {
        return Err(Refused("the assertion has ended"));
    }
    let mut is_for_us = false;
    for condition in document.children(conditions) {
        if document.is(condition, ASSERTION, "AudienceRestriction") {
            let mut audiences = document.named(condition, ASSERTION, "Audience");
            if !audiences.any(|audience| document.text(audience).as_deref() == Some(expected.entity_id)) {
                return Err(Refused("the assertion is for another audience"));
            }
            is_for_us = true;
        } else if !HARMLESS.iter().any(|name| document.is(condition, ASSERTION, name)) {
            return Err(Refused("the assertion has a condition that is not understood"));
        }
    }
    match is_for_us {
        true => Ok(()),
        false => Err(Refused("the assertion does not say for which audience it is")),
    }
}

fn attributes(document: &Document, assertion: Place) -> Vec<(String, String)> {
    let statements = document.named(assertion, ASSERTION, "AttributeStatement");
    let all = statements.flat_map(|statement| document.named(statement, ASSERTION, "Attribute").collect::<Vec<_>>());
    let values = all.flat_map(|attribute| {
        let name = document.attribute(attribute, "Name").unwrap_or_default().to_owned();
        let values = document.named(attribute, ASSERTION, "AttributeValue");
        values.filter_map(|value| document.text(value)).map(|value| (name.clone(), value)).collect::<Vec<_>>()
    });
    values.collect()
}

/// A moment with its zone, in milliseconds since 1970.
pub(crate) fn moment(text: &str) -> Option<i64> {
    let moment = Temporal::parse(text).filter(|moment| moment.offset_min.is_some())?;
    Some(moment.first_ms())
}
