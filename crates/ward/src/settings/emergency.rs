//! For how long an emergency lasts, as a setting.

use std::fmt;
use std::str::FromStr;

/// As short as it helps somebody, and as long as a long night: minutes.
const BOUNDS: std::ops::RangeInclusive<u16> = 5..=720;

/// Minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmergencyMinutes(u16);

impl EmergencyMinutes {
    /// The same in milliseconds.
    pub fn ms(self) -> i64 {
        i64::from(self.0) * 60_000
    }
}

impl FromStr for EmergencyMinutes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let minutes = text.parse().ok().filter(|minutes| BOUNDS.contains(minutes));
        minutes.map(Self).ok_or_else(|| format!("it must be a number of minutes from {} to {}", BOUNDS.start(), BOUNDS.end()))
    }
}

impl fmt::Display for EmergencyMinutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
