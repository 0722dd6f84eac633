//! Synthea's patients fit the US Core profiles that they claim.

use std::collections::BTreeMap;

use fhir::Value;
use fhir::library::Library;
use profile::binding::Nobody;
use profile::{Options, Plans};
use published::KnownFailures;

use crate::packages;

/// The folders of bundles, and the US Core version that their resources were made for.
const FOLDERS: [(&str, &str); 2] = [("r4-transactions", "us-core-6.1.0"), ("r4-uscore-2021", "us-core-3.1.1")];

#[test]
fn patients_fit_what_they_claim() {
    let Some(base) = packages::base_profiles() else { return };
    let mut known = KnownFailures::read(include_str!("known_failures/synthea.txt"));
    for (folder, package) in FOLDERS {
        let Some(path) = published::data(&format!("synthea/{folder}")) else { return };
        let library = packages::shelf(base.iter().cloned().chain(packages::package(package).unwrap_or_default()));
        let mut faults: BTreeMap<String, usize> = BTreeMap::new();
        let (mut resources, mut claims) = (0, 0);
        let plans = Plans::new();
        let mut files: Vec<_> = std::fs::read_dir(path).expect("a folder").filter_map(|file| Some(file.ok()?.path())).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "gz" || ending == "json")) {
            let text = if file.extension().is_some_and(|ending| ending == "gz") {
                published::gunzip(file)
            } else {
                std::fs::read(file).expect("a file")
            };
            let Ok(bundle) = fhir::json::parse(&text) else { continue };
            resources += bundle.list("entry").count();
            claims += bundle
                .list("entry")
                .filter(|entry| {
                    entry.get("resource").and_then(|resource| resource.get("meta")).is_some_and(|meta| meta.get("profile").is_some())
                })
                .count();
            judge(&bundle, &library, &plans, &mut faults);
        }
        println!("{folder}: {resources} resources, {claims} claim a profile");
        for (fault, count) in &faults {
            println!("{count} x {fault}");
        }
        for fault in faults.keys() {
            known.report(&format!("{folder} {fault}"), Err("does not fit".to_owned()));
        }
    }
    known.finish("synthea");
}

/// Counts the errors, without their places.
fn judge(bundle: &Value, library: &dyn Library, plans: &Plans, faults: &mut BTreeMap<String, usize>) {
    let issues = profile::validate(bundle, &[], &Options::default(), plans, library, &Nobody);
    for issue in issues.iter().filter(|issue| issue.severity >= fhir::Severity::Error) {
        *faults.entry(issue.diagnostics.clone()).or_default() += 1;
    }
}
