//! `$fhirpath-r4`: what a FHIRPath expression gives on a resource.
//!
//! Parameters in and out are those of the engines of the FHIRPath Lab, so that it can be used there: `expression`, `resource`, `context`,
//! `variables`, `validate` in; `parameters` and a `result` for each context out, with a part for each item, named by its type.

mod parts;
mod trace;

use ::fhirpath::{Arena, Context as Surroundings, Expression, Item, Limits, Places, Profiles, Terminology as Codes};
use fhir::primitive::{Temporal, instant_text};
use fhir::{Issue, IssueCode, Object, Value, object};

use super::{Arguments, Call, Operation, Parameter, Reply, Right, Types};
use crate::{Context, Error, codes};
use parts::Parts;
use trace::Traces;

pub(super) const OPERATION: Operation = Operation {
    code: "fhirpath-r4",
    id: "fhirpath-r4",
    name: "FHIRPath",
    doc: "Evaluates a FHIRPath expression on a resource, as the engines of the FHIRPath Lab do.",
    is_standard: false,
    system: true,
    on_type: false,
    on_instance: false,
    on_version: false,
    types: Types::All,
    affects_state: false,
    takes_criteria: false,
    right: Right::Handed,
    parameters: &[
        Parameter::input("expression", "string", 1, Some(1), "The expression."),
        Parameter::input(
            "context",
            "string",
            0,
            Some(1),
            "An expression for what the other is evaluated on, item by item; the resource when not given.",
        ),
        Parameter::input("resource", "Resource", 0, Some(1), "The resource; none for an expression that needs none.").or_text(),
        Parameter::input("variables", "string", 0, Some(1), "Variables: a part for each, with its name and its value or resource.")
            .of_parts(),
        Parameter::input(
            "validate",
            "boolean",
            0,
            Some(1),
            "Whether the expression is also checked against the definition of the resource's type.",
        ),
        Parameter::input("terminologyserver", "url", 0, Some(1), "Where codes could be looked up; this server asks no other."),
        Parameter::output("parameters", "string", 1, Some(1), "What was asked, and who answers.").of_parts(),
        Parameter::output("result", "string", 0, None, "What the expression gives, for each context.").of_parts(),
    ],
    run: |ctx, call| Box::pin(run(ctx, call)),
};

/// What an evaluation may take: a second or so.
const LIMITS: Limits = Limits { steps: 2_000_000, items: 100_000, text_bytes: 1 << 20 };

/// The Parameters of the answer.
///
/// [`Error::BadRequest`] when an expression cannot be parsed or evaluated, with FHIRPath's own number and the place in the expression;
/// [`Error::OperationTooLarge`] when it gives more than one answer has.
async fn run(ctx: &Context, call: Call) -> Result<Reply, Error> {
    let library = ctx.server.library(ctx.tenant).await?;
    let answer = ctx.server.rulebook().answering(&library, |codes, profiles| evaluate(ctx, &call.arguments, codes, profiles));
    answer.map(Reply::parameters)
}

fn evaluate(ctx: &Context, arguments: &Arguments, codes: &dyn Codes, profiles: &dyn Profiles) -> Result<Vec<Value>, Error> {
    let nothing = object! { "resourceType": "Parameters" };
    let resource = arguments.one("resource").unwrap_or(&nothing);
    let expression = parse("expression", arguments.text("expression").unwrap_or_default())?;
    let context = arguments.text("context").map(|text| parse("context", text)).transpose()?;
    if arguments.truth("validate") == Some(true) {
        let root = resource.resource_type().unwrap_or_default();
        let checked = context.as_ref().map_or_else(|| expression.check(root), |context| context.check(root));
        checked.map_err(|error| refused("expression", &error))?;
    }
    let variables = Variables::of(arguments);
    let (arena, traces) = (Arena::new(), Traces::default());
    let input = Item::resource(resource);
    let mut surroundings = Surroundings::new(resource).with_limits(LIMITS).with_arena(&arena).with_tracer(&traces);
    surroundings = surroundings.with_terminology(codes).with_profiles(profiles);
    if let Some(now) = Temporal::parse(&instant_text(ctx.now())) {
        surroundings = surroundings.with_now(now);
    }
    for (name, items) in variables.items()? {
        surroundings = surroundings.with_variable(&name, items);
    }
    let mut answer = vec![echo(ctx, arguments, &expression, context.as_ref())];
    let mut parts = Parts::of(Places::of(&input));
    match &context {
        None => answer.push(result(&expression, &surroundings, &input, None, &traces, &mut parts)?),
        Some(context) => {
            let contexts = context.evaluate(&surroundings, &input).map_err(|error| refused("context", &error))?;
            traces.take();
            for (index, item) in contexts.iter().enumerate() {
                let path = format!("{}[{index}]", context.text());
                answer.push(result(&expression, &surroundings, item, Some(path), &traces, &mut parts)?);
            }
        }
    }
    Ok(answer)
}

