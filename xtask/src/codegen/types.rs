//! The tables of types and of member names.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Table, list, text};

const COLUMNS: &str = "a type: name, kind, base, abstract; below it, indented, the elements that its base has not or has otherwise: \
name, cardinality, types, flags (C choice, S summary, M modifier, A attribute in XML), strength and value set of the binding";

const DEFINITION: &str = "http://hl7.org/fhir/StructureDefinition/";
const FHIRPATH: &str = "http://hl7.org/fhirpath/System.";

/// A type as it is written: its first line, and its elements by name with the rest of their line.
struct Row {
    name: String,
    kind: &'static str,
    base: String,
    is_abstract: bool,
    elements: Vec<(String, String)>,
}

/// Every type with the elements that it adds to its base's. A base stands above what it is specialized to.
pub(super) fn table(structures: &[&Value]) -> Result<Table, String> {
    let mut rows: Vec<Row> = structures.iter().filter(|structure| is_type(structure)).flat_map(|structure| rows(structure)).collect();
    let bases: BTreeMap<String, String> = rows.iter().map(|row| (row.name.clone(), row.base.clone())).collect();
    let depth = |name: &str| std::iter::successors(bases.get(name), |base| bases.get(*base)).count();
    rows.sort_by_cached_key(|row| (!row.is_abstract, depth(&row.name), row.name.clone()));
    let elements: BTreeMap<&str, &[(String, String)]> = rows.iter().map(|row| (row.name.as_str(), row.elements.as_slice())).collect();
    let mut lines = Vec::new();
    for row in &rows {
        lines.push(format!("{}\t{}\t{}\t{}", row.name, row.kind, row.base, if row.is_abstract { "abstract" } else { "" }));
        let inherited = elements.get(row.base.as_str()).copied().unwrap_or_default();
        let in_order = row.elements.iter().zip(inherited).all(|(own, base)| own.0 == base.0);
        if !in_order || row.elements.len() < inherited.len() {
            return Err(format!("{} does not begin with the elements of {}", row.name, row.base));
        }
        let added = row.elements.iter().filter(|element| !inherited.contains(element));
        lines.extend(added.map(|(name, rest)| format!("\t{name}\t{rest}")));
    }
    Ok(Table { name: "types.tsv", columns: COLUMNS, lines })
}

/// The name of every member of JSON, with an underscore before it.
pub(super) fn names(structures: &[&Value]) -> Table {
    let mut names = BTreeSet::from(["_resourceType".to_owned()]);
    for element in structures.iter().filter(|structure| is_type(structure)).flat_map(|structure| elements(structure)) {
        let Some((_, name)) = text(element, "path").rsplit_once('.') else { continue };
        match name.strip_suffix("[x]") {
            Some(stem) => names.extend(list(element, "type").iter().map(|kind| format!("_{}", choice_name(stem, text(kind, "code"))))),
            None => _ = names.insert(format!("_{name}")),
        }
    }
    Table { name: "names.tsv", columns: "the names of all members, each with an underscore before it", lines: names.into_iter().collect() }
}

/// The addresses of the value sets that some element is bound to with strength `required`, without their versions.
pub(super) fn required_value_sets(structures: &[&Value]) -> BTreeSet<String> {
    let bindings = structures
        .iter()
        .filter(|structure| is_type(structure))
        .flat_map(|structure| elements(structure))
        .map(|element| &element["binding"]);
    bindings.filter(|binding| text(binding, "strength") == "required").map(|binding| value_set(binding).to_owned()).collect()
}

/// A profile on a type and a logical model are no types.
pub(super) fn is_type(structure: &Value) -> bool {
    text(structure, "derivation") != "constraint" && text(structure, "kind") != "logical"
}

fn elements(structure: &Value) -> &[Value] {
    list(&structure["snapshot"], "element")
}

fn value_set(binding: &Value) -> &str {
    text(binding, "valueSet").split('|').next().unwrap_or_default()
}

