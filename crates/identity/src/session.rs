//! Sessions: somebody signed in on a device. The token is with them alone; the record is under its SHA-256.

use std::net::IpAddr;

use access::Strength;
use serde::{Deserialize, Serialize};
use store::commit::{Instant, Tenant};

use crate::chronicle::{Actor, Did, Told, named};
use crate::directory::{Changes, Kept, Record};
use crate::error::IdentityError;
use crate::identity::Identity;
use crate::outside::CameBy;
use crate::secret::Secret;
use crate::settings::Settings;
use crate::user::{Status, User};

/// The most sessions of an account that are looked at.
const MOST_LISTED: u32 = 200;

/// A session. Its id is the SHA-256 of its token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// What it is called in lists and audit rows. It stays when the token changes, and opens nothing.
    pub handle: String,
    /// The account, by its id.
    pub user: String,
    /// The generation of the account: see [`User::generation`].
    pub generation: u32,
    /// Where it is.
    pub origin: Origin,
    /// When they signed in (`auth_time`).
    pub created: Instant,
    /// When it was last used, to the minute.
    pub last_seen: Instant,
    /// When it ends at the latest.
    pub until: Instant,
    /// Until when a second factor counts; `None`: none was presented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strong_until: Option<Instant>,
    /// The only tenant that it opens: that of the provider outside who vouched. `None`: it opens all of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_in: Option<u32>,
    /// By which provider outside they came, and what that knows of it. `None`: by none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_by: Option<CameBy>,
}

/// Where something comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The network address.
    pub address: IpAddr,
    /// What the device says of itself, such as `Firefox on Linux`: at most 200 characters are kept.
    pub device: String,
}

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The session.
    pub session: Session,
    /// When it ends, unless it is used before.
    pub ends: Instant,
    /// Whether it is the one that asks.
    pub current: bool,
}

impl Record for Session {
    const KIND: &'static str = "session";

    fn ends(&self) -> Option<Instant> {
        Some(self.until)
    }

    fn groups(&self) -> Vec<(&'static str, String)> {
        let came_by = self.came_by.iter().map(CameBy::group);
        [("of-user", self.user.clone()), ("handle", self.handle.clone())].into_iter().chain(came_by).collect()
    }
}

impl Origin {
    /// From this address, on this device.
    pub fn new(address: IpAddr, device: &str) -> Self {
        let device = device.chars().filter(|sign| !sign.is_control()).take(200).collect();
        Self { address: address.to_canonical(), device }
    }
}

impl Session {
    /// When it ends, unless it is used before.
    pub fn ends(&self, settings: &Settings) -> Instant {
        self.last_seen.saturating_add(settings.idle_ms).min(self.until).min(self.created.saturating_add(settings.absolute_ms))
    }

    /// Whether it is of this account, and not over.
    pub fn holds(&self, user: &User, settings: &Settings, now: Instant) -> bool {
        user.status == Status::Active && self.generation == user.generation && now < self.ends(settings)
    }

    /// Whether it opens a tenant, as far as the session is concerned.
    pub fn opens(&self, tenant: Tenant) -> bool {
        self.only_in.is_none_or(|only| only == tenant.0)
    }

    /// How sure it is at a moment that it is they.
    pub fn strength(&self, now: Instant) -> Strength {
        match self.strong_until.is_some_and(|until| now < until) {
            true => Strength::Two,
            false => Strength::One,
        }
    }
}

impl Identity {
    /// The session of a token, with the account, if it holds. It is not marked as used: that is [`crate::authenticator::Authenticator`]'s.
    ///
    /// Fails with [`IdentityError::NotSignedIn`] when it does not, and when the directory does.
    pub async fn session(&self, token: &Secret) -> Result<(Kept<Session>, Kept<User>), IdentityError> {
        let session = self.directory().get::<Session>(&token.fingerprint()).await?.ok_or(IdentityError::NotSignedIn)?;
        let user = self.directory().get::<User>(&session.record.user).await?.ok_or(IdentityError::NotSignedIn)?;
        match session.record.holds(&user.record, self.settings(), self.now()) {
            true => Ok((session, user)),
            false => Err(IdentityError::NotSignedIn),
        }
    }

