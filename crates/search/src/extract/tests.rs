use super::*;

/// Every combination of elements present must give what looking everywhere gives.
#[test]
fn what_is_passed_over_has_no_values() {
    let resources = [
        r#"{"resourceType":"Observation","code":{"coding":[{"code":"a"}]},"valueQuantity":{"value":1}}"#,
        r#"{"resourceType":"Observation","code":{"coding":[{"code":"a"}]},"component":[{"code":{"coding":[{"code":"b"}]},"valueQuantity":{"value":1}}]}"#,
        r#"{"resourceType":"Observation","valueString":"x","_effectiveDateTime":{"id":"x"},"code":{"coding":[{"code":"a"}]}}"#,
        r#"{"resourceType":"Patient","meta":{"tag":[{"code":"t"}]},"deceasedDateTime":"2020"}"#,
        r#"{"resourceType":"Patient"}"#,
        r#"{"resourceType":"MolecularSequence","referenceSeq":{"chromosome":{"coding":[{"code":"22"}]}},"variant":[{"start":10,"end":20}]}"#,
        r#"{"resourceType":"ConceptMap","sourceCanonical":"http://x|1","targetUri":"http://y"}"#,
        r#"{"resourceType":"Observation","_valueDateTime":{"id":"x"},"code":{"coding":[{"code":"a"}]},"component":[{"valueDateTime":"2020"}]}"#,
        r#"{"resourceType":"Condition","onsetAge":{"value":5},"code":{"text":"x"}}"#,
    ];
    let registry = Registry::standard();
    for text in resources {
        let resource = fhir::json::parse(text.as_bytes()).expect("JSON");
        let kind = resource.resource_type().and_then(ResourceType::parse).expect("a type");
        let compiled = registry.of(kind).expect("known").compiled();
        let present = compiled.elements.of(&resource);
        assert_eq!(
            registry.entries(compiled, &resource, &resource, present),
            registry.entries(compiled, &resource, &resource, Set::MAX),
            "{text}"
        );
        let looked_at = compiled.parameters.iter().filter(|parameter| parameter.may_have_values(present)).count();
        assert!(looked_at < compiled.parameters.len(), "{looked_at} of {} for {text}", compiled.parameters.len());
    }
}
