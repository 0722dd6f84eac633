//! `$graph`: a resource and what a GraphDefinition says belongs to it (<http://hl7.org/fhir/R4/resource-operation-graph.html>,
//! <http://hl7.org/fhir/R4/graphdefinition.html>).

mod definition;
mod links;

use fhir::object;

use super::gathered::{Gathered, bundle};
use super::{Call, Operation, Parameter, Place, Reply, Right, Types};
use crate::{Context, Error, ReadRequest, read};

pub(super) use definition::find as find_definition;
pub(super) use links::follow;

pub(super) const OPERATION: Operation = Operation {
    code: "graph",
    id: "Resource-graph",
    name: "Graph",
    doc: "Answers a resource with those that a GraphDefinition leads to.",
    is_standard: true,
    system: false,
    on_type: false,
    on_instance: true,
    on_version: false,
    types: Types::All,
    affects_state: false,
    takes_criteria: false,
    right: Right::Resources,
    parameters: &[
        Parameter::input(
            "graph",
            "uri",
            1,
            Some(1),
            "The canonical address of a GraphDefinition of this server, or `GraphDefinition/[id]`.",
        ),
        Parameter::output("result", "Bundle", 1, Some(1), "A Bundle of type collection: the resource, then what the graph leads to."),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// Parameters with `result`.
///
/// [`Error::NotFound`] and [`Error::Deleted`] for the resource; [`Error::BadRequest`] when there is no such GraphDefinition, or it does
/// not start at this type; [`Error::Unprocessable`] when it cannot be followed, with the place in it; [`Error::OperationTooLarge`] when
/// it leads to more than one answer has.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let Place::Instance(key) = call.place else { return Err(Error::BadId) };
    let start = read(ctx, ReadRequest { key }).await?;
    let definition = find_definition(ctx, call.arguments.text("graph").unwrap_or_default(), start.key.kind).await?;
    let mut gathered = Gathered::new(ctx, "use a graph that leads to less");
    let place = gathered.add(&start)?;
    follow(ctx, &mut gathered, place, &definition).await?;
    let result = bundle("collection", gathered.into_entries());
    Ok(Reply::parameters(vec![object! { "name": "result", "resource": result }]))
}
