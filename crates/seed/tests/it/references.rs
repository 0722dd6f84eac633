//! References point back, to resources that exist.

use std::collections::HashSet;

use fhir::Value;

use crate::hospital;

/// All references in a value.
fn collect<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    found.extend(value.text("reference"));
    match value {
        Value::Object(object) => object.iter().for_each(|(_, member)| collect(member, found)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

#[test]
fn every_reference_points_to_a_resource_that_came_before() {
    let mut known = HashSet::new();
    let mut count = 0;
    for resource in hospital(150) {
        let mut references = Vec::new();
        collect(&resource, &mut references);
        let own = format!("{}/{}", resource.resource_type().unwrap_or_default(), resource.text("id").unwrap_or_default());
        for reference in references {
            assert!(known.contains(reference), "{own} refers to {reference}, which has not come yet");
            count += 1;
        }
        assert!(known.insert(own.clone()), "{own} came twice");
    }
    assert!(count > 50_000, "only {count} references were seen");
}

#[test]
fn everything_of_a_patient_is_about_that_patient() {
    let mut current = String::new();
    for resource in hospital(60) {
        if resource.resource_type() == Some("Patient") {
            current = format!("Patient/{}", resource.text("id").unwrap_or_default());
            continue;
        }
        for member in ["subject", "patient", "beneficiary"] {
            if let Some(target) = crate::target(&resource, member) {
                let mother = current.trim_end_matches("-child");
                assert!(target == current || target == mother, "a {:?} of {current} is about {target}", resource.resource_type());
            }
        }
    }
    assert!(!current.is_empty());
}
