//! SNOMED CT, by the synthetic edition.

use concepts::{ConceptSet, Table, Target};

use super::format;
use super::snomed_edition::{CONCEPTS, FINDING_SITE, ROOT, SET, STRENGTH, write};
use crate::scene::{Scene, codes, display, values};

fn check(table: &Table) {
    let find = |code: &str| table.find(code).unwrap_or_else(|| panic!("{code} is there"));
    let about = table.about();
    assert_eq!((&*about.url, &*about.version), ("http://snomed.info/sct", "http://snomed.info/sct/900000000000207008/version/20260101"));
    assert_eq!(table.len() as usize, CONCEPTS.len());
    for concept in CONCEPTS {
        assert_eq!(display(table, concept.id), concept.term);
        assert_eq!(table.is_inactive(find(concept.id)), !concept.is_active, "{}", concept.id);
    }
    let (pain, left) = (find("900001001"), find("900002006"));
    assert!(table.is_ancestor(find(ROOT), left) && table.is_ancestor(pain, left));
    assert_eq!(table.descendants(find(ROOT)).len(), CONCEPTS.len() - 2);
    assert_eq!(codes(table, table.parents(left)), ["404684003", "900001001"]);
    let names: Vec<(String, &str, &str)> =
        table.designations(pain).map(|name| (name.text.to_string(), name.language, &*name.usage.code)).collect();
    assert_eq!(
        names,
        [
            ("Pain of the elbow".to_owned(), "en", "900000000000013009"),
            ("Pain of the elbow (made up)".to_owned(), "en", "900000000000003001"),
            ("Sore elbow".to_owned(), "en-GB", "900000000000013009"),
        ]
    );
    assert_eq!(values(table, "900002006", "sufficientlyDefined"), ["true"]);
    assert_eq!(values(table, "900001001", "sufficientlyDefined"), ["false"]);
    assert_eq!(codes(table, table.members(find(SET)).iter()), ["900001001"]);
    let relations: Vec<(u32, &str, Target<'_>)> =
        table.relations(left).map(|relation| (relation.group, table.code(relation.kind), relation.target)).collect();
    assert_eq!(relations, [(1, FINDING_SITE, Target::Concept(find("123037004"))), (2, STRENGTH, Target::Value("#250"))]);
    let body = ConceptSet::from_iter([find("123037004")]);
    assert_eq!(codes(table, table.sources(find(FINDING_SITE), &body).iter()), ["900001001", "900002006"]);
    assert_eq!(codes(table, table.matching("sore").iter()), ["900001001"]);
}

#[test]
fn a_snapshot_and_a_full_release_are_the_same_table() {
    let scene = Scene::new();
    let folder = scene.path().join("release");
    write(&folder, "Full");
    assert_eq!(format(&folder), "snomed-ct");
    let full = scene.load_one(&folder);
    check(&full);
    let bytes = std::fs::read(full.path()).expect("the file");
    // With both there, the snapshot is read.
    write(&folder, "Snapshot");
    let snapshot = scene.load_one(&folder);
    check(&snapshot);
    assert!(bytes == std::fs::read(snapshot.path()).expect("the file"), "the same bytes");
}
