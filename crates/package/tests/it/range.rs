//! Versions that a dependency accepts.

use package::codes;
use package::range::Range;

#[test]
fn an_x_stands_for_the_newest() {
    let versions = ["6.0.0", "6.1.0", "6.1.9", "6.1.10", "6.1.11-ballot", "7.0.0", "6.10.0"];
    let choose = |range: &str| Range::parse(range).expect("a range").choose(versions);
    assert_eq!(choose("6.1.0"), Some("6.1.0"));
    assert_eq!(choose("6.1.x"), Some("6.1.10"));
    assert_eq!(choose("6.x"), Some("6.10.0"));
    assert_eq!(choose("6.1"), None);
    assert_eq!(choose("8.x"), None);
    assert_eq!(choose("6.1.11-ballot"), Some("6.1.11-ballot"));
    // A labelled version is taken where there is no other.
    assert_eq!(Range::parse("6.1.x").expect("a range").choose(["6.1.11-ballot"]), Some("6.1.11-ballot"));
    assert_eq!(Range::parse("6.1.x").expect("a range").to_string(), "6.1.x");
}

#[test]
fn what_moves_and_what_npm_alone_has_is_refused() {
    for text in ["current", "current$main", "dev", "latest", "^6.1.0", "~6.1", ">=6", "6.1.0 || 7", "*", "", "http://a/b.tgz"] {
        assert_eq!(Range::parse(text).expect_err("refused").number, codes::BAD_VERSION, "{text}");
    }
}
