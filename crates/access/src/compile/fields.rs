//! Which elements of a type are hidden, which must not be changed, and which name nobody but the user.

use fhir::definitions::ResourceType;
use store::query::Filter;

use super::{OfKind, Plan};
use crate::criteria::is_everything;
use crate::policy::{Effect, Rule};
use crate::{Act, Fields};

/// What a rule says of elements.
type Elements = fn(&Rule) -> &[(ResourceType, Box<str>)];

impl Plan {
    /// The elements of a type; `None` when there are none.
    ///
    /// An element that a rule hides with what it allows is shown when another rule allows everything of the type and does not hide it: which of a
    /// few resources another rule is about does not say whether it may be seen in all. What is denied is hidden always.
    pub(super) fn fields(&self, of: &OfKind, kind: ResourceType) -> Option<Fields> {
        let fields = Fields {
            hidden: self.elements(of, kind, |rule| &rule.hidden, &[Act::Read, Act::Search]),
            read_only: self.elements(of, kind, |rule| &rule.read_only, &[Act::Create, Act::Update]),
            own: self.elements(of, kind, |rule| &rule.own, &[Act::Create, Act::Update]),
        };
        (fields != Fields::default()).then_some(fields)
    }

    fn elements(&self, of: &OfKind, kind: ResourceType, elements: Elements, acts: &[Act]) -> Vec<Box<str>> {
        let rule = |index: &usize| self.applied[*index].rule();
        let allows = |index: &usize| rule(index).effect == Effect::Allow && acts.iter().any(|act| rule(index).acts.has(*act));
        let allowing: Vec<&(usize, Filter)> = of.rules.iter().filter(|(index, _)| allows(index)).collect();
        let mut found: Vec<&str> = Vec::new();
        for (index, _) in &allowing {
            let opened = |path: &str| {
                acts.iter().all(|act| {
                    let covers = |(other, filter): &&&(usize, Filter)| is_everything(filter) && rule(other).acts.has(*act);
                    // An act that this rule does not allow needs nobody else to open it.
                    !rule(index).acts.has(*act)
                        || allowing.iter().filter(covers).any(|(other, _)| !names(elements(rule(other)), kind, path))
                })
            };
            found.extend(Rule::of_kind(elements(rule(index)), kind).filter(|path| !opened(path)));
        }
        for (index, _) in of.rules.iter().filter(|(index, _)| rule(index).denies_elements_only()) {
            found.extend(Rule::of_kind(elements(rule(index)), kind));
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(Box::from).collect()
    }
}

/// Whether an element, or one that it is part of, is among those.
fn names(elements: &[(ResourceType, Box<str>)], kind: ResourceType, path: &str) -> bool {
    Rule::of_kind(elements, kind).any(|known| path.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}
