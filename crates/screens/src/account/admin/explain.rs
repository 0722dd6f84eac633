//! `/auth/admin/explain`: why somebody may, or may not, do something.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use fhir::Value;
use maud::{Markup, html};

use super::super::Accounts;
use super::super::form::parameter;
use super::counter::Refused;
use super::desk::{self, Desk};
use super::drawn::{choice, line, text};
use crate::layout::prose;

const INTERACTIONS: [(&str, &str); 9] = [
    ("read", "read"),
    ("search-type", "search"),
    ("create", "create"),
    ("update", "update"),
    ("patch", "patch"),
    ("delete", "delete"),
    ("vread", "read an older version"),
    ("history-instance", "read the history"),
    ("history-type", "read the history of a type"),
];

/// The form, and what came of it.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    let desk = match desk::at(&accounts, &head, &["explain"]).await {
        Ok(desk) => desk,
        Err(elsewhere) => return elsewhere,
    };
    let given = |name: &str| parameter(&head, name).unwrap_or_default();
    let (user, interaction, kind, id) = (given("user"), given("interaction"), given("type"), given("id"));
    let explained = match kind.is_empty() {
        true => None,
        false => Some(explained(&desk, [&user, &interaction, &kind, &id]).await),
    };
    let content = html! {
        form method="get" action="/auth/admin/explain" {
            (line("user", "Who", &user, "A login, or the id of an account; yourself when it is empty."))
            (choice("interaction", "Does what", &interaction, &INTERACTIONS))
            (line("type", "On which type", &kind, "Such as Observation."))
            (line("id", "Which one", &id, "Its id; any of the type when it is empty."))
            button type="submit" { "Why?" }
        }
        @if let Some(Ok(answer)) = &explained { (shown(answer)) }
    };
    let problem = explained.as_ref().and_then(|explained| explained.as_ref().err());
    desk.page("Why somebody may do something", problem, content)
}

async fn explained(desk: &Desk<'_>, [user, interaction, kind, id]: [&str; 4]) -> Result<Value, Refused> {
    let of_login = match user.is_empty() || !desk.may("users-read") {
        true => None,
        false => desk.get(&["users"], &[("login", user)]).await?.body.list("users").next().map(|found| text(found, "id").to_owned()),
    };
    let user = of_login.as_deref().unwrap_or(user);
    let asked = [("type", kind), ("interaction", interaction), ("id", id), ("user", user)];
    Ok(desk.get(&["access", "explain"], &asked).await?.body)
}

fn shown(answer: &Value) -> Markup {
    html! {
        section aria-labelledby="answer" {
            h2 id="answer" { (text(answer, "outcome")) }
            ul { @for reason in answer.list("reasons") { li { (prose(text(reason, "words"))) } } }
        }
    }
}
