//! `cargo xtask instructions`: how many instructions fixed pieces of work take, compared with what they took before.
//!
//! The counts are those of the build that the tests use: it is there, and work that grows shows in it as well as in an optimised one.
//! They are compared, not believed: nobody should read the speed of Ward from them.

mod counts;

use std::path::Path;
use std::process::Command;

use self::counts::Counts;
use crate::tools::debian;
use crate::{Outcome, run};

/// The counts that are the measure.
const BASELINE: &str = "crates/bench/instructions.txt";

/// Where callgrind writes.
const FOLDER: &str = "target/callgrind";

/// The function in `crates/bench` that callgrind counts in.
const COUNTED: &str = "bench::instructions::measured";

/// The piece of work into which slowness was planted, and the one that it is like.
const PLANTED: (&str, &str) = ("planted-in-parse-json", "parse-json");

/// Counts, and compares; with `--write` the counts become the measure.
pub fn instructions(options: &[String]) -> Outcome {
    debian("valgrind", "valgrind")?;
    run("cargo", &["build", "--quiet", "--locked", "--package", "bench"])?;
    let mut found = count()?;
    let planted = found.take(PLANTED.0).ok_or("the planted slowness was not counted")?;
    if options.iter().any(|option| option == "--write") {
        return std::fs::write(BASELINE, found.text()).map_err(|error| format!("{BASELINE}: {error}"));
    }
    let baseline = std::fs::read_to_string(BASELINE).map_err(|error| format!("{BASELINE}: {error}"))?;
    let baseline = Counts::read(&baseline)?;
    if baseline.grown(PLANTED.1, planted).is_none() {
        return Err(format!("{} took {planted} instructions, and the comparison did not see it", PLANTED.0));
    }
    print!("{}", baseline.beside(&found));
    let problems = baseline.problems(&found);
    if problems.is_empty() {
        return Ok(());
    }
    Err(format!("{}\nIf it is worth it: cargo xtask instructions --write, and say why in the commit", problems.join("\n")))
}

/// Runs the work under callgrind, which writes a file as each piece begins and as it ends: every second file is of a piece.
fn count() -> Result<Counts, String> {
    let failed = |error: std::io::Error| format!("{FOLDER}: {error}");
    if Path::new(FOLDER).exists() {
        std::fs::remove_dir_all(FOLDER).map_err(failed)?;
    }
    std::fs::create_dir_all(FOLDER).map_err(failed)?;
    let files = Path::new(FOLDER).join("counts");
    let mut command = Command::new("valgrind");
    command.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", files.display()));
    command.args([format!("--dump-before={COUNTED}"), format!("--dump-after={COUNTED}")]).args(["target/debug/bench", "instructions"]);
    eprintln!("$ {command:?}");
    let output = command.output().map_err(|error| format!("valgrind: {error}"))?;
    if !output.status.success() {
        return Err(format!("valgrind: {}: {}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    let mut counts = Counts::default();
    for (place, line) in String::from_utf8_lossy(&output.stdout).lines().enumerate() {
        let (name, operations) = line.split_once(' ').ok_or_else(|| format!("what is {line}?"))?;
        let operations: u64 = operations.parse().map_err(|error| format!("{line}: {error}"))?;
        let file = files.with_extension((2 * place + 2).to_string());
        let text = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let total = text.lines().find_map(|line| line.strip_prefix("totals: ")).and_then(|total| total.trim().parse::<u64>().ok());
        counts.add(name, total.ok_or_else(|| format!("{}: no total", file.display()))? / operations);
    }
    Ok(counts)
}
