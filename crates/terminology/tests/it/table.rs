//! Code systems in concept tables.

use std::sync::Arc;

use concepts::{About, NewDesignation, NewTarget, Property, Table, ValueType};
use fhir::library::Shelf;
use terminology::request::{LookupRequest, ValidateRequest};
use terminology::table::{Constraints, OpenTables};
use terminology::{Cache, Terminology, validate_in_code_system};

use crate::{codes, expand, json, parameters, told};

const SNOMED: &str = "http://snomed.info/sct";
const EDITION: &str = "http://snomed.info/sct/900000000000207008";

/// A little of SNOMED CT: findings, a site, an inactive concept, a reference set.
fn snomed(folder: &std::path::Path) -> Arc<Table> {
    let about = About {
        language: "en".into(),
        value_set: "http://snomed.info/sct?fhir_vs".into(),
        ..About::new(SNOMED, &format!("{EDITION}/version/20250101"), "SNOMED CT")
    };
    let added = concepts::Tables::new(folder).add(|writer| {
        writer.describe(about);
        let module = writer.declare(Property { code: "moduleId".into(), uri: "".into(), kind: ValueType::Code })?;
        for (code, display, parent) in [
            ("138875005", "SNOMED CT Concept", ""),
            ("404684003", "Clinical finding", "138875005"),
            ("73211009", "Diabetes mellitus", "404684003"),
            ("44054006", "Diabetes mellitus type 2", "73211009"),
            ("22298006", "Myocardial infarction", "404684003"),
            ("80891009", "Heart structure", "138875005"),
            ("363698007", "Finding site", "138875005"),
            ("700043003", "Reference set of examples", "138875005"),
        ] {
            writer.concept(code)?;
            writer.designation(code, &NewDesignation::display(display))?;
            writer.value(code, module, "900000000000207008")?;
            if !parent.is_empty() {
                writer.parent(code, parent)?;
            }
        }
        writer.relation("22298006", 1, "363698007", NewTarget::Code("80891009"))?;
        writer.member("22298006", "700043003")?;
        writer.concept("190331003")?;
        writer.inactive("190331003")
    });
    Arc::new(Table::open(&added.expect("the table is written").path).expect("the table opens"))
}

/// Asks an engine that has the table.
fn with_table<T>(resources: Vec<fhir::Value>, ask: impl FnOnce(&Terminology<'_>) -> T) -> T {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let table = snomed(folder.path());
    let (tables, constraints) = (OpenTables::new([table.clone()], 1), Constraints::new([table]));
    let (shelf, cache) = (Shelf::new(resources), Cache::new());
    ask(&Terminology::new(&shelf, &tables, &cache).with_ecl(&constraints))
}

#[test]
fn implicit_value_sets_of_a_table() {
    with_table(vec![], |engine| {
        let ask = |url: &str| {
            let expanded = expand(engine, &[("url", url)]).unwrap_or_else(|error| panic!("{url}: {error}"));
            let mut codes = codes(&expanded);
            codes.sort();
            codes
        };
        assert_eq!(ask("http://snomed.info/sct?fhir_vs=isa/73211009"), ["44054006", "73211009"]);
        assert_eq!(ask("http://snomed.info/sct?fhir_vs=refset/700043003"), ["22298006"]);
        assert_eq!(ask("http://snomed.info/sct?fhir_vs=ecl/%3C73211009"), ["44054006"]);
        assert_eq!(ask("http://snomed.info/sct?fhir_vs=ecl/%3C%3C404684003%3A363698007%3D80891009"), ["22298006"]);
        assert_eq!(ask("http://snomed.info/sct?fhir_vs").len(), 9);
    });
}

/// A table with these codes and nothing more, of which the value set `http://example.org/vs/all` has them all.
fn listed(folder: &std::path::Path, url: &str, version: &str, codes: &[&str]) -> Arc<Table> {
    let added = concepts::Tables::new(folder).add(|writer| {
        writer.describe(About { value_set: "http://example.org/vs/all".into(), ..About::new(url, version, "") });
        codes.iter().try_for_each(|code| writer.concept(code))
    });
    Arc::new(Table::open(&added.expect("the table is written").path).expect("the table opens"))
}

#[test]
fn what_a_table_lists_takes_nothing_away_from_a_grammar() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let table = listed(folder.path(), "urn:ietf:bcp:47", "2026-01-01", &["de", "made-up"]);
    let (shelf, cache, tables) = (Shelf::new([]), Cache::new(), OpenTables::new([table], 1));
    let engine = Terminology::new(&shelf, &tables, &cache);
    let is_code = |version: &str, code: &str| {
        let mut asked = vec![("url", "urn:ietf:bcp:47"), ("code", code)];
        asked.extend(Some(("version", version)).filter(|_| !version.is_empty()));
        let request = ValidateRequest::read_for_code_system(&parameters(&asked)).expect("the request is right");
        let answer = validate_in_code_system(&engine, request).unwrap_or_else(|error| panic!("{error}"));
        told(&answer, "result").and_then(fhir::Value::as_bool) == Some(true)
    };
    assert!(is_code("", "de-CH") && !is_code("", "made-up"));
    assert!(is_code("2026-01-01", "made-up") && !is_code("2026-01-01", "de-CH"), "who asks for the version of the table has it");
}

