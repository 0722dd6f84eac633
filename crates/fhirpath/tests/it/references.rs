//! `resolve()` without a resolver: enough for the search parameters that ask for the type of a target.

use fhir::{Value, array, object};
use fhirpath::{Collection, Context, Expression, Item, Resolver};

fn observation(subject: Value) -> Value {
    let practitioner = object! { "resourceType": "Practitioner", "id": "p", "active": true };
    object! { "resourceType": "Observation", "contained": array![practitioner], "subject": subject }
}

fn count(expression: &str, resource: &Value) -> usize {
    evaluate(expression, resource).len()
}

fn evaluate<'a>(expression: &str, resource: &'a Value) -> Collection<'a> {
    let expression = Expression::parse(expression).expect("the expression parses");
    expression.evaluate(&Context::new(resource), &Item::resource(resource)).expect("the expression evaluates")
}

const PATIENTS: &str = "Observation.subject.where(resolve() is Patient)";

#[test]
fn the_text_of_a_reference_tells_the_type() {
    for reference in ["Patient/1", "http://example.org/fhir/Patient/1", "Patient/1/_history/2", "Patient/1?x=y"] {
        let resource = observation(object! { "reference": reference });
        assert_eq!(count(PATIENTS, &resource), 1, "{reference}");
        assert_eq!(count("Observation.subject.resolve().name", &resource), 0, "{reference} has no content");
    }
    for reference in ["Group/1", "http://example.org/patients/1", "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "#p", "#none", "", "/"] {
        let resource = observation(object! { "reference": reference });
        assert_eq!(count(PATIENTS, &resource), 0, "{reference}");
    }
}

#[test]
fn the_type_member_tells_it_where_the_text_does_not() {
    let resource = observation(object! { "type": "Patient", "identifier": object! { "value": "1" } });
    assert_eq!(count(PATIENTS, &resource), 1);
    let resource = observation(object! { "reference": "urn:oid:1.2.3", "type": "Patient" });
    assert_eq!(count(PATIENTS, &resource), 1);
}

#[test]
fn contained_resources_are_found() {
    let resource = observation(object! { "reference": "#p" });
    let found = evaluate("Observation.subject.resolve()", &resource);
    assert_eq!(found.iter().map(Item::type_name).collect::<Vec<_>>(), ["Practitioner"]);
    assert_eq!(evaluate("Observation.subject.resolve().active", &resource)[0].as_bool(), Some(true));
}

#[test]
fn entries_of_a_bundle_are_found() {
    let patient = object! { "resourceType": "Patient", "active": true };
    let entry = object! { "fullUrl": "urn:uuid:1", "resource": patient };
    let other = object! { "fullUrl": "urn:uuid:2", "resource": observation(object! { "reference": "urn:uuid:1" }) };
    let bundle = object! { "resourceType": "Bundle", "entry": array![entry, other] };
    assert_eq!(evaluate("Bundle.entry.resource.subject.resolve().active", &bundle)[0].as_bool(), Some(true));
}

struct One(Value);

impl Resolver for One {
    fn resolve(&self, reference: &str) -> Option<&Value> {
        (reference == "Patient/1").then_some(&self.0)
    }
}

#[test]
fn a_resolver_is_asked() {
    let one = One(object! { "resourceType": "Patient", "active": true });
    let resource = observation(object! { "reference": "Patient/1" });
    let expression = Expression::parse("subject.resolve().active").expect("the expression parses");
    let context = Context::new(&resource).with_resolver(&one);
    let found = expression.evaluate(&context, &Item::resource(&resource)).expect("the expression evaluates");
    assert_eq!(found[0].as_bool(), Some(true));
    let resource = observation(object! { "reference": "Patient/2" });
    let context = Context::new(&resource).with_resolver(&one);
    assert!(expression.evaluate(&context, &Item::resource(&resource)).expect("the expression evaluates").is_empty());
}
