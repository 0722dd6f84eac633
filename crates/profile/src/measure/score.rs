//! Scores: which there must and must not be, by how the Measure is scored (<http://hl7.org/fhir/R4/valueset-measure-scoring.html>).

use fhir::Value;

use super::Judge;

const SCORING: &str = "http://terminology.hl7.org/CodeSystem/measure-scoring";

pub(super) fn check(judge: &mut Judge<'_>, group: &Value, measure: &Value, place: &str) {
    let has_score = group.get("measureScore").is_some();
    let place_of_score = format!("{place}.measureScore");
    if judge.kind == "data-collection" {
        if has_score {
            judge.error(&place_of_score, "a report that only collects data has no score: leave it out");
        }
        return;
    }
    let codings = measure.get("scoring").into_iter().flat_map(|scoring| scoring.list("coding"));
    let known = codings.filter(|coding| coding.text("system") == Some(SCORING)).find_map(|coding| coding.text("code"));
    match known {
        // A cohort is only counted.
        Some("cohort") if has_score => judge.error(&place_of_score, "the Measure counts a cohort, which has no score: leave it out"),
        Some("proportion" | "ratio" | "continuous-variable") if !has_score => {
            judge.missing(place, "the Measure is scored by proportion, ratio or a variable: add the measureScore");
        }
        _ => {}
    }
}
