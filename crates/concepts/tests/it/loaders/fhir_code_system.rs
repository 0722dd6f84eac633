//! FHIR CodeSystems.

use concepts::loader::{Options, load};

use super::{format, put};
use crate::scene::{Scene, codes, display, values};

/// Concepts stand before what describes them, and children before the code of their parent: members of an object have no order.
const CODE_SYSTEM: &str = r##"{
  "concept": [
    {
      "concept": [
        { "code": "b", "display": "Below", "definition": "It is below.", "property": [{ "code": "weight", "valueDecimal": 1.50 }, { "code": "inactive", "valueBoolean": true }] },
        { "code": "c", "designation": [{ "language": "de", "use": { "system": "urn:u", "code": "short" }, "value": "Unten" }] }
      ],
      "code": "a", "display": "Above", "property": [{ "code": "notSelectable", "valueBoolean": true }, { "code": "see", "valueCoding": { "system": "urn:s", "code": "x" } }]
    },
    { "code": "d", "property": [{ "code": "parent", "valueCode": "c" }] }
  ],
  "text": { "div": "<div>\u00e4</div>", "deep": [[[{}]]] },
  "property": [{ "code": "weight", "type": "decimal", "uri": "urn:weight" }],
  "resourceType": "CodeSystem", "url": "urn:cs", "version": "4", "name": "Cs", "content": "complete", "caseSensitive": false
}"##;

fn refused(scene: &Scene, text: &str) -> String {
    put(scene.path(), "cs.json", text);
    let options = Options { format: Some("fhir-code-system".into()), ..Options::default() };
    load(&scene.path().join("cs.json"), &options, &scene.tables(), &mut |_| {}).expect_err(text).to_string()
}

#[test]
fn concepts_with_all_that_they_have() {
    let scene = Scene::new();
    put(scene.path(), "cs.json", CODE_SYSTEM);
    let path = scene.path().join("cs.json");
    assert_eq!(format(&path), "fhir-code-system");
    let table = scene.load_one(&path);
    let about = table.about();
    assert_eq!((&*about.url, &*about.version, &*about.title, about.case_sensitive), ("urn:cs", "4", "Cs", false));
    assert_eq!(codes(&table, 0..table.len()), ["a", "b", "c", "d"]);
    assert_eq!(codes(&table, table.descendants(0).iter()), ["b", "c", "d"]);
    assert_eq!((table.is_abstract(0), table.is_inactive(1)), (true, true));
    assert_eq!((values(&table, "b", "definition"), values(&table, "a", "see")), (vec!["It is below.".into()], vec!["urn:s\tx\t".into()]));
    assert_eq!(values(&table, "b", "weight").len(), 1);
    let german = table.designations(2).next().expect("a designation");
    assert_eq!((german.language, &*german.usage.code, german.text.to_string().as_str()), ("de", "short", "Unten"));
}

#[test]
fn what_breaks_a_rule_is_told_with_its_line() {
    let scene = Scene::new();
    for (text, expected) in [
        ("{\n\"resourceType\": \"Patient\"}", "line 2: the resource is a CodeSystem"),
        ("{\n\n\"concept\": [{\"display\": \"x\"}]}", "line 3: each concept has a code"),
        ("{\"content\": \"supplement\"}", "complete, fragment or example"),
        ("{\"concept\": [{\"code\": \"a\"},]}", "line 1"),
        ("{\"concept\": 7}", "expected an object or an array"),
        ("{\"url\": \"urn:x\", \"property\": [{\"code\": \"a\", \"type\": \"colour\"}]}", "type of a property"),
        (
            "{\"url\": \"urn:x\", \"concept\": [{\"code\": \"a\", \"property\": [{\"code\": \"p\", \"valueThing\": 1}]}]}",
            "a value of a type",
        ),
        ("{\"concept\": [{\"code\": \"a\"}]} more", "trailing"),
        ("{\"concept\": [{\"code\": \"a\"}]}", "canonical address"),
    ] {
        let told = refused(&scene, text);
        assert!(told.contains(expected), "{text}: {told}");
    }
    let deep = refused(&scene, &"{\"concept\":[".repeat(100_000));
    assert!(deep.contains("recursion limit"), "{deep}");
}

#[test]
fn the_display_that_was_published_is_the_display() {
    let Some(zip) = published::data("codes/icd-10-pcs") else { return };
    // As big as it gets here: 79,758 concepts as one resource, of which never more than one is in memory.
    let rows = String::from_utf8(published::gunzip(&zip.join("icd10pcs-2019.tsv.gz"))).expect("text");
    let concepts: Vec<String> = rows
        .lines()
        .skip(1)
        .map(|row| row.split('\t').collect::<Vec<_>>())
        .map(|row| serde_json::json!({ "code": row[0], "display": row[1] }).to_string())
        .collect();
    let scene = Scene::new();
    let text =
        format!("{{\"resourceType\":\"CodeSystem\",\"url\":\"urn:pcs\",\"content\":\"complete\",\"concept\":[{}]}}", concepts.join(","));
    put(scene.path(), "pcs.json", &text);
    let table = scene.load_one(&scene.path().join("pcs.json"));
    assert_eq!((table.len(), display(&table, "00800ZZ").as_str()), (79_758, "Division of Brain, Open Approach"));
}
