//! The limits: each ends a query with an error of its own, and none is met by chance.

use graphql::{Answer, Dialect, Limits, Request, Root};

use crate::folder::{Folder, assert_error, ward};

fn ask(folder: &Folder, query: &str, limits: Limits) -> Answer {
    folder.answer(&Request::new(query), &Root::System, Dialect::Fhir, &limits)
}

#[test]
fn end_a_query_that_is_too_long_deep_or_wide() {
    let folder = ward();
    let limits = Limits::default();
    assert_error(&ask(&folder, &"x".repeat(limits.query_bytes + 1), limits), 921, "bytes");
    for (open, close) in [("{a", "}"), ("{ a(b: [", "])}"), ("{ a(b: {c: ", "})}"), ("{ ... ", "}"), ("query($a: [", "]){a}")] {
        let query = format!("{}{}", open.repeat(5_000), close.repeat(5_000));
        assert!(ask(&folder, &query, limits).errors[0].issue.number <= 921, "{open}");
    }
    assert_error(&ask(&folder, &format!("{}id{}", "{ a ".repeat(25), "}".repeat(25)), limits), 921, "24");
    // No setting takes away the end of recursion.
    let boundless = Limits { depth: usize::MAX, query_bytes: usize::MAX, ..limits };
    assert_error(&ask(&folder, &"{a".repeat(500_000), boundless), 921, "60");
    // The depth of fragments counts where they stand.
    let ladder: String =
        (0..20).map(|step| format!(" fragment f{step} on Organization {{ partOf {{ resource {{ ...f{} }} }} }}", step + 1)).collect();
    let query = format!("{{ Organization(id: o1) {{ ...f0 }} }} {ladder} fragment f20 on Organization {{ id }}");
    assert_error(&ask(&folder, &query, limits), 921, "nests");
    // So does their width: two to the twentieth fields in a kilobyte.
    let bomb: String = (0..20)
        .map(|step| format!(" fragment f{step} on Organization {{ ...f{0} ... on Organization {{ ...f{0} }} }}", step + 1))
        .collect();
    let query = format!("{{ Organization(id: o1) {{ ...f0 }} }} {bomb} fragment f20 on Organization {{ id }}");
    assert_error(&ask(&folder, &query, limits), 921, "selects");
}

#[test]
fn end_a_query_that_resolves_too_much() {
    let folder = ward();
    let limits = Limits::default();
    let query = "{ PatientList { id name { family given } generalPractitioner { resource(optional: true) { id } } ObservationList(_reference: patient) { id } } }";
    assert!(ask(&folder, query, limits).errors.is_empty());
    assert_error(&ask(&folder, query, Limits { fields: 20, ..limits }), 937, "20 fields");
    assert_error(&ask(&folder, query, Limits { resources: 4, ..limits }), 938, "4 resources");
    assert_error(&ask(&folder, query, Limits { searches: 2, ..limits }), 938, "2 searches");
    assert_error(&ask(&folder, query, Limits { answer_bytes: 100, ..limits }), 939, "100 bytes");
    assert_error(&ask(&folder, query, Limits { matches: 2, ..limits }), 936, "more than 2");
    assert_error(&ask(&folder, "{ PatientList(_count: 3) { id } }", Limits { matches: 2, ..limits }), 936, "PatientConnection");
    assert_error(
        &ask(&folder, "{ PatientList { name(fhirpath: \"true\") { family } } }", Limits { fields: 40, ..limits }),
        937,
        "40 fields",
    );
}

#[test]
fn hold_for_answers_that_grow_from_little() {
    let folder = ward();
    let wide: String = (0..1_000).map(|index| format!("a{index}: name {{ given family use }} ")).collect();
    assert_error(&ask(&folder, &format!("{{ PatientList {{ {wide} }} }}"), Limits::default()), 921, "selects");
    let wide: String = (0..400).map(|index| format!("a{index}: name {{ given family use }} ")).collect();
    assert!(ask(&folder, &format!("{{ PatientList {{ {wide} }} }}"), Limits::default()).errors.is_empty());
}
