//! What is done with accounts, told to the audit trail: a change of records in the commit that makes it, all else before whoever did it is answered.
//!
//! Nobody can begin [`crate::directory::Changes`] without saying what is told of them ([`Told`]). Who acts is not known everywhere: what an administrator asks is done by what knows accounts, clients or tenants alone.
//! So whoever knows them sends the act on an errand ([`on_errand`]), and the commits that it makes tell of them.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use access::{BreakGlass, Principal, Strength};
use store::commit::{Commit, Instant, Tenant};

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
    /// The request in which it was done (`X-Request-Id`); empty: it is not known.
    pub request: Box<str>,
    /// To what it was done, in words without a secret; `None`: to what belongs to whoever did it.
    pub about: Option<Box<str>>,
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

/// What is told of changes to records, in the commit that makes them: all that begins [`crate::directory::Changes`] says it.
#[derive(Clone, Debug)]
pub enum Told {
    /// These deeds.
    Deeds(Vec<Deed>),
    /// What whoever's errand it is does ([`on_errand`]); when it is nobody's, these deeds.
    Errand(Vec<Deed>),
    /// Nothing, and why that harms nobody.
    Nothing(&'static str),
}

/// Somebody on whose behalf records are changed by what does not know them.
pub trait Errand: Send + Sync {
    /// Has a commit tell what they do. `changed` says what the commit changes, in words without a secret.
    fn write(&self, changed: &str, commit: &mut Commit);

    /// The commit was applied.
    fn applied(&self) -> Noted<'_> {
        Box::pin(std::future::ready(()))
    }
}

/// A request in which records are changed: where it came from, and whether it has told of anything.
#[derive(Debug, Default)]
pub struct Asking {
    /// From which address.
    pub address: Option<IpAddr>,
    /// Its `X-Request-Id`.
    pub request: Box<str>,
    told: AtomicBool,
}

tokio::task_local! {
    static ERRAND: Arc<dyn Errand>;
    static ASKING: Arc<Asking>;
}

impl Asking {
    /// A request that has told of nothing yet.
    pub fn new(address: Option<IpAddr>, request: &str) -> Self {
        Self { address, request: request.into(), told: AtomicBool::new(false) }
    }

    /// Whether a commit made in it has told of something.
    pub fn has_told(&self) -> bool {
        self.told.load(Ordering::Relaxed)
    }

    pub(crate) fn told(&self) {
        self.told.store(true, Ordering::Relaxed);
    }
}

/// Does something that is asked in a request: what is told of it in commits has its address and its id.
pub async fn asked_in<T>(asking: Arc<Asking>, doing: impl Future<Output = T>) -> T {
    ASKING.scope(asking, doing).await
}

/// The request of now; `None`: there is none.
pub(crate) fn asking() -> Option<Arc<Asking>> {
    ASKING.try_with(Arc::clone).ok()
}

/// Does something on an errand: each commit of a directory until it is done tells of it, unless it says that there is nothing to tell.
pub async fn on_errand<T>(errand: Arc<dyn Errand>, doing: impl Future<Output = T>) -> T {
    ERRAND.scope(errand, doing).await
}

/// Whose errand it is now; `None`: nobody's.
pub(crate) fn errand() -> Option<Arc<dyn Errand>> {
    ERRAND.try_with(Arc::clone).ok()
}

/// It could not be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotTold;

/// What telling comes to.
pub type Telling<'a> = Pin<Box<dyn Future<Output = Result<(), NotTold>> + Send + 'a>>;

/// What taking note of what was told comes to: it changes nothing of that.
pub type Noted<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Takes deeds.
pub trait Chronicle: Send + Sync {
    /// Takes a deed that changes no record, such as a try that failed. When it returns well, the deed is certain to be told.
    fn tell(&self, deed: Deed) -> Telling<'_>;

    /// Has a commit tell of deeds: they are told when it is applied, and never when it is not.
    fn write(&self, deeds: &[Deed], commit: &mut Commit);

