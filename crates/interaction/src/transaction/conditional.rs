//! References by search criteria: `Practitioner?identifier=http://hospital/staff|12`.

use std::collections::HashSet;

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::commit::{Expect, Key};

use crate::bundle::{Address, Entry, Method};
use crate::condition::{self, Choice};
use crate::references::{self, Target};
use crate::transaction::links::Links;
use crate::{Context, Error, codes};

/// Whether what the entries become depends on what a search finds.
pub(super) fn depends_on_search(entries: &[Entry], base_url: &str) -> bool {
    let conditional_create = |entry: &Entry| entry.method == Method::Post && entry.if_none_exist.is_some();
    let conditional_patch = |entry: &Entry| entry.method == Method::Patch && matches!(entry.address, Address::Type(..));
    let by_criteria = |entry: &Entry| conditional_create(entry) || conditional_patch(entry);
    entries.iter().any(by_criteria) || !criteria(entries, base_url).is_empty()
}

/// Resolves all references by search criteria, and makes `links` know where they lead. What comes back must still hold when the
/// transaction is committed.
///
/// [`Error::PreconditionFailed`] names each reference that matches nothing or more than one resource.
pub(super) async fn resolve(ctx: &Context, entries: &[Entry], links: &mut Links) -> Result<Vec<Expect>, Error> {
    let mut expect = Vec::new();
    let mut issues = Vec::new();
    let mut found: Vec<(&str, Key)> = Vec::new();
    for (text, first) in criteria(entries, &ctx.base_url) {
        let filter = condition::parse(ctx, first.kind, first.criteria, &first.expression)?;
        let kind = first.kind.name();
        match condition::choose(ctx, first.kind, &filter).await? {
            Choice::One(version) => {
                expect.push(Expect::OnlyMatch(version.key.clone(), filter));
                found.push((text, version.key));
            }
            Choice::None => {
                let remedy = format!("no {kind} matches these criteria: create it first");
                issues.push(Issue::error(codes::CONDITION_MATCHES_NOTHING, IssueCode::NotFound, first.expression, remedy));
            }
            Choice::Many => {
                let remedy = format!("more than one {kind} matches these criteria: narrow them");
                issues.push(Issue::error(codes::MULTIPLE_MATCHES, IssueCode::MultipleMatches, first.expression, remedy));
            }
        }
    }
    if !issues.is_empty() {
        return Err(Error::PreconditionFailed(issues));
    }
    for (text, key) in found {
        links.resolve_condition(text, key.to_string());
    }
    Ok(expect)
}

/// Where criteria first stand.
struct First<'a> {
    kind: ResourceType,
    criteria: &'a str,
    expression: String,
}

/// The references by criteria in all entries, each text once, in the order in which they first stand.
fn criteria<'a>(entries: &'a [Entry], base_url: &str) -> Vec<(&'a str, First<'a>)> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for entry in entries {
        let Some(resource) = entry.resource.as_ref() else { continue };
        let own = resource.resource_type().and_then(ResourceType::parse);
        references::each(resource, &mut |way, text| {
            // Most references are not: a look at the text spares reading it.
            if !text.contains('?') || seen.contains(text) {
                return;
            }
            if let (Target::Conditional(kind, criteria), Some(own)) = (references::target(text, base_url), own) {
                let expression = entry.at(".resource") + references::expression(own, way).strip_prefix(own.name()).unwrap_or_default();
                seen.insert(text);
                found.push((text, First { kind, criteria, expression }));
            }
        });
    }
    found
}
