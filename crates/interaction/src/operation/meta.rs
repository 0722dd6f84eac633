//! `$meta`: the profiles, tags and security labels of a resource, of a type, of the system
//! (<http://hl7.org/fhir/R4/resource-operation-meta.html>).

use std::collections::BTreeMap;

use fhir::definitions::ResourceType;
use fhir::{Object, Value, object};
use store::entry::Param;
use store::query::{Filter, Subject, Version};

use super::limits::Budget;
use super::scan::{scan, tree};
use super::{Call, Operation, Parameter, Place, Reply, Right, Types};
use crate::{Context, Error, ReadRequest, VreadRequest, read, vread};

pub(super) const OPERATION: Operation = Operation {
    code: "meta",
    id: "Resource-meta",
    name: "Meta",
    doc: "Answers the profiles, tags and security labels of a resource or a version of it, or those in use in a type or in the system.",
    is_standard: true,
    system: true,
    on_type: true,
    on_instance: true,
    on_version: true,
    types: Types::All,
    affects_state: false,
    takes_criteria: false,
    right: Right::Resources,
    parameters: &[Parameter::output("return", "Meta", 1, Some(1), "The profiles, tags and security labels.")],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// The lists of a Meta, and the search parameter by which resources with an item of the list are found.
pub(super) const LISTS: [(&str, &str); 3] = [("profile", "_profile"), ("security", "_security"), ("tag", "_tag")];

/// Parameters with `return`: the `meta` of a resource as it is, or what is in use, each label once, sorted.
///
/// The errors of read and vread for a resource; [`Error::OperationTooLarge`] when more resources have labels than one call looks at.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    match call.place {
        Place::Instance(key) => of_version(read(ctx, ReadRequest { key }).await?),
        Place::Version(key, version) => of_version(vread(ctx, VreadRequest { key, version }).await?),
        Place::Type(kind) => in_use(ctx, &[kind]).await,
        Place::System => in_use(ctx, &ResourceType::all().collect::<Vec<_>>()).await,
    }
}

fn of_version(version: Version) -> Result<Reply, Error> {
    let meta = tree(&version)?.get("meta").cloned().unwrap_or_else(|| Object::new().into());
    Ok(answer(meta).at_version(version.version, version.last_updated))
}

/// Parameters with one `return`.
pub(super) fn answer(meta: Value) -> Reply {
    Reply::parameters(vec![object! { "name": "return", "valueMeta": meta }])
}

async fn in_use(ctx: &Context, kinds: &[ResourceType]) -> Result<Reply, Error> {
    let mut budget = Budget::new();
    let mut found: [BTreeMap<String, Value>; 3] = Default::default();
    let subjects = kinds.iter().map(|kind| {
        let labelled = LISTS.iter().map(|(_, parameter)| Filter::Present(Param::of(kind.name(), parameter)));
        Subject { kind: *kind, filter: Filter::Any(labelled.collect()) }
    });
    let remedy = "ask for a type, or search by _tag, _security or _profile";
    scan(ctx, &mut budget, subjects.collect(), remedy, |version| {
        let resource = tree(&version)?;
        for ((list, _), found) in LISTS.iter().zip(&mut found) {
            for item in resource.get("meta").into_iter().flat_map(|meta| meta.list(list)) {
                found.entry(identity(item)).or_insert_with(|| item.clone());
            }
        }
        Ok(())
    })
    .await?;
    let lists = LISTS.iter().zip(found).filter(|(_, found)| !found.is_empty());
    let meta: Object = lists.map(|((list, _), found)| (*list, Value::Array(found.into_values().collect()))).collect();
    Ok(answer(meta.into()))
}

/// What makes two labels the same: system and code of a coding, the whole of a profile.
pub(super) fn identity(item: &Value) -> String {
    match item.as_str() {
        Some(profile) => profile.to_owned(),
        None => format!("{}|{}", item.text("system").unwrap_or_default(), item.text("code").unwrap_or_default()),
    }
}
