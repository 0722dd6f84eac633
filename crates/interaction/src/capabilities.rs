//! capabilities: what the server can do, told by the table that routes (<http://hl7.org/fhir/R4/http.html#capabilities>).

use ::search::{Parameter, ParameterKind};
use bytes::Bytes;
use fhir::definitions::{ResourceType, definitions};
use fhir::primitive::instant_text;
use fhir::{Object, Value, array, json, object};

use store::commit::Key;

use crate::operation::{self, Place};
use crate::table::{Level, TABLE};
use crate::{Context, References, Server};

/// The JSON text of the CapabilityStatement. It is made when somebody first asks, and then kept.
pub fn capabilities(ctx: &Context) -> Bytes {
    ctx.server.statement.get_or_init(|| Bytes::from(json::to_string(&statement(&ctx.server)))).clone()
}

fn statement(server: &Server) -> Value {
    let (software, version) = &server.settings.software;
    let resources: Vec<Value> = ResourceType::all().map(|kind| resource(server, kind)).collect();
    object! {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": instant_text(server.clock.now()),
        "kind": "instance",
        "software": object! { "name": software.as_str(), "version": version.as_str() },
        "implementation": object! { "description": format!("{software}, a FHIR R4 server") },
        "fhirVersion": "4.0.1",
        "format": array!["application/fhir+json", "application/fhir+xml", "json", "xml"],
        "patchFormat": array!["application/json-patch+json", "application/xml-patch+xml", "application/fhir+json", "application/fhir+xml"],
        "rest": array![object! { "mode": "server", "resource": resources, "interaction": interactions(Level::System), "compartment": compartments(), "operation": operations(&[Place::System]) }],
    }
}

/// What is done with resources of a type.
fn resource(server: &Server, kind: ResourceType) -> Value {
    let parameters: Vec<&Parameter> = server.registry.searchable(kind).collect();
    let references = |parameter: &&&Parameter| parameter.kind == ParameterKind::Reference;
    let includes: Vec<Value> = parameters.iter().filter(references).map(|parameter| include(kind, parameter)).collect();
    let mut both = interactions(Level::Type);
    both.extend(interactions(Level::Instance));
    let mut resource = Object::from_iter([
        ("type", Value::from(kind.name())),
        ("profile", format!("http://hl7.org/fhir/StructureDefinition/{}", kind.name()).into()),
        ("interaction", both.into()),
        ("versioning", "versioned-update".into()),
        ("readHistory", true.into()),
        ("updateCreate", server.settings.update_create.into()),
        ("conditionalCreate", true.into()),
        ("conditionalRead", "full-support".into()),
        ("conditionalUpdate", false.into()),
        ("conditionalDelete", "not-supported".into()),
        ("referencePolicy", reference_policy(server)),
    ]);
    let lists = [
        ("searchInclude", includes),
        ("searchRevInclude", reverse_includes(server, kind)),
        ("searchParam", parameters.iter().map(|parameter| search_parameter(parameter)).collect()),
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

fn interactions(level: Level) -> Vec<Value> {
    let mut seen: Vec<&str> = Vec::new();
    for row in TABLE.iter().filter(|row| row.level == level) {
        // Capabilities themselves are no interaction of the statement, and a search by GET and by POST is one.
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
    there.map(|operation| object! { "name": operation.code, "definition": operation.url() }).collect()
}

fn include(kind: ResourceType, parameter: &Parameter) -> Value {
    Value::from(format!("{}:{}", kind.name(), parameter.code))
}

fn reverse_includes(server: &Server, target: ResourceType) -> Vec<Value> {
    let mut found = Vec::new();
    for source in ResourceType::all() {
        let parameters = server.registry.parameters(source);
        found.extend(parameters.filter(|parameter| parameter.leads_to(target)).map(|parameter| include(source, parameter)));
    }
    found
}

fn search_parameter(parameter: &Parameter) -> Value {
    let mut value = Object::from_iter([("name", Value::from(parameter.code))]);
    if definitions().search_parameter(parameter.url).is_some() {
        value.push("definition", parameter.url);
    }
    value.push("type", parameter.kind.code());
    value.into()
}

fn reference_policy(server: &Server) -> Value {
    match server.settings.references {
        References::Check => array!["literal", "logical", "local", "enforced"],
        References::Allow => array!["literal", "logical", "local"],
    }
}
