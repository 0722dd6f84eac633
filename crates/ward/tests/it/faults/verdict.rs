//! Whether what a disk has kept is enough.

use std::collections::BTreeMap;
use std::path::Path;

use super::ledger::{Known, Ledger};
use crate::process::{Server, run};

/// Lets the binary open what is there, and compares what it finds with the ledger.
pub fn of(place: &Path, ledger: &Ledger) -> Result<(), String> {
    let report = output(place, &["index", "check", "--json"])?;
    if !report.contains(r#""differences":0"#) {
        return Err(format!("the index does not agree with the truth: {report}"));
    }
    let found = versions(&output(place, &["export"])?)?;
    judge(ledger, &found)?;
    serves(place, &found)
}

fn output(place: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = run(place, arguments);
    if !output.status.success() {
        return Err(format!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}

/// The versions of the resources that were exported.
fn versions(exported: &str) -> Result<BTreeMap<String, u64>, String> {
    let version = |line: &str| {
        let resource = fhir::json::parse(line.as_bytes()).ok()?;
        let version = resource.get("meta")?.text("versionId")?.parse().ok()?;
        Some((format!("{}/{}", resource.text("resourceType")?, resource.text("id")?), version))
    };
    exported.lines().map(|line| version(line).ok_or_else(|| "an exported line is no resource".to_owned())).collect()
}

fn judge(ledger: &Ledger, found: &BTreeMap<String, u64>) -> Result<(), String> {
    for (resource, known) in &ledger.resources {
        match (known, found.get(resource)) {
            (Some(Known::Version(version)), Some(there)) if there < version => {
                return Err(format!("{resource}: version {version} was acknowledged, {there} is there"));
            }
            // A deletion that was sent and not acknowledged may have been done.
            (Some(Known::Version(_)), None) if !ledger.is_deleted(resource) => {
                return Err(format!("{resource} was acknowledged and is lost"));
            }
            (Some(Known::Deleted), Some(_)) => return Err(format!("{resource}: its deletion was acknowledged and is lost")),
            _ => {}
        }
    }
    for together in &ledger.together {
        let there = together.iter().filter(|resource| found.contains_key(*resource)).count();
        if there != 0 && there != together.len() {
            return Err(format!("the transaction of {together:?} is there by half"));
        }
    }
    match found.keys().find(|resource| !ledger.resources.contains_key(*resource)) {
        Some(resource) => Err(format!("{resource} is there, and was never sent")),
        None => Ok(()),
    }
}

/// It reads what is there, and takes more.
fn serves(place: &Path, found: &BTreeMap<String, u64>) -> Result<(), String> {
    let server = Server::start(place, &[]);
    let total = server.get("/fhir/Observation?_summary=count").json().get("total").and_then(|total| total.as_number().map(str::to_owned));
    if total != Some(found.len().to_string()) {
        return Err(format!("a search counts {total:?}, and there are {}", found.len()));
    }
    if let Some(resource) = found.keys().next() {
        let status = server.get(&format!("/fhir/{resource}")).status;
        if status != 200 {
            return Err(format!("{resource} was exported, and reading it answers {status}"));
        }
    }
    let body = br#"{"resourceType":"Basic","id":"after","code":{"text":"x"}}"#;
    match server.send("PUT", "/fhir/Basic/after", &[("Content-Type", "application/fhir+json")], body).status {
        201 => Ok(()),
        status => Err(format!("a create answers {status}")),
    }
}
