//! What JSON is (RFC 8259), and what it is not.

use fhir::{Value, json};

use super::refused;

#[test]
fn each_kind_of_value() {
    let kinds = [
        ("null", Value::Null),
        ("true", Value::Bool(true)),
        (" \t\r\nfalse \n", Value::Bool(false)),
        ("\"\"", "".into()),
        ("[]", Value::Array(Vec::new())),
        ("{}", fhir::object! {}),
        ("[ 1 , 2 ]", Value::Array(vec![Value::Number("1".into()), Value::Number("2".into())])),
        ("{ \"a\" : { \"\" : [ ] } }", fhir::object! { "a": fhir::object! { "": Value::Array(Vec::new()) } }),
    ];
    for (text, value) in kinds {
        assert_eq!(json::parse(text.as_bytes()), Ok(value), "{text}");
    }
}

#[test]
fn numbers_keep_their_text() {
    for text in
        ["0", "-0", "1.0", "1.00", "10", "-12.50", "0.0", "1e3", "1E+3", "1.5e-10", "123456789012345678901234567890.12345678901234567890"]
    {
        assert_eq!(json::parse(text.as_bytes()), Ok(Value::Number(text.into())));
    }
    for text in
        ["01", "-", "+1", ".5", "1.", "1.e1", "1e", "1e+", "--1", "0x10", "1_0", "NaN", "Infinity", "-Infinity", "1 2", "00", "-01", "١"]
    {
        refused(text.as_bytes());
    }
}

#[test]
fn strings_are_unescaped() {
    let strings = [
        (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r#""\u0041\u00e9\u20AC""#, "Aé€"),
        (r#""\uD83D\uDE00""#, "😀"),
        (r#""\u0000""#, "\0"),
        (r#""\uFFFF\uFFFE""#, "\u{FFFF}\u{FFFE}"),
        (r#""\u2028é😀""#, "\u{2028}é😀"),
        ("\"\u{7F}\"", "\u{7F}"),
    ];
    for (text, string) in strings {
        assert_eq!(json::parse(text.as_bytes()), Ok(string.into()), "{text}");
    }
}

#[test]
fn strings_that_are_none_are_refused() {
    let strings = [
        r#""\uD83D""#,
        r#""\uD83Dx""#,
        r#""\uD83D\n""#,
        r#""\uD83D\u0041""#,
        r#""\uDE00""#,
        r#""\uDE00\uD83D""#,
        r#""\uD83D\uD83D\uDE00""#,
        r#""\u12""#,
        r#""\u12G4""#,
        r#""\u+123""#,
        r#""\x41""#,
        r#""\'""#,
        r#""\U0041""#,
        r#""\"#,
        "\"a\nb\"",
        "\"\0\"",
        "\"\u{1F}\"",
        "\"\t\"",
        "'a'",
        "\"a",
    ];
    for text in strings {
        refused(text.as_bytes());
    }
}

#[test]
fn other_texts_are_refused() {
    let texts = [
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1,,2]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{1:1}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1]",
        "[1}",
        "nul",
        "nulll",
        "True",
        "tru",
        "undefined",
        "// a\n1",
        "/* a */ 1",
        "1 // a",
        "[1]]",
        "{}{}",
        "[] []",
        "1,2",
        "\u{A0}1",
        "\u{FEFF}\u{FEFF}1",
        "1\0",
        "\0",
    ];
    for text in texts {
        refused(text.as_bytes());
    }
}

#[test]
fn only_utf8_is_read_with_or_without_a_byte_order_mark() {
    assert_eq!(json::parse(b"\xEF\xBB\xBF[]"), Ok(Value::Array(Vec::new())));
    let not_utf8: [&[u8]; 7] =
        [b"\"\xE9\"", b"\"\xC0\x80\"", b"\"\xED\xA0\x80\"", b"\"\xF4\x90\x80\x80\"", b"\"\xE2\x82\"", b"\xFF\xFE[\0]\0", b"[\"a\"]\x80"];
    for text in not_utf8 {
        refused(text);
    }
    assert_eq!(refused(b"[\n \"\xE9\"]").to_string(), "the text is not UTF-8 here (line 2, column 3)");
}

#[test]
fn members_stand_once() {
    assert!(refused(br#"{"a":1,"b":2,"a":3}"#).message.contains("the member of this name stands twice"));
    assert!(refused(br#"{"birthDate":1,"birthDate":2}"#).message.contains("\"birthDate\" stands twice"));
    assert!(refused(br#"{"birthDate":1,"birth\u0044ate":2}"#).message.contains("stands twice"), "escapes hide nothing");
    assert!(refused(br#"{"\u0061":1,"a":2}"#).message.contains("stands twice"));
    assert!(json::parse(br#"{"birthDate":1,"_birthDate":2,"BirthDate":3,"birthDat":4,"":5}"#).is_ok());
    for count in [30, 31, 32, 33, 34, 100] {
        let many: String = (0..count).map(|number| format!("\"m{number}\":0,")).collect();
        assert!(json::parse(format!("{{{many}\"last\":0}}").as_bytes()).is_ok());
        for again in ["m0", "m29", &format!("m{}", count - 1)] {
            refused(format!("{{{many}\"{again}\":0}}").as_bytes());
        }
    }
}

#[test]
fn errors_say_where() {
    let error = refused(b"{\n  \"a\": 1,\n  \"b\": tru\n}");
    assert_eq!((error.line, error.column, error.offset), (3, 8, 19));
    assert_eq!(error.to_string(), "expected true (line 3, column 8)");
    assert_eq!((refused(b"").line, refused(b"").column), (1, 1));
    assert_eq!(refused(b"{\"a\":1}\n\nx").line, 3);
}

#[test]
fn cut_off_or_damaged_at_any_byte() {
    let text = "{\"a\":[1.5e3,-0,true,false,null,\"é\\n\\uD83D\\uDE00 a longer text, of words\"],\"_a\":{\"b\":{}}}";
    assert!(json::parse(text.as_bytes()).is_ok());
    for end in 0..text.len() {
        refused(&text.as_bytes()[..end]);
    }
    for at in 0..text.len() {
        for byte in 0..=255 {
            let mut damaged = text.as_bytes().to_vec();
            damaged[at] = byte;
            if let Ok(value) = json::parse(&damaged) {
                assert_eq!(json::parse(json::to_string(&value).as_bytes()), Ok(value));
            }
        }
    }
}
