//! Every search parameter of R4 parses, and evaluates on every official example of its types.

use fhir::Value;
use fhir::definitions::{SearchParameter, definitions};
use fhirpath::{Context, Expression, Item};

/// All expressions of a parameter that are there: its own, and those of its components.
fn expressions(parameter: &SearchParameter) -> impl Iterator<Item = &'static str> {
    parameter.expression.into_iter().chain(parameter.components.iter().map(|component| component.expression))
}

#[test]
fn every_expression_parses() {
    let mut parsed = 0;
    for parameter in definitions().search_parameters() {
        for text in expressions(parameter) {
            let result = Expression::parse(text);
            assert!(result.is_ok(), "{}: {text}: {:?}", parameter.url, result.err());
            parsed += 1;
        }
    }
    assert!(parsed > 1375, "only {parsed} expressions were there");
    println!("{parsed} expressions parsed");
}

#[test]
fn every_expression_evaluates_on_the_examples() {
    let Some(examples) = crate::examples::examples() else { return };
    let parameters: Vec<_> = definitions()
        .search_parameters()
        .iter()
        .filter_map(|parameter| Some((parameter, Expression::parse(parameter.expression?).ok()?)))
        .collect();
    let (mut evaluated, mut found) = (0, 0);
    for (name, example) in &examples {
        let item = Item::resource(example);
        let context = Context::new(example);
        for (parameter, expression) in &parameters {
            if !applies(parameter, example) {
                continue;
            }
            match expression.evaluate(&context, &item) {
                Ok(items) => found += items.len(),
                Err(error) => panic!("{name}: {}: {}: {error}", parameter.url, expression.text()),
            }
            evaluated += 1;
        }
    }
    println!("{evaluated} evaluations on {} examples found {found} items", examples.len());
    assert!(found > 5_000, "only {found} items were found");
}

fn applies(parameter: &SearchParameter, example: &Value) -> bool {
    let name = example.resource_type().unwrap_or_default();
    parameter.bases.iter().any(|base| *base == name || *base == "Resource" || *base == "DomainResource")
}

#[test]
fn every_expression_names_elements_that_there_are() {
    let mut checked = 0;
    let mut wrong = Vec::new();
    for parameter in definitions().search_parameters() {
        let Some(expression) = parameter.expression.and_then(|text| Expression::parse(text).ok()) else { continue };
        for base in parameter.bases.iter().filter(|base| expression.text().contains(&format!("{base}."))) {
            checked += 1;
            // An expression for several types has parts for each: those of the others find nothing here.
            for part in expression.text().split(" | ").filter(|part| part.trim_start_matches('(').starts_with(&format!("{base}."))) {
                let result = Expression::parse(part).and_then(|part| part.check(base));
                wrong.extend(result.err().map(|error| format!("{}: {part}: {error}", parameter.url)));
            }
        }
    }
    println!("{checked} expressions checked");
    assert!(checked > 1_000 && wrong.is_empty(), "{}", wrong.join("\n"));
}
