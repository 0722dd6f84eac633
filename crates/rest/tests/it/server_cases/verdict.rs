//! Whether what must become of a file does.

use std::collections::BTreeMap;

use fhir::{Object, Value, json, xml};
use interaction::{References, Settings};

use super::expectation::{Expectation, without_mark};
use super::extraction;
use crate::server::{Reply, TestServer};

/// What went wrong, if anything.
pub(super) async fn of(name: &str, bytes: &[u8], expected: Expectation, files: &BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    match expected {
        Expectation::Stored => stored(name, bytes).await,
        Expectation::Refused => refused(name, bytes).await,
        Expectation::Done => done(name, bytes, files).await,
        Expectation::PartlyDone => bundle(&server(), bytes, |failed, all| !failed.is_empty() && (failed.len() < all || all == 1)).await,
        Expectation::RolledBack => rolled_back(bytes).await,
        Expectation::LinesStored => lines(bytes, |refused, _| refused.is_empty()).await,
        Expectation::LinesPartlyStored => lines(bytes, |refused, all| !refused.is_empty() && refused.len() < all).await,
        Expectation::Extracted => extraction::verdict(name, bytes, files).await,
    }
}

/// The files refer to what other files have, or none: references are stored as they are.
pub(super) fn server() -> TestServer {
    TestServer::with(Settings { references: References::Allow, ..Settings::default() }, rest::Settings::default())
}

async fn post(server: &TestServer, name: &str, kind: &str, bytes: &[u8]) -> Reply {
    let content_type = if name.ends_with(".xml") { "application/fhir+xml" } else { "application/fhir+json" };
    server.send("POST", &format!("/fhir{kind}"), &[("content-type", content_type)], bytes.to_vec()).await
}

/// The type that the file says it has: where a client would send it.
fn kind(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(without_mark(bytes));
    let from_json = json::parse(text.as_bytes()).ok().and_then(|value| value.resource_type().map(str::to_owned));
    let from_xml = || {
        let root = text.rsplit("?>").next()?.trim_start().strip_prefix('<')?;
        Some(root.split(|letter: char| !letter.is_ascii_alphanumeric()).next()?.to_owned())
    };
    from_json.or_else(from_xml).unwrap_or_else(|| "Patient".to_owned())
}

fn parsed(name: &str, bytes: &[u8]) -> Result<Value, String> {
    let bytes = without_mark(bytes);
    match name.ends_with(".xml") {
        true => xml::parse(bytes).map_err(|issues| format!("{issues:?}")),
        false => json::parse(bytes).map_err(|error| error.to_string()),
    }
}

/// A resource without what the server gives it.
fn content(resource: &Value) -> Value {
    let members = resource.as_object().into_iter().flat_map(|members| members.iter());
    let kept = members.filter(|(name, _)| !matches!(&***name, "id" | "meta"));
    Object::from_iter(kept.map(|(name, value)| (name.clone(), value.clone()))).into()
}

async fn stored(name: &str, bytes: &[u8]) -> Result<(), String> {
    let sent = parsed(name, bytes)?;
    let server = server();
    let kind = kind(bytes);
    let reply = post(&server, name, &format!("/{kind}"), bytes).await;
    if reply.status != 201 {
        return Err(told(&reply));
    }
    let place =
        reply.header("location").strip_prefix("http://ward.test").and_then(|place| place.split("/_history").next()).unwrap_or_default();
    let read = server.send("GET", place, &[("accept", "application/fhir+json")], "").await;
    if read.status != 200 || content(&read.json()) != content(&sent) {
        return Err("it does not come back as it was sent".to_owned());
    }
    let id = place.rsplit('/').next().unwrap_or_default();
    let in_xml = server.send("GET", place, &[("accept", "application/fhir+xml")], "").await;
    let again =
        server.send("PUT", place, &[("content-type", "application/fhir+xml"), ("accept", "application/fhir+json")], in_xml.body).await;
    if again.status != 200 {
        return Err(format!("through XML: {}", told(&again)));
    }
    let found = server.get(&format!("/fhir/{kind}?_id={id}")).await;
    if found.entries() == [format!("{kind}/{id}")] { Ok(()) } else { Err("it is not found by its id".to_owned()) }
}

