use fhirpath::Terminology as _;
use terminology::{Membership, Unlisted};

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

/// The codes of a list, in the order of their letters.
fn listed(codes: Result<Vec<terminology::SystemCode>, Unlisted>) -> Result<Vec<String>, Unlisted> {
    let mut codes: Vec<String> = codes?.into_iter().map(|(_, code)| code.into_string()).collect();
    codes.sort_unstable();
    Ok(codes)
}

#[test]
fn searches_ask_for_lists_with_a_bound() {
    with(vec![animals(), filtered("mammals", "concept", "is-a", "mammal")], |engine| {
        let members = |most| listed(engine.members("http://example.org/vs/mammals", most));
        assert_eq!(members(3).expect("they are three"), ["bat", "dog", "mammal"]);
        assert_eq!(members(2), Err(Unlisted::TooMany));
        let (below, above) = (
            |code| listed(engine.below("http://example.org/animals", code, 3)),
            |code, most| listed(engine.above("http://example.org/animals", code, most)),
        );
        assert_eq!(below("mammal").expect("they are few"), ["bat", "dog", "mammal"]);
        assert_eq!(below("DOG").expect("case does not count there"), ["dog"]);
        assert_eq!(below("animal"), Err(Unlisted::TooMany));
        assert_eq!(above("bat", 10).expect("they are few"), ["animal", "bat", "flyer", "mammal"]);
        assert_eq!(above("bat", 2), Err(Unlisted::TooMany));
        assert_eq!(above("unicorn", 10), Err(Unlisted::UnknownCode));
        assert_eq!(engine.below("http://example.org/plants", "rose", 10), Err(Unlisted::UnknownSystem("http://example.org/plants".into())));
    });
}

#[test]
fn lists_have_what_the_rules_say_together() {
    let animals_url = "http://example.org/animals";
    let of = |rest: &str| format!(r#"{{"system": "{animals_url}"{rest}}}"#);
    let mammals = of(r#", "filter": [{"property": "concept", "op": "is-a", "value": "mammal"}]"#);
    let import = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| format!(r#""http://example.org/vs/{name}""#)).collect();
        format!(r#"{{"valueSet": [{}]}}"#, names.join(", "))
    };
    let roses = r#"{"system": "http://example.org/plants", "concept": [{"code": "rose"}, {"code": "oak"}]}"#;
    let include = |sets: &[&str]| format!(r#"{{"include": [{}]}}"#, sets.join(", "));
    let cases = [
        ("all", include(&[&of("")]), vec!["animal", "bat", "dodo", "dog", "flyer", "fowl", "mammal"]),
        ("active", format!(r#"{{"inactive": false, "include": [{}]}}"#, of("")), vec!["animal", "bat", "dog", "flyer", "fowl", "mammal"]),
        ("mammals", include(&[&mammals]), vec!["bat", "dog", "mammal"]),
        ("twice", include(&[&mammals, &of(r#", "concept": [{"code": "Dog"}, {"code": "fowl"}]"#)]), vec!["bat", "dog", "fowl", "mammal"]),
        ("roses", include(&[roses]), vec!["oak", "rose"]),
        ("both", include(&[&import(&["mammals", "twice"])]), vec!["bat", "dog", "mammal"]),
        ("either", include(&[&import(&["mammals"]), &import(&["roses"])]), vec!["bat", "dog", "mammal", "oak", "rose"]),
        (
            "less",
            format!(r#"{{"include": [{mammals}, {roses}], "exclude": [{}]}}"#, of(r#", "concept": [{"code": "bat"}]"#)),
            vec!["dog", "mammal", "oak", "rose"],
        ),
        ("few", format!(r#"{{"include": [{mammals}], "exclude": [{}]}}"#, import(&["both"])), vec![]),
    ];
    let resources = cases.iter().map(|(name, compose, _)| value_set(name, compose)).chain([animals()]);
    with(resources.collect(), |engine| {
        for (name, compose, expected) in &cases {
            assert_eq!(
                listed(engine.members(&format!("http://example.org/vs/{name}"), 100)).as_ref(),
                Ok(&expected.iter().map(|code| (*code).to_owned()).collect()),
                "{name}"
            );
            let alone = value_set("alone", compose);
            assert_eq!(engine.members_of(alone, 100), engine.members(&format!("http://example.org/vs/{name}"), 100), "{name}");
        }
    });
}

#[test]
fn what_cannot_be_listed_says_why() {
    let system = |url: &str, rest: &str| format!(r#"{{"system": "{url}"{rest}}}"#);
    let filter = r#", "filter": [{"property": "concept", "op": "is-a", "value": "x"}]"#;
    let plants = "http://example.org/plants";
    let unknown = || Unlisted::UnknownSystem(plants.into());
    let cases = [
        ("all", system(plants, ""), unknown()),
        ("filtered", system(plants, filter), unknown()),
        ("units", system("http://unitsofmeasure.org", ""), Unlisted::TooMany),
        (
            "including",
            r#"{"valueSet": ["http://example.org/vs/nothing"]}"#.to_owned(),
            Unlisted::UnknownValueSet("http://example.org/vs/nothing".into()),
        ),
        ("cut", format!(r#"{}], "exclude": [{}"#, system(plants, r#", "concept": [{"code": "rose"}]"#), system(plants, filter)), unknown()),
    ];
    let resources = cases.iter().map(|(name, include, _)| value_set(name, &format!(r#"{{"include": [{include}]}}"#)));
    with(resources.collect(), |engine| {
        for (name, _, expected) in &cases {
            assert_eq!(engine.members(&format!("http://example.org/vs/{name}"), 1000).as_ref(), Err(expected), "{name}");
        }
        let missing = engine.members("http://example.org/vs/missing|2", 10);
        assert_eq!(missing, Err(Unlisted::UnknownValueSet("http://example.org/vs/missing|2".into())));
    });
    let circle = value_set("circle", r#"{"include": [{"valueSet": ["http://example.org/vs/circle"]}]}"#);
    with(vec![circle], |engine| {
        assert!(matches!(engine.members("http://example.org/vs/circle", 10), Err(Unlisted::Unworkable(_))));
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
