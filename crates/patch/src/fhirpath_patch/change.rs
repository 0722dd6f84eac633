//! What an operation does to what it has selected.

use fhir::definitions::{Type, definitions};
use fhir::{Object, Value};

use super::Action;
use super::given::Given;
use super::make::{self, Refused, add, make};
use super::place::{Place, object_at, type_of};
use super::repeats::Repeats;
use crate::codes;
use crate::limits::MAX_DEPTH;

/// What an operation works on.
#[derive(Debug)]
pub(super) enum Selected {
    /// The resource itself.
    Root,
    /// An element.
    Element(Place),
    /// Items of the list in which the place is, in ascending order.
    Items(Place, Vec<usize>),
    /// A list without items: what has it, and its name there.
    EmptyList(Box<Selected>, Box<str>),
}

/// Does the operation. The errors say what is wrong with it; then the resource may have lost what was selected.
pub(super) fn change(selected: &Selected, action: &Action, resource: &mut Value) -> Result<(), Refused> {
    match (action, selected) {
        (Action::Add { name, value }, holder) => add_to(holder, name, value, resource),
        (Action::Delete, Selected::Element(place)) => edit(place, resource, |repeats, index| {
            if index < repeats.items.len() {
                repeats.items.remove(index);
            }
            Ok(())
        }),
        (Action::Replace(value), Selected::Element(place)) => replace(place, value, resource),
        (Action::Insert { index, value, .. }, Selected::Items(place, items)) => insert(place, items, *index, value, resource),
        (Action::Insert { index: 0, value, .. }, Selected::EmptyList(holder, name)) => add_to(holder, name, value, resource),
        (Action::Insert { .. }, Selected::EmptyList(..)) => Err(out_of_bounds(0, "0")),
        (Action::Move { source, destination }, Selected::Items(place, items)) => reorder(place, items, (*source, *destination), resource),
        _ => Err((codes::IMPOSSIBLE, "the resource itself cannot be deleted or replaced: use DELETE or PUT".to_owned())),
    }
}

fn out_of_bounds(count: usize, last: &str) -> Refused {
    (codes::OUT_OF_BOUNDS, format!("the path selects {count} items: the index can be 0 to {last}"))
}

fn lost() -> Refused {
    (codes::NOTHING_THERE, "nothing is there".to_owned())
}

/// Adds an element to what is selected; a primitive has its children beside its value.
fn add_to(holder: &Selected, name: &str, given: &Given, resource: &mut Value) -> Result<(), Refused> {
    match holder {
        Selected::Root => {
            let kind = type_of(resource, None).ok_or_else(lost)?;
            let before = resource.as_object_mut().ok_or_else(lost)?;
            add(before, kind, name, given)
        }
        Selected::Element(place) => {
            let declared = declared(place)?;
            fits(place, given)?;
            edit(place, resource, |repeats, index| {
                let repeat = repeats.items.get_mut(index).ok_or_else(lost)?;
                let target = if declared.primitive.is_some() { &mut repeat.sibling } else { &mut repeat.value };
                let kind = type_of(target, Some(declared)).ok_or_else(lost)?;
                if *target == Value::Null {
                    *target = Object::new().into();
                }
                add(target.as_object_mut().ok_or_else(lost)?, kind, name, given)
            })
        }
        Selected::Items(..) | Selected::EmptyList(..) => Err(lost()),
    }
}

fn replace(place: &Place, given: &Given, resource: &mut Value) -> Result<(), Refused> {
    let (known, _) = place.holder.member(&place.member).ok_or_else(lost)?;
    let (element, element_type) = make::element(place.holder, known.name, given)?;
    let made = make(element_type, given)?;
    fits(place, given)?;
    let object = object_at(resource, &place.way).ok_or_else(lost)?;
    // A choice may become one of another type, and then has another name in the same place.
    let mut repeats = Repeats::take(object, &place.member, element.is_list());
    *repeats.items.get_mut(place.index.unwrap_or(0)).ok_or_else(lost)? = made;
    repeats.put(object, element_type.member);
    Ok(())
}

fn insert(place: &Place, items: &[usize], index: usize, given: &Given, resource: &mut Value) -> Result<(), Refused> {
    let at = match (items.get(index), items.last()) {
        (Some(at), _) => *at,
        (None, Some(last)) if index == items.len() => last + 1,
        _ => return Err(out_of_bounds(items.len(), &items.len().to_string())),
    };
    let (_, element_type) = place.holder.member(&place.member).ok_or_else(lost)?;
    let made = make(element_type, given)?;
    fits(place, given)?;
    edit(place, resource, |repeats, _| {
        repeats.items.insert(at.min(repeats.items.len()), made);
        Ok(())
    })
}

/// Moves one of the items among the places that the items have.
fn reorder(place: &Place, items: &[usize], (source, destination): (usize, usize), resource: &mut Value) -> Result<(), Refused> {
    let bounds = || out_of_bounds(items.len(), &items.len().saturating_sub(1).to_string());
    if source >= items.len() || destination >= items.len() {
        return Err(bounds());
    }
    edit(place, resource, |repeats, _| {
        let path: Vec<usize> = if source <= destination { (source..destination).collect() } else { (destination..source).rev().collect() };
        for step in path {
            repeats.items.swap(items[step], items[step + 1]);
        }
        Ok(())
    })
}

/// Changes the repeats of the element at a place, given its own index among them.
fn edit(place: &Place, resource: &mut Value, change: impl FnOnce(&mut Repeats, usize) -> Result<(), Refused>) -> Result<(), Refused> {
    let object = object_at(resource, &place.way).ok_or_else(lost)?;
    let mut repeats = Repeats::take(object, &place.member, place.index.is_some());
    change(&mut repeats, place.index.unwrap_or(0))?;
    repeats.put(object, &place.member);
    Ok(())
}

/// The type that the definitions give the element at a place.
fn declared(place: &Place) -> Result<&'static Type, Refused> {
    let (_, element_type) = place.holder.member(&place.member).ok_or_else(lost)?;
    Ok(definitions().get(element_type.id))
}

/// Whether a value does not go too deep where it is put: in a list of the element, or of one inside of it.
fn fits(place: &Place, given: &Given) -> Result<(), Refused> {
    if place.way.len() + 4 + given.levels() <= MAX_DEPTH {
        return Ok(());
    }
    Err((codes::LIMIT, format!("the resource would be nested deeper than {MAX_DEPTH} levels")))
}
