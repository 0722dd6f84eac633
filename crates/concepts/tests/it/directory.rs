//! The folder of tables.

use std::fs;

use concepts::{About, Change, Failure, Table, Tables};

use crate::scene::Scene;

fn add(scene: &Scene, version: &str, codes: &[&str]) -> Change {
    let added =
        scene.try_add(About::new("http://example.org/codes", version, ""), |writer| codes.iter().try_for_each(|code| writer.concept(code)));
    added.expect("added").change
}

#[test]
fn the_same_again_changes_nothing_and_another_version_stands_beside() {
    let scene = Scene::new();
    assert_eq!(add(&scene, "1", &["a", "b"]), Change::New);
    let path = scene.tables().path("http://example.org/codes", "1");
    let written = fs::metadata(&path).expect("the file").modified().expect("a time");
    assert_eq!(add(&scene, "1", &["b", "a"]), Change::Unchanged);
    assert_eq!(fs::metadata(&path).expect("the file").modified().expect("a time"), written);
    assert_eq!(add(&scene, "2", &["a"]), Change::New);
    let versions = |scene: &Scene| {
        let (tables, failures) = scene.tables().open_all().expect("the folder");
        assert!(failures.is_empty());
        tables.iter().map(|table| (table.about().version.to_string(), table.len())).collect::<Vec<_>>()
    };
    assert_eq!(versions(&scene), [("1".to_owned(), 2), ("2".to_owned(), 1)]);
    // Who has the old one open keeps it.
    let old = Table::open(&path).expect("opens");
    assert_eq!(add(&scene, "1", &["a", "b", "c"]), Change::Replaced);
    assert_eq!((old.len(), old.code(1)), (2, "b"));
    assert_eq!(versions(&scene), [("1".to_owned(), 3), ("2".to_owned(), 1)]);
    assert!(scene.tables().remove("http://example.org/codes", "1").expect("removed"));
    assert!(!scene.tables().remove("http://example.org/codes", "1").expect("nothing to remove"));
    assert_eq!(versions(&scene), [("2".to_owned(), 1)]);
}

#[test]
fn a_fingerprint_tells_when_other_tables_are_there() {
    let scene = Scene::new();
    let tables = scene.tables();
    let now = || tables.fingerprint().expect("the folder");
    let mut seen = vec![now()];
    assert_eq!(add(&scene, "1", &["a"]), Change::New);
    seen.push(now());
    assert_eq!((now(), add(&scene, "1", &["a"]), now()), (seen[1], Change::Unchanged, seen[1]));
    assert_eq!(add(&scene, "1", &["b"]), Change::Replaced);
    seen.push(now());
    assert_eq!(add(&scene, "2", &["b"]), Change::New);
    seen.push(now());
    // What fails and what is being written is no table.
    assert!(scene.try_add(About::new("urn:x", "", ""), |writer| writer.concept("")).is_err());
    assert_eq!(now(), seen[3]);
    assert!(
        tables.remove("http://example.org/codes", "1").expect("removed")
            && tables.remove("http://example.org/codes", "2").expect("removed")
    );
    assert_eq!(now(), seen[0]);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 4);
}

#[test]
fn a_load_that_fails_leaves_nothing() {
    let scene = Scene::new();
    let refused = scene.try_add(About::new("urn:x", "1", ""), |writer| {
        writer.concept("a")?;
        writer.concept("")
    });
    assert!(matches!(refused, Err(Failure::Malformed { .. })), "{refused:?}");
    let nameless = scene.try_add(About::default(), |writer| writer.concept("a"));
    assert!(nameless.expect_err("no address").to_string().contains("canonical address"));
    let long = scene.try_add(About::new("urn:x", "1", ""), |writer| writer.concept(&"x".repeat(2000)));
    assert!(matches!(long, Err(Failure::Limit { most: 1024, .. })), "{long:?}");
    assert!(scene.tables().open_all().expect("the folder").0.is_empty());
    let left: Vec<_> = fs::read_dir(scene.path().join("concepts")).expect("the folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, ["lock"]);
}

#[test]
fn one_at_a_time_writes() {
    let scene = Scene::new();
    let inner = scene.tables().add(|writer| {
        writer.about_mut().url = "urn:outer".into();
        assert!(matches!(scene.tables().add(|_| Ok(())), Err(Failure::Busy { .. })));
        assert!(matches!(scene.tables().remove("urn:outer", ""), Err(Failure::Busy { .. })));
        Ok(())
    });
    inner.expect("added");
    assert_eq!(add(&scene, "1", &["a"]), Change::New);
}

#[test]
fn a_folder_that_is_not_there_has_no_tables() {
    let tables = Tables::new("/nowhere/at/all");
    assert!(tables.open_all().expect("empty").0.is_empty());
    // Each code system and version has a name of its own, even when what can be read of it is the same.
    assert_ne!(tables.path("http://a/b", "1"), tables.path("http://a-b", "1"));
    assert_eq!(tables.path("../../etc/passwd", "..").parent(), Some(std::path::Path::new("/nowhere/at/all")));
}
