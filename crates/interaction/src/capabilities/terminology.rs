//! The TerminologyCapabilities: which code systems there are, and what the operations on them take
//! (<http://hl7.org/fhir/R4/terminologycapabilities.html>).

use fhir::library::Library;
use fhir::primitive::instant_text;
use fhir::{Object, Value, object};

use crate::operation::TABLE;
use crate::{Context, operation};

/// The resource, made anew for whoever asks: code systems come and go.
pub(super) fn terminology(ctx: &Context) -> Value {
    let (software, version) = &ctx.settings().software;
    object! {
        "resourceType": "TerminologyCapabilities",
        "status": "active",
        "date": instant_text(ctx.now()),
        "kind": "instance",
        "software": object! { "name": software.as_str(), "version": version.as_str() },
        "implementation": object! { "description": format!("{software}, a FHIR R4 server") },
        "codeSystem": code_systems(&ctx.server.library_so_far(ctx.tenant)),
        "expansion": object! { "hierarchical": true, "paging": true, "incomplete": false, "parameter": expansion_parameters() },
        "codeSearch": "explicit",
        "validateCode": object! { "translations": false },
        "translation": object! { "needsMap": true },
        "closure": object! { "translation": false },
    }
}

fn code_systems(library: &dyn Library) -> Vec<Value> {
    let version = |version: Option<Box<str>>| Some(object! { "code": &*version? });
    let system = |url: &str| {
        let versions: Vec<Value> = library.versions("CodeSystem", url).into_iter().filter_map(version).collect();
        let mut system = Object::from_iter([("uri", Value::from(url))]);
        if !versions.is_empty() {
            system.push("version", versions);
        }
        Value::from(system)
    };
    library.urls("CodeSystem").iter().map(|url| system(url)).collect()
}

/// The parameters of `$expand` that say how to expand, `tx-resource` too: by that clients know that they may bring resources along.
fn expansion_parameters() -> Vec<Value> {
    let expand = TABLE.iter().find(|operation| operation.id == "ValueSet-expand");
    let inputs = expand.into_iter().flat_map(|expand| expand.inputs());
    let says_what = |parameter: &&operation::Parameter| ["url", "valueSet", "valueSetVersion", "context"].contains(&parameter.name);
    inputs.filter(|input| !says_what(input)).map(|input| object! { "name": input.name, "documentation": input.doc }).collect()
}
