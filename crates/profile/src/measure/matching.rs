//! Which part of a Measure a part of a report is about: the one with the same code.

use fhir::Value;

/// The parts of a Measure for each part of a report: its place among `defined`, or `None`.
///
/// Where there is one of each and not both have a code they belong together.
pub(super) fn pairs(reported: &[&Value], defined: &[&Value]) -> Vec<Option<usize>> {
    if let ([one], [other]) = (reported, defined)
        && (codes(one).is_empty() || codes(other).is_empty())
    {
        return vec![Some(0)];
    }
    let of = |part: &&Value| defined.iter().position(|other| is_same(&codes(part), &codes(other)));
    reported.iter().map(of).collect()
}

/// What tells a part from others: its code, or of a stratifier the codes of its components, which a report has in its strata.
fn codes(part: &Value) -> Vec<&Value> {
    let own: Vec<&Value> = part.list("code").collect();
    if !own.is_empty() {
        return own;
    }
    let first_stratum = part.list("stratum").next().unwrap_or(part);
    first_stratum.list("component").filter_map(|component| component.get("code")).collect()
}

fn is_same(left: &[&Value], right: &[&Value]) -> bool {
    // Parts without a code are not told apart by one.
    left.len() == right.len() && !left.is_empty() && left.iter().all(|concept| right.iter().any(|other| is_same_concept(concept, other)))
}

/// Whether two concepts have a coding in common, or, without codings, the same text.
fn is_same_concept(left: &Value, right: &Value) -> bool {
    let has_codings = left.get("coding").is_some() && right.get("coding").is_some();
    if !has_codings {
        return left.text("text").is_some() && left.text("text") == right.text("text");
    }
    let same = |one: &Value, other: &Value| one.text("code") == other.text("code") && one.text("system") == other.text("system");
    left.list("coding").any(|one| right.list("coding").any(|other| same(one, other)))
}
