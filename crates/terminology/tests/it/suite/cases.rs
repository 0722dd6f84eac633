//! The cases: what each asks, and whether an answer is one of those that it allows. Whoever is asked, the engine itself or a server that has it, is handed in.

use std::collections::BTreeMap;

use fhir::Value;
use published::KnownFailures;

use super::compare::Comparison;
use super::r5;

/// The FHIR version of the engine.
const VERSION: &str = "4.0.1";

/// The files of the suite by name.
struct Files {
    files: BTreeMap<String, Vec<u8>>,
}

/// What a case asks.
pub(super) struct Question {
    /// The suite's word for the operation: `expand`, `cs-validate-code`, ….
    pub(super) operation: String,
    /// A Parameters resource; `None` where nothing is sent.
    pub(super) request: Option<Value>,
    /// The resources that are there.
    pub(super) setup: Vec<Value>,
    /// `Accept-Language`.
    pub(super) languages: Option<String>,
}

/// What is answered.
pub(super) struct Told {
    /// Whether it is an OperationOutcome with a status of its own.
    pub(super) is_error: bool,
    /// As R4 writes it.
    pub(super) resource: Value,
}

/// Asks all cases, and holds the failures against the list of those that are known. `None` when the suite is not here.
///
/// # Panics
/// When a case fails that is not known to, or one that is passes.
pub(super) fn run(known_failures: &str, title: &str, mut ask: impl FnMut(&Question) -> Result<Told, String>) {
    let Some(archive) = published::data("suites/terminology-tx/tx-tests.zip") else { return };
    let files = Files { files: published::unzip(&archive).into_iter().collect() };
    let mut list = KnownFailures::read(known_failures);
    for suite in files.json("test-cases.json").list("suites") {
        let name = suite.text("name").unwrap_or_default();
        let setup: Vec<Value> = suite.list("setup").filter_map(Value::as_str).map(|file| files.json(file)).collect();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let (mut passed, mut ran) = (0, 0);
        for test in suite.list("tests") {
            let case = Case::new(test, suite);
            let count = seen.entry(case.name.clone()).and_modify(|count| *count += 1).or_insert(1);
            let title = if *count > 1 { format!("{name}/{} ({count})", case.name) } else { format!("{name}/{}", case.name) };
            let verdict = case.run(&files, &setup, &mut ask);
            ran += 1;
            passed += usize::from(verdict.is_ok());
            list.report(&title, verdict);
        }
        println!("{name}: {passed} of {ran}");
    }
    list.finish(title);
}

impl Files {
    /// A file as JSON.
    fn json(&self, name: &str) -> Value {
        let text = self.files.get(name).unwrap_or_else(|| panic!("{name} is not in the suite"));
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        fhir::json::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

/// A case of the suite.
struct Case<'t> {
    name: String,
    test: &'t Value,
    /// The modes that are on: what a suite for one server alone asks for, is on in it.
    modes: Vec<String>,
}

impl<'t> Case<'t> {
    fn new(test: &'t Value, suite: &'t Value) -> Self {
        let mode = |value: &Value| value.text("mode").map(str::to_owned);
        let modes = [Some("general".to_owned()), mode(suite), mode(test)].into_iter().flatten().collect();
        Self { name: test.text("name").unwrap_or_default().to_owned(), test, modes }
    }

    /// Whether the answer is one of those that the case allows.
    fn run(&self, files: &Files, setup: &[Value], ask: &mut impl FnMut(&Question) -> Result<Told, String>) -> Result<(), String> {
        if self.test.text("version").is_some_and(|version| !VERSION.starts_with(version)) {
            return Ok(());
        }
        let told = ask(&Question {
            operation: self.test.text("operation").unwrap_or_default().to_owned(),
            request: self.request(files),
            setup: setup.to_vec(),
            languages: self.test.text("Accept-Language").map(str::to_owned),
        })?;
        let answer = if told.is_error { told.resource } else { r5::from_r4(told.resource) };
        let wants_error = self.test.text("http-code").is_some_and(|code| code.starts_with('4'));
        let expected = ["response", "response2"].into_iter().filter_map(|name| self.test.text(name));
        let comparison = Comparison { version: VERSION, modes: &self.modes };
        let mut differences = Vec::new();
        for file in expected {
            match comparison.compare(&files.json(file), &answer) {
                Ok(()) if told.is_error == wants_error || file.contains("-error") => return Ok(()),
                Ok(()) => differences.push("the answer is right, and its status is not".to_owned()),
                Err(difference) => differences.push(difference),
            }
        }
        let shown = fhir::json::to_string(&answer);
        Err(format!("{}\n    {}", differences.join("\n    "), &shown[..shown.floor_char_boundary(3000)]))
    }

    /// The request with the parameters that the case adds.
    fn request(&self, files: &Files) -> Option<Value> {
        let request = files.json(self.test.text("request")?);
        let Some(profile) = self.test.text("profile") else { return Some(request) };
        let parameters: Vec<Value> = request.list("parameter").chain(files.json(profile).list("parameter")).cloned().collect();
        Some(fhir::object! { "resourceType": "Parameters", "parameter": parameters })
    }
}
