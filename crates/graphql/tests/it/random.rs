//! Queries made at random, from pieces that mean something and from pieces that do not: none panics, and each has an answer.

use graphql::{Dialect, Limits, Request, Root};
use published::Random;

use crate::folder::ward;

const PIECES: &[&str] = &[
    "{",
    "}",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "...",
    "@",
    "$",
    "!",
    "=",
    "\"",
    "\"\"\"",
    "#",
    "\n",
    " ",
    ",",
    "query",
    "mutation",
    "fragment",
    "on",
    "a",
    "f",
    "id",
    "name",
    "given",
    "family",
    "value",
    "use: official",
    "(use: official)",
    "(fhirpath: \"given.exists()\")",
    "(fhirpath: \"\")",
    "(_count: 1)",
    "(_offset: 99999999999999999999)",
    "@flatten",
    "@first",
    "@singleton",
    "@slice(path: \"$index\")",
    "@slice(path: \"use\")",
    "@include(if: true)",
    "@skip(if: $v)",
    "Patient(id: p1)",
    "PatientList",
    "PatientList(active: true)",
    "PatientConnection",
    "ObservationList(_reference: patient)",
    "edges",
    "resource",
    "resource(optional: true)",
    "resource(type: Patient)",
    "generalPractitioner",
    "managingOrganization",
    "contained",
    "subject",
    "... on Patient",
    "... on Resource",
    "...f",
    "fragment f on Patient",
    "__typename",
    "__schema",
    "types",
    "fields",
    "__type(name: \"Patient\")",
    "ofType",
    "query($v: Boolean = true)",
    "true",
    "null",
    "1",
    "-1.5e3",
    "0x1",
    "é",
    "\u{0}",
    "\u{1F600}",
    "\\u0041",
    "_birthDate",
    "extension(url: \"x\")",
    "valueQuantity",
    "identifier",
    "birthDate",
    "alias: id",
    "count",
    "next",
    "mode",
];

#[test]
fn never_panics() {
    let folder = ward();
    let patient = Root::Resource(folder.get("Patient/p1").expect("a patient").clone());
    let limits = Limits { answer_bytes: 1 << 16, fields: 20_000, ..Limits::default() };
    let mut answered = 0;
    for seed in 1..=4_000_u64 {
        let mut random = Random::new(seed);
        let query = if seed % 2 == 0 { scattered(&mut random) } else { nested(&mut random) };
        let root = if random.below(2) == 0 { &Root::System } else { &patient };
        let dialect = if random.below(2) == 0 { Dialect::Fhir } else { Dialect::GraphQl };
        let answer = folder.answer(&Request::new(&*query), root, dialect, &limits);
        assert!(answer.data.is_some() || !answer.errors.is_empty(), "seed {seed}: {query}");
        fhir::json::parse(answer.to_json().as_bytes()).unwrap_or_else(|error| panic!("seed {seed}: {query}: {error}"));
        answered += usize::from(answer.errors.is_empty());
    }
    println!("{answered} of 4000 queries had an answer without errors");
    assert!(answered > 50, "{answered}");
}

/// Pieces in any order.
fn scattered(random: &mut Random) -> String {
    let pieces = (0..random.below(40)).map(|_| random.pick(PIECES));
    pieces.collect::<Vec<_>>().join(" ")
}

/// Pieces as selections in each other: the grammar mostly holds.
fn nested(random: &mut Random) -> String {
    let fields = ["PatientList", "Patient(id: p1)", "PatientConnection { edges { resource", "__schema { types"];
    let outer = random.pick(&fields);
    let inner: Vec<&str> = match outer {
        "__schema { types" => {
            vec!["name", "kind", "fields { name type { name ofType { name } } }", "enumValues { name }", "possibleTypes { name }"]
        }
        _ => vec![
            "id",
            "active",
            "name { given family }",
            "name @flatten { given }",
            "name @slice(path: \"use\") @flatten { family @singleton }",
            "name(use: usual) { use }",
            "generalPractitioner { resource(optional: true) { __typename } }",
            "birthDate",
            "_birthDate { extension { url } }",
            "ObservationList(_reference: patient) { value { unit } }",
            "contained { id }",
            "nothing",
            "... on Patient { gender }",
            "name @first { given @first }",
        ],
    };
    let selected: Vec<&str> = (0..=random.below(5)).map(|_| random.pick(&inner)).collect();
    let open = outer.matches('{').count() + 1;
    format!("{{ {outer} {{ {} {} }}", selected.join(" "), "}".repeat(open))
}
