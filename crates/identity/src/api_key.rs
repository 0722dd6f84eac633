//! API keys: for programs that sign in without a person.

use access::{Assignment, Principal, Scopes, Strength};
use serde::{Deserialize, Serialize};
use store::commit::{Instant, Tenant};

use crate::chronicle::{Deed, Told};
use crate::directory::{Changes, Kept, Record};
use crate::error::IdentityError;
use crate::identity::Identity;
use crate::secret::Secret;
use crate::spelling;
use crate::user::{Membership, Status, User};

/// What every key begins with, so that it is recognised where it should not stand.
pub const PREFIX: &str = "ward_";

/// The most keys that one lists.
const MOST_LISTED: u32 = 1000;

/// How long a key may be used before that is written down, in milliseconds.
const NOTED_EACH_MS: i64 = 60_000;

/// A key. Its id is the SHA-256 of all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// What it is called in lists and audit rows. It opens nothing.
    pub handle: String,
    /// What it begins with: `ward_` and 8 digits, for recognising it.
    pub prefix: String,
    /// What it is for, in somebody's words.
    pub name: String,
    /// The account for which it acts; `None`: it acts for a service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// In whose data.
    pub tenant: u32,
    /// The part in the tenant of a service; of a key for an account the account's counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Membership>,
    /// What it may do at most: SMART's scopes, with spaces between them; `None`: whatever the roles allow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<String>,
    /// How many requests a minute it may make, on each node; `None`: without limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each_minute: Option<u32>,
    /// When it was made.
    pub created: Instant,
    /// Until when; `None`: until it is revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// When it was last used, to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<Instant>,
}

impl ApiKey {
    /// It as the audit trail names it.
    pub fn named(&self) -> String {
        let roles: Vec<&str> = self.part.iter().flat_map(|part| &part.roles).map(|held| &*held.role).collect();
        format!("{} ({}), roles: {}", self.handle, self.name, roles.join(", "))
    }
}

/// What a new key shall be: see [`ApiKey`].
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each is the field of that name of ApiKey")]
pub struct NewApiKey {
    pub name: String,
    pub user: Option<String>,
    pub tenant: Tenant,
    pub part: Option<Membership>,
    pub scopes: Option<String>,
    pub each_minute: Option<u32>,
    pub until: Option<Instant>,
}

impl Record for ApiKey {
    const KIND: &'static str = "api-key";

    fn ends(&self) -> Option<Instant> {
        self.until
    }

    fn groups(&self) -> Vec<(&'static str, String)> {
        let mut groups = vec![("handle", self.handle.clone()), ("tenant", self.tenant.to_string())];
        groups.extend(self.user.iter().map(|user| ("of-user", user.clone())));
        groups
    }
}

impl ApiKey {
    /// Whether it may be used.
    pub fn holds(&self, user: Option<&User>, now: Instant) -> bool {
        let owned = self.user.is_none() || user.is_some_and(|user| user.status == Status::Active);
        owned && self.until.is_none_or(|until| now < until)
    }

    /// Who asks with it.
    pub(crate) fn principal(&self, user: Option<&User>) -> Result<Principal, IdentityError> {
        let tenant = Tenant(self.tenant);
        let part = match user {
            Some(user) => user.membership(tenant),
            None => self.part.as_ref(),
        };
        let part = part.ok_or(IdentityError::NoMembership)?;
        let roles: Vec<Assignment> = part.assignments();
        Ok(Principal {
            tenant,
            user: self.user.as_deref().map(Into::into),
            fhir_user: part.fhir_user(),
            name: user.map_or(&*self.name, |user| &*user.name).into(),
            client: Some(self.handle.as_str().into()),
            roles,
            scopes: self.scopes.as_deref().map(scopes).transpose()?,
            patient: None,
            encounter: None,
            purpose: None,
            direct: part.direct(),
            break_glass: None,
            strength: Strength::One,
            session: self.handle.as_str().into(),
        })
    }
}

/// The scopes of a key. One that cannot be read is never left out: it might narrow another.
fn scopes(text: &str) -> Result<Scopes, IdentityError> {
    Scopes::parse(text).map_err(|_| IdentityError::Invalid { field: "scopes", rule: "scopes of SMART App Launch, such as user/Patient.rs" })
}

