//! Where an element of a differential stands: the steps of its id, or of its path and slice names when it has no id of use.

use fhir::{Object, Value};

use super::Error;

/// How deep elements may be nested in a definition.
const MAX_STEPS: usize = 64;

/// A step of the way to an element: `extension`, or `extension:race` for a slice.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step<'a> {
    pub(super) name: &'a str,
    pub(super) slice: Option<&'a str>,
}

/// The way to each element, in their order.
///
/// # Errors
/// [`Error::NoPath`] for an element without a path, [`Error::TooLarge`] for a way of more than 64 steps.
pub(super) fn ways<'a>(elements: &[&'a Object]) -> Result<Vec<Vec<Step<'a>>>, Error> {
    let mut ways: Vec<Vec<Step<'a>>> = Vec::with_capacity(elements.len());
    for element in elements {
        let Some(path) = text(element, "path") else { return Err(Error::NoPath) };
        let names: Vec<&str> = path.split('.').collect();
        if names.len() > MAX_STEPS {
            return Err(Error::TooLarge);
        }
        let way = by_id(element, &names).unwrap_or_else(|| by_order(element, &names, ways.last()));
        ways.push(way);
    }
    Ok(ways)
}

/// The steps that the id tells, when it has the same names as the path.
fn by_id<'a>(element: &'a Object, names: &[&'a str]) -> Option<Vec<Step<'a>>> {
    let steps: Vec<Step> = text(element, "id")?.split('.').map(step).collect();
    let is_same = steps.len() == names.len() && steps.iter().zip(names).all(|(step, name)| is_same_name(step.name, name));
    let named = text(element, "sliceName");
    (is_same && steps.last()?.slice == named).then_some(steps)
}

/// The steps of the path: those that it shares with the element before it are in the same slices.
fn by_order<'a>(element: &'a Object, names: &[&'a str], before: Option<&Vec<Step<'a>>>) -> Vec<Step<'a>> {
    let before = before.map_or(&[][..], Vec::as_slice);
    let mut steps: Vec<Step> = Vec::with_capacity(names.len());
    for (index, name) in names.iter().enumerate() {
        let shared = before.get(index).filter(|step| step.name == *name && index == steps.len() && before[..index] == steps[..]);
        steps.push(Step { name, slice: shared.and_then(|step| step.slice) });
    }
    if let Some(last) = steps.last_mut() {
        last.slice = text(element, "sliceName");
    }
    steps
}

/// The step that a part of an id is.
pub(super) fn step(part: &str) -> Step<'_> {
    match part.split_once(':') {
        Some((name, slice)) => Step { name, slice: Some(slice) },
        None => Step { name: part, slice: None },
    }
}

/// Whether two names are of one element: `value[x]` is named by `valueQuantity` too.
fn is_same_name(left: &str, right: &str) -> bool {
    let names = |choice: &str, name: &str| choice.strip_suffix("[x]").is_some_and(|stem| name.starts_with(stem));
    left == right || names(left, right) || names(right, left)
}

pub(super) fn text<'a>(element: &'a Object, name: &str) -> Option<&'a str> {
    element.get(name).and_then(Value::as_str)
}
