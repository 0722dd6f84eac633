//! `%factory`: values of FHIR's types that an expression makes (<https://hl7.org/fhir/fhirpath.html#factory>).

mod instance;
mod made;

use std::ops::RangeInclusive;

pub(crate) use made::element_of;

use fhir::Value;
use fhir::definitions::TypeId;
use fhir::value::Object;

use crate::error::{Error, Result};
use crate::evaluate::{Evaluator, Scope, single, text_of};
use crate::item::{Collection, Item};
use crate::node::Node;
use crate::syntax::tree::{Expr, ExprKind};
use crate::types;
use crate::types::TypeSpecifier;

/// The steps that a value counts for which is checked against the definitions.
const CHECKING: usize = 100;

/// What a call makes.
#[derive(Debug)]
pub(crate) enum Maker {
    /// A primitive, from its value and extensions.
    Primitive(TypeId),
    /// A complex value, from the values of these elements.
    Complex(TypeId, &'static [&'static str]),
    /// An empty value of a type.
    Create,
    /// A copy with one more extension, from its address and value.
    WithExtension,
    /// A copy with another value of an element, from its name and value.
    WithProperty,
}

/// The complex types that are made in one call, and the elements that its arguments are.
const COMPLEX: [(&str, &[&str]); 8] = [
    ("Extension", &["url", "value"]),
    ("Identifier", &["system", "value", "use", "type"]),
    ("HumanName", &["family", "given", "prefix", "suffix", "text", "use"]),
    ("ContactPoint", &["system", "value", "use"]),
    ("Address", &["line", "city", "state", "postalCode", "country", "use", "type"]),
    ("Quantity", &["system", "code", "value", "unit"]),
    ("Coding", &["system", "code", "display", "version"]),
    ("CodeableConcept", &["coding", "text"]),
];

impl Maker {
    pub(crate) fn find(name: &str) -> Option<Self> {
        match name {
            "create" => return Some(Self::Create),
            "withExtension" => return Some(Self::WithExtension),
            "withProperty" => return Some(Self::WithProperty),
            _ => {}
        }
        let id = types::named(name)?;
        if types::get(id).primitive.is_some() {
            return Some(Self::Primitive(id));
        }
        COMPLEX.iter().find(|(known, _)| *known == name).map(|(_, elements)| Self::Complex(id, elements))
    }

    /// The name by which it is called.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Primitive(id) | Self::Complex(id, _) => types::get(*id).name,
            Self::Create => "create",
            Self::WithExtension => "withExtension",
            Self::WithProperty => "withProperty",
        }
    }

    /// How many arguments it takes.
    pub(crate) fn arguments(&self) -> RangeInclusive<usize> {
        match self {
            Self::Primitive(_) => 1..=2,
            Self::Complex(_, elements) => 1..=elements.len(),
            Self::Create => 1..=1,
            Self::WithExtension | Self::WithProperty => 3..=3,
        }
    }
}

impl<'a> Evaluator<'_, 'a> {
    /// What a call of `%factory` makes, kept in the context's arena.
    pub(crate) fn make(&self, at: u32, maker: &Maker, arguments: &[Expr], scope: &Scope<'_, 'a>) -> Result<Collection<'a>> {
        let argument = |index: usize| match arguments.get(index) {
            Some(argument) => self.evaluate(argument, scope.this, scope),
            None => Ok(Collection::new()),
        };
        let made = match maker {
            Maker::Primitive(id) => self.primitive(at, *id, &argument(0)?, &argument(1)?)?,
            Maker::Complex(id, elements) => {
                let mut object = Object::new();
                for (index, element) in elements.iter().enumerate() {
                    let items = argument(index)?;
                    self.charge(at, items.len().saturating_mul(CHECKING))?;
                    made::set(at, &mut object, *id, element, &items)?;
                }
                self.kept(at, Some(object.into()), None, *id)?
            }
            Maker::Create => match arguments.first().map(|argument| &argument.kind) {
                Some(ExprKind::Type(TypeSpecifier::Fhir(id) | TypeSpecifier::Either(_, id))) => self.empty(at, *id)?,
                _ => return Err(Error::semantic(at, "create() needs the name of a type of FHIR")),
            },
            Maker::WithExtension => {
                let extension = made::extension(at, &argument(1)?, &argument(2)?)?;
                self.changed(at, &argument(0)?, |object, _| made::append(object, "extension", extension))?
            }
            Maker::WithProperty => {
                let (name, value) = (argument(1)?, argument(2)?);
                self.charge(at, value.len().saturating_mul(CHECKING))?;
                let Some(name) = text_of(at, "the name of the element", &name)? else { return Ok(Collection::new()) };
                self.changed(at, &argument(0)?, |object, id| made::set(at, object, id, &name, &value))?
            }
        };
        Ok(made.map(Item::Node).into_iter().collect())
    }

    fn primitive(&self, at: u32, id: TypeId, value: &[Item<'a>], extensions: &[Item<'a>]) -> Result<Option<Node<'a>>> {
        let value = match single(at, "the value", value)? {
            Some(item) => Some(made::primitive(at, id, item)?),
            None => None,
        };
        let extensions: Vec<Value> = extensions.iter().filter_map(Item::value).cloned().collect();
        let sibling = (!extensions.is_empty()).then(|| Object::from_iter([("extension", Value::Array(extensions))]).into());
        self.kept(at, value, sibling, id)
    }

    fn empty(&self, at: u32, id: TypeId) -> Result<Option<Node<'a>>> {
        let is_primitive = types::get(id).primitive.is_some();
        self.kept(at, (!is_primitive).then(|| Object::new().into()), None, id)
    }

    /// A copy of the one item, with a change to its members: for a primitive, to those that stand beside it.
    fn changed(&self, at: u32, items: &[Item<'a>], change: impl FnOnce(&mut Object, TypeId) -> Result<()>) -> Result<Option<Node<'a>>> {
        let Some(item) = single(at, "what is changed", items)? else { return Ok(None) };
        let Some((node, id)) = item.node().and_then(|node| Some((node, node.type_id()?))) else {
            return Err(Error::execution(at, "only values of FHIR's types can be changed"));
        };
        let is_primitive = node.primitive().is_some();
        let members = if is_primitive { node.sibling() } else { node.value() };
        let mut object = members.and_then(Value::as_object).cloned().unwrap_or_default();
        change(&mut object, id)?;
        match is_primitive {
            true => self.kept(at, node.value().cloned(), Some(object.into()), id),
            false => self.kept(at, Some(object.into()), None, id),
        }
    }

    fn kept(&self, at: u32, value: Option<Value>, sibling: Option<Value>, id: TypeId) -> Result<Option<Node<'a>>> {
        let Some(arena) = self.context.arena else {
            return Err(Error::execution(at, "%factory is not available here: nothing is to be made"));
        };
        // Each is a copy, and the arena looks for its end: both are counted.
        let weight = value.iter().chain(&sibling).map(weight).sum::<usize>();
        self.charge(at, 1000 + weight)?;
        Ok(Some(Node::made(value.map(|value| arena.keep(value)), sibling.map(|sibling| arena.keep(sibling)), id)))
    }
}

/// About how much memory a value takes, in steps.
fn weight(value: &Value) -> usize {
    match value {
        Value::Object(object) => 8 * object.len() + object.iter().map(|(_, value)| weight(value)).sum::<usize>(),
        Value::Array(values) => 4 * values.len() + values.iter().map(weight).sum::<usize>(),
        Value::String(text) | Value::Number(text) => text.len() / 8,
        Value::Null | Value::Bool(_) => 0,
    }
}
