//! Values that expressions make: `Coding { code: 'a' }`.

use fhir::{Value, array, object};
use fhirpath::{Arena, Context, Error, ErrorKind, Expression, Item};

/// What an expression gives on a small patient, as JSON without its quotes where it is text.
fn result(text: &str) -> Result<String, Error> {
    let patient = object! {
        "resourceType": "Patient",
        "birthDate": "1974-12-25",
        "_birthDate": object! { "id": "b" },
        "name": array![object! { "family": "Chalmers" }, object! { "family": "Windsor" }],
    };
    let arena = Arena::new();
    let context = Context::new(&patient).with_arena(&arena);
    let items = Expression::parse(text)?.evaluate(&context, &Item::resource(&patient))?;
    let json = |item: &Item<'_>| match item.value() {
        Some(value) => fhir::json::to_string(value),
        None => item.as_string().map_or("nothing".to_owned(), |text| text.into_owned()),
    };
    Ok(items.iter().map(json).collect::<Vec<_>>().join(" "))
}

#[test]
fn values_are_made_of_their_elements() {
    for (text, expected) in [
        ("Coding { system: 'http://a.b', code: 'c' }", r#"{"system":"http://a.b","code":"c"}"#),
        ("FHIR.Coding { code: 'c' }.code", r#""c""#),
        ("`Coding` { code: 'c' } is Coding", "true"),
        ("Coding { : }", "{}"),
        ("HumanName { given: 'a' | 'b', family: 'c' }", r#"{"given":["a","b"],"family":"c"}"#),
        (
            "Observation { status: 'final', value: 2.50 'mg' }.value",
            r#"{"value":2.50,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}"#,
        ),
        ("Observation { effective: @2024-02-29 }", r#"{"resourceType":"Observation","effectiveDateTime":"2024-02-29"}"#),
        ("Extension { url: 'x', value: true }", r#"{"url":"x","valueBoolean":true}"#),
        ("Extension { url: 'x', valueCode: 'c' }.value is code", "true"),
        ("Patient { birthDate: %resource.birthDate }", r#"{"resourceType":"Patient","birthDate":"1974-12-25","_birthDate":{"id":"b"}}"#),
        ("Patient { contact: BackboneElement { gender: 'male' } }.contact.gender is code", "true"),
        ("Patient { active: {} }", r#"{"resourceType":"Patient"}"#),
        ("string { value: 'a', id: 'i' }.id", r#""i""#),
        ("name.select(Annotation { text: family }).text", r#""Chalmers" "Windsor""#),
        ("name.where(family = 'none').select(Coding { code: 'a' })", ""),
    ] {
        assert_eq!(result(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_cannot_be_made_is_refused() {
    for (text, kind, words) in [
        ("Nothing { a: 1 }", ErrorKind::Semantic, "no type of FHIR"),
        ("System.String { value: 'a' }", ErrorKind::Semantic, "no type of FHIR"),
        ("Resource { id: 'a' }", ErrorKind::Semantic, "abstract"),
        ("Coding { cod: 'a' }", ErrorKind::Semantic, "did you mean code?"),
        ("Coding { code: 'a', code: 'b' }", ErrorKind::Semantic, "twice"),
        ("Coding { code: 'a' | 'b' }", ErrorKind::Execution, "one"),
        ("Coding { code: 1.5 }", ErrorKind::Execution, "code"),
        ("Patient { active: 'true' }", ErrorKind::Execution, "text"),
        ("Observation { value: %resource }", ErrorKind::Execution, "value"),
        ("name.select(1).combine(2).select($this)|Coding { code: 'a'", ErrorKind::Syntax, "expected"),
        ("Coding { code }", ErrorKind::Syntax, "':'"),
    ] {
        let error = result(text).expect_err(text);
        assert_eq!(error.kind, kind, "{text}: {error}");
        assert!(error.message.contains(words), "{text}: {error}");
    }
}

#[test]
fn nothing_is_made_without_an_arena() {
    let patient: Value = object! { "resourceType": "Patient" };
    let expression = Expression::parse("Coding { code: 'a' }").expect("it parses");
    let error = expression.evaluate(&Context::new(&patient), &Item::resource(&patient)).expect_err("there is no arena");
    assert_eq!(error.kind, ErrorKind::Execution);
}
