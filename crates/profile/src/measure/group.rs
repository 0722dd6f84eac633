//! The groups of a report, with their populations and stratifiers, beside those of its Measure.

use fhir::{Severity, Value};

use super::matching::pairs;
use super::{Judge, score};
use crate::codes;

pub(super) fn check(judge: &mut Judge<'_>, report: &Value, measure: &Value, place: &str) {
    let (reported, defined): (Vec<&Value>, Vec<&Value>) = (report.list("group").collect(), measure.list("group").collect());
    if defined.is_empty() {
        return;
    }
    let found = parts(judge, "group", &reported, &defined, place);
    for (index, (group, found)) in reported.iter().zip(found).enumerate() {
        let Some(definition) = found.map(|at| defined[at]) else { continue };
        let place = format!("{place}.group[{index}]");
        score::check(judge, group, measure, &place);
        populations(judge, group, definition, report, &place);
        let (reported, defined): (Vec<&Value>, Vec<&Value>) = (group.list("stratifier").collect(), definition.list("stratifier").collect());
        parts(judge, "stratifier", &reported, &defined, &place);
    }
}

/// That each part of a report is one of the Measure, that none is there twice, and that none is left out. The places of the definitions come back.
fn parts(judge: &mut Judge<'_>, name: &str, reported: &[&Value], defined: &[&Value], place: &str) -> Vec<Option<usize>> {
    let found = pairs(reported, defined);
    for (index, at) in found.iter().enumerate() {
        let place = format!("{place}.{name}[{index}]");
        match at {
            None => judge.error(&place, format!("the Measure defines no such {name}: give it the code that the definition has")),
            Some(_) if found[..index].contains(at) => {
                judge.error(&place, format!("the same {name} of the Measure is there already: keep one"))
            }
            Some(_) => {}
        }
    }
    // What has no code cannot be told to be missing among others.
    let is_told = |definition: &Value| defined.len() == 1 || definition.get("code").is_some();
    let is_missing = |(at, definition): &(usize, &&Value)| !found.contains(&Some(*at)) && is_told(definition);
    let missing = defined.iter().enumerate().filter(is_missing).count();
    if missing > 0 && (name != "stratifier" || !reported.is_empty()) {
        judge.missing(place, format!("a {name} that the Measure defines is not reported: {missing} missing"));
    }
    found
}

fn populations(judge: &mut Judge<'_>, group: &Value, definition: &Value, report: &Value, place: &str) {
    let (reported, defined): (Vec<&Value>, Vec<&Value>) = (group.list("population").collect(), definition.list("population").collect());
    parts(judge, "population", &reported, &defined, place);
    for (index, population) in reported.iter().enumerate() {
        let Some(count) = population.get("count").and_then(Value::as_number).and_then(|count| count.parse::<usize>().ok()) else {
            continue;
        };
        let Some(subjects) = population.get("subjectResults").and_then(|list| contained(report, list)) else { continue };
        let listed = subjects.list("entry").count();
        if listed != count {
            let text = format!("the count is not that of the subjects, of which {listed} are listed: let them agree");
            judge.report(codes::MEASURE_REPORT, Severity::Error, &format!("{place}.population[{index}]"), text);
        }
    }
}

/// The contained List that a reference leads to.
fn contained<'a>(report: &'a Value, reference: &Value) -> Option<&'a Value> {
    let id = reference.text("reference")?.strip_prefix('#')?;
    report.list("contained").find(|resource| resource.text("id") == Some(id))
}
