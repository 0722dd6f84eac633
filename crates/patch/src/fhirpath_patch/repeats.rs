//! The repeats of an element, with what stands beside each in the member with an underscore.

use fhir::{Name, Object, Value};

/// One repeat.
#[derive(Clone, Debug)]
pub(super) struct Repeat {
    /// [`Value::Null`] for a primitive that has only extensions.
    pub(super) value: Value,
    /// [`Value::Null`] where nothing stands beside the value.
    pub(super) sibling: Value,
}

/// The repeats of an element that were taken out of their object.
pub(super) struct Repeats {
    pub(super) items: Vec<Repeat>,
    is_list: bool,
    /// Where they stood; `None` when there were none.
    place: Option<usize>,
}

impl Repeats {
    /// Takes the element `name` out of an object.
    pub(super) fn take(object: &mut Object, name: &str, is_list: bool) -> Self {
        let beside = format!("_{name}");
        let place = object.iter().position(|(known, _)| **known == *name || **known == *beside);
        let (values, siblings) = (object.remove(name), object.remove(&beside));
        let items = if is_list {
            let (mut values, mut siblings) = (list(values), list(siblings));
            let count = values.len().max(siblings.len());
            values.resize(count, Value::Null);
            siblings.resize(count, Value::Null);
            values.into_iter().zip(siblings).map(|(value, sibling)| Repeat { value, sibling }).collect()
        } else {
            let single = Repeat { value: values.unwrap_or(Value::Null), sibling: siblings.unwrap_or(Value::Null) };
            if single.is_nothing() { Vec::new() } else { vec![single] }
        };
        Self { items, is_list, place }
    }

    /// Puts what there is now back under `name`, where it stood or at the end.
    pub(super) fn put(self, object: &mut Object, name: &str) {
        let has = |part: fn(&Repeat) -> &Value| self.items.iter().any(|item| *part(item) != Value::Null);
        let (has_values, has_siblings) = (has(|item| &item.value), has(|item| &item.sibling));
        let (values, siblings): (Vec<Value>, Vec<Value>) = self.items.into_iter().map(|item| (item.value, item.sibling)).unzip();
        let value = |mut items: Vec<Value>| if self.is_list { Value::Array(items) } else { items.pop().unwrap_or(Value::Null) };
        let mut place = self.place.unwrap_or(object.len());
        if has_values {
            object.insert_at(place, Name::from(name.to_owned()), value(values));
            place += 1;
        }
        if has_siblings {
            object.insert_at(place, Name::from(format!("_{name}")), value(siblings));
        }
    }
}

impl Repeat {
    /// Whether it says nothing.
    pub(super) fn is_nothing(&self) -> bool {
        self.value == Value::Null && self.sibling == Value::Null
    }
}

fn list(member: Option<Value>) -> Vec<Value> {
    match member {
        Some(Value::Array(items)) => items,
        Some(single) => vec![single],
        None => Vec::new(),
    }
}
