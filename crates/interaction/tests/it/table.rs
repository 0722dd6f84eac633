//! The table of interactions.

use std::collections::HashSet;

use interaction::table::TABLE;

#[test]
fn has_one_line_for_each_method_and_path() {
    let lines: HashSet<_> = TABLE.iter().map(|row| (row.method, row.path)).collect();
    assert_eq!(lines.len(), TABLE.len());
}

#[test]
fn speaks_in_the_codes_of_fhir() {
    let known = [
        "read",
        "vread",
        "update",
        "patch",
        "delete",
        "history-instance",
        "history-type",
        "history-system",
        "create",
        "search-type",
        "search-system",
        "capabilities",
        "transaction",
        "batch",
        "operation",
    ];
    for row in TABLE {
        assert!(row.codes.iter().all(|code| known.contains(code)), "{}", row.name);
        assert!(row.doc.ends_with('.') && row.path.is_empty() | row.path.starts_with('/'), "{}", row.name);
    }
}
