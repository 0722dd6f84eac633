//! Parameters that SearchParameter resources define (<http://hl7.org/fhir/R4/searchparameter.html>).
//!
//! A resource with status `active` is in force, in the order of ids. What is there already is never replaced: neither HL7's parameters nor those
//! of a resource before. Of several versions under one address the newest is in force.

mod fit;
mod read;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use fhir::canonical::{Canonical, compare_versions};
use fhir::definitions::{ResourceType, definitions};
use fhir::{Issue, IssueCode, Value};
use xxhash_rust::xxh3::Xxh3;

use super::{Parameter, ParameterKind, Registry, TypeParameters, load};
use crate::codes;

/// How many SearchParameter resources may be in force.
pub const MAX_DEFINITIONS: usize = 1000;

/// A parameter that a resource defines.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The id of the resource.
    pub id: Box<str>,
    /// Its canonical address.
    pub url: Box<str>,
    /// The version under that address; empty when it has none.
    pub version: Box<str>,
    /// Its name in a query.
    pub code: Box<str>,
    /// Its kind.
    pub kind: ParameterKind,
    /// The types that have it, sorted: `Resource` stands for all.
    pub bases: Vec<ResourceType>,
    /// The FHIRPath that finds the values.
    pub expression: Box<str>,
    /// For a reference: the types that it may lead to.
    pub targets: Vec<ResourceType>,
    /// The parts of a composite.
    pub components: Vec<Part>,
}

/// The id of a resource that is not in force, and why.
pub type Refused = (Box<str>, Vec<Issue>);

/// A part of a composite parameter that a resource defines.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The canonical address of what says how the part is compared.
    pub definition: Box<str>,
    /// Where its values are, from what the composite's expression yields.
    pub expression: Box<str>,
}

impl Registry {
    /// What the resource, of this id, defines; `None` when it is not `active`, and when it defines nothing: it says what HL7's parameter of its
    /// address says, or says more of one of HL7's that it names as derived from, as those of implementation guides do.
    ///
    /// # Errors
    /// Everything that stands in the way of its being in force, with the place in it: an unknown base, a code that another parameter has, an
    /// expression that is none or does not fit.
    pub fn definition(&self, id: &str, resource: &Value) -> Result<Option<Definition>, Vec<Issue>> {
        if resource.text("status") != Some("active") {
            return Ok(None);
        }
        if is_of_hl7(resource) || self.is_derived(resource) {
            return Ok(None);
        }
        let definition = read::read(id, resource)?;
        let mut issues = Vec::new();
        if self.custom.iter().filter(|other| *other.id != *id).count() >= MAX_DEFINITIONS {
            let rule = format!("{MAX_DEFINITIONS} SearchParameters are in force, as many as may be: retire one");
            issues.push(Issue::error(codes::DEFINITION_LIMIT, IssueCode::TooCostly, "SearchParameter.status", rule));
        }
        self.check_code(&definition, &mut issues);
        match definition.kind {
            ParameterKind::Composite => self.check_components(&definition, &mut issues),
            _ => definition.bases.iter().try_for_each(|base| fit::values(&definition, *base)).unwrap_or_else(|issue| issues.push(issue)),
        }
        if issues.is_empty() { Ok(Some(definition)) } else { Err(issues) }
    }

    /// Whether each of its bases has the parameter of HL7 that it is derived from, under its own code: who searches by that code means that one.
    fn is_derived(&self, resource: &Value) -> bool {
        let (Some(from), Some(code)) = (resource.text("derivedFrom"), resource.text("code")) else { return false };
        let Some(source) = definitions().search_parameter(Canonical::parse(from).url) else { return false };
        let mut bases = resource.list("base").filter_map(Value::as_str).peekable();
        let is_there = |base: &str| {
            let kinds = types_of(base).unwrap_or_default();
            !kinds.is_empty() && kinds.into_iter().all(|kind| self.get(kind, code).is_some_and(|there| !there.is_custom))
        };
        source.code == code && bases.peek().is_some() && bases.all(is_there)
    }

    /// Whether no other parameter of a base has the code.
    fn check_code(&self, definition: &Definition, issues: &mut Vec<Issue>) {
        let taken = definition.bases.iter().find_map(|base| {
            let other = self.get(*base, &definition.code)?;
            let is_itself = other.is_custom && self.custom.iter().any(|own| own.is_same(definition) && own.code == definition.code);
            (!is_itself || self.custom.iter().any(|own| !own.is_same(definition) && own.clashes(definition))).then_some((base, other))
        });
        if let Some((base, other)) = taken {
            let rule = format!("{} has a parameter `{}` already, {}: choose another code", base.name(), definition.code, other.url);
            issues.push(Issue::error(codes::DEFINITION_CODE, IssueCode::Duplicate, "SearchParameter.code", rule));
        }
    }

