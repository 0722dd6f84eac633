//! How long evaluations take: `cargo bench -p fhirpath`. Prints nanoseconds per evaluation of each expression on a parsed Patient.

use std::hint::black_box;
use std::time::Instant;

use fhir::{Value, array, object};
use fhirpath::{Context, Expression, Item};

const EXPRESSIONS: [&str; 6] = [
    "Patient.name",
    "name.where(use='official').given",
    "Patient.telecom.where(system='phone')",
    "birthDate <= @2020-01-01 and active",
    "identifier.value | name.family",
    "Patient.deceased.exists() and Patient.deceased != false",
];

fn main() {
    let patient = patient();
    let context = Context::new(&patient);
    let item = Item::resource(&patient);
    for text in EXPRESSIONS {
        let Ok(expression) = Expression::parse(text) else { continue };
        let evaluations = 200_000;
        let started = Instant::now();
        for _ in 0..evaluations {
            let _ = black_box(expression.evaluate(black_box(&context), black_box(&item)));
        }
        println!("{:>7.1} ns  {text}", started.elapsed().as_nanos() as f64 / f64::from(evaluations));
    }
    let started = Instant::now();
    let parses = 20_000;
    for _ in 0..parses {
        let _ = black_box(Expression::parse(black_box(EXPRESSIONS[1])));
    }
    println!("{:>7.1} ns  to parse {}", started.elapsed().as_nanos() as f64 / f64::from(parses), EXPRESSIONS[1]);
}

fn patient() -> Value {
    let name = |usage: &'static str, given: &'static str| object! { "use": usage, "family": "Chalmers", "given": array![given, "James"] };
    let phone = |system: &'static str| object! { "system": system, "value": "555", "use": "home" };
    object! {
        "resourceType": "Patient", "id": "example", "active": true,
        "identifier": array![object! { "system": "urn:oid:1.2", "value": "12345" }],
        "name": array![name("official", "Peter"), name("usual", "Jim"), name("maiden", "Ann")],
        "telecom": array![phone("phone"), phone("email"), phone("phone")],
        "gender": "male", "birthDate": "1974-12-25", "deceasedBoolean": false,
    }
}
