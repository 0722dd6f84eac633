//! For how long records are kept, as a setting.

use std::fmt;
use std::str::FromStr;

use fhir::definitions::ResourceType;
use vault::Retention;

/// The most years that may be asked for.
const MOST_YEARS: u16 = 200;

/// Years, and those of types of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RetentionYears(pub Retention);

impl FromStr for RetentionYears {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let years = |text: &str| {
            let parsed = text.parse().ok().filter(|years| *years <= MOST_YEARS);
            parsed.ok_or_else(|| format!("{text:?} is no number of years from 0 to {MOST_YEARS}"))
        };
        let mut retention = Retention::default();
        for (at, word) in text.split_whitespace().enumerate() {
            match word.split_once('=') {
                None if at == 0 => retention.years = years(word)?,
                None => return Err(format!("{word:?}: after the first number come types with theirs, as AuditEvent=10")),
                Some((kind, own)) => {
                    let kind = ResourceType::parse(kind).ok_or_else(|| format!("{kind} is no resource type"))?;
                    retention.by_kind.insert(kind.name().into(), years(own)?);
                }
            }
        }
        Ok(Self(retention))
    }
}

impl fmt::Display for RetentionYears {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.years)?;
        self.0.by_kind.iter().try_for_each(|(kind, years)| write!(f, " {kind}={years}"))
    }
}
