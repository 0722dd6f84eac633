//! `/auth/factors`: the second factors of whoever is signed in: an authenticator app, passkeys, recovery codes.

use std::sync::Arc;

use axum::extract::{self, Request};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use identity::Secret;
use identity::error::IdentityError;
use identity::factor::enrolment::{Factors, TotpOffer};
use identity::factor::passkey::Passkey;
use identity::sign_in::Begun;
use maud::{Markup, html};
use serde_json::Value;

use super::field::Field;
use super::form::{Protection, Sent};
use super::frame::Frame;
use super::passkey::{Button, Ceremony};
use super::sign_in::proof;
use super::visit::{Signed, to};
use super::{Accounts, passkey, trouble};

/// What to show of them.
enum Part<'a> {
    /// How things stand.
    Nothing,
    /// An app that is to be set up.
    Offer(&'a TotpOffer),
    /// A passkey that is to be made.
    Passkey(&'a Value),
    /// Recovery codes, which are shown once.
    Codes(&'a [Secret]),
}

/// How things stand with the factors of an account.
struct State<'a> {
    factors: Factors,
    passkeys: Vec<Passkey>,
    /// Whether passkeys can be used on this page.
    has_passkeys: bool,
    /// How a device is asked before anything is changed.
    asked: Option<Value>,
    protection: &'a Protection,
}

/// Which factors there are.
pub(super) async fn show(extract::State(accounts): extract::State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match accounts.need_signed(&head).await {
        Ok(signed) => page(&accounts, &head, &signed, &Part::Nothing, None).await,
        Err(elsewhere) => elsewhere,
    }
}

async fn page(accounts: &Accounts, head: &Parts, signed: &Signed, part: &Part<'_>, problem: Option<(StatusCode, &str)>) -> Response {
    let protection = accounts.protection(head);
    let content = match part {
        Part::Nothing => match state(accounts, head, signed, &protection).await {
            Ok(state) => state.markup(),
            Err(error) => return trouble::page(&error),
        },
        Part::Offer(offer) => offered(offer, &protection),
        Part::Passkey(options) => passkey::offered(options, &protection),
        Part::Codes(codes) => recovery(codes),
    };
    let content = html! { (content) p { a href="/auth/sessions" { "Your account" } } };
    let frame = Frame::new("Second factor").with_problem(problem);
    let mut response = if accounts.has_passkeys(head) { frame.with_script() } else { frame }.page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

async fn state<'a>(accounts: &Accounts, head: &Parts, signed: &Signed, protection: &'a Protection) -> Result<State<'a>, IdentityError> {
    let identity = accounts.identity_at(head);
    let (factors, passkeys) = (identity.factors(&signed.user.id).await?, identity.passkeys(&signed.user.id).await?);
    let has_passkeys = accounts.has_passkeys(head);
    let asked = match has_passkeys && factors.passkeys > 0 {
        true => match identity.ask_for_passkey(&signed.token).await {
            // All of them belong to other hosts.
            Err(IdentityError::FactorRefused) => None,
            asked => Some(asked?),
        },
        false => None,
    };
    Ok(State { factors, passkeys, has_passkeys, asked, protection })
}

impl State<'_> {
    fn markup(&self) -> Markup {
        let has_factor = self.factors.totp || self.factors.passkeys > 0;
        html! {
            @if has_factor { p { "You have " (self.factors.recovery) " recovery codes that were not used." } }
            @if has_factor { (self.step_up()) }
            h2 { "Authenticator app" }
            @if self.factors.totp {
                (self.button("offer", "Set up another app"))
                (self.button("remove", "Remove the app"))
            } @else {
                p { "With an authenticator app nobody can sign in as you who has found out your password." }
                (self.button("offer", "Set up an app"))
            }
            @if self.has_passkeys || !self.passkeys.is_empty() {
                h2 { "Passkeys" }
                (passkey::list(&self.passkeys, self.protection))
                @if self.has_passkeys { (self.button("offer-passkey", "Make a passkey")) }
                @else { p { "None can be made or used at this address of the server." } }
            }
            @if has_factor {
                h2 { "Recovery codes" }
                (self.button("renew", "Make new recovery codes"))
            }
        }
    }

    /// What is asked for before anything is changed.
    fn step_up(&self) -> Markup {
        let hint = "Of your authenticator app, or a recovery code.";
        html! {
            h2 { "Show that it is you" }
            p { "Before you change anything here, or go on with administration, when you have not done so lately." }
            form method="post" action="/auth/factors" {
                (self.protection.field())
                input type="hidden" name="act" value="step-up";
                (Field { name: "code", label: "Code", kind: "text", autocomplete: "one-time-code", value: "", hint }.markup())
                button type="submit" { "Go on" }
            }
            @if let Some(options) = &self.asked {
                form method="post" action="/auth/factors" {
                    (self.protection.field())
                    (Button { ceremony: Ceremony::Use, options, label: "Use a passkey", act: "step-up", at_once: false }.markup())
                }
            }
        }
    }

    fn button(&self, act: &str, label: &str) -> Markup {
        html! {
            form method="post" action="/auth/factors" {
                (self.protection.field())
                button type="submit" name="act" value=(act) { (label) }
            }
        }
    }
}

