//! Value sets as the engine works with them: what a ValueSet resource says, taken apart once (<http://hl7.org/fhir/R4/valueset.html>).

pub(crate) mod compiled;
pub(crate) mod implicit;
mod listing;

use std::sync::Arc;

use fhir::{IssueCode, Value};

use crate::error::TerminologyError;
use crate::messages;
use crate::system::resource::{maturity, standards_status};
use crate::system::{Filter, Maturity, Operator};

const SUPPLEMENT: &str = "http://hl7.org/fhir/StructureDefinition/valueset-supplement";
const PARAMETER: [&str; 2] = [
    "http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter",
    "http://hl7.org/fhir/tools/StructureDefinition/valueset-expansion-parameter",
];
const DEPRECATED: &str = "http://hl7.org/fhir/StructureDefinition/valueset-deprecated";

/// A value set.
#[derive(Debug)]
pub(crate) struct ValueSet {
    pub(crate) resource: Arc<Value>,
    pub(crate) url: Option<Box<str>>,
    pub(crate) version: Option<Box<str>>,
    pub(crate) language: Option<Box<str>>,
    pub(crate) maturity: Maturity,
    /// What goes in.
    pub(crate) includes: Vec<ConceptSet>,
    /// What comes out again.
    pub(crate) excludes: Vec<ConceptSet>,
    /// Whether it has rules; otherwise it may have an expansion.
    pub(crate) has_compose: bool,
    /// Whether inactive concepts are out: `compose.inactive` is false.
    pub(crate) excludes_inactive: bool,
    /// The supplements that it needs.
    pub(crate) supplements: Vec<String>,
    /// How it wants to be expanded.
    pub(crate) parameters: Vec<(String, Value)>,
    /// Whether it is contained in another and has no identity of its own.
    pub(crate) is_contained: bool,
    /// Whether it was made for a code system's own operation and the client knows nothing of it.
    pub(crate) is_internal: bool,
}

/// `include` or `exclude`.
#[derive(Debug)]
pub(crate) struct ConceptSet {
    pub(crate) system: Option<Box<str>>,
    pub(crate) version: Option<Box<str>>,
    pub(crate) concepts: Vec<Listed>,
    pub(crate) filters: Vec<Filter>,
    pub(crate) value_sets: Vec<Box<str>>,
    pub(crate) supplements: Vec<String>,
    /// What cannot be worked with.
    broken: Option<TerminologyError>,
}

/// A concept that is listed by its code.
#[derive(Debug)]
pub(crate) struct Listed {
    pub(crate) code: Box<str>,
    /// The element: display, designations, extensions.
    pub(crate) element: Value,
}

impl Listed {
    /// The status that the value set gives the concept, when it should not be used any more.
    pub(crate) fn outdated(&self) -> Option<&str> {
        match standards_status(&self.element) {
            Some(status @ ("withdrawn" | "deprecated")) => Some(status),
            _ => has_extension(&self.element, DEPRECATED).then_some("deprecated"),
        }
    }
}

impl ConceptSet {
    /// Whether all concepts of the system are meant.
    pub(crate) fn is_whole_system(&self) -> bool {
        self.system.is_some() && self.concepts.is_empty() && self.filters.is_empty()
    }

    /// An error when it cannot be worked with.
    pub(crate) fn check(&self) -> Result<(), TerminologyError> {
        self.broken.clone().map_or(Ok(()), Err)
    }

    fn read(element: &Value, path: String, value_set: &str) -> Self {
        let text = |name: &str| element.text(name).map(Box::<str>::from);
        let system = text("system");
        let mut broken = None;
        let mut filters = Vec::new();
        for (index, filter) in element.list("filter").enumerate() {
            match read_filter(filter, system.as_deref().unwrap_or_default(), value_set) {
                Ok(filter) => filters.push(filter),
                Err(error) => broken = broken.or(Some(error.at(format!("ValueSet.compose.{path}.filter[{index}]")))),
            }
        }
        let concept = |element: &Value| Some(Listed { code: element.text("code")?.into(), element: element.clone() });
        Self {
            system,
            version: text("version"),
            concepts: element.list("concept").filter_map(concept).collect(),
            filters,
            value_sets: element.list("valueSet").filter_map(Value::as_str).map(Box::from).collect(),
            supplements: extension_texts(element, SUPPLEMENT),
            broken: broken.or_else(|| modifier(element, value_set)),
        }
    }
}

fn read_filter(filter: &Value, system: &str, value_set: &str) -> Result<Filter, TerminologyError> {
    let text = |name: &str| filter.text(name).unwrap_or_default();
    let (property, operator) = (text("property"), text("op"));
    if let Some(error) = modifier(filter, value_set) {
        return Err(error);
    }
    let value =
        filter.get("value").and_then(|value| value.as_str().map(str::to_owned).or_else(|| value.as_bool().map(|truth| truth.to_string())));
    let Some(value) = value.filter(|value| !value.is_empty()) else {
        let message = messages::filter_without_value(system, property, operator);
        return Err(TerminologyError::definition(IssueCode::Invalid, message).with_failure(crate::error::Failure::Request));
    };
    let Some(parsed) = Operator::parse(operator) else {
        let message = messages::filter_not_understood(property, operator, &value, value_set, system);
        return Err(TerminologyError::definition(IssueCode::NotSupported, message).with_failure(crate::error::Failure::Request));
    };
    Ok(Filter { property: property.into(), operator: parsed, value: value.into() })
}

