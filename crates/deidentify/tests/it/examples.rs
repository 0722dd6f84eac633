//! FHIR's own examples: what comes out has nothing of what tells whose they are, and is valid.

use std::collections::{BTreeMap, HashSet};

use deidentify::{Settings, deidentified};
use fhir::{Value, check, json};

use crate::harbor::pseudonym;

/// The texts under these members are names, numbers or addresses wherever they stand.
const TELLING: [&str; 8] = ["family", "given", "line", "city", "div", "display", "description", "lot"];

fn texts<'v>(value: &'v Value, at: &str, out: &mut HashSet<&'v str>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(name, value)| texts(value, name, out)),
        Value::Array(items) => items.iter().for_each(|item| texts(item, at, out)),
        Value::String(text) if TELLING.contains(&at) && text.len() > 3 => drop(out.insert(text)),
        _ => {}
    }
}

fn all<'v>(value: &'v Value, out: &mut HashSet<&'v str>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(_, value)| all(value, out)),
        Value::Array(items) => items.iter().for_each(|item| all(item, out)),
        Value::String(text) => drop(out.insert(text)),
        _ => {}
    }
}

#[test]
fn no_example_keeps_a_telling_text_and_all_stay_valid() {
    let Some(examples) = published::examples() else { return };
    let settings = Settings { year: 2026, pseudonym: &pseudonym };
    let (mut count, mut valid, mut problems) = (0, 0, BTreeMap::<String, usize>::new());
    for (name, text) in &examples {
        let Ok(from) = json::parse(text) else { continue };
        let Some(out) = deidentified(&from, &settings) else { continue };
        count += 1;
        let (mut telling, mut left) = (HashSet::new(), HashSet::new());
        texts(&from, "", &mut telling);
        all(&out, &mut left);
        // A code may be written as its display is.
        let codes: HashSet<&str> = telling.iter().copied().filter(|text| !text.contains(' ') && text.to_lowercase() == **text).collect();
        let kept: Vec<_> = left.intersection(&telling).filter(|text| !codes.contains(*text)).collect();
        assert!(kept.iter().all(|text| is_known(text)), "{name}: {kept:?}");
        if !check::check(&from).is_empty() {
            continue;
        }
        valid += 1;
        for issue in check::check(&out) {
            *problems.entry(format!("{} {issue:?}", from.resource_type().unwrap_or_default()).chars().take(160).collect()).or_default() +=
                1;
        }
    }
    println!("{count} examples, {valid} of them valid");
    assert!(count > 400, "{count} of {}", examples.len());
    assert!(valid > 300, "{valid}");
    assert!(problems.is_empty(), "{problems:#?}");
}

/// Words of the standard that are both names of codes and codes.
fn is_known(text: &str) -> bool {
    !text.contains(' ') && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
}
