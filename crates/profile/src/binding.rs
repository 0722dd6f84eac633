//! Whom the walk asks about codes.

use fhir::Value;
use fhir::definitions::BindingStrength;

/// What is bound to a value set.
#[derive(Clone, Copy, Debug)]
pub enum Coded<'a> {
    /// A `code`, or a `string` or `uri` that is bound: its text. The value set says of which system it is.
    Code(&'a str),
    /// A `Coding`, or a `Quantity`, whose `system` and `code` are those of a Coding.
    Coding(&'a Value),
    /// A `CodeableConcept`: one of its codings is enough.
    Concept(&'a Value),
}

/// Whether a code is in a value set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Membership {
    /// It is, or one of the codings of a concept is.
    In,
    /// It is not.
    NotIn,
    /// Nobody here can tell: the value set or a code system is not known, or too large. Why, in words for a message.
    CannotTell(String),
}

/// Knows value sets.
pub trait Binding {
    /// Whether `coded` is in the value set of the canonical address `value_set`, which may name a version. The strength is told so that nothing
    /// needs to be worked out for bindings that are only examples.
    fn judge(&self, value_set: &str, strength: BindingStrength, coded: Coded<'_>) -> Membership;

    /// Whether a code is in a value set, for `memberOf()` in invariants; `None` when nobody can tell.
    fn member_of(&self, value_set: &str, system: Option<&str>, code: &str) -> Option<bool>;

    /// Whether `code` subsumes `other` in a code system, or is the same, for `subsumes()` in invariants; `None` when nobody can tell.
    fn subsumes(&self, system: &str, code: &str, other: &str) -> Option<bool> {
        let _ = system;
        (code == other).then_some(true)
    }
}

/// Knows only the value sets that FHIR itself binds as required: nothing else can be told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Binding for Nobody {
    fn judge(&self, value_set: &str, _strength: BindingStrength, _coded: Coded<'_>) -> Membership {
        Membership::CannotTell(format!("the value set {value_set} is not looked up here"))
    }

    fn member_of(&self, value_set: &str, system: Option<&str>, code: &str) -> Option<bool> {
        let set = fhir::definitions::definitions().value_set(value_set.split('|').next()?)?;
        set.is_enumerable().then(|| set.contains(system, code))
    }
}
