//! `docs/errors.md`: every `WARD-nnnn`, from the `codes.rs` of the crates.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::Outcome;

const PAGE: &str = "docs/errors.md";

/// Writes the page anew.
pub fn write() -> Outcome {
    let files: Vec<PathBuf> = code_files()?;
    let (page, problems) = page(&files)?;
    if !problems.is_empty() {
        return Err(problems.join("\n"));
    }
    std::fs::write(PAGE, page).map_err(|error| format!("{PAGE}: {error}"))
}

/// What is wrong with the numbers: two meanings for one, a number outside its crate's range, a page that is out of date.
pub fn problems(files: &[PathBuf]) -> Result<Vec<String>, String> {
    let files: Vec<PathBuf> = files.iter().filter(|file| file.ends_with("src/codes.rs")).cloned().collect();
    let (page, mut problems) = page(&files)?;
    if std::fs::read_to_string(PAGE).unwrap_or_default() != page {
        problems.push(format!("{PAGE} is out of date: run `cargo xtask errors`"));
    }
    Ok(problems)
}

fn code_files() -> Result<Vec<PathBuf>, String> {
    let folders = std::fs::read_dir("crates").map_err(|error| format!("crates: {error}"))?;
    let mut files: Vec<PathBuf> = folders.flatten().map(|folder| folder.path().join("src/codes.rs")).filter(|file| file.exists()).collect();
    files.sort();
    Ok(files)
}

fn page(files: &[PathBuf]) -> Result<(String, Vec<String>), String> {
    let mut meanings: BTreeMap<u16, (String, &Path)> = BTreeMap::new();
    let mut problems = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        for (number, meaning) in codes(&text) {
            if let Some((_, other)) = meanings.insert(number, (meaning, file)) {
                problems.push(format!("WARD-{number:04} has two meanings: in {} and {}", other.display(), file.display()));
            }
        }
    }
    let mut page = String::from(
        "# What each error code means\n\nWritten by `cargo xtask errors` from the `codes.rs` of each crate. A number keeps its meaning for ever. It stands in\n\
         `OperationOutcome.issue.details.coding` with the system `urn:ward:error`.\n\n| code | meaning |\n|---|---|\n",
    );
    for (number, (meaning, _)) in meanings {
        page.push_str(&format!("| WARD-{number:04} | {meaning} |\n"));
    }
    Ok((page, problems))
}

/// The numbers of a `codes.rs` with their doc comments.
fn codes(text: &str) -> Vec<(u16, String)> {
    let mut found = Vec::new();
    let mut meaning = String::new();
    for line in text.lines() {
        if let Some(doc) = line.trim().strip_prefix("/// ") {
            meaning.push_str(if meaning.is_empty() { "" } else { " " });
            meaning.push_str(doc);
        } else if let Some((_, number)) = line.split_once(": u16 = ") {
            found.extend(number.trim_end_matches(';').parse().ok().map(|number| (number, std::mem::take(&mut meaning))));
        } else {
            meaning.clear();
        }
    }
    found
}
