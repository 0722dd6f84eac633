//! Accounts as they are shown. Nothing in it is a secret, or proves anything.

use fhir::primitive::instant_text;
use fhir::{Object, Value, object};
use identity::Status;
use identity::user::{HeldRole, Membership, User};
use store::commit::Tenant;

/// An account, with its part in a tenant.
pub(super) fn shown(id: &str, user: &User, tenant: Tenant) -> Value {
    let mut shown =
        Object::from_iter([("id", Value::from(id)), ("login", user.login.as_str().into()), ("name", user.name.as_str().into())]);
    shown.push("status", status(user.status));
    if let Some(email) = &user.email {
        shown.push("email", object! { "address": email.address.as_str(), "verified": email.verified });
    }
    for (name, text) in [("phone", &user.phone), ("locale", &user.locale), ("externalId", &user.external_id)] {
        if let Some(text) = text {
            shown.push(name, text.as_str());
        }
    }
    if let Some(part) = user.membership(tenant) {
        shown.push("membership", membership(part));
    }
    if user.memberships.iter().any(|part| part.tenant != tenant.0) {
        shown.push("hasPartElsewhere", true);
    }
    shown.push("created", instant_text(user.created));
    shown.push("updated", instant_text(user.updated));
    if let Some(at) = user.last_sign_in {
        shown.push("lastSignIn", instant_text(at));
    }
    shown.into()
}

fn membership(part: &Membership) -> Value {
    let mut shown = Object::new();
    if let Some(person) = &part.fhir_user {
        shown.push("fhirUser", person.as_str());
    }
    shown.push("roles", part.roles.iter().map(shown_role).collect::<Vec<_>>());
    for (name, policies) in [("granted", &part.granted), ("denied", &part.denied)] {
        shown.push(name, policies.iter().map(|policy| Value::from(policy.as_str())).collect::<Vec<_>>());
    }
    shown.into()
}

/// A role, and where it holds.
pub(crate) fn shown_role(held: &HeldRole) -> Value {
    let mut shown = Object::from_iter([("role", Value::from(held.role.as_str()))]);
    for (name, place) in [("facility", &held.facility), ("department", &held.department)] {
        if let Some(place) = place {
            shown.push(name, place.as_str());
        }
    }
    shown.into()
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Invited => "invited",
        Status::Active => "active",
        Status::Suspended => "suspended",
        Status::Deleted => "deleted",
    }
}

/// The status of a word.
pub(super) fn status_of(word: &str) -> Option<Status> {
    [Status::Invited, Status::Active, Status::Suspended].into_iter().find(|known| status(*known) == word)
}
