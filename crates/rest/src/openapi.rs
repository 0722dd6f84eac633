//! OpenAPI 3.1 (<https://spec.openapis.org/oas/v3.1.1>): `/fhir/openapi.json` for the FHIR endpoint, `/api/openapi.json` for what is beside it.
//!
//! Both are made from the tables that route, check and answer: `interaction::table`, the search parameters of the registry, FHIR's
//! definitions, and [`crate::service`] for the rest.

mod administration;
mod operations;
mod parameters;
mod responses;
mod schemas;
mod service;

pub use responses::answers;

use std::sync::{Arc, OnceLock};

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use fhir::definitions::ResourceType;
use fhir::{Object, Value, array, json, object};
use http::header;
use interaction::{Error, Kept, Server};
use store::contract::Extract;

use crate::app::{App, PREFIX};
use crate::failure::Failure;

/// The documents, once somebody has asked for them.
#[derive(Default)]
pub(crate) struct Documents {
    fhir: Kept<Bytes>,
    service: OnceLock<Bytes>,
}

/// `GET /fhir/openapi.json`: the FHIR endpoint, with all types or those that `_type` names (`_type=Patient,Observation`), so that a tool that
/// makes code from it makes no more than is needed. 400 for another parameter, or a name that is no type.
pub(crate) async fn fhir(State(app): State<Arc<App>>, request: Request) -> Response {
    let server = &app.server;
    let whole =
        || app.documents.fhir.get(server.registry().identity(), || text(&fhir_document(server, &ResourceType::all().collect::<Vec<_>>())));
    match types(request.uri().query().unwrap_or_default()) {
        Ok(None) => answer(whole()),
        Ok(Some(types)) => answer(text(&fhir_document(server, &types))),
        Err(failure) => crate::dispatch::refuse_plainly(failure, request.into_parts().0).await,
    }
}

/// `GET /api/openapi.json`: health, metrics, and the documents themselves.
pub(crate) async fn service(State(app): State<Arc<App>>) -> Response {
    answer(
        app.documents
            .service
            .get_or_init(|| text(&service::document(&app.server, app.front.as_ref().is_some_and(|front| front.is_closed()))))
            .clone(),
    )
}

fn types(query: &str) -> Result<Option<Vec<ResourceType>>, Failure> {
    let mut types = None;
    for (name, value) in search::url::query_pairs(query).map_err(Failure::BadQuery)? {
        if name != "_type" {
            return Err(Failure::UnknownParameter("the OpenAPI document knows the parameter _type only: _type=Patient,Observation"));
        }
        let named = value.split(',').map(|name| ResourceType::parse(name).ok_or_else(|| Error::UnknownType(crate::target::unknown(name))));
        let mut named = named.collect::<Result<Vec<_>, _>>()?;
        named.sort_unstable();
        named.dedup();
        types = Some(named);
    }
    Ok(types)
}

fn text(document: &Value) -> Bytes {
    json::to_string(document).into()
}

fn answer(document: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document).into_response()
}

/// The document of the FHIR endpoint with these types.
fn fhir_document(server: &Server, types: &[ResourceType]) -> Value {
    let mut responses = responses::Responses::default();
    let paths = operations::paths(server, types, &mut responses);
    let components = object! {
        "parameters": parameters::components(server, types),
        "headers": responses::headers(),
        "responses": responses.into_components(),
        "schemas": schemas::schemas(types),
    };
    let mut tags = vec![object! { "name": operations::SYSTEM, "description": "What is about no type in particular." }];
    tags.extend(types.iter().map(|kind| object! { "name": kind.name() }));
    let description = "The FHIR R4 (4.0.1) endpoint. /fhir/metadata has FHIR's own statement of the same.";
    let mut document = head(server, "FHIR R4", description);
    document.push("servers", array![object! { "url": PREFIX }]);
    document.push("tags", tags);
    document.push("paths", paths);
    document.push("components", components);
    document.into()
}

/// How every document begins.
fn head(server: &Server, about: &str, description: &str) -> Object {
    let (software, version) = &server.settings.software;
    let title = format!("{software}: {about}");
    Object::from_iter([
        ("openapi", Value::from("3.1.0")),
        ("info", object! { "title": title, "version": version.as_str(), "description": description }),
    ])
}

/// A reference to a component.
fn component(kind: &str, name: &str) -> Value {
    object! { "$ref": format!("#/components/{kind}/{name}") }
}
