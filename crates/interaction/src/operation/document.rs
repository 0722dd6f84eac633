//! `Composition/$document`: a document made of a composition and all that it refers to
//! (<http://hl7.org/fhir/R4/composition-operation-document.html>, <http://hl7.org/fhir/R4/documents.html>).

use fhir::definitions::ResourceType;
use fhir::primitive::instant_text;
use fhir::{Issue, IssueCode, Value, object};
use store::commit::Key;

use super::gathered::{Gathered, bundle};
use super::graph::{find_definition, follow};
use super::{Call, Operation, Parameter, Place, Reply, Right, Types};
use crate::references::{Target, dangling, each, target};
use crate::{Context, CreateRequest, Error, ReadRequest, codes, create, is_id, read};

pub(super) const OPERATION: Operation = Operation {
    code: "document",
    id: "Composition-document",
    name: "CompositionDocument",
    doc: "Answers a document: a composition with everything that it refers to, directly and indirectly.",
    is_standard: true,
    system: false,
    on_type: true,
    on_instance: true,
    on_version: false,
    types: Types::Only(&["Composition"]),
    affects_state: false,
    takes_criteria: false,
    right: Right::Resources,
    parameters: &[
        Parameter::input(
            "id",
            "uri",
            0,
            Some(1),
            "Which composition, when the operation is invoked on the type: its id, or its address on this server.",
        ),
        Parameter::input("persist", "boolean", 0, Some(1), "Whether the document is also stored, as a Bundle; not when not given."),
        Parameter::input(
            "graph",
            "uri",
            0,
            Some(1),
            "A GraphDefinition that says what belongs into the document, in place of all that is referred to.",
        ),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// A Bundle of type document: the composition first. When it is stored, with its id, and Location says where.
///
/// [`Error::BadRequest`] when `id` is missing, not of this server, or given twice over; the errors of a read for the composition, and of
/// `$graph` for the graph; [`Error::Unprocessable`] when something that the composition itself refers to is gone;
/// [`Error::OperationTooLarge`] for a document larger than an answer may be; the errors of a create when it is stored.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let key = composition(ctx, &call)?;
    let start = read(ctx, ReadRequest { key }).await?;
    let mut gathered = Gathered::new(ctx, "choose what belongs into it with `graph`");
    let place = gathered.add(&start)?;
    match call.arguments.text("graph") {
        Some(name) => {
            let definition = find_definition(ctx, name, start.key.kind).await?;
            follow(ctx, &mut gathered, place, &definition).await?;
        }
        None => gather(ctx, &mut gathered).await?,
    }
    let document = document(ctx, gathered);
    if call.arguments.truth("persist") != Some(true) {
        return Ok(Reply::resource(&document));
    }
    let kind = ResourceType::parse("Bundle").ok_or(Error::BadId)?;
    let written = create(ctx, CreateRequest { kind, resource: document, if_none_exist: None }).await?;
    let reply = Reply::text(written.text()).at_version(written.version, written.last_updated);
    Ok(Reply { location: Some(written.location()), ..reply })
}

/// Which composition is asked for.
fn composition(ctx: &Context, call: &Call) -> Result<Key, Error> {
    let bad = |number, code, rule: &str| Err(Error::BadRequest(vec![Issue::error(number, code, "", rule)]));
    let kind = call.place.kind().ok_or(Error::BadId)?;
    match (&call.place, call.arguments.text("id")) {
        (Place::Instance(_), Some(_)) => {
            bad(codes::BAD_OPERATION_PARAMETER, IssueCode::Invalid, "`id` is for the type: the address names the composition already")
        }
        (Place::Instance(key), None) => Ok(key.clone()),
        (_, None) => bad(codes::OPERATION_PARAMETER_MISSING, IssueCode::Required, "$document needs `id`, or the address of a composition"),
        (_, Some(id)) if is_id(id) => Ok(Key::new(kind, id)),
        (_, Some(url)) => match target(url, &ctx.base_url) {
            Target::Local(key) if key.kind == kind => Ok(key),
            _ => bad(codes::BAD_OPERATION_PARAMETER, IssueCode::Value, "`id` is the id or address of a Composition of this server"),
        },
    }
}

/// Adds everything that what was gathered refers to, and what that refers to.
async fn gather(ctx: &Context, gathered: &mut Gathered<'_>) -> Result<(), Error> {
    let mut place = 0;
    while let Some((key, resource)) = gathered.at(place) {
        let mut targets = Vec::new();
        each(resource, &mut |_, text| {
            if let Target::Local(key) = target(text, &ctx.base_url) {
                targets.push(key);
            }
        });
        // What is missing in the composition itself leaves a hole in the document; further out the reference stands for itself.
        let composition = (place == 0).then(|| (key.kind, resource.clone()));
        for target in targets {
            let there = gathered.fetch(&target).await?.is_some();
            if let Some((kind, resource)) = composition.as_ref().filter(|_| !there) {
                return Err(Error::Unprocessable(dangling(resource, *kind, &target, &ctx.base_url)));
            }
        }
        place += 1;
    }
    Ok(())
}

fn document(ctx: &Context, gathered: Gathered<'_>) -> Value {
    let mut document = bundle("document", gathered.into_entries());
    if let Some(members) = document.as_object_mut() {
        let identifier = object! { "system": "urn:ietf:rfc:3986", "value": format!("urn:uuid:{}", ctx.server.new_id()) };
        members.insert_at(1, "identifier", identifier);
        members.insert_at(3, "timestamp", instant_text(ctx.now()));
    }
    document
}
