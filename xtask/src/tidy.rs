//! `cargo xtask tidy`: the rules of the repository that no compiler knows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;

/// Which workspace crates each room may name. What is not listed may name none.
const ARROWS: &[(&str, &[&str])] = &[
    ("fhirpath", &["fhir", "ucum"]),
    ("graphql", &["fhir", "fhirpath"]),
    ("base", &["fhir"]),
    ("patch", &["fhir", "fhirpath"]),
    ("concepts", &["fhir"]),
    ("ecl", &["fhir"]),
    ("ucum", &[]),
    ("terminology", &["concepts", "ecl", "fhir", "fhirpath", "ucum"]),
    ("profile", &["fhir", "fhirpath"]),
    ("package", &["fhir"]),
    ("store", &["fhir"]),
    ("search", &["fhir", "fhirpath", "store", "ucum"]),
    ("store-embedded", &["disk", "fhir", "store", "vault"]),
    ("vault", &[]),
    ("deidentify", &["fhir"]),
    ("access", &["fhir", "search", "store"]),
    ("identity", &["access", "fhir", "search", "store"]),
    ("mail", &["fhir", "identity", "store"]),
    ("oauth", &["access", "fhir", "identity", "store"]),
    ("administration", &["access", "audit", "fhir", "identity", "oauth", "search", "store"]),
    ("saml", &["fhir"]),
    ("federation", &["fhir", "identity", "oauth", "saml", "store"]),
    ("audit", &["access", "fhir", "search", "store"]),
    (
        "interaction",
        &["access", "base", "concepts", "fhir", "fhirpath", "graphql", "package", "patch", "profile", "search", "store", "terminology"],
    ),
    ("rest", &["access", "administration", "audit", "fhir", "graphql", "identity", "interaction", "oauth", "patch", "search", "store"]),
    ("screens", &["federation", "fhir", "identity", "interaction", "oauth", "search", "store"]),
    ("seed", &["fhir"]),
    (
        "ward",
        &[
            "access",
            "administration",
            "audit",
            "base",
            "concepts",
            "deidentify",
            "federation",
            "fhir",
            "fhirpath",
            "package",
            "profile",
            "search",
            "terminology",
            "store",
            "store-embedded",
            "identity",
            "interaction",
            "mail",
            "oauth",
            "rest",
            "saml",
            "screens",
            "seed",
            "vault",
        ],
    ),
    (
        "bench",
        &[
            "access",
            "audit",
            "base",
            "fhir",
            "fhirpath",
            "identity",
            "package",
            "profile",
            "terminology",
            "search",
            "store",
            "store-embedded",
            "interaction",
            "rest",
            "seed",
            "published",
        ],
    ),
    ("conformance", &["access", "fhir", "fhirpath", "graphql", "search", "store", "store-embedded", "interaction"]),
    ("published", &[]),
    ("disk", &[]),
    ("saboteur", &[]),
    ("preload", &["saboteur"]),
    ("witness", &["disk"]),
    ("fhir", &[]),
];

/// No source file is longer, in lines.
const LONGEST_FILE: usize = 500;

/// Names that say nothing.
const VAGUE: [&str; 5] = ["util", "utils", "helpers", "common", "misc"];

/// Checks every rule, and tells all that is broken.
pub fn tidy() -> Outcome {
    let files = tracked_files()?;
    let mut problems = arrows()?;
    problems.extend(files.iter().filter_map(|file| too_long(file)));
    problems.extend(files.iter().filter_map(|file| vague(file)));
    problems.extend(crate::errors::problems(&files)?);
    problems.extend(crate::mutants::problems()?);
    if problems.is_empty() {
        println!("tidy: {} files, nothing to mend", files.len());
        return Ok(());
    }
    Err(problems.join("\n"))
}

fn tracked_files() -> Result<Vec<PathBuf>, String> {
    let output = Command::new("git").args(["ls-files"]).output().map_err(|error| format!("git ls-files: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(PathBuf::from).filter(|path| path.exists()).collect())
}

fn arrows() -> Result<Vec<String>, String> {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut problems = Vec::new();
    for folder in std::fs::read_dir("crates").map_err(|error| format!("crates: {error}"))?.flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        let manifest = std::fs::read_to_string(folder.path().join("Cargo.toml")).map_err(|error| format!("{name}: {error}"))?;
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap_or_default().split("\n[").next().unwrap_or_default();
        let Some(may) = allowed.get(name.as_str()) else {
            problems.push(format!("crates/{name} has no line in ARROWS of xtask/src/tidy.rs"));
            continue;
        };
        for dependency in dependencies.lines().filter_map(|line| line.split(['.', ' ', '=']).next()).filter(|word| !word.is_empty()) {
            if allowed.contains_key(dependency) && !may.contains(&dependency) {
                problems.push(format!("crates/{name} must not know crates/{dependency}: arrows point inward"));
            }
        }
    }
    Ok(problems)
}

fn too_long(file: &Path) -> Option<String> {
    if file.extension()? != "rs" {
        return None;
    }
    let lines = std::fs::read_to_string(file).ok()?.lines().count();
    (lines > LONGEST_FILE).then(|| format!("{}: {lines} lines: split it by subject", file.display()))
}

fn vague(file: &Path) -> Option<String> {
    let says_nothing = |part: &str| VAGUE.contains(&part.trim_end_matches(".rs"));
    file.iter().any(|part| says_nothing(&part.to_string_lossy())).then(|| format!("{}: name it by its subject", file.display()))
}
