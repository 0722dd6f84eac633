//! What all pages of accounts have.

use axum::response::Response;
use fhir::primitive::instant_text;
use http::StatusCode;
use maud::{DOCTYPE, Markup, html};
use store::commit::Instant;

use super::{brand, passkey};
use crate::answer;

/// A page.
pub(super) struct Frame<'a> {
    pub(super) title: &'a str,
    /// What was wrong with what was sent: told before all else.
    pub(super) problem: Option<&'a str>,
    pub(super) status: StatusCode,
    /// Where its forms may lead beside this server: the origin of an app that its user goes back to.
    pub(super) leads_to: Option<&'a str>,
    /// Whether it has tables, and takes more room where there is some.
    pub(super) is_wide: bool,
    /// Whether it has what needs the script for passkeys.
    pub(super) has_script: bool,
}

/// A moment, for people.
pub(super) fn moment(at: Instant) -> Markup {
    let text = instant_text(at);
    let shown = text.get(..16).map(|shown| shown.replace('T', " ")).unwrap_or_default();
    html! { time datetime=(text) { (shown) " UTC" } }
}

impl<'a> Frame<'a> {
    /// A page with this title.
    pub(super) fn new(title: &'a str) -> Self {
        Self { title, problem: None, status: StatusCode::OK, leads_to: None, is_wide: false, has_script: false }
    }

    /// The same with the script for passkeys.
    pub(super) fn with_script(self) -> Self {
        Self { has_script: true, ..self }
    }

    /// The same, saying what was wrong.
    pub(super) fn with_problem(self, problem: Option<(StatusCode, &'a str)>) -> Self {
        match problem {
            Some((status, problem)) => Self { problem: Some(problem), status, ..self },
            None => self,
        }
    }

    /// The answer, with this content.
    pub(super) fn page(&self, content: Markup) -> Response {
        let title = if self.problem.is_some() { format!("Problem: {}", self.title) } else { self.title.to_owned() };
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) " · " (brand::name()) }
                    link rel="stylesheet" href="/assets/style.css";
                    (brand::style_link())
                }
                body {
                    a.skip href="#content" { "Skip to the content" }
                    (brand::bar())
                    main.account.wider[self.is_wide] #content {
                        h1 { (self.title) }
                        // It is always there: fields name it as what describes them ([`super::field`]).
                        div #problem class=[self.problem.map(|_| "problem")] role=[self.problem.map(|_| "alert")] {
                            @if let Some(problem) = self.problem { p { (problem) } }
                        }
                        (content)
                    }
                    @if self.has_script { (passkey::script()) }
                }
            }
        };
        answer::form_page(self.status, page, self.leads_to, self.has_script.then(passkey::source))
    }
}
