//! What a seed does.

use std::sync::Arc;

use disk::faults::Kind;
use store::suite::random::accidents::Moment;
use store::suite::random::{Pair, Prng, Report};

use crate::machine::{IndexFate, Machine, OnMachine, Protection};

/// How many things a run does at most between two looks at everything.
const STEPS: u64 = 10;

/// How many times a run stops, at most.
const STOPS: u64 = 3;

/// How many percent of the times a process that has just begun stops again, before it has done anything.
const STOPS_AGAIN: u64 = 25;

/// How many searches a look at everything makes.
const SEARCHES: usize = 3;

/// The milliseconds of an hour.
const HOUR: i64 = 3_600_000;

/// What tells one run from another.
pub(super) struct Trace {
    pub(super) answers: u64,
    pub(super) calls: Vec<String>,
    pub(super) report: Report,
}

/// A run.
struct Run {
    prng: Prng,
    machine: Arc<Machine>,
    pair: Pair,
    steps: u64,
    backup: Option<(u64, Moment)>,
}

/// Does what a seed says, and panics at the first thing that is wrong.
pub(super) async fn run(seed: u64, protection: Protection, traced: bool) -> Trace {
    let mut prng = Prng::new(seed);
    let machine = Machine::new(protection, [4, 20, 10_000][prng.below(3) as usize]);
    if traced {
        machine.faults.trace();
    }
    let mut pair = Pair::new(Box::new(OnMachine(Arc::clone(&machine))), Report::default()).await;
    pair.accept_failures();
    pair.repeat(1);
    if traced {
        pair.remember();
    }
    let mut run = Run { prng, machine, pair, steps: 0, backup: None };
    for _ in 0..=run.prng.below(STOPS) {
        run.live().await;
        run.stop().await;
        run.look().await;
        if run.prng.below(100) < STOPS_AGAIN {
            run.stop().await;
            run.look().await;
        }
    }
    let trace = Trace { answers: run.pair.answers(), calls: run.machine.faults.traced(), report: run.pair.report().clone() };
    run.pair.close();
    trace
}

impl Run {
    /// Works for a while, with what may go wrong while the process lives.
    async fn live(&mut self) {
        for _ in 0..=self.prng.below(STEPS) {
            self.steps += 1;
            match self.prng.below(100) {
                0..76 => self.pair.step(&mut self.prng, self.steps).await,
                76..80 => self.pair.jump(*self.prng.pick(&[&HOUR, &-HOUR, &(72 * HOUR), &(-72 * HOUR), &(73 * 365 * 24 * HOUR)])),
                80..84 => self.machine.faults.leave_room(Some(self.prng.below(30_000))),
                84..87 => self.machine.faults.leave_room(None),
                87..90 => self.machine.faults.fail(*self.prng.pick(&[&Kind::Write, &Kind::Sync, &Kind::Truncate]), self.prng.below(6)),
                90..93 => self.machine.faults.freeze_after(self.prng.below(20)),
                93..95 => self.machine.copy_index(),
                95..98 if self.backup.is_none() => self.back_up().await,
                _ => self.pair.step(&mut self.prng, self.steps).await,
            }
            if self.pair.is_in_doubt() {
                return;
            }
        }
    }

    async fn back_up(&mut self) {
        let to = self.machine.beside(&format!("backup-{}", self.steps));
        if self.machine.store().backup(&to, |_| {}).await.is_ok() {
            self.backup = Some((self.steps, self.pair.moment()));
        }
    }

    /// Ends the process one way or another, and begins the next one.
    async fn stop(&mut self) {
        let index = match self.prng.below(5) {
            0 => IndexFate::Kept,
            1 => IndexFate::Flushed,
            2 => IndexFate::Removed,
            3 => IndexFate::Older,
            _ => IndexFate::Cut(self.prng.next()),
        };
        match self.prng.below(10) {
            0..5 => {
                let seed = self.prng.next();
                self.machine.stop(index, || self.pair.close());
                self.machine.start(Some(seed));
            }
            5..8 => {
                self.machine.stop(index, || self.pair.close());
                self.machine.start(None);
            }
            8 => {
                self.pair.close();
                self.machine.start(None);
            }
            _ => self.go_back().await,
        }
        self.pair.open().await;
    }

    /// Restores the backup, if there is one.
    async fn go_back(&mut self) {
        self.pair.close();
        self.machine.start(None);
        if let Some((number, moment)) = self.backup.take() {
            self.pair.forget_doubt();
            self.machine.restore(&self.machine.beside(&format!("backup-{number}")));
            self.pair.go_back(moment).await;
        }
    }

    /// Compares everything, and the index with the truth.
    async fn look(&mut self) {
        self.pair.look_at_everything(&mut self.prng, SEARCHES).await;
        let report = self.machine.store().check_index(|_| {}).await.expect("a check");
        assert!(report.is_clean(), "{report:#?}");
    }
}
