//! From the tree of a snapshot to the nodes of a plan.

use fhir::definitions::{Element, Type, TypeKind, definitions};
use fhir::library::Library;
use fhir::{Object, Value};

use super::content::Contents;
use super::registry::{Registry, type_of};
use super::rules::Rules;
use super::types::{Types, place_of};
use super::{Node, Plan};
use crate::snapshot::{Error, Generator, Tree};

/// How many nodes a plan may have.
const MAX_NODES: usize = 20_000;

/// Where definitions are found.
#[derive(Clone, Copy)]
pub(super) struct Known<'c> {
    pub(super) registry: &'c Registry,
    pub(super) library: &'c dyn Library,
}

/// An element while its node is made.
#[derive(Clone, Copy)]
pub(super) struct Place<'t> {
    pub(super) tree: &'t Tree,
    /// What FHIR says of it; `None` for the root.
    pub(super) element: Option<&'static Element>,
    /// The type whose elements its children are.
    pub(super) kind: Option<&'static Type>,
    /// Those of its slices that stand right below it.
    pub(super) slices: &'t [Tree],
}

pub(super) struct Compiler<'c> {
    pub(super) known: Known<'c>,
    pub(super) generator: Generator<'c>,
    pub(super) nodes: Vec<Node>,
    pub(super) problems: Vec<String>,
    pub(super) contents: Contents,
    /// The whole tree: where content references lead.
    pub(super) base: &'c Tree,
}

/// The plan of a StructureDefinition.
///
/// # Errors
/// As [`crate::snapshot::generate`].
pub(super) fn compile(definition: &Value, registry: &Registry, library: &dyn Library) -> Result<Plan, Error> {
    let mut generator = Generator::new(library);
    let tree = generator.definition(definition)?;
    let type_id = type_of(definition);
    let kind = type_id.map(|id| definitions().get(id));
    let known = Known { registry, library };
    let mut compiler = Compiler { known, generator, nodes: Vec::new(), problems: Vec::new(), contents: Contents::default(), base: &tree };
    compiler.node(Place { tree: &tree, element: None, kind, slices: &[] }, &tree.name, true)?;
    let mut nodes = compiler.nodes;
    compiler.contents.link(&mut nodes);
    let url = definition.text("url").unwrap_or_default();
    let version = definition.text("version").map(|version| format!("|{version}")).unwrap_or_default();
    Ok(Plan {
        url: format!("{url}{version}").into(),
        type_id,
        is_abstract: definition.get("abstract") == Some(&Value::Bool(true)),
        is_modifier: tree.definition.get("isModifier") == Some(&Value::Bool(true)),
        nodes: nodes.into(),
        problems: compiler.problems.into(),
    })
}

impl Compiler<'_> {
    /// The node of an element and those below it; `None` when it says no more than FHIR does, unless it is to be kept.
    pub(super) fn node(&mut self, place: Place, id: &str, is_kept: bool) -> Result<Option<u32>, Error> {
        let index = self.nodes.len();
        if index >= MAX_NODES {
            return Err(Error::TooLarge);
        }
        self.nodes.push(Node::default());
        let definition = &place.tree.definition;
        let (min, max) = cardinality(definition, place.element, place.tree.slice.is_some());
        let stated: Vec<&Value> = definition.get("type").into_iter().flat_map(Value::each).collect();
        let types = place.element.map(|element| Types::of(&stated, element, self.known)).unwrap_or_default();
        let rules = Rules::of(definition, place.element, &mut self.problems);
        let children = self.children(place, id)?;
        let slicing = self.slicing(place, id)?;
        let has_content = self.contents.note(index, id, definition);
        let says_nothing = min == 0 && max.is_none() && types.is_empty() && rules.is_none() && children.is_empty() && slicing.is_none();
        if says_nothing && !has_content && !is_kept {
            self.nodes.truncate(index);
            return Ok(None);
        }
        let node = |index: u32| &self.nodes[index as usize];
        let required: Box<[(u16, u32)]> = children.iter().copied().filter(|(_, child)| node(*child).needs_some()).collect();
        let children_of = place.kind.map(|kind| kind.id);
        self.nodes[index] =
            Node { id: id.into(), min, max, types, children: children.into(), required, children_of, slicing, rules, content: None };
        Ok(u32::try_from(index).ok())
    }

    fn children(&mut self, place: Place, id: &str) -> Result<Vec<(u16, u32)>, Error> {
        let mut children = Vec::new();
        let Some(kind) = place.kind else { return Ok(children) };
        for child in &place.tree.children {
            let Some((at, element)) = element_of(kind, &child.name) else { continue };
            let place = Place { tree: child, element: Some(element), kind: kind_of(&child.definition, element), slices: &child.slices };
            if let Some(node) = self.node(place, &format!("{id}.{}", child.name), false)? {
                children.push((at, node));
            }
        }
        children.sort_unstable();
        Ok(children)
    }
}

/// The element of a type that has this name, and its place.
pub(super) fn element_of(kind: &'static Type, name: &str) -> Option<(u16, &'static Element)> {
    let stem = name.strip_suffix("[x]").unwrap_or(name);
    let at = kind.elements.iter().position(|element| element.name == stem)?;
    Some((u16::try_from(at).ok()?, &kind.elements[at]))
}

/// The type whose elements an element has: that which it states, or `Element` when it states several.
pub(super) fn kind_of(definition: &Object, element: &'static Element) -> Option<&'static Type> {
    let all = definitions();
    if let [only] = element.types.as_slice()
        && all.get(only.id).kind == TypeKind::Backbone
    {
        return Some(all.get(only.id));
    }
    let mut codes = definition.get("type").into_iter().flat_map(Value::each).filter_map(|kind| kind.text("code"));
    match (codes.next(), codes.next(), element.types.as_slice()) {
        (Some(code), None, _) => {
            let named = all.type_by_name(code).filter(|kind| kind.kind != TypeKind::Backbone);
            named.or_else(|| element.types.get(usize::from(place_of(element, code)?)).map(|kind| all.get(kind.id)))
        }
        (None, None, [only]) => Some(all.get(only.id)),
        _ => all.type_by_name("Element"),
    }
}

/// How many there must and may be, where that is not what FHIR says already.
fn cardinality(definition: &Object, element: Option<&Element>, is_slice: bool) -> (u32, Option<u32>) {
    let Some(element) = element else { return (0, None) };
    let number = |name: &str| -> Option<u32> {
        let value = definition.get(name)?;
        value.as_number().or(value.as_str())?.parse().ok()
    };
    let min = number("min").filter(|min| is_slice || *min > element.min).unwrap_or(0);
    let max = number("max").filter(|max| element.max.is_none_or(|base| *max < base));
    (min, max)
}
