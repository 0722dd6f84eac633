//! capabilities: what the server can do, told by the table that routes (<http://hl7.org/fhir/R4/http.html#capabilities>).

mod terminology;

use ::search::{Modifier, Parameter, ParameterKind, Registry};
use bytes::Bytes;
use fhir::definitions::{ResourceType, definitions};
use fhir::primitive::instant_text;
use fhir::{Object, Value, array, json, object};

use fhir::library::Library;
use store::commit::Key;
use store::contract::Extract;
use xxhash_rust::xxh3::xxh3_64;

use crate::operation::{self, Place};
use crate::table::{Level, TABLE};
use crate::{ConditionalDelete, Context, References, Server, builtin};

/// Which statement is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The CapabilityStatement. Asked for its normative part it is the same: FHIR 4.0.1 has made the whole resource normative.
    #[default]
    Full,
    /// The TerminologyCapabilities.
    Terminology,
}

impl Mode {
    /// The mode of this name: `full`, `normative` or `terminology`.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "full" | "normative" => Mode::Full,
            "terminology" => Mode::Terminology,
            _ => return None,
        })
    }
}

/// The JSON text of the statement. The CapabilityStatement is made when somebody first asks, and then kept until the search
/// parameters or the guides change.
pub fn capabilities(ctx: &Context, mode: Mode) -> Bytes {
    match mode {
        Mode::Full => {
            let guides = guides(ctx);
            let identity = ctx.server.registry().identity() ^ xxh3_64(guides.join(" ").as_bytes());
            ctx.server.statement.get(identity, || Bytes::from(json::to_string(&statement(&ctx.server, &guides))))
        }
        Mode::Terminology => Bytes::from(json::to_string(&terminology::terminology(ctx))),
    }
}

/// The implementation guides that are there, as canonical addresses with their versions, sorted.
fn guides(ctx: &Context) -> Vec<String> {
    const KIND: &str = "ImplementationGuide";
    let library = ctx.server.library_so_far(ctx.tenant);
    let versions = |url: Box<str>| {
        let versioned = |version: Option<Box<str>>| version.map_or(url.to_string(), |version| format!("{url}|{version}"));
        library.versions(KIND, &url).into_iter().map(versioned).collect::<Vec<_>>()
    };
    library.urls(KIND).into_iter().flat_map(versions).collect()
}

fn statement(server: &Server, guides: &[String]) -> Value {
    let (software, version) = &server.settings.software;
    let resources: Vec<Value> = ResourceType::all().map(|kind| resource(server, kind)).collect();
    let mut statement = object! {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": instant_text(server.clock.now()),
        "kind": "instance",
        "instantiates": array!["http://hl7.org/fhir/CapabilityStatement/terminology-server"],
        "software": object! { "name": software.as_str(), "version": version.as_str() },
        "implementation": object! { "description": format!("{software}, a FHIR R4 server") },
        "fhirVersion": "4.0.1",
        "format": array!["application/fhir+json", "application/fhir+xml", "json", "xml"],
        "patchFormat": array![
            "application/json-patch+json",
            "application/xml-patch+xml",
            "application/merge-patch+json",
            "application/fhir+json",
            "application/fhir+xml",
        ],
        "rest": array![object! {
            "mode": "server",
            "documentation": documentation(),
            "resource": resources,
            "interaction": interactions(&[Level::System]),
            "searchParam": common_parameters(server),
            "compartment": compartments(),
            "operation": operations(&[Place::System]),
        }],
    };
    if let Some(members) = statement.as_object_mut().filter(|_| !guides.is_empty()) {
        let place = members.iter().position(|(name, _)| **name == *"rest").unwrap_or_default();
        members.insert_at(place, "implementationGuide", guides.iter().map(|guide| Value::from(guide.as_str())).collect::<Vec<_>>());
    }
    statement
}

/// Written out for every type, these would be half of the statement.
const ANY_REVERSE_INCLUDE: &str = "`_revinclude` also takes, for every type, the reference parameters that may lead to any type, such as \
    `Provenance:target`: `searchRevInclude` lists only those that lead to certain types.";

/// What the statement has no elements for: modifiers, and parameters that lead to any type.
fn documentation() -> String {
    let of_kind = |kind: ParameterKind| {
        let modifiers: Vec<String> = Modifier::of(kind).map(|modifier| format!("`:{}`", modifier.code())).collect();
        format!("{}: {}", kind.code(), modifiers.join(" "))
    };
    let kinds: Vec<String> = MODIFIED.into_iter().map(of_kind).collect();
    format!("Modifiers of search parameters, as far as their elements have what is asked for: {}. {ANY_REVERSE_INCLUDE}", kinds.join("; "))
}

/// The kinds of parameters that have other modifiers than `:missing`, which all have.
const MODIFIED: [ParameterKind; 4] = [ParameterKind::String, ParameterKind::Token, ParameterKind::Reference, ParameterKind::Uri];

