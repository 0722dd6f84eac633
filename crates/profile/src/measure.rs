//! MeasureReports against the Measure that they report on (<http://hl7.org/fhir/R4/measurereport.html>): groups, populations, stratifiers, scores.

mod group;
mod matching;
mod score;

use fhir::canonical::Canonical;
use fhir::library::Library;
use fhir::{Issue, IssueCode, Severity, Value};

use crate::codes;

/// How many issues are reported at most.
const MAX_ISSUES: usize = 100;

/// Adds an issue for each way in which a MeasureReport does not fit its Measure: a warning when the library has not the Measure; nothing without
/// a library. What a report that is not complete leaves out is a warning. No issue repeats a value of the report. `place` is its FHIRPath.
pub(crate) fn check_report(report: &Value, library: Option<&dyn Library>, place: &str, issues: &mut Vec<Issue>) {
    let (Some(library), Some(address)) = (library, report.text("measure")) else { return };
    let is_complete = report.text("status") == Some("complete");
    let missing = if is_complete { Severity::Error } else { Severity::Warning };
    let mut judge = Judge { room: issues.len() + MAX_ISSUES, issues, missing, kind: report.text("type").unwrap_or_default() };
    match library.find("Measure", &Canonical::parse(address)) {
        Some(measure) => group::check(&mut judge, report, &measure, place),
        None => {
            let text = "the Measure is not known, so that the report cannot be compared with it: add the package that has it, or store it";
            judge.report(codes::MEASURE_UNKNOWN, Severity::Information, &format!("{place}.measure"), text);
        }
    }
}

/// Who collects what is wrong.
struct Judge<'j> {
    issues: &'j mut Vec<Issue>,
    room: usize,
    /// How bad it is when something is left out.
    missing: Severity,
    /// The type of the report: `summary`, `individual`, `subject-list`, `data-collection`.
    kind: &'j str,
}

impl Judge<'_> {
    fn report(&mut self, number: u16, severity: Severity, place: &str, text: impl Into<String>) {
        if self.issues.len() < self.room {
            self.issues.push(Issue::error(number, IssueCode::BusinessRule, place, text).with_severity(severity));
        }
    }

    fn error(&mut self, place: &str, text: impl Into<String>) {
        self.report(codes::MEASURE_REPORT, Severity::Error, place, text);
    }

    fn missing(&mut self, place: &str, text: impl Into<String>) {
        self.report(codes::MEASURE_REPORT, self.missing, place, text);
    }
}
