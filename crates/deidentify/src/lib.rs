//! Resources without what tells whose they are: HIPAA's Safe Harbor (45 CFR 164.514(b)(2)) as a pure function over a resource.
//!
//! - [`rules`]: what becomes of each data type. What no rule speaks of is removed.
//! - [`places`]: what of an address may stay.
//! - [`systems`]: the code systems whose codes may stay.
//!
//! | identifier of 164.514(b)(2)(i) | what becomes of it |
//! |---|---|
//! | (A) names | HumanName, ContactDetail and every text are removed |
//! | (B) places smaller than a state | of an address its state, its country and the first three digits of its ZIP code stay, `000` for those with 20,000 people or fewer; positions are removed |
//! | (C) dates, and ages above 89 | of a date its year stays, unless it is 90 or more years ago; instants and times are removed; ages above 89 become "90 or more" |
//! | (D), (E), (F) telephone, fax, mail | ContactPoint is removed |
//! | (G)–(M) numbers of persons, records, plans, accounts, licences, vehicles, devices | Identifier and every text are removed |
//! | (N), (O) addresses of the web and of networks | uri, url, canonical, oid and uuid are removed |
//! | (P), (Q) biometric identifiers, photographs | Attachment, SampledData, binary content and sequences are removed |
//! | (R) anything else that is unique | ids become pseudonyms that the caller draws; codes stay only of well-known systems or required value sets |
//!
//! Numbers stay: measurements are what such an export is for. Whether what remains could still identify somebody together with other data, which 164.514(b)(2)(ii) asks,
//! is for whoever exports to judge.
//!
//! This crate knows FHIR's tables and nothing else: no store, no HTTP, no clock.

mod coded;
mod mask;
pub mod places;
mod references;
pub mod rules;
pub mod systems;
mod time;
mod walk;

use fhir::Value;
use fhir::definitions::ResourceType;

/// What a de-identification goes by.
#[derive(Clone, Copy)]
pub struct Settings<'a> {
    /// The year in which the export is made: what is 90 or more years before it tells of an age above 89.
    pub year: u16,
    /// The pseudonym of a resource, by its type and id: the same for the same, so that references go on leading to it; letters, digits, `-` and `.`, at most 64.
    /// It must not be derived from anything about the person (164.514(c)): drawn at random for this export, or made of the id with a key that nobody keeps.
    pub pseudonym: &'a dyn Fn(&str, &str) -> String,
}

/// The resource without what tells whose it is: the same elements in the same order, as far as they stay. What FHIR requires and what was removed says so with the
/// extension `data-absent-reason`, `masked`; `meta.security` says `ANONYED`. Nothing nested deeper than 64 levels stays.
///
/// `None` when nothing of such a resource can stay: content without structure (Binary), sequences of genes (MolecularSequence), or what is no resource.
pub fn deidentified(resource: &Value, settings: &Settings<'_>) -> Option<Value> {
    let kind = ResourceType::parse(resource.resource_type()?)?;
    walk::Walk::new(settings).resource(kind, resource.as_object()?)
}
