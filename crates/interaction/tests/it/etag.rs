//! Entity tags.

use interaction::etag::{etag, parse};

#[test]
fn reads_what_it_writes_and_what_clients_send() {
    assert_eq!(etag(3), "W/\"3\"");
    for text in ["W/\"3\"", "\"3\"", "3", " W/\"3\" "] {
        assert_eq!(parse(text).ok(), Some(3), "{text}");
    }
    for text in ["", "W/", "W/\"\"", "\"3", "W/\"-3\"", "W/\"+3\"", "W/\"3\", W/\"4\"", "*", "W/\"99999999999999999999\"", "three"] {
        assert!(parse(text).is_err(), "{text}");
    }
}
