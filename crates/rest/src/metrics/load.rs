//! How much is under way: requests by class, memory by purpose, connections.

use std::fmt::Write;

use crate::app::App;

/// The gauges and counters of what is under way, for Prometheus.
pub(super) fn write(app: &App, out: &mut String) {
    let gates: Vec<_> = app.admission.gates().iter().map(|gate| (gate.name, gate.figures())).collect();
    let by_class = |figure: fn(&(usize, usize, u64)) -> u64| gates.iter().map(|(class, figures)| (*class, figure(figures))).collect();
    let memory = vec![
        ("bodies", app.bodies.large.taken_bytes() as u64),
        ("small_bodies", app.bodies.small.taken_bytes() as u64),
        ("answers", app.answers.taken_bytes() as u64),
        ("heads", app.connections.heads_bytes() as u64),
    ];
    let gauge = "gauge";
    for (name, help, kind, label, values) in [
        ("ward_http_at_work", "Requests that are worked on.", gauge, "class", by_class(|it| it.0 as u64)),
        ("ward_http_queued", "Requests that wait for their turn.", gauge, "class", by_class(|it| it.1 as u64)),
        ("ward_http_shed_total", "Requests that were told to come back.", "counter", "class", by_class(|it| it.2)),
        ("ward_http_memory_bytes", "Memory that is set aside for what is under way.", gauge, "purpose", memory),
    ] {
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
        for (value_label, value) in values as Vec<(&str, u64)> {
            let _ = writeln!(out, "{name}{{{label}=\"{value_label}\"}} {value}");
        }
    }
    for (name, help, value) in [
        ("ward_http_connections", "Connections that are open.", app.connections.count() as u64),
        ("process_resident_memory_bytes", "Memory that the process holds.", resident_bytes()),
    ] {
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
    }
}

/// The memory that the process holds; 0 where the system does not say.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_whitespace().next()).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) * 1024
}
