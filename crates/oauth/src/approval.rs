//! What was allowed, and the tokens for it: records that end, and that end together.

use access::Strength;
use identity::chronicle::{Deed, Did, Told};
use identity::directory::{Changes, DirectoryError, Record};
use identity::secret::Secret;
use identity::seen::{Basis, Fingerprint};
use identity::session::Session;
use identity::user::{Status, User};
use serde::{Deserialize, Serialize};
use store::commit::{Instant, Tenant};

use crate::launch::Opened;
use crate::provider::Provider;
use crate::refusal::Refusal;

/// What an access token begins with, so that it is known for one wherever it is found.
pub const ACCESS_PREFIX: &str = "ward_at_";
/// What a refresh token begins with.
pub const REFRESH_PREFIX: &str = "ward_rt_";

/// How long a second factor counts after the sign-in.
const STRONG_MS: i64 = 12 * 3_600_000;

/// How often an approval is tried to be ended when another changes it first.
const TRIES: usize = 64;

/// What a user allowed a client. Without it no token that was given for it is worth anything.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Approval {
    /// In whose data.
    pub(crate) tenant: u32,
    /// Whom.
    pub(crate) client: String,
    /// Who.
    pub(crate) user: String,
    /// The generation of the account: when all its sessions are ended, what was allowed in them ends, too.
    pub(crate) generation: u32,
    /// In which session, by its handle.
    pub(crate) session: String,
    /// Whether it holds when that session is over (`offline_access`).
    pub(crate) is_offline: bool,
    /// When the user signed in.
    pub(crate) signed_in: Instant,
    /// Whether with a second factor.
    pub(crate) is_strong: bool,
    /// The scopes, separated by blanks.
    pub(crate) scope: String,
    /// What was open.
    pub(crate) opened: Opened,
    /// When it ends, with all tokens.
    pub(crate) ends: Instant,
}

/// An access token. Its id is the fingerprint of what was handed out.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    pub(crate) tenant: u32,
    pub(crate) client: String,
    /// The approval that it is for; `None`: the client acts for itself.
    pub(crate) approval: Option<String>,
    pub(crate) scope: String,
    pub(crate) issued: Instant,
    pub(crate) ends: Instant,
}

/// A refresh token. Its id is the fingerprint of what was handed out.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct RefreshToken {
    pub(crate) client: String,
    pub(crate) approval: String,
    /// Whether another was given for it. It is kept so that whoever presents it again is found out.
    pub(crate) is_spent: bool,
    pub(crate) issued: Instant,
    pub(crate) ends: Instant,
}

/// Tokens that were just made.
pub(crate) struct Made {
    pub(crate) access: Secret,
    pub(crate) refresh: Option<Secret>,
    /// How long the access token holds.
    pub(crate) seconds: u64,
}

/// The owner of an account takes back what an app was allowed.
pub(crate) const TAKEN_BACK: Did = Did::Changed("what an app was allowed was taken back");

/// What was allowed ends because a code or token came a second time: one of the two who had it has stolen it.
pub(crate) const TWICE: Did = Did::Changed("what an app was allowed ended: a code or token of it came twice");

impl Approval {
    /// How sure it is at a moment that it was they: a second factor counts for half a day.
    pub(crate) fn strength(&self, now: Instant) -> Strength {
        match self.is_strong && now < self.signed_in + STRONG_MS {
            true => Strength::Two,
            false => Strength::One,
        }
    }
}

impl Record for Approval {
    const KIND: &'static str = "approval";

    fn groups(&self) -> Vec<(&'static str, String)> {
        vec![("user", self.user.clone()), ("client", self.client.clone())]
    }

    fn ends(&self) -> Option<Instant> {
        Some(self.ends)
    }
}

impl Record for AccessToken {
    const KIND: &'static str = "access-token";

    fn ends(&self) -> Option<Instant> {
        Some(self.ends)
    }
}

impl Record for RefreshToken {
    const KIND: &'static str = "refresh-token";

