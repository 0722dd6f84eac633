//! The resources that searches ask about, and the values that a parameter has in them.

use std::collections::{HashMap, HashSet};

use fhir::Value;
use fhir::definitions::ResourceType;
use fhirpath::{Context, Expression, Item};
use search::{Parameter, Registry};
use store::entry::Param;

/// A value of a parameter: its type and its JSON.
pub type Drawn<'a> = (&'static str, &'a Value);

/// How many resources are kept of a type of which the server has very many.
const MOST_OF_MANY: usize = 60;

/// The resources.
pub struct Data {
    by_kind: HashMap<ResourceType, Vec<Value>>,
    /// The types of which the server has more than these.
    partial: HashSet<ResourceType>,
    /// By parameter: its expression, and those of its components.
    expressions: HashMap<Param, (Expression, Vec<Expression>)>,
}

impl Data {
    /// None yet.
    pub fn new(registry: &Registry) -> Self {
        let mut expressions = HashMap::new();
        for kind in ResourceType::all() {
            for parameter in registry.parameters(kind) {
                let Ok(whole) = Expression::parse(&parameter.expression) else { continue };
                let parts = parameter.components.iter().filter_map(|part| Expression::parse(&part.expression).ok());
                expressions.insert(parameter.param, (whole, parts.collect()));
            }
        }
        Self { by_kind: HashMap::new(), partial: HashSet::new(), expressions }
    }

    /// Adds the resources of a type; of those that the server itself brings, and has many of, only some.
    pub fn add(&mut self, kind: ResourceType, mut resources: Vec<Value>, is_whole: bool) {
        if !is_whole {
            resources.truncate(MOST_OF_MANY);
            self.partial.insert(kind);
        }
        self.by_kind.insert(kind, resources);
    }

    /// Whether the server has no more resources of the type than these.
    pub fn is_whole(&self, kind: ResourceType) -> bool {
        !self.partial.contains(&kind)
    }

    /// The resources of a type.
    pub fn of(&self, kind: ResourceType) -> &[Value] {
        self.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The resource of a type and id.
    pub fn get(&self, kind: ResourceType, id: &str) -> Option<&Value> {
        self.of(kind).iter().find(|resource| resource.text("id") == Some(id))
    }

    /// The values of a parameter in a resource.
    pub(super) fn values<'a>(&self, parameter: &Parameter, resource: &'a Value) -> Vec<Drawn<'a>> {
        let Some((expression, _)) = self.expressions.get(&parameter.param) else { return Vec::new() };
        let found = expression.evaluate(&Context::new(resource), &Item::resource(resource)).unwrap_or_default();
        found.iter().filter_map(drawn).collect()
    }

    /// For each element of a composite parameter the values of its components.
    pub(super) fn combinations<'a>(&self, parameter: &Parameter, resource: &'a Value) -> Vec<Vec<Vec<Drawn<'a>>>> {
        let Some((whole, parts)) = self.expressions.get(&parameter.param) else { return Vec::new() };
        let context = Context::new(resource);
        let elements = whole.evaluate(&context, &Item::resource(resource)).unwrap_or_default();
        let of_part = |element: &Item<'a>, part: &Expression| -> Vec<Drawn<'a>> {
            part.evaluate(&context, element).unwrap_or_default().iter().filter_map(drawn).collect()
        };
        elements.iter().map(|element| parts.iter().map(|part| of_part(element, part)).collect()).collect()
    }
}

fn drawn<'a>(item: &Item<'a>) -> Option<Drawn<'a>> {
    if let Some(value) = item.value() {
        return Some((item.type_name(), value));
    }
    // The answer of a question, as `Patient.deceased` is one.
    Some(("boolean", if item.as_bool()? { &Value::Bool(true) } else { &Value::Bool(false) }))
}
