//! The expressions of a type's parameters, compiled once.

use std::sync::Arc;

use fhir::Value;
use fhir::definitions::ResourceType;
use fhirpath::{Context, Expression, Item};

use super::presence::{Elements, Set};
use crate::registry::{Origin, Parameter, TypeParameters, operands};

/// The compiled parameters of a type.
#[derive(Default)]
pub(crate) struct CompiledType {
    pub(super) parameters: Vec<Compiled>,
    pub(super) elements: Elements,
}

/// A parameter with its expressions.
pub(super) struct Compiled {
    pub(super) parameter: Arc<Parameter>,
    pub(super) expression: Expression,
    /// Those of its components.
    pub(super) components: Vec<Expression>,
    /// Sets of elements: a resource that has none of one of them has no values.
    needs: Vec<Set>,
}

impl Compiled {
    /// Whether a resource with these elements may have values.
    pub(super) fn may_have_values(&self, present: Set) -> bool {
        self.needs.iter().all(|need| need & present != 0)
    }
}

impl TypeParameters {
    /// The parameters that are extracted, compiled on the first call. A test sees to it that every expression of the table compiles.
    pub(super) fn compiled(&self) -> &CompiledType {
        self.compiled.get_or_init(|| {
            let mut compiled = CompiledType::default();
            let extracted = |parameter: &&Arc<Parameter>| parameter.origin == Origin::Expression;
            for parameter in self.parameters.iter().filter(extracted) {
                compiled.parameters.extend(compile(self.kind, parameter, &mut compiled.elements));
            }
            compiled
        })
    }
}

fn compile(kind: ResourceType, parameter: &Arc<Parameter>, elements: &mut Elements) -> Option<Compiled> {
    let expression = Expression::parse(&parameter.expression).ok()?;
    let components = parameter.components.iter().map(|component| Expression::parse(&component.expression).ok());
    let components = components.collect::<Option<_>>()?;
    // `Patient.deceased` is a question that is answered when nothing is there.
    let empty = Value::from(fhir::Object::from_iter([("resourceType", kind.name())]));
    let is_answered = !expression.evaluate(&Context::new(&empty), &Item::resource(&empty)).unwrap_or_default().is_empty();
    let needs = if parameter.is_custom && !is_path(&parameter.expression) {
        Vec::new()
    } else if parameter.expression == kind.name() {
        parameter.components.iter().filter_map(|component| elements.needed(kind, "", &component.expression)).collect()
    } else if is_answered {
        Vec::new()
    } else {
        elements.needed(kind, kind.name(), &parameter.expression).into_iter().collect()
    };
    Some(Compiled { parameter: parameter.clone(), expression, components, needs })
}

/// Whether an expression is nothing but elements, types picked and unions of these: then nothing comes of it where its elements are absent.
fn is_path(expression: &str) -> bool {
    operands(expression).all(|branch| {
        let plain = branch.replace(".ofType(", ".").replace(')', "");
        plain.split('.').all(|name| !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric()))
    })
}
