//! Questionnaires, and responses against the questionnaire that they answer (<http://hl7.org/fhir/R4/questionnaire.html>,
//! <http://hl7.org/fhir/R4/questionnaireresponse.html>). The invariants que-* and qrs-* are judged with all others in [`crate::base`].

mod answer;
mod condition;
mod constraint;
mod form;
mod item;
mod limits;
mod options;
mod response;
mod sought;
mod units;
mod values;

use fhir::library::Library;
use fhir::{Issue, IssueCode, Severity, Value};
use fhirpath::Terminology;

/// How many issues are reported at most.
const MAX_ISSUES: usize = 200;

/// How deep items may be nested.
const MAX_DEPTH: usize = 64;

/// Who is asked about what lies outside of the resource.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// Where questionnaires are found.
    pub library: &'a dyn Library,
    /// Who knows which codes are in the value sets of answers and units; without it only enumerated sets that the questionnaire contains
    /// are known.
    pub terminology: Option<&'a dyn Terminology>,
}

/// Adds an issue for each rule that a Questionnaire breaks: the targets and answers of its conditions, its options and initial values. `place` is its own
/// FHIRPath, `container` the resource that contains it, or itself.
pub fn check(questionnaire: &Value, container: &Value, place: &str, issues: &mut Vec<Issue>) {
    form::check(&mut Judge::new(issues), questionnaire, container, place);
}

/// Adds an issue for each way in which a QuestionnaireResponse does not answer its Questionnaire; a warning when that is not found.
///
/// In a response that is in progress or was stopped, missing answers are warnings. No issue repeats an answer. Time grows with the number of
/// items, and for conditions with the number of items that they look through.
pub fn check_response(response: &Value, surroundings: &Surroundings<'_>, issues: &mut Vec<Issue>) {
    let mut judge = Judge::new(issues);
    if let Some(questionnaire) = sought::find(&mut judge, response, surroundings.library) {
        response::check(&mut judge, response, &questionnaire, surroundings);
    }
}

/// Who collects what is wrong.
struct Judge<'j> {
    issues: &'j mut Vec<Issue>,
    room: usize,
}

impl<'j> Judge<'j> {
    fn new(issues: &'j mut Vec<Issue>) -> Self {
        let room = issues.len() + MAX_ISSUES;
        Self { issues, room }
    }

    fn report(&mut self, number: u16, severity: Severity, place: &str, text: impl Into<String>) {
        if self.issues.len() < self.room {
            self.issues.push(Issue::error(number, IssueCode::BusinessRule, place, text).with_severity(severity));
        }
    }

    fn error(&mut self, number: u16, place: &str, text: impl Into<String>) {
        self.report(number, Severity::Error, place, text);
    }

    fn warning(&mut self, number: u16, place: &str, text: impl Into<String>) {
        self.report(number, Severity::Warning, place, text);
    }
}
