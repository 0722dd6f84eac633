//! Codes of resources are judged by the code systems that are loaded.

use super::{colours, eventually};
use crate::process::{Server, run, run_well};

const VALUE_SET: &str = r#"{"resourceType":"ValueSet","id":"colours","url":"http://example.org/vs/colours","status":"active","compose":{"include":[{"system":"http://example.org/colours"}]}}"#;

const PROFILE: &str = r#"{"resourceType":"StructureDefinition","id":"coloured","url":"http://example.org/coloured","name":"Coloured","status":"active",
    "kind":"resource","abstract":false,"type":"Observation","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Observation","derivation":"constraint",
    "differential":{"element":[{"id":"Observation","path":"Observation"},{"id":"Observation.value[x]","path":"Observation.value[x]",
    "type":[{"code":"CodeableConcept"}],"binding":{"strength":"required","valueSet":"http://example.org/vs/colours"}}]}}"#;

fn observation(code: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","meta":{{"profile":["http://example.org/coloured"]}},"status":"final","code":{{"text":"colour"}},"valueCodeableConcept":{{"coding":[{{"system":"http://example.org/colours","code":"{code}"}}]}}}}"#
    )
}

fn created(server: &Server, code: &str) -> (u16, String) {
    let answer = server.send("POST", "/fhir/Observation", &[("Content-Type", "application/fhir+json")], observation(code).as_bytes());
    (answer.status, String::from_utf8_lossy(&answer.body).into_owned())
}

#[test]
fn a_code_that_is_not_in_the_loaded_system_is_refused_until_it_is() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    run_well(at, &["terminology", "load", &colours(at, "1", &["red"])]);
    let server = Server::of({
        let mut command = crate::process::ward(at);
        command.args(["--set", "log=error", "--set", "validation=enforce", "serve", "--listen", "127.0.0.1:0"]);
        command
    });
    let server = server.unwrap_or_else(|seen| panic!("{seen}"));
    for (place, text) in [("ValueSet/colours", VALUE_SET), ("StructureDefinition/coloured", PROFILE)] {
        let put = server.send("PUT", &format!("/fhir/{place}"), &[("Content-Type", "application/fhir+json")], text.as_bytes());
        assert_eq!(put.status, 201, "{}", String::from_utf8_lossy(&put.body));
    }
    assert_eq!(created(&server, "red").0, 201);
    let (status, body) = created(&server, "blue");
    assert_eq!(status, 422, "{body}");
    assert!(body.contains("Observation.value") && body.contains("http://example.org/vs/colours"), "{body}");
    // The next version has it, from the moment when the server has the version.
    run_well(at, &["terminology", "load", &colours(at, "2", &["red", "blue"])]);
    eventually("the code is accepted", || created(&server, "blue").0 == 201);
    assert_eq!(created(&server, "green").0, 422);
    assert_eq!(server.stop(), Some(0));

    // An import without a server judges by the same tables.
    let file = at.join("observations.ndjson");
    std::fs::write(&file, format!("{}\n{}\n", observation("blue"), observation("green")).replace("\n    ", " ")).expect("written");
    let told = run(at, &["--set", "validation=enforce", "import", "observations.ndjson"]);
    let told = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(told.contains("observations.ndjson:2") && told.contains("1 written, 0 unchanged, 1 refused"), "{told}");
}
