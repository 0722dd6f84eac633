use super::{Library, Shelf, Stacked};
use crate::canonical::Canonical;
use crate::{Value, object};

fn value_set(url: &'static str, version: &'static str, id: &'static str) -> Value {
    object! { "resourceType": "ValueSet", "id": id, "url": url, "version": version }
}

fn found(library: &dyn Library, canonical: &str) -> Option<String> {
    Some(library.find("ValueSet", &Canonical::parse(canonical))?.text("id")?.to_owned())
}

#[test]
fn the_newest_version_that_an_address_accepts_is_found() {
    let shelf =
        Shelf::new([value_set("http://a", "1.2", "old"), value_set("http://a", "1.10", "new"), value_set("http://b", "1", "other")]);
    assert_eq!(found(&shelf, "http://a").as_deref(), Some("new"));
    assert_eq!(found(&shelf, "http://a|1.2").as_deref(), Some("old"));
    assert_eq!(found(&shelf, "http://a|3"), None);
    assert!(shelf.find("CodeSystem", &Canonical::parse("http://a")).is_none());
    assert_eq!(shelf.versions("ValueSet", "http://a"), [Some("1.10".into()), Some("1.2".into())]);
    assert_eq!(shelf.urls("ValueSet"), ["http://a".into(), "http://b".into()]);
}

#[test]
fn the_upper_of_two_libraries_hides_the_same_version_of_the_lower() {
    let upper = Shelf::new([value_set("http://a", "1", "upper")]);
    let lower = Shelf::new([value_set("http://a", "1", "lower"), value_set("http://a", "2", "newer")]);
    let both = Stacked { upper: &upper, lower: &lower };
    assert_eq!(found(&both, "http://a|1").as_deref(), Some("upper"));
    assert_eq!(found(&both, "http://a").as_deref(), Some("newer"));
    assert_eq!(both.versions("ValueSet", "http://a"), [Some("2".into()), Some("1".into())]);
}
