//! What hospital to make.

use crate::moment::Moment;

/// What hospital to make. Equal plans make equal hospitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many stories are told. Each is one patient's; a birth brings a second patient, the child.
    pub patients: u32,
    /// Another number, other people.
    pub seed: u64,
    /// The day that counts as today, as year, month and day. Nothing is charted after its morning, and appointments lie in the two
    /// weeks that follow. Years are taken to lie within 1900 and 9000, months within 1 and 12, days within 1 and 31.
    pub today: (i32, u8, u8),
}

impl Plan {
    /// Today, at midnight.
    pub(crate) fn today(&self) -> Moment {
        let (year, month, day) = self.today;
        Moment::of_day(year.clamp(1900, 9000), month.clamp(1, 12), day.clamp(1, 31))
    }
}
