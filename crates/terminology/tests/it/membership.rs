use fhirpath::Terminology as _;
use terminology::Membership;

use crate::{animals, filtered, value_set, with};

#[test]
fn fhirpath_asks_for_members_and_subsumption() {
    with(vec![animals(), filtered("mammals", "concept", "is-a", "mammal")], |engine| {
        let system = Some("http://example.org/animals");
        assert_eq!(engine.member_of("http://example.org/vs/mammals", system, "dog"), Some(true));
        assert_eq!(engine.member_of("http://example.org/vs/mammals", None, "dog"), Some(true));
        assert_eq!(engine.member_of("http://example.org/vs/mammals", system, "dodo"), Some(false));
        assert_eq!(engine.member_of("http://example.org/vs/unknown", system, "dog"), None);
        assert_eq!(engine.subsumes("http://example.org/animals", "animal", "dog"), Some(true));
        assert_eq!(engine.subsumes("http://example.org/animals", "dog", "animal"), Some(false));
        assert_eq!(engine.subsumes("http://example.org/plants", "a", "b"), None);
    });
}

#[test]
fn searches_ask_for_lists_with_a_bound() {
    with(vec![animals(), filtered("mammals", "concept", "is-a", "mammal")], |engine| {
        let codes = |codes: Vec<terminology::SystemCode>| codes.into_iter().map(|(_, code)| code.into_string()).collect::<Vec<_>>();
        assert_eq!(codes(engine.members("http://example.org/vs/mammals", 3).expect("they are three")), ["mammal", "dog", "bat"]);
        assert!(engine.members("http://example.org/vs/mammals", 2).is_err());
        assert_eq!(codes(engine.below("http://example.org/animals", "mammal", 10).expect("they are few")), ["mammal", "dog", "bat"]);
        assert_eq!(codes(engine.above("http://example.org/animals", "dog", 10).expect("they are few")), ["dog", "animal", "mammal"]);
        assert!(engine.above("http://example.org/animals", "unicorn", 10).expect("there are none").is_empty());
    });
}

#[test]
fn a_list_of_an_unknown_system_says_itself_what_is_in_it() {
    let list =
        r#"{"include": [{"system": "http://example.org/plants", "concept": [{"code": "rose"}]}, {"system": "http://example.org/stones"}]}"#;
    with(vec![animals(), value_set("list", list)], |engine| {
        let compiled = engine.compiled("http://example.org/vs/list").expect("it can be compiled");
        assert_eq!(compiled.contains("http://example.org/plants", None, "rose"), Membership::In);
        assert_eq!(compiled.contains("http://example.org/plants", None, "oak"), Membership::NotIn);
        assert_eq!(compiled.contains("http://example.org/stones", None, "flint"), Membership::CannotTell);
        assert_eq!(compiled.contains("http://example.org/animals", None, "dog"), Membership::NotIn);
    });
}
