//! What is asked: a search as a typed plan, the history, the change feed; and what comes back.

use bytes::Bytes;
use fhir::definitions::ResourceType;
use fhir::primitive::Decimal;

use crate::commit::{Event, Instant, Key, Sequence, Tenant};
use crate::entry::{Param, Span};

/// A version of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Of which resource.
    pub key: Key,
    /// Its number: 1 for the first.
    pub version: u64,
    /// When it was written.
    pub last_updated: Instant,
    /// What it is.
    pub content: Content,
}

/// What a version holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The JSON text of the resource, as it goes out, and whether it was the first version or the first after a deletion.
    Resource {
        /// The text.
        text: Bytes,
        /// Whether the write was a create.
        created: bool,
    },
    /// The resource was deleted.
    Deleted,
}

impl Version {
    /// The JSON text; `None` for a deletion.
    pub fn text(&self) -> Option<&Bytes> {
        match &self.content {
            Content::Resource { text, .. } => Some(text),
            Content::Deleted => None,
        }
    }
}

/// Which resources are asked for. [`crate::matches::passes`] says what each filter means.
///
/// A filter is about one resource at a time, except where it says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these are true; all resources when it is empty.
    All(Vec<Filter>),
    /// One of these is true; no resource when it is empty.
    Any(Vec<Filter>),
    /// This is not true.
    Not(Box<Filter>),
    /// The resource has one of these logical ids.
    Id(Vec<Box<str>>),
    /// `meta.lastUpdated` compares so.
    LastUpdated(Compare, Span),
    /// An entry of the parameter passes the test.
    Match(Param, Test),
    /// There is an entry of the parameter.
    Present(Param),
    /// A reference of the parameter leads to a resource of one of these types for which the filter is true: a chained parameter.
    Chain(Param, Vec<(ResourceType, Filter)>),
    /// A resource of the type, for which the filter is true, refers to this one by the parameter: `_has`.
    Has(ResourceType, Param, Box<Filter>),
}

impl Filter {
    /// All resources.
    pub fn everything() -> Self {
        Filter::All(Vec::new())
    }
}

/// How an entry is compared with what is asked for. An entry of another type than the test's passes none.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A token: `code` in any system when `system` is `None`, in none when it is empty; any code of the system when `code` is `None`.
    Token {
        /// The system.
        system: Option<Box<str>>,
        /// The code, folded as the parameter asks.
        code: Option<Box<str>>,
    },
    /// A text whose folded form begins with this.
    StartsWith(Box<str>),
    /// A text whose folded form has this in it.
    Contains(Box<str>),
    /// A text that is exactly this.
    Exactly(Box<str>),
    /// A date that compares so (<http://hl7.org/fhir/R4/search.html#prefix>).
    Date(Compare, Span),
    /// A number that compares so.
    Number(Compare, NumberRange),
    /// A quantity that compares so and has this unit: `system` as for a token; `unit` is the code or text, any when `None`.
    Quantity {
        /// How.
        compare: Compare,
        /// With what.
        range: NumberRange,
        /// The system of the unit.
        system: Option<Box<str>>,
        /// The unit.
        unit: Option<Box<str>>,
    },
    /// A reference to this resource of this server: `Patient/123`.
    Local(Box<str>),
    /// A uri, canonical or outside reference; with a version only that one when it is `Some`.
    Uri {
        /// The uri.
        uri: Box<str>,
        /// The version.
        version: Option<Box<str>>,
    },
    /// A uri that is this one or lies below it: begins with it, up to a `/`.
    UriBelow(Box<str>),
    /// A uri that is this one or lies above it: this one lies below it.
    UriAbove(Box<str>),
    /// A composite whose components pass these tests, each its own.
    Composite(Vec<Test>),
}

/// The number asked for, and the range that its precision stands for: `100` is 99.5 to 100.5.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberRange {
    /// The number.
    pub value: Decimal,
    /// The lowest number that it may stand for.
    pub low: Decimal,
    /// The number below which all that it may stand for lie.
    pub high: Decimal,
}

/// A prefix of FHIR search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `eq`: what is asked for contains the entry.
    Equal,
    /// `ne`: it does not.
    NotEqual,
    /// `gt`: part of the entry lies above.
    Greater,
    /// `lt`: part of the entry lies below.
    Less,
    /// `ge`: `gt` or `eq`.
    GreaterOrEqual,
    /// `le`: `lt` or `eq`.
    LessOrEqual,
    /// `sa`: the entry begins after.
    StartsAfter,
    /// `eb`: the entry ends before.
    EndsBefore,
    /// `ap`: the two overlap (whoever parses widens what is asked for).
    Approximately,
}

