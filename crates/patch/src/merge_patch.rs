//! JSON Merge Patch (RFC 7396): a part of the resource as it is to be; `null` takes a member away. FHIR has no such language, but clients
//! written for other servers send it.

use fhir::{Issue, IssueCode, Object, Value, json};

use crate::codes;
use crate::limits::Room;
use crate::refusal::malformed;

/// A JSON Merge Patch that was read.
#[derive(Clone, Debug)]
pub struct MergePatch {
    members: Object,
}

impl MergePatch {
    /// Reads the text of a patch. The error is that of the JSON, or that it is no object: it would replace the whole resource.
    pub fn parse(text: &[u8]) -> Result<Self, Vec<Issue>> {
        let document = json::parse(text).map_err(|error| {
            vec![Issue::error(codes::MALFORMED, IssueCode::Structure, "", format!("the patch is not well-formed JSON: {error}"))]
        })?;
        Self::read(document)
    }

    /// Reads a patch: an object with the members that change. The error is that it is none.
    pub fn read(document: Value) -> Result<Self, Vec<Issue>> {
        match document {
            Value::Object(members) => Ok(Self { members }),
            _ => Err(vec![malformed("", "a JSON Merge Patch is an object with the members that change")]),
        }
    }

    /// Makes `document` as the patch says: objects member by member, anything else, arrays too, as a whole.
    ///
    /// The error is more growth, or more depth, than [`limits`](crate::limits) allow.
    pub fn apply(&self, document: &mut Value) -> Result<(), Issue> {
        merge(document, &self.members, 1, &mut Room::new()).map_err(|remedy| Issue::error(codes::LIMIT, IssueCode::TooCostly, "", remedy))
    }
}

// As deep as the patch, whose depth the reader bounds.
fn merge(document: &mut Value, patch: &Object, depth: usize, room: &mut Room) -> Result<(), String> {
    if !matches!(document, Value::Object(_)) {
        *document = Value::Object(Object::new());
    }
    let Value::Object(members) = document else { return Ok(()) };
    for (name, change) in patch.iter() {
        match change {
            Value::Null => drop(members.remove(name)),
            Value::Object(inner) => {
                if members.get(name).is_none() {
                    members.push(name.clone(), Object::new());
                }
                if let Some(member) = members.get_mut(name) {
                    merge(member, inner, depth + 1, room)?;
                }
            }
            whole => {
                room.take(whole, depth)?;
                members.set(name.clone(), whole.clone());
            }
        }
    }
    Ok(())
}
