//! Code systems in concept tables, and SNOMED CT's constraints over them.

mod constraints;
mod edition;

use std::borrow::Cow;
use std::sync::Arc;

use concepts::{ConceptSet, Search, Table, Target, ValueType};
use fhir::{Value, object};

use crate::Tables;
use crate::system::filter::{self, Filter, Operator, Unsupported};
use crate::system::{
    About, Concept, Content, Designation, Flags, Property, PropertyDefinition, PropertyValue, Rows, SearchText, System, Usage,
};

pub use constraints::Constraints;

/// The property that holds the definition of a concept.
const DEFINITION: &str = "definition";
const SNOMED: &str = "http://snomed.info/sct";

/// Tables that are open.
pub struct OpenTables {
    systems: Vec<Arc<TableSystem>>,
    generation: u64,
}

impl OpenTables {
    /// These tables; the generation is a number that is another one whenever there are others.
    pub fn new(tables: impl IntoIterator<Item = Arc<Table>>, generation: u64) -> Self {
        Self { systems: tables.into_iter().map(|table| Arc::new(TableSystem::new(table))).collect(), generation }
    }
}

impl Tables for OpenTables {
    fn versions(&self, url: &str) -> Vec<Option<Box<str>>> {
        self.systems.iter().filter(|system| *system.about.url == *url).map(|system| system.about.version.clone()).collect()
    }

    fn open(&self, url: &str, version: Option<&str>) -> Option<Arc<dyn System>> {
        let mut systems = self.systems.iter();
        systems
            .find(|system| *system.about.url == *url && system.about.version.as_deref() == version)
            .map(|system| system.clone() as Arc<dyn System>)
    }

    fn urls(&self) -> Vec<Box<str>> {
        let mut urls: Vec<_> = self.systems.iter().map(|system| system.about.url.clone()).collect();
        urls.sort();
        urls.dedup();
        urls
    }

    fn with_value_set(&self, value_set: &str) -> Option<Box<str>> {
        let system = self.systems.iter().find(|system| system.about.value_set.as_deref() == Some(value_set))?;
        Some(system.about.url.clone())
    }

    fn generation(&self) -> u64 {
        self.generation
    }
}

/// A code system in a table.
struct TableSystem {
    table: Arc<Table>,
    about: About,
}

impl TableSystem {
    fn new(table: Arc<Table>) -> Self {
        let said = table.about();
        let some = |text: &str| (!text.is_empty()).then(|| Box::from(text));
        let properties =
            said.properties.iter().map(|property| PropertyDefinition { code: property.code.clone(), uri: some(&property.uri) });
        let about = About {
            version: some(&said.version),
            name: some(&said.title),
            language: some(&said.language),
            value_set: some(&said.value_set),
            content: match said.content {
                concepts::Content::Complete => Content::Complete,
                concepts::Content::Fragment => Content::Fragment,
            },
            is_case_sensitive: said.case_sensitive,
            properties: properties.collect(),
            ..About::new(&said.url)
        };
        Self { table, about }
    }

    fn rows_of(&self, set: &ConceptSet) -> Rows {
        let mut rows = Rows::none(self.table.len());
        for concept in set.iter() {
            rows.insert(concept);
        }
        rows
    }

    /// The first value of a property.
    fn value(&self, concept: &Concept, property: &str) -> Option<String> {
        let mut values = self.table.properties(concept.row()?);
        values.find(|value| &*value.property.code == property).map(|value| value.text.to_string())
    }

    /// The concepts whose values for a property a filter lets through. Each value is looked at once, however many concepts have it.
    fn select_values(&self, property: usize, filter: &Filter) -> Result<ConceptSet, Unsupported> {
        let is_coding = self.table.about().properties[property].kind == ValueType::Coding;
        let accepting = |test: &dyn Fn(&str) -> bool| {
            self.table.having(property, |value| {
                let value = value.to_string();
                // A coding is met by its code or by its display.
                if is_coding { value.split('\t').skip(1).any(test) } else { test(&value) }
            })
        };
        Ok(match filter.operator {
            Operator::Equals if !is_coding => self.table.having_value(property, &filter.value),
            Operator::Equals => accepting(&|value| value == &*filter.value),
            Operator::In | Operator::NotIn => accepting(&|value| filter::list(&filter.value).any(|wanted| wanted == value)),
            Operator::Regex => {
                let pattern = filter::pattern(&filter.value).ok_or(Unsupported::Pattern)?;
                accepting(&|value| pattern.is_match(value))
            }
            Operator::Exists => self.table.having(property, |_| true),
            _ => return Err(Unsupported::Filter),
        })
    }

    /// The members of the reference sets that `concept in …` names; `None` when a code is none of a reference set.
    fn members(&self, filter: &Filter) -> Option<ConceptSet> {
        let is_of_sets = *self.about.url == *SNOMED && &*filter.property == "concept" && filter.operator == Operator::In;
        let mut found = ConceptSet::new();
        for code in filter::list(&filter.value).filter(|_| is_of_sets) {
            let set = self.table.find(code).filter(|set| self.table.member_sets().any(|other| other == *set))?;
            found.extend(&self.table.members(set));
        }
        is_of_sets.then_some(found)
    }

    /// The concepts from which a relationship of the filter's kind points to its value.
    fn sources(&self, filter: &Filter) -> Option<ConceptSet> {
        let kind = self.table.find(&filter.property).filter(|kind| self.table.relation_kinds().any(|other| other == *kind))?;
        let targets = match filter.operator {
            Operator::Equals => self.table.find(&filter.value).into_iter().collect(),
            Operator::In => filter::list(&filter.value).filter_map(|code| self.table.find(code)).collect(),
            _ => return None,
        };
        Some(self.table.sources(kind, &targets))
    }
}

