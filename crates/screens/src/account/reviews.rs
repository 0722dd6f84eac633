//! `/auth/reviews`: who broke the glass, and whether that was right.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use identity::directory::Kept;
use identity::emergency::Use;
use maud::{Markup, html};

use super::form::{Protection, parameter};
use super::frame::{Frame, moment};
use super::visit::{Signed, to};
use super::{Accounts, Power, trouble};

/// How many uses are shown.
const MOST: u32 = 200;

/// Those that nobody has reviewed; with `all` in the address, the others too.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match reviewer(&accounts, &head).await {
        Ok(signed) => page(&accounts, &head, &signed, None).await,
        Err(elsewhere) => elsewhere,
    }
}

/// Whoever is signed in and may review.
async fn reviewer(accounts: &Accounts, head: &Parts) -> Result<Signed, Response> {
    let signed = accounts.need_signed(head).await?;
    match accounts.powers.has(&signed.token, accounts.requests.tenant(head), Power::Review).await {
        true => Ok(signed),
        false => Err(trouble::told(StatusCode::FORBIDDEN, "This is for auditors", "Your roles do not let you search the audit trail.")),
    }
}

async fn page(accounts: &Accounts, head: &Parts, signed: &Signed, problem: Option<(StatusCode, &str)>) -> Response {
    let only_open = parameter(head, "all").is_none();
    let uses = match accounts.identity.emergency_uses(accounts.requests.tenant(head), only_open, MOST).await {
        Ok(uses) => uses,
        Err(error) => return trouble::page(&error),
    };
    let protection = accounts.protection(head);
    let content = html! {
        @if uses.is_empty() { p { @if only_open { "Nothing waits for a review." } @else { "Nobody has broken the glass." } } }
        @for kept in &uses { (shown(kept, &signed.user.id, &protection)) }
        p { @if only_open { a href="/auth/reviews?all=yes" { "Show those that were reviewed, too" } } @else { a href="/auth/reviews" { "Show what waits" } } }
        p { a href="/auth/sessions" { "Your account" } }
    };
    let mut response = Frame::new("Emergency access to review").with_problem(problem).page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

fn shown(kept: &Kept<Use>, reviewer: &str, protection: &Protection) -> Markup {
    let Use { user, name, patient, reason, from, until, ended, review, .. } = &kept.record;
    html! {
        section aria-labelledby={ "use-" (kept.id) } {
            h2 id={ "use-" (kept.id) } { (name) ", " (moment(*from)) }
            p { "For the patient with the id " code { (patient) } ", until " (moment(ended.unwrap_or(*until))) "." }
            p { "The reason: " (reason) }
            @match review {
                Some(review) => p { @if review.is_justified { "Found justified" } @else { strong { "Found not justified" } } " by " (review.name) ", " (moment(review.at)) ": " (review.note) },
                None if user == reviewer => p { "It was you: somebody else reviews it." },
                None => form method="post" action="/auth/reviews" {
                    (protection.field())
                    input type="hidden" name="use" value=(kept.id);
                    div.field {
                        label for={ "note-" (kept.id) } { "What you found" }
                        textarea id={ "note-" (kept.id) } name="note" rows="2" minlength="10" maxlength="500" required {}
                    }
                    button type="submit" name="verdict" value="justified" { "Justified" }
                    button type="submit" name="verdict" value="not-justified" { "Not justified" }
                },
            }
        }
    }
}

/// A verdict.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let signed = match reviewer(&accounts, &sent.head).await {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere,
    };
    let is_justified = match sent.text("verdict") {
        "justified" => true,
        "not-justified" => false,
        _ => return trouble::told(StatusCode::BAD_REQUEST, "This is no form", "Send the form of a page of this server."),
    };
    let verdict = (is_justified, sent.text("note"));
    match accounts.identity.review_emergency(&signed.token, accounts.requests.tenant(&sent.head), sent.text("use"), verdict).await {
        Ok(_) => to("/auth/reviews"),
        Err(error) => {
            let (status, what) = trouble::of(&error);
            page(&accounts, &sent.head, &signed, Some((status, &what))).await
        }
    }
}
