//! Whether a rule can be what it says: its parts go together, and what it names exists.

use fhir::definitions::{ResourceType, TypeKind, definitions};
use fhir::{Issue, IssueCode, nearest};
use search::Registry;

use super::members::{shown, wrong};
use super::placeholder::{Values, unknown};
use super::{Effect, Placeholder, Rule};
use crate::label::Clearance;
use crate::{codes, relation};

/// Adds what is wrong with a rule.
pub(super) fn rule(rule: &Rule, path: &str, registry: &Registry, issues: &mut Vec<Issue>) {
    parts(rule, path, issues);
    if rule.effect == Effect::Deny {
        denial(rule, path, issues);
    }
    criteria_of(&rule.criteria, &rule.kinds, &format!("{path}.criteria"), registry, issues);
    let patient: Vec<ResourceType> = ResourceType::parse("Patient").into_iter().collect();
    criteria_of(&rule.patients, &patient, &format!("{path}.patients"), registry, issues);
    owners(rule, path, issues);
    for (member, elements) in [("hidden", &rule.hidden), ("readOnly", &rule.read_only), ("own", &rule.own)] {
        for (index, (kind, element)) in elements.iter().enumerate() {
            let place = format!("{path}.{member}[{index}]");
            if !rule.kinds.contains(kind) {
                issues.push(wrong(&place, format!("{} is not among the types of the rule: add it there", kind.name())));
            }
            issues.extend(self::element(*kind, element, member == "hidden").err().map(|rule| bad_element(&place, rule)));
        }
    }
}

/// What a rule needs to mean anything.
fn parts(rule: &Rule, path: &str, issues: &mut Vec<Issue>) {
    let names_acts = !rule.acts.is_empty();
    if names_acts && rule.kinds.is_empty() {
        issues.push(wrong(&format!("{path}.types"), "it is missing: say with which types the acts may be done"));
    }
    if !rule.kinds.is_empty() && !names_acts && !rule.denies_elements_only() {
        issues.push(wrong(&format!("{path}.acts"), "it is missing: say what may be done with the types, such as `read` and `search`"));
    }
    let administers = !rule.administration.is_empty() || !rule.assigns.is_empty();
    if rule.kinds.is_empty() && rule.operations.is_empty() && !names_acts && !administers {
        issues.push(wrong(path, "the rule is about nothing: it needs `types` with `acts`, or `operations`, or `administration`"));
    }
    for (member, _) in
        [("administration", !rule.administration.is_empty()), ("assigns", !rule.assigns.is_empty())].iter().filter(|(_, there)| *there)
    {
        if rule.limits_resources() || rule.break_glass {
            issues.push(wrong(
                &format!("{path}.{member}"),
                "accounts and roles are administered or not, whatever resources are like: make a rule of its own of it, without criteria and `breakGlass`",
            ));
        }
    }
    if !rule.operations.is_empty() && rule.limits_resources() {
        issues.push(wrong(
            &format!("{path}.operations"),
            "an operation is allowed or not, whatever resources are like: make a rule of its own of it, without criteria",
        ));
    }
}

/// What makes a denial smaller than it seems.
fn denial(rule: &Rule, path: &str, issues: &mut Vec<Issue>) {
    let only_allow =
        [("secondFactor", rule.second_factor), ("breakGlass", rule.break_glass), ("clearance", rule.clearance != Clearance::Normal)];
    for (member, _) in only_allow.into_iter().filter(|(_, there)| *there) {
        issues.push(wrong(&format!("{path}.{member}"), "only a rule that allows has it: a denial holds for everybody whom it is about"));
    }
    let names_elements = !rule.hidden.is_empty() || !rule.read_only.is_empty() || !rule.own.is_empty();
    if names_elements && !rule.acts.is_empty() {
        issues.push(wrong(path, "a rule that denies is either about acts or about elements: make two of it"));
    }
    if rule.denies_elements_only() && rule.limits_resources() {
        issues.push(wrong(
            path,
            "elements are denied for all resources of a type: leave `criteria`, `patients`, `compartment` and `relations` out",
        ));
    }
}

