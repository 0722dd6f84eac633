//! `/auth/factors`: the second factor of whoever is signed in.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use identity::Secret;
use identity::error::IdentityError;
use identity::factor::enrolment::{Factors, TotpOffer};
use maud::{Markup, html};

use super::field::Field;
use super::form::Protection;
use super::frame::Frame;
use super::sign_in::proof;
use super::visit::Signed;
use super::{Accounts, trouble};

/// What to show below the state of things.
enum Part<'a> {
    Nothing,
    /// An app that is to be set up.
    Offer(&'a TotpOffer),
    /// Recovery codes, which are shown once.
    Codes(&'a [Secret]),
}

/// Which factors there are.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    match accounts.need_signed(&head).await {
        Ok(signed) => page(&accounts, &head, &signed, &Part::Nothing, None).await,
        Err(elsewhere) => elsewhere,
    }
}

async fn page(accounts: &Accounts, head: &Parts, signed: &Signed, part: &Part<'_>, problem: Option<(StatusCode, &str)>) -> Response {
    let factors = match accounts.identity.factors(&signed.user.id).await {
        Ok(factors) => factors,
        Err(error) => return trouble::page(&error),
    };
    let protection = accounts.protection(head);
    let content = html! {
        @match part {
            Part::Nothing => (state(&factors, &protection)),
            Part::Offer(offer) => (offered(offer, &protection)),
            Part::Codes(codes) => (recovery(codes)),
        }
        p { a href="/auth/sessions" { "Your account" } }
    };
    let mut response = Frame::new("Second factor").with_problem(problem).page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

fn state(factors: &Factors, protection: &Protection) -> Markup {
    let button = |act: &str, label: &str| {
        html! {
            form method="post" action="/auth/factors" {
                (protection.field())
                button type="submit" name="act" value=(act) { (label) }
            }
        }
    };
    html! {
        @if factors.totp {
            p { "You have an authenticator app, and " (factors.recovery) " recovery codes that were not used." }
            h2 { "Show that it is you" }
            p { "To change anything here, enter a code first, when you have not done so at signing in." }
            form method="post" action="/auth/factors" {
                (protection.field())
                input type="hidden" name="act" value="step-up";
                (Field { name: "code", label: "Code", kind: "text", autocomplete: "one-time-code", value: "", hint: "" }.markup())
                button type="submit" { "Go on" }
            }
            h2 { "Change it" }
            (button("offer", "Set up another app"))
            (button("renew", "Make new recovery codes"))
            (button("remove", "Remove the app"))
        } @else {
            p { "With an authenticator app nobody can sign in as you who has found out your password." }
            (button("offer", "Set up an app"))
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
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let mut signed = match accounts.need_signed(&sent.head).await {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere,
    };
    let identity = &accounts.identity;
    let done: Result<Response, IdentityError> = async {
        Ok(match sent.text("act") {
            "offer" => {
                let offer = identity.offer_totp(&signed.token).await?;
                page(&accounts, &sent.head, &signed, &Part::Offer(&offer), None).await
            }
            "confirm" => {
                let (begun, codes) = identity.confirm_totp(&signed.token, &sent.secret("code")).await?;
                signed.token = begun.token.clone();
                let mut response = page(&accounts, &sent.head, &signed, &Part::Codes(&codes), None).await;
                accounts.keep_session(&sent.head, &begun, &mut response);
                response
            }
            "step-up" => {
                let begun = identity.step_up(&signed.token, &proof(&sent)).await?;
                let mut response = super::visit::to("/auth/factors");
                accounts.keep_session(&sent.head, &begun, &mut response);
                response
            }
            "renew" => {
                let codes = identity.renew_recovery_codes(&signed.token).await?;
                page(&accounts, &sent.head, &signed, &Part::Codes(&codes), None).await
            }
            "remove" => {
                identity.remove_totp(&signed.token).await?;
                super::visit::to("/auth/factors")
            }
            _ => trouble::told(StatusCode::BAD_REQUEST, "This is no form", "Send the form of a page of this server."),
        })
    }
    .await;
    match done {
        Ok(response) => response,
        Err(error) => {
            let (status, what) = trouble::of(&error);
            page(&accounts, &sent.head, &signed, &Part::Nothing, Some((status, &what))).await
        }
    }
}
