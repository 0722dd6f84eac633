//! XML: whatever is read is written so that it reads the same, in XML and in JSON; and a valid resource in JSON can be said in XML without loss.
#![no_main]

use fhir::{Severity, Value, check, json, xml};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(value) = xml::parse(data) {
        through_xml(&value);
        let text = json::to_string(&value);
        assert_eq!(json::parse(text.as_bytes()).as_ref(), Ok(&value), "what XML said reads otherwise in JSON");
    }
    let Ok(value) = json::parse(data) else { return };
    if is_valid(&value) {
        let text = xml::to_string(&value).expect("a valid resource can be said in XML");
        let read = xml::parse(text.as_bytes()).expect("what the writer wrote can be read");
        assert!(is_valid(&read), "a valid resource came back invalid: {:?}", check::check(&read));
        // The reader gives elements in the order of the definition: from there on nothing changes.
        through_xml(&read);
        assert_eq!(xml::to_string(&read).as_deref(), Ok(text.as_str()), "a resource came back otherwise");
    } else {
        // Any tree may be given: it is written or refused.
        let _ = xml::to_string(&value);
    }
});

fn through_xml(value: &Value) {
    // A value may have what only the check refuses, such as a number that is none.
    let Ok(text) = xml::to_string(value) else { return assert!(!is_valid(value), "a valid resource cannot be said in XML") };
    assert_eq!(xml::parse(text.as_bytes()).as_ref(), Ok(value), "XML reads otherwise");
}

fn is_valid(value: &Value) -> bool {
    check::check(value).iter().all(|issue| issue.severity < Severity::Error)
}
