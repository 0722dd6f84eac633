//! Interactions, operations and headers, as the tables have them.

use fhir::definitions::ResourceType;
use interaction::operation;
use interaction::table::{Input, Level, Row, TABLE};
use maud::{Markup, html};

use crate::layout::{prose, table};

/// The interactions, grouped by what they are about; those of one type when it is given.
pub(super) fn interactions(kind: Option<ResourceType>) -> Markup {
    let levels = [(Level::Instance, "A resource"), (Level::Type, "A type"), (Level::System, "Everything")];
    let shown = |level: &Level| kind.is_none() || *level != Level::System;
    html! {
        @for (level, name) in levels.into_iter().filter(|(level, _)| shown(level)) {
            h3 { (name) }
            ul.routes { @for row in TABLE.iter().filter(|row| row.level == level) { li { (interaction(row, kind)) } } }
        }
    }
}

fn interaction(row: &Row, kind: Option<ResourceType>) -> Markup {
    html! {
        (address(row.method, &path(row.path, kind)))
        p { (prose(row.doc)) }
        details {
            summary { "Answers" }
            dl.answers {
                @for answer in row.interaction.answers() {
                    div { dt { span class={ "status s" (answer.status / 100) } { (answer.status) } } dd { (prose(answer.doc)) } }
                }
            }
        }
    }
}

fn address(method: &str, path: &str) -> Markup {
    html! { div.address { span class={ "method " (method) } { (method) } code { (path) } } }
}

fn path(path: &str, kind: Option<ResourceType>) -> String {
    let path = format!("/fhir{path}");
    match kind {
        Some(kind) => path.replace("{type}", kind.name()),
        None => path,
    }
}

/// The operations; those of one type when it is given.
pub(super) fn operations(kind: Option<ResourceType>) -> Markup {
    let is_for =
        |operation: &&&operation::Operation| kind.is_none_or(|kind| operation.is_for(kind) && (operation.on_type || operation.on_instance));
    html! {
        p { "An operation is invoked by POST with a Parameters resource; one that changes nothing and takes plain values also by GET." }
        ul.routes {
            @for operation in operation::TABLE.iter().filter(is_for) {
                li {
                    @for (there, path) in places(operation, kind) { @if there {
                        (address(if operation.by_get() { "GET" } else { "POST" }, &path))
                    } }
                    p { (prose(operation.doc)) }
                    @if operation.inputs().next().is_some() {
                        details {
                            summary { "Parameters" }
                            dl.answers {
                                @for input in operation.inputs() {
                                    div {
                                        dt { code { (input.name) } @if input.min > 0 { span.needed { " required" } } }
                                        dd { (prose(input.doc)) @if let Some(kind) = input.kind { " " span.kind { (kind) } } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn places(operation: &operation::Operation, kind: Option<ResourceType>) -> Vec<(bool, String)> {
    let code = operation.code;
    let kinds = match (kind, operation.types) {
        (Some(kind), _) => kind.name().to_owned(),
        (None, operation::Types::Only([name])) => (*name).to_owned(),
        _ => "{type}".to_owned(),
    };
    vec![
        (operation.system && kind.is_none(), format!("/fhir/${code}")),
        (operation.on_type, format!("/fhir/{kinds}/${code}")),
        (operation.on_instance, format!("/fhir/{kinds}/{{id}}/${code}")),
    ]
}

/// The headers that requests may have, with the interactions that mind them, and those of answers.
pub(super) fn headers() -> Markup {
    let mut inputs: Vec<(&Input, Vec<&str>)> = Vec::new();
    for row in TABLE {
        for input in row.interaction.headers() {
            match inputs.iter_mut().find(|(known, _)| known.doc == input.doc) {
                Some((_, names)) if names.contains(&row.name) => {}
                Some((_, names)) => names.push(row.name),
                None => inputs.push((input, vec![row.name])),
            }
        }
    }
    let always = [
        (
            "Accept",
            "The format of the answer: application/fhir+json or application/fhir+xml. `_format` in the address goes before it.",
            "every",
        ),
        ("Content-Type", "The format of the body, by the same names.", "every one with a body"),
        (
            "X-Request-Id",
            "A name for the request, which comes back and stands in the server's log; without it the server makes one.",
            "every",
        ),
    ];
    let rows = html! {
        @for (name, doc, by) in always { tr { td { code { (name) } } td { (prose(doc)) } td { (by) } } }
        @for (input, names) in inputs { tr { td { code { (input.name) } } td { (prose(input.doc)) } td { (names.join(", ")) } } }
    };
    html! {
        (table("Request headers", &["Request header", "What it says", "Interactions"], rows))
        p { "An answer with a version of a resource has " code { "ETag" } " and " code { "Last-Modified" } ", one to a write also " code { "Location" } "; every answer has " code { "X-Request-Id" } "." }
    }
}
