//! An object of the answer while it is made. By flattening a field may get values from many places.

use std::collections::HashMap;

use fhir::definitions::TypeId;
use fhir::{Name, Object, Value};

/// How the values of a field are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// As one value, or as a list when there are several.
    Single,
    /// As a list, however many.
    List,
    /// As one value: several are an error.
    Singleton,
}

/// The fields of an object, in the order in which they came.
#[derive(Default)]
pub(super) struct Out {
    slots: Vec<Slot>,
    places: HashMap<String, usize>,
}

/// A field and its values.
pub(super) struct Slot {
    name: String,
    pub(super) shape: Shape,
    pub(super) values: Vec<Value>,
    /// The type of its values, as far as it is known.
    pub(super) type_id: Option<TypeId>,
    /// What stands there without values; nothing for `None`.
    pub(super) empty: Option<Value>,
}

impl Out {
    /// The field of this name.
    pub(super) fn slot(&mut self, name: &str, shape: Shape) -> &mut Slot {
        let place = match self.places.get(name) {
            Some(place) => *place,
            None => {
                self.places.insert(name.to_owned(), self.slots.len());
                self.slots.push(Slot { name: name.to_owned(), shape, values: Vec::new(), type_id: None, empty: None });
                self.slots.len() - 1
            }
        };
        &mut self.slots[place]
    }

    /// The object.
    pub(super) fn finish(self) -> Value {
        let mut object = Object::with_capacity(self.slots.len());
        for slot in self.slots {
            let Slot { name, shape, mut values, empty, .. } = slot;
            let value = match (shape, values.len()) {
                (_, 0) => empty,
                (Shape::Single | Shape::Singleton, 1) => values.pop(),
                _ => Some(Value::Array(values)),
            };
            if let Some(value) = value {
                object.push(Name::from(name), value);
            }
        }
        object.into()
    }
}
