//! Tasks of this repository, run as `cargo xtask TASK`.

mod bench;
mod clients;
mod codegen;
mod demo;
mod engines;
mod errors;
mod fuzz;
mod instructions;
mod letters;
mod licences;
mod mutants;
mod openapi;
mod outside;
mod pages;
mod test;
mod testscripts;
mod tidy;
mod tools;

use std::process::{Command, ExitCode};

/// A task succeeds, or says why not.
type Outcome = Result<(), String>;

/// A task: its name, what it does, and how.
struct Task {
    name: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Outcome,
}

const TASKS: &[Task] = &[
    Task { name: "test", about: "everything that proves Ward: rules, generated files, tests", run: |_| test::test() },
    Task { name: "bench", about: "[PART…] [--sizes 4,5,6,7] measures Ward, and writes docs/benchmarks.md", run: bench::bench },
    Task {
        name: "instructions",
        about: "[--write] counts the instructions of fixed work, and compares them with crates/bench/instructions.txt",
        run: instructions::instructions,
    },
    Task { name: "codegen", about: "[--check] [FOLDER] writes the generated tables from HL7's definition bundles", run: codegen::run },
    Task { name: "fuzz", about: "[--seconds N] [TARGET…] drives what reads from outside into every corner", run: fuzz::run },
    Task { name: "errors", about: "writes docs/errors.md from the codes of the crates", run: |_| errors::write() },
    Task { name: "openapi", about: "judges the OpenAPI documents, and the server by them", run: |_| openapi::run_all() },
    Task {
        name: "conformance",
        about: "writes docs/conformance/search.md from the table of search parameters",
        run: |_| run("cargo", &["run", "--quiet", "--locked", "--package", "conformance"]),
    },
    Task {
        name: "roles",
        about: "writes docs/roles.md from the roles that Ward brings",
        run: |_| run("cargo", &["run", "--quiet", "--locked", "--package", "access", "--example", "roles"]),
    },
    Task {
        name: "clients",
        about: "[open|access] lets stock clients do a day's work, and others read every answer; lets clients of OAuth and SMART sign in",
        run: clients::run_asked,
    },
    Task { name: "pages", about: "lets a browser use passkeys, and looks whether everybody can use each page", run: |_| pages::pages() },
    Task { name: "letters", about: "hands letters to a server for mail that nobody here wrote", run: |_| letters::letters() },
    Task { name: "engines", about: "compares FHIRPath with the engines of others", run: |_| engines::compare() },
    Task { name: "testscripts", about: "runs TestScripts of others against a server", run: |_| testscripts::run_all() },
    Task {
        name: "mutants",
        about: "[NUMBER…] takes checks of access control out, one by one, and expects red cells",
        run: mutants::mutants,
    },
    Task { name: "tidy", about: "checks the rules of the repository", run: |_| tidy::tidy() },
    Task { name: "licences", about: "checks the licences and advisories of dependencies", run: |_| licences::licences() },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let task = arguments.first().and_then(|name| TASKS.iter().find(|task| task.name == name));
    let Some(task) = task else {
        eprintln!("cargo xtask TASK, from the folder of the repository:");
        TASKS.iter().for_each(|task| eprintln!("  {:12} {}", task.name, task.about));
        return ExitCode::from(2);
    };
    match (task.run)(&arguments[1..]) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a program, which must succeed.
fn run(program: &str, arguments: &[&str]) -> Outcome {
    let line = format!("{program} {}", arguments.join(" "));
    eprintln!("$ {line}");
    match Command::new(program).args(arguments).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{line}: {status}")),
        Err(error) => Err(format!("{line}: {error}")),
    }
}
