//! The work of one snapshot.

use fhir::Value;
use fhir::canonical::Canonical;
use fhir::library::Library;

use super::step::{self, Step, text};
use super::tree::{self, Node};
use super::{Error, base, choice, fit, merge};

/// How many elements may be made for a snapshot, those that are taken from elsewhere counted.
const MAX_ELEMENTS: usize = 50_000;
/// How many conflicts with the base are told.
const MAX_CONFLICTS: usize = 100;
/// How long a chain of bases and of profiles of types may be.
const MAX_CHAIN: usize = 32;
/// Where FHIR's own types are defined.
pub(super) const DEFINITIONS: &str = "http://hl7.org/fhir/StructureDefinition/";

/// What is known while a snapshot is made.
pub(crate) struct Generator<'l> {
    library: &'l dyn Library,
    /// The definitions that are being made, each built on the next.
    chain: Vec<String>,
    elements_left: usize,
    /// What is against the base in the definition, and yet makes a snapshot.
    pub(super) conflicts: Vec<Error>,
}

impl<'l> Generator<'l> {
    pub(crate) fn new(library: &'l dyn Library) -> Self {
        Self { library, chain: Vec::new(), elements_left: MAX_ELEMENTS, conflicts: Vec::new() }
    }

    /// Counts elements that were made.
    pub(super) fn charge(&mut self, elements: usize) -> Result<(), Error> {
        self.elements_left = self.elements_left.checked_sub(elements).ok_or(Error::TooLarge)?;
        Ok(())
    }

    /// The tree that the differential of a definition makes of its base.
    pub(super) fn differential(&mut self, definition: &Value) -> Result<Node, Error> {
        let url = definition.text("url").unwrap_or_default();
        if self.chain.iter().any(|made| *made == *url) {
            return Err(Error::Circular(url.into()));
        }
        if self.chain.len() >= MAX_CHAIN {
            return Err(Error::TooLarge);
        }
        self.chain.push(url.to_owned());
        let tree = self.over_base(definition);
        self.chain.pop();
        tree
    }

    fn over_base(&mut self, definition: &Value) -> Result<Node, Error> {
        let name = definition.text("type").unwrap_or_default();
        let name = name.rsplit('/').next().unwrap_or(name);
        let is_new_type = definition.text("derivation") == Some("specialization");
        let own = definition.text("url").unwrap_or_default();
        let mut root = match definition.text("baseDefinition") {
            Some(base) if !own.is_empty() && Canonical::parse(base).url == own => return Err(Error::Circular(own.into())),
            Some(base) => self.tree(base)?.ok_or_else(|| Error::NoBase(base.into()))?,
            None if is_new_type => Node::new(name, fhir::Object::new()),
            None => return Err(Error::NoBase("".into())),
        };
        if is_new_type {
            root.name = name.into();
        }
        let elements = tree::elements(definition, "differential");
        let ways = step::ways(&elements)?;
        let work = Work { base: root.clone(), profile: own, is_new_type };
        self.charge(work.base.size())?;
        for (element, way) in elements.into_iter().zip(&ways) {
            self.element(&mut root, element, way, &work)?;
        }
        Ok(root)
    }

    /// Puts one element of the differential where it belongs.
    fn element(&mut self, root: &mut Node, element: &fhir::Object, way: &[Step], work: &Work) -> Result<(), Error> {
        let path = text(element, "path").unwrap_or_default();
        let begins_here = way.first().is_some_and(|first| *first.name == *root.name);
        if !begins_here {
            return Err(Error::NoElement(path.into()));
        }
        let mut at = &mut *root;
        for (index, step) in way.iter().enumerate().skip(1) {
            let is_last = index + 1 == way.len();
            let is_required = is_last && element.get("min").is_some_and(|min| *min != Value::from(0_u64));
            let entry = Entry {
                may_add: work.is_new_type && is_last,
                is_required,
                is_sliced: way[..index].iter().any(|step| step.slice.is_some()),
            };
            at = self.enter(at, step, work, entry)?.ok_or_else(|| Error::NoElement(path.into()))?;
        }
        fit::check(path, at, element, work.is_new_type)?;
        if self.chain.len() == 1 && self.conflicts.len() < MAX_CONFLICTS {
            self.conflicts.extend(fit::conflict(path, at, element));
        }
        if let Some(profile) = merge::only_profile(element)
            && let Some(template) = self.tree(profile)?
        {
            merge::adopt(at, &template);
        }
        merge::merge(at, element, work.profile);
        Ok(())
    }

    /// One step on the way: to a child, or to a slice of it. `None` when there is no such child.
    fn enter<'n>(&mut self, at: &'n mut Node, step: &Step, work: &Work, entry: Entry) -> Result<Option<&'n mut Node>, Error> {
        self.unfold(at, &work.base)?;
        let (index, slice) = match choice::child(at, step) {
            Some(found) => found,
            None if entry.may_add => {
                self.charge(1)?;
                at.children.push(Node::new(step.name, fhir::Object::new()));
                (at.children.len() - 1, None)
            }
            None => return Ok(None),
        };
        let child = &mut at.children[index];
        if child.before.is_none() {
            self.charge(child.size())?;
            child.before = Some(Box::new(child.clone()));
        }
        if *step.name != *child.name && step.slice.is_none() {
            if entry.is_sliced
                && let Some(code) = choice::type_of(child, step.name).map(str::to_owned)
            {
                choice::narrow(&mut child.definition, &code);
                return Ok(Some(child));
            }
            if entry.is_required {
                choice::close(child, step.name);
            }
        }
        match slice {
            None => Ok(Some(child)),
            Some(slice) => self.slice(child, &slice).map(Some),
        }
    }

    /// The tree of a definition: of its snapshot, or what its differential makes.
    pub(crate) fn definition(&mut self, definition: &Value) -> Result<Node, Error> {
        let elements = tree::elements(definition, "snapshot");
        if elements.is_empty() {
            return self.differential(definition);
        }
        self.charge(elements.len())?;
        let mut tree = Node::of(&elements)?;
        if definition.text("derivation") != Some("constraint") {
            tree.spell_out_references(definition.text("url").unwrap_or_default());
        }
        Ok(tree)
    }

    /// The tree of the definition of this address: its snapshot, or what its differential makes, or a type of FHIR. `None` when it is not known.
    pub(crate) fn tree(&mut self, address: &str) -> Result<Option<Node>, Error> {
        let canonical = Canonical::parse(address);
        if let Some(definition) = self.library.find("StructureDefinition", &canonical) {
            return self.definition(&definition).map(Some);
        }
        let named = canonical.url.strip_prefix(DEFINITIONS).unwrap_or(canonical.url);
        let tree = base::tree(named);
        self.charge(tree.as_ref().map_or(0, Node::size))?;
        Ok(tree)
    }
}

/// How a step is taken.
#[derive(Clone, Copy)]
struct Entry {
    /// Whether what is not there is added.
    may_add: bool,
    /// Whether the differential asks for one at least of what it leads to.
    is_required: bool,
    /// Whether the way has led through a slice: then a choice named by its type has that type alone, and is no slice.
    is_sliced: bool,
}

/// What one differential is put over.
pub(super) struct Work<'d> {
    /// The base as it was: where content references lead.
    pub(super) base: Node,
    /// The address of the profile, which its constraints name as their source.
    pub(super) profile: &'d str,
    /// Whether elements may be added: a logical model or a type, not a profile.
    pub(super) is_new_type: bool,
}
