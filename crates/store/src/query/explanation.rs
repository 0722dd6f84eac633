//! How an engine came to an answer.

use fhir::definitions::ResourceType;

use super::Filter;

/// How an engine came to an answer. The answer is the same without it.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What it did, in order.
    pub steps: Vec<Step>,
    /// How long the whole took, in microseconds.
    pub took_us: u64,
}

impl Explanation {
    /// Whether all resources of a type were candidates, because no clause named fewer.
    pub fn looks_at_everything(&self) -> bool {
        self.steps.iter().any(|step| matches!(step.work, Work::Find { access: AccessPath::Every, .. }))
    }
}

/// One step, and what it cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What was done.
    pub work: Work,
    /// How many entries of an index were read; resources, where there is no index.
    pub read: u64,
    /// How many resources were looked at, because the index alone could not tell.
    pub checked: u64,
    /// How many resources it handed on.
    pub found: u64,
    /// How long it took, in microseconds.
    pub took_us: u64,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// Finds the resources of a type that pass.
    Find {
        /// The type.
        kind: ResourceType,
        /// The clause whose matches were the candidates; `None`: no clause, see `access`.
        leader: Option<Filter>,
        /// How the candidates were found.
        access: AccessPath,
        /// How many candidates the leader was taken to have when it was chosen; `None` when there were too many to tell.
        estimate: Option<u64>,
    },
    /// Takes the resources of a type that were written since the moment asked about as they were then: reads which they are, checks their
    /// versions of that time, and finds those that pass.
    Rewind {
        /// The type.
        kind: ResourceType,
    },
    /// Walks through resources in the order asked for, and checks the filter of each.
    Walk,
    /// Puts what was found into the order asked for.
    Sort,
    /// Brings resources along.
    Include,
    /// Reads the texts of the resources.
    Read,
}

/// How candidates are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessPath {
    /// By their ids, or by values that are known exactly.
    Seek,
    /// Within a range of values.
    Range,
    /// Among all values of a parameter.
    Scan,
    /// By the time at which they were written.
    Written,
    /// All resources of the type.
    Every,
}
