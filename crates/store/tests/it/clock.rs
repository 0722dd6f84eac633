//! The clock of a process, by readings that a test makes up: a machine's clock that stands still, is put forward and back, and comes from another year.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use store::Store;
use store::clock::{MOST_BELIEVED_MS, Reading, SteadyClock};
use store::commit::{Claim, Commit, CommitError, Conflict, Job, Tenant};
use store::contract::Clock;
use store::memory::MemoryStore;

/// 2026-11-21T08:00:00Z.
const START: i64 = 1_795_248_000_000;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// 2100-01-01T00:00:00Z.
const YEAR_2100: i64 = 4_102_444_800_000;

/// A machine whose clock a test sets.
#[derive(Default)]
struct Machine {
    wall: AtomicI64,
    running: AtomicI64,
    leaps: Mutex<Vec<i64>>,
}

impl Machine {
    fn new() -> Arc<Self> {
        Arc::new(Self { wall: AtomicI64::new(START), ..Self::default() })
    }

    fn clock(self: &Arc<Self>) -> SteadyClock {
        let (read, told) = (Arc::clone(self), Arc::clone(self));
        let reading = move || Reading { wall: read.wall.load(Ordering::SeqCst), running: read.running.load(Ordering::SeqCst) };
        SteadyClock::new(reading, Box::new(move |leap| told.leaps.lock().expect("the leaps").push(leap)))
    }

    /// Time passes.
    fn pass(&self, ms: i64) {
        self.wall.fetch_add(ms, Ordering::SeqCst);
        self.stand(ms);
    }

    /// Time passes, and the clock stands still.
    fn stand(&self, ms: i64) {
        self.running.fetch_add(ms, Ordering::SeqCst);
    }

    /// Somebody moves the clock.
    fn leap(&self, ms: i64) {
        self.wall.fetch_add(ms, Ordering::SeqCst);
    }

    fn leaps(&self) -> Vec<i64> {
        std::mem::take(&mut *self.leaps.lock().expect("the leaps"))
    }
}

#[test]
fn follows_the_machine() {
    let machine = Machine::new();
    let clock = machine.clock();
    assert_eq!(clock.now(), START);
    machine.pass(HOUR);
    assert_eq!(clock.now(), START + HOUR);
    machine.pass(400 * DAY);
    assert_eq!(clock.now(), START + HOUR + 400 * DAY, "a process that was idle for long is no leap");
    assert_eq!(machine.leaps(), []);
}

#[test]
fn an_hour_back_is_caught_up_at_half_speed() {
    let machine = Machine::new();
    let clock = machine.clock();
    machine.leap(-HOUR);
    assert_eq!(clock.now(), START, "it does not go back");
    machine.pass(HOUR);
    assert_eq!(clock.now(), START + HOUR / 2);
    machine.pass(HOUR);
    assert_eq!(clock.now(), START + HOUR, "it has caught up");
    machine.pass(1);
    assert_eq!(clock.now(), START + HOUR + 1);
    assert_eq!(machine.leaps(), [], "a correction is believed");
}

#[test]
fn an_hour_forward_is_followed() {
    let machine = Machine::new();
    let clock = machine.clock();
    machine.leap(HOUR);
    assert_eq!(clock.now(), START + HOUR);
}

#[test]
fn days_and_years_are_not_believed() {
    for leap in [3 * DAY, -3 * DAY, YEAR_2100 - START, -START, MOST_BELIEVED_MS + 1, -MOST_BELIEVED_MS - 1] {
        let machine = Machine::new();
        let clock = machine.clock();
        machine.leap(leap);
        assert_eq!(clock.now(), START);
        machine.pass(MINUTE);
        assert_eq!(clock.now(), START + MINUTE, "it goes on as before");
        machine.leap(-leap);
        machine.pass(MINUTE);
        assert_eq!(clock.now(), START + 2 * MINUTE);
        assert_eq!(machine.leaps(), [leap, -leap], "both moves are told");
    }
}

#[test]
fn a_clock_that_stands_goes_on_at_half_speed() {
    let machine = Machine::new();
    let clock = machine.clock();
    machine.stand(HOUR);
    assert_eq!(clock.now(), START + HOUR / 2);
    machine.stand(HOUR);
    assert_eq!(clock.now(), START + HOUR);
}

