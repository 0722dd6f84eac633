//! How many items there are of an element or a slice, and which item is in which slice.

use fhir::IssueCode;
use fhir::check::Path;
use smallvec::SmallVec;

use super::element::Entry;
use super::{Active, Actives, Scope, Walk};
use crate::codes;
use crate::plan::{Openness, Slicing};

/// Places of items among all of their element.
type Places = SmallVec<[usize; 8]>;

impl<'w> Walk<'w> {
    /// The items in the places `members` belong to the node: counts them, notes the node with each, and tells its slices apart.
    pub(super) fn group(
        &mut self,
        by: Active<'w>,
        entries: &[Entry<'w>],
        members: &[usize],
        active: &mut [Actives<'w>],
        path: &Path,
        scope: &Scope<'_, 'w>,
    ) {
        self.count(by, members.len(), path);
        for &member in members {
            let Some(active) = active.get_mut(member) else { continue };
            active.push(by);
            active.extend(by.node.content.map(|node| by.at(node)));
        }
        if let Some(slicing) = &by.node.slicing {
            self.slices(by, slicing, entries, members, active, path, scope);
        }
    }

    fn count(&mut self, by: Active<'w>, count: usize, path: &Path) {
        let (min, slice) = (by.node.min, slice_name(&by.node.id));
        if count < min as usize {
            let text = || match slice {
                Some(slice) => format!("there must be {min} at least in the slice {slice}, and there is {count}: add what is missing"),
                None => format!("there must be {min} of this element at least, and there is {count}: add what is missing"),
            };
            self.error(codes::TOO_FEW, IssueCode::Required, path, by, text);
        }
        if let Some(max) = by.node.max.filter(|max| count > *max as usize) {
            let text = || match (slice, max) {
                (Some(slice), _) => format!("there may be {max} in the slice {slice} at most, and there are {count}: leave some out"),
                (None, 0) => "the profile does not allow this element: leave it out".to_owned(),
                (None, _) => format!("there may be {max} of this element at most, and there are {count}: leave some out"),
            };
            self.error(codes::TOO_MANY, IssueCode::Structure, path, by, text);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the surroundings of a walk")]
    fn slices(
        &mut self,
        by: Active<'w>,
        slicing: &'w Slicing,
        entries: &[Entry<'w>],
        members: &[usize],
        active: &mut [Actives<'w>],
        path: &Path,
        scope: &Scope<'_, 'w>,
    ) {
        let assigned: SmallVec<[Option<usize>; 8]> =
            members.iter().map(|&member| self.slice_of(by, slicing, entries[member], &path.at(member), scope)).collect();
        self.order(by, slicing, members, &assigned, path);
        for (index, slice) in slicing.slices.iter().enumerate() {
            let inside: Places =
                members.iter().zip(&assigned).filter(|(_, slice)| **slice == Some(index)).map(|(member, _)| *member).collect();
            let node = by.at(slice.node);
            if !inside.is_empty() || node.node.min > 0 {
                self.group(node, entries, &inside, active, path, scope);
            }
        }
    }

    /// The slice that an item is in.
    fn slice_of(&mut self, by: Active<'w>, slicing: &'w Slicing, entry: Entry<'w>, path: &Path, scope: &Scope<'_, 'w>) -> Option<usize> {
        let mut found: Option<usize> = None;
        for (index, slice) in slicing.slices.iter().enumerate().filter(|(_, slice)| !slice.is_default) {
            if !self.matches(by, slice, entry, path, scope) {
                continue;
            }
            if let Some(first) = found {
                let first = &slicing.slices[first].name;
                let text = || format!("the item is in two slices, {first} and {}: let it be in one", slice.name);
                self.error(codes::SLICE_SEVERAL, IssueCode::Structure, path, by, text);
                break;
            }
            found = Some(index);
        }
        found.or_else(|| slicing.slices.iter().position(|slice| slice.is_default))
    }

    /// That items come in the order of the slices, where they have to, and are in none only where they may.
    fn order(&mut self, by: Active<'w>, slicing: &Slicing, members: &[usize], assigned: &[Option<usize>], path: &Path) {
        let (mut highest, mut was_open) = (0, false);
        for (member, slice) in members.iter().zip(assigned) {
            let path = path.at(*member);
            match (slice, slicing.openness) {
                (None, Openness::Closed) => {
                    let text = || format!("the item is in none of the slices, and there may be no others: {}", names(slicing));
                    self.error(codes::SLICE_NONE, IssueCode::Structure, &path, by, text);
                }
                (None, _) => was_open = true,
                (Some(_), Openness::OpenAtEnd) if was_open => {
                    let text = || "items that are in no slice come at the end: move them behind this one".to_owned();
                    self.error(codes::SLICE_ORDER, IssueCode::Structure, &path, by, text);
                }
                (Some(slice), _) if slicing.is_ordered && *slice < highest => {
                    let text = || format!("the items must come in the order of the slices: {}", names(slicing));
                    self.error(codes::SLICE_ORDER, IssueCode::Structure, &path, by, text);
                }
                (Some(slice), _) => highest = highest.max(*slice),
            }
        }
    }
}

fn names(slicing: &Slicing) -> String {
    let names: Vec<&str> = slicing.slices.iter().map(|slice| &*slice.name).take(12).collect();
    if names.is_empty() { "there are none".to_owned() } else { names.join(", ") }
}

/// The name of the slice that an id ends with: `race` of `Patient.extension:race`.
fn slice_name(id: &str) -> Option<&str> {
    id.rsplit('.').next()?.split_once(':').map(|(_, slice)| slice)
}