impl System for TableSystem {
    fn about(&self) -> &About {
        &self.about
    }

    fn find(&self, code: &str) -> Option<Concept> {
        self.table.find(code).map(Concept::Row)
    }

    fn code<'a>(&'a self, concept: &'a Concept) -> Cow<'a, str> {
        Cow::Borrowed(concept.row().map_or("", |row| self.table.code(row)))
    }

    fn display<'a>(&'a self, concept: &'a Concept) -> Option<Cow<'a, str>> {
        self.table.display(concept.row()?, None).map(|text| Cow::Owned(text.to_string()))
    }

    fn definition<'a>(&'a self, concept: &'a Concept) -> Option<Cow<'a, str>> {
        self.table.about().property(DEFINITION)?;
        self.value(concept, DEFINITION).map(Cow::Owned)
    }

    fn flags(&self, concept: &Concept) -> Flags {
        let Some(row) = concept.row() else { return Flags::default() };
        Flags { is_abstract: self.table.is_abstract(row), is_inactive: self.table.is_inactive(row), is_deprecated: false }
    }

    fn status<'a>(&'a self, concept: &'a Concept) -> Option<Cow<'a, str>> {
        self.table.about().property("status")?;
        self.value(concept, "status").map(Cow::Owned)
    }

    fn designations(&self, concept: &Concept, each: &mut dyn FnMut(Designation<'_>)) {
        let Some(row) = concept.row() else { return };
        let mut text = String::new();
        for (place, designation) in self.table.designations(row).enumerate() {
            text.clear();
            designation.text.push_to(&mut text);
            let language = Some(designation.language).filter(|language| !language.is_empty()).or(self.about.language.as_deref());
            let usage = match designation.usage {
                _ if place == 0 => Usage::Display,
                usage if usage.code.is_empty() => Usage::Unstated,
                usage => Usage::Code { system: &usage.system, code: &usage.code },
            };
            each(Designation { language, usage, value: &text, status: None, extensions: &[], source: None });
        }
    }

    fn properties(&self, concept: &Concept, each: &mut dyn FnMut(Property<'_>)) {
        let Some(row) = concept.row() else { return };
        for stated in self.table.properties(row).filter(|stated| &*stated.property.code != DEFINITION) {
            let text = stated.text.to_string();
            let coding: Value;
            let value = match stated.property.kind {
                ValueType::Code => PropertyValue::Code(&text),
                ValueType::String => PropertyValue::Text(&text),
                ValueType::Boolean => PropertyValue::Boolean(text == "true"),
                ValueType::Integer => PropertyValue::Integer(&text),
                ValueType::Decimal => PropertyValue::Decimal(&text),
                ValueType::DateTime => PropertyValue::DateTime(&text),
                ValueType::Coding => {
                    coding = as_coding(&text);
                    PropertyValue::Coding(&coding)
                }
            };
            let uri = Some(&*stated.property.uri).filter(|uri| !uri.is_empty());
            each(Property { code: &stated.property.code, uri, value });
        }
        for relation in self.table.relations(row) {
            let value = match relation.target {
                Target::Concept(target) => PropertyValue::Code(self.table.code(target)),
                Target::Value(text) => PropertyValue::Text(text),
            };
            each(Property { code: self.table.code(relation.kind), uri: None, value });
        }
    }

    fn parents(&self, row: u32, each: &mut dyn FnMut(u32)) {
        self.table.parents(row).for_each(each);
    }

    fn children(&self, row: u32, each: &mut dyn FnMut(u32)) {
        self.table.children(row).for_each(each);
    }

    fn rows(&self) -> Option<u32> {
        Some(self.table.len())
    }

    fn has_hierarchy(&self) -> bool {
        self.table.has_hierarchy()
    }

    fn descendants(&self, row: u32) -> Rows {
        self.rows_of(&self.table.descendants(row))
    }

    fn is_above(&self, ancestor: u32, descendant: u32) -> bool {
        self.table.is_ancestor(ancestor, descendant)
    }

    fn select(&self, filter: &Filter) -> Result<Rows, Unsupported> {
        if let Some(found) = self.members(filter).or_else(|| self.sources(filter)) {
            return Ok(self.rows_of(&found));
        }
        let Some(property) = self.table.about().property(&filter.property) else { return filter::select(self, filter) };
        let found = self.rows_of(&self.select_values(property, filter)?);
        let is_inverse = filter.operator == Operator::NotIn || filter.operator == Operator::Exists && &*filter.value != "true";
        Ok(if is_inverse { found.complement(self.table.len()) } else { found })
    }

    fn search(&self, text: &SearchText) -> Rows {
        self.rows_of(&self.table.matching(text.text()))
    }

    fn ranked(&self, text: &SearchText, rows: &Rows) -> Option<Vec<u32>> {
        let within = ConceptSet::from_ascending(rows.iter());
        let search = Search { text: text.text(), within: Some(&within), offset: 0, limit: within.len() };
        Some(self.table.search(&search).page)
    }
}

/// The value of a property of codings: its system, code and display with tabs between them.
fn as_coding(text: &str) -> Value {
    let coding = concepts::Coding::from_text(text);
    let mut object = object! {};
    for (name, value) in [("system", coding.system), ("code", coding.code), ("display", coding.display)] {
        if let (Some(members), false) = (object.as_object_mut(), value.is_empty()) {
            members.push(name, Value::from(&*value));
        }
    }
    object
}
