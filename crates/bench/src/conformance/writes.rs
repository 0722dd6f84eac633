//! What judging costs a write: creates of Synthea's resources, by servers that judge and one that does not.

use fhir::Value;

use super::{skipped, synthea};
use crate::bench::{Bench, no_errors};
use crate::page::Report;
use crate::page::line::{Line, figure, median};
use crate::reads::CONNECTIONS;
use crate::requests::{MakeRequest, with_body};
use crate::routes::Judging;
use crate::server::Server;
use crate::{Failure, load};

const WORK: &str = "create of a resource of Synthea, judged by base R4: processor time beside one that is not judged";

/// How many times the cost of a create that is not judged it should be at most.
const AT_MOST: f64 = 1.3;

/// How many Bundles the resources are from.
const BUNDLES: usize = 8;

/// Rates and processor times of the creates of one server.
#[derive(Default)]
struct Creates {
    rates: Vec<f64>,
    cpu_us: Vec<f64>,
}

/// Creates the same resources on all servers, in turn.
pub async fn measure(bench: &mut Bench, report: &mut Report) -> Result<(), Failure> {
    let Some(mut resources) = synthea("synthea/r4-transactions", BUNDLES)? else {
        report.lines.push(skipped(WORK));
        return Ok(());
    };
    // A Provenance has to refer to something.
    resources.retain(|resource| resource.resource_type() != Some("Provenance"));
    let bodies: Vec<(String, String)> =
        resources.iter().filter_map(|resource| Some((resource.resource_type()?.to_owned(), alone(resource)))).collect();
    let (mut nobody, mut base) = (Creates::default(), Creates::default());
    for round in 0..bench.arguments.rounds {
        for (judging, creates) in [(Judging::Nobody, &mut nobody), (Judging::Base, &mut base)] {
            let server = Server::judging(judging, &bench.scratch.folder(&format!("judged-{round}-{}", judging.name()))?)?;
            server.first_answer_ms("/fhir/metadata").await?;
            let before = server.cpu_seconds();
            let measured = load::run(&server.address, CONNECTIONS, bench.arguments.seconds, posts(&server.address, &bodies)).await;
            no_errors("creates", measured.errors)?;
            let share = bench.arguments.seconds / (bench.arguments.seconds + 1.0);
            creates.cpu_us.push((server.cpu_seconds() - before) * share * 1e6 / (measured.rate * bench.arguments.seconds));
            creates.rates.push(measured.rate);
        }
    }
    let costs: Vec<f64> = base.cpu_us.iter().zip(&nobody.cpu_us).map(|(judged, not)| judged / not).collect();
    report.lines.push(Line::at_most(WORK, "times", &costs, Some(AT_MOST)));
    report.text.push_str(&format!(
        "Creates: each of {} resources of {} bytes on average, references to others left out, by 64 connections. Not judged but for structure, and without \
         looking at FHIR's own rules: {} a second, {} µs of the processor each; judged by them: {} a second, {} µs.\n\n",
        bodies.len(),
        bodies.iter().map(|(_, body)| body.len()).sum::<usize>() / bodies.len(),
        figure(median(nobody.rates)),
        figure(median(nobody.cpu_us)),
        figure(median(base.rates)),
        figure(median(base.cpu_us)),
    ));
    Ok(())
}

/// POSTs of the resources to their types, in turn.
fn posts(address: &str, bodies: &[(String, String)]) -> MakeRequest {
    let texts: Vec<Vec<u8>> = bodies.iter().map(|(kind, body)| with_body("POST", address, &format!("/fhir/{kind}"), body)).collect();
    std::sync::Arc::new(move |n| texts[n as usize % texts.len()].clone())
}

/// The text of a resource that can be created by itself: what its references name is there no more, and stands where their type would stand.
fn alone(resource: &Value) -> String {
    fhir::json::to_string(resource).replace("\"reference\":\"", "\"type\":\"")
}
