//! What can be asked of the terminology: the TerminologyCapabilities (<http://hl7.org/fhir/R4/terminologycapabilities.html>).

use ::terminology::KnownSystem;
use fhir::primitive::instant_text;
use fhir::{Object, Value, object};

use crate::Context;
use crate::operation::{self, Use};

/// The statement, with every code system that has concepts here, in each of its versions.
pub(super) fn statement(ctx: &Context) -> Value {
    let (software, version) = &ctx.settings().software;
    let library = ctx.server.library_so_far(ctx.tenant);
    let systems = ctx.server.terms.known().engine(&library).code_systems();
    object! {
        "resourceType": "TerminologyCapabilities",
        "status": "active",
        "date": instant_text(ctx.now()),
        "kind": "instance",
        "software": object! { "name": software.as_str(), "version": version.as_str() },
        "implementation": object! { "description": format!("{software}, a FHIR R4 server") },
        "codeSystem": systems.iter().map(code_system).collect::<Vec<_>>(),
        "expansion": object! {
            "hierarchical": true,
            "paging": true,
            "incomplete": true,
            "parameter": parameters(),
            "textFilter": "Each word of the filter begins a word of a code, of its display or of another name of it.",
        },
        "codeSearch": "all",
        "validateCode": object! { "translations": false },
        "translation": object! { "needsMap": true },
    }
}

fn code_system(system: &KnownSystem) -> Value {
    let mut value = Object::from_iter([("uri", Value::from(&*system.url))]);
    // One that does not say which version it is cannot be told of beside others, and alone says nothing.
    let version = |(place, version): (usize, &Box<str>)| object! { "code": &**version, "isDefault": place == 0 };
    let versions: Vec<Value> = system.versions.iter().flatten().enumerate().map(version).collect();
    if !versions.is_empty() {
        value.push("version", versions);
    }
    value.into()
}

/// The parameters that `$expand` takes.
fn parameters() -> Vec<Value> {
    let expand = operation::TABLE.iter().filter(|operation| operation.id == "ValueSet-expand");
    let inputs = expand.flat_map(|operation| operation.parameters).filter(|parameter| parameter.direction == Use::In);
    inputs.map(|parameter| object! { "name": parameter.name, "documentation": parameter.doc }).collect()
}
