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
        "{cores} cores ({cpu}), {memory} GiB, Linux {}, {rustc}; Ward {} (commit {commit}), SQLite {}. The load generator runs on the same machine",
        kernel.trim(),
        env!("CARGO_PKG_VERSION"),
        rusqlite::version(),
    )
}

/// When it is, in UTC, and how many threads of all programs have wanted a processor in the last minute: what else the machine does.
pub fn now() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    format!("{}, load {load} before it", line_of("date", &["-u", "+%Y-%m-%d %H:%M UTC"]))
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
