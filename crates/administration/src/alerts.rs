//! What looked suspicious, and what came of looking into it.

use audit::alerts::{Alert, alert, alerts};
use fhir::primitive::instant_text;
use fhir::{IssueCode, Object, Value};
use identity::chronicle::{Deed, Told};
use identity::directory::{Changes, DirectoryError, Record};
use serde::{Deserialize, Serialize};
use store::commit::{Instant, Tenant};

use crate::asked::{Asked, Reply};
use crate::codes;
use crate::cursor::{Asking, page};
use crate::desk::Desk;
use crate::form::Form;
use crate::refusal::Refusal;

/// How long a note is: letters.
const NOTE_LETTERS: std::ops::RangeInclusive<usize> = 3..=500;

/// How many alerts a page has at most: of each it is read what came of it.
const MOST: u32 = 100;

/// What came of an alert.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Acknowledged {
    tenant: u32,
    /// The alert, by the id of its AuditEvent.
    alert: String,
    /// The account of who looked into it, and its name.
    by: Option<String>,
    name: String,
    at: Instant,
    note: String,
}

impl Record for Acknowledged {
    const KIND: &'static str = "alert-acknowledged";

    fn groups(&self) -> Vec<(&'static str, String)> {
        vec![("tenant", self.tenant.to_string())]
    }
}

fn id_of(tenant: Tenant, alert: &str) -> String {
    format!("a-{}-{alert}", tenant.0)
}

pub(crate) async fn list(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    let only_open = match asked.param("open") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Refusal::wrong("open", "it is `true` or `false`")),
    };
    let asking = Asking::of(asked)?;
    let store = desk.identity.directory().store();
    let (found, next) = alerts(&**store, &desk.rules.registry(), asked.tenant(), asking.after, asking.count.min(MOST)).await?;
    let mut entries = Vec::new();
    for alert in &found {
        let known = desk.identity.directory().get::<Acknowledged>(&id_of(asked.tenant(), &alert.id)).await?;
        if known.is_none() || !only_open {
            entries.push(shown(alert, known.map(|kept| kept.record).as_ref()));
        }
    }
    let told = format!("{} alerts", entries.len());
    Ok(Reply::ok(page("alerts", entries, next.as_ref()), told))
}

pub(crate) async fn acknowledge(desk: &Desk, asked: &Asked, ids: Vec<&str>) -> Result<Reply, Refusal> {
    let mut form = Form::of(asked.body.as_ref(), &["note"])?;
    let note = form.required("note").trim().to_owned();
    form.finish()?;
    if !NOTE_LETTERS.contains(&note.chars().count()) {
        return Err(Refusal::wrong("note", "say what came of it in 3 to 500 letters"));
    }
    let store = desk.identity.directory().store();
    let found = alert(&**store, &desk.rules.registry(), asked.tenant(), ids[0]).await?;
    let alert = found.ok_or_else(|| Refusal::not_found("alert"))?;
    let who = asked.who();
    if who.user.as_deref().is_some_and(|user| user == alert.user) {
        return Err(Refusal::of(403, IssueCode::Forbidden, codes::OWN_RIGHTS, "the alert is about you: somebody else looks into it"));
    }
    let by = who.user.as_deref().map(str::to_owned);
    let done =
        Acknowledged { tenant: asked.tenant().0, alert: alert.id.clone(), by, name: who.name.to_string(), at: desk.identity.now(), note };
    let words = format!("{} ({}): {}", alert.id, alert.rule, done.note);
    let deed = Deed::of_server(done.at, [asked.tenant()], "an alert was looked into").about(words.as_str());
    let changes = Changes::new("alert is acknowledged", Told::Errand(vec![deed])).of(words.as_str());
    let changes = changes.create(&id_of(asked.tenant(), &alert.id), &done);
    match desk.identity.directory().apply(changes).await {
        Ok(()) => Ok(Reply::ok(shown(&alert, Some(&done)), words)),
        Err(DirectoryError::Raced) => {
            let what = "somebody has looked into this alert already: read it again";
            Err(Refusal::of(409, IssueCode::Conflict, codes::NOT_CURRENT, what))
        }
        Err(error) => Err(error.into()),
    }
}

fn shown(alert: &Alert, done: Option<&Acknowledged>) -> Value {
    let mut shown = Object::new();
    let texts = [
        ("id", &alert.id),
        ("at", &alert.at),
        ("rule", &alert.rule),
        ("reason", &alert.reason),
        ("user", &alert.user),
        ("name", &alert.name),
        ("address", &alert.address),
        ("patient", &alert.patient),
    ];
    texts.into_iter().filter(|(_, text)| !text.is_empty()).for_each(|(name, text)| shown.push(name, text.as_str()));
    if let Some(done) = done {
        let mut acknowledged = Object::from_iter([("at", Value::from(instant_text(done.at))), ("name", done.name.as_str().into())]);
        if let Some(by) = &done.by {
            acknowledged.push("by", by.as_str());
        }
        acknowledged.push("note", done.note.as_str());
        shown.push("acknowledged", acknowledged);
    }
    shown.into()
}
