//! The content of R4 as a library.

use std::sync::Arc;

use base::library;
use fhir::canonical::Canonical;
use fhir::library::Library;

fn find(kind: &str, address: &str) -> Option<Arc<fhir::Value>> {
    library().find(kind, &Canonical::parse(address))
}

const GENDER: &str = "http://hl7.org/fhir/administrative-gender";

#[test]
fn resources_are_found_by_their_addresses() {
    let system = find("CodeSystem", GENDER).expect("R4 has it");
    let codes: Vec<_> = system.list("concept").filter_map(|concept| concept.text("code")).collect();
    assert_eq!(codes, ["male", "female", "other", "unknown"]);
    assert_eq!(system.text("content"), Some("complete"));
    assert!(find("ValueSet", GENDER).is_none(), "of another type");
    assert!(find("CodeSystem", "http://nowhere.test/system").is_none());
    assert!(find("Patient", GENDER).is_none());
}

#[test]
fn a_version_is_minded() {
    assert!(find("CodeSystem", &format!("{GENDER}|4.0.1")).is_some());
    assert!(find("CodeSystem", &format!("{GENDER}|4.0")).is_some());
    assert!(find("CodeSystem", &format!("{GENDER}|5.0.0")).is_none());
    assert_eq!(library().versions("CodeSystem", GENDER), [Some("4.0.1".into())]);
    assert_eq!(library().versions("CodeSystem", "http://nowhere.test/system"), []);
}

#[test]
fn what_was_made_is_kept_for_a_while() {
    let (first, second) = (find("CodeSystem", GENDER).expect("there"), find("CodeSystem", GENDER).expect("there"));
    assert!(Arc::ptr_eq(&first, &second));
}

#[test]
fn addresses_are_sorted_and_stand_once() {
    for kind in ["CodeSystem", "ConceptMap", "StructureDefinition", "ValueSet"] {
        let urls = library().urls(kind);
        assert!(urls.len() > 10 && urls.is_sorted_by(|left, right| left < right), "{kind}");
        let lost: Vec<_> = urls.iter().filter(|url| find(kind, url).is_none()).collect();
        assert!(lost.is_empty(), "{kind}: {lost:?}");
    }
    assert!(library().urls("Patient").is_empty());
}

#[test]
fn hierarchies_are_as_deep_as_they_were() {
    let system = find("CodeSystem", "http://terminology.hl7.org/CodeSystem/v3-ActCode").expect("R4 has it");
    let top = system.list("concept").find(|concept| concept.text("code") == Some("_ActAccountCode")).expect("there");
    assert!(top.list("property").any(|property| {
        property.text("code") == Some("notSelectable") && property.get("valueBoolean").and_then(fhir::Value::as_bool) == Some(true)
    }));
    let below: Vec<_> = top.list("concept").filter_map(|concept| concept.text("code")).collect();
    assert!(below.contains(&"ACCTRECEIVABLE"), "{below:?}");
}

#[test]
fn types_have_snapshots_and_profiles_differentials() {
    let patient = find("StructureDefinition", "http://hl7.org/fhir/StructureDefinition/Patient").expect("R4 has it");
    let element = |id: &str| {
        let elements = patient.get("snapshot").expect("a snapshot").list("element");
        elements.into_iter().find(|element| element.text("id") == Some(id)).unwrap_or_else(|| panic!("{id}")).clone()
    };
    assert_eq!(
        element("Patient.gender").get("binding").and_then(|binding| binding.text("valueSet")),
        Some("http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1")
    );
    assert_eq!(element("Patient.contact.id").get("base").and_then(|base| base.text("path")), Some("Element.id"));
    assert_eq!(element("Patient.deceased[x]").list("type").count(), 2);
    let bundle = find("StructureDefinition", "http://hl7.org/fhir/StructureDefinition/Bundle").expect("R4 has it");
    let link = bundle
        .get("snapshot")
        .expect("a snapshot")
        .list("element")
        .find(|element| element.text("id") == Some("Bundle.entry.link"))
        .cloned();
    assert_eq!(link.expect("there").text("contentReference"), Some("#Bundle.link"));
    let weight = find("StructureDefinition", "http://hl7.org/fhir/StructureDefinition/bodyweight").expect("R4 has it");
    assert!(weight.get("differential").is_some() && weight.get("snapshot").is_none());
}
