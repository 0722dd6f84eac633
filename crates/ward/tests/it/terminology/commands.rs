//! The commands, without a server.

use fhir::Value;

use super::{COLOURS, answered, colours, fails, put};
use crate::process::{run, run_well};

fn changes(done: &[Value]) -> Vec<&str> {
    done.iter().filter_map(|one| one.text("change")).collect()
}

#[test]
fn a_version_is_loaded_listed_and_removed_beside_another() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let one = colours(at, "1", &["red"]);
    let loaded = answered(at, &["terminology", "load", &one]);
    assert_eq!((loaded[0].text("system"), loaded[0].text("version"), loaded[0].text("change")), (Some(COLOURS), Some("1"), Some("new")));
    assert_eq!(loaded[0].get("concepts").and_then(Value::as_number), Some("1"));

    // The same again says so, and changes nothing.
    assert_eq!(changes(&answered(at, &["terminology", "load", &one])), ["unchanged"]);
    let again = run(at, &["terminology", "load", &one]);
    assert!(String::from_utf8_lossy(&again.stderr).contains("http://example.org/colours|1: 1 concepts, there already, and unchanged"));
    assert!(again.stdout.is_empty(), "messages are no data");

    // The same version with other content takes its place, another version stands beside it.
    let corrected = colours(at, "1", &["red", "green"]);
    assert_eq!(changes(&answered(at, &["terminology", "load", &corrected])), ["replaced"]);
    let two = colours(at, "2", &["blue"]);
    assert_eq!(changes(&answered(at, &["terminology", "load", &two, &corrected])), ["new", "unchanged"]);
    let mut listed: Vec<String> = run_well(at, &["terminology", "list"]).lines().map(str::to_owned).collect();
    listed.sort();
    assert_eq!(
        listed,
        ["http://example.org/colours|1  2 concepts  Colours of things", "http://example.org/colours|2  1 concepts  Colours of things"]
    );

    assert_eq!(answered(at, &["terminology", "remove", "http://example.org/colours|1"]).len(), 1);
    let left = answered(at, &["terminology", "list"]);
    assert_eq!(left.iter().filter_map(|table| table.text("version")).collect::<Vec<_>>(), ["2"]);
    run_well(at, &["terminology", "load", &one]);
    assert_eq!(answered(at, &["terminology", "remove", COLOURS]).len(), 2, "without a version all of them");
    assert_eq!(run_well(at, &["terminology", "list"]), "");
}

#[test]
fn what_a_source_does_not_say_is_said_beside_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    put(at, "shades.csv", "code,display\ndark,Dark\n");
    let shades = at.join("shades.csv").to_string_lossy().into_owned();
    fails(at, &["terminology", "load", &shades], 2, "shades.csv does not say which code system it is: give its address with --system URL");
    let loaded = answered(at, &["terminology", "load", &shades, "--as", "csv", "--system", "urn:shades", "--system-version", "7"]);
    assert_eq!(
        (loaded[0].text("system"), loaded[0].text("version"), loaded[0].text("format")),
        (Some("urn:shades"), Some("7"), Some("csv"))
    );
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_done() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = folder.path();
    let one = colours(at, "1", &["red"]);
    put(at, "poem.txt", "Roses are red");
    let load = |arguments: &[&'static str]| [&["terminology", "load", "colours-1.json"], arguments].concat();
    fails(at, &load(&["nothing.zip"]), 2, "nothing.zip is neither a file nor a folder");
    fails(at, &load(&["poem.txt"]), 1, "WARD-1205");
    fails(at, &load(&["--as", "snomed"]), 2, "snomed is no format");
    fails(at, &load(&["--as", "loync"]), 2, "did you mean loinc?");
    fails(at, &load(&["poem.txt", "poem.txt", "--as", "csv", "--as", "csv"]), 2, "--as is given 2 times for 3 paths");
    fails(at, &load(&["poem.txt", "--system", "urn:x"]), 2, "--system and --system-version");
    fails(at, &["terminology", "remove", COLOURS], 1, "ward terminology list");
    assert_eq!(run_well(at, &["terminology", "list"]), "");
    // Somebody else is loading.
    run_well(at, &["terminology", "load", &one]);
    let lock = std::fs::File::options().write(true).open(at.join("data/concepts/lock")).expect("the lock");
    lock.lock().expect("locked");
    fails(at, &["terminology", "load", &one], 4, "WARD-1209");
}
