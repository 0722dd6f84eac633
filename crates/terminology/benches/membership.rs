//! How long questions of membership take: `cargo bench -p terminology`.

use std::hint::black_box;
use std::time::Instant;

use fhir::Value;
use fhir::library::Shelf;
use terminology::request::ExpandRequest;
use terminology::{Bound, Cache, Membership, NoTables, Terminology};

/// A system of this many codes, each a hundred below one.
fn system(count: usize) -> Value {
    let child =
        |number: usize| fhir::object! { "code": format!("c{number}"), "display": format!("Concept number {number} of the lower ones") };
    let group = |number: usize| {
        let children: Vec<Value> = (0..100).map(|place| child(number * 100 + place)).collect();
        fhir::object! { "code": format!("g{number}"), "display": format!("Group {number}"), "concept": children }
    };
    fhir::object! {
        "resourceType": "CodeSystem", "url": "http://example.org/many", "version": "1", "content": "complete",
        "concept": (0..count / 100).map(group).collect::<Vec<_>>(),
    }
}

fn value_set(name: &str, include: Value) -> Value {
    fhir::object! {
        "resourceType": "ValueSet", "url": format!("http://example.org/vs/{name}"), "status": "active",
        "compose": fhir::object! { "include": fhir::array![include] },
    }
}

/// Prints how long one turn takes, over `turns` of them.
fn measure(name: &str, turns: u32, mut turn: impl FnMut(u32)) {
    for number in 0..turns / 10 {
        turn(number);
    }
    let start = Instant::now();
    for number in 0..turns {
        turn(number);
    }
    println!("{name}: {} ns", start.elapsed().as_nanos() / u128::from(turns));
}

fn main() {
    let listed: Vec<Value> = (0..1000).map(|number| fhir::object! { "code": format!("c{}", number * 7) }).collect();
    let filter = fhir::array![fhir::object! { "property": "concept", "op": "is-a", "value": "g5" }];
    let shelf = Shelf::new([
        system(100_000),
        value_set("listed", fhir::object! { "system": "http://example.org/many", "concept": listed }),
        value_set("filtered", fhir::object! { "system": "http://example.org/many", "filter": filter }),
        value_set("all", fhir::object! { "system": "http://example.org/many" }),
    ]);
    let cache = Cache::new();
    let engine = Terminology::new(&shelf, &NoTables, &cache);
    let codes: Vec<String> = (0..1000).map(|number| format!("c{}", number * 37 % 100_000)).collect();
    for name in ["listed", "filtered", "all"] {
        let compiled = engine.compiled(&format!("http://example.org/vs/{name}")).expect("it can be compiled");
        measure(&format!("contains, {name}"), 1_000_000, |number| {
            let found = compiled.contains("http://example.org/many", None, &codes[number as usize % codes.len()]);
            assert_ne!(black_box(found), Membership::CannotTell);
        });
    }
    let coding = fhir::object! { "system": "http://example.org/many", "code": "c77", "display": "Concept number 77 of the lower ones" };
    measure("validate_binding, listed", 1_000_000, |_| {
        black_box(engine.validate_binding("http://example.org/vs/listed", Bound::Coding(&coding)));
    });
    measure("expand with a text filter over 100,000 codes", 20, |_| {
        let request = fhir::array![
            fhir::object! { "name": "url", "valueUri": "http://example.org/vs/all" },
            fhir::object! { "name": "filter", "valueString": "77 low" },
            fhir::object! { "name": "count", "valueInteger": 20 },
        ];
        let request = fhir::object! { "resourceType": "Parameters", "parameter": request };
        let request = ExpandRequest::read(&request, "2026-01-01T00:00:00Z", "urn:uuid:1").expect("the request is right");
        black_box(terminology::expand(&engine, request).expect("it can be expanded"));
    });
}