/// Whether criteria are a search of each of the types.
fn criteria_of(criteria: &[(String, String)], kinds: &[ResourceType], path: &str, registry: &Registry, issues: &mut Vec<Issue>) {
    if criteria.is_empty() {
        return;
    }
    let issue = |rule: String| Issue::error(codes::BAD_CRITERIA, IssueCode::Value, path, rule);
    for (_, value) in criteria {
        if let Some((name, near)) = unknown(value) {
            let meant = near.map_or_else(
                || format!("known are {}", Placeholder::ALL.map(Placeholder::text).join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            issues.push(issue(format!("`{}` is no placeholder: {meant}", shown(name))));
            return;
        }
    }
    let Some(filled) = Values::sample().fill(criteria) else { return };
    for kind in kinds {
        if let Err(problems) = crate::criteria::filter(registry, *kind, &filled, 0) {
            issues.extend(problems.into_iter().map(|problem| issue(format!("as a search of {}: {}", kind.name(), problem.diagnostics))));
            return;
        }
    }
}

/// A compartment and a relation must say something of each type.
fn owners(rule: &Rule, path: &str, issues: &mut Vec<Issue>) {
    let owner = match rule.compartment {
        Some(Placeholder::Patient) => Some("Patient"),
        Some(Placeholder::Practitioner) => Some("Practitioner"),
        Some(Placeholder::Encounter) => Some("Encounter"),
        _ => None,
    };
    if let Some(owner) = owner.and_then(ResourceType::parse) {
        let members: Vec<ResourceType> = search::compartment::members(owner).collect();
        if let Some(kind) = rule.kinds.iter().find(|kind| !members.contains(kind)) {
            let rule = format!("{} is in no compartment of a {}: make a rule of its own for it", kind.name(), owner.name());
            issues.push(wrong(&format!("{path}.compartment"), rule));
        }
    }
    for (member, _) in
        [("relations", !rule.relations.is_empty()), ("patients", !rule.patients.is_empty())].iter().filter(|(_, there)| *there)
    {
        if let Some(kind) = rule.kinds.iter().find(|kind| !relation::concerns(**kind)) {
            let rule = format!("{} is not about a patient: make a rule of its own for it", kind.name());
            issues.push(wrong(&format!("{path}.{member}"), rule));
        }
    }
}

/// Whether an element exists, and can be hidden.
fn element(kind: ResourceType, path: &str, hides: bool) -> Result<(), String> {
    let tables = definitions();
    let mut of = tables.resource(kind);
    let last = path.split('.').count() - 1;
    for (depth, name) in path.split('.').enumerate() {
        let Some(element) = of.element(name) else {
            let near = nearest(name, of.elements.iter().map(|element| element.name));
            let meant = near.map_or_else(String::new, |near| format!(": did you mean `{near}`?"));
            return Err(format!("{} has no element `{}`{meant}", of.name, shown(name)));
        };
        if depth == 0 && ["id", "meta", "implicitRules"].contains(&name) {
            return Err(format!("`{name}` is what the server works with: it can neither be hidden nor be kept from being written"));
        }
        if hides && element.min > 0 && depth == last {
            return Err(format!("every {} must have `{name}`: without it what goes out would be none", of.name));
        }
        let single = match element.types.as_slice() {
            [single] => Some(tables.get(single.id)),
            _ => None,
        };
        match single {
            Some(next) if next.kind != TypeKind::Primitive => of = next,
            _ if depth == last => return Ok(()),
            _ => return Err(format!("`{name}` of {} has no elements that could be named: name it alone", of.name)),
        }
    }
    Ok(())
}

fn bad_element(path: &str, rule: String) -> Issue {
    Issue::error(codes::BAD_ELEMENT, IssueCode::Value, path, rule)
}
