//! `ward serve --demo`, and the tour of the README.

use std::process::Command;

use crate::process::{Server, run_well, ward};

#[test]
fn a_fresh_directory_becomes_a_hospital_and_stays_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let count = |server: &Server| {
        let bundle = server.get("/fhir/Patient?_summary=count").json();
        bundle.get("total").and_then(|total| total.as_number()).map(str::to_owned)
    };
    let server = Server::start(folder.path(), &["--demo", "--patients", "5"]);
    assert_eq!(count(&server).as_deref(), Some("5"));
    let words = server.get("/fhir/Condition?_content=active");
    assert!(words.json().list("entry").count() > 0, "the words of the demonstration are indexed");
    assert_eq!(server.stop(), Some(0));
    let again = Server::start(folder.path(), &["--demo", "--patients", "5"]);
    assert_eq!(count(&again).as_deref(), Some("5"));
}

#[test]
fn a_directory_with_other_data_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("a.json"), r#"{"resourceType":"Patient","id":"a"}"#).expect("written");
    assert!(ward(folder.path()).args(["import", "a.json"]).status().expect("the binary runs").success());
    let output = ward(folder.path()).args(["serve", "--demo", "--listen", "127.0.0.1:0"]).output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(4));
}

/// Runs every command of the README's tour, and compares what it prints with what the README shows.
#[test]
fn the_tour_of_the_readme_is_true() {
    let readme = include_str!("../../../../README.md");
    let tour = readme.split("## A tour in one minute").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("the README has a tour");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(folder.path(), &["--demo", "--set", "access=required"]);
    let token = run_well(folder.path(), &["token"]);
    let mut steps = 0;
    for block in tour.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        for step in block.split("$ ").skip(1) {
            let (command, expected) = split_step(step);
            // What the tour exports is there for all that follows.
            if command.starts_with("export AUTH=") {
                continue;
            }
            let command = command.replace("127.0.0.1:8080", &server.address);
            let output = Command::new("bash")
                .args(["-c", &command])
                .env("AUTH", format!("Authorization: Bearer {}", token.trim()))
                .output()
                .expect("bash runs");
            let printed = String::from_utf8_lossy(&output.stdout).replace(&server.address, "127.0.0.1:8080");
            assert_eq!(printed.trim_end(), expected.trim_end(), "{command}");
            steps += 1;
        }
    }
    assert!(steps >= 5, "the tour has {steps} steps");
}

/// A command with its continued lines, and what it prints.
fn split_step(step: &str) -> (String, &str) {
    let mut end = 0;
    for line in step.split_inclusive('\n') {
        end += line.len();
        if !line.trim_end().ends_with('\\') {
            break;
        }
    }
    (step[..end].to_owned(), &step[end..])
}
