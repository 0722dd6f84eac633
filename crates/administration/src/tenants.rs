//! The tenants of the server, for whoever runs it: they are administered in the first tenant, and in no other.

use std::sync::Arc;

use fhir::{IssueCode, Object, Value, object};
use identity::Tenants;
use identity::tenants::{Alteration, FIRST, New, Tenancy, TenantError};

use crate::asked::{Asked, Reply};
use crate::codes;
use crate::desk::Desk;
use crate::form::Form;
use crate::refusal::Refusal;

const MEMBERS: [&str; 5] = ["name", "hosts", "accent", "locale", "timeZone"];

pub(crate) async fn list(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let table = known(desk, asked)?.table().await.map_err(TenantError::from)?;
    let tenants: Vec<Value> = table.all().iter().map(|tenancy| shown(tenancy)).collect();
    let told = format!("{} tenants", tenants.len());
    Ok(Reply::ok(object! { "tenants": tenants }, told))
}

pub(crate) async fn show(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let table = known(desk, asked)?.table().await.map_err(TenantError::from)?;
    let tenancy = table.named(ids[0]).ok_or(TenantError::Unknown)?;
    Ok(Reply::ok(shown(tenancy), ids[0]))
}

pub(crate) async fn add(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let tenants = known(desk, asked)?;
    let mut form = Form::of(asked.body.as_ref(), &[&["slug"][..], &MEMBERS].concat())?;
    let slug = form.required("slug");
    let with = alteration(&mut form, asked);
    form.finish()?;
    let with = with?;
    let made = tenants.add(New { name: with.name.clone().unwrap_or_else(|| slug.clone()), slug, with }).await?;
    Ok(Reply::created(shown(&made), format!("/tenants/{}", made.slug), made.named()))
}

pub(crate) async fn set(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let tenants = known(desk, asked)?;
    let mut form = Form::of(asked.body.as_ref(), &MEMBERS)?;
    let with = alteration(&mut form, asked);
    form.finish()?;
    let changed = tenants.set(ids[0], &with?).await?;
    Ok(Reply::ok(shown(&changed), changed.named()))
}

pub(crate) async fn suspend(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let changed = known(desk, asked)?.suspend(ids[0]).await?;
    Ok(Reply::ok(shown(&changed), changed.named()))
}

pub(crate) async fn reactivate(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let changed = known(desk, asked)?.reactivate(ids[0]).await?;
    Ok(Reply::ok(shown(&changed), changed.named()))
}

pub(crate) async fn end(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let tenants = known(desk, asked)?;
    if asked.param("confirm") != Some(ids[0]) {
        return Err(Refusal::wrong("confirm", "say the name of the tenant once more, so that none is ended by mistake"));
    }
    let changed = tenants.end(ids[0]).await?;
    Ok(Reply::ok(shown(&changed), changed.named()))
}

/// The tenants, for somebody of the first.
fn known<'d>(desk: &'d Desk, asked: &Asked) -> Result<&'d Arc<Tenants>, Refusal> {
    if asked.tenant() != FIRST {
        let what = "tenants are administered in the first tenant alone: ask at the address of the server itself";
        return Err(Refusal::of(403, IssueCode::Forbidden, codes::FIRST_TENANT_ONLY, what));
    }
    desk.tenants.as_ref().ok_or_else(|| Refusal::not_found("list of tenants on this server"))
}

/// What is to be otherwise.
fn alteration(form: &mut Form<'_>, asked: &Asked) -> Result<Alteration, Refusal> {
    // A text that is empty takes a setting back, which a form would take for a mistake.
    let given = |name: &str| asked.body.as_ref().and_then(|body| body.text(name)).map(str::to_owned);
    let mut text = |name: &str| given(name).filter(String::is_empty).or_else(|| form.text(name));
    let (name, accent, locale, time_zone) = (text("name"), text("accent"), text("locale"), text("timeZone"));
    let hosts = form.has("hosts").then(|| form.texts("hosts"));
    if let Some(zone) = time_zone.as_deref().filter(|zone| !zone.is_empty())
        && jiff::tz::TimeZone::get(zone).is_err()
    {
        return Err(Refusal::wrong("timeZone", "this system knows no such zone: it is one such as Europe/Berlin"));
    }
    Ok(Alteration { name, hosts, accent, locale, time_zone })
}

fn shown(tenancy: &Tenancy) -> Value {
    let hosts: Vec<Value> = tenancy.hosts.iter().map(|host| Value::from(host.as_str())).collect();
    let mut shown = Object::from_iter([("slug", Value::from(tenancy.slug.as_str())), ("name", tenancy.name.as_str().into())]);
    shown.push("number", u64::from(tenancy.number));
    shown.push("standing", tenancy.standing.word());
    shown.push("hosts", hosts);
    for (name, text) in [("accent", &tenancy.branding.accent), ("locale", &tenancy.locale), ("timeZone", &tenancy.time_zone)] {
        if let Some(text) = text {
            shown.push(name, text.as_str());
        }
    }
    shown.into()
}
