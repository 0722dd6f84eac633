//! What the definitions of elements say of a parameter: which types its references lead to, and how its codes are compared.
//!
//! Only expressions that name an element, `Patient.gender`, can be looked up. Of others nothing more is known than the parameter's definition says.

use fhir::definitions::{Element, ResourceType, definitions};

/// The element that a branch of an expression names: names of elements with a dot between.
fn named(branch: &str) -> Option<&'static Element> {
    let definitions = definitions();
    // Of several values, `[0]` is the first; it has their type.
    let mut names = branch.split('.').map(|name| name.trim_end_matches("[0]"));
    let mut of = definitions.type_by_name(names.next()?)?;
    let mut element = of.element(names.next()?)?;
    for name in names {
        let [only] = element.types.as_slice() else { return None };
        of = definitions.get(only.id);
        element = of.element(name)?;
    }
    Some(element)
}

/// The names of the types that an element may have.
fn types(element: &Element) -> impl Iterator<Item = &'static str> {
    element.types.iter().map(|kind| definitions().get(kind.id).name)
}

/// The names of the types of all the elements that branches name, those that a cast picks; `None` when one of them cannot be told.
pub(super) fn of(branches: &[&str]) -> Option<Vec<&'static str>> {
    let mut names = Vec::new();
    for branch in branches {
        let branch = branch.trim_start_matches('(').trim_end_matches(')');
        // The answer to a question, as `Patient.deceased.exists() and …` is one.
        if branch.contains(".exists()") {
            names.push("boolean");
            continue;
        }
        let cast = branch.split_once(" as ").or_else(|| branch.split_once(".as("));
        match cast {
            Some((_, name)) => names.push(definitions().type_by_name(name)?.name),
            None => names.extend(types(named(branch.split_once(".where(").map_or(branch, |(path, _)| path))?)),
        }
    }
    Some(names).filter(|names| !names.is_empty())
}

/// Whether FHIR says of all the elements that their values mind case: `code`, `id`, `boolean`, `uri` and what specializes these.
pub(super) fn minds_case(branches: &[&str]) -> bool {
    const EXACT: [&str; 8] = ["code", "id", "boolean", "uri", "url", "canonical", "oid", "uuid"];
    !branches.is_empty()
        && branches.iter().all(|branch| named(branch).is_some_and(|element| types(element).all(|name| EXACT.contains(&name))))
}

/// The systems whose codes an element of type `code` may have, each with its codes: its value set is required, so a code tells its system.
pub(super) fn implied_systems(branches: &[&str]) -> &'static [(&'static str, Vec<&'static str>)] {
    let [branch] = branches else { return &[] };
    let systems = || {
        let element = named(branch).filter(|element| types(element).eq(["code"]))?;
        Some(definitions().required_codes(element.binding.as_ref()?)?.systems.as_slice())
    };
    systems().unwrap_or_default()
}

/// The types that a branch's references lead to; `None` when it says nothing of them.
pub(super) fn targets(branch: &str) -> Option<Vec<ResourceType>> {
    if let Some((_, test)) = branch.split_once(".where(resolve() is ") {
        return Some(vec![ResourceType::parse(test.strip_suffix(')')?)?]);
    }
    let element = named(branch)?;
    if element.types.iter().any(|kind| kind.targets.is_empty() || kind.targets.contains(&"Resource")) {
        return None;
    }
    Some(element.types.iter().flat_map(|kind| kind.targets.iter().copied()).filter_map(ResourceType::parse).collect())
}
