//! base64Binary.

use fhir::primitive::from_base64;

#[test]
fn reads_every_filling() {
    for (text, bytes) in [("", ""), ("TQ==", "M"), ("TWE=", "Ma"), ("TWFu", "Man"), ("TWFu TWE=\n", "ManMa")] {
        assert_eq!(from_base64(text).as_deref(), Some(bytes.as_bytes()), "{text}");
    }
    assert_eq!(from_base64("//79+w=="), Some(vec![0xFF, 0xFE, 0xFD, 0xFB]));
}

#[test]
fn refuses_what_is_none() {
    for text in ["T", "TQ", "TQ=", "TQ===", "====", "T===", "TQ==TWFu", "T-W_", "TWFü", "TQ=M"] {
        assert_eq!(from_base64(text), None, "{text}");
    }
}
