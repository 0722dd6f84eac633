//! `/auth/break-glass`: access to one patient's record beyond one's roles, in an emergency.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use identity::emergency::{Asked, Emergency};
use maud::{Markup, html};
use serde_json::Value;

use super::field::Field;
use super::form::{Protection, Sent, parameter};
use super::frame::{Frame, moment};
use super::passkey::{Button, Ceremony};
use super::sign_in::proof;
use super::visit::{Signed, to};
use super::{Accounts, Chart, Power, trouble};

/// What somebody has filled in so far.
#[derive(Default)]
struct Filled<'a> {
    search: &'a str,
    patient: &'a str,
    number: &'a str,
    born: &'a str,
    reason: &'a str,
}

/// What there is, or the form.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match accounts.need_signed(&head).await {
        Ok(signed) => {
            let patient = parameter(&head, "patient").unwrap_or_default();
            page(&accounts, &head, &signed, &Filled { patient: &patient, ..Filled::default() }, None).await
        }
        Err(elsewhere) => elsewhere,
    }
}

async fn page(accounts: &Accounts, head: &Parts, signed: &Signed, filled: &Filled<'_>, problem: Option<(StatusCode, &str)>) -> Response {
    let emergency = match accounts.identity.emergency(&signed.session.record).await {
        Ok(emergency) => emergency,
        Err(error) => return trouble::page(&error),
    };
    let tenant = accounts.requests.tenant(head);
    let may = accounts.powers.has(&signed.token, tenant, Power::BreakGlass).await;
    let (charts, cannot_find) = match emergency.is_none() && may {
        true => accounts
            .charts
            .find(&signed.token, tenant, filled.search)
            .await
            .map_or_else(|why| (Vec::new(), Some(why)), |found| (found, None)),
        false => (Vec::new(), None),
    };
    let asked = match emergency.is_none() && may && accounts.has_passkeys(head) {
        true => accounts.identity_at(head).ask_for_passkey(&signed.token).await.ok(),
        false => None,
    };
    let protection = accounts.protection(head);
    let content = html! {
        @match &emergency {
            Some(emergency) => (lasting(emergency, &protection)),
            None if may => (form(filled, &charts, asked.as_ref(), &protection)),
            None => p { "Your roles allow nothing more in an emergency. Ask somebody who treats the patient." },
        }
        p { a href="/auth/sessions" { "Your account" } }
    };
    let problem = problem.or(cannot_find.as_deref().map(|why| (StatusCode::SERVICE_UNAVAILABLE, why)));
    let frame = Frame::new("Emergency access").with_problem(problem);
    let mut response = if asked.is_some() { frame.with_script() } else { frame }.page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

/// What somebody has beyond their roles, and how to give it back.
pub(super) fn lasting(emergency: &Emergency, protection: &Protection) -> Markup {
    html! {
        div.problem role="alert" {
            p { strong { "The glass is broken" } " for the patient with the id " code { (emergency.patient) } ", until " (moment(emergency.until)) ". Whatever you see or do for this patient is noted, and will be reviewed." }
            p { "Your reason: " (emergency.reason) }
        }
        form method="post" action="/auth/break-glass" {
            (protection.field())
            button type="submit" name="act" value="mend" { "Give it back" }
        }
    }
}

fn form(filled: &Filled<'_>, charts: &[Chart], asked: Option<&Value>, protection: &Protection) -> Markup {
    let line = |name, label, value, hint| Field { name, label, kind: "text", autocomplete: "off", value, hint }.optional();
    html! {
        p { "In an emergency you can see more of one patient's record than your roles allow. It is noted, and somebody else will ask why." }
        form method="post" action="/auth/break-glass" {
            (protection.field())
            fieldset {
                legend { "The patient" }
                (line("search", "Part of the name, or a number", filled.search, ""))
                button type="submit" name="act" value="search" { "Look for the patient" }
                @for (index, chart) in charts.iter().enumerate() {
                    div.choice {
                        input id={ "chart-" (index) } type="radio" name="patient" value=(chart.id) checked[chart.id == filled.patient];
                        label for={ "chart-" (index) } { (chart.name) @if !chart.details.is_empty() { " (" (chart.details) ")" } }
                    }
                }
                p { "Somebody whom you cannot find may be protected. Enter their number and date of birth exactly:" }
                (line("number", "Number of the patient", filled.number, "As on a wristband or letter."))
                (line("born", "Date of birth", filled.born, "Year, month, day: 1980-02-29."))
            }
            div.field {
                label for="reason" { "Why you need it now" }
                p.hint id="reason-hint" { "At least ten letters. Whoever reviews it reads this." }
                textarea id="reason" name="reason" rows="3" maxlength="500" aria-describedby="problem reason-hint" { (filled.reason) }
            }
            (Field { name: "code", label: "Code", kind: "text", autocomplete: "one-time-code", value: "", hint: "Of your authenticator app, or a recovery code." }.optional())
            button type="submit" name="act" value="break" { "Break the glass" }
            @if let Some(options) = asked {
                (Button { ceremony: Ceremony::Use, options, label: "Break the glass with a passkey", act: "break", at_once: false }.markup())
            }
        }
    }
}

/// A search for a patient, the glass broken, or mended.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let signed = match accounts.need_signed(&sent.head).await {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere,
    };
    match sent.text("act") {
        "mend" => match accounts.identity.mend_glass(&signed.token).await {
            Ok(()) => to("/auth/break-glass"),
            Err(error) => trouble::page(&error),
        },
        "break" => broken(&accounts, &sent, &signed).await,
        _ => page(&accounts, &sent.head, &signed, &filled(&sent), None).await,
    }
}

