//! `$meta-add` and `$meta-delete`: profiles, tags and security labels of a resource, put in and taken out
//! (<http://hl7.org/fhir/R4/resource-operation-meta-add.html>, <http://hl7.org/fhir/R4/resource-operation-meta-delete.html>).
//!
//! They go the road of an update, on top of the version that was read. When another was faster they read again, so none undoes what
//! another has done.

use fhir::{Object, Value};
use store::commit::{Expect, Key};
use store::query::Version;

use super::meta::{LISTS, answer, identity};
use super::scan::tree;
use super::{Call, Operation, Parameter, Place, Reply, Right, Types};
use crate::written::commit_one;
use crate::{Context, Error, ReadRequest, read};

pub(super) const ADD: Operation = Operation {
    code: "meta-add",
    id: "Resource-meta-add",
    name: "MetaAdd",
    doc: "Adds profiles, tags and security labels to a resource, each only if it is not there yet.",
    is_standard: true,
    system: false,
    on_type: false,
    on_instance: true,
    on_version: false,
    types: Types::All,
    affects_state: true,
    takes_criteria: false,
    right: Right::Resources,
    parameters: &[
        Parameter::input("meta", "Meta", 1, Some(1), "The profiles, tags and security labels to add."),
        Parameter::output("return", "Meta", 1, Some(1), "The meta of the resource afterwards."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call, add)),
};

pub(super) const DELETE: Operation = Operation {
    code: "meta-delete",
    id: "Resource-meta-delete",
    name: "MetaDelete",
    doc: "Takes profiles, tags and security labels from a resource; those that are not there are no error.",
    parameters: &[
        Parameter::input("meta", "Meta", 1, Some(1), "The profiles, tags and security labels to take out."),
        Parameter::output("return", "Meta", 1, Some(1), "The meta of the resource afterwards."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call, delete)),
    ..ADD
};

/// How often a change is tried when others change the same resource: more than may do so at once.
const ATTEMPTS: u32 = 128;

type Change = fn(&mut Vec<Value>, &[Value]);

/// Parameters with `return`, the meta afterwards; and a new version of the resource, unless nothing had to be changed.
///
/// The errors of a read and of an update; [`Error::VersionMismatch`] when If-Match names another version than the current one,
/// [`Error::Contended`] when others change the resource again and again.
async fn run(ctx: &Context, call: Call, change: Change) -> Result<Reply, Error> {
    let Place::Instance(key) = call.place else { return Err(Error::BadId) };
    let asked = call.arguments.one("meta").cloned().unwrap_or(Value::Null);
    for _ in 0..ATTEMPTS {
        let version = read(ctx, ReadRequest { key: key.clone() }).await?;
        if call.if_match.is_some_and(|expected| expected != version.version) {
            return Err(Error::VersionMismatch { key, found: version.version });
        }
        match attempt(ctx, &key, version, &asked, change).await {
            Err(Error::VersionMismatch { .. }) if call.if_match.is_none() => {}
            done => return done,
        }
    }
    Err(Error::Contended)
}

async fn attempt(ctx: &Context, key: &Key, version: Version, asked: &Value, change: Change) -> Result<Reply, Error> {
    let mut resource = tree(&version)?;
    if !change_meta(&mut resource, asked, change) {
        let meta = resource.get("meta").cloned().unwrap_or_else(|| Object::new().into());
        return Ok(answer(meta).at_version(version.version, version.last_updated));
    }
    let prepared = ctx.prepare(&resource, key.clone()).await?;
    let expect = vec![Expect::Version(key.clone(), version.version)];
    let written = commit_one(ctx, "meta", &resource, prepared, expect).await?;
    let stored = fhir::json::parse(&written.text()).ok();
    let meta = stored.as_ref().and_then(|stored| stored.get("meta")).cloned().unwrap_or_else(|| Object::new().into());
    Ok(answer(meta).at_version(written.version, written.last_updated))
}

/// Changes the lists of the resource's `meta`, and says whether that made a difference.
fn change_meta(resource: &mut Value, asked: &Value, change: Change) -> bool {
    let Some(members) = resource.as_object_mut() else { return false };
    let mut meta = match members.get("meta") {
        Some(Value::Object(meta)) => meta.clone(),
        _ => Object::new(),
    };
    let mut is_changed = false;
    for (list, _) in LISTS {
        let asked: Vec<Value> = asked.list(list).cloned().collect();
        let before: Vec<Value> = meta.get(list).into_iter().flat_map(Value::each).cloned().collect();
        let mut after = before.clone();
        change(&mut after, &asked);
        if after == before {
            continue;
        }
        is_changed = true;
        // The extensions of profiles stand beside them item by item: they would no longer fit.
        meta.remove(&format!("_{list}"));
        if after.is_empty() {
            meta.remove(list);
        } else {
            meta.set(list, after);
        }
    }
    if is_changed {
        members.set("meta", meta);
    }
    is_changed
}

fn add(list: &mut Vec<Value>, asked: &[Value]) {
    for item in asked {
        if list.iter().all(|known| identity(known) != identity(item)) {
            list.push(item.clone());
        }
    }
}

fn delete(list: &mut Vec<Value>, asked: &[Value]) {
    list.retain(|known| asked.iter().all(|item| identity(known) != identity(item)));
}
