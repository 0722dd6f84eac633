//! Sources and tables that are not what they should be.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::snomed_edition::write;
use super::{COLOURS, answered, colours, expanded, fails, put};
use crate::process::{Server, run, run_well};

/// The files that are left in the folder of tables, without the lock.
fn left(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder.join("data/concepts")).expect("the folder").flatten().map(|entry| entry.path());
    entries.filter(|path| path.file_name().is_some_and(|name| name != "lock")).collect()
}

#[test]
fn a_source_that_is_cut_or_hostile_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let edition = at.join("edition");
    write(&edition, "Snapshot");
    let concepts = edition.join("Snapshot/Terminology/sct2_Concept_Snapshot_INT_20260101.txt");
    let text = std::fs::read_to_string(&concepts).expect("the file");
    std::fs::write(&concepts, &text[..text.len() - 20]).expect("cut");
    fails(at, &["terminology", "load", "edition"], 1, "sct2_Concept_Snapshot_INT_20260101.txt, line 11: ");
    assert_eq!(left(at), Vec::<PathBuf>::new());

    let zip = |name: &str, file: &str, content: &[u8]| {
        let mut archive = zip::ZipWriter::new(std::fs::File::create(at.join(name)).expect("made"));
        archive.start_file(file, zip::write::SimpleFileOptions::default()).expect("begun");
        archive.write_all(content).expect("written");
        archive.finish().expect("ended");
    };
    zip("out.zip", "../../x.csv", b"code,display\na,b\n");
    fails(at, &["terminology", "load", "out.zip", "--as", "csv", "--system", "urn:x"], 1, "WARD-1207");
    zip("bomb.zip", "x.csv", &[b"code,display\n".as_slice(), &vec![b' '; 64 << 20]].concat());
    fails(at, &["terminology", "load", "bomb.zip", "--as", "csv", "--system", "urn:x"], 1, "bomb.zip was not loaded");
    put(at, "cut.zip", "PK\u{3}\u{4}");
    fails(at, &["terminology", "load", "cut.zip"], 1, "it is no zip archive, or damaged");
    put(at, "circle.csv", "code,display,parent\na,A,b\nb,B,a\n");
    fails(at, &["terminology", "load", "circle.csv", "--system", "urn:x"], 1, "WARD-1206");
    assert_eq!(left(at), Vec::<PathBuf>::new());
}

#[test]
fn a_server_starts_without_a_table_that_is_damaged_and_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let (one, two) = (colours(at, "1", &["red"]), colours(at, "2", &["red", "blue"]));
    run_well(at, &["terminology", "load", &one, &two]);
    let damaged = left(at).into_iter().find(|path| path.to_string_lossy().contains("colours-2-")).expect("the table of version 2");
    let mut bytes = std::fs::read(&damaged).expect("the file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&damaged, bytes).expect("written");

    let server = Server::start(at, &[]);
    assert_eq!(expanded(&server, "url=http://example.org/all-colours"), ["red"]);
    assert_eq!(server.stop(), Some(0));
    let doctor = run(at, &["doctor"]);
    let told = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(told.contains("BROKEN code systems: ") && told.contains("damaged in its"), "{told}");
    let seeded = run(at, &["seed", "--patients", "1"]);
    let told = String::from_utf8_lossy(&seeded.stderr).into_owned();
    assert!(seeded.status.success() && told.contains("WARD-1202") && told.contains("it goes on without it"), "{told}");
    fails(at, &["terminology", "list"], 1, "WARD-1202");

    // Loaded again it is whole; and it can be taken away without being read.
    let again = answered(at, &["terminology", "load", &two]);
    assert_eq!(again[0].text("change"), Some("replaced"));
    assert_eq!(answered(at, &["terminology", "list"]).len(), 2);
    std::fs::write(&damaged, b"nothing").expect("written");
    run_well(at, &["terminology", "remove", &format!("{COLOURS}|2")]);
    assert_eq!(answered(at, &["terminology", "list"]).len(), 1);
}
