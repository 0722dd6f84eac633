//! `/developer/api`: what the server is, and how to call it.

use fhir::definitions::ResourceType;
use maud::{Markup, html};

use super::{example, limits, routes, searching};
use crate::layout::{Layout, section};
use crate::site::Site;

const SECTIONS: [(&str, &str); 9] = [
    ("start", "First calls"),
    ("interactions", "Interactions"),
    ("operations", "Operations"),
    ("search", "Search"),
    ("headers", "Headers"),
    ("errors", "Errors"),
    ("limits", "Limits"),
    ("documents", "For programs"),
    ("types", "Types"),
];

/// The page.
pub(crate) fn overview(site: &Site, base_url: &str) -> Markup {
    let content = html! {
        (lead(site, base_url))
        (section("start", "First calls", example::first_calls(base_url)))
        (section("interactions", "Interactions", routes::interactions(None)))
        (section("operations", "Operations", routes::operations(None)))
        (section("search", "Search", searching::values(site)))
        (section("headers", "Headers", routes::headers()))
        (section("errors", "Errors", example::refusal(base_url)))
        (section("limits", "Limits", limits::limits(site)))
        (section("documents", "For programs", documents()))
        (section("types", "Types", types()))
    };
    Layout { title: "FHIR API", sections: &SECTIONS }.page(content)
}

fn lead(site: &Site, base_url: &str) -> Markup {
    let (software, version) = &site.server.settings.software;
    let types = ResourceType::all().len();
    let parameters: usize = ResourceType::all().map(|kind| searching::searchable(site, kind).count()).sum();
    html! {
        div.lead {
            p.kicker { (software) " " (version) }
            h1 { "The FHIR R4 API" }
            p { "Every resource type of FHIR R4 (4.0.1): strictly checked, versioned, searchable. What is acknowledged is on the disk; what cannot be done is refused, with the place, the rule and the remedy." }
            p.endpoint { span { "Endpoint" } code { (base_url) } }
            dl.facts {
                div { dt { "resource types" } dd { (types) } }
                div { dt { "search parameters" } dd { (parameters) } }
                div { dt { "operations" } dd { (interaction::operation::TABLE.len()) } }
                div { dt { "formats" } dd { "JSON, XML" } }
            }
        }
    }
}

fn documents() -> Markup {
    html! {
        ul {
            li { a href="/fhir/metadata" { "/fhir/metadata" } ": FHIR's CapabilityStatement." }
            li {
                a href="/fhir/openapi.json" { "/fhir/openapi.json" } ": OpenAPI 3.1 of the FHIR endpoint; with "
                a href="/fhir/openapi.json?_type=Patient,Observation" { code { "?_type=Patient,Observation" } } " of some types only, for tools that make code."
            }
            li { a href="/api/openapi.json" { "/api/openapi.json" } ": OpenAPI 3.1 of what is beside FHIR: health and metrics." }
        }
    }
}

fn types() -> Markup {
    html! {
        p { "Each type has a page with its addresses, search parameters and elements." }
        ul.types { @for kind in ResourceType::all() { li { a href={ "/developer/api/" (kind.name()) } { (kind.name()) } } } }
    }
}