/// The type that a StructureDefinition defines, and a type for each of its elements that has elements of its own.
fn rows(structure: &Value) -> Vec<Row> {
    let all = elements(structure);
    let kind = match text(structure, "kind") {
        "resource" => "resource",
        "primitive-type" => "primitive",
        _ => "complex",
    };
    let base = text(structure, "baseDefinition").trim_start_matches(DEFINITION).to_owned();
    let is_abstract = structure["abstract"].as_bool() == Some(true);
    let mut rows = vec![row(all, text(structure, "name"), kind, base, is_abstract)];
    for element in all.iter().skip(1).filter(|element| has_children(all, text(element, "path"))) {
        let base = list(element, "type").first().map_or("", |kind| text(kind, "code")).to_owned();
        rows.push(row(all, text(element, "path"), "backbone", base, false));
    }
    rows
}

fn row(all: &[Value], path: &str, kind: &'static str, base: String, is_abstract: bool) -> Row {
    let is_resource = kind == "resource";
    let elements = all.iter().filter_map(|element| {
        let name = text(element, "path").strip_prefix(path)?.strip_prefix('.')?;
        (!name.contains('.')).then(|| element_columns(all, element, name, is_resource))
    });
    Row { name: path.to_owned(), kind, base, is_abstract, elements: elements.collect() }
}

fn has_children(all: &[Value], path: &str) -> bool {
    all.iter().any(|other| text(other, "path").strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

fn element_columns(all: &[Value], element: &Value, name: &str, of_resource: bool) -> (String, String) {
    let stem = name.strip_suffix("[x]");
    let mut flags = String::new();
    let is_attribute = list(element, "representation").iter().any(|representation| representation == "xmlAttr");
    let marks = [(stem.is_some(), 'C'), (element["isSummary"] == true, 'S'), (element["isModifier"] == true, 'M'), (is_attribute, 'A')];
    flags.extend(marks.into_iter().filter(|(set, _)| *set).map(|(_, flag)| flag));
    let types = match (text(element, "contentReference").strip_prefix('#'), has_children(all, text(element, "path"))) {
        (Some(path), _) => path.to_owned(),
        (None, true) => text(element, "path").to_owned(),
        (None, false) => list(element, "type")
            .iter()
            .map(|kind| type_column(kind, stem, name, of_resource))
            .collect::<Vec<_>>()
            .join(" ")
            .trim()
            .to_owned(),
    };
    let binding = &element["binding"];
    let columns =
        format!("{}..{}\t{types}\t{flags}\t{}\t{}", element["min"], text(element, "max"), text(binding, "strength"), value_set(binding));
    (stem.unwrap_or(name).to_owned(), columns)
}

/// One type of an element: `string`, `valueString:string` for a choice, `Reference(Patient|Group)`.
fn type_column(kind: &Value, choice: Option<&str>, name: &str, of_resource: bool) -> String {
    let code = match (text(kind, "code").strip_prefix(FHIRPATH), name) {
        (None, _) => text(kind, "code"),
        // R4's definitions say `string` here, and its pages `id`, which is what is meant.
        (Some(_), "id") if of_resource => "id",
        (Some(_), "id") => "string",
        (Some(_), "url") => "uri",
        (Some(_), _) => "",
    };
    let mut targets: Vec<&str> =
        list(kind, "targetProfile").iter().filter_map(Value::as_str).map(|target| target.trim_start_matches(DEFINITION)).collect();
    targets.retain(|target| *target != "Resource");
    let targets = if targets.is_empty() { String::new() } else { format!("({})", targets.join("|")) };
    let member = choice.map(|stem| format!("{}:", choice_name(stem, code))).unwrap_or_default();
    format!("{member}{code}{targets}")
}

/// `value` and `dateTime` make `valueDateTime`.
fn choice_name(stem: &str, code: &str) -> String {
    let mut letters = code.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter();
    stem.chars().chain(first).chain(letters).collect()
}
