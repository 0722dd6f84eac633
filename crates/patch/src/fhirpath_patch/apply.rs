//! What each operation selects, and that it is what the operation works on.

use fhir::{Issue, Value};
use fhirpath::{Context, Expression, Item, Limits};

use super::change::{Selected, change};
use super::place::{self, Place};
use super::{Action, Step};
use crate::codes;
use crate::prune::prune;
use crate::refusal::Operation;

/// What all paths of one patch may take together, in steps of evaluation; a patch with many operations has the least for each.
const MAX_STEPS: u64 = 20_000_000;
const LEAST_STEPS: u64 = 100_000;

pub(super) fn apply(steps: &[Step], resource: &mut Value) -> Result<(), Issue> {
    let limits = Limits { steps: (MAX_STEPS / steps.len().max(1) as u64).max(LEAST_STEPS), ..Limits::default() };
    for Step { operation, path, action } in steps {
        let Some(selected) = select(operation, path, action, resource, limits)? else { continue };
        change(&selected, action, resource).map_err(|(number, remedy)| operation.refuse(number, remedy))?;
        if matches!(action, Action::Delete) {
            prune(resource);
        }
    }
    Ok(())
}

/// What the operation works on; `None` when there is nothing to be done.
fn select(operation: &Operation, path: &Expression, action: &Action, resource: &Value, limits: Limits) -> Result<Option<Selected>, Issue> {
    let found = evaluate(operation, path, resource, limits)?;
    let Some(first) = found.first() else {
        if let Action::Insert { empty: Some(empty), .. } = action
            && let [holder] = evaluate(operation, &empty.holder, resource, limits)?[..]
        {
            let holder = at(operation, resource, holder)?;
            return Ok(Some(Selected::EmptyList(Box::new(holder), empty.name.clone())));
        }
        return nothing(operation, path, action, resource);
    };
    let first = at(operation, resource, first)?;
    let is_list_operation = matches!(action, Action::Insert { .. } | Action::Move { .. });
    match first {
        Selected::Element(place) if is_list_operation => items(operation, resource, place, &found).map(Some),
        Selected::Root if is_list_operation => Err(operation.refuse(codes::IMPOSSIBLE, "the path must select the items of a list")),
        _ if found.len() > 1 => {
            let remedy = format!("{} elements are there, and it works on one: choose it, as with [0] or where()", found.len());
            Err(operation.refuse(codes::SEVERAL_THERE, remedy))
        }
        single => Ok(Some(single)),
    }
}

/// The values that a path finds, or what stands beside them.
fn evaluate<'v>(operation: &Operation, path: &Expression, resource: &'v Value, limits: Limits) -> Result<Vec<&'v Value>, Issue> {
    let context = Context::new(resource).with_limits(limits);
    let found = path.evaluate(&context, &Item::resource(resource));
    let found = found.map_err(|error| operation.refuse(codes::NO_ELEMENT, error.to_string()))?;
    let value = |item: &Item<'v>| match item {
        Item::Node(node) => node.value().or(node.sibling()),
        Item::System(_) => None,
    };
    let values: Option<Vec<_>> = found.iter().map(value).collect();
    values.ok_or_else(|| not_own(operation))
}

fn not_own(operation: &Operation) -> Issue {
    operation.refuse(codes::NO_ELEMENT, "the path must give elements of the resource itself, not values that it computes")
}

fn at(operation: &Operation, resource: &Value, value: &Value) -> Result<Selected, Issue> {
    if std::ptr::eq(resource, value) {
        return Ok(Selected::Root);
    }
    place::find(resource, value).map(Selected::Element).ok_or_else(|| not_own(operation))
}

/// The places of what an insert or a move selects, all in one list.
fn items(operation: &Operation, resource: &Value, place: Place, found: &[&Value]) -> Result<Selected, Issue> {
    if place.index.is_none() {
        return Err(operation.refuse(codes::IMPOSSIBLE, "the element cannot repeat: use replace"));
    }
    let known = place::items(resource, &place);
    let indices: Option<Vec<usize>> = found.iter().map(|value| known.get(&std::ptr::from_ref(*value)).copied()).collect();
    let in_order = indices.filter(|indices| indices.is_sorted_by(|before, after| before < after));
    match in_order {
        Some(indices) => Ok(Selected::Items(place, indices)),
        None => {
            Err(operation.refuse(codes::SEVERAL_THERE, "the path selects items of more than one list, or not in order: choose one list"))
        }
    }
}

/// Nothing was selected, which is no error for a delete unless the path names what cannot be.
fn nothing(operation: &Operation, path: &Expression, action: &Action, resource: &Value) -> Result<Option<Selected>, Issue> {
    if let Err(error) = path.check(resource.resource_type().unwrap_or_default()) {
        return Err(operation.refuse(codes::NOTHING_THERE, error.to_string()));
    }
    match action {
        Action::Delete => Ok(None),
        _ => Err(operation.refuse(codes::NOTHING_THERE, "nothing is there: check the path against the current version of the resource")),
    }
}
