//! The value that `Coding { system: 'a', code: 'b' }` makes.

use fhir::definitions::{PrimitiveType, TypeId, TypeKind};
use fhir::value::Object;
use fhir::{Name, Value};

use super::made;
use crate::error::{Error, Result};
use crate::evaluate::{Evaluator, Scope, single};
use crate::item::{Collection, Item, System};
use crate::node::Node;
use crate::syntax::tree::Expr;
use crate::types;

impl<'a> Evaluator<'_, 'a> {
    /// A value of a type with these elements, each evaluated on the one item of the focus; nothing where there is none.
    pub(crate) fn instance<'s>(
        &'s self,
        at: u32,
        id: TypeId,
        elements: &'s [(Box<str>, Expr)],
        focus: &'s [Item<'a>],
        scope: &Scope<'s, 'a>,
    ) -> Result<Collection<'a>> {
        if single(at, "what a value is made on", focus)?.is_none() {
            return Ok(Collection::new());
        }
        let definition = types::get(id);
        let mut object = Object::new();
        if definition.kind == TypeKind::Resource {
            object.push("resourceType", definition.name);
        }
        let mut primitive = None;
        let mut sibling = Object::new();
        for (name, value) in elements {
            let items = self.given(value, focus, scope)?;
            self.charge(value.at, items.len().saturating_mul(super::CHECKING))?;
            match definition.primitive {
                Some(_) if **name == *"value" => {
                    if let Some(item) = single(value.at, "the value", &items)? {
                        primitive = Some(made::primitive(value.at, id, item)?);
                        sibling = item.node().and_then(Node::sibling).and_then(Value::as_object).cloned().unwrap_or(sibling);
                    }
                }
                Some(_) => made::set(value.at, &mut sibling, id, name, &items)?,
                None => {
                    refuse_text(value.at, id, name, &items)?;
                    self.set_element(value.at, &mut object, id, name, &items)?;
                }
            }
        }
        let node = match definition.primitive {
            Some(_) if primitive.is_none() && sibling.is_empty() => None,
            Some(_) => self.kept(at, primitive, (!sibling.is_empty()).then(|| sibling.into()), id)?,
            None => self.kept(at, Some(object.into()), None, id)?,
        };
        Ok(node.map(Item::Node).into_iter().collect())
    }

    /// Sets an element. A `BackboneElement` that stands for itself takes any.
    fn set_element(&self, at: u32, object: &mut Object, id: TypeId, name: &str, items: &[Item<'a>]) -> Result<()> {
        if made::element_of(types::get(id), name).is_some() {
            return made::set(at, object, id, name, items);
        }
        let values: Vec<Value> =
            items.iter().filter_map(|item| item.value().cloned().or_else(|| Some(made::plain(&item.system()?)))).collect();
        match <[Value; 1]>::try_from(values) {
            Ok([value]) => object.set(Name::from(name.to_owned()), value),
            Err(values) if values.is_empty() => {}
            Err(values) => object.set(Name::from(name.to_owned()), values),
        }
        Ok(())
    }
}

/// A text stands for no number and no truth, though `%factory` takes it.
fn refuse_text(at: u32, id: TypeId, name: &str, items: &[Item<'_>]) -> Result<()> {
    let kind = made::element_of(types::get(id), name).and_then(|(_, kind)| types::get(kind?.id).primitive);
    let is_text = items.iter().any(|item| matches!(item.system(), Some(System::String(_))));
    match kind {
        Some(kind) if is_text && (kind.is_number() || kind == PrimitiveType::Boolean) => {
            Err(Error::execution(at, format!("{name} must be a number or a boolean, and this is a text")))
        }
        _ => Ok(()),
    }
}
