//! Signing in: a password, then a second factor where the account has one. A session begins only when all of it was right.

use serde::{Deserialize, Serialize};
use store::commit::Instant;

use crate::attempts::Counter;
use crate::chronicle::{Actor, Did, Told};
use crate::credentials::Credentials;
use crate::device::Device;
use crate::directory::{Changes, Kept, Record};
use crate::error::IdentityError;
use crate::identity::{Identity, TRIES, put_credentials};
use crate::outside::CameBy;
use crate::secret::Secret;
use crate::session::{Origin, Session};
use crate::spelling;
use crate::user::{Status, User};

/// What somebody presents who wants to sign in.
#[derive(Clone, Debug)]
pub struct SignIn<'a> {
    /// The login, or an e-mail address that is verified.
    pub login: &'a str,
    /// The password.
    pub password: Secret,
    /// From where.
    pub origin: Origin,
    /// What the device was given at a sign-in before ([`Begun::device`]).
    pub device: Option<Secret>,
}

/// What a right password leads to.
#[derive(Clone, Debug)]
pub enum SignedIn {
    /// A session has begun.
    Done(Box<Begun>),
    /// A second factor is asked for: the token stands for the first half, for [`crate::settings::Settings::halfway_ms`].
    Halfway {
        /// For [`Identity::second_factor`].
        token: Secret,
        /// Whether an authenticator app is there.
        totp: bool,
        /// Whether a passkey is there ([`Identity::ask_for_passkey`]).
        passkey: bool,
        /// How many recovery codes are left.
        recovery: usize,
    },
}

/// A session that has begun, or goes on under another token.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The token of the session. Whatever token there was before is worth nothing.
    pub token: Secret,
    /// The account's id.
    pub user_id: String,
    /// The account.
    pub user: User,
    /// The session.
    pub session: Session,
    /// What the device is known by from now on; `None`: it keeps what it has.
    pub device: Option<Secret>,
}

/// The first half of a sign-in: the password was right. Its id is the SHA-256 of its token, and it is no session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Halfway {
    pub user: String,
    pub generation: u32,
    pub origin: Origin,
    /// Whether the device was known.
    pub known_device: bool,
    pub until: Instant,
    /// The only tenant that the session is to open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_in: Option<u32>,
    /// By whom outside they have come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_by: Option<CameBy>,
}

impl Halfway {
    /// How the session is to begin.
    pub(crate) fn opening(&self, strong_until: Option<Instant>) -> Opening {
        let (origin, came_by) = (self.origin.clone(), self.came_by.clone());
        Opening { origin, strong_until, known_device: self.known_device, only_in: self.only_in, came_by }
    }
}

/// How a session begins.
pub(crate) struct Opening {
    /// Where it is.
    pub origin: Origin,
    /// Until when a second factor counts.
    pub strong_until: Option<Instant>,
    /// Whether the device keeps what it is known by.
    pub known_device: bool,
    /// The only tenant that it opens.
    pub only_in: Option<u32>,
    /// By whom outside they have come.
    pub came_by: Option<CameBy>,
}

impl Record for Halfway {
    const KIND: &'static str = "halfway";

    fn ends(&self) -> Option<Instant> {
        Some(self.until)
    }

    fn groups(&self) -> Vec<(&'static str, String)> {
        let came_by = self.came_by.iter().map(CameBy::group);
        [("of-user", self.user.clone())].into_iter().chain(came_by).collect()
    }
}

impl Identity {
    /// Signs in by a password.
    ///
    /// Fails with [`IdentityError::SignInRefused`] when the login or the password is wrong or the account may not sign in, after the same time in each
    /// case; with [`IdentityError::Wait`] after too many attempts; with [`IdentityError::Busy`] when too many wait; and when the directory does.
    pub async fn sign_in(&self, asked: SignIn<'_>) -> Result<SignedIn, IdentityError> {
        let user = self.find_by_login(asked.login).await?;
        let (actor, address) = (user.clone(), asked.origin.address);
        let done = self.judge_sign_in(asked, user).await;
        if let Err(error @ (IdentityError::SignInRefused | IdentityError::Wait { .. })) = &done {
            let actor = actor.as_ref().map(|kept| Actor::of(&kept.id, &kept.record));
            self.refused(Did::SignIn, actor, (address, None), error).await?;
        }
        done
    }

