//! `$closure`: a client's table of which of its concepts stand above which (<http://hl7.org/fhir/R4/conceptmap-operation-closure.html>).
//!
//! The table is a ConceptMap, `closure-` and its name, written as any other resource: with an expectation of the version that was read. When another was
//! faster it is read again, so that two who add at once both find what they have added.

use ::terminology::request::Coding;
use ::terminology::{Closure, closure};
use fhir::definitions::ResourceType;
use fhir::{Issue, IssueCode, Value, object};
use store::commit::{Expect, Key};

use super::super::scan::tree;
use super::super::{Arguments, Call, Operation, Parameter, Reply, Right, Types};
use crate::written::commit_one;
use crate::{Context, Error, codes};

pub(in crate::operation) const OPERATION: Operation = Operation {
    code: "closure",
    id: "ConceptMap-closure",
    name: "ConceptMapClosure",
    doc: "Keeps a table of which of a client's concepts stand above which: makes it, adds concepts, tells what is new since a version.",
    is_standard: true,
    system: true,
    on_type: false,
    on_instance: false,
    on_version: false,
    types: Types::Only(&["ConceptMap"]),
    affects_state: true,
    takes_criteria: false,
    right: Right::Named,
    parameters: &[
        Parameter::input("name", "string", 1, Some(1), "The name of the table; alone, the table is made, or emptied."),
        Parameter::input("concept", "Coding", 0, None, "Concepts to add."),
        Parameter::input("version", "string", 0, Some(1), "The version that the client has: what is newer is told."),
        Parameter::output("return", "ConceptMap", 1, Some(1), "What is new: each concept, and those that subsume it."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// How often a table is changed when others change it: more than may do so at once.
const ATTEMPTS: u32 = 128;
/// How the logical ids of tables begin.
const PREFIX: &str = "closure-";
/// The code system of the identifiers of tables.
const NAMES: &str = "urn:ward:closure";
/// How long a logical id may be.
const LONGEST_ID: usize = 64;

/// What is asked.
struct Asked<'a> {
    name: &'a str,
    concepts: Vec<Coding>,
    since: Option<u64>,
}

/// The ConceptMap of what is new: nothing for a table that was just made. With `concept` and `version` both, what was added and what else is newer.
///
/// [`Error::BadRequest`] when the name is too long or `version` is none that the table has had, [`Error::Missing`] when concepts are to be added to a table
/// that was not made, [`Error::Terminology`] when a code is not known or the table would be too large, [`Error::Contended`] when others change it again and
/// again, and the errors of an update.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let asked = Asked::read(&call.arguments)?;
    let kind = ResourceType::parse("ConceptMap").ok_or(Error::BadId)?;
    let key = Key::new(kind, id(asked.name)?);
    for _ in 0..ATTEMPTS {
        match attempt(ctx, &key, &asked).await {
            Err(Error::VersionMismatch { .. } | Error::LostRace) => {}
            done => return done.map(|answer| Reply::resource(&answer)),
        }
    }
    Err(Error::Contended)
}

async fn attempt(ctx: &Context, key: &Key, asked: &Asked<'_>) -> Result<Value, Error> {
    let (version, kept) = current(ctx, key).await?;
    if asked.concepts.is_empty() && asked.since.is_none() {
        let table = Closure::default();
        if kept.as_ref() != Some(&table) {
            keep(ctx, key, version, asked.name, &table).await?;
        }
        return Ok(table.since(0, asked.name));
    }
    let kept = kept.ok_or_else(not_there)?;
    if let Some(since) = asked.since.filter(|since| *since > kept.version) {
        return Err(refused(format!("the table is at version {}, and has never been at {since}: ask from 0 on", kept.version)));
    }
    let table = ctx.terminology(|engine| closure(engine, &kept, &asked.concepts)).await?;
    if table.version != kept.version {
        keep(ctx, key, version, asked.name, &table).await?;
    }
    Ok(table.since(asked.since.unwrap_or(kept.version), asked.name))
}

/// The version of the resource, 0 when it never was there, and the table in it.
async fn current(ctx: &Context, key: &Key) -> Result<(u64, Option<Closure>), Error> {
    let Some(version) = ctx.store().read(ctx.tenant, key).await? else { return Ok((0, None)) };
    if version.text().is_none() {
        return Ok((version.version, None));
    }
    let resource = tree(&version)?;
    let is_table = resource.get("identifier").and_then(|identifier| identifier.text("system")) == Some(NAMES);
    match Closure::read(&resource).filter(|_| is_table) {
        Some(table) => Ok((version.version, Some(table))),
        None => {
            let rule = format!("{key} is no table that this operation has made: choose another name, or delete it");
            Err(Error::Unprocessable(vec![Issue::error(codes::CLOSURE, IssueCode::Conflict, "", rule)]))
        }
    }
}

/// Writes the table over this version of its resource.
async fn keep(ctx: &Context, key: &Key, version: u64, name: &str, table: &Closure) -> Result<(), Error> {
    let mut resource = table.map(name);
    if let Some(members) = resource.as_object_mut() {
        members.insert_at(1, "id", &*key.id);
        members.insert_at(2, "identifier", object! { "system": NAMES, "value": name });
    }
    let prepared = ctx.prepare(&resource, key.clone()).await?;
    commit_one(ctx, "closure", &resource, prepared, vec![Expect::Version(key.clone(), version)]).await.map(drop)
}

impl<'a> Asked<'a> {
    fn read(arguments: &'a Arguments) -> Result<Self, Error> {
        let since = arguments.text("version").map(|text| {
            text.parse().map_err(|_| refused("`version` is a number: that of a ConceptMap which this operation has answered".to_owned()))
        });
        let concepts = arguments.all("concept").map(Coding::read).collect();
        Ok(Self { name: arguments.text("name").unwrap_or_default(), concepts, since: since.transpose()? })
    }
}

/// The logical id of a table: letters and digits of its name as they are, other bytes as a point and two hexadecimal digits, so that no two names have one.
fn id(name: &str) -> Result<String, Error> {
    let mut id = PREFIX.to_owned();
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' => id.push(char::from(byte)),
            other => id.push_str(&format!(".{other:02x}")),
        }
    }
    if id.len() > LONGEST_ID {
        let most = LONGEST_ID - PREFIX.len();
        return Err(refused(format!("`name` has at most {most} letters and digits, each other sign counting three times: shorten it")));
    }
    Ok(id)
}

fn refused(rule: String) -> Error {
    Error::BadRequest(vec![Issue::error(codes::CLOSURE, IssueCode::Value, "", rule)])
}

fn not_there() -> Error {
    let rule = "there is no table of this name: make it first, with `name` alone";
    Error::Missing(vec![Issue::error(codes::CLOSURE, IssueCode::NotFound, "", rule)])
}
