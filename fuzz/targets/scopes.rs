//! Scopes: a list is understood or refused, says when it is written what it said, and covers itself.
#![no_main]

use access::Scopes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let scopes = match Scopes::parse(text) {
        Ok(scopes) => scopes,
        Err(issues) => {
            assert!(!issues.is_empty() && issues.iter().all(|issue| !issue.diagnostics.is_empty()), "a refusal does not teach");
            return;
        }
    };
    let written = scopes.to_string();
    // What is written may be longer than what was read: encoded, and with each type by its name.
    if written.len() <= 16 * 1024 {
        assert_eq!(Scopes::parse(&written).as_ref(), Ok(&scopes), "{written}");
    }
    for scope in &scopes.resources {
        assert!(scope.covers(scope), "{scope} does not cover itself");
        if let Some(first) = scope.version_1() {
            assert_eq!(Scopes::parse(&first).map(|read| read.resources), Ok(vec![scope.clone()]), "{first}");
        }
    }
    assert_eq!(scopes.narrowed(&scopes), scopes, "{written}: less than itself");
});
