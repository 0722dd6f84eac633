//! Emergency access for apps: the glass broken, looked at and mended in the session under which somebody asks.
//!
//! It is the same as on the page for it: whose rules have nothing to give then cannot take it, and it takes a code that is shown now.

use fhir::primitive::instant_text;
use fhir::{IssueCode, Value, object};
use identity::Secret;
use identity::emergency::{self, Emergency};
use identity::factor::Proof;

use crate::asked::{Asked, Reply};
use crate::codes;
use crate::desk::Desk;
use crate::form::Form;
use crate::refusal::Refusal;

const MEMBERS: [&str; 3] = ["patient", "reason", "code"];

pub(crate) async fn begin(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let mut form = Form::of(asked.body.as_ref(), &MEMBERS)?;
    let (patient, reason, code) = (form.required("patient"), form.required("reason"), Secret::new(form.required("code")));
    form.finish()?;
    let is_id = (1..=64).contains(&patient.len()) && patient.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    if !is_id {
        return Err(Refusal::wrong("patient", "it is the id of a Patient, without `Patient/` before it"));
    }
    let (user, handle) = session(desk, asked).await?;
    if !desk.rules.has_emergency_rules(asked.who()).await? {
        let what = "your roles allow nothing more in an emergency: ask somebody who treats the patient";
        return Err(Refusal::of(403, IssueCode::Forbidden, codes::NO_EMERGENCY, what));
    }
    let wanted = emergency::Asked { tenant: asked.tenant(), patient: &patient, reason: &reason };
    let begun = desk.identity.break_glass_in((&user, &handle), &proof(code), &wanted).await?;
    Ok(Reply::created(shown(&begun), "/break-glass".to_owned(), format!("{user}, for Patient/{patient}")))
}

pub(crate) async fn show(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let (user, handle) = session(desk, asked).await?;
    let found = desk.identity.emergency_in((&user, &handle)).await?.filter(|found| found.tenant == asked.tenant().0);
    let found = found.ok_or_else(|| Refusal::not_found("emergency: the glass is not broken in this session"))?;
    Ok(Reply::ok(shown(&found), user))
}

pub(crate) async fn end(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let (user, handle) = session(desk, asked).await?;
    desk.identity.mend_glass_in((&user, &handle)).await?;
    Ok(Reply::done(user))
}

/// The account that asks, and the handle of the session in which it does, or in which it let in the app that asks for it.
async fn session(desk: &Desk, asked: &Asked) -> Result<(String, String), Refusal> {
    let who = asked.who();
    let handle = match (&who.user, &who.client) {
        (None, _) => None,
        (Some(_), None) => Some(who.session.to_string()),
        (Some(_), Some(_)) => desk.provider.session_of(&who.session).await?,
    };
    let user = who.user.as_deref().map(str::to_owned);
    user.zip(handle).ok_or_else(|| {
        let what =
            "emergency access belongs to the session of a person: ask by a session, or by the token of an app that was allowed in one";
        Refusal::of(403, IssueCode::Forbidden, codes::NO_EMERGENCY, what)
    })
}

/// A code of an app has six digits; any other is one for recovery.
fn proof(code: Secret) -> Proof {
    let text: String = code.expose().chars().filter(|sign| !sign.is_whitespace()).collect();
    let is_totp = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_totp { Proof::Totp(Secret::new(text)) } else { Proof::Recovery(Secret::new(text)) }
}

fn shown(emergency: &Emergency) -> Value {
    object! { "patient": emergency.patient.as_str(), "reason": emergency.reason.as_str(), "until": instant_text(emergency.until) }
}
