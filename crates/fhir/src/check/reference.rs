//! References: <http://hl7.org/fhir/R4/references.html>.

use super::path::Path;
use super::suggest::did_you_mean;
use super::{Checker, Scope, form};
use crate::codes;
use crate::definitions::{ElementType, PrimitiveType, ResourceType};
use crate::outcome::IssueCode;
use crate::value::{Object, Value};

/// What a literal reference is by its form.
enum Form<'a> {
    /// `#`: the resource that contains this one.
    Container,
    /// `#id`: a contained resource.
    Contained(&'a str),
    /// An address with a scheme: anywhere.
    Absolute,
    /// `Type/id`, or `Type/id/_history/version`.
    Relative { type_name: &'a str, rest: &'a str },
    /// `Type?search`: what a transaction finds.
    Conditional { type_name: &'a str },
    /// None of these.
    Other,
}

impl Checker {
    /// The member `reference`: its form, and whether it may point where it points. `type` must say the same.
    pub(super) fn reference(&mut self, object: &Object, element_type: &'static ElementType, path: &Path, scope: Scope) {
        let Some(text) = object.get("reference").and_then(Value::as_str) else { return };
        if let (Form::Relative { type_name, .. }, Some(stated)) = (classify(text, scope), object.get("type").and_then(Value::as_str))
            && type_name != stated
        {
            let text = "the type is not that of the reference: name the same resource type in both";
            self.report(codes::REFERENCE_TARGET, IssueCode::Value, &path.child("type"), text);
        }
        let path = path.child("reference");
        match classify(text, scope) {
            Form::Container | Form::Absolute => {}
            Form::Contained(id) => self.contained_target(id, element_type, &path, scope),
            Form::Relative { type_name, rest } => {
                if !is_id_and_version(rest) {
                    return self.malformed(&path);
                }
                self.target(type_name, element_type, &path);
            }
            Form::Conditional { type_name } if scope.conditional_references => self.target(type_name, element_type, &path),
            Form::Conditional { .. } => {
                let text = "a reference by a search stands only in the entries of a transaction: write Type/id";
                self.report(codes::REFERENCE_FORM, IssueCode::Value, &path, text);
            }
            Form::Other => self.malformed(&path),
        }
    }

    fn malformed(&mut self, path: &Path) {
        let text =
            "a reference is Type/id, Type/id/_history/version, an absolute URL, urn:uuid:…, urn:oid:…, or #id for a contained resource";
        self.report(codes::REFERENCE_FORM, IssueCode::Value, path, text);
    }

    fn target(&mut self, type_name: &str, element_type: &'static ElementType, path: &Path) {
        if ResourceType::parse(type_name).is_none() {
            let hint = did_you_mean(type_name, ResourceType::all().map(ResourceType::name));
            let text = format!("the reference does not begin with the name of a resource type{hint}");
            self.report(codes::REFERENCE_FORM, IssueCode::Value, path, text);
        } else if !element_type.targets.is_empty() && !element_type.targets.contains(&type_name) {
            let text = format!("this element may point to {}, not to {type_name}", element_type.targets.join(", "));
            self.report(codes::REFERENCE_TARGET, IssueCode::Value, path, text);
        }
    }

    fn contained_target(&mut self, id: &str, element_type: &'static ElementType, path: &Path, scope: Scope) {
        let Some(found) = scope.container.find(id) else {
            let text = "the resource contains none with this id: add it to \"contained\", or refer to another";
            return self.report(codes::REFERENCE_DANGLING, IssueCode::NotFound, path, text);
        };
        // A contained resource of no known type has its own issue.
        if let Some(resource_type) = found.resource_type().and_then(ResourceType::parse) {
            self.target(resource_type.name(), element_type, path);
        }
    }
}

fn classify<'a>(text: &'a str, scope: Scope) -> Form<'a> {
    if let Some(id) = text.strip_prefix('#') {
        return if id.is_empty() { Form::Container } else { Form::Contained(id) };
    }
    match text.find(['/', '?', ':']).map(|at| (at, text.as_bytes()[at])) {
        Some((at, b'/')) => Form::Relative { type_name: &text[..at], rest: &text[at + 1..] },
        Some((at, b'?')) => Form::Conditional { type_name: &text[..at] },
        // A transaction may name a resource that it creates by any urn:uuid:, which is replaced before anything is stored.
        Some(_) if is_absolute(text) || scope.conditional_references && is_placeholder(text) => Form::Absolute,
        _ => Form::Other,
    }
}

fn is_id_and_version(rest: &str) -> bool {
    let (id, version) = rest.split_once("/_history/").map_or((rest, None), |(id, version)| (id, Some(version)));
    form::fits(PrimitiveType::Id, id) && version.is_none_or(|version| form::fits(PrimitiveType::Id, version))
}

fn is_placeholder(text: &str) -> bool {
    text.strip_prefix("urn:uuid:").is_some_and(|name| !name.is_empty() && form::fits(PrimitiveType::Uri, name))
}

fn is_absolute(text: &str) -> bool {
    if text.starts_with("urn:uuid:") {
        return form::is_uuid_urn(text);
    }
    if text.starts_with("urn:oid:") {
        return form::fits(PrimitiveType::Oid, text);
    }
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let starts_with_letter = scheme.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    starts_with_letter && !rest.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}
