//! `docs/conformance/mutants.md`: which check is noticed by what.

use std::collections::HashMap;
use std::fmt::Write;

use super::list::Mutant;
use crate::Outcome;

const PAGE: &str = "docs/conformance/mutants.md";

/// What stands before the check that is taken out together with another.
const BEHIND: &str = " (and without the one behind it: ";

/// What noticed each check the last time, by what the check is about; nothing when there is no page.
pub fn last() -> HashMap<String, String> {
    let page = std::fs::read_to_string(PAGE).unwrap_or_default();
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").skip(1);
        let about = cells.next()?.split(BEHIND).next()?.to_owned();
        Some((about, cells.next()?.to_owned()))
    };
    page.lines().filter_map(row).collect()
}

/// Writes the page.
pub fn write(list: &[Mutant], noticed: &[(usize, Option<String>)]) -> Outcome {
    let survivors = noticed.iter().filter(|(_, by)| by.is_none()).count();
    let mut page = format!(
        "# Checks of access control, taken out one by one\n\n\
         Written by `cargo xtask mutants` from [tests/mutants.txt](../../tests/mutants.txt). Each of {} checks was replaced by what the program would do without it; the \
         third column is the first test that was red then. `roles` asks everything of every type as thirty people over HTTP, `access` of crate `interaction` and `hidden` compare with a \
         server that never had what is hidden, the tests of crate `access` ask single rules and the gate, those of `rest` the front door. Nothing noticed {survivors}.\n",
        noticed.len()
    );
    let mut file = "";
    for (number, by) in noticed {
        let mutant = &list[*number];
        if mutant.file != file {
            file = &mutant.file;
            let _ = write!(page, "\n## {file}\n\n| | without this check | is noticed by |\n|---|---|---|\n");
        }
        let behind = mutant.second_line.as_ref().map(|about| format!("{BEHIND}{about})")).unwrap_or_default();
        let _ = writeln!(page, "| {number} | {}{behind} | {} |", mutant.about, by.as_deref().unwrap_or("**nothing**"));
    }
    std::fs::write(PAGE, page).map_err(|error| format!("{PAGE}: {error}"))
}
