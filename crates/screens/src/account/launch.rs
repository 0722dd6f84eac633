//! `/auth/launch`: an app is opened from here, with what is open (SMART App Launch 2.2, EHR launch).
//!
//! `patient`, `encounter`, `fhirContext` (a JSON array, as SMART has it) and `intent` in the address say what is open and what is wanted, and `need_patient_banner=false` that the app
//! is shown within a chart that says whose it is; where no patient is named, one is chosen. The app learns of it only when its user agrees, and what it then
//! may see is what its user may see of that: naming a patient opens nothing.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use identity::directory::Kept;
use maud::{Markup, html};
use oauth::authorize::SignedIn;
use oauth::launch::{Item, Opened};
use oauth::{Client, Refusal};

use super::consent::{PATIENT, SEARCH, origin_of, picker};
use super::field::Field;
use super::form::{Sent, parameter};
use super::frame::Frame;
use super::visit::{Signed, to};
use super::{Accounts, Chart, trouble};

const APP: &str = "app";
const ENCOUNTER: &str = "encounter";
const CONTEXT: &str = "fhirContext";
const INTENT: &str = "intent";
/// The field for references of what else is open.
const OTHERS: &str = "others";
const BANNER: &str = "need_patient_banner";
/// How many apps are looked through.
const MOST_APPS: u32 = 1000;

/// What is to be opened, as far as it is said.
#[derive(Default)]
struct Choice {
    patient: Option<String>,
    encounter: Option<String>,
    /// What else is open: JSON as it stands in the address.
    context: Option<String>,
    intent: Option<String>,
    /// `false` where the app is shown within a chart that says whose it is.
    banner: Option<String>,
    /// What else is open, by references with blanks between them, as it was entered.
    others: String,
    search: String,
}

impl Choice {
    /// What the address says.
    fn of_address(head: &Parts) -> Self {
        let said = |name: &str| parameter(head, name);
        let (patient, encounter, context) = (said("patient"), said(ENCOUNTER), said(CONTEXT));
        Self { patient, encounter, context, intent: said(INTENT), banner: said(BANNER), ..Self::default() }
    }

    /// What a form says.
    fn of_form(sent: &Sent) -> Self {
        let said = |name: &str| Some(sent.text(name).trim()).filter(|text| !text.is_empty()).map(str::to_owned);
        let (others, search) = (sent.text(OTHERS).to_owned(), sent.text(SEARCH).to_owned());
        let (context, intent, banner) = (said(CONTEXT), said(INTENT), said(BANNER));
        Self { patient: said(PATIENT), encounter: said(ENCOUNTER), context, intent, banner, others, search }
    }

    /// What is open beside patient and encounter.
    ///
    /// Fails with the rule that it breaks.
    fn items(&self) -> Result<Vec<Item>, Refusal> {
        let mut items = Item::list(self.context.as_deref().unwrap_or_default())?;
        let entered = self.others.split_whitespace().map(|text| Item { reference: Some(text.to_owned()), ..Item::default() });
        items.extend(entered);
        Item::check_all(&items)?;
        Ok(items)
    }
}

/// The apps that can be opened; with `app` in the address, what to open one with.
pub(super) async fn show(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let head = request.into_parts().0;
    let signed = match accounts.need_signed(&head).await {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere,
    };
    let choice = Choice::of_address(&head);
    match parameter(&head, APP) {
        None => list(&accounts, &head, &choice).await,
        Some(app) => match app_of(&accounts, &head, &app).await {
            Ok(app) => page(&accounts, &head, (&signed, &app), &choice, None).await,
            Err(refused) => refused,
        },
    }
}

async fn list(accounts: &Accounts, head: &Parts, choice: &Choice) -> Response {
    let apps = match accounts.provider.list_clients(accounts.requests.tenant(head), MOST_APPS).await {
        Ok(apps) => apps,
        Err(refusal) => return trouble::refused(&refusal),
    };
    let apps: Vec<_> = apps.iter().filter(|kept| kept.record.active && kept.record.launch_uri.is_some()).collect();
    let address = |id: &str| {
        let mut members = vec![(APP, id)];
        members.extend(choice.patient.as_deref().map(|patient| ("patient", patient)));
        let others = [(ENCOUNTER, &choice.encounter), (CONTEXT, &choice.context), (INTENT, &choice.intent), (BANNER, &choice.banner)];
        members.extend(others.into_iter().filter_map(|(name, said)| Some((name, said.as_deref()?))));
        oauth::params::append("/auth/launch", &members)
    };
    Frame::new("Open an app").page(html! {
        @if apps.is_empty() { p { "No app is known here that can be opened from a record." } }
        ul { @for app in &apps { li { a href=(address(&app.id)) { (app.record.name) } } } }
        p { a href="/auth/sessions" { "Your account" } }
    })
}

/// An app that can be opened; what to answer when there is none of this id.
async fn app_of(accounts: &Accounts, head: &Parts, id: &str) -> Result<Kept<Client>, Response> {
    let known =
        accounts.provider.find_client(accounts.requests.tenant(head), id).await.map_err(|refusal: Refusal| trouble::refused(&refusal))?;
    let known = known.filter(|kept| kept.record.active && kept.record.launch_uri.is_some());
    known.ok_or_else(|| {
        trouble::told(StatusCode::NOT_FOUND, "There is no such app", "Choose one of the apps that can be opened, at /auth/launch.")
    })
}

