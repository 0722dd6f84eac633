//! Who presents an access token: looked up once, remembered until anything that it rests on changes.

use std::sync::Arc;

use access::{Assignment, Principal, Strength};
use fhir::definitions::ResourceType;
use identity::emergency::Emergency;
use identity::seen::{Basis, Fingerprint};
use identity::user::{HeldRole, Membership, User};
use store::commit::{Instant, Key, Tenant};

use crate::approval::{ACCESS_PREFIX, AccessToken, Approval};
use crate::client::Client;
use crate::provider::Provider;
use crate::refusal::{Fault, Refusal};
use crate::scopes;

/// Everything that an access token stands for.
pub(crate) struct Standing {
    pub(crate) token: AccessToken,
    pub(crate) client: Client,
    /// For whom; `None`: for the client itself.
    pub(crate) user: Option<(Approval, User)>,
    /// What the session in which it was allowed has beyond the roles.
    pub(crate) emergency: Option<Emergency>,
}

/// Whether a presented text looks like an access token: then it is asked for by [`Provider::bearer`].
pub fn is_access_token(presented: &str) -> bool {
    presented.starts_with(ACCESS_PREFIX)
}

impl Provider {
    /// The handle of the session in which somebody let in the app whose token is of this approval ([`Principal::session`]); `None`: there is no such approval.
    ///
    /// Fails when the directory does.
    pub async fn session_of(&self, approval: &str) -> Result<Option<String>, identity::directory::DirectoryError> {
        Ok(self.directory.get::<Approval>(approval).await?.map(|kept| kept.record.session))
    }

    /// Who presents this access token, in a tenant. A token that was seen costs no read, and is dead at once when it, its approval, its client or its user changes.
    ///
    /// Fails with `invalid_token` when it has ended, was revoked, is of another tenant, or never was, and when the directory fails.
    pub async fn bearer(&self, tenant: Tenant, token: &str) -> Result<Arc<Principal>, Refusal> {
        let (fingerprint, now) = (Fingerprint::of(token), self.now());
        let principal = match self.seen.get(&fingerprint, now) {
            Some(principal) => principal,
            None => {
                let mut basis = Basis::new(&self.directory);
                let standing = self.standing(&mut basis, &fingerprint).await?.ok_or_else(unknown)?;
                let principal = Arc::new(principal(&standing, now)?);
                let ends = standing.emergency.as_ref().map_or(standing.token.ends, |emergency| emergency.until.min(standing.token.ends));
                self.seen.keep(fingerprint, principal.clone(), now, ends, basis);
                principal
            }
        };
        if principal.tenant == tenant { Ok(principal) } else { Err(unknown()) }
    }

    /// Who presents it when that is remembered: [`Provider::bearer`] would say the same. `None`: it has to be asked.
    pub fn seen(&self, tenant: Tenant, token: &str) -> Option<Arc<Principal>> {
        self.seen.get(&Fingerprint::of(token), self.now()).filter(|principal| principal.tenant == tenant)
    }

    /// What an access token stands for at this moment; `None`: nothing. The answer rests on `basis`.
    pub(crate) async fn standing(&self, basis: &mut Basis<'_>, fingerprint: &Fingerprint) -> Result<Option<Standing>, Refusal> {
        let token = basis.get::<AccessToken>(&fingerprint.id()).await?.map(|kept| kept.record);
        let Some(token) = token.filter(|token| self.now() < token.ends) else { return Ok(None) };
        let client = basis.get::<Client>(&token.client).await?.map(|kept| kept.record);
        let Some(client) = client.filter(|client| client.active && client.tenant == token.tenant) else { return Ok(None) };
        let Some(id) = &token.approval else { return Ok(Some(Standing { token, client, user: None, emergency: None })) };
        let Some(approval) = basis.get::<Approval>(id).await?.map(|kept| kept.record) else { return Ok(None) };
        let emergency = Emergency::of_session(basis, &approval.session, self.now()).await?;
        let user = self.holder(basis, &approval).await?;
        Ok(user.map(|user| Standing { token, client, user: Some((approval, user)), emergency }))
    }
}

/// What is told of every token that is worth nothing.
pub(crate) fn unknown() -> Refusal {
    Refusal::new(Fault::InvalidToken, "The access token has ended, was revoked, or was not given here.")
}

fn principal(standing: &Standing, now: Instant) -> Result<Principal, Refusal> {
    let Standing { token, client, user, emergency } = standing;
    let tenant = Tenant(token.tenant);
    let mut principal = Principal {
        tenant,
        user: None,
        fhir_user: None,
        name: client.name.as_str().into(),
        client: Some(token.client.as_str().into()),
        roles: Vec::new(),
        scopes: Some(scopes::parse(&token.scope)?),
        patient: None,
        encounter: None,
        purpose: None,
        direct: Vec::new(),
        break_glass: None,
        strength: Strength::One,
        session: token.approval.as_deref().unwrap_or(&token.client).into(),
    };
    match user {
        None => principal.roles = client.roles.iter().filter_map(assignment).collect(),
        Some((approval, user)) => {
            let part = user.membership(tenant);
            principal.user = Some(approval.user.as_str().into());
            principal.fhir_user = part.and_then(Membership::fhir_user);
            principal.name = user.name.as_str().into();
            principal.roles = part.map(Membership::assignments).unwrap_or_default();
            principal.direct = part.map(Membership::direct).unwrap_or_default();
            principal.patient = approval.opened.patient.as_deref().map(Into::into);
            principal.encounter = approval.opened.encounter.as_deref().map(Into::into);
            principal.strength = approval.strength(now);
            principal.break_glass = emergency.as_ref().and_then(|emergency| emergency.glass(tenant));
        }
    }
    Ok(principal)
}

/// A role as rules want it. One whose place cannot be understood is left out: it would hold everywhere.
fn assignment(held: &HeldRole) -> Option<Assignment> {
    let place = |text: &Option<String>| text.as_deref().map_or(Some(None), |text| key(text).map(Some));
    Some(Assignment { role: held.role.as_str().into(), facility: place(&held.facility)?, department: place(&held.department)? })
}

fn key(reference: &str) -> Option<Key> {
    let (kind, id) = reference.split_once('/')?;
    ResourceType::parse(kind).filter(|_| !id.is_empty()).map(|kind| Key::new(kind, id))
}
