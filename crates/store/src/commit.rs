//! What goes in: a commit, what it answers, and why it may be refused.

use std::fmt;

use bytes::Bytes;
use fhir::definitions::ResourceType;

use crate::contract::Indexing;
use crate::entry::Entry;
use crate::query::Filter;

/// A tenant's number. Everything that a tenant owns is kept under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tenant(pub u32);

/// The tenant whose resources define entries for all: one index is made by one set of parameters, and what one tenant writes must not change what another
/// finds, nor make it wait.
pub const DEFINING: Tenant = Tenant(1);

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
pub type Instant = i64;

/// The place of a commit in its tenant's total order: 1 for the first.
pub type Sequence = u64;

/// An act, planned without touching the store and applied atomically: everything in it happens, or nothing.
///
/// # How it is judged
///
/// Against the state before it, in this order; the first thing that fails is the [`Conflict`]:
///
/// 1. **Keys.** None stands twice in `put`, `delete`, `audit` and `erase`, read in this order ([`Conflict::Twice`] names the first that does); then none twice for one tenant of `trails`.
/// 2. **`expect`**, in its order.
/// 3. **`release`, then `claim`**, in their orders: a claim is judged after the releases and the claims before it. See [`Claim`].
/// 4. **`post`.** For each posting in turn: the amounts of its ledger and unit sum to zero. Then for each in turn: its account, as it
///    is or as an earlier posting opened it, has its unit. Then for each in turn: what its account holds after the whole commit fits
///    into 64 bits and, if the account is guarded before or by any posting of this commit, is not below zero.
/// 5. **`number`**, in order: a draw sees those before it.
/// 6. **`finish`**, in order: each names a job that is there and not finished, and none twice.
///
/// `job`, `event` and `advance` are never refused.
///
/// # How it is applied
///
/// The commit gets the next [`Sequence`] of its tenant, also when it writes nothing, and the moment `max(clock, moment of the last
/// commit applied, of any tenant)`. Each version it writes gets the next row number, counted over all tenants from 1: of `put`, then of `delete`,
/// then of `audit`. The number of a resource is the row of its first version ever; a deletion does not end it. A refused commit uses up
/// neither sequence nor row.
///
/// Each of `trails` is, in the same step, a commit of its tenant right behind it, with the same actor and reason, which writes these AuditEvents and nothing else: all of them are
/// applied, or none is. One whose tenant was erased with its key is left out, as there is no trail any more.
///
/// # What an erase leaves
///
/// Of an erased version nothing can be read again: no read, vread, search, history or total has it, and the change feed leaves it out of the
/// commit that wrote it. The commit that erased says so in the feed ([`crate::query::Change::erased`]). What stays is the fact that the resource
/// was there: its type, its id and how many versions it had, so that whoever creates it again gets the next version number and not one that
/// somebody has seen. A resource whose versions are all erased is to expectations and reads as if it never existed. What other parts of commits say
/// (actors, reasons, claims, postings, events, jobs) stays as it is: they name resources, and hold none of their content.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Whose data it is.
    pub tenant: Tenant,
    /// Who acts: a reference such as `Practitioner/12`, or the name of a system.
    pub actor: String,
    /// Why, in the words of the act: `create`, `import`, `admit`.
    pub reason: String,
    /// What must be true at this moment, or the commit is refused.
    pub expect: Vec<Expect>,
    /// Resources to write, each a new version.
    pub put: Vec<Put>,
    /// Resources to delete: a version that says so is written. One that does not exist, or is deleted, is passed over.
    pub delete: Vec<Key>,
    /// Versions to remove for good. What is not there is passed over.
    pub erase: Vec<Erase>,
    /// Exclusive or counted things to take.
    pub claim: Vec<Claim>,
    /// Claims to give back.
    pub release: Vec<Release>,
    /// Movements of stock or money. For each ledger and unit their amounts sum to zero.
    pub post: Vec<Posting>,
    /// Numbers to draw.
    pub number: Vec<NumberDraw>,
    /// AuditEvent resources, written as [`Commit::put`] is and in the same order.
    pub audit: Vec<Put>,
    /// AuditEvent resources for the trails of other tenants: what is done with an account is told where the account has a part, while its record is in none of them.
    pub trails: Vec<(Tenant, Vec<Put>)>,
    /// Messages for the change feed.
    pub event: Vec<Event>,
    /// Work to be done later.
    pub job: Vec<Job>,
    /// Jobs done by this commit, by their numbers. One that another has finished meanwhile is a conflict.
    pub finish: Vec<u64>,
    /// Cursors of the change feed to move: a consumer's effects and its place move together. Back, too; of several moves of one
    /// cursor the last counts.
    pub advance: Vec<(String, Sequence)>,
}

