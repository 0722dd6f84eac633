//! conditional update: a new version of the resource that matches criteria, or a new resource when none does
//! (<http://hl7.org/fhir/R4/http.html#cond-update>).

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Value};
use store::commit::{Expect, Key};
use store::query::Filter;

use crate::condition::{self, Choice};
use crate::written::commit_one;
use crate::{Context, Error, Written, codes, is_id};

/// What is to be written.
#[derive(Clone, Debug)]
pub struct ConditionalUpdateRequest {
    /// The type in the address.
    pub kind: ResourceType,
    /// The criteria in the address: `identifier=http://hospital/mrn|12`.
    pub criteria: String,
    /// The resource. It may have an id.
    pub resource: Value,
    /// Only if this is the current version of the resource that matches: `If-Match`.
    pub if_match: Option<u64>,
    /// Only if none matches: `If-None-Match: *`.
    pub if_absent: bool,
}

/// What a conditional update comes to.
pub(crate) struct Aim {
    /// The resource to write.
    pub(crate) key: Key,
    /// Whether the criteria chose it, so that there is a version before.
    pub(crate) is_update: bool,
    /// What must still hold when it is written.
    pub(crate) expect: Vec<Expect>,
}

/// What [`crate::conditional_update()`] answers, once it is permitted.
pub async fn conditional_update(ctx: &Context, request: ConditionalUpdateRequest) -> Result<Written, Error> {
    let ConditionalUpdateRequest { kind, criteria, resource, if_match, if_absent } = request;
    if resource.resource_type() != Some(kind.name()) {
        return Err(Error::TypeMismatch { expected: kind.name() });
    }
    let filter = condition::parse(ctx, kind, &criteria, "").await?;
    for _ in 0..ctx.settings().transaction_attempts.max(1) {
        let choice = condition::choose(ctx, kind, &filter).await?;
        let Aim { key, expect, .. } = aim(ctx, kind, resource.text("id"), &filter, choice, (if_match, if_absent), "").await?;
        let prepared = ctx.prepare(&resource, key.clone()).await?;
        match commit_one(ctx, "update", &resource, prepared, expect).await {
            Err(Error::LostRace) => {}
            done => return done,
        }
    }
    Err(Error::Contended)
}

/// What `filter`, which chose `choice`, and the resource's own `id` come to.
pub(crate) async fn aim(
    ctx: &Context,
    kind: ResourceType,
    id: Option<&str>,
    filter: &Filter,
    choice: Choice,
    (if_match, if_absent): (Option<u64>, bool),
    expression: &str,
) -> Result<Aim, Error> {
    let version = match choice {
        Choice::One(version) => version,
        Choice::Many => return Err(Error::MultipleMatches { kind: kind.name(), expression: expression.to_owned() }),
        Choice::None if if_match.is_some() => {
            let remedy = "no resource matches the criteria, so no version of it is current: leave the condition on the version out";
            let issue = Issue::error(codes::VERSION_MISMATCH, IssueCode::Conflict, expression, remedy);
            return Err(Error::PreconditionFailed(vec![issue]));
        }
        Choice::None => return create(ctx, kind, id, filter).await,
    };
    let key = version.key;
    if id.is_some_and(|id| id != &*key.id) {
        return Err(Error::ConditionOtherId(key));
    }
    if if_absent {
        return Err(Error::AlreadyExists(key));
    }
    let mut expect = vec![Expect::OnlyMatch(key.clone(), filter.clone())];
    expect.extend(if_match.map(|version| Expect::Version(key.clone(), version)));
    Ok(Aim { key, is_update: true, expect })
}

/// Nothing matches: a new resource, under the id that it brings, if any.
async fn create(ctx: &Context, kind: ResourceType, id: Option<&str>, filter: &Filter) -> Result<Aim, Error> {
    let mut expect = vec![Expect::NoMatch(kind, filter.clone())];
    let Some(id) = id else {
        return Ok(Aim { key: ctx.new_key(kind), is_update: false, expect });
    };
    if !is_id(id) {
        return Err(Error::BadId);
    }
    let key = Key::new(kind, id);
    if !ctx.settings().update_create {
        return Err(Error::ClientIdRefused(key));
    }
    if ctx.store().read(ctx.tenant, &key).await?.is_some_and(|version| version.text().is_some()) {
        return Err(Error::ConditionIdTaken(key));
    }
    expect.push(Expect::Absent(key.clone()));
    Ok(Aim { key, is_update: false, expect })
}
