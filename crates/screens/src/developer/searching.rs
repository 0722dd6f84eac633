//! Search: what values look like, and how an answer is asked for.

use std::sync::Arc;

use fhir::definitions::ResourceType;
use interaction::table::{Interaction, SEARCH_VALUES};
use maud::{Markup, html};
use search::registry::support::{Feature, Modifier};
use search::{Parameter, ParameterKind};

use crate::layout::{prose, table};
use crate::site::Site;

/// The parameters by which a type can be searched.
pub(super) fn searchable(site: &Site, kind: ResourceType) -> impl Iterator<Item = Arc<Parameter>> + use<> {
    let found: Vec<Arc<Parameter>> = site.server.registry().searchable(kind).cloned().collect();
    found.into_iter()
}

/// The modifiers that a parameter takes.
pub(super) fn modifiers(site: &Site, parameter: &Parameter) -> Vec<Modifier> {
    let takes = |modifier: &Modifier| site.server.registry().answers(parameter, Feature::Modifier(*modifier)).is_ok();
    Modifier::ALL.into_iter().filter(takes).collect()
}

/// The modifiers that some parameter of a kind takes.
fn modifiers_of(site: &Site, kind: ParameterKind) -> Vec<Modifier> {
    let parameters = || ResourceType::all().flat_map(|of| searchable(site, of)).filter(|parameter| parameter.kind == kind);
    let taken = |modifier: &Modifier| parameters().any(|parameter| modifiers(site, &parameter).contains(modifier));
    Modifier::ALL.into_iter().filter(taken).collect()
}

/// Modifiers as they are written.
pub(super) fn written(modifiers: &[Modifier]) -> Markup {
    html! { @for modifier in modifiers { code { ":" (modifier.code()) } " " } }
}

/// The kinds of parameters, and the parameters that say how to answer.
pub(super) fn values(site: &Site) -> Markup {
    html! {
        p { "A search names parameters of its type; all of them must match. Values separated by commas are alternatives, a parameter given twice must match twice." }
        h3 { "Values" }
        div.kinds {
            @for values in SEARCH_VALUES {
                article {
                    h4 { (values.kind.code()) }
                    p { (values.doc) }
                    dl.answers { @for (example, what) in values.examples { div { dt { code { (example) } } dd { (prose(what)) } } } }
                    p.modifiers { (written(&modifiers_of(site, values.kind))) }
                }
            }
        }
        h3 { "Prefixes" }
        p { "Before a date, number or quantity: " code { "eq" } " equal (as without), " code { "ne" } " not, " code { "gt" } " above, " code { "lt" } " below, " code { "ge" } " and " code { "le" } " with equal, " code { "sa" } " begins after, " code { "eb" } " ends before, " code { "ap" } " about." }
        h3 { "Along references" }
        p { code { "subject:Patient.name=muster" } " asks a parameter of what is referred to; " code { "_has:Observation:patient:code=8480-6" } " one of what refers to it. Both go on to any depth that the limits allow." }
        h3 { "How to answer" }
        (table("Result parameters", &["Parameter", "What it asks for"], html! {
            @for input in Interaction::SearchType.parameters() { tr { td { code { (input.name) } } td { (prose(input.doc)) } } }
        }))
    }
}
