//! The parameters of a history (<http://hl7.org/fhir/R4/http.html#history>).

use fhir::definitions::ResourceType;
use fhir::primitive::Temporal;
use fhir::{Issue, IssueCode};
use store::commit::Instant;
use store::query::Scope;

use crate::history::{HistoryRequest, token};
use crate::summary::Selection;
use crate::{Context, Error, codes};

/// What a history's parameters ask for.
pub(super) struct Parameters {
    pub(super) count: u32,
    pub(super) since: Option<Instant>,
    /// The first and the last moment of the time that `_at` names.
    pub(super) at: Option<(Instant, Instant)>,
    pub(super) page: Option<u64>,
    pub(super) selection: Selection,
}

/// Understands them. [`Error::BadRequest`] names every one that is unknown, malformed or given twice.
pub(super) fn parse(ctx: &Context, request: &HistoryRequest) -> Result<Parameters, Error> {
    let mut found = Parameters { count: ctx.settings().default_count, since: None, at: None, page: None, selection: Selection::Whole };
    let mut issues = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for (name, value) in &request.params {
        let result = if seen.contains(&name.as_str()) { Err("it is given more than once") } else { found.read(ctx, name, value) };
        seen.push(name);
        if let Err(rule) = result {
            // A name that is none of these may be anything, and is not repeated.
            let named = KNOWN.iter().find(|known| *known == name).map_or_else(String::new, |known| format!("`{known}`: "));
            issues.push(Issue::error(codes::HISTORY_PARAMETER, IssueCode::Value, "", format!("{named}{rule}")));
        }
    }
    if let Some((_, token)) = request.params.iter().find(|(name, _)| name == "_page") {
        match token::decode(ctx, request, token) {
            Ok(row) => found.page = Some(row),
            Err(issue) => issues.push(issue),
        }
    }
    if !issues.is_empty() {
        return Err(Error::BadRequest(issues));
    }
    if request.params.iter().any(|(name, value)| name == "_summary" && value == "count") {
        found.count = 0;
    } else {
        found.selection = Selection::of_params(kind(&request.scope), &request.params)?;
    }
    Ok(found)
}

const KNOWN: [&str; 10] = ["_count", "_since", "_at", "_page", "_sort", "_list", "_summary", "_elements", "_format", "_pretty"];

fn kind(scope: &Scope) -> Option<ResourceType> {
    match scope {
        Scope::Instance(key) => Some(key.kind),
        Scope::Type(kind) => Some(*kind),
        Scope::System => None,
    }
}

impl Parameters {
    fn read(&mut self, ctx: &Context, name: &str, value: &str) -> Result<(), &'static str> {
        const INSTANT: &str = "a date or an instant, such as 2026-11-21T08:00:00Z";
        match name {
            "_count" => {
                let count: u32 = value.parse().map_err(|_| "a whole number: how many versions a page has")?;
                self.count = count.min(ctx.settings().max_count);
            }
            "_since" => self.since = Some(Temporal::parse(value).ok_or(INSTANT)?.first_ms()),
            "_at" => {
                let at = Temporal::parse(value).ok_or(INSTANT)?;
                self.at = Some((at.first_ms(), at.last_ms()));
            }
            "_sort" if matches!(value, "none" | "-_lastUpdated") => {}
            "_sort" => return Err("a history is newest first: -_lastUpdated, or none"),
            "_list" => return Err("a history is not narrowed by a list here: search with _list, and read the history of what it finds"),
            // How to answer is not this room's business; what to send, and from where, is read at the end.
            "_format" | "_pretty" | "_summary" | "_elements" | "_page" => {}
            _ => return Err("a history has the parameters _count, _since, _at, _sort, _summary, _elements, and _page from its next link"),
        }
        Ok(())
    }
}