    async fn judge_sign_in(&self, asked: SignIn<'_>, user: Option<Kept<User>>) -> Result<SignedIn, IdentityError> {
        let (id, generation) = user.as_ref().map_or(("", 0), |kept| (&*kept.id, kept.record.generation));
        let device = self.device(asked.device.as_ref(), id, generation).await?;
        let (own, shared) = counters(asked.login, user.as_ref(), device.as_ref(), &asked.origin);
        let all: Vec<Counter> = own.iter().chain(&shared).cloned().collect();
        let turn = self.turn(&own).await?;
        let shared_turn = self.turn(&shared).await?;
        self.attempt(&all).await?;
        drop(shared_turn);

        let credentials = match &user {
            Some(user) => self.credentials(&user.id).await?,
            None => None,
        };
        let hash = credentials.as_ref().and_then(|kept| kept.record.password.as_deref());
        let checked = self.hasher().check(&asked.password, hash).await?;
        let (Some(user), Some(credentials)) = (user.filter(|user| checked.right && user.record.status == Status::Active), credentials)
        else {
            return Err(IdentityError::SignInRefused);
        };
        let shared_turn = self.turn(&shared).await?;
        self.succeeded(&own, &shared).await?;
        drop((shared_turn, turn));
        if checked.outdated {
            self.hash_again(&credentials, &asked.password).await?;
        }
        if credentials.record.has_factor() {
            return self.halfway(&user, &credentials.record, opening(asked.origin, device.is_some())).await;
        }
        let opening = opening(asked.origin, device.is_some());
        let begun = self.begin(&user.id, user.record.generation, opening, Changes::new("sign-in", BEGINS)).await?;
        Ok(SignedIn::Done(Box::new(begun)))
    }

    /// The account of a login or of a verified address; `None` also for what can be neither.
    pub(crate) async fn find_by_login(&self, text: &str) -> Result<Option<Kept<User>>, IdentityError> {
        let Ok(login) = spelling::login(text, true).or_else(|_| spelling::email(text)) else { return Ok(None) };
        match self.directory().find::<User>("login", &login).await? {
            None if login.contains('@') => Ok(self.directory().find::<User>("email", &login).await?),
            found => Ok(found),
        }
    }

    /// Begins a session, together with the changes that led to it. It is not for an account of another generation: then its sessions were ended meanwhile.
    pub(crate) async fn begin(&self, id: &str, generation: u32, opening: Opening, changes: Changes) -> Result<Begun, IdentityError> {
        let Opening { origin, strong_until, known_device, only_in, came_by } = opening;
        let now = self.now();
        let handle = self.id("s-")?;
        let until = now + self.settings().absolute_ms;
        let user = id.to_owned();
        let session = Session { handle, user, generation, origin, created: now, last_seen: now, until, strong_until, only_in, came_by };
        let (mut changes, token) = self.open_session(changes, &session)?;
        let device = if known_device { None } else { Some(self.token()?) };
        if let Some(token) = &device {
            changes =
                changes.create(&token.fingerprint(), &Device { user: id.to_owned(), generation, until: now + self.settings().device_ms });
        }
        let user = self.signing_in(id, generation).await?;
        let deed = self.did(Did::SignIn, Actor::in_session(id, &user.record, &session, now));
        self.directory().apply(changes.telling(Told::Deeds(vec![deed]))).await?;
        let user = self.note_sign_in(id, generation, now).await?;
        self.keep_few_sessions(id).await?;
        Ok(Begun { token, user_id: id.to_owned(), user, session, device })
    }

