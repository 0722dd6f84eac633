//! ICD-10-CM.

use std::collections::BTreeSet;

use concepts::{Search, loader};

use super::{format, put};
use crate::scene::{Scene, codes, display, values};

/// `S0000XA` as `S00.00XA`; chapters and blocks as they are.
fn with_point(code: &str) -> String {
    if code.len() > 3 && !code.contains('-') { format!("{}.{}", &code[..3], &code[3..]) } else { code.to_owned() }
}

#[test]
fn the_tabular_list_gives_every_code_that_is_listed() {
    let Some(folder) = published::data("codes/icd-10-cm") else { return };
    assert_eq!(format(&folder), "icd-10-cm");
    let scene = Scene::new();
    // The tabular list alone: seventh characters come from its definitions, not from the list of codes.
    let table = scene.load_one(&folder.join("icd10cm-tabular-2026-04-01.xml.gz"));
    let listed = String::from_utf8(published::gunzip(&folder.join("icd10cm-code-list-2026-04.txt.gz"))).expect("text");
    assert_eq!(listed.lines().count(), 98_505);
    let listed: BTreeSet<String> = listed.lines().map(with_point).collect();
    let loaded: BTreeSet<String> = (0..table.len()).map(|concept| table.code(concept).to_owned()).collect();
    assert_eq!(listed.difference(&loaded).collect::<Vec<_>>(), [""; 0], "listed and not loaded");
    assert_eq!(loaded.difference(&listed).collect::<Vec<_>>(), [""; 0], "loaded and not listed");
    // Those that the tabular list has itself have no seventh character filled in; chapters and blocks are abstract.
    let derived = String::from_utf8(published::gunzip(&folder.join("icd10cm-2026-04-01.tsv.gz"))).expect("text");
    assert_eq!(derived.lines().count() - 1, 46_881);
    for row in derived.lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let concept = table.find(columns[0]).expect(columns[0]);
        assert_eq!(display(&table, columns[0]), columns[4], "{}", columns[0]);
        if !columns[1].is_empty() {
            assert_eq!(codes(&table, table.parents(concept)), [columns[1]]);
        }
        assert!(!table.is_abstract(concept), "{}", columns[0]);
    }
    assert_eq!(&*table.about().version, "2026-04-01");
    // With the list of codes beside it nothing is added.
    let both = Scene::new().load_one(&folder);
    assert_eq!(both.len(), table.len());
}

#[test]
fn seventh_characters_hang_below_their_code_and_keep_its_names() {
    let Some(folder) = published::data("codes/icd-10-cm") else { return };
    let scene = Scene::new();
    let table = scene.load_one(&folder);
    let find = |code: &str| table.find(code).unwrap_or_else(|| panic!("{code} is there"));
    assert_eq!(codes(&table, table.children(find("S00.00"))), ["S00.00XA", "S00.00XD", "S00.00XS"]);
    assert!(display(&table, "S00.00XA").ends_with(", initial encounter"), "{}", display(&table, "S00.00XA"));
    assert_eq!(display(&table, "E08.3211").rsplit_once(", ").expect("a meaning").1, "right eye");
    assert_eq!((values(&table, "S00.00", "billable"), values(&table, "S00.00XA", "billable")), (vec!["false".into()], vec!["true".into()]));
    let chapter: Vec<&str> = codes(&table, table.ancestors(find("A00.0")).iter());
    assert_eq!(chapter, ["1", "A00", "A00-A09"]);
    assert!(table.is_abstract(find("A00-A09")) && table.is_abstract(find("1")));
    assert!(table.is_ancestor(find("A00"), find("a00.0")));
    assert_eq!(table.roots().len(), 22);
    let names: Vec<String> = table.designations(find("A00.0")).map(|name| name.text.to_string()).collect();
    assert_eq!(names, ["Cholera due to Vibrio cholerae 01, biovar cholerae", "Classical cholera"]);
    let found = table.search(&Search { text: "classical cholera", limit: 3, ..Search::default() });
    assert_eq!(codes(&table, found.page), ["A00.0"]);
}

#[test]
fn an_order_file_has_the_same_codes_with_their_point() {
    let scene = Scene::new();
    let line =
        |number: u32, code: &str, billable: u32, short: &str, long: &str| format!("{number:05} {code:<7} {billable} {short:<60} {long}\n");
    let text = [
        line(1, "A00", 0, "Cholera", "Cholera"),
        line(2, "A000", 1, "Cholera due to V. cholerae", "Cholera due to Vibrio cholerae"),
        line(3, "S0000XA", 1, "Unsp superficial injury of scalp, init", "Unspecified superficial injury of scalp, initial encounter"),
    ]
    .concat();
    put(scene.path(), "icd10cm_order_2026.txt", &text);
    let path = scene.path().join("icd10cm_order_2026.txt");
    assert_eq!(format(&path), "icd-10-cm");
    let table = scene.load_one(&path);
    assert_eq!(codes(&table, 0..3), ["A00", "A00.0", "S00.00XA"]);
    assert_eq!(codes(&table, table.parents(1)), ["A00"]);
    assert_eq!((display(&table, "A00.0").as_str(), &*table.about().version), ("Cholera due to Vibrio cholerae", "2026"));
}

#[test]
fn what_breaks_the_tabular_list_is_told_with_its_line() {
    let scene = Scene::new();
    let path = scene.path().join("icd10cm-tabular-2026.xml");
    let broken = [
        ("<a>\n<chapter><name>1</name>\n<desc>x</desc>", "line 3"),
        ("<a>\n<chapter>\n<desc>x</desc></chapter></a>", "has a <name>"),
        ("<!DOCTYPE a [<!ENTITY x \"y\">]>\n<a></a>", "document type"),
        ("<a>\n<section><desc>x</desc></section></a>", "no attribute id"),
        ("<a>\n&unknown;</a>", "entities"),
        ("<a>\n</b>", "line 2"),
    ];
    for (text, expected) in broken {
        std::fs::write(&path, text).expect("written");
        let refused = loader::load(&path, &loader::Options::default(), &scene.tables(), &mut |_| {}).expect_err(text).to_string();
        assert!(refused.contains(expected) && refused.contains("icd10cm-tabular-2026.xml"), "{text}: {refused}");
    }
    std::fs::write(&path, "<a>".repeat(100_000)).expect("written");
    let refused = loader::load(&path, &loader::Options::default(), &scene.tables(), &mut |_| {}).expect_err("deep").to_string();
    assert!(refused.contains("64 deep"), "{refused}");
}
