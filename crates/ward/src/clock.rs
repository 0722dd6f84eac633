//! The clock of this process: whatever it does by the time of day, it does by this one.

use std::sync::{Arc, LazyLock};
use std::time::{SystemTime, UNIX_EPOCH};

use store::clock::{Reading, SteadyClock};

/// The clock, by that of the machine.
pub fn of_process() -> Arc<SteadyClock> {
    static CLOCK: LazyLock<Arc<SteadyClock>> = LazyLock::new(|| {
        let started = std::time::Instant::now();
        let read = move || Reading {
            wall: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64),
            running: started.elapsed().as_millis() as i64,
        };
        Arc::new(SteadyClock::new(read, Box::new(tell)))
    });
    CLOCK.clone()
}

fn tell(leap_ms: i64) {
    let (hours, way) = (leap_ms.abs() / 3_600_000, if leap_ms > 0 { "forward" } else { "back" });
    tracing::error!(
        "the machine's clock was moved {way} by {hours} hours: time goes on here as before. If the clock is right now, restart"
    );
}
