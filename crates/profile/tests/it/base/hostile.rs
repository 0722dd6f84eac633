//! Whatever comes, there is a bounded answer.

use fhir::library::Shelf;
use fhir::{Issue, Object, Value};
use profile::base::{Options, check};
use profile::questionnaire::{Surroundings, check_response};

use published::Random;

/// Pieces of resources put where they do not belong: nothing panics, and there are not too many issues.
#[test]
fn any_tree_is_judged() {
    let Some(examples) = published::examples() else { return };
    let mut random = Random::new(11);
    let mut pieces: Vec<Value> = vec![Value::Null, "".into(), Value::Array(vec![]), Object::new().into(), "#".into()];
    let mut count = 0;
    for (_, text) in examples.into_iter().filter(|(_, text)| text.len() < 20_000) {
        let sound = fhir::json::parse(&text).expect("JSON");
        for _ in 0..6 {
            let mut broken = sound.clone();
            for _ in 0..4 {
                misplace(&mut broken, &mut pieces, &mut random);
            }
            judge(&broken);
            count += 1;
        }
    }
    println!("judged: {count} broken resources");
    assert!(count > 1000);
}

fn judge(resource: &Value) {
    let library = Shelf::new([resource.clone()]);
    let mut issues = Vec::new();
    check(resource, &Options { best_practice: true, security: true, library: Some(&library), ..Options::default() }, &mut issues);
    // A resource as the answer to itself: items stand where the other kind has them.
    let mut response = resource.clone();
    if let Some(object) = response.as_object_mut() {
        object.set("questionnaire", resource.text("url").unwrap_or("http://example.org/none").to_owned());
    }
    check_response(&response, &Surroundings { library: &library, terminology: None }, &mut issues);
    assert!(issues.len() < 1000, "{} issues", issues.len());
}

/// Exchanges some value in the tree for a piece that was somewhere else.
fn misplace(value: &mut Value, pieces: &mut Vec<Value>, random: &mut Random) {
    let inner: Vec<&mut Value> = match value {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(object) => object.iter_mut().filter(|(name, _)| ***name != *"resourceType").map(|(_, value)| value).collect(),
        _ => Vec::new(),
    };
    let count = inner.len();
    let chosen = inner.into_iter().nth(if count == 0 { 0 } else { random.below(count) });
    match chosen {
        Some(inner) if random.below(3) > 0 => misplace(inner, pieces, random),
        Some(inner) => {
            let piece = std::mem::replace(inner, pieces[random.below(pieces.len())].clone());
            if pieces.len() < 1000 {
                pieces.push(piece);
            }
        }
        None => {}
    }
}

fn issues(resource: &Value) -> Vec<Issue> {
    let mut issues = Vec::new();
    check(resource, &Options { security: true, ..Options::default() }, &mut issues);
    issues
}

#[test]
fn many_of_anything_is_judged_in_linear_time() {
    let many = |value: Value, count: usize| Value::Array(vec![value; count]);
    let extension = fhir::object! { "url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueAddress": fhir::object! { "city": "a" } };
    let repeated = fhir::object! { "resourceType": "Patient", "extension": many(extension, 50_000) };
    assert_eq!(issues(&repeated).len(), 1);
    let contained = (0..20_000_u64).map(|id| fhir::object! { "resourceType": "Basic", "id": id.to_string() }).collect::<Vec<_>>();
    assert_eq!(issues(&fhir::object! { "resourceType": "Basic", "contained": contained }).len(), 1);
    let text = "<a@".repeat(300_000) + ">";
    assert_eq!(issues(&fhir::object! { "resourceType": "Basic", "code": fhir::object! { "text": text } }), []);
    let entry = fhir::object! { "fullUrl": "http://a/Patient/1", "resource": fhir::object! { "resourceType": "Patient", "id": "1" } };
    let same = fhir::object! { "resourceType": "Bundle", "type": "collection", "entry": many(entry, 50_000) };
    assert_eq!(issues(&same).len(), 1);
}

#[test]
fn deep_trees_end() {
    let mut extension = fhir::object! { "url": "a", "valueString": "b" };
    for _ in 0..2_000 {
        extension = fhir::object! { "url": "a", "extension": fhir::array![extension] };
    }
    issues(&fhir::object! { "resourceType": "Basic", "extension": fhir::array![extension.clone()] });
    let deep = fhir::object! { "resourceType": "Basic", "code": fhir::object! { "extension": fhir::array![extension] } };
    issues(&deep);
}
