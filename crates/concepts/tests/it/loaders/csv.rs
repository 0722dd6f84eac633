//! Tables of any code system.

use concepts::loader::{Options, load};

use super::{format, put};
use crate::scene::{Scene, codes, display, values};

const TABLE: &str = "code,display,parent,abstract,inactive,display:de,colour\n\
    a,Animal,,true,,Tier,\n\
    b,\"Bear, brown\",a,,no,Braunbär,brown\n\
    c,Cat|Dog,a|b,,1,,\n";

#[test]
fn columns_have_their_meaning() {
    let scene = Scene::new();
    put(scene.path(), "animals.csv", TABLE);
    let path = scene.path().join("animals.csv");
    assert_eq!(format(&path), "csv");
    let refused = load(&path, &Options::default(), &scene.tables(), &mut |_| {}).expect_err("no address").to_string();
    assert!(refused.contains("give its canonical address"), "{refused}");
    let options = Options { url: Some("urn:animals".into()), version: Some("3".into()), format: None };
    let table = scene.load(&path, &options).remove(0);
    assert_eq!((&*table.about().url, &*table.about().version), ("urn:animals", "3"));
    assert_eq!(display(&table, "b"), "Bear, brown");
    assert_eq!(table.display(1, Some("de")).expect("German"), "Braunbär");
    assert_eq!(codes(&table, table.parents(2)), ["a", "b"]);
    assert_eq!((table.is_abstract(0), table.is_inactive(1), table.is_inactive(2)), (true, false, true));
    assert_eq!(values(&table, "b", "colour"), ["brown"]);
}

#[test]
fn rows_that_break_a_rule_are_told_with_their_line() {
    let scene = Scene::new();
    let options = Options { url: Some("urn:x".into()), ..Options::default() };
    let broken: [(&str, &[u8], &str); 7] = [
        ("x.csv", b"code,display\na,b\nc\n", "line 3: the row has 1 columns, and the first row 2"),
        ("x.csv", b"code,display\n,b\n", "line 2: the column code must have a value"),
        ("x.csv", b"code,display\na,\"b\n", "a quote does not end"),
        ("x.csv", b"code,inactive\na,perhaps\n", "line 2: whether a concept is inactive"),
        ("x.tsv", b"code\tdisplay\na\tb\xff\n", "line 2: a line is UTF-8"),
        ("x.tsv", b"code\tdisplay\na\0b\tc\n", "no NUL"),
        ("x.csv", b"code,parent\na,a\n", "its own ancestor"),
    ];
    for (name, bytes, expected) in broken {
        let path = scene.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        let refused = load(&path, &options, &scene.tables(), &mut |_| {}).expect_err(expected).to_string();
        assert!(refused.contains(expected), "{refused}");
    }
}

#[test]
fn tables_that_are_published_here_load_by_their_columns() {
    let Some(file) = published::data("codes/loinc-seen/loinc-seen.tsv") else { return };
    let scene = Scene::new();
    let table = scene.load(&file, &Options { url: Some("urn:seen".into()), ..Options::default() }).remove(0);
    assert_eq!((table.len(), display(&table, "8302-2").as_str()), (267, "Body Height"));
}