impl Identity {
    /// Makes a key. What comes back is shown once, and kept nowhere.
    ///
    /// Fails with [`IdentityError::Invalid`] when the name, the scopes, the part, the limit or the end are none, with [`IdentityError::Unknown`] when there is no such account, with
    /// [`IdentityError::NoMembership`] when the account has no part in the tenant, and when the directory does.
    pub async fn make_api_key(&self, new: NewApiKey) -> Result<(Secret, ApiKey), IdentityError> {
        let now = self.now();
        let name = spelling::name(&new.name)?;
        new.scopes.as_deref().map(scopes).transpose()?;
        if new.until.is_some_and(|until| until <= now) {
            return Err(IdentityError::Invalid { field: "until", rule: "a moment to come" });
        }
        if new.each_minute == Some(0) {
            return Err(IdentityError::Invalid { field: "each_minute", rule: "at least 1" });
        }
        let told = match (&new.user, &new.part) {
            (Some(user), None) => {
                let owner = self.known(user).await?;
                owner.record.membership(new.tenant).ok_or(IdentityError::NoMembership)?;
                self.by_owner(user, &owner.record, "an API key of an account was made")
            }
            (None, Some(part)) if part.tenant == new.tenant.0 => {
                part.check()?;
                Told::Errand(vec![Deed::of_server(now, [new.tenant], "an API key was made")])
            }
            _ => return Err(IdentityError::Invalid { field: "part", rule: "either an account, or a part in the same tenant" }),
        };
        let secret = self.token()?;
        let prefix = format!("{PREFIX}{}", &self.token()?.expose()[..8]);
        let secret = Secret::new(format!("{prefix}_{}", secret.expose()));
        let key = ApiKey {
            handle: self.id("k-")?,
            prefix,
            name,
            user: new.user,
            tenant: new.tenant.0,
            part: new.part,
            scopes: new.scopes,
            each_minute: new.each_minute,
            created: now,
            until: new.until,
            last_used: None,
        };
        self.directory().apply(Changes::new("make API key", told).of(key.named()).create(&secret.fingerprint(), &key)).await?;
        Ok((secret, key))
    }

    /// The keys of an account, or of a tenant, the newest first; at most 1000.
    ///
    /// Fails when the directory does.
    pub async fn api_keys(&self, of: KeysOf<'_>) -> Result<Vec<ApiKey>, IdentityError> {
        let tenant;
        let group = match of {
            KeysOf::User(user) => ("of-user", user),
            KeysOf::Tenant(of) => {
                tenant = of.0.to_string();
                ("tenant", tenant.as_str())
            }
        };
        let kept = self.directory().list::<ApiKey>(Some(group), MOST_LISTED).await?;
        Ok(kept.into_iter().map(|kept| kept.record).collect())
    }

    /// Revokes a key by its [`ApiKey::handle`]: it is worth nothing when this returns.
    ///
    /// Fails with [`IdentityError::Unknown`] when there is none, and when the directory does.
    pub async fn revoke_api_key(&self, handle: &str) -> Result<(), IdentityError> {
        for _ in 0..crate::identity::TRIES {
            let kept = self.directory().find::<ApiKey>("handle", handle).await?.ok_or(IdentityError::Unknown("API key"))?;
            let deed = Deed::of_server(self.now(), [Tenant(kept.record.tenant)], "an API key was revoked").about(kept.record.named());
            let changes = Changes::new("revoke API key", Told::Errand(vec![deed])).of(kept.record.named());
            match self.directory().apply(changes.remove(&kept)).await.map_err(IdentityError::from) {
                Err(IdentityError::Raced) => {}
                done => return done,
            }
        }
        Err(IdentityError::Raced)
    }

    /// Writes down that a key is used, at most once a minute.
    pub(crate) async fn note_key_use(&self, id: &str, now: Instant) -> Result<(), IdentityError> {
        let Some(kept) = self.directory().get::<ApiKey>(id).await? else { return Err(IdentityError::NotSignedIn) };
        if kept.record.last_used.is_some_and(|last| now < last + NOTED_EACH_MS) || kept.record.until.is_some_and(|until| until <= now) {
            return Ok(());
        }
        match self.note(&kept, now).await {
            Err(IdentityError::Raced) => Ok(()),
            done => done,
        }
    }

    async fn note(&self, kept: &Kept<ApiKey>, now: Instant) -> Result<(), IdentityError> {
        let used = ApiKey { last_used: Some(now), ..kept.record.clone() };
        Ok(self
            .directory()
            .apply(Changes::new("API key is used", Told::Nothing("what it is used for is told")).update(kept, &used))
            .await?)
    }
}

/// Whose keys.
#[derive(Clone, Copy, Debug)]
pub enum KeysOf<'a> {
    /// Those of an account, by its id.
    User(&'a str),
    /// Those of a tenant.
    Tenant(Tenant),
}