fn offered(offer: &TotpOffer, protection: &Protection) -> Markup {
    html! {
        ol {
            li { "On the device with the app, " a href=(offer.address.expose()) { "open this link" } ", or type this key into the app:" p { code.key { (offer.secret.expose()) } } }
            li { "Enter the code that the app shows." }
        }
        form method="post" action="/auth/factors" {
            (protection.field())
            input type="hidden" name="act" value="confirm";
            (Field { name: "code", label: "Code", kind: "text", autocomplete: "one-time-code", value: "", hint: "" }.markup())
            button type="submit" { "Go on" }
        }
    }
}

fn recovery(codes: &[Secret]) -> Markup {
    html! {
        p { "Keep these codes where you find them without your device. Each opens your account once, in place of the app. They are shown now, and never again." }
        ul.codes { @for code in codes { li { code { (code.expose()) } } } }
    }
}

/// A change.
pub(super) async fn sent(extract::State(accounts): extract::State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let mut signed = match accounts.need_signed(&sent.head).await {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere,
    };
    match changed(&accounts, &sent, &mut signed).await {
        Ok(response) => response,
        Err(error) => {
            let (status, what) = trouble::of(&error);
            page(&accounts, &sent.head, &signed, &Part::Nothing, Some((status, &what))).await
        }
    }
}

async fn changed(accounts: &Accounts, sent: &Sent, signed: &mut Signed) -> Result<Response, IdentityError> {
    let (identity, head) = (&accounts.identity_at(&sent.head), &sent.head);
    Ok(match sent.text("act") {
        "offer" => {
            let offer = identity.offer_totp(&signed.token).await?;
            page(accounts, head, signed, &Part::Offer(&offer), None).await
        }
        "confirm" => {
            let (begun, codes) = identity.confirm_totp(&signed.token, &sent.secret("code")).await?;
            went_on(accounts, head, signed, begun, &codes).await
        }
        "offer-passkey" => {
            let options = identity.offer_passkey(&signed.token).await?;
            page(accounts, head, signed, &Part::Passkey(&options), None).await
        }
        "take-passkey" => {
            let answer = passkey::answer(sent).unwrap_or_default();
            let (begun, codes) = identity.take_passkey(&signed.token, sent.text("name"), &answer).await?;
            went_on(accounts, head, signed, begun, &codes).await
        }
        "rename-passkey" => {
            identity.rename_passkey(&signed.token, sent.text("id"), sent.text("name")).await?;
            to("/auth/factors")
        }
        "remove-passkey" => {
            identity.remove_passkey(&signed.token, sent.text("id")).await?;
            to("/auth/factors")
        }
        "step-up" => {
            let begun = identity.step_up(&signed.token, &proof(sent)).await?;
            went_on(accounts, head, signed, begun, &[]).await
        }
        "renew" => {
            let codes = identity.renew_recovery_codes(&signed.token).await?;
            page(accounts, head, signed, &Part::Codes(&codes), None).await
        }
        "remove" => {
            identity.remove_totp(&signed.token).await?;
            to("/auth/factors")
        }
        _ => trouble::told(StatusCode::BAD_REQUEST, "This is no form", "Send the form of a page of this server."),
    })
}

/// The session goes on under another token: its recovery codes are shown when there are new ones.
async fn went_on(accounts: &Accounts, head: &Parts, signed: &mut Signed, begun: Begun, codes: &[Secret]) -> Response {
    signed.token = begun.token.clone();
    let mut response = match codes {
        [] => to("/auth/factors"),
        codes => page(accounts, head, signed, &Part::Codes(codes), None).await,
    };
    accounts.keep_session(head, &begun, &mut response);
    response
}
