//! Packages: the tar archive of a `.tgz` is read or refused; what is read can be placed, under ids that FHIR has, and again without a change.
#![no_main]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use package::placing::{Known, place};
use package::{Limits, Package, Wanted};

fuzz_target!(|data: &[u8]| {
    let mut packed = GzEncoder::new(Vec::new(), Compression::none());
    packed.write_all(data).expect("memory takes it");
    let packed = packed.finish().expect("memory takes it");
    let wanted = Wanted { examples: data.len() % 2 == 0 };
    let package = match Package::read(&packed, wanted, Limits::default()) {
        Ok(package) => package,
        Err(issue) => return assert!(!issue.diagnostics.is_empty(), "a refusal does not teach"),
    };
    let placed = place(&package, &[]);
    let written: Vec<_> = placed.write.into_iter().chain(placed.record).map(|(_, value)| value).collect();
    let mut keys: Vec<_> = written.iter().map(|value| (value.resource_type(), value.text("id"))).collect();
    assert!(keys.iter().all(|(_, id)| id.is_some_and(|id| (1..=64).contains(&id.len()))), "an id that is none");
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), count, "two resources in one place");
    let known: Vec<Known> = written.iter().filter_map(Known::of).collect();
    let again = place(&package, &known);
    assert!(again.write.is_empty() && again.record.is_none(), "what is there is written again");
});
