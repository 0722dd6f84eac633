//! Pours a synthetic hospital out: `cargo run --release -p seed --example pour -- 1000 > hospital.ndjson` writes one resource a line;
//! with `--measure` nothing is written but how long it took.

use std::io::Write;
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let patients = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(100);
    let hospital = seed::Hospital::new(seed::Plan { patients, seed: 1, today: (2026, 11, 21) });
    if !arguments.iter().any(|argument| argument == "--measure") {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        for resource in hospital {
            writeln!(out, "{}", fhir::json::to_string(&resource))?;
        }
        return out.flush();
    }
    let start = Instant::now();
    let resources = hospital.count();
    let seconds = start.elapsed().as_secs_f64();
    let each = resources as f64 / f64::from(patients.max(1));
    println!(
        "{patients} patients, {resources} resources ({each:.0} per patient) in {seconds:.2} s: {:.0} per second",
        resources as f64 / seconds
    );
    Ok(())
}
