//! What all pages have: the head, the bar at the top, the way down the page at its side.

use maud::{DOCTYPE, Markup, html};

/// A page.
pub(crate) struct Layout<'a> {
    /// Its name, in the window's title.
    pub(crate) title: &'a str,
    /// Its sections, by id and name, in the order of the page.
    pub(crate) sections: &'a [(&'a str, &'a str)],
}

impl Layout<'_> {
    /// The page with this content.
    pub(crate) fn page(&self, content: Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " · Ward" }
                    link rel="stylesheet" href="/assets/style.css";
                }
                body {
                    a.skip href="#content" { "Skip to the content" }
                    header.bar {
                        a.brand href="/developer/api" { span.mark aria-hidden="true" { "W" } "Ward" }
                        nav aria-label="Site" {
                            a href="/developer/api" { "API" }
                            a href="/developer/errors" { "Errors" }
                            a href="/fhir/openapi.json" { "OpenAPI" }
                            a href="/fhir/metadata?_pretty=true" { "Capabilities" }
                        }
                    }
                    div.columns {
                        nav.sections aria-label="On this page" {
                            ul { @for (id, name) in self.sections { li { a href={ "#" (id) } { (name) } } } }
                        }
                        main #content { (content) }
                    }
                    footer { "FHIR is a registered trademark of HL7. This page is made from the tables that the server routes and checks by." }
                }
            }
        }
    }
}

/// A section with its heading, which can be linked to.
pub(crate) fn section(id: &str, name: &str, content: Markup) -> Markup {
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { a href={ "#" (id) } { (name) } }
            (content)
        }
    }
}

/// A wide table, which scrolls by itself on a narrow screen.
pub(crate) fn table(caption: &str, columns: &[&str], rows: Markup) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label={ (caption) ", table" } {
            table {
                thead { tr { @for column in columns { th scope="col" { (column) } } } }
                tbody { (rows) }
            }
        }
    }
}

/// Text with what stands between back quotes set as code.
pub(crate) fn prose(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}