    fn ends(&self) -> Option<Instant> {
        Some(self.ends)
    }
}

impl Provider {
    /// Makes tokens for an approval of this id, which is there or made by the same changes: an access token with this scope, and a refresh token when one is due.
    /// They are good when the changes are applied.
    pub(crate) fn make(
        &self,
        id: &str,
        approval: &Approval,
        scope: &str,
        with_refresh: bool,
        changes: Changes,
    ) -> Result<(Made, Changes), Refusal> {
        let now = self.now();
        let ends = approval.ends.min(now + i64::from(self.settings.access_seconds()) * 1000);
        let access = self.fresh_secret(ACCESS_PREFIX)?;
        let token = AccessToken {
            tenant: approval.tenant,
            client: approval.client.clone(),
            approval: Some(id.to_owned()),
            scope: scope.to_owned(),
            issued: now,
            ends,
        };
        let mut changes = changes.create(&Fingerprint::of(access.expose()).id(), &token);
        let mut refresh = None;
        if with_refresh {
            let secret = self.fresh_secret(REFRESH_PREFIX)?;
            let (client, approval_id) = (approval.client.clone(), id.to_owned());
            let token = RefreshToken { client, approval: approval_id, is_spent: false, issued: now, ends: approval.ends };
            changes = changes.create(&Fingerprint::of(secret.expose()).id(), &token);
            refresh = Some(secret);
        }
        Ok((Made { access, refresh, seconds: (ends - now) as u64 / 1000 }, changes))
    }

    /// Ends an approval with all its tokens, whoever changes it meanwhile. One that there is not has ended already.
    pub(crate) async fn end_approval(&self, id: &str, did: Did) -> Result<(), Refusal> {
        for _ in 0..TRIES {
            let Some(kept) = self.directory.get::<Approval>(id).await? else { return Ok(()) };
            let told = Told::Deeds(vec![self.ended(&kept.record, did).await?]);
            match self.directory.apply(Changes::new("end-approval", told).remove(&kept)).await {
                Err(DirectoryError::Raced) => {}
                done => return Ok(done?),
            }
        }
        Err(DirectoryError::Busy.into())
    }

    /// The account of an approval, if both hold at this moment. The answer rests on `basis`.
    /// What is told of the end of what was allowed: a client gives it back ([`Did::SignOut`]), or it is taken back for the account.
    async fn ended(&self, approval: &Approval, did: Did) -> Result<Deed, Refusal> {
        let (now, tenant) = (self.now(), Tenant(approval.tenant));
        let user = match did {
            TAKEN_BACK => self.directory.get::<User>(&approval.user).await?,
            _ => None,
        };
        Ok(match (did, user) {
            (Did::SignOut, _) => Deed::of_client(now, tenant, &approval.client, did),
            (_, Some(user)) => {
                let deed = Deed::of_account(now, tenant, (&user.id, &user.record), ("", Strength::One), did);
                deed.about(approval.client.as_str())
            }
            (Did::Changed(what), None) => Deed::of_server(now, [tenant], what).about(approval.client.as_str()),
            _ => Deed::of_client(now, tenant, &approval.client, did),
        })
    }

    pub(crate) async fn holder(&self, basis: &mut Basis<'_>, approval: &Approval) -> Result<Option<User>, Refusal> {
        let Some(user) = basis.get::<User>(&approval.user).await?.map(|kept| kept.record) else { return Ok(None) };
        let is_member = user.status == Status::Active && user.membership(Tenant(approval.tenant)).is_some();
        if !is_member || user.generation != approval.generation || self.now() >= approval.ends {
            return Ok(None);
        }
        if !approval.is_offline {
            let found = self.directory.find::<Session>("handle", &approval.session).await?;
            let Some(session) = found else { return Ok(None) };
            let still = basis.get::<Session>(&session.id).await?;
            let holds = |session: &Session| session.user == approval.user && self.now() < session.until;
            return Ok(still.filter(|session| holds(&session.record)).map(|_| user));
        }
        Ok(Some(user))
    }
}
