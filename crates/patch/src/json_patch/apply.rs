//! The operations of RFC 6902, section 4.

use fhir::{Issue, Name, Value};

use super::equal::equal;
use super::pointer::{self, Pointer};
use super::{Action, Step};
use crate::codes;
use crate::limits::Room;
use crate::refusal::Operation;

pub(super) fn apply(steps: &[Step], document: &mut Value) -> Result<(), Issue> {
    let mut room = Room::new();
    for Step { operation, at, action } in steps {
        match action {
            Action::Add(value) => put(operation, document, at, value.clone(), &mut room)?,
            Action::Remove => drop(take(operation, document, at)?),
            Action::Replace(value) => {
                measured(operation, value, at, &mut room)?;
                match at.get_mut(document) {
                    Some(place) => *place = value.clone(),
                    None => return Err(nothing(operation, document, at)),
                }
            }
            Action::Move(from) => {
                if from.holds(at) {
                    return Err(operation.refuse(codes::IMPOSSIBLE, "an element cannot be moved into itself: choose another path"));
                }
                // What stays where it is need not be taken out; it must be there all the same.
                if from.get(document).is_none() {
                    return Err(nothing(operation, document, from));
                }
                if from != at {
                    let value = take(operation, document, from)?;
                    put(operation, document, at, value, &mut room)?;
                }
            }
            Action::Copy(from) => {
                let value = from.get(document).ok_or_else(|| nothing(operation, document, from))?;
                measured(operation, value, at, &mut room)?;
                let value = value.clone();
                put(operation, document, at, value, &mut room)?;
            }
            Action::Test(expected) => {
                let found = at.get(document).ok_or_else(|| nothing(operation, document, at))?;
                if !equal(found, expected) {
                    let remedy = "the value is another than the test expects: read the resource again, and redo the change";
                    return Err(operation.refuse(codes::TEST_FAILED, remedy));
                }
            }
        }
    }
    Ok(())
}

/// Puts a value at a place: a member is set, an item goes before the one that is there.
fn put(operation: &Operation, document: &mut Value, at: &Pointer, value: Value, room: &mut Room) -> Result<(), Issue> {
    measured(operation, &value, at, room)?;
    let Some((parent, last)) = at.parent() else {
        *document = value;
        return Ok(());
    };
    match pointer::get_mut(document, parent) {
        Some(Value::Object(members)) => {
            members.set(Name::from(last.to_owned()), value);
            Ok(())
        }
        Some(Value::Array(items)) => {
            let index = if last == "-" { Some(items.len()) } else { pointer::index(last) };
            match index.filter(|index| *index <= items.len()) {
                Some(index) => items.insert(index, value),
                None => {
                    let remedy = format!("the array has {} items: its places are 0 to {0}, and - for its end", items.len());
                    return Err(operation.refuse(codes::OUT_OF_BOUNDS, remedy));
                }
            }
            Ok(())
        }
        Some(_) => Err(operation.refuse(codes::NOTHING_THERE, "a value that is neither object nor array has nothing inside")),
        None => Err(operation.refuse(codes::NOTHING_THERE, "what is around it does not exist: add that first, or with all that is in it")),
    }
}

/// Takes out what stands at a place.
fn take(operation: &Operation, document: &mut Value, at: &Pointer) -> Result<Value, Issue> {
    let Some((parent, last)) = at.parent() else {
        return Err(operation.refuse(codes::IMPOSSIBLE, "the whole resource cannot be taken out: use DELETE"));
    };
    let taken = match pointer::get_mut(document, parent) {
        Some(Value::Object(members)) => members.remove(last),
        Some(Value::Array(items)) => pointer::index(last).filter(|index| *index < items.len()).map(|index| items.remove(index)),
        _ => None,
    };
    taken.ok_or_else(|| nothing(operation, document, at))
}

fn measured(operation: &Operation, value: &Value, at: &Pointer, room: &mut Room) -> Result<(), Issue> {
    room.take(value, at.depth()).map_err(|what| operation.refuse(codes::LIMIT, what))
}

/// Nothing is at a place: an index outside of its array is told apart from a member that is not there.
fn nothing(operation: &Operation, document: &Value, at: &Pointer) -> Issue {
    if let Some((parent, _)) = at.parent()
        && let Some(Value::Array(items)) = pointer::get(document, parent)
    {
        let remedy = format!("the array has {} items, which are counted from 0 and named by plain digits", items.len());
        return operation.refuse(codes::OUT_OF_BOUNDS, remedy);
    }
    operation.refuse(codes::NOTHING_THERE, "nothing is there: check the path against the current version of the resource")
}
