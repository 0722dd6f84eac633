use crate::{animals, codes, expand, filtered, json, value_set, with};

fn expanded(resources: Vec<fhir::Value>, pairs: &[(&str, &str)]) -> Vec<String> {
    with(resources, |engine| codes(&expand(engine, pairs).unwrap_or_else(|error| panic!("{error}"))))
}

#[test]
fn filters_select_by_hierarchy_and_property() {
    let cases = [
        (("concept", "is-a", "mammal"), "mammal dog bat"),
        (("concept", "descendent-of", "mammal"), "dog bat"),
        (("concept", "is-not-a", "mammal"), "animal flyer dodo fowl"),
        (("concept", "child-of", "animal"), "mammal flyer dodo fowl"),
        (("concept", "descendent-leaf", "animal"), "dog bat dodo fowl"),
        (("concept", "generalizes", "bat"), "animal mammal bat flyer"),
        (("concept", "in", "dog, bat"), "dog bat"),
        (("concept", "not-in", "animal,mammal,dog,flyer"), "bat dodo fowl"),
        (("concept", "regex", "d.*"), "dog dodo"),
        (("concept", "=", "DOG"), "dog"),
        (("legs", "=", "2"), "bat dodo"),
        (("legs", "exists", "true"), "dog bat dodo"),
        (("legs", "exists", "false"), "animal mammal flyer fowl"),
        (("child", "exists", "false"), "dog bat dodo fowl"),
        (("parent", "=", "flyer"), "bat"),
        (("status", "=", "deprecated"), "fowl"),
        (("inactive", "=", "true"), "dodo"),
    ];
    for ((property, operator, value), wanted) in cases {
        let resources = vec![animals(), filtered("f", property, operator, value)];
        let mut found = expanded(resources, &[("url", "http://example.org/vs/f"), ("excludeNested", "true")]);
        let mut wanted: Vec<&str> = wanted.split(' ').collect();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "{property} {operator} {value}");
    }
}

#[test]
fn a_tree_has_what_stands_below_within() {
    let resources = vec![animals(), value_set("all", r#"{"include": [{"system": "http://example.org/animals"}]}"#)];
    // A concept with two parents stands in a tree twice, so that there is none.
    assert_eq!(expanded(resources.clone(), &[("url", "http://example.org/vs/all")]).len(), 7);
    let shown = expanded(resources, &[("url", "http://example.org/vs/all"), ("excludeNotForUI", "true"), ("activeOnly", "true")]);
    assert_eq!(shown, ["mammal", "dog", "bat", "flyer", "fowl"]);
}

#[test]
fn pages_are_parts_of_the_same_list() {
    let resources = vec![animals(), filtered("f", "concept", "is-a", "animal")];
    let page = |offset: &str| expanded(resources.clone(), &[("url", "http://example.org/vs/f"), ("count", "3"), ("offset", offset)]);
    let all = [page("0"), page("3"), page("6"), page("9")].concat();
    assert_eq!(all, expanded(resources, &[("url", "http://example.org/vs/f"), ("excludeNested", "true")]));
}

#[test]
fn names_in_any_language_are_searched() {
    let resources = vec![animals(), value_set("all", r#"{"include": [{"system": "http://example.org/animals"}]}"#)];
    assert_eq!(expanded(resources.clone(), &[("url", "http://example.org/vs/all"), ("filter", "hun")]), ["dog"]);
    assert_eq!(expanded(resources, &[("url", "http://example.org/vs/all"), ("filter", "fly an")]), ["flyer"]);
}

#[test]
fn imports_intersect_and_excludes_take_out() {
    let both = r#"{"include": [{"valueSet": ["http://example.org/vs/mammals", "http://example.org/vs/two"]}]}"#;
    let without =
        r#"{"include": [{"valueSet": ["http://example.org/vs/mammals"]}], "exclude": [{"valueSet": ["http://example.org/vs/two"]}]}"#;
    let resources = vec![
        animals(),
        filtered("mammals", "concept", "is-a", "mammal"),
        filtered("two", "legs", "=", "2"),
        value_set("both", both),
        value_set("without", without),
    ];
    assert_eq!(expanded(resources.clone(), &[("url", "http://example.org/vs/both")]), ["bat"]);
    assert_eq!(expanded(resources, &[("url", "http://example.org/vs/without")]), ["mammal", "dog"]);
}

#[test]
fn addresses_that_say_all_need_no_resource() {
    let resources = vec![animals()];
    let count = |url: &str| expanded(resources.clone(), &[("url", url), ("excludeNested", "true")]).len();
    assert_eq!(count("http://example.org/animals?fhir_vs"), 7);
    assert_eq!(count("http://example.org/animals?fhir_vs=isa/mammal"), 3);
    assert_eq!(count("http://example.org/animals/vs"), 7);
}

#[test]
fn a_system_can_be_left_out() {
    let resources = vec![animals(), filtered("f", "concept", "is-a", "mammal")];
    assert!(expanded(resources, &[("url", "http://example.org/vs/f"), ("exclude-system", "http://example.org/animals")]).is_empty());
}

#[test]
fn an_expansion_that_is_there_is_given_out() {
    let stored = json(
        r#"{"resourceType": "ValueSet", "url": "http://example.org/vs/stored", "status": "active", "expansion": {"timestamp": "2020-01-01", "contains": [
            {"system": "http://example.org/animals", "code": "dog"}]}}"#,
    );
    let import = value_set("import", r#"{"include": [{"valueSet": ["http://example.org/vs/stored"]}]}"#);
    let resources = vec![animals(), stored, import];
    assert_eq!(expanded(resources.clone(), &[("url", "http://example.org/vs/stored")]), ["dog"]);
    assert_eq!(expanded(resources, &[("url", "http://example.org/vs/import")]), ["dog"]);
}

#[test]
fn an_element_leads_to_the_value_set_that_it_is_bound_to() {
    let structure = json(
        r#"{"resourceType": "StructureDefinition", "url": "http://example.org/Pet", "snapshot": {"element": [
            {"id": "Pet.kind", "path": "Pet.kind", "binding": {"strength": "required", "valueSet": "http://example.org/vs/mammals"}}]}}"#,
    );
    let resources = vec![animals(), structure, filtered("mammals", "concept", "descendent-of", "mammal")];
    assert_eq!(expanded(resources.clone(), &[("context", "http://example.org/Pet#Pet.kind")]), ["dog", "bat"]);
    let unknown = with(resources, |engine| expand(engine, &[("context", "http://example.org/Pet#Pet.name")]).expect_err("it is not bound"));
    assert_eq!(unknown.to_string(), "There is no element 'http://example.org/Pet#Pet.name' that is bound to a value set");
}
