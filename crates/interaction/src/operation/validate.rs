//! `$validate`: would this resource be accepted? (<http://hl7.org/fhir/R4/resource-operation-validate.html>)

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Severity, Value, outcome};
use store::commit::Key;
use store::query::{Filter, Query};

use super::{Call, Operation, Parameter, Place, Reply, Right, Types};
use crate::delete::nothing_refers;
use crate::prepare::Prepared;
use crate::{Context, Error, ReadRequest, References, codes, read, references};

pub(super) const OPERATION: Operation = Operation {
    code: "validate",
    id: "Resource-validate",
    name: "Validate",
    doc: "Says whether a resource follows FHIR's rules, and whether it would be accepted as a create, an update or a delete.",
    is_standard: true,
    system: false,
    on_type: true,
    on_instance: true,
    on_version: false,
    types: Types::All,
    affects_state: false,
    takes_criteria: false,
    right: Right::Handed,
    parameters: &[
        Parameter::input("resource", "Resource", 0, Some(1), "The resource; not needed for the mode `delete`."),
        Parameter::input("mode", "code", 0, Some(1), "What is to be done with it: `create`, `update` or `delete`; nothing when not given."),
        Parameter::input("profile", "uri", 0, Some(1), "A profile that it must follow."),
        Parameter::output("return", "OperationOutcome", 1, Some(1), "Everything that is wrong, or that all is well."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// An OperationOutcome with everything that is wrong, or one issue that says that all is well: 200 either way.
///
/// [`Error::BadRequest`] for an unknown mode, a mode that the place does not have, a profile that the server does not judge, and when
/// the resource is missing.
async fn run(ctx: &Context, mut call: Call) -> Result<Reply, Error> {
    let kind = call.place.kind().ok_or(Error::BadId)?;
    let key = match &call.place {
        Place::Instance(key) => Some(key.clone()),
        _ => None,
    };
    let mode = mode(call.arguments.text("mode"), key.is_some())?;
    let profile = call.arguments.text("profile").map(str::to_owned);
    let resource = call.arguments.take("resource");
    let beyond = match &resource {
        Some(resource) if mode != Mode::Delete => rules(ctx, kind, resource, profile.as_deref()).await?,
        _ => Vec::new(),
    };
    let mut issues = match (mode, key, resource) {
        (Mode::Delete, Some(key), _) => deletion(ctx, key).await?,
        (Mode::Delete, None, _) => Vec::new(),
        (_, _, None) => {
            let rule = "$validate needs `resource`, unless the mode is delete";
            return Err(bad(codes::OPERATION_PARAMETER_MISSING, IssueCode::Required, rule));
        }
        (Mode::Update, Some(key), Some(resource)) => {
            let mut issues = judge(ctx, &resource, key.clone()).await?;
            if resource.resource_type() == Some(kind.name()) && resource.text("id") != Some(&key.id) {
                issues.extend(Error::IdMismatch { expected: key.id }.outcome().issues);
            }
            issues
        }
        (Mode::Create, _, Some(resource)) => judge(ctx, &resource, Key::new(kind, ctx.server.new_id())).await?,
        (_, _, Some(resource)) if resource.resource_type() == Some(kind.name()) => fhir::check::check(&resource),
        _ => Error::TypeMismatch { expected: kind.name() }.outcome().issues,
    };
    outcome::add_new(&mut issues, beyond);
    if !issues.iter().any(|issue| issue.severity >= Severity::Error) {
        let well = "the resource follows the rules of FHIR, of the profiles that it claims, and of the one that was asked for";
        let well = if mode == Mode::Delete { "the resource can be deleted" } else { well };
        issues.insert(0, Issue::error(codes::VALIDATED, IssueCode::Informational, "", well).with_severity(Severity::Information));
    }
    Ok(Reply::resource(&outcome::operation_outcome(&issues)))
}

/// What is to be done with the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Nothing,
    Create,
    Update,
    Delete,
}

fn mode(text: Option<&str>, on_instance: bool) -> Result<Mode, Error> {
    match text {
        None => Ok(Mode::Nothing),
        Some("create") => Ok(Mode::Create),
        Some("update" | "delete") if !on_instance => {
            let rule = "the modes update and delete are for a resource: invoke $validate as /[type]/[id]/$validate";
            Err(bad(codes::BAD_OPERATION_PARAMETER, IssueCode::Invalid, rule))
        }
        Some("update") => Ok(Mode::Update),
        Some("delete") => Ok(Mode::Delete),
        Some(_) => Err(bad(codes::BAD_OPERATION_PARAMETER, IssueCode::CodeInvalid, "`mode` is create, update or delete")),
    }
}

/// What is to be said beyond structure: by FHIR's own rules, by the profiles that the resource claims, and by the one that was asked for.
async fn rules(ctx: &Context, kind: ResourceType, resource: &Value, profile: Option<&str>) -> Result<Vec<Issue>, Error> {
    if resource.resource_type() != Some(kind.name()) {
        return Ok(Vec::new());
    }
    let library = ctx.server.library(ctx.tenant).await?;
    // A type's own definition is what every resource of the type follows.
    let own = format!("http://hl7.org/fhir/StructureDefinition/{}", kind.name());
    let asked: Vec<&str> = profile.into_iter().filter(|profile| profile.split('|').next() != Some(&*own)).collect();
    Ok(ctx.server.rulebook().everything(resource, &asked, &library))
}

fn bad(number: u16, code: IssueCode, rule: &str) -> Error {
    Error::BadRequest(vec![Issue::error(number, code, "", rule)])
}

/// What would be wrong with storing the resource as `key`.
async fn judge(ctx: &Context, resource: &Value, key: Key) -> Result<Vec<Issue>, Error> {
    match ctx.prepare(resource, key.clone()).await {
        Err(refused) => Ok(refused.outcome().issues),
        Ok(Prepared { targets, mut issues, .. }) => {
            if ctx.settings().references == References::Check {
                for target in targets {
                    let there = ctx.store().read(ctx.tenant, &target).await?.is_some_and(|version| version.text().is_some());
                    if !there {
                        issues.extend(references::dangling(resource, key.kind, &target, &ctx.base_url));
                    }
                }
            }
            Ok(issues)
        }
    }
}

/// What would be wrong with deleting the resource.
async fn deletion(ctx: &Context, key: Key) -> Result<Vec<Issue>, Error> {
    if let Err(error @ (Error::NotFound(_) | Error::Deleted { .. })) = read(ctx, ReadRequest { key: key.clone() }).await {
        return Ok(error.outcome().issues);
    }
    for expected in nothing_refers(ctx, &key) {
        let store::commit::Expect::NoMatch(kind, filter) = expected else { continue };
        if let Some(by) = first(ctx, kind, filter).await? {
            return Ok(Error::StillReferenced { key, by: Some(by) }.outcome().issues);
        }
    }
    Ok(Vec::new())
}

async fn first(ctx: &Context, kind: ResourceType, filter: Filter) -> Result<Option<Key>, Error> {
    let query = Query { count: 1, ..Query::new(ctx.tenant, kind, filter) };
    Ok(ctx.store().search(&query).await?.matches.into_iter().next().map(|version| version.key))
}
