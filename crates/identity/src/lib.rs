//! Who is who: accounts, what proves that somebody is theirs, sessions, clients. Everything is a record of the [`directory`].
//!
//! - [`identity`]: the handle on all of it; its methods stand in the files of what they do.
//! - [`user`], [`credentials`]: accounts, and beside them what proves that somebody is theirs.
//! - [`accounts`]: first start, invitation, registration, verification, reset, changes, end.
//! - [`import`]: accounts from elsewhere, as SCIM writes them.
//! - [`password`]: how passwords are hashed, and what they must be.
//! - [`sign_in`], [`attempts`], [`device`]: signing in, and how long one waits after many that failed.
//! - [`outside`]: signing in with an account that somebody has elsewhere.
//! - [`emergency`]: breaking the glass, and its review.
//! - [`factor`]: second factors: authenticator apps, recovery codes; stepping up.
//! - [`session`], [`api_key`], [`link`]: what is handed out: tokens of which only the SHA-256 is kept.
//! - [`authenticator`]: from a token to who asks, below a microsecond when it was seen.
//! - [`tenants`]: houses that share the server: their records, and the table of them that follows every change.
//! - [`directory`]: records, each a resource of a tenant of its own that no address of the server leads to.
//! - [`seen`]: what was found out lately of tokens, forgotten at once when a record changes.
//! - [`policies`]: roles and policies that tenants write themselves.
//! - [`chronicle`]: what is told to the audit trail. [`random`], [`outbox`], [`sealer`]: what else is handed in. [`secret`]: what `{:?}` shows nothing of. [`spelling`]: how names are written. [`base64url`]: how bytes are.
//! - [`settings`]: what may be set. [`error`], [`codes`]: why something was not done, and the issue numbers of this crate.
//!
//! This crate knows no HTTP, no pages, no FHIR policies (it knows the codes of roles) and no clock (it is handed one).

pub mod accounts;
pub mod api_key;
pub mod attempts;
pub mod authenticator;
pub mod base64url;
pub mod chronicle;
pub mod codes;
pub mod credentials;
pub mod device;
pub mod directory;
pub mod emergency;
pub mod error;
pub mod factor;
pub mod identity;
pub mod import;
pub mod link;
pub mod outbox;
pub mod outside;
pub mod password;
pub mod policies;
pub mod random;
pub mod sealer;
pub mod secret;
pub mod seen;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod spelling;
pub mod tenants;
pub mod user;

pub use authenticator::Authenticator;
pub use directory::Directory;
pub use error::IdentityError;
pub use identity::{Identity, Party, Surroundings};
pub use secret::Secret;
pub use session::{Origin, Session};
pub use settings::Settings;
pub use tenants::Tenants;
pub use user::{Membership, Status, User};
