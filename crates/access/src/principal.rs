//! Who asks, as far as rules care.

use store::commit::{Instant, Key, Tenant};

use crate::scope::Scopes;

/// Who asks. It is made when somebody signs in or presents a token, and stays the same until what it was made of changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Principal {
    /// In whose data.
    pub tenant: Tenant,
    /// The account of the person, by its id; `None`: a service that acts for itself.
    pub user: Option<Box<str>>,
    /// Who that is in the records: a Practitioner, Patient, RelatedPerson or Person (`fhirUser`).
    pub fhir_user: Option<Key>,
    /// The name to show, and to write into audit rows.
    pub name: Box<str>,
    /// The client that asks, by its id; `None`: Ward's own screens and command line.
    pub client: Option<Box<str>>,
    /// The roles, each where it holds.
    pub roles: Vec<Assignment>,
    /// Policies that are granted or denied to the user directly. They hold everywhere.
    pub direct: Vec<Direct>,
    /// What the client was allowed; `None`: whatever the roles allow.
    pub scopes: Option<Scopes>,
    /// The patient whose chart is open (`launch/patient`), by id.
    pub patient: Option<Box<str>>,
    /// The encounter that is open (`launch/encounter`), by id.
    pub encounter: Option<Box<str>>,
    /// What for: a code of <http://terminology.hl7.org/ValueSet/v3-PurposeOfUse>, such as `TREAT`; none when nobody said.
    pub purpose: Option<Box<str>>,
    /// Access beyond the roles in an emergency, while it lasts.
    pub break_glass: Option<BreakGlass>,
    /// How sure it is that it is they.
    pub strength: Strength,
    /// The session or grant under which this goes on, for audit rows and for signing out.
    pub session: Box<str>,
}

/// A role, and where it holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Assignment {
    /// The role's code, such as `physician`.
    pub role: Box<str>,
    /// In this facility only (`Organization/…`).
    pub facility: Option<Key>,
    /// In this department only (`Organization/…` or `Location/…`).
    pub department: Option<Key>,
}

/// A policy that is granted or denied to somebody directly.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Direct {
    /// Its name.
    pub policy: Box<str>,
    /// Whether what it says holds for them; otherwise all that it allows is denied.
    pub is_granted: bool,
}

/// Access beyond the roles in an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BreakGlass {
    /// Why, in the words of whoever asked for it.
    pub reason: Box<str>,
    /// For which patient, by id.
    pub patient: Box<str>,
    /// Until when.
    pub until: Instant,
}

/// How sure it is that somebody is who they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Strength {
    /// Something was presented that another might have found: a token, an API key, a password alone.
    One,
    /// A second factor, or a passkey, was presented in this session.
    Two,
}
