//! The encounter that an app is told of: chosen after the patient, among theirs that the user may see, or none.

use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use maud::{Markup, html};
use oauth::authorize::{Decision, SignedIn};

use super::scopes::Ticked;
use super::{DECISION, PATIENT, Question, app_origin};
use crate::account::form::Sent;
use crate::account::frame::Frame;
use crate::account::visit::Signed;
use crate::account::{Accounts, Encounters};

/// The field of the encounter.
pub(super) const ENCOUNTER: &str = "ward_encounter";
/// The field that says after what the next page begins.
pub(super) const AFTER: &str = "ward_after";
/// What the field says when none is to be told of. It is no id.
const NONE: &str = "-none-";
/// The decision to see more encounters.
pub(super) const MORE: &str = "more";

/// The same decision with the encounter that the user has chosen, or with none. The page that asks for it when they have not yet, or have chosen what is none of the patient's that they may see.
pub(super) async fn chosen(
    accounts: &Accounts,
    head: &Parts,
    question: &Question<'_>,
    (signed, who): (&Signed, &SignedIn),
    (decision, ticked): (Decision, Ticked),
    sent: &Sent,
) -> Result<Decision, Response> {
    let is_granted = decision.scopes.iter().any(|scope| scope == "launch/encounter");
    if !(question.asked.must_choose_encounter() && is_granted) {
        return Ok(decision);
    }
    let tenant = accounts.requests.tenant(head);
    let patient = who.patient.as_deref().or(decision.patient.as_deref()).unwrap_or_default().to_owned();
    let said = Some(sent.text(ENCOUNTER)).filter(|said| !said.is_empty() && sent.text(DECISION) != MORE);
    let mut problem = None;
    match said {
        Some(NONE) => return Ok(decision),
        Some(id) => match accounts.charts.encounter(&signed.token, tenant, &patient, id).await {
            Ok(found) if !found.is_empty() => return Ok(Decision { encounter: Some(id.to_owned()), ..decision }),
            Ok(_) => problem = Some("Choose an encounter of this patient that you may see, or go on without one.".to_owned()),
            Err(why) => problem = Some(why),
        },
        None if sent.has(AFTER) && sent.text(DECISION) != MORE => {
            problem = Some("Choose an encounter, or go on without one.".to_owned());
        }
        None => {}
    }
    let after = Some(sent.text(AFTER)).filter(|after| !after.is_empty() && sent.text(DECISION) == MORE);
    let found = match accounts.charts.encounters(&signed.token, tenant, &patient, after).await {
        Ok(found) => found,
        Err(why) => {
            problem = Some(why);
            Encounters::default()
        }
    };
    let protection = accounts.protection(head);
    let content = html! {
        p { strong { (question.asked.client.record.name) } " wants to know which visit or stay it is about." }
        form method="post" action=(question.action) {
            (protection.field())
            @for (name, value) in &question.brought { input type="hidden" name=(name) value=(value); }
            (ticked.fields())
            @if let Some(patient) = &decision.patient { input type="hidden" name=(PATIENT) value=(patient); }
            (picker(&found, after.is_some()))
            div.buttons {
                button type="submit" name=(DECISION) value="allow" { "Allow" }
                @if found.next.is_some() { button.quiet type="submit" name=(DECISION) value=(MORE) { "Older ones" } }
                button.quiet type="submit" name=(DECISION) value="refuse" { "Refuse" }
            }
        }
    };
    let problem = problem.as_deref().map(|problem| (StatusCode::UNPROCESSABLE_ENTITY, problem));
    let leads_to = app_origin(question.asked);
    let mut response = Frame { leads_to: leads_to.as_deref(), ..Frame::new("About which encounter?") }.with_problem(problem).page(content);
    accounts.protect(head, &protection, &mut response);
    Err(response)
}

fn picker(found: &Encounters, is_later: bool) -> Markup {
    html! {
        // It says that encounters were shown, also when there are no more.
        input type="hidden" name=(AFTER) value=(found.next.as_deref().unwrap_or_default());
        fieldset {
            legend { "About which encounter" }
            @if found.entries.is_empty() { p.hint { @if is_later { "There are no older ones." } @else { "There is none that you may see." } } }
            @for encounter in &found.entries {
                div.choice {
                    input type="radio" id={ "encounter-" (encounter.id) } name=(ENCOUNTER) value=(encounter.id);
                    label for={ "encounter-" (encounter.id) } { (encounter.name) " " span.hint { (encounter.details) } }
                }
            }
            div.choice {
                input type="radio" id="encounter-none" name=(ENCOUNTER) value=(NONE);
                label for="encounter-none" { "None of them " span.hint { "The app learns of no encounter." } }
            }
        }
    }
}
