//! A process that is killed while it writes tables: what is seen afterwards is whole.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use concepts::{About, NewDesignation, Tables};

use crate::random::Random;
use crate::scene::Scene;

const FOLDER: &str = "CONCEPTS_TEST_KILLED_FOLDER";
const CONCEPTS: u32 = 3000;

/// What the killed process does: adds tables for ever, each time with another content, and tells each that was added.
#[test]
#[ignore = "is the process that another test kills"]
fn writes_until_it_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let tables = Tables::new(folder);
    for round in 0.. {
        let added = tables.add(|writer| {
            writer.describe(About::new("urn:killed", &format!("{}", round % 3), ""));
            for number in 0..CONCEPTS {
                let code = format!("{number}");
                writer.concept(&code)?;
                writer.designation(&code, &NewDesignation::display(&format!("round {round} of concept {number}")))?;
            }
            Ok(())
        });
        added.expect("added");
        println!("added");
    }
}

#[test]
fn nothing_half_done_is_seen() {
    let mut random = Random::new(11);
    for _ in 0..6 {
        let scene = Scene::new();
        let folder = scene.path().join("concepts");
        let mut writing = Command::new(std::env::current_exe().expect("this program"))
            .args(["killed::writes_until_it_is_killed", "--exact", "--ignored", "--nocapture"])
            .env(FOLDER, &folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let output = BufReader::new(writing.stdout.take().expect("its output"));
        // Killed after some tables, and some way into the next one.
        let rounds = 1 + random.below(4);
        output.lines().map_while(Result::ok).filter(|line| line.ends_with("added")).take(rounds).for_each(drop);
        (0..random.below(400_000)).for_each(|number| {
            std::hint::black_box(number);
        });
        writing.kill().expect("killed");
        writing.wait().expect("ended");
        let (tables, failures) = Tables::new(&folder).open_all().expect("the folder");
        assert!(failures.is_empty(), "{failures:?}");
        assert!(tables.len() >= rounds.min(3), "{} tables after {rounds} rounds", tables.len());
        for table in &tables {
            assert_eq!(table.len(), CONCEPTS);
        }
        // What was left is removed by the next one that writes.
        let added = Tables::new(&folder).add(|writer| {
            writer.about_mut().url = "urn:after".into();
            Ok(())
        });
        added.expect("added");
        let names = std::fs::read_dir(&folder).expect("the folder").flatten().map(|entry| entry.path());
        assert_eq!(names.filter(|name| name.extension().is_some_and(|extension| extension == "unfinished")).count(), 0);
    }
}
