//! Outlines say what whole resources say, for all parameters that are asked of outlines.

use store::commit::Put;
use store::entry::Entry;

use super::*;
use crate::builtin::KINDS;

#[test]
fn outlines_have_the_entries_of_whole_resources() {
    let registry = Registry::standard().with_words(true);
    let (mut compared, mut inside_only) = (0, 0);
    for kind in KINDS.map(|name| ResourceType::parse(name).expect("a type of R4")) {
        let inside = inside(&registry, kind);
        for source in &sources(kind.name(), &[]) {
            let key = || Key::new(kind, source.id());
            let outline = put(&registry, key(), source.outline());
            let whole = put(&registry, key(), Value::clone(&source.resource()));
            let outside = |put: &Put| put.entries.iter().filter(|entry| !inside.contains(&entry.param)).cloned().collect::<Vec<Entry>>();
            assert_eq!(outside(&outline), outside(&whole), "{}", outline.key);
            assert_eq!(outline.date, whole.date, "{}", outline.key);
            compared += 1;
            inside_only += usize::from(whole.entries.len() > outside(&whole).len());
        }
    }
    println!("compared: {compared} resources, of which {inside_only} have more inside");
    assert!(compared > 4000 && inside_only > 1000, "{compared} {inside_only}");
}

#[test]
fn every_id_is_one() {
    for kind in KINDS {
        for source in sources(kind, &[]) {
            assert!(crate::is_id(source.id()), "{kind}/{}", source.id());
        }
    }
}
