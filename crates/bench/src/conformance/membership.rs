//! Questions of membership without HTTP: what a write asks of the terminology engine for each bound code.

use std::hint::black_box;

use fhir::library::Shelf;
use fhir::{Value, array, object};
use terminology::{Bound, Cache, Membership, NoTables, Terminology};

use super::rate;
use crate::Failure;
use crate::bench::Bench;
use crate::page::Report;

const SYSTEM: &str = "http://example.org/many";

/// How many codes the system has: each a hundredth below a group.
const CODES: usize = 100_000;

/// Asks about codes of value sets that list them, filter them, or have them all.
pub fn measure(_: &mut Bench, report: &mut Report) -> Result<(), Failure> {
    let listed: Vec<Value> = (0..1000).map(|number| object! { "code": format!("c{}", number * 7) }).collect();
    let filter = array![object! { "property": "concept", "op": "is-a", "value": "g5" }];
    let shelf = Shelf::new([
        system(),
        value_set("listed", object! { "system": SYSTEM, "concept": listed }),
        value_set("filtered", object! { "system": SYSTEM, "filter": filter }),
        value_set("all", object! { "system": SYSTEM }),
    ]);
    let cache = Cache::new();
    let engine = Terminology::new(&shelf, &NoTables, &cache);
    let codes: Vec<String> = (0..1000).map(|number| format!("c{}", number * 37 % CODES)).collect();
    report.text.push_str("Membership: whether a code is in a compiled value set over a system of 100,000 codes takes");
    for name in ["listed", "filtered", "all"] {
        let compiled = engine.compiled(&format!("http://example.org/vs/{name}")).map_err(|error| format!("{error:?}"))?;
        if compiled.contains(SYSTEM, None, "c777") == Membership::CannotTell {
            return Err(format!("nobody can tell what is in the value set {name}").into());
        }
        let asked = rate(&codes, |code| _ = black_box(compiled.contains(SYSTEM, None, code)));
        report.text.push_str(&format!(" {:.0} ns ({name}),", 1e9 / asked));
    }
    let coding = object! { "system": SYSTEM, "code": "c77", "display": "Concept number 77 of the lower ones" };
    let bindings = rate(&[(); 100], |()| {
        black_box(engine.validate_binding("http://example.org/vs/listed", Bound::Coding(&coding)));
    });
    report.text.push_str(&format!(" and to judge a Coding by its binding, found by address, {:.0} ns.\n\n", 1e9 / bindings));
    Ok(())
}

fn system() -> Value {
    let child = |number: usize| object! { "code": format!("c{number}"), "display": format!("Concept number {number} of the lower ones") };
    let group = |number: usize| {
        let children: Vec<Value> = (0..100).map(|place| child(number * 100 + place)).collect();
        object! { "code": format!("g{number}"), "display": format!("Group {number}"), "concept": children }
    };
    object! {
        "resourceType": "CodeSystem", "url": SYSTEM, "version": "1", "content": "complete",
        "concept": (0..CODES / 100).map(group).collect::<Vec<_>>(),
    }
}

fn value_set(name: &str, include: Value) -> Value {
    object! {
        "resourceType": "ValueSet", "url": format!("http://example.org/vs/{name}"), "status": "active",
        "compose": object! { "include": array![include] },
    }
}
