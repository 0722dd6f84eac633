use std::sync::Arc;

use fhir::canonical::Canonical;
use fhir::definitions::ResourceType;
use store::commit::Key;

use super::super::entry::Entry;
use super::Books;

fn key() -> Key {
    Key::new(ResourceType::parse("ValueSet").expect("a type"), "a")
}

fn entry(url: &str, at: i64) -> Option<Arc<Entry>> {
    let text = format!(r#"{{"resourceType":"ValueSet","id":"a","url":"{url}","status":"active"}}"#);
    Entry::new(key(), at, text.as_bytes()).map(Arc::new)
}

fn is_found(books: &Books, url: &str) -> bool {
    books.find(key().kind, &Canonical::parse(url)).is_some()
}

#[test]
fn the_later_commit_counts_whichever_is_told_of_first() {
    let mut books = Books::default();
    assert!(books.put(2, &key(), entry("http://a/later", 2)));
    assert!(!books.put(1, &key(), entry("http://a/earlier", 1)));
    assert!(is_found(&books, "http://a/later") && !is_found(&books, "http://a/earlier"));
    assert!(books.put(4, &key(), None));
    assert!(!books.put(3, &key(), entry("http://a/between", 3)));
    assert!(!is_found(&books, "http://a/later") && !is_found(&books, "http://a/between"));
    assert!(books.put(5, &key(), entry("http://a/again", 5)));
    assert!(is_found(&books, "http://a/again"));
}

#[test]
fn what_is_read_at_the_start_is_older_than_any_commit() {
    let mut books = Books::default();
    assert!(!books.put(7, &key(), None), "nothing was found before, and nothing is now");
    assert!(!books.put(0, &key(), entry("http://a/read", 1)));
    assert!(!is_found(&books, "http://a/read"));
    let mut books = Books::default();
    assert!(books.put(0, &key(), entry("http://a/read", 1)));
    assert!(books.put(0, &key(), entry("http://a/read", 1)), "a reading that was broken off begins again");
    assert!(books.put(1, &key(), None));
    assert_eq!(books.urls(key().kind).len(), 0);
}
