//! What a search means, said a second time: from FHIR's definition and the JSON of the resources alone.
//!
//! It knows nothing of index entries, filters or keys, and shares no code with [`search`] and [`store`]: values are found by [`crate::path`], dates are
//! counted here, and texts are folded by a table written by hand. Where FHIR leaves a choice, or a restatement would be no simpler than what it is to
//! judge, it has no opinion (`None`), and says so rather than guess.

mod code_set;
mod date;
mod number;
mod order;
mod reference;
mod text;
mod token;
mod values;

use std::collections::{BTreeSet, HashMap};

use fhir::Value;
use fhir::definitions::{Component, ResourceType, SearchParameter, SearchParameterType, definitions};

use crate::path::{self, Found, Path};
use crate::queries::{Data, Question, Scope};

/// Whether a resource matches; `None`: no opinion.
type Opinion = Option<bool>;

/// Parameters that say how to answer, and not what to find.
const RESULTS: [&str; 8] = ["_count", "_sort", "_total", "_summary", "_elements", "_include", "_revinclude", "_page"];

/// The second opinion.
#[derive(Debug, Default)]
pub struct Oracle {
    /// For each type and parameter where its values are.
    paths: HashMap<(ResourceType, &'static str), (&'static SearchParameter, Vec<Path>)>,
}

impl Oracle {
    /// The second opinion.
    pub fn new() -> Self {
        let mut paths = HashMap::new();
        for kind in ResourceType::all() {
            for parameter in definitions().search_parameters() {
                let applies = parameter.bases.iter().any(|base| [kind.name(), "Resource", "DomainResource"].contains(base));
                if applies && let Some(found) = path::of(kind, parameter) {
                    paths.insert((kind, parameter.code), (parameter, found));
                }
            }
        }
        Self { paths }
    }

    /// What a search finds: `Patient/1`; `None` when it has no opinion on some resource.
    pub fn expected(&self, question: &Question, data: &Data) -> Option<BTreeSet<String>> {
        let is_among_contained = question.params.iter().any(|(name, _)| name.starts_with("_contained"));
        let is_of_one_type = !matches!(question.scope, Scope::System | Scope::Compartment(_, true));
        if !is_of_one_type || is_among_contained || !data.is_whole(question.kind) {
            return None;
        }
        let criteria: Vec<&(String, String)> =
            question.params.iter().filter(|(name, _)| !RESULTS.contains(&name.split(':').next().unwrap_or_default())).collect();
        let mut expected = BTreeSet::new();
        for resource in data.of(question.kind) {
            let is_there = self.is_in_scope(&question.scope, question.kind, resource);
            let opinions = [is_there]
                .into_iter()
                .chain(criteria.iter().map(|(name, value)| self.criterion(question.kind, name, value, resource, data)));
            if all(opinions)? {
                expected.insert(format!("{}/{}", question.kind.name(), resource.text("id")?));
            }
        }
        Some(expected)
    }

    /// Whether a resource belongs to where a search looks (<http://hl7.org/fhir/R4/compartmentdefinition.html>).
    fn is_in_scope(&self, scope: &Scope, kind: ResourceType, resource: &Value) -> Opinion {
        let Scope::Compartment(owner, _) = scope else { return Some(true) };
        if kind == owner.kind && resource.text("id") == Some(&*owner.id) {
            return Some(true);
        }
        let row = definitions().compartments().iter().find(|row| row.compartment == owner.kind && row.resource_type == kind)?;
        any(row.parameters.iter().filter(|code| **code != "{def}").map(|code| {
            let (_, paths) = self.paths.get(&(kind, *code))?;
            let mut opinions = Vec::new();
            for path in paths {
                opinions.extend(
                    path.follow(resource)?.into_iter().map(|found| Some(reference::local(found)? == Some((owner.kind, &*owner.id)))),
                );
            }
            any(opinions.into_iter())
        }))
    }

    /// The JSON of the values of the parameters that a search asks about, in a resource.
    pub fn values(&self, question: &Question, resource: &Value) -> Vec<String> {
        let codes = question.params.iter().filter_map(|(name, _)| name.split([':', '.']).next());
        let paths = codes.filter_map(|code| self.paths.get(&(question.kind, code))).flat_map(|(_, paths)| paths);
        let found = paths.filter_map(|path| path.follow(resource)).flatten();
        found.map(|each| format!("{} {}", each.of.name, fhir::json::to_string(each.value))).collect()
    }

    /// Whether a resource passes one criterion.
    fn criterion(&self, kind: ResourceType, name: &str, value: &str, resource: &Value, data: &Data) -> Opinion {
        if let Some(rest) = name.strip_prefix("_has:") {
            return self.reverse_chain(kind, rest, value, resource, data);
        }
        if let Some((link, rest)) = name.split_once('.') {
            return self.chain(kind, link, rest, value, resource, data);
        }
        let (code, modifier) = name.split_once(':').unwrap_or((name, ""));
        let values = values::split(value, ',');
        match code {
            "_id" if modifier.is_empty() => return Some(values.iter().any(|id| resource.text("id") == Some(id))),
            "_lastUpdated" if modifier.is_empty() => {
                let moment = date::span(resource.get("meta")?.text("lastUpdated")?)?;
                return any(values.iter().map(|asked| date::compares(asked, moment)));
            }
            _ => {}
        }
        let (parameter, paths) = self.paths.get(&(kind, code))?;
        let mut found = Vec::new();
        for path in paths {
            found.extend(path.follow(resource)?);
        }
        match modifier {
            "missing" => missing(parameter.kind, &found).map(|is_missing| is_missing == (value == "true")),
            "not" => any(values.iter().map(|asked| token::any_is(&found, asked))).map(|matches| !matches),
            "not-in" => any(values.iter().map(|asked| code_set::any_is_in(&found, asked))).map(|matches| !matches),
            "" if parameter.kind == SearchParameterType::Composite => {
                any(values.iter().map(|asked| any(found.iter().map(|element| combines(parameter, *element, resource, asked)))))
            }
            _ => any(values.iter().map(|asked| one(parameter, modifier, &found, asked))),
        }
    }

