//! How deep and how large a document may be.

use fhir::json::{self, Limits};

#[test]
fn depth() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(json::parse(nested(128).as_bytes()).is_ok());
    let error = json::parse(nested(129).as_bytes()).expect_err("129 levels are too many");
    assert_eq!(error.message, "objects and arrays are nested deeper than 128 levels");
    assert_eq!(error.offset, 128);
    assert!(json::parse(&[b'['; 10_000_000]).is_err());
    assert!(json::parse("{\"a\":".repeat(1_000_000).as_bytes()).is_err());
    let wide = format!("[{}]", vec![nested(127); 10].join(","));
    assert!(json::parse(wide.as_bytes()).is_ok(), "what is closed no longer counts");
    let none = Limits { depth: 0, ..Limits::default() };
    assert!(json::parse_with(b"1", none).is_ok());
    assert!(json::parse_with(b"[]", none).is_err());
}

#[test]
fn values() {
    let limits = Limits { values: 5, ..Limits::default() };
    assert!(json::parse_with(b"[0,{\"a\":0},0]", limits).is_ok());
    let error = json::parse_with(b"[0,{\"a\":0},0,0]", limits).expect_err("six values are too many");
    assert!(error.message.contains("more values than the limit"), "{error}");
}

#[test]
fn large_texts() {
    let text = format!("\"{}\"", "a\\n".repeat(1_000_000));
    let value = json::parse(text.as_bytes()).expect("a long string");
    assert_eq!(value.as_str().map(str::len), Some(2_000_000));
    let digits = "9".repeat(1_000_000);
    assert_eq!(json::parse(digits.as_bytes()).expect("a long number").as_number(), Some(&*digits));
    let names: String = (0..200_000).map(|number| format!("\"{number}\":0,")).collect();
    assert!(json::parse(format!("{{{names}\"a\":0}}").as_bytes()).is_ok(), "many members take no quadratic time");
}

#[test]
fn a_small_text_does_not_unfold_to_a_large_tree() {
    // Sixty megabytes of these are sixty kilobytes on the wire, compressed.
    let dense = format!("[{}0]", "{},".repeat(Limits::default().values));
    assert!(dense.len() < 16 << 20, "a resource may have as many bytes");
    assert!(json::parse(dense.as_bytes()).expect_err("too many values").message.contains("more values"));
}
