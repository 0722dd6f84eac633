//! API keys of services. (Those for an account are made by its owner.)

use fhir::primitive::{Temporal, instant_text};
use fhir::{Object, Value, object};
use identity::api_key::{ApiKey, KeysOf, NewApiKey};
use identity::user::Membership;

use crate::asked::{Asked, Reply};
use crate::desk::Desk;
use crate::form::Form;
use crate::refusal::Refusal;
use crate::rights;
use crate::users::{known, roles, shown_role};

const MEMBERS: [&str; 6] = ["name", "roles", "fhirUser", "scopes", "eachMinute", "until"];

pub(crate) async fn list(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let keys = desk.identity.api_keys(KeysOf::Tenant(asked.tenant())).await?;
    let told = format!("{} keys", keys.len());
    Ok(Reply::ok(object! { "keys": keys.iter().map(shown).collect::<Vec<_>>() }, told))
}

pub(crate) async fn make(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let mut form = Form::of(asked.body.as_ref(), &MEMBERS)?;
    let (name, roles, fhir_user) = (form.required("name"), roles(&mut form), form.text("fhirUser"));
    let (scopes, each_minute, until) = (form.text("scopes"), form.number("eachMinute"), form.text("until"));
    form.finish()?;
    let until = until.map(|text| {
        let moment = Temporal::parse(&text).filter(|moment| moment.offset_min.is_some()).map(|moment| moment.first_ms());
        moment.ok_or_else(|| Refusal::wrong("until", "it is a moment such as 2026-12-31T23:59:59Z"))
    });
    let part = Membership { tenant: asked.tenant().0, fhir_user, roles, granted: Vec::new(), denied: Vec::new() };
    desk.may_hand_out(asked, rights::named(&part)).await?;
    let new = NewApiKey { name, user: None, tenant: asked.tenant(), part: Some(part), scopes, each_minute, until: until.transpose()? };
    let (secret, key) = desk.identity.make_api_key(new).await?;
    let mut body = shown(&key);
    if let Some(members) = body.as_object_mut() {
        members.push("secret", secret.expose());
    }
    Ok(Reply::created(body, format!("/keys/{}", key.handle), key.named()))
}

pub(crate) async fn revoke(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let found = desk.identity.directory().find::<ApiKey>("handle", ids[0]).await?;
    let key = found.map(|kept| kept.record).filter(|key| key.tenant == asked.tenant().0);
    let key = key.ok_or_else(|| Refusal::not_found("API key"))?;
    match (&key.user, &key.part) {
        // Whoever has the account revokes its keys; and so does who may change it.
        (Some(user), _) if rights::is_own(asked, user) => {}
        (Some(user), _) => {
            let kept = known(desk, asked, user).await?;
            desk.may_change(asked, &kept.id, &kept.record).await?;
        }
        (None, Some(part)) => desk.may_take_back(asked, rights::named(part)).await?,
        (None, None) => {}
    }
    desk.identity.revoke_api_key(&key.handle).await?;
    Ok(Reply::done(key.named()))
}

fn shown(key: &ApiKey) -> Value {
    let mut shown = Object::from_iter([
        ("handle", Value::from(key.handle.as_str())),
        ("prefix", key.prefix.as_str().into()),
        ("name", key.name.as_str().into()),
    ]);
    for (name, text) in [("user", &key.user), ("scopes", &key.scopes)] {
        if let Some(text) = text {
            shown.push(name, text.as_str());
        }
    }
    if let Some(part) = &key.part {
        shown.push("roles", part.roles.iter().map(shown_role).collect::<Vec<_>>());
    }
    if let Some(count) = key.each_minute {
        shown.push("eachMinute", u64::from(count));
    }
    shown.push("created", instant_text(key.created));
    for (name, at) in [("until", key.until), ("lastUsed", key.last_used)] {
        if let Some(at) = at {
            shown.push(name, instant_text(at));
        }
    }
    shown.into()
}
