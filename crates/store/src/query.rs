//! What is asked: a search as a typed plan, the history, the change feed; and what comes back.

mod explanation;
mod filter;
mod mentions;
mod token_set;
mod visible;

use bytes::Bytes;
use fhir::definitions::ResourceType;

use crate::commit::{Event, Instant, Key, Sequence, Tenant};
use crate::entry::Param;

pub use explanation::{AccessPath, Explanation, Step, Work};
pub use filter::{Compare, Filter, NumberRange, Test};
pub use token_set::TokenSet;
pub use visible::Visible;

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

/// A search.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Query {
    /// In whose data.
    pub tenant: Tenant,
    /// The types asked for, each once, and which resources of each: one for a search of a type, several for a search of the whole
    /// system or of a compartment.
    pub subjects: Vec<Subject>,
    /// In which order. Empty: by the date of the type, newest first. Ties are ended by age: the resource created last comes first.
    pub sort: Vec<Sort>,
    /// How many at most; 0: only the total, no resource and no place of another page.
    pub count: u32,
    /// How many bytes of texts the page has at most, beyond its first resource: it ends before the one that would make it more, and what is
    /// brought along ends with the page's bytes. As many as there are when `None`.
    pub most_bytes: Option<usize>,
    /// Which page.
    pub page: Page,
    /// Whether to count all that match, whatever the page and the place.
    pub total: bool,
    /// Whether the total may be an estimate, where that costs less.
    pub estimate: bool,
    /// What is asked of each match and of the resources that it contains, for [`Answer::inside`].
    pub inside: Vec<Subject>,
    /// Resources to bring along.
    pub include: Vec<Include>,
    /// What may be seen, when the search is for somebody who may not see everything; everything when `None`.
    ///
    /// With it an answer is the same whether resources that are hidden are there or not:
    ///
    /// - Only what may be seen is brought along. What is hidden does not count towards [`MAX_INCLUDED`] nor make an answer
    ///   [truncated](Answer::truncated), and an include that iterates follows nothing from it.
    /// - The total is counted, also where it might be an estimate: that is made of what was looked at, and not of what passes alone.
    /// - How the answer was found is not told, for the same reason: [`Answer::explanation`] is `None`.
    ///
    /// It says nothing about the matches. Whoever stands before the engine narrows all that finds them, or tells of others: the filters of
    /// `subjects` and `inside`, and within them those of chains and `_has`.
    ///
    /// What remains is what the search costs: it takes longer among more resources, and where it would take too long it is
    /// [refused](crate::ReadError::TooCostly), with words that have no number in them that was counted.
    pub visible: Option<Visible>,
    /// What a resource is scored by, for [`Answer::scores`] and [`SortBy::Score`]: parameters, each with a folded text. [`crate::matches::score`] says how.
    pub rank: Vec<(Param, Box<str>)>,
    /// Whether to say how the answer was found, unless something is hidden.
    pub explain: bool,
    /// The moment whose state is asked; now when `None`.
    ///
    /// The state of a moment has, of every resource, the last version written at it or before it; a resource is not there when that
    /// version is a deletion, or there is none. All of the search is about that state alone: filters with their chains and `_has`, the order and
    /// its dates, scores, what comes along, the total. So the pages of a moment that is past stay what they are. For a moment that is not, the
    /// state is that of now.
    pub as_of: Option<Instant>,
}

/// A type, and which of its resources are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    /// The type.
    pub kind: ResourceType,
    /// Which of them.
    pub filter: Filter,
}

/// A page of what a search finds, by its place in the order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Page {
    /// From the start.
    #[default]
    First,
    /// The first resources that come after the place.
    After(Place),
    /// The last resources that come before the place; they too are answered in the order of the search.
    Before(Place),
}

impl Query {
    /// The search for all resources of a type that pass: in natural order, from the start, without a total or anything brought along. `count` is 20.
    pub fn new(tenant: Tenant, kind: ResourceType, filter: Filter) -> Self {
        Self::over(tenant, vec![Subject { kind, filter }])
    }

    /// The same for the resources of several types.
    pub fn over(tenant: Tenant, subjects: Vec<Subject>) -> Self {
        Self {
            tenant,
            subjects,
            sort: Vec::new(),
            count: 20,
            most_bytes: None,
            page: Page::First,
            total: false,
            estimate: false,
            inside: Vec::new(),
            include: Vec::new(),
            visible: None,
            rank: Vec::new(),
            explain: false,
            as_of: None,
        }
    }

