//! Passwords of accounts: changed by whoever knows the old one, or reset by whoever reads the letter.

use crate::attempts::Counter;
use crate::chronicle::{Actor, Did, Told, named};
use crate::credentials::Credentials;
use crate::directory::Changes;
use crate::error::IdentityError;
use crate::identity::{Identity, put_credentials};
use crate::link::{LETTER, Link, Purpose};
use crate::outbox::About;
use crate::password::Strength;
use crate::secret::Secret;
use crate::session::Session;
use crate::sign_in::Begun;
use crate::user::{Status, User};

/// What is told of another password.
const PASSWORD: &str = "the password of an account was changed";

impl Identity {
    /// How strong a password would be for an account that is known by these words (login, name, address).
    pub fn measure_password(&self, password: &Secret, words: &[&str]) -> Strength {
        self.settings().policy.measure(password, words)
    }

    /// Writes a letter with a link that resets the password, if there is such an account, its address is verified, and it did not get many already. Nobody is told whether.
    ///
    /// Fails when the directory does.
    pub async fn ask_for_reset(&self, login: &str) -> Result<(), IdentityError> {
        let found = self.find_by_login(login).await?.filter(|kept| kept.record.status == Status::Active);
        let user = found.as_ref().map_or("", |kept| &kept.id);
        let generation = found.as_ref().map_or(0, |kept| kept.record.generation);
        let address = found.as_ref().and_then(|kept| kept.record.verified_email());
        let counter = Counter::letters(if user.is_empty() { login } else { user });
        match self.attempt(&[counter]).await {
            Err(IdentityError::Wait { .. }) => return Ok(()),
            counted => counted?,
        }
        let until = self.now() + self.settings().reset_ms;
        // A link for nobody is written, too, so that both take the same time; nothing can be done with it.
        let link = Link { purpose: Purpose::Reset, user: user.to_owned(), email: address.map(str::to_owned), generation, until };
        let (changes, token) = self.make_link(Changes::new("ask for reset", LETTER), &link)?;
        self.directory().apply(changes).await?;
        if let (Some(kept), Some(address)) = (&found, address) {
            self.post(address, &kept.record, About::Reset, Some((token, until)));
        }
        Ok(())
    }

    /// Makes a link that resets the password of an account, for an administrator to hand over.
    ///
    /// Fails with [`IdentityError::Unknown`], with [`IdentityError::WrongState`] when it is not active, and when the directory does.
    pub async fn make_reset_link(&self, id: &str) -> Result<Secret, IdentityError> {
        let user = self.known(id).await?.record;
        if user.status != Status::Active {
            return Err(IdentityError::WrongState("active"));
        }
        let until = self.now() + self.settings().reset_ms;
        let told = self.on_behalf(id, &user, "a link to set a password was made");
        let link = Link { purpose: Purpose::Reset, user: id.to_owned(), email: None, generation: user.generation, until };
        let (changes, token) = self.make_link(Changes::new("make reset link", told).of(named(id, &user)), &link)?;
        self.directory().apply(changes).await?;
        Ok(token)
    }

    /// Sets a new password by a link: all sessions end, all devices are forgotten, attempts begin anew, other links for it are worth nothing. Second
    /// factors stay. The id comes back.
    ///
    /// Fails with [`IdentityError::LinkSpent`], with [`IdentityError::WeakPassword`] (the link can be used again), and when the directory does.
    pub async fn reset_password(&self, token: &Secret, password: &Secret) -> Result<String, IdentityError> {
        let link = self.link(token, Purpose::Reset).await?;
        let id = link.record.user.as_str();
        let found = self.directory().get::<User>(id).await?;
        let fits = |user: &User| user.status == Status::Active && user.generation == link.record.generation;
        let kept = found.filter(|kept| fits(&kept.record)).ok_or(IdentityError::LinkSpent)?;
        self.judge_password(&kept.record, password)?;
        let hash = self.hasher().hash(password, self.random()).await?;
        for _ in 0..crate::identity::TRIES {
            let (kept, known) = (self.known(id).await?, self.credentials(id).await?);
            if !fits(&kept.record) {
                return Err(IdentityError::LinkSpent);
            }
            let user = User { generation: kept.record.generation + 1, updated: self.now(), ..kept.record.clone() };
            let before = known.as_ref().map_or_else(Credentials::default, |kept| kept.record.clone());
            let credentials = Credentials { user: id.to_owned(), password: Some(hash.clone()), password_set: self.now(), ..before };
            let changes = Changes::new("reset password", self.by_owner(id, &user, PASSWORD)).remove(&link).update(&kept, &user);
            match self.directory().apply(put_credentials(changes, known.as_ref(), &credentials)).await.map_err(IdentityError::from) {
                Err(IdentityError::Raced) => drop(self.link(token, Purpose::Reset).await?),
                done => {
                    done?;
                    self.succeeded(&[Counter::account(id)], &[]).await?;
                    self.write_to(&user, About::PasswordChanged);
                    return Ok(id.to_owned());
                }
            }
        }
        Err(IdentityError::Raced)
    }

    /// Changes the password of whoever has a session and knows the old one. All other sessions end; this one goes on under a new token.
    ///
    /// Fails with [`IdentityError::NotSignedIn`], with [`IdentityError::SignInRefused`] when the old one is wrong, with [`IdentityError::Wait`] after too many attempts, with
    /// [`IdentityError::WeakPassword`], with [`IdentityError::Raced`], and when the directory does.
    pub async fn change_password(&self, token: &Secret, old: &Secret, new: &Secret) -> Result<Begun, IdentityError> {
        let (session, kept) = self.session(token).await?;
        let counters = [Counter::session(&session.record.handle)];
        let _turn = self.turn(&counters).await?;
        self.attempt(&counters).await?;
        let known = self.credentials(&kept.id).await?;
        let hash = known.as_ref().and_then(|kept| kept.record.password.as_deref());
        let (Some(known), true) = (&known, self.hasher().check(old, hash).await?.right) else {
            return Err(IdentityError::SignInRefused);
        };
        self.succeeded(&counters, &[]).await?;
        self.judge_password(&kept.record, new)?;
        let hash = self.hasher().hash(new, self.random()).await?;
        let generation = kept.record.generation + 1;
        let user = User { generation, updated: self.now(), ..kept.record.clone() };
        let credentials = Credentials { password: Some(hash), password_set: self.now(), ..known.record.clone() };
        let going_on = Session { generation, ..session.record.clone() };
        let actor = Actor::in_session(&kept.id, &user, &going_on, self.now());
        let told = Told::Deeds(vec![self.did(Did::Changed(PASSWORD), actor)]);
        let changes = Changes::new("change password", told).remove(&session).update(&kept, &user).update(known, &credentials);
        let (changes, token) = self.open_session(changes, &going_on)?;
        self.directory().apply(changes).await?;
        self.write_to(&user, About::PasswordChanged);
        Ok(Begun { token, user_id: kept.id.into(), user, session: going_on, device: None })
    }

    pub(crate) fn judge_password(&self, user: &User, password: &Secret) -> Result<(), IdentityError> {
        let email = user.email.as_ref().map_or("", |email| &*email.address);
        self.settings().policy.judge(password, &[&user.login, &user.name, email])
    }

    /// Writes to the verified address of an account, when it has one, that something of it was changed.
    pub(crate) fn write_to(&self, user: &User, about: About) {
        if let Some(address) = user.verified_email() {
            self.post(address, user, about, None);
        }
    }
}
