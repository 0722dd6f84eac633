//! Writes the concepts of a value set as `expansion.contains`.

use std::ops::Range;

use fhir::{Object, Value};

use super::collected::{Collected, Item};
use super::notes::Notes;
use crate::designation::{Name, Names};
use crate::session::Session;
use crate::system::resource::designation;
use crate::system::{Designation, System, Usage};
use crate::value_set::Listed;

/// Where R5 has elements that R4 has not.
const PROPERTY: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion.property";
const CONTAINS_PROPERTY: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion.contains.property";

const DEFINED: &str = "http://hl7.org/fhir/concept-properties#";

/// Extensions of a concept that become properties: the code system's name, the value set's, the property, its address, its type.
const AS_PROPERTIES: [(&str, &str, &str, &str, &str); 3] = [
    (
        "http://hl7.org/fhir/StructureDefinition/codesystem-label",
        "http://hl7.org/fhir/StructureDefinition/valueset-label",
        "label",
        "label",
        "valueString",
    ),
    (
        "http://hl7.org/fhir/StructureDefinition/codesystem-conceptOrder",
        "http://hl7.org/fhir/StructureDefinition/valueset-conceptOrder",
        "order",
        "order",
        "valueDecimal",
    ),
    (
        "http://hl7.org/fhir/StructureDefinition/itemWeight",
        "http://hl7.org/fhir/StructureDefinition/itemWeight",
        "weight",
        "itemWeight",
        "valueDecimal",
    ),
];

/// Extensions of a code system's concept that go out with it.
const OF_SYSTEM: [&str; 4] = [
    "http://hl7.org/fhir/StructureDefinition/coding-sctdescid",
    "http://hl7.org/fhir/StructureDefinition/rendering-style",
    "http://hl7.org/fhir/StructureDefinition/rendering-xhtml",
    "http://hl7.org/fhir/StructureDefinition/codesystem-alternate",
];

/// Extensions of a value set's concept that go out with it.
const OF_VALUE_SET: [&str; 7] = [
    "http://hl7.org/fhir/StructureDefinition/valueset-supplement",
    "http://hl7.org/fhir/StructureDefinition/valueset-deprecated",
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status",
    "http://hl7.org/fhir/StructureDefinition/valueset-concept-definition",
    "http://hl7.org/fhir/StructureDefinition/coding-sctdescid",
    "http://hl7.org/fhir/StructureDefinition/rendering-style",
    "http://hl7.org/fhir/StructureDefinition/rendering-xhtml",
];

/// Writes concepts, and notes what properties they have.
pub(super) struct Renderer<'r, 's> {
    session: &'r Session<'s>,
    collected: &'r Collected,
    notes: &'r mut Notes,
    names: Names,
    /// Code and address of each property.
    properties: Vec<(String, Option<String>)>,
}