/// The error for a modifier extension: nobody here knows any.
fn modifier(element: &Value, value_set: &str) -> Option<TerminologyError> {
    let extension = element.list("modifierExtension").next()?;
    let message = messages::modifier(value_set, extension.text("url").unwrap_or_default());
    Some(TerminologyError::definition(IssueCode::BusinessRule, message))
}

impl ValueSet {
    /// What a resource says.
    pub(crate) fn read(resource: Arc<Value>) -> Self {
        let text = |name: &str| resource.text(name).map(Box::<str>::from);
        let (url, version) = (text("url"), text("version"));
        let name = crate::canonical(url.as_deref().unwrap_or_default(), version.as_deref());
        let sets = |name: &str, canonical: &str| -> Vec<ConceptSet> {
            let Some(compose) = resource.get("compose") else { return Vec::new() };
            compose
                .list(name)
                .enumerate()
                .map(|(index, element)| ConceptSet::read(element, format!("{name}[{index}]"), canonical))
                .collect()
        };
        let (includes, excludes) = (sets("include", &name), sets("exclude", &name));
        let compose = resource.get("compose");
        Self {
            language: text("language"),
            maturity: maturity(&resource),
            has_compose: compose.is_some(),
            excludes_inactive: compose.and_then(|compose| compose.get("inactive")).and_then(Value::as_bool) == Some(false),
            supplements: extension_texts(&resource, SUPPLEMENT),
            parameters: compose.map(parameters).unwrap_or_default(),
            is_contained: false,
            is_internal: false,
            url,
            version,
            includes,
            excludes,
            resource,
        }
    }

    /// `url|version`, or the address alone; empty for one without an address.
    pub(crate) fn canonical(&self) -> String {
        crate::canonical(self.url.as_deref().unwrap_or_default(), self.version.as_deref())
    }

    /// The value set of all concepts of a system, for the operations that are about the system alone.
    pub(crate) fn of_system(system: &str, version: Option<&str>, value_set: Option<&str>) -> Self {
        let mut include = fhir::Object::new();
        include.push("system", system);
        version.into_iter().for_each(|version| include.push("version", version));
        let url = value_set.map_or_else(|| format!("{system}/vs"), str::to_owned);
        let mut resource = fhir::Object::new();
        resource.push("resourceType", "ValueSet");
        resource.push("url", url);
        version.into_iter().for_each(|version| resource.push("version", version));
        resource.push("status", "active");
        resource.push("compose", fhir::object! { "include": fhir::array![Value::Object(include)] });
        Self { is_internal: true, ..Self::read(Arc::new(resource.into())) }
    }

    /// The value set contained in this one that a reference such as `#vs1` names.
    pub(crate) fn contained(&self, reference: &str) -> Option<Self> {
        let id = reference.strip_prefix('#')?;
        let contained = self.resource.list("contained").find(|resource| resource.text("id") == Some(id))?;
        (contained.resource_type() == Some("ValueSet")).then(|| Self { is_contained: true, ..Self::read(Arc::new(contained.clone())) })
    }

    /// An error for what nobody here can work with.
    pub(crate) fn check(&self) -> Result<(), TerminologyError> {
        let compose = self.resource.get("compose");
        if let Some(error) = modifier(&self.resource, &self.canonical()).or_else(|| modifier(compose?, &self.canonical())) {
            return Err(error);
        }
        if compose.is_some_and(|compose| compose.get("lockedDate").is_some()) {
            return Err(TerminologyError::definition(IssueCode::BusinessRule, messages::locked_date(&self.canonical())));
        }
        Ok(())
    }
}

fn extension_texts(element: &Value, url: &str) -> Vec<String> {
    let of_url = element.list("extension").filter(|extension| extension.text("url") == Some(url));
    of_url
        .filter_map(|extension| extension.text("valueCanonical").or(extension.text("valueUri")).or(extension.text("valueString")))
        .map(str::to_owned)
        .collect()
}

fn has_extension(element: &Value, url: &str) -> bool {
    let is_false = |extension: &Value| extension.get("valueBoolean").and_then(Value::as_bool) == Some(false);
    element.list("extension").any(|extension| extension.text("url") == Some(url) && !is_false(extension))
}

/// The parameters that the extension for them names.
fn parameters(compose: &Value) -> Vec<(String, Value)> {
    let each = |extension: &Value| {
        let part = |name: &str| extension.list("extension").find(|part| part.text("url") == Some(name));
        let value = |part: &Value| part.as_object()?.iter().find(|(name, _)| name.starts_with("value")).map(|(_, value)| value.clone());
        Some((value(part("name")?)?.as_str()?.to_owned(), value(part("value")?)?))
    };
    compose
        .list("extension")
        .filter(|extension| extension.text("url").is_some_and(|url| PARAMETER.contains(&url)))
        .filter_map(each)
        .collect()
}
