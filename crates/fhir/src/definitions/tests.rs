//! The tables say what the specification says.

use super::*;

#[test]
fn tables_are_whole() {
    let definitions = definitions();
    assert_eq!(definitions.search_parameters().len(), 1375);
    assert_eq!(ResourceType::all().len(), 146);
    assert_eq!(definitions.types().iter().filter(|kind| kind.kind == TypeKind::Primitive).count(), 20);
    assert!(definitions.types().iter().all(|kind| (kind.kind == TypeKind::Primitive) == kind.primitive.is_some()));
    assert!(definitions.compartments().iter().any(|row| row.compartment.name() == "Patient" && row.resource_type.name() == "Observation"));
}

#[test]
fn every_resource_type_is_found_by_its_name_and_they_are_sorted() {
    for resource_type in ResourceType::all() {
        assert_eq!(ResourceType::parse(resource_type.name()), Some(resource_type));
    }
    assert!(ResourceType::all().map(ResourceType::name).is_sorted());
    for none in ["", "patient", "Resource", "DomainResource", "HumanName", "Patient.contact", "Patients"] {
        assert_eq!(ResourceType::parse(none), None, "{none}");
    }
}

#[test]
fn every_member_is_found_by_its_name() {
    for kind in definitions().types() {
        for (element, element_type) in kind.elements.iter().flat_map(|element| element.types.iter().map(move |kind| (element, kind))) {
            let (found, found_type) = kind.member(element_type.member).expect(element_type.member);
            assert_eq!((found.name, found_type.id), (element.name, element_type.id), "{}.{}", kind.name, element.name);
        }
        assert!(kind.member("nonsense").is_none());
    }
}

#[test]
fn every_name_is_shared_in_both_forms() {
    for name in known_names() {
        assert_eq!(known_name(name), Some(name));
        let underscored = format!("_{name}");
        assert_eq!(known_name(&underscored), Some(underscored.as_str()));
        assert_eq!(known_name(name).map(str::as_ptr), known_name(name).map(str::as_ptr));
    }
    for kind in definitions().types() {
        assert!(kind.member_names().all(|name| known_name(name).is_some()), "{}", kind.name);
    }
    for none in ["", "_", "__birthDate", "birthdate", "birthDat", "birthDatee"] {
        assert_eq!(known_name(none), None, "{none}");
    }
}

#[test]
fn observation_is_as_its_page_says() {
    let definitions = definitions();
    let observation = definitions.type_by_name("Observation").expect("Observation");
    assert_eq!(
        observation.elements.iter().take(9).map(|element| element.name).collect::<Vec<_>>(),
        ["id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension", "identifier"]
    );
    let (value, quantity) = observation.member("valueQuantity").expect("valueQuantity");
    assert!(value.is_choice && value.is_summary && !value.is_list());
    assert_eq!((value.name, value.types.len(), definitions.get(quantity.id).name), ("value", 11, "Quantity"));
    let (subject, reference) = observation.member("subject").expect("subject");
    assert_eq!((subject.min, reference.targets.as_slice()), (0, ["Patient", "Group", "Device", "Location"].as_slice()));
    let (_, range) = definitions.type_by_name("Observation.component").and_then(|kind| kind.member("referenceRange")).expect("range");
    assert_eq!(definitions.get(range.id).name, "Observation.referenceRange");
    let status = observation.element("status").expect("status");
    let codes = status.binding.as_ref().and_then(|binding| definitions.required_codes(binding)).expect("codes");
    assert!(codes.contains(None, "final") && codes.contains(Some("http://hl7.org/fhir/observation-status"), "final"));
    assert!(!codes.contains(None, "finished") && !codes.contains(Some("http://loinc.org"), "final"));
}

#[test]
fn specialization_is_followed_to_the_root() {
    let id = |name| definitions().type_by_name(name).map(|kind| kind.id).expect(name);
    for (kind, base) in
        [("code", "string"), ("code", "Element"), ("Age", "Quantity"), ("Patient", "Resource"), ("Patient.contact", "BackboneElement")]
    {
        assert!(definitions().is_a(id(kind), id(base)), "{kind} is a {base}");
    }
    assert!(!definitions().is_a(id("string"), id("code")) && !definitions().is_a(id("Bundle"), id("DomainResource")));
}

#[test]
fn no_type_has_an_element_twice_or_more_than_the_check_counts() {
    for kind in definitions().types() {
        let mut names: Vec<&str> = kind.elements.iter().map(|element| element.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{}", kind.name);
        assert!(names.len() <= 64, "{} has {} elements", kind.name, names.len());
    }
}

#[test]
fn a_type_may_narrow_what_its_base_allows() {
    let extension = |name| definitions().type_by_name(name).and_then(|kind| kind.element("extension")).map(|element| element.max);
    assert_eq!(extension("xhtml"), Some(Some(0)));
    assert_eq!(extension("string"), Some(None));
}

#[test]
fn search_parameters_and_value_sets_are_found_by_their_address() {
    let combination =
        definitions().search_parameter("http://hl7.org/fhir/SearchParameter/Observation-code-value-quantity").expect("it is there");
    assert_eq!((combination.code, combination.kind), ("code-value-quantity", SearchParameterType::Composite));
    assert_eq!(combination.components[1].definition, "http://hl7.org/fhir/SearchParameter/Observation-value-quantity");
    assert!(definitions().search_parameters().iter().all(|parameter| !parameter.bases.is_empty()));
    assert!(definitions().search_parameter("http://hl7.org/fhir/SearchParameter/Observation").is_none());
    let media_types = definitions().value_set("http://hl7.org/fhir/ValueSet/mimetypes").expect("it is there");
    assert!(!media_types.is_enumerable() && media_types.contains(None, "text/plain"));
}
