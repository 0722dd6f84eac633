//! The interactions, one line each. Routes, the CapabilityStatement, the OpenAPI document and the metrics' labels follow from this table.

mod answers;
mod inputs;
mod needs;
mod search_values;

pub use answers::{Answer, Content};
pub use inputs::{Body, Input, Values};
pub use needs::Needs;
pub use search_values::{SEARCH_VALUES, SearchValues};

/// An interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the table says what each is")]
pub enum Interaction {
    Capabilities,
    Process,
    HistorySystem,
    SearchSystem,
    SearchSystemPost,
    SearchCompartment,
    SearchCompartmentPost,
    ConditionalUpdate,
    ConditionalDelete,
    SearchType,
    SearchTypePost,
    Create,
    HistoryType,
    Read,
    Update,
    Delete,
    Patch,
    ConditionalPatch,
    HistoryInstance,
    Vread,
    GraphQl,
    GraphQlPost,
    Operation,
}

/// What an interaction is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the level of the same name")]
pub enum Level {
    System,
    Type,
    Instance,
}

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Which interaction.
    pub interaction: Interaction,
    /// FHIR's codes for it (<http://hl7.org/fhir/R4/valueset-type-restful-interaction.html>), as the CapabilityStatement lists them; none when it only
    /// says that it is not supported.
    pub codes: &'static [&'static str],
    /// What it is about.
    pub level: Level,
    /// The HTTP method.
    pub method: &'static str,
    /// The path below the FHIR endpoint.
    pub path: &'static str,
    /// Its name in metrics and logs.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
}

use Interaction::*;
use Level::*;

/// All interactions.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    row(Capabilities,    &["capabilities"],         System,   "GET",    "/metadata",                   "capabilities",     "What the server can do."),
    row(Process,         &["batch", "transaction"], System,   "POST",   "",                            "bundle",           "Does the entries of a Bundle: each on its own, or all or none."),
    row(SearchSystem,    &["search-system"],        System,   "GET",    "",                            "search-system",    "The resources of all types, or of some, that match."),
    row(SearchSystemPost, &["search-system"],       System,   "POST",   "/_search",                    "search-system",    "The same, with the parameters in a form."),
    row(HistorySystem,   &["history-system"],       System,   "GET",    "/_history",                   "history-system",   "All versions of all resources, newest first."),
    row(SearchType,      &["search-type"],          Type,     "GET",    "/{type}",                     "search-type",      "The resources of a type that match."),
    row(SearchTypePost,  &["search-type"],          Type,     "POST",   "/{type}/_search",             "search-type",      "The same, with the parameters in a form."),
    row(Create,          &["create"],               Type,     "POST",   "/{type}",                     "create",           "A new resource, its id chosen by the server."),
    row(ConditionalUpdate, &["update"],            Type,     "PUT",    "/{type}",                     "conditional-update", "A new version of the resource that matches, or a new one."),
    row(ConditionalDelete, &["delete"],            Type,     "DELETE", "/{type}",                     "conditional-delete", "Deletes what matches."),
    row(ConditionalPatch, &["patch"],              Type,     "PATCH",  "/{type}",                     "conditional-patch", "A new version of the one resource that matches, told by what changes."),
    row(HistoryType,     &["history-type"],         Type,     "GET",    "/{type}/_history",            "history-type",     "All versions of the resources of a type, newest first."),
    row(Read,            &["read"],                 Instance, "GET",    "/{type}/{id}",                "read",             "The current version of a resource."),
    row(Update,          &["update"],               Instance, "PUT",    "/{type}/{id}",                "update",           "A new version of a resource, or its first."),
    row(Delete,          &["delete"],               Instance, "DELETE", "/{type}/{id}",                "delete",           "A version that says that the resource is gone."),
    row(Patch,           &["patch"],                Instance, "PATCH",  "/{type}/{id}",                "patch",            "A new version of a resource, told by what changes."),
    row(HistoryInstance, &["history-instance"],     Instance, "GET",    "/{type}/{id}/_history",       "history-instance", "All versions of a resource, newest first."),
    row(Vread,           &["vread"],                Instance, "GET",    "/{type}/{id}/_history/{vid}", "vread",            "A certain version of a resource."),
    row(SearchCompartment, &[],        Instance, "GET",    "/{type}/{id}/{member}",       "search-compartment", "The resources of a type, or of all with `*`, that belong to a resource and match."),
    row(SearchCompartmentPost, &[],    Instance, "POST",   "/{type}/{id}/{member}/_search", "search-compartment", "The same, with the parameters in a form."),
    row(GraphQl,         &[],                       System,   "GET",    "/$graphql",                   "graphql",          "The answer to a GraphQL query on all resources."),
    row(GraphQlPost,     &[],                       System,   "POST",   "/$graphql",                   "graphql",          "The same, with the query in the body."),
    row(GraphQl,         &[],                       Type,     "GET",    "/{type}/$graphql",            "graphql",          "The answer to a GraphQL query on the resources of a type."),
    row(GraphQlPost,     &[],                       Type,     "POST",   "/{type}/$graphql",            "graphql",          "The same, with the query in the body."),
    row(GraphQl,         &[],                       Instance, "GET",    "/{type}/{id}/$graphql",       "graphql",          "The answer to a GraphQL query on a resource."),
    row(GraphQlPost,     &[],                       Instance, "POST",   "/{type}/{id}/$graphql",       "graphql",          "The same, with the query in the body."),
];

/// All routes: those of the interactions, then those of the operations.
pub fn routes() -> impl Iterator<Item = &'static Row> {
    TABLE.iter().chain(crate::operation::rows())
}

const fn row(
    interaction: Interaction,
    codes: &'static [&'static str],
    level: Level,
    method: &'static str,
    path: &'static str,
    name: &'static str,
    doc: &'static str,
) -> Row {
    Row { interaction, codes, level, method, path, name, doc }
}
