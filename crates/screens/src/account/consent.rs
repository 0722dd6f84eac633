//! `/auth/authorize`: an app asks, its user signs in, chooses what it may do and about whom, and is sent back (RFC 6749, section 4.1; SMART App Launch 2.2).
//!
//! Nothing is kept of a request while its user thinks: the form brings it along, and it is read again.

mod encounter;
mod scopes;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use maud::{Markup, html};
use oauth::authorize::{Asked, Decision, Denied, Done, SignedIn, Step};
use oauth::{Earlier, Params};

use self::scopes::{PART, SCOPE, Ticked, boxes};
use super::form::{self, Protection, Sent};
use super::frame::Frame;
use super::visit::{Signed, to};
use super::{Accounts, Chart, trouble};

/// The names of the fields that are this page's own; all others are the app's.
pub(super) const PATIENT: &str = "ward_patient";
pub(super) const SEARCH: &str = "ward_search";
const DECISION: &str = "ward_decision";
/// Since when the app asks: who has to sign in anew has to do so after that.
const BEGAN: &str = "ward_began";

/// What is asked, and how its form goes on.
pub(super) struct Question<'a> {
    pub(super) asked: &'a Asked,
    /// Where the form goes.
    pub(super) action: &'a str,
    /// What the form brings along.
    pub(super) brought: Vec<(&'a str, &'a str)>,
}

/// What a user has said so far.
#[derive(Default)]
pub(super) struct Answered {
    /// What is ticked; `None`: the form is shown for the first time, with what the user chose when the app last asked.
    pub(super) ticked: Option<Ticked>,
    /// Words of a search for patients.
    pub(super) search: String,
    pub(super) problem: Option<&'static str>,
}

/// An app asks.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    let pairs = search::url::query_pairs(head.uri.query().unwrap_or_default()).unwrap_or_default();
    let (own, theirs): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == BEGAN);
    let params = match Params::new(theirs) {
        Ok(params) => params,
        Err(refusal) => return trouble::refused(&refusal),
    };
    let now = accounts.identity.now();
    // It is no secret, and whoever writes another only makes themselves sign in again, or not: an app learns when its user did.
    let began = own.first().and_then(|(_, began)| began.parse().ok()).filter(|began| (now - 600_000..=now).contains(began));
    go_on(&accounts, &head, &params, began, None).await
}

/// Its user answers; or the app asks with a form in place of a link (SMART's `authorize-post`), which is made a link.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match form::foreign(request).await {
        Ok(sent) if !sent.has(form::TOKEN) => {
            let pairs: Vec<_> = sent.pairs().filter(|(name, _)| !name.starts_with("ward_")).collect();
            return to(&oauth::params::append("/auth/authorize", &pairs));
        }
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    if !accounts.is_own_form(&sent) {
        return form::out_of_date();
    }
    let own = [SCOPE, PART, PATIENT, SEARCH, DECISION, BEGAN, encounter::ENCOUNTER, encounter::AFTER, form::TOKEN];
    let theirs = sent.pairs().filter(|(name, _)| !own.contains(name)).map(|(name, value)| (name.to_owned(), value.to_owned()));
    let params = match Params::new(theirs) {
        Ok(params) => params,
        Err(refusal) => return trouble::refused(&refusal),
    };
    let began = sent.text(BEGAN).parse().ok();
    go_on(&accounts, &sent.head, &params, began, Some(&sent)).await
}

async fn go_on(accounts: &Accounts, head: &Parts, params: &Params, began: Option<i64>, sent: Option<&Sent>) -> Response {
    let asked = match accounts.provider.begin(&accounts.site(head), params).await {
        Ok(asked) => asked,
        Err(denied) => return deny(&denied),
    };
    let signed = match accounts.signed(head).await {
        Ok(signed) => signed,
        Err(error) => return trouble::page(&error),
    };
    let now = accounts.identity.now();
    let began_text = began.unwrap_or(now).to_string();
    let question =
        Question { asked: &asked, action: "/auth/authorize", brought: params.iter().chain([(BEGAN, began_text.as_str())]).collect() };
    match decide(accounts, head, &question, signed, began.unwrap_or(now), sent).await {
        Some(response) => response,
        None => {
            let back = oauth::params::append("/auth/authorize", &question.brought);
            let mut members = vec![("next", back.as_str())];
            members.extend(asked.login_hint.as_deref().map(|hint| ("login_hint", hint)));
            to(&oauth::params::append("/auth/sign-in", &members))
        }
    }
}

