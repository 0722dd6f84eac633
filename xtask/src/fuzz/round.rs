//! One run of a target, and what it found.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{build, corpus};

/// An input on which a target takes longer than this is a finding.
const SLOW_SECONDS: u32 = 10;

/// Inputs are at most so long.
const LONGEST_INPUT_BYTES: u32 = 8_192;

/// A target that takes more memory than this is a finding.
const MOST_MEMORY_MB: u32 = 2_048;

/// Runs a target, and says in a line what it did; the error is a finding: its input, how to repeat it, and what the target said.
pub fn run(target: &str, time: Duration) -> Result<String, String> {
    let program = build::program(target)?;
    let learnt = corpus::prepare(target)?;
    let found = Path::new(build::FOLDER).join("found").join(target);
    std::fs::create_dir_all(&found).map_err(|error| format!("{}: {error}", found.display()))?;
    let output = Command::new(&program)
        .arg(learnt)
        .arg(format!("fuzz/seeds/{target}"))
        .arg(format!("-dict=fuzz/dictionaries/{target}.dict"))
        .arg(format!("-max_total_time={}", time.as_secs()))
        .arg(format!("-timeout={SLOW_SECONDS}"))
        .arg(format!("-max_len={LONGEST_INPUT_BYTES}"))
        .arg(format!("-rss_limit_mb={MOST_MEMORY_MB}"))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .args(["-print_final_stats=1", "-verbosity=1"])
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        let number = |name: &str| said.lines().find_map(|line| Some(line.strip_prefix(name)?.trim().to_owned())).unwrap_or_default();
        let (inputs, kept) = (number("stat::number_of_executed_units:"), number("stat::new_units_added:"));
        return Ok(format!("fuzz {target}: {inputs} inputs in {} s, {kept} of them went where none had been, no finding", time.as_secs()));
    }
    Err(finding(target, &program, &said))
}

fn finding(target: &str, program: &Path, said: &str) -> String {
    let input = said.lines().find_map(|line| line.split("Test unit written to ").nth(1)).map(PathBuf::from);
    let Some(input) = input else { return format!("fuzz {target} ended without saying why:\n{said}") };
    let panic = said.lines().skip_while(|line| !line.contains("panicked at")).take(6).collect::<Vec<_>>().join("\n  ");
    let kept = format!("{} (a copy in fuzz/seeds/{target} keeps it from coming back)", input.display());
    format!("fuzz {target}: a finding\n  {panic}\n  the input: {kept}\n  repeat it: {} {}", program.display(), input.display())
}
