//! Binary: a resource that stands for its content (<http://hl7.org/fhir/R4/binary.html#rest>).

use fhir::primitive::{base64, from_base64};
use fhir::{Object, Value, json, object};

/// What a Binary stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its media type, as `contentType` has it.
    pub media_type: String,
    /// The bytes: none when there is no `data`.
    pub data: Vec<u8>,
    /// Where `securityContext` leads: `Patient/12`.
    pub security_context: Option<String>,
}

/// The content of the Binary with this JSON text; `None` when its data is not base64.
pub fn content(text: &[u8]) -> Option<Content> {
    let resource = json::parse(text).ok()?;
    Some(Content {
        media_type: resource.text("contentType").unwrap_or("application/octet-stream").to_owned(),
        data: from_base64(resource.text("data").unwrap_or_default())?,
        security_context: resource.get("securityContext").and_then(|context| context.text("reference")).map(str::to_owned),
    })
}

/// The Binary for some content, with an id when there is one by now.
pub fn resource(content: Content, id: Option<&str>) -> Value {
    let mut members = Object::from_iter([("resourceType", Value::from("Binary"))]);
    if let Some(id) = id {
        members.push("id", id);
    }
    members.push("contentType", content.media_type);
    if let Some(reference) = content.security_context {
        members.push("securityContext", object! { "reference": reference });
    }
    if !content.data.is_empty() {
        members.push("data", base64::encode(&content.data, base64::PLAIN));
    }
    members.into()
}
