//! The references in a resource, wherever they stand.

use crate::Value;

/// Replaces the references (members named `reference`) for which `replace` has another text. The depth is bounded by that of the parser.
pub fn rewrite(value: &mut Value, replace: &mut dyn FnMut(&str) -> Option<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                match value {
                    Value::String(text) if *name == *"reference" => {
                        if let Some(other) = replace(text) {
                            *text = other.into();
                        }
                    }
                    other => rewrite(other, replace),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, replace)),
        _ => {}
    }
}
