//! The code systems whose codes may stay: those that are published, so that no code of theirs stands for a person.

/// The systems of units: UCUM.
pub const UCUM: &str = "http://unitsofmeasure.org";

/// Whole addresses.
const NAMED: [&str; 26] = [
    "http://fdasis.nlm.nih.gov",
    "http://hl7.org/fhir/ndfrt",
    "http://hl7.org/fhir/sid/cvx",
    "http://hl7.org/fhir/sid/icd-10",
    "http://hl7.org/fhir/sid/icd-10-cm",
    "http://hl7.org/fhir/sid/icd-10-us",
    "http://hl7.org/fhir/sid/icd-9-cm",
    "http://hl7.org/fhir/sid/icpc-2",
    "http://hl7.org/fhir/sid/mvx",
    "http://hl7.org/fhir/sid/ndc",
    "http://loinc.org",
    "http://nucc.org/provider-taxonomy",
    "http://snomed.info/sct",
    "http://www.ada.org/cdt",
    "http://www.ama-assn.org/go/cpt",
    "http://www.cms.gov/Medicare/Coding/ICD10",
    "http://www.genenames.org",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://www.whocc.no/atc",
    "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "urn:iso:std:iso:3166",
    "urn:iso:std:iso:4217",
    "urn:ietf:bcp:47",
    // Race and ethnicity, of the Centers for Disease Control.
    "urn:oid:2.16.840.1.113883.6.238",
    "urn:oid:2.16.840.1.113883.6.301.5",
    UCUM,
];

/// Begins of addresses: what HL7 has defined.
const BEGINS: [&str; 2] = ["http://terminology.hl7.org/CodeSystem/", "http://hl7.org/fhir/"];

/// What begins like those and may number persons and organisations: only what is named above stays.
const NUMBERS: &str = "http://hl7.org/fhir/sid/";

/// The most bytes of a code that stays.
const MOST_CODE_BYTES: usize = 64;

/// Whether a code of this system stays: the system is well known, and the code has the form of one.
pub fn stays(system: &str, code: &str) -> bool {
    let is_known = NAMED.contains(&system) || !system.starts_with(NUMBERS) && BEGINS.iter().any(|begin| system.starts_with(begin));
    let is_code = !code.is_empty() && code.len() <= MOST_CODE_BYTES && !code.contains(char::is_whitespace);
    is_known && is_code
}
