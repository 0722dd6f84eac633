//! Checking an expression against the definitions, before there is data.
//!
//! Each part gets the types that its items may have. Nothing is refused on a guess: where the types are not known, everything is allowed.

use fhir::definitions::{TypeId, TypeKind};

use crate::error::{Error, Result};
use crate::syntax::tree::{Expr, ExprKind, Operator};
use crate::types::{self, TypeSpecifier};

/// What is known of the items of a collection.
#[derive(Clone, Debug)]
struct Shape {
    /// The FHIR types that they may have; `None` when not known, or when they are System values.
    types: Option<Vec<TypeId>>,
    /// Whether their order means something.
    is_ordered: bool,
}

impl Shape {
    const ANY: Self = Self { types: None, is_ordered: true };

    fn of(id: TypeId) -> Self {
        Self { types: Some(vec![id]), is_ordered: true }.settled()
    }

    /// Both together.
    fn or(mut self, other: Self) -> Self {
        self.is_ordered &= other.is_ordered;
        self.types = self.types.zip(other.types).map(|(mut types, others)| {
            others.into_iter().for_each(|other| {
                if !types.contains(&other) {
                    types.push(other)
                }
            });
            types
        });
        self
    }

    /// Abstract types say nothing of what may stand there.
    fn settled(mut self) -> Self {
        self.types = self.types.filter(|types| !types.iter().any(|id| types::get(*id).is_abstract));
        self
    }
}

/// Checks an expression for input of a type. Gives the types that what it yields may have; `None` when they are not known.
pub(crate) fn check(expr: &Expr, root: &str, refuses_unordered: bool) -> Result<Option<Vec<TypeId>>> {
    let Some(root) = types::named(root) else {
        return Err(Error::semantic(0, format!("there is no type {root}")));
    };
    let root = Shape::of(root);
    Checker { root: &root, refuses_unordered }.shape(expr, &root, &root).map(|shape| shape.types)
}

struct Checker<'c> {
    root: &'c Shape,
    refuses_unordered: bool,
}

impl Checker<'_> {
    /// What an expression gives, on a focus and with `$this`.
    fn shape(&self, expr: &Expr, focus: &Shape, this: &Shape) -> Result<Shape> {
        match &expr.kind {
            ExprKind::This => Ok(this.clone()),
            ExprKind::External(name) if **name == *"context" => Ok(self.root.clone()),
            ExprKind::Chain(parts) => {
                let mut current = focus.clone();
                for part in parts {
                    current = self.shape(part, &current, this)?;
                }
                Ok(current)
            }
            ExprKind::Member { name, begins } => member(expr.at, &name.name, *begins, focus),
            ExprKind::Call { function, arguments, .. } => self.call(expr.at, function.name, arguments, focus, this),
            ExprKind::DefineVariable { value, .. } => {
                value.as_ref().map(|value| self.shape(value, focus, focus)).transpose()?;
                Ok(focus.clone())
            }
            ExprKind::At(index) => {
                self.shape(index, this, this)?;
                self.needs_order(expr.at, "[]", focus)?;
                Ok(focus.clone())
            }
            ExprKind::Polarity { operand, .. } | ExprKind::Descending(operand) => self.shape(operand, focus, this).map(|_| Shape::ANY),
            ExprKind::Binary { operator, left, right } => {
                let (left, right) = (self.shape(left, focus, this)?, self.shape(right, focus, this)?);
                Ok(if *operator == Operator::Union { left.or(right) } else { Shape::ANY })
            }
            ExprKind::Is { operand, specifier } => {
                self.shape(operand, focus, this)?;
                specifier.check(expr.at).map(|()| Shape::ANY)
            }
            ExprKind::As { operand, specifier } => cast(expr.at, &self.shape(operand, focus, this)?, specifier),
            ExprKind::Instance { id, elements } => {
                elements.iter().try_for_each(|(_, value)| self.shape(value, focus, this).map(|_| ()))?;
                Ok(Shape::of(*id))
            }
            ExprKind::Make { arguments, .. } => {
                arguments.iter().try_for_each(|argument| self.shape(argument, this, this).map(|_| ()))?;
                Ok(Shape::ANY)
            }
            _ => Ok(Shape::ANY),
        }
    }

    fn call(&self, at: u32, name: &str, arguments: &[Expr], focus: &Shape, this: &Shape) -> Result<Shape> {
        if let Some(ExprKind::Type(specifier)) = arguments.first().map(|argument| &argument.kind) {
            return if name == "is" { specifier.check(at).map(|()| Shape::ANY) } else { cast(at, focus, specifier) };
        }
        wants_text(at, name, focus)?;
        // These evaluate their arguments for each item, the others once.
        let takes_items =
            matches!(name, "where" | "select" | "exists" | "all" | "repeat" | "repeatAll" | "aggregate" | "sort" | "trace" | "iif");
        let inner = if takes_items { focus } else { this };
        let shapes = arguments.iter().map(|argument| self.shape(argument, inner, inner)).collect::<Result<Vec<_>>>()?;
        let mut shapes = shapes.into_iter();
        match name {
            "first" | "last" | "tail" | "skip" | "take" => {
                self.needs_order(at, &format!("{name}()"), focus)?;
                Ok(focus.clone())
            }
            "where" | "single" | "distinct" | "intersect" | "exclude" | "trace" => Ok(focus.clone()),
            "sort" => Ok(Shape { is_ordered: true, ..focus.clone() }),
            "select" => Ok(shapes.next().unwrap_or(Shape::ANY)),
            "repeat" | "repeatAll" => {
                let found = focus.clone().or(shapes.next().unwrap_or(Shape::ANY));
                arguments.first().map_or(Ok(Shape::ANY), |argument| self.shape(argument, &found, &found))
            }
            "union" | "combine" => Ok(focus.clone().or(shapes.next().unwrap_or(Shape::ANY))),
            "iif" => Ok(shapes.skip(1).reduce(Shape::or).unwrap_or(Shape::ANY)),
            "extension" => Ok(types::named("Extension").map_or(Shape::ANY, Shape::of)),
            "children" | "descendants" => Ok(Shape { types: None, is_ordered: false }),
            _ => Ok(Shape::ANY),
        }
    }

    fn needs_order(&self, at: u32, what: &str, focus: &Shape) -> Result<()> {
        match self.refuses_unordered && !focus.is_ordered {
            true => Err(Error::semantic(at, format!("{what} depends on the order of the items, and these have none: sort() them"))),
            false => Ok(()),
        }
    }
}

