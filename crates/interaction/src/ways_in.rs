//! The ways in: each interaction, behind the question whether the grant refuses it altogether.
//!
//! How each is done is in the file of its name. What it needs of a grant is in the table: [`Interaction::needs`].

use ::graphql::Answer;
use bytes::Bytes;
use store::query::{Scope, Version};

use crate::graphql::GraphQlTarget;
use crate::patch::PatchTarget;
use crate::table::Interaction;
use crate::{CompartmentSearchRequest, SearchRequest, SystemSearchRequest};
use crate::{ConditionalDeleteRequest, ConditionalUpdateRequest, Context, CreateRequest, DeleteRequest, Deleted, Error};
use crate::{GraphQlRequest, HistoryRequest, PatchRequest, ReadRequest, UpdateRequest, VreadRequest, Written};

/// The current version of a resource, stored or built in; its content is never a deletion.
///
/// [`Error::NotFound`] when there never was one, [`Error::Deleted`] when it was deleted, or a failure of the store.
///
/// [`Error::Forbidden`] when the grant refuses it altogether.
pub async fn read(ctx: &Context, request: ReadRequest) -> Result<Version, Error> {
    ctx.permit(Interaction::Read, Some(request.key.kind))?;
    crate::read::read(ctx, request).await
}

/// The version; its content is never a deletion.
///
/// [`Error::NotFound`] when there never was such a resource, [`Error::NoSuchVersion`] when it has no such version,
/// [`Error::Deleted`] when that version says that it was deleted, or a failure of the store.
///
/// [`Error::Forbidden`] when the grant refuses it altogether.
pub async fn vread(ctx: &Context, request: VreadRequest) -> Result<Version, Error> {
    ctx.permit(Interaction::Vread, Some(request.key.kind))?;
    crate::vread::vread(ctx, request).await
}

/// The JSON text of a Bundle of type history: newest first, deletions included. A resource that was deleted keeps its history.
///
/// [`Error::NotFound`] when there never was such a resource, [`Error::BadRequest`] when a parameter is unknown or malformed,
/// [`Error::TooCostly`] when `_at` would have to go through too much, or a failure of the store.
///
/// [`Error::Forbidden`] when the grant refuses it altogether.
pub async fn history(ctx: &Context, request: HistoryRequest) -> Result<Bytes, Error> {
    match &request.scope {
        Scope::Instance(key) => ctx.permit(Interaction::HistoryInstance, Some(key.kind))?,
        Scope::Type(kind) => ctx.permit(Interaction::HistoryType, Some(*kind))?,
        Scope::System => ctx.permit(Interaction::HistorySystem, None)?,
    }
    crate::history::history(ctx, request).await
}

/// The JSON text of a Bundle of type searchset: what matches, then what was included, then what was passed over.
///
/// [`Error::BadRequest`] names every parameter that is unknown or malformed, [`Error::TooCostly`] when the search would touch too much,
/// or a failure of the store.
///
/// [`Error::Forbidden`] when the grant refuses it altogether.
pub async fn search(ctx: &Context, request: SearchRequest) -> Result<Bytes, Error> {
    ctx.permit(Interaction::SearchType, Some(request.kind))?;
    crate::search::search(ctx, request).await
}

/// The same as [`search()`] for the types that `_type` names, or for all.
///
/// [`Error::Forbidden`] when the grant refuses it altogether.
pub async fn search_system(ctx: &Context, request: SystemSearchRequest) -> Result<Bytes, Error> {
    ctx.permit(Interaction::SearchSystem, None)?;
    crate::search::search_system(ctx, request).await
}

/// The same as [`search()`] for what belongs to an owner (<http://hl7.org/fhir/R4/compartmentdefinition.html>). Whether the owner exists does
/// not matter.
///
/// [`Error::Forbidden`] when the grant refuses it altogether.
pub async fn search_compartment(ctx: &Context, request: CompartmentSearchRequest) -> Result<Bytes, Error> {
    ctx.permit(Interaction::SearchCompartment, request.kind)?;
    crate::search::search_compartment(ctx, request).await
}

/// The new resource; or the one that is already there, when a condition was given and one matches.
///
/// [`Error::Invalid`] and the other errors of [`crate::prepare::prepare`], [`Error::MultipleMatches`] when several resources match the condition,
/// [`Error::Unprocessable`] when a reference leads to nothing, or a failure of the store.
///
/// [`Error::Forbidden`] when the grant refuses it altogether.
pub async fn create(ctx: &Context, request: CreateRequest) -> Result<Written, Error> {
    ctx.permit(Interaction::Create, Some(request.kind))?;
    crate::create::create(ctx, request).await
}