    fn check_components(&self, definition: &Definition, issues: &mut Vec<Issue>) {
        for (index, part) in definition.components.iter().enumerate() {
            let place = format!("SearchParameter.component[{index}]");
            let of = self.source(&part.definition).filter(|of| of.id != definition.id);
            let checked = match of {
                None => Err(Issue::error(
                    codes::DEFINITION_COMPONENT,
                    IssueCode::NotFound,
                    format!("{place}.definition"),
                    "no search parameter in force has this address: write that one first, or correct the address",
                )),
                Some(of) if matches!(of.kind, ParameterKind::Composite | ParameterKind::Special) => Err(Issue::error(
                    codes::DEFINITION_COMPONENT,
                    IssueCode::NotSupported,
                    format!("{place}.definition"),
                    format!("a {} parameter cannot be part of a composite", of.kind.code()),
                )),
                Some(of) => definition.bases.iter().try_for_each(|base| fit::part(definition, part, of.kind, *base, &place)),
            };
            issues.extend(checked.err());
        }
    }

    /// What defines the parameter of this address: a line of HL7's table, or a resource in force.
    fn source(&self, url: &str) -> Option<Source> {
        let url = url.split_once('|').map_or(url, |(plain, _)| plain);
        let hl7 = definitions().search_parameter(url).map(|of| Source {
            id: "".into(),
            kind: of.kind,
            expression: of.expression.map(Into::into),
            targets: of.targets.iter().copied().filter_map(ResourceType::parse).collect(),
        });
        let custom = || self.custom.iter().find(|of| *of.url == *url).map(Source::of);
        hl7.or_else(custom)
    }

    /// The same registry with what these resources define, given with their ids, and nothing else. Says also which were left out, and why: what
    /// cannot be in force defines nothing.
    pub fn with_definitions(&self, resources: &[(Box<str>, Value)]) -> (Registry, Vec<Refused>) {
        let mut next = Registry { seals_index: self.seals_index, ..Registry::of_hl7(self.bases.clone(), self.indexes_words) };
        let mut refused = Vec::new();
        let resources = newest(resources);
        let is_composite = |resource: &Value| resource.text("type") == Some("composite");
        // A composite needs the others.
        for composites in [false, true] {
            let mut found = Vec::new();
            for (id, resource) in resources.iter().copied().filter(|(_, resource)| is_composite(resource) == composites) {
                match next.definition(id, resource) {
                    Ok(definition) => found.extend(definition.filter(|own| !found.iter().any(|other: &Definition| other.clashes(own)))),
                    Err(issues) => refused.push((id.clone(), issues)),
                }
            }
            found.truncate(MAX_DEFINITIONS.saturating_sub(next.custom.len()));
            next = next.grown(found);
        }
        (next, refused)
    }

    /// With some more.
    fn grown(self, more: Vec<Definition>) -> Registry {
        let mut of_type: HashMap<ResourceType, Vec<Arc<Parameter>>> = HashMap::new();
        for definition in &more {
            for base in &definition.bases {
                of_type.entry(*base).or_default().push(Arc::new(self.parameter(*base, definition)));
            }
        }
        let with = |of: &Arc<TypeParameters>| match of_type.remove(&of.kind) {
            None => of.clone(),
            Some(own) => {
                let mut parameters: Vec<Arc<Parameter>> = of.parameters.iter().cloned().chain(own).collect();
                parameters.sort_by(|left, right| left.code.cmp(&right.code));
                Arc::new(TypeParameters { kind: of.kind, parameters, compiled: OnceLock::new() })
            }
        };
        let types = self
            .types
            .iter()
            .map({
                let mut with = with;
                move |of| with(of)
            })
            .collect();
        Registry {
            types,
            custom: self.custom.iter().cloned().chain(more).collect(),
            identity: OnceLock::new(),
            secrets: OnceLock::new(),
            ..self
        }
    }

