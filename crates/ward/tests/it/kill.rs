//! `kill -9`, again and again, at moments that a seed chooses: what was acknowledged is there afterwards, an operation whole or not at all, and the
//! index, the database and what `/fhir` serves agree.
//!
//! This process lives on: it sends the writes, and keeps the ledger of what was sent and acknowledged on disk. The database is read by
//! `witness`, which shares no code with the engine.

mod load;
mod request;
mod scenario;
mod served;

use std::path::{Path, PathBuf};

use witness::{Dice, Effect, Keeper, Operation, Outcome, Raw};

use crate::process::{Server, run_well};
use scenario::Scenario;

/// After how many kills a fresh data directory is begun: what is verified each time grows with it.
const KILLS_OF_A_PLACE: u64 = 20;

/// A data directory with its ledger.
struct Place {
    folder: tempfile::TempDir,
    keeper: Keeper,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let keeper = Keeper::open(&folder.path().join("ledger"));
        Self { folder, keeper }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Checks everything, first of the files as they were left, then of the server on them.
    fn verify(&self) {
        let raw = Raw::of(&self.data());
        let ledger = self.keeper.judge(&raw);
        let report = run_well(self.path(), &["index", "check", "--json"]);
        assert!(report.contains(r#""differences":0"#), "{report}");
        let server = Server::start(self.path(), &[]);
        served::agrees(&server, &raw);
        drop(server);
        let again = ledger.judge(&Raw::of(&self.data())).unwrap_or_else(|problems| panic!("after a restart:\n{}", problems.join("\n")));
        assert!(again.is_empty(), "an operation is in doubt again: {again:?}");
    }
}

#[test]
fn nothing_acknowledged_is_lost() {
    let (seed, kills) = (witness::seed(), witness::kills(10));
    let mut ends = [0; 5];
    let mut place = Place::new();
    for round in 0..kills {
        if round > 0 && round % KILLS_OF_A_PLACE == 0 {
            count(&mut ends, &place);
            place = Place::new();
        }
        let scenario = Scenario::of(round);
        let mut dice = Dice::new(seed.wrapping_add(round));
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            scenario.run(&place, round, &mut dice);
            place.verify();
        }))
        .unwrap_or_else(|problem| {
            let kept = std::mem::replace(&mut place, Place::new()).folder.keep();
            println!("WARD_SEED={seed}: the kill {round}, {scenario:?}; what is left is in {}", kept.display());
            std::panic::resume_unwind(problem)
        });
    }
    count(&mut ends, &place);
    let [done, refused, applied, dropped, unknown] = ends;
    println!("{kills} kills: {done} operations acknowledged, {refused} refused, {applied} applied and {dropped} dropped without an answer");
    assert_eq!(unknown, 0, "every operation is one or the other in the end");
    assert!(done > 10 * kills as usize, "the load was too small to prove anything");
}

fn count(ends: &mut [usize; 5], place: &Place) {
    let outcomes = [Outcome::Done, Outcome::Refused, Outcome::Applied, Outcome::Dropped, Outcome::Unknown];
    let ledger = place.keeper.ledger();
    ends.iter_mut().zip(outcomes).for_each(|(end, outcome)| *end += ledger.count(outcome));
}

/// The canary: a ledger that says of a refused write that it was acknowledged, and of one that was done that it was refused.
#[test]
fn a_ledger_that_says_something_else_is_noticed() {
    let place = Place::new();
    let server = Server::start(place.path(), &[]);
    let is_lied_about = |outcome: Outcome, operation: &Operation| {
        operation.outcome == outcome && operation.effects.iter().any(|effect| matches!(effect, Effect::Written(..)))
    };
    load::run(&place.keeper, &server.address, 0, 1, &Raw::default(), &mut Dice::new(1), || {
        let has = |outcome| place.keeper.ledger().operations.iter().any(|operation| is_lied_about(outcome, operation));
        while !(has(Outcome::Done) && has(Outcome::Refused)) {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    });
    server.kill();
    let raw = Raw::of(&place.data());
    let ledger = place.keeper.judge(&raw);
    let lie = |from: Outcome, to: Outcome| {
        let mut lying = ledger.clone();
        let about = lying.operations.iter_mut().find(|operation| is_lied_about(from, operation));
        about.unwrap_or_else(|| panic!("nothing was {from:?}")).outcome = to;
        lying.judge(&raw).expect_err("the lie is noticed").join("\n")
    };
    assert!(lie(Outcome::Refused, Outcome::Done).contains("was acknowledged and is lost"));
    assert!(lie(Outcome::Done, Outcome::Refused).contains("was refused and is there"));
    assert!(lie(Outcome::Done, Outcome::Dropped).contains("is now"));
}
