//! From a call to the engine and back.

use ::terminology::{Terminology, TerminologyError};
use fhir::Value;

use super::super::scan::tree;
use super::super::{Call, Place, Reply};
use crate::{Context, Error, ReadRequest, read};

/// What the engine answers to the parameters of a call, which it reads itself.
///
/// Fails as the engine does, and when the store cannot be read.
pub(super) async fn answer(
    ctx: &Context,
    parameters: &Value,
    work: impl FnOnce(&Terminology<'_>, &Value) -> Result<Value, TerminologyError>,
) -> Result<Reply, Error> {
    let answer = ctx.terminology(|engine| work(engine, parameters)).await?;
    Ok(Reply::resource(&answer))
}

/// The parameters of a call as a Parameters resource; what it is invoked on stands among them as `name`.
///
/// Fails as a read does, when it is invoked on a resource that is not there.
pub(super) async fn parameters(ctx: &Context, call: &Call, name: &'static str) -> Result<Value, Error> {
    let mut parameters = call.arguments.parameters();
    if let Place::Instance(key) = &call.place {
        let resource = tree(&read(ctx, ReadRequest { key: key.clone() }).await?)?;
        parameters.push(fhir::object! { "name": name, "resource": resource });
    }
    Ok(fhir::object! { "resourceType": "Parameters", "parameter": parameters })
}
