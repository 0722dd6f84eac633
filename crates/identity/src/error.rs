//! Why it was not done: one type for the whole crate, with its numbers, and never a secret or a name in it.

use std::fmt;

use store::commit::Instant;

use crate::codes;
use crate::directory::DirectoryError;
use crate::password::Weakness;

/// Why something about accounts was not done. What it shows may be shown to whoever asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityError {
    /// A name belongs to another account: which (`login`, `email`), and not whose.
    Taken(String),
    /// There is none: what (`account`, `session`, `API key`, `second factor`).
    Unknown(&'static str),
    /// A value is not as it must be: which, and the rule.
    Invalid {
        /// Which value: `login`.
        field: &'static str,
        /// What it must be.
        rule: &'static str,
    },
    /// The password is too easy to guess: why.
    WeakPassword(Weakness),
    /// A password could not be compared with the list of breached ones: so none is taken.
    ListUnread,
    /// The link was used, has ended, or never was.
    LinkSpent,
    /// The login or the password is wrong, or the account may not sign in. Which of them is told to nobody.
    SignInRefused,
    /// Too many attempts failed: the next may come at this moment.
    Wait {
        /// From when on.
        until: Instant,
    },
    /// The code or the passkey is wrong, or was used.
    FactorRefused,
    /// There is no session of this token, or it has ended; no key, or it has ended.
    NotSignedIn,
    /// The account has no part in the tenant that it asks for.
    NoMembership,
    /// Nobody may register by themselves.
    RegistrationClosed,
    /// Another changed the same at the same time.
    Raced,
    /// The directory takes no more at the moment.
    Busy,
    /// The directory failed: what it says, without any content.
    Directory(String),
    /// The machine gives no randomness.
    NoRandomness,
    /// What was sealed does not open: the key is missing, or another.
    Unsealable,
    /// The API key has made as many requests as it may: the next may come at this moment.
    KeyLimit {
        /// From when on.
        until: Instant,
    },
    /// No account is that of the person whom a provider outside vouches for.
    NotLinked,
    /// The person at the provider outside is that of an account: this one, or another.
    AlreadyLinked,
    /// The session was begun with a provider of one tenant, and the account has a part in others.
    OneTenantOnly,
    /// It does not fit the state of the account: what that would have to be.
    WrongState(&'static str),
}

impl IdentityError {
    /// Its number, for `WARD-nnnn`.
    pub fn code(&self) -> u16 {
        match self {
            Self::Taken(_) => codes::TAKEN,
            Self::Unknown(_) => codes::UNKNOWN,
            Self::Invalid { .. } => codes::INVALID,
            Self::WeakPassword(_) => codes::WEAK_PASSWORD,
            Self::ListUnread => codes::LIST_UNREAD,
            Self::LinkSpent => codes::LINK_SPENT,
            Self::SignInRefused => codes::SIGN_IN_REFUSED,
            Self::Wait { .. } => codes::WAIT,
            Self::FactorRefused => codes::FACTOR_REFUSED,
            Self::NotSignedIn => codes::NOT_SIGNED_IN,
            Self::NoMembership => codes::NO_MEMBERSHIP,
            Self::RegistrationClosed => codes::REGISTRATION_CLOSED,
            Self::Raced => codes::RACED,
            Self::Busy => codes::BUSY,
            Self::Directory(_) => codes::DIRECTORY_FAILED,
            Self::NoRandomness => codes::NO_RANDOMNESS,
            Self::Unsealable => codes::UNSEALABLE,
            Self::KeyLimit { .. } => codes::KEY_LIMIT,
            Self::WrongState(_) => codes::WRONG_STATE,
            Self::NotLinked => codes::NOT_LINKED,
            Self::AlreadyLinked => codes::ALREADY_LINKED,
            Self::OneTenantOnly => codes::ONE_TENANT_ONLY,
        }
    }

    /// What to do about it, in a sentence.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Taken(_) => "Choose another.",
            Self::Unknown(_) => "Look for it in the list.",
            Self::Invalid { .. } => "Correct it and send it again.",
            Self::WeakPassword(_) => "Choose a longer one: four words that have nothing to do with each other are good.",
            Self::ListUnread => "Look into the log of the server, and at the file that the setting breached_passwords names.",
            Self::LinkSpent => "Ask for a new link.",
            Self::SignInRefused => "Try again, or reset the password.",
            Self::Wait { .. } => "Wait until then, use a device that you have used before, or reset the password.",
            Self::FactorRefused => "Enter the code that is shown now, or a recovery code; see that the clock of the device is right.",
            Self::NotSignedIn => "Sign in again.",
            Self::NoMembership => "Ask an administrator of this tenant for a role in it.",
            Self::RegistrationClosed => "Ask an administrator for an invitation.",
            Self::Raced => "Read it again and repeat what you did.",
            Self::Busy => "Try again in a moment.",
            Self::Directory(_) => "Look into the log of the server.",
            Self::NoRandomness => "Look whether the operating system gives random numbers.",
            Self::Unsealable => "Give the server the key with which it was sealed.",
            Self::KeyLimit { .. } => "Wait until then, or ask for a higher limit.",
            Self::WrongState(_) => "Look at the account first.",
            Self::NotLinked => "Sign in as you did before, and link it under Your account; or ask an administrator for an account.",
            Self::AlreadyLinked => "Sign in with it, or take it from the account that has it.",
            Self::OneTenantOnly => "Sign in with the password of the account.",
        }
    }
}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken(name) => write!(f, "this {name} is taken"),
            Self::Unknown(what) => write!(f, "there is no such {what}"),
            Self::Invalid { field, rule } => write!(f, "{field}: {rule}"),
            Self::WeakPassword(weakness) => write!(f, "the password {weakness}"),
            Self::ListUnread => f.write_str("the password could not be compared with the list of breached ones"),
            Self::LinkSpent => f.write_str("this link was used or has ended"),
            Self::SignInRefused => f.write_str("the login or the password is wrong"),
            Self::Wait { until } => write!(f, "too many attempts failed; the next may come at {}", fhir::primitive::instant_text(*until)),
            Self::FactorRefused => f.write_str("the second factor is wrong or was used"),
            Self::NotSignedIn => f.write_str("nobody is signed in by this"),
            Self::NoMembership => f.write_str("the account has no part in this tenant"),
            Self::RegistrationClosed => f.write_str("nobody may register by themselves"),
            Self::Raced => f.write_str("another changed the same at the same time"),
            Self::Busy => f.write_str("the directory takes no more at the moment"),
            Self::Directory(what) => write!(f, "the directory failed: {what}"),
            Self::NoRandomness => f.write_str("the machine gives no randomness"),
            Self::Unsealable => f.write_str("what was sealed does not open"),
            Self::KeyLimit { until } => {
                write!(f, "the key has made as many requests as it may; the next may come at {}", fhir::primitive::instant_text(*until))
            }
            Self::NotLinked => f.write_str("no account here is linked to this person"),
            Self::AlreadyLinked => f.write_str("this person is linked to an account"),
            Self::OneTenantOnly => f.write_str("this session opens one tenant only"),
            Self::WrongState(must) => write!(f, "the account must be {must}"),
        }
    }
}

impl std::error::Error for IdentityError {}

impl From<DirectoryError> for IdentityError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Raced => Self::Raced,
            DirectoryError::Taken(name) => Self::Taken(name),
            DirectoryError::Busy | DirectoryError::Full => Self::Busy,
            DirectoryError::Store(what) => Self::Directory(what),
        }
    }
}
