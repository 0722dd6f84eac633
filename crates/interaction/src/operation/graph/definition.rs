//! Finding a GraphDefinition.

use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Value};
use store::entry::Param;
use store::query::{Filter, Query, Test};

use crate::operation::scan::tree;
use crate::references::{Target, target};
use crate::{Context, Error, codes};

/// The GraphDefinition that is named by its canonical address (with `|version` or without) or by its place on this server, and starts at
/// resources of type `start`.
pub(in crate::operation) async fn find(ctx: &Context, name: &str, start: ResourceType) -> Result<Value, Error> {
    let kind = ResourceType::parse("GraphDefinition").ok_or(Error::BadId)?;
    let version = match target(name, &ctx.base_url) {
        Target::Local(key) if key.kind == kind => ctx.store().read(ctx.tenant, &key).await?.filter(|version| version.text().is_some()),
        _ => by_url(ctx, kind, name).await?,
    };
    let Some(version) = version else {
        let rule = "`graph`: this server has no GraphDefinition of this address: store it first";
        return Err(refused(IssueCode::NotFound, rule.to_owned()));
    };
    let definition = tree(&version)?;
    match definition.text("start") {
        Some(name) if name == start.name() => Ok(definition),
        other => Err(refused(
            IssueCode::Invalid,
            format!("`graph`: the GraphDefinition starts at a {}, and this is a {}", other.unwrap_or("nothing"), start.name()),
        )),
    }
}

async fn by_url(ctx: &Context, kind: ResourceType, name: &str) -> Result<Option<store::query::Version>, Error> {
    let (url, version) = name.split_once('|').map_or((name, None), |(url, version)| (url, Some(version)));
    let mut filters = vec![Filter::Match(Param::of(kind.name(), "url"), Test::Uri { uri: url.into(), version: None })];
    let of_version = |version: &str| Test::Token { system: None, code: Some(version.to_lowercase().into()) };
    filters.extend(version.map(|version| Filter::Match(Param::of(kind.name(), "version"), of_version(version))));
    let query = Query { count: 1, ..Query::new(ctx.tenant, kind, Filter::All(filters)) };
    Ok(ctx.store().search(&query).await?.matches.into_iter().next())
}

fn refused(code: IssueCode, rule: String) -> Error {
    Error::BadRequest(vec![Issue::error(codes::GRAPH, code, "", rule)])
}
