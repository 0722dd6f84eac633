//! Accounts.

mod factors;
mod importing;
mod inviting;
mod listing;
mod membership;
mod sessions;
mod shown;
mod standing;

pub(crate) use factors::reset_factors;
pub(crate) use importing::import;
pub(crate) use inviting::{invite, invite_again, reset_link};
pub(crate) use listing::{list, show};
pub(crate) use membership::{join, leave, roles, set_membership};
pub(crate) use sessions::{end_session, end_sessions, sessions};
pub(crate) use shown::shown_role;
pub(crate) use standing::{reactivate, remove, suspend};

use identity::Status;
use identity::directory::Kept;
use identity::user::User;

use crate::asked::Asked;
use crate::desk::Desk;
use crate::refusal::Refusal;

/// The account of an id, when it has a part in the tenant: of others nothing is told.
pub(crate) async fn known(desk: &Desk, asked: &Asked, id: &str) -> Result<Kept<User>, Refusal> {
    let kept = desk.identity.directory().get::<User>(id).await?;
    let here = |kept: &Kept<User>| kept.record.membership(asked.tenant()).is_some() && kept.record.status != Status::Deleted;
    kept.filter(here).ok_or_else(|| Refusal::not_found("account"))
}

/// Fails when an account has a part in another tenant, too: what changes all of it is not for one tenant alone.
pub(crate) fn only_here(asked: &Asked, user: &User) -> Result<(), Refusal> {
    if user.memberships.iter().all(|part| part.tenant == asked.tenant().0) {
        return Ok(());
    }
    let what = "the account has a part in another tenant, too: take it out of this one instead, by removing it or its roles";
    Err(Refusal::of(403, fhir::IssueCode::Forbidden, crate::codes::PART_ELSEWHERE, what))
}

/// The account as the audit trail names it.
fn named(id: &str, user: &User) -> String {
    format!("{id} ({})", user.login)
}
