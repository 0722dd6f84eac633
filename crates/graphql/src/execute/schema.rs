//! Introspection while a query is answered.

use fhir::definitions::definitions;

use super::field::Values;
use super::node::Node;
use super::round::Round;
use crate::error::Error;
use crate::introspect::{self, Made, Meta, Root, type_named};
use crate::request;
use crate::syntax::Field;

impl<'a> Round<'a> {
    /// A part of the schema. What is null is there as null: tools count on it.
    pub(super) fn meta(&mut self, of: &introspect::Field, node: &Node<'a>, field: &Field) -> Result<Values<'a>, Error> {
        let made = match (of.name, node) {
            ("__schema", _) => Made::One(Meta::Schema(self.schema_root())),
            ("__type", _) => {
                let name = self.plan.text(field, "name")?.unwrap_or_default();
                type_named(self.schema_root(), &name).map_or(Made::Null, Made::One)
            }
            (name, Node::Meta(meta)) => meta.field(name),
            _ => Made::Null,
        };
        Ok(match made {
            Made::Null => vec![Node::Made(fhir::Value::Null)],
            Made::Plain(value) => vec![Node::Made(value)],
            Made::Texts(texts) => texts.iter().map(|text| Node::Made((*text).into())).collect(),
            Made::One(meta) => vec![Node::Meta(meta)],
            Made::Many(parts) => parts.into_iter().map(Node::Meta).collect(),
        })
    }

    fn schema_root(&self) -> Root {
        match self.plan.root {
            request::Root::System => Root::Query(None),
            request::Root::Type(kind) => Root::Query(Some(*kind)),
            request::Root::Resource(resource) => {
                let of = resource.resource_type().and_then(|name| definitions().type_by_name(name));
                of.map_or(Root::Query(None), |of| Root::Resource(of.id))
            }
        }
    }
}
