//! The random comparison: the engine under test and the reference engine do the same, and answer the same.
//!
//! A seed makes a run: random commits over few resources, values, subjects and accounts, so that they collide, and random
//! reads in between; then a look at everything, a restart, another look, and more of the same. Every answer is
//! compared whole: bodies to the byte, orders, places of pages, conflicts.

pub mod accidents;
mod commits;
mod filters;
mod pair;
mod queries;
mod report;
mod values;

use std::ops::Range;

use super::Harness;
pub use super::prng::Prng;
pub use pair::Pair;
pub use report::Report;

/// How many operations a run does before its restart.
const STEPS: u64 = 300;

/// How many it does after.
const STEPS_AFTER_RESTART: u64 = 100;

/// How many searches a look at everything makes.
const SEARCHES: usize = 60;

/// Compares an engine with the reference engine, once for each seed, and says what took place. When the environment has
/// `WARD_SEED`, only that seed is run.
///
/// # Panics
/// At the first answer that differs. The seed is printed then.
pub async fn compare(fresh: impl Fn() -> Box<dyn Harness>, seeds: Range<u64>) -> Report {
    let asked = std::env::var("WARD_SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
    let seeds = asked.map_or(seeds, |seed| seed..seed.saturating_add(1));
    let mut report = Report::default();
    for seed in seeds {
        let hint = ReplayHint(seed);
        let mut pair = Pair::new(fresh(), report).await;
        run(&mut pair, &mut Prng::new(seed)).await;
        report = pair.report;
        drop(hint);
    }
    report
}

async fn run(pair: &mut Pair, prng: &mut Prng) {
    for step in 0..STEPS {
        pair.step(prng, step).await;
    }
    pair.look_at_everything(prng, SEARCHES).await;
    pair.restart().await;
    pair.look_at_everything(prng, SEARCHES).await;
    for step in STEPS..STEPS + STEPS_AFTER_RESTART {
        pair.step(prng, step).await;
    }
    pair.look_at_everything(prng, SEARCHES).await;
}

/// Says how to repeat a run, when it ends with a panic.
struct ReplayHint(u64);

impl Drop for ReplayHint {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("random comparison: the seed was {0}; WARD_SEED={0} runs it again", self.0);
        }
    }
}
