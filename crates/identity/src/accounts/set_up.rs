//! The first start: a link for one use makes the first system administrator. There is no password that comes with Ward.

use store::commit::{Instant, Tenant};

use crate::chronicle::Told;
use crate::credentials::Credentials;
use crate::directory::Changes;
use crate::error::IdentityError;
use crate::identity::Identity;
use crate::link::{Link, Purpose};
use crate::secret::Secret;
use crate::spelling;
use crate::user::{Membership, Status, User};

/// The role of the first account.
pub const SYSTEM_ADMINISTRATOR: &str = "system-administrator";

/// Who sets the server up.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// The login.
    pub login: String,
    /// The name to show.
    pub name: String,
    /// The password.
    pub password: Secret,
    /// The tenant to administrate.
    pub tenant: Tenant,
}

impl Identity {
    /// A link for the first start, if there is no account yet; `None`: there is one. Links from starts before are worth nothing from then on.
    ///
    /// Fails when the directory does.
    pub async fn first_start(&self) -> Result<Option<(Secret, Instant)>, IdentityError> {
        if !self.directory().list::<User>(None, 1).await?.is_empty() {
            return Ok(None);
        }
        let mut changes = Changes::new("first start", Told::Nothing("there is nobody yet, and the account that is made is told"));
        for earlier in self.directory().list::<Link>(Some(("first-start", "yes")), 100).await? {
            changes = changes.remove(&earlier);
        }
        let until = self.now() + self.settings().set_up_ms;
        let link = Link { purpose: Purpose::SetUp, user: String::new(), email: None, generation: 0, until };
        let (changes, token) = self.make_link(changes, &link)?;
        self.directory().apply(changes).await?;
        Ok(Some((token, until)))
    }

    /// Makes the first system administrator: its id comes back.
    ///
    /// Fails with [`IdentityError::LinkSpent`] when the token is none, was used, or there is an account already; with [`IdentityError::Invalid`] and [`IdentityError::WeakPassword`]; and when the
    /// directory does.
    pub async fn set_up(&self, token: &Secret, asked: SetUp) -> Result<String, IdentityError> {
        let link = self.link(token, Purpose::SetUp).await?;
        if !self.directory().list::<User>(None, 1).await?.is_empty() {
            return Err(IdentityError::LinkSpent);
        }
        let (login, name, now) = (spelling::login(&asked.login, false)?, spelling::name(&asked.name)?, self.now());
        let part = Membership::with_role(asked.tenant, SYSTEM_ADMINISTRATOR);
        part.check()?;
        self.settings().policy.judge(&asked.password, &[&login, &name])?;
        let password = Some(self.hasher().hash(&asked.password, self.random()).await?);
        let id = self.id("u-")?;
        let user = User { memberships: vec![part], ..User::new(login, name, Status::Active, now) };
        let credentials = Credentials { user: id.clone(), password, password_set: now, ..Credentials::default() };
        let told = self.by_owner(&id, &user, "the first account was made");
        let changes = Changes::new("set up", told).remove(&link).create(&id, &user).create(&Credentials::id_of(&id), &credentials);
        match self.directory().apply(changes).await.map_err(IdentityError::from) {
            Err(IdentityError::Raced) => Err(IdentityError::LinkSpent),
            done => {
                done?;
                Ok(id)
            }
        }
    }
}
