//! An evaluator that follows the definitions word by word, and is slow. Sets are sets of numbers; nothing is prepared, kept or narrowed.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use ecl::tree::{Attribute, Cardinality, Comparison, Constraint, Focus, MemberOf, Operand, Operator, Refinement, Value};
use ecl::{Concept, Edition, RelationshipValue};
use fhir::primitive::Decimal;

use crate::naive_filters::{has_description, meets_state, rows, supplement, text_meets};
use crate::synthetic::{MadeField, Synthetic};

pub type Set = BTreeSet<u32>;

/// What the naive evaluator does not know what to make of.
pub struct NoMeaning;

pub fn constraint(edition: &Synthetic, constraint: &Constraint) -> Result<Set, NoMeaning> {
    let of = |each: &Operand| operand(edition, each);
    match constraint {
        Constraint::Simple(only) => of(only),
        Constraint::And(operands) => {
            let sets: Vec<Set> = operands.iter().map(of).collect::<Result<_, _>>()?;
            Ok(everything(edition).into_iter().filter(|concept| sets.iter().all(|set| set.contains(concept))).collect())
        }
        Constraint::Or(operands) => Ok(operands.iter().map(of).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()),
        Constraint::Minus(from, excluded) => {
            let excluded = of(excluded)?;
            Ok(of(from)?.into_iter().filter(|concept| !excluded.contains(concept)).collect())
        }
        Constraint::Refined(focus, asked) => {
            let mut found = Set::new();
            for concept in of(focus)? {
                if meets(edition, concept, asked, None)? {
                    found.insert(concept);
                }
            }
            // A refinement without meaning has none for no concept either.
            meets(edition, 0, asked, None)?;
            Ok(found)
        }
        Constraint::Dotted(focus, attributes) => attributes.iter().try_fold(of(focus)?, |set, attribute| {
            let names = of(attribute)?;
            let values = set.iter().flat_map(|concept| relationships(edition, *concept));
            let named = values.filter(|one| names.contains(&one.attribute) || is_any(attribute));
            Ok(named.filter_map(|one| if let Got::Concept(value) = one.value { Some(value) } else { None }).collect())
        }),
    }
}

pub fn everything(edition: &Synthetic) -> Set {
    (0..edition.concepts.len() as u32).collect()
}

fn is_any(operand: &Operand) -> bool {
    operand.to_string() == "*"
}

pub fn operand(edition: &Synthetic, operand: &Operand) -> Result<Set, NoMeaning> {
    let mut set = match (&operand.member_of, operand.members.is_empty()) {
        (None, true) => focus(edition, operand)?,
        (None, false) => return Err(NoMeaning),
        (Some(member_of), _) => members(edition, operand, member_of)?,
    };
    if let Some(operator) = operand.operator {
        set = apply(edition, operator, &set);
    }
    for filter in &operand.filters {
        let mut kept = Set::new();
        for concept in set {
            let keeps = match filter {
                ecl::tree::Filter::Description(filters) => has_description(edition, concept, filters)?,
                ecl::tree::Filter::Concept(filters) => meets_state(edition, concept, filters)?,
            };
            kept.extend(keeps.then_some(concept));
        }
        set = kept;
    }
    match &operand.history {
        None => Ok(set),
        Some(history) => supplement(edition, set, history),
    }
}

fn focus(edition: &Synthetic, operand: &Operand) -> Result<Set, NoMeaning> {
    let only = |found: Option<Concept>| found.into_iter().map(|concept| concept.0).collect();
    Ok(match &operand.focus {
        Focus::Concept(reference) => only(edition.find(reference.id)),
        Focus::Alternate(alternate) => only(edition.alternate(&alternate.scheme, &alternate.code)),
        Focus::Nested(nested) => return constraint(edition, nested),
        Focus::Any => {
            let asks = operand.filters.iter().any(|filter| filter.to_string().contains("C") && filter.to_string().contains("active "));
            everything(edition).into_iter().filter(|concept| asks || edition.made(*concept).state.active).collect()
        }
    })
}

