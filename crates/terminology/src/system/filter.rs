//! Filters of a value set: `ValueSet.compose.include.filter` (<http://hl7.org/fhir/R4/valueset.html#compositions>).

use regex::Regex;

use crate::system::{Concept, Property, Rows, System};

/// The longest pattern that is compiled, in bytes, and the most memory that it may take.
const LONGEST_PATTERN: usize = 1000;
const PATTERN_BYTES: usize = 1 << 20;

/// How a filter compares: <http://hl7.org/fhir/R4/valueset-filter-operator.html>, and the two that R5 added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the code of the same name")]
pub enum Operator {
    Equals,
    IsA,
    DescendentOf,
    IsNotA,
    Regex,
    In,
    NotIn,
    Generalizes,
    Exists,
    ChildOf,
    DescendentLeaf,
}

impl Operator {
    /// The operator that a code names; `None` for another text.
    pub fn parse(code: &str) -> Option<Self> {
        Some(match code {
            "=" => Operator::Equals,
            "is-a" => Operator::IsA,
            "descendent-of" => Operator::DescendentOf,
            "is-not-a" => Operator::IsNotA,
            "regex" => Operator::Regex,
            "in" => Operator::In,
            "not-in" => Operator::NotIn,
            "generalizes" => Operator::Generalizes,
            "exists" => Operator::Exists,
            "child-of" => Operator::ChildOf,
            "descendent-leaf" => Operator::DescendentLeaf,
            _ => return None,
        })
    }
}

impl Operator {
    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Operator::Equals => "=",
            Operator::IsA => "is-a",
            Operator::DescendentOf => "descendent-of",
            Operator::IsNotA => "is-not-a",
            Operator::Regex => "regex",
            Operator::In => "in",
            Operator::NotIn => "not-in",
            Operator::Generalizes => "generalizes",
            Operator::Exists => "exists",
            Operator::ChildOf => "child-of",
            Operator::DescendentLeaf => "descendent-leaf",
        }
    }
}

/// A filter: a property, an operator and a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filter {
    /// The property, or `concept` (also `code`) for the concept itself.
    pub property: Box<str>,
    /// How it is compared.
    pub operator: Operator,
    /// With what.
    pub value: Box<str>,
}

/// Why a system cannot work with a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsupported {
    /// It has no such property, or the property has no such operator.
    Filter,
    /// The value is no regular expression, or one that takes too much.
    Pattern,
}

/// The rows that a filter lets through, for a system that has nothing better.
pub(crate) fn select<S: System + ?Sized>(system: &S, filter: &Filter) -> Result<Rows, Unsupported> {
    let count = system.rows().ok_or(Unsupported::Filter)?;
    match &*filter.property {
        "concept" | "code" => select_concepts(system, filter, count),
        "child" | "parent" if filter.operator != Operator::Regex => Ok(select_by_neighbours(system, filter, count)),
        "display" => select_by(system, filter, count, |concept, test| system.display(concept).is_some_and(|display| test(&display))),
        property if is_known(system, property) => select_by_property(system, filter, count),
        _ => Err(Unsupported::Filter),
    }
}

/// Whether a property can be filtered by: one that the system defines, or one that FHIR defines for all.
fn is_known<S: System + ?Sized>(system: &S, property: &str) -> bool {
    matches!(property, "inactive" | "notSelectable" | "status" | "deprecated" | "abstract")
        || system.about().properties.iter().any(|definition| *definition.code == *property)
}

fn select_concepts<S: System + ?Sized>(system: &S, filter: &Filter, count: u32) -> Result<Rows, Unsupported> {
    let named = system.find(&filter.value).and_then(|concept| concept.row());
    let with = |mut rows: Rows, row: u32| {
        rows.insert(row);
        rows
    };
    let from = |make: &dyn Fn(u32) -> Rows| named.map_or_else(|| Rows::none(count), make);
    Ok(match filter.operator {
        Operator::IsA => from(&|row| with(system.descendants(row), row)),
        Operator::DescendentOf => from(&|row| system.descendants(row)),
        Operator::IsNotA => named.map_or_else(|| Rows::all(count), |row| with(system.descendants(row), row).complement(count)),
        Operator::ChildOf => from(&|row| neighbours(count, |each| system.children(row, each))),
        Operator::DescendentLeaf => from(&|row| {
            let below = system.descendants(row);
            Rows::of(count, |row| below.contains(row) && !any(|each| system.children(row, each)))
        }),
        Operator::Generalizes => from(&|row| with(super::rows::above(system, row), row)),
        Operator::Equals => from(&|row| with(Rows::none(count), row)),
        Operator::In | Operator::NotIn => {
            let mut rows = Rows::none(count);
            for row in list(&filter.value).filter_map(|code| system.find(code)?.row()) {
                rows.insert(row);
            }
            if filter.operator == Operator::NotIn { rows.complement(count) } else { rows }
        }
        Operator::Regex => return select_by(system, filter, count, |concept, test| test(&system.code(concept))),
        Operator::Exists => return Err(Unsupported::Filter),
    })
}

