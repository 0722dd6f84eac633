//! Texts and narratives that could do harm, in HL7's suite for validators.

#[test]
fn texts_are_judged_as_by_the_reference_validator() {
    crate::verdicts::module("security", "");
}

#[test]
fn narratives_are_judged_as_by_the_reference_validator() {
    crate::verdicts::module("xhtml", "");
}