/// The parameters that all types have: those of a search of the whole system.
fn common_parameters(server: &Server) -> Vec<Value> {
    let registry = server.registry();
    let is_everywhere = |parameter: &Parameter| {
        ResourceType::all().all(|kind| registry.searchable(kind).any(|other| other.code == parameter.code && other.url == parameter.url))
    };
    let Some(first) = ResourceType::all().next() else { return Vec::new() };
    registry
        .searchable(first)
        .filter(|parameter| is_everywhere(parameter))
        .map(|parameter| search_parameter(&registry, parameter))
        .collect()
}

/// What is said of a parameter whose values the index has as keyed hashes.
const EQUALITY: &str = "Of this parameter equality alone can be asked: a text with `:exact` (or whole, whatever its case, with `Prefer: handling=lenient`), a day, a token; no \
    beginning, part or range, and no `_sort`.";

/// What is done with resources of a type.
fn resource(server: &Server, kind: ResourceType) -> Value {
    let registry = server.registry();
    let parameters: Vec<&Parameter> = registry.searchable(kind).map(|parameter| &**parameter).collect();
    let references = |parameter: &&&Parameter| parameter.kind == ParameterKind::Reference;
    let includes: Vec<Value> = parameters.iter().filter(references).map(|parameter| include(kind, parameter)).collect();
    let mut resource = Object::from_iter([
        ("type", Value::from(kind.name())),
        ("profile", format!("http://hl7.org/fhir/StructureDefinition/{}", kind.name()).into()),
        ("interaction", interactions(&[Level::Type, Level::Instance]).into()),
        ("versioning", "versioned-update".into()),
        ("readHistory", true.into()),
        ("updateCreate", server.settings.update_create.into()),
        ("conditionalCreate", true.into()),
        ("conditionalRead", "full-support".into()),
        ("conditionalUpdate", true.into()),
        ("conditionalDelete", conditional_delete(server).into()),
        ("referencePolicy", reference_policy(server)),
    ]);
    let lists = [
        ("searchInclude", includes),
        ("searchRevInclude", reverse_includes(server, kind)),
        ("searchParam", parameters.iter().map(|parameter| search_parameter(&registry, parameter)).collect()),
        ("operation", operations(&[Place::Type(kind), Place::Instance(Key::new(kind, "any"))])),
    ];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        resource.push(name, list);
    }
    resource.into()
}

/// The compartments that can be searched, by the addresses of their definitions.
fn compartments() -> Vec<Value> {
    let address = |name: &str| Value::from(format!("http://hl7.org/fhir/CompartmentDefinition/{}", name.to_ascii_lowercase()));
    ::search::compartment::owners().into_iter().map(address).collect()
}

fn conditional_delete(server: &Server) -> &'static str {
    match server.settings.conditional_delete {
        ConditionalDelete::Single => "single",
        ConditionalDelete::Multiple => "multiple",
    }
}

fn interactions(levels: &[Level]) -> Vec<Value> {
    let mut seen: Vec<&str> = Vec::new();
    for row in TABLE.iter().filter(|row| levels.contains(&row.level)) {
        // Capabilities themselves are no interaction of the statement, and what has several methods or paths is one.
        for code in row.codes.iter().filter(|code| **code != "capabilities") {
            if !seen.contains(code) {
                seen.push(code);
            }
        }
    }
    seen.into_iter().map(|code| object! { "code": code }).collect()
}

/// The operations that are invoked on one of the places.
fn operations(places: &[Place]) -> Vec<Value> {
    let there = operation::TABLE.iter().filter(|operation| places.iter().any(|place| operation.is_on(place)));
    let mut operations: Vec<Value> = there.map(|operation| object! { "name": operation.code, "definition": operation.url() }).collect();
    // GraphQL is on every level, by FHIR's own definition.
    operations.push(object! { "name": "graphql", "definition": builtin::GRAPHQL });
    operations
}

fn include(kind: ResourceType, parameter: &Parameter) -> Value {
    Value::from(format!("{}:{}", kind.name(), parameter.code))
}

fn reverse_includes(server: &Server, target: ResourceType) -> Vec<Value> {
    let mut found = Vec::new();
    let registry = server.registry();
    for source in ResourceType::all() {
        let parameters = registry.parameters(source);
        let certain = parameters.filter(|parameter| parameter.leads_to(target) && !leads_anywhere(parameter));
        found.extend(certain.map(|parameter| include(source, parameter)));
    }
    found
}

/// Whether a reference parameter may lead to every type, or to all but a few.
fn leads_anywhere(parameter: &Parameter) -> bool {
    parameter.targets.len() + 10 > ResourceType::all().count()
}

fn search_parameter(registry: &Registry, parameter: &Parameter) -> Value {
    let mut value = Object::from_iter([("name", Value::from(&*parameter.code))]);
    if parameter.is_custom && !parameter.url.is_empty() || definitions().search_parameter(&parameter.url).is_some() {
        value.push("definition", &*parameter.url);
    }
    value.push("type", parameter.kind.code());
    if registry.is_sealed(parameter) {
        value.push("documentation", EQUALITY);
    }
    value.into()
}

fn reference_policy(server: &Server) -> Value {
    match server.settings.references {
        References::Check => array!["literal", "logical", "local", "enforced"],
        References::Allow => array!["literal", "logical", "local"],
    }
}
