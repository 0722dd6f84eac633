//! `GET /fhir/metadata`: 200 with the CapabilityStatement, or with `?mode=terminology` the TerminologyCapabilities; 400.

use bytes::{Bytes, BytesMut};
use fhir::definitions::ResourceType;
use fhir::{array, json, object};
use interaction::{Mode, Selection};

use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::front::Front;

/// The statement of the mode that is asked for.
pub(super) fn answer(exchange: &Exchange) -> Result<Answer, Failure> {
    let mut mode = Mode::default();
    let params = exchange.query()?;
    for (name, value) in &params {
        match (name.as_str(), Mode::parse(value)) {
            ("_format" | "_pretty" | "_summary" | "_elements", _) => {}
            ("mode", Some(asked)) => mode = asked,
            _ => {
                let known = "capabilities know the parameters _format, _pretty, _summary, _elements and mode, which is full, normative or terminology";
                return Err(Failure::UnknownParameter(known));
            }
        }
    }
    let mut statement = interaction::capabilities(&exchange.context(), mode);
    if mode == Mode::Full && exchange.app.front.as_deref().is_some_and(Front::is_closed) {
        statement = secured(&statement, &exchange.app.origin(&exchange.head));
    }
    let name = if mode == Mode::Full { "CapabilityStatement" } else { "TerminologyCapabilities" };
    Ok(Answer::ok(match ResourceType::parse(name) {
        Some(kind) => Selection::of_params(Some(kind), &params)?.apply_to(kind, &statement),
        None => statement,
    }))
}

/// What stands before `CapabilityStatement.rest.security`.
const BEFORE: &[u8] = br#""rest":[{"mode":"server","#;

/// A CapabilityStatement that says where tokens are given, in the way of SMART 1 (STU 2.2, conformance: deprecated, and still what some libraries read alone).
/// The statement is kept without it, as each client may know the server under another address.
fn secured(statement: &[u8], origin: &str) -> Bytes {
    let Some(place) = statement.windows(BEFORE.len()).position(|window| window == BEFORE) else { return Bytes::copy_from_slice(statement) };
    let uri = |name: &str, endpoint: &str| object! { "url": name, "valueUri": format!("{origin}/auth/{endpoint}") };
    let security = object! {
        "extension": array![object! {
            "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
            "extension": array![uri("authorize", "authorize"), uri("token", "token"), uri("introspect", "introspect"), uri("revoke", "revoke")],
        }],
        "service": array![object! {
            "coding": array![object! {
                "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
                "code": "SMART-on-FHIR",
            }],
        }],
    };
    let (head, tail) = statement.split_at(place + BEFORE.len());
    let mut text = BytesMut::with_capacity(statement.len() + 1024);
    text.extend_from_slice(head);
    text.extend_from_slice(format!("\"security\":{},", json::to_string(&security)).as_bytes());
    text.extend_from_slice(tail);
    text.freeze()
}
