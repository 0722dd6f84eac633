//! The units of the calendar (<http://hl7.org/fhirpath/N1/#time-valued-quantities>).

/// A unit of the calendar, shorter ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the unit of the same name")]
pub enum CalendarUnit {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl CalendarUnit {
    const ALL: [Self; 8] = [Self::Millisecond, Self::Second, Self::Minute, Self::Hour, Self::Day, Self::Week, Self::Month, Self::Year];

    /// The unit of a word, singular or plural.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| word == unit.singular() || word == unit.plural())
    }

    /// The unit of a UCUM code.
    pub(crate) fn from_ucum(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| code == unit.ucum())
    }

    pub(crate) fn singular(self) -> &'static str {
        self.plural().trim_end_matches('s')
    }

    pub(crate) fn plural(self) -> &'static str {
        match self {
            Self::Millisecond => "milliseconds",
            Self::Second => "seconds",
            Self::Minute => "minutes",
            Self::Hour => "hours",
            Self::Day => "days",
            Self::Week => "weeks",
            Self::Month => "months",
            Self::Year => "years",
        }
    }

    /// The UCUM code that is nearest: equal for all but years and months, which UCUM fixes at mean lengths.
    pub(crate) fn ucum(self) -> &'static str {
        match self {
            Self::Millisecond => "ms",
            Self::Second => "s",
            Self::Minute => "min",
            Self::Hour => "h",
            Self::Day => "d",
            Self::Week => "wk",
            Self::Month => "mo",
            Self::Year => "a",
        }
    }

    /// Whether it is always of the same length, as UCUM's unit is.
    pub(crate) fn is_definite(self) -> bool {
        self < Self::Month
    }

    /// How many months it has, or milliseconds when it is definite.
    pub(crate) fn size(self) -> i64 {
        match self {
            Self::Millisecond => 1,
            Self::Second => 1000,
            Self::Minute => 60_000,
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
            Self::Week => 604_800_000,
            Self::Month => 1,
            Self::Year => 12,
        }
    }
}
