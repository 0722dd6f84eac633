//! FHIRPath Patch (<http://hl7.org/fhir/R4/fhirpatch.html>): a Parameters resource whose operations change elements at FHIRPaths.

mod apply;
mod change;
mod given;
mod make;
mod place;
mod read;
mod repeats;

use fhir::{Issue, Value};
use fhirpath::Expression;

use crate::refusal::Operation;
use given::Given;

/// A FHIRPath Patch that was read.
#[derive(Clone, Debug)]
pub struct FhirPathPatch {
    steps: Vec<Step>,
}

/// An operation, and what a refusal says of it.
#[derive(Clone, Debug)]
struct Step {
    operation: Operation,
    path: Expression,
    action: Action,
}

#[derive(Clone, Debug)]
enum Action {
    Add { name: Box<str>, value: Given },
    Insert { index: usize, value: Given, empty: Option<EmptyList> },
    Delete,
    Replace(Given),
    Move { source: usize, destination: usize },
}

/// What a path says of a list that has no items yet: the element that has it, and its name there.
#[derive(Clone, Debug)]
struct EmptyList {
    holder: Expression,
    name: Box<str>,
}

impl FhirPathPatch {
    /// Reads a patch from a Parameters resource, which may have no operations.
    ///
    /// The errors are what a check of the resource finds, all operations that are malformed (of an unknown type, without a part that
    /// they need or with one that they have not, with a path that is no FHIRPath), or that there are more than
    /// [`MAX_OPERATIONS`](crate::limits::MAX_OPERATIONS).
    pub fn read(parameters: &Value) -> Result<Self, Vec<Issue>> {
        read::read(parameters).map(|steps| Self { steps })
    }

    /// Does all operations on `resource`, in order; elements that an operation leaves empty are taken out. On an error it is left as the
    /// operations before made it.
    ///
    /// A path selects one element; one of an insert or a move selects items of one list, and indices count within what it selects.
    /// To delete what is not there is no error.
    ///
    /// The error is the first operation that cannot be done: its path selects nothing, several elements or none of the resource's own, its
    /// index is outside of the list, the element exists and stands once only, has no such child, or is of another type than the value.
    pub fn apply(&self, resource: &mut Value) -> Result<(), Issue> {
        apply::apply(&self.steps, resource)
    }
}
