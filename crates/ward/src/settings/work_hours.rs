//! At which hours people administer, as a setting.

use std::fmt;
use std::str::FromStr;

/// From which hour of the day on, and until which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkHours(u8, u8);

impl WorkHours {
    /// The first hour, and the one that is no more among them.
    pub fn bounds(self) -> (u8, u8) {
        (self.0, self.1)
    }
}

impl FromStr for WorkHours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let hour = |text: &str| text.parse().ok().filter(|hour| *hour <= 24);
        let bounds = text.split_once('-').and_then(|(from, until)| Some((hour(from)?, hour(until)?)));
        let bounds = bounds.filter(|(from, until)| from != until);
        bounds
            .map(|(from, until)| Self(from, until))
            .ok_or_else(|| "it must be two hours of the day, such as 6-20, or 0-24 for all of it".to_owned())
    }
}

impl fmt::Display for WorkHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0, self.1)
    }
}
