//! `/developer/api/Patient`: the addresses, search parameters and elements of one type.

use fhir::definitions::{Element, ResourceType, definitions};
use maud::{Markup, html};
use search::{Parameter, ParameterKind};

use super::{routes, searching};
use crate::layout::{Layout, section, table};
use crate::site::Site;

const SECTIONS: [(&str, &str); 5] = [
    ("interactions", "Interactions"),
    ("operations", "Operations"),
    ("search", "Search parameters"),
    ("includes", "Includes"),
    ("elements", "Elements"),
];

/// The page of a type.
pub(crate) fn of_type(site: &Site, base_url: &str, kind: ResourceType) -> Markup {
    let name = kind.name();
    let content = html! {
        div.lead {
            p.kicker { a href="/developer/api#types" { "All types" } }
            h1 { (name) }
            p.endpoint { span { "Endpoint" } code { (base_url) "/" (name) } }
            p {
                a href={ "https://hl7.org/fhir/R4/" (name.to_ascii_lowercase()) ".html" } { "The definition by HL7" } " · "
                a href={ "/fhir/openapi.json?_type=" (name) } { "OpenAPI of this type" }
            }
            pre tabindex="0" { code { "curl '" (base_url) "/" (name) "?_count=5&_pretty=true'" } }
        }
        (section("interactions", "Interactions", routes::interactions(Some(kind))))
        (section("operations", "Operations", routes::operations(Some(kind))))
        (section("search", "Search parameters", parameters(site, kind)))
        (section("includes", "Includes", includes(site, kind)))
        (section("elements", "Elements", elements(kind)))
    };
    Layout { title: name, sections: &SECTIONS }.page(content)
}

/// What to say of a name that is no type's.
pub(crate) fn no_such_type(name: &str) -> Markup {
    let near = fhir::nearest(name, ResourceType::all().map(ResourceType::name));
    let content = html! {
        div.lead {
            h1 { "No such type" }
            p {
                "FHIR R4 has no resource type of this name. "
                @if let Some(near) = near { "Did you mean " a href={ "/developer/api/" (near) } { (near) } "? " }
                a href="/developer/api#types" { "All types" }
            }
        }
    };
    Layout { title: "No such type", sections: &[] }.page(content)
}

fn parameters(site: &Site, kind: ResourceType) -> Markup {
    let rows = html! {
        @for parameter in searching::searchable(site, kind) {
            tr { td { code { (parameter.code) } } td { span.kind { (parameter.kind.code()) } } td { (searching::written(&searching::modifiers(site, &parameter))) } td { (values(&parameter)) } }
        }
    };
    html! {
        p { "What values of each kind look like, and which modifiers they take, is told " a href="/developer/api#search" { "for all types" } "." }
        (table("Search parameters", &["Parameter", "Kind", "Modifiers", "What it looks at"], rows))
    }
}

/// Where the values of a parameter come from.
fn values(parameter: &Parameter) -> Markup {
    match parameter.kind {
        _ if parameter.expression.is_empty() => html! { "the resource itself" },
        ParameterKind::Composite => {
            let parts = parameter.components.iter().map(|part| part.expression.as_str()).collect::<Vec<_>>();
            html! { code.path { (parameter.expression) } " with " code.path { (parts.join(" $ ")) } }
        }
        _ => html! { code.path { (parameter.expression) } },
    }
}

fn includes(site: &Site, kind: ResourceType) -> Markup {
    let name = kind.name();
    let forward = searching::searchable(site, kind).filter(|parameter| parameter.kind == ParameterKind::Reference);
    let forward: Vec<String> = forward.map(|parameter| format!("{name}:{}", parameter.code)).collect();
    let reverse = ResourceType::all().flat_map(|source| {
        let leading = searching::searchable(site, source).filter(move |parameter| parameter.leads_to(kind));
        leading.map(move |parameter| format!("{}:{}", source.name(), parameter.code))
    });
    let reverse: Vec<String> = reverse.collect();
    html! {
        @for (parameter, doc, values) in [("_include", "brings along what is referred to", forward), ("_revinclude", "what refers to it", reverse)] {
            @if !values.is_empty() {
                h3 { code { (parameter) } " " (doc) }
                ul.chips { @for value in values { li { code { (value) } } } }
            }
        }
    }
}

fn elements(kind: ResourceType) -> Markup {
    let rows = html! {
        @for element in &definitions().resource(kind).elements {
            tr {
                td { code { (element.name) @if element.is_choice { "[x]" } } }
                td { (element.min) ".." (element.max.map_or("*".to_owned(), |max| max.to_string())) }
                td { (types(element)) }
            }
        }
    };
    table("Elements", &["Element", "How often", "Types"], rows)
}

fn types(element: &Element) -> Markup {
    html! {
        @for (index, part) in element.types.iter().enumerate() {
            @if index > 0 { ", " }
            (definitions().get(part.id).name)
            @if !part.targets.is_empty() { " to " (part.targets.join(", ")) }
        }
    }
}
