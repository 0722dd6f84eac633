//! `$graphql`: a query on all resources, on those of a type, or on one (<http://hl7.org/fhir/R4/graphql.html>).

mod reading;
mod searching;

use ::graphql::{Answer, Dialect, Limits, Pages, Pending, Request, Root, Search, Source, execute};
use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Value, json};
use futures_util::{StreamExt, stream};
use store::commit::Key;
use store::query::Version;

use crate::{Context, Error, ReadRequest, read};

/// A query, and what it begins at.
#[derive(Clone, Debug)]
pub struct GraphQlRequest {
    /// What it begins at.
    pub target: GraphQlTarget,
    /// The query.
    pub request: Request,
    /// Whose rules the answer follows where FHIR's and GraphQL's differ.
    pub dialect: Dialect,
}

/// What a query begins at.
#[derive(Clone, Debug)]
pub enum GraphQlTarget {
    /// All resources.
    System,
    /// The resources of a type.
    Type(ResourceType),
    /// One resource.
    Instance(Key),
}

/// What [`crate::graphql()`] answers, once it is permitted.
pub async fn graphql(ctx: &Context, request: GraphQlRequest) -> Result<Answer, Error> {
    let GraphQlRequest { target, request, dialect } = request;
    let root = match target {
        GraphQlTarget::System => Root::System,
        GraphQlTarget::Type(kind) => Root::Type(kind),
        GraphQlTarget::Instance(key) => Root::Resource(resource(&read(ctx, ReadRequest { key }).await?)?),
    };
    let mut limits = ctx.settings().graphql;
    limits.matches = limits.matches.min(ctx.settings().max_count as usize);
    execute(&Resources { ctx, limits }, &request, &root, dialect, &limits).await
}

/// The resources of the store, as a query sees them.
struct Resources<'c> {
    ctx: &'c Context,
    limits: Limits,
}

impl Source for Resources<'_> {
    type Failure = Error;

    fn read<'a>(&'a self, references: &'a [String]) -> Pending<'a, Result<Vec<Option<Value>>, Error>> {
        Box::pin(reading::read(self.ctx, references))
    }

    fn search<'a>(&'a self, searches: &'a [Search]) -> Pending<'a, Result<Pages, Error>> {
        Box::pin(async move {
            let at_once = self.ctx.settings().batch_concurrency.max(1);
            let pending = |search: &'a Search| -> Pending<'a, _> { Box::pin(searching::search(self.ctx, search, &self.limits)) };
            let pending: Vec<_> = searches.iter().map(pending).collect();
            let mut done = stream::iter(pending).buffered(at_once);
            let mut pages = Vec::with_capacity(searches.len());
            while let Some(page) = done.next().await {
                pages.push(match page {
                    Ok(page) => Ok(page),
                    Err(Error::BadRequest(mut issues)) if !issues.is_empty() => Err(issues.swap_remove(0)),
                    Err(Error::TooCostly(what)) => {
                        let rule = format!("a search of the query would cost too much: {what}");
                        Err(Issue::error(crate::codes::TOO_COSTLY, IssueCode::TooCostly, "", rule))
                    }
                    Err(failure) => return Err(failure),
                });
            }
            Ok(pages)
        })
    }
}

/// The tree of a stored version, which is no deletion.
fn resource(version: &Version) -> Result<Value, Error> {
    let text = version.text().map(|text| &**text).unwrap_or_default();
    json::parse(text).map_err(|error| Error::Engine(format!("a stored text is not JSON at byte {}", error.offset)))
}
