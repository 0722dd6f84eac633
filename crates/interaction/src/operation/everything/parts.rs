//! The two parts of a record, each a search of several types: what belongs to it, and what that refers to.

use fhir::definitions::ResourceType;
use search::{Parameter, ParameterKind, Registry};
use store::query::{Filter, Query, Subject};

use super::asked::Asked;
use super::owners::{Owners, is_of_patients};
use crate::{Context, Error};

/// What belongs to the record. Of one owner the owner is left out: it comes first on the first page.
pub(super) fn belonging(registry: &Registry, owners: &Owners, asked: &Asked) -> Vec<Subject> {
    let subject = |kind: ResourceType| {
        let filter = asked.written(asked.in_time(kind, owners.belonging(registry, kind)?));
        let filter = match owners {
            Owners::One(key) if key.kind == kind => Filter::All(vec![filter, Filter::Not(Box::new(Filter::Id(vec![key.id.clone()])))]),
            _ => filter,
        };
        Some(Subject { kind, filter })
    };
    ResourceType::all().filter(|kind| asked.wants(*kind)).filter_map(subject).collect()
}

/// What that refers to and does not itself belong to it: practitioners, organizations, locations, medications. What can be part of a
/// patient's record comes along only when an encounter itself refers to it, so that a reference to another patient opens nobody's record. A reference that is
/// hidden brings nothing along.
pub(super) async fn referenced(ctx: &Context, owners: &Owners, asked: &Asked) -> Result<Vec<Subject>, Error> {
    let registry = &ctx.server.registry();
    let sources = sources(ctx, owners, asked).await?;
    let subject = |kind: ResourceType| {
        let may_refer = |source: ResourceType| !is_of_patients(kind) || (source.name() == "Encounter" && owners.kind() == Some(source));
        let mut referred = Vec::new();
        for (source, filter) in sources.iter().filter(|(source, _)| may_refer(*source)) {
            let leads = |parameter: &&Parameter| parameter.kind == ParameterKind::Reference && parameter.leads_to(kind);
            let leading = registry.parameters(*source).filter(leads).filter(|parameter| !ctx.hides(parameter.param));
            referred.extend(leading.map(|parameter| Filter::Has(*source, parameter.param, Box::new(filter.clone()))));
        }
        if referred.is_empty() {
            return None;
        }
        let mut filters = vec![Filter::Any(referred)];
        filters.extend(owners.belonging(registry, kind).map(|belongs| Filter::Not(Box::new(belongs))));
        Some(Subject { kind, filter: asked.written(Filter::All(filters)) })
    };
    let mut subjects = Vec::new();
    for subject in ResourceType::all().filter(|kind| asked.wants(*kind)).filter_map(subject) {
        // Of most types a server has nothing, which is quickly known; what refers to them takes longer to find.
        if is_there(ctx, subject.kind, Filter::everything()).await? {
            subjects.push(subject);
        }
    }
    Ok(subjects)
}

/// Whether there is any resource of the type that passes.
async fn is_there(ctx: &Context, kind: ResourceType, filter: Filter) -> Result<bool, Error> {
    let look = Query { count: 1, ..Query::new(ctx.tenant, kind, filter) };
    Ok(!ctx.store().search(&look).await?.matches.is_empty())
}

/// The types of which the record has resources, with those: a look for each type, so that the search for what they refer to has no more
/// clauses than it needs.
async fn sources(ctx: &Context, owners: &Owners, asked: &Asked) -> Result<Vec<(ResourceType, Filter)>, Error> {
    let mut sources = Vec::new();
    for kind in ResourceType::all() {
        let Some(filter) = owners.belonging(&ctx.server.registry(), kind) else { continue };
        let filter = asked.in_time(kind, filter);
        if is_there(ctx, kind, filter.clone()).await? {
            sources.push((kind, filter));
        }
    }
    Ok(sources)
}
