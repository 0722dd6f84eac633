//! Bundles: the suite's cases, and each rule by itself.

mod rules;

#[test]
fn verdicts_are_those_of_the_reference_validator() {
    crate::verdicts::module("bundle", include_str!("known_failures/bundle.txt"));
}