/// Whether a walk meets anything.
fn any(visit: impl FnOnce(&mut dyn FnMut(u32))) -> bool {
    let mut is_met = false;
    visit(&mut |_| is_met = true);
    is_met
}

fn neighbours(count: u32, visit: impl FnOnce(&mut dyn FnMut(u32))) -> Rows {
    let mut rows = Rows::none(count);
    visit(&mut |row| {
        rows.insert(row);
    });
    rows
}

/// `parent` and `child` as properties: by a neighbour's code, or by whether there is any.
fn select_by_neighbours<S: System + ?Sized>(system: &S, filter: &Filter, count: u32) -> Rows {
    let is_child = &*filter.property == "child";
    let around = |row: u32, each: &mut dyn FnMut(u32)| if is_child { system.children(row, each) } else { system.parents(row, each) };
    if filter.operator == Operator::Exists {
        let wanted = &*filter.value == "true";
        return Rows::of(count, |row| any(|each| around(row, each)) == wanted);
    }
    let mut named = Rows::none(count);
    for row in list(&filter.value).filter_map(|code| system.find(code)?.row()) {
        named.insert(row);
    }
    let rows = Rows::of(count, |row| {
        let mut is_found = false;
        around(row, &mut |other| is_found |= named.contains(other));
        is_found
    });
    if filter.operator == Operator::NotIn { rows.complement(count) } else { rows }
}

fn select_by_property<S: System + ?Sized>(system: &S, filter: &Filter, count: u32) -> Result<Rows, Unsupported> {
    let property = &*filter.property;
    if filter.operator == Operator::Exists {
        let wanted = &*filter.value == "true";
        return Ok(Rows::of(count, |row| {
            let mut is_found = false;
            each_value(system, &Concept::Row(row), property, &mut |_| is_found = true);
            is_found == wanted
        }));
    }
    select_by(system, filter, count, |concept, test| {
        let mut is_found = false;
        each_value(system, concept, property, &mut |value| is_found = is_found || test(value));
        is_found
    })
}

/// The values of a property as text. What the system says otherwise, in a status, is understood for the properties that FHIR defines.
fn each_value<S: System + ?Sized>(system: &S, concept: &Concept, property: &str, each: &mut dyn FnMut(&str)) {
    let mut is_stated = false;
    system.properties(concept, &mut |stated: Property<'_>| {
        if stated.code == property || is_same_by_uri(property, stated.uri) {
            is_stated = true;
            each(&stated.value.text());
        }
    });
    if !is_stated {
        match property {
            "status" => system.status(concept).into_iter().for_each(|status| each(&status)),
            "inactive" => each(if system.flags(concept).is_inactive { "true" } else { "false" }),
            _ => {}
        }
    }
}

/// Whether a property that a system calls otherwise is the one that FHIR defines under this name.
pub(crate) fn is_same_by_uri(property: &str, uri: Option<&str>) -> bool {
    matches!(property, "inactive" | "notSelectable" | "status" | "deprecated")
        && uri.and_then(|uri| uri.strip_prefix("http://hl7.org/fhir/concept-properties#")) == Some(property)
}

/// The rows of which some text compares.
fn select_by<S: System + ?Sized>(
    _system: &S,
    filter: &Filter,
    count: u32,
    any: impl Fn(&Concept, &dyn Fn(&str) -> bool) -> bool,
) -> Result<Rows, Unsupported> {
    let rows = |test: &dyn Fn(&str) -> bool| Rows::of(count, |row| any(&Concept::Row(row), test));
    Ok(match filter.operator {
        Operator::Equals => rows(&|value| value == &*filter.value),
        Operator::In => rows(&|value| list(&filter.value).any(|wanted| wanted == value)),
        Operator::NotIn => rows(&|value| list(&filter.value).any(|wanted| wanted == value)).complement(count),
        Operator::Regex => {
            let pattern = pattern(&filter.value).ok_or(Unsupported::Pattern)?;
            rows(&|value| pattern.is_match(value))
        }
        _ => return Err(Unsupported::Filter),
    })
}

pub(crate) fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim)
}

/// The pattern, which has to fit the whole text. It is matched in time linear to the text.
pub(crate) fn pattern(text: &str) -> Option<Regex> {
    if text.len() > LONGEST_PATTERN {
        return None;
    }
    regex::RegexBuilder::new(&format!("^(?:{text})$")).size_limit(PATTERN_BYTES).dfa_size_limit(PATTERN_BYTES).nest_limit(50).build().ok()
}
