//! A resource, alone or inside another.

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
            let scope = Scope { container: object, is_contained: false, conditional_references };
            self.resource(object, kind, &Path::root(kind.name), scope);
        }
    }

    /// A resource in an element of another: in a Bundle's entry, a Parameters' parameter, or `contained`.
    pub(super) fn nested_resource(&mut self, object: &Object, path: &Path, scope: Scope) {
        if let Some(kind) = self.resource_type(object, path) {
            let scope = if scope.is_contained { scope } else { Scope { container: object, ..scope } };
            self.resource(object, kind, path, scope);
        }
    }

    fn resource(&mut self, object: &Object, kind: &'static Type, path: &Path, scope: Scope) {
        if scope.is_contained {
            self.contained_resource(object, path);
        } else {
            self.contained_ids(object, path);
        }
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
