//! The ways in: each interaction, behind the question whether the grant refuses it altogether.
//!
//! What each answers, and its errors, are said where it is done; [`Error::Forbidden`] comes to them here, with what [`Interaction::needs`] says.

use ::graphql::Answer;
use bytes::Bytes;
use store::query::{Scope, Version};

use crate::graphql::GraphQlTarget;
use crate::patch::PatchTarget;
use crate::table::Interaction;
use crate::{CompartmentSearchRequest, SearchRequest, SystemSearchRequest};
use crate::{ConditionalDeleteRequest, ConditionalUpdateRequest, Context, CreateRequest, DeleteRequest, Deleted, Error};
use crate::{GraphQlRequest, HistoryRequest, PatchRequest, ReadRequest, UpdateRequest, VreadRequest, Written};

/// The current version of a resource, stored or built in: [`crate::read::read`].
pub async fn read(ctx: &Context, request: ReadRequest) -> Result<Version, Error> {
    ctx.permit(Interaction::Read, Some(request.key.kind))?;
    crate::read::read(ctx, request).await
}

/// A version of a resource by its number: [`crate::vread::vread`].
pub async fn vread(ctx: &Context, request: VreadRequest) -> Result<Version, Error> {
    ctx.permit(Interaction::Vread, Some(request.key.kind))?;
    crate::vread::vread(ctx, request).await
}

/// The JSON text of a Bundle with versions, newest first: [`crate::history::history`].
pub async fn history(ctx: &Context, request: HistoryRequest) -> Result<Bytes, Error> {
    match &request.scope {
        Scope::Instance(key) => ctx.permit(Interaction::HistoryInstance, Some(key.kind))?,
        Scope::Type(kind) => ctx.permit(Interaction::HistoryType, Some(*kind))?,
        Scope::System => ctx.permit(Interaction::HistorySystem, None)?,
    }
    crate::history::history(ctx, request).await
}

/// The JSON text of a Bundle with the resources of a type that match: [`crate::search::search`].
pub async fn search(ctx: &Context, request: SearchRequest) -> Result<Bytes, Error> {
    ctx.permit(Interaction::SearchType, Some(request.kind))?;
    crate::search::search(ctx, request).await
}

/// The same for all types, or those that `_type` names: [`crate::search::search_system`].
pub async fn search_system(ctx: &Context, request: SystemSearchRequest) -> Result<Bytes, Error> {
    ctx.permit(Interaction::SearchSystem, None)?;
    crate::search::search_system(ctx, request).await
}

/// The same for what belongs to an owner: [`crate::search::search_compartment`].
pub async fn search_compartment(ctx: &Context, request: CompartmentSearchRequest) -> Result<Bytes, Error> {
    ctx.permit(Interaction::SearchCompartment, request.kind)?;
    crate::search::search_compartment(ctx, request).await
}

/// The new resource, or the one that is there already: [`crate::create::create`].
pub async fn create(ctx: &Context, request: CreateRequest) -> Result<Written, Error> {
    ctx.permit(Interaction::Create, Some(request.kind))?;
    crate::create::create(ctx, request).await
}

/// The new version of a resource: [`crate::update::update`].
pub async fn update(ctx: &Context, request: UpdateRequest) -> Result<Written, Error> {
    ctx.permit(Interaction::Update, Some(request.key.kind))?;
    crate::update::update(ctx, request).await
}

/// The new version of what matches, or the new resource: [`crate::conditional_update::conditional_update`].
pub async fn conditional_update(ctx: &Context, request: ConditionalUpdateRequest) -> Result<Written, Error> {
    ctx.permit(Interaction::ConditionalUpdate, Some(request.kind))?;
    crate::conditional_update::conditional_update(ctx, request).await
}

/// The new version that a patch makes: [`crate::patch::patch`].
pub async fn patch(ctx: &Context, request: PatchRequest) -> Result<Written, Error> {
    match &request.target {
        PatchTarget::Instance(key) => ctx.permit(Interaction::Patch, Some(key.kind))?,
        PatchTarget::Matching(kind, _) => ctx.permit(Interaction::ConditionalPatch, Some(*kind))?,
    }
    crate::patch::patch(ctx, request).await
}

/// What was deleted, if anything was there: [`crate::delete::delete`].
pub async fn delete(ctx: &Context, request: DeleteRequest) -> Result<Deleted, Error> {
    ctx.permit(Interaction::Delete, Some(request.key.kind))?;
    crate::delete::delete(ctx, request).await
}

/// What was deleted of what matches: [`crate::conditional_delete::conditional_delete`].
pub async fn conditional_delete(ctx: &Context, request: ConditionalDeleteRequest) -> Result<Vec<Deleted>, Error> {
    ctx.permit(Interaction::ConditionalDelete, Some(request.kind))?;
    crate::conditional_delete::conditional_delete(ctx, request).await
}

/// The answer to a GraphQL query: [`crate::graphql::graphql`].
pub async fn graphql(ctx: &Context, request: GraphQlRequest) -> Result<Answer, Error> {
    let kind = match &request.target {
        GraphQlTarget::System => None,
        GraphQlTarget::Type(kind) => Some(*kind),
        GraphQlTarget::Instance(key) => Some(key.kind),
    };
    ctx.permit(Interaction::GraphQl, kind)?;
    crate::graphql::graphql(ctx, request).await
}