#[test]
fn the_systems_that_can_be_asked_about_are_told_with_their_versions() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (new, old) = (listed(folder.path(), "urn:x", "10", &["b"]), listed(folder.path(), "urn:x", "9", &["a"]));
    let stub = json(r#"{"resourceType": "CodeSystem", "url": "urn:stub", "status": "active", "content": "not-present"}"#);
    let (shelf, cache, tables) = (Shelf::new([stub, crate::animals()]), Cache::new(), OpenTables::new([old, new], 1));
    let engine = Terminology::new(&shelf, &tables, &cache);
    let systems = engine.code_systems();
    let versions = |url: &str| systems.iter().find(|system| *system.url == *url).map(|system| system.versions.clone());
    assert_eq!(versions("urn:x"), Some(vec![Some("10".into()), Some("9".into())]));
    assert_eq!(versions("http://example.org/animals"), Some(vec![Some("2".into())]));
    assert_eq!(versions("urn:stub"), None, "nothing of it is here");
    assert!(versions("http://unitsofmeasure.org").is_some());
    // The value set that a table names has all codes of its newest version.
    assert_eq!(codes(&expand(&engine, &[("url", "http://example.org/vs/all")]).unwrap_or_else(|error| panic!("{error}"))), ["b"]);
}

#[test]
fn filters_and_words_are_answered_by_the_table() {
    let value_set = json(
        r#"{"resourceType": "ValueSet", "url": "http://example.org/vs/hearts", "status": "active", "compose": {"include": [
            {"system": "http://snomed.info/sct", "filter": [{"property": "363698007", "op": "=", "value": "80891009"}]}]}}"#,
    );
    with_table(vec![value_set], |engine| {
        assert_eq!(codes(&expand(engine, &[("url", "http://example.org/vs/hearts")]).expect("it expands")), ["22298006"]);
        let found = expand(engine, &[("url", "http://snomed.info/sct?fhir_vs"), ("filter", "diab typ")]).expect("it expands");
        assert_eq!(codes(&found), ["44054006"]);
        let set = engine.compiled("http://example.org/vs/hearts").expect("it compiles");
        assert!(set.contains(SNOMED, None, "22298006") == terminology::Membership::In);
    });
}

#[test]
fn a_concept_of_a_table_is_told() {
    with_table(vec![], |engine| {
        let request = parameters(&[("system", SNOMED), ("version", EDITION), ("code", "22298006")]);
        let answer = terminology::lookup(engine, &LookupRequest::read(&request).expect("the request is right"));
        let text = fhir::json::to_string(&answer.unwrap_or_else(|error| panic!("{error}")));
        for part in ["Myocardial infarction", "900000000000207008", "363698007", "80891009", "404684003"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    });
}

#[test]
fn a_published_system_is_searched_and_filtered() {
    let Some(folder) = published::data("codes/icd-10-cm") else { return };
    let place = tempfile::tempdir().expect("a temporary folder");
    let tables = concepts::Tables::new(place.path());
    let added = concepts::loader::load(&folder, &concepts::loader::Options::default(), &tables, &mut |_| {});
    let added = added.unwrap_or_else(|failure| panic!("{failure}"));
    let table = Arc::new(Table::open(&added[0].path).expect("the table opens"));
    let compose = r#"{"include": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "filter": [{"property": "concept", "op": "is-a", "value": "E11"}]}]}"#;
    let value_set = crate::value_set("diabetes", compose);
    let (shelf, cache, tables) = (Shelf::new([value_set]), Cache::new(), OpenTables::new([table], 1));
    let engine = Terminology::new(&shelf, &tables, &cache);
    let found = expand(&engine, &[("url", "http://example.org/vs/diabetes"), ("filter", "retinopathy macular"), ("count", "5")]);
    let found = codes(&found.unwrap_or_else(|error| panic!("{error}")));
    assert!(found.len() == 5 && found.iter().all(|code| code.starts_with("E11.3")), "{found:?}");
    let set = engine.compiled("http://example.org/vs/diabetes").expect("it compiles");
    assert!(set.contains("http://hl7.org/fhir/sid/icd-10-cm", None, "E11.9") == terminology::Membership::In);
    assert!(set.contains("http://hl7.org/fhir/sid/icd-10-cm", None, "E10.9") == terminology::Membership::NotIn);
}
