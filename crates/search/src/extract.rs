//! The index entries of a resource: what it can be found by (<http://hl7.org/fhir/R4/search.html#table>).

mod compile;
mod composite;
mod contained;
mod content;
pub(crate) mod display;
mod names;
pub(crate) mod position;
mod presence;
mod quantity;
mod reference;
mod text;
mod time;
mod token;

use std::sync::Arc;

use fhir::Value;
use fhir::definitions::ResourceType;
use fhirpath::{Context, Item, Limits};
use store::commit::{Instant, NO_DATE};
use store::contract::Extract;
use store::entry::{Entry, EntryValue, Param, Token};
use store::secrecy::Secrets;
use xxhash_rust::xxh3::Xxh3;

use crate::registry::{Parameter, ParameterKind, Registry, Shape};
use crate::{date, ucum};

use compile::Compiled;
pub(crate) use compile::CompiledType;
use presence::Set;

/// Grows with every change that gives a resource other entries than before: indexes made under another version are rebuilt.
const VERSION: u64 = 3;

/// What an expression that a resource defines may take on one resource. One that takes more finds nothing there.
const CUSTOM_LIMITS: Limits = Limits { steps: 100_000, items: 10_000, text_bytes: 1 << 16 };

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
        self.extract_inside(kind, resource, resource)
    }

    /// The same for a resource that is `around` or stands inside it: a reference that begins with `#` leads into `around`.
    fn extract_inside(&self, kind: ResourceType, resource: &Value, around: &Value) -> Extracted {
        let Some(of) = self.of(kind).filter(|_| resource.resource_type() == Some(kind.name())) else {
            return Extracted { entries: Vec::new(), date: NO_DATE };
        };
        let compiled = of.compiled();
        let mut entries = self.entries(compiled, resource, around, compiled.elements.of(resource));
        self.add_words(kind, resource, &mut entries);
        names::add(self, kind, resource, &mut entries);
        contained::add(self, kind, resource, &mut entries);
        entries.sort_unstable();
        entries.dedup();
        Extracted { date: natural_date(kind, &entries), entries }
    }

    /// The entries of the parameters' expressions, for a resource that has these elements: sorted, each once.
    fn entries(&self, of: &CompiledType, resource: &Value, around: &Value, present: Set) -> Vec<Entry> {
        let (context, root) = (Context::new(resource).with_root_resource(Item::resource(around)), Item::resource(resource));
        let bounded = context.clone().with_limits(CUSTOM_LIMITS);
        let mut entries = Vec::with_capacity(64);
        let mut values = Vec::new();
        for compiled in of.parameters.iter().filter(|compiled| compiled.may_have_values(present)) {
            let context = if compiled.parameter.is_custom { &bounded } else { &context };
            let items = compiled.expression.evaluate(context, &root).unwrap_or_default();
            let extractor = Extractor { shape: compiled.parameter.shape(), registry: self, around };
            for item in &items {
                match compiled.parameter.kind {
                    ParameterKind::Composite => composite::push(extractor, context, compiled, item, &mut values),
                    _ => extractor.push(item, &mut values),
                }
            }
            let words = self.words_of(&compiled.parameter);
            add_derived(&compiled.parameter, words, &items, &values, &mut entries);
            let param = compiled.parameter.param;
            entries.extend(values.drain(..).map(|value| Entry { param, value }));
        }
        entries.sort_unstable();
        entries.dedup();
        entries
    }

    fn words_of(&self, parameter: &Parameter) -> Words {
        match self.indexes_words {
            _ if self.is_sealed(parameter) => Words::None,
            true => Words::All,
            false => Words::Codes,
        }
    }

    /// The words of the narrative and of all texts, where they are indexed.
    fn add_words(&self, kind: ResourceType, resource: &Value, entries: &mut Vec<Entry>) {
        if !self.indexes_words {
            return;
        }
        for (code, words) in [("_text", content::narrative(resource)), ("_content", content::everything(kind, resource))] {
            let mut values = Vec::new();
            if words.is_cut {
                let value = EntryValue::Token(Token { code: "cut".into(), system: "".into() });
                entries.push(Entry { param: cut_words(kind, code), value });
            }
            words.push(&mut values);
            let param = Param::of(kind.name(), code);
            entries.extend(values.into_iter().map(|value| Entry { param, value }));
        }
    }
}

