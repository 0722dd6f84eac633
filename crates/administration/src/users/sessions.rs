//! The sessions of an account.

use fhir::primitive::instant_text;
use fhir::{Value, object};
use identity::session::Listed;

use super::{known, named};
use crate::asked::{Asked, Reply};
use crate::desk::Desk;
use crate::refusal::Refusal;

pub(crate) async fn sessions(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let kept = known(desk, asked, ids[0]).await?;
    let found = desk.identity.sessions(&kept.id, None).await?;
    let sessions: Vec<Value> = found.iter().map(shown).collect();
    Ok(Reply::ok(object! { "sessions": sessions }, named(&kept.id, &kept.record)))
}

pub(crate) async fn end_sessions(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let kept = known(desk, asked, ids[0]).await?;
    desk.may_change(asked, &kept.id, &kept.record).await?;
    desk.identity.end_all_sessions(&kept.id).await?;
    Ok(Reply::done(named(&kept.id, &kept.record)))
}

pub(crate) async fn end_session(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let kept = known(desk, asked, ids[0]).await?;
    desk.may_change(asked, &kept.id, &kept.record).await?;
    desk.identity.end_session(&kept.id, ids[1]).await?;
    Ok(Reply::done(format!("{} of {}", ids[1], named(&kept.id, &kept.record))))
}

fn shown(listed: &Listed) -> Value {
    let session = &listed.session;
    object! {
        "id": session.handle.as_str(),
        "address": session.origin.address.to_string(),
        "device": session.origin.device.as_str(),
        "created": instant_text(session.created),
        "lastSeen": instant_text(session.last_seen),
        "ends": instant_text(listed.ends),
        "secondFactor": session.strong_until.is_some(),
    }
}
