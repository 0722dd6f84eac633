//! Overload: whatever some clients do, the others are answered, memory stays within its bound, and who has to wait is told so.
//!
//! In CI a storm lasts seconds. `WARD_STORM=full` makes it one of 10,000 connections and two minutes, in which the time of ordinary answers
//! is asserted too: it needs 20,000 open files, and a release build (`cargo nextest run --release`).

mod attacks;
mod http2;
mod ordinary;
mod shutdown;
mod storm;
mod wire;

use std::time::Duration;

use crate::process::Server;
use storm::{Size, Storm};

/// What the process holds at most while the storm lasts, and when it is over: the bound that the default settings keep. Of a full storm's connections each
/// holds some 30 KB beside.
const PEAK_MB: u64 = 900;
const FULL_PEAK_MB: u64 = 1200;
const AFTERWARDS_MB: u64 = 400;

/// Settings with which nothing is bounded.
const UNBOUNDED: &[&str] = &[
    "--set",
    "body_memory_mb=1000000",
    "--set",
    "answer_memory_mb=1000000",
    "--set",
    "head_memory_mb=1000000",
    "--set",
    "stall_timeout_ms=3600000",
    "--set",
    "head_timeout_ms=3600000",
];

#[test]
fn ordinary_requests_are_answered_in_a_storm() {
    let size = Size::of_environment();
    let told = Storm::new(&[]).run(size, attacks::ALL);
    println!("{told}");
    assert_eq!(told.ordinary.failed, Vec::<String>::new(), "ordinary requests were not answered");
    assert_eq!(told.badly_shed, Vec::<String>::new(), "who has to come back is told so, and when");
    assert!(told.shed > 0, "nothing was shed: the storm was too small to prove anything");
    let peak_mb = if size.is_full() { FULL_PEAK_MB } else { PEAK_MB };
    assert!(told.peak_mb < peak_mb && told.afterwards_mb < AFTERWARDS_MB, "memory is not bounded: {told}");
    if size.is_full() {
        assert!(told.ordinary.percentile_us(95) < 200_000, "ordinary requests waited");
    }
}

/// The canary of memory: the same clients, who hold on to what they have begun, on a server that lets them.
#[test]
fn without_limits_clients_that_stall_fill_the_memory() {
    let hold = |settings| Storm::new(settings).hold(wire::Held { bodies: 24, body_bytes: 30 << 20, readers: 40 });
    let (bounded, unbounded) = (hold(&[]), hold(UNBOUNDED));
    println!("held with limits: {bounded} MB; without: {unbounded} MB");
    assert!(bounded < AFTERWARDS_MB, "{bounded} MB with limits");
    assert!(unbounded > PEAK_MB, "{unbounded} MB without limits: this proves nothing of them");
}

/// The canary of turns: long searches take as many processors as there are threads when nothing keeps them from it.
#[test]
fn without_turns_long_searches_run_all_at_once() {
    // How many run at a moment depends on the machine, and on what else runs there: a third fewer is what turns must make of it, in one of three tries.
    let is_fewer = (0..3).any(|_| {
        let turns = Storm::new(&[]).longest_searches(32);
        let none = Storm::new(&["--set", "short_searches=100000", "--set", "long_searches=100000"]).longest_searches(32);
        println!("threads at once: {turns} with turns, {none} without");
        3 * turns < 2 * none
    });
    assert!(is_fewer, "about as many threads ran at once with turns as without");
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..3000 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{what}: not within five minutes");
}

fn started(folder: &std::path::Path, settings: &[&str]) -> Server {
    Server::start(folder, settings)
}
