//! Where resources are stored.

use fhir::Value;
use package::placing::{Known, Placed, packages, place, record_of};
use package::{Limits, Package, Wanted, codes};

use crate::pack;

fn guide(version: &str, description: &str) -> Package {
    let manifest =
        format!(r#"{{"name":"test.guide","version":"{version}","fhirVersions":["4.0.1"],"canonical":"http://example.org/guide"}}"#);
    let set = format!(
        r#"{{"resourceType":"ValueSet","id":"colours","url":"http://example.org/guide/ValueSet/colours","version":"{version}","status":"active","description":"{description}"}}"#
    );
    let guide = format!(
        r#"{{"resourceType":"ImplementationGuide","id":"test.guide","url":"http://example.org/guide/ImplementationGuide/test.guide","version":"{version}","name":"T","status":"active","packageId":"test.guide","fhirVersion":["4.0.1"],"definition":{{"resource":[{{"reference":{{"reference":"ValueSet/colours"}}}},{{"reference":{{"reference":"Patient/p"}}}}]}}}}"#
    );
    let files = [("ValueSet-colours.json", set.as_str()), ("ImplementationGuide-test.guide.json", guide.as_str())];
    Package::read(&pack::package(manifest.as_bytes(), &files), Wanted::default(), Limits::default()).expect("a package")
}

/// All that is to be written, the record last.
fn written(placed: Placed) -> Vec<Value> {
    placed.write.into_iter().chain(placed.record).map(|(_, value)| value).collect()
}

fn known(resources: &[Value]) -> Vec<Known> {
    resources.iter().filter_map(Known::of).collect()
}

fn names(resources: &[Value]) -> Vec<String> {
    resources
        .iter()
        .map(|value| format!("{}/{}", value.resource_type().unwrap_or_default(), value.text("id").unwrap_or_default()))
        .collect()
}

#[test]
fn a_resource_keeps_its_id_is_tagged_and_found_again() {
    let first = written(place(&guide("1.0.0", "a"), &[]));
    assert_eq!(names(&first), ["ValueSet/colours", "ImplementationGuide/test.guide"]);
    assert_eq!(packages(&first[0]).collect::<Vec<_>>(), ["test.guide@1.0.0"]);
    let record = record_of(&first[1]).expect("the record");
    assert_eq!((record.package.name.as_str(), record.package.version.as_str()), ("test.guide", "1.0.0"));
    let references: Vec<&str> = first[1]
        .get("definition")
        .into_iter()
        .flat_map(|definition| definition.list("resource"))
        .filter_map(|resource| resource.get("reference")?.text("reference"))
        .collect();
    assert_eq!(references, ["ValueSet/colours", "http://example.org/guide/Patient/p"]);

    let again = place(&guide("1.0.0", "a"), &known(&first));
    assert_eq!((again.unchanged, again.write.len(), again.record.is_none(), again.left_out.len()), (2, 0, true, 0));
}

#[test]
fn two_versions_stand_beside_each_other_whichever_came_first() {
    let first = written(place(&guide("1.0.0", "a"), &[]));
    let second = written(place(&guide("2.0.0", "b"), &known(&first)));
    assert_eq!(names(&second), ["ValueSet/colours-2.0.0", "ImplementationGuide/test.guide-2.0.0"]);
    assert!(fhir::json::to_string(&second[1]).contains("ValueSet/colours-2.0.0"), "the reference follows");
    // The first one goes: the second one stays where it is.
    let again = place(&guide("2.0.0", "b"), &known(&second));
    assert_eq!((again.unchanged, again.write.len()), (2, 0));
}

#[test]
fn what_others_have_stored_stays_as_it_is() {
    let theirs = fhir::json::parse(
        br#"{"resourceType":"ValueSet","id":"x","url":"http://example.org/guide/ValueSet/colours","version":"1.0.0","status":"draft"}"#,
    );
    let theirs = [theirs.expect("JSON")];
    let placed = place(&guide("1.0.0", "a"), &known(&theirs));
    assert_eq!(placed.left_out.iter().map(|(_, issue)| issue.number).collect::<Vec<_>>(), [codes::CONFLICT]);
    assert!(placed.write.is_empty() && placed.record.is_some());
    // An id that is taken by something else is not.
    let other = fhir::json::parse(br#"{"resourceType":"ValueSet","id":"colours","url":"http://example.org/other","status":"draft"}"#);
    let placed = written(place(&guide("1.0.0", "a"), &known(&[other.expect("JSON")])));
    assert_eq!(names(&placed), ["ValueSet/colours-1.0.0", "ImplementationGuide/test.guide"]);
}

#[test]
fn what_two_packages_bring_alike_is_stored_once_with_both_tags() {
    let first = written(place(&guide("1.0.0", "a"), &[]));
    let set = fhir::json::to_string(&guide("1.0.0", "a").content.resources[1].value);
    let manifest = br#"{"name":"other.guide","version":"3.0.0","fhirVersions":["4.0.1"]}"#;
    let other = Package::read(&pack::package(manifest, &[("a.json", &set)]), Wanted::default(), Limits::default()).expect("a package");
    let placed = written(place(&other, &known(&first)));
    assert_eq!(packages(&placed[0]).collect::<Vec<_>>(), ["test.guide@1.0.0", "other.guide@3.0.0"]);
    // It brings no guide: its record is made.
    let record = record_of(&placed[1]).expect("a record");
    assert_eq!(record.package.name, "other.guide");
    assert!(fhir::check::check(&placed[1]).is_empty(), "{:?}", fhir::check::check(&placed[1]));
}

#[test]
fn an_id_that_is_too_long_gives_way_to_a_hash() {
    let long = "a".repeat(64);
    let set = |version: &str| {
        format!(r#"{{"resourceType":"ValueSet","id":"{long}","url":"http://example.org/v","version":"{version}","status":"active"}}"#)
    };
    let first = written(place(&pack::read(&[("a.json", &set("1"))]), &[]));
    let second = written(place(&pack::read(&[("a.json", &set("2"))]), &known(&first[..1])));
    let id = second[0].text("id").expect("an id");
    assert!(id.len() == 32 && id != long, "{id}");
    assert_eq!(names(&written(place(&pack::read(&[("a.json", &set("2"))]), &known(&first[..1])))), names(&second));
}