/// A search.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// In whose data.
    pub tenant: Tenant,
    /// The type asked for.
    pub kind: ResourceType,
    /// Which of them.
    pub filter: Filter,
    /// In which order. Empty: by the date of the type, newest first. Ties are ended by age: the resource created last comes first.
    pub sort: Vec<Sort>,
    /// How many at most; 0: only the total, no resource and no next place.
    pub count: u32,
    /// After which place; from the start when `None`.
    pub after: Option<Place>,
    /// Whether to count all that match, whatever the page and the place.
    pub total: bool,
    /// Resources to bring along.
    pub include: Vec<Include>,
}

impl Query {
    /// The search for all resources of a type that pass: in natural order, from the start, without a total or anything brought along. `count` is 20.
    pub fn new(tenant: Tenant, kind: ResourceType, filter: Filter) -> Self {
        Self { tenant, kind, filter, sort: Vec::new(), count: 20, after: None, total: false, include: Vec::new() }
    }
}

/// One key of an order. A resource without a value comes last, both ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// Largest first. Of several values the largest counts then, otherwise the smallest.
    pub descending: bool,
}

/// What an order is by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortBy {
    /// The logical id, by its bytes.
    Id,
    /// `meta.lastUpdated`.
    LastUpdated,
    /// The date of the type ([`crate::commit::Put::date`]); [`crate::commit::NO_DATE`] is no value.
    Date,
    /// The entries of a parameter, by their [`crate::encoding::sort_key`].
    Param(Param),
}

/// The place of a resource in an order: where a page ends. It holds for the same filter and order only. A page begins with what comes
/// after it at the time of the query, whether the resource that it was taken from is still there or has moved.
///
/// Whoever reads one from a request makes sure that it has as many keys as the order; an engine compares what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The key of each [`Sort`], `None` where the resource has no value; with no sort one key, the date's. An id is its bytes, a moment
    /// its [`crate::encoding::key::ordered_i64`], a parameter its [`crate::encoding::sort_key`].
    pub keys: Vec<Option<Vec<u8>>>,
    /// The number of the resource: that of the row of its first version.
    pub resource: u64,
}

/// Resources to bring along with those that match.
///
/// They are gathered in rounds. The first follows all includes from the resources of the page, the next ones those with `iterate` from what
/// the round before brought, until one brings nothing new. Within a round: resource by resource in the order in which they came, include by
/// include, parameter by parameter; forward in the order of the resource's entries, in reverse in the order of a search without sort. When
/// [`MAX_INCLUDED`] are there and one more comes, gathering ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// Which way.
    pub direction: Direction,
    /// The type whose parameter it is.
    pub source: ResourceType,
    /// The reference parameters that are followed.
    pub params: Vec<Param>,
    /// Only references to resources of this type are followed, whichever way; to any when `None`.
    pub target: Option<ResourceType>,
    /// Whether it also holds for resources that were brought along (`:iterate`).
    pub iterate: bool,
}

/// Which way an include follows references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `_include`: from the resource found to what it refers to.
    Forward,
    /// `_revinclude`: from the resource found to those that refer to it.
    Reverse,
}

/// How many resources an answer may bring along. More are left out, and [`Answer::truncated`] says so.
pub const MAX_INCLUDED: usize = 1000;

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The resources of the page, in order.
    pub matches: Vec<Version>,
    /// Those brought along: each once, none that is in `matches`; ordered by type and id.
    pub included: Vec<Version>,
    /// Whether some were left out of `included`.
    pub truncated: bool,
    /// Where the page ends, when there is more after it.
    pub next: Option<Place>,
    /// How many match, when it was asked for.
    pub total: Option<u64>,
}

/// What a history is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One resource.
    Instance(Key),
    /// All resources of a type.
    Type(ResourceType),
    /// All resources.
    System,
}

/// A history: versions, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryQuery {
    /// In whose data.
    pub tenant: Tenant,
    /// Of what.
    pub scope: Scope,
    /// Only versions written at this moment or later.
    pub since: Option<Instant>,
    /// Only versions that were current at some time up to this moment: written at it or earlier.
    pub until: Option<Instant>,
    /// Only versions in rows before this one: the page's end.
    pub before: Option<u64>,
    /// How many at most; 0: only the total.
    pub count: u32,
}

/// A page of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The versions, newest first.
    pub versions: Vec<Version>,
    /// The row of the page's last version, when there is more after it.
    pub next: Option<u64>,
    /// How many versions there are in all pages: `before` does not count.
    pub total: u64,
}

/// A commit as the change feed hands it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its place.
    pub sequence: Sequence,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// The versions it wrote, in the order of their rows: which resource, which version, whether it is a deletion.
    pub versions: Vec<(Key, u64, bool)>,
    /// Its events.
    pub events: Vec<Event>,
}

/// A job that is due, leased to whoever took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueJob {
    /// Its number.
    pub number: u64,
    /// What kind of work.
    pub kind: String,
    /// What the worker needs to know.
    pub payload: Bytes,
    /// How often it has been taken, this time included.
    pub attempt: u32,
}

/// What a guarded or open account holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// How much.
    pub amount: i64,
    /// In which unit.
    pub unit: String,
}
