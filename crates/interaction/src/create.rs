//! create: a new resource with an id of the server's choice, unless a condition finds it already there
//! (<http://hl7.org/fhir/R4/http.html#create>, <http://hl7.org/fhir/R4/http.html#ccreate>).

use fhir::Value;
use fhir::definitions::ResourceType;
use store::commit::Expect;
use store::query::Filter;

use crate::condition::{self, Choice};
use crate::prepare::Prepared;
use crate::written::commit_one;
use crate::{Context, Error, Written};

/// What is to be created.
#[derive(Clone, Debug)]
pub struct CreateRequest {
    /// The type in the address.
    pub kind: ResourceType,
    /// The resource. An id in it is passed over.
    pub resource: Value,
    /// Criteria: create only if no resource of the type matches them.
    pub if_none_exist: Option<String>,
}

/// What [`crate::create()`] answers, once it is permitted.
pub async fn create(ctx: &Context, request: CreateRequest) -> Result<Written, Error> {
    let key = ctx.new_key(request.kind);
    let prepared = ctx.prepare(&request.resource, key).await?;
    match &request.if_none_exist {
        None => commit_one(ctx, "create", &request.resource, prepared, Vec::new()).await,
        Some(criteria) => {
            let filter = condition::parse(ctx, request.kind, criteria, "").await?;
            create_unless_found(ctx, &request, prepared, filter).await
        }
    }
}

/// Another may create it between the look and the commit: the commit expects that none did, and the look is taken again.
async fn create_unless_found(ctx: &Context, request: &CreateRequest, prepared: Prepared, filter: Filter) -> Result<Written, Error> {
    for _ in 0..ctx.settings().transaction_attempts.max(1) {
        match condition::choose(ctx, request.kind, &filter).await? {
            Choice::One(version) => return Ok(Written::found(*version)),
            Choice::Many => return Err(Error::MultipleMatches { kind: request.kind.name(), expression: String::new() }),
            Choice::None => {}
        }
        let expect = vec![Expect::NoMatch(request.kind, filter.clone())];
        match commit_one(ctx, "create", &request.resource, prepared.clone(), expect).await {
            Err(Error::LostRace) => continue,
            done => return done,
        }
    }
    Err(Error::Contended)
}
