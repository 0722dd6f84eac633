//! Reports of the audit trail: by user, patient and period, in the order asked for (ONC 45 CFR 170.315(d)(3)).
//!
//! A report is a search for AuditEvents: it costs what it shows, and whoever asks must be allowed to search for them (hand in the store
//! that their grant stands before).

use fhir::{Value, json};
use search::Registry;
use store::commit::{Instant, Tenant};
use store::contract::{ReadError, Store};
use store::entry::{Param, Span};
use store::query::{Compare, Filter, Page, Place, Query, Sort, SortBy, Test};

use crate::event::audit_event;
use crate::event::coding::USER_SYSTEM;

/// The most lines of a page.
pub const MOST_LINES: u32 = 1000;

/// What a report is about.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Only what this account did, by its id.
    pub user: Option<String>,
    /// Only what touched this patient's record, by their id.
    pub patient: Option<String>,
    /// Only what happened at this moment or later.
    pub from: Option<Instant>,
    /// Only what happened before this moment.
    pub until: Option<Instant>,
    /// Only events of this subtype, by its code: `read`, `create`, `110122` (a sign-in), `denied`.
    pub subtype: Option<String>,
}

/// By what a report is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By the moment, the newest first.
    #[default]
    NewestFirst,
    /// By the moment, the oldest first.
    OldestFirst,
    /// By who did it, then the newest first.
    User,
    /// By whose record, then the newest first.
    Patient,
    /// By what was done, then the newest first.
    Action,
}

/// One line of a report. Texts are empty where the event has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The AuditEvent's id.
    pub id: String,
    /// When, as the event has it: an instant in UTC.
    pub at: String,
    /// The account's id.
    pub user: String,
    /// The name of who did it.
    pub name: String,
    /// From which address.
    pub address: String,
    /// What was done: the subtypes' codes, else the type's, with blanks between them.
    pub action: String,
    /// Whose record: `Patient/12`.
    pub patient: String,
    /// Which resource: `Observation/7/_history/2`.
    pub resource: String,
    /// What came of it: `0` for success, `4` or `8` for a failure.
    pub outcome: String,
    /// What for: a code such as `TREAT`.
    pub purpose: String,
}

/// A page of a report.
#[derive(Clone, Debug)]
pub struct Lines {
    /// The lines; empty when nothing happened.
    pub lines: Vec<Line>,
    /// Where the next page begins; `None`: there is none.
    pub next: Option<Place>,
    /// How many lines there are in all.
    pub total: u64,
}

impl Scope {
    fn filter(&self, registry: &Registry) -> Filter {
        let param = |code: &str| registry.get(audit_event(), code).map_or(Param::of("AuditEvent", code), |known| known.param);
        let token = |code: &str, system: Option<&str>, value: &str| {
            Filter::Match(param(code), Test::Token { system: system.map(Box::from), code: Some(value.into()) })
        };
        let date = |compare, at| Filter::Match(param("date"), Test::Date(compare, Span { first: at, last: at }));
        let mut all = Vec::new();
        all.extend(self.user.as_deref().map(|user| token("_tag", Some(USER_SYSTEM), &folded(registry, "_tag", user))));
        all.extend(self.patient.as_deref().map(|id| Filter::Match(param("patient"), Test::Local(format!("Patient/{id}").into()))));
        all.extend(self.from.map(|at| date(Compare::GreaterOrEqual, at)));
        all.extend(self.until.map(|at| date(Compare::Less, at)));
        all.extend(self.subtype.as_deref().map(|code| token("subtype", None, &folded(registry, "subtype", code))));
        Filter::All(all)
    }
}

/// A code as the parameter has it in its entries.
pub(crate) fn folded(registry: &Registry, code: &str, value: &str) -> String {
    let folds = registry.get(audit_event(), code).is_some_and(|parameter| parameter.folds_case);
    if folds { value.to_lowercase() } else { value.to_owned() }
}

impl Order {
    fn sort(self) -> Vec<Sort> {
        let by = |code: &str| Sort { by: SortBy::Params(vec![Param::of("AuditEvent", code)]), descending: false };
        let newest = Sort { by: SortBy::Date, descending: true };
        match self {
            Order::NewestFirst => vec![newest],
            Order::OldestFirst => vec![Sort { descending: false, ..newest }],
            Order::User => vec![by("agent-name"), newest],
            Order::Patient => vec![by("patient"), newest],
            Order::Action => vec![by("subtype"), newest],
        }
    }
}

/// A page of a report: at most `count` lines ([`MOST_LINES`]), after `place` when there is one.
///
/// Fails when the store does.
pub async fn report(
    store: &dyn Store,
    registry: &Registry,
    tenant: Tenant,
    scope: &Scope,
    (order, place): (Order, Option<Place>),
    count: u32,
) -> Result<Lines, ReadError> {
    let query = Query {
        sort: order.sort(),
        page: place.map_or(Page::First, Page::After),
        count: count.clamp(1, MOST_LINES),
        total: true,
        ..Query::new(tenant, audit_event(), scope.filter(registry))
    };
    let answer = store.search(&query).await?;
    let texts = answer.matches.iter().filter_map(|version| json::parse(version.text()?).ok());
    Ok(Lines { lines: texts.map(|event| line(&event)).collect(), next: answer.next, total: answer.total.unwrap_or(0) })
}

/// The line of an event.
pub(crate) fn line(event: &Value) -> Line {
    let text = |value: &Value, name: &str| value.text(name).unwrap_or_default().to_owned();
    let tags = event.get("meta").into_iter().flat_map(|meta| meta.list("tag"));
    let user = tags.filter(|tag| tag.text("system") == Some(USER_SYSTEM)).find_map(|tag| tag.text("code")).unwrap_or_default();
    let address = event.list("agent").filter_map(|agent| agent.get("network")).find(|network| network.text("type") != Some("5"));
    let codes: Vec<&str> = event.list("subtype").chain(event.get("type")).filter_map(|coding| coding.text("code")).collect();
    let action = codes
        .split_last()
        .map_or("".to_owned(), |(kind, subtypes)| if subtypes.is_empty() { (*kind).to_owned() } else { subtypes.join(" ") });
    let entity = |role: &str| {
        let of_role = |entity: &&Value| entity.get("role").and_then(|coding| coding.text("code")) == Some(role);
        event.list("entity").find(of_role).and_then(|entity| entity.get("what")?.text("reference")).unwrap_or_default().to_owned()
    };
    let purpose = event.list("purposeOfEvent").flat_map(|concept| concept.list("coding")).find_map(|coding| coding.text("code"));
    Line {
        id: text(event, "id"),
        at: text(event, "recorded"),
        user: user.to_owned(),
        name: event.list("agent").find_map(|agent| agent.text("name")).unwrap_or_default().to_owned(),
        address: address.map(|network| text(network, "address")).unwrap_or_default(),
        action,
        patient: entity("1"),
        resource: entity("4"),
        outcome: text(event, "outcome"),
        purpose: purpose.unwrap_or_default().to_owned(),
    }
}
