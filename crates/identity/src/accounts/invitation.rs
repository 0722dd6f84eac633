//! Invitations: an administrator makes the account, and whoever reads the letter sets its password.

use store::commit::Instant;

use crate::chronicle::named;
use crate::credentials::Credentials;
use crate::directory::Changes;
use crate::error::IdentityError;
use crate::identity::{Identity, put_credentials};
use crate::link::{Link, Purpose};
use crate::outbox::About;
use crate::secret::Secret;
use crate::spelling;
use crate::user::{Email, Membership, Status, User};

/// Who is invited.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The login.
    pub login: String,
    /// The name to show.
    pub name: String,
    /// Where the letter goes; `None`: the link is handed over otherwise.
    pub email: Option<String>,
    /// The language.
    pub locale: Option<String>,
    /// The parts in tenants.
    pub memberships: Vec<Membership>,
}

impl Identity {
    /// Makes an account that waits for its owner, and writes the letter. The account's id comes back, with the token of the link: it is in the letter, too.
    ///
    /// Fails with [`IdentityError::Invalid`], with [`IdentityError::Taken`] for the login, and when the directory does.
    pub async fn invite(&self, asked: Invitation) -> Result<(String, Secret), IdentityError> {
        let (login, name, now) = (spelling::login(&asked.login, true)?, spelling::name(&asked.name)?, self.now());
        let email = asked.email.as_deref().map(spelling::email).transpose()?.map(|address| Email { address, verified: false });
        let locale = asked.locale.as_deref().map(spelling::locale).transpose()?;
        asked.memberships.iter().try_for_each(Membership::check)?;
        let id = self.id("u-")?;
        let user = User { email, locale, memberships: asked.memberships, ..User::new(login, name, Status::Invited, now) };
        let (link, until) = self.invitation_for(&id, &user);
        let changes = Changes::new("invite", self.on_behalf(&id, &user, "somebody was invited")).of(named(&id, &user));
        let (changes, token) = self.make_link(changes.create(&id, &user), &link)?;
        self.directory().apply(changes).await?;
        self.post_invitation(&user, &token, until);
        Ok((id, token))
    }

    /// Makes another link for an account that waits for its owner, and writes another letter; those before are worth nothing.
    ///
    /// Fails with [`IdentityError::Unknown`], with [`IdentityError::WrongState`] when the invitation was accepted, and when the directory does.
    pub async fn invite_again(&self, id: &str) -> Result<Secret, IdentityError> {
        let user = self.known(id).await?.record;
        if user.status != Status::Invited {
            return Err(IdentityError::WrongState("one that waits for its owner"));
        }
        self.remove_all::<Link>(id).await?;
        let (link, until) = self.invitation_for(id, &user);
        let (changes, token) = self
            .make_link(Changes::new("invite again", self.on_behalf(id, &user, "somebody was invited again")).of(named(id, &user)), &link)?;
        self.directory().apply(changes).await?;
        self.post_invitation(&user, &token, until);
        Ok(token)
    }

    /// Whose invitation a token is, for showing the name and asking for a password.
    ///
    /// Fails with [`IdentityError::LinkSpent`], and when the directory does.
    pub async fn invited(&self, token: &Secret) -> Result<User, IdentityError> {
        let link = self.link(token, Purpose::Invitation).await?;
        Ok(self.known(&link.record.user).await?.record)
    }

    /// Accepts an invitation: the account is active, its address known to be theirs, its password set. The id comes back.
    ///
    /// Fails with [`IdentityError::LinkSpent`], with [`IdentityError::WeakPassword`], with [`IdentityError::Taken`] when the address belongs to another account by now, and when the
    /// directory does.
    pub async fn accept_invitation(&self, token: &Secret, password: &Secret) -> Result<String, IdentityError> {
        let link = self.link(token, Purpose::Invitation).await?;
        let (id, now) = (link.record.user.as_str(), self.now());
        let kept = self.known(id).await?;
        if kept.record.status != Status::Invited {
            return Err(IdentityError::LinkSpent);
        }
        self.judge_password(&kept.record, password)?;
        let mut user = User { status: Status::Active, updated: now, ..kept.record.clone() };
        if let Some(email) = user.email.as_mut().filter(|email| link.record.email.as_ref() == Some(&email.address)) {
            email.verified = true;
        }
        let hash = self.hasher().hash(password, self.random()).await?;
        let known = self.credentials(id).await?;
        let credentials = Credentials { user: id.to_owned(), password: Some(hash), password_set: now, ..Credentials::default() };
        let told = self.by_owner(id, &user, "an invitation was accepted");
        let changes =
            put_credentials(Changes::new("accept invitation", told).remove(&link).update(&kept, &user), known.as_ref(), &credentials);
        match self.directory().apply(changes).await.map_err(IdentityError::from) {
            Err(IdentityError::Raced) => Err(IdentityError::LinkSpent),
            done => {
                done?;
                Ok(id.to_owned())
            }
        }
    }

    fn invitation_for(&self, id: &str, user: &User) -> (Link, Instant) {
        let until = self.now() + self.settings().invitation_ms;
        let email = user.email.as_ref().map(|email| email.address.clone());
        (Link { purpose: Purpose::Invitation, user: id.to_owned(), email, generation: user.generation, until }, until)
    }

    fn post_invitation(&self, user: &User, token: &Secret, until: Instant) {
        if let Some(email) = &user.email {
            self.post(&email.address, user, About::Invitation, Some((token.clone(), until)));
        }
    }
}
