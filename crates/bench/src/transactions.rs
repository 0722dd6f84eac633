//! Transactions of Synthea's Bundles, beside an import of them.

use crate::bench::{Bench, no_errors};
use crate::page::Report;
use crate::page::line::{Line, median};
use crate::server::Server;
use crate::{Failure, load, requests, synthea, ward};

/// How many Bundles are under way at a time.
const AT_A_TIME: usize = 8;

/// Posts each Bundle once to a server with an empty store, and imports the same Bundles, in turn.
pub async fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let name = "transactions of Synthea's Bundles, 8 at a time";
    let Some(bundles) = synthea::bundles()? else {
        return Ok(Report { lines: vec![Line::skipped(name, synthea::MISSING)], text: String::new() });
    };
    let folder = synthea::files(&bundles, &bench.scratch)?;
    let program = bench.arguments.ward.clone();
    let resources: usize = bundles.iter().map(|bundle| bundle.resources).sum();
    let (mut rounds, mut p99) = (Vec::new(), Vec::new());
    for round in 0..bench.arguments.rounds {
        let data_dir = bench.scratch.path(&format!("transactions-import-{round}"));
        let imported = ward::import(&program, &data_dir, std::slice::from_ref(&folder))?;
        let server = Server::ward(&program, &bench.scratch.path(&format!("transactions-{round}")))?;
        server.first_answer_ms("/health/ready").await?;
        let posts = bundles.iter().map(|bundle| requests::with_body("POST", &server.address, "/fhir", &bundle.text)).collect();
        let measured = load::once(&server.address, AT_A_TIME, posts).await;
        no_errors(name, measured.errors)?;
        let seconds = bundles.len() as f64 / measured.rate;
        rounds.push((resources as f64 / seconds, imported.per_second));
        p99.push(measured.percentile_ms(0.99));
    }
    Ok(Report {
        lines: vec![Line::ratio(name, "resources/s", &rounds, "`import` of the same Bundles", 0.70)],
        text: format!(
            "{} Bundles with {:.0} resources each on average, the two that others refer to first, each posted once. 99 of 100 were answered within {:.0} ms.",
            bundles.len(),
            resources as f64 / bundles.len() as f64,
            median(p99),
        ),
    })
}
