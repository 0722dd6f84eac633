//! `/auth/passkey`: signing in with a passkey alone; and the parts of other pages by which passkeys are made and used.
//!
//! A device is asked by a script, the only one of these pages: it is a part of the page, and the policy of the page names its hash, so that no other is run.
//! Without it everything else works: what needs it is hidden, and the codes for recovery stand in for a passkey.

use std::sync::{Arc, LazyLock};

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use identity::Identity;
use identity::error::IdentityError;
use identity::factor::passkey::Passkey;
use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use super::field::Field;
use super::form::{Protection, Sent};
use super::frame::{Frame, moment};
use super::visit::{local, to};
use super::{Accounts, trouble};

/// The script.
const SCRIPT: &str = include_str!("passkey.js");

/// What its hash is, as a policy has it (CSP Level 3, section 2.3.1).
static HASH: LazyLock<String> = LazyLock::new(|| {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, SCRIPT.as_bytes());
    format!("'sha256-{}='", identity::base64url::encode(digest.as_ref()).replace('-', "+").replace('_', "/"))
});

/// The script, at the end of a page that has buttons for passkeys.
pub(super) fn script() -> Markup {
    html! { script { (PreEscaped(SCRIPT)) } }
}

/// The source in the policy of such a page: this script, and no other.
pub(super) fn source() -> &'static str {
    &HASH
}

/// What is asked of a device.
#[derive(Clone, Copy)]
pub(super) enum Ceremony {
    Make,
    Use,
}

/// A button that asks the device. Its form sends the answer as `answer`.
pub(super) struct Button<'a> {
    pub(super) ceremony: Ceremony,
    /// As [`identity::Identity`] offers or asks.
    pub(super) options: &'a Value,
    pub(super) label: &'a str,
    /// What the form sends as `act`.
    pub(super) act: &'a str,
    /// Whether the device is asked as soon as the page is there.
    pub(super) at_once: bool,
}

impl Button<'_> {
    /// The button, which is hidden where no script runs.
    pub(super) fn markup(&self) -> Markup {
        let ceremony = match self.ceremony {
            Ceremony::Make => "make",
            Ceremony::Use => "use",
        };
        html! {
            div data-script hidden {
                input type="hidden" name="answer" value="";
                p.passkey-problem role="alert" {}
                button type="submit" name="act" value=(self.act) data-passkey=(ceremony) data-options=(self.options) data-now[self.at_once] { (self.label) }
            }
        }
    }
}

impl Accounts {
    /// Accounts, with the passkeys that belong to the host at which a page is.
    pub(super) fn identity_at(&self, head: &Parts) -> Identity {
        self.identity.at(self.requests.party(head))
    }

    /// Whether whoever sees a page can use passkeys on it: they belong to one origin.
    pub(super) fn has_passkeys(&self, head: &Parts) -> bool {
        self.identity_at(head).takes_passkeys_of(&self.requests.origin(head))
    }
}

/// The answer of a device in a form; `None` when it has none.
pub(super) fn answer(sent: &Sent) -> Option<Value> {
    Some(sent.text("answer")).filter(|text| !text.is_empty()).map(|text| serde_json::from_str(text).unwrap_or_default())
}

/// The way from the page of signing in to a passkey.
pub(super) fn offer(next: Option<&str>, protection: &Protection) -> Markup {
    html! {
        form method="post" action="/auth/passkey" data-script hidden {
            (protection.field())
            input type="hidden" name="next" value=(local(next));
            button.quiet type="submit" { "Sign in with a passkey" }
        }
    }
}

/// Whoever comes by a link begins at the page of signing in.
pub(super) async fn show() -> Response {
    to("/auth/sign-in")
}

/// Somebody wants to sign in with a passkey, or does.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let (head, next) = (&sent.head, sent.text("next"));
    let Some(answer) = answer(&sent) else { return page(&accounts, head, next, None).await };
    match accounts.identity_at(head).sign_in_with_passkey(&answer, accounts.origin(head), accounts.device(head).as_ref()).await {
        Ok(begun) => accounts.entered(head, &begun, local(Some(next))).await,
        Err(IdentityError::SignInRefused) => {
            let what = "This passkey opens no account here. Try another, or sign in with your password.";
            page(&accounts, head, next, Some((StatusCode::FORBIDDEN, what))).await
        }
        Err(error) => trouble::page(&error),
    }
}

async fn page(accounts: &Accounts, head: &Parts, next: &str, problem: Option<(StatusCode, &str)>) -> Response {
    let options = match accounts.identity_at(head).ask_for_any_passkey().await {
        Ok(options) => options,
        Err(error) => return trouble::page(&error),
    };
    let protection = accounts.protection(head);
    // After a failure nobody is asked again before they want to be.
    let at_once = problem.is_none();
    let button = Button { ceremony: Ceremony::Use, options: &options, label: "Use a passkey", act: "use", at_once };
    let content = html! {
        p { "Your device asks you for your finger, your face or its PIN." }
        noscript { p { "Your browser runs no script, which passkeys need." } }
        form method="post" action="/auth/passkey" {
            (protection.field())
            input type="hidden" name="next" value=(local(Some(next)));
            (button.markup())
        }
        p { a href=(oauth::params::append("/auth/sign-in", &[("next", local(Some(next)))])) { "Sign in with a password" } }
    };
    let mut response = Frame::new("Sign in with a passkey").with_script().with_problem(problem).page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

/// The passkeys of an account, and what becomes of them.
pub(super) fn list(passkeys: &[Passkey], protection: &Protection) -> Markup {
    html! {
        ul.passkeys {
            @for (number, passkey) in passkeys.iter().enumerate() {
                li {
                    h3 { (passkey.name) }
                    p {
                        "Made " (moment(passkey.created))
                        @if let Some(used) = passkey.last_used { ", last used " (moment(used)) }
                        @if passkey.backed_up { ", also kept by its vendor" }
                        @if !passkey.party.is_empty() { ", for " (passkey.party) } "."
                    }
                    form method="post" action="/auth/factors" {
                        (protection.field())
                        input type="hidden" name="id" value=(passkey.id);
                        div.field {
                            label for={ "name-" (number) } { "Name" }
                            input id={ "name-" (number) } name="name" type="text" autocomplete="off" aria-describedby="problem" value=(passkey.name) maxlength="1000" required;
                        }
                        div.buttons {
                            button.quiet type="submit" name="act" value="rename-passkey" aria-label={ "Rename: " (passkey.name) } { "Rename" }
                            button.quiet type="submit" name="act" value="remove-passkey" aria-label={ "Remove: " (passkey.name) } { "Remove" }
                        }
                    }
                }
            }
        }
    }
}

/// What a passkey is made with.
pub(super) fn offered(options: &Value, protection: &Protection) -> Markup {
    let button = Button { ceremony: Ceremony::Make, options, label: "Make the passkey", act: "take-passkey", at_once: false };
    let hint = "So that you know it again: “Phone”, “Key on the ring”.";
    html! {
        p { "A passkey is kept by this device, by your phone or by a key that you plug in. It signs you in without a password, and nobody can be tricked out of it." }
        noscript { p { "Your browser runs no script, which passkeys need." } }
        form method="post" action="/auth/factors" {
            (protection.field())
            (Field { name: "name", label: "Name", kind: "text", autocomplete: "off", value: "", hint }.markup())
            (button.markup())
        }
    }
}