/// Goes on with a question: asks it, or does what its user has decided; `None`: they have to sign in first.
pub(super) async fn decide(
    accounts: &Accounts,
    head: &Parts,
    question: &Question<'_>,
    signed: Option<Signed>,
    began: i64,
    sent: Option<&Sent>,
) -> Option<Response> {
    let (site, now, asked) = (accounts.site(head), accounts.identity.now(), question.asked);
    let who = signed.as_ref().map(|signed| SignedIn::new(&signed.user, &signed.session.record, site.tenant, now));
    let step = match asked.step(&site, who.as_ref(), began, now) {
        Ok(step) => step,
        Err(denied) => return Some(deny(&denied)),
    };
    let (Some(signed), Some(who)) = (signed, who) else { return None };
    let decision = match (step, sent) {
        (Step::SignIn, _) => return None,
        (Step::Grant, _) => Decision { scopes: asked.scopes.clone(), ..Decision::default() },
        (Step::Ask { patient }, None) => return Some(page(accounts, head, question, (&signed, patient), Answered::default()).await),
        (Step::Ask { patient }, Some(sent)) => match chosen(accounts, head, &signed, decision(asked, sent, patient)).await {
            Ok(decided) => match encounter::chosen(accounts, head, question, (&signed, &who), decided, sent).await {
                Ok(decision) => decision,
                Err(asks) => return Some(asks),
            },
            Err(answered) => return Some(page(accounts, head, question, (&signed, patient), answered).await),
        },
    };
    let refuses = sent.is_some_and(|sent| sent.text(DECISION) == "refuse");
    let done = match refuses {
        true => accounts.provider.refuse(&site, asked).await,
        false => accounts.provider.finish(&site, asked, &who, began, &decision).await,
    };
    Some(match done {
        Ok(Done::Redirect(address)) => to(&address),
        Ok(Done::Device) => Frame::new("Done").page(html! { p { "You can go back to your device." } }),
        Err(denied) => deny(&denied),
    })
}

/// The same decision when its patient is one whom the user may see.
async fn chosen(
    accounts: &Accounts,
    head: &Parts,
    signed: &Signed,
    decided: Result<(Decision, Ticked), Answered>,
) -> Result<(Decision, Ticked), Answered> {
    let (decision, ticked) = decided?;
    let Some(patient) = &decision.patient else { return Ok((decision, ticked)) };
    match accounts.charts.by_id(&signed.token, accounts.requests.tenant(head), patient).await {
        Ok(charts) if !charts.is_empty() => Ok((decision, ticked)),
        _ => Err(Answered { ticked: Some(ticked), problem: Some("Choose a patient whom you may see."), ..Answered::default() }),
    }
}

/// What a user has decided; what to ask again when they have not.
fn decision(asked: &Asked, sent: &Sent, needs_patient: bool) -> Result<(Decision, Ticked), Answered> {
    let ticked = Ticked::of(sent);
    let patient = Some(sent.text(PATIENT)).filter(|id| !id.is_empty()).map(str::to_owned);
    let problem = match sent.text(DECISION) {
        "refuse" => return Ok((Decision::default(), ticked)),
        "allow" | encounter::MORE if ticked.are_none() => Some("Tick what the app may do, or refuse."),
        "allow" | encounter::MORE if needs_patient && patient.is_none() => Some("Choose a patient."),
        "allow" | encounter::MORE => return Ok((Decision { scopes: ticked.granted(asked), patient, encounter: None }, ticked)),
        _ => None,
    };
    Err(Answered { ticked: Some(ticked), search: sent.text(SEARCH).to_owned(), problem })
}

