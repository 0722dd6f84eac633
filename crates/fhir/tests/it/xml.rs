//! FHIR's XML.

mod form;
mod hostile;
mod round_trip;
mod strict;
mod suites;
mod tree;
mod unsayable;

use fhir::{Issue, Value, json, xml};

/// A tree from JSON.
fn tree(text: &str) -> Value {
    json::parse(text.as_bytes()).expect("the test's JSON is JSON")
}

/// A Patient with this content, in XML.
fn patient(content: &str) -> String {
    format!("<Patient xmlns=\"http://hl7.org/fhir\">{content}</Patient>")
}

/// The issues of a text that must be refused, as number and place.
fn refused(text: &str) -> Vec<(u16, String)> {
    let issues = xml::parse(text.as_bytes()).expect_err("the text must be refused");
    issues.into_iter().map(|Issue { number, expression, .. }| (number, expression)).collect()
}
