//! What the values of each kind of search parameter look like, for people (<http://hl7.org/fhir/R4/search.html#ptypes>).

use ::search::ParameterKind;

/// A kind of search parameter, explained.
#[derive(Clone, Copy, Debug)]
pub struct SearchValues {
    /// Which kind.
    pub kind: ParameterKind,
    /// What a value is, in a sentence.
    pub doc: &'static str,
    /// Values, each with what it asks for.
    pub examples: &'static [(&'static str, &'static str)],
}

/// The kinds that can be searched by.
pub const SEARCH_VALUES: &[SearchValues] = &[
    SearchValues {
        kind: ParameterKind::String,
        doc: "The beginning of a text; case, accents and width are passed over.",
        examples: &[("mull", "Müller and Mullen"), ("van%5C,der", "a comma in the text, escaped with a backslash")],
    },
    SearchValues {
        kind: ParameterKind::Token,
        doc: "A code or identifier, with its system before a bar.",
        examples: &[
            ("8480-6", "the code in any system"),
            ("http://loinc.org|8480-6", "in this one"),
            ("|8480-6", "in none"),
            ("http://loinc.org|", "any code of the system"),
        ],
    },
    SearchValues {
        kind: ParameterKind::Date,
        doc: "A date or moment, as precise as it is written; a prefix says how to compare.",
        examples: &[
            ("2026-03", "within that month"),
            ("ge2026-03-01", "on that day or later"),
            ("lt2026-03-01T08:00:00Z", "before that second"),
        ],
    },
    SearchValues {
        kind: ParameterKind::Number,
        doc: "A number, as precise as it is written; a prefix says how to compare.",
        examples: &[("0.5", "from 0.45 to 0.55"), ("gt0.5", "above it"), ("ap100", "about 100")],
    },
    SearchValues {
        kind: ParameterKind::Quantity,
        doc: "A number with the system and code of its unit, as precise as it is written; a prefix says how to compare.",
        examples: &[
            ("5.4|http://unitsofmeasure.org|mg", "in this unit"),
            ("5.4||mg", "the unit by its code or its text"),
            ("ge5.4", "in any unit"),
        ],
    },
    SearchValues {
        kind: ParameterKind::Reference,
        doc: "What is referred to: its id, its type and id, or its address.",
        examples: &[
            ("Patient/12", "the patient"),
            ("12", "whatever has this id"),
            ("http://other.example/Patient/12", "a resource elsewhere"),
        ],
    },
    SearchValues {
        kind: ParameterKind::Uri,
        doc: "An address, exactly as written; of a canonical with `|` also its version.",
        examples: &[("http://hl7.org/fhir/ValueSet/languages", "this very address"), ("urn:oid:1.2.3", "this name")],
    },
    SearchValues {
        kind: ParameterKind::Composite,
        doc: "Values that must match within one element, joined by `$`.",
        examples: &[("8480-6$gt140", "a component with this code and a value above 140")],
    },
    SearchValues {
        kind: ParameterKind::Special,
        doc: "A value of the parameter's own form, which its definition tells.",
        examples: &[
            ("48.2|16.37|10|km", "`near`: within ten kilometres of this latitude and longitude"),
            ("name sw \"mull\" and birthdate ge 1990", "`_filter`: a condition in one expression"),
            ("42", "`_list`: what List/42 refers to"),
        ],
    },
];
