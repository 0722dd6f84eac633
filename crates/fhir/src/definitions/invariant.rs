//! FHIR's own invariants (<http://hl7.org/fhir/R4/conformance-rules.html#constraints>).

use std::sync::OnceLock;

use crate::outcome::Severity;

const TABLE: &str = include_str!("../../generated/invariants.tsv");

/// An invariant, as it is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invariant {
    /// The path of the element in the definition that has it: `Period`, `ElementDefinition.max`.
    pub path: &'static str,
    /// Its key: `per-1`. Some keys are used by several types.
    pub key: &'static str,
    /// How bad it is when it does not hold; `Information` for a best practice.
    pub severity: Severity,
    /// What must be true of the element, in FHIRPath.
    pub expression: &'static str,
}

/// All of them, in the order of the definitions. They are read on the first call.
pub fn invariants() -> &'static [Invariant] {
    static INVARIANTS: OnceLock<Vec<Invariant>> = OnceLock::new();
    INVARIANTS.get_or_init(|| TABLE.lines().skip(1).filter_map(invariant).collect())
}

fn invariant(line: &'static str) -> Option<Invariant> {
    let mut columns = line.splitn(4, '\t');
    let (path, key, severity, expression) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
    let severity = match severity {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Information,
    };
    Some(Invariant { path, key, severity, expression })
}
