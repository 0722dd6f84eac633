//! What is wrong with a query is told before anything is read, all at once.

use std::sync::atomic::Ordering;

use crate::folder::{assert_error, ward};

#[test]
fn names_the_nearest_field() {
    let folder = ward();
    for (query, part) in [
        ("{ PatientList { nane { family } } }", "`name`"),
        ("{ PatientList { name { famly } } }", "HumanName has no field `famly`: did you mean `family`?"),
        ("{ PatietnList { id } }", "`PatientList`"),
        ("{ PatientList { _name { id } } }", "_name"),
        ("{ PatientList { generalPractitioner { resource { qualificatoin } } } }", "`qualification`"),
        ("{ PatientConnection { edge { mode } } }", "`edges`"),
        ("{ nothing }", "nothing"),
    ] {
        assert_error(&folder.ask(query), 924, part);
    }
    assert_eq!(folder.searches.load(Ordering::Relaxed), 0);
}

#[test]
fn tells_all_that_is_wrong_at_once_with_places() {
    let answer = ward().ask("{ PatientList {\n  nane\n  birthDate { year }\n  name\n} }");
    let places: Vec<_> = answer.errors.iter().map(|error| (error.issue.number, error.at.map(|at| (at.line, at.column)))).collect();
    assert_eq!(places, [(924, Some((2, 3))), (925, Some((3, 3))), (925, Some((4, 3)))]);
    assert_eq!(answer.data, None);
}

#[test]
fn follows_the_rules_of_fragments() {
    let folder = ward();
    for (query, number, part) in [
        ("{ PatientList { ...nothing } }", 926, "nothing"),
        ("{ PatientList { ...a } } fragment a on Patient { ...b } fragment b on Patient { ...a }", 926, "itself"),
        ("{ PatientList { id } } fragment a on Patient { id }", 926, "not used"),
        ("{ PatientList { ...a } } fragment a on Patient { id } fragment a on Patient { id }", 926, "twice"),
        ("{ PatientList { ...a } } fragment a on Observation { id }", 927, "never"),
        ("{ PatientList { ... on Observation { id } } }", 927, "never"),
        ("{ PatientList { ... on Pateint { id } } }", 927, "`Patient`"),
        ("{ PatientList { ...a } } fragment a on Patient { nane }", 924, "`name`"),
    ] {
        assert_error(&folder.ask(query), number, part);
    }
}

#[test]
fn follows_the_rules_of_directives() {
    let folder = ward();
    for (query, part) in [
        ("{ PatientList { id @inculde(if: true) } }", "`include`"),
        ("{ PatientList { id @include } }", "if"),
        ("{ PatientList { id @include(unless: true) } }", "if"),
        ("{ PatientList { name @first(n: 1) { family } } }", "no arguments"),
        ("{ PatientList { name @first @first { family } } }", "twice"),
        ("{ PatientList { name @slice(path: \"use\") @first { family } } }", "exclude"),
        ("{ PatientList { id @flatten } }", "no fields"),
        ("{ PatientList { ... @flatten { id } } }", "fragment"),
        ("query @skip(if: true) { PatientList { id } }", "operation"),
    ] {
        assert_error(&folder.ask(query), 929, part);
    }
}

#[test]
fn chooses_an_operation() {
    let folder = ward();
    assert_error(&folder.ask("query A { Patient(id: p1) { id } } query B { Patient(id: p1) { id } }"), 922, "operationName");
    assert_error(&folder.ask("query A { Patient(id: p1) { id } } query B { Patient(id: p1) { nane } }"), 922, "operationName");
    assert_error(&folder.ask("subscription { Patient(id: p1) { id } }"), 923, "queries");
    assert_error(&folder.ask("{ PatientList { id, id: active } }"), 931, "another name");
}
