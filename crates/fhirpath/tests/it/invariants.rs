//! The invariants of FHIR itself hold on FHIR's own examples.

use std::collections::BTreeSet;

use fhir::Value;
use fhirpath::{Context, Expression, Item};

use published::KnownFailures;

/// An invariant: where it stands, its key, and its expression.
struct Invariant {
    path: String,
    key: String,
    elements: Expression,
    expression: Expression,
}

#[test]
fn invariants_hold_on_the_examples() {
    let (Some(examples), Some(resources)) =
        (crate::examples::examples(), published::data("fhir-r4/definitions/profiles-resources.json.gz"))
    else {
        return;
    };
    let definitions = fhir::json::parse(&published::gunzip(&resources)).expect("the definitions are JSON");
    let invariants: Vec<Invariant> = definitions.list("entry").filter_map(|entry| entry.get("resource")).flat_map(invariants_of).collect();
    assert!(invariants.len() > 500, "only {} invariants are there", invariants.len());
    let mut known = KnownFailures::read(include_str!("known_failures/invariants.txt"));
    let mut evaluated = 0;
    for invariant in &invariants {
        let mut broken = BTreeSet::new();
        for (name, example) in examples.iter().filter(|(_, example)| applies(invariant, example)) {
            match evaluate(invariant, example) {
                Ok((count, holds)) => {
                    evaluated += count;
                    if !holds {
                        broken.insert(format!("does not hold on {name}"));
                    }
                }
                Err(error) => {
                    broken.insert(error);
                }
            }
        }
        let verdict = if broken.is_empty() { Ok(()) } else { Err(broken.into_iter().collect::<Vec<_>>().join("; ")) };
        known.report(&format!("{} {}", invariant.key, invariant.path), verdict);
    }
    println!("{} invariants, evaluated {evaluated} times", invariants.len());
    known.finish("invariants");
}

/// The error-level invariants of the elements of a resource type.
fn invariants_of(definition: &Value) -> Vec<Invariant> {
    let is_resource = definition.text("kind") == Some("resource") && definition.text("derivation") == Some("specialization");
    let elements = definition.get("snapshot").filter(|_| is_resource).into_iter().flat_map(|snapshot| snapshot.list("element"));
    let mut invariants = Vec::new();
    for element in elements {
        let path = element.text("path").expect("an element has a path").to_owned();
        for constraint in element.list("constraint") {
            let (Some(key), Some(text)) = (constraint.text("key"), constraint.text("expression")) else { continue };
            if constraint.text("severity") != Some("error") {
                continue;
            }
            let expression = Expression::parse(text).unwrap_or_else(|error| panic!("{key}: {text}: {error}"));
            let elements = Expression::parse(path.trim_end_matches("[x]")).expect("a path is an expression");
            invariants.push(Invariant { path: path.clone(), key: key.to_owned(), elements, expression });
        }
    }
    invariants
}

fn applies(invariant: &Invariant, example: &Value) -> bool {
    invariant.path.split('.').next() == example.resource_type()
}

/// On how many elements the invariant was evaluated, and whether it holds on all.
fn evaluate(invariant: &Invariant, example: &Value) -> Result<(usize, bool), String> {
    let context = Context::new(example);
    let elements = invariant.elements.evaluate(&context, &Item::resource(example)).map_err(|error| error.to_string())?;
    let mut holds = true;
    for element in &elements {
        // Resources inside this one are judged as their own.
        let resource =
            if element.value().is_some_and(|value| value.resource_type().is_some()) { element.clone() } else { Item::resource(example) };
        let context = context.clone().with_resource(resource).with_root_resource(Item::resource(example)).with_casts_of_collections();
        holds &= invariant.expression.is_true(&context, element).map_err(|error| error.to_string())?;
    }
    Ok((elements.len(), holds))
}
