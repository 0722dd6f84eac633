//! Why somebody was not signed in by a provider outside: never with a token, a code or a name in it.

use std::fmt;

use identity::IdentityError;
use identity::directory::DirectoryError;
use oauth::{Fault, Refusal};

use crate::codes;

/// Why somebody was not signed in. What it shows may be shown to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FederationError {
    /// There is no such provider in the tenant, or it is not used any more.
    NoProvider,
    /// The provider cannot be asked, or what it says of itself cannot be used: why.
    ProviderFailed(String),
    /// No sign-in is under way in this browser, or it has ended, or was finished, or with another provider.
    NotUnderWay,
    /// The provider did not sign them in: what the protocol calls it (`access_denied`), when it is a word of letters.
    NotSignedInThere(String),
    /// What the provider answers is not as it must be: which rule.
    BadAnswer(&'static str),
    /// What the provider sends about signing out is not as it must be: which rule.
    BadSignOut(&'static str),
    /// What is told of a provider cannot be.
    BadProvider {
        /// Which value.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// The link was begun under another session than the browser has now.
    OtherSession,
    /// What the accounts say.
    Identity(IdentityError),
}

impl FederationError {
    /// Its number, for `WARD-nnnn`.
    pub fn code(&self) -> u16 {
        match self {
            Self::NoProvider => codes::NO_PROVIDER,
            Self::ProviderFailed(_) => codes::PROVIDER_FAILED,
            Self::NotUnderWay => codes::NOT_UNDER_WAY,
            Self::NotSignedInThere(_) => codes::NOT_SIGNED_IN_THERE,
            Self::BadAnswer(_) => codes::BAD_ANSWER,
            Self::BadSignOut(_) => codes::BAD_SIGN_OUT,
            Self::BadProvider { .. } => codes::BAD_PROVIDER,
            Self::OtherSession => codes::OTHER_SESSION,
            Self::Identity(error) => error.code(),
        }
    }

    /// What to do about it, in a sentence.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NoProvider => "Sign in otherwise.",
            Self::ProviderFailed(_) => "Try again in a moment, or sign in otherwise.",
            Self::NotUnderWay => "Begin again, in one window.",
            Self::NotSignedInThere(_) => "Begin again, or sign in otherwise.",
            Self::BadAnswer(_) => "Begin again; if it stays so, tell your administrator.",
            Self::BadSignOut(_) => "Sign out here by yourself; if it stays so, tell your administrator.",
            Self::BadProvider { .. } => "Correct it.",
            Self::OtherSession => "Begin again under the session that you have now.",
            Self::Identity(error) => error.remedy(),
        }
    }
}

impl fmt::Display for FederationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProvider => f.write_str("there is no such provider"),
            Self::ProviderFailed(why) => write!(f, "the provider cannot be used: {why}"),
            Self::NotUnderWay => f.write_str("no sign-in with this provider is under way in this browser"),
            Self::NotSignedInThere(what) if what.is_empty() => f.write_str("the provider did not sign you in"),
            Self::NotSignedInThere(what) => write!(f, "the provider did not sign you in: {what}"),
            Self::BadAnswer(rule) => write!(f, "what the provider answers cannot be accepted: {rule}"),
            Self::BadSignOut(rule) => write!(f, "what the provider sends about signing out cannot be accepted: {rule}"),
            Self::BadProvider { field, rule } => write!(f, "{field}: {rule}"),
            Self::OtherSession => f.write_str("the link was begun under another session"),
            Self::Identity(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FederationError {}

impl From<IdentityError> for FederationError {
    fn from(error: IdentityError) -> Self {
        Self::Identity(error)
    }
}

impl From<DirectoryError> for FederationError {
    fn from(error: DirectoryError) -> Self {
        Self::Identity(error.into())
    }
}

impl From<Refusal> for FederationError {
    fn from(refusal: Refusal) -> Self {
        Self::Identity(match refusal.fault {
            Fault::Busy => IdentityError::Busy,
            _ => IdentityError::Directory(refusal.why),
        })
    }
}