/// Which words beside a parameter's values are indexed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    /// None: they would tell what the values are that nobody is to see.
    None,
    /// Those beside codes.
    Codes,
    /// Those beside references as well.
    All,
}

/// Under which number the store keeps an entry for each resource of the type that has more words than are indexed for `code`, `_text` or
/// `_content`.
pub fn cut_words(kind: ResourceType, code: &str) -> Param {
    Param::of(kind.name(), &format!("{code}:cut"))
}

/// Adds what is derived from the values of a parameter: words beside codes and references, types of identifiers, base units.
fn add_derived(of: &Parameter, words: Words, items: &[Item<'_>], values: &[EntryValue], entries: &mut Vec<Entry>) {
    let mut add = |param: Param, values: Vec<EntryValue>| entries.extend(values.into_iter().map(|value| Entry { param, value }));
    match of.kind {
        ParameterKind::Token => {
            let (mut texts, mut typed) = (Vec::new(), Vec::new());
            for item in items {
                if words != Words::None {
                    display::push_texts(item, &mut texts);
                }
                display::push_of_type(item, &mut typed);
            }
            add(of.derived.text, texts);
            add(of.derived.of_type, typed);
        }
        ParameterKind::Reference if words == Words::All => {
            let mut texts = Vec::new();
            items.iter().for_each(|item| display::push_texts(item, &mut texts));
            add(of.derived.text, texts);
        }
        ParameterKind::Quantity | ParameterKind::Composite => add(of.derived.ucum, values.iter().filter_map(in_base_units).collect()),
        _ => {}
    }
}

/// A quantity, or a combination with one, in UCUM's base units; `None` when it is as it was.
fn in_base_units(value: &EntryValue) -> Option<EntryValue> {
    match value {
        EntryValue::Quantity(quantity) => ucum::in_base_units(quantity).map(EntryValue::Quantity),
        EntryValue::Composite(parts) => {
            let converted: Vec<_> = parts.iter().map(in_base_units).collect();
            let is_other = converted.iter().any(Option::is_some);
            let parts = converted.into_iter().zip(parts).map(|(converted, part)| converted.unwrap_or_else(|| part.clone()));
            is_other.then(|| EntryValue::Composite(parts.collect()))
        }
        _ => None,
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
    // A period without a start begins before all others, which is not the same as no date at all.
    entries.iter().filter_map(first).max().map_or(NO_DATE, |first| first.max(NO_DATE + 1))
}

/// Turns the items that an expression yields into values.
#[derive(Clone, Copy)]
struct Extractor<'a> {
    shape: Shape<'a>,
    registry: &'a Registry,
    /// The resource into which references lead that begin with `#`.
    around: &'a Value,
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
            ParameterKind::Reference | ParameterKind::Uri => reference::push(self.registry, self.around, item, out),
            ParameterKind::Special => position::push(item, out),
            ParameterKind::Composite => {}
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
        add(if self.indexes_words { "words" } else { "no words" });
        if self.seals_index {
            add("sealed");
        }
        for kind in ResourceType::all() {
            add(kind.name());
            add(date::natural(kind).unwrap_or_default());
            for parameter in self.parameters(kind).filter(|parameter| !parameter.is_custom) {
                add(&parameter.code);
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

    fn defined(&self) -> Vec<(ResourceType, Vec<Param>)> {
        let of = |kind: ResourceType| {
            let custom = self.parameters(kind).filter(|parameter| parameter.is_custom);
            let mut params: Vec<Param> = custom.flat_map(Parameter::params).collect();
            params.sort_unstable();
            (kind, params)
        };
        if self.custom.is_empty() { Vec::new() } else { ResourceType::all().map(of).filter(|(_, params)| !params.is_empty()).collect() }
    }

    fn secrets(&self) -> Arc<Secrets> {
        Arc::clone(&self.known_secrets().secrets)
    }

    fn identity(&self) -> u64 {
        *self.identity.get_or_init(|| {
            let mut hash = Xxh3::with_seed(self.fingerprint());
            for (kind, params) in self.defined() {
                hash.update(kind.name().as_bytes());
                params.iter().for_each(|param| hash.update(&param.0.to_le_bytes()));
            }
            hash.digest().max(1)
        })
    }
}

#[cfg(test)]
mod tests;
