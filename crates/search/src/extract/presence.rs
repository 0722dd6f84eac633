//! Which parameters a resource can have values of at all: most of its type's elements are absent, and nothing need be looked for there.

use std::collections::BTreeMap;

use fhir::Value;
use fhir::definitions::{ResourceType, TypeId, definitions};

use crate::registry::operands;

/// The elements that the expressions of a type begin with, each with a bit in a set.
#[derive(Default)]
pub(crate) struct Elements {
    /// An element and the type that is picked from its choice.
    bits: Vec<(&'static str, Option<TypeId>)>,
    /// The JSON members of a resource that are such elements, with their bits.
    members: BTreeMap<&'static str, Set>,
}

/// A set of elements.
pub(super) type Set = u128;

impl Elements {
    /// The elements of which one must be there for an expression to yield anything on a resource. `None` when that cannot be told from how its
    /// branches begin. `root` is the name that the branches begin with: that of the type, or nothing where they begin with an element of it.
    pub(super) fn needed(&mut self, kind: ResourceType, root: &str, expression: &str) -> Option<Set> {
        let mut set = 0;
        for branch in operands(expression) {
            let path = match root {
                "" => branch,
                root => [root, "Resource", "DomainResource"].iter().find_map(|root| branch.strip_prefix(root)?.strip_prefix('.'))?,
            };
            set |= self.bit(kind, path)?;
        }
        Some(set)
    }

    /// The bit of the element that a path begins with.
    fn bit(&mut self, kind: ResourceType, path: &str) -> Option<Set> {
        let end = path.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(path.len());
        let (name, rest) = path.split_at(end);
        let element = definitions().resource(kind).element(name)?;
        let picked = rest.strip_prefix(".ofType(").and_then(|rest| rest.split_once(')')).map(|(name, _)| name);
        let picked = match picked {
            Some(name) => Some(definitions().type_by_name(name)?.id),
            None => None,
        };
        let key = (element.name, picked);
        let place = self.bits.iter().position(|known| *known == key).unwrap_or(self.bits.len());
        if place == self.bits.len() {
            self.bits.push(key);
        }
        let bit: Set = 1_u128.checked_shl(u32::try_from(place).ok()?)?;
        for member in element.types.iter().filter(|of| picked.is_none_or(|picked| definitions().is_a(of.id, picked))) {
            *self.members.entry(member.member).or_default() |= bit;
        }
        Some(bit)
    }

    /// The elements that a resource has.
    pub(super) fn of(&self, resource: &Value) -> Set {
        let members = resource.as_object().into_iter().flat_map(|object| object.iter());
        let bits = members.filter_map(|(member, _)| self.members.get(member.strip_prefix('_').unwrap_or(member)));
        bits.fold(0, |set, bits| set | bits)
    }
}
