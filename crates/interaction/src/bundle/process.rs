//! batch and transaction: the entries of a Bundle (<http://hl7.org/fhir/R4/http.html#transaction>).

use bytes::Bytes;
use fhir::{Issue, IssueCode, Severity, Value};

use crate::bundle::{Answer, BundleText, Entry, EntryText, ResponseText};
use crate::{Context, Error, batch, codes, transaction};

/// What a client wants back for what it writes: `Prefer: return=…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returning {
    /// Where it is now.
    Minimal,
    /// The resource.
    Representation,
    /// What is worth knowing about it.
    OperationOutcome,
}

/// Does the entries of `bundle`, and answers the Bundle that says what became of each, in the same order: of type batch, each on its own;
/// of type transaction, all or none.
///
/// [`Error::BadRequest`] when it is no such Bundle, has more entries than the settings allow, or when an entry of a transaction is
/// malformed, and then the errors of the interactions for a transaction. A batch's entries fail on their own, in the answer.
pub async fn process(ctx: &Context, mut bundle: Value, returning: Returning) -> Result<Bytes, Error> {
    let kind = match (bundle.resource_type(), bundle.text("type")) {
        (Some("Bundle"), Some("transaction")) => "transaction-response",
        (Some("Bundle"), Some("batch")) => "batch-response",
        _ => {
            let remedy = "here goes a Bundle of type batch or transaction; a single resource goes to the address of its type";
            return Err(Error::BadRequest(vec![Issue::error(codes::NOT_A_BATCH, IssueCode::Invalid, "Bundle.type", remedy)]));
        }
    };
    let mut entries = entries(ctx, &mut bundle)?;
    check_envelope(&bundle, &mut entries)?;
    let with_resource = returning == Returning::Representation;
    let mut answers = if kind == "batch-response" {
        batch::batch(ctx, entries, with_resource).await
    } else {
        transaction::transaction(ctx, all_or_none(entries)?, with_resource).await?
    };
    if returning == Returning::OperationOutcome {
        answers.iter_mut().filter(|answer| answer.location.is_some() && answer.issues.is_empty()).for_each(|answer| {
            answer.issues.push(all_well());
        });
    }
    Ok(response(ctx, kind, &answers))
}

/// What an OperationOutcome says when there is nothing to say: it has at least one issue.
pub fn all_well() -> Issue {
    Issue::error(codes::ALL_WELL, IssueCode::Informational, "", "done, and nothing to remark").with_severity(Severity::Information)
}

type Read = Result<Entry, Vec<Issue>>;

fn entries(ctx: &Context, bundle: &mut Value) -> Result<Vec<Read>, Error> {
    let Some(items) = bundle.as_object_mut().and_then(|bundle| bundle.get_mut("entry")) else { return Ok(Vec::new()) };
    let Value::Array(items) = items else { return Ok(Vec::new()) };
    let most = ctx.settings().max_bundle_entries;
    if items.len() > most {
        let remedy = format!("a Bundle may have {most} entries here, this one has {}: split it", items.len());
        return Err(Error::BadRequest(vec![Issue::error(codes::TOO_MANY_ENTRIES, IssueCode::TooCostly, "Bundle.entry", remedy)]));
    }
    let now = ctx.now();
    Ok(items.iter_mut().enumerate().map(|(index, entry)| Entry::read(index, entry, &ctx.base_url, now)).collect())
}

/// Checks what is left when the resources are taken out, which are checked when they are written. What is wrong with an entry becomes that
/// entry's failure, anything else is wrong with the whole.
fn check_envelope(bundle: &Value, entries: &mut [Read]) -> Result<(), Error> {
    let mut issues = Vec::new();
    for issue in fhir::check::check(bundle).into_iter().filter(|issue| issue.severity >= Severity::Error) {
        let index = issue.expression.strip_prefix("Bundle.entry[").and_then(|rest| rest.split(']').next()?.parse::<usize>().ok());
        match index.and_then(|index| entries.get_mut(index)) {
            // What reading the entry found says more about its request.
            Some(Err(_)) => {}
            Some(entry) => *entry = Err(vec![issue]),
            None => issues.push(issue),
        }
    }
    if issues.is_empty() { Ok(()) } else { Err(Error::Invalid(issues)) }
}

fn all_or_none(entries: Vec<Read>) -> Result<Vec<Entry>, Error> {
    let mut good = Vec::with_capacity(entries.len());
    let mut issues = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => good.push(entry),
            Err(found) => issues.extend(found),
        }
    }
    if issues.is_empty() { Ok(good) } else { Err(Error::BadRequest(issues)) }
}

fn response(ctx: &Context, kind: &str, answers: &[Answer]) -> Bytes {
    let size = answers.iter().map(|answer| 200 + answer.resource.as_ref().map_or(0, Bytes::len)).sum();
    let mut text = BundleText::new(kind, size);
    for answer in answers {
        let at_version = answer.location.as_deref().and_then(|location| location.split_once("/_history"));
        let full_url = at_version.map(|(resource, _)| format!("{}/{resource}", ctx.base_url));
        text.entry(EntryText {
            full_url: full_url.as_deref(),
            resource: answer.resource.as_deref(),
            response: Some(ResponseText {
                status: answer.status,
                location: answer.location.as_deref(),
                version: answer.version,
                last_modified: answer.last_modified,
                issues: &answer.issues,
            }),
            ..EntryText::default()
        });
    }
    text.finish()
}
