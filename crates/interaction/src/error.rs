//! The one table from what went wrong to what the client is told: status, issue code, number, and what to do.

use ::terminology::issue::TxIssue;
use ::terminology::{Failure, TerminologyError};
use fhir::{Issue, IssueCode};
use store::commit::{CommitError, Conflict, Key};
use store::contract::{Indexing, ReadError};

use crate::codes;
use crate::erase::Withheld;

/// Why an interaction was refused or failed.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are what their names say")]
pub enum Error {
    /// No version of the resource was ever written.
    NotFound(Key),
    /// The resource has no version of this number.
    NoSuchVersion { key: Key, version: u64 },
    /// The resource was deleted, by this version.
    Deleted { key: Key, version: u64 },
    /// The name is not that of a resource type.
    UnknownType(String),
    /// The text is not a logical id.
    BadId,
    /// The body is a resource of another type than the address says, or none.
    TypeMismatch { expected: &'static str },
    /// The body has another id than the address, or none.
    IdMismatch { expected: Box<str> },
    /// The resource does not exist, and clients may not choose ids.
    ClientIdRefused(Key),
    /// An entity tag is malformed.
    BadEtag,
    /// The version that the client knows is not the current one (0: there is none).
    VersionMismatch { key: Key, found: u64 },
    /// Another wrote the same at the same moment.
    LostRace,
    /// It was to be written only if it did not exist.
    AlreadyExists(Key),
    /// A conditional request matches several resources.
    MultipleMatches { kind: &'static str, expression: String },
    /// A conditional request that needs a resource matches none.
    NoMatch { kind: &'static str, expression: String },
    /// A conditional update matches nothing, and brings the id of a resource that exists.
    ConditionIdTaken(Key),
    /// A conditional update matches this resource, and brings another id.
    ConditionOtherId(Key),
    /// A conditional delete matches more resources than it may delete.
    TooManyMatches { kind: &'static str, most: u32, expression: String },
    /// A conditional request has no criteria.
    EmptyCondition { expression: String },
    /// The resource is still referenced.
    StillReferenced { key: Key, by: Option<Key> },
    /// The resource breaks rules: what a check of its content found.
    Invalid(Vec<Issue>),
    /// What the request needs is not there: what entries of a transaction read, what an operation works on.
    Missing(Vec<Issue>),
    /// The request is malformed: its parameters, its bundle.
    BadRequest(Vec<Issue>),
    /// The request breaks a rule of this server, such as that of whole references.
    Unprocessable(Vec<Issue>),
    /// A condition of the request does not hold.
    PreconditionFailed(Vec<Issue>),
    /// The request is larger than allowed, or would touch more than is allowed.
    TooCostly(String),
    /// The server does not do this yet.
    NotSupported(String),
    /// There is no such operation, or not at this place: where there is one.
    UnknownOperation(String),
    /// The operation cannot be invoked by GET: why.
    OperationMethod(String),
    /// The patient has no list for the purpose that was asked for.
    NoSuchList(Key),
    /// An operation would look at more, answer more or take longer than is allowed: what to narrow.
    OperationTooLarge(String),
    /// A question of terminology has no answer: why.
    Terminology(Box<TerminologyError>),
    /// The settings let no client remove resources for good.
    EraseOff,
    /// The record was erased for good, with its key.
    RecordErased(Key),
    /// What is to be erased has to be kept: why, and until when.
    Withheld(Withheld),
    /// No rule allows it: why, in words for the client.
    Forbidden { why: String },
    /// A transaction lost against others again and again.
    Contended,
    /// The store is out of room.
    Full,
    /// The store has more to do than it takes.
    Busy,
    /// A search parameter came in lately, and not all resources are indexed by it yet: how far that is.
    Indexing(Indexing),
    /// The server is shutting down.
    Closed,
    /// The store failed: what it says, for the log and not for the client.
    Engine(String),
}

/// What a client is told: FHIR's name for it is an OperationOutcome with a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The HTTP status that FHIR asks for.
    pub status: u16,
    /// What is wrong, at least one.
    pub issues: Vec<Issue>,
    /// After how many seconds to try again.
    pub retry_after_s: Option<u32>,
}

impl Error {
    /// What the client is told.
    pub fn outcome(self) -> Outcome {
        let (status, issues) = match self {
            Error::Invalid(issues) | Error::BadRequest(issues) => (400, issues),
            Error::Unprocessable(issues) => (422, issues),
            Error::Missing(issues) => (404, issues),
            Error::PreconditionFailed(issues) => (412, issues),
            Error::Terminology(error) => {
                let status = match error.failure {
                    Failure::Request => 400,
                    Failure::NotFound => 404,
                    Failure::Unprocessable => 422,
                };
                (status, error.issues.iter().map(TxIssue::issue).collect())
            }
            single => {
                let (status, code, number) = single.row();
                (status, vec![Issue::error(number, code, single.place(), single.remedy())])
            }
        };
        Outcome { status, issues, retry_after_s: (status == 503).then_some(1) }
    }

    /// The table.
    fn row(&self) -> (u16, IssueCode, u16) {
        match self {
            Error::NotFound(_) => (404, IssueCode::NotFound, codes::NOT_FOUND),
            Error::NoSuchVersion { .. } => (404, IssueCode::NotFound, codes::NO_SUCH_VERSION),
            Error::Deleted { .. } => (410, IssueCode::Deleted, codes::DELETED),
            Error::UnknownType(_) => (404, IssueCode::NotSupported, codes::UNKNOWN_TYPE),
            Error::BadId => (400, IssueCode::Value, codes::BAD_ID),
            Error::TypeMismatch { .. } => (400, IssueCode::Invalid, codes::TYPE_MISMATCH),
            Error::IdMismatch { .. } => (400, IssueCode::Invalid, codes::ID_MISMATCH),
            Error::ClientIdRefused(_) => (405, IssueCode::NotSupported, codes::CLIENT_ID_REFUSED),
            Error::BadEtag => (400, IssueCode::Value, codes::BAD_ETAG),
            Error::VersionMismatch { .. } => (412, IssueCode::Conflict, codes::VERSION_MISMATCH),
            Error::LostRace => (409, IssueCode::Conflict, codes::LOST_RACE),
            Error::AlreadyExists(_) => (412, IssueCode::Conflict, codes::ALREADY_EXISTS),
            Error::MultipleMatches { .. } => (412, IssueCode::MultipleMatches, codes::MULTIPLE_MATCHES),
            Error::NoMatch { .. } => (404, IssueCode::NotFound, codes::NO_MATCH),
            Error::ConditionIdTaken(_) => (409, IssueCode::Conflict, codes::CONDITION_ID_TAKEN),
            Error::ConditionOtherId(_) => (400, IssueCode::Invalid, codes::CONDITION_OTHER_ID),
            Error::TooManyMatches { .. } => (412, IssueCode::MultipleMatches, codes::TOO_MANY_MATCHES),
            Error::EmptyCondition { .. } => (400, IssueCode::Invalid, codes::EMPTY_CONDITION),
            Error::StillReferenced { .. } => (409, IssueCode::Conflict, codes::STILL_REFERENCED),
            Error::TooCostly(_) => (400, IssueCode::TooCostly, codes::TOO_COSTLY),
            Error::NotSupported(_) => (400, IssueCode::NotSupported, codes::NOT_SUPPORTED),
            Error::UnknownOperation(_) => (404, IssueCode::NotSupported, codes::UNKNOWN_OPERATION),
            Error::NoSuchList(_) => (404, IssueCode::NotFound, codes::NO_SUCH_LIST),
            Error::OperationMethod(_) => (405, IssueCode::NotSupported, codes::OPERATION_METHOD),
            Error::OperationTooLarge(_) => (400, IssueCode::TooCostly, codes::OPERATION_TOO_LARGE),
            Error::EraseOff => (403, IssueCode::Forbidden, codes::ERASE_OFF),
            Error::RecordErased(_) => (409, IssueCode::BusinessRule, codes::RECORD_ERASED),
            Error::Withheld(Withheld::Held(_)) => (409, IssueCode::BusinessRule, codes::LEGAL_HOLD),
            Error::Withheld(Withheld::Retained(_)) => (409, IssueCode::BusinessRule, codes::RETAINED),
            Error::Withheld(Withheld::Failed(_)) => (500, IssueCode::Exception, codes::KEYS_FAILED),
            Error::Forbidden { .. } => (403, IssueCode::Forbidden, access::codes::FORBIDDEN),
            Error::Contended => (409, IssueCode::Transient, codes::TRANSACTION_CONTENDED),
            Error::Full => (507, IssueCode::NoStore, codes::STORE_FULL),
            Error::Busy => (503, IssueCode::Throttled, codes::STORE_BUSY),
            Error::Indexing(_) => (503, IssueCode::Transient, codes::INDEXING),
            Error::Closed => (503, IssueCode::Transient, codes::SHUTTING_DOWN),
            Error::Engine(_) => (500, IssueCode::Exception, codes::STORE_FAILED),
            // These bring issues of their own.
            Error::Invalid(_)
            | Error::BadRequest(_)
            | Error::Unprocessable(_)
            | Error::PreconditionFailed(_)
            | Error::Missing(_)
            | Error::Terminology(_) => (400, IssueCode::Invalid, codes::COMMIT_REFUSED),
        }
    }

    /// The FHIRPath of what is wrong; empty when it is no element.
    fn place(&self) -> String {
        match self {
            Error::TypeMismatch { .. } => "resourceType".to_owned(),
            Error::BadId | Error::IdMismatch { .. } | Error::ClientIdRefused(_) => "id".to_owned(),
            Error::ConditionIdTaken(_) | Error::ConditionOtherId(_) => "id".to_owned(),
            Error::MultipleMatches { expression, .. }
            | Error::NoMatch { expression, .. }
            | Error::TooManyMatches { expression, .. }
            | Error::EmptyCondition { expression } => expression.clone(),
            _ => String::new(),
        }
    }

    /// What is wrong, and what to do.
    fn remedy(&self) -> String {
        match self {
            Error::NotFound(key) => format!("{key} does not exist: check the type and the id"),
            Error::NoSuchVersion { key, version: 0 } => format!("{key} has no such version: versions are numbers, from 1 on"),
            Error::NoSuchVersion { key, version } => format!("{key} has no version {version}: its history lists those it has"),
            Error::Deleted { key, version } => {
                format!("{key} was deleted by version {version}: earlier versions can still be read by number")
            }
            Error::VersionMismatch { key, found: 0 } => format!("{key} does not exist, so no version of it is current: create it first"),
            Error::VersionMismatch { key, found } => {
                format!("{key} is not at the version named, its current version is {found}: read it again, and redo the change")
            }
            Error::TypeMismatch { expected } => format!("the address asks for a {expected}: send one, or to the address of its type"),
            Error::IdMismatch { expected } => format!("the resource must have the id of the address, {expected}"),
            Error::ClientIdRefused(key) => format!("{key} does not exist and this server chooses ids itself: create it with POST"),
            Error::AlreadyExists(key) => format!("{key} exists, and was to be written only if it did not"),
            Error::MultipleMatches { kind, .. } => {
                format!("more than one {kind} matches: narrow the criteria, to an identifier for example")
            }
            Error::NoMatch { kind, .. } => format!("no {kind} matches these criteria: search with them, or create it first"),
            Error::ConditionIdTaken(key) => {
                format!("the criteria match nothing, but {key} exists: leave the id out to create another, or correct the criteria")
            }
            Error::ConditionOtherId(key) => format!("the criteria match {key}, and the resource has another id: leave the id out"),
            Error::TooManyMatches { kind, most, .. } => {
                format!("more than {most} {kind} match, which is more than are deleted at once: narrow the criteria")
            }
            Error::StillReferenced { key, by: Some(by) } => format!("{key} is still referenced by {by}: remove the references first"),
            Error::StillReferenced { key, by: None } => format!("{key} is still referenced: remove the references first"),
            Error::RecordErased(key) => {
                format!(
                    "the record of {key} was removed for good, and nothing is written for it any more: somebody who comes again gets another id"
                )
            }
            Error::Withheld(Withheld::Held(count)) => {
                format!("legal holds keep it from being removed, {count} of them: they have to be released first, by `ward hold release`")
            }
            Error::Withheld(Withheld::Retained(until)) => format!(
                "it has to be kept until {}: remove it then, or say byLaw when a law demands it before",
                fhir::primitive::instant_text(*until)
            ),
            Error::Forbidden { why } => why.clone(),
            Error::TooCostly(what) => format!("this would cost too much: {what}"),
            Error::UnknownType(remedy) | Error::NotSupported(remedy) => remedy.clone(),
            Error::NoSuchList(key) => {
                format!(
                    "{key} has no such list: one is a List that is about the patient, is current, working, and has the name or code of its purpose as its code"
                )
            }
            Error::UnknownOperation(remedy) | Error::OperationMethod(remedy) | Error::OperationTooLarge(remedy) => remedy.clone(),
            Error::Indexing(indexing) => {
                format!("a search parameter that came in lately is being indexed, {indexing}: try again in a moment")
            }
            other => other.fixed_remedy().to_owned(),
        }
    }

    /// The same for errors that are about nothing in particular. What the engine says is for the log: it may name files and tables.
    fn fixed_remedy(&self) -> &'static str {
        match self {
            Error::BadId => "a logical id has 1 to 64 characters, of A-Z, a-z, 0-9, '-' and '.'",
            Error::BadEtag => "a version is named as W/\"3\"",
            Error::LostRace => "another changed the same at the same moment: read it again, and redo the change",
            Error::EmptyCondition { .. } => "a condition needs at least one search parameter, such as identifier",
            Error::EraseOff => {
                "nothing is removed for good on a client's word here: the setting erase = true allows it, or whoever may read the data directory runs `ward erase`"
            }
            Error::Contended => "others changed what this depends on, again and again: send it again",
            Error::Full => "there is no room left on the disk: tell the operator, and try again once there is",
            Error::Busy => "more is being written or searched than the server takes: try again in a moment",
            Error::Closed => "the server is shutting down: try again in a moment",
            Error::Withheld(_) => "the keys of what is to be removed failed: the server's log says why, under this request's id",
            _ => "the store failed: the server's log says why, under this request's id",
        }
    }

    /// What the log should say beside the status, when the client is not told.
    pub fn detail(&self) -> Option<&str> {
        match self {
            Error::Engine(detail) | Error::Withheld(Withheld::Failed(detail)) => Some(detail),
            _ => None,
        }
    }
}

impl From<TerminologyError> for Error {
    fn from(error: TerminologyError) -> Self {
        Error::Terminology(Box::new(error))
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::TooCostly(what) => Error::TooCostly(what),
            ReadError::Indexing(indexing) => Error::Indexing(indexing),
            ReadError::Busy => Error::Busy,
            ReadError::Forbidden(why) => Error::Forbidden { why: why.into() },
            ReadError::Closed => Error::Closed,
            ReadError::Full => Error::Full,
            ReadError::Engine(what) => Error::Engine(what),
        }
    }
}

impl From<CommitError> for Error {
    /// A conflict is taken as a lost race here; who planned the commit knows which of its expectations mean more.
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Conflict(conflict) => Error::from(*conflict),
            CommitError::Forbidden(why) => Error::Forbidden { why: why.into() },
            CommitError::Full => Error::Full,
            CommitError::Busy => Error::Busy,
            CommitError::Indexing(indexing) => Error::Indexing(indexing),
            CommitError::Closed => Error::Closed,
            CommitError::Engine(what) => Error::Engine(what),
        }
    }
}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Self {
        match conflict {
            Conflict::Version { key, found, .. } => Error::VersionMismatch { key, found },
            Conflict::Exists(key) => Error::AlreadyExists(key),
            Conflict::Erased(key) => Error::RecordErased(key),
            Conflict::Missing(_) | Conflict::Matches { .. } | Conflict::Twice(_) | Conflict::Finished(_) | Conflict::Number { .. } => {
                Error::LostRace
            }
            Conflict::Claimed { .. } | Conflict::BadClaim { .. } | Conflict::Overdrawn { .. } | Conflict::Unbalanced { .. } => {
                let refused = "the commit breaks a rule that the store keeps: a claim or a balance";
                Error::Unprocessable(vec![Issue::error(codes::COMMIT_REFUSED, IssueCode::BusinessRule, "", refused)])
            }
        }
    }
}
