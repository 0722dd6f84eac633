//! Registration: people make an account by themselves, where the settings allow it. It has no part in any tenant until somebody gives it one.

use crate::credentials::Credentials;
use crate::directory::Changes;
use crate::error::IdentityError;
use crate::identity::Identity;
use crate::link::{Link, Purpose};
use crate::outbox::About;
use crate::secret::Secret;
use crate::spelling;
use crate::user::{Email, Status, User};

/// Who registers.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The login: no address, as that could be another's.
    pub login: String,
    /// The name to show.
    pub name: String,
    /// The address: a letter goes there, and the account is active when it was answered.
    pub email: String,
    /// The language.
    pub locale: Option<String>,
    /// The password.
    pub password: Secret,
}

impl Identity {
    /// Makes an account that waits for its address to be verified, and writes the letter. The id comes back.
    ///
    /// Fails with [`IdentityError::RegistrationClosed`], with [`IdentityError::Invalid`], with [`IdentityError::WeakPassword`], with [`IdentityError::Taken`] for the login (an address that
    /// belongs to another account is told to nobody: its letter leads nowhere), and when the directory does.
    pub async fn register(&self, asked: Registration) -> Result<String, IdentityError> {
        if !self.settings().registration {
            return Err(IdentityError::RegistrationClosed);
        }
        let (login, name, now) = (spelling::login(&asked.login, false)?, spelling::name(&asked.name)?, self.now());
        let address = spelling::email(&asked.email)?;
        let locale = asked.locale.as_deref().map(spelling::locale).transpose()?;
        let email = Some(Email { address: address.clone(), verified: false });
        let user = User { email, locale, ..User::new(login, name, Status::Invited, now) };
        self.judge_password(&user, &asked.password)?;
        let password = Some(self.hasher().hash(&asked.password, self.random()).await?);
        let id = self.id("u-")?;
        let credentials = Credentials { user: id.clone(), password, password_set: now, ..Credentials::default() };
        let until = now + self.settings().verification_ms;
        let link = Link { purpose: Purpose::Verification, user: id.clone(), email: Some(address.clone()), generation: 0, until };
        let changes = Changes::new("register", self.by_owner(&id, &user, "somebody registered an account"))
            .create(&id, &user)
            .create(&Credentials::id_of(&id), &credentials);
        let (changes, token) = self.make_link(changes, &link)?;
        self.directory().apply(changes).await?;
        self.post(&address, &user, About::Verification, Some((token, until)));
        Ok(id)
    }
}
