//! How long the tables take to load, and the check of a usual Observation: `cargo bench -p fhir`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use fhir::{check, definitions, json};

const OBSERVATION: &str = include_str!("observation.json");

fn main() {
    let start = Instant::now();
    let types = definitions::definitions().types().len();
    println!("loading {types} types and the other tables: {:?}", start.elapsed());
    let start = Instant::now();
    let names = definitions::known_names().count();
    println!("loading {names} names: {:?}", start.elapsed());

    let resource = json::parse(OBSERVATION.as_bytes()).expect("the Observation is JSON");
    assert_eq!(check::check(&resource), []);
    println!("{} bytes of Observation:", OBSERVATION.len());
    println!("  json::parse   {:?}", median(|| drop(black_box(json::parse(black_box(OBSERVATION.as_bytes()))))));
    println!("  check         {:?}", median(|| drop(black_box(check::check(black_box(&resource))))));
    println!("  known_name    {:?}", median(|| _ = black_box(definitions::known_name(black_box("valueQuantity")))));
}

/// The median of 200 measurements, each the mean of 200 calls.
fn median(mut call: impl FnMut()) -> Duration {
    let mut times = Vec::new();
    for _ in 0..200 {
        let start = Instant::now();
        (0..200).for_each(|_| call());
        times.push(start.elapsed() / 200);
    }
    times.sort();
    times[100]
}
