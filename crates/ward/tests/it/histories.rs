//! Many clients of a server at once, over sockets: one order of events explains every answer, and everybody who loses is told why.

mod client;

use std::sync::atomic::AtomicU64;

use serde_json::Value;
use store::suite::histories::{Act, Call, Order, Recorder, Write, check, operations};

use crate::process::Server;
use client::Client;

/// How many clients there are.
const CLIENTS: u64 = 16;

#[test]
fn histories_are_linearizable() {
    let (seed, operations) = (witness::seed(), operations(4000));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(folder.path(), &[]);
    let (recorder, values) = (Recorder::default(), AtomicU64::new(1));
    std::thread::scope(|scope| {
        for number in 0..CLIENTS {
            let (recorder, values, address) = (&recorder, &values, server.address.as_str());
            scope.spawn(move || {
                let mut client = Client::new(number, address, seed ^ (number << 32), recorder, values);
                (0..operations / CLIENTS).for_each(|_| client.step());
            });
        }
    });
    let calls = recorder.into_calls();
    let order = order(&server, &calls);
    let writes = order.commits().len();
    println!("{} calls, {writes} commits", calls.len());
    assert!(writes * 10 > calls.len(), "too few writes to prove anything");
    check(&order, &calls).unwrap_or_else(|violation| panic!("not linearizable: {violation}"));
    a_lost_update_would_be_noticed(order, &calls);
}

/// The canary: the same history, with a write taken out that somebody was told is done.
fn a_lost_update_would_be_noticed(order: Order, calls: &[Call]) {
    let mut commits = order.commits().to_vec();
    let lost = commits.remove(commits.len() / 2);
    for write in commits.iter_mut().flatten() {
        write.version -= lost.iter().filter(|lost| lost.key == write.key && lost.version < write.version).count() as u64;
    }
    assert!(check(&Order::new(commits), calls).is_err(), "a lost update passes");
}

/// The order that the system's history tells: rows that one call wrote are one commit.
fn order(server: &Server, calls: &[Call]) -> Order {
    let mut rows = rows(server);
    rows.reverse();
    let writes = calls.iter().enumerate().filter_map(|(index, call)| match &call.act {
        Act::Wrote { writes, .. } => Some(writes.iter().map(move |write| ((write.key.clone(), write.version), index))),
        _ => None,
    });
    let calls_of: std::collections::HashMap<(String, u64), usize> = writes.flatten().collect();
    let mut commits: Vec<Vec<Write>> = Vec::new();
    let mut last = None;
    for row in rows {
        let call = calls_of.get(&(row.key.clone(), row.version)).copied();
        match commits.last_mut().filter(|_| call.is_some() && call == last) {
            Some(commit) => commit.push(row),
            None => commits.push(vec![row]),
        }
        last = call;
    }
    Order::new(commits)
}

/// All rows of the history, newest first.
fn rows(server: &Server) -> Vec<Write> {
    let (mut rows, mut path) = (Vec::new(), Some("/fhir/_history?_count=1000".to_owned()));
    while let Some(page) = path {
        let bundle: Value = serde_json::from_slice(&server.get(&page).body).expect("a history is JSON");
        rows.extend(bundle["entry"].as_array().into_iter().flatten().map(row));
        let links = bundle["link"].as_array().into_iter().flatten();
        let next = links.filter(|link| link["relation"] == "next").find_map(|link| link["url"].as_str());
        path = next.map(|url| url.split_once("/fhir").map(|(_, rest)| format!("/fhir{rest}")).expect("a link leads to this server"));
    }
    rows
}

fn row(entry: &Value) -> Write {
    let version = client::version(entry["response"]["etag"].as_str().expect("a version"));
    match entry.get("resource") {
        Some(resource) => {
            Write { key: format!("Patient/{}", resource["id"].as_str().expect("an id")), version, value: Some(client::value(resource)) }
        }
        None => Write { key: entry["request"]["url"].as_str().expect("what was deleted").to_owned(), version, value: None },
    }
}

#[test]
fn everybody_who_loses_is_told_why() {
    const RIVALS: usize = 64;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::start(folder.path(), &[]);
    let all_at_once = |send: &(dyn Fn(usize) -> crate::http::Answer + Sync)| {
        std::thread::scope(|scope| {
            let rivals: Vec<_> = (0..RIVALS).map(|rival| scope.spawn(move || send(rival))).collect();
            rivals.into_iter().map(|rival| rival.join().expect("an answer")).collect::<Vec<_>>()
        })
    };
    let json = ("Content-Type", "application/fhir+json");
    let one = br#"{"resourceType":"Patient","identifier":[{"system":"urn:race","value":"1"}]}"#;
    let created = all_at_once(&|_| server.send("POST", "/fhir/Patient", &[json, ("If-None-Exist", "identifier=urn:race|1")], one));
    assert_eq!(created.iter().filter(|answer| answer.status == 201).count(), 1);
    let winner = created.iter().find(|answer| answer.status == 201).expect("a winner").header("location").to_owned();
    let others = created.iter().filter(|answer| answer.status == 200);
    assert_eq!(others.filter(|answer| answer.header("location") == winner).count(), RIVALS - 1, "the others are told who is there");

    let path = winner.split_once("/fhir").and_then(|(_, rest)| rest.split_once("/_history")).expect("a location").0;
    let id = path.rsplit('/').next().expect("an id");
    let body = format!(r#"{{"resourceType":"Patient","id":"{id}","active":true}}"#);
    let path = format!("/fhir{path}");
    let updated = all_at_once(&|_| server.send("PUT", &path, &[json, ("If-Match", "W/\"1\"")], body.as_bytes()));
    assert_eq!(updated.iter().filter(|answer| answer.status == 200).count(), 1);
    let refused: Vec<_> = updated.iter().filter(|answer| answer.status == 412).collect();
    assert_eq!(refused.len(), RIVALS - 1);
    for answer in refused {
        let outcome: Value = serde_json::from_slice(&answer.body).expect("an OperationOutcome");
        let issue = &outcome["issue"][0];
        assert_eq!((outcome["resourceType"].as_str(), issue["code"].as_str()), (Some("OperationOutcome"), Some("conflict")));
        assert!(issue["diagnostics"].as_str().is_some_and(|told| told.contains('2')), "it names the version that is there: {outcome}");
    }
}
