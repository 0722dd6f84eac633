//! What looked suspicious, read back from the trail for whoever looks into it.

use fhir::{Value, json};
use search::Registry;
use store::commit::Tenant;
use store::contract::{ReadError, Store};
use store::entry::Param;
use store::query::{Filter, Page, Place, Query, Sort, SortBy, Test};

use crate::event::audit_event;
use crate::event::coding::OWN_SYSTEM;
use crate::report::{MOST_LINES, folded, line};

/// The codes of all rules, in the order of their table in [`crate::suspicion`].
pub const RULES: [&str; 10] = [
    "many-charts",
    "many-listed",
    "many-written",
    "many-deletions",
    "many-rights",
    "out-of-hours",
    "unusual-hour",
    "same-name",
    "failed-sign-ins",
    "impossible-travel",
];

/// An alert. Texts are empty where the event has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// The AuditEvent's id.
    pub id: String,
    /// When, as the event has it: an instant in UTC.
    pub at: String,
    /// The rule that found it, one of [`RULES`].
    pub rule: String,
    /// What it found, in words.
    pub reason: String,
    /// The account whose doing it was, by id.
    pub user: String,
    /// The name of whose doing it was.
    pub name: String,
    /// From which address.
    pub address: String,
    /// Whose record: `Patient/12`.
    pub patient: String,
}

/// The alerts of a tenant, the newest first: at most `count` ([`MOST_LINES`]), after `place` when there is one; and where the next page begins, when there is one.
///
/// Fails when the store does.
pub async fn alerts(
    store: &dyn Store,
    registry: &Registry,
    tenant: Tenant,
    place: Option<Place>,
    count: u32,
) -> Result<(Vec<Alert>, Option<Place>), ReadError> {
    found(store, tenant, Filter::Any(RULES.map(|rule| of_rule(registry, rule)).to_vec()), place, count).await
}

/// The alert of an id; `None`: there is none.
///
/// Fails when the store does.
pub async fn alert(store: &dyn Store, registry: &Registry, tenant: Tenant, id: &str) -> Result<Option<Alert>, ReadError> {
    let any = Filter::Any(RULES.map(|rule| of_rule(registry, rule)).to_vec());
    let filter = Filter::All(vec![Filter::Id(vec![id.into()]), any]);
    Ok(found(store, tenant, filter, None, 1).await?.0.pop())
}

async fn found(
    store: &dyn Store,
    tenant: Tenant,
    filter: Filter,
    place: Option<Place>,
    count: u32,
) -> Result<(Vec<Alert>, Option<Place>), ReadError> {
    let query = Query {
        sort: vec![Sort { by: SortBy::Date, descending: true }],
        page: place.map_or(Page::First, Page::After),
        count: count.clamp(1, MOST_LINES),
        ..Query::new(tenant, audit_event(), filter)
    };
    let answer = store.search(&query).await?;
    let texts = answer.matches.iter().filter_map(|version| json::parse(version.text()?).ok());
    Ok((texts.map(|event| of_event(&event)).collect(), answer.next))
}

fn of_rule(registry: &Registry, rule: &str) -> Filter {
    let param = registry.get(audit_event(), "subtype").map_or(Param::of("AuditEvent", "subtype"), |known| known.param);
    let code = folded(registry, "subtype", rule);
    Filter::Match(param, Test::Token { system: Some(OWN_SYSTEM.into()), code: Some(code.into()) })
}

fn of_event(event: &Value) -> Alert {
    let line = line(event);
    let codes = event.list("subtype").filter(|coding| coding.text("system") == Some(OWN_SYSTEM)).filter_map(|coding| coding.text("code"));
    let details = event.list("entity").flat_map(|entity| entity.list("detail"));
    let reason = details.filter(|detail| detail.text("type") == Some("reason")).find_map(|detail| detail.text("valueString"));
    Alert {
        rule: codes.into_iter().find(|code| RULES.contains(code)).unwrap_or_default().to_owned(),
        reason: reason.unwrap_or_default().to_owned(),
        id: line.id,
        at: line.at,
        user: line.user,
        name: line.name,
        address: line.address,
        patient: line.patient,
    }
}
