//! What the figures were measured with.

use std::process::Command;

/// The machine, the system and the versions, as a paragraph of the page.
pub fn description() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let cpu = fact("/proc/cpuinfo", "model name");
    let memory = fact("/proc/meminfo", "MemTotal").split(' ').next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) >> 20;
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let (rustc, commit) = (line_of("rustc", &["--version"]), line_of("git", &["rev-parse", "--short", "HEAD"]));
    format!(
        "{cores} cores ({cpu}), {memory} GiB, Linux {}, {rustc}; Ward {} (commit {commit}), SQLite {}. The load generator runs on the same machine.",
        kernel.trim(),
        env!("CARGO_PKG_VERSION"),
        rusqlite::version(),
    )
}

/// The day, in UTC.
pub fn today() -> String {
    line_of("date", &["-u", "+%Y-%m-%d %H:%M UTC"])
}

fn fact(file: &str, name: &str) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim_start_matches([' ', '\t', ':']).to_owned()
}

fn line_of(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).trim().to_owned()
}
