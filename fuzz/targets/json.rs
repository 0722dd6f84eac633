//! JSON: whatever is read is written so that it reads the same, compact and pretty, and the structural check judges it without panic.
#![no_main]

use fhir::{check, json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(value) = json::parse(data) else { return };
    let text = json::to_string(&value);
    assert_eq!(json::parse(text.as_bytes()).as_ref(), Ok(&value), "compact JSON reads otherwise");
    assert_eq!(json::parse(json::pretty(&value).as_bytes()).as_ref(), Ok(&value), "pretty JSON reads otherwise");
    for issue in check::check(&value) {
        assert!((100..300).contains(&issue.number) && !issue.diagnostics.is_empty(), "an issue does not teach: {issue:?}");
    }
});
