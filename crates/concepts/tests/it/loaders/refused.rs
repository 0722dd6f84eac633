//! What is no source at all, or misses something.

use concepts::Failure;
use concepts::loader::{Options, detect, load, names};

use super::put;
use crate::scene::Scene;

#[test]
fn what_is_not_known_is_refused_with_the_formats_that_are() {
    let scene = Scene::new();
    put(scene.path(), "poem.txt", "Roses are red");
    let refused = detect(&scene.path().join("poem.txt")).expect_err("no format");
    assert!(matches!(refused, Failure::Unrecognised { .. }) && refused.to_string().contains("icd-10-cm"), "{refused}");
    assert!(matches!(detect(&scene.path().join("nothing")), Err(Failure::InputOutput { .. })));
    let options = Options { format: Some("no-format".into()), ..Options::default() };
    assert!(matches!(load(scene.path(), &options, &scene.tables(), &mut |_| {}), Err(Failure::Unrecognised { .. })));
    let known: Vec<&str> = names().collect();
    assert_eq!(known.len(), 13, "{known:?}");
}

#[test]
fn lines_that_break_a_rule_are_told() {
    let scene = Scene::new();
    let cases: [(&str, String, &str); 6] = [
        ("icd10pcs_2026.tsv", "code\tname\n".into(), "the column description is missing"),
        ("cvx.txt", "01|DTP|x\n".into(), "line 1: a row has seven columns"),
        ("icd10cm_order_2026.txt", format!("00001 A00     0 {:<60} x\nA01 nothing\n", "x"), "line 2: a line has a number (5)"),
        ("iso_4217.json", "{\"4217\": [\n{\"name\": \"x\"}]}".into(), "line 2: each entry has a text alpha_3"),
        ("RXNCONSO.RRF", "1|ENG|\n".into(), "line 1: a row of RXNCONSO.RRF has 18 columns"),
        (
            "sct2_Concept_Snapshot_INT_20260101.txt",
            "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\n1\t2\t3\t4\t5\n".into(),
            "line 2: the column active is 0 or 1",
        ),
    ];
    for (name, text, expected) in cases {
        put(scene.path(), name, &text);
        let path = scene.path().join(name);
        let refused = load(&path, &Options::default(), &scene.tables(), &mut |_| {}).expect_err(name).to_string();
        assert!(refused.contains(expected) && refused.contains(name), "{refused}");
    }
    assert!(scene.tables().open_all().expect("the folder").0.is_empty());
}

#[test]
fn a_line_without_an_end_is_not_read_for_ever() {
    let scene = Scene::new();
    put(scene.path(), "long.tsv", &format!("code\tdisplay\na\t{}", "x".repeat(5 << 20)));
    let options = Options { url: Some("urn:x".into()), ..Options::default() };
    let refused = load(&scene.path().join("long.tsv"), &options, &scene.tables(), &mut |_| {}).expect_err("too long").to_string();
    assert!(refused.contains("line 2: a line has 4194304 bytes at most"), "{refused}");
}

#[test]
fn progress_is_told_now_and_then() {
    let scene = Scene::new();
    let rows: String = (0..25_000).map(|number| format!("c{number:05}\t{:90}x\n", "")).collect();
    put(scene.path(), "many.tsv", &format!("code\tdisplay\n{rows}"));
    let mut told = Vec::new();
    let options = Options { url: Some("urn:x".into()), ..Options::default() };
    let added = load(&scene.path().join("many.tsv"), &options, &scene.tables(), &mut |progress| {
        told.push((progress.file.to_owned(), progress.rows, progress.share))
    });
    let said: Vec<_> = told.iter().map(|(file, rows, _)| (file.as_str(), *rows)).collect();
    assert_eq!(said, [("many.tsv", 10_000), ("many.tsv", 20_000)]);
    // What was taken from the file is ahead of what was understood, by a buffer at most.
    let is_near = |rows: u64, share: f64| (0.0..0.12).contains(&(share - rows as f64 / 25_000.0));
    assert!(told.iter().all(|(_, rows, share)| is_near(*rows, *share)), "{told:?}");
    assert_eq!(added.expect("loaded")[0].summary.concepts, 25_000);
}
