//! Two engines that others wrote, npm's `fhirpath` and PyPI's `fhirpathpy`, are asked the same as this one: a thousand expressions over FHIR's
//! own examples. Where an answer differs, a line of `known_failures/engines.txt` says why, and who is right by the specification.
//!
//! `cargo xtask engines` installs the two and says where they are; without it this test has nobody to ask.

mod answers;
mod classes;
mod generate;

use std::process::Command;

use fhir::Value;

use answers::Outcome;
use classes::Classes;
use generate::Numbers;

/// The numbers that everything is drawn with.
const SEED: u64 = 20_261_122;
/// How many resources are asked about, and how many expressions about each.
const RESOURCES: usize = 50;
const EXPRESSIONS: usize = 20;
/// Larger examples make the engines slow, and teach no more.
const MAX_BYTES: usize = 20_000;

#[test]
fn others_agree() {
    let (Ok(node), Ok(python)) = (std::env::var("WARD_FHIRPATH_NODE"), std::env::var("WARD_FHIRPATH_PYTHON")) else {
        println!("skipped: `cargo xtask engines` runs this with the engines of others");
        return;
    };
    let Some(resources) = resources() else { return };
    let seed = std::env::var("WARD_FHIRPATH_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(SEED);
    println!("seed {seed}: WARD_FHIRPATH_SEED sets another");
    let mut numbers = Numbers(seed);
    let mut questions = Vec::new();
    for _ in 0..RESOURCES {
        let resource = numbers.next(resources.len());
        questions.extend((0..EXPRESSIONS).map(|_| (resource, numbers.expression(&resources[resource]))));
    }
    let ours: Vec<Outcome> = questions.iter().map(|(resource, text)| answers::ours(text, &resources[*resource])).collect();
    let script = |name: &str| format!("{}/../../tests/fhirpath/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut classes = Classes::read(include_str!("known_failures/engines.txt"));
    let engines = [("npm", Command::new("node"), node), ("PyPI", Command::new(python), script("evaluate.py"))];
    for (engine, program, script) in engines {
        let theirs = answers::theirs(program, &script, &resources, &questions);
        assert_eq!(theirs.len(), questions.len(), "{engine} did not answer all questions");
        let mut agreed = 0;
        for (((_, text), ours), theirs) in questions.iter().zip(&ours).zip(&theirs) {
            match ours.agrees(theirs) {
                true => agreed += 1,
                false => classes.explain(engine, text, ours, theirs),
            }
        }
        println!("{engine}: {agreed} of {} answers are the same", questions.len());
    }
    // Of another seed some lines explain nothing: only what no line explains counts.
    classes.finish(seed == SEED);
}

/// FHIR's examples that are not too large, in an order that stays.
fn resources() -> Option<Vec<Value>> {
    let mut examples = published::examples()?;
    examples.retain(|(_, text)| text.len() < MAX_BYTES);
    examples.sort();
    Some(examples.iter().map(|(_, text)| fhir::json::parse(text).expect("an example is JSON")).collect())
}
