//! The types that an element may have, and what is asked of each.

use fhir::Value;
use fhir::definitions::{Element, TypeId, TypeKind, definitions};

use super::compile::Known;
use super::registry::{DEFINITIONS, Link};
use crate::snapshot::profile_element;

/// The types of an element.
#[derive(Debug, Default)]
pub(crate) struct Types {
    /// The places in the element's types of those that are allowed; `None` when all are.
    pub(crate) allowed: Option<Box<[u16]>>,
    /// For an element that holds a resource: the types that it may have; empty when all are.
    pub(crate) resources: Box<[TypeId]>,
    /// What is asked of the types, where anything is: the place in the element's types, or 0 for resources.
    pub(crate) rules: Box<[(u16, TypeRule)]>,
}

/// What a profile asks of one of the types of an element.
#[derive(Debug, Default)]
pub(crate) struct TypeRule {
    /// The type of resource that it is for, where the element holds resources.
    pub(crate) resource: Option<TypeId>,
    /// Profiles of the type: one of them must fit.
    pub(crate) profiles: Box<[Link]>,
    /// What references may point to; empty when the profile says no more than FHIR.
    pub(crate) targets: Box<[Target]>,
    /// Which kinds of references are allowed; empty for all.
    pub(crate) aggregation: Box<[Aggregation]>,
    /// Whether references must name a version (`Some(true)`), must not, or may.
    pub(crate) is_versioned: Option<bool>,
}

/// What a reference may point to.
#[derive(Debug)]
pub(crate) struct Target {
    /// The address in the profile.
    pub(crate) url: Box<str>,
    /// The type of the resource; `None` when any, or when the profile is not known.
    pub(crate) type_id: Option<TypeId>,
    /// The profile that it must fit; `None` for a type of FHIR.
    pub(crate) profile: Option<Link>,
}

/// Kinds of references: <http://hl7.org/fhir/R4/valueset-resource-aggregation-mode.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Aggregation {
    /// To a resource inside of this one.
    Contained,
    /// To a resource elsewhere.
    Referenced,
    /// To a resource of the same Bundle.
    Bundled,
}

impl Types {
    /// The types that an element of a snapshot has, as far as they are not those of FHIR's element.
    pub(super) fn of(stated: &[&Value], element: &Element, known: Known) -> Self {
        let mut types = Self::default();
        let (mut allowed, mut resources, mut rules) = (Vec::new(), Vec::new(), Vec::new());
        for kind in stated {
            let Some(code) = kind.text("code") else { continue };
            let place = place_of(element, code);
            let Some(place) = place else { continue };
            allowed.push(place);
            let base = &element.types[usize::from(place)];
            if let Some(id) = resource(code).filter(|id| *id != base.id) {
                resources.push(id);
            }
            let mut rule = TypeRule::of(kind, &base.targets, known);
            rule.resource = resource(code);
            if !rule.is_empty() {
                rules.push((place, rule));
            }
        }
        let is_any_resource = stated.len() > resources.len();
        types.resources = if is_any_resource { Box::default() } else { resources.into() };
        allowed.sort_unstable();
        allowed.dedup();
        types.allowed = (!allowed.is_empty() && allowed.len() < element.types.len()).then(|| allowed.into());
        types.rules = rules.into();
        types
    }

    /// Whether nothing is said.
    pub(super) fn is_empty(&self) -> bool {
        self.allowed.is_none() && self.resources.is_empty() && self.rules.is_empty()
    }

    /// Whether the type in this place is allowed.
    pub(crate) fn allows(&self, place: u16) -> bool {
        self.allowed.as_ref().is_none_or(|allowed| allowed.contains(&place))
    }
}

impl TypeRule {
    fn of(kind: &Value, base_targets: &[&str], known: Known) -> Self {
        let links = |name: &'static str| kind.list(name).filter_map(Value::as_str);
        // A profile of FHIR itself, such as SimpleQuantity, says little: where the library has it not it is passed over.
        let is_foreign = |url: &&str| named_type(url).is_none() && !url.starts_with(DEFINITIONS);
        let links_to = links("profile").filter(|url| is_foreign(url) || known.registry.has(url));
        let element = profile_element(kind);
        let profiles = links_to.filter(|url| named_type(url).is_none()).map(|url| known.registry.link(url).with_element(element));
        let targets: Vec<Target> = links("targetProfile").map(|url| Target::of(url, known)).collect();
        let is_base = targets.iter().all(|target| target.profile.is_none()) && is_same(&targets, base_targets);
        let aggregation = links("aggregation").filter_map(|code| match code {
            "contained" => Some(Aggregation::Contained),
            "referenced" => Some(Aggregation::Referenced),
            "bundled" => Some(Aggregation::Bundled),
            _ => None,
        });
        let is_versioned = match kind.text("versioning") {
            Some("independent") => Some(false),
            Some("specific") => Some(true),
            _ => None,
        };
        Self {
            resource: None,
            profiles: profiles.collect(),
            targets: if is_base { Box::default() } else { targets.into() },
            aggregation: aggregation.collect(),
            is_versioned,
        }
    }

    fn is_empty(&self) -> bool {
        self.profiles.is_empty() && self.targets.is_empty() && self.aggregation.is_empty() && self.is_versioned.is_none()
    }
}

impl Target {
    fn of(url: &str, known: Known) -> Self {
        let base = named_type(url);
        let link = known.registry.link(url);
        let type_id = base.or_else(|| known.registry.type_of(&link, known.library)).filter(|id| !definitions().get(*id).is_abstract);
        Self { url: url.into(), type_id, profile: base.is_none().then_some(link) }
    }
}

fn is_same(targets: &[Target], base: &[&str]) -> bool {
    let names: Vec<&str> = targets.iter().filter_map(|target| target.type_id).map(|id| definitions().get(id).name).collect();
    // No target at all, or the abstract Resource, is any.
    names.len() == base.len() && base.iter().all(|name| names.contains(name))
}

/// The type of FHIR that an address is of: not that of a profile.
pub(super) fn named_type(url: &str) -> Option<TypeId> {
    let name = url.split('|').next()?.strip_prefix(DEFINITIONS)?;
    definitions().type_by_name(name).filter(|kind| kind.kind != TypeKind::Backbone).map(|kind| kind.id)
}

/// The type of resources of this name.
fn resource(code: &str) -> Option<TypeId> {
    definitions().type_by_name(code).filter(|kind| kind.kind == TypeKind::Resource).map(|kind| kind.id)
}

/// The place in the element's types of the one that a code names.
pub(super) fn place_of(element: &Element, code: &str) -> Option<u16> {
    let is_meant = |id: TypeId| {
        let kind = definitions().get(id);
        kind.name == code || kind.kind == TypeKind::Backbone || (kind.kind == TypeKind::Resource && resource(code).is_some())
    };
    let place = element.types.iter().position(|kind| is_meant(kind.id))?;
    u16::try_from(place).ok()
}
