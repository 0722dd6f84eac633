//! Definitions of extensions: HL7's, from `generated/extensions.tsv`, and those that are read from a StructureDefinition.

use std::collections::HashMap;
use std::sync::OnceLock;

use fhir::Value;

const TABLE: &str = include_str!("../../../generated/extensions.tsv");

/// Where HL7 itself uses extensions in R4, although their definitions do not say so; later versions of these do.
const ALSO: [(&str, &str); 4] = [
    ("http://hl7.org/fhir/StructureDefinition/regex", "ElementDefinition.type"),
    ("http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type", "ElementDefinition.type"),
    ("http://hl7.org/fhir/StructureDefinition/structuredefinition-normative-version", "Element"),
    ("http://hl7.org/fhir/StructureDefinition/valueset-concept-comments", "CodeSystem.concept"),
];

/// What is known of an extension.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definition {
    /// Its address.
    pub url: Box<str>,
    /// How many of it an element may have; `None` for any number.
    pub max: Option<u32>,
    /// Whether it changes the meaning of what it extends.
    pub is_modifier: bool,
    /// The types its value may have, `*` for any; empty when it has none.
    pub values: Vec<Box<str>>,
    /// Whether the value may be left out.
    pub is_value_optional: bool,
    /// Where it may stand; empty where nothing is said.
    pub contexts: Vec<Use>,
    /// What must hold on the element that it extends, in FHIRPath.
    pub invariants: Vec<Box<str>>,
    /// The extensions that it nests.
    pub nested: Vec<Nested>,
    /// Whether no extensions but those may be nested in it.
    pub has_own_content: bool,
}

/// A place where an extension may stand: `StructureDefinition.context`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// `element`, `extension` or `fhirpath`.
    pub kind: Box<str>,
    /// Which.
    pub expression: Box<str>,
}

/// An extension that is part of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nested {
    /// What it has as its url.
    pub code: Box<str>,
    /// How many there must be.
    pub min: u32,
    /// How many there may be; `None` for any number.
    pub max: Option<u32>,
    /// The types its value may have; empty when it has none.
    pub values: Vec<Box<str>>,
    /// Whether the value may be left out.
    pub is_value_optional: bool,
}

/// HL7's definition of this address.
pub(super) fn known(url: &str) -> Option<&'static Definition> {
    static KNOWN: OnceLock<HashMap<Box<str>, Definition>> = OnceLock::new();
    KNOWN.get_or_init(|| read_table().into_iter().map(|definition| (definition.url.clone(), definition)).collect()).get(url)
}

fn read_table() -> Vec<Definition> {
    let mut definitions: Vec<Definition> = Vec::new();
    for line in TABLE.lines().skip(1) {
        match (line.strip_prefix('\t'), definitions.last_mut()) {
            (Some(nested), Some(outer)) => {
                outer.nested.push(read_nested(nested));
                outer.has_own_content = true;
            }
            _ => definitions.push(read_line(line)),
        }
    }
    definitions
}

fn read_line(line: &str) -> Definition {
    let mut columns = line.split('\t');
    let mut next = || columns.next().unwrap_or_default();
    let (url, max, modifier, values, contexts, invariants) = (next(), next(), next(), next(), next(), next());
    let (values, is_value_optional) = read_values(values);
    let context =
        |context: &str| context.split_once('=').map(|(kind, expression)| Use { kind: kind.into(), expression: expression.into() });
    let also =
        ALSO.iter().filter(|(of, _)| *of == url).map(|(_, expression)| Use { kind: "element".into(), expression: (*expression).into() });
    Definition {
        url: url.into(),
        max: max.parse().ok(),
        is_modifier: modifier == "M",
        values,
        is_value_optional,
        contexts: contexts.split(' ').filter_map(context).chain(also).collect(),
        invariants: Some(invariants).filter(|text| !text.is_empty()).map(Box::from).into_iter().collect(),
        ..Definition::default()
    }
}

fn read_nested(line: &str) -> Nested {
    let mut columns = line.split('\t');
    let mut next = || columns.next().unwrap_or_default();
    let (code, cardinality, values) = (next(), next(), next());
    let (min, max) = cardinality.split_once("..").unwrap_or_default();
    let (values, is_value_optional) = read_values(values);
    Nested { code: code.into(), min: min.parse().unwrap_or(0), max: max.parse().ok(), values, is_value_optional }
}

fn read_values(column: &str) -> (Vec<Box<str>>, bool) {
    let optional = column.strip_prefix('[').and_then(|column| column.strip_suffix(']'));
    let values = optional.unwrap_or(column).split('|').filter(|kind| !kind.is_empty()).map(Box::from).collect();
    (values, optional.is_some())
}

impl Definition {
    /// The definition in a StructureDefinition; `None` when it defines no extension. Without a snapshot the differential has what it says.
    ///
    /// A value of any type is not told apart from one of all types by name: both are allowed.
    pub fn read(structure: &Value) -> Option<Self> {
        if structure.text("type") != Some("Extension") {
            return None;
        }
        let view = structure.get("snapshot").or_else(|| structure.get("differential"))?;
        let elements: Vec<&Value> = view.list("element").collect();
        let root = elements.iter().find(|element| element.text("path") == Some("Extension"));
        let use_of = |context: &Value| Some(Use { kind: context.text("type")?.into(), expression: context.text("expression")?.into() });
        let (values, is_value_optional) = value_types(&elements, "Extension");
        let nested: Vec<Nested> = elements.iter().filter_map(|element| nested(&elements, element)).collect();
        Some(Self {
            url: structure.text("url")?.into(),
            max: root.and_then(|root| root.text("max")).and_then(|max| max.parse().ok()),
            is_modifier: root.and_then(|root| root.get("isModifier")?.as_bool()) == Some(true),
            values,
            is_value_optional,
            contexts: structure.list("context").filter_map(use_of).collect(),
            invariants: structure.list("contextInvariant").filter_map(Value::as_str).map(Box::from).collect(),
            // What is sliced openly in a profile of an extension is left to the judge of profiles.
            has_own_content: false,
            nested,
        })
    }
}

fn nested(elements: &[&Value], element: &Value) -> Option<Nested> {
    let code = element.text("id")?.strip_prefix("Extension.extension:").filter(|code| !code.contains(['.', ':']))?;
    let (values, is_value_optional) = value_types(elements, &format!("Extension.extension:{code}"));
    let min = element.get("min").and_then(Value::as_number).and_then(|min| min.parse().ok()).unwrap_or(0);
    let max = element.text("max").and_then(|max| max.parse().ok());
    Some(Nested { code: code.into(), min, max, values, is_value_optional })
}

/// The types of the value of the extension whose element has the id `of`, and whether the value may be left out.
fn value_types(elements: &[&Value], of: &str) -> (Vec<Box<str>>, bool) {
    let id = format!("{of}.value[x]");
    let Some(value) = elements.iter().find(|element| element.text("id") == Some(&id)) else { return (vec!["*".into()], true) };
    if value.text("max") == Some("0") {
        return (Vec::new(), false);
    }
    let types = value.list("type").filter_map(|kind| kind.text("code")).map(Box::from).collect();
    (types, value.get("min").and_then(Value::as_number) == Some("0"))
}
