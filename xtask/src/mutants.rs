//! `cargo xtask mutants`: takes the checks of access control out, one by one, and expects that a cell of the matrix turns red.
//!
//! `tests/mutants.txt` lists the checks. A copy of the repository gets all of them at once, each as an expression that asks the environment whether it is the
//! one that is out (`WARD_MUTANT`), so that everything is built once. Then the cells run for each.

mod list;
mod page;
mod run;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use list::Mutant;

/// Where the copy is.
const COPY: &str = "target/mutants";

/// Takes out the checks of these numbers, or all, and writes `docs/conformance/mutants.md` when it was all.
pub fn mutants(arguments: &[String]) -> Outcome {
    let list = list::read()?;
    let problems = problems_of(&list);
    if !problems.is_empty() {
        return Err(problems.join("\n"));
    }
    let wanted: Vec<usize> =
        arguments.iter().map(|word| word.parse().map_err(|_| format!("{word} is no number"))).collect::<Result<_, _>>()?;
    copy(&list)?;
    run::build(Path::new(COPY))?;
    if let Some(test) = run::first_red(Path::new(COPY), &[], None)? {
        return Err(format!("{test} is red while every check is in"));
    }
    let last = page::last();
    let mut noticed: Vec<(usize, Option<String>)> = Vec::new();
    for number in (0..list.len()).filter(|number| wanted.is_empty() || wanted.contains(number)) {
        let behind = list[number].second_line.as_ref();
        let behind = behind.and_then(|about| list.iter().position(|other| other.about == *about));
        let out: Vec<usize> = [Some(number), behind].into_iter().flatten().collect();
        let by = run::first_red(Path::new(COPY), &out, last.get(&list[number].about).map(String::as_str))?;
        println!(
            "{number:4} {:9} {}: {}",
            if by.is_some() { "noticed" } else { "SURVIVES" },
            list[number].about,
            by.as_deref().unwrap_or("by nothing")
        );
        noticed.push((number, by));
    }
    if wanted.is_empty() {
        page::write(&list, &noticed)?;
    }
    match noticed.iter().filter(|(_, by)| by.is_none()).count() {
        0 => Ok(()),
        survivors => Err(format!("{survivors} checks may be taken out and nobody notices: give them cells")),
    }
}

/// The entries of the list that are not true any more; part of `cargo xtask tidy`.
pub fn problems() -> Result<Vec<String>, String> {
    Ok(problems_of(&list::read()?))
}

fn problems_of(list: &[Mutant]) -> Vec<String> {
    let problem = |mutant: &Mutant| {
        let count = std::fs::read_to_string(&mutant.file).map_or(0, |text| text.matches(&mutant.plain()).count());
        let why = format!("{}: the text of {:?} stands {count} times in {}, and not once", list::FILE, mutant.about, mutant.file);
        (count != 1).then_some(why)
    };
    list.iter().filter_map(problem).collect()
}

/// Copies what git tracks, with all mutants in it. A file that is there already and the same keeps its time, so that it is not built again.
fn copy(list: &[Mutant]) -> Outcome {
    let output = Command::new("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]).output();
    let output = output.map_err(|error| format!("git ls-files: {error}"))?;
    let mut by_file: BTreeMap<&str, Vec<(usize, &Mutant)>> = BTreeMap::new();
    list.iter().enumerate().for_each(|(number, mutant)| by_file.entry(&mutant.file).or_default().push((number, mutant)));
    for name in String::from_utf8_lossy(&output.stdout).lines().filter(|name| Path::new(name).is_file()) {
        let failed = |error: std::io::Error| format!("{name}: {error}");
        let mut content = std::fs::read(name).map_err(failed)?;
        if let Some(mutants) = by_file.get(name) {
            content = mutated(&String::from_utf8_lossy(&content), mutants)?.into_bytes();
        }
        let target = PathBuf::from(COPY).join(name);
        if std::fs::read(&target).is_ok_and(|before| before == content) {
            continue;
        }
        std::fs::create_dir_all(target.parent().unwrap_or(Path::new(COPY))).map_err(failed)?;
        std::fs::write(&target, content).map_err(failed)?;
    }
    Ok(())
}

/// A text with its mutants in it.
fn mutated(text: &str, mutants: &[(usize, &Mutant)]) -> Result<String, String> {
    let mut places: Vec<(usize, usize, usize, &str)> = Vec::new();
    for (number, mutant) in mutants {
        let (before, check, _) = mutant.parts();
        let start = text.find(&mutant.plain()).ok_or("a text is gone")? + before.len();
        places.push((start, start + check.len(), *number, &mutant.instead));
    }
    places.sort_unstable();
    let mut out = String::with_capacity(text.len() + places.len() * 100);
    let mut at = 0;
    for (start, end, number, instead) in places {
        let piece = text.get(at..start).ok_or_else(|| format!("mutant {number} overlaps with another one"))?;
        let check = &text[start..end];
        let is_out = format!("std::env::var(\"WARD_MUTANT\").is_ok_and(|out| out.split(',').any(|number| number == \"{number}\"))");
        out.push_str(&format!("{piece}(if {is_out} {{ {instead} }} else {{ {check} }})"));
        at = end;
    }
    out.push_str(&text[at..]);
    Ok(out)
}
