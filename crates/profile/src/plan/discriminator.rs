//! What an item must be to be in a slice (<http://hl7.org/fhir/R4/profiling.html#discriminator>).

use fhir::Value;
use fhir::definitions::{TypeId, definitions};

use super::compile::{Compiler, Place, element_of, kind_of};
use super::registry::Link;
use super::rules::{Bound, Exact};
use super::types::named_type;
use crate::snapshot::{Error, Tree, only_profile, profile_element};

mod way;

pub(crate) use way::{Part, Way};

/// One condition of a slice.
#[derive(Debug)]
pub(crate) enum Matcher {
    /// What is there is this value.
    Exact(Way, Exact),
    /// What is there is a code of this value set.
    Bound(Way, Bound),
    /// Something is there, or nothing is.
    Exists(Way, bool),
    /// What is there is of one of these types.
    Types(Way, Box<[TypeId]>),
    /// What is there fits one of these profiles.
    Profiles(Way, Box<[Link]>),
    /// What is there fits this node.
    Fits(Way, u32),
}

/// An element of a profile that a discriminator leads to.
struct Found<'t> {
    tree: Tree,
    place: Place<'t>,
    /// What references may point to, when the way ends with `resolve()`.
    targets: Option<Vec<Box<str>>>,
    /// The part of a fixed value or pattern that the way leads to.
    exact: Option<Exact>,
}

impl Compiler<'_> {
    /// The conditions of a slice, one for each discriminator; `None` when the profile does not say by what its items can be told.
    pub(super) fn matchers(&mut self, slicing: Option<&Value>, slice: Place, name: &str) -> Result<Option<Box<[Matcher]>>, Error> {
        if slicing.is_none() {
            self.problems.push(format!("the slice {name} cannot be told: nothing says how the element is sliced"));
            return Ok(None);
        }
        let discriminators: Vec<&Value> = slicing.into_iter().flat_map(|slicing| slicing.list("discriminator")).collect();
        let mut matchers = Vec::with_capacity(discriminators.len());
        for discriminator in discriminators {
            let path = discriminator.text("path").unwrap_or_default();
            let kind = discriminator.text("type").unwrap_or_default();
            let matcher = match Way::parse(path) {
                Some(way) => self.matcher(kind, way, slice)?,
                None => None,
            };
            let Some(matcher) = matcher else {
                self.problems.push(format!("the slice {name} cannot be told by the discriminator {kind} {path}: it is passed over"));
                return Ok(None);
            };
            matchers.push(matcher);
        }
        Ok(Some(matchers.into()))
    }

    fn matcher(&mut self, kind: &str, way: Way, slice: Place) -> Result<Option<Matcher>, Error> {
        if let (Some(profile), [Part::Child(url)]) = (only_profile(&slice.tree.definition), way.parts())
            && **url == *"url"
        {
            let url = profile.split('|').next().unwrap_or(profile);
            return Ok(Some(Matcher::Exact(way, Exact::Fixed(url.into()))));
        }
        let Some(found) = self.follow(&way, slice)? else { return Ok(None) };
        Ok(match kind {
            "exists" => exists(&found.tree).map(|must| Matcher::Exists(way, must)),
            "type" => types(&found, self).map(|types| Matcher::Types(way, types)),
            "profile" => self.profiles(&found).map(|links| Matcher::Profiles(way, links)),
            _ => self.value(way, found)?,
        })
    }

    /// The value that is fixed, the value set that is required, or else whatever is said of the element.
    fn value(&mut self, way: Way, found: Found) -> Result<Option<Matcher>, Error> {
        let definition = &found.tree.definition;
        let exact = found.exact.or_else(|| Exact::of(definition));
        if let Some(exact) = exact {
            return Ok(Some(Matcher::Exact(way, exact)));
        }
        if exists(&found.tree) == Some(false) {
            return Ok(Some(Matcher::Exists(way, false)));
        }
        if found.tree.children.is_empty()
            && let Some(bound) = definition.get("binding").and_then(Bound::of)
            && bound.strength == fhir::definitions::BindingStrength::Required
        {
            return Ok(Some(Matcher::Bound(way, bound)));
        }
        if found.tree.children.is_empty() {
            return Ok(None);
        }
        let place = Place { tree: &found.tree, slices: &found.tree.slices, ..found.place };
        let node = self.node(place, &place.tree.name, false)?;
        Ok(node.map(|node| Matcher::Fits(way, node)))
    }

    fn profiles(&self, found: &Found) -> Option<Box<[Link]>> {
        let stated: Vec<Box<str>> = match &found.targets {
            Some(targets) => targets.clone(),
            None => type_texts(&found.tree, "profile"),
        };
        let links: Box<[Link]> = stated.iter().map(|url| self.known.registry.link(url)).collect();
        (!links.is_empty()).then_some(links)
    }

    /// Goes the way of a discriminator through the profile.
    fn follow<'t>(&mut self, way: &Way, slice: Place<'t>) -> Result<Option<Found<'t>>, Error> {
        let tree = self.element_of_profile(slice.tree)?.unwrap_or_else(|| slice.tree.clone());
        let mut found = Found { tree, place: slice, targets: None, exact: None };
        for (index, part) in way.parts().iter().enumerate() {
            if let Some(exact) = Exact::of(&found.tree.definition) {
                found.exact = exact.at(&way.parts()[index..]);
                return Ok(found.exact.is_some().then_some(found));
            }
            let went_on = match part {
                Part::Child(name) => self.child(&mut found, name)?,
                Part::Extension(url) => self.extension(&mut found, url)?,
                Part::Resolve => {
                    found.targets = Some(type_texts(&found.tree, "targetProfile"));
                    true
                }
                Part::OfType(code) => of_type(&mut found, code),
            };
            if !went_on {
                return Ok(None);
            }
        }
        Ok(Some(found))
    }

    /// The element of another profile that the type of a slice names.
    fn element_of_profile(&mut self, slice: &Tree) -> Result<Option<Tree>, Error> {
        let kind = slice.definition.get("type").and_then(|types| types.each().next());
        let meant = kind.and_then(|kind| Some((kind.list("profile").next()?.as_str()?, profile_element(kind)?)));
        let Some((profile, element)) = meant else { return Ok(None) };
        Ok(self.generator.tree(profile)?.and_then(|tree| tree.at(element).cloned()))
    }

    fn child(&mut self, found: &mut Found, name: &str) -> Result<bool, Error> {
        if let Some([target]) = found.targets.as_deref() {
            let Some(tree) = self.generator.tree(target)? else { return Ok(false) };
            found.place.kind = named_type(target)
                .or_else(|| self.known.registry.type_of(&self.known.registry.link(target), self.known.library))
                .map(|id| definitions().get(id));
            found.tree = tree;
            found.targets = None;
        }
        self.generator.unfold(&mut found.tree, self.base)?;
        let Some((_, element)) = found.place.kind.and_then(|kind| element_of(kind, name)) else { return Ok(false) };
        let is_meant = |child: &Tree| child.name.strip_suffix("[x]").unwrap_or(&child.name) == name;
        let Some(index) = found.tree.children.iter().position(is_meant) else { return Ok(false) };
        found.tree = found.tree.children.swap_remove(index);
        // What must be there in a slice of it is what tells.
        if let Some(index) = found.tree.slices.iter().position(|slice| exists(slice) == Some(true)) {
            found.tree = found.tree.slices.swap_remove(index);
        }
        found.place.element = Some(element);
        found.place.kind = kind_of(&found.tree.definition, element);
        Ok(true)
    }

    fn extension(&mut self, found: &mut Found, url: &str) -> Result<bool, Error> {
        if !self.child(found, "extension")? {
            return Ok(false);
        }
        let is_meant = |slice: &Tree| only_profile(&slice.definition).is_some_and(|profile| profile.split('|').next() == Some(url));
        if let Some(index) = found.tree.slices.iter().position(is_meant) {
            found.tree = found.tree.slices.swap_remove(index);
            return Ok(true);
        }
        Ok(false)
    }
}