fn members(edition: &Synthetic, operand: &Operand, member_of: &MemberOf) -> Result<Set, NoMeaning> {
    let sets = match operand.focus {
        Focus::Any => everything(edition),
        _ => focus(edition, operand)?,
    };
    let mut found = Set::new();
    for row in rows(edition, &sets, &operand.members)? {
        let id = match member_of {
            MemberOf::Referenced => Some(row.referenced),
            MemberOf::AllFields => return Err(NoMeaning),
            MemberOf::Fields(fields) if fields.len() > 1 => return Err(NoMeaning),
            MemberOf::Fields(fields) if &*fields[0] == "referencedComponentId" => Some(row.referenced),
            MemberOf::Fields(fields) => match row.fields.iter().find(|(name, _)| *name == &*fields[0]) {
                Some((_, MadeField::Component(id))) => Some(*id),
                Some(_) => return Err(NoMeaning),
                None => None,
            },
        };
        found.extend(id.and_then(|id| edition.find(id)).map(|concept| concept.0));
    }
    Ok(found)
}

/// Whether one concept is above another, by walking up.
fn is_above(edition: &Synthetic, above: u32, concept: u32) -> bool {
    edition.made(concept).parents.iter().any(|parent| *parent == above || is_above(edition, above, *parent))
}

pub fn apply(edition: &Synthetic, operator: Operator, set: &Set) -> Set {
    let parent = |parent: u32, concept: u32| edition.made(concept).parents.contains(&parent);
    let related = |one: u32, other: u32| match operator {
        Operator::DescendantOf | Operator::Bottom => is_above(edition, other, one),
        Operator::DescendantOrSelfOf => one == other || is_above(edition, other, one),
        Operator::ChildOf => parent(other, one),
        Operator::ChildOrSelfOf => one == other || parent(other, one),
        Operator::AncestorOf | Operator::Top => is_above(edition, one, other),
        Operator::AncestorOrSelfOf => one == other || is_above(edition, one, other),
        Operator::ParentOf => parent(one, other),
        Operator::ParentOrSelfOf => one == other || parent(one, other),
    };
    match operator {
        Operator::Top => set.iter().copied().filter(|one| !set.iter().any(|other| is_above(edition, *other, *one))).collect(),
        Operator::Bottom => set.iter().copied().filter(|one| !set.iter().any(|other| is_above(edition, *one, *other))).collect(),
        _ => everything(edition).into_iter().filter(|one| set.iter().any(|other| related(*one, *other))).collect(),
    }
}

/// One relationship: whose it is, and its place among those.
struct One {
    of: u32,
    place: usize,
    attribute: u32,
    group: u32,
    value: Got,
}

enum Got {
    Concept(u32),
    Number(Decimal),
    Text(String),
    Boolean(bool),
}

fn relationships(edition: &Synthetic, of: u32) -> Vec<One> {
    let mut all = Vec::new();
    edition.relationships(Concept(of), &mut |one| {
        let value = match one.value {
            RelationshipValue::Concept(concept) => Got::Concept(concept.0),
            RelationshipValue::Number(number) => Got::Number(number.clone()),
            RelationshipValue::Text(text) => Got::Text(text.to_owned()),
            RelationshipValue::Boolean(boolean) => Got::Boolean(boolean),
        };
        all.push(One { of, place: all.len(), attribute: one.attribute.0, group: one.group, value });
        ControlFlow::Continue(())
    });
    all
}

/// A group by its concept, its number, and for what stands alone its place.
type Group = (u32, u32, usize);

impl One {
    fn group(&self) -> Group {
        (self.of, self.group, if self.group == 0 { self.place } else { 0 })
    }
}

