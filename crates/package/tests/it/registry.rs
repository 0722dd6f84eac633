//! What registries answer.

use package::codes;
use package::range::Range;
use package::registry::Listing;

fn listing(versions: &str) -> Result<Listing, fhir::Issue> {
    let answer = format!(r#"{{"_id":"a.b","name":"a.b","dist-tags":{{"latest":"2.0.0"}},"versions":{versions}}}"#);
    Listing::parse("a.b", &fhir::json::parse(answer.as_bytes()).expect("JSON"))
}

#[test]
fn the_version_that_is_asked_for_is_chosen() {
    let found = listing(
        r#"{"1.0.0":{"dist":{"tarball":"http://r/a.b-1.0.0.tgz","shasum":"AA"}},"1.0.3":{"dist":{"tarball":"http://r/a.b-1.0.3.tgz"}},"2.0.0":{}}"#,
    );
    let found = found.expect("a list");
    let choose = |range: &str| found.choose(&Range::parse(range).expect("a range")).map(|published| published.tarball.as_str());
    assert_eq!(choose("1.0.x").expect("there"), "http://r/a.b-1.0.3.tgz");
    assert_eq!(choose("1.0.0").expect("there"), "http://r/a.b-1.0.0.tgz");
    let refused = choose("2.0.0").expect_err("it has no file");
    assert_eq!(refused.number, codes::BAD_LISTING);
    assert!(refused.diagnostics.contains("1.0.3, 1.0.0"), "{}", refused.diagnostics);
    assert_eq!(
        Listing::parse("a.b", &fhir::json::parse(br#"{"error":"not found"}"#).expect("JSON")).expect_err("no list").number,
        codes::BAD_LISTING
    );
}

#[test]
fn what_came_must_have_the_hash() {
    let verify = |dist: &str| {
        let text = format!(r#"{{"1.0.0":{{"dist":{{"tarball":"http://r/a.tgz"{dist}}}}}}}"#);
        let found = listing(&text).expect("a list");
        found.versions[0].verify(b"abc").map_err(|issue| issue.number)
    };
    let sha1 = r#","shasum":"A9993E364706816ABA3E25717850C26C9CD0D89D""#;
    let sha512 = r#","integrity":"sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==""#;
    assert_eq!(verify(sha1), Ok(()));
    assert_eq!(verify(sha512), Ok(()));
    assert_eq!(verify(&format!("{sha1}{sha512}")), Ok(()));
    assert_eq!(verify(""), Err(codes::WRONG_HASH));
    assert_eq!(verify(&sha1.replace("A9", "A8")), Err(codes::WRONG_HASH));
    // One that is right does not make good for one that is wrong.
    assert_eq!(verify(&format!("{sha1}{}", sha512.replace("3a81", "3a82"))), Err(codes::WRONG_HASH));
    assert_eq!(verify(&format!("{}{sha512}", sha1.replace("A9", "A8"))), Err(codes::WRONG_HASH));
}
