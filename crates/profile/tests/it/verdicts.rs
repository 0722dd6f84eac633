//! HL7's suite for validators, one module of it at a time: the same verdict, valid or not, as the reference validator.

use std::collections::HashMap;

use fhir::library::Shelf;
use fhir::{Issue, IssueCode, Severity, Value};
use fhirpath::Terminology;
use profile::base::Options;
use profile::questionnaire::Surroundings;
use published::KnownFailures;

type Files = HashMap<String, Vec<u8>>;

/// Judges the cases of a module, and compares with the committed list.
pub fn module(module: &str, known: &str) {
    let Some(archive) = published::data("suites/validator/validator-r4.zip") else { return };
    let files: Files = published::unzip(&archive).into_iter().collect();
    let manifest = resource(&files, "manifest.json").expect("the manifest can be read");
    let mut known = KnownFailures::read(known);
    let is_wanted = |case: &&Value| case.text("module") == Some(module) && case.get("java").is_some();
    for case in manifest.list("test-cases").filter(is_wanted) {
        let name = case.text("name").expect("a case has a name");
        let expected = expected(case, &files);
        let issues = judge(case, &files);
        let error = issues.iter().find(|issue| issue.severity >= Severity::Error);
        let verdict = match (&expected, error) {
            (Some(expected), None) => Err(format!("is valid here, and should not be: {expected}")),
            (None, Some(error)) => Err(format!("is not valid here, and should be: {error}")),
            _ => Ok(()),
        };
        if std::env::var("CASE").is_ok_and(|wanted| wanted == name) {
            println!(
                "expected: {expected:?}\n{}",
                issues.iter().map(|issue| format!("{:?} {issue}\n", issue.severity)).collect::<String>()
            );
        }
        known.report(name, verdict);
    }
    known.finish(module);
}

/// Judges all cases that the reference validator finds valid: none is refused by base R4 alone.
pub fn valid(known: &str) {
    let Some(archive) = published::data("suites/validator/validator-r4.zip") else { return };
    let files: Files = published::unzip(&archive).into_iter().collect();
    let manifest = resource(&files, "manifest.json").expect("the manifest can be read");
    let mut known = KnownFailures::read(known);
    for case in manifest.list("test-cases").filter(|case| case.get("java").is_some()) {
        let is_xml_or_json = case.text("file").is_some_and(|file| file.ends_with(".json") || file.ends_with(".xml"));
        if is_xml_or_json && expected(case, &files).is_none() {
            let issues = judge(case, &files);
            let error = issues.iter().find(|issue| issue.severity >= Severity::Error);
            known.report(case.text("name").expect("a case has a name"), error.map_or(Ok(()), |error| Err(error.to_string())));
        }
    }
    known.finish("valid cases");
}

/// The first error that the reference validator found.
fn expected(case: &Value, files: &Files) -> Option<String> {
    let outcome = match case.get("java")? {
        Value::String(name) => {
            resource(files, &format!("outcomes/{name}")).or_else(|_| resource(files, &format!("outcomes/{name}.json"))).ok()?
        }
        recorded => recorded.get("outcome").cloned()?,
    };
    let error = outcome.list("issue").find(|issue| matches!(issue.text("severity"), Some("error" | "fatal")))?;
    Some(error.get("details").and_then(|details| details.text("text")).unwrap_or_default().to_owned())
}

fn judge(case: &Value, files: &Files) -> Vec<Issue> {
    let resource_of = |name: &str| resource(files, name);
    let subject = match resource_of(case.text("file").unwrap_or_default()) {
        Ok(subject) => subject,
        Err(issues) => return issues,
    };
    let brought: Vec<Value> = ["supporting", "profiles"]
        .iter()
        .flat_map(|name| case.list(name))
        .filter_map(Value::as_str)
        .filter_map(|name| resource_of(name).ok())
        .collect();
    let sets = Sets(brought.iter().filter(|resource| resource.resource_type() == Some("ValueSet")).cloned().collect());
    let library = Shelf::new(brought);
    let mut issues = fhir::check::check(&subject);
    let security = ["security-checks", "noHtmlInMarkdown"].iter().any(|name| case.get(name).and_then(Value::as_bool) == Some(true));
    profile::base::check(&subject, &Options { library: Some(&library), security, ..Options::default() }, &mut issues);
    if subject.resource_type() == Some("QuestionnaireResponse") {
        profile::questionnaire::check_response(&subject, &Surroundings { library: &library, terminology: Some(&sets) }, &mut issues);
    }
    issues
}

fn resource(files: &Files, name: &str) -> Result<Value, Vec<Issue>> {
    let error = |text: String| vec![Issue::error(0, IssueCode::Structure, "", text)];
    let text = files.get(name).ok_or_else(|| error(format!("the suite has no file {name}")))?;
    if name.ends_with(".xml") { fhir::xml::parse(text) } else { fhir::json::parse(text).map_err(|fault| error(fault.to_string())) }
}

/// The value sets that a case brings along, when they list their codes, and those of FHIR's required bindings.
pub struct Sets(pub Vec<Value>);

impl Terminology for Sets {
    fn member_of(&self, url: &str, system: Option<&str>, code: &str) -> Option<bool> {
        let Some(set) = self.0.iter().find(|set| set.text("url") == Some(url)) else {
            let known = fhir::definitions::definitions().value_set(url).filter(|set| set.is_enumerable())?;
            return Some(known.contains(system, code));
        };
        let includes: Vec<&Value> = set.get("compose")?.list("include").collect();
        let has = |include: &&&Value| {
            include.text("system") == system && include.list("concept").any(|concept| concept.text("code") == Some(code))
        };
        if includes.iter().any(|include| has(&include)) {
            Some(true)
        } else {
            includes.iter().all(|include| include.get("concept").is_some()).then_some(false)
        }
    }

    fn subsumes(&self, _: &str, _: &str, _: &str) -> Option<bool> {
        None
    }
}
