//! `cargo xtask openapi`: whether the OpenAPI documents are sound, and whether the server does what they say.
//!
//! `openapi-spec-validator` judges the form of the documents. `schemathesis` makes requests from them, good ones and broken ones, and looks
//! for answers of 500 and above, for statuses, headers and media types that the documents do not tell of, for bodies that do not fit their
//! schemas, and for broken requests that are taken.

use std::path::Path;
use std::process::Command;

use crate::demo::Demo;
use crate::tools::python;
use crate::{Outcome, run};

/// The types for which requests are made: all are alike to the routes, and a run over all would take hours.
const TYPES: &str = "Patient,Observation";

/// What is there under the id that the document has as its example.
const EXAMPLES: [(&str, &str); 2] = [
    ("Patient", r#"{"resourceType":"Patient","id":"example","active":true}"#),
    ("Observation", r#"{"resourceType":"Observation","id":"example","status":"final","code":{"text":"pulse"}}"#),
];

/// What is asked of every answer. `positive_data_acceptance` is left out: FHIR has rules that no JSON Schema can say.
const LEFT_OUT: &str = "positive_data_acceptance";

/// The same requests in every run.
const SEED: &str = "1";

/// Judges the documents of a server with a few patients, and the server by them.
pub fn run_all() -> Outcome {
    let programs = python("tests/openapi/requirements.txt")?;
    let demo = Demo::start("openapi", 3)?;
    for path in ["/fhir/openapi.json", "/api/openapi.json"] {
        validate(&programs, &format!("{}{path}", demo.address))?;
    }
    for (kind, resource) in EXAMPLES {
        let address = format!("{}/fhir/{kind}/example", demo.address);
        run(
            "curl",
            &[
                "--silent",
                "--fail",
                "--output",
                "/dev/null",
                "-X",
                "PUT",
                &address,
                "-H",
                "Content-Type: application/fhir+json",
                "-d",
                resource,
            ],
        )?;
    }
    // Where bodies are made, the phase that goes through every corner of every schema takes long: FHIR's refer to each other without end.
    exercise(&programs, &demo, &["--phases", "examples,coverage", "--include-method", "GET", "--include-method", "DELETE"])?;
    exercise(&programs, &demo, &["--phases", "fuzzing,stateful", "--max-examples", "10"])
}

fn validate(programs: &Path, address: &str) -> Outcome {
    let document = "target/tmp/openapi.json";
    run("curl", &["--silent", "--fail", "--output", document, address])?;
    run(&programs.join("openapi-spec-validator").to_string_lossy(), &[document])
}

fn exercise(programs: &Path, demo: &Demo, how: &[&str]) -> Outcome {
    let address = format!("{}/fhir", demo.address);
    let document = format!("{address}/openapi.json?_type={TYPES}");
    let mut command = Command::new(programs.join("st"));
    command.args(["--no-color", "run", &document, "--url", &address, "--seed", SEED, "--workers", "2", "--checks", "all"]);
    command.args(["--exclude-checks", LEFT_OUT, "--warnings", "off", "--continue-on-failure"]).args(how).current_dir("target/tmp");
    eprintln!("$ schemathesis, {}", how.join(" "));
    let output = command.output().map_err(|error| format!("schemathesis: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(format!("the server does not do what its OpenAPI document says:\n{said}\n{}", demo.log()));
    }
    let cases = said.lines().find(|line| line.contains("generated,")).unwrap_or("no requests").trim();
    println!("schemathesis: {cases}");
    Ok(())
}