impl Commit {
    /// A commit that does nothing yet.
    pub fn new(tenant: Tenant, actor: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            tenant,
            actor: actor.into(),
            reason: reason.into(),
            expect: Vec::new(),
            put: Vec::new(),
            delete: Vec::new(),
            erase: Vec::new(),
            claim: Vec::new(),
            release: Vec::new(),
            post: Vec::new(),
            number: Vec::new(),
            audit: Vec::new(),
            trails: Vec::new(),
            event: Vec::new(),
            job: Vec::new(),
            finish: Vec::new(),
            advance: Vec::new(),
        }
    }
}

/// The identity of a resource within a tenant.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Its type.
    pub kind: ResourceType,
    /// Its logical id.
    pub id: Box<str>,
}

impl Key {
    /// The key of `kind/id`.
    pub fn new(kind: ResourceType, id: impl Into<Box<str>>) -> Self {
        Self { kind, id: id.into() }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.name(), self.id)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Versions of a resource to remove for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erase {
    /// Which resource.
    pub key: Key,
    /// Which of its versions.
    pub extent: Extent,
}

/// Which versions of a resource are erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of them: the resource is gone.
    All,
    /// Those before the current one, which may be a deletion.
    Past,
}

/// Something that must be true when the commit is applied.
#[derive(Clone, Debug)]
pub enum Expect {
    /// The current version of the resource is this one; 0: it never existed. A deletion counts as a version.
    Version(Key, u64),
    /// The resource exists and is not deleted: for a reference to it.
    Exists(Key),
    /// The resource does not exist, or is deleted.
    Absent(Key),
    /// No resource of the type matches: `If-None-Exist`. Filters see the state before the commit.
    NoMatch(ResourceType, Filter),
    /// Exactly one resource of the type matches, and it is this one: a conditional update or reference.
    OnlyMatch(Key, Filter),
}

/// A resource to write.
#[derive(Clone, Debug)]
pub struct Put {
    /// What it is.
    pub key: Key,
    /// Its text.
    pub body: Body,
    /// Its index entries, each at most once.
    pub entries: Vec<Entry>,
    /// The date by which its type is ordered, newest first, when a search asks for no other order (`Observation.date`);
    /// [`NO_DATE`] when it has none.
    pub date: Instant,
    /// What has extracted the entries ([`crate::contract::Extract::identity`]): when another extractor is in force by the time of the
    /// commit, the engine extracts them again. 0: they are taken as they are.
    pub extractor: u64,
}

/// The date of a resource that has none: it comes last.
pub const NO_DATE: Instant = Instant::MIN;

/// The JSON text of a resource without `meta.versionId` and `meta.lastUpdated`, which the store gives.
///
/// `text` begins with `{"resourceType":…,"id":…,"meta":{`, has neither of the two in its `meta`, and `stamp_at` is the
/// byte after that brace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The text.
    pub text: Bytes,
    /// Where the stamp goes.
    pub stamp_at: u32,
}

impl Body {
    /// The text with the stamp in it, as it goes out: `…"meta":{"versionId":"3","lastUpdated":"2026-11-21T08:00:00.000Z"…`.
    pub fn stamped(&self, version: u64, last_updated: Instant) -> Vec<u8> {
        let (head, tail) = self.text.split_at(self.stamp_at as usize);
        let mut out = Vec::with_capacity(self.text.len() + 80);
        out.extend_from_slice(head);
        stamp(&mut out, version, last_updated, tail);
        out.extend_from_slice(tail);
        out
    }
}

/// Appends the stamp: what stands after `"meta":{` and before `tail`, the rest of the body.
pub fn stamp(out: &mut Vec<u8>, version: u64, last_updated: Instant, tail: &[u8]) {
    let comma = if tail.first() == Some(&b'}') { "" } else { "," };
    let at = fhir::primitive::instant_text(last_updated);
    out.extend_from_slice(format!("\"versionId\":\"{version}\",\"lastUpdated\":\"{at}\"{comma}").as_bytes());
}

/// Something exclusive or counted to take: a surgeon's hour, a bed, a slot, an identifier, an idempotency key.
///
/// A claim is in force until it is released, or until its lease ends: `lease_until` is at or before the moment of whoever looks
/// (for a commit: its own). When a commit claims a subject, expired claims of that subject are gone, and so is what the holder
/// held of it. It is refused
///
/// - with [`Conflict::BadClaim`] when `units` is 0 or above `capacity`, `from` is not before `until`, or another claim of the subject that is in
///   force, at whatever time, has another capacity;
/// - with [`Conflict::Claimed`] when at some moment of it the units of the others and its own exceed the capacity. The holder named is the first of
///   those that overlap it, by start and then by holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What is claimed: `Practitioner/12`, `identifier|http://hospital/mrn|4711`.
    pub subject: String,
    /// From when; [`i64::MIN`] for a thing without time.
    pub from: Instant,
    /// Until when, not included; [`i64::MAX`] for an open end or a thing without time.
    pub until: Instant,
    /// How many units of the subject there are at any moment. Claims of one subject agree on it.
    pub capacity: u32,
    /// How many units this claim takes.
    pub units: u32,
    /// Who holds it: `Appointment/7`. A holder holds a subject once.
    pub holder: String,
    /// When it frees itself, unless it is confirmed by a claim of the same holder before; `None`: never.
    pub lease_until: Option<Instant>,
}