/// The new version.
///
/// [`Error::IdMismatch`] when the resource has another id than the address or none, [`Error::VersionMismatch`] and
/// [`Error::AlreadyExists`] when the conditions do not hold, [`Error::ClientIdRefused`] when there is no such resource and the settings
/// leave ids to the server, the errors of [`crate::prepare::prepare`], [`Error::Unprocessable`] when a reference leads to nothing, or a failure of the store.
///
/// [`Error::Forbidden`] when the grant refuses it altogether.
pub async fn update(ctx: &Context, request: UpdateRequest) -> Result<Written, Error> {
    ctx.permit(Interaction::Update, Some(request.key.kind))?;
    crate::update::update(ctx, request).await
}

/// The new version, or the new resource.
///
/// [`Error::MultipleMatches`] when several match, [`Error::ConditionOtherId`] when the one that matches has another id than the resource,
/// [`Error::ConditionIdTaken`] when none matches and the id is another's, [`Error::VersionMismatch`] and [`Error::AlreadyExists`] when
/// the other conditions do not hold, [`Error::Contended`] when others changed what matches again and again, and the errors of
/// [`crate::update()`].
///
/// [`Error::Forbidden`] when the grant refuses it altogether.
pub async fn conditional_update(ctx: &Context, request: ConditionalUpdateRequest) -> Result<Written, Error> {
    ctx.permit(Interaction::ConditionalUpdate, Some(request.kind))?;
    crate::conditional_update::conditional_update(ctx, request).await
}

/// The new version. What a patch does to `versionId` and `lastUpdated` is passed over, and a patch that changes nothing makes a version
/// too, as an update does.
///
/// Another may change the resource between the look and the commit: then the patch is applied to the version that is current now, a few
/// times, unless `if_match` names one.
///
/// [`Error::NotFound`], [`Error::Deleted`] and [`Error::NoMatch`] when there is nothing to patch, [`Error::MultipleMatches`] when the
/// criteria match several, [`Error::VersionMismatch`] when another version than the one named is current, [`Error::Unprocessable`] when
/// the patch cannot be applied, changes the type or the id, or what comes out breaks FHIR's rules or refers to nothing,
/// [`Error::Contended`] when others change the resource again and again, or a failure of the store.
///
/// [`Error::Forbidden`] when the grant refuses it altogether.
pub async fn patch(ctx: &Context, request: PatchRequest) -> Result<Written, Error> {
    match &request.target {
        PatchTarget::Instance(key) => ctx.permit(Interaction::Patch, Some(key.kind))?,
        PatchTarget::Matching(kind, _) => ctx.permit(Interaction::ConditionalPatch, Some(*kind))?,
    }
    crate::patch::patch(ctx, request).await
}

/// Deletes the resource. One that does not exist, or is deleted already, is left as it is.
///
/// [`Error::VersionMismatch`] when another version than the one named is current, [`Error::StillReferenced`] when the settings keep
/// references whole and one leads here, or a failure of the store.
///
/// [`Error::Forbidden`] when the grant refuses it altogether.
pub async fn delete(ctx: &Context, request: DeleteRequest) -> Result<Deleted, Error> {
    ctx.permit(Interaction::Delete, Some(request.key.kind))?;
    crate::delete::delete(ctx, request).await
}

/// Deletes what matches: nothing, one resource, or as many as the settings allow, all in one commit. What was deleted comes back, in the
/// order of a search.
///
/// [`Error::MultipleMatches`] when several match and the settings allow one, [`Error::TooManyMatches`] when more match than they allow,
/// [`Error::VersionMismatch`] when the one that matches has another version, [`Error::Contended`] when others changed what matches
/// again and again, and the errors of [`crate::delete()`].
///
/// [`Error::Forbidden`] when the grant refuses it altogether.
pub async fn conditional_delete(ctx: &Context, request: ConditionalDeleteRequest) -> Result<Vec<Deleted>, Error> {
    ctx.permit(Interaction::ConditionalDelete, Some(request.kind))?;
    crate::conditional_delete::conditional_delete(ctx, request).await
}

/// The answer, in which stands what is wrong with the query or the data. What the query reads on each level is read at once: references
/// of a type by one search for their ids, searches some at a time.
///
/// [`Error::NotFound`] or [`Error::Deleted`] when there is no such instance, or a failure of the store.
///
/// [`Error::Forbidden`] when the grant refuses it altogether.
pub async fn graphql(ctx: &Context, request: GraphQlRequest) -> Result<Answer, Error> {
    let kind = match &request.target {
        GraphQlTarget::System => None,
        GraphQlTarget::Type(kind) => Some(*kind),
        GraphQlTarget::Instance(key) => Some(key.kind),
    };
    ctx.permit(Interaction::GraphQl, kind)?;
    crate::graphql::graphql(ctx, request).await
}
