//! From what is presented with a request to who asks: sessions and API keys, remembered while nothing changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use access::Principal;
use store::commit::{Instant, Tenant};

use crate::api_key::ApiKey;
use crate::chronicle::{Actor, Told};
use crate::directory::Changes;
use crate::emergency::Emergency;
use crate::error::IdentityError;
use crate::identity::Identity;
use crate::seen::{Basis, Fingerprint, Seen};
use crate::session::Session;
use crate::user::{Membership, User};

/// How long a session may be used before that is written down, in milliseconds: a minute.
pub const NOTED_EACH_MS: i64 = 60_000;

/// The window of an API key's limit, in milliseconds: a minute.
const WINDOW_MS: i64 = 60_000;

/// Tells who asks.
pub struct Authenticator {
    identity: Identity,
    // Apart, so that a key that was seen is never taken for a session: what a browser sends by itself must not be a key.
    sessions: Seen<Known>,
    keys: Seen<Known>,
}

/// What is known of a token.
struct Known {
    /// For each tenant in which it is worth something, who that is.
    principals: Vec<(Tenant, Arc<Principal>)>,
    budget: Option<Budget>,
}

/// What a key may still ask in this minute, on this node.
struct Budget {
    each_minute: u32,
    /// The minute, and how many requests it has seen: 40 and 24 bits.
    used: AtomicU64,
}

impl Authenticator {
    /// Over these accounts, with room for about `capacity` sessions and as many keys.
    pub fn new(identity: Identity, capacity: usize) -> Self {
        Self { identity, sessions: Seen::new(capacity), keys: Seen::new(capacity) }
    }

    /// Who has the session of this token, in a tenant.
    ///
    /// Fails with [`IdentityError::NotSignedIn`] when there is no session or it is over, with [`IdentityError::NoMembership`] when the account has no part in the tenant, and
    /// when the directory does.
    pub async fn session(&self, token: &str, tenant: Tenant) -> Result<Arc<Principal>, IdentityError> {
        let (fingerprint, now) = (Fingerprint::of(token), self.identity.now());
        if let Some(known) = self.sessions.get(&fingerprint, now) {
            return known.in_tenant(tenant);
        }
        self.look_up_session(fingerprint, now).await?.in_tenant(tenant)
    }

    /// The same when it is remembered: [`Authenticator::session`] would say no other. `None`: it has to be asked.
    pub fn seen_session(&self, token: &str, tenant: Tenant) -> Option<Arc<Principal>> {
        self.sessions.get(&Fingerprint::of(token), self.identity.now())?.in_tenant(tenant).ok()
    }

    /// Who has this API key, in a tenant. It counts as a request.
    ///
    /// Fails with [`IdentityError::NotSignedIn`] when there is none or it has ended, with [`IdentityError::NoMembership`] when it is of another tenant, with [`IdentityError::KeyLimit`]
    /// when it has made as many requests as it may in this minute, and when the directory does.
    pub async fn api_key(&self, key: &str, tenant: Tenant) -> Result<Arc<Principal>, IdentityError> {
        let (fingerprint, now) = (Fingerprint::of(key), self.identity.now());
        let known = match self.keys.get(&fingerprint, now) {
            Some(known) => known,
            None => self.look_up_key(fingerprint, now).await?,
        };
        known.budget.as_ref().map_or(Ok(()), |budget| budget.spend(now))?;
        known.in_tenant(tenant)
    }