    /// The account of a sign-in, if it may still be.
    async fn signing_in(&self, id: &str, generation: u32) -> Result<Kept<User>, IdentityError> {
        let kept = self.known(id).await?;
        let may = kept.record.generation == generation && kept.record.status == Status::Active;
        may.then_some(kept).ok_or(IdentityError::SignInRefused)
    }

    /// Notes at the account that somebody signed in.
    async fn note_sign_in(&self, id: &str, generation: u32, now: Instant) -> Result<User, IdentityError> {
        for _ in 0..TRIES {
            let kept = self.signing_in(id, generation).await?;
            let user = User { last_sign_in: Some(now), ..kept.record.clone() };
            match self
                .directory()
                .apply(Changes::new("note sign-in", Told::Nothing("it is told with the session")).update(&kept, &user))
                .await
                .map_err(IdentityError::from)
            {
                Err(IdentityError::Raced) => {}
                done => return done.map(|()| user),
            }
        }
        Err(IdentityError::Busy)
    }

    /// Ends the sessions that are too many, those first that were not used for longest.
    async fn keep_few_sessions(&self, user: &str) -> Result<(), IdentityError> {
        let mut sessions = self.sessions_of(user).await?;
        sessions.sort_by_key(|kept| std::cmp::Reverse(kept.record.last_seen));
        for kept in sessions.into_iter().skip(self.settings().most_sessions.max(1) as usize) {
            self.end(&kept.id).await?;
        }
        Ok(())
    }

    pub(crate) async fn halfway(&self, user: &Kept<User>, known: &Credentials, opening: Opening) -> Result<SignedIn, IdentityError> {
        let token = self.token()?;
        let until = self.now() + self.settings().halfway_ms;
        let Opening { origin, known_device, only_in, came_by, .. } = opening;
        let (user, generation) = (user.id.to_string(), user.record.generation);
        let halfway = Halfway { user, generation, origin, known_device, until, only_in, came_by };
        self.directory()
            .apply(
                Changes::new("password was right", Told::Nothing("a password alone is no sign-in")).create(&token.fingerprint(), &halfway),
            )
            .await?;
        Ok(SignedIn::Halfway { token, totp: known.totp.is_some(), passkey: !known.passkeys.is_empty(), recovery: known.recovery.len() })
    }

    /// Replaces a hash that is too cheap or of another kind by one as they are made now. When another is faster, the next sign-in does it.
    async fn hash_again(&self, kept: &Kept<Credentials>, password: &Secret) -> Result<(), IdentityError> {
        let hash = self.hasher().hash(password, self.random()).await?;
        let renewed = Credentials { password: Some(hash), ..kept.record.clone() };
        match self
            .directory()
            .apply(put_credentials(Changes::new("hash again", Told::Nothing("it is the same password")), Some(kept), &renewed))
            .await
            .map_err(IdentityError::from)
        {
            Err(IdentityError::Raced) => Ok(()),
            done => done,
        }
    }
}

/// What leads to a session and is told with it.
pub(crate) const BEGINS: Told = Told::Nothing("the session tells of it");

/// How a session begins that a password opens.
fn opening(origin: Origin, known_device: bool) -> Opening {
    Opening { origin, strong_until: None, known_device, only_in: None, came_by: None }
}

/// By what an attempt is counted: what is its own and starts anew when it was right, and what others share.
fn counters(login: &str, user: Option<&Kept<User>>, device: Option<&Kept<Device>>, origin: &Origin) -> (Vec<Counter>, Vec<Counter>) {
    match (user, device) {
        (Some(_), Some(device)) => (vec![Counter::device(&device.id)], Vec::new()),
        (Some(user), None) => (vec![Counter::account(&user.id)], vec![Counter::address(origin.address)]),
        (None, _) => (vec![Counter::account(&login.trim().to_ascii_lowercase())], vec![Counter::address(origin.address)]),
    }
}
