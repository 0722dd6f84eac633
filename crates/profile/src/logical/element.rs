//! The elements of an object: those that are there, those that are missing, and how many there are of each.

use fhir::check::Path;
use fhir::{IssueCode, Object, Value};

use super::Walk;
use crate::codes;
use crate::plan::extension;
use crate::snapshot::Tree;

/// Extensions of definitions that say how elements are written in JSON.
const PROPERTY_KEY: &str = "http://hl7.org/fhir/tools/StructureDefinition/json-property-key";
const JSON_NAME: &str = "http://hl7.org/fhir/tools/StructureDefinition/json-name";

impl Walk<'_> {
    /// An object of which `node` is the definition.
    pub(super) fn object(&mut self, node: &mut Tree, value: &Value, path: &Path) {
        let Some(object) = value.as_object() else { return self.form(path, "this must be an object, in { }") };
        if object.is_empty() {
            self.form(path, "an object is never empty: leave it out");
        }
        for (name, _) in object.iter().filter(|(name, _)| !(path.depth() == 0 && **name == *"resourceType")) {
            let stem = name.strip_prefix('_').unwrap_or(name);
            if !node.children.iter().any(|child| is_named(child, stem)) {
                let text = "the model has no element of this name: leave it out";
                self.error(codes::LOGICAL_ELEMENT, IssueCode::Structure, &path.child(name), text);
            }
        }
        for child in &mut node.children {
            let found = object.iter().find(|(name, _)| is_named(child, name)).map(|(_, value)| value);
            self.child(child, found, path);
        }
        self.invariants(&node.definition, value, path);
    }

    /// The element `child` of an object, or its absence.
    fn child(&mut self, child: &mut Tree, found: Option<&Value>, path: &Path) {
        let name = child.name.clone();
        let path = path.child(name.strip_suffix("[x]").unwrap_or(&name));
        if let (Some(key), Some(found)) = (property_key(&child.definition), found) {
            return self.keyed(child, &key, found, &path);
        }
        let is_list = child.definition.get("max").and_then(Value::as_str).is_some_and(|max| max != "0" && max != "1");
        let items: Vec<&Value> = match found {
            Some(Value::Array(items)) if is_list => items.iter().collect(),
            Some(Value::Array(_)) => return self.form(&path, "this element does not repeat: leave out the array around it"),
            Some(_) if is_list => return self.form(&path, "this element may repeat: write it as an array, in [ ]"),
            found => found.into_iter().collect(),
        };
        self.count(&child.definition, items.len(), &path);
        for (index, item) in items.into_iter().enumerate() {
            self.value(child, item, &if is_list { path.at(index) } else { path });
        }
    }

    /// Items that are written as members of an object: the name of each is one of its elements, `key`, and what is left is its value.
    fn keyed(&mut self, child: &mut Tree, key: &str, found: &Value, path: &Path) {
        let Some(members) = found.as_object() else { return self.form(path, "this must be an object with a member for each item") };
        self.count(&child.definition, members.len(), path);
        for (index, (name, value)) in members.iter().enumerate() {
            let mut item = Object::from_iter([(key.to_owned(), Value::from(&**name))]);
            match value {
                // An item with elements of its own has them right here.
                Value::Object(object) => object.iter().for_each(|(name, value)| item.push(name.clone(), value.clone())),
                other => item.push("value", other.clone()),
            }
            self.value(child, &Value::from(item), &path.at(index));
        }
    }

    fn count(&mut self, definition: &Object, count: usize, path: &Path) {
        let number = |name: &str| -> Option<usize> {
            let value = definition.get(name)?;
            value.as_number().or(value.as_str())?.parse().ok()
        };
        if let Some(min) = number("min").filter(|min| count < *min) {
            let text = format!("there must be {min} of this element at least, and there is {count}: add what is missing");
            self.error(codes::TOO_FEW, IssueCode::Required, path, text);
        }
        if let Some(max) = number("max").filter(|max| count > *max) {
            let text = format!("there may be {max} of this element at most, and there are {count}: leave some out");
            self.error(codes::TOO_MANY, IssueCode::Structure, path, text);
        }
    }

    /// One item of an element.
    fn value(&mut self, node: &mut Tree, value: &Value, path: &Path) {
        if !self.goes_on(path) {
            return;
        }
        let is_of_model = node.children.is_empty() && !super::value::is_of_fhir(&node.definition);
        if is_of_model && let Err(error) = self.generator.unfold(node, &self.base) {
            return self.issues.push(error.issue());
        }
        self.exact(&node.definition, value, path);
        self.bound(&node.definition, value, path);
        match node.children.is_empty() {
            true => self.typed(&node.definition, value, path),
            false => self.object(node, value, path),
        }
    }

    fn form(&mut self, path: &Path, text: &str) {
        self.error(codes::LOGICAL_FORM, IssueCode::Structure, path, text);
    }
}

/// Whether a member of an object is the element: by its name in JSON, or of a choice with its type.
fn is_named(child: &Tree, name: &str) -> bool {
    let stated = extension(&child.definition, JSON_NAME).and_then(Value::as_str);
    match (stated, child.name.strip_suffix("[x]")) {
        (Some(stated), _) => stated == name,
        (None, Some(stem)) => name.strip_prefix(stem).is_some_and(|kind| kind.starts_with(|first: char| first.is_ascii_uppercase())),
        (None, None) => *child.name == *name,
    }
}

fn property_key(definition: &Object) -> Option<String> {
    extension(definition, PROPERTY_KEY)?.as_str().map(str::to_owned)
}
