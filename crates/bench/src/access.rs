//! What it costs to know who asks, to let them see what the rules let them see, and to tell of it: the same requests with a token and without.

use std::path::PathBuf;

use crate::bench::{Bench, no_errors};
use crate::files::write_ndjson;
use crate::page::Report;
use crate::page::line::Line;
use crate::reads::CONNECTIONS;
use crate::server::Server;
use crate::{Failure, hospital, load, requests, searches, ward};

/// How many different resources are read.
const DIFFERENT: usize = 20_000;

/// A server, a token for it, and the rates that were measured.
struct Asked {
    server: Server,
    token: Option<String>,
}

/// Asks three servers with the same data in turn: one that is open, one that wants a token, and one that tells of reads, too.
pub async fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let file = bench.scratch.path("access.ndjson");
    write_ndjson(bench.hospital().iter(), &file)?;
    let open = asked(bench, &file, ("access-open", &["access=open"]), None)?;
    let closed = asked(bench, &file, ("access-closed", &["access=required", "audit_reads=off"]), Some(&[]))?;
    let told = asked(bench, &file, ("access-told", &["access=required", "audit_reads=written"]), Some(&[]))?;
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
        told_of.push((rate(bench, &told, &reads, None).await?, with));
        searched.push((rate(bench, &closed, &searches, None).await?, rate(bench, &open, &searches, None).await?));
        of_own.push((rate(bench, &closed, &own, Some(&patient_token)).await?, rate(bench, &open, &own, None).await?));
    }
    let beside = "the same of the open server";
    Ok(Report {
        lines: vec![
            Line::ratio("read by id with a token, 64 connections", "/s", &read, beside, 0.85),
            Line::ratio("Observation by patient and code with a token, newest 20", "/s", &searched, beside, 0.75),
            Line::ratio("read by id of one's own record, by a rule with a filter", "/s", &of_own, beside, 0.85),
            Line::ratio("read by id, told in the audit trail before it is answered", "/s", &told_of, "the same, not told", 0.80),
        ],
        text: "A token of `ward token`, which is proved anew each time, and grants that are kept. What is told is written to the journal \
               (`audit_reads = written`); that its rows become AuditEvents meanwhile is part of the measurement."
            .to_owned(),
    })
}

/// A server with the hospital on a data directory of its own; with a token where one is wanted.
fn asked(bench: &Bench, file: &PathBuf, (name, settings): (&str, &[&str]), token: Option<&[&str]>) -> Result<Asked, Failure> {
    let (program, data_dir) = (&bench.arguments.ward, bench.scratch.path(name));
    ward::import(program, &data_dir, std::slice::from_ref(file))?;
    let token = token.map(|arguments| ward::token(program, &data_dir, arguments)).transpose()?;
    Ok(Asked { server: Server::ward_with(program, &data_dir, settings)?, token })
}

async fn rate(bench: &Bench, asked: &Asked, paths: &[String], token: Option<&str>) -> Result<f64, Failure> {
    let token = token.or(asked.token.as_deref());
    let make = requests::gets_with(&asked.server.address, paths, token);
    let measured = load::run(&asked.server.address, CONNECTIONS, bench.arguments.seconds, make).await;
    no_errors("access", measured.errors)?;
    Ok(measured.rate)
}
