//! How much of the time goes into making events while reads come in.

use std::time::Duration;

use audit::pace::Pace;

const STEP: Duration = Duration::from_millis(100);
const MIB: u64 = 1 << 20;

/// The rest after a step of a tenth of a second, when so many bytes came in within a second before it and so many wait.
fn rest(came: u64, behind: u64) -> Duration {
    let mut pace = Pace::default();
    pace.rest(1_000, 0, STEP, Duration::from_secs(1));
    pace.rest(1_000 + came, behind, STEP, Duration::from_secs(2))
}

#[test]
fn when_no_reads_come_in_it_goes_on_at_once() {
    assert_eq!(rest(0, 0), Duration::ZERO);
    assert_eq!(rest(0, 8 << 30), Duration::ZERO);
    assert_eq!(rest(49_000, 10 * MIB), Duration::ZERO, "a few reads keep nothing from being told");
}

#[test]
fn while_reads_come_in_it_takes_a_tenth_of_the_time() {
    assert_eq!(rest(MIB, 0), 9 * STEP);
    assert_eq!(rest(100 * MIB, 256 * MIB), 9 * STEP);
}

#[test]
fn the_more_waits_the_more_time_it_takes_up_to_all() {
    let rests: Vec<Duration> = (0..=16).map(|step| rest(MIB, step * 64 * MIB)).collect();
    assert!(rests.is_sorted_by(|one, other| one >= other), "{rests:?}");
    assert!(rests[10] < 2 * STEP, "{rests:?}");
    assert_eq!(rests[16], Duration::ZERO);
    assert_eq!(rest(MIB, u64::MAX), Duration::ZERO);
}

#[test]
fn it_never_rests_for_long() {
    let mut pace = Pace::default();
    pace.rest(0, 0, STEP, Duration::ZERO);
    assert_eq!(pace.rest(u64::MAX, 0, Duration::from_secs(60), Duration::from_secs(1)), Duration::from_secs(5));
    // A count that goes back, as that of another journal would, is no reads.
    assert_eq!(pace.rest(0, 0, STEP, Duration::from_secs(1)), Duration::ZERO);
}