    /// `link.rest` and `link:Type.rest`: a resource that is referred to passes the rest.
    fn chain(&self, kind: ResourceType, link: &str, rest: &str, value: &str, resource: &Value, data: &Data) -> Opinion {
        let (code, of) = link.split_once(':').unwrap_or((link, ""));
        let (parameter, paths) = self.paths.get(&(kind, code))?;
        let mut opinions = Vec::new();
        for path in paths {
            for found in path.follow(resource)? {
                let Some((target, id)) = reference::local(found)? else { continue };
                let leads_there = parameter.targets.is_empty() || parameter.targets.contains(&target.name());
                if !leads_there || !of.is_empty() && target.name() != of {
                    continue;
                }
                if !data.is_whole(target) {
                    return None;
                }
                let other = data.get(target, id).map(|other| self.criterion(target, rest, value, other, data));
                opinions.push(other.unwrap_or(Some(false)));
            }
        }
        any(opinions.into_iter())
    }

    /// `Type:reference:rest`: a resource that refers to this one passes the rest.
    fn reverse_chain(&self, kind: ResourceType, link: &str, value: &str, resource: &Value, data: &Data) -> Opinion {
        let mut parts = link.splitn(3, ':');
        let (source, code, rest) = (ResourceType::parse(parts.next()?)?, parts.next()?, parts.next()?);
        let (_, paths) = self.paths.get(&(source, code))?;
        let id = resource.text("id").filter(|_| data.is_whole(source))?;
        let mut opinions = Vec::new();
        for other in data.of(source) {
            let mut refers = false;
            for path in paths {
                for found in path.follow(other)? {
                    refers |= reference::local(found)? == Some((kind, id));
                }
            }
            if refers {
                opinions.push(self.criterion(source, rest, value, other, data));
            }
        }
        any(opinions.into_iter())
    }
}

/// Whether an element of a composite has a value for each of its components.
fn combines(parameter: &SearchParameter, element: Found<'_>, resource: &Value, asked: &str) -> Opinion {
    let parts = values::split(asked, '$');
    let of_component = |(component, part): (&Component, &String)| {
        let definition = definitions().search_parameter(component.definition)?;
        let mut found = Vec::new();
        // HL7 has the components of `DocumentReference-relationship` in each other's place: their own definitions say which is which.
        let own = definition.expression.zip(parameter.expression).and_then(|(own, whole)| own.strip_prefix(whole)?.strip_prefix('.'));
        for path in path::of_component(own.unwrap_or(component.expression))? {
            found.extend(path.follow_from(element, resource)?);
        }
        one(definition, "", &found, part)
    };
    all(parameter.components.iter().zip(&parts).map(of_component))
}

/// Whether one of the values is the one asked for.
fn one(parameter: &SearchParameter, modifier: &str, found: &[Found<'_>], asked: &str) -> Opinion {
    match (parameter.kind, modifier) {
        (SearchParameterType::Token, "") => token::any_is(found, asked),
        (SearchParameterType::Token, "in") => code_set::any_is_in(found, asked),
        (SearchParameterType::Token, "above" | "below") => code_set::any_is_around(found, modifier, asked),
        (SearchParameterType::Token, "of-type") => token::any_is_of_type(found, asked),
        (SearchParameterType::String, "" | "exact" | "contains") => text::any_is(found, asked, modifier),
        (SearchParameterType::Date, "") => any(found.iter().map(|each| date::compares(asked, date::of(*each)?))),
        (SearchParameterType::Number, "") => number::any_is(found, asked),
        (SearchParameterType::Quantity, "") => number::any_quantity_is(found, asked),
        (SearchParameterType::Reference, "identifier") => reference::any_identifier_is(found, asked),
        (SearchParameterType::Reference, modifier) if modifier.is_empty() || ResourceType::parse(modifier).is_some() => {
            reference::any_is(found, asked, modifier)
        }
        (SearchParameterType::Uri, "" | "above" | "below") => reference::any_uri_is(found, asked, modifier),
        _ => None,
    }
}

/// Whether there is no value. No opinion when there is one of which nothing can be searched for.
fn missing(kind: SearchParameterType, found: &[Found<'_>]) -> Opinion {
    let searchable = |each: &Found<'_>| match each.of.name {
        _ if kind == SearchParameterType::Date => date::of(*each).is_some(),
        "Reference" => each.value.text("reference").is_some_and(|address| !address.starts_with('#')),
        "Coding" => each.value.get("code").is_some(),
        "CodeableConcept" => each.value.list("coding").any(|coding| coding.get("code").is_some()),
        "Identifier" | "ContactPoint" => each.value.get("value").is_some(),
        _ => each.of.primitive.is_some(),
    };
    if found.is_empty() {
        return Some(true);
    }
    found.iter().any(searchable).then_some(false)
}

/// Whether one is so.
fn any(opinions: impl Iterator<Item = Opinion>) -> Opinion {
    let mut known = Some(false);
    for opinion in opinions {
        match opinion {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = None,
        }
    }
    known
}

/// Whether all are so.
fn all(opinions: impl Iterator<Item = Opinion>) -> Opinion {
    any(opinions.map(|opinion| opinion.map(|is_so| !is_so))).map(|one_is_not| !one_is_not)
}
