//! Accounts in lists, and one of them.

use identity::Status;
use identity::user::{HOLDS, User, holding};

use super::shown::{shown, status_of};
use super::{known, named};
use crate::asked::{Asked, Reply};
use crate::cursor::{Asking, page};
use crate::desk::Desk;
use crate::refusal::Refusal;

/// How many batches are looked at for a page of those that fit: where few fit, a page is short, and the next goes on.
const BATCHES: usize = 20;

pub(crate) async fn list(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    if let Some(login) = asked.param("login") {
        return by_login(desk, asked, login).await;
    }
    let asking = Asking::of(asked)?;
    let status = asked
        .param("status")
        .map(|word| status_of(word).ok_or_else(|| Refusal::wrong("status", "it is `invited`, `active` or `suspended`")));
    let (status, text) = (status.transpose()?, asked.param("text").map(str::to_lowercase));
    let (tenant, group) = (asked.tenant().0.to_string(), asked.param("role").map(|role| holding(asked.tenant(), role)));
    let of = group.as_deref().map_or(("tenant", tenant.as_str()), |group| (HOLDS, group));
    let (mut found, mut after) = (Vec::new(), asking.after);
    for _ in 0..BATCHES {
        let (batch, next) = desk.identity.directory().page::<User>(Some(of), asking.count, after).await?;
        let fitting = batch.into_iter().filter(|kept| fits(&kept.record, status, text.as_deref()));
        found.extend(fitting.map(|kept| shown(&kept.id, &kept.record, asked.tenant())));
        after = next;
        if after.is_none() || !found.is_empty() {
            break;
        }
    }
    let told = format!("{} accounts", found.len());
    Ok(Reply::ok(page("users", found, after.as_ref()), told))
}

async fn by_login(desk: &Desk, asked: &Asked, login: &str) -> Result<Reply, Refusal> {
    let found = desk.identity.find_user(login).await?.filter(|found| found.user.membership(asked.tenant()).is_some());
    let users: Vec<_> = found.iter().map(|found| shown(&found.id, &found.user, asked.tenant())).collect();
    let told = format!("{} accounts of a login", users.len());
    Ok(Reply::ok(page("users", users, None), told))
}

pub(crate) async fn show(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let kept = known(desk, asked, ids[0]).await?;
    let body = shown(&kept.id, &kept.record, asked.tenant());
    Ok(Reply::ok(body, named(&kept.id, &kept.record)).at(kept.version))
}

fn fits(user: &User, status: Option<Status>, text: Option<&str>) -> bool {
    let has = |text: &str| {
        let email = user.email.as_ref().is_some_and(|email| email.address.contains(text));
        email || user.login.contains(text) || user.name.to_lowercase().contains(text)
    };
    user.status != Status::Deleted && status.is_none_or(|status| user.status == status) && text.is_none_or(has)
}
