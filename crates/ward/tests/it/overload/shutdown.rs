//! An end in the middle of work: what is under way is answered, and what is answered is there.

use std::io;

use tokio::io::AsyncWriteExt;
use tokio::runtime::Runtime;

use super::{started, wait_until, wire};
use crate::process::Server;

/// How many requests are under way when the server is told to end.
const UNDER_WAY: usize = 16;

#[test]
fn what_is_under_way_is_answered() {
    let (answered, folder) = ended_in_the_middle(&[]);
    assert_eq!(answered, UNDER_WAY, "requests under way were not answered");
    let server = Server::start(folder.path(), &[]);
    let there = server.get("/fhir/Patient?family=Late&_summary=count").json();
    assert_eq!(there.get("total").and_then(fhir::Value::as_number), Some(UNDER_WAY.to_string().as_str()), "what was answered is not there");
}

#[test]
fn without_time_to_drain_it_is_cut_off() {
    let (answered, _) = ended_in_the_middle(&["--set", "drain_timeout_ms=0"]);
    assert_eq!(answered, 0, "nothing was cut off: this proves nothing of the time to drain");
}

/// How many requests are answered whose bodies are half there when the server is told to end, and go on when it accepts nobody any more.
fn ended_in_the_middle(settings: &[&str]) -> (usize, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = started(folder.path(), settings);
    let runtime = Runtime::new().expect("a runtime");
    let body = br#"{"resourceType":"Patient","name":[{"family":"Late"}]}"#;
    let (first, last) = body.split_at(20);
    let begin = async || {
        let mut stream = wire::connect(&server.address, false).await?;
        stream.write_all(&[wire::post_head("/fhir/Patient", body.len(), "").as_slice(), first].concat()).await?;
        Ok::<_, io::Error>(stream)
    };
    let mut clients: Vec<_> = (0..UNDER_WAY).map(|_| runtime.block_on(begin()).expect("a request begins")).collect();
    wait_until("all requests are under way", || {
        let text = String::from_utf8(server.get("/metrics").body).expect("text");
        text.lines().any(|line| line == format!("ward_http_requests_in_flight {UNDER_WAY}"))
    });
    server.ask_to_stop();
    wait_until("the server accepts nobody", || runtime.block_on(wire::connect(&server.address, false)).is_err());
    let mut answered = 0;
    for stream in &mut clients {
        let answer = runtime.block_on(wire::exchange(stream, last));
        answered += usize::from(answer.is_ok_and(|answer| answer.status == 201));
    }
    server.ended();
    (answered, folder)
}