    async fn look_up_session(&self, fingerprint: Fingerprint, now: Instant) -> Result<Arc<Known>, IdentityError> {
        let (id, settings) = (fingerprint.id(), self.identity.settings());
        self.note_use(&id, now).await?;
        let mut basis = Basis::new(self.identity.directory());
        let session = basis.get::<Session>(&id).await?.ok_or(IdentityError::NotSignedIn)?.record;
        let user = basis.get::<User>(&session.user).await?.ok_or(IdentityError::NotSignedIn)?.record;
        if !session.holds(&user, settings, now) {
            return Err(IdentityError::NotSignedIn);
        }
        let until =
            session.strong_until.filter(|until| now < *until).map_or(session.ends(settings), |strong| strong.min(session.ends(settings)));
        let opened = user.memberships.iter().filter(|part| session.opens(Tenant(part.tenant)));
        let emergency = Emergency::of_session(&mut basis, &session.handle, now).await?;
        let until = emergency.as_ref().map_or(until, |emergency| until.min(emergency.until));
        let actor = Actor::in_session(&session.user, &user, &session, now);
        let principal = |part: &Membership| {
            let tenant = Tenant(part.tenant);
            (tenant, Arc::new(actor.principal(tenant, emergency.as_ref().and_then(|emergency| emergency.glass(tenant)))))
        };
        let known = Arc::new(Known { principals: opened.map(principal).collect(), budget: None });
        self.sessions.keep(fingerprint, known.clone(), now, until, basis);
        Ok(known)
    }

    async fn look_up_key(&self, fingerprint: Fingerprint, now: Instant) -> Result<Arc<Known>, IdentityError> {
        let id = fingerprint.id();
        self.identity.note_key_use(&id, now).await?;
        let mut basis = Basis::new(self.identity.directory());
        let key = basis.get::<ApiKey>(&id).await?.ok_or(IdentityError::NotSignedIn)?.record;
        let user = match &key.user {
            Some(user) => Some(basis.get::<User>(user).await?.ok_or(IdentityError::NotSignedIn)?.record),
            None => None,
        };
        if !key.holds(user.as_ref(), now) {
            return Err(IdentityError::NotSignedIn);
        }
        let principal = key.principal(user.as_ref())?;
        let budget = key.each_minute.map(|each_minute| Budget { each_minute, used: AtomicU64::new(0) });
        let known = Arc::new(Known { principals: vec![(Tenant(key.tenant), Arc::new(principal))], budget });
        self.keys.keep(fingerprint, known.clone(), now, key.until.unwrap_or(Instant::MAX), basis);
        Ok(known)
    }

    /// Writes down that a session is used, at most once a minute. When another changes it at the same time, that was it.
    async fn note_use(&self, id: &str, now: Instant) -> Result<(), IdentityError> {
        let Some(kept) = self.identity.directory().get::<Session>(id).await? else { return Err(IdentityError::NotSignedIn) };
        if now < kept.record.last_seen.saturating_add(NOTED_EACH_MS) || now >= kept.record.ends(self.identity.settings()) {
            return Ok(());
        }
        let used = Session { last_seen: now, ..kept.record.clone() };
        match self
            .identity
            .directory()
            .apply(Changes::new("session is used", Told::Nothing("what it is used for is told")).update(&kept, &used))
            .await
            .map_err(IdentityError::from)
        {
            Err(IdentityError::Raced) => Ok(()),
            done => done,
        }
    }
}

impl Known {
    fn in_tenant(&self, tenant: Tenant) -> Result<Arc<Principal>, IdentityError> {
        let found = self.principals.iter().find(|(of, _)| *of == tenant);
        found.map(|(_, principal)| principal.clone()).ok_or(IdentityError::NoMembership)
    }
}

impl Budget {
    fn spend(&self, now: Instant) -> Result<(), IdentityError> {
        let minute = now.div_euclid(WINDOW_MS) as u64;
        let spent = self.used.fetch_update(Ordering::AcqRel, Ordering::Acquire, |used| {
            let count = if used >> 24 == minute { used & 0xff_ffff } else { 0 };
            (count < u64::from(self.each_minute).min(0xff_fffe)).then_some(minute << 24 | (count + 1))
        });
        spent.map(drop).map_err(|_| IdentityError::KeyLimit { until: (now.div_euclid(WINDOW_MS) + 1) * WINDOW_MS })
    }
}

/// Whether a presented text looks like an API key: then it is asked for by [`Authenticator::api_key`].
pub fn is_api_key(presented: &str) -> bool {
    presented.starts_with(crate::api_key::PREFIX)
}
