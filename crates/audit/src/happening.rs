//! What happened: the plain facts of which AuditEvents are made.

use std::net::IpAddr;
use std::sync::Arc;

use access::Principal;
use store::commit::{Instant, Key, Tenant};

/// Something that was done, or tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Happening {
    /// When.
    pub at: Instant,
    /// In whose data.
    pub tenant: Tenant,
    /// The request that it was part of (`X-Request-Id`); empty when it was none.
    pub request: Box<str>,
    /// Who; `None`: nobody who is known, such as somebody whose password was wrong, or the server itself.
    pub who: Option<Arc<Principal>>,
    /// From which address; `None`: from this machine, without a connection.
    pub address: Option<IpAddr>,
    /// What.
    pub what: What,
    /// For what asks with a query: the path and query as they were asked, below the base address, with whatever is wrong about them.
    pub query: Option<Box<str>>,
    /// The resources that were asked for, found, or changed.
    pub entities: Vec<Entity>,
    /// The patients whose records were touched, by their ids, as far as whoever tells it knows them: others are found from `entities`.
    pub patients: Vec<Box<str>>,
    /// What came of it.
    pub outcome: Outcome,
    /// What for, where the request said so and not the session: a code of <http://terminology.hl7.org/ValueSet/v3-PurposeOfUse>.
    pub purpose: Option<Box<str>>,
}

impl Happening {
    /// Something that was done and came out well, by nobody, to nothing yet.
    pub fn new(at: Instant, tenant: Tenant, what: What) -> Self {
        Self {
            at,
            tenant,
            request: "".into(),
            who: None,
            address: None,
            what,
            query: None,
            entities: Vec::new(),
            patients: Vec::new(),
            outcome: Outcome::Done,
            purpose: None,
        }
    }

    /// The same with what a gate gave out ([`access::Touched::take`]): each version once. Of a request that was given more than is noted,
    /// as `is_cut` says, the query tells so.
    pub fn touching(mut self, (versions, is_cut): (Vec<(Key, u64)>, bool)) -> Self {
        self.entities.extend(versions.into_iter().map(|(key, version)| Entity { key, version }));
        if self.entities.len() > 1 {
            self.entities.sort_unstable_by(|one, other| (&one.key, one.version).cmp(&(&other.key, other.version)));
            self.entities.dedup();
        }
        if is_cut {
            let query = self.query.take().unwrap_or_default();
            self.query = Some(format!("{query} (and more resources than are noted)").into());
        }
        self
    }

    /// What for: what the request said, else what the session did; an emergency's is `BTG`.
    pub fn purpose(&self) -> Option<&str> {
        let who = self.who.as_deref();
        let emergency = who.and_then(|who| who.break_glass.as_ref()).map(|_| "BTG");
        self.purpose.as_deref().or(emergency).or_else(|| who.and_then(|who| who.purpose.as_deref()))
    }
}

/// A resource that something was done to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entity {
    /// Which one.
    pub key: Key,
    /// Which version of it; 0: not known, or none in particular.
    pub version: u64,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused, because who asked may not do it: which rule, in words without any patient's data.
    Denied(Box<str>),
    /// It was not done because of a mistake in what was asked: which, in words without any patient's data.
    Mistaken(Box<str>),
    /// It was not done because of something in the server: what, in words without any patient's data.
    Failed(Box<str>),
}

