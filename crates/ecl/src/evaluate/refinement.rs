//! Refinements: the sets in them are evaluated once, then each concept is looked at once.

use roaring::RoaringBitmap;

use super::Evaluation;
use super::relationship::{GroupKey, Incoming, Names, is_met, is_named};
use super::value::ValueTest;
use crate::error::Error;
use crate::tree::{At, Attribute, Cardinality, Refinement};

/// A refinement whose sets have been evaluated; attributes are numbers into a list of them.
enum Plan {
    All(Vec<Plan>),
    Any(Vec<Plan>),
    Attribute(usize),
    Group(Cardinality, Box<Plan>),
}

struct AttributePlan {
    cardinality: Cardinality,
    names: Names,
    value: ValueTest,
    /// For a reversed one what it looks for.
    incoming: Option<Incoming>,
    at: At,
}

/// What one concept has: its groups, and for each attribute the groups of the relationships that meet it, one for each.
#[derive(Default)]
struct Seen {
    groups: Vec<GroupKey>,
    met: Vec<Vec<GroupKey>>,
}

/// With more values than these, looking for what leads to them takes no less than looking at every concept.
const MAX_VALUES: u64 = 100_000;

impl Evaluation<'_> {
    /// The concepts of a set that meet a refinement.
    pub(super) fn refined(&self, set: RoaringBitmap, refinement: &Refinement) -> Result<RoaringBitmap, Error> {
        let mut attributes = Vec::new();
        let plan = self.plan(refinement, &mut attributes)?;
        let set = match self.candidates(&plan, &attributes) {
            Some(candidates) => set & candidates,
            None => set,
        };
        let at = attributes.first().map_or(At::default(), |attribute| attribute.at);
        let mut seen = Seen::default();
        let mut found = RoaringBitmap::new();
        for concept in set {
            self.look(concept, &attributes, &mut seen, at)?;
            self.budget.take(attributes.len() as u64 * (1 + seen.groups.len() as u64), at)?;
            if holds(&plan, &attributes, &seen, None) {
                found.insert(concept);
            }
        }
        Ok(found)
    }

    fn plan(&self, refinement: &Refinement, attributes: &mut Vec<AttributePlan>) -> Result<Plan, Error> {
        let mut parts = |parts: &[Refinement]| parts.iter().map(|part| self.plan(part, attributes)).collect::<Result<_, _>>();
        Ok(match refinement {
            Refinement::All(all) => Plan::All(parts(all)?),
            Refinement::Any(any) => Plan::Any(parts(any)?),
            Refinement::Group(cardinality, set) => Plan::Group(*cardinality, Box::new(self.plan(set, attributes)?)),
            Refinement::Attribute(attribute) => {
                attributes.push(self.attribute_plan(attribute)?);
                Plan::Attribute(attributes.len() - 1)
            }
        })
    }

    fn attribute_plan(&self, attribute: &Attribute) -> Result<AttributePlan, Error> {
        let (names, value, at) = (self.names(&attribute.name)?, self.value_test(&attribute.value)?, attribute.name.at);
        let incoming = if attribute.reverse { Some(self.incoming(&names, &value, at)?) } else { None };
        Ok(AttributePlan { cardinality: attribute.cardinality, names, value, incoming, at })
    }

    /// Concepts of which only some can meet the plan, where that can be told without looking at each; `None` where it cannot.
    fn candidates(&self, plan: &Plan, attributes: &[AttributePlan]) -> Option<RoaringBitmap> {
        match plan {
            Plan::All(parts) => parts.iter().filter_map(|part| self.candidates(part, attributes)).reduce(|left, right| left & right),
            Plan::Any(parts) => {
                let sets: Option<Vec<RoaringBitmap>> = parts.iter().map(|part| self.candidates(part, attributes)).collect();
                sets?.into_iter().reduce(|left, right| left | right)
            }
            Plan::Group(cardinality, set) if cardinality.min > 0 => self.candidates(set, attributes),
            Plan::Group(..) => None,
            Plan::Attribute(number) => {
                let attribute = &attributes[*number];
                match (&attribute.incoming, &attribute.value) {
                    _ if attribute.cardinality.min == 0 => None,
                    (Some(incoming), _) => Some(incoming.keys().copied().collect()),
                    (None, ValueTest::Concepts(false, values)) if values.len() <= MAX_VALUES => self.edition.sources(values),
                    _ => None,
                }
            }
        }
    }

    /// Looks at the relationships of a concept, once for all attributes.
    fn look(&self, concept: u32, attributes: &[AttributePlan], seen: &mut Seen, at: At) -> Result<(), Error> {
        seen.groups.clear();
        seen.met.resize_with(attributes.len(), Vec::new);
        seen.met.iter_mut().for_each(Vec::clear);
        self.each_relationship(concept, at, |relationship, group| {
            if !seen.groups.contains(&group) {
                seen.groups.push(group);
            }
            for (attribute, met) in attributes.iter().zip(&mut seen.met).filter(|(attribute, _)| attribute.incoming.is_none()) {
                if is_named(&attribute.names, relationship.attribute) && is_met(&attribute.value, relationship.value) {
                    met.push(group);
                }
            }
        })?;
        for (attribute, met) in attributes.iter().zip(&mut seen.met) {
            let incoming = attribute.incoming.as_ref().and_then(|incoming| incoming.get(&concept));
            met.extend(incoming.into_iter().flatten());
        }
        self.budget.take(seen.met.iter().map(|met| met.len() as u64).sum(), at)
    }
}

/// Whether a concept meets a plan, in one of its groups or without regard to them.
fn holds(plan: &Plan, attributes: &[AttributePlan], seen: &Seen, group: Option<GroupKey>) -> bool {
    match plan {
        Plan::All(parts) => parts.iter().all(|part| holds(part, attributes, seen, group)),
        Plan::Any(parts) => parts.iter().any(|part| holds(part, attributes, seen, group)),
        Plan::Attribute(number) => {
            let met = &seen.met[*number];
            let count = group.map_or(met.len(), |group| met.iter().filter(|met| **met == group).count());
            attributes[*number].cardinality.holds(count)
        }
        Plan::Group(cardinality, set) => {
            let mut groups = seen.groups.clone();
            reversed(set, attributes, seen, &mut groups);
            groups.sort_unstable();
            groups.dedup();
            cardinality.holds(groups.iter().filter(|group| holds(set, attributes, seen, Some(**group))).count())
        }
    }
}

/// Adds the groups of other concepts from which reversed attributes lead to this one.
fn reversed(plan: &Plan, attributes: &[AttributePlan], seen: &Seen, groups: &mut Vec<GroupKey>) {
    match plan {
        Plan::All(parts) | Plan::Any(parts) => parts.iter().for_each(|part| reversed(part, attributes, seen, groups)),
        Plan::Attribute(number) if attributes[*number].incoming.is_some() => groups.extend(&seen.met[*number]),
        Plan::Attribute(_) | Plan::Group(..) => {}
    }
}
