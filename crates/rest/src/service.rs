//! What the server answers beside FHIR, one line each: routes and their documentation follow from this table.

use std::sync::Arc;

use axum::routing::{MethodRouter, get};

use crate::app::App;
use crate::{health, metrics, openapi};

/// A path that is answered to GET.
pub(crate) struct Service {
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    pub(crate) doc: &'static str,
    /// The media type of its answers.
    pub(crate) media_type: &'static str,
    /// Each status with what it means.
    pub(crate) answers: &'static [(u16, &'static str)],
    pub(crate) route: fn() -> MethodRouter<Arc<App>>,
}

const TEXT: &str = "text/plain";
const JSON: &str = "application/json";

/// All of them.
pub(crate) const TABLE: &[Service] = &[
    Service {
        path: "/health/live",
        name: "live",
        doc: "Whether the process answers at all.",
        media_type: TEXT,
        answers: &[(200, "It does.")],
        route: || get(health::live),
    },
    Service {
        path: "/health/ready",
        name: "ready",
        doc: "Whether requests can be served.",
        media_type: TEXT,
        answers: &[(200, "They can."), (503, "The store fails or does not answer, or the server is shutting down.")],
        route: || get(health::ready),
    },
    Service {
        path: "/metrics",
        name: "metrics",
        doc: "What was done, counted and timed, in the text format of Prometheus.",
        media_type: TEXT,
        answers: &[(200, "The figures since the process began.")],
        route: || get(metrics::metrics),
    },
    Service {
        path: "/fhir/openapi.json",
        name: "openapi-fhir",
        doc: "The FHIR endpoint as an OpenAPI document: all types, or those that `_type` names, as in `?_type=Patient,Observation`.",
        media_type: JSON,
        answers: &[(200, "The document."), (400, "A parameter is unknown."), (404, "`_type` names what is no type.")],
        route: || get(openapi::fhir),
    },
    Service {
        path: "/api/openapi.json",
        name: "openapi-service",
        doc: "This document: what the server answers beside FHIR.",
        media_type: JSON,
        answers: &[(200, "The document.")],
        route: || get(openapi::service),
    },
];