impl Outcome {
    /// The words that say why it was not done.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Outcome::Done => None,
            Outcome::Denied(why) | Outcome::Mistaken(why) | Outcome::Failed(why) => Some(why),
        }
    }
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// An interaction of FHIR's interface, or what amounts to one.
    Rest(Interaction),
    /// An operation, by its name without `$`.
    Operation(Box<str>),
    /// Somebody signed in, or tried to: by which provider outside, by its name; `None`: by none.
    SignIn(Option<Box<str>>),
    /// Somebody who is signed in showed once more that it is they, or tried to.
    StepUp,
    /// Somebody signed out, or was signed out, who had come by this provider outside; `None`: by none.
    SignOut(Option<Box<str>>),
    /// Resources were handed out in bulk.
    Export,
    /// Somebody took access beyond their roles in an emergency; the reason is in [`Principal::break_glass`].
    BreakGlass,
    /// Access beyond the roles ended.
    BreakGlassEnd,
    /// A setting, role, account, client or key was changed: which, and how, without any secret.
    Configuration(Box<str>),
    /// An account, client, key or role was looked at or changed: of what kind it is, what was done, and which it is and how it changed, in words without any secret.
    Administration(Administered, Done, Box<str>),
    /// A patient's consent decided about what was asked; it is among the entities.
    Consent,
    /// Data of a patient went out to somebody else: to whom.
    Disclosure(Box<str>),
    /// A rule found something suspicious: the code of the rule, and its reason.
    Alert(Box<str>, Box<str>),
    /// The audit trail began, or ended, to be written: `true` for its begin.
    Recording(bool),
}

/// What is administered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Administered {
    /// An account, its rights, its sessions and its keys.
    Account,
    /// A role or policy.
    Role,
    /// A client, or a key of a service.
    Client,
    /// Why somebody may, or may not, do something.
    Explanation,
}

/// What is done with something that is administered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the word of AuditEvent.action")]
pub enum Done {
    Create,
    Read,
    Update,
    Delete,
}

impl Administered {
    /// All of them, in the order of their numbers.
    pub const ALL: [Administered; 4] = [Self::Account, Self::Role, Self::Client, Self::Explanation];
}

impl Done {
    /// All of them, in the order of their numbers.
    pub const ALL: [Done; 4] = [Self::Create, Self::Read, Self::Update, Self::Delete];

    /// The code of AuditEvent.action (<http://hl7.org/fhir/R4/valueset-audit-event-action.html>).
    pub fn code(self) -> &'static str {
        match self {
            Done::Create => "C",
            Done::Read => "R",
            Done::Update => "U",
            Done::Delete => "D",
        }
    }
}

impl What {
    /// Whether it is an interaction or an operation: what happens thousands of times a second. All else is told in every mode of the journal.
    pub fn is_request(&self) -> bool {
        matches!(self, What::Rest(_) | What::Operation(_))
    }
}

/// An interaction, by FHIR's code (<http://hl7.org/fhir/R4/valueset-system-restful-interaction.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is FHIR's own word")]
pub enum Interaction {
    Create,
    Read,
    Vread,
    Update,
    Patch,
    Delete,
    SearchType,
    SearchSystem,
    HistoryInstance,
    HistoryType,
    HistorySystem,
    Batch,
    Transaction,
}

/// All of them, in the order of their numbers.
pub const INTERACTIONS: [Interaction; 13] = [
    Interaction::Create,
    Interaction::Read,
    Interaction::Vread,
    Interaction::Update,
    Interaction::Patch,
    Interaction::Delete,
    Interaction::SearchType,
    Interaction::SearchSystem,
    Interaction::HistoryInstance,
    Interaction::HistoryType,
    Interaction::HistorySystem,
    Interaction::Batch,
    Interaction::Transaction,
];

impl Interaction {
    /// FHIR's code.
    pub fn code(self) -> &'static str {
        match self {
            Interaction::Create => "create",
            Interaction::Read => "read",
            Interaction::Vread => "vread",
            Interaction::Update => "update",
            Interaction::Patch => "patch",
            Interaction::Delete => "delete",
            Interaction::SearchType => "search-type",
            Interaction::SearchSystem => "search-system",
            Interaction::HistoryInstance => "history-instance",
            Interaction::HistoryType => "history-type",
            Interaction::HistorySystem => "history-system",
            Interaction::Batch => "batch",
            Interaction::Transaction => "transaction",
        }
    }

    /// Whether it changes a resource.
    pub fn writes(self) -> bool {
        matches!(self, Interaction::Create | Interaction::Update | Interaction::Patch | Interaction::Delete)
    }

    /// Whether it finds resources by something but their id.
    pub fn is_query(self) -> bool {
        matches!(self, Interaction::SearchType | Interaction::SearchSystem | Interaction::HistoryType | Interaction::HistorySystem)
    }
}
