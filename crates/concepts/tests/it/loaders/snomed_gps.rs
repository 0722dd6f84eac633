//! SNOMED's Global Patient Set.

use concepts::{Content, Search};

use super::format;
use crate::scene::{Scene, codes, display};

#[test]
fn the_published_set_has_all_concepts_and_its_notice() {
    let Some(folder) = published::data("codes/snomed-gps") else { return };
    assert_eq!(format(&folder), "snomed-gps");
    let scene = Scene::new();
    let table = scene.load_one(&folder);
    assert_eq!(table.len(), 26_158);
    let about = table.about();
    assert_eq!((&*about.url, &*about.version), ("http://snomed.info/sct", "http://snomed.info/sct/900000000000207008/version/20200731"));
    assert_eq!(about.content, Content::Fragment);
    assert!(about.copyright.contains("Creative Commons"));
    assert_eq!(display(&table, "109006"), "Anxiety disorder of childhood OR adolescence (disorder)");
    let found = table.search(&Search { text: "anxiety childhood", limit: 20, ..Search::default() });
    assert!(codes(&table, found.page).contains(&"109006"));
}