async fn page(
    accounts: &Accounts,
    head: &Parts,
    (signed, app): (&Signed, &Kept<Client>),
    choice: &Choice,
    problem: Option<&str>,
) -> Response {
    let is_asked = choice.patient.is_none() && own_patient(accounts, head, signed).is_none();
    let (charts, trouble) = match is_asked {
        true => match accounts.charts.find(&signed.token, accounts.requests.tenant(head), &choice.search).await {
            Ok(charts) => (Some(charts), None),
            Err(why) => (Some(Vec::new()), Some(why)),
        },
        false => (None, None),
    };
    let protection = accounts.protection(head);
    let content = html! {
        p { "Open " strong { (app.record.name) } " as " (signed.user.record.name) "." }
        form method="post" action="/auth/launch" {
            (protection.field())
            input type="hidden" name=(APP) value=(app.id);
            (about(choice, charts.as_deref()))
            div.buttons { button type="submit" name="act" value="open" { "Open" } }
        }
        p { a href="/auth/launch" { "Another app" } }
    };
    let problem = problem.or(trouble.as_deref()).map(|problem| (StatusCode::UNPROCESSABLE_ENTITY, problem));
    let leads_to = app.record.launch_uri.as_deref().and_then(origin_of);
    let mut response = Frame { leads_to: leads_to.as_deref(), ..Frame::new("Open an app") }.with_problem(problem).page(content);
    accounts.protect(head, &protection, &mut response);
    response
}

/// What is open: said already, or to be chosen.
fn about(choice: &Choice, charts: Option<&[Chart]>) -> Markup {
    let encounter = choice.encounter.as_deref().unwrap_or_default();
    html! {
        @match charts {
            Some(charts) => (picker(charts, &choice.search)),
            None => @if let Some(patient) = &choice.patient {
                input type="hidden" name=(PATIENT) value=(patient);
                p { "With the record of patient " code { (patient) } "." }
            },
        }
        (Field { name: ENCOUNTER, label: "Encounter, by its id", kind: "text", autocomplete: "off", value: encounter, hint: "May stay empty." }.optional())
        @for (name, said) in [(CONTEXT, &choice.context), (BANNER, &choice.banner)] {
            @if let Some(said) = said { input type="hidden" name=(name) value=(said); }
        }
        @if let Some(context) = &choice.context { p { "With what else is open: " code { (context) } "." } }
        (Field { name: OTHERS, label: "What else the app is told of, by references", kind: "text", autocomplete: "off", value: &choice.others, hint: "May stay empty. As ImagingStudy/12, with blanks between them." }.optional())
        (Field { name: INTENT, label: "What for", kind: "text", autocomplete: "off", value: choice.intent.as_deref().unwrap_or_default(), hint: "May stay empty. A word that is agreed with the app, such as reconcile-medications." }.optional())
    }
}

/// Opens an app: the browser is sent to where its launch begins.
pub(super) async fn sent(State(accounts): State<Arc<Accounts>>, request: Request) -> Response {
    let sent = match accounts.form(request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let signed = match accounts.need_signed(&sent.head).await {
        Ok(signed) => signed,
        Err(elsewhere) => return elsewhere,
    };
    let app = match app_of(&accounts, &sent.head, sent.text(APP)).await {
        Ok(app) => app,
        Err(refused) => return refused,
    };
    let choice = Choice::of_form(&sent);
    if sent.text("act") != "open" {
        return page(&accounts, &sent.head, (&signed, &app), &Choice { patient: None, ..choice }, None).await;
    }
    let mut problem = rule_broken(&choice, own_patient(&accounts, &sent.head, &signed).as_deref());
    if let (None, Some(patient)) = (problem, &choice.patient) {
        let found = accounts.charts.by_id(&signed.token, accounts.requests.tenant(&sent.head), patient).await;
        problem = found.map_or(true, |charts| charts.is_empty()).then_some("Choose a patient whom you may see.");
    }
    if let Some(problem) = problem {
        return page(&accounts, &sent.head, (&signed, &app), &Choice { patient: None, ..choice }, Some(problem)).await;
    }
    let others = match choice.items() {
        Ok(others) => others,
        Err(refusal) => return page(&accounts, &sent.head, (&signed, &app), &choice, Some(&refusal.why)).await,
    };
    let patient = own_patient(&accounts, &sent.head, &signed).map(String::from).or(choice.patient);
    let needs_banner = choice.banner.as_deref() != Some("false");
    let opened = Opened { patient, encounter: choice.encounter, others, intent: choice.intent, needs_banner };
    match accounts.provider.launch(&accounts.site(&sent.head), &app.id, &signed.user.id, opened).await {
        Ok(address) => to(&address),
        Err(refusal) => trouble::refused(&refusal),
    }
}

/// Why nothing can be opened so.
fn rule_broken(choice: &Choice, own: Option<&str>) -> Option<&'static str> {
    match (&choice.patient, own) {
        (None, None) => Some("Choose a patient."),
        (Some(patient), Some(own)) if patient != own => Some("A patient opens no record but their own."),
        _ if !choice.patient.iter().chain(&choice.encounter).all(|id| interaction::is_id(id)) => {
            Some("An id has 1 to 64 letters, digits, hyphens and dots.")
        }
        _ => None,
    }
}

/// The patient who somebody is.
fn own_patient(accounts: &Accounts, head: &Parts, signed: &Signed) -> Option<Box<str>> {
    SignedIn::new(&signed.user, &signed.session.record, accounts.requests.tenant(head), accounts.identity.now()).patient
}