    fn parameter(&self, base: ResourceType, definition: &Definition) -> Parameter {
        let sources: Vec<Option<Source>> = definition.components.iter().map(|part| self.source(&part.definition)).collect();
        let parts = definition.components.iter().zip(&sources);
        let parts: Vec<_> = parts.filter_map(|(part, source)| Some((source.as_ref()?.as_definition(), &*part.expression))).collect();
        let of = load::Definition {
            code: definition.code.to_string().into(),
            url: definition.url.to_string().into(),
            // The number changes with the meaning: what was indexed under another one is never taken for this one's.
            name: format!("{}#{:016x}", definition.code, definition.hash(&sources)).into(),
            kind: definition.kind,
            targets: definition.targets.clone(),
            expression: Some(&definition.expression),
            parts,
        };
        Parameter { is_custom: true, ..load::parameter(base, &of) }
    }
}

/// Those that are not older versions of another active one with the same address.
fn newest(resources: &[(Box<str>, Value)]) -> Vec<&(Box<str>, Value)> {
    let is_active = |resource: &Value| resource.text("status") == Some("active");
    let mut by_address: HashMap<&str, &(Box<str>, Value)> = HashMap::new();
    for definition in resources.iter().filter(|(_, resource)| is_active(resource)) {
        let Some(url) = definition.1.text("url") else { continue };
        let newest = by_address.entry(url).or_insert(definition);
        if compare_versions(definition.1.text("version"), newest.1.text("version")).is_gt() {
            *newest = definition;
        }
    }
    let is_newest = |(_, resource): &&(Box<str>, Value)| {
        let newest = resource.text("url").and_then(|url| by_address.get(url));
        newest.is_none_or(|newest| newest.1.text("version") == resource.text("version"))
    };
    resources.iter().filter(is_newest).collect()
}

impl Definition {
    /// Whether both are one definition, perhaps in two versions.
    fn is_same(&self, other: &Definition) -> bool {
        self.id == other.id || (!self.url.is_empty() && self.url == other.url && self.version != other.version)
    }

    /// Whether one type would have both under one code.
    fn clashes(&self, other: &Definition) -> bool {
        !self.is_same(other) && self.code == other.code && self.bases.iter().any(|base| other.bases.contains(base))
    }

    /// What its entries depend on.
    fn hash(&self, sources: &[Option<Source>]) -> u64 {
        let mut hash = Xxh3::new();
        let mut add = |text: &str| {
            hash.update(&(text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        add(self.kind.code());
        add(&self.expression);
        self.targets.iter().for_each(|target| add(target.name()));
        for (part, source) in self.components.iter().zip(sources) {
            add(&part.expression);
            if let Some(source) = source {
                add(source.kind.code());
                add(source.expression.as_deref().unwrap_or_default());
                source.targets.iter().for_each(|target| add(target.name()));
            }
        }
        hash.digest()
    }
}

/// What says how a part of a composite is compared.
struct Source {
    /// Of the resource; empty for HL7's.
    id: Box<str>,
    kind: ParameterKind,
    expression: Option<Box<str>>,
    targets: Vec<ResourceType>,
}

impl Source {
    fn of(definition: &Definition) -> Self {
        let Definition { id, kind, expression, targets, .. } = definition.clone();
        Self { id, kind, expression: Some(expression), targets }
    }

    fn as_definition(&self) -> load::Definition<'_> {
        load::Definition {
            code: "".into(),
            url: "".into(),
            name: "".into(),
            kind: self.kind,
            targets: self.targets.clone(),
            expression: self.expression.as_deref(),
            parts: Vec::new(),
        }
    }
}

/// Whether it says what a line of HL7's table says.
fn is_of_hl7(resource: &Value) -> bool {
    let names = |member: &str| resource.list(member).filter_map(Value::as_str).collect::<Vec<_>>();
    resource.text("url").and_then(|url| definitions().search_parameter(url)).is_some_and(|own| {
        resource.text("code") == Some(own.code)
            && resource.text("type") == Some(own.kind.code())
            && resource.text("expression") == own.expression
            && names("base") == own.bases
    })
}

/// The types that a base stands for; `None` for no type.
fn types_of(base: &str) -> Option<Vec<ResourceType>> {
    const NOT_DOMAIN: [&str; 3] = ["Binary", "Bundle", "Parameters"];
    match base {
        "Resource" => Some(ResourceType::all().collect()),
        "DomainResource" => Some(ResourceType::all().filter(|kind| !NOT_DOMAIN.contains(&kind.name())).collect()),
        name => ResourceType::parse(name).map(|kind| vec![kind]),
    }
}

/// Those that stand twice, once.
fn each_once(mut types: Vec<ResourceType>) -> Vec<ResourceType> {
    let mut seen = HashSet::new();
    types.retain(|kind| seen.insert(*kind));
    types.sort_unstable();
    types
}
