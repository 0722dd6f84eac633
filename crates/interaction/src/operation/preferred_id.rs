//! `NamingSystem/$preferred-id`: another form of a system's identifier (<http://hl7.org/fhir/R4/namingsystem-operation-preferred-id.html>).
//!
//! It is looked for in NamingSystems first, then among the addresses and OIDs of code systems and value sets.

use fhir::{Issue, IssueCode, Value, json, object};

use super::{Call, Operation, Parameter, Reply, Right, Types};
use crate::{Context, Error, SearchRequest, codes, search};

pub(super) const OPERATION: Operation = Operation {
    code: "preferred-id",
    id: "NamingSystem-preferred-id",
    name: "NamingSystemPreferredId",
    doc: "Answers the URI, the OID or the code of table 0396 of a system that is known by another of them.",
    is_standard: true,
    system: false,
    on_type: true,
    on_instance: false,
    on_version: false,
    types: Types::Only(&["NamingSystem"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Resources,
    parameters: &[
        Parameter::input("id", "string", 1, Some(1), "A URI, an OID with `urn:oid:` before it or without, or a code of v2's table 0396."),
        Parameter::input("type", "code", 1, Some(1), "What is wanted: `uri`, `oid`, `uuid` or `other`."),
        Parameter::output("result", "string", 1, Some(1), "It: an OID without `urn:oid:`."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// The kinds of identifiers (<http://hl7.org/fhir/R4/valueset-namingsystem-identifier-type.html>).
const KINDS: [&str; 4] = ["uri", "oid", "uuid", "other"];

/// One form of a system's identifier.
struct Form {
    kind: String,
    value: String,
    is_preferred: bool,
}

/// Parameters with `result`: of several of the kind, the one that is marked as preferred.
///
/// [`Error::BadRequest`] when `type` is no kind of identifier, [`Error::Missing`] when nothing has the identifier or it has no form of the kind,
/// [`Error::Unprocessable`] when several systems have it or none of several forms is preferred, and the errors of a search.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let id = bare(call.arguments.text("id").unwrap_or_default());
    let kind = call.arguments.text("type").unwrap_or_default();
    if !KINDS.contains(&kind) {
        let rule = format!("`type` is one of {}", KINDS.join(", "));
        return Err(Error::BadRequest(vec![issue(IssueCode::Value, rule)]));
    }
    let forms = forms(ctx, id).await?;
    let mut fitting: Vec<&Form> = forms.iter().filter(|form| form.kind == kind).collect();
    if fitting.iter().any(|form| form.is_preferred) {
        fitting.retain(|form| form.is_preferred);
    }
    match fitting.as_slice() {
        [one] => Ok(Reply::parameters(vec![object! { "name": "result", "valueString": bare(&one.value) }])),
        [] => Err(Error::Missing(vec![issue(
            IssueCode::NotFound,
            format!("the system with this identifier has no {kind} that is known here"),
        )])),
        _ => {
            let rule = format!("the system has more than one {kind}, and none of them is marked as preferred");
            Err(Error::Unprocessable(vec![issue(IssueCode::MultipleMatches, rule)]))
        }
    }
}

/// All forms of the identifier of the one system that has it.
async fn forms(ctx: &Context, id: &str) -> Result<Vec<Form>, Error> {
    let systems = [
        found(ctx, "NamingSystem", "value:exact", &written(id), naming_system).await?,
        found(ctx, "CodeSystem", "identifier", &urns(id), definition).await?,
        found(ctx, "CodeSystem", "url", &[id.to_owned()], definition).await?,
        found(ctx, "ValueSet", "identifier", &urns(id), definition).await?,
        found(ctx, "ValueSet", "url", &[id.to_owned()], definition).await?,
    ];
    let mut systems: Vec<Vec<Form>> = systems.into_iter().find(|found| !found.is_empty()).unwrap_or_default();
    // Versions of one code system say the same.
    systems.dedup_by(|left, right| left.iter().map(|form| &form.value).eq(right.iter().map(|form| &form.value)));
    match systems.len() {
        0 => Err(Error::Missing(vec![issue(IssueCode::NotFound, "nothing that is known here has this identifier".to_owned())])),
        1 => Ok(systems.remove(0)),
        _ => Err(Error::Unprocessable(vec![issue(IssueCode::MultipleMatches, "several systems have this identifier".to_owned())])),
    }
}

/// The forms of the identifiers of all resources that a search finds, by `read`; those of which it makes nothing are left out.
async fn found(
    ctx: &Context,
    kind: &str,
    parameter: &str,
    values: &[String],
    read: fn(&Value) -> Vec<Form>,
) -> Result<Vec<Vec<Form>>, Error> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let kind = fhir::definitions::ResourceType::parse(kind).ok_or(Error::BadId)?;
    let escaped: Vec<String> = values.iter().map(|value| value.replace('\\', "\\\\").replace(',', "\\,").replace('$', "\\$")).collect();
    let params = vec![(parameter.to_owned(), escaped.join(",")), ("_count".to_owned(), "20".to_owned())];
    let bundle = search(ctx, SearchRequest { kind, params, lenient: false }).await?;
    let bundle = json::parse(&bundle).map_err(|_| Error::Engine("the answer to a search is not JSON".into()))?;
    let resources = bundle.list("entry").filter_map(|entry| entry.get("resource"));
    Ok(resources.filter(|resource| resource.text("status") != Some("retired")).map(read).filter(|forms| !forms.is_empty()).collect())
}

fn naming_system(system: &Value) -> Vec<Form> {
    let form = |unique: &Value| {
        let (kind, value) = (unique.text("type")?.to_owned(), unique.text("value")?.to_owned());
        Some(Form { kind, value, is_preferred: unique.get("preferred").and_then(Value::as_bool).unwrap_or_default() })
    };
    system.list("uniqueId").filter_map(form).collect()
}

/// Of a code system or value set.
fn definition(resource: &Value) -> Vec<Form> {
    let form = |value: &str| {
        let kind = if value.starts_with("urn:oid:") {
            "oid"
        } else if value.starts_with("urn:uuid:") {
            "uuid"
        } else {
            "uri"
        };
        Form { kind: kind.to_owned(), value: value.to_owned(), is_preferred: false }
    };
    let identifiers = resource.get("identifier").into_iter().flat_map(Value::each).filter_map(|identifier| identifier.text("value"));
    resource.text("url").into_iter().chain(identifiers.filter(|value| value.starts_with("urn:"))).map(form).collect()
}

/// An identifier as NamingSystems may write it.
fn written(id: &str) -> Vec<String> {
    [id.to_owned()].into_iter().chain(urns(id)).collect()
}

/// The same as a URN; none for what is neither an OID nor a UUID.
fn urns(id: &str) -> Vec<String> {
    let is_oid = id.contains('.') && id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_uuid = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let urn = |prefix: &str| format!("{prefix}{id}");
    is_oid.then(|| urn("urn:oid:")).into_iter().chain(is_uuid.then(|| urn("urn:uuid:"))).collect()
}

/// An identifier without `urn:oid:` or `urn:uuid:`.
fn bare(id: &str) -> &str {
    id.strip_prefix("urn:oid:").or_else(|| id.strip_prefix("urn:uuid:")).unwrap_or(id)
}

fn issue(code: IssueCode, rule: String) -> Issue {
    Issue::error(codes::NAMING_SYSTEM, code, "", rule)
}
