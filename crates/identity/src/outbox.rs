//! Letters that go out: what they say is data here, and how they read and travel is the business of whoever is handed them.

use store::commit::Instant;

use crate::secret::Secret;

/// What a letter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Somebody is invited: the token accepts it.
    Invitation,
    /// An e-mail address is to be verified: the token does it.
    Verification,
    /// A password may be reset: the token does it.
    Reset,
    /// The password was changed: a notice, without a token.
    PasswordChanged,
    /// The account has another address from now on: a notice to the one that it had, without a token.
    AddressChanged,
    /// The second factors were changed: a notice, without a token.
    FactorsChanged,
}

/// A letter to one person.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The e-mail address.
    pub to: String,
    /// The name to address them by.
    pub name: String,
    /// The language, as BCP 47 has it; `None`: the server's.
    pub locale: Option<String>,
    /// What it is about.
    pub about: About,
    /// What the link in it carries.
    pub token: Option<Secret>,
    /// Until when the link holds.
    pub until: Option<Instant>,
}

/// Takes letters. It returns at once: sending goes on beside, so that nobody can tell by the time that passes whether a letter was sent.
pub trait Outbox: Send + Sync {
    /// Takes a letter.
    fn post(&self, letter: Letter);
}
