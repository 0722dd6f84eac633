//! What is to be installed, in which order.

use package::plan::{Installed, plan};
use package::{Manifest, codes};

fn manifest(name: &str, version: &str, needs: &[(&str, &str)]) -> Manifest {
    let needs: Vec<String> = needs.iter().map(|(name, version)| format!(r#""{name}":"{version}""#)).collect();
    let text = format!(r#"{{"name":"{name}","version":"{version}","fhirVersions":["4.0.1"],"dependencies":{{{}}}}}"#, needs.join(","));
    Manifest::parse(text.as_bytes()).expect("a manifest")
}

#[test]
fn what_is_needed_comes_first() {
    let given = [
        manifest("guide", "1.0.0", &[("core", "2.x"), ("terms", "1.0.0")]),
        manifest("core", "2.0.0", &[("terms", "1.0.0")]),
        manifest("core", "2.1.0", &[("terms", "1.0.0")]),
        manifest("terms", "1.0.0", &[]),
    ];
    let found = plan(&given.iter().collect::<Vec<_>>(), &[]);
    assert_eq!(found.order, [3, 2, 0, 1]);
    assert!(found.missing.is_empty() && found.conflicts.is_empty(), "{found:?}");
}

#[test]
fn what_is_missing_is_told_once_with_what_is_there_instead() {
    let given = [manifest("a", "1", &[("core", "3.1.1"), ("terms", "5.x")]), manifest("b", "1", &[("core", "3.1.1")])];
    let installed = [("core", "8.0.0"), ("terms", "5.3.0")].map(|(name, version)| Installed { name: name.into(), version: version.into() });
    let found = plan(&given.iter().collect::<Vec<_>>(), &installed);
    let missing: Vec<_> = found.missing.iter().map(|missing| (missing.dependency.to_string(), &*missing.by, &missing.others[..])).collect();
    assert_eq!(missing, [("core@3.1.1".to_owned(), "a@1", &["8.0.0".to_owned()][..])]);
    assert_eq!(found.order, [0, 1]);
}

#[test]
fn circles_end_and_what_cannot_be_had_is_told() {
    let given = [manifest("a", "1", &[("b", "1")]), manifest("b", "1", &[("a", "1")])];
    let found = plan(&given.iter().collect::<Vec<_>>(), &[]);
    assert_eq!(found.order, [1, 0]);
    let twice = [manifest("a", "1", &[]), manifest("a", "1", &[])];
    let found = plan(&twice.iter().collect::<Vec<_>>(), &[]);
    assert_eq!(found.conflicts.iter().map(|issue| issue.number).collect::<Vec<_>>(), [codes::CONFLICT]);
    let odd = [manifest("b", "1", &[("a", "current"), ("x.r5", "1"), ("hl7.fhir.r5.core", "5.0.0"), ("hl7.fhir.r4.core", "4.0.1")])];
    let found = plan(&odd.iter().collect::<Vec<_>>(), &[]);
    let numbers: Vec<u16> = found.conflicts.iter().map(|issue| issue.number).collect();
    assert_eq!(numbers, [codes::BAD_VERSION, codes::OTHER_FHIR, codes::OTHER_FHIR]);
    assert!(found.missing.is_empty());
}
