//! `ward fhirpath`: what an expression gives on a resource, without a server.

use fhir::primitive::{Temporal, instant_text};
use fhir::{Object, Value};
use fhirpath::{Arena, Context, Expression, Item, Profiles, Terminology, Tracer};
use interaction::Rulebook;
use store::contract::Clock;

use super::Failure;
use super::resource_file;
use crate::cli::Fhirpath;
use crate::clock;

/// Prints each item on a line: texts and numbers as they are, the rest as JSON; with `--json` all of them as one array, each
/// with its type.
pub fn run(json: bool, arguments: &Fhirpath) -> Result<(), Failure> {
    let expression = Expression::parse(&arguments.expression).map_err(|error| Failure::usage(error.to_string()))?;
    let resource = resource_file::read(&arguments.file)?;
    // What FHIR itself brings of profiles and codes is known, as `ward validate` knows it.
    Rulebook::default().answering(base::library(), |codes, profiles| print(json, &expression, &resource, codes, profiles))
}

fn print(json: bool, expression: &Expression, resource: &Value, codes: &dyn Terminology, profiles: &dyn Profiles) -> Result<(), Failure> {
    let arena = Arena::new();
    let mut context = Context::new(resource).with_arena(&arena).with_tracer(&Traces).with_terminology(codes).with_profiles(profiles);
    if let Some(now) = Temporal::parse(&instant_text(clock::of_process().now())) {
        context = context.with_now(now);
    }
    let items = expression.evaluate(&context, &Item::resource(resource)).map_err(|error| Failure::failed(error.to_string()))?;
    if json {
        println!("{}", fhir::json::to_string(&Value::Array(items.iter().map(with_type).collect())));
        return Ok(());
    }
    for item in &items {
        println!("{}", line(item));
    }
    Ok(())
}

/// Tells what is traced as it comes.
struct Traces;

impl Tracer for Traces {
    fn trace(&self, name: &str, items: &[Item<'_>]) {
        items.iter().for_each(|item| eprintln!("{name}: {}", line(item)));
    }
}

/// An item as text: a text or number as it is, the rest as JSON.
fn line(item: &Item<'_>) -> String {
    match item.as_string() {
        Some(text) => text.into_owned(),
        None => fhir::json::to_string(item.value().unwrap_or(&Value::Null)),
    }
}

fn with_type(item: &Item<'_>) -> Value {
    let value = match (item.value(), item.as_bool(), item.as_string()) {
        (Some(value), ..) => value.clone(),
        (None, Some(truth), _) => Value::Bool(truth),
        (None, None, Some(text)) => Value::from(&*text),
        (None, None, None) => Value::Null,
    };
    Object::from_iter([("type", Value::from(item.type_name())), ("value", value)]).into()
}
