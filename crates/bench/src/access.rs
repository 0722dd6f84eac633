//! What it costs to know who asks, to let them see what the rules let them see, and to tell of it: the same requests with a token and without.

mod within;

use std::path::{Path, PathBuf};

use crate::bench::{Bench, no_errors};
use crate::files::write_ndjson;
use crate::page::Report;
use crate::page::line::Line;
use crate::reads::CONNECTIONS;
use crate::server::Server;
use crate::{Failure, hospital, load, requests, searches, ward};

/// How many different resources are read.
const DIFFERENT: usize = 20_000;

/// The settings of a server that tells of reads.
const TOLD: [&str; 2] = ["access=required", "audit_reads=written"];

/// A server, and a token for it.
struct Asked {
    server: Server,
    token: Option<String>,
}

/// Asks three servers with the same data in turn: one that is open, one that wants a token, and one that tells of reads, too. That one stands still while the others are measured:
/// what it does with what it was told would be part of their figures.
pub async fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let file = bench.scratch.path("access.ndjson");
    write_ndjson(bench.hospital().iter(), &file)?;
    let open = asked(bench, &filled(bench, &file, "access-open")?, &["access=open"], false)?;
    let closed = asked(bench, &filled(bench, &file, "access-closed")?, &["access=required", "audit_reads=off"], true)?;
    let told = asked(bench, &filled(bench, &file, "access-told")?, &TOLD, true)?;
    told.server.pause()?;
    let ids = hospital::of_type(bench.hospital(), "Observation").take(DIFFERENT).map(hospital::id);
    let reads: Vec<String> = ids.map(|id| format!("/fhir/Observation/{id}")).collect();
    let searches = searches::of_charts(bench.hospital());
    let patient =
        hospital::of_type(bench.hospital(), "Observation").find_map(hospital::patient).ok_or("no observation has a patient")?.to_owned();
    let observations = hospital::of_type(bench.hospital(), "Observation");
    let own = observations.filter(|observation| hospital::patient(observation) == Some(&patient)).map(hospital::id);
    let own: Vec<String> = own.map(|id| format!("/fhir/Observation/{id}")).collect();
    let patient_token = ward::token(&bench.arguments.ward, &bench.scratch.path("access-closed"), &["--patient", &patient])?;

    let (mut read, mut told_of, mut searched, mut of_own) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.arguments.rounds {
        let without = rate(bench, &open, &reads, None).await?;
        let with = rate(bench, &closed, &reads, None).await?;
        read.push((with, without));
        told.server.go_on()?;
        told_of.push((rate(bench, &told, &reads, None).await?, with));
        told.server.pause()?;
        searched.push((rate(bench, &closed, &searches, None).await?, rate(bench, &open, &searches, None).await?));
        of_own.push((rate(bench, &closed, &own, Some(&patient_token)).await?, rate(bench, &open, &own, None).await?));
    }
    let beside = "the same of the open server";
    drop((open, closed, told));
    let within = within::lines(bench.arguments.rounds, &bench.scratch.path("access-within")).await?;
    Ok(Report {
        lines: [
            Line::ratio("read by id with a token, 64 connections", "/s", &read, beside, 0.85),
            Line::ratio("Observation by patient and code with a token, newest 20", "/s", &searched, beside, 0.75),
            Line::ratio("read by id of one's own record, by a rule with a filter", "/s", &of_own, beside, 0.85),
            Line::ratio("read by id, told in the audit trail before it is answered", "/s", &told_of, "the same, not told", 0.80),
        ]
        .into_iter()
        .chain(within)
        .collect(),
        text: "A token of `ward token`, and grants that are kept. What is told is written to the journal (`audit_reads = written`); that its rows become AuditEvents \
               meanwhile, at the pace that is kept while reads come in, is part of the measurement; the server stands still while the others are measured. The lower lines are measured inside of a process, on one thread; the rows that \
               become events do so in the embedded engine."
            .to_owned(),
    })
}

/// A data directory with the hospital.
fn filled(bench: &Bench, file: &PathBuf, name: &str) -> Result<PathBuf, Failure> {
    let data_dir = bench.scratch.path(name);
    ward::import(&bench.arguments.ward, &data_dir, std::slice::from_ref(file))?;
    Ok(data_dir)
}

/// A server on a data directory; with a token where one is wanted.
fn asked(bench: &Bench, data_dir: &Path, settings: &[&str], wants_token: bool) -> Result<Asked, Failure> {
    let program = &bench.arguments.ward;
    let token = if wants_token { Some(ward::token(program, data_dir, &[])?) } else { None };
    Ok(Asked { server: Server::ward_with(program, data_dir, settings)?, token })
}

async fn rate(bench: &Bench, asked: &Asked, paths: &[String], token: Option<&str>) -> Result<f64, Failure> {
    let token = token.or(asked.token.as_deref());
    let make = requests::gets_with(&asked.server.address, paths, token);
    let measured = load::run(&asked.server.address, CONNECTIONS, bench.arguments.seconds, make).await;
    no_errors("access", measured.errors)?;
    Ok(measured.rate)
}
