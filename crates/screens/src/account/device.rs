//! `/auth/device`: the code that a device shows is entered, and what it may do is chosen (RFC 8628).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use maud::html;

use super::Accounts;
use super::consent::{Question, decide};
use super::field::Field;
use super::form::{Sent, parameter};
use super::frame::Frame;
use super::visit::to_sign_in;

const CODE: &str = "user_code";

/// The form for the code. A code in the address is filled in, and has to be sent: so whoever was sent a link sees what it is for.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match accounts.need_signed(&head).await {
        Ok(_) => page(&accounts, &head, parameter(&head, CODE).as_deref().unwrap_or_default(), None),
        Err(elsewhere) => elsewhere,
    }
}

fn page(accounts: &Accounts, head: &Parts, code: &str, problem: Option<(StatusCode, &str)>) -> Response {
    let protection = accounts.protection(head);
    let hint = "Eight letters, as your device shows them. Enter only a code that you see on a device of your own.";
    let content = html! {
        form method="post" action="/auth/device" {
            (protection.field())
            (Field { name: CODE, label: "Code of the device", kind: "text", autocomplete: "off", value: code, hint }.markup())
            button type="submit" { "Go on" }
        }
    };
    let mut response = Frame::new("Connect a device").with_problem(problem).page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

/// The code, or what was decided about its device.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let Sent { head, .. } = &sent;
    let signed = match accounts.need_signed(head).await {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere,
    };
    let code = sent.text(CODE);
    let asked = match accounts.provider.device_asked(&accounts.site(head), code).await {
        Ok(asked) => asked,
        Err(refusal) => {
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
            return page(&accounts, head, code, Some((status, &refusal.why)));
        }
    };
    let question = Question { asked: &asked, action: "/auth/device", brought: vec![(CODE, code)] };
    let has_decided = sent.has("ward_decision").then_some(&sent);
    let began = accounts.identity.now();
    decide(&accounts, head, &question, Some(signed), began, has_decided).await.unwrap_or_else(|| to_sign_in(head))
}
