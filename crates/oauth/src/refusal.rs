//! Why a request is refused: one table from what is wrong to the words of the protocol, the status and the number.

use std::fmt;

use fhir::object;
use identity::directory::DirectoryError;
use identity::error::IdentityError;

use crate::codes;
use crate::reply::Reply;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table below has the words of the protocol for each, and `codes` their meaning")]
pub enum Fault {
    InvalidRequest,
    UnknownClient,
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrant,
    InvalidScope,
    AccessDenied,
    LoginRequired,
    ConsentRequired,
    InteractionRequired,
    UnsupportedResponse,
    RequestNotSupported,
    RequestUriNotSupported,
    InvalidToken,
    InsufficientScope,
    InvalidRedirect,
    InvalidMetadata,
    Busy,
    ServerError,
    Pending,
    SlowDown,
    Expired,
}

impl Fault {
    /// What the protocol calls it, the status, and the number.
    fn facts(self) -> (&'static str, u16, u16) {
        match self {
            Fault::InvalidRequest => ("invalid_request", 400, codes::BAD_REQUEST),
            Fault::UnknownClient => ("invalid_request", 400, codes::UNKNOWN_CLIENT),
            Fault::InvalidClient => ("invalid_client", 401, codes::INVALID_CLIENT),
            Fault::InvalidGrant => ("invalid_grant", 400, codes::INVALID_GRANT),
            Fault::UnauthorizedClient => ("unauthorized_client", 400, codes::UNAUTHORIZED_CLIENT),
            Fault::UnsupportedGrant => ("unsupported_grant_type", 400, codes::UNSUPPORTED_GRANT),
            Fault::InvalidScope => ("invalid_scope", 400, codes::INVALID_SCOPE),
            Fault::AccessDenied => ("access_denied", 400, codes::ACCESS_DENIED),
            Fault::LoginRequired => ("login_required", 400, codes::NEEDS_USER),
            Fault::ConsentRequired => ("consent_required", 400, codes::NEEDS_USER),
            Fault::InteractionRequired => ("interaction_required", 400, codes::NEEDS_USER),
            Fault::UnsupportedResponse => ("unsupported_response_type", 400, codes::UNSUPPORTED_RESPONSE),
            Fault::RequestNotSupported => ("request_not_supported", 400, codes::UNSUPPORTED_REQUEST),
            Fault::RequestUriNotSupported => ("request_uri_not_supported", 400, codes::UNSUPPORTED_REQUEST),
            Fault::InvalidToken => ("invalid_token", 401, codes::INVALID_TOKEN),
            Fault::InsufficientScope => ("insufficient_scope", 403, codes::INSUFFICIENT_SCOPE),
            Fault::InvalidRedirect => ("invalid_redirect_uri", 400, codes::BAD_REDIRECT),
            Fault::InvalidMetadata => ("invalid_client_metadata", 400, codes::BAD_METADATA),
            Fault::Busy => ("temporarily_unavailable", 503, codes::BUSY),
            Fault::ServerError => ("server_error", 500, codes::SERVER_ERROR),
            Fault::Pending => ("authorization_pending", 400, codes::PENDING),
            Fault::SlowDown => ("slow_down", 400, codes::SLOW_DOWN),
            Fault::Expired => ("expired_token", 400, codes::EXPIRED),
        }
    }
}

/// A request that is refused. What it says may be shown to whoever asked: there is no secret in it, and nothing that was presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub fault: Fault,
    /// In a sentence: what, which rule, what to do.
    pub why: String,
}

impl Refusal {
    /// For this reason.
    pub fn new(fault: Fault, why: impl Into<String>) -> Self {
        Self { fault, why: why.into() }
    }

    /// What the protocol calls it: `invalid_grant`.
    pub fn error(&self) -> &'static str {
        self.fault.facts().0
    }

    /// The status of HTTP.
    pub fn status(&self) -> u16 {
        self.fault.facts().1
    }

    /// The number, for `WARD-nnnn`.
    pub fn number(&self) -> u16 {
        self.fault.facts().2
    }

    /// The sentence in the letters that a description may have (RFC 6749, appendix A.8), with the number at its end.
    pub fn description(&self) -> String {
        let plain = |letter: char| match letter {
            '"' => '\'',
            '\\' => '/',
            ' '..='~' => letter,
            _ => '?',
        };
        let why: String = self.why.chars().map(plain).collect();
        format!("{why} (WARD-{})", self.number())
    }

    /// As the token endpoint and its like answer it (RFC 6749, section 5.2).
    pub fn reply(&self) -> Reply {
        let body = object! { "error": self.error(), "error_description": self.description() };
        let reply = Reply::json(self.status(), body);
        match self.fault {
            Fault::InvalidClient => reply.with_challenge("Basic realm=\"ward\", charset=\"UTF-8\"".to_owned()),
            Fault::InvalidToken | Fault::InsufficientScope => reply.with_challenge(self.challenge()),
            _ => reply,
        }
    }

    /// `WWW-Authenticate` for whoever presented an access token (RFC 6750, section 3).
    pub fn challenge(&self) -> String {
        format!("Bearer realm=\"ward\", error=\"{}\", error_description=\"{}\"", self.error(), self.description())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.error(), self.why)
    }
}

impl std::error::Error for Refusal {}

impl From<DirectoryError> for Refusal {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Busy | DirectoryError::Full | DirectoryError::Raced => {
                Self::new(Fault::Busy, "The directory takes no more at the moment. Try again.")
            }
            DirectoryError::Taken(_) | DirectoryError::Store(_) => Self::new(Fault::ServerError, "The directory failed. The log says why."),
        }
    }
}

impl From<IdentityError> for Refusal {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Busy | IdentityError::Raced => DirectoryError::Busy.into(),
            other => Self::new(Fault::ServerError, format!("{other}. {}", other.remedy())),
        }
    }
}
