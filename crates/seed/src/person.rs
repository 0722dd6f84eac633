//! Who a patient is.

pub(crate) mod culture;
pub(crate) mod family;
pub(crate) mod patient;

use crate::moment::Moment;
use crate::random::Random;

use culture::Culture;

/// The administrative gender of everybody here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sex {
    Female,
    Male,
}

impl Sex {
    /// The code that FHIR writes.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Sex::Female => "female",
            Sex::Male => "male",
        }
    }
}

/// A person: what does not change through a story.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) sex: Sex,
    /// Midnight of the day of birth, or the minute when the birth itself is told.
    pub(crate) birth: Moment,
    pub(crate) given: &'static str,
    pub(crate) family: &'static str,
    pub(crate) culture: &'static Culture,
    /// House number and street.
    pub(crate) street: String,
    pub(crate) town: &'static culture::Town,
}

impl Person {
    /// Somebody whose age today lies within `ages`, in years, and of this sex if one is asked for.
    pub(crate) fn draw(random: &mut Random, today: Moment, ages: (i64, i64), sex: Option<Sex>) -> Self {
        let sex = sex.unwrap_or(if random.chance(51) { Sex::Female } else { Sex::Male });
        // A day of margin on either side keeps the age right whatever the leap years.
        let days = random.between(ages.0 * 36_525 / 100 + 1, (ages.1 + 1) * 36_525 / 100 - 2);
        let culture = culture::any(random);
        Self {
            sex,
            birth: today.plus_days(-days),
            given: culture.given(sex, random),
            family: culture.family(sex, random),
            culture,
            street: format!("{} {}", random.between(1, 180), random.pick(&culture::STREETS)),
            town: random.pick(&culture::TOWNS),
        }
    }

    /// The age in whole years at a moment.
    pub(crate) fn years_at(&self, at: Moment) -> i64 {
        at.days_since(self.birth) * 100 / 36_525
    }

    /// The name as it is called out.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}