    /// The commit with these deeds was applied.
    fn applied(&self, _deeds: Vec<Deed>) -> Noted<'_> {
        Box::pin(std::future::ready(()))
    }
}

/// Takes deeds and keeps none: for what has no audit trail.
pub struct NoChronicle;

impl Chronicle for NoChronicle {
    fn tell(&self, _: Deed) -> Telling<'_> {
        Box::pin(async { Ok(()) })
    }

    fn write(&self, _: &[Deed], _: &mut Commit) {}
}

impl Deed {
    /// What the server itself changed in tenants, or an operator with its data directory.
    pub fn of_server(at: Instant, tenants: impl IntoIterator<Item = Tenant>, what: &'static str) -> Self {
        let who = tenants.into_iter().map(|tenant| Arc::new(server(tenant))).collect();
        Self { at, did: Did::Changed(what), who, address: None, by: None, refused: None, request: "".into(), about: None }
    }

    /// What a client did in a tenant.
    pub fn of_client(at: Instant, tenant: Tenant, client: &str, did: Did) -> Self {
        let who = Principal { client: Some(client.into()), name: client.into(), ..server(tenant) };
        Self { did, who: vec![Arc::new(who)], ..Self::of_server(at, [], "") }
    }

    /// What the owner of an account did in a tenant, in the session of this handle.
    pub fn of_account(at: Instant, tenant: Tenant, (id, user): (&str, &User), (session, strength): (&str, Strength), did: Did) -> Self {
        let who = Principal { session: session.into(), strength, ..user.principal(id, tenant) };
        Self { did, who: vec![Arc::new(who)], ..Self::of_server(at, [], "") }
    }

    /// The same, with what it was done to: in words without a secret.
    pub fn about(self, about: impl Into<Box<str>>) -> Self {
        Self { about: Some(about.into()), ..self }
    }
}

/// The server itself, in a tenant.
fn server(tenant: Tenant) -> Principal {
    Principal {
        tenant,
        user: None,
        fhir_user: None,
        name: "".into(),
        client: None,
        roles: Vec::new(),
        direct: Vec::new(),
        scopes: None,
        patient: None,
        encounter: None,
        purpose: None,
        break_glass: None,
        strength: Strength::One,
        session: "".into(),
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
    /// A deed that was done.
    pub(crate) fn did(&self, did: Did, actor: Actor<'_>) -> Deed {
        // What is done in a session is done by whoever has it; by whom they came is told with its begin and its end.
        let by = actor.by.filter(|_| matches!(did, Did::SignIn | Did::SignOut)).map(Box::from);
        let (at, who) = (self.now(), actor.everywhere());
        Deed { at, did, who, address: actor.address, by, refused: None, request: "".into(), about: None }
    }

    /// What is told of a change that the owner of an account makes.
    pub(crate) fn by_owner(&self, id: &str, user: &User, what: &'static str) -> Told {
        Told::Deeds(vec![self.did(Did::Changed(what), Actor::of(id, user))])
    }

    /// What is told of a change to an account that is on somebody's errand, or the server's own doing.
    pub(crate) fn on_behalf(&self, id: &str, user: &User, what: &'static str) -> Told {
        let tenants = user.memberships.iter().map(|part| Tenant(part.tenant));
        Told::Errand(vec![Deed::of_server(self.now(), tenants, what).about(named(id, user))])
    }

    /// Tells of what was refused, to an account or to nobody who is known, from an address, and by the provider outside of this name.
    ///
    /// Fails with [`IdentityError::Busy`] when it could not be told: then the one who tried is not answered.
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
        let who = actor.map(|actor| actor.everywhere()).unwrap_or_default();
        let deed = Deed {
            at: self.now(),
            did,
            who,
            address: Some(address),
            by: by.map(Box::from),
            refused: Some(refused.into()),
            request: "".into(),
            about: None,
        };
        self.directory().chronicle().tell(deed).await.map_err(|NotTold| IdentityError::Busy)
    }
}

/// An account as the audit trail names it.
pub(crate) fn named(id: &str, user: &User) -> String {
    format!("{id} ({})", user.login)
}
