//! The elements of a snapshot as a tree: what a flat list of ids says.

use fhir::{Object, Value};

use super::Error;
use super::step::{Step, step, text};

/// An element with the elements inside it and the slices that it has.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// The last part of its path: `value[x]`.
    pub(crate) name: Box<str>,
    /// Its name, when it is a slice: `race`, and `race/special` for a slice of a slice.
    pub(crate) slice: Option<Box<str>>,
    /// The ElementDefinition. Its path and id are those of the tree it was in before; [`Node::flatten`] writes new ones.
    pub(crate) definition: Object,
    /// The elements inside it; empty when nothing is said of them yet.
    pub(crate) children: Vec<Node>,
    /// Its slices. A slice has none: a slice of a slice stands beside it.
    pub(crate) slices: Vec<Node>,
    /// How it was in the base, once something has been changed in it: slices begin with that.
    pub(super) before: Option<Box<Node>>,
}

impl Node {
    pub(super) fn new(name: &str, definition: Object) -> Self {
        Self { name: name.into(), slice: None, definition, children: Vec::new(), slices: Vec::new(), before: None }
    }

    /// The tree of a snapshot's elements.
    ///
    /// # Errors
    /// [`Error::NoPath`] for an element without a path or a list without elements, [`Error::NoElement`] for one whose parent is not there.
    pub(super) fn of(elements: &[&Object]) -> Result<Self, Error> {
        let ways = super::step::ways(elements)?;
        let mut pairs = elements.iter().zip(&ways);
        let Some((first, way)) = pairs.next() else { return Err(Error::NoPath) };
        let mut root = Node::new(way[0].name, (*first).clone());
        for (element, way) in pairs {
            root.add(&way[1..], (*element).clone())?;
        }
        Ok(root)
    }

    fn add(&mut self, way: &[Step], definition: Object) -> Result<(), Error> {
        let missing = || Error::NoElement(text(&definition, "path").unwrap_or_default().into());
        let Some((last, parents)) = way.split_last() else { return Err(missing()) };
        let mut parent = self;
        for step in parents {
            parent = parent.find(step).ok_or_else(missing)?;
        }
        match last.slice {
            None => parent.children.push(Node::new(last.name, definition)),
            Some(slice) => {
                let sliced = parent.find(&Step { name: last.name, slice: None }).ok_or_else(missing)?;
                sliced.slices.push(Node { slice: Some(slice.into()), ..Node::new(last.name, definition) });
            }
        }
        Ok(())
    }

    /// The child or the slice of a child that a step leads to.
    pub(super) fn find(&mut self, step: &Step) -> Option<&mut Node> {
        // Later ones first: what is added belongs to the last of a name.
        let child = self.children.iter_mut().rev().find(|child| *child.name == *step.name)?;
        match step.slice {
            None => Some(child),
            Some(slice) => child.slices.iter_mut().find(|node| node.slice.as_deref() == Some(slice)),
        }
    }

    /// The node of an id such as `Questionnaire.item`, which begins at this one.
    pub(crate) fn at(&self, id: &str) -> Option<&Node> {
        let mut parts = id.split('.');
        parts.next().filter(|first| **first == *self.name)?;
        parts.map(step).try_fold(self, |node, step| {
            let child = node.children.iter().find(|child| *child.name == *step.name)?;
            match step.slice {
                None => Some(child),
                Some(slice) => child.slices.iter().find(|node| node.slice.as_deref() == Some(slice)),
            }
        })
    }

    /// Writes references to other elements (`#Questionnaire.item`) with the address of the type that they are in: what a profile says of that element does
    /// not go for those that refer to it.
    pub(super) fn spell_out_references(&mut self, url: &str) {
        let local = self.definition.get("contentReference").and_then(Value::as_str).filter(|reference| reference.starts_with('#'));
        if let Some(spelt) = local.map(|reference| format!("{url}{reference}")) {
            self.definition.set("contentReference", spelt);
        }
        self.children.iter_mut().chain(&mut self.slices).for_each(|node| node.spell_out_references(url));
    }

    /// How many elements there are in it, itself counted.
    pub(super) fn size(&self) -> usize {
        1 + self.children.iter().chain(&self.slices).map(Node::size).sum::<usize>()
    }

    /// The definitions in a snapshot's order, with their paths and ids.
    pub(super) fn flatten(self) -> Vec<Object> {
        let mut elements = Vec::new();
        let name = self.name.clone();
        self.put(&name, &name, &mut elements);
        elements
    }

    fn put(mut self, path: &str, id: &str, elements: &mut Vec<Object>) {
        self.definition.remove("id");
        self.definition.remove("path");
        let mut definition = Object::with_capacity(self.definition.len() + 2);
        definition.push("id", Value::from(id));
        definition.push("path", Value::from(path));
        self.definition.iter_mut().for_each(|(name, value)| definition.push(name.clone(), std::mem::replace(value, Value::Null)));
        elements.push(definition);
        for child in self.children {
            let (path, id) = (format!("{path}.{}", child.name), format!("{id}.{}", child.name));
            child.put(&path, &id, elements);
        }
        let unsliced = id.rsplit_once(':').filter(|(_, slice)| !slice.contains('.')).map_or(id, |(before, _)| before);
        for slice in self.slices {
            let id = format!("{unsliced}:{}", slice.slice.as_deref().unwrap_or_default());
            slice.put(path, &id, elements);
        }
    }
}

/// The elements of a part, `snapshot` or `differential`, of a StructureDefinition.
pub(super) fn elements<'a>(definition: &'a Value, part: &str) -> Vec<&'a Object> {
    definition.get(part).into_iter().flat_map(|part| part.list("element")).filter_map(Value::as_object).collect()
}