fn meets(edition: &Synthetic, concept: u32, asked: &Refinement, group: Option<Group>) -> Result<bool, NoMeaning> {
    let each = |parts: &[Refinement]| parts.iter().map(|part| meets(edition, concept, part, group)).collect::<Result<Vec<bool>, _>>();
    Ok(match asked {
        Refinement::All(parts) => !each(parts)?.contains(&false),
        Refinement::Any(parts) => each(parts)?.contains(&true),
        Refinement::Attribute(attribute) => {
            let found = found(edition, concept, attribute)?;
            holds(attribute.cardinality, found.iter().filter(|one| group.is_none_or(|group| **one == group)).count())
        }
        Refinement::Group(cardinality, set) => {
            let mut groups: BTreeSet<Group> = relationships(edition, concept).iter().map(One::group).collect();
            groups.extend(reversed(edition, concept, set)?);
            let mut count = 0;
            for group in groups {
                count += usize::from(meets(edition, concept, set, Some(group))?);
            }
            holds(*cardinality, count)
        }
    })
}

fn holds(cardinality: Cardinality, count: usize) -> bool {
    cardinality.min as usize <= count && count <= cardinality.max.map_or(usize::MAX, |max| max as usize)
}

fn reversed(edition: &Synthetic, concept: u32, set: &Refinement) -> Result<Vec<Group>, NoMeaning> {
    match set {
        Refinement::Attribute(attribute) if attribute.reverse => found(edition, concept, attribute),
        Refinement::All(parts) | Refinement::Any(parts) => {
            Ok(parts.iter().map(|part| reversed(edition, concept, part)).collect::<Result<Vec<_>, _>>()?.concat())
        }
        _ => Ok(Vec::new()),
    }
}

/// The groups of the relationships that an attribute asks for, one for each.
fn found(edition: &Synthetic, concept: u32, attribute: &Attribute) -> Result<Vec<Group>, NoMeaning> {
    let names = operand(edition, &attribute.name)?;
    let is_named = |one: &One| names.contains(&one.attribute) || is_any(&attribute.name);
    if !attribute.reverse {
        let mut groups = Vec::new();
        let asked = match &attribute.value {
            Value::Concepts(_, asked) => operand(edition, asked)?,
            _ => Set::new(),
        };
        for one in relationships(edition, concept).iter().filter(|one| is_named(one)) {
            groups.extend(value_meets(&one.value, &attribute.value, &asked).then_some(one.group()));
        }
        return Ok(groups);
    }
    let Value::Concepts(not, asked) = &attribute.value else { return Err(NoMeaning) };
    let asked = operand(edition, asked)?;
    let sources = everything(edition).into_iter().filter(|source| match not {
        false => asked.contains(source),
        true => !asked.contains(source) && edition.made(*source).state.active,
    });
    let leading = sources.flat_map(|source| relationships(edition, source));
    Ok(leading.filter(|one| is_named(one) && matches!(one.value, Got::Concept(to) if to == concept)).map(|one| one.group()).collect())
}

fn value_meets(value: &Got, asked: &Value, set: &Set) -> bool {
    match (value, asked) {
        (Got::Concept(concept), Value::Concepts(not, _)) => set.contains(concept) != *not,
        (Got::Number(number), Value::Number(comparison, asked)) => {
            compares(number, *comparison, &Decimal::parse(&asked.text).expect("it is a number"))
        }
        (Got::Text(text), Value::Text(not, terms)) => text_meets(text, terms) != *not,
        (Got::Boolean(boolean), Value::Boolean(not, asked)) => (boolean == asked) != *not,
        _ => false,
    }
}

pub fn compares<T: PartialOrd>(one: &T, comparison: Comparison, other: &T) -> bool {
    match comparison {
        Comparison::Equal => one == other,
        Comparison::NotEqual => one != other,
        Comparison::Less => one < other,
        Comparison::LessOrEqual => one <= other,
        Comparison::Greater => one > other,
        Comparison::GreaterOrEqual => one >= other,
    }
}
