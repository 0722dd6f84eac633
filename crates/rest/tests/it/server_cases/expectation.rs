//! What must become of a file, by its name and its content.

use fhir::{Value, json};

/// What must become of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expectation {
    /// A resource: it is stored, comes back as it was, and survives XML.
    Stored,
    /// A resource, or what should be one: it is refused, and nothing is stored.
    Refused,
    /// A batch or transaction: every entry is done.
    Done,
    /// A batch: its good entries are done, and at least one is not.
    PartlyDone,
    /// A transaction, or what should be one: it is refused, and nothing of it is stored.
    RolledBack,
    /// Lines of resources, with holes where their ids go: each is stored.
    LinesStored,
    /// The same, some of them wrong: at least one is refused, and at least one is stored.
    LinesPartlyStored,
    /// The index entries that the resource of the same name must have.
    Extracted,
}

/// Words in names of files that must not be accepted.
const FAULTS: [&str; 13] = [
    "Invalid",
    "RollBack",
    "ModifyingSameResource",
    "ReferringToSameResource",
    "TypeMissing",
    "MissingType",
    "MissingResourceType",
    "MissingIdentifier",
    "WithWrong",
    "WithNo",
    "UnknownElements",
    "BadSyntax",
    // Of another version of FHIR.
    "Stu3",
];

/// The expectation for a file.
pub(super) fn of(name: &str, bytes: &[u8]) -> Expectation {
    let file = name.rsplit('/').next().unwrap_or(name);
    let is_faulty = FAULTS.iter().any(|fault| file.contains(fault)) || file.contains("ExpressionWrong");
    if file.ends_with(".indexes.json") {
        return Expectation::Extracted;
    }
    if file.ends_with(".ndjson") {
        return if is_faulty { Expectation::LinesPartlyStored } else { Expectation::LinesStored };
    }
    let resource = json::parse(without_mark(bytes)).unwrap_or(Value::Null);
    match (resource.resource_type(), resource.text("type")) {
        (Some("Bundle"), Some("transaction")) if is_faulty => Expectation::RolledBack,
        (Some("Bundle"), Some("batch")) if is_faulty => Expectation::PartlyDone,
        (Some("Bundle"), Some("transaction" | "batch")) => Expectation::Done,
        // What cannot be told to be one, and calls itself so.
        (Some("Bundle") | None, _) if is_faulty && file.starts_with("Bundle") => Expectation::RolledBack,
        (None, _) if !file.ends_with(".xml") => Expectation::Refused,
        _ if is_faulty => Expectation::Refused,
        _ => Expectation::Stored,
    }
}

/// The text without the mark of its byte order.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}
