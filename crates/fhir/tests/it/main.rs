//! Tests of the FHIR model: against HL7's examples and Synthea's patients, which stand outside the repository, and by hand.

mod check_corpora;
mod check_mutations;
mod check_primitives;
mod check_rules;
mod decimal;
mod json;
mod narrative;
mod random;
mod shared_data;
mod sites;
mod temporal;
mod xml;
