//! Whether an item is in a slice: <http://hl7.org/fhir/R4/profiling.html#discriminator>.

use fhir::Value;
use fhir::check::Path;
use fhir::definitions::{TypeId, TypeKind, definitions};
use smallvec::SmallVec;

use super::element::Entry;
use super::reference::Leads;
use super::resource::type_of;
use super::{Active, Scope, Walk};
use crate::binding::{Coded, Membership};
use crate::plan::{Link, Matcher, Part, Slice, Way};

/// What a discriminator's path leads to.
#[derive(Clone, Copy)]
enum There<'w> {
    Entry(Entry<'w>),
    Target(Leads<'w>),
}

type Theres<'w> = SmallVec<[There<'w>; 2]>;

impl<'w> Walk<'w> {
    /// Whether an item meets all conditions of a slice. One without conditions is told by everything that it says.
    pub(super) fn matches(&mut self, by: Active<'w>, slice: &'w Slice, entry: Entry<'w>, path: &Path, scope: &Scope<'_, 'w>) -> bool {
        if slice.matchers.is_empty() {
            return self.fits(by.at(slice.node), entry, path, scope);
        }
        slice.matchers.iter().all(|matcher| self.meets(by, matcher, entry, path, scope))
    }

    fn meets(&mut self, by: Active<'w>, matcher: &'w Matcher, entry: Entry<'w>, path: &Path, scope: &Scope<'_, 'w>) -> bool {
        let value = |there: &There<'w>| match there {
            There::Entry(entry) => entry.value,
            There::Target(_) => None,
        };
        match matcher {
            Matcher::Exact(way, exact) => match (way.parts(), entry.value) {
                // The url of an extension, mostly.
                ([Part::Child(name)], Some(object)) if !entry.element.is_choice => {
                    object.get(name).is_some_and(|found| found.each().any(|value| exact.allows(value)))
                        || self.follow(way, entry, scope).iter().filter_map(value).any(|value| exact.allows(value))
                }
                _ => self.follow(way, entry, scope).iter().filter_map(value).any(|value| exact.allows(value)),
            },
            Matcher::Bound(way, bound) => {
                let found = self.follow(way, entry, scope);
                let is_in = |value: &Value| self.binding.judge(&bound.value_set, bound.strength, coded(value)) == Membership::In;
                found.iter().filter_map(value).any(is_in)
            }
            Matcher::Exists(way, must) => self.follow(way, entry, scope).is_empty() != *must,
            Matcher::Types(way, types) => {
                let found = self.follow(way, entry, scope);
                found.iter().filter_map(type_id).any(|id| types.iter().any(|wanted| definitions().is_a(id, *wanted)))
            }
            Matcher::Profiles(way, links) => {
                let found = self.follow(way, entry, scope);
                found.iter().any(|there| links.iter().any(|link| self.fits_profile(link, *there, path, scope)))
            }
            Matcher::Fits(way, node) => {
                let found = self.follow(way, entry, scope);
                found.iter().any(|there| match there {
                    There::Entry(entry) => self.fits(by.at(*node), *entry, path, scope),
                    There::Target(_) => false,
                })
            }
        }
    }

    fn fits_profile(&mut self, link: &'w Link, there: There<'w>, path: &Path, scope: &Scope<'_, 'w>) -> bool {
        let Some(plan) = self.plan_at(link, path) else { return false };
        match there {
            There::Entry(entry) => match (entry.value, entry.value.and_then(type_of)) {
                (Some(resource), Some(kind)) => self.resource_fits(plan, resource, kind, path, scope),
                _ => Active::root(plan).is_some_and(|root| self.fits(root, entry, path, scope)),
            },
            There::Target(Leads::Contained(resource) | Leads::Bundled(resource) | Leads::Outside(resource)) => {
                type_of(resource).is_some_and(|kind| self.resource_fits(plan, resource, kind, path, scope))
            }
            There::Target(Leads::Elsewhere(_)) => false,
        }
    }

    /// Goes the way of a discriminator from an item.
    fn follow(&self, way: &Way, entry: Entry<'w>, scope: &Scope<'_, 'w>) -> Theres<'w> {
        let mut found = Theres::from_iter([There::Entry(entry)]);
        for part in way.parts() {
            let mut next = Theres::new();
            for there in found {
                self.step(part, there, scope, &mut next);
            }
            found = next;
        }
        found
    }

    fn step(&self, part: &Part, there: There<'w>, scope: &Scope<'_, 'w>, next: &mut Theres<'w>) {
        let entry = match there {
            There::Entry(entry) => entry,
            There::Target(Leads::Contained(resource) | Leads::Bundled(resource) | Leads::Outside(resource)) => {
                return push_children(resource, type_of(resource).map(|kind| kind.id), part_name(part), next);
            }
            There::Target(Leads::Elsewhere(_)) => return,
        };
        match part {
            Part::Child(name) => push_children_of(entry, name, next),
            Part::Extension(url) => {
                let before = next.len();
                push_children_of(entry, "extension", next);
                let is_meant =
                    |there: &There| matches!(there, There::Entry(entry) if entry.value.and_then(|value| value.text("url")) == Some(&**url));
                let kept: Theres = next.drain(before..).filter(is_meant).collect();
                next.extend(kept);
            }
            Part::Resolve => next.extend(entry.value.and_then(|value| self.leads(value, scope.container)).map(There::Target)),
            Part::OfType(code) => next.extend((definitions().get(entry.type_id).name == &**code).then_some(there)),
        }
    }
}

fn part_name(part: &Part) -> &str {
    match part {
        Part::Child(name) => name,
        _ => "extension",
    }
}

fn coded(value: &Value) -> Coded<'_> {
    match value {
        Value::String(text) => Coded::Code(text),
        object if object.get("coding").is_some() => Coded::Concept(object),
        object => Coded::Coding(object),
    }
}

fn type_id(there: &There) -> Option<TypeId> {
    match there {
        There::Entry(entry) if definitions().get(entry.type_id).kind == TypeKind::Resource => {
            entry.value.and_then(type_of).map(|kind| kind.id)
        }
        There::Entry(entry) => Some(entry.type_id),
        There::Target(leads) => leads.type_id(),
    }
}

fn push_children_of<'w>(entry: Entry<'w>, name: &str, next: &mut Theres<'w>) {
    let kind = definitions().get(entry.type_id);
    let holder = if kind.kind == TypeKind::Primitive { entry.sibling } else { entry.value };
    let Some(holder) = holder else { return };
    let type_id = if kind.kind == TypeKind::Resource { type_of(holder).map(|kind| kind.id) } else { Some(kind.id) };
    push_children(holder, type_id, name, next);
}

/// The items of an element, whatever type a choice has.
fn push_children<'w>(holder: &'w Value, type_id: Option<TypeId>, name: &str, next: &mut Theres<'w>) {
    let Some(element) = type_id.and_then(|id| definitions().get(id).element(name)) else { return };
    for (place, kind) in element.types.iter().enumerate() {
        let Some(object) = holder.as_object() else { return };
        let sibling = object.sibling(kind.member);
        let values = object.get(kind.member).into_iter().flat_map(Value::each);
        let entry = |value, sibling| Entry { value, sibling, element, place: place as u16, type_id: kind.id, holder: kind.id };
        let found = values.map(|value| entry(Some(value), None));
        let before = next.len();
        next.extend(found.map(There::Entry));
        if next.len() == before
            && let Some(sibling) = sibling
        {
            next.push(There::Entry(entry(None, Some(sibling))));
        }
    }
}
