//! From the start of the process to the first answer, and the memory that it holds then.

use crate::bench::Bench;
use crate::files::write_ndjson;
use crate::page::Report;
use crate::page::line::Line;
use crate::server::Server;
use crate::{Failure, ward};

/// How often it is started: a start is short, and its time varies.
const STARTS: usize = 7;

/// Starts on an empty data directory each time, and on one that has the hospital.
pub async fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let program = bench.arguments.ward.clone();
    let (file, filled) = (bench.scratch.path("start.ndjson"), bench.scratch.path("start-filled"));
    write_ndjson(bench.hospital().iter(), &file)?;
    ward::import(&program, &filled, &[file])?;
    let (mut empty_ms, mut filled_ms, mut ready_ms) = (Vec::new(), Vec::new(), Vec::new());
    let (mut empty_mb, mut filled_mb) = (Vec::new(), Vec::new());
    for round in 0..STARTS {
        let server = Server::ward(&program, &bench.scratch.path(&format!("start-{round}")))?;
        empty_ms.push(server.first_answer_ms("/fhir/metadata").await?);
        empty_mb.push(server.memory_mb().0);
        server.stop()?;
        let server = Server::ward(&program, &filled)?;
        filled_ms.push(server.first_answer_ms("/fhir/metadata").await?);
        filled_mb.push(server.memory_mb().0);
        ready_ms.push(server.first_answer_ms("/fhir/Patient?_count=1").await?);
        server.stop()?;
    }
    let resources = bench.hospital().len();
    Ok(Report {
        lines: vec![
            Line::at_most("start to the first 200 of `/fhir/metadata`, a new database", "ms", &empty_ms, Some(200.0)),
            Line::at_most("memory then", "MB", &empty_mb, Some(80.0)),
            Line::at_most(&format!("start to the first 200 of `/fhir/metadata`, {resources} resources"), "ms", &filled_ms, Some(200.0)),
            Line::at_most("memory then", "MB", &filled_mb, Some(80.0)),
            Line::at_most("start to the first answer of a search there", "ms", &ready_ms, None),
        ],
        text: format!("{STARTS} starts each, in turn. Memory is the resident set."),
    })
}
