//! References by search criteria: `Practitioner?identifier=http://hospital/staff|12`.
//!
//! They are resolved last, as FHIR orders it (<http://hl7.org/fhir/R4/http.html#trules>): to what matches once all entries are done.

use std::collections::HashSet;

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode};
use store::commit::{Expect, Key};
use store::query::Filter;

use crate::alone::passes_alone;
use crate::bundle::{Address, Entry};
use crate::condition::{self, Choice};
use crate::references::{self, Target};
use crate::transaction::identity::Identity;
use crate::transaction::links::Links;
use crate::{Context, Error, codes};

/// Whether what the entries become depends on what a search finds.
pub(super) fn depends_on_search(entries: &[Entry], base_url: &str) -> bool {
    let by_criteria = |entry: &Entry| entry.if_none_exist.is_some() || matches!(entry.address, Address::Type(_, Some(_)));
    entries.iter().any(by_criteria) || !criteria(entries, base_url).is_empty()
}

/// Resolves all references by search criteria, and makes `links` know where they lead. What comes back must still hold when the
/// transaction is committed.
///
/// [`Error::PreconditionFailed`] names each reference that matches nothing or more than one resource.
pub(super) async fn resolve(ctx: &Context, entries: &[Entry], identities: &[Identity], links: &mut Links) -> Result<Vec<Expect>, Error> {
    let mut expect = Vec::new();
    let mut issues = Vec::new();
    let mut found: Vec<(&str, Key)> = Vec::new();
    let touched: HashSet<&Key> = identities.iter().filter(|identity| !is_there_before(identity)).flat_map(Identity::keys).collect();
    for (text, first) in criteria(entries, &ctx.base_url) {
        let filter = condition::parse(ctx, first.kind, first.criteria, &first.expression).await?;
        let mut matching = written(ctx, entries, identities, first.kind, &filter);
        let kind = first.kind.name();
        let choice = condition::choose(ctx, first.kind, &filter).await?;
        let is_ambiguous = matches!(choice, Choice::Many);
        match choice {
            Choice::One(version) => {
                if !touched.contains(&version.key) {
                    matching.push(version.key.clone());
                }
                expect.push(Expect::OnlyMatch(version.key, filter));
            }
            Choice::None => expect.push(Expect::NoMatch(first.kind, filter)),
            Choice::Many => {}
        }
        match matching.as_slice() {
            [one] if !is_ambiguous => found.push((text, one.clone())),
            [] if !is_ambiguous => {
                let remedy = format!("no {kind} matches these criteria: create it first, or in the same transaction");
                issues.push(Issue::error(codes::CONDITION_MATCHES_NOTHING, IssueCode::NotFound, first.expression, remedy));
            }
            _ => {
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

/// Whether the store's version says what matches. That of a patch is what it was: its own references are resolved before it is applied.
fn is_there_before(identity: &Identity) -> bool {
    matches!(identity, Identity::Found(_) | Identity::Patch(_))
}

/// The resources that this transaction writes and that match. Chained criteria do not see each other's resources here.
fn written(ctx: &Context, entries: &[Entry], identities: &[Identity], kind: ResourceType, filter: &Filter) -> Vec<Key> {
    let matches = |(entry, identity): (&Entry, &Identity)| {
        let (Identity::New(key) | Identity::Put(key), Some(resource)) = (identity, &entry.resource) else { return None };
        if key.kind != kind {
            return None;
        }
        passes_alone(ctx, key, resource, filter).then(|| key.clone())
    };
    entries.iter().zip(identities).filter_map(matches).collect()
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
