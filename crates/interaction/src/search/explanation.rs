//! `_explain`: how a search was answered, in words, step by step.

use fhir::{Issue, IssueCode, Severity};
use store::query::{AccessPath, Explanation, Step, Work};

use crate::codes;

/// One remark for each step, and one for the whole; or one that says why there are none.
pub(super) fn issues(explanation: Option<&Explanation>) -> Vec<Issue> {
    let remark = |text: String| Issue::error(codes::EXPLANATION, IssueCode::Informational, "", text).with_severity(Severity::Information);
    let Some(explanation) = explanation else {
        return vec![remark("how it was answered would tell of what is hidden: it is told to those who may see everything".to_owned())];
    };
    let mut issues: Vec<Issue> = explanation.steps.iter().map(|each| remark(step(each))).collect();
    let scans = if explanation.looks_at_everything() { ", looking at every resource of a type" } else { "" };
    issues.push(remark(format!("answered in {} us{scans}", explanation.took_us)));
    issues
}

fn step(step: &Step) -> String {
    let Step { work, read, checked, found, took_us } = step;
    format!("{}: read {read}, checked {checked}, found {found}, {took_us} us", work_text(work))
}

fn work_text(work: &Work) -> String {
    match work {
        Work::Find { kind, leader, access, estimate } => {
            let access = match access {
                AccessPath::Seek => "by a seek",
                AccessPath::Range => "within a range",
                AccessPath::Scan => "among all values of a parameter",
                AccessPath::Written => "by the time of writing",
                AccessPath::Every => "among all resources of the type",
            };
            let leader = leader.as_ref().map(|filter| format!(" for {filter:?}")).unwrap_or_default();
            let estimate = estimate.map(|estimate| format!(", taken for {estimate}")).unwrap_or_default();
            format!("find {} {access}{leader}{estimate}", kind.name())
        }
        Work::Rewind { kind } => format!("take what was written since of {} as it was then", kind.name()),
        Work::Walk => "walk in the order asked for".to_owned(),
        Work::Sort => "sort".to_owned(),
        Work::Include => "include".to_owned(),
        Work::Read => "read the texts".to_owned(),
    }
}
