//! What each role may do with each type, in one table.

use std::sync::Arc;

use fhir::definitions::ResourceType;
use jiff::tz::TimeZone;
use search::Registry;
use store::commit::{Instant, Key, Tenant};

use crate::compile::{Parts, Plan};
use crate::{ACTS, Assignment, Grant, Principal, Strength, Verdict};

/// The moment at which the table is made. No role that Ward brings goes by hours.
const MOMENT: Instant = 0;

/// What somebody has by the roles that Ward brings, where no patient has agreed or disagreed to anything and the hospital's clock is Greenwich's.
pub fn grant(principal: Arc<Principal>, registry: &Registry, now: Instant) -> Grant {
    let roles = principal.roles.iter().map(|assignment| super::get(&assignment.role)).collect();
    Plan::of(Parts { principal, roles, own: Vec::new(), agreement: Arc::default(), zone: &TimeZone::UTC, now }).grant(registry)
}

/// Somebody with a role, as the table has them: without a second factor, in no place; the user of `patient` is a Patient, that of `service` nobody, all others
/// are Practitioners.
pub fn principal(role: &str) -> Principal {
    let is = match role {
        "patient" => Some("Patient"),
        "service" => None,
        _ => Some("Practitioner"),
    };
    Principal {
        tenant: Tenant(1),
        user: is.map(|_| "somebody".into()),
        fhir_user: is.and_then(ResourceType::parse).map(|kind| Key::new(kind, "somebody")),
        name: "somebody".into(),
        client: None,
        roles: vec![Assignment { role: role.into(), facility: None, department: None }],
        scopes: None,
        patient: None,
        encounter: None,
        purpose: None,
        direct: Vec::new(),
        break_glass: None,
        strength: Strength::One,
        session: "session".into(),
    }
}

/// A cell: the letters of `cruds` that a grant allows with a type, large with every resource and small with those that pass; `-` when it is none.
pub fn cell(grant: &Grant, kind: ResourceType) -> String {
    let letters = ACTS.iter().zip(['c', 'r', 'u', 'd', 's']).filter_map(|(act, letter)| match grant.verdict(kind, *act) {
        Verdict::Refused => None,
        Verdict::Allowed => Some(letter.to_ascii_uppercase()),
        Verdict::Where(_) => Some(letter),
    });
    let cell: String = letters.collect();
    if cell.is_empty() { "-".to_owned() } else { cell }
}

/// For each type the cells of all roles, in the order of [`super::names`].
pub fn rows() -> Vec<(ResourceType, Vec<String>)> {
    let registry = Registry::standard();
    let grants: Vec<Grant> = super::names().map(|role| grant(Arc::new(principal(role)), &registry, MOMENT)).collect();
    ResourceType::all().map(|kind| (kind, grants.iter().map(|grant| cell(grant, kind)).collect())).collect()
}
