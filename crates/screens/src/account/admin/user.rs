//! `/auth/admin/users/{id}`: an account, its rights and its sessions.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use fhir::{Object, Value};
use maud::{Markup, html};

use super::super::Accounts;
use super::super::form::Sent;
use super::super::visit::to;
use super::counter::{Done, Refused};
use super::desk::{self, Desk};
use super::drawn::{fact, moment, shown_once, text};
use super::{rights, roles};

/// What can be done with an account beside its rights: the act, its words, what follows from it, and in which status it can be done (empty: in any).
const ACTS: [(&str, &str, &str, &str); 8] = [
    ("suspend", "Suspend", "All sessions end, and nobody can sign in until it is reactivated.", "active"),
    ("reactivate", "Reactivate", "Its owner can sign in again.", "suspended"),
    ("reset-link", "Make a link for a new password", "Give it to the owner alone: whoever has it has the account.", "active"),
    ("invitation", "Make another invitation", "Those before are worth nothing then.", "invited"),
    (
        "reset-factors",
        "Take off all second factors",
        "For somebody who has lost theirs. All sessions end. Make sure first that it is they who ask.",
        "active",
    ),
    ("end-sessions", "End all sessions", "Its owner has to sign in again.", "active"),
    ("leave", "Take it out of this house", "It stays an account, without any rights here.", ""),
    ("remove", "Remove the account", "Its login and name stay for the records.", ""),
];

/// The account.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, Path(id): Path<String>, request: Request) -> Response {
    let head = request.into_parts().0;
    match desk::at(&accounts, &head, &["users-read"]).await {
        Ok(desk) => page(&desk, &id, None, html! {}).await,
        Err(elsewhere) => elsewhere,
    }
}

async fn page(desk: &Desk<'_>, id: &str, problem: Option<&Refused>, first: Markup) -> Response {
    let found = match desk.get(&["users", id], &[]).await {
        Ok(found) => found,
        Err(refused) => return desk.refused(&refused),
    };
    let sessions = desk.get(&["users", id, "sessions"], &[]).await.map_or(Value::Null, |found| found.body);
    let (user, path) = (&found.body, format!("/auth/admin/users/{id}"));
    let content = html! {
        (first)
        (facts(user))
        h2 { "Who it is here, and its rights" }
        (rights_of(user))
        @if desk.may("users-write") { (rights_form(desk, &found, &path, &roles::names(desk).await)) }
        h2 { "Sessions" }
        (sessions_of(desk, &sessions, &path))
        @if desk.may("users-write") && desk.is_fresh() {
            h2 { "What can be done with it" }
            @for (act, label, follows, status) in ACTS {
                @if status.is_empty() || status == text(user, "status") { (desk.form(&path, (act, label), html! { p.hint { (follows) } })) }
            }
        }
        p { a href="/auth/admin/users" { "All accounts" } }
    };
    desk.page(&format!("Account {}", text(user, "login")), problem, content)
}

fn facts(user: &Value) -> Markup {
    let email = user.get("email").map(|email| {
        let verified = email.get("verified").and_then(Value::as_bool).unwrap_or(false);
        format!("{}{}", text(email, "address"), if verified { "" } else { " (not verified)" })
    });
    html! {
        dl.answers {
            (fact("Name", text(user, "name")))
            (fact("Status", text(user, "status")))
            (fact("E-mail address", email.as_deref().unwrap_or_default()))
            (fact("Language", text(user, "locale")))
            (fact("Made", &moment(user, "created")))
            (fact("Last sign-in", &moment(user, "lastSignIn")))
        }
        @if user.get("hasPartElsewhere").is_some() { p { "It has a part in another house, too: what would change all of it is not done here." } }
    }
}

fn rights_of(user: &Value) -> Markup {
    let none = Value::Null;
    let part = user.get("membership").unwrap_or(&none);
    html! {
        dl.answers {
            (fact("In the records", text(part, "fhirUser")))
            (fact("Roles", &super::drawn::roles(part)))
            (fact("Granted directly", &super::drawn::texts(part, "granted")))
            (fact("Denied directly", &super::drawn::texts(part, "denied")))
        }
    }
}

fn rights_form(desk: &Desk<'_>, found: &Done, path: &str, known: &[String]) -> Markup {
    let none = Value::Null;
    let part = found.body.get("membership").unwrap_or(&none);
    let version = found.version.map(|version| version.to_string()).unwrap_or_default();
    html! {
        @if desk.is_fresh() {
            details {
                summary { "Change its rights" }
                (desk.form(path, ("rights", "Set these rights"), html! {
                    input type="hidden" name="version" value=(version);
                    (rights::fields(part, known))
                }))
            }
        }
    }
}

fn sessions_of(desk: &Desk<'_>, sessions: &Value, path: &str) -> Markup {
    if sessions.list("sessions").next().is_none() {
        return html! { p { "It is signed in nowhere." } };
    }
    html! {
        ul.sessions-list {
            @for session in sessions.list("sessions") {
                li {
                    h3 { (text(session, "device")) }
                    p { "From " (text(session, "address")) ", since " (moment(session, "created")) ", last used " (moment(session, "lastSeen")) "." }
                    @if desk.may("users-write") {
                        (desk.form(path, ("end-session", "End it"), html! { input type="hidden" name="session" value=(text(session, "id")); }))
                    }
                }
            }
        }
    }
}

/// Something that is done with it.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, Path(id): Path<String>, request: Request) -> Response {
    let sent = match desk::form(&accounts, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let desk = match desk::at(&accounts, &sent.head, &["users-write"]).await {
        Ok(desk) => desk,
        Err(elsewhere) => return elsewhere,
    };
    match done(&desk, &id, &sent).await {
        Ok(done) if !text(&done.body, "link").is_empty() => {
            page(&desk, &id, None, shown_once("The link for the owner of the account", text(&done.body, "link"))).await
        }
        Ok(_) if matches!(sent.text("act"), "leave" | "remove") => to("/auth/admin/users"),
        Ok(_) => to(&format!("/auth/admin/users/{id}")),
        Err(refused) => page(&desk, &id, Some(&refused), html! {}).await,
    }
}

async fn done(desk: &Desk<'_>, id: &str, sent: &Sent) -> Result<Done, Refused> {
    let act = sent.text("act");
    match act {
        "suspend" | "reactivate" | "reset-link" | "invitation" => desk.act("POST", &["users", id, act], None, None).await,
        "reset-factors" => desk.act("DELETE", &["users", id, "factors"], None, None).await,
        "end-sessions" => desk.act("DELETE", &["users", id, "sessions"], None, None).await,
        "end-session" => desk.act("DELETE", &["users", id, "sessions", sent.text("session")], None, None).await,
        "leave" => desk.act("DELETE", &["users", id, "membership"], None, None).await,
        "remove" => desk.act("DELETE", &["users", id], None, None).await,
        "rights" => {
            let mut part = Object::new();
            rights::read(sent, &mut part);
            desk.act("PUT", &["users", id, "membership"], Some(part.into()), sent.text("version").parse().ok()).await
        }
        _ => Err(desk::unknown_act()),
    }
}
