//! What the engines answer, in a form in which answers can be compared.

use std::fmt;
use std::io::Write;
use std::process::{Command, Stdio};

use fhir::primitive::Temporal;
use fhir::{Value, object};
use fhirpath::{Arena, Context, Expression, Item, System};

use crate::sameness::same;

/// What an engine answers: items as JSON, or that it cannot.
pub(super) enum Outcome {
    Items(Vec<Value>),
    Error(String),
}

impl Outcome {
    /// `error`, `nothing` or `items`.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Outcome::Error(_) => "error",
            Outcome::Items(items) if items.is_empty() => "nothing",
            Outcome::Items(_) => "items",
        }
    }

    /// Whether both say the same. Why an engine cannot answer does not count.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        match (self, other) {
            (Outcome::Error(_), Outcome::Error(_)) => true,
            (Outcome::Items(ours), Outcome::Items(theirs)) => {
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
            }
            _ => false,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Error(message) => write!(f, "error: {message}"),
            Outcome::Items(items) => {
                let text = fhir::json::to_string(&Value::Array(items.clone()));
                f.write_str(&text.chars().take(200).collect::<String>())
            }
        }
    }
}

/// What this engine answers.
pub(super) fn ours(text: &str, resource: &Value) -> Outcome {
    let arena = Arena::new();
    let now = Temporal::parse("2026-11-22T01:02:03.004Z").expect("it is a moment");
    let context = Context::new(resource).with_arena(&arena).with_now(now);
    match Expression::parse(text).and_then(|expression| expression.evaluate(&context, &Item::resource(resource))) {
        Ok(items) => Outcome::Items(items.iter().map(json).collect()),
        Err(error) => Outcome::Error(error.to_string()),
    }
}

fn json(item: &Item<'_>) -> Value {
    let Item::System(value) = item else { return item.value().cloned().unwrap_or(Value::Null) };
    match value {
        System::Boolean(truth) => Value::Bool(*truth),
        System::Integer(_) | System::Decimal(_) => Value::Number(value.text().into()),
        _ => Value::from(&*value.text()),
    }
}

/// What another engine answers to all questions, each an expression on one of the resources.
pub(super) fn theirs(mut program: Command, script: &str, resources: &[Value], questions: &[(usize, String)]) -> Vec<Outcome> {
    let mut input = fhir::json::to_string(&Value::Array(resources.to_vec()));
    for (resource, text) in questions {
        let question = object! { "resource": *resource as u64, "expression": text.as_str() };
        input = format!("{input}\n{}", fhir::json::to_string(&question));
    }
    let child = program.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{program:?}: {error}"));
    let mut pipe = child.stdin.take().expect("it has an input");
    let writer = std::thread::spawn(move || pipe.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("the writer ends").expect("the questions can be written");
    let lines = String::from_utf8(output.stdout).expect("the answers are text");
    lines.lines().map(outcome).collect()
}

fn outcome(line: &str) -> Outcome {
    let answer = fhir::json::parse(line.as_bytes()).unwrap_or_else(|_| panic!("{line} is no JSON"));
    match answer.text("error") {
        Some(message) => Outcome::Error(message.to_owned()),
        None => Outcome::Items(answer.list("items").cloned().collect()),
    }
}
