//! The value of an operation, as Parameters has it.

use fhir::definitions::{Type, TypeId, definitions};
use fhir::{Object, Value};

use crate::limits::levels;

/// A value: of a type, a resource, or put together from parts.
#[derive(Clone, Debug)]
pub(super) enum Given {
    /// `value[x]`, and what stands beside it when it is a primitive; [`Value::Null`] for what is not there.
    Typed { kind: TypeId, value: Value, sibling: Value },
    /// `resource`.
    Resource(Value),
    /// `part`: the elements of a type that has no name of its own, or of any other.
    Parts(Vec<(Box<str>, Given)>),
}

impl Given {
    /// Reads the value of a parameter; `None` when there is none, or when a part has no name.
    // The depth is bounded by that of the parser.
    pub(super) fn read(parameter: &Object) -> Option<Self> {
        if let Some(resource) = parameter.get("resource") {
            return Some(Given::Resource(resource.clone()));
        }
        if let Some((kind, value, sibling)) = typed(parameter) {
            return Some(Given::Typed { kind, value, sibling });
        }
        let part = |part: &Value| Some((part.text("name")?.into(), Given::read(part.as_object()?)?));
        let parts: Vec<_> = parameter.get("part")?.each().map(part).collect::<Option<_>>()?;
        Some(Given::Parts(parts))
    }

    /// How many arrays and objects are within each other in what becomes of it, at most.
    pub(super) fn levels(&self) -> usize {
        match self {
            Given::Typed { value, sibling, .. } => levels(value).max(levels(sibling)),
            Given::Resource(resource) => levels(resource),
            Given::Parts(parts) => 2 + parts.iter().map(|(_, part)| part.levels()).max().unwrap_or(0),
        }
    }
}

/// The `value[x]` of a parameter: its type, its value and what stands beside it.
pub(super) fn typed(parameter: &Object) -> Option<(TypeId, Value, Value)> {
    parameter.iter().find_map(|(name, value)| {
        let (stem, is_sibling) = name.strip_prefix('_').map_or((&**name, false), |stem| (stem, true));
        let (_, element_type) = parameter_type()?.member(stem).filter(|(element, _)| element.name == "value")?;
        let (value, sibling) = if is_sibling {
            (parameter.get(stem).unwrap_or(&Value::Null), value)
        } else {
            (value, parameter.sibling(stem).unwrap_or(&Value::Null))
        };
        Some((element_type.id, value.clone(), sibling.clone()))
    })
}

fn parameter_type() -> Option<&'static Type> {
    definitions().type_by_name("Parameters.parameter")
}
