//! What the context's profiles are asked: `conformsTo()`, `slice()`, `elementDefinition()`.

use fhir::{Value, array, object};
use fhirpath::{Context, Expression, Item, Profiles};

/// Knows that names with a family are good ones, and what they are like.
struct Known(Value);

impl Profiles for Known {
    fn conforms(&self, profile: &str, item: &Item<'_>) -> Option<bool> {
        (profile == "http://example.org/good-name").then(|| item.value().is_some_and(|name| name.get("family").is_some()))
    }

    fn in_slice(&self, structure: &str, slice: &str, item: &Item<'_>) -> Option<bool> {
        if slice == "good" { self.conforms(structure, item) } else { None }
    }

    fn element_definition(&self, path: &str) -> Option<&Value> {
        (self.0.text("path") == Some(path)).then_some(&self.0)
    }
}

fn result(text: &str) -> Result<String, String> {
    let patient = object! {
        "resourceType": "Patient",
        "name": array![object! { "family": "Chalmers" }, object! { "text": "Jim" }],
    };
    let known = Known(object! { "path": "HumanName.family", "max": "1" });
    let context = Context::new(&patient).with_profiles(&known);
    let expression = Expression::parse(text).map_err(|error| error.to_string())?;
    let items = expression.evaluate(&context, &Item::resource(&patient)).map_err(|error| error.to_string())?;
    Ok(items.iter().map(|item| item.as_string().unwrap_or_default().into_owned()).collect::<Vec<_>>().join(","))
}

#[test]
fn profiles_are_asked() {
    for (text, expected) in [
        ("name.select(conformsTo('http://example.org/good-name'))", "true,false"),
        ("conformsTo('http://hl7.org/fhir/StructureDefinition/Patient')", "true"),
        ("conformsTo('http://hl7.org/fhir/StructureDefinition/Patient|4.0.1')", "true"),
        ("name.first().conformsTo('http://hl7.org/fhir/StructureDefinition/Address')", "false"),
        ("name.slice('http://example.org/good-name', 'good').family", "Chalmers"),
        ("name.slice('http://example.org/good-name', 'other').family", ""),
        ("name.slice('http://example.org/unknown', 'good').family", ""),
        ("name.family.elementDefinition().max", "1"),
        ("name.text.elementDefinition()", ""),
    ] {
        assert_eq!(result(text).as_deref(), Ok(expected), "{text}");
    }
    assert!(result("conformsTo('http://example.org/unknown')").is_err_and(|error| error.contains("no such profile")));
}

#[test]
fn without_profiles_some_is_not_available() {
    let patient = object! { "resourceType": "Patient" };
    for text in ["slice('a', 'b')", "elementDefinition()", "conformsTo('http://example.org/good-name')"] {
        let expression = Expression::parse(text).expect("it parses");
        assert!(expression.evaluate(&Context::new(&patient), &Item::resource(&patient)).is_err(), "{text}");
    }
}
