//! References that chance leaves out: each reference parameter has, in some resource, a value that leads to another resource, has an identifier and a
//! text, and leads to what can be part of something where the parameter allows that.

use fhir::definitions::{Element, ElementType, ResourceType, SearchParameter, SearchParameterType, Type, definitions};
use fhir::{Object, Value};
use search::registry::hierarchy;

use super::pool::{BASE, CODES, IDENTIFIERS, SYSTEMS, TEXTS};
use super::{Generator, IDS, how_many};
use crate::path::{self, Path, Step};

/// How deep the elements stand that are made on the way: so deep that little comes beside them.
const DEPTH: usize = 6;

/// What is put into one resource of a type.
pub(super) struct Planting {
    /// The number of the resource among those of its type.
    pub(super) at: usize,
    path: Path,
    parameter: &'static SearchParameter,
}

/// What is put into the resources of a type. Each value is put into two of them, as one may be under an id that the server makes, or be deleted.
pub(super) fn plantings(kind: ResourceType) -> Vec<Planting> {
    let is_link = |parameter: &&SearchParameter| parameter.kind == SearchParameterType::Reference && parameter.bases.contains(&kind.name());
    let mut plantings = Vec::new();
    for parameter in definitions().search_parameters().iter().filter(is_link) {
        for path in path::of(kind, parameter).unwrap_or_default() {
            for _ in 0..2 {
                plantings.push(Planting { at: plantings.len() % how_many(kind), path: path.clone(), parameter });
            }
        }
    }
    // The parts of what combines texts are put into one resource.
    let combines =
        |parameter: &&SearchParameter| parameter.kind == SearchParameterType::Composite && parameter.bases.contains(&kind.name());
    for parameter in definitions().search_parameters().iter().filter(combines) {
        let paths = path::of(kind, parameter).unwrap_or_default();
        if paths.iter().any(|path| path.steps.is_empty()) && parameter.code.ends_with("-string") {
            let parts = parameter.components.iter().filter_map(|part| path::of_component(part.expression)).flatten();
            plantings.extend(parts.map(|path| Planting { at: 1, path, parameter }));
        }
    }
    plantings
}

impl Generator {
    /// Puts it into the resource.
    pub(super) fn plant(&mut self, resource: &mut Value, planting: &Planting) {
        let of = definitions().resource(self.kind);
        if let Some(object) = resource.as_object_mut() {
            self.plant_in(object, of, &planting.path.steps, planting.parameter);
        }
    }

    fn plant_in(&mut self, object: &mut Object, of: &'static Type, steps: &[Step], parameter: &SearchParameter) -> Option<()> {
        let [Step::Element(name), rest @ ..] = steps else { return None };
        let element = of.element(name)?;
        let end = rest.iter().position(|step| matches!(step, Step::Element(_))).unwrap_or(rest.len());
        let (about, rest) = rest.split_at(end);
        let kind = chosen(element, about);
        let inner = definitions().get(kind.id);
        let value = if rest.is_empty() {
            self.leaf(inner.name, kind, about, parameter)?
        } else {
            let there = object.get(kind.member).and_then(|there| there.each().next().cloned()).filter(|_| !element.is_list());
            let mut value = there.unwrap_or_else(|| self.value(element, kind, DEPTH));
            let inside = value.as_object_mut()?;
            for step in about {
                if let Step::Where(name, code) = step {
                    inside.set(*name, *code);
                }
            }
            self.plant_in(inside, inner, rest, parameter)?;
            value
        };
        put(object, element, kind, value);
        Some(())
    }

    /// A value of the parameter.
    fn leaf(&mut self, of: &str, kind: &ElementType, about: &[Step], parameter: &SearchParameter) -> Option<Value> {
        let named = about.iter().find_map(|step| if let Step::LeadsTo(name) = step { Some(*name) } else { None });
        let fits = |name: &&str| kind.targets.is_empty() || kind.targets.contains(&"Resource") || kind.targets.contains(name);
        let leads: Vec<&str> = parameter.targets.iter().copied().filter(fits).filter(|name| ResourceType::parse(name).is_some()).collect();
        let is_part = |name: &&str| ResourceType::parse(name).and_then(hierarchy::parent).is_some();
        match of {
            "string" => return Some(TEXTS[0].0.into()),
            "CodeableConcept" => {
                return Some(fhir::object! { "coding": fhir::array![fhir::object! { "system": SYSTEMS[0], "code": CODES[0] }] });
            }
            _ => {}
        }
        let target = named.or_else(|| leads.iter().copied().find(is_part)).or_else(|| leads.first().copied())?;
        let address = format!("{target}/{}", self.random.pick(&IDS[..3]));
        match of {
            "Reference" => Some(fhir::object! {
                "reference": address,
                "identifier": fhir::object! { "system": "http://hospital.example/mrn", "value": self.random.pick(&IDENTIFIERS) },
                "display": self.random.pick(&TEXTS[..8]).0,
            }),
            "canonical" | "uri" => Some(format!("{BASE}/{address}").into()),
            _ => None,
        }
    }
}

/// The type that the steps pick, or otherwise one that a reference parameter looks at.
fn chosen(element: &'static Element, about: &[Step]) -> &'static ElementType {
    let picked = about.iter().find_map(|step| if let Step::Type(name) = step { Some(*name) } else { None });
    let is = |name: &str| element.types.iter().find(|kind| definitions().get(kind.id).name == name);
    picked.and_then(is).or_else(|| is("Reference")).or_else(|| is("canonical")).unwrap_or(&element.types[0])
}

/// Puts a value first among those of an element, and in the place of those of its other types.
fn put(object: &mut Object, element: &Element, kind: &ElementType, value: Value) {
    for other in &element.types {
        object.remove(&format!("_{}", other.member));
        if other.member != kind.member {
            object.remove(other.member);
        }
    }
    if !element.is_list() {
        return object.set(kind.member, value);
    }
    let before = object.remove(kind.member);
    let others = before.iter().flat_map(Value::each).filter(|each| **each != Value::Null).cloned();
    let most = element.max.map_or(usize::MAX, |max| max as usize);
    object.set(kind.member, std::iter::once(value).chain(others).take(most).collect::<Vec<_>>());
}
