//! Progress of long work: on a terminal, a line that is renewed; elsewhere, silence.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// A line of progress on standard error.
pub struct Progress {
    started: Instant,
    shown: Instant,
    on_terminal: bool,
    things: &'static str,
}

impl Progress {
    /// Begins now, to count `things`.
    pub fn start(things: &'static str) -> Self {
        let now = Instant::now();
        Self { started: now, shown: now, on_terminal: std::io::stderr().is_terminal(), things }
    }

    /// Shows that `done` of `total` are done.
    pub fn show(&mut self, done: u64, total: u64) {
        self.show_share(done, done as f64 / total.max(1) as f64);
    }

    /// Shows how far the work is: `done` things are done, which is the share `share` (0 to 1) of all there is to do. At most five times a second.
    pub fn show_share(&mut self, done: u64, share: f64) {
        if !self.on_terminal || self.shown.elapsed() < Duration::from_millis(200) {
            return;
        }
        self.shown = Instant::now();
        let elapsed = self.started.elapsed().as_secs_f64();
        let left = if share > 0.001 { format!("{:.0} s left", elapsed / share - elapsed) } else { "…".to_owned() };
        let rate = self.rate(done);
        eprint!("\r\x1b[K{done} {}, {rate}/s, {:.0} %, {left}", self.things, share * 100.0);
        let _ = std::io::stderr().flush();
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if self.on_terminal {
            eprint!("\r\x1b[K");
        }
    }

    /// How many things a second were done so far.
    pub fn rate(&self, done: u64) -> u64 {
        (done as f64 / self.started.elapsed().as_secs_f64().max(0.001)) as u64
    }

    /// How long it has taken so far, in seconds.
    pub fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }
}
