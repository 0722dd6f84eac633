//! A visit to a page of administration: who comes, what they may, what they ask, and the page that they are shown.

use axum::extract::Request;
use axum::response::Response;
use fhir::Value;
use http::StatusCode;
use http::request::Parts;
use maud::{Markup, html};
use std::sync::Arc;

use super::super::form::{Protection, Sent};
use super::super::frame::Frame;
use super::super::visit::Signed;
use super::super::{Accounts, trouble};
use super::counter::{Done, Refused, Wanted};
use super::{HOME, drawn, proof};

/// For how long a second factor that was shown lets change things here, in milliseconds: ten minutes.
const FRESH_MS: i64 = 10 * 60_000;

/// Somebody at a page of administration.
pub(super) struct Desk<'a> {
    pub(super) accounts: &'a Accounts,
    pub(super) head: &'a Parts,
    pub(super) signed: Signed,
    permissions: Vec<&'static str>,
    /// Whether there is something on the page that they may change.
    may_change: bool,
    protection: Protection,
}

/// One who is signed in and has one of these permissions, of which any is enough; without any named, one who may administer something.
///
/// Whoever has none is told that the page is not for them, and nothing of what would be on it.
pub(super) async fn at<'a>(accounts: &'a Accounts, head: &'a Parts, needs: &[&str]) -> Result<Desk<'a>, Response> {
    let mut desk = signed(accounts, head).await?;
    desk.may_change = needs.iter().any(|needed| desk.may(&needed.replace("-read", "-write")));
    let held = &desk.permissions;
    let is_for_them = if needs.is_empty() { !held.is_empty() } else { needs.iter().any(|needed| held.contains(needed)) };
    if !is_for_them {
        return Err(trouble::told(StatusCode::FORBIDDEN, "This is for administrators", "Your roles do not let you look after this."));
    }
    Ok(desk)
}

/// One who is signed in, whatever they may: the page looks at that itself.
pub(super) async fn signed<'a>(accounts: &'a Accounts, head: &'a Parts) -> Result<Desk<'a>, Response> {
    let signed = accounts.need_signed(head).await?;
    let permissions = accounts.counter.permissions(head, &signed.token).await;
    Ok(Desk { accounts, head, protection: accounts.protection(head), signed, permissions, may_change: false })
}

/// A form that was sent from a page of this server; where it goes is decided by [`Desk::act`].
pub(super) async fn form(accounts: &Arc<Accounts>, request: Request) -> Result<Sent, Response> {
    accounts.form(request).await
}

impl Desk<'_> {
    /// Whether they have a permission, once they have shown a second factor.
    pub(super) fn may(&self, permission: &str) -> bool {
        self.permissions.contains(&permission)
    }

    /// Whether a second factor was shown in this session a moment ago.
    pub(super) fn is_fresh(&self) -> bool {
        let identity = &self.accounts.identity;
        let shown = self.signed.session.record.strong_until.map(|until| until.saturating_sub(identity.settings().strong_ms));
        shown.is_some_and(|shown| identity.now().saturating_sub(shown) < FRESH_MS)
    }

    /// Looks something up.
    pub(super) async fn get(&self, path: &[&str], query: &[(&str, &str)]) -> Result<Done, Refused> {
        let query = query.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        self.ask(Wanted { method: "GET", path: owned(path), query: query.collect(), body: None, version: None }).await
    }

    /// Changes something, when a second factor was shown a moment ago.
    pub(super) async fn act(
        &self,
        method: &'static str,
        path: &[&str],
        body: Option<Value>,
        version: Option<u64>,
    ) -> Result<Done, Refused> {
        self.change(Wanted { method, path: owned(path), query: Vec::new(), body, version }).await
    }

    /// Ends something whose name was said once more, likewise.
    pub(super) async fn end(&self, path: &[&str], confirm: &str) -> Result<Done, Refused> {
        let query = vec![("confirm".to_owned(), confirm.to_owned())];
        self.change(Wanted { method: "DELETE", path: owned(path), query, body: None, version: None }).await
    }

    async fn change(&self, wanted: Wanted) -> Result<Done, Refused> {
        if !self.is_fresh() {
            let problem = "Show first that it is you: enter a code, and send the form again.";
            return Err(Refused { status: 403, problems: vec![problem.to_owned()] });
        }
        self.ask(wanted).await
    }

    async fn ask(&self, wanted: Wanted) -> Result<Done, Refused> {
        self.accounts.counter.ask(self.head, &self.signed.token, wanted).await
    }

    /// A form that changes something, with its button; nothing while no second factor was shown a moment ago.
    pub(super) fn form(&self, action: &str, button: (&str, &str), content: Markup) -> Markup {
        if !self.is_fresh() {
            return html! {};
        }
        let (act, label) = button;
        html! {
            form method="post" action=(action) {
                (self.protection.field())
                (content)
                button type="submit" name="act" value=(act) { (label) }
            }
        }
    }

    /// A page. Where somebody may change something and has not shown a second factor a moment ago, that is asked for first.
    pub(super) fn page(&self, title: &str, problem: Option<&Refused>, content: Markup) -> Response {
        let content = html! {
            @if let Some(refused) = problem { (drawn::problems(&refused.problems)) }
            @if self.may_change && !self.is_fresh() { (proof::asked(self.head, &self.protection)) }
            (content)
            p {
                @if self.head.uri.path() != HOME { a href=(HOME) { "Administration" } " · " }
                a href="/auth/sessions" { "Your account" }
            }
        };
        let status = problem.map_or(StatusCode::OK, |refused| status(refused.status));
        let title = if problem.is_some() { format!("Problem: {title}") } else { title.to_owned() };
        let mut response = Frame { status, is_wide: true, ..Frame::new(&title) }.page(content);
        self.accounts.protect(self.head, &self.protection, &mut response);
        response
    }

    /// What is answered where there is no page to show a problem on.
    pub(super) fn refused(&self, refused: &Refused) -> Response {
        self.page("Administration", Some(refused), html! {})
    }
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|part| (*part).to_owned()).collect()
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What is answered to a form whose button is none of the page.
pub(super) fn unknown_act() -> Refused {
    Refused { status: 400, problems: vec!["This is no form of this page: open the page again, and send its form from there.".to_owned()] }
}