#[test]
fn begins_no_earlier_than_what_is_there() {
    let machine = Machine::new();
    let clock = machine.clock();
    clock.no_earlier_than(START + HOUR);
    assert_eq!(clock.now(), START + HOUR);
    machine.pass(2 * MINUTE);
    assert_eq!(clock.now(), START + HOUR + MINUTE);
    clock.no_earlier_than(START);
    assert_eq!(clock.now(), START + HOUR + MINUTE);
}

/// Whatever happens to the machine's clock: this one never goes back, is never slower than half the time that passes, and no faster than it by more than what was believed.
#[test]
fn whatever_happens() {
    for seed in 0..200_u64 {
        let random = AtomicU64::new(seed);
        let below = |bound: u64| {
            let next = random.load(Ordering::SeqCst).wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            random.store(next, Ordering::SeqCst);
            ((next >> 33) % bound) as i64
        };
        let machine = Machine::new();
        let clock = machine.clock();
        for step in 0..300 {
            let (before, passed) = (clock.now(), below(3) * below(2 * HOUR as u64));
            let mut forward = 0;
            match below(6) {
                0 => machine.stand(passed),
                1 => {
                    forward = below(DAY as u64);
                    machine.leap(forward);
                    machine.pass(passed);
                }
                2 => {
                    machine.leap(-below(DAY as u64));
                    machine.pass(passed);
                }
                3 => {
                    machine.leap([YEAR_2100 - START, -START, 3 * DAY, -3 * DAY][below(4) as usize]);
                    machine.pass(passed);
                }
                _ => machine.pass(passed),
            }
            let told = clock.now() - before;
            let range = passed / 2 - 1..=passed + forward + 1;
            assert!(told >= 0 && range.contains(&told), "seed {seed}, step {step}: {told} in {passed}, of {forward} forward");
        }
    }
}

fn claim(holder: &str, lease_until: i64) -> Commit {
    let (subject, holder) = ("Slot/1".to_owned(), holder.to_owned());
    let claim = Claim { subject, from: 0, until: 9, capacity: 1, units: 1, holder, lease_until: Some(lease_until) };
    Commit { claim: vec![claim], ..Commit::new(Tenant(1), "Practitioner/1", "hold") }
}

/// Whether a claim leased for five minutes is still held after one, and is free after ten, when the machine's clock is moved meanwhile.
async fn lease_holds(machine: &Arc<Machine>, clock: Arc<dyn Clock>, leap: i64) -> bool {
    let store = MemoryStore::new(clock.clone());
    let job = Job { kind: "mail".to_owned(), payload: Default::default(), not_before: clock.now() + 5 * MINUTE };
    store.commit(Commit { job: vec![job], ..claim("Appointment/1", clock.now() + 5 * MINUTE) }).await.expect("a slot");
    let is_due = async || !store.take_jobs(Tenant(1), "mail", clock.now(), clock.now(), 1).await.expect("jobs").is_empty();
    machine.leap(leap);
    machine.pass(MINUTE);
    let early = store.commit(claim("Appointment/2", clock.now() + MINUTE)).await;
    let is_held = matches!(early, Err(CommitError::Conflict(conflict)) if matches!(*conflict, Conflict::Claimed { .. })) && !is_due().await;
    machine.pass(9 * MINUTE);
    is_held && store.commit(claim("Appointment/3", clock.now() + MINUTE)).await.is_ok() && is_due().await
}

/// A machine's clock as it is: the protection taken out.
struct AsItIs(Arc<Machine>);

impl Clock for AsItIs {
    fn now(&self) -> i64 {
        self.0.wall.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn leases_end_when_they_should() {
    for leap in [-HOUR, 3 * DAY, -3 * DAY, YEAR_2100 - START, -START] {
        let machine = Machine::new();
        let clock = Arc::new(machine.clock());
        assert!(lease_holds(&machine, clock, leap).await, "after a move of {leap} ms");
    }
    let machine = Machine::new();
    let clock = Arc::new(machine.clock());
    assert!(!lease_holds(&machine, clock, HOUR).await, "an hour forward is believed: the time is over then");
}

#[tokio::test]
async fn leases_by_the_clock_as_it_is_end_too_early() {
    for leap in [3 * DAY, YEAR_2100 - START] {
        let machine = Machine::new();
        assert!(!lease_holds(&machine, Arc::new(AsItIs(machine.clone())), leap).await);
    }
}
