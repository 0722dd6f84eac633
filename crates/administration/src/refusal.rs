//! Why something is not done: one table from what is wrong to a status, an issue and a remedy.

use access::{Act, Permission};
use fhir::{Issue, IssueCode};
use identity::IdentityError;
use identity::directory::DirectoryError;
use identity::tenants::TenantError;
use store::ReadError;

use crate::codes;

/// Something that is not done. What it says may be shown to whoever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status of HTTP.
    pub status: u16,
    /// What is wrong, each with its place in the body and a remedy.
    pub issues: Vec<Issue>,
}

impl Refusal {
    pub(crate) fn of(status: u16, code: IssueCode, number: u16, what: impl Into<String>) -> Self {
        Self { status, issues: vec![Issue::error(number, code, "", what.into())] }
    }

    /// 403: no rule lets them.
    pub(crate) fn not_permitted(permission: Permission) -> Self {
        let what = format!(
            "no rule lets you do this: a role of yours needs the permission `{}`, and some rules hold only in a session with a second factor",
            permission.code()
        );
        Self::of(403, IssueCode::Forbidden, codes::NOT_PERMITTED, what)
    }

    /// 403: they would hand out more than they may.
    pub(crate) fn beyond(what: impl Into<String>) -> Self {
        Self::of(403, IssueCode::Forbidden, codes::BEYOND_ONES_OWN, what)
    }

    /// 403: they would change their own rights.
    pub(crate) fn own_rights() -> Self {
        let what = "nobody changes their own rights, or ends their own account here: ask another administrator";
        Self::of(403, IssueCode::Forbidden, codes::OWN_RIGHTS, what)
    }

    /// 404.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::of(404, IssueCode::NotFound, codes::NOT_FOUND, format!("there is no such {what}: look for it in the list"))
    }

    /// 400: a value is not as it must be, at a place of the body.
    pub(crate) fn wrong(place: &str, rule: impl Into<String>) -> Self {
        Self { status: 400, issues: vec![Issue::error(codes::BAD_VALUE, IssueCode::Value, place, rule.into())] }
    }

    /// 412: it is no longer at the version that was named.
    pub(crate) fn not_current() -> Self {
        let what = "it has another version by now: read it again, and repeat what you wanted to change";
        Self::of(412, IssueCode::Conflict, codes::NOT_CURRENT, what)
    }

    /// 409: others were faster, again and again.
    pub(crate) fn raced() -> Self {
        Self::of(409, IssueCode::Conflict, codes::RACED, "others change the same at the same time: read it again and repeat what you did")
    }

    /// 503: what was done, or was to be looked at, cannot be told to the audit trail.
    pub fn untold() -> Self {
        let what = "the audit trail takes nothing at the moment: see whether it was done, and try again";
        Self::of(503, IssueCode::Transient, codes::UNAVAILABLE, what)
    }

    /// The first words of it, for the audit trail.
    pub fn words(&self) -> String {
        self.issues.first().map(ToString::to_string).unwrap_or_default()
    }
}

impl From<IdentityError> for Refusal {
    fn from(error: IdentityError) -> Self {
        let (status, code) = match &error {
            IdentityError::Taken(_) => (409, IssueCode::Duplicate),
            IdentityError::WrongState(_) | IdentityError::Raced => (409, IssueCode::Conflict),
            IdentityError::Unknown(_) => (404, IssueCode::NotFound),
            IdentityError::Busy => (503, IssueCode::Throttled),
            IdentityError::Directory(_) | IdentityError::NoRandomness | IdentityError::Unsealable | IdentityError::ListUnread => {
                (500, IssueCode::Exception)
            }
            IdentityError::RegistrationClosed | IdentityError::NoMembership | IdentityError::FactorRefused | IdentityError::NotSignedIn => {
                (403, IssueCode::Forbidden)
            }
            IdentityError::Wait { .. } => (429, IssueCode::Throttled),
            _ => (400, IssueCode::Value),
        };
        Self::of(status, code, error.code(), format!("{error}. {}", error.remedy()))
    }
}

impl From<DirectoryError> for Refusal {
    fn from(error: DirectoryError) -> Self {
        IdentityError::from(error).into()
    }
}

impl From<oauth::Refusal> for Refusal {
    fn from(refusal: oauth::Refusal) -> Self {
        let code = match refusal.status() {
            500.. => IssueCode::Exception,
            _ => IssueCode::Value,
        };
        Self::of(refusal.status(), code, refusal.number(), refusal.why.clone())
    }
}

impl From<TenantError> for Refusal {
    fn from(error: TenantError) -> Self {
        let (status, code) = match &error {
            TenantError::Invalid { .. } | TenantError::Contrast(_) => (400, IssueCode::Value),
            TenantError::Taken(_) => (409, IssueCode::Duplicate),
            TenantError::Unknown => (404, IssueCode::NotFound),
            TenantError::Standing(_) | TenantError::Full => (409, IssueCode::Conflict),
            TenantError::Directory(DirectoryError::Raced) => (409, IssueCode::Conflict),
            TenantError::Directory(DirectoryError::Busy) => (503, IssueCode::Throttled),
            TenantError::Directory(_) => (500, IssueCode::Exception),
        };
        // What a store says is for its log.
        let what = if status == 500 { "the directory of tenants failed".to_owned() } else { error.to_string() };
        Self::of(status, code, error.code(), format!("{what}. {}", error.remedy()))
    }
}

impl From<ReadError> for Refusal {
    fn from(_: ReadError) -> Self {
        Self::of(503, IssueCode::Transient, codes::UNAVAILABLE, "the store does not answer at the moment: try again")
    }
}

/// What FHIR calls an act, or one of its interactions; `None` when it is none.
pub(crate) fn act(name: &str) -> Option<Act> {
    Some(match name {
        "create" => Act::Create,
        "read" | "vread" | "history-instance" => Act::Read,
        "update" | "patch" => Act::Update,
        "delete" => Act::Delete,
        "search" | "search-type" | "search-system" | "history-type" | "history-system" => Act::Search,
        _ => return None,
    })
}