async fn page(
    accounts: &Accounts,
    head: &Parts,
    question: &Question<'_>,
    (signed, needs_patient): (&Signed, bool),
    answered: Answered,
) -> Response {
    let asked = question.asked;
    let (charts, mut problem) = match needs_patient {
        true => match accounts.charts.find(&signed.token, accounts.requests.tenant(head), &answered.search).await {
            Ok(charts) => (charts, None),
            Err(why) => (Vec::new(), Some(why)),
        },
        false => (Vec::new(), None),
    };
    problem = answered.problem.map(str::to_owned).or(problem);
    let (site, now) = (accounts.site(head), accounts.identity.now());
    let who = SignedIn::new(&signed.user, &signed.session.record, site.tenant, now);
    let earlier = match accounts.provider.earlier(&site, asked, &who).await {
        Ok(earlier) => earlier,
        Err(refusal) => return trouble::refused(&refusal),
    };
    let protection = accounts.protection(head);
    let content = html! {
        p { strong { (asked.client.record.name) } " asks to use your account, " (signed.user.record.name) " (" (signed.user.record.login) ")." }
        (form(question, &protection, (&answered, &earlier), needs_patient.then_some(&charts)))
        p { "Not you? " a href=(sign_in_again(head)) { "Sign in as somebody else" } }
    };
    let problem = problem.as_deref().map(|problem| (StatusCode::UNPROCESSABLE_ENTITY, problem));
    let leads_to = app_origin(asked);
    let mut response =
        Frame { leads_to: leads_to.as_deref(), ..Frame::new("May this app use your account?") }.with_problem(problem).page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

fn form(
    question: &Question<'_>,
    protection: &Protection,
    (answered, earlier): (&Answered, &Earlier),
    charts: Option<&Vec<Chart>>,
) -> Markup {
    let asked = question.asked;
    let ticked = answered.ticked.clone().unwrap_or_else(|| Ticked::earlier(asked, earlier));
    html! {
        form method="post" action=(question.action) {
            (protection.field())
            @for (name, value) in &question.brought { input type="hidden" name=(name) value=(value); }
            (boxes(asked, &ticked, earlier))
            @if !asked.left_out.is_empty() {
                p.hint { "It also asked for what it may not have: " @for scope in &asked.left_out { code { (scope) } " " } }
            }
            @if let Some(charts) = charts { (picker(charts, &answered.search)) }
            div.buttons {
                button type="submit" name=(DECISION) value="allow" { "Allow" }
                button.quiet type="submit" name=(DECISION) value="refuse" { "Refuse" }
            }
        }
    }
}

pub(super) fn picker(charts: &[Chart], search: &str) -> Markup {
    html! {
        fieldset {
            legend { "About which patient" }
            div.field {
                label for=(SEARCH) { "Name or number" }
                input id=(SEARCH) name=(SEARCH) type="search" value=(search) autocomplete="off" maxlength="200";
                // It is the first button that the key Enter in the field presses, were it not for the decision's: so a search decides nothing.
                button.quiet type="submit" name=(DECISION) value="search" { "Search" }
            }
            @if charts.is_empty() { p.hint { "Nobody whom you may see is called so." } }
            @for chart in charts {
                div.choice {
                    input type="radio" id={ "patient-" (chart.id) } name=(PATIENT) value=(chart.id);
                    label for={ "patient-" (chart.id) } { (chart.name) " " span.hint { (chart.details) } }
                }
            }
        }
    }
}

/// The origin of the app that a form's answer leads to: the browser has to allow it.
fn app_origin(asked: &Asked) -> Option<String> {
    let oauth::authorize::ReplyTo::Redirect { uri, .. } = &asked.reply_to else { return None };
    origin_of(uri)
}

/// The origin of an address, or its scheme when that is an app's own.
pub(super) fn origin_of(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once(':')?;
    match rest.strip_prefix("//") {
        Some(rest) if scheme.starts_with("http") => Some(format!("{scheme}://{}", rest.split(['/', '?', '#']).next().unwrap_or_default())),
        _ => Some(format!("{scheme}:")),
    }
}

fn sign_in_again(head: &Parts) -> String {
    let here = head.uri.path_and_query().map_or("/auth/sessions", |path| path.as_str());
    oauth::params::append("/auth/sign-in", &[("next", here)])
}

/// Tells who has to be told that it was refused.
fn deny(denied: &Denied) -> Response {
    match denied {
        Denied::Shown(refusal) => trouble::refused(refusal),
        Denied::Redirect(address, _) => to(address),
    }
}
