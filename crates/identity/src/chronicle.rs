//! What is done with accounts, told as it happens: to the audit trail, before whoever did it is answered.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use access::{BreakGlass, Principal, Strength};
use store::commit::{Instant, Tenant};

use crate::directory::Kept;
use crate::error::IdentityError;
use crate::identity::Identity;
use crate::session::Session;
use crate::user::User;

/// Something that was done with an account, or tried.
#[derive(Clone, Debug)]
pub struct Deed {
    /// When.
    pub at: Instant,
    /// What.
    pub did: Did,
    /// Who, once for each tenant that the account has a part in; nobody when it was none that is known.
    pub who: Vec<Arc<Principal>>,
    /// From which address; `None`: it was not told.
    pub address: Option<IpAddr>,
    /// By which provider outside they came who sign in or out, by its name; `None`: by none.
    pub by: Option<Box<str>>,
    /// Why it was refused, in words without a name or a secret; `None`: it was done.
    pub refused: Option<Box<str>>,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// A password was sent, or a second factor after it, or a passkey.
    SignIn,
    /// A session ended before its time.
    SignOut,
    /// A second factor was presented in a session.
    StepUp,
    /// The glass was broken: [`Principal::break_glass`] says for whom, why and until when.
    BreakGlass,
    /// What breaking the glass gave was given back.
    BreakGlassEnd,
    /// Something of an account was changed: which, such as `the password`.
    Changed(&'static str),
}

/// It could not be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotTold;

/// What telling comes to.
pub type Telling<'a> = Pin<Box<dyn Future<Output = Result<(), NotTold>> + Send + 'a>>;

/// Takes deeds.
pub trait Chronicle: Send + Sync {
    /// Takes a deed. When it returns well, the deed is certain to be told.
    fn tell(&self, deed: Deed) -> Telling<'_>;
}

/// Takes deeds and keeps none: for what has no audit trail.
pub struct NoChronicle;

impl Chronicle for NoChronicle {
    fn tell(&self, _: Deed) -> Telling<'_> {
        Box::pin(async { Ok(()) })
    }
}

/// An account that does something.
#[derive(Clone, Copy)]
pub(crate) struct Actor<'a> {
    pub(crate) id: &'a str,
    pub(crate) user: &'a User,
    /// The session's handle; empty: there is none yet.
    pub(crate) session: &'a str,
    pub(crate) strength: Strength,
    pub(crate) address: Option<IpAddr>,
    /// The only tenant that the session opens.
    pub(crate) only_in: Option<u32>,
    /// The name of the provider outside by whom they came.
    pub(crate) by: Option<&'a str>,
}

impl<'a> Actor<'a> {
    /// An account without a session.
    pub(crate) fn of(id: &'a str, user: &'a User) -> Self {
        Self { id, user, session: "", strength: Strength::One, address: None, only_in: None, by: None }
    }

    /// An account in a session of its own.
    pub(crate) fn in_session(id: &'a str, user: &'a User, session: &'a Session, now: Instant) -> Self {
        Self {
            id,
            user,
            session: &session.handle,
            strength: session.strength(now),
            address: Some(session.origin.address),
            only_in: session.only_in,
            by: session.came_by.as_ref().map(|by| &*by.name),
        }
    }

    /// Who it is in a tenant, while `glass` is broken.
    pub(crate) fn principal(&self, tenant: Tenant, glass: Option<BreakGlass>) -> Principal {
        let principal = self.user.principal(self.id, tenant);
        Principal { break_glass: glass, strength: self.strength, session: self.session.into(), ..principal }
    }

    /// Who it is in each tenant that it has a part in, and that its session opens.
    fn everywhere(&self) -> Vec<Arc<Principal>> {
        let tenants = self.user.memberships.iter().map(|part| part.tenant).filter(|tenant| self.only_in.is_none_or(|only| only == *tenant));
        tenants.map(|tenant| Arc::new(self.principal(Tenant(tenant), None))).collect()
    }
}

impl Identity {
    /// Tells that something was changed which belongs to the account of a session, and not to accounts themselves: what an app may do.
    ///
    /// Fails with [`IdentityError::Busy`] when it could not be told.
    pub async fn changed(&self, session: &Session, user: &Kept<User>, what: &'static str) -> Result<(), IdentityError> {
        self.done(Did::Changed(what), Actor::in_session(&user.id, &user.record, session, self.now())).await
    }

    /// Tells of a deed that was done.
    ///
    /// Fails with [`IdentityError::Busy`] when it could not be told: then the one who did it is to be told that it did not work.
    pub(crate) async fn done(&self, did: Did, actor: Actor<'_>) -> Result<(), IdentityError> {
        // What is done in a session is done by whoever has it; by whom they came is told with its begin and its end.
        let by = actor.by.filter(|_| matches!(did, Did::SignIn | Did::SignOut)).map(Box::from);
        self.tell_of(Deed { at: self.now(), did, who: actor.everywhere(), address: actor.address, by, refused: None }).await
    }

    /// Tells of what was refused, to an account or to nobody who is known, from an address, and by the provider outside of this name.
    ///
    /// Fails as [`Identity::done`] does.
    pub(crate) async fn refused(
        &self,
        did: Did,
        actor: Option<Actor<'_>>,
        (address, by): (IpAddr, Option<&str>),
        why: &IdentityError,
    ) -> Result<(), IdentityError> {
        let refused = match why {
            IdentityError::Wait { .. } => "too many attempts failed",
            IdentityError::FactorRefused => "the second factor is wrong or was used",
            _ => "the login or the password is wrong",
        };
        self.tell_of(Deed {
            at: self.now(),
            did,
            who: actor.map(|actor| actor.everywhere()).unwrap_or_default(),
            address: Some(address),
            by: by.map(Box::from),
            refused: Some(refused.into()),
        })
        .await
    }

    pub(crate) async fn tell_of(&self, deed: Deed) -> Result<(), IdentityError> {
        self.chronicle().tell(deed).await.map_err(|NotTold| IdentityError::Busy)
    }
}
