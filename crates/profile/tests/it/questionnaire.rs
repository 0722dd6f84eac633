//! Questionnaires and responses: the suite's cases, and each rule by itself.

mod published;
mod rules;

#[test]
fn verdicts_are_those_of_the_reference_validator() {
    crate::verdicts::module("questionnaire", include_str!("known_failures/questionnaire.txt"));
}
