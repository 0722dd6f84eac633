//! What may be seen by somebody who may not see everything.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use fhir::definitions::ResourceType;
use xxhash_rust::xxh3::Xxh3Default;

use super::{Filter, Subject};
use crate::entry::Param;

/// Which resources may be seen: those of the types that it lists that pass the filter of their type, and no others.
///
/// Copies share it, and compare and hash in a moment: it is made once for everybody who may see the same.
#[derive(Clone)]
pub struct Visible(Arc<Rules>);

struct Rules {
    /// Sorted by type, each type once.
    subjects: Vec<Subject>,
    bytes: usize,
    /// What two lists have in common when they are the same, and hardly ever otherwise.
    identity: u64,
}

impl Visible {
    /// No resource: all that a query without [`Query::include`](super::Query::include) needs.
    pub fn nothing() -> Self {
        Self::from(Vec::new())
    }

    /// What a resource of a type has to pass; `None`: none of them may be seen.
    pub fn filter(&self, kind: ResourceType) -> Option<&Filter> {
        let found = self.0.subjects.binary_search_by_key(&kind.index(), |subject| subject.kind.index());
        found.ok().map(|place| &self.0.subjects[place].filter)
    }

    /// The types, in the order of their numbers, and what their resources have to pass.
    pub fn subjects(&self) -> &[Subject] {
        &self.0.subjects
    }

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.0.bytes
    }

    /// Whether one of the parameters that its filters ask about is like that.
    pub fn mentions(&self, is: &dyn Fn(Param) -> bool) -> bool {
        self.0.subjects.iter().any(|subject| subject.filter.mentions(is))
    }
}

/// In any order. Of a type that is listed again, what passes one of its filters may be seen.
impl From<Vec<Subject>> for Visible {
    fn from(listed: Vec<Subject>) -> Self {
        let mut subjects: Vec<Subject> = Vec::with_capacity(listed.len());
        for Subject { kind, filter } in listed {
            match subjects.iter_mut().find(|known| known.kind == kind) {
                Some(known) => {
                    let first = std::mem::replace(&mut known.filter, Filter::everything());
                    known.filter = Filter::Any(vec![first, filter]);
                }
                None => subjects.push(Subject { kind, filter }),
            }
        }
        subjects.sort_by_key(|subject| subject.kind.index());
        let bytes = subjects.iter().map(|subject| size_of::<Subject>() + subject.filter.list_bytes()).sum();
        let mut hasher = Xxh3Default::new();
        subjects.hash(&mut hasher);
        Self(Arc::new(Rules { subjects, bytes, identity: hasher.finish() }))
    }
}

impl PartialEq for Visible {
    fn eq(&self, other: &Self) -> bool {
        let (this, that) = (&self.0, &other.0);
        // What is the same by its identity is compared all the same: an answer that is kept for somebody else would show what is hidden.
        Arc::ptr_eq(this, that) || this.identity == that.identity && this.subjects == that.subjects
    }
}

impl Eq for Visible {}

impl Hash for Visible {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.identity);
    }
}

impl fmt::Debug for Visible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0.subjects).finish()
    }
}
