//! A resource, alone or inside another.

use super::contained::Container;
use super::path::Path;
use super::suggest::did_you_mean;
use super::{Allowances, Checker, Scope};
use crate::codes;
use crate::definitions::{ResourceType, Type};
use crate::outcome::IssueCode;
use crate::value::{Object, Value};

impl Checker {
    /// The resource that the walk begins with.
    pub(super) fn outermost(&mut self, value: &Value, allowances: Allowances) {
        let unknown = Path::root("Resource");
        let Some(object) = value.as_object() else {
            return self.structure(
                codes::RESOURCE_TYPE_MISSING,
                &unknown,
                format!("a resource is a JSON object, and this is {}", value.kind()),
            );
        };
        if let Some(kind) = self.resource_type(object, &unknown) {
            let Allowances { conditional_references } = allowances;
            let (container, root) = (Container::new(object), Path::root(kind.name));
            self.contained_ids(&container, &root);
            self.resource(object, kind, &root, Scope { container: &container, conditional_references });
        }
    }

    /// A resource in an element of another: in a Bundle's entry, a Parameters' parameter, or `contained`.
    pub(super) fn nested_resource(&mut self, object: &Object, path: &Path, scope: Scope, is_contained: bool) {
        let Some(kind) = self.resource_type(object, path) else { return };
        if is_contained {
            self.contained_resource(object, path);
            return self.resource(object, kind, path, scope);
        }
        let container = Container::new(object);
        self.contained_ids(&container, path);
        self.resource(object, kind, path, Scope { container: &container, ..scope });
    }

    fn resource(&mut self, object: &Object, kind: &'static Type, path: &Path, scope: Scope) {
        let bundle = if kind.name == "Bundle" { object.get("type").and_then(Value::as_str) } else { None };
        let conditional_references = scope.conditional_references || matches!(bundle, Some("transaction" | "batch"));
        self.members(object, kind, path, Scope { conditional_references, ..scope });
    }

    fn resource_type(&mut self, object: &Object, path: &Path) -> Option<&'static Type> {
        let Some(value) = object.get("resourceType") else {
            let text = "a resource begins with its type: \"resourceType\": \"Patient\"";
            self.report(codes::RESOURCE_TYPE_MISSING, IssueCode::Required, path, text);
            return None;
        };
        let Some(name) = value.as_str() else {
            self.wrong_kind(&path.child("resourceType"), value, "a string with the name of a resource type");
            return None;
        };
        if let Some(found) = ResourceType::parse(name) {
            return Some(self.definitions.resource(found));
        }
        let hint = did_you_mean(name, ResourceType::all().map(ResourceType::name));
        self.structure(codes::RESOURCE_TYPE_UNKNOWN, path, format!("FHIR R4 has no resource type of this name{hint}"));
        None
    }
}
