//! Entity tags.

use interaction::etag::{etag, lists, parse};

#[test]
fn reads_what_it_writes_and_what_clients_send() {
    assert_eq!(etag(3), "W/\"3\"");
    for text in ["W/\"3\"", "\"3\"", "3", " W/\"3\" "] {
        assert_eq!(parse(text).ok(), Some(3), "{text}");
    }
    for text in ["", "W/", "W/\"\"", "\"3", "W/\"3\", W/\"4\"", "*", "three"] {
        assert!(parse(text).is_err(), "{text}");
    }
}

#[test]
fn takes_the_tags_of_others_for_versions_that_nothing_has() {
    for text in ["W/\"3a\"", "\"-3\"", "W/\"99999999999999999999\""] {
        assert!(parse(text).is_ok_and(|version| version > 1 << 60), "{text}");
        assert!(!lists(text, 3), "{text}");
    }
    assert!(lists("W/\"3a\", W/\"3\"", 3) && lists("*", 7) && !lists("three", 3));
}
