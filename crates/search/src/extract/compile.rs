//! The expressions of a type's parameters, compiled once.

use fhirpath::Expression;

use crate::registry::{Parameter, TypeParameters};

/// A parameter with its expressions.
pub(crate) struct Compiled {
    pub(super) parameter: &'static Parameter,
    pub(super) expression: Expression,
    /// Those of its components.
    pub(super) components: Vec<Expression>,
}

impl TypeParameters {
    /// The parameters that are extracted, compiled on the first call. A test sees to it that every expression of the table compiles.
    pub(super) fn compiled(&'static self) -> &'static [Compiled] {
        self.compiled.get_or_init(|| {
            let extracted = |parameter: &&Parameter| parameter.is_supported() && !parameter.is_built_in();
            self.parameters.iter().filter(extracted).filter_map(compile).collect()
        })
    }
}

fn compile(parameter: &'static Parameter) -> Option<Compiled> {
    let expression = Expression::parse(&parameter.expression).ok()?;
    let components = parameter.components.iter().map(|component| Expression::parse(&component.expression).ok());
    Some(Compiled { parameter, expression, components: components.collect::<Option<_>>()? })
}