fn parse(name: &str, text: &str) -> Result<Expression, Error> {
    Expression::parse(text).map_err(|error| refused(name, &error))
}

fn refused(name: &str, error: &::fhirpath::Error) -> Error {
    Error::BadRequest(vec![Issue::error(error.number(), IssueCode::Invalid, "", format!("`{name}`: {error}"))])
}

/// What the expression gives on one context.
fn result<'a>(
    expression: &Expression,
    surroundings: &Surroundings<'a>,
    input: &Item<'a>,
    path: Option<String>,
    traces: &Traces,
    parts: &mut Parts<'a>,
) -> Result<Value, Error> {
    let items = expression.evaluate(surroundings, input).map_err(|error| refused("expression", &error))?;
    let mut list = items.iter().map(|item| parts.part(item)).collect::<Result<Vec<_>, _>>()?;
    list.extend(traces.take());
    let mut result = Object::from_iter([("name", Value::from("result"))]);
    if let Some(path) = path {
        result.push("valueString", path);
    }
    if !list.is_empty() {
        result.push("part", list);
    }
    Ok(result.into())
}

/// What was asked, and who answers.
fn echo(ctx: &Context, arguments: &Arguments, expression: &Expression, context: Option<&Expression>) -> Value {
    let (software, version) = &ctx.settings().software;
    let mut part = vec![object! { "name": "evaluator", "valueString": format!("{software} {version} (R4)") }];
    for name in ["expression", "context"] {
        part.extend(arguments.text(name).map(|text| object! { "name": name, "valueString": text }));
    }
    part.extend(arguments.one("resource").map(|resource| object! { "name": "resource", "resource": resource.clone() }));
    part.extend(arguments.one("variables").cloned());
    if let Some(tree) = expression.outline() {
        part.push(object! { "name": "parseDebugTree", "valueString": fhir::json::to_string(&tree) });
    }
    // What it gives is known for the resource alone: a context may give anything.
    let root = arguments.one("resource").and_then(Value::resource_type).filter(|_| context.is_none());
    if let Some(types) = root.and_then(|root| expression.result_types(root).ok().flatten()).filter(|types| !types.is_empty()) {
        part.push(object! { "name": "expectedReturnType", "valueString": types.join(" | ") });
    }
    object! { "name": "parameters", "part": part }
}

/// The variables, as a Parameters resource: its elements give the items their types.
struct Variables {
    parameters: Value,
}

impl Variables {
    fn of(arguments: &Arguments) -> Self {
        let parts: Vec<Value> = arguments.one("variables").into_iter().flat_map(|variables| variables.list("part")).cloned().collect();
        Self { parameters: object! { "resourceType": "Parameters", "parameter": parts } }
    }

    fn items(&self) -> Result<Vec<(String, Vec<Item<'_>>)>, Error> {
        let mut variables = Vec::new();
        for (index, part) in self.parameters.list("parameter").enumerate() {
            let name = part.text("name").unwrap_or_default().to_owned();
            let way = format!("parameter[{index}].value | parameter[{index}].resource");
            let items = parse("variables", &way)?.evaluate(&Surroundings::default(), &Item::resource(&self.parameters));
            let items = items.map_err(|error| refused("variables", &error))?;
            if variables.iter().any(|(known, _)| *known == name) {
                let rule = format!("`variables` has `{name}` twice");
                return Err(Error::BadRequest(vec![Issue::error(codes::OPERATION_PARAMETER_REPEATED, IssueCode::Duplicate, "", rule)]));
            }
            variables.push((name, items.into_iter().collect()));
        }
        Ok(variables)
    }
}

/// An extension of the FHIRPath Lab: `json-value` holds what no `value[x]` can, `resource-path` where an item stands.
fn lab_extension(name: &str, text: String) -> Value {
    object! { "url": format!("http://fhir.forms-lab.com/StructureDefinition/{name}"), "valueString": text }
}
