//! The index entries of a resource: what it can be found by (<http://hl7.org/fhir/R4/search.html#table>).

mod compile;
mod composite;
mod presence;
mod quantity;
mod reference;
mod text;
mod time;
mod token;

use fhir::Value;
use fhir::definitions::ResourceType;
use fhirpath::{Context, Item};
use store::commit::{Instant, NO_DATE};
use store::contract::Extract;
use store::entry::{Entry, EntryValue, Param};
use xxhash_rust::xxh3::Xxh3;

use crate::date;
use crate::registry::{ParameterKind, Registry, Shape};

use compile::Compiled;
pub(crate) use compile::CompiledType;
use presence::Set;

/// Grows with every change that gives a resource other entries than before: indexes made under another version are rebuilt.
const VERSION: u64 = 2;

/// What a resource can be found by.
#[derive(Clone, Debug, PartialEq)]
pub struct Extracted {
    /// Its entries, sorted, each once.
    pub entries: Vec<Entry>,
    /// Its natural date ([`crate::date::natural`]); [`NO_DATE`] when it has none.
    pub date: Instant,
}

impl Registry {
    /// The entries and the date of a resource.
    ///
    /// It never fails: what does not have the form of its type gives no entry, and a resource of another type none at all. A date without a zone is taken as UTC.
    pub fn extract(&self, kind: ResourceType, resource: &Value) -> Extracted {
        let Some(of) = self.of(kind).filter(|_| resource.resource_type() == Some(kind.name())) else {
            return Extracted { entries: Vec::new(), date: NO_DATE };
        };
        let compiled = of.compiled();
        let entries = self.entries(compiled, resource, compiled.elements.of(resource));
        Extracted { date: natural_date(kind, &entries), entries }
    }

    /// The entries of a resource that has these elements.
    fn entries(&self, of: &CompiledType, resource: &Value, present: Set) -> Vec<Entry> {
        let (context, root) = (Context::new(resource), Item::resource(resource));
        let mut entries = Vec::with_capacity(64);
        let mut values = Vec::new();
        for compiled in of.parameters.iter().filter(|compiled| compiled.may_have_values(present)) {
            let items = compiled.expression.evaluate(&context, &root).unwrap_or_default();
            let extractor = Extractor { shape: compiled.parameter.shape(), registry: self };
            for item in &items {
                match compiled.parameter.kind {
                    ParameterKind::Composite => composite::push(self, &context, compiled, item, &mut values),
                    _ => extractor.push(item, &mut values),
                }
            }
            let param = compiled.parameter.param;
            entries.extend(values.drain(..).map(|value| Entry { param, value }));
        }
        entries.sort_unstable();
        entries.dedup();
        entries
    }
}

/// The largest first moment of the entries of the type's natural date.
fn natural_date(kind: ResourceType, entries: &[Entry]) -> Instant {
    let Some(code) = date::natural(kind) else { return NO_DATE };
    let param = Param::of(kind.name(), code);
    let first = |entry: &Entry| match entry.value {
        EntryValue::Date(span) if entry.param == param => Some(span.first),
        _ => None,
    };
    entries.iter().filter_map(first).max().unwrap_or(NO_DATE)
}

/// Turns the items that an expression yields into values.
#[derive(Clone, Copy)]
struct Extractor<'a> {
    shape: Shape<'a>,
    registry: &'a Registry,
}

impl Extractor<'_> {
    /// Appends the values of an item.
    fn push(&self, item: &Item<'_>, out: &mut Vec<EntryValue>) {
        match self.shape.kind {
            ParameterKind::Token => token::push(&self.shape, item, out),
            ParameterKind::String => text::push(item, out),
            ParameterKind::Date => time::push(item, out),
            ParameterKind::Number => quantity::push_number(item, out),
            ParameterKind::Quantity => quantity::push_quantity(item, out),
            ParameterKind::Reference | ParameterKind::Uri => reference::push(self.registry, item, out),
            ParameterKind::Composite | ParameterKind::Special => {}
        }
    }
}

impl Extract for Registry {
    fn extract(&self, kind: ResourceType, text: &[u8]) -> (Vec<Entry>, Instant) {
        match fhir::json::parse(text) {
            Ok(resource) => {
                let extracted = Registry::extract(self, kind, &resource);
                (extracted.entries, extracted.date)
            }
            Err(_) => (Vec::new(), NO_DATE),
        }
    }

    fn fingerprint(&self) -> u64 {
        let mut hash = Xxh3::with_seed(VERSION);
        let mut add = |text: &str| {
            hash.update(&(text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        self.bases.iter().for_each(|base| add(base));
        for kind in ResourceType::all() {
            add(kind.name());
            add(date::natural(kind).unwrap_or_default());
            for parameter in self.parameters(kind) {
                add(parameter.code);
                add(parameter.kind.code());
                add(&parameter.expression);
                add(if parameter.folds_case { "folded" } else { "exact" });
                for (system, _) in parameter.implied_systems {
                    add(system);
                }
                for component in &parameter.components {
                    add(component.kind.code());
                    add(&component.expression);
                }
            }
        }
        hash.digest()
    }
}

#[cfg(test)]
mod tests;
