//! FHIRPath: the first line is an expression, the rest a resource. It is understood or refused, and evaluated within its limits.
#![no_main]

use std::sync::LazyLock;

use fhir::primitive::Temporal;
use fhir::{Value, json};
use fhirpath::{Arena, Context, Expression, Item, Limits};
use fuzz::first_line;
use libfuzzer_sys::fuzz_target;

/// What an expression is evaluated on when the input has no resource.
static PATIENT: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../src/hospital.ndjson").lines().find(|line| line.contains("\"anna\"")).expect("a patient");
    json::parse(text.as_bytes()).expect("the patient is JSON")
});

/// Small, so that an expression that takes too long is told from one that is bounded.
const LIMITS: Limits = Limits { steps: 20_000, items: 5_000, text_bytes: 20_000 };

fuzz_target!(|data: &[u8]| {
    let Some((line, rest)) = first_line(data) else { return };
    let Ok(expression) = Expression::parse(line) else { return };
    let resource = json::parse(rest).unwrap_or_else(|_| PATIENT.clone());
    let _ = expression.check(resource.resource_type().unwrap_or("Patient"));
    let _ = expression.check_order("Patient");
    let _ = expression.outline();
    let arena = Arena::new();
    let now = Temporal::parse("2026-11-22T01:02:03.004+01:00").expect("it is a moment");
    let context = Context::new(&resource).with_limits(LIMITS).with_arena(&arena).with_now(now);
    let input = Item::resource(&resource);
    let first = expression.evaluate(&context, &input);
    let again = expression.evaluate(&context, &input);
    match (first, again) {
        (Ok(first), Ok(again)) => {
            assert_eq!(first.len(), again.len(), "the same expression gave another answer");
            first.iter().for_each(|item| drop((item.type_name(), item.as_string(), item.as_bool())));
        }
        (Err(error), Err(_)) => assert!((800..900).contains(&error.number()) && !error.to_string().is_empty()),
        _ => panic!("the same expression failed once"),
    }
});
