//! Files that are not what was written.

use std::fs;

use concepts::{About, Failure, NewDesignation, Property, Table, ValueType};

use crate::random::Random;
use crate::scene::Scene;

/// A file with something in every section.
fn file(scene: &Scene) -> std::path::PathBuf {
    let added = scene.try_add(About::new("urn:damage", "1", "Damaged"), |writer| {
        let property = writer.declare(Property { code: "p".into(), uri: "".into(), kind: ValueType::String })?;
        for number in 0..60 {
            let code = format!("c{number}");
            writer.concept(&code)?;
            writer.designation(&code, &NewDesignation::display(&format!("Concept number {number}")))?;
            writer.value(&code, property, &format!("value {}", number % 7))?;
            writer.member(&code, "c1")?;
            if number > 0 {
                writer.parent(&code, &format!("c{}", number / 2))?;
                writer.relation(&code, 1, "c2", concepts::NewTarget::Code("c3"))?;
                writer.relation(&code, 1, "c2", concepts::NewTarget::Value("7"))?;
            }
            if number % 9 == 0 {
                writer.inactive(&code)?;
            }
        }
        Ok(())
    });
    added.expect("written").path
}

#[test]
fn any_bit_that_is_flipped_is_noticed() {
    let scene = Scene::new();
    let path = file(&scene);
    let whole = fs::read(&path).expect("the file");
    let damaged = scene.path().join("damaged");
    for place in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << (place % 8);
        fs::write(&damaged, bytes).expect("written");
        match Table::open(&damaged) {
            Err(Failure::Damaged { .. } | Failure::NoTable { .. }) => {}
            other => panic!("byte {place} of {}: {other:?}", whole.len()),
        }
    }
}

#[test]
fn a_file_that_was_cut_or_has_grown_is_noticed() {
    let scene = Scene::new();
    let path = file(&scene);
    let whole = fs::read(&path).expect("the file");
    let damaged = scene.path().join("damaged");
    let mut random = Random::new(5);
    let mut lengths: Vec<usize> = (0..300).map(|_| random.below(whole.len())).collect();
    lengths.extend([0, 1, 8, whole.len() - 1]);
    for length in lengths {
        fs::write(&damaged, &whole[..length]).expect("written");
        assert!(Table::open(&damaged).is_err(), "cut to {length} bytes");
    }
    fs::write(&damaged, [whole.as_slice(), b"\0"].concat()).expect("written");
    assert!(matches!(Table::open(&damaged), Err(Failure::Damaged { .. })), "a byte more");
}

#[test]
fn a_damaged_table_is_named_and_left_out_and_loading_it_again_mends_it() {
    let scene = Scene::new();
    let path = file(&scene);
    scene.table(About::new("urn:other", "1", ""), |writer| writer.concept("x"));
    let mut bytes = fs::read(&path).expect("the file");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    // As a disk would do it; nobody has the file open.
    fs::write(&path, bytes).expect("written");
    fs::write(path.with_file_name("no.concepts"), "a text").expect("written");
    let (tables, failures) = scene.tables().open_all().expect("the folder");
    assert_eq!(tables.iter().map(|table| &*table.about().url).collect::<Vec<_>>(), ["urn:other"]);
    let told: Vec<String> = failures.iter().map(ToString::to_string).collect();
    assert_eq!(failures.len(), 2, "{told:?}");
    assert!(told.iter().any(|told| told.contains("no.concepts") && told.contains("shorter than any concept table")), "{told:?}");
    assert!(told.iter().any(|told| told.contains("urn-damage-1") && told.contains("damaged in its")), "{told:?}");
    file(&scene);
    assert_eq!(scene.tables().open_all().expect("the folder").0.len(), 2);
}
