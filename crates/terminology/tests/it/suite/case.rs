//! One case: the request put to the engine, and the answer compared.

use fhir::Value;
use fhir::library::{Library, Shelf, Stacked};
use terminology::request::{ExpandRequest, LookupRequest, Options, TranslateRequest, ValidateRequest};
use terminology::{Cache, Languages, NoTables, RelatedRequest, Terminology, TerminologyError};

use super::compare::Comparison;
use super::{Files, r5};

/// The FHIR version of the engine.
const VERSION: &str = "4.0.1";

/// A case of the suite.
pub(super) struct Case<'t> {
    pub(super) name: String,
    test: &'t Value,
    /// The modes that are on: what a suite for one server alone asks for, is on in it.
    modes: Vec<String>,
}

impl<'t> Case<'t> {
    pub(super) fn new(_suite: &str, test: &'t Value, suite: &'t Value) -> Self {
        let mode = |value: &Value| value.text("mode").map(str::to_owned);
        let modes = [Some("general".to_owned()), mode(suite), mode(test)].into_iter().flatten().collect();
        Self { name: test.text("name").unwrap_or_default().to_owned(), test, modes }
    }

    /// Whether the answer is one of those that the case allows.
    pub(super) fn run(&self, files: &Files, setup: &[Value], base: &dyn Library) -> Result<(), String> {
        if self.test.text("version").is_some_and(|version| !VERSION.starts_with(version)) {
            return Ok(());
        }
        // Of two resources with the same address and version the first one is meant.
        let shelf = Shelf::new(setup.iter().rev().cloned());
        let library = Stacked { upper: &shelf, lower: base };
        let answer = self.answer(files, &library)?;
        let (is_error, answer) = match answer {
            Ok(answer) => (false, r5::from_r4(answer)),
            Err(error) => (true, error.outcome()),
        };
        let wants_error = self.test.text("http-code").is_some_and(|code| code.starts_with('4'));
        let expected = ["response", "response2"].into_iter().filter_map(|name| self.test.text(name));
        let comparison = Comparison { version: VERSION, modes: &self.modes };
        let mut differences = Vec::new();
        for file in expected {
            match comparison.compare(&files.json(file), &answer) {
                Ok(()) if is_error == wants_error || file.contains("-error") => return Ok(()),
                Ok(()) => differences.push("the answer is right, and its status is not".to_owned()),
                Err(difference) => differences.push(difference),
            }
        }
        let shown = fhir::json::to_string(&answer);
        Err(format!("{}\n    {}", differences.join("\n    "), &shown[..shown.floor_char_boundary(3000)]))
    }

    fn answer(&self, files: &Files, library: &dyn Library) -> Result<Result<Value, TerminologyError>, String> {
        let cache = Cache::new();
        let engine = Terminology::new(library, &NoTables, &cache);
        let request = self.request(files)?;
        Ok(match self.test.text("operation").unwrap_or_default() {
            "expand" => ExpandRequest::read(&request, "2026-01-01T00:00:00Z", "urn:uuid:00000000-0000-4000-8000-000000000000").and_then(
                |mut request| {
                    self.localize(&mut request.options);
                    terminology::expand(&engine, request)
                },
            ),
            "validate-code" => ValidateRequest::read_for_value_set(&request).and_then(|mut request| {
                self.localize(&mut request.options);
                terminology::validate_in_value_set(&engine, request)
            }),
            "cs-validate-code" => ValidateRequest::read_for_code_system(&request).and_then(|mut request| {
                self.localize(&mut request.options);
                terminology::validate_in_code_system(&engine, request)
            }),
            "lookup" => LookupRequest::read(&request).and_then(|request| terminology::lookup(&engine, &request)),
            "translate" => TranslateRequest::read(&request).and_then(|request| terminology::translate(&engine, &request)),
            "compare" => RelatedRequest::read(&request).and_then(|request| terminology::related(&engine, request)),
            "batch-validate" => terminology::validate_batch(&engine, &request),
            other => return Err(format!("the operation '{other}' is not one of the engine's")),
        })
    }

    /// The request with the parameters that the case adds.
    fn request(&self, files: &Files) -> Result<Value, String> {
        let file = self.test.text("request").ok_or("the case has no request")?;
        let request = files.json(file);
        let Some(profile) = self.test.text("profile") else { return Ok(request) };
        let parameters: Vec<Value> = request.list("parameter").chain(files.json(profile).list("parameter")).cloned().collect();
        Ok(fhir::object! { "resourceType": "Parameters", "parameter": parameters })
    }

    fn localize(&self, options: &mut Options) {
        options.request_language = self.test.text("Accept-Language").and_then(Languages::parse);
    }
}
