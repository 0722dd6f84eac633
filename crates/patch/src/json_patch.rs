//! JSON Patch (RFC 6902): operations on the JSON tree, each at a JSON pointer (RFC 6901).

mod apply;
mod equal;
mod pointer;
mod read;

use fhir::{Issue, IssueCode, Value, json};

use crate::codes;
use crate::refusal::Operation;
pub(crate) use pointer::Pointer;

/// A JSON Patch that was read.
#[derive(Clone, Debug)]
pub struct JsonPatch {
    steps: Vec<Step>,
}

/// An operation, and what a refusal says of it.
#[derive(Clone, Debug)]
struct Step {
    operation: Operation,
    at: Pointer,
    action: Action,
}

#[derive(Clone, Debug)]
enum Action {
    Add(Value),
    Remove,
    Replace(Value),
    Move(Pointer),
    Copy(Pointer),
    Test(Value),
}

impl JsonPatch {
    /// Reads the text of a patch. The errors are that of the JSON, or those of [`JsonPatch::read`].
    pub fn parse(text: &[u8]) -> Result<Self, Vec<Issue>> {
        let document = json::parse(text).map_err(|error| {
            vec![Issue::error(codes::MALFORMED, IssueCode::Structure, "", format!("the patch is not well-formed JSON: {error}"))]
        })?;
        Self::read(&document)
    }

    /// Reads a patch: an array of operations, which may be empty. Members that RFC 6902 does not know are passed over, as it asks.
    ///
    /// The errors are all operations that are malformed: without a known `op`, without what their `op` needs, with a pointer that is
    /// none; or that there are more than [`MAX_OPERATIONS`](crate::limits::MAX_OPERATIONS).
    pub fn read(document: &Value) -> Result<Self, Vec<Issue>> {
        read::read(document).map(|steps| Self { steps })
    }

    /// Does all operations on `document`, in order. On an error it is left as the operations before made it.
    ///
    /// The error is the first operation that cannot be done: nothing at its path, an index outside of the array, a test that fails, the
    /// whole document removed, a move into itself, or more growth than [`limits`](crate::limits) allow.
    pub fn apply(&self, document: &mut Value) -> Result<(), Issue> {
        apply::apply(&self.steps, document)
    }
}