    /// Whether a second factor counts in a session now.
    pub fn is_strong(&self, session: &Session) -> bool {
        session.strength(self.now()) == Strength::Two
    }

    /// The sessions of an account that hold, the newest first, at most 200. `current` is the token of the one that asks.
    ///
    /// Fails with [`IdentityError::Unknown`] for an account that there is not, and when the directory does.
    pub async fn sessions(&self, user: &str, current: Option<&Secret>) -> Result<Vec<Listed>, IdentityError> {
        let (account, now) = (self.known(user).await?, self.now());
        let current = current.map(Secret::fingerprint);
        let listed = |kept: Kept<Session>| {
            let (session, current) = (kept.record, current.as_deref() == Some(&*kept.id));
            session.holds(&account.record, self.settings(), now).then(|| Listed { ends: session.ends(self.settings()), session, current })
        };
        Ok(self.sessions_of(user).await?.into_iter().filter_map(listed).collect())
    }

    /// Signs out the session of a token, and says which it was: `None` for one that there is not, which is signed out already.
    ///
    /// Fails when the directory does.
    pub async fn sign_out(&self, token: &Secret) -> Result<Option<Session>, IdentityError> {
        self.end(&token.fingerprint()).await
    }

    /// Ends a session of an account by its [`Session::handle`], from wherever.
    ///
    /// Fails with [`IdentityError::Unknown`] when the account has none of that handle, and when the directory does.
    pub async fn end_session(&self, user: &str, handle: &str) -> Result<(), IdentityError> {
        let found = self.directory().list::<Session>(Some(("handle", handle)), 2).await?;
        let kept = found.into_iter().find(|kept| kept.record.user == user).ok_or(IdentityError::Unknown("session"))?;
        self.end(&kept.id).await.map(drop)
    }

    /// Ends all sessions of an account but the one of this token.
    ///
    /// Fails with [`IdentityError::NotSignedIn`] when the token has none, and when the directory does.
    pub async fn end_other_sessions(&self, token: &Secret) -> Result<(), IdentityError> {
        let (current, _) = self.session(token).await?;
        for kept in self.sessions_of(&current.record.user).await? {
            if kept.id != current.id {
                self.end(&kept.id).await?;
            }
        }
        Ok(())
    }

    /// Ends all sessions of an account, also those that are being made.
    ///
    /// Fails with [`IdentityError::Unknown`] for an account that there is not, and when the directory does.
    pub async fn end_all_sessions(&self, user: &str) -> Result<(), IdentityError> {
        let end = |user: &mut User| {
            user.generation += 1;
            Ok(())
        };
        let told = |before: &User| Told::Deeds(vec![self.did(Did::SignOut, Actor::of(user, before))]);
        self.change_user(user, "end sessions", told, end).await.map(drop)
    }

    /// Adds a new session to changes, and says its token.
    pub(crate) fn open_session(&self, changes: Changes, session: &Session) -> Result<(Changes, Secret), IdentityError> {
        let token = self.token()?;
        Ok((changes.create(&token.fingerprint(), session), token))
    }

    /// Ends the session of this id, whoever changes it meanwhile; `None` when there is none.
    pub(crate) async fn end(&self, id: &str) -> Result<Option<Session>, IdentityError> {
        for _ in 0..crate::identity::TRIES {
            let Some(kept) = self.directory().get::<Session>(id).await? else { return Ok(None) };
            let user = self.known(&kept.record.user).await?;
            let actor = Actor::in_session(&user.id, &user.record, &kept.record, self.now());
            let changes = Changes::new("sign-out", Told::Deeds(vec![self.did(Did::SignOut, actor)]));
            match self
                .directory()
                .apply(changes.of(format!("session {} of {}", kept.record.handle, named(&user.id, &user.record))).remove(&kept))
                .await
                .map_err(IdentityError::from)
            {
                Err(IdentityError::Raced) => {}
                done => {
                    done?;
                    self.end_emergency(&kept.record, &user).await?;
                    return Ok(Some(kept.record));
                }
            }
        }
        Err(IdentityError::Raced)
    }

    pub(crate) async fn sessions_of(&self, user: &str) -> Result<Vec<Kept<Session>>, IdentityError> {
        Ok(self.directory().list(Some(("of-user", user)), MOST_LISTED).await?)
    }
}
