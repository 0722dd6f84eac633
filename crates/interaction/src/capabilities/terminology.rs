//! The TerminologyCapabilities: which code systems there are, and what the operations on them take
//! (<http://hl7.org/fhir/R4/terminologycapabilities.html>).

use ::terminology::KnownSystem;
use fhir::primitive::instant_text;
use fhir::{Object, Value, object};

use crate::Context;
use crate::operation::{Parameter, TABLE, Use};

/// The resource, with every code system that has concepts here, in each of its versions. It is made anew for whoever asks: code systems come and go.
pub(super) fn terminology(ctx: &Context) -> Value {
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
        "expansion": object! { "hierarchical": true, "paging": true, "incomplete": false, "parameter": expansion_parameters() },
        "codeSearch": "explicit",
        "validateCode": object! { "translations": false },
        "translation": object! { "needsMap": true },
        "closure": object! { "translation": false },
    }
}

fn code_system(system: &KnownSystem) -> Value {
    let mut value = Object::from_iter([("uri", Value::from(&*system.url))]);
    // One that does not say which version it is cannot be told of beside others, and alone says nothing.
    let version = |(place, version): (usize, &str)| object! { "code": version, "isDefault": place == 0 };
    let versions: Vec<Value> = system.versions.iter().flatten().map(|version| &**version).enumerate().map(version).collect();
    if !versions.is_empty() {
        value.push("version", versions);
    }
    value.into()
}

/// The parameters of `$expand` that say how to expand, `tx-resource` too: by that clients know that they may bring resources along.
fn expansion_parameters() -> Vec<Value> {
    let expand = TABLE.iter().find(|operation| operation.id == "ValueSet-expand");
    let inputs = expand.into_iter().flat_map(|expand| expand.parameters).filter(|parameter| parameter.direction == Use::In);
    let says_what = |parameter: &&Parameter| ["url", "valueSet", "valueSetVersion", "context"].contains(&parameter.name);
    inputs.filter(|input| !says_what(input)).map(|input| object! { "name": input.name, "documentation": input.doc }).collect()
}
