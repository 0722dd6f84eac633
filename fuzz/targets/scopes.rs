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
    // What it has in common with itself is itself, without what another scope of it says already.
    let common = scopes.narrowed(&scopes);
    let is_within = |inner: &Scopes, outer: &Scopes| {
        let covered = |one| outer.resources.iter().any(|other| other.covers(one));
        inner.resources.iter().all(covered) && inner.others == outer.others
    };
    assert!(is_within(&common, &scopes) && is_within(&scopes, &common), "{written}: {common}");
});
