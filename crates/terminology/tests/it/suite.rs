//! The test suite of HL7's terminology ecosystem: each case is a request and the answer that every server has to give.
//!
//! Here the engine itself is asked. The tests of `rest` ask a server, with the same files and by the same comparison.

mod cases;
mod compare;
mod r5;

use fhir::Value;
use fhir::library::{Shelf, Stacked};
use terminology::request::{ExpandRequest, LookupRequest, TranslateRequest, ValidateRequest};
use terminology::{Cache, Languages, NoTables, RelatedRequest, Terminology, TerminologyError};

use cases::{Question, Told};

const KNOWN_FAILURES: &str = include_str!("suite/known_failures.txt");

#[test]
fn published_cases_are_answered_as_they_say() {
    cases::run(KNOWN_FAILURES, "terminology-tx", ask);
}

/// What the engine answers.
fn ask(question: &Question) -> Result<Told, String> {
    // Of two resources with the same address and version the first one is meant.
    let shelf = Shelf::new(question.setup.iter().rev().cloned());
    let library = Stacked { upper: &shelf, lower: base::library() };
    let (cache, languages) = (Cache::new(), question.languages.as_deref().and_then(Languages::parse));
    let engine = Terminology::new(&library, &NoTables, &cache);
    let engine = languages.as_ref().map_or(engine, |languages| engine.with_languages(languages));
    let request = question.request.as_ref().ok_or("the case has no request")?;
    Ok(match answer(&engine, &question.operation, request)? {
        Ok(resource) => Told { is_error: false, resource },
        Err(error) => Told { is_error: true, resource: error.outcome() },
    })
}

fn answer(engine: &Terminology<'_>, operation: &str, request: &Value) -> Result<Result<Value, TerminologyError>, String> {
    let (now, name) = ("2026-01-01T00:00:00Z", "urn:uuid:00000000-0000-4000-8000-000000000000");
    Ok(match operation {
        "expand" => ExpandRequest::read(request, now, name).and_then(|request| terminology::expand(engine, request)),
        "validate-code" => {
            ValidateRequest::read_for_value_set(request).and_then(|request| terminology::validate_in_value_set(engine, request))
        }
        "cs-validate-code" => {
            ValidateRequest::read_for_code_system(request).and_then(|request| terminology::validate_in_code_system(engine, request))
        }
        "lookup" => LookupRequest::read(request).and_then(|request| terminology::lookup(engine, &request)),
        "translate" => TranslateRequest::read(request).and_then(|request| terminology::translate(engine, &request)),
        "compare" => RelatedRequest::read(request).and_then(|request| terminology::related(engine, request)),
        "batch-validate" => terminology::validate_batch(engine, request),
        other => return Err(format!("the operation '{other}' is not one of the engine's")),
    })
}
