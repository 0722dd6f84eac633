//! Backups do not have code systems, and say so.

use super::{answered, colours, expanded};
use crate::process::{Server, run, run_well};

#[test]
fn a_restored_database_wants_its_code_systems_loaded_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let one = colours(at, "1", &["red"]);
    run_well(at, &["seed", "--patients", "1"]);
    let told = |arguments: &[&str]| {
        let output = run(at, arguments);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {told}");
        told
    };
    assert!(!told(&["backup", "before"]).contains("ward terminology load"), "there is none to speak of");
    run_well(at, &["terminology", "load", &one]);
    assert!(told(&["backup", "copy"]).contains("the 1 code systems of `ward terminology load` are not in it"));
    std::fs::remove_dir_all(at.join("data")).expect("the disk is lost");
    assert!(told(&["restore", "copy"]).contains("`ward terminology load` are in no backup"));
    assert!(answered(at, &["terminology", "list"]).is_empty());
    run_well(at, &["terminology", "load", &one]);
    let server = Server::start(at, &[]);
    assert_eq!(expanded(&server, "url=http://example.org/all-colours"), ["red"]);
    assert!(server.get("/fhir/Patient?_summary=count").json().get("total").is_some());
}