/// The properties of one concept: code, element, value.
type Properties = Vec<(String, &'static str, Value)>;

impl<'r, 's> Renderer<'r, 's> {
    pub(super) fn new(session: &'r Session<'s>, collected: &'r Collected, notes: &'r mut Notes) -> Self {
        Self { session, collected, notes, names: Names::default(), properties: Vec::new() }
    }

    /// These concepts, one after the other.
    pub(super) fn flat(&mut self, page: Range<usize>) -> Vec<Value> {
        let collected = self.collected;
        collected.items[page].iter().map(|item| self.concept(item).into()).collect()
    }

    /// All concepts, those that stand below others within them.
    pub(super) fn nested(&mut self) -> Vec<Value> {
        let collected = self.collected;
        let mut written: Vec<Option<Object>> = collected.items.iter().map(|item| Some(self.concept(item))).collect();
        let mut below: Vec<Vec<Value>> = vec![Vec::new(); written.len()];
        let mut top = Vec::new();
        // What stands below comes after what it stands below.
        for index in (0..written.len()).rev() {
            let mut concept = written[index].take().expect("each is taken once");
            let mut children = std::mem::take(&mut below[index]);
            if !children.is_empty() {
                children.reverse();
                concept.push("contains", children);
            }
            match collected.items[index].parent {
                Some(parent) => below[parent].push(concept.into()),
                None => top.push(concept.into()),
            }
        }
        top.reverse();
        top
    }

    /// The properties that concepts have, as extensions.
    pub(super) fn properties(&self) -> Vec<Value> {
        let property = |(code, uri): &(String, Option<String>)| {
            let mut parts = vec![fhir::object! { "url": "code", "valueCode": code.as_str() }];
            uri.iter().for_each(|uri| parts.push(fhir::object! { "url": "uri", "valueUri": uri.as_str() }));
            fhir::object! { "extension": parts, "url": PROPERTY }
        };
        self.properties.iter().map(property).collect()
    }

    fn concept(&mut self, item: &Item) -> Object {
        let collected = self.collected;
        let system = &*collected.systems[item.system];
        let mut properties = self.derived_properties(system, item);
        self.requested_properties(system, item, &mut properties);
        let mut extensions = shown_extensions(system, item);
        extensions.extend(properties.into_iter().map(|(code, element, value)| {
            let mut part = Object::new();
            part.push("url", "value");
            part.push(element, value);
            let parts = fhir::array![fhir::object! { "url": "code", "valueCode": code }, Value::Object(part)];
            fhir::object! { "extension": parts, "url": CONTAINS_PROPERTY }
        }));
        let mut concept = Object::new();
        if !extensions.is_empty() {
            concept.push("extension", extensions);
        }
        concept.push("system", &*system.about().url);
        let flags = system.flags(&item.concept);
        if flags.is_abstract {
            concept.push("abstract", true);
        }
        if flags.is_inactive {
            concept.push("inactive", true);
        }
        if let Some(version) = system.about().version.as_deref().filter(|_| collected.tells_versions) {
            concept.push("version", version);
        }
        concept.push("code", &*item.listing().map_or_else(|| system.code(&item.concept), |listed| (*listed.code).into()));
        self.name(system, item, &mut concept);
        concept
    }

    /// Display and designations.
    fn name(&mut self, system: &dyn System, item: &Item, concept: &mut Object) {
        self.names.clear();
        let names = &mut self.names;
        system.designations(&item.concept, &mut |designation| names.add(&designation));
        if let (Some(listed), Some((value_set, ..))) = (item.listing(), &item.listed) {
            add_listed(names, listed, value_set.language.as_deref());
        }
        let options = &self.session.options;
        let preferred = self.names.preferred(options.languages());
        if let Some(name) = preferred {
            concept.push("display", &*name.value);
        }
        if options.include_designations != Some(true) {
            return;
        }
        let is_wanted =
            |name: &Name| options.designations.is_empty() || options.designations.iter().any(|wanted| name.is_wanted_as(wanted));
        let is_shown = |name: &&Name| preferred.is_none_or(|preferred| !std::ptr::eq(preferred, *name)) && is_wanted(name);
        let shown: Vec<Value> = self.names.iter().filter(is_shown).map(Name::value).collect();
        if !shown.is_empty() {
            concept.push("designation", shown);
        }
        for name in self.names.iter().filter(is_shown) {
            name.source.iter().for_each(|source| self.notes.uri("used-supplement", source.to_string()));
        }
    }

    /// Status, label, order and weight.
    fn derived_properties(&mut self, system: &dyn System, item: &Item) -> Properties {
        let mut properties = Properties::new();
        let status = system.status(&item.concept).filter(|status| !status.eq_ignore_ascii_case("active"));
        let status = status.or_else(|| system.flags(&item.concept).is_deprecated.then_some("deprecated".into()));
        if let Some(status) = status {
            self.set(&mut properties, "status", Some(format!("{DEFINED}status")), "valueCode", (&*status).into());
        }
        for (of_system, of_value_set, code, defined, element) in AS_PROPERTIES {
            let mut found = None;
            system.extensions(&item.concept, &mut |extension| found = found.take().or_else(|| extension_value(extension, of_system)));
            let listed = item
                .listing()
                .and_then(|listed| listed.element.list("extension").find_map(|extension| extension_value(extension, of_value_set)));
            if let Some(value) = listed.or(found) {
                self.set(&mut properties, code, Some(format!("{DEFINED}{defined}")), element, value);
            }
        }
        properties
    }

    fn requested_properties(&mut self, system: &dyn System, item: &Item, properties: &mut Properties) {
        let wanted = &self.session.options.properties;
        if wanted.iter().any(|wanted| wanted == "definition")
            && let Some(definition) = system.definition(&item.concept)
        {
            self.set(properties, "definition", Some(format!("{DEFINED}definition")), "valueString", (&*definition).into());
        }
        if wanted.is_empty() {
            return;
        }
        let mut found: Vec<(String, Option<String>, &'static str, Value)> = Vec::new();
        system.properties(&item.concept, &mut |property| {
            if wanted.iter().any(|wanted| wanted == property.code || wanted == "*") {
                let (element, value) = property.value.element();
                found.push((property.code.to_owned(), property.uri.map(str::to_owned), element, value));
            }
        });
        for (code, uri, element, value) in found {
            self.declare(&code, uri);
            if !properties.iter().any(|other| other.0 == code && other.2 == value) {
                properties.push((code, element, value));
            }
        }
    }

    /// Gives a concept a property that it has once.
    fn set(&mut self, properties: &mut Properties, code: &str, uri: Option<String>, element: &'static str, value: Value) {
        self.declare(code, uri);
        properties.retain(|other| other.0 != code);
        properties.push((code.to_owned(), element, value));
    }

    fn declare(&mut self, code: &str, uri: Option<String>) {
        if !self.properties.iter().any(|other| other.0 == code) {
            self.properties.push((code.to_owned(), uri));
        }
    }
}

/// The value of an extension of this address.
fn extension_value(extension: &Value, url: &str) -> Option<Value> {
    if extension.text("url") != Some(url) {
        return None;
    }
    extension.as_object()?.iter().find(|(name, _)| name.starts_with("value")).map(|(_, value)| value.clone())
}

fn shown_extensions(system: &dyn System, item: &Item) -> Vec<Value> {
    let mut shown = Vec::new();
    system.extensions(&item.concept, &mut |extension| {
        if extension.text("url").is_some_and(|url| OF_SYSTEM.contains(&url)) {
            shown.push(extension.clone());
        }
    });
    let of_value_set = item.listing().into_iter().flat_map(|listed| listed.element.list("extension"));
    shown.extend(of_value_set.filter(|extension| extension.text("url").is_some_and(|url| OF_VALUE_SET.contains(&url))).cloned());
    shown
}

/// Adds the names that a value set gives a concept.
pub(crate) fn add_listed(names: &mut Names, listed: &Listed, language: Option<&str>) {
    if let Some(display) = listed.element.text("display") {
        names.add(&Designation { language, usage: Usage::Display, value: display, status: None, extensions: &[], source: None });
    }
    for designation in listed.element.list("designation").filter_map(designation) {
        names.add(&designation);
    }
}

/// The names that a value set gives a concept.
pub(super) fn listed_names(listed: &Listed) -> impl Iterator<Item = &str> {
    listed.element.text("display").into_iter().chain(listed.element.list("designation").filter_map(|designation| designation.text("value")))
}
