//! `CapabilityStatement/$subset`: what a server can do with some types of resources
//! (<http://hl7.org/fhir/R4/capabilitystatement-operation-subset.html>).

use fhir::canonical::Canonical;
use fhir::definitions::ResourceType;
use fhir::library::Library;
use fhir::{Issue, IssueCode, Object, Value, array, json, object};

use super::scan::tree;
use super::{Call, Operation, Parameter, Place, Reply, Right, Types};
use crate::{Context, Error, Mode, ReadRequest, capabilities, codes, read};

pub(super) const OPERATION: Operation = Operation {
    code: "subset",
    id: "CapabilityStatement-subset",
    name: "CapabilityStatementSubset",
    doc: "Answers the part of a CapabilityStatement that is about some types of resources.",
    is_standard: true,
    system: false,
    on_type: true,
    on_instance: true,
    on_version: false,
    types: Types::Only(&["CapabilityStatement"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Definitions(&["CapabilityStatement"]),
    parameters: &[
        Parameter::input("server", "uri", 0, Some(1), "The canonical address of the statement; this server's own when none is named."),
        Parameter::input("resource", "code", 1, None, "A type of resources that is wanted."),
        Parameter::output("return", "CapabilityStatement", 1, Some(1), "The statement with these types alone."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// The statement without the other types, tagged as a subset.
///
/// [`Error::BadRequest`] when a type is none of FHIR, [`Error::Missing`] when the statement is not there, and the errors of a read.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let wanted: Vec<&str> = call.arguments.all("resource").filter_map(Value::as_str).collect();
    if let Some(unknown) = wanted.iter().find(|kind| ResourceType::parse(kind).is_none()) {
        let near = fhir::nearest(unknown, ResourceType::all().map(ResourceType::name));
        let remedy = near.map_or_else(String::new, |near| format!(": did you mean {near}?"));
        let rule = format!("`resource` is a type of resources, and one that was given is none{remedy}");
        return Err(Error::BadRequest(vec![Issue::error(codes::NO_DEFINITION, IssueCode::Value, "", rule)]));
    }
    let mut statement = statement(ctx, &call.place, call.arguments.text("server")).await?;
    narrow(&mut statement, &wanted);
    Ok(Reply::resource(&statement))
}

/// The statement that is asked about: that of the place, of the address, or this server's own.
pub(super) async fn statement(ctx: &Context, place: &Place, address: Option<&str>) -> Result<Value, Error> {
    match (place, address) {
        (Place::Instance(key), _) => tree(&read(ctx, ReadRequest { key: key.clone() }).await?),
        (_, Some(address)) => named(ctx, address).await,
        _ => json::parse(&capabilities(ctx, Mode::Full)).map_err(|_| Error::Engine("the CapabilityStatement is not JSON".into())),
    }
}

/// The stored statement of a canonical address.
pub(super) async fn named(ctx: &Context, address: &str) -> Result<Value, Error> {
    let found = ctx.server.library(ctx.tenant).await?.find("CapabilityStatement", &Canonical::parse(address));
    let missing = || {
        let rule = format!("there is no CapabilityStatement {address}: store it first");
        Error::Missing(vec![Issue::error(codes::NO_DEFINITION, IssueCode::NotFound, "", rule)])
    };
    found.map(|statement| (*statement).clone()).ok_or_else(missing)
}

/// Takes out the types that are not wanted.
fn narrow(statement: &mut Value, wanted: &[&str]) {
    let Some(members) = statement.as_object_mut() else { return };
    let is_wanted = |resource: &Value| resource.text("type").is_some_and(|kind| wanted.contains(&kind));
    if let Some(Value::Array(rests)) = members.get_mut("rest") {
        for rest in rests.iter_mut().filter_map(Value::as_object_mut) {
            if let Some(Value::Array(resources)) = rest.get_mut("resource") {
                resources.retain(is_wanted);
                if resources.is_empty() {
                    rest.remove("resource");
                }
            }
        }
    }
    let tag = object! { "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED" };
    match members.get_mut("meta").and_then(Value::as_object_mut) {
        Some(meta) => {
            let tags: Vec<Value> = meta.get("tag").into_iter().flat_map(Value::each).cloned().chain([tag]).collect();
            meta.set("tag", tags);
        }
        None => members.insert_at(1, "meta", Object::from_iter([("tag", array![tag])])),
    }
}
