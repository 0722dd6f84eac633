//! Durable creates and updates, beside the raw stores.

use std::path::Path;
use std::sync::Arc;

use fhir::Value;

use crate::bench::{Bench, no_errors};
use crate::page::Report;
use crate::page::line::Line;
use crate::raw::{Grouping, Stores};
use crate::reads::CONNECTIONS;
use crate::requests::{MakeRequest, with_body};
use crate::rows::{Maker, Row};
use crate::{Failure, hospital, load, requests};

/// How many rows the raw stores take in a round.
const RAW_ROWS: usize = 20_000;

/// As many connections as there are, each waiting for one commit: so many rows a sync covers at best.
const GROUPS: Grouping = Grouping { rows_a_sync: CONNECTIONS, rows_a_commit: 1 };

/// Creates observations, then updates some that are there: each update changes the value.
pub async fn measure(bench: &mut Bench) -> Result<Report, Failure> {
    let observations: Vec<Value> = hospital::of_type(bench.hospital(), "Observation")
        .filter(|one| one.get("valueQuantity").is_some())
        .take(RAW_ROWS)
        .cloned()
        .collect();
    let pairs: Vec<(Value, Value)> = observations.iter().map(|before| (before.clone(), changed(before, MARK))).collect();
    let maker = Maker::new(bench.hospital())?;
    let (created, updated) = (maker.created(&observations)?, maker.updated(&pairs)?);
    let bodies: Vec<String> = observations.iter().map(hospital::without_id).collect();
    let (mut creates, mut updates) = (Vec::new(), Vec::new());
    let (mut create_p99, mut update_p99) = (Vec::new(), Vec::new());
    let seconds = bench.arguments.seconds;
    for round in 0..bench.arguments.rounds {
        let limits = raw(&bench.scratch.folder(&format!("raw-writes-{round}"))?, &created, &updated)?;
        let address = bench.server()?.address.clone();
        let ours = load::run(&address, CONNECTIONS, seconds, requests::creates(&address, "Observation", &bodies)).await;
        no_errors("creates", ours.errors)?;
        creates.push((ours.rate, limits.0));
        create_p99.push(ours.percentile_ms(0.99));
        let ours = load::run(&address, CONNECTIONS, seconds, puts(&address, &observations, round)).await;
        no_errors("updates", ours.errors)?;
        updates.push((ours.rate, limits.1));
        update_p99.push(ours.percentile_ms(0.99));
    }
    let beside = "raw stores, the same rows and keys, one thread, groups of 64";
    let keys = |rows: &[Row]| rows.iter().map(|row| row.entries.len() + row.gone.len() + 6).sum::<usize>() as f64 / rows.len() as f64;
    Ok(Report {
        lines: vec![
            Line::ratio("create, 64 connections, durable", "/s", &creates, beside, 0.50),
            Line::at_most("its 99th percentile", "ms", &create_p99, None),
            Line::ratio("update, 64 connections, durable", "/s", &updates, beside, 0.50),
            Line::at_most("its 99th percentile", "ms", &update_p99, None),
        ],
        text: format!(
            "Observations of the synthetic hospital, whose references are checked. The raw stores are SQLite (WAL, `synchronous=FULL`) and fjall, fed by one \
             thread with rows and keys made beforehand: a row for each version, with its body compressed as Ward does it, and one for each commit; for each \
             version its entry by id, by number, by version and in two histories, the list of its entries, and a key for each search entry that is new or \
             gone: {:.1} keys for a create, {:.1} for an update, sorted, one batch and one sync for 64 of them.",
            keys(&created),
            keys(&updated),
        ),
    })
}

/// The rates of creates and of updates of those in fresh raw stores.
fn raw(folder: &Path, created: &[Row], updated: &[Row]) -> Result<(f64, f64), Failure> {
    let mut stores = Stores::open(folder)?;
    let creates = stores.insert(created, GROUPS, |_| None)?;
    // The resource of the n-th is the row that it was created as.
    let updates = stores.insert(updated, GROUPS, |n| Some(n as i64 + 1))?;
    Ok((creates, updates))
}

/// Updates of the observations: round after round other values.
fn puts(address: &str, observations: &[Value], round: usize) -> MakeRequest {
    // Made beforehand but for the value: what the load generator does is taken from the server.
    let halves: Vec<(Vec<u8>, Vec<u8>)> = observations
        .iter()
        .filter_map(|before| {
            let text = fhir::json::to_string(&changed(before, MARK));
            let path = format!("/fhir/Observation/{}", hospital::id(before));
            let request = String::from_utf8(with_body("PUT", address, &path, &text)).ok()?;
            let (head, tail) = request.split_once(MARK)?;
            Some((head.as_bytes().to_vec(), tail.as_bytes().to_vec()))
        })
        .collect();
    Arc::new(move |n| {
        let (head, tail) = &halves[requests::scattered(n, halves.len())];
        let turn = n as usize / halves.len() + 1;
        let value = format!("{:0width$}", round * 1000 + turn, width = MARK.len() - 2);
        [&head[..], b"1.", value.as_bytes(), tail].concat()
    })
}

/// A value that no observation has, as long as those that take its place.
const MARK: &str = "1.000000";

/// The observation with another value.
fn changed(observation: &Value, value: &str) -> Value {
    let mut after = observation.clone();
    let quantity = after.as_object_mut().and_then(|members| members.get_mut("valueQuantity")).and_then(Value::as_object_mut);
    if let Some(quantity) = quantity {
        quantity.set("value", Value::Number(value.into()));
    }
    after
}