/// A claim to give back. One that is not held is passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// What was claimed.
    pub subject: String,
    /// Who held it.
    pub holder: String,
}

/// One side of a movement of stock or money. An amount of zero opens the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The ledger: `stock`, `money`.
    pub ledger: String,
    /// The account in it: `item|lot|location`, `Account/12`.
    pub account: String,
    /// How much it gains (loses, when negative), in the smallest part of `unit`.
    pub amount: i64,
    /// The unit: `EUR-cent`, `{tablet}`. An account has one.
    pub unit: String,
    /// Whether the account may not go below zero. Once guarded, an account stays so.
    pub guarded: bool,
}

/// A number to draw from a sequence without gaps: it is drawn only if the commit is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberDraw {
    /// The sequence: `mrn`, `invoice/2026`.
    pub sequence: String,
    /// The number it must be, when it already stands in a resource of this commit ([`crate::Store::next_number`] tells).
    pub expect: Option<u64>,
}

/// A message for the change feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened: `encounter.started`.
    pub topic: String,
    /// Its content.
    pub payload: Bytes,
}

/// Work to be done later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// What kind of work: it chooses who does it.
    pub kind: String,
    /// What the worker needs to know.
    pub payload: Bytes,
    /// Not before this moment.
    pub not_before: Instant,
}

/// A commit that was applied, and is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Its place in the tenant's order.
    pub sequence: Sequence,
    /// When: the `lastUpdated` of its versions. It never goes back from one commit to the next.
    pub at: Instant,
    /// The versions written: of [`Commit::put`], then of [`Commit::delete`], then of [`Commit::audit`], in their orders; none of [`Commit::trails`]. 0 for a deletion that
    /// was passed over.
    pub versions: Vec<u64>,
    /// For each of them, whether it brought its resource into being: the first version, or the first one after a deletion.
    pub created: Vec<bool>,
    /// How many versions were erased, for each of [`Commit::erase`] in its order.
    pub erased: Vec<u64>,
    /// The numbers drawn, in the order of [`Commit::number`].
    pub numbers: Vec<u64>,
    /// The numbers of the jobs, in the order of [`Commit::job`].
    pub jobs: Vec<u64>,
}

/// Why a commit was refused: nothing of it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The current version is another one (0: it never existed).
    Version {
        /// Of which resource.
        key: Key,
        /// The version that was expected.
        expected: u64,
        /// The version that is there.
        found: u64,
    },
    /// The resource does not exist, or is deleted.
    Missing(Key),
    /// The resource whose record this belongs to was erased for good, with its key: nothing is written for it any more.
    Erased(Key),
    /// The resource exists.
    Exists(Key),
    /// Another number of resources matches than was expected, or another resource.
    Matches {
        /// Of which type.
        kind: ResourceType,
        /// Which ones match: the first two, in the order of a search without sort.
        found: Vec<Key>,
    },
    /// One resource is written twice in the commit.
    Twice(Key),
    /// The subject is taken.
    Claimed {
        /// What was claimed.
        subject: String,
        /// One of those who hold it.
        holder: String,
    },
    /// The claims of a subject disagree on its capacity, or one asks for nothing, for more than there is, or for an empty interval.
    BadClaim {
        /// What was claimed.
        subject: String,
    },
    /// A guarded account would go below zero.
    Overdrawn {
        /// In which ledger.
        ledger: String,
        /// Which account.
        account: String,
        /// What it holds before the commit.
        balance: i64,
    },
    /// The postings of a ledger and unit do not sum to zero, an amount is out of range, or an account is in another unit.
    Unbalanced {
        /// In which ledger.
        ledger: String,
        /// In which unit.
        unit: String,
    },
    /// The next number of a sequence is another one.
    Number {
        /// Of which sequence.
        sequence: String,
        /// The next number.
        next: u64,
    },
    /// There is no such job, or it was finished before. (Of two workers who did it, because the lease of one ran out, one is told so.)
    Finished(u64),
}

/// Why a commit was not applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommitError {
    /// It was refused, and why.
    Conflict(Box<Conflict>),
    /// What stands before the engine refused it: by which rule, in words for whoever sent it. No engine answers this.
    Forbidden(Box<str>),
    /// There is no room on the disk. Reads go on; writes succeed again when there is.
    Full,
    /// More is waiting to be written than the store takes: try again later.
    Busy,
    /// A condition asks by a parameter that came in lately, and not all resources are indexed by it yet.
    Indexing(Indexing),
    /// The store is shutting down.
    Closed,
    /// The engine failed: what it says, without any resource's content.
    Engine(String),
}

impl From<Conflict> for CommitError {
    fn from(conflict: Conflict) -> Self {
        CommitError::Conflict(Box::new(conflict))
    }
}
