//! What built-in resources are made from.

use std::borrow::Cow;
use std::sync::Arc;

use base::Card;
use fhir::Value;
use fhir::canonical::Canonical;
use fhir::definitions::{SearchParameter, definitions};
use fhir::library::Library;

use super::{operation_definition, search_parameter};
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
}

/// Those of a type.
pub(super) fn sources(kind: &str) -> Vec<Source> {
    match kind {
        "OperationDefinition" => TABLE.iter().map(|operation| Source::Operation(operation)).chain([Source::Graphql]).collect(),
        "SearchParameter" => definitions().search_parameters().iter().map(Source::Parameter).collect(),
        _ => base::library().cards(kind).iter().map(Source::Base).collect(),
    }
}

impl Source {
    /// The logical id.
    pub(super) fn id(&self) -> &'static str {
        match self {
            Source::Base(card) => card.id(),
            Source::Operation(operation) => operation.id,
            Source::Graphql => operation_definition::GRAPHQL_ID,
            Source::Parameter(parameter) => parameter.url.rsplit('/').next().unwrap_or_default(),
        }
    }

    /// The canonical address.
    pub(super) fn url(&self) -> Cow<'static, str> {
        match self {
            Source::Base(card) => card.url().into(),
            Source::Operation(operation) => operation.url().into(),
            Source::Graphql => operation_definition::GRAPHQL.into(),
            Source::Parameter(parameter) => parameter.url.into(),
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
        }
    }
}
