//! The members of an object, and the items of each.

use fhir::Value;
use fhir::check::Path;
use fhir::definitions::{Element, ElementType, Type, TypeId, TypeKind, definitions};
use fhir::value::Object;
use smallvec::SmallVec;

use super::{Active, Actives, Scope, Walk};

/// One item of an element.
#[derive(Clone, Copy)]
pub(super) struct Entry<'w> {
    /// Its JSON value; `None` for a primitive that has only extensions.
    pub(super) value: Option<&'w Value>,
    /// What stands beside a primitive, in the member with an underscore.
    pub(super) sibling: Option<&'w Value>,
    pub(super) element: &'static Element,
    /// Which of the element's types it has.
    pub(super) place: u16,
    pub(super) type_id: TypeId,
    /// The type of what it stands in.
    pub(super) holder: TypeId,
}

/// Mostly one.
pub(super) type Entries<'w> = SmallVec<[Entry<'w>; 2]>;

impl<'w> Walk<'w> {
    /// All members of an object of type `kind`, and those that are absent and should not be.
    pub(super) fn members(&mut self, object: &'w Object, kind: &'static Type, active: &[Active<'w>], path: &Path, scope: &Scope<'_, 'w>) {
        if !self.goes_on(path) {
            return;
        }
        let mut present: u64 = 0;
        for (name, value) in object.iter() {
            let stem = name.strip_prefix('_').unwrap_or(name);
            let is_sibling = stem.len() < name.len();
            if is_sibling && object.get(stem).is_some() {
                continue;
            }
            let Some((at, element, element_type)) = kind.member_place(stem) else { continue };
            let Ok(at) = u16::try_from(at) else { continue };
            present |= 1_u64 << (at & 63);
            let children = children(active, kind, at);
            let is_primitive = definitions().get(element_type.id).kind == TypeKind::Primitive;
            let (value, sibling) = match (is_sibling, is_primitive) {
                (true, _) => (None, Some(value)),
                (false, true) => (Some(value), object.sibling(name)),
                (false, false) => (Some(value), None),
            };
            if children.is_empty() && is_primitive && sibling.is_none() && element.binding.is_none() {
                continue;
            }
            let entries = entries(value, sibling, element, (element_type, kind.id));
            self.items(&entries, &children, &path.child(element.name), scope);
        }
        for by in active.iter().filter(|by| fits_type(kind, by)) {
            for (at, node) in by.node.required.iter().filter(|(at, _)| present & (1_u64 << (at & 63)) == 0) {
                let name = kind.elements.get(usize::from(*at)).map_or("", |element| element.name);
                self.group(by.at(*node), &[], &[], &mut [], &path.child(name), scope);
            }
        }
    }

    /// The items of an element, told apart by the slicings of the nodes that apply, and then each.
    fn items(&mut self, entries: &[Entry<'w>], children: &[Active<'w>], path: &Path, scope: &Scope<'_, 'w>) {
        let is_list = entries.first().is_some_and(|entry| entry.element.is_list());
        if children.is_empty() {
            for (index, entry) in entries.iter().enumerate() {
                let path = if is_list { path.at(index) } else { *path };
                self.item(*entry, &[], &path, scope);
            }
            return;
        }
        let mut active: SmallVec<[Actives<'w>; 2]> = entries.iter().map(|_| Actives::new()).collect();
        let all: SmallVec<[usize; 8]> = (0..entries.len()).collect();
        for by in children {
            self.group(*by, entries, &all, &mut active, path, scope);
        }
        for (index, (entry, active)) in entries.iter().zip(&active).enumerate() {
            let path = if is_list { path.at(index) } else { *path };
            self.item(*entry, active, &path, scope);
        }
    }
}

/// The nodes that apply to the element in a place of a type.
fn children<'w>(active: &[Active<'w>], kind: &'static Type, at: u16) -> Actives<'w> {
    let known = active.iter().filter(|by| fits_type(kind, by));
    known.filter_map(|by| by.node.child(at).map(|node| by.at(node))).collect()
}

/// Whether the places of a node's children are those of the type.
fn fits_type(kind: &'static Type, by: &Active) -> bool {
    by.node.children_of.is_some_and(|id| id == kind.id || definitions().is_a(kind.id, id))
}

fn entries<'w>(
    value: Option<&'w Value>,
    sibling: Option<&'w Value>,
    element: &'static Element,
    (kind, holder): (&'static ElementType, TypeId),
) -> Entries<'w> {
    let place = match element.is_choice {
        true => element.types.iter().position(|other| std::ptr::eq(other, kind)).unwrap_or_default() as u16,
        false => 0,
    };
    let entry = |value: Option<&'w Value>, sibling: Option<&'w Value>| {
        let is_there = |value: &&Value| !matches!(value, Value::Null);
        Entry { value: value.filter(is_there), sibling: sibling.filter(is_there), element, place, type_id: kind.id, holder }
    };
    let (values, siblings) = (value.and_then(Value::as_array), sibling.and_then(Value::as_array));
    if values.is_none() && siblings.is_none() {
        return Entries::from_iter([entry(value, sibling)]);
    }
    let (values, siblings) = (values.unwrap_or_default(), siblings.unwrap_or_default());
    (0..values.len().max(siblings.len())).map(|index| entry(values.get(index), siblings.get(index))).collect()
}
