//! Samples without what is somebody's: a dictionary outlives every erasure, and is in clear.
//!
//! What stays is what resources have in common anyway: the names of members, and values that name a thing of the standard: types, systems, urls, units, codes and
//! the names of codes. Every other text is left out, every number, and the narrative.

use bytes::Bytes;
use fhir::{Object, Value, json};

/// The members whose texts stay.
const STAY: [&str; 13] =
    ["resourceType", "system", "url", "code", "unit", "status", "use", "type", "mode", "intent", "comparator", "profile", "profileUri"];

/// A sample without anybody's content. What is no resource is left out whole.
pub(crate) fn bare(sample: &Bytes) -> Bytes {
    let bare = json::parse(sample).map(|value| json::to_string(&without(&value, ""))).unwrap_or_default();
    Bytes::from(bare)
}

fn without(value: &Value, name: &str) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Number(_) => Value::Number("0".into()),
        Value::String(_) if STAY.contains(&name) => value.clone(),
        Value::String(_) => Value::String("".into()),
        Value::Array(items) => Value::Array(items.iter().map(|item| without(item, name)).collect()),
        Value::Object(object) => {
            // The name of a code, and not that of somebody who is referred to.
            let is_coded = object.get("system").is_some() && object.get("code").is_some();
            let stays = |member: &str| is_coded && member == "display";
            let members = object.iter().map(|(name, value)| {
                (name.clone(), if stays(name) && value.as_str().is_some() { value.clone() } else { without(value, name) })
            });
            Value::Object(members.collect::<Object>())
        }
    }
}
