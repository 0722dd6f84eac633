//! What built-in resources are made from.

use std::borrow::Cow;
use std::sync::Arc;

use base::Card;
use concepts::Table;
use fhir::Value;
use fhir::canonical::Canonical;
use fhir::definitions::{SearchParameter, definitions};
use fhir::library::Library;

use super::{code_system, operation_definition, search_parameter};
use crate::operation::{Operation, TABLE};

/// Where one built-in resource comes from.
pub(super) enum Source {
    /// The tables of R4's content.
    Base(&'static Card),
    /// The table of operations.
    Operation(&'static Operation),
    /// `$graphql`, which is in no table.
    Graphql,
    /// The definitions by which is searched.
    Parameter(&'static SearchParameter),
    /// A concept table, and the id that its resource has.
    Table(Box<str>, Arc<Table>),
}

/// Those of a type; `tables` are those that are open.
pub(super) fn sources(kind: &str, tables: &[Arc<Table>]) -> Vec<Source> {
    let of_base = base::library().cards(kind).iter().map(Source::Base);
    match kind {
        "CodeSystem" => of_base.chain(tables.iter().map(|table| Source::Table(code_system::id(table.about()), table.clone()))).collect(),
        "OperationDefinition" => TABLE.iter().map(|operation| Source::Operation(operation)).chain([Source::Graphql]).collect(),
        "SearchParameter" => definitions().search_parameters().iter().map(Source::Parameter).collect(),
        _ => of_base.collect(),
    }
}

impl Source {
    /// The logical id.
    pub(super) fn id(&self) -> &str {
        match self {
            Source::Base(card) => card.id(),
            Source::Operation(operation) => operation.id,
            Source::Graphql => operation_definition::GRAPHQL_ID,
            Source::Parameter(parameter) => parameter.url.rsplit('/').next().unwrap_or_default(),
            Source::Table(id, _) => id,
        }
    }

    /// The canonical address.
    pub(super) fn url(&self) -> Cow<'_, str> {
        match self {
            Source::Base(card) => card.url().into(),
            Source::Operation(operation) => operation.url().into(),
            Source::Graphql => operation_definition::GRAPHQL.into(),
            Source::Parameter(parameter) => parameter.url.into(),
            Source::Table(_, table) => (*table.about().url).into(),
        }
    }

    /// What is said of the resource as a whole, for searches: without concepts, elements and the like.
    pub(super) fn outline(&self) -> Value {
        match self {
            Source::Base(card) => card.outline(),
            small => Value::clone(&small.resource()),
        }
    }

    /// The resource, without `meta`.
    pub(super) fn resource(&self) -> Arc<Value> {
        match self {
            Source::Base(card) => {
                let canonical = Canonical { url: card.url(), version: card.version(), fragment: None };
                base::library().find(card.kind(), &canonical).unwrap_or_else(|| Arc::new(card.resource()))
            }
            Source::Operation(operation) => Arc::new(operation_definition::resource(operation)),
            Source::Graphql => Arc::new(operation_definition::graphql()),
            Source::Parameter(parameter) => Arc::new(search_parameter::resource(parameter)),
            Source::Table(id, table) => Arc::new(code_system::resource(id, table)),
        }
    }
}
