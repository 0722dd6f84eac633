//! The walk through a resource, element by element, along FHIR's tables.

use fhir::definitions::{Element, ElementType, ResourceType, Type, TypeKind, definitions};
use fhir::{Object, Value, object};

use crate::rules::{REMOVED_RESOURCES, Rule, rule};
use crate::{Settings, coded, mask, places, references, time};

/// How deep resources may be nested; what is deeper is removed.
const MOST_DEPTH: usize = 64;

/// The extensions that stay: none of Safe Harbor's identifiers is in them.
const EXTENSIONS: [&str; 3] = [
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race",
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity",
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex",
];

/// The parts of those that stay.
const EXTENSION_PARTS: [&str; 2] = ["ombCategory", "detailed"];

/// The codes of sex at birth.
const BIRTH_SEXES: [&str; 5] = ["F", "M", "UNK", "OTH", "ASKU"];

pub(crate) struct Walk<'a> {
    settings: &'a Settings<'a>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(settings: &'a Settings<'a>) -> Self {
        Self { settings }
    }

    /// A resource; `None` when nothing of such a one stays.
    pub(crate) fn resource(&self, kind: ResourceType, from: &Object) -> Option<Value> {
        self.nested(kind, from, false, 0)
    }

    fn nested(&self, kind: ResourceType, from: &Object, is_contained: bool, depth: usize) -> Option<Value> {
        if REMOVED_RESOURCES.contains(&kind.name()) || depth > MOST_DEPTH {
            return None;
        }
        let mut out = Object::new();
        out.push("resourceType", kind.name());
        if let Some(id) = from.get("id").and_then(Value::as_str) {
            let made = |id| {
                if is_contained { references::contained(self.settings, id) } else { references::pseudonym(self.settings, kind.name(), id) }
            };
            out.push("id", made(id)?);
        }
        // A contained resource is labelled by the one around it (dom-5).
        if !is_contained {
            out.push("meta", self.meta(from.get("meta").and_then(Value::as_object)));
        }
        self.members(definitions().resource(kind), from, &mut out, depth);
        Some(Value::Object(out))
    }

    /// The members that the type defines and that stay, and marks for those that are required and do not.
    fn members(&self, of: &Type, from: &Object, out: &mut Object, depth: usize) {
        for (name, value) in from.iter() {
            let Some((element, kind)) = of.member(name) else { continue };
            if out.get(name).is_some() || of.kind == TypeKind::Resource && *name == *"id" {
                continue;
            }
            match self.value(element, kind, value, depth) {
                Some(stays) => out.push(kind.member, stays),
                None if element.min > 0 => mask::required(out, element, kind),
                None => {}
            }
        }
    }

    /// What stays of an element's value; `None` for nothing.
    fn value(&self, element: &Element, kind: &ElementType, value: &Value, depth: usize) -> Option<Value> {
        let of = definitions().get(kind.id);
        match value {
            Value::Array(items) if element.is_list() => {
                let items: Vec<Value> = items.iter().filter_map(|item| self.one(element, of, item, depth)).collect();
                (!items.is_empty()).then_some(Value::Array(items))
            }
            Value::Array(_) => None,
            single => self.one(element, of, single, depth),
        }
    }

    fn one(&self, element: &Element, of: &Type, value: &Value, depth: usize) -> Option<Value> {
        let text = || value.as_str();
        let object = || value.as_object();
        let filled = |object: Object| (!object.is_empty()).then_some(Value::Object(object));
        match rule(of) {
            Rule::Remove | Rule::Meta => None,
            Rule::Keep => matches!(value, Value::Bool(_) | Value::Number(_)).then(|| value.clone()),
            Rule::Code => text().filter(|code| coded::code_stays(element, code)).map(Value::from),
            Rule::Year => time::year(text()?, self.settings.year).map(Value::from),
            Rule::Coding => coded::coding(object()?).map(Value::Object),
            Rule::Quantity => coded::quantity(object()?, of.name == "Age").map(Value::Object),
            Rule::Address => {
                let mut out = places::address(object()?);
                self.codes_and_years(of, object()?, &mut out);
                filled(out)
            }
            Rule::Reference => filled(references::reference(object()?, self.settings)),
            Rule::Extension => extension(object()?),
            Rule::Resource => {
                let kind = ResourceType::parse(value.resource_type()?)?;
                self.nested(kind, object()?, element.name == "contained", depth + 1)
            }
            Rule::Within => {
                let mut out = Object::new();
                if depth < MOST_DEPTH {
                    self.members(of, object()?, &mut out, depth + 1);
                }
                filled(out)
            }
        }
    }

    /// What else of an address stays: for what it is used, and in which years.
    fn codes_and_years(&self, of: &Type, from: &Object, out: &mut Object) {
        for name in ["use", "type", "period"] {
            let (Some((element, kind)), Some(value)) = (of.member(name), from.get(name)) else { continue };
            if let Some(stays) = self.value(element, kind, value, 0) {
                out.push(kind.member, stays);
            }
        }
    }

    /// The labels and tags that stay, and the label that says what was done.
    fn meta(&self, from: Option<&Object>) -> Value {
        let codings = |name: &str| {
            let all = from.and_then(|meta| meta.get(name)).and_then(Value::as_array).unwrap_or_default();
            all.iter().filter_map(Value::as_object).filter_map(coded::coding).map(Value::Object).collect::<Vec<_>>()
        };
        let (mut security, tag) = (codings("security"), codings("tag"));
        let done = object! { "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "ANONYED" };
        if !security.contains(&done) {
            security.push(done);
        }
        let mut out = Object::new();
        out.push("security", security);
        if !tag.is_empty() {
            out.push("tag", tag);
        }
        Value::Object(out)
    }
}

/// An extension that stays, without its texts.
fn extension(from: &Object) -> Option<Value> {
    let url = from.get("url").and_then(Value::as_str).filter(|url| EXTENSIONS.contains(url))?;
    let mut out = Object::new();
    out.push("url", url);
    if let Some(sex) = from.get("valueCode").and_then(Value::as_str).filter(|sex| BIRTH_SEXES.contains(sex)) {
        out.push("valueCode", sex);
        return Some(Value::Object(out));
    }
    let parts: Vec<Value> = from.get("extension")?.as_array()?.iter().filter_map(Value::as_object).filter_map(part).collect();
    if parts.is_empty() {
        return None;
    }
    out.push("extension", parts);
    Some(Value::Object(out))
}

fn part(from: &Object) -> Option<Value> {
    let url = from.get("url").and_then(Value::as_str).filter(|url| EXTENSION_PARTS.contains(url))?;
    let coding = coded::coding(from.get("valueCoding")?.as_object()?)?;
    Some(object! { "url": url, "valueCoding": coding })
}
