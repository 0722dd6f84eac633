//! The tree of an expression as JSON, in the form that the FHIRPath Lab shows: <https://github.com/brianpos/fhirpath-lab>, `server-api.md`.
//!
//! What a step works on is its first argument there, so that a chain becomes a tower.

use fhir::{Object, Value};

use super::tree::{Expr, ExprKind, Operator};
use crate::item::{Item, System};
use crate::types::TypeSpecifier;

/// How high the tower may become, and of how many nodes it may be.
const MAX_DEPTH: usize = 120;
const MAX_NODES: usize = 5_000;

/// The tree; `None` when it is too large to be looked at.
pub(crate) fn outline(expr: &Expr) -> Option<Value> {
    Outline { depth: 0, nodes: 0 }.of(expr, None)
}

struct Outline {
    depth: usize,
    nodes: usize,
}

impl Outline {
    /// The node of a part, which works on `focus`.
    fn of(&mut self, expr: &Expr, focus: Option<Value>) -> Option<Value> {
        self.depth += 1;
        self.nodes += 1;
        if self.depth > MAX_DEPTH || self.nodes > MAX_NODES {
            return None;
        }
        let node = self.node(expr, focus);
        self.depth -= 1;
        node
    }

    fn node(&mut self, expr: &Expr, focus: Option<Value>) -> Option<Value> {
        let on_focus = |focus: Option<Value>| vec![focus.unwrap_or_else(|| leaf("AxisExpression", "builtin.that", expr.at))];
        Some(match &expr.kind {
            ExprKind::Empty => leaf("ConstantExpression", "{}", expr.at),
            ExprKind::Literal(item) => leaf("ConstantExpression", &literal(item), expr.at),
            ExprKind::This => leaf("AxisExpression", "builtin.this", expr.at),
            ExprKind::Index => leaf("AxisExpression", "builtin.index", expr.at),
            ExprKind::Total => leaf("AxisExpression", "builtin.total", expr.at),
            ExprKind::External(name) => leaf("VariableRefExpression", name, expr.at),
            ExprKind::Type(specifier) => leaf("ConstantExpression", &type_name(specifier), expr.at),
            ExprKind::Chain(parts) => return self.chain(parts, focus),
            ExprKind::Member { name, .. } => node("ChildExpression", &name.name, expr.at, on_focus(focus)),
            ExprKind::Call { function, arguments, .. } => {
                let arguments = self.with_arguments(on_focus(focus), arguments.iter())?;
                node("FunctionCallExpression", function.name, expr.at, arguments)
            }
            ExprKind::DefineVariable { name, value } => {
                let parts = std::iter::once(&**name).chain(value.as_deref());
                node("FunctionCallExpression", "defineVariable", expr.at, self.with_arguments(on_focus(focus), parts)?)
            }
            ExprKind::Make { maker, arguments } => {
                let arguments = self.with_arguments(vec![leaf("VariableRefExpression", "factory", expr.at)], arguments.iter())?;
                node("FunctionCallExpression", maker.name(), expr.at, arguments)
            }
            ExprKind::Instance { id, elements } => {
                let element = |(name, value): &(Box<str>, Expr)| Some(node("ChildExpression", name, value.at, vec![self.of(value, None)?]));
                let elements = elements.iter().map(element).collect::<Option<_>>()?;
                node("InstanceSelectorExpression", crate::types::get(*id).name, expr.at, elements)
            }
            ExprKind::At(index) => node("IndexerExpression", "[]", expr.at, self.with_arguments(on_focus(focus), [&**index])?),
            ExprKind::Polarity { negative, operand } => {
                node("UnaryExpression", if *negative { "-" } else { "+" }, expr.at, self.with_arguments(vec![], [&**operand])?)
            }
            ExprKind::Descending(key) => node("UnaryExpression", "desc", expr.at, self.with_arguments(vec![], [&**key])?),
            ExprKind::Binary { operator, left, right } => {
                node("BinaryExpression", operator.text(), expr.at, self.with_arguments(vec![], [&**left, &**right])?)
            }
            ExprKind::Is { operand, specifier } => self.typed("is", expr.at, operand, specifier)?,
            ExprKind::As { operand, specifier } => self.typed("as", expr.at, operand, specifier)?,
        })
    }

    fn chain(&mut self, parts: &[Expr], focus: Option<Value>) -> Option<Value> {
        let depth = self.depth;
        let mut tower = focus;
        for part in parts {
            self.depth += 1;
            tower = Some(self.of(part, tower)?);
        }
        self.depth = depth;
        tower
    }

    fn with_arguments<'e>(&mut self, mut arguments: Vec<Value>, more: impl IntoIterator<Item = &'e Expr>) -> Option<Vec<Value>> {
        for argument in more {
            arguments.push(self.of(argument, None)?);
        }
        Some(arguments)
    }

    fn typed(&mut self, name: &str, at: u32, operand: &Expr, specifier: &TypeSpecifier) -> Option<Value> {
        let operands = vec![self.of(operand, None)?, leaf("ConstantExpression", &type_name(specifier), at)];
        Some(node("BinaryExpression", name, at, operands))
    }
}

fn leaf(kind: &'static str, name: &str, at: u32) -> Value {
    node(kind, name, at, Vec::new())
}

fn node(kind: &'static str, name: &str, at: u32, arguments: Vec<Value>) -> Value {
    let mut node =
        Object::from_iter([("ExpressionType", Value::from(kind)), ("Name", Value::from(name)), ("Position", u64::from(at).into())]);
    if !arguments.is_empty() {
        node.push("Arguments", arguments);
    }
    node.into()
}

/// A literal as it is written.
fn literal(item: &Item<'_>) -> String {
    match item {
        Item::System(System::String(text)) => format!("'{}'", &**text),
        Item::System(value @ (System::Date(_) | System::DateTime(_))) => format!("@{}", value.text()),
        Item::System(value @ System::Time(_)) => format!("@T{}", value.text()),
        other => other.as_string().unwrap_or_default().into_owned(),
    }
}

fn type_name(specifier: &TypeSpecifier) -> String {
    match specifier {
        TypeSpecifier::System(system) => format!("System.{}", system.name()),
        TypeSpecifier::Fhir(id) | TypeSpecifier::Either(_, id) => crate::types::get(*id).name.to_owned(),
        TypeSpecifier::Unknown(name) => name.to_string(),
    }
}

impl Operator {
    /// How it is written.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::IntegerDivide => "div",
            Operator::Modulo => "mod",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Concatenate => "&",
            Operator::Union => "|",
            Operator::LessOrEqual => "<=",
            Operator::Less => "<",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::Equal => "=",
            Operator::Equivalent => "~",
            Operator::NotEqual => "!=",
            Operator::NotEquivalent => "!~",
            Operator::In => "in",
            Operator::Contains => "contains",
            Operator::And => "and",
            Operator::Or => "or",
            Operator::Xor => "xor",
            Operator::Implies => "implies",
        }
    }
}