/// Of a choice the slice of that type, or the choice as it is.
fn of_type(found: &mut Found, code: &str) -> bool {
    let is_meant = |slice: &Tree| type_codes(slice).eq([code]);
    if let Some(index) = found.tree.slices.iter().position(is_meant) {
        found.tree = found.tree.slices.swap_remove(index);
    }
    type_codes(&found.tree).any(|stated| stated == code)
}

fn type_codes(tree: &Tree) -> impl Iterator<Item = &str> {
    tree.definition.get("type").into_iter().flat_map(Value::each).filter_map(|kind| kind.text("code"))
}

/// The addresses that the types of an element name.
fn type_texts(tree: &Tree, name: &str) -> Vec<Box<str>> {
    let types = tree.definition.get("type").into_iter().flat_map(Value::each);
    types.flat_map(|kind| kind.list(name)).filter_map(Value::as_str).map(Box::from).collect()
}

/// Whether an element must be there, or must not; `None` when it may.
fn exists(tree: &Tree) -> Option<bool> {
    let definition = &tree.definition;
    let is_required = definition.get("min").and_then(Value::as_number).is_some_and(|min| min != "0");
    let is_absent = definition.get("max").and_then(Value::as_str) == Some("0");
    (is_required || is_absent).then_some(!is_absent)
}

fn types(found: &Found, compiler: &Compiler) -> Option<Box<[TypeId]>> {
    let known = compiler.known;
    let types: Vec<TypeId> = match &found.targets {
        Some(targets) => {
            let of = |url: &str| named_type(url).or_else(|| known.registry.type_of(&known.registry.link(url), known.library));
            targets.iter().filter_map(|url| of(url)).collect()
        }
        None => type_codes(&found.tree).filter_map(|code| definitions().type_by_name(code)).map(|kind| kind.id).collect(),
    };
    (!types.is_empty()).then(|| types.into())
}
