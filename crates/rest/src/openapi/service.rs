//! The document of what is beside FHIR: a line of [`crate::service::TABLE`] each.

use fhir::{Object, Value, array, object};
use interaction::Server;

use super::head;
use crate::service::{Service, TABLE};

/// The document; `administers`: whether there is somebody who may administer, and is asked who they are.
pub(super) fn document(server: &Server, administers: bool) -> Value {
    let description = "What the server answers beside FHIR. The FHIR endpoint has a document of its own at /fhir/openapi.json.";
    let mut document = head(server, "service", description);
    document.push("servers", array![object! { "url": "/" }]);
    let services = TABLE.iter().map(|service| (service.path.to_owned(), object! { "get": operation(service) }));
    let administered = if administers { super::administration::paths() } else { Vec::new() };
    document.push("paths", services.chain(administered).collect::<Object>());
    document.into()
}

fn operation(service: &Service) -> Value {
    let responses = service.answers.iter().map(|(status, doc)| {
        let media_type = if *status == 400 || *status == 404 { super::operations::JSON } else { service.media_type };
        let content = Object::from_iter([(media_type, object! {})]);
        (status.to_string(), object! { "description": *doc, "content": content })
    });
    let responses = Value::from(responses.collect::<Object>());
    object! { "operationId": service.name, "summary": service.doc, "responses": responses }
}
