//! What each interaction needs of a grant, so that it is not refused altogether.
//!
//! It is the least: that no rule at all lets somebody do it is told by 403. What the rules let them do it with, the gate before the store decides.

use access::Act;

use super::Interaction;

/// What is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: it tells what everybody may know, or others in it are asked for themselves.
    Nothing,
    /// Of each of these lists one act, on the type that it is about; on some type, where it is about all of them.
    Acts(&'static [&'static [Act]]),
    /// What the definition of the operation says: [`crate::operation::Right`].
    Operation,
}

const READ: Needs = Needs::Acts(&[&[Act::Read]]);
const SEARCH: Needs = Needs::Acts(&[&[Act::Search]]);

impl Interaction {
    /// What it needs.
    pub fn needs(self) -> Needs {
        use Interaction::*;
        match self {
            Capabilities | Process => Needs::Nothing,
            Operation => Needs::Operation,
            Read | Vread | HistoryInstance => READ,
            HistoryType | HistorySystem => SEARCH,
            SearchType | SearchTypePost | SearchSystem | SearchSystemPost | SearchCompartment | SearchCompartmentPost => SEARCH,
            Create => Needs::Acts(&[&[Act::Create]]),
            // What is there decides which of the two it is.
            Update => Needs::Acts(&[&[Act::Update, Act::Create]]),
            Delete => Needs::Acts(&[&[Act::Delete]]),
            // A patch is told against what is there.
            Patch => Needs::Acts(&[&[Act::Read], &[Act::Update]]),
            // Criteria find what they are about.
            ConditionalUpdate => Needs::Acts(&[&[Act::Search], &[Act::Update, Act::Create]]),
            ConditionalDelete => Needs::Acts(&[&[Act::Search], &[Act::Delete]]),
            ConditionalPatch => Needs::Acts(&[&[Act::Search], &[Act::Update]]),
            // Of one resource, of those of a type, of all: the query goes on from there to whatever else may be seen.
            GraphQl | GraphQlPost => Needs::Acts(&[&[Act::Read, Act::Search]]),
        }
    }
}
