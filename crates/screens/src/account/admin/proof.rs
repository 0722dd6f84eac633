//! `/auth/admin/proof`: the second factor, before anything is changed.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use maud::{Markup, html};

use super::super::field::Field;
use super::super::form::Protection;
use super::super::sign_in::proof;
use super::super::visit::{local, to};
use super::super::{Accounts, trouble};

/// The form that asks for it.
pub(super) fn asked(head: &Parts, protection: &Protection) -> Markup {
    let here = head.uri.path_and_query().map_or(super::HOME, |path| path.as_str());
    html! {
        section aria-labelledby="proof" {
            h2 id="proof" { "Show that it is you" }
            p { "To change anything, enter a code: it lets you for ten minutes. A passkey is shown, and a second factor set up, at " a href="/auth/factors" { "your second factors" } "." }
            form method="post" action="/auth/admin/proof" {
                (protection.field())
                input type="hidden" name="next" value=(here);
                (Field { name: "code", label: "Code", kind: "text", autocomplete: "one-time-code", value: "", hint: "Of your authenticator app, or a recovery code." }.markup())
                button type="submit" { "Go on" }
            }
        }
    }
}

/// A code.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let signed = match accounts.need_signed(&sent.head).await {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere,
    };
    match accounts.identity_at(&sent.head).step_up(&signed.token, &proof(&sent)).await {
        Ok(begun) => {
            let mut response = to(local(Some(sent.text("next"))));
            accounts.keep_session(&sent.head, &begun, &mut response);
            response
        }
        Err(error) => trouble::page(&error),
    }
}
