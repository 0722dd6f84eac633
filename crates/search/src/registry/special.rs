//! Parameters that have no FHIRPath expression: those that R4's text defines without a definition in its table, those that ask for words, and
//! Ward's own.

use fhir::definitions::ResourceType;

use super::support::Refusal;
use super::{Origin, Parameter, ParameterKind};

/// A line of the table.
struct Special {
    code: &'static str,
    kind: ParameterKind,
    url: &'static str,
    origin: Origin,
    /// The types that have it; all when empty.
    bases: &'static [&'static str],
}

/// The types whose resources are about a person with a name.
const PERSONS: [&str; 4] = ["Patient", "Person", "Practitioner", "RelatedPerson"];

/// Those of R4's text come under the addresses that its table gives them, or that its successor does.
const TABLE: [Special; 8] = [
    Special {
        code: "_content",
        kind: ParameterKind::String,
        url: "http://hl7.org/fhir/SearchParameter/Resource-content",
        origin: Origin::Content,
        bases: &[],
    },
    Special {
        code: "_filter",
        kind: ParameterKind::Special,
        url: "http://hl7.org/fhir/SearchParameter/Resource-filter",
        origin: Origin::Criterion,
        bases: &[],
    },
    Special {
        code: "_has",
        kind: ParameterKind::Special,
        url: "http://hl7.org/fhir/SearchParameter/Resource-has",
        origin: Origin::Criterion,
        bases: &[],
    },
    Special { code: "_like", kind: ParameterKind::String, url: "urn:ward:search:like", origin: Origin::Likeness, bases: &PERSONS },
    Special {
        code: "_list",
        kind: ParameterKind::Special,
        url: "http://hl7.org/fhir/SearchParameter/Resource-list",
        origin: Origin::Criterion,
        bases: &[],
    },
    Special {
        code: "_query",
        kind: ParameterKind::Token,
        url: "http://hl7.org/fhir/SearchParameter/Resource-query",
        origin: Origin::Refused(Refusal::NoNamedQueries),
        bases: &[],
    },
    Special { code: "_sounds", kind: ParameterKind::String, url: "urn:ward:search:sounds", origin: Origin::Sounds, bases: &PERSONS },
    Special {
        code: "_text",
        kind: ParameterKind::String,
        url: "http://hl7.org/fhir/SearchParameter/DomainResource-text",
        origin: Origin::Narrative,
        bases: &[],
    },
];

/// Those that a type has.
pub(super) fn of(kind: ResourceType) -> impl Iterator<Item = Parameter> {
    let has = move |special: &&Special| special.bases.is_empty() || special.bases.contains(&kind.name());
    TABLE.iter().filter(has).map(move |special| Parameter::special(kind, special.code, special.kind, special.url, special.origin))
}

/// Whether HL7's table has a parameter that is defined here.
pub(super) fn is_special(code: &str) -> bool {
    TABLE.iter().any(|special| special.code == code)
}
