//! What is recorded: a server that is started three times, under writers and an import, and is stopped, killed, and stopped.

use std::fmt::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use saboteur::launch::Saboteur;
use saboteur::trace::Notes;

use super::super::load::{self, Load, note};
use crate::process::ward;

const WRITERS: usize = 4;

/// How long they write each time that the server was started.
const LIFE: Duration = Duration::from_millis(800);

/// How many resources the import has.
const IMPORTED: usize = 150;

/// After how many pages the log is written back: so that it is, now and then, while there is something to be lost.
const CHECKPOINT_PAGES: &str = "200";

/// How many bytes of the index are written to disk at a time: so that it has several parts there, and merges them.
const INDEX_PART_BYTES: &str = "50000";

/// Lets the server live. Its imports are read from the folder `beside`.
pub fn record(saboteur: &Saboteur, trace: &Path, beside: &Path, arguments: &[&str]) {
    let notes = load::notes(trace);
    for life in 0..3 {
        let server =
            load::start(saboteur, &[arguments, &["--checkpoint-pages", CHECKPOINT_PAGES, "--index-part-bytes", INDEX_PART_BYTES]].concat());
        let server = server.unwrap_or_else(|seen| panic!("the server ended before it listened: {seen}"));
        let (address, stop) = (server.address.clone(), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let load = Load { address: &address, notes: &notes, refusals: &[] };
            let stop = &stop;
            let write = move |writer: String| {
                // Until it is told to stop, or the server is killed.
                let mut numbers = (0..).take_while(|_| !stop.load(Ordering::Relaxed));
                numbers.try_for_each(|number| load.round(&writer, number)).ok();
            };
            let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(format!("l{life}w{writer}")))).collect();
            if life == 1 {
                import(&address, &notes, beside);
            }
            std::thread::sleep(LIFE);
            if life == 1 {
                server.kill();
                return;
            }
            stop.store(true, Ordering::Relaxed);
            writers.into_iter().for_each(|writer| writer.join().expect("a writer ends"));
            assert_eq!(server.stop(), Some(0));
        });
    }
}

/// Imports resources over the network, from a file that is not in the folder.
fn import(address: &str, notes: &Notes, beside: &Path) {
    let (mut text, mut names) = (String::new(), Vec::new());
    for number in 0..IMPORTED {
        writeln!(text, "{}", load::observation(&format!("import{number}"), 1)).expect("a text");
        names.push(format!("Observation/import{number}"));
    }
    let file = beside.join("import.ndjson");
    std::fs::write(&file, text).expect("the file is written");
    names.iter().for_each(|name| note(notes, format!("sent {name} 1")));
    let mut command = ward(beside);
    command.arg("import").arg(&file).args(["--url", &format!("http://{address}/fhir")]);
    let output = command.output().expect("the binary runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    names.iter().for_each(|name| note(notes, format!("done {name} 1")));
}
