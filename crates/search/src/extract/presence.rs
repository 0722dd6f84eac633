//! Which parameters a resource can have values of at all: most of its type's elements are absent, and nothing need be looked for there.

use fhir::Value;
use fhir::definitions::ResourceType;

use crate::registry::operands;

/// Elements of a type, each by its bit in a set.
#[derive(Default)]
pub(crate) struct Elements {
    names: Vec<String>,
}

/// A set of elements.
pub(super) type Set = u128;

impl Elements {
    /// The elements of which one must be there for an expression to yield anything on a resource of `kind`, or on one of its parts when `kind` is
    /// `None`. `None` when that cannot be told from how its branches begin.
    pub(super) fn needed(&mut self, kind: Option<ResourceType>, expression: &str) -> Option<Set> {
        let mut set = 0;
        for branch in operands(expression) {
            let path = match kind {
                Some(kind) => {
                    [kind.name(), "Resource", "DomainResource"].iter().find_map(|root| branch.strip_prefix(root)?.strip_prefix('.'))?
                }
                None => branch,
            };
            let name: &str = path.split(|letter: char| !letter.is_ascii_alphanumeric()).next().filter(|name| !name.is_empty())?;
            let known = self.names.iter().position(|known| known == name);
            let place = known.unwrap_or_else(|| {
                self.names.push(name.to_owned());
                self.names.len() - 1
            });
            set |= 1_u128.checked_shl(u32::try_from(place).ok()?).filter(|&bit| bit != 0)?;
        }
        Some(set)
    }

    /// The elements that a resource has: `value` also as `valueQuantity` and `_valueString`.
    pub(super) fn of(&self, resource: &Value) -> Set {
        let mut set = 0;
        for (member, _) in resource.as_object().into_iter().flat_map(|object| object.iter()) {
            let member = member.strip_prefix('_').unwrap_or(member);
            for (place, name) in self.names.iter().enumerate().take(128) {
                let rest = member.strip_prefix(name.as_str());
                if rest.is_some_and(|rest| rest.bytes().next().is_none_or(|letter| letter.is_ascii_uppercase())) {
                    set |= 1 << place;
                }
            }
        }
        set
    }
}