fn filled(sent: &Sent) -> Filled<'_> {
    Filled {
        search: sent.text("search"),
        patient: sent.text("patient"),
        number: sent.text("number"),
        born: sent.text("born"),
        reason: sent.text("reason"),
    }
}

async fn broken(accounts: &Accounts, sent: &Sent, signed: &Signed) -> Response {
    let (head, filled, tenant) = (&sent.head, filled(sent), accounts.requests.tenant(&sent.head));
    if !accounts.powers.has(&signed.token, tenant, Power::BreakGlass).await {
        return page(accounts, head, signed, &filled, Some((StatusCode::FORBIDDEN, "Your roles allow nothing more in an emergency.")))
            .await;
    }
    let patient = match chosen(accounts, tenant, &filled).await {
        Ok(patient) => patient,
        Err(why) => return page(accounts, head, signed, &filled, Some((StatusCode::UNPROCESSABLE_ENTITY, &why))).await,
    };
    let asked = Asked { tenant, patient: &patient, reason: filled.reason };
    match accounts.identity_at(head).break_glass(&signed.token, &proof(sent), &asked).await {
        Ok(begun) => {
            let mut response = to("/auth/break-glass");
            accounts.keep_session(head, &begun, &mut response);
            response
        }
        Err(error) => {
            let (status, what) = trouble::of(&error);
            page(accounts, head, signed, &filled, Some((status, &what))).await
        }
    }
}

/// The patient who was ticked, or who was named exactly.
async fn chosen(accounts: &Accounts, tenant: store::commit::Tenant, filled: &Filled<'_>) -> Result<String, String> {
    if !filled.number.is_empty() || !filled.born.is_empty() {
        let found = accounts.charts.named_exactly(tenant, filled.number, filled.born).await?;
        return found
            .into_iter()
            .next()
            .map(|chart| chart.id)
            .ok_or_else(|| "No patient has this number and this date of birth.".to_owned());
    }
    match interaction::is_id(filled.patient) {
        true => Ok(filled.patient.to_owned()),
        false => Err("Choose a patient, or enter their number and date of birth.".to_owned()),
    }
}
