//! From the text of a document or line to resources that are fit to be stored.
//!
//! Ids are kept: the resource's own, else the one of an entry's `urn:uuid:`, else one that follows from the content. So an
//! import that is run again meets what it wrote before.

mod bundle;
mod references;

use std::sync::Arc;

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Value};
use interaction::prepare::Prepared;
use store::commit::Key;

use self::references::Unresolved;
use super::ledger::Ledger;
use super::source::Piece;
use super::target::{Criteria, Target};
use crate::codes;

/// Makes resources ready.
pub struct Preparer {
    target: Arc<Target>,
    base_url: String,
    criteria: Criteria,
}

/// A resource, ready or refused.
pub struct Ready {
    /// What to write; `None` when the resource is to be left as it is in the store; or why it is refused.
    pub result: Result<Option<Box<Prepared>>, Vec<Issue>>,
    /// Its text, when it is refused and part of a larger document.
    pub text: String,
}

/// What a document or line holds.
pub enum Piecewise {
    /// One resource.
    One(Ready),
    /// The entries of a Bundle.
    Many(Vec<Ready>),
    /// It refers to what is not there yet: it is to be tried again at the end.
    Later,
}

impl Preparer {
    /// Resources for this target.
    pub fn new(target: Arc<Target>, ledger: Arc<Ledger>) -> Self {
        Self { base_url: target.base_url().to_owned(), criteria: Criteria::new(target.clone(), ledger), target }
    }

    /// Reads a document or line. With `is_last_try`, references that match nothing are refused instead of put off.
    pub fn piece(&self, piece: &Piece, is_last_try: bool) -> Piecewise {
        let parsed = if piece.is_xml {
            fhir::xml::parse(&piece.text)
        } else {
            fhir::json::parse(&piece.text)
                .map_err(|error| vec![Issue::error(codes::NOT_A_RESOURCE, IssueCode::Structure, "", format!("it is not JSON: {error}"))])
        };
        match parsed {
            Err(issues) => Piecewise::One(Ready::refused(issues)),
            Ok(value) if bundle::is_unpacked(&value) => bundle::unpack(self, value, is_last_try),
            Ok(mut value) => match references::resolve(self, &mut value, &|_| None) {
                unresolved if unresolved.kinds.is_empty() => Piecewise::One(self.resource(&value)),
                unresolved if is_last_try => Piecewise::One(Ready::unresolved(&unresolved)),
                _ => Piecewise::Later,
            },
        }
    }

    /// Makes a resource ready that stands for itself. Must be called from a thread that may block.
    pub fn resource(&self, resource: &Value) -> Ready {
        match key_of(resource) {
            Ok(key) => self.prepared(resource, key),
            Err(issues) => Ready::refused(issues),
        }
    }

    fn prepared(&self, resource: &Value, key: Key) -> Ready {
        let rules = match tokio::runtime::Handle::current().block_on(self.target.rules()) {
            Ok(rules) => rules,
            Err(reason) => return Ready::refused(vec![Issue::error(codes::UNREADABLE_STORE, IssueCode::Exception, "", reason)]),
        };
        match interaction::prepare::prepare(&rules, &self.base_url, resource, key) {
            Ok(prepared) => Ready { result: Ok(Some(Box::new(prepared))), text: String::new() },
            Err(error) => Ready::refused(error.outcome().issues),
        }
    }
}

impl Ready {
    fn refused(issues: Vec<Issue>) -> Self {
        Self { result: Err(issues), text: String::new() }
    }

    fn unresolved(unresolved: &Unresolved) -> Self {
        let issue = |(kind, several): &(ResourceType, bool)| {
            let remedy = match several {
                true => format!("a reference by search criteria chooses more than one {kind:?}: give one of them another identifier"),
                false => format!("a reference by search criteria chooses no {kind:?}: import what it refers to, then this again"),
            };
            Issue::error(codes::UNRESOLVED_REFERENCE, IssueCode::NotFound, "", remedy)
        };
        Self::refused(unresolved.kinds.iter().map(issue).collect())
    }
}

/// The key of a resource: its own id, or one that follows from its content.
fn key_of(resource: &Value) -> Result<Key, Vec<Issue>> {
    let not_a_resource = |why: String| vec![Issue::error(codes::NOT_A_RESOURCE, IssueCode::Structure, "resourceType", why)];
    let Some(name) = resource.resource_type() else {
        return Err(not_a_resource("it is no resource: it has no resourceType".to_owned()));
    };
    let Some(kind) = ResourceType::parse(name) else {
        return Err(not_a_resource(format!("{name} is no resource type of FHIR R4")));
    };
    match resource.text("id") {
        Some(id) => Ok(Key::new(kind, id)),
        None => Ok(Key::new(kind, content_id(resource))),
    }
}

fn content_id(resource: &Value) -> String {
    format!("{:032x}", xxhash_rust::xxh3::xxh3_128(fhir::json::to_string(resource).as_bytes()))
}
