//! `Coding { system: 'a', code: 'b' }`: values of FHIR's types, written out. The syntax is CQL's, and in the drafts of FHIRPath 3.

use fhir::definitions::{TypeId, TypeKind};

use super::parse::{Parser, node};
use super::token::TokenKind;
use super::tree::{Expr, ExprKind};
use crate::error::{Error, Result};
use crate::factory;
use crate::types;

/// The type of elements that stand for whichever elements the place wants where they are put.
const BACKBONE: &str = "BackboneElement";

impl Parser<'_> {
    /// The namespace and name of `FHIR.Coding {`, when that is what comes here. All of it is read then.
    pub(super) fn qualified_instance(&mut self, parts: &[Expr]) -> Option<(String, String)> {
        let [Expr { kind: ExprKind::Member { name: namespace, begins: true }, .. }] = parts else { return None };
        let [TokenKind::Symbol("."), TokenKind::Word(_) | TokenKind::Quoted(_), TokenKind::Symbol("{")] =
            [0, 1, 2].map(|ahead| self.ahead(ahead))
        else {
            return None;
        };
        self.advance();
        let name = self.type_name().ok()?;
        self.advance();
        Some((namespace.name.to_string(), name))
    }

    /// What comes after `Coding {`.
    pub(super) fn instance(&mut self, at: u32, namespace: Option<&str>, name: &str) -> Result<Expr> {
        let known = types::named(name).filter(|_| namespace.is_none_or(|namespace| namespace == "FHIR"));
        let Some(id) = known.filter(|id| !types::get(*id).is_abstract || types::get(*id).name == BACKBONE) else {
            return Err(Error::semantic(at, format!("no {name} can be made: it is no type of FHIR, or an abstract one")));
        };
        let mut elements = Vec::new();
        if self.eat(":") {
            self.expect("}")?;
            return instance(at, id, elements);
        }
        loop {
            let place = self.position();
            let name = self.type_name()?;
            self.expect(":")?;
            elements.push((place, name.into(), self.expression(0)?));
            if self.eat("}") {
                return instance(at, id, elements);
            }
            self.expect(",")?;
        }
    }
}

type Elements = Vec<(u32, Box<str>, Expr)>;

/// The part that makes a value of a type, its elements checked against the definitions.
fn instance(at: u32, id: TypeId, elements: Elements) -> Result<Expr> {
    let definition = types::get(id);
    let is_open = definition.name == BACKBONE;
    let mut known: Vec<&str> = Vec::new();
    let mut checked = Vec::with_capacity(elements.len());
    for (place, name, value) in elements {
        let is_value = definition.primitive.is_some() && *name == *"value";
        let found = factory::element_of(definition, &name);
        let value = match found {
            Some((element, _)) => within(element.types.first().map(|kind| kind.id), value)?,
            None if is_open || is_value => value,
            None => {
                let near = fhir::nearest(&name, definition.elements.iter().map(|element| element.name));
                let remedy = near.map(|near| format!(": did you mean {near}?")).unwrap_or_default();
                return Err(Error::semantic(place, format!("there is no element {name} in {}{remedy}", definition.name)));
            }
        };
        if let Some((element, _)) = found {
            if known.contains(&element.name) {
                return Err(Error::semantic(place, format!("{} is there twice", element.name)));
            }
            known.push(element.name);
        }
        checked.push((name, value));
    }
    let height = checked.iter().map(|(_, value)| value.height).max().unwrap_or(0);
    node(at, height, ExprKind::Instance { id, elements: checked.into() })
}

/// A `BackboneElement { … }` as the type that the element has which it is put into.
fn within(wanted: Option<TypeId>, value: Expr) -> Result<Expr> {
    match (value.kind, wanted) {
        (ExprKind::Instance { id, elements }, Some(wanted))
            if types::get(id).name == BACKBONE && types::get(wanted).kind == TypeKind::Backbone =>
        {
            let at = value.at;
            instance(at, wanted, elements.into_iter().map(|(name, value)| (at, name, value)).collect())
        }
        (kind, _) => Ok(Expr { kind, ..value }),
    }
}
