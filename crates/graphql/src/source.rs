//! Where resources come from.

use std::pin::Pin;

use fhir::definitions::ResourceType;
use fhir::{Issue, Value};

/// An answer that is on its way.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What searches found, each a page or why it was refused.
pub type Pages = Vec<Result<Page, Issue>>;

/// Reads resources and finds them, many at once.
pub trait Source: Sync {
    /// Why all fails: what is asked for is not to blame.
    type Failure: Send;

    /// What references lead to, in their order: `Patient/1`, or an absolute address. `None` for one that leads to nothing that may be read here.
    fn read<'a>(&'a self, references: &'a [String]) -> Pending<'a, Result<Vec<Option<Value>>, Self::Failure>>;

    /// What searches find, in their order. An issue for one that is refused, such as for an unknown parameter.
    fn search<'a>(&'a self, searches: &'a [Search]) -> Pending<'a, Result<Pages, Self::Failure>>;
}

/// A search of one type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Search {
    /// The type.
    pub kind: ResourceType,
    /// The parameters by FHIR's names, values escaped as in an address, alternatives with commas between them.
    pub parameters: Vec<(String, String)>,
    /// How many matches at most; as many as the source likes for `None`.
    pub count: Option<u32>,
    /// Whether to count all that match.
    pub total: bool,
    /// Where to go on: a cursor that a page gave. Then there are no parameters.
    pub cursor: Option<String>,
}

/// What a search found: the resources of a page, and the cursors of others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The matches, in order.
    pub matches: Vec<Found>,
    /// How many match in all pages, when it was asked for.
    pub total: Option<u64>,
    /// How many matches come before this page, when it is known.
    pub offset: Option<u64>,
    /// How many matches a page has at most.
    pub size: u32,
    /// The cursor of the first page.
    pub first: Option<String>,
    /// The cursor of the page before this one; `None` when there is none, or the source cannot go back.
    pub previous: Option<String>,
    /// The cursor of the page after this one; `None` when this is the last.
    pub next: Option<String>,
    /// The cursor of the last page.
    pub last: Option<String>,
}

/// A match.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The resource.
    pub resource: Value,
    /// Why it is there, in the words of `Bundle.entry.search.mode`.
    pub mode: Option<&'static str>,
    /// How well it matches, from 0 to 1, as a decimal number.
    pub score: Option<String>,
}