/// The functions that work on one string.
const ON_TEXT: [&str; 20] = [
    "indexOf",
    "lastIndexOf",
    "substring",
    "startsWith",
    "endsWith",
    "contains",
    "upper",
    "lower",
    "replace",
    "length",
    "toChars",
    "trim",
    "split",
    "matches",
    "matchesFull",
    "replaceMatches",
    "encode",
    "decode",
    "escape",
    "unescape",
];

/// An error where a function that works on a string is called on elements that have no text at all.
fn wants_text(at: u32, name: &str, focus: &Shape) -> Result<()> {
    let Some(types) = focus.types.as_ref().filter(|types| !types.is_empty() && ON_TEXT.contains(&name)) else { return Ok(()) };
    match types.iter().any(|id| types::get(*id).primitive.is_some()) {
        true => Ok(()),
        false => Err(Error::semantic(at, format!("{name}() works on a string, and here is {}", types::get(types[0]).name))),
    }
}

/// The elements of that name in the types of the focus, or the focus, when the name is that of its type.
fn member(at: u32, name: &str, begins: bool, focus: &Shape) -> Result<Shape> {
    let Some(types) = &focus.types else { return Ok(Shape { types: None, is_ordered: focus.is_ordered }) };
    if begins
        && let Some(named) = types::named(name)
        && types.iter().any(|id| types::is_a(*id, named))
    {
        return Ok(focus.clone());
    }
    let elements: Vec<_> = types.iter().filter_map(|id| types::get(*id).element(name)).collect();
    if elements.is_empty() && !types.is_empty() {
        return Err(unknown(at, name, types));
    }
    let mut found: Vec<TypeId> = elements.iter().flat_map(|element| element.types.iter().map(|kind| kind.id)).collect();
    found.sort_unstable();
    found.dedup();
    Ok(Shape { types: Some(found), is_ordered: focus.is_ordered }.settled())
}

fn unknown(at: u32, name: &str, types: &[TypeId]) -> Error {
    let names: Vec<_> = types.iter().map(|id| types::get(*id).name).take(3).collect();
    let choice = types.iter().find_map(|id| types::get(*id).member(name));
    let known = || types.iter().flat_map(|id| types::get(*id).elements.iter().map(|element| element.name));
    let remedy = match (choice, fhir::nearest(name, known())) {
        (Some((element, kind)), _) => format!(": write {}.ofType({})", element.name, types::get(kind.id).name),
        (None, Some(near)) => format!(": did you mean {near}?"),
        (None, None) => String::new(),
    };
    Error::semantic(at, format!("there is no element {name} in {}{remedy}", names.join(", ")))
}

/// The focus as a type: those of its types that it may be.
fn cast(at: u32, focus: &Shape, specifier: &TypeSpecifier) -> Result<Shape> {
    specifier.check(at)?;
    match specifier {
        TypeSpecifier::Fhir(id) | TypeSpecifier::Either(_, id) if types::get(*id).kind != TypeKind::Primitive => {
            Ok(Shape { is_ordered: focus.is_ordered, ..Shape::of(*id) })
        }
        _ => Ok(Shape { types: None, is_ordered: focus.is_ordered }),
    }
}
