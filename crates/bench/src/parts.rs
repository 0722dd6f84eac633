//! The table of the parts, and the run through them.

use std::io::Write;

use crate::arguments::Arguments;
use crate::bench::Bench;
use crate::page::{Page, Report};
use crate::{
    Failure, access, conformance, connections, growth, harness, imports, machine, profile, reads, searches, sizes, starts, transactions,
    writes,
};

/// Name and heading of each part, in the order in which they run.
const PARTS: [(&str, &str); 13] = [
    ("starts", "Start"),
    ("sizes", "Bytes on disk"),
    ("imports", "Import"),
    ("transactions", "Transactions"),
    ("reads", "Reads"),
    ("searches", "Searches"),
    ("writes", "Creates and updates"),
    ("access", "Access control"),
    ("connections", "Many connections"),
    ("conformance", "Conformance"),
    ("harness", "Beside a peer"),
    ("growth", "Growth"),
    ("profile", "Where the time goes"),
];

/// The parts in a list of names with commas.
pub fn named(list: &str) -> Result<Vec<String>, Failure> {
    let known = |name: &str| PARTS.iter().any(|(part, _)| *part == name);
    match list.split(',').find(|name| !known(name)) {
        Some(name) => Err(format!("{name} is no part. Parts: {}", PARTS.map(|(part, _)| part).join(", ")).into()),
        None => Ok(list.split(',').map(str::to_owned).collect()),
    }
}

/// Measures what is asked for and writes the page after each part. Whether every part could be measured.
pub async fn run(arguments: Arguments) -> Result<bool, Failure> {
    let output = arguments.output.clone();
    let before = std::fs::read_to_string(&output).unwrap_or_default();
    let mut page = Page::read(&before, PARTS.to_vec());
    let wanted = arguments.only.clone();
    let mut bench = Bench::new(arguments)?;
    let mut whole = true;
    for (name, heading) in PARTS.into_iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name)) {
        eprintln!("{heading} …");
        let when = machine::now();
        match part(name, &mut bench).await {
            Ok(report) => {
                page.set(name, &format!("{when}, on {}", machine::description()), &report);
                for line in &report.lines {
                    println!("{}", line.render("|"));
                }
                println!("\n{}\n", report.text);
                std::io::stdout().flush()?;
                std::fs::write(&output, page.render())?;
            }
            Err(error) => {
                eprintln!("bench: {name}: {error}");
                whole = false;
            }
        }
    }
    Ok(whole)
}

async fn part(name: &str, bench: &mut Bench) -> Result<Report, Failure> {
    match name {
        "starts" => starts::measure(bench).await,
        "sizes" => sizes::measure(bench).await,
        "imports" => imports::measure(bench),
        "transactions" => transactions::measure(bench).await,
        "reads" => reads::measure(bench).await,
        "searches" => searches::measure(bench).await,
        "writes" => writes::measure(bench).await,
        "access" => access::measure(bench).await,
        "connections" => connections::measure(bench).await,
        "conformance" => conformance::measure(bench).await,
        "harness" => harness::measure(bench),
        "growth" => growth::measure(bench).await,
        _ => profile::measure(bench).await,
    }
}
