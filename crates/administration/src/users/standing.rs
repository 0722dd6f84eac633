//! Whether an account may be used: suspended, active again, removed.

use identity::IdentityError;
use identity::user::User;

use super::shown::shown;
use super::{known, named, only_here};
use crate::asked::{Asked, Reply};
use crate::desk::{Desk, TRIES, current};
use crate::refusal::Refusal;

pub(crate) async fn suspend(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    change(desk, asked, ids[0], "an account was suspended", User::suspend).await
}

pub(crate) async fn reactivate(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    change(desk, asked, ids[0], "a suspended account is active again", User::reactivate).await
}

pub(crate) async fn remove(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    for _ in 0..TRIES {
        let kept = known(desk, asked, ids[0]).await?;
        current(asked, kept.version)?;
        desk.may_change(asked, &kept.id, &kept.record).await?;
        let mut changed = kept.record.clone();
        let is_whole = only_here(asked, &kept.record).is_ok();
        if is_whole {
            changed.end();
        } else {
            changed.memberships.retain(|part| part.tenant != asked.tenant().0);
        }
        let roster = desk.keeping_one(asked, &kept.id, &kept.record, &changed).await?;
        let act = ("an account was removed", named(&kept.id, &kept.record));
        match desk.identity.change_account(&kept, changed, act, roster).await {
            Err(IdentityError::Raced) => {}
            done => {
                done?;
                if is_whole {
                    // What it had to prove itself by goes, too. When this fails, the account is ended all the same, and removing it again goes on.
                    desk.identity.delete_user(&kept.id).await?;
                }
                return Ok(Reply::done(named(&kept.id, &kept.record)));
            }
        }
    }
    Err(Refusal::raced())
}

async fn change(
    desk: &Desk,
    asked: &Asked,
    id: &str,
    what: &'static str,
    change: fn(&mut User) -> Result<(), IdentityError>,
) -> Result<Reply, Refusal> {
    for _ in 0..TRIES {
        let kept = known(desk, asked, id).await?;
        current(asked, kept.version)?;
        desk.may_change(asked, &kept.id, &kept.record).await?;
        only_here(asked, &kept.record)?;
        let mut changed = kept.record.clone();
        change(&mut changed)?;
        let roster = desk.keeping_one(asked, &kept.id, &kept.record, &changed).await?;
        match desk.identity.change_account(&kept, changed.clone(), (what, named(&kept.id, &changed)), roster).await {
            Err(IdentityError::Raced) => {}
            done => {
                let version = done?;
                return Ok(Reply::ok(shown(&kept.id, &changed, asked.tenant()), named(&kept.id, &changed)).at(version));
            }
        }
    }
    Err(Refusal::raced())
}