async fn refused(name: &str, bytes: &[u8]) -> Result<(), String> {
    let server = server();
    let reply = post(&server, name, &format!("/{}", kind(bytes)), bytes).await;
    if !reply.status.is_client_error() {
        return Err(format!("it was taken: {}", reply.status));
    }
    is_outcome(&reply)?;
    is_empty(&server).await
}

/// References by criteria lead to what other Bundles of the folder bring: those go in before it.
async fn done(name: &str, bytes: &[u8], files: &BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    let server = server();
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let needs_others = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("?identifier=");
    if needs_others(bytes) {
        for (_, other) in
            files.iter().filter(|(other, bytes)| other.starts_with(folder) && other.contains("Bundle-") && !needs_others(bytes))
        {
            post(&server, "", "", other).await;
        }
    }
    bundle(&server, bytes, |failed, _| failed.is_empty()).await
}

/// Whether an entry may fail alone: it asks for an operation, for a version that nothing has, or for what may not be there.
fn may_fail(entry: &Value, status: &str) -> bool {
    let request = |name: &str| entry.get("request").and_then(|request| request.text(name)).unwrap_or_default();
    match &status[..3] {
        "404" => request("method") == "GET" || request("url").contains('$'),
        "400" | "405" => request("url").contains('$'),
        "412" => !request("ifMatch").is_empty(),
        _ => false,
    }
}

async fn bundle(server: &TestServer, bytes: &[u8], fits: impl Fn(&[String], usize) -> bool) -> Result<(), String> {
    let reply = post(server, "", "", bytes).await;
    if reply.status != 200 {
        return Err(told(&reply));
    }
    let sent = json::parse(without_mark(bytes)).map_err(|error| error.to_string())?;
    let responses = reply.responses();
    if responses.len() != sent.list("entry").count() {
        return Err(format!("{} answers", responses.len()));
    }
    let is_done = |status: &str| status.starts_with('2') || status.starts_with("304");
    let entries: Vec<&Value> = sent.list("entry").collect();
    let failed = responses.iter().enumerate().filter(|(index, (status, _))| !is_done(status) && !may_fail(entries[*index], status));
    let failed: Vec<String> = failed.map(|(index, (status, code))| format!("entry {index}: {status} {code}")).collect();
    if fits(&failed, responses.len()) { Ok(()) } else { Err(format!("of {} entries failed {failed:?}", responses.len())) }
}

async fn rolled_back(bytes: &[u8]) -> Result<(), String> {
    let server = server();
    let reply = post(&server, "", "", bytes).await;
    if !reply.status.is_client_error() {
        return Err(format!("it was taken: {}", reply.status));
    }
    is_outcome(&reply)?;
    is_empty(&server).await
}

async fn lines(bytes: &[u8], fits: impl Fn(&[String], usize) -> bool) -> Result<(), String> {
    let server = server();
    let text = String::from_utf8_lossy(without_mark(bytes)).into_owned();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let mut failed = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let line = line.replace("##PatientID##", &format!("p{index}")).replace("##ObservationID##", &format!("o{index}"));
        let id = json::parse(line.as_bytes()).ok().and_then(|value| value.text("id").map(str::to_owned));
        let place = format!("/fhir/{}/{}", kind(line.as_bytes()), id.unwrap_or_else(|| format!("x{index}")));
        let reply = server.put(&place, &line).await;
        if !reply.status.is_success() {
            failed.push(format!("line {index}: {}", told(&reply)));
        }
    }
    if fits(&failed, lines.len()) { Ok(()) } else { Err(format!("of {} lines failed {failed:?}", lines.len())) }
}

fn is_outcome(reply: &Reply) -> Result<(), String> {
    match reply.json().resource_type() {
        Some("OperationOutcome") => Ok(()),
        other => Err(format!("it was refused with {other:?}")),
    }
}

async fn is_empty(server: &TestServer) -> Result<(), String> {
    let history = server.get("/fhir/_history").await.json();
    if history.list("entry").count() == 0 { Ok(()) } else { Err("something was stored".to_owned()) }
}

fn told(reply: &Reply) -> String {
    let outcome = json::parse(&reply.body).unwrap_or(Value::Null);
    let issues = outcome.list("issue").take(3).map(|issue| {
        let place = issue.list("expression").next().and_then(Value::as_str).unwrap_or_default().to_owned();
        format!("{place}: {}", issue.text("diagnostics").unwrap_or_default())
    });
    format!("{} {}", reply.status, issues.collect::<Vec<_>>().join(" | "))
}
