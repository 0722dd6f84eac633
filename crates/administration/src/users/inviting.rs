//! Accounts that are made, and links for their owners.

use fhir::{Value, object};
use identity::Secret;
use identity::accounts::Invitation;

use super::membership::{MEMBERS, membership};
use super::shown::shown;
use super::{known, named, only_here};
use crate::asked::{Asked, Reply};
use crate::desk::Desk;
use crate::form::Form;
use crate::refusal::Refusal;
use crate::rights;

const OWN: [&str; 5] = ["login", "name", "email", "locale", "password"];

pub(crate) async fn invite(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let mut form = Form::of(asked.body.as_ref(), &[&OWN[..], &MEMBERS].concat())?;
    let login = form.required("login");
    let name = form.text("name").unwrap_or_else(|| login.clone());
    let (email, locale, password) = (form.text("email"), form.text("locale"), form.text("password").map(Secret::new));
    let part = membership(&mut form, asked);
    form.finish()?;
    part.check()?;
    desk.may_hand_out(asked, rights::named(&part)).await?;
    if let Some(password) = &password {
        desk.identity.settings().policy.judge(password, &[&login, &name]).map_err(identity::IdentityError::from)?;
    }
    let (id, token) = desk.identity.invite(Invitation { login, name, email, locale, memberships: vec![part] }).await?;
    if let Some(password) = &password {
        desk.identity.accept_invitation(&token, password).await?;
    }
    let kept = known(desk, asked, &id).await?;
    let mut body = shown(&id, &kept.record, asked.tenant());
    if password.is_none() {
        add_link(&mut body, asked, "invitation", &token);
    }
    Ok(Reply::created(body, format!("/users/{id}"), named(&id, &kept.record)).at(kept.version))
}

pub(crate) async fn invite_again(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let kept = known(desk, asked, ids[0]).await?;
    desk.may_change(asked, &kept.id, &kept.record).await?;
    only_here(asked, &kept.record)?;
    let token = desk.identity.invite_again(&kept.id).await?;
    let mut body = object! { "id": &*kept.id };
    add_link(&mut body, asked, "invitation", &token);
    Ok(Reply::ok(body, named(&kept.id, &kept.record)))
}

pub(crate) async fn reset_link(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let kept = known(desk, asked, ids[0]).await?;
    desk.may_change(asked, &kept.id, &kept.record).await?;
    only_here(asked, &kept.record)?;
    let token = desk.identity.make_reset_link(&kept.id).await?;
    let mut body = object! { "id": &*kept.id };
    add_link(&mut body, asked, "reset", &token);
    Ok(Reply::ok(body, named(&kept.id, &kept.record)))
}

fn add_link(body: &mut Value, asked: &Asked, page: &str, token: &Secret) {
    if let Some(members) = body.as_object_mut() {
        members.push("link", format!("{}/auth/{page}?token={}", asked.site, token.expose()));
        members.push("token", token.expose());
    }
}
