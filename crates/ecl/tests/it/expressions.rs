//! SNOMED CT's compositional grammar.

use ecl::expression::Expression;
use ecl::{ErrorKind, MAX_DEPTH};

#[test]
fn expressions_and_their_normal_form() {
    let cases = [
        ("73211009 |Diabetes mellitus|", "73211009"),
        ("=== 421720008 |Spray dose form| + 7946007 |Drug suspension|", "7946007 + 421720008"),
        ("<<< 73211009: 363698007 = 113331007", "<<< 73211009: 363698007 = 113331007"),
        (
            "71388002: {260686004 = 129304002, 405813007 = 15497006} {260686004 = 129304002, 405813007 = 31435000}",
            "71388002: { 260686004 = 129304002, 405813007 = 15497006 }, { 260686004 = 129304002, 405813007 = 31435000 }",
        ),
        (
            "100001: 100003 = 100004, 100002 = (100005), { 100003=100004 , 100003=100004 }",
            "100001: 100002 = 100005, 100003 = 100004, { 100003 = 100004 }",
        ),
        ("100001: 100002 = (100005: 100003 = #+1.50)", "100001: 100002 = (100005: 100003 = #1.5)"),
        ("100001: 100002 = \"a \\\"b\\\"\", 100003 = TRUE", "100001: 100002 = \"a \\\"b\\\"\", 100003 = true"),
    ];
    for (text, normal) in cases {
        let read = Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(Expression::parse(&read.to_string()).as_ref(), Ok(&read), "{text}");
        assert_eq!(read.normalized().to_string(), normal, "{text}");
        assert_eq!(Expression::parse(normal).map(|read| read.normalized()), Ok(read.normalized()), "{text}");
    }
    let concepts = Expression::parse("100001 + 100002: 100003 = (100004: {100005 = #1})").expect("an expression").concepts();
    assert_eq!(concepts, [100001, 100002, 100003, 100004, 100005]);
}

#[test]
fn what_is_no_expression_is_refused() {
    let cases = [
        "",
        "heart",
        "< 73211009",
        "== 73211009",
        "73211009 +",
        "73211009:",
        "73211009: 363698007",
        "73211009: 363698007 = *",
        "73211009: {}",
        "73211009: {363698007 = 113331007",
        "73211009: {363698007 = 113331007}, 363698007 = 113331007",
        "73211009: 363698007 = 175 mg",
        "73211009: 363698007 = 1",
        "73211009: 363698007 = ()",
        "73211009 /* no comments */",
        "73211009 AND 363698007",
        "73211009: 363698007 != 113331007",
    ];
    for text in cases {
        let error = Expression::parse(text).expect_err(text);
        assert_eq!((error.kind, error.number()), (ErrorKind::Expression, ecl::codes::EXPRESSION), "{text}: {error}");
    }
    let deep = format!("100001: {}100002{}", "100003 = (100001: ".repeat(MAX_DEPTH + 1), ")".repeat(MAX_DEPTH + 1));
    assert_eq!(Expression::parse(&deep).expect_err("it is too deep").kind, ErrorKind::Limit);
}