    /// Whether the total may be an estimate: it may, and nothing is hidden.
    pub fn is_estimated(&self) -> bool {
        self.estimate && self.visible.is_none()
    }

    /// Whether it is told how the answer was found: it was asked for, and nothing is hidden.
    pub fn is_explained(&self) -> bool {
        self.explain && self.visible.is_none()
    }
}

/// One key of an order. A resource without a value comes last, both ways.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// Largest first. Of several values the largest counts then, otherwise the smallest.
    pub descending: bool,
}

/// What an order is by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SortBy {
    /// The logical id, by its bytes.
    Id,
    /// `meta.lastUpdated`.
    LastUpdated,
    /// The date of the type ([`crate::commit::Put::date`]); [`crate::commit::NO_DATE`] is no value.
    Date,
    /// The entries of these parameters, by their [`crate::encoding::sort_key`]: the same code of each type that is asked for.
    Params(Vec<Param>),
    /// How well the resource fits [`Query::rank`].
    Score,
}

/// The place of a resource in an order: where a page begins or ends. It holds for the same filter and order only. The next page begins with
/// what comes after it at the time of the query, whether the resource that it was taken from is still there or has moved; the page before
/// ends with what comes before it.
///
/// Whoever reads one from a request makes sure that it has as many keys as the order; an engine compares what is there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The key of each [`Sort`], `None` where the resource has no value; with no sort one key, the date's. An id is its bytes, a moment
    /// its [`crate::encoding::key::ordered_i64`], a parameter its [`crate::encoding::sort_key`], a score two bytes, the high one first.
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// The place of each of `matches` in the order.
    pub places: Vec<Place>,
    /// The score of each of `matches`, from 0 to 1000; empty when [`Query::rank`] is.
    pub scores: Vec<u16>,
    /// For each of `matches` which passes [`Query::inside`]: its own key, and those of resources that it contains, with ids that begin with `#`;
    /// empty when nothing is asked of them.
    pub inside: Vec<Vec<Key>>,
    /// Those brought along: each once, none that is in `matches`; ordered by type and id.
    pub included: Vec<Version>,
    /// Whether some were left out of `included`.
    pub truncated: bool,
    /// Where the page begins, when there was more before it: always for a page that comes after a place. `None` for an empty page.
    pub prev: Option<Place>,
    /// Where the page ends, when there is more after it: always for a page that comes before a place. `None` for an empty page.
    pub next: Option<Place>,
    /// How many match, when it was asked for; about as many, when it [may be an estimate](Query::is_estimated).
    pub total: Option<u64>,
    /// How the answer was found, when it [is told](Query::is_explained).
    pub explanation: Option<Explanation>,
}

impl Answer {
    /// Keeps to [`Query::most_bytes`]: ends the page after its first matches, whose next page begins behind them, and what is brought along:
    /// a page that ends early brings nothing.
    /// Matches for which there are places but no texts any more are beyond the end already.
    pub fn keep_to(&mut self, most_bytes: usize) {
        let mut bytes = 0usize;
        let mut fits = |version: &Version| {
            bytes = bytes.saturating_add(version.text().map_or(0, Bytes::len));
            bytes <= most_bytes
        };
        let kept = self.matches.iter().take_while(|version| fits(version)).count().max(self.matches.len().min(1));
        let is_cut = kept < self.places.len();
        if is_cut {
            self.matches.truncate(kept);
            self.places.truncate(kept);
            self.scores.truncate(kept);
            self.inside.truncate(kept);
            self.next = self.places.last().cloned();
        }
        let brought = if is_cut { 0 } else { self.included.iter().take_while(|version| fits(version)).count() };
        self.truncated |= brought < self.included.len();
        self.included.truncate(brought);
    }
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
    /// How many bytes of texts the page has at most, beyond its first version: it ends before the one that would make it more. As many as there are
    /// when `None`.
    pub most_bytes: Option<usize>,
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
    /// The versions it wrote that no later commit has erased, in the order of their rows: which resource, which version, whether it is a deletion.
    pub versions: Vec<(Key, u64, bool)>,
    /// What it erased: whoever holds something of these versions drops it.
    pub erased: Vec<Erasure>,
    /// Its events.
    pub events: Vec<Event>,
}

/// Versions that a commit removed for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Of which resource.
    pub key: Key,
    /// The last of them: this version and all before it are gone.
    pub through: u64,
    /// How many of them this commit removed: at least one.
    pub versions: u64,
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
