use std::cmp::Ordering;

use super::{Canonical, compare_versions};

#[test]
fn an_address_has_a_version_and_a_fragment_or_not() {
    let parsed = |text| {
        let Canonical { url, version, fragment } = Canonical::parse(text);
        (url, version, fragment)
    };
    assert_eq!(parsed("http://a/b"), ("http://a/b", None, None));
    assert_eq!(parsed("http://a/b|1.0"), ("http://a/b", Some("1.0"), None));
    assert_eq!(parsed("http://a/b|1.0#c"), ("http://a/b", Some("1.0"), Some("c")));
    assert_eq!(parsed("http://a/b#c"), ("http://a/b", None, Some("c")));
    assert_eq!(parsed("#c"), ("", None, Some("c")));
    assert_eq!(parsed("http://a/b|"), ("http://a/b", None, None));
    assert_eq!(Canonical::parse("http://a/b|1.0#c").to_string(), "http://a/b|1.0#c");
}

#[test]
fn the_beginning_of_a_numbered_version_names_it_too() {
    let accepts = |wanted, version| Canonical { url: "", version: Some(wanted), fragment: None }.accepts(Some(version));
    assert!(accepts("4.0.1", "4.0.1"));
    assert!(accepts("4.0", "4.0.1"));
    assert!(!accepts("4.0", "4.01"));
    assert!(!accepts("4.0.1", "4.0"));
    assert!(!accepts("draft", "draft.1"));
    assert!(Canonical::parse("http://a/b").accepts(None));
}

#[test]
fn versions_have_an_order() {
    let rising = ["1.0.0-ballot", "1.0.0-draft", "1.0.0", "1.2.0", "1.10.0", "1.10.0.1", "2"];
    for pair in rising.windows(2) {
        assert_eq!(compare_versions(Some(pair[0]), Some(pair[1])), Ordering::Less, "{pair:?}");
    }
    assert_eq!(compare_versions(Some("2024-09"), Some("2025-03-01")), Ordering::Less);
    assert_eq!(compare_versions(Some("2018-08-12"), Some("4.0.0")), Ordering::Less);
    assert_eq!(compare_versions(Some("4.0.0"), Some("2018-08-12")), Ordering::Greater);
    assert_eq!(compare_versions(Some("2026"), Some("2026-04-01")), Ordering::Less);
    assert_eq!(compare_versions(None, Some("1")), Ordering::Less);
    assert_eq!(compare_versions(Some("1.0"), Some("1.0")), Ordering::Equal);
}
