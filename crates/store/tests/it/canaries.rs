//! The suite against engines that are wrong on purpose: each must be caught by the cases and by the random comparison.

use crate::faulty::{Fault, FaultyHarness};
use store::suite;

/// Whether the work panics.
fn fails(work: impl AsyncFnOnce() + Send + 'static) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    std::thread::spawn(move || runtime.block_on(work())).join().is_err()
}

fn cases_fail(fault: Fault) -> bool {
    fails(async move || suite::run(|| Box::new(FaultyHarness::new(fault))).await)
}

fn comparison_fails(fault: Fault) -> bool {
    fails(async move || {
        suite::random::compare(|| Box::new(FaultyHarness::new(fault)), 0..10).await;
    })
}

#[test]
fn an_engine_without_fault_passes() {
    assert!(!cases_fail(Fault::None));
    assert!(!comparison_fails(Fault::None));
}

#[test]
fn cases_catch_every_fault() {
    for &fault in Fault::ALL {
        assert!(cases_fail(fault), "{fault:?} was not caught");
    }
}

#[test]
fn comparison_catches_every_fault() {
    for &fault in Fault::ALL {
        assert!(comparison_fails(fault), "{fault:?} was not caught");
    }
}

#[test]
fn histories_catch_what_only_several_clients_can_notice() {
    for &fault in Fault::RACING {
        let caught = fails(async move || {
            suite::histories::run(Box::new(FaultyHarness::new(fault)), 1, 4000).await;
        });
        assert!(caught, "{fault:?} was not caught");
    }
    let without = fails(async || {
        suite::histories::run(Box::new(FaultyHarness::new(Fault::None)), 1, 4000).await;
    });
    assert!(!without);
}

#[test]
fn cases_catch_an_engine_that_takes_the_clock_as_it_is() {
    assert!(cases_fail(Fault::TakesTheClockAsItIs));
}

#[test]
fn cases_catch_an_engine_that_judges_too_early() {
    assert!(cases_fail(Fault::JudgesTooEarly));
    assert!(!comparison_fails(Fault::JudgesTooEarly), "one client alone cannot notice");
}
