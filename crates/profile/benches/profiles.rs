//! How many resources of Synthea's one core judges by the US Core profiles that they claim: `cargo bench -p profile --bench profiles`. Under
//! callgrind, `-- once` judges each once.

use std::hint::black_box;
use std::io::Read;
use std::time::Instant;

use fhir::Value;
use fhir::library::Shelf;
use profile::binding::Nobody;
use profile::{Options, Plans, validate};

/// How many patients' bundles are read.
const BUNDLES: usize = 4;

fn main() {
    let (Some(folder), Some(package)) = (published::data("synthea/r4-uscore-2021"), published::data("ig/us-core-3.1.1.tgz")) else {
        return;
    };
    let mut files: Vec<_> = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let bundles: Vec<Value> =
        files.iter().take(BUNDLES + 2).map(|file| fhir::json::parse(&published::gunzip(file)).expect("JSON")).collect();
    let claims = |resource: &&Value| resource.get("meta").is_some_and(|meta| meta.get("profile").is_some());
    let resources: Vec<&Value> =
        bundles.iter().flat_map(|bundle| bundle.list("entry")).filter_map(|entry| entry.get("resource")).filter(claims).collect();
    let library = library(&std::fs::read(package).expect("the package can be read"));
    let (plans, options) = (Plans::new(), Options::default());
    let judge = |resource: &Value| validate(resource, &[], &options, &plans, &library, &Nobody).len();
    let issues: usize = resources.iter().map(|resource| judge(resource)).sum();
    println!("{} resources, {issues} issues", resources.len());
    if std::env::args().any(|argument| argument == "once") {
        resources.iter().for_each(|resource| _ = black_box(judge(resource)));
        return;
    }
    let mut best = f64::MAX;
    for _ in 0..8 {
        let start = Instant::now();
        resources.iter().for_each(|resource| _ = black_box(judge(black_box(resource))));
        best = best.min(start.elapsed().as_secs_f64());
    }
    let count = resources.len() as f64;
    println!("{:.0} resources/s, {:.2} µs each", count / best, best * 1e6 / count);
}

/// The definitions of the package, and FHIR's own profiles.
fn library(packed: &[u8]) -> Shelf {
    let mut archive = Vec::new();
    flate2::read::MultiGzDecoder::new(packed).read_to_end(&mut archive).expect("it is gzip");
    let mut resources = Vec::new();
    let mut at = 0;
    while let Some(header) = archive.get(at..at + 512).filter(|header| header[0] != 0) {
        let digits = String::from_utf8_lossy(&header[124..135]).into_owned();
        let size = usize::from_str_radix(digits.trim(), 8).expect("a size");
        resources.extend(fhir::json::parse(&archive[at + 512..at + 512 + size]).ok());
        at += 512 + size.div_ceil(512) * 512;
    }
    for file in ["profiles-others", "extension-definitions"] {
        let Some(path) = published::data(&format!("fhir-r4/definitions/{file}.json.gz")) else { continue };
        let bundle = fhir::json::parse(&published::gunzip(&path)).expect("JSON");
        resources.extend(bundle.list("entry").filter_map(|entry| entry.get("resource")).cloned());
    }
    Shelf::new(resources.into_iter().filter(|resource| resource.resource_type() == Some("StructureDefinition")))
}
