//! The audit trail: what happened, and how far it is proven. Both are for whoever may search AuditEvents, by the rules for them.

use access::{Act, Gate, Verdict};
use audit::report::{Line, Order, Scope};
use fhir::definitions::ResourceType;
use fhir::primitive::{Temporal, instant_text};
use fhir::{IssueCode, Object, Value, object};
use identity::secret::hex;
use search::Live;
use store::commit::Instant;

use crate::asked::{Asked, Reply};
use crate::codes;
use crate::cursor::{Asking, page};
use crate::desk::Desk;
use crate::refusal::Refusal;

pub(crate) async fn report(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    may_search(asked)?;
    let asking = Asking::of(asked)?;
    let given = |name: &str| asked.param(name).filter(|value| !value.is_empty()).map(str::to_owned);
    let scope = Scope {
        user: given("user"),
        patient: given("patient"),
        from: moment(asked, "from")?,
        until: moment(asked, "until")?,
        subtype: given("action"),
    };
    let registry = desk.rules.registry();
    // The trail as whoever asks may see it.
    let gate = Gate::new(desk.identity.directory().store().clone(), Live::from(registry.clone()), asked.grant.clone());
    let order = (Order::NewestFirst, asking.after);
    let found = audit::report::report(&gate, &registry, asked.tenant(), &scope, order, asking.count).await?;
    let told = format!("a report of {} rows", found.lines.len());
    let mut body = page("rows", found.lines.iter().map(shown).collect(), found.next.as_ref());
    if let Some(members) = body.as_object_mut() {
        members.push("total", found.total);
    }
    Ok(Reply::ok(body, told))
}

pub(crate) async fn checkpoint(desk: &Desk, asked: &Asked, _: Vec<&str>) -> Result<Reply, Refusal> {
    may_search(asked)?;
    let last = desk.proofs.as_ref().and_then(|proofs| proofs.last(asked.tenant()));
    let last = last.ok_or_else(|| Refusal::not_found("checkpoint: one is signed within a minute of the first event"))?;
    let body = object! {
        "number": last.number,
        "events": last.size,
        "root": hex(&last.root),
        "at": instant_text(last.at),
    };
    Ok(Reply::ok(body, format!("checkpoint {}", last.number)))
}

/// Fails unless whoever asks may search all AuditEvents.
fn may_search(asked: &Asked) -> Result<(), Refusal> {
    let kind = ResourceType::parse("AuditEvent");
    match kind.is_some_and(|kind| matches!(asked.grant.verdict(kind, Act::Search), Verdict::Allowed)) {
        true => Ok(()),
        false => {
            let what = "no rule lets you search the audit trail: it is for auditors";
            Err(Refusal::of(403, IssueCode::Forbidden, codes::NO_TRAIL, what))
        }
    }
}

fn moment(asked: &Asked, name: &str) -> Result<Option<Instant>, Refusal> {
    let Some(text) = asked.param(name).filter(|text| !text.is_empty()) else { return Ok(None) };
    let found = Temporal::parse(text).map(|moment| moment.first_ms());
    found.map(Some).ok_or_else(|| Refusal::wrong(name, "it is a day such as 2026-12-31, or a moment such as 2026-12-31T23:59:59Z"))
}

fn shown(line: &Line) -> Value {
    let texts = [
        ("id", &line.id),
        ("at", &line.at),
        ("user", &line.user),
        ("name", &line.name),
        ("address", &line.address),
        ("action", &line.action),
        ("patient", &line.patient),
        ("resource", &line.resource),
        ("outcome", &line.outcome),
        ("purpose", &line.purpose),
    ];
    let there = texts.into_iter().filter(|(_, text)| !text.is_empty());
    Value::from(there.map(|(name, text)| (name, Value::from(text.as_str()))).collect::<Object>())
}
