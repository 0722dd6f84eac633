//! What the documentation says is so.

use access::Policy;
use access::policy::group;
use access::role::page;
use fhir::definitions::ResourceType;
use search::Registry;

fn text(file: &str) -> String {
    let path = format!("{}/../../{file}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_page_of_roles_is_what_the_roles_are() {
    assert!(text(page::FILE) == page::page(), "{} is out of date: run `cargo xtask roles`, and look at what has changed", page::FILE);
}

#[test]
fn every_type_is_in_one_group() {
    for kind in ResourceType::all() {
        let groups: Vec<&str> =
            group::GROUPS.iter().filter(|(_, _, types)| types.contains(&kind.name())).map(|(name, _, _)| *name).collect();
        assert_eq!(groups.len(), 1, "{kind:?} is in {groups:?}");
    }
    for (name, _, types) in group::GROUPS {
        assert_eq!(group::members(name).expect("a group").len(), types.len(), "{name} names a type that does not exist");
        assert!(types.is_sorted(), "{name} is sorted");
    }
}

/// The blocks of JSON in the description of the language.
fn examples() -> Vec<String> {
    let text = text("docs/policies.md");
    text.split("```json\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0.to_owned())).collect()
}

#[test]
fn every_example_of_a_policy_is_one() {
    let examples = examples();
    assert!(examples.len() >= 5, "{} examples", examples.len());
    for example in examples {
        Policy::read(example.as_bytes(), &Registry::standard()).unwrap_or_else(|issues| panic!("{example}\n{issues:#?}"));
    }
}

#[test]
fn every_member_and_word_of_the_language_is_described() {
    let text = text("docs/policies.md");
    let members = [
        "name",
        "description",
        "rules",
        "effect",
        "types",
        "acts",
        "operations",
        "administration",
        "assigns",
        "criteria",
        "patients",
        "compartment",
        "relations",
        "clearance",
        "hidden",
        "readOnly",
        "purposes",
        "hours",
        "users",
        "secondFactor",
        "breakGlass",
    ];
    let placeholders = access::policy::Placeholder::ALL.map(|placeholder| placeholder.text());
    let relations = access::Relation::ALL.map(|relation| relation.name());
    let permissions = access::Permission::ALL.map(|permission| permission.code());
    for word in members.into_iter().chain(permissions).chain(placeholders).chain(relations).chain(group::names()) {
        assert!(text.contains(&format!("`{word}`")), "docs/policies.md does not describe `{word}`");
    }
}
